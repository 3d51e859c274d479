#include "colour.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <string.h>
#include <term.h>

static int square(int value)
{
	return value * value;
}

int colour_distance(int32_t a, int32_t b)
{
	return square((a >> 16 & 255) - (b >> 16 & 255)) + square((a >> 8 & 255) - (b >> 8 & 255)) +
	       square((a & 255) - (b & 255));
}

int32_t colour_cube_rgb(int index)
{
	static const int steps[6] = { 0, 95, 135, 175, 215, 255 };
	if (index >= 232) {
		int grey = 8 + (index - 232) * 10;
		return grey << 16 | grey << 8 | grey;
	}
	index -= 16;
	return steps[index / 36] << 16 | steps[index / 6 % 6] << 8 | steps[index % 6];
}

/* Index of the nearest of colours 16 to 255. */
static int colour_nearest(int32_t rgb)
{
	int best = COLOUR_CUBE, best_distance = colour_distance(rgb, colour_cube_rgb(COLOUR_CUBE));
	/* Users change the first sixteen colours: only the others are fixed. */
	for (int i = COLOUR_CUBE + 1; i < COLOUR_MANY; i++) {
		int d = colour_distance(rgb, colour_cube_rgb(i));
		if (d < best_distance) {
			best = i;
			best_distance = d;
		}
	}
	return best;
}

static int32_t fixed(int32_t colour)
{
	return colour < 0 || colour >= THEME_COLOUR_OWN ? colour : THEME_COLOUR_OWN + colour_nearest(colour);
}

void colour_reduce(const struct theme *theme, int count, struct theme_style styles[THEME_ROLE_COUNT])
{
	if (count < COLOUR_MANY) {
		colour_few(theme, count < THEME_COLOUR_OWN_COUNT ? 8 : THEME_COLOUR_OWN_COUNT, styles);
		return;
	}
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		styles[role] = theme->styles[role];
		styles[role].foreground = fixed(styles[role].foreground);
		styles[role].background = fixed(styles[role].background);
	}
}

/* Never changes the terminal's palette: the change would outlive the program and affect other windows. */
static int colour_index(int32_t colour, bool direct, attr_t *attributes)
{
	if (colour == THEME_COLOUR_DEFAULT)
		return -1;
	if (colour >= THEME_COLOUR_OWN) {
		int number = (int)(colour - THEME_COLOUR_OWN);
		if (number < 8 || (!direct && COLORS > number))
			return number;
		*attributes |= A_BOLD; /* with eight colours, bold is bright */
		return number - 8;
	}
	return colour < 8 ? 8 : (int)colour; /* direct colour: the lowest eight values mean the basic colours */
}

static attr_t style_attributes(const struct theme_style *style)
{
	attr_t attributes = A_NORMAL;
	if (style->bold)
		attributes |= A_BOLD;
	if (style->dim)
		attributes |= A_DIM;
	if (style->underline)
		attributes |= A_UNDERLINE;
	if (style->reverse)
		attributes |= A_REVERSE;
	if (style->italic)
		attributes |= A_ITALIC;
	return attributes;
}

void colour_prepare(const struct theme *theme, bool no_color, struct colour_style styles[THEME_ROLE_COUNT])
{
	bool colours = !no_color && has_colors() && start_color() == OK;
	if (colours)
		use_default_colors();
	bool direct = colours && tigetflag("RGB") > 0 && COLORS > COLOUR_MANY;
	struct theme_style shown[THEME_ROLE_COUNT];
	memcpy(shown, theme->styles, sizeof shown);
	if (colours && !direct)
		colour_reduce(theme, COLORS, shown);
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		const struct theme_style *style = &shown[role];
		attr_t attributes = style_attributes(style);
		styles[role] = (struct colour_style){ .background = -1 };
		if (colours) {
			int foreground = colour_index(style->foreground, direct, &attributes);
			attr_t none = A_NORMAL; /* bright applies to the foreground, not to the background */
			int background = colour_index(style->background, direct, &none);
			/* With eight colours, two distinct ones may coincide: reverse replaces the difference. */
			if (foreground == background && style->foreground != style->background) {
				foreground = background = -1;
				attributes |= A_REVERSE;
			}
			if (role + 1 < COLOR_PAIRS && init_extended_pair(role + 1, foreground, background) == OK) {
				styles[role].pair = role + 1;
				styles[role].background = background;
			}
		} else if (role == THEME_SELECTION) {
			attributes |= A_REVERSE;
		}
		styles[role].attributes = attributes;
	}
}
