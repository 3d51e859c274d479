/* Messages for the operator on standard error, from any thread. Text is sanitised with text_display(). Never log
 * personal data or secrets. */
#ifndef KYBDESK_BASE_LOG_H
#define KYBDESK_BASE_LOG_H

#include "kybdesk/base/world.h"

#include <stdbool.h>

enum log_level { LOG_QUIET, LOG_NORMAL, LOG_VERBOSE };

struct log {
	enum log_level level;
	int fd; /* -1: silent (the workbench owns the terminal) */
	/* not NULL: each line is a JSON object with time, level, message and the fields of the record; NULL: each
	 * line is plain text */
	const struct world *json_clock;
};
struct log_field {
	const char *name, *text; /* text NULL: the value is `number` */
	int64_t number;
};
void log_warn(const struct log *log, const char *format, ...) KYB_PRINTF(2, 3);
void log_info(const struct log *log, const char *format, ...) KYB_PRINTF(2, 3); /* LOG_VERBOSE only */

/* Logs a record. kind "info": a report of a long-running program, logged at any level except LOG_QUIET. kind
 * "error": the failure that ends the program, logged at any level. As plain text: "MESSAGE NAME=VALUE ...", without
 * empty values. */
void log_record(const struct log *log, const char *kind, const char *message, const struct log_field *fields,
		size_t count);

#endif
