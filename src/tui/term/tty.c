#include "tty.h"
#include "colour.h"
#include "input/decoder.h"
#include "linear.h"
#include "paint.h"
#include "raw.h"

#include "kybdesk/base/digest.h"
#include "kybdesk/base/locale.h"
#include "kybdesk/base/stops.h"
#include "model/frame.h"
#include "kybdesk/tui/workbench.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1000l\033[?1002l\033[?1003l\033[?1006l"

#define ROWS_USUAL 24 /* assumed number of rows if the size of the terminal is unknown */
#define COLS_USUAL 80
#define TERMINAL_SIZE_MAX 1000
#define REQUEST_CURSOR_POSITION "\033[6n"
/* Queries about pictures. REQUEST_DEVICE_ATTRIBUTES is sent first: every terminal replies to it. If pictures may work,
 * REQUEST_CELL_SIZE follows, then REQUEST_GRAPHICS_SUPPORT (not for a multiplexer or a terminal class below
 * GRAPHICS_TERMINAL_CLASS_MIN), and REQUEST_DEVICE_ATTRIBUTES again: its reply arrives after all other replies. */
#define REQUEST_DEVICE_ATTRIBUTES "\033[c"
#define REQUEST_CELL_SIZE "\033[16t"
#define REQUEST_GRAPHICS_SUPPORT "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"
#define GRAPHICS_TERMINAL_CLASS_MIN 61
/* Cell size in pixels, assumed for kitty's protocol if the terminal does not report the size; the protocol fits a
 * picture into its cells anyway. */
#define CELL_WIDTH 8
#define CELL_HEIGHT 16
#define CELL_PIXELS_MAX 100			   /* maximum width and height in pixels of a cell that is accepted */
#define PICTURE_BYTES_MAX ((size_t)12 << 20)	   /* maximum bytes of a picture in base64 */
#define REMOTE_PICTURE_BYTES_MAX ((size_t)2 << 20) /* the same for a remote user */
/* Speed of the slowest connection that the program assumes, in bytes per second. On a slower connection, the program
 * relies on the terminal's responses, or on the speed in the terminal's settings. */
#define LINE_SPEED_MIN_BYTES_S 960
#define FIRST_RESPONSE_WAIT_MAX_MS 15000
#define RESPONSE_WAIT_MS 300 /* time to wait for a response, in addition to the time for transferring the bytes */
/* If a terminal has responded before, a request without a response is repeated after this time */
#define LOST_RESPONSE_MS 3000
/* Time to wait for late responses at exit, so that the shell does not get them as input */
#define EXIT_RESPONSE_WAIT_MS 250

struct tty {
	struct tty_options options;
	struct terminal_type type;
	size_t rows, cols;
	struct termios settings;
	struct decoder decoder;
	unsigned char bytes[1024]; /* bytes that were read but not decoded yet */
	size_t byte_at, byte_count;
	int64_t read_ms; /* when the bytes were read */
	struct colour_style styles[THEME_ROLE_COUNT];
	struct painted_screen painted_screen;
	struct linear linear; /* state of the output for screen readers, which replaces painting */
	bool is_set_up;	      /* the terminal has the settings of this program */
	/* The terminal gets no requests and no modes that its description does not have: its type is unknown or dumb,
	 * or has no sequences of ANSI */
	bool is_dumb;
	int signal_fd;
	/* Numbers of the last request for the cursor position and of the last answered one; answers keep the order */
	unsigned last_request, last_answered_request;
	int64_t requested_ms, first_requested_ms;
	/* number of bytes sent before the last answered request, and before the last request */
	size_t bytes_before_answered, bytes_before_request;
	/* The terminal has answered no request yet, and one answer is overdue. Until the first answer, the program
	 * waits only as long as the speed of the connection requires. */
	bool timed_out;
	size_t bytes_counted;
	unsigned attributes_request_count, attributes_reply_count;
	bool has_sixels, has_graphics;
	size_t cell_width, cell_height; /* size of a cell in pixels as reported by the terminal; 0 unknown */
	/* Times, estimated from the connection's speed, at which the terminal has received all bytes counted so far,
	 * and the bytes before the last request. */
	int64_t bytes_delivered_ms, request_delivered_ms;
};

static void make_signal_set(sigset_t *set)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT };
	sigemptyset(set);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		sigaddset(set, numbers[i]);
}

void tty_block_signals(sigset_t *before)
{
	sigset_t set;
	make_signal_set(&set);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

/* Whether the terminal must report clicks: only if its type supports clicks, and the settings allow them. */
static bool must_report_clicks(const struct tty *tty)
{
	return !tty->options.linear && !tty->is_dumb && tty->options.mouse && tty->type.has_mouse;
}

static void enable_modes(const struct tty *tty)
{
	if (tty->is_dumb)
		return;
	write_raw(PASTE_ON, strlen(PASTE_ON));
	if (must_report_clicks(tty))
		write_raw(MOUSE_ON, strlen(MOUSE_ON));
}

static void disable_modes(struct tty *tty)
{
	struct strbuf bytes = STRBUF_INIT;
	if (tty->is_dumb)
		return;
	pictures_remove(&tty->painted_screen.pictures, &bytes);
	write_raw(bytes.buf, bytes.len);
	strbuf_release(&bytes);
	if (must_report_clicks(tty))
		write_raw(MOUSE_OFF, strlen(MOUSE_OFF));
	write_raw(PASTE_OFF, strlen(PASTE_OFF));
}

static void crash_prepare(const struct tty *tty)
{
	struct strbuf bytes = STRBUF_INIT;
	strbuf_adds(&bytes, tty->is_dumb ? "" : PASTE_OFF);
	if (must_report_clicks(tty))
		strbuf_adds(&bytes, MOUSE_OFF);
	if (!tty->options.linear)
		strbuf_adds(&bytes, tty->type.leaving);
	crash_handler_install(STDOUT_FILENO, &tty->settings, bytes.buf, bytes.len);
	strbuf_release(&bytes);
}

/* Makes the terminal pass on each key at once, and show the output without changes. */
static void set_raw_mode(const struct tty *tty)
{
	struct termios raw = tty->settings;
	cfmakeraw(&raw);
	tcsetattr(STDOUT_FILENO, TCSANOW, &raw);
}

static void set_up_terminal(const struct tty *tty)
{
	set_raw_mode(tty);
	if (!tty->options.linear)
		write_raw(tty->type.entering, strlen(tty->type.entering));
	enable_modes(tty);
}

/* The number of rows or columns if the system does not know the size, as over a serial line: the value of the
 * environment variable, else of the terminal's description, else the usual number. */
static size_t terminal_size_value(const struct tty *tty, const char *variable, size_t described, size_t usual)
{
	const char *value = world_environment(tty->options.world, variable);
	long number = value ? strtol(value, NULL, 10) : 0;
	return number > 0 && number <= TERMINAL_SIZE_MAX ? (size_t)number : described ? described : usual;
}

static void read_size(struct tty *tty)
{
	struct winsize size;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col) {
		tty->rows = size.ws_row;
		tty->cols = size.ws_col;
	} else if (!tty->rows) {
		tty->rows = terminal_size_value(tty, "LINES", tty->type.rows, ROWS_USUAL);
		tty->cols = terminal_size_value(tty, "COLUMNS", tty->type.cols, COLS_USUAL);
	}
}

/* Writes the lines for screen readers that are due now; all: every line that is held back. */
static void speak_due_lines(struct tty *tty, bool all)
{
	struct strbuf spoken = STRBUF_INIT;
	linear_speak(&tty->linear, world_monotonic_ms(tty->options.world), all, &spoken);
	write_raw(spoken.buf, spoken.len);
	strbuf_release(&spoken);
}

/* Reads the terminal's description. Line-by-line output works on any terminal: if its type is unknown, or has no
 * cursor placement, the program sends no requests to it. */
static enum err terminal_read_type(struct tty *tty, struct error *error)
{
	const char *name = world_environment(tty->options.world, "TERM");
	bool usable = terminal_type_open(&tty->type);
	tty->is_dumb = !usable || !tty->type.is_ansi;
	if (!usable && !tty->options.linear)
		return error_set(error, ERR_USAGE,
				 "unknown terminal type \"%s\"; set TERM to a known type, for example TERM=xterm",
				 name ? name : "");
	return ERR_OK;
}

bool tty_has_many_colours(void)
{
	struct terminal_type type;
	bool many = terminal_type_open(&type) && type.colours >= COLOUR_PALETTE_SIZE;
	terminal_type_close(&type);
	return many;
}

static enum err open_screen(struct tty *tty, struct error *error)
{
	static const char *const sentence = "the screen cannot be opened: out of memory; close other programs";
	/* ncurses 6.4 does not check each allocation: it may end the program, or follow a null pointer. */
	crash_set_sentence(sentence);
	raw_watch(true);
	bool opened = painted_open(&tty->painted_screen, raw_stream());
	raw_watch(false);
	crash_set_sentence(NULL);
	if (!opened)
		return error_set(error, ERR_INTERNAL, "%s", sentence);
	colour_prepare(tty->options.theme, tty->options.no_color, &tty->type, tty->styles);
	return ERR_OK;
}

enum err tty_open(const struct tty_options *options, struct tty **out, struct error *error)
{
	enum err err = ERR_OK;
	struct tty *tty = xcalloc(1, sizeof *tty);
	tty->options = *options;
	tty->signal_fd = -1;
	decoder_init(&tty->decoder, text_mode_of_locale());
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		err = error_set(error, ERR_USAGE,
				"the workbench needs a terminal for its input and output; without a terminal, "
				"use the commands (kybdesk --help)");
		goto out;
	}
	if (tcgetattr(STDOUT_FILENO, &tty->settings)) {
		err = error_set(error, ERR_INTERNAL, "the terminal's settings cannot be read: %s", strerror(errno));
		goto out;
	}
	raw_init();
	sigset_t set;
	make_signal_set(&set);
	tty->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (tty->signal_fd < 0) {
		err = error_set(error, ERR_INTERNAL, "signals cannot be watched: %s", strerror(errno));
		goto out;
	}
	if ((err = terminal_read_type(tty, error)))
		goto out;
	read_size(tty);
	tty->painted_screen.supports_links = options->links && supports_hyperlinks(options->world);
	crash_prepare(tty);
	tty->is_set_up = true;
	if (!options->linear && (err = open_screen(tty, error)))
		goto out;
	set_raw_mode(tty);
	enable_modes(tty);
	*out = tty;
	tty = NULL;
out:
	tty_close(tty);
	return err;
}

static int64_t transmit_ms(size_t bytes, int64_t bytes_s)
{
	return (int64_t)bytes * 1000 / bytes_s;
}

static void update_sent_bytes(struct tty *tty)
{
	int64_t now = world_monotonic_ms(tty->options.world), speed = baudrate() / 10;
	size_t sent = tty->painted_screen.byte_count + tty->linear.byte_count;
	if (tty->bytes_delivered_ms < now)
		tty->bytes_delivered_ms = now;
	tty->bytes_delivered_ms += transmit_ms(sent - tty->bytes_counted, speed > 0 ? speed : LINE_SPEED_MIN_BYTES_S);
	tty->bytes_counted = sent;
}

unsigned tty_request_confirmation(struct tty *tty)
{
	if (tty->options.linear)
		speak_due_lines(tty, true);
	update_sent_bytes(tty);
	/* If an earlier request got no response in time, sets timed_out. */
	if (tty->last_request && !tty->last_answered_request &&
	    world_monotonic_ms(tty->options.world) >= tty_confirmation_due_ms(tty))
		tty->timed_out = true;
	tty->request_delivered_ms = tty->bytes_delivered_ms;
	tty->requested_ms = world_monotonic_ms(tty->options.world);
	if (!tty->last_request)
		tty->first_requested_ms = tty->requested_ms;
	tty->bytes_before_request = tty->painted_screen.byte_count + tty->linear.byte_count;
	if (!tty->is_dumb)
		write_raw(REQUEST_CURSOR_POSITION, strlen(REQUEST_CURSOR_POSITION));
	return ++tty->last_request;
}

/* Until the terminal's first response, the program waits as long as the slowest assumed connection would take. */
int64_t tty_confirmation_due_ms(const struct tty *tty)
{
	size_t bytes = tty->bytes_before_request - tty->bytes_before_answered;
	int64_t first = RESPONSE_WAIT_MS + transmit_ms(bytes, LINE_SPEED_MIN_BYTES_S);
	if (tty->last_answered_request)
		return tty->requested_ms + LOST_RESPONSE_MS + transmit_ms(bytes, LINE_SPEED_MIN_BYTES_S);
	int64_t due = tty->request_delivered_ms + RESPONSE_WAIT_MS;
	if (tty->timed_out || tty->is_dumb)
		return due;
	first = tty->first_requested_ms + (first < FIRST_RESPONSE_WAIT_MAX_MS ? first : FIRST_RESPONSE_WAIT_MAX_MS);
	return due > first ? due : first;
}

static void drop_input(struct tty *tty)
{
	tcflush(STDIN_FILENO, TCIFLUSH);
	tty->byte_at = tty->byte_count = 0;
	decoder_drop_input(&tty->decoder);
}

bool tty_is_display_confirmed(struct tty *tty, unsigned question, bool may_drop)
{
	if (tty->last_answered_request >= question)
		return true;
	if (!may_drop || world_monotonic_ms(tty->options.world) < tty_confirmation_due_ms(tty))
		return false;
	if (!tty->last_answered_request) {
		tty->timed_out = true;
		drop_input(tty);
		return true;
	}
	tty->last_request = tty->last_answered_request; /* the lost response is not expected any more */
	tty_request_confirmation(tty);
	return false;
}

static bool is_multiplexer(const struct world *world)
{
	const char *term = world_environment(world, "TERM");
	return world_environment(world, "TMUX") || world_environment(world, "STY") ||
	       (term && (!strncmp(term, "tmux", 4) || !strncmp(term, "screen", 6)));
}

void tty_query_pictures(struct tty *tty)
{
	if (!tty->options.pictures || tty->options.linear || tty->is_dumb || tty->attributes_request_count)
		return;
	write_raw(REQUEST_DEVICE_ATTRIBUTES, strlen(REQUEST_DEVICE_ATTRIBUTES));
	tty->attributes_request_count = 1;
}

static void handle_device_attributes(struct tty *tty, const struct key *key)
{
	if (tty->attributes_reply_count >= tty->attributes_request_count)
		return;
	tty->attributes_reply_count++;
	tty->has_sixels = key->col;
	if (tty->attributes_reply_count > 1) {
		tty->decoder.awaits_graphics_reply = false;
		return;
	}
	bool strings = key->row >= GRAPHICS_TERMINAL_CLASS_MIN && !is_multiplexer(tty->options.world);
	if (!strings && !tty->has_sixels)
		return;
	write_raw(REQUEST_CELL_SIZE, strlen(REQUEST_CELL_SIZE));
	if (strings) {
		tty->decoder.awaits_graphics_reply = true;
		write_raw(REQUEST_GRAPHICS_SUPPORT, strlen(REQUEST_GRAPHICS_SUPPORT));
	}
	write_raw(REQUEST_DEVICE_ATTRIBUTES, strlen(REQUEST_DEVICE_ATTRIBUTES));
	tty->attributes_request_count++;
}

/* The size of a cell in pixels. Prefers the size of the window in pixels, which ssh transmits, since it is correct
 * even after a change of the font. */
static void get_cell_size(const struct tty *tty, size_t *width, size_t *height)
{
	struct winsize size;
	*width = tty->cell_width;
	*height = tty->cell_height;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_xpixel && size.ws_ypixel && size.ws_col &&
	    size.ws_row) {
		*width = size.ws_xpixel / size.ws_col;
		*height = size.ws_ypixel / size.ws_row;
	}
	if (!*width || !*height || *width > CELL_PIXELS_MAX || *height > CELL_PIXELS_MAX)
		*width = *height = 0;
}

/* Chooses the protocol for pictures. Chooses sixels only after all replies: kitty's protocol is preferred, and its
 * reply may be the last one. */
static void choose_protocol(struct tty *tty)
{
	struct picture_format *format = &tty->painted_screen.pictures.format;
	format->bytes_max = tty->options.is_remote_user ? REMOTE_PICTURE_BYTES_MAX : PICTURE_BYTES_MAX;
	get_cell_size(tty, &format->cell_width, &format->cell_height);
	enum picture_protocol protocol = tty->has_graphics			 ? PICTURE_KITTY
					 : tty->attributes_reply_count < 2	 ? PICTURE_NONE
					 : tty->has_sixels && format->cell_width ? PICTURE_SIXEL
										 : PICTURE_NONE;
	if (protocol == PICTURE_KITTY && !format->cell_width) {
		format->cell_width = CELL_WIDTH;
		format->cell_height = CELL_HEIGHT;
	}
	format->protocol = protocol;
	if (protocol == PICTURE_NONE)
		*format = (struct picture_format){ 0 };
}

struct picture_format tty_picture_format(const struct tty *tty)
{
	return tty->painted_screen.pictures.format;
}

/* Handles a reply of the terminal; false: the key is not a reply. */
static bool handle_reply(struct tty *tty, const struct key *key)
{
	if (key->press == PRESS_DEVICE_ATTRIBUTES) {
		handle_device_attributes(tty, key);
	} else if (key->press == PRESS_CELL_SIZE && tty->attributes_request_count) {
		tty->cell_width = key->col;
		tty->cell_height = key->row;
	} else if (key->press == PRESS_GRAPHICS_REPLY && tty->attributes_request_count > 1) {
		tty->has_graphics = true;
	} else {
		return key->press == PRESS_CELL_SIZE || key->press == PRESS_GRAPHICS_REPLY;
	}
	if (tty->attributes_request_count)
		choose_protocol(tty);
	return true;
}

/* Handles the response to a request for the cursor position. Ignores a position in the first row, where the cursor
 * never is, since some terminals send such a position for Shift-F3. */
static void handle_cursor_position(struct tty *tty, const struct key *key)
{
	if (!key->row || tty->last_answered_request >= tty->last_request)
		return;
	tty->last_answered_request++;
	if (tty->last_answered_request == tty->last_request)
		tty->bytes_before_answered = tty->bytes_before_request;
}

static bool read_bytes(struct tty *tty)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
	if (poll(&ready, 1, 0) <= 0 || !(ready.revents & POLLIN))
		return false;
	ssize_t got = read(STDIN_FILENO, tty->bytes, sizeof tty->bytes);
	if (got <= 0)
		return false;
	tty->byte_at = 0;
	tty->byte_count = (size_t)got;
	tty->read_ms = world_monotonic_ms(tty->options.world);
	return true;
}

/* Decodes the next key. Handles time-outs only after all input was read, so that a busy program does not split a
 * sequence. */
static bool decode_next_key(struct tty *tty, struct key *key)
{
	while (!decoder_take_key(&tty->decoder, key)) {
		if (tty->byte_at < tty->byte_count || read_bytes(tty)) {
			decoder_feed(&tty->decoder, tty->bytes[tty->byte_at++], tty->read_ms);
			continue;
		}
		decoder_time_out(&tty->decoder, world_monotonic_ms(tty->options.world));
		return decoder_take_key(&tty->decoder, key);
	}
	return true;
}

bool tty_read(struct tty *tty, struct key *key)
{
	while (decode_next_key(tty, key)) {
		if (key->press == PRESS_CURSOR_POSITION)
			handle_cursor_position(tty, key);
		else if (!handle_reply(tty, key))
			return true;
	}
	return false;
}

/* Waits for the responses that are still expected; otherwise the shell would get them as input. */
static void await_replies(struct tty *tty)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };
	int64_t end = world_monotonic_ms(tty->options.world) + EXIT_RESPONSE_WAIT_MS, left;
	struct key key;
	while (!tty->is_dumb &&
	       (tty->last_answered_request < tty->last_request ||
		tty->attributes_reply_count < tty->attributes_request_count) &&
	       (left = end - world_monotonic_ms(tty->options.world)) > 0) {
		/* The check for POLLHUP is needed since a closed terminal stays readable for ever. */
		if (poll(&ready, 1, (int)left) <= 0 || !(ready.revents & POLLIN) || ready.revents & POLLHUP)
			return;
		while (tty_read(tty, &key))
			;
	}
}

void tty_release(struct tty *tty)
{
	disable_modes(tty);
	await_replies(tty);
	if (!tty->options.linear)
		write_raw(tty->type.leaving, strlen(tty->type.leaving));
	tcsetattr(STDOUT_FILENO, TCSANOW, &tty->settings);
}

void tty_close(struct tty *tty)
{
	if (!tty)
		return;
	if (tty->is_set_up)
		tty_release(tty);
	if (tty->painted_screen.curses)
		painted_close(&tty->painted_screen);
	terminal_type_close(&tty->type);
	raw_close();
	decoder_release(&tty->decoder);
	linear_release(&tty->linear);
	if (tty->signal_fd >= 0)
		close(tty->signal_fd);
	free(tty);
}

void tty_get_size(const struct tty *tty, size_t *rows, size_t *cols)
{
	_Static_assert(LINEAR_COLS >= SPOKEN_COLS, "a screen reader gets no columns side by side");
	*rows = tty->options.linear ? LINEAR_ROWS : tty->rows;
	*cols = tty->options.linear ? LINEAR_COLS : tty->cols;
}

void tty_paint(struct tty *tty, const struct surface *surface)
{
	struct strbuf out = STRBUF_INIT;
	if (tty->options.linear) {
		linear_update(&tty->linear, surface, world_monotonic_ms(tty->options.world), &out);
	} else {
		raw_flush();
		raw_watch(true);
		painted_update(&tty->painted_screen, surface, tty->styles, &out);
		raw_watch(false);
		raw_begin_batch();
	}
	write_raw(out.buf, out.len);
	strbuf_wipe(&out); /* the bytes may contain a secret key */
}

void tty_flush_output(struct tty *tty)
{
	update_sent_bytes(tty);
	if (!tty->options.linear)
		raw_flush();
}

void tty_force_redraw(struct tty *tty)
{
	if (tty->options.linear)
		linear_forget_frames(&tty->linear);
	else
		painted_release(&tty->painted_screen);
}

void tty_set_theme(struct tty *tty, const struct theme *theme)
{
	tty->options.theme = theme;
	if (tty->options.linear)
		return;
	colour_prepare(theme, tty->options.no_color, &tty->type, tty->styles);
	tty_force_redraw(tty);
}

void tty_acquire(struct tty *tty)
{
	set_up_terminal(tty);
	tty_force_redraw(tty);
	drop_input(tty);
}

void tty_suspend(struct tty *tty)
{
	struct sigaction plain = { .sa_handler = SIG_DFL }, before;
	tty_release(tty);
	sigemptyset(&plain.sa_mask);
	sigaction(SIGTSTP, &plain, &before);
	suspend_handle_signal(0); /* stops all processes of the job, as the terminal itself does for Ctrl-Z */
	sigaction(SIGTSTP, &before, NULL);
	set_up_terminal(tty);
	tty_force_redraw(tty);
}

bool tty_copy_to_clipboard(struct tty *tty, const char *text)
{
	struct strbuf bytes = STRBUF_INIT;
	if (tty->is_dumb && !tty->options.linear)
		return false;
	if (tty->is_dumb) {
		strbuf_addf(&bytes, "%s\r\n", text);
	} else {
		strbuf_adds(&bytes, "\033]52;c;");
		base64_encode(&bytes, text, strlen(text));
		strbuf_adds(&bytes, "\a");
	}
	write_raw(bytes.buf, bytes.len);
	strbuf_wipe(&bytes); /* the bytes may contain a secret key */
	return true;
}

static unsigned read_wake_signals(struct tty *tty, int *ended_by)
{
	struct signalfd_siginfo info;
	unsigned wake = 0;
	while (read(tty->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGWINCH && tty->options.linear) {
			continue; /* the lines for screen readers do not depend on the size */
		} else if (info.ssi_signo == SIGWINCH) {
			/* Repaints even if the size is unchanged: a second resize may have undone the first, and
			 * the terminal may have cut its content. */
			read_size(tty);
			wake |= TTY_RESIZED;
			if (tty->painted_screen.pictures.format.protocol != PICTURE_NONE) {
				write_raw(REQUEST_CELL_SIZE, strlen(REQUEST_CELL_SIZE));
				choose_protocol(tty);
			}
			tty_force_redraw(tty);
		} else if (info.ssi_signo == SIGTSTP) {
			tty_suspend(tty);
			wake |= TTY_RESUMED;
		} else if (info.ssi_signo == SIGCONT) {
			read_size(tty);
			set_raw_mode(tty);
			enable_modes(tty);
			tty_force_redraw(tty);
			wake |= TTY_RESUMED | TTY_RESIZED;
		} else {
			raw_set_program_ending();
			*ended_by = (int)info.ssi_signo;
			wake |= TTY_ENDED;
		}
	}
	return wake;
}

/* The shorter of two timeouts; a negative timeout never ends. */
static int shorter_timeout(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Milliseconds until lines for screen readers are due; negative: no line is held back. */
static int ms_until_due(const struct tty *tty)
{
	int64_t due = linear_due_ms(&tty->linear), left = due - world_monotonic_ms(tty->options.world);
	return !due ? -1 : left > 0 ? (int)left : 0;
}

enum { FROM_TERMINAL, FROM_SIGNALS, FROM_OTHER, TO_TERMINAL, WAITED };

/* Sends chunks of a picture as long as the terminal accepts them and no other event arrives, so that a key waits
 * for at most one chunk. */
static void send_pictures(struct tty *tty, struct pollfd fds[WAITED])
{
	struct strbuf bytes = STRBUF_INIT;
	do {
		strbuf_reset(&bytes);
		pictures_send_next(&tty->painted_screen.pictures, &bytes);
		write_raw(bytes.buf, bytes.len);
	} while (pictures_have_unsent(&tty->painted_screen.pictures) && poll(fds, WAITED, 0) == 1 &&
		 fds[TO_TERMINAL].revents == POLLOUT);
	strbuf_wipe(&bytes);
}

unsigned tty_wait(struct tty *tty, int other_fd, int timeout_ms, int *ended_by)
{
	bool sends = pictures_have_unsent(&tty->painted_screen.pictures);
	struct pollfd fds[WAITED] = { [FROM_TERMINAL] = { .fd = STDIN_FILENO, .events = POLLIN },
				      [FROM_SIGNALS] = { .fd = tty->signal_fd, .events = POLLIN },
				      [FROM_OTHER] = { .fd = other_fd, .events = POLLIN },
				      [TO_TERMINAL] = { .fd = sends ? raw_fd() : -1, .events = POLLOUT } };
	unsigned wake = 0;
	int key_ms = decoder_wait_ms(&tty->decoder, world_monotonic_ms(tty->options.world));
	timeout_ms = shorter_timeout(timeout_ms, ms_until_due(tty));
	bool key_first = key_ms >= 0 && (timeout_ms < 0 || key_ms < timeout_ms);
	int ready = poll(fds, WAITED, key_first ? key_ms : timeout_ms);
	if (ms_until_due(tty) == 0)
		speak_due_lines(tty, false);
	if (ready <= 0)
		return key_first ? TTY_INPUT : 0;
	if (ready == 1 && fds[TO_TERMINAL].revents) {
		send_pictures(tty, fds);
		return 0;
	}
	if (fds[FROM_SIGNALS].revents)
		wake |= read_wake_signals(tty, ended_by);
	if (fds[FROM_TERMINAL].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		*ended_by = SIGHUP;
		return wake | TTY_ENDED;
	}
	if (fds[FROM_TERMINAL].revents)
		wake |= TTY_INPUT;
	if (fds[FROM_OTHER].revents)
		wake |= TTY_OTHER;
	return wake;
}

const char *workbench_library(void)
{
	return curses_version();
}
