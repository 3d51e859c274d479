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
	unsigned bytes_s;		/* bytes that the line passes in a second; 0: all at once */
	bool silent;			/* the terminal answers no question */
	const char *attributes;		/* its answer to "ESC [ c" in place of libvterm's; NULL: libvterm's */
	int rows;			/* 24 when 0; below 0: as many, but the system does not know the size */
	int columns;			/* 80 when 0 */
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
	char text[40]; /* UTF-8 with its combining marks; "" when empty or the right half of a wide one */
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
void terminal_paste(struct terminal *terminal, const char *text); /* bracketed if the program has enabled that */
void terminal_resize(struct terminal *terminal, int rows, int columns);

/* Until the screen holds the text on one row; false after timeout_ms. */
bool terminal_wait(struct terminal *terminal, const char *text, unsigned timeout_ms);
bool terminal_wait_gone(struct terminal *terminal, const char *text, unsigned timeout_ms);
/* From here on its line passes so much in a second. */
void terminal_slow(struct terminal *terminal, unsigned bytes_s);
/* Until nothing was written for quiet_ms while every thread of the program slept, however slow the machine is; false
 * when that did not come. */
bool terminal_settle(struct terminal *terminal, unsigned quiet_ms, unsigned timeout_ms);
/* Exit status (128 + signal), or -1 when it still runs. */
int terminal_wait_exit(struct terminal *terminal, unsigned timeout_ms);

/* Strings live until terminal_free; trailing spaces are left out. */
const char *terminal_row(struct terminal *terminal, int row);
const char *terminal_screen(struct terminal *terminal); /* rows joined with '\n' */
bool terminal_shows(struct terminal *terminal, const char *text);
/* Row of the first one that holds the text, or -1. */
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
/* The line discipline as the program left it: canonical mode and echo are on. */
bool terminal_is_cooked(const struct terminal *terminal);
/* The first state that was not restored: a setting of the line, the screen, the cursor, the mouse; NULL if all was. */
const char *terminal_left_otherwise(const struct terminal *terminal);
/* Cuts the line: from here on the program has no terminal to write to or to restore. */
void terminal_hang_up(struct terminal *terminal);

#endif
