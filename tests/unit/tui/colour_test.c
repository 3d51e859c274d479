/* Themes on terminals with fewer colours: all text is readable, and differences stay visible. */
#include "../../../src/tui/term/colour.h"
#include "kybdesk/base/file.h"
#include "support/contrast.h"
#include "support/theme_words.h"
#include "tui_support.h"

static const char *const named[] = { "dark",	       "light",	       "high-contrast", "nord",	   "gruvbox-dark",
				     "solarized-dark", "colour-blind", "mono",		"terminal" };
static const int counts[] = { 8, 16, 256 };

static int32_t shown(int32_t colour, bool bright)
{
	int number = (int)(colour - THEME_COLOUR_ANSI);
	cr_assert(colour >= THEME_COLOUR_ANSI && number < 256, "%x", (unsigned)colour);
	return number >= 16 ? colour_cube_rgb(number) : xterm_colours[bright && number < 8 ? number + 8 : number];
}

static struct theme *theme_of(struct arena *arena, const char *name)
{
	struct error error = { 0 };
	struct strbuf text = STRBUF_INIT;
	struct theme *theme;
	const char *path = arena_printf(arena, KYB_SOURCE_DIR "/themes/%s.json", name);
	cr_assert_eq(file_read(path, 65536, &text, &error), ERR_OK);
	cr_assert_eq(theme_read(arena, &(struct json_source){ text.buf, text.len, path }, &theme, &error), ERR_OK);
	strbuf_release(&text);
	return theme;
}

static bool is_named(int32_t colour)
{
	return colour >= 0 && colour < THEME_COLOUR_ANSI;
}

/* As in xterm, colours 16 to 231 have six steps each of red, green and blue; the greys follow. */
Test(colour, the_fixed_colours_are_those_of_xterm)
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };
	int number = 16;

	for (int red = 0; red < 6; red++)
		for (int green = 0; green < 6; green++)
			for (int blue = 0; blue < 6; blue++, number++)
				cr_expect_eq(colour_cube_rgb(number),
					     steps[red] << 16 | steps[green] << 8 | steps[blue], "%d", number);
	cr_expect_eq(colour_cube_rgb(232), 0x080808);
	cr_expect_eq(colour_cube_rgb(255), 0xeeeeee);
}

/* Colours that the theme leaves to the terminal are not checked. */
Test(colour, text_can_be_read_with_8_16_and_256_colours)
{
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		const struct theme *theme = theme_of(&arena, named[i]);
		for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
			struct theme_style styles[THEME_ROLE_COUNT];
			bool few = counts[c] < 256;
			colour_reduce_theme(theme, counts[c], styles);
			for (int role = 0; role < THEME_ROLE_COUNT; role++) {
				const struct theme_style *style = &styles[role];
				double least = role == THEME_BORDER ? 1.3 : few ? 3 : 4.5;
				if (!is_named(theme->styles[role].background))
					continue;
				for (int bright = 0; bright <= (few && style->bold); bright++) {
					double ratio = colour_contrast(shown(style->foreground, bright),
								       shown(style->background, false));
					cr_expect(ratio >= least, "%s, %d colours: %s has %.2f%s", named[i], counts[c],
						  theme_role_text((enum theme_role)role), ratio,
						  bright ? " where bold is bright" : "");
				}
				cr_expect(shown(style->foreground, false) >= 0 &&
						  (few ? style->foreground < THEME_COLOUR_ANSI + counts[c]
						       : style->foreground >= THEME_COLOUR_ANSI + 16),
					  "the first sixteen are the terminal's where there are others");
			}
		}
	}
	arena_release(&arena);
}

static bool same(const struct theme_style *a, const struct theme_style *b)
{
	return a->foreground == b->foreground && a->background == b->background && a->bold == b->bold &&
	       a->dim == b->dim && a->underline == b->underline && a->reverse == b->reverse && a->italic == b->italic;
}

static const enum theme_role apart[][7] = {
	{ THEME_TEXT, THEME_MUTED, THEME_ACCENT, THEME_OK, THEME_WARNING, THEME_DANGER, THEME_MARK },
	{ THEME_MANUAL_REVIEW, THEME_COMPLETED, THEME_PENDING, THEME_REMEDIATION, THEME_INCOMPLETE, THEME_APPROVED,
	  THEME_REJECTED },
	{ THEME_TEXT, THEME_SELECTION, THEME_FIELD, THEME_TEXT, THEME_TEXT, THEME_TEXT, THEME_TEXT },
	{ THEME_FOOTER, THEME_KEY, THEME_FOOTER, THEME_FOOTER, THEME_FOOTER, THEME_FOOTER, THEME_FOOTER },
};

Test(colour, what_a_theme_tells_apart_stays_apart)
{
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		const struct theme *theme = theme_of(&arena, named[i]);
		for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
			struct theme_style styles[THEME_ROLE_COUNT];
			colour_reduce_theme(theme, counts[c], styles);
			for (size_t g = 0; g < sizeof apart / sizeof *apart; g++)
				for (size_t one = 0; one < 7; one++)
					for (size_t other = 0; other < one; other++) {
						enum theme_role a = apart[g][one], b = apart[g][other];
						cr_expect(!same(&styles[a], &styles[b]) ||
								  same(&theme->styles[a], &theme->styles[b]),
							  "%s, %d colours: %s and %s are one", named[i], counts[c],
							  theme_role_text(a), theme_role_text(b));
					}
			/* The cursor must not depend on bold alone. */
			cr_expect(styles[THEME_SELECTION].background != styles[THEME_TEXT].background ||
					  styles[THEME_SELECTION].reverse,
				  "%s, %d colours: the selection's ground", named[i], counts[c]);
		}
	}
	arena_release(&arena);
}

Test(colour, with_few_colours_the_hue_stays)
{
	struct arena arena = ARENA_INIT;
	struct theme_style styles[THEME_ROLE_COUNT];
	colour_reduce_theme(theme_of(&arena, "dark"), 8, styles);
	cr_expect_eq(styles[THEME_DANGER].foreground, THEME_COLOUR_ANSI + 1);
	cr_expect_eq(styles[THEME_OK].foreground, THEME_COLOUR_ANSI + 2);
	cr_expect_eq(styles[THEME_WARNING].foreground, THEME_COLOUR_ANSI + 3);
	cr_expect_eq(styles[THEME_TEXT].background, THEME_COLOUR_ANSI + 0);
	/* Solarized's green is nearly yellow, but green and yellow must stay different colours. */
	colour_reduce_theme(theme_of(&arena, "solarized-dark"), 8, styles);
	cr_expect_eq(styles[THEME_OK].foreground, THEME_COLOUR_ANSI + 2);
	cr_expect_eq(styles[THEME_WARNING].foreground, THEME_COLOUR_ANSI + 3);
	cr_expect_eq(styles[THEME_APPROVED].foreground, THEME_COLOUR_ANSI + 2);
	colour_reduce_theme(theme_of(&arena, "solarized-dark"), 16, styles);
	cr_expect_eq(styles[THEME_TEXT].foreground, THEME_COLOUR_ANSI + 7, "what most is written in is not a grey");
	cr_expect_eq(styles[THEME_MUTED].foreground, THEME_COLOUR_ANSI + 8);
	colour_reduce_theme(theme_of(&arena, "gruvbox-dark"), 8, styles);
	cr_expect_eq(styles[THEME_TEXT].foreground, THEME_COLOUR_ANSI + 7, "cream is not a yellow");
	cr_expect_eq(styles[THEME_WARNING].foreground, THEME_COLOUR_ANSI + 3);
	colour_reduce_theme(theme_of(&arena, "light"), 16, styles);
	cr_expect_eq(styles[THEME_WARNING].foreground, THEME_COLOUR_ANSI + 5, "no second red");
	cr_expect_eq(styles[THEME_TEXT].background, THEME_COLOUR_ANSI + 15);
	cr_expect_eq(styles[THEME_DANGER].foreground, THEME_COLOUR_ANSI + 1);
	arena_release(&arena);
}

/* A user's own theme may have any colours: text must stay readable on every background. */
Test(colour, any_ground_and_any_colour_can_be_read)
{
	struct theme theme = { .name = "own" };
	struct theme_style styles[THEME_ROLE_COUNT];
	for (int32_t ground = 0; ground < 0x1000000; ground += 0x0f1d2b)
		for (int32_t front = 0; front < 0x1000000; front += 0x2b1d0f) {
			for (int role = 0; role < THEME_ROLE_COUNT; role++)
				theme.styles[role] = (struct theme_style){ front, ground, .bold = role & 1 };
			for (size_t c = 0; c < 2; c++) {
				colour_reduce_theme(&theme, counts[c], styles);
				for (int role = 0; role < 2; role++)
					for (int bright = 0; bright <= styles[role].bold; bright++)
						cr_assert(colour_contrast(shown(styles[role].foreground, bright),
									  shown(styles[role].background, false)) >= 3,
							  "#%06x on #%06x, %d colours", (unsigned)front,
							  (unsigned)ground, counts[c]);
			}
		}
}
