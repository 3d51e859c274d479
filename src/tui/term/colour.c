#include "colour.h"

#include <stdio.h>
#include <string.h>

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
	/* Users can change the first sixteen colours; only the other colours are fixed. */
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

static int colour_index(int32_t colour, const struct terminal_type *type, bool direct, unsigned *attributes)
{
	if (colour == THEME_COLOUR_DEFAULT)
		return -1;
	if (colour >= THEME_COLOUR_OWN) {
		int number = (int)(colour - THEME_COLOUR_OWN);
		if (number < 8 || (!direct && type->colours > number))
			return number;
		*attributes |= ATTRIBUTE_BOLD; /* with eight colours, bold is bright */
		return number - 8;
	}
	return colour < 8 ? 8 : (int)colour; /* direct colour: the lowest eight values mean the basic colours */
}

static unsigned style_attributes(const struct theme_style *style)
{
	return (style->bold ? ATTRIBUTE_BOLD : 0U) | (style->dim ? ATTRIBUTE_DIM : 0U) |
	       (style->underline ? ATTRIBUTE_UNDERLINE : 0U) | (style->reverse ? ATTRIBUTE_REVERSE : 0U) |
	       (style->italic ? ATTRIBUTE_ITALIC : 0U);
}

static void keep_sequence(const struct terminal_type *type, enum sequence sequence, int number,
			  char out[COLOUR_BYTES])
{
	struct strbuf text = STRBUF_INIT;
	if (number >= 0)
		terminal_type_add(type, &text, sequence, (size_t)number, 0);
	(void)snprintf(out, COLOUR_BYTES, "%s", text.len < COLOUR_BYTES ? text.buf : "");
	strbuf_release(&text);
}

void colour_prepare(const struct theme *theme, bool no_color, const struct terminal_type *type,
		    struct colour_style styles[THEME_ROLE_COUNT])
{
	bool colours = !no_color && type->colours > 0;
	bool direct = colours && type->direct && type->colours > COLOUR_MANY;
	struct theme_style shown[THEME_ROLE_COUNT];
	memcpy(shown, theme->styles, sizeof shown);
	if (colours && !direct)
		colour_reduce(theme, type->colours, shown);
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		const struct theme_style *style = &shown[role];
		struct colour_style *out = &styles[role];
		*out = (struct colour_style){ .attributes = style_attributes(style),
					      .foreground = -1,
					      .background = -1 };
		if (colours) {
			unsigned none = 0; /* bright applies to the foreground, not to the background */
			out->foreground = colour_index(style->foreground, type, direct, &out->attributes);
			out->background = colour_index(style->background, type, direct, &none);
			/* With eight colours, two different colours may become the same: reverse video replaces the
			 * difference. */
			if (out->foreground == out->background && style->foreground != style->background) {
				out->foreground = out->background = -1;
				out->attributes |= ATTRIBUTE_REVERSE;
			}
		} else if (role == THEME_SELECTION) {
			out->attributes |= ATTRIBUTE_REVERSE;
		}
		keep_sequence(type, SEQUENCE_FOREGROUND, out->foreground, out->foreground_on);
		keep_sequence(type, SEQUENCE_BACKGROUND, out->background, out->background_on);
	}
}
