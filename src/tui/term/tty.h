/*
 * The terminal, the only user of curses. It paints surfaces, or speaks them line by line, reads keys, waits, and
 * restores the terminal: at exit, on SIGTERM, SIGHUP and Ctrl-Z, and (with the crash handlers) on a crash.
 *
 * Only one terminal at a time, on the drawing thread. Call tty_block_signals() before any thread starts, so that only
 * tty_wait() receives the signals.
 */
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
	bool links;    /* addresses may be links, if the terminal supports them */
	bool linear;   /* lines for screen readers instead of a screen (linear.h) */
	bool pictures; /* pictures may be shown in pixels, if the terminal supports them */
	bool remote;   /* a remote, slower line: pictures of fewer bytes */
};

/* Blocks the signals that tty_wait() reports; *before gets the mask to restore at exit. */
void tty_block_signals(sigset_t *before);

/* Whether the type of the terminal has 256 colours or more; call it before tty_open(). */
bool tty_has_many_colours(void);
/* Takes control of the terminal, in the character set of the process (base/locale.h). ERR_USAGE: no terminal, or an
 * unknown type. */
enum err tty_open(const struct tty_options *options, struct tty **out, struct error *error) KYB_MUST_USE;
void tty_close(struct tty *tty); /* accepts NULL */

void tty_size(const struct tty *tty, size_t *rows, size_t *cols);
/* Paints the changes since the last paint; tty_send() sends them together with requests in between. */
void tty_paint(struct tty *tty, const struct surface *surface);
void tty_set_theme(struct tty *tty, const struct theme *theme); /* the next paint sends everything */
void tty_send(struct tty *tty);
void tty_redraw(struct tty *tty); /* the next paint sends everything (Ctrl-L) */
void tty_suspend(struct tty *tty);
/* Restores the terminal for another program. tty_acquire() takes control again, drops input typed in between, and
 * repaints everything with the next frame. */
void tty_release(struct tty *tty);
void tty_acquire(struct tty *tty);
/*
 * Asks whether a painted frame is visible: requests the cursor position after it. The terminal responds when it has
 * processed the frame, and the response follows earlier typed input. Returns the request's number.
 */
unsigned tty_request_shown(struct tty *tty);
/* Whether keys from tty_read() were typed after the terminal had shown the frame of the request. With may_drop, also
 * true if the terminal never responds, and had enough time to show the frame: the input so far is then dropped. Repeats
 * the request if its response was lost. */
bool tty_has_shown(struct tty *tty, unsigned question, bool may_drop);
/* Time to call tty_has_shown() with may_drop for the last request (monotonic ms), if no response arrives. */
int64_t tty_shown_due(const struct tty *tty);
/* Requests, once, whether the terminal shows pictures; does not wait for the reply. */
void tty_ask_pictures(struct tty *tty);
/* The format of pictures that the terminal has reported. */
struct picture_format tty_picture_format(const struct tty *tty);
/* Reads the next available key, without waiting. */
bool tty_read(struct tty *tty, struct key *key);
void tty_copy(struct tty *tty, const char *text); /* copies text to the clipboard (OSC 52) */

enum tty_wake { TTY_INPUT = 1, TTY_OTHER = 2, TTY_RESIZED = 4, TTY_ENDED = 8, TTY_RESUMED = 16 };
/* Waits for keys, other_fd, a signal, or timeout_ms (negative: for ever); sends pictures meanwhile. *ended_by: the
 * signal of TTY_ENDED. */
unsigned tty_wait(struct tty *tty, int other_fd, int timeout_ms, int *ended_by);

#endif
