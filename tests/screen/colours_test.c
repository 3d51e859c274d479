/* Themes on a terminal with eight colours: all text has enough contrast to its background. */
#include "bench.h"
#include "support/contrast.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	bench_open(&bench);
	bench_import_samples(&bench);
	bench_environment(&bench, "TERM=xterm");
}
TestSuite(screen_colours, .init = set_up, .fini = bench_tear_down);

/* Lines, blocks and some shapes (U+2500 to U+25BF) are not text. */
static bool is_ornament(const char *text)
{
	return (unsigned char)text[0] == 0xe2 &&
	       ((unsigned char)text[1] == 0x94 || (unsigned char)text[1] == 0x95 || (unsigned char)text[1] == 0x96);
}

static void all_is_read(const char *theme, const char *where)
{
	int rows, cols;
	RESTS(terminal);
	terminal_size(terminal, &rows, &cols);
	size_t seen = 0;
	for (int row = 0; row < rows; row++)
		for (int col = 0; col < cols; col++) {
			struct terminal_cell cell;
			terminal_cell(terminal, row, col, &cell);
			if (!cell.text[0] || cell.text[0] == ' ' || is_ornament(cell.text))
				continue;
			cr_assert(cell.foreground >= 0 && cell.foreground < 8 && cell.background >= 0 &&
					  cell.background < 8,
				  "%s, %s: '%s' in %d on %d", theme, where, cell.text, cell.foreground,
				  cell.background);
			double ratio = colour_contrast(xterm_colours[cell.foreground], xterm_colours[cell.background]);
			cr_expect(ratio >= 3, "%s, %s: '%s' in row %d has %.2f:\n%s", theme, where, cell.text, row,
				  ratio, terminal_row(terminal, row));
			seen++;
		}
	cr_expect_gt(seen, 300, "%s, %s: %zu", theme, where, seen);
}

static void visits(const char *theme)
{
	char config[64];
	snprintf(config, sizeof config, "{\"theme\": \"%s\"}", theme);
	bench_configure(&bench, config);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Crescent");
	all_is_read(theme, "the list");
	CLOSES(terminal, "/sable\r", "Juniper");
	TYPES(terminal, "\r", "1 Summary");
	TYPES(terminal, "4", "watchlist");
	all_is_read(theme, "a case");
	TYPES(terminal, "r", "Confirmed sanctions match");
	all_is_read(theme, "a dialog");
	TYPES(terminal, "?", "Every key");
	all_is_read(theme, "the help");
}

Test(screen_colours, solarized_dark_with_eight)
{
	visits("solarized-dark");
}

Test(screen_colours, light_with_eight)
{
	visits("light");
}

Test(screen_colours, high_contrast_with_eight)
{
	visits("high-contrast");
}

static int ground_of_default(const char *type)
{
	struct terminal_cell cell;
	bench_environment(&bench, type);
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "Crescent");
	RESTS(terminal);
	terminal_cell(terminal, 2, 0, &cell);
	return cell.background;
}

Test(screen_colours, the_default_is_dark_with_256)
{
	cr_expect_eq(ground_of_default("TERM=xterm-256color"), 234);
}

Test(screen_colours, the_default_is_the_terminal_s_own_with_eight)
{
	cr_expect_eq(ground_of_default("TERM=xterm"), -1);
}

static void expect_ground(int colour)
{
	struct terminal_cell cell;
	RESTS(terminal);
	terminal_cell(terminal, 2, 0, &cell);
	cr_expect_eq(cell.background, colour, "%d:\n%s", cell.background, terminal_screen(terminal));
}

/* The background of plain text: 234 in dark, 231 in light. */
Test(screen_colours, a_theme_is_tried_and_kept)
{
	cr_expect_eq(ground_of_default("TERM=xterm-256color"), 234);
	TYPES(terminal, ":theme lig", "Enter keeps it, 1 of 1");
	expect_ground(231);
	CLOSES(terminal, ESC, "Enter keeps it, 1 of 1");
	expect_ground(234);
	TYPES(terminal, ":theme lig", "Enter keeps it, 1 of 1");
	TYPES(terminal, "\r", "The theme light is saved");
	expect_ground(231);
	QUITS(terminal);
	terminal_free(terminal);
	cr_expect_eq(ground_of_default("TERM=xterm-256color"), 231, "the next run has it");
}
