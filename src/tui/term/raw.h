/*
 * The terminal below curses' own buffer. Curses may write a frame in pieces, and a remote line would send each separately.
 * Bytes written between raw_gather() and raw_send() are sent at once, in order. Private to
 * src/tui/term, on the drawing thread.
 */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stddef.h>
#include <stdio.h>

/* Standard output for curses; NULL: out of file descriptors. raw_close() after delscreen(). */
FILE *raw_open(void);
void raw_close(void);
/* A terminal that takes no more bytes (stopped by Ctrl-S, a frozen line) holds the program up only until it is told to end
 * by a signal: it then waits for half a second more, and drops the rest. Where the terminal cannot be opened once more,
 * each write waits. raw_end(): such a signal was read. */
void raw_watch(void);
void raw_end(void);
/* From any thread, or a signal's handler, of a program that ends at once: what the drawing thread still writes is lost. */
void raw_stop(void);
void raw_gather(void); /* without a place to gather, output is sent directly */
void raw_send(void);
void raw_drop(void); /* sends nothing of what was gathered */
/* Only after curses has flushed earlier output. */
void write_raw(const char *bytes, size_t length);
int raw_fd(void); /* where write_raw() writes, to wait until it takes more */

#endif
