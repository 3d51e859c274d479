/* Tests what curses writes for a frame: an unchanged frame needs no bytes, and each cell is displayed as it is drawn. */
#include "../../../src/tui/term/paint.h"
#include "kybdesk/base/file.h"
#include "support/tried.h"
#include "tui_support.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>
#include <vterm.h>

#define ROWS 9
#define COLS 34

static struct surface surface;
static struct painted_screen painted_screen;
static struct terminal_type type;
static struct colour_style styles[THEME_ROLE_COUNT];
static struct strbuf out = STRBUF_INIT;
static FILE *written; /* what curses has written */
static size_t read_count;
static struct arena arena = ARENA_INIT;

static void open_type(const char *name, const char *theme_name)
{
	struct error error = { 0 };
	struct strbuf text = STRBUF_INIT;
	struct theme *theme;
	const char *path = arena_printf(&arena, KYB_SOURCE_DIR "/themes/%s.json", theme_name);

	cr_assert_eq(setenv("TERM", name, 1), 0);
	cr_assert(terminal_type_open(&type), "%s", name);
	cr_assert_eq(file_read(path, 65536, &text, &error), ERR_OK);
	cr_assert_eq(theme_read(&arena, &(struct json_source){ text.buf, text.len, path }, &theme, &error), ERR_OK);
	written = fdopen(memfd_create("terminal", MFD_CLOEXEC), "w+");
	cr_assert(written && painted_open(&painted_screen, written));
	read_count = 0;
	colour_prepare(theme, false, &type, styles);
	strbuf_release(&text);
}

static void close_type(void)
{
	painted_close(&painted_screen);
	(void)fclose(written);
	terminal_type_close(&type);
}

static void set_up(void)
{
	/* paint.c passes on only a character that has the same width in the C library. */
	cr_assert(setlocale(LC_CTYPE, "C.UTF-8"));
	surface_init(&surface, TEXT_UTF8);
	open_type("xterm-256color", "dark");
}

static void tear_down(void)
{
	close_type();
	surface_release(&surface);
	strbuf_release(&out);
	arena_release(&arena);
}

TestSuite(paint, .init = set_up, .fini = tear_down);

/* Paints the surface; returns the bytes for the terminal. */
static const char *frame(void)
{
	struct strbuf after = STRBUF_INIT;
	char bytes[4096];
	strbuf_reset(&out);
	painted_update(&painted_screen, &surface, styles, &after);
	for (ssize_t got; (got = pread(fileno(written), bytes, sizeof bytes, (off_t)read_count)) > 0;) {
		strbuf_add(&out, bytes, (size_t)got);
		read_count += (size_t)got;
	}
	strbuf_add(&out, after.buf, after.len);
	strbuf_release(&after);
	return out.buf;
}

static size_t dyed(size_t col, enum theme_role role)
{
	surface_begin(&surface, 3, 10);
	surface_put(&surface, 1, 2, 6, THEME_TEXT,
		    "a\xe6\xb8\xaf"
		    "b");
	surface_restyle(&surface, (struct box){ 1, col, 1, 1 }, role, 0);
	(void)frame();
	return out.len;
}

Test(paint, what_is_as_it_was_is_not_painted_again)
{
	cr_expect_gt(dyed(2, THEME_TEXT), 0);
	cr_expect_eq(dyed(2, THEME_TEXT), 0);
	cr_expect_gt(dyed(2, THEME_DANGER), 0);
	cr_expect_eq(dyed(2, THEME_DANGER), 0);
}

static void one_row(const char *text)
{
	surface_begin(&surface, 3, 40);
	surface_put(&surface, 1, 0, 40, THEME_TEXT, text);
}

Test(paint, marks_are_written_with_their_letter)
{
	one_row("Rene Ober");
	(void)frame();
	one_row("Rene\xcc\x81\xcc\xa3 Ober");
	cr_expect(strstr(frame(), "e\xcc\x81\xcc\xa3"), "%s", out.buf);
}

/* A character that the C library does not know to be two cells wide is not written. */
Test(paint, a_character_of_another_width_is_a_question_mark)
{
	cr_assert(setlocale(LC_CTYPE, "C"));
	one_row("a\xe6\xb8\xaf"
		"b");
	cr_expect(strstr(frame(), "a??b"), "%s", out.buf);
}

/* A link is written completely, between "ESC ] 8" and its end; when the link is removed, its text is written again. */
Test(paint, a_link_is_written_with_its_text)
{
	const struct box box = { 1, 2, 1, 13 };
	painted_screen.supports_links = true;
	one_row("  https://x.ex/ by mail");
	(void)frame();
	surface_add_link(&surface, box, "https://x.ex/");
	cr_expect(strstr(frame(), "\0337\033[2;3H\033]8;;https://x.ex/\033\\"), "%s", out.buf);
	cr_expect(strstr(out.buf, "https://x.ex/\033"), "%s", out.buf);
	cr_expect(strstr(out.buf, "\033]8;;\033\\\0338"), "%s", out.buf);
	cr_expect_str_eq(frame(), "");
	surface_put(&surface, 1, 20, 5, THEME_TEXT, "other");
	cr_expect_null(strstr(frame(), "\033]8"), "curses writes behind it only: %s", out.buf);
	surface_put(&surface, 1, 0, 1, THEME_TEXT, ">");
	surface_put(&surface, 1, 20, 5, THEME_TEXT, "after");
	cr_expect(strstr(frame(), "https://x.ex/\033\\"), "curses may have written it again: %s", out.buf);
	one_row("  https://x.ex/ by mail");
	cr_expect(strstr(frame(), "https://x.ex/"), "%s", out.buf);
	cr_expect_null(strstr(out.buf, "\033]8"));
	surface_add_link(&surface, box, "https://elsewhere.example/");
	cr_expect_str_eq(frame(), "", "the text is not where it leads");
}

/* Sixels overwrite the cells, so the text under a removed picture is written again. */
Test(paint, the_text_below_a_picture_that_goes_is_written_again)
{
	one_row("Harbour Lights Ltd");
	(void)frame();
	painted_screen.pictures.format.protocol = PICTURE_SIXEL;
	painted_screen.pictures.slots[0].shown_picture.box = (struct box){ 1, 8, 1, 6 };
	cr_expect(strstr(frame(), "Harbour Lights Ltd"), "%s", out.buf);
	cr_expect_str_eq(frame(), "");
}

#define RANGES_MAX 2048
#define RANGE_BYTES_MAX (64UL << 20) /* the sanitizer reserves larger ones, which are empty */

static size_t count_in_range(int memory, unsigned long from, unsigned long to, const char *text, size_t stride)
{
	size_t length = strlen(text), span = (length - 1) * stride + 1, found = 0;
	char *copy = mmap(NULL, to - from, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	cr_assert(copy != MAP_FAILED);
	ssize_t got = pread(memory, copy, to - from, (off_t)from);
	const char *end = copy + (got > (ssize_t)span ? got - (ssize_t)span : 0);
	for (const char *at = copy; at < end && (at = memchr(at, text[0], (size_t)(end - at))); at++) {
		size_t same = 0;
		while (same < length && at[same * stride] == text[same])
			same++;
		found += same == length;
	}
	(void)munmap(copy, to - from);
	return found;
}

/* How often the memory has a text of which each character is a cell of curses or of a frame. */
static size_t count_in_memory(const char *text)
{
	static unsigned long ranges[RANGES_MAX][2];
	size_t count = 0, found = 0;
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	cr_assert(maps && memory >= 0);
	while (count < RANGES_MAX && fgets(line, sizeof line, maps))
		if (strstr(line, " rw-p ") && sscanf(line, "%lx-%lx", &ranges[count][0], &ranges[count][1]) == 2)
			count += ranges[count][1] - ranges[count][0] <= RANGE_BYTES_MAX;
	(void)fclose(maps);
	for (size_t i = 0; i < count; i++)
		found += count_in_range(memory, ranges[i][0], ranges[i][1], text, sizeof(cchar_t)) +
			 count_in_range(memory, ranges[i][0], ranges[i][1], text, sizeof(struct cell));
	(void)close(memory);
	return found;
}

Test(paint, no_cell_of_the_last_frame_stays_in_the_memory)
{
	static const char text[] = "Q7x4Z9 Harbour";
	one_row(text);
	(void)frame();
	cr_expect_geq(count_in_memory(text), 5, "of curses' three windows, the surface and the frame before");
	surface_begin(&surface, 3, 40);
	close_type();
	cr_expect_eq(count_in_memory(text), 0);
	open_type("xterm-256color", "dark");
}

/* State of the generator of the random numbers for the frames. */
static uint64_t state;

static size_t drawn(size_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state >> 11) % below;
}

static void draw_one(void)
{
	static const char *const texts[] = { "Harbour Lights Ltd",
					     "\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe",
					     "e\xcc\x81t\xc3\xa9",
					     "                    ",
					     "\xe2\x94\x82\xe2\x94\x80",
					     "https://x.ex/",
					     "x" };
	size_t row = drawn(ROWS), col = drawn(COLS);
	struct box box = { row, col, 1 + drawn(ROWS - row), 1 + drawn(COLS - col) };
	enum theme_role role = (enum theme_role)drawn(THEME_ROLE_COUNT);

	switch (drawn(6)) {
	case 0:
		surface_fill(&surface, box, role);
		break;
	case 1:
		surface_restyle(&surface, box, role, (unsigned)drawn(8));
		break;
	case 2:
		surface_draw_frame(&surface, box, role, "Owners");
		break;
	default:
		surface_put(&surface, row, col, COLS, role, texts[drawn(sizeof texts / sizeof *texts)]);
	}
}

/* Draws rows of a list, scrolled at random, and random changes over them; every eighth frame has new rows. */
static void draw_frame(uint64_t number)
{
	size_t shift = drawn(7), draws = drawn(3) ? drawn(3) : 8;
	surface_begin(&surface, ROWS, COLS);
	for (size_t row = 0; row < ROWS; row++)
		surface_put(&surface, row, 0, COLS, row % 2 ? THEME_TEXT : THEME_MUTED,
			    arena_printf(&arena, "case %zu", (size_t)(number / 8) * 100 + row + shift));
	for (size_t i = 0; i < draws; i++)
		draw_one();
	/* Here curses would split it on some types: it is "??". */
	if (surface_cell(&surface, ROWS - 1, COLS - 3)->width == 2)
		surface_put(&surface, ROWS - 1, COLS - 3, 2, THEME_TEXT, "..");
	surface.has_split_panes = !drawn(4);
	if (!drawn(3))
		surface_set_cursor(&surface, drawn(ROWS), drawn(COLS));
}

static VTerm *shown(void)
{
	VTerm *vterm = vterm_new(ROWS, COLS);
	vterm_set_utf8(vterm, 1);
	vterm_screen_enable_altscreen(vterm_obtain_screen(vterm), 1);
	vterm_screen_reset(vterm_obtain_screen(vterm), 1);
	return vterm;
}

static void show(VTerm *vterm)
{
	(void)vterm_input_write(vterm, out.buf, out.len);
}

static bool has_colour(const VTermColor *shown, short colour, bool own)
{
	return colour < 0 ? own : VTERM_COLOR_IS_INDEXED(shown) && shown->indexed.idx == (uint8_t)colour;
}

/* Whether libvterm shows the cell as it is drawn. */
static void expect_cell(VTerm *vterm, size_t row, size_t col, const char *name, uint64_t number)
{
	const struct cell *cell = surface_cell(&surface, row, col);
	const struct colour_style *style = &styles[cell->role];
	VTermScreenCell shown = { 0 };
	short foreground = -1, background = -1;
	unsigned attributes = (unsigned)style->attributes;

	attributes |= (cell->style & CELL_BOLD ? A_BOLD : 0U) | (cell->style & CELL_UNDERLINE ? A_UNDERLINE : 0U);
	attributes ^= cell->style & CELL_REVERSE ? A_REVERSE : 0U;
	vterm_screen_get_cell(vterm_obtain_screen(vterm), (VTermPos){ .row = (int)row, .col = (int)col }, &shown);
	uint32_t first = 0;
	(void)codepoint_read(cell->text, cell->length, &first);
	cr_assert_eq(shown.chars[0] ? shown.chars[0] : ' ', first, "%s, frame %llu: %zu, %zu: U+%04X", name,
		     (unsigned long long)number, row, col, shown.chars[0]);
	if (style->pair)
		pair_content((short)style->pair, &foreground, &background);
	bool blank = first == ' ' && !(attributes & (A_REVERSE | A_UNDERLINE));
	cr_assert(shown.width == cell->width && shown.attrs.reverse == !!(attributes & A_REVERSE) &&
			  has_colour(&shown.bg, background, VTERM_COLOR_IS_DEFAULT_BG(&shown.bg)) &&
			  (blank || (shown.attrs.bold == !!(attributes & A_BOLD) &&
				     has_colour(&shown.fg, foreground, VTERM_COLOR_IS_DEFAULT_FG(&shown.fg)))),
		  "%s, frame %llu: %zu, %zu: another style", name, (unsigned long long)number, row, col);
}

/* Random frames; the estimate of their bytes is neither too low nor far too high. */
static void try_frames(const char *name, const char *theme, uint64_t seed, size_t count)
{
	close_type();
	open_type(name, theme);
	VTerm *vterm = shown();
	size_t bytes = 0;
	state = seed | 1;
	painted_screen.byte_count = 0;
	for (uint64_t number = 0; number < count; number++) {
		draw_frame(number);
		(void)frame();
		bytes += out.len;
		show(vterm);
		for (size_t row = 0; row < ROWS; row++)
			for (size_t col = 0; col < COLS; col++)
				if (surface_cell(&surface, row, col)->width)
					expect_cell(vterm, row, col, name, number);
	}
	vterm_free(vterm);
	cr_expect(painted_screen.byte_count >= bytes && painted_screen.byte_count < 8 * bytes, "%s: %zu of %zu", name,
		  painted_screen.byte_count, bytes);
}

Test(paint, the_terminal_shows_each_cell_as_it_is_drawn)
{
	static const char *const names[] = { "xterm-256color",	"tmux-256color",
					     "screen-256color", "rxvt-unicode-256color",
					     "xterm",		"linux",
					     "vt100",		"vt220" };
	static const char *const themes[] = { "dark", "terminal", "mono", "light" };
	size_t count = test_is_long() ? 5000 : 60, types = sizeof names / sizeof *names;
	uint64_t seed = test_seed();

	for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
		for (size_t type_at = 0; type_at < types; type_at++)
			try_frames(names[type_at], themes[i], seed += 2, count);
	tried("%zu frames in each of %zu themes on %zu types, to seed %llu", count, sizeof themes / sizeof *themes,
	      types, (unsigned long long)seed);
}

/* On a terminal without rmam, curses fills the last cell by an insertion, which would split the character before it. */
Test(paint, no_character_is_split_before_the_last_cell)
{
	static const struct {
		const char *type, *shown;
	} cases[] = { { "xterm-256color", "\xe6\xb8\xaf" }, { "tmux-256color", "??" }, { "screen", "??" } };
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		close_type();
		open_type(cases[i].type, "dark");
		surface_begin(&surface, 3, 10);
		surface_put(&surface, 2, 0, 10, THEME_TEXT, "1234567\xe6\xb8\xafx");
		cr_expect(strstr(frame(), cases[i].shown), "%s: %s", cases[i].type, out.buf);
		surface_put(&surface, 2, 0, 10, THEME_TEXT, "12345\xe6\xb8\xaf\xe6\xb8\xaf.");
		cr_expect(strstr(frame(), "\xe6\xb8\xaf"), "%s: %s", cases[i].type, out.buf);
	}
}

/* A terminal without colours gets no colours; one that cannot underline coloured text gets no underlining. */
Test(paint, what_a_terminal_lacks_is_not_sent)
{
	close_type();
	open_type("vt220", "dark");
	cr_expect_eq(type.colours, 0);
	one_row("x");
	surface_restyle(&surface, (struct box){ 1, 0, 1, 1 }, THEME_DANGER, CELL_UNDERLINE);
	cr_expect_null(strstr(frame(), "38;5"));
	cr_expect(strstr(out.buf, ";4m"), "underlined: %s", out.buf);
	close_type();
	open_type("linux", "dark");
	surface_restyle(&surface, (struct box){ 1, 0, 1, 1 }, THEME_DANGER, CELL_UNDERLINE);
	cr_expect_null(strstr(frame(), ";4m"), "its underlined text is another colour");
}

/* The alternate screen, colours and movements of a VT52 differ from ANSI. */
Test(paint, another_kind_of_terminal_gets_no_sequence_of_ansi)
{
	close_type();
	open_type("vt52", "dark");
	cr_expect_not(type.is_ansi);
	one_row("Harbour Lights Ltd");
	cr_expect(strstr(frame(), "Harbour Lights Ltd"));
	cr_expect_null(strstr(out.buf, "\033["), "%s", out.buf);
}

static void handler(int number)
{
	(void)number;
}

/* curses installs handlers that end or stop the program, and sets SIGTSTP at each frame. */
Test(paint, the_handlers_of_signals_stay_the_programs)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
	void (*const ours[])(int) = { SIG_DFL, handler, SIG_IGN };
	struct sigaction action = { 0 };
	for (size_t own = 0; own < sizeof ours / sizeof *ours; own++) {
		close_type();
		action.sa_handler = ours[own];
		for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
			cr_assert_eq(sigaction(numbers[i], &action, NULL), 0);
		open_type("xterm-256color", "dark");
		one_row("x");
		(void)frame();
		for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
			struct sigaction now;
			cr_assert_eq(sigaction(numbers[i], NULL, &now), 0);
			if (numbers[i] == SIGTSTP)
				cr_expect(now.sa_handler != SIG_IGN && now.sa_handler != SIG_DFL,
					  "an editor would inherit that it is ignored");
			else
				cr_expect_eq(now.sa_handler, ours[own], "%d", numbers[i]);
		}
		painted_close(&painted_screen);
		cr_assert_eq(sigaction(SIGTSTP, NULL, &action), 0);
		cr_expect_eq(action.sa_handler, ours[own]);
		(void)fclose(written);
		terminal_type_close(&type);
		open_type("xterm-256color", "dark");
	}
}

Test(paint, an_unknown_terminal_is_said_to_be_one)
{
	struct terminal_type none;
	cr_assert_eq(setenv("TERM", "no-such-terminal", 1), 0);
	cr_expect_not(terminal_type_open(&none));
	terminal_type_close(&none);
	cr_assert_eq(setenv("TERM", "dumb", 1), 0);
	cr_expect_not(terminal_type_open(&none), "its cursor cannot be placed");
	terminal_type_close(&none);
}
