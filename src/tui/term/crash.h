/*
 * A crash, or an end for want of memory, must not leave the terminal raw: handlers for the deadly signals
 * write a prepared byte string and the old settings, then let the signal do
 * what it did before. Their data has to be static; nothing else is.
 */
#ifndef KYBDESK_TUI_CRASH_H
#define KYBDESK_TUI_CRASH_H

#include <stddef.h>
#include <termios.h>

void crash_arm(int fd, const struct termios *settings, const char *bytes, size_t length);
void crash_disarm(void);

#endif
