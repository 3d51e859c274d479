/* A theme's file: every role has a colour, or an error names the fault. */
#include "fuzz.h"
#include "kybdesk/codec/theme_codec.h"

#define LAST_COLOUR (THEME_COLOUR_ANSI + THEME_COLOUR_ANSI_COUNT - 1)

/* The terminal's default colour, a 24-bit colour, or one of the terminal's sixteen colours. */
static bool is_colour(int32_t colour)
{
	return colour >= THEME_COLOUR_DEFAULT && colour <= LAST_COLOUR;
}

static void styles_are_colours(const struct theme *theme)
{
	PROMISE(theme && theme->name && theme->title);
	for (int i = 0; i < THEME_ROLE_COUNT; i++) {
		const struct theme_style *style = &theme->styles[i];
		PROMISE(is_colour(style->foreground) && is_colour(style->background));
	}
}

/* Reads the bytes as a user's own theme, which may have faults; good: theme_read() accepts it, so it has no fault. */
static void mend(struct arena *arena, const uint8_t *data, size_t size, bool good)
{
	struct strbuf text = STRBUF_INIT;
	struct theme *theme = NULL;
	struct line_faults faults = { 0 };
	struct error error = { 0 };
	strbuf_add(&text, data, size);
	enum err code = theme_read_tolerant(arena, &text, &theme, &faults, &error);
	if (code == ERR_OK) {
		styles_are_colours(theme);
		PROMISE(good == !faults.count);
		for (size_t i = 0; i < faults.count; i++)
			PROMISE(faults.items[i].line && *faults.items[i].message);
	} else {
		PROMISE(!good && code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	strbuf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = ARENA_INIT;
	struct theme *theme = NULL;
	struct error error = { 0 };
	enum err code =
		theme_read(&arena, &(struct json_source){ (const char *)data, size, "theme.json" }, &theme, &error);
	if (code == ERR_OK) {
		styles_are_colours(theme);
	} else {
		PROMISE(code == ERR_INVALID);
		fuzz_failed(code, &error);
	}
	mend(&arena, data, size, code == ERR_OK);
	arena_release(&arena);
	return 0;
}
