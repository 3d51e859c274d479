/* The cells painted again: an unchanged cell costs a slow line nothing. */
#include "../../../src/tui/term/paint.h"
#include "tui_support.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>

static struct surface surface;
static struct painted painted;
static const struct colour_style styles[THEME_ROLE_COUNT];
static FILE *nowhere;
static SCREEN *screen;

static void open_nowhere(void)
{
	nowhere = fopen("/dev/null", "r+");
	cr_assert_not_null(nowhere);
	screen = newterm("xterm", nowhere, nowhere);
	cr_assert_not_null(screen);
	surface_init(&surface, TEXT_UTF8);
}

static void close_nowhere(void)
{
	painted_release(&painted);
	surface_release(&surface);
	endwin();
	delscreen(screen);
	(void)fclose(nowhere);
}

TestSuite(paint, .init = open_nowhere, .fini = close_nowhere);

static size_t dyed(size_t col, enum theme_role role)
{
	size_t before = painted.bytes;
	surface_begin(&surface, 3, 10);
	surface_put(&surface, 1, 2, 6, THEME_TEXT,
		    "a\xe6\xb8\xaf"
		    "b");
	surface_dye(&surface, (struct box){ 1, col, 1, 1 }, role, 0);
	painted_update(&painted, &surface, styles);
	return painted.bytes - before;
}

Test(paint, what_is_as_it_was_is_not_painted_again)
{
	cr_expect_gt(dyed(2, THEME_TEXT), 0);
	cr_expect_eq(dyed(2, THEME_TEXT), 0);
	cr_expect_gt(dyed(2, THEME_DANGER), 0);
	cr_expect_eq(dyed(2, THEME_DANGER), 0);
}

/* The terminal takes the style of both halves from the character. */
Test(paint, a_wide_characters_right_half_is_no_reason_of_its_own)
{
	(void)dyed(2, THEME_TEXT);
	cr_expect_eq(dyed(4, THEME_DANGER), 0);
	cr_expect_gt(dyed(3, THEME_DANGER), 0);
}
