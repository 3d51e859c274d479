/*
 * The terminal: the one place that knows curses. It paints surfaces, or says them line by line, reads
 * keys, waits, and gives the terminal back as it was found: at the end, on
 * SIGTERM, SIGHUP and Ctrl-Z, and (with the crash handlers) on a crash.
 *
 * One at a time, on the drawing thread. tty_block_signals() comes before any
 * thread is made, so that signals arrive at tty_wait() and nowhere else.
 */
#ifndef KYBDESK_TUI_TTY_H
#define KYBDESK_TUI_TTY_H

#include "kybdesk/base/world.h"
#include "kybdesk/tui/key.h"
#include "kybdesk/tui/surface.h"

#include <signal.h>

struct tty;
struct tty_options {
	const struct theme *theme;
	const struct world *world;
	bool no_color, mouse;
	bool links;  /* addresses may be links, where the terminal has them */
	bool linear; /* lines for who hears them, in place of a screen (linear.h) */
};

/* The signals that tty_wait() reports; *before gets the mask to restore at the end. */
void tty_block_signals(sigset_t *before);
void tty_restore_signals(const sigset_t *before);

/* Takes the terminal, in the character set of the process (base/locale.h). ERR_USAGE when there is none, or of an unknown kind. */
enum err tty_open(const struct tty_options *options, struct tty **out, struct error *error) KYB_MUST_USE;
void tty_close(struct tty *tty); /* accepts NULL */

enum text_mode tty_mode(const struct tty *tty);
void tty_size(const struct tty *tty, size_t *rows, size_t *cols);
/* What changed since the last paint leaves with tty_send(), in one piece with what is asked in between. */
void tty_paint(struct tty *tty, const struct surface *surface);
void tty_send(struct tty *tty);
void tty_redraw(struct tty *tty); /* the next paint sends everything (Ctrl-L) */
void tty_suspend(struct tty *tty);
/* Gives the terminal back as it was found, for another program; tty_take_again() takes it, without what was typed meanwhile,
 * and paints everything with the next frame. */
void tty_give_back(struct tty *tty);
void tty_take_again(struct tty *tty);
/*
 * Whether the reviewer can see it: the terminal is asked where its cursor is, behind what was painted, and says so once
 * it has come that far; its answer stands in the input behind what was typed before. Returns the question's number.
 */
unsigned tty_ask_shown(struct tty *tty);
/* What tty_read() gives from now on was typed at a terminal that had shown it. */
bool tty_has_shown(const struct tty *tty, unsigned question);
/* When tty_wait_out() is to be called about the last question (monotonic ms), where it stays without an answer. */
int64_t tty_shown_due(const struct tty *tty);
/* Asks again where an answer was lost; true where the terminal never answers, and has had its time to show it. */
bool tty_wait_out(struct tty *tty);
/* The next key that is there, without waiting. */
bool tty_read(struct tty *tty, struct key *key);
void tty_drop_input(struct tty *tty);
void tty_copy(struct tty *tty, const char *text); /* OSC 52; text is an id of ours */

enum tty_wake { TTY_INPUT = 1, TTY_OTHER = 2, TTY_RESIZED = 4, TTY_ENDED = 8, TTY_RESUMED = 16 };
/* Waits for keys, other_fd, a signal, or timeout_ms (negative: for ever). *ended_by is the signal of TTY_ENDED. */
unsigned tty_wait(struct tty *tty, int other_fd, int timeout_ms, int *ended_by);

#endif
