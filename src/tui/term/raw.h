/*
 * The terminal's output. A remote connection would send each write separately, so the bytes written between
 * raw_begin_batch() and raw_send() are sent together, in order. One terminal at a time, like standard output. Private to
 * src/tui/term, on the drawing thread.
 */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stddef.h>
#include <termios.h>

/* If a terminal accepts no more bytes (stopped by Ctrl-S, or a frozen connection), the program waits until a signal
 * ends it; then the program waits half a second more, and drops the remaining bytes. If the terminal cannot be
 * opened a second time, each write blocks. Call raw_end() after reading such a signal. */
void raw_watch(void);
void raw_end(void);
void raw_close(void);
void raw_begin_batch(void);
void raw_send(void);
void write_raw(const char *bytes, size_t length);
int raw_fd(void); /* descriptor of write_raw(), to wait until it accepts more bytes */

/*
 * Restores the terminal after a crash or an out-of-memory exit: handlers for the deadly signals write a prepared
 * byte string and the old settings, then call the previous handler. The handlers use only static data. raw_close()
 * removes them.
 */
void crash_arm(int fd, const struct termios *settings, const char *bytes, size_t length);

#endif
