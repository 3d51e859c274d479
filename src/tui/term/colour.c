#include "colour.h"

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#define GREY_SPAN 48 /* between the strongest and the weakest part: less is no colour */

static int square(int value)
{
	return value * value;
}

static int distance(int32_t a, int32_t b)
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

static int highest(int a, int b, int c)
{
	return a > b ? (a > c ? a : c) : (b > c ? b : c);
}

/* With few colours the hue says more than the distance: red stays red, however pale. */
static int nearest_basic(int32_t rgb, int count)
{
	int red = rgb >> 16 & 255, green = rgb >> 8 & 255, blue = rgb & 255;
	int most = highest(red, green, blue), least = -highest(-red, -green, -blue), middle = (most + least) / 2;
	if (most - least < GREY_SPAN) {
		if (count < 16)
			return middle < 128 ? COLOR_BLACK : COLOR_WHITE;
		return middle < 72 ? COLOR_BLACK : middle < 170 ? 8 : middle < 240 ? COLOR_WHITE : 15;
	}
	int hue = (red > middle ? 1 : 0) + (green > middle ? 2 : 0) + (blue > middle ? 4 : 0);
	return count >= 16 && most > 215 ? hue + 8 : hue;
}

int colour_nearest(int32_t rgb, int count)
{
	if (count < 256)
		return nearest_basic(rgb, count);
	int best = 16, best_distance = distance(rgb, colour_cube_rgb(16));
	/* The first sixteen are the user's taste: only the fixed ones are sure. */
	for (int i = 17; i < 256; i++) {
		int d = distance(rgb, colour_cube_rgb(i));
		if (d < best_distance) {
			best = i;
			best_distance = d;
		}
	}
	return best;
}

/* Never by writing the terminal's palette: what was changed there would stay after the program, in every other window. */
static int colour_index(int32_t colour, bool direct, attr_t *attributes)
{
	if (colour == THEME_COLOUR_DEFAULT)
		return -1;
	if (colour >= THEME_COLOUR_OWN) {
		int number = (int)(colour - THEME_COLOUR_OWN);
		if (number < 8 || (!direct && COLORS >= 16))
			return number;
		*attributes |= A_BOLD; /* where there are eight, bold is bright */
		return number - 8;
	}
	if (direct)
		return colour < 8 ? 8 : (int)colour; /* the lowest eight mean the basic colours there */
	return colour_nearest(colour, COLORS >= 256 ? 256 : COLORS >= 16 ? 16 : 8);
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
	bool direct = colours && tigetflag("RGB") > 0 && COLORS > 256;
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		const struct theme_style *style = &theme->styles[role];
		attr_t attributes = style_attributes(style);
		styles[role].pair = 0;
		if (colours) {
			int foreground = colour_index(style->foreground, direct, &attributes);
			attr_t none = A_NORMAL; /* bright is said of what is written, not of its ground */
			int background = colour_index(style->background, direct, &none);
			/* Few colours can make text and ground the same: then reversed says what colour can't. */
			if (foreground == background && style->foreground != style->background) {
				foreground = background = -1;
				attributes |= A_REVERSE;
			}
			if (role + 1 < COLOR_PAIRS && init_extended_pair(role + 1, foreground, background) == OK)
				styles[role].pair = role + 1;
		} else if (role == THEME_SELECTION) {
			attributes |= A_REVERSE;
		}
		styles[role].attributes = attributes;
	}
}
