#include "colour.h"

#include <stdlib.h>
#include <string.h>

#define COLOUR_CUBE_FIRST 16

/* For terminals with 8 or 16 colours: */
#define BASIC_COLOUR_COUNT 8
#define BRIGHT_OFFSET 8 /* offset from the number of a basic colour to the number of its bright form */
#define GREY 8
#define WHITE 7
/* A colour counts as grey if its strongest and weakest part differ by less than this, or by less than a quarter of
 * the strongest part */
#define GREY_SPAN 48
#define DARK_BACKGROUND_MAX 650 /* lightness in ten-thousandths; a darker background becomes black */
#define CONTRAST_MIN 300	/* minimum contrast of a text, in hundredths (WCAG 2.1 for large text and signs) */
#define TEXT_CONTRAST_MIN 700	/* minimum contrast of body text, if any colour has this contrast */
#define BORDER_CONTRAST_MIN 130 /* minimum contrast of lines, which contain no text */
#define TAKEN_COLOUR_COST 260	/* cost added to a colour that another role of the same group already has */

static int square(int value)
{
	return value * value;
}

/* The squared distance between two colours 0xRRGGBB. */
static int colour_distance(int32_t a, int32_t b)
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

/* The number (16 to 255) of the colour that is nearest to this RGB value. */
static int nearest_cube_colour(int32_t rgb)
{
	int best = COLOUR_CUBE_FIRST, best_distance = colour_distance(rgb, colour_cube_rgb(COLOUR_CUBE_FIRST));
	/* The first sixteen colours are not used, since users can change them. */
	for (int i = COLOUR_CUBE_FIRST + 1; i < COLOUR_PALETTE_SIZE; i++) {
		int d = colour_distance(rgb, colour_cube_rgb(i));
		if (d < best_distance) {
			best = i;
			best_distance = d;
		}
	}
	return best;
}

static int32_t fixed_palette_colour(int32_t colour)
{
	return colour < 0 || colour >= THEME_COLOUR_ANSI ? colour : THEME_COLOUR_ANSI + nearest_cube_colour(colour);
}

/* Reduces a theme to 8 or 16 colours. Chooses the background first, by its lightness; then the foreground, by its
 * hue, among the colours that are readable on this background. */

/* The sixteen colours of xterm, with their lightness in ten-thousandths (WCAG 2.1, relative luminance). */
static const struct {
	int32_t rgb;
	int light;
} basic[THEME_COLOUR_ANSI_COUNT] = {
	{ 0x000000, 0 },    { 0xcd0000, 1298 }, { 0x00cd00, 4366 }, { 0xcdcd00, 5663 },
	{ 0x0000ee, 617 },  { 0xcd00cd, 1738 }, { 0x00cdcd, 4806 }, { 0xe5e5e5, 7837 },
	{ 0x7f7f7f, 2122 }, { 0xff0000, 2126 }, { 0x00ff00, 7152 }, { 0xffff00, 9278 },
	{ 0x5c5cff, 1715 }, { 0xff00ff, 2848 }, { 0x00ffff, 7874 }, { 0xffffff, 10000 },
};

/* Groups of roles. If two roles of a group differ in the theme, they must differ with few colours, too. The most
 * important roles come first. */
#define GROUP_MAX 7
static const struct {
	enum theme_role roles[GROUP_MAX];
	size_t count;
} groups[] = {
	{ { THEME_TEXT, THEME_DANGER, THEME_WARNING, THEME_OK, THEME_ACCENT, THEME_MARK, THEME_MUTED }, 7 },
	{ { THEME_REJECTED, THEME_MANUAL_REVIEW, THEME_APPROVED, THEME_REMEDIATION, THEME_COMPLETED, THEME_PENDING,
	    THEME_INCOMPLETE },
	  7 },
	{ { THEME_FOOTER, THEME_KEY }, 2 },
	{ { THEME_TEXT, THEME_SELECTION, THEME_FIELD }, 3 },
};

static int colour_channel(int32_t rgb, int which)
{
	return (int)(rgb >> (16 - 8 * which) & 255);
}

/* The highest and the lowest of the three parts red, green and blue. */
static void channel_range(int32_t rgb, int *most, int *least)
{
	*most = 0;
	*least = 255;
	for (int i = 0; i < 3; i++) {
		*most = colour_channel(rgb, i) > *most ? colour_channel(rgb, i) : *most;
		*least = colour_channel(rgb, i) < *least ? colour_channel(rgb, i) : *least;
	}
}

static bool is_grey(int32_t rgb)
{
	int most, least;
	channel_range(rgb, &most, &least);
	return most - least < GREY_SPAN || most - least < most / 4;
}

/* Lightness in ten-thousandths. The parts are squared, which is close enough to the curve of a screen. */
static int rgb_lightness(int32_t rgb)
{
	static const int weights[3] = { 2126, 7152, 722 };
	int64_t sum = 0;
	for (int i = 0; i < 3; i++)
		sum += (int64_t)weights[i] * colour_channel(rgb, i) * colour_channel(rgb, i);
	return (int)(sum / (255 * 255));
}

/* Hue as bits: red 1, green 2, blue 4; a bit is set if this part of the colour is strong. */
static int hue_bits(int32_t rgb)
{
	int most, least, bits = 0;
	channel_range(rgb, &most, &least);
	for (int i = 0; i < 3; i++)
		bits |= colour_channel(rgb, i) > (most + least) / 2 ? 1 << i : 0;
	return bits;
}

static bool is_neutral(int colour)
{
	return colour % BASIC_COLOUR_COUNT == 0 || colour % BASIC_COLOUR_COUNT == WHITE;
}

static int basic_colour_contrast(int one, int other)
{
	int a = basic[one].light + 500, b = basic[other].light + 500;
	return a > b ? a * 100 / b : b * 100 / a;
}

/* Whether text in this colour stays readable if it is bold: many terminals show bold text in the bright form of the
 * first eight colours. */
static bool is_readable_if_bold(int colour, int ground)
{
	return colour >= BASIC_COLOUR_COUNT || basic_colour_contrast(colour + BRIGHT_OFFSET, ground) >= CONTRAST_MIN;
}

static int nearest_grey(int light, int count)
{
	static const int greys[] = { 0, WHITE, GREY, WHITE + BRIGHT_OFFSET };
	int best = 0;
	for (size_t i = 1; i < (count < THEME_COLOUR_ANSI_COUNT ? 2 : 4); i++)
		if (abs(basic[greys[i]].light - light) < abs(basic[best].light - light))
			best = greys[i];
	return best;
}

static int background_of(int32_t rgb, int count)
{
	int light = rgb_lightness(rgb);
	if (light < DARK_BACKGROUND_MAX)
		return 0;
	return is_grey(rgb) ? nearest_grey(light, count) : hue_bits(rgb);
}

/* How much a colour of the terminal differs from the colour of the theme: a different hue counts much, a different
 * brightness little. */
static int colour_cost(int colour, int32_t rgb)
{
	int differs = 0, bits = colour % BASIC_COLOUR_COUNT ^ hue_bits(rgb);
	/* The result is below 100, so that it only decides between equal hues */
	int distance = colour_distance(rgb, basic[colour].rgb) / 2000;
	for (int i = 0; i < 3; i++)
		differs += bits >> i & 1;
	if (is_grey(rgb))
		return is_neutral(colour) ? abs(basic[colour].light - rgb_lightness(rgb)) / 100 : 1000 + distance;
	return (is_neutral(colour) ? 250 : 100 * differs) + distance;
}

/* The colour with the lowest cost that has a contrast of at least `least`; negative: none. */
static int best_contrasting_colour(int ground, int32_t rgb, int least, unsigned taken, int count)
{
	int best = -1, best_cost = 0;
	for (int i = 0; i < count; i++) {
		int now = colour_cost(i, rgb) + (taken >> i & 1 ? TAKEN_COLOUR_COST : 0);
		if (basic_colour_contrast(i, ground) < least || (best >= 0 && now >= best_cost))
			continue;
		best = i;
		best_cost = now;
	}
	return best;
}

static bool is_rgb(int32_t colour)
{
	return colour >= 0 && colour < THEME_COLOUR_ANSI;
}

static int ansi_colour_number(int32_t colour)
{
	return (int)(colour - THEME_COLOUR_ANSI);
}

static bool is_same_style(const struct theme_style *a, const struct theme_style *b)
{
	return a->foreground == b->foreground && a->background == b->background && a->bold == b->bold &&
	       a->dim == b->dim && a->underline == b->underline && a->reverse == b->reverse && a->italic == b->italic;
}

/* Used if another role of the group has the same style already: makes grey text dim, and other text underlined. */
static void change_taken_style(struct theme_style *style, bool grey, unsigned step)
{
	style->dim = grey && step < 2;
	style->underline = !grey || step;
	style->italic = step > 1 && step % 2;
}

/* The roles of a group that already have a style. If another role looks different in the theme, it must not get the
 * same style. */
struct peer_roles {
	const struct theme *theme;
	const struct theme_style *styles; /* chosen styles */
	const enum theme_role *roles;
	size_t count;
};

static bool is_style_taken(const struct peer_roles *peer_roles, enum theme_role role, const struct theme_style *style)
{
	for (size_t i = 0; i < peer_roles->count; i++)
		if (is_same_style(style, &peer_roles->styles[peer_roles->roles[i]]) &&
		    !is_same_style(&peer_roles->theme->styles[role], &peer_roles->theme->styles[peer_roles->roles[i]]))
			return true;
	return false;
}

/* The colours that count as the same hue as this colour, as bits: red and bright red do, white and grey do not. */
static unsigned same_hue_colour_bits(int colour)
{
	if (is_neutral(colour))
		return 1U << colour;
	return 1U << colour % BASIC_COLOUR_COUNT | 1U << (colour % BASIC_COLOUR_COUNT + BRIGHT_OFFSET);
}

static unsigned taken_colour_bits(const struct peer_roles *peer_roles, enum theme_role role)
{
	unsigned taken = 0;
	for (size_t i = 0; i < peer_roles->count; i++) {
		const struct theme_style *chosen = &peer_roles->styles[peer_roles->roles[i]];
		const struct theme_style *meant = &peer_roles->theme->styles[peer_roles->roles[i]];
		if (chosen->foreground >= THEME_COLOUR_ANSI &&
		    meant->foreground != peer_roles->theme->styles[role].foreground)
			taken |= same_hue_colour_bits(ansi_colour_number(chosen->foreground));
	}
	return taken;
}

static int minimum_contrast(enum theme_role role)
{
	if (role == THEME_BORDER)
		return BORDER_CONTRAST_MIN;
	return role == THEME_TEXT || role == THEME_HEADER || role == THEME_FOOTER ? TEXT_CONTRAST_MIN : CONTRAST_MIN;
}

/* Chooses a foreground that is readable on the background `ground`; at least black or white is readable on any
 * background. */
static int choose_foreground(const struct peer_roles *peer_roles, enum theme_role role, int ground, int count)
{
	int32_t rgb = peer_roles->theme->styles[role].foreground;
	unsigned taken = taken_colour_bits(peer_roles, role);
	int best = best_contrasting_colour(ground, rgb, minimum_contrast(role), taken, count);
	return best < 0 ? best_contrasting_colour(ground, rgb, CONTRAST_MIN, taken, count) : best;
}

static void pick_style(const struct peer_roles *peer_roles, enum theme_role role, int count, struct theme_style *style)
{
	const struct theme_style *meant = &peer_roles->theme->styles[role];
	*style = *meant;
	if (is_rgb(meant->background))
		style->background = THEME_COLOUR_ANSI + background_of(meant->background, count);
	/* If the background is the terminal's own, its colour is unknown: a foreground for black is chosen. */
	int ground = style->background >= THEME_COLOUR_ANSI ? ansi_colour_number(style->background) : 0;
	if (is_rgb(meant->foreground))
		style->foreground = THEME_COLOUR_ANSI + choose_foreground(peer_roles, role, ground, count);
	if (style->foreground >= THEME_COLOUR_ANSI && style->background >= THEME_COLOUR_ANSI)
		style->bold &= is_readable_if_bold(ansi_colour_number(style->foreground), ground);
	if (role == THEME_SELECTION && style->background == peer_roles->styles[THEME_TEXT].background &&
	    meant->background != peer_roles->theme->styles[THEME_TEXT].background)
		style->reverse = true;
	struct theme_style plain = *style;
	for (unsigned step = 0; step < 4 && is_style_taken(peer_roles, role, style); step++) {
		*style = plain;
		change_taken_style(
			style, is_rgb(meant->foreground) && is_grey(meant->foreground) && role != THEME_FIELD, step);
	}
}

/* Does the work of colour_reduce_theme() for 8 or 16 colours. */
static void reduce_to_few_colours(const struct theme *theme, int count, struct theme_style styles[THEME_ROLE_COUNT])
{
	bool done[THEME_ROLE_COUNT] = { false };
	struct peer_roles peer_roles = { .theme = theme, .styles = styles };
	for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
		peer_roles.roles = groups[g].roles;
		for (peer_roles.count = 0; peer_roles.count < groups[g].count; peer_roles.count++) {
			enum theme_role role = groups[g].roles[peer_roles.count];
			if (!done[role])
				pick_style(&peer_roles, role, count, &styles[role]);
			done[role] = true;
		}
	}
	peer_roles.count = 0;
	for (int role = 0; role < THEME_ROLE_COUNT; role++)
		if (!done[role])
			pick_style(&peer_roles, (enum theme_role)role, count, &styles[role]);
}

void colour_reduce_theme(const struct theme *theme, int count, struct theme_style styles[THEME_ROLE_COUNT])
{
	if (count < COLOUR_PALETTE_SIZE) {
		reduce_to_few_colours(theme, count < THEME_COLOUR_ANSI_COUNT ? 8 : THEME_COLOUR_ANSI_COUNT, styles);
		return;
	}
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		styles[role] = theme->styles[role];
		styles[role].foreground = fixed_palette_colour(styles[role].foreground);
		styles[role].background = fixed_palette_colour(styles[role].background);
	}
}

static int colour_index(int32_t colour, const struct terminal_type *type, bool direct_rgb, attr_t *attributes)
{
	if (colour == THEME_COLOUR_DEFAULT)
		return -1;
	if (colour >= THEME_COLOUR_ANSI) {
		int number = (int)(colour - THEME_COLOUR_ANSI);
		if (number < 8 || (!direct_rgb && type->colours > number))
			return number;
		*attributes |= A_BOLD; /* if the terminal has eight colours, bold text is shown as bright */
		return number - 8;
	}
	/* With direct colour, the values 0 to 7 mean the basic colours, so an RGB value below 8 becomes 8, which
	 * looks the same. */
	return colour < 8 ? 8 : (int)colour;
}

static attr_t style_attributes(const struct theme_style *style)
{
	return (style->bold ? A_BOLD : 0U) | (style->dim ? A_DIM : 0U) | (style->underline ? A_UNDERLINE : 0U) |
	       (style->reverse ? A_REVERSE : 0U) | (style->italic ? A_ITALIC : 0U);
}

void colour_prepare(const struct theme *theme, bool no_color, const struct terminal_type *type,
		    struct colour_style styles[THEME_ROLE_COUNT])
{
	bool colours = !no_color && type->colours > 0;
	bool direct_rgb = colours && type->direct_rgb && type->colours > COLOUR_PALETTE_SIZE;
	struct theme_style shown[THEME_ROLE_COUNT];
	memcpy(shown, theme->styles, sizeof shown);
	if (colours && !direct_rgb)
		colour_reduce_theme(theme, type->colours, shown);
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		const struct theme_style *style = &shown[role];
		attr_t attributes = style_attributes(style);
		int foreground = -1, background = -1;
		if (colours) {
			attr_t none = 0; /* not used: only a foreground colour can add an attribute (bold) */
			foreground = colour_index(style->foreground, type, direct_rgb, &attributes);
			background = colour_index(style->background, type, direct_rgb, &none);
			/* With eight colours, foreground and background may become the same colour: reverse video
			 * then replaces both colours. */
			if (foreground == background && style->foreground != style->background) {
				foreground = background = -1;
				attributes |= A_REVERSE;
			}
		} else if (role == THEME_SELECTION) {
			attributes |= A_REVERSE;
		}
		/* Two default colours are no pair: curses drops attributes that cannot be combined with colours. */
		bool has_pair = (foreground >= 0 || background >= 0) &&
				init_extended_pair(role + 1, foreground, background) == OK;
		styles[role] = (struct colour_style){ attributes, has_pair ? role + 1 : 0, has_pair ? background : -1 };
	}
}
