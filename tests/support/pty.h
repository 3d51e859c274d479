/*
 * A program in a terminal that tests can read: a pty, and libvterm keeping the
 * screen that a person would see. Every waiting call reads the program's
 * output; time-outs are in real time.
 */
#ifndef KYB_TESTS_PTY_H
#define KYB_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct terminal;

struct terminal_options {
	const char *const *argv;
	const char *const *environment; /* as in process.h; TERM is xterm-256color and LANG C.UTF-8 unless set */
	const char *folder;		/* the program's working and temporary folder */
	unsigned bytes_s;		/* bytes that the connection passes in a second; 0: all at once */
	bool silent;			/* the terminal answers no query */
	const char *attributes;		/* its answer to "ESC [ c" in place of libvterm's; NULL: libvterm's */
	int rows;			/* 0: 24; if negative: -rows, and the system reports no size */
	int columns;			/* 0: 80 */
};

enum terminal_key {
	TERMINAL_ENTER,
	TERMINAL_TAB,
	TERMINAL_BACK_TAB,
	TERMINAL_BACKSPACE,
	TERMINAL_ESCAPE,
	TERMINAL_UP,
	TERMINAL_DOWN,
	TERMINAL_LEFT,
	TERMINAL_RIGHT,
	TERMINAL_INSERT,
	TERMINAL_DELETE,
	TERMINAL_HOME,
	TERMINAL_END,
	TERMINAL_PAGE_UP,
	TERMINAL_PAGE_DOWN,
	TERMINAL_F1 /* TERMINAL_F1 + 1 is F2, … */
};

struct terminal_cell {
	char text[40]; /* UTF-8 with its combining marks; "" when empty or the right half of a wide character */
	int width;     /* 1 or 2 */
	bool bold, reverse, underline, blink, italic;
	/* Index of the palette, -1 for the default colour, -2 for a true colour in *_rgb. */
	int foreground, background;
	uint32_t foreground_rgb, background_rgb; /* 0xRRGGBB */
};

struct terminal *terminal_start(const struct terminal_options *options);
void terminal_free(struct terminal *terminal); /* kills the program when it still runs */
pid_t terminal_pid(const struct terminal *terminal);
void terminal_signal(struct terminal *terminal, int signal_number); /* to the whole foreground group */

void terminal_type(struct terminal *terminal, const char *text); /* as typed: bytes */
void terminal_send(struct terminal *terminal, const void *bytes, size_t length);
void terminal_press(struct terminal *terminal, enum terminal_key key); /* as the terminal's mode encodes it */
void terminal_control(struct terminal *terminal, char letter);	       /* terminal_control(t, 'c') is Ctrl-C */
void terminal_paste(struct terminal *terminal, const char *text);      /* bracketed if the program has enabled that */
void terminal_resize(struct terminal *terminal, int rows, int columns);

/* Wait until a row of the screen contains the text, or (terminal_wait_gone) no row does; false after timeout_ms. */
bool terminal_wait(struct terminal *terminal, const char *text, unsigned timeout_ms);
bool terminal_wait_gone(struct terminal *terminal, const char *text, unsigned timeout_ms);
/* From now on the terminal's connection passes bytes_s bytes per second. */
void terminal_slow(struct terminal *terminal, unsigned bytes_s);
/* Waits until the program has written nothing for quiet_ms and all its threads slept during this time; false after
 * timeout_ms. */
bool terminal_settle(struct terminal *terminal, unsigned quiet_ms, unsigned timeout_ms);
/* Exit status (128 + signal), or -1 when it still runs. */
int terminal_wait_exit(struct terminal *terminal, unsigned timeout_ms);

/* Strings live until terminal_free; trailing spaces are left out. */
const char *terminal_row(struct terminal *terminal, int row);
const char *terminal_screen(struct terminal *terminal); /* rows joined with '\n' */
bool terminal_shows(struct terminal *terminal, const char *text);
/* Number of the first row that contains the text, or -1. */
int terminal_find_row(struct terminal *terminal, const char *text);
void terminal_cursor(struct terminal *terminal, int *row, int *column, bool *visible);
void terminal_cell(struct terminal *terminal, int row, int column, struct terminal_cell *cell);
void terminal_size(struct terminal *terminal, int *rows, int *columns);

/* The program's output, byte for byte, since the start or the last terminal_forget. It may contain NUL. */
const unsigned char *terminal_raw(struct terminal *terminal, size_t *length);
void terminal_forget(struct terminal *terminal);
bool terminal_on_alternate_screen(const struct terminal *terminal);
const char *terminal_title(const struct terminal *terminal); /* "" when never set */
unsigned terminal_bells(const struct terminal *terminal);
/* Whether canonical mode and echo of the terminal are on. */
bool terminal_is_cooked(const struct terminal *terminal);
/* Describes a state that was not restored: terminal settings, screen, mouse or cursor; NULL: all was restored. */
const char *terminal_left_otherwise(const struct terminal *terminal);
/* Hangs up the terminal: from here on the program has no terminal to write to or to restore. */
void terminal_hang_up(struct terminal *terminal);

#endif
