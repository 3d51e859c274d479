/* Tests the bytes of a frame: an unchanged frame needs no bytes, and a frame is displayed correctly after any other. */
#include "../../../src/tui/term/paint.h"
#include "kybdesk/base/file.h"
#include "support/tried.h"
#include "tui_support.h"

#include <locale.h>
#include <vterm.h>

#define ROWS 9
#define COLS 34
#define WIDE_END ((uint32_t)-1) /* the second column of a wide character, in libvterm's cells */

static struct surface surface;
static struct painted_screen painted_screen;
static struct terminal_type type;
static struct colour_style styles[THEME_ROLE_COUNT];
static struct strbuf out = STRBUF_INIT;
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
	colour_prepare(theme, false, &type, styles);
	strbuf_release(&text);
}

/* A user's own theme may combine any colours. */
static void mix_styles(uint64_t seed)
{
	static const int32_t colours[] = { THEME_COLOUR_DEFAULT, THEME_COLOUR_ANSI + 1, THEME_COLOUR_ANSI + 12,
					   0x204060 };
	struct theme theme = { .name = "own" };
	for (size_t role = 0; role < THEME_ROLE_COUNT; role++, seed = seed / 3 + role * 41)
		theme.styles[role] = (struct theme_style){ .foreground = colours[seed % 4],
							   .background = colours[seed / 4 % 4],
							   .bold = seed % 3 == 1,
							   .reverse = seed % 5 == 1 };
	colour_prepare(&theme, false, &type, styles);
}

static void close_type(void)
{
	painted_release(&painted_screen);
	terminal_type_close(&type);
}

static void open_xterm(void)
{
	/* paint.c writes only a character that has the same width in the C library. */
	cr_assert(setlocale(LC_CTYPE, "C.UTF-8"));
	surface_init(&surface, TEXT_UTF8);
	open_type("xterm-256color", "dark");
}

static void close_all(void)
{
	close_type();
	surface_release(&surface);
	strbuf_release(&out);
	arena_release(&arena);
}

TestSuite(paint, .init = open_xterm, .fini = close_all);

static const char *frame(void)
{
	strbuf_reset(&out);
	painted_update(&painted_screen, &surface, &type, styles, &out);
	return out.buf;
}

static size_t dyed(size_t col, enum theme_role role)
{
	size_t before = painted_screen.byte_count;
	surface_begin(&surface, 3, 10);
	surface_put(&surface, 1, 2, 6, THEME_TEXT,
		    "a\xe6\xb8\xaf"
		    "b");
	surface_restyle(&surface, (struct box){ 1, col, 1, 1 }, role, 0);
	(void)frame();
	return painted_screen.byte_count - before;
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

static void expect_frame(const char *text, const char *expected)
{
	one_row(text);
	cr_expect_str_eq(frame(), expected);
}

#define HOME "\033[3;1H" /* moves the cursor to its place after the frame */

Test(paint, few_cells_are_written_again_in_place_of_a_movement)
{
	one_row("Harbour Lights Ltd");
	(void)frame();
	expect_frame("Harbour Nights Ltd", "\033[2;9HN" HOME);
	expect_frame("Marbour Lights Lto", "\033[2;1HM\033[2;9HL\033[2;18Ho" HOME);
	expect_frame("Harbaur Lights Lto", "\033[2;1HHarba" HOME);
}

Test(paint, marks_are_written_with_their_letter)
{
	one_row("Rene Ober");
	(void)frame();
	expect_frame("Rene\xcc\x81 Ober", "\033[2;4He\xcc\x81" HOME);
	expect_frame("Rene\xcc\x81\xcc\xa3 Ober", "\033[2;4He\xcc\x81\xcc\xa3" HOME);
}

Test(paint, the_rest_of_a_row_and_long_gaps_are_erased)
{
	one_row("Harbour Lights Ltd");
	(void)frame();
	expect_frame("Harbour", "\033[2;9H\033[K" HOME);
	expect_frame("Harbour Lights Ltd of Port", "\033[2;9HLights Ltd of Port" HOME);
	expect_frame("Harbour                 rt", "\033[2;9H\033[16X" HOME);
}

/* One sequence sets only the attributes that change. */
Test(paint, a_colour_that_is_set_is_not_sent_again)
{
	one_row("");
	(void)frame();
	surface_put(&surface, 1, 0, 3, THEME_DANGER, "a b");
	surface_put(&surface, 1, 3, 3, THEME_OK, " cd");
	(void)frame();
	const char *first = strstr(out.buf, "a b"), *second = first ? strstr(first, "cd") : NULL;
	cr_assert(first && second, "%s", out.buf);
	cr_expect_null(memchr(first, 'K', (size_t)(second - first)));
	cr_expect_eq(first[3], ' ', "a blank keeps the colour before it");
	cr_expect_eq(strncmp(first + 4, "\033[38;5;", 7), 0, "%s", first + 4);
	cr_expect_eq(second[-1], 'm');
	cr_expect_null(strstr(first, "48;5;"), "the background stays");
}

Test(paint, both_colours_are_one_sequence)
{
	one_row("");
	(void)frame();
	surface_put(&surface, 1, 0, 3, THEME_SELECTION, "a b");
	cr_expect(strstr(frame(), ";48;5;"), "%s", out.buf);
	cr_expect(strstr(out.buf, "ma b"), "%s", out.buf);
	cr_expect_null(strstr(out.buf, "m\033["), "%s", out.buf);
}

Test(paint, a_list_that_moved_by_a_row_is_scrolled)
{
	surface_begin(&surface, 12, 40);
	for (size_t row = 2; row < 10; row++)
		surface_put(&surface, row, 0, 40, THEME_TEXT, arena_printf(&arena, "case %zu", row));
	(void)frame();
	surface_begin(&surface, 12, 40);
	for (size_t row = 2; row < 10; row++)
		surface_put(&surface, row, 0, 40, THEME_TEXT, arena_printf(&arena, "case %zu", row + 1));
	cr_expect(strstr(frame(), "\033[3;10r\033[10;1H\n\033[1;12r"), "%s", out.buf);
	cr_expect(strstr(out.buf, "case 10"));
	cr_expect_null(strstr(out.buf, "case 9"));
}

/* A link is written completely, between "ESC ] 8" and its end; when the link is removed, its text is written again. */
Test(paint, a_link_is_written_with_its_text)
{
	const struct box box = { 1, 2, 1, 13 };
	painted_screen.supports_links = true;
	one_row("  https://x.ex/ by mail");
	(void)frame();
	surface_add_link(&surface, box, "https://x.ex/");
	cr_expect_str_eq(frame(), "\033[2;3H\033]8;;https://x.ex/\033\\https://x.ex/\033]8;;\033\\" HOME);
	cr_expect_str_eq(frame(), "");
	one_row("  https://x.ex/ by mail");
	cr_expect_str_eq(frame(), "\033[2;3Hhttps://x.ex/" HOME);
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

static bool same_colour(const VTermColor *a, const VTermColor *b)
{
	bool own = VTERM_COLOR_IS_DEFAULT_FG(a) || VTERM_COLOR_IS_DEFAULT_BG(a);
	bool other = VTERM_COLOR_IS_DEFAULT_FG(b) || VTERM_COLOR_IS_DEFAULT_BG(b);
	return own || other ? own == other : vterm_color_is_equal(a, b);
}

/* Whether the cell may be missing: the last character (1 or 2 cells) is not written if it would scroll the screen. */
static bool is_corner(size_t row, size_t col)
{
	return !type.no_corner_scroll && row + 1 == ROWS && col + 2 >= COLS;
}

static void expect_same(VTerm *one, VTerm *other, const char *name, uint64_t number)
{
	for (int row = 0; row < ROWS; row++)
		for (int col = 0; col < COLS; col++) {
			VTermScreenCell a = { 0 }, b = { 0 };
			VTermPos at = { .row = row, .col = col };
			if (is_corner((size_t)row, (size_t)col))
				continue;
			vterm_screen_get_cell(vterm_obtain_screen(one), at, &a);
			vterm_screen_get_cell(vterm_obtain_screen(other), at, &b);
			uint32_t x = a.chars[0] ? a.chars[0] : ' ', y = b.chars[0] ? b.chars[0] : ' ';
			bool blank = x == ' ' && !a.attrs.reverse && !a.attrs.underline;
			cr_assert_eq(x, y, "%s, frame %llu: %d, %d: U+%04X, U+%04X", name, (unsigned long long)number,
				     row, col, x, y);
			if (x == WIDE_END) /* libvterm keeps no style for this column */
				continue;
			cr_assert(a.width == b.width && a.chars[1] == b.chars[1] && same_colour(&a.bg, &b.bg) &&
					  a.attrs.reverse == b.attrs.reverse &&
					  a.attrs.underline == b.attrs.underline &&
					  (blank || (same_colour(&a.fg, &b.fg) && a.attrs.bold == b.attrs.bold &&
						     a.attrs.italic == b.attrs.italic)),
				  "%s, frame %llu: %d, %d: another style", name, (unsigned long long)number, row, col);
		}
}

static void expect_text(VTerm *vterm, const char *name, uint64_t number)
{
	for (size_t row = 0; row < ROWS; row++)
		for (size_t col = 0; col < COLS; col++) {
			const struct cell *cell = surface_cell(&surface, row, col);
			VTermScreenCell there = { 0 };
			VTermPos at = { .row = (int)row, .col = (int)col };
			vterm_screen_get_cell(vterm_obtain_screen(vterm), at, &there);
			if (cell->width && cell->length == 1 && !is_corner(row, col))
				cr_assert_eq(there.chars[0] ? there.chars[0] : ' ', (uint32_t)cell->text[0],
					     "%s, frame %llu: %zu, %zu", name, (unsigned long long)number, row, col);
		}
}

/* libvterm shows each frame after the previous frames exactly as it shows the frame on an empty screen. */
static void try_frames(const char *name, const char *theme, uint64_t seed, size_t count)
{
	struct painted_screen once = { 0 }, kept;
	close_type();
	open_type(name, theme);
	VTerm *one = shown();
	if (seed % 2)
		mix_styles(seed);
	state = seed | 1;
	for (uint64_t number = 0; number < count; number++) {
		VTerm *other = shown();
		draw_frame(number);
		(void)frame();
		show(one);
		expect_text(one, name, number);
		kept = painted_screen;
		painted_screen = once;
		(void)frame();
		show(other);
		painted_release(&painted_screen);
		painted_screen = kept;
		expect_same(one, other, name, number);
		vterm_free(other);
	}
	vterm_free(one);
}

Test(paint, the_terminal_shows_each_frame_after_any_other)
{
	static const char *const names[] = { "xterm-256color", "xterm",		  "linux", "vt220",
					     "tmux-256color",  "screen-256color", "ansi",  "vt100" };
	static const char *const themes[] = { "dark", "terminal", "mono", "light" };
	size_t count = test_is_long() ? 5000 : 60;
	uint64_t seed = test_seed();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (size_t t = 0; t < sizeof themes / sizeof *themes; t++)
			try_frames(names[i], themes[t], seed + i * 4 + t, count);
	tried("%zu frames on each of %zu terminals in each of %zu themes", count, sizeof names / sizeof *names,
	      sizeof themes / sizeof *themes);
}

/* tmux erases with its default background, so a coloured background is written as blanks. */
Test(paint, nothing_is_erased_in_a_colour_where_it_would_be_lost)
{
	one_row("Harbour Lights Ltd");
	(void)frame();
	one_row("H");
	cr_expect(strstr(frame(), "\033[K"));
	close_type();
	open_type("tmux-256color", "dark");
	one_row("Harbour Lights Ltd");
	(void)frame();
	cr_expect(strstr(out.buf, "Harbour Lights Ltd          "), "all cells are written");
	one_row("H");
	cr_expect_null(strstr(frame(), "\033[K"));
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
	cr_expect(strstr(out.buf, type.sequences[SEQUENCE_BOLD + 3]), "underlined");
	close_type();
	open_type("linux", "dark");
	surface_restyle(&surface, (struct box){ 1, 0, 1, 1 }, THEME_DANGER, CELL_UNDERLINE);
	cr_expect_null(strstr(frame(), type.sequences[SEQUENCE_BOLD + 3]), "its underlined text is another colour");
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
