/*
 * The terminal itself, past curses' own buffer. Curses writes a piece for each place that its cursor goes to; a line far
 * away would carry each by itself. What is written between raw_gather() and raw_send() leaves in one piece, in its
 * order. Private to src/tui/term, on the drawing thread.
 */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stddef.h>
#include <stdio.h>

/* Standard output as curses is to have it; NULL: there is no file descriptor left. raw_close() after delscreen(). */
FILE *raw_open(void);
void raw_close(void);
void raw_gather(void); /* where nothing can be gathered, everything goes its way at once */
void raw_send(void);
/* Only when curses has written what comes before it. */
void write_raw(const char *bytes, size_t length);

#endif
