/* Themes on terminals with fewer colours: what is drawn keeps its contrast there. */
#include "../../../src/tui/term/colour.h"
#include "kybdesk/base/file.h"
#include "support/contrast.h"
#include "tui_support.h"

static const char *const named[] = { "dark",	     "light",	       "high-contrast", "nord",
				     "gruvbox-dark", "solarized-dark", "colour-blind" };

Test(colour, with_256_colours_text_keeps_its_contrast)
{
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
		struct strbuf text = STRBUF_INIT;
		struct theme *theme;
		const char *path = arena_printf(&arena, KYB_SOURCE_DIR "/themes/%s.json", named[i]);
		cr_assert_eq(file_read(path, 65536, &text, &error), ERR_OK);
		cr_assert_eq(theme_read(&arena, text.buf, text.len, path, &theme, &error), ERR_OK);
		for (int role = 0; role < THEME_ROLE_COUNT; role++) {
			const struct theme_style *style = &theme->styles[role];
			int front = colour_nearest(style->foreground, 256);
			int ground = colour_nearest(style->background, 256);
			double ratio = colour_contrast(colour_cube_rgb(front), colour_cube_rgb(ground));
			cr_expect(ratio >= (role == THEME_BORDER ? 1.4 : 4.5), "%s: %s has %.2f", named[i],
				  theme_role_text((enum theme_role)role), ratio);
			cr_expect(front >= 16 && ground >= 16, "the first sixteen are the terminal's");
		}
		strbuf_release(&text);
	}
	arena_release(&arena);
}

Test(colour, with_few_colours_the_hue_stays)
{
	cr_expect_eq(colour_nearest(0xff7b72, 8), 1);
	cr_expect_eq(colour_nearest(0x6bc46d, 8), 2);
	cr_expect_eq(colour_nearest(0x14171c, 8), 0);
	cr_expect_eq(colour_nearest(0xffffff, 16), 15);
}
