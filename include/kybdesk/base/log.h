/*
 * Messages for the operator on standard error, from any thread. Text passes text_display(). Never log personal data
 * or secrets.
 */
#ifndef KYBDESK_BASE_LOG_H
#define KYBDESK_BASE_LOG_H

#include "kybdesk/base/error.h"

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

struct log {
	enum log_level level;
	int fd; /* -1: silent (the workbench owns the terminal) */
};
void log_warn(const struct log *log, const char *format, ...) KYB_PRINTF(2, 3);
void log_info(const struct log *log, const char *format, ...) KYB_PRINTF(2, 3); /* LOG_VERBOSE only */

#endif
