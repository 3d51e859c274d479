/* The terminal's output. A remote connection would send each write separately, so the bytes written between
 * raw_begin_batch() and raw_flush() are sent together, in order. The state is for one terminal, the standard
 * output. Private to src/tui/term; call the functions on the drawing thread. */
#ifndef KYBDESK_TUI_RAW_H
#define KYBDESK_TUI_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>

/* Opens the terminal a second time, for the program's own output. If the terminal accepts no more bytes (stopped by
 * Ctrl-S, or a frozen connection), a write then waits until a signal ends the program, waits half a second more,
 * and drops the remaining bytes. If the terminal cannot be opened a second time, each write blocks. Call
 * raw_set_program_ending() after reading a signal that ends the program. */
void raw_init(void);
void raw_set_program_ending(void);
void raw_close(void);
void raw_begin_batch(void);
void raw_flush(void);
void write_raw(const char *bytes, size_t length);
int raw_fd(void); /* the descriptor that write_raw() writes to, for poll() */
/* The stream for curses, which writes to its descriptor; borrowed until raw_close(). What is gathered is not on the
 * terminal yet: call raw_flush() before, and set raw_watch() around each call that writes or drains, so that its waiting
 * ends, too, if the program ends. */
FILE *raw_stream(void);
void raw_watch(bool on);

/* Restores the terminal if the program crashes or runs out of memory: handlers for the deadly signals write a
 * prepared byte string, restore the old settings, and call the previous handler. The handlers use only static data.
 * raw_close() removes the handlers. */
void crash_handler_install(int fd, const struct termios *settings, const char *bytes, size_t length);
/* A crash, or an exit() of a library, prints this sentence after the terminal is restored, and ends the program with
 * status 1; NULL: no sentence. Keeps a pointer. */
void crash_set_sentence(const char *sentence);

#endif
