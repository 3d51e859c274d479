/*
 * Restores the terminal after a crash or an out-of-memory exit: handlers for the deadly signals write a prepared
 * byte string and the old settings, then call the previous handler. The handlers use only static data.
 */
#ifndef KYBDESK_TUI_CRASH_H
#define KYBDESK_TUI_CRASH_H

#include <stddef.h>
#include <termios.h>

void crash_arm(int fd, const struct termios *settings, const char *bytes, size_t length);
void crash_disarm(void);

#endif
