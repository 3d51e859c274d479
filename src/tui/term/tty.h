/* The terminal; only src/tui/term uses curses. The functions paint surfaces or speak them line by line, read keys,
 * and wait for input. They restore the terminal at exit, on SIGTERM, SIGHUP and Ctrl-Z, and (by crash handlers) on
 * a crash.
 *
 * Only one terminal at a time, on the drawing thread. Call tty_block_signals() before any thread is created, so
 * that only tty_wait() receives the signals. */
#ifndef KYBDESK_TUI_TTY_H
#define KYBDESK_TUI_TTY_H

#include "kybdesk/base/world.h"
#include "input/key.h"
#include "model/surface.h"

#include <signal.h>

struct tty;
struct tty_options {
	const struct theme *theme;
	const struct world *world;
	bool no_color, mouse;
	bool links;	     /* web addresses become links if the terminal supports links */
	bool linear;	     /* output as lines for screen readers, instead of a screen (linear.h) */
	bool pictures;	     /* documents are shown in pixels if the terminal supports pictures */
	bool is_remote_user; /* the connection is remote and may be slow: a picture may have fewer bytes */
};

/* Blocks the signals that tty_wait() handles; *before gets the previous mask, to be restored at exit. */
void tty_block_signals(sigset_t *before);

/* Whether the terminal type TERM has 256 colours or more; call this function before tty_open(). */
bool tty_has_many_colours(void);
/* Takes control of the terminal. The character set is the one of the process (base/locale.h). ERR_USAGE: input or
 * output is not a terminal, or, unless `linear` is set, the type of the terminal is not suitable. */
enum err tty_open(const struct tty_options *options, struct tty **out, struct error *error);
void tty_close(struct tty *tty); /* accepts NULL */

void tty_get_size(const struct tty *tty, size_t *rows, size_t *cols);
/* Paints the changes since the previous frame. They are sent by tty_flush_output(), together with requests written
 * in between; but lines for screen readers are sent at once. */
void tty_paint(struct tty *tty, const struct surface *surface);
/* Sets the colours; the next frame is sent completely */
void tty_set_theme(struct tty *tty, const struct theme *theme);
void tty_flush_output(struct tty *tty);
void tty_force_redraw(struct tty *tty); /* makes the next frame be sent completely (for Ctrl-L) */
void tty_suspend(struct tty *tty);
/* Restores the terminal for another program. tty_acquire() takes control again, drops the input typed in between,
 * and makes the next frame be sent completely. */
void tty_release(struct tty *tty);
void tty_acquire(struct tty *tty);
/* Asks the terminal whether it has shown the frame painted last, by a request for the cursor position. The terminal
 * responds after it has processed the frame, and the response follows all input typed before. Returns the number of
 * the request. */
unsigned tty_request_confirmation(struct tty *tty);
/* Whether the terminal has shown the frame of the request, so that the keys from tty_read() were typed afterwards.
 * may_drop: also returns true if the terminal never responds but had enough time to show the frame; the input so
 * far is then dropped. If the response was lost, repeats the request. */
bool tty_is_display_confirmed(struct tty *tty, unsigned question, bool may_drop);
/* Monotonic time at which tty_is_display_confirmed() must be called with may_drop, if the last request has no
 * response until then. */
int64_t tty_confirmation_due_ms(const struct tty *tty);
/* Asks the terminal, in the first call only, whether it shows pictures. The reply is handled by tty_read(). */
void tty_query_pictures(struct tty *tty);
/* The format of pictures, as far as the terminal has replied. */
struct picture_format tty_picture_format(const struct tty *tty);
/* Reads the next key; false: no key is available. */
bool tty_read(struct tty *tty, struct key *key);
/* Copies text to the clipboard (OSC 52); a line-by-line output without sequences gets the text as a line. False: the
 * terminal type has no such sequence. */
bool tty_copy_to_clipboard(struct tty *tty, const char *text) KYB_MUST_USE;

enum tty_wake { TTY_INPUT = 1, TTY_OTHER = 2, TTY_RESIZED = 4, TTY_ENDED = 8, TTY_RESUMED = 16 };
/* Waits for input, for other_fd to become readable, for a signal, or for timeout_ms (negative: without a limit).
 * Sends pictures while it waits. *ended_by: the signal, if the result has TTY_ENDED. */
unsigned tty_wait(struct tty *tty, int other_fd, int timeout_ms, int *ended_by);

#endif
