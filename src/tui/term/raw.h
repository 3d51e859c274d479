/*
 * The terminal's output. A remote line would send each write separately: bytes written between raw_gather() and raw_send()
 * are sent at once, in order. One terminal at a time, like standard output. Private to src/tui/term, on the drawing thread.
 */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stddef.h>

/* A terminal that takes no more bytes (stopped by Ctrl-S, a frozen line) holds the program up only until it is told to end
 * by a signal: it then waits for half a second more, and drops the rest. Where the terminal cannot be opened once more,
 * each write waits. raw_end(): such a signal was read. */
void raw_watch(void);
void raw_end(void);
void raw_close(void);
/* From any thread, or a signal's handler, of a program that ends at once: what the drawing thread still writes is lost. */
void raw_stop(void);
void raw_gather(void);
void raw_send(void);
void write_raw(const char *bytes, size_t length);
int raw_fd(void); /* where write_raw() writes, to wait until it takes more */

#endif
