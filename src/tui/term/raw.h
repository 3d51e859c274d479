/*
 * The terminal's output. A remote connection would send each write separately, so the bytes written between
 * raw_gather() and raw_send() are sent together, in order. One terminal at a time, like standard output. Private to
 * src/tui/term, on the drawing thread.
 */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stddef.h>

/* If a terminal takes no more bytes (stopped by Ctrl-S, a frozen line), the program waits until a signal ends it;
 * then it waits for half a second more, and drops the rest. If the terminal cannot be opened a second time, each
 * write waits. Call raw_end() after reading such a signal. */
void raw_watch(void);
void raw_end(void);
void raw_close(void);
/* Call from any thread or signal handler of a program that ends at once: further output of the drawing thread is
 * lost. */
void raw_stop(void);
void raw_gather(void);
void raw_send(void);
void write_raw(const char *bytes, size_t length);
int raw_fd(void); /* where write_raw() writes, to wait until it takes more */

#endif
