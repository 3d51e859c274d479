#include "support/pty.h"
#include "support/forked.h"
#include "support/must.h"
#include "support/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

struct piece {
	struct piece *next;
	char text[];
};

struct terminal {
	pid_t pid;
	int master;
	int slave; /* kept open: its settings are read after the program has gone */
	bool closed;
	bool ended;
	int status;
	VTerm *vterm;
	VTermScreen *screen;
	unsigned char *raw;
	size_t raw_length;
	size_t raw_capacity;
	struct piece *pieces;
	bool cursor_visible;
	bool alternate;
	bool leaving; /* the program has just left the alternate screen */
	bool mouse;
	struct termios before; /* settings of the terminal before the program started */
	char title[256];
	unsigned bells;
	bool silent;
	const char *attributes;
	bool escape, string; /* used with `attributes`: an ESC is held back; the output is within a string */
	unsigned bytes_s;
	long long passed_ms; /* time when the slow connection has passed its last bytes */
	char margins[16];    /* beginning of a sequence that may set the margins */
	size_t margins_length;
	int bottom;		  /* bottom margin; 0: no margins are set */
	char passing[16384 + 16]; /* passed on together: libvterm loses a title if it gets single bytes */
	size_t passing_length;
};

#define LOOK_MS 25 /* time between two checks of the program */
#define GENTLY_TRIES 300
#define GENTLY_PAUSE_MS 10

static void write_all(struct terminal *terminal, const char *bytes, size_t length);

static void answer(const char *bytes, size_t length, void *user)
{
	struct terminal *terminal = user;
	if (terminal->silent)
		return;
	if (terminal->attributes && length > 3 && !memcmp(bytes, "\033[?", 3) && bytes[length - 1] == 'c')
		write_all(terminal, terminal->attributes, strlen(terminal->attributes));
	else
		write_all(terminal, bytes, length);
}

static int property_set(VTermProp property, VTermValue *value, void *user)
{
	struct terminal *terminal = user;
	if (property == VTERM_PROP_CURSORVISIBLE) {
		/* When the program leaves the alternate screen, libvterm restores an earlier visibility of the cursor,
		 * which no terminal does. */
		if (!terminal->leaving)
			terminal->cursor_visible = value->boolean;
		terminal->leaving = false;
	} else if (property == VTERM_PROP_ALTSCREEN) {
		terminal->leaving = terminal->alternate && !value->boolean;
		terminal->alternate = value->boolean;
	} else if (property == VTERM_PROP_MOUSE)
		terminal->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	else if (property == VTERM_PROP_TITLE && value->string)
		(void)snprintf(terminal->title, sizeof terminal->title, "%s", value->string);
	return 1;
}

static int bell_rung(void *user)
{
	struct terminal *terminal = user;
	terminal->bells++;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = property_set, .bell = bell_rung };

/* If a wide character arrives after the screen has shrunk to one column, libvterm writes outside its memory. So
 * libvterm's screen has at least two columns. */
static int shown_columns(int columns)
{
	return columns < 2 ? 2 : columns;
}

static void spawn(struct terminal *terminal, const struct terminal_options *options, const char *path,
		  char **environment)
{
	/* As process_start(): no fork(). The first terminal that the new session opens is the one that controls it. */
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	(void)sigemptyset(&none);
	MUST(posix_spawn_file_actions_init(&files) == 0 && posix_spawnattr_init(&attributes) == 0);
	MUST(posix_spawn_file_actions_addopen(&files, STDIN_FILENO, path, O_RDWR, 0) == 0 &&
	     posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDOUT_FILENO) == 0 &&
	     posix_spawn_file_actions_adddup2(&files, STDIN_FILENO, STDERR_FILENO) == 0);
	MUST(!options->folder || posix_spawn_file_actions_addchdir_np(&files, options->folder) == 0);
	MUST(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK) == 0 &&
	     posix_spawnattr_setsigmask(&attributes, &none) == 0);
	union {
		const char *const *given;
		char *const *wanted;
	} argv = { .given = options->argv };
	MUST(posix_spawnp(&terminal->pid, argv.wanted[0], &files, &attributes, argv.wanted, environment) == 0);
	(void)posix_spawn_file_actions_destroy(&files);
	(void)posix_spawnattr_destroy(&attributes);
}

struct terminal *terminal_start(const struct terminal_options *options)
{
	struct terminal *terminal = calloc(1, sizeof *terminal);
	MUST(terminal);
	int rows = options->rows ? abs(options->rows) : 24;
	int columns = options->columns ? options->columns : 80;
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	if (options->rows < 0)
		size = (struct winsize){ 0 };
	terminal->vterm = vterm_new(rows, shown_columns(columns));
	vterm_set_utf8(terminal->vterm, 1);
	vterm_output_set_callback(terminal->vterm, answer, terminal);
	terminal->screen = vterm_obtain_screen(terminal->vterm);
	vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
	vterm_screen_enable_altscreen(terminal->screen, 1);
	vterm_screen_reset(terminal->screen, 1);
	terminal->cursor_visible = true;
	terminal->silent = options->silent;
	terminal->attributes = options->attributes;
	terminal->bytes_s = options->bytes_s;

	char path[64];
	/* The caller's changes come last, so they win over the defaults. */
	const char *changes[64] = { "TERM=xterm-256color", "LANG=C.UTF-8",   "LC_ALL", "LINES", "COLUMNS",
				    "ESCDELAY=25",	   "XDG_RUNTIME_DIR" };
	size_t count = 7;
	/* A program killed during a conversion leaves a temporary folder, which is removed with the test's folder. */
	char *temporary = NULL;
	if (options->folder) {
		MUST(asprintf(&temporary, "TMPDIR=%s", options->folder) > 0);
		changes[count++] = temporary;
	}
	for (const char *const *given = options->environment; given && *given; given++) {
		size_t name = strcspn(*given, "=");
		size_t at = 0;
		while (at < count && !(strcspn(changes[at], "=") == name && strncmp(changes[at], *given, name) == 0))
			at++;
		MUST(at < 63);
		changes[at] = *given;
		if (at == count)
			count++;
	}
	char **environment = test_environment_make(changes);
	free(temporary);
	MUST(openpty(&terminal->master, &terminal->slave, path, NULL, &size) == 0);
	MUST(fcntl(terminal->master, F_SETFD, FD_CLOEXEC) == 0 && fcntl(terminal->slave, F_SETFD, FD_CLOEXEC) == 0);
	MUST(tcgetattr(terminal->slave, &terminal->before) == 0);
	terminal->pid = forked_start(&(const struct forked_start){
		.argv = options->argv, .environment = environment, .folder = options->folder, .terminal = path });
	if (!terminal->pid)
		spawn(terminal, options, path, environment);
	test_environment_free(environment);
	MUST(fcntl(terminal->master, F_SETFL, O_NONBLOCK) == 0);
	return terminal;
}

static bool reap(struct terminal *terminal, int flags)
{
	int status;
	if (terminal->ended)
		return true;
	pid_t found = waitpid(terminal->pid, &status, flags);
	if (found != terminal->pid)
		return false;
	terminal->ended = true;
	terminal->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return true;
}

/* Lets the program end by itself for tests/coverage.py: a killed process reports no covered lines. */
static void leave_gently(struct terminal *terminal)
{
	if (!getenv("KYBDESK_TEST_GENTLY"))
		return;
	terminal_hang_up(terminal);
	(void)kill(-terminal->pid, SIGCONT);
	for (int i = 0; i < GENTLY_TRIES && !reap(terminal, WNOHANG); i++)
		test_sleep_ms(GENTLY_PAUSE_MS);
}

void terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return;
	leave_gently(terminal);
	if (!reap(terminal, WNOHANG)) {
		(void)kill(-terminal->pid, SIGKILL);
		(void)kill(terminal->pid, SIGKILL);
		while (!reap(terminal, 0))
			;
	}
	terminal_hang_up(terminal);
	(void)close(terminal->slave);
	vterm_free(terminal->vterm);
	while (terminal->pieces) {
		struct piece *next = terminal->pieces->next;
		free(terminal->pieces);
		terminal->pieces = next;
	}
	free(terminal->raw);
	free(terminal);
}

pid_t terminal_pid(const struct terminal *terminal)
{
	return terminal->pid;
}

void terminal_signal(struct terminal *terminal, int signal_number)
{
	pid_t group = tcgetpgrp(terminal->master);
	if (!terminal->ended)
		(void)kill(group > 0 ? -group : terminal->pid, signal_number);
}

/* Number of bytes to read now. On a slow connection, first waits until the previous piece has passed. */
static size_t line_room(struct terminal *terminal, size_t most)
{
	const size_t piece = 16;
	if (!terminal->bytes_s)
		return most;
	long long now = test_clock_ms();
	if (terminal->passed_ms > now)
		test_sleep_ms((unsigned)(terminal->passed_ms - now));
	terminal->passed_ms = test_clock_ms() + (long long)(piece * 1000 / terminal->bytes_s);
	return piece;
}

void terminal_slow(struct terminal *terminal, unsigned bytes_s)
{
	terminal->bytes_s = bytes_s;
}

/*
 * If margins for a larger screen arrive after the screen has shrunk, libvterm writes outside its memory when it scrolls
 * within them. Such a sequence is left out; all other sequences pass.
 */
static bool margins_fit(struct terminal *terminal)
{
	int rows, columns, top = 0, bottom = 0;
	vterm_get_size(terminal->vterm, &rows, &columns);
	bool whole = sscanf(terminal->margins, "\033[%d;%dr", &top, &bottom) < 2;
	if (!whole && (bottom > rows || top >= bottom))
		return false;
	terminal->bottom = whole ? 0 : bottom;
	return true;
}

static void show(struct terminal *terminal, const char *bytes, size_t length)
{
	MUST(length <= sizeof terminal->passing - terminal->passing_length);
	memcpy(terminal->passing + terminal->passing_length, bytes, length);
	terminal->passing_length += length;
}

static void let_go(struct terminal *terminal)
{
	show(terminal, terminal->margins, terminal->margins_length);
	terminal->margins_length = 0;
}

static void show_byte(struct terminal *terminal, char byte)
{
	size_t *length = &terminal->margins_length;
	bool may_continue = *length == 1 ? byte == '[' : *length && ((byte >= '0' && byte <= '9') || byte == ';');
	if (*length + 2 >= sizeof terminal->margins || (*length && !may_continue && (byte != 'r' || *length == 1))) {
		let_go(terminal);
		may_continue = false;
	}
	if (!*length && byte != 27) {
		show(terminal, &byte, 1);
		return;
	}
	terminal->margins[(*length)++] = byte;
	terminal->margins[*length] = '\0';
	if (byte != 'r')
		return;
	if (margins_fit(terminal))
		let_go(terminal);
	*length = 0;
}

/* Leaves out strings (ESC _, ESC P), which contain pictures: libvterm shows them as text. A terminal with the
 * attributes of more than a VT100 does not show them. */
static void show_but_strings(struct terminal *terminal, char byte)
{
	bool escape = terminal->escape;
	terminal->escape = !escape && byte == 27;
	if (terminal->escape)
		return;
	if (terminal->string) {
		terminal->string = !(escape && byte == '\\');
		return;
	}
	terminal->string = escape && (byte == '_' || byte == 'P');
	if (terminal->string)
		return;
	if (escape)
		show_byte(terminal, 27);
	show_byte(terminal, byte);
}

/* Reads output that arrives within wait_ms; true if there was any. */
static bool pump(struct terminal *terminal, int wait_ms)
{
	struct pollfd ready = { .fd = terminal->master, .events = POLLIN };
	if (poll(&ready, 1, wait_ms) <= 0)
		return false;
	char bytes[16384];
	ssize_t got = read(terminal->master, bytes, line_room(terminal, sizeof bytes));
	if (got <= 0) {
		/* This does not show that the program has ended: the test keeps the slave end open. */
		return false;
	}
	size_t length = (size_t)got;
	if (terminal->raw_length + length > terminal->raw_capacity) {
		terminal->raw_capacity = (terminal->raw_length + length) * 2;
		terminal->raw = realloc(terminal->raw, terminal->raw_capacity);
		MUST(terminal->raw);
	}
	memcpy(terminal->raw + terminal->raw_length, bytes, length);
	terminal->raw_length += length;
	for (size_t i = 0; i < length; i++)
		if (terminal->attributes)
			show_but_strings(terminal, bytes[i]);
		else
			show_byte(terminal, bytes[i]);
	(void)vterm_input_write(terminal->vterm, terminal->passing, terminal->passing_length);
	terminal->passing_length = 0;
	vterm_screen_flush_damage(terminal->screen);
	return true;
}

/* A program that reads nothing must not hold the test for ever. */
static void write_all(struct terminal *terminal, const char *bytes, size_t length)
{
	long long end = test_clock_ms() + 10000;
	while (length && test_clock_ms() < end) {
		ssize_t done = write(terminal->master, bytes, length);
		if (done > 0) {
			bytes += done;
			length -= (size_t)done;
		} else if (done < 0 && errno == EAGAIN) {
			struct pollfd ready = { .fd = terminal->master, .events = POLLOUT };
			(void)poll(&ready, 1, 50);
		} else if (done < 0 && errno != EINTR) {
			return;
		}
	}
}

void terminal_send(struct terminal *terminal, const void *bytes, size_t length)
{
	write_all(terminal, bytes, length);
}

void terminal_type(struct terminal *terminal, const char *text)
{
	write_all(terminal, text, strlen(text));
}

void terminal_press(struct terminal *terminal, enum terminal_key key)
{
	static const VTermKey keys[] = {
		[TERMINAL_ENTER] = VTERM_KEY_ENTER,
		[TERMINAL_TAB] = VTERM_KEY_TAB,
		[TERMINAL_BACKSPACE] = VTERM_KEY_BACKSPACE,
		[TERMINAL_ESCAPE] = VTERM_KEY_ESCAPE,
		[TERMINAL_UP] = VTERM_KEY_UP,
		[TERMINAL_DOWN] = VTERM_KEY_DOWN,
		[TERMINAL_LEFT] = VTERM_KEY_LEFT,
		[TERMINAL_RIGHT] = VTERM_KEY_RIGHT,
		[TERMINAL_INSERT] = VTERM_KEY_INS,
		[TERMINAL_DELETE] = VTERM_KEY_DEL,
		[TERMINAL_HOME] = VTERM_KEY_HOME,
		[TERMINAL_END] = VTERM_KEY_END,
		[TERMINAL_PAGE_UP] = VTERM_KEY_PAGEUP,
		[TERMINAL_PAGE_DOWN] = VTERM_KEY_PAGEDOWN,
	};
	if (key == TERMINAL_BACK_TAB)
		vterm_keyboard_key(terminal->vterm, VTERM_KEY_TAB, VTERM_MOD_SHIFT);
	else if (key >= TERMINAL_F1)
		vterm_keyboard_key(terminal->vterm, (VTermKey)VTERM_KEY_FUNCTION((int)(key - TERMINAL_F1) + 1),
				   VTERM_MOD_NONE);
	else
		vterm_keyboard_key(terminal->vterm, keys[key], VTERM_MOD_NONE);
}

void terminal_control(struct terminal *terminal, char letter)
{
	char byte = (char)(letter & 0x1f);
	write_all(terminal, &byte, 1);
}

void terminal_paste(struct terminal *terminal, const char *text)
{
	vterm_keyboard_start_paste(terminal->vterm);
	write_all(terminal, text, strlen(text));
	vterm_keyboard_end_paste(terminal->vterm);
}

void terminal_resize(struct terminal *terminal, int rows, int columns)
{
	/* Output drawn for the old size must not be read at the new size. */
	while (pump(terminal, 0))
		;
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };
	/* Resets margins that would lie outside the new size; the cursor keeps its position. */
	VTermPos at;
	char whole[32];
	vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &at);
	int length = snprintf(whole, sizeof whole, "\033[r\033[%d;%dH", at.row + 1, at.col + 1);
	if (terminal->bottom > rows)
		(void)vterm_input_write(terminal->vterm, whole, (size_t)length);
	terminal->bottom = terminal->bottom > rows ? 0 : terminal->bottom;
	vterm_set_size(terminal->vterm, rows, shown_columns(columns));
	MUST(ioctl(terminal->master, TIOCSWINSZ, &size) == 0);
}

static const char *keep(struct terminal *terminal, const char *text, size_t length)
{
	struct piece *piece = malloc(sizeof *piece + length + 1);
	MUST(piece);
	memcpy(piece->text, text, length);
	piece->text[length] = '\0';
	piece->next = terminal->pieces;
	terminal->pieces = piece;
	return piece->text;
}

static size_t encode(uint32_t codepoint, char *out)
{
	if (codepoint < 0x80) {
		out[0] = (char)codepoint;
		return 1;
	}
	size_t size = codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	for (size_t i = size - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (codepoint & 0x3f));
		codepoint >>= 6;
	}
	out[0] = (char)(lead[size] | codepoint);
	return size;
}

static size_t cell_text(const VTermScreenCell *cell, char *out)
{
	size_t length = 0;
	/* libvterm marks the right half of a wide character with -1. */
	if (cell->chars[0] == (uint32_t)-1)
		return 0;
	for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
		length += encode(cell->chars[i], out + length);
	return length;
}

static const char *row_text(struct terminal *terminal, int row, size_t *row_length)
{
	int rows, columns;
	vterm_get_size(terminal->vterm, &rows, &columns);
	char *line = malloc((size_t)columns * 4 * VTERM_MAX_CHARS_PER_CELL + 1);
	MUST(line);
	size_t length = 0;
	for (int column = 0; column < columns && row < rows; column++) {
		VTermScreenCell cell;
		VTermPos place = { .row = row, .col = column };
		if (!vterm_screen_get_cell(terminal->screen, place, &cell) || cell.chars[0] == (uint32_t)-1)
			continue;
		if (cell.chars[0] == 0)
			line[length++] = ' ';
		else
			length += cell_text(&cell, line + length);
	}
	while (length && line[length - 1] == ' ')
		length--;
	const char *kept = keep(terminal, line, length);
	free(line);
	*row_length = length;
	return kept;
}

const char *terminal_row(struct terminal *terminal, int row)
{
	size_t length;
	return row_text(terminal, row, &length);
}

const char *terminal_screen(struct terminal *terminal)
{
	int rows, columns;
	vterm_get_size(terminal->vterm, &rows, &columns);
	char *text = NULL;
	size_t length = 0;
	FILE *whole = open_memstream(&text, &length);
	MUST(whole);
	for (int row = 0; row < rows; row++)
		(void)fprintf(whole, "%s\n", terminal_row(terminal, row));
	MUST(fclose(whole) == 0);
	const char *kept = keep(terminal, text, length);
	free(text);
	return kept;
}

/* Frees the rows that were made only for a search. */
static void drop_pieces(struct terminal *terminal, const struct piece *until)
{
	while (terminal->pieces != until) {
		struct piece *next = terminal->pieces->next;
		free(terminal->pieces);
		terminal->pieces = next;
	}
}

int terminal_find_row(struct terminal *terminal, const char *text)
{
	int rows, columns;
	int found = -1;
	const struct piece *before = terminal->pieces;
	vterm_get_size(terminal->vterm, &rows, &columns);
	for (int row = 0; row < rows && found < 0; row++)
		if (strstr(terminal_row(terminal, row), text))
			found = row;
	drop_pieces(terminal, before);
	return found;
}

bool terminal_shows(struct terminal *terminal, const char *text)
{
	while (pump(terminal, 0))
		;
	return terminal_find_row(terminal, text) >= 0;
}

static bool works(const struct terminal *terminal);

/* The program writes a frame and the request for the cursor's position in two writes: the terminal answers the request
 * before a test types, as a person would only type then. */
static void answer_request(struct terminal *terminal)
{
	if (terminal->bytes_s)
		return;
	for (int tries = 0; tries < 40 && works(terminal); tries++)
		(void)pump(terminal, 5);
	while (pump(terminal, 0))
		;
}

static bool wait_for(struct terminal *terminal, const char *text, bool present, unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms;
	for (;;) {
		bool more = pump(terminal, 0);
		if (more && !terminal->bytes_s)
			continue;
		if ((terminal_find_row(terminal, text) >= 0) == present) {
			answer_request(terminal);
			return true;
		}
		long long left = end - test_clock_ms();
		if (left <= 0)
			return false;
		/* The program may have written its last output between our read and its exit. */
		if (!pump(terminal, left < 50 ? (int)left : 50) && reap(terminal, WNOHANG) && !pump(terminal, 0))
			return (terminal_find_row(terminal, text) >= 0) == present;
	}
}

bool terminal_wait(struct terminal *terminal, const char *text, unsigned timeout_ms)
{
	return wait_for(terminal, text, true, timeout_ms);
}

bool terminal_wait_gone(struct terminal *terminal, const char *text, unsigned timeout_ms)
{
	return wait_for(terminal, text, false, timeout_ms);
}

/* Whether a thread of the program runs, or waits for a CPU or the disk: the program may write soon. */
static bool works(const struct terminal *terminal)
{
	char path[64], line[512];
	(void)snprintf(path, sizeof path, "/proc/%ld/task", (long)terminal->pid);
	DIR *threads = opendir(path);
	bool found = false;
	for (const struct dirent *entry; threads && !found && (entry = readdir(threads));) {
		char name[sizeof path + sizeof entry->d_name + 8];
		(void)snprintf(name, sizeof name, "%s/%s/stat", path, entry->d_name);
		FILE *file = entry->d_name[0] == '.' ? NULL : fopen(name, "re");
		const char *state = file && fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
		found = state && (strncmp(state, ") R", 3) == 0 || strncmp(state, ") D", 3) == 0);
		if (file)
			(void)fclose(file);
	}
	if (threads)
		(void)closedir(threads);
	return found;
}

bool terminal_settle(struct terminal *terminal, unsigned quiet_ms, unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms, quiet_since = test_clock_ms();
	while (test_clock_ms() - quiet_since < quiet_ms) {
		long long left = quiet_since + quiet_ms - test_clock_ms();
		bool wrote = pump(terminal, left < 0 ? 0 : left < LOOK_MS ? (int)left : LOOK_MS);
		if (wrote || (!terminal->ended && works(terminal)))
			quiet_since = test_clock_ms();
		if (test_clock_ms() >= end)
			return false;
	}
	return true;
}

int terminal_wait_exit(struct terminal *terminal, unsigned timeout_ms)
{
	long long end = test_clock_ms() + timeout_ms;
	while (!reap(terminal, WNOHANG)) {
		if (test_clock_ms() >= end)
			return -1;
		(void)pump(terminal, 10);
	}
	while (pump(terminal, 0))
		;
	return terminal->status;
}

void terminal_cursor(struct terminal *terminal, int *row, int *column, bool *visible)
{
	VTermPos place;
	vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &place);
	*row = place.row;
	*column = place.col;
	if (visible)
		*visible = terminal->cursor_visible;
}

static int palette_index(const VTermColor *color, bool is_default, uint32_t *rgb)
{
	*rgb = 0;
	if (is_default)
		return -1;
	if (VTERM_COLOR_IS_INDEXED(color))
		return color->indexed.idx;
	*rgb = (uint32_t)color->rgb.red << 16 | (uint32_t)color->rgb.green << 8 | color->rgb.blue;
	return -2;
}

void terminal_cell(struct terminal *terminal, int row, int column, struct terminal_cell *cell)
{
	VTermScreenCell found;
	VTermPos place = { .row = row, .col = column };
	memset(cell, 0, sizeof *cell);
	if (!vterm_screen_get_cell(terminal->screen, place, &found))
		return;
	cell->text[cell_text(&found, cell->text)] = '\0';
	cell->width = found.width;
	cell->bold = found.attrs.bold;
	cell->reverse = found.attrs.reverse;
	cell->underline = found.attrs.underline != 0;
	cell->blink = found.attrs.blink;
	cell->italic = found.attrs.italic;
	cell->foreground = palette_index(&found.fg, VTERM_COLOR_IS_DEFAULT_FG(&found.fg), &cell->foreground_rgb);
	cell->background = palette_index(&found.bg, VTERM_COLOR_IS_DEFAULT_BG(&found.bg), &cell->background_rgb);
}

void terminal_size(struct terminal *terminal, int *rows, int *columns)
{
	vterm_get_size(terminal->vterm, rows, columns);
}

const unsigned char *terminal_raw(struct terminal *terminal, size_t *length)
{
	while (pump(terminal, 0) && !terminal->bytes_s) /* a slow connection always has more bytes to come */
		;
	*length = terminal->raw_length;
	return terminal->raw_length ? terminal->raw : (const unsigned char *)"";
}

void terminal_forget(struct terminal *terminal)
{
	while (pump(terminal, 0))
		;
	terminal->raw_length = 0;
}

bool terminal_on_alternate_screen(const struct terminal *terminal)
{
	return terminal->alternate;
}

const char *terminal_title(const struct terminal *terminal)
{
	return terminal->title;
}

unsigned terminal_bells(const struct terminal *terminal)
{
	return terminal->bells;
}

bool terminal_is_cooked(const struct terminal *terminal)
{
	struct termios settings;
	MUST(tcgetattr(terminal->slave, &settings) == 0);
	return (settings.c_lflag & ICANON) && (settings.c_lflag & ECHO);
}

const char *terminal_left_otherwise(const struct terminal *terminal)
{
	const struct termios *before = &terminal->before;
	struct termios now;
	MUST(tcgetattr(terminal->slave, &now) == 0);
	if (now.c_iflag != before->c_iflag || now.c_oflag != before->c_oflag)
		return "how its line treats input and output";
	if (now.c_cflag != before->c_cflag || now.c_lflag != before->c_lflag)
		return "whether its line echoes, waits for lines or sends signals";
	if (memcmp(now.c_cc, before->c_cc, sizeof now.c_cc) != 0)
		return "a key of its line";
	if (terminal->alternate)
		return "it shows the other screen";
	if (terminal->mouse)
		return "it sends the mouse";
	return terminal->cursor_visible ? NULL : "its cursor is hidden";
}

void terminal_hang_up(struct terminal *terminal)
{
	if (terminal->master >= 0)
		(void)close(terminal->master);
	terminal->master = -1;
}
