#include "kybdesk/codec/theme_codec.h"
#include "kybdesk/base/text.h"
#include "json_scan.h"
#include "reader.h"
#include <string.h>

static const char *const role_names[THEME_ROLE_COUNT] = { THEME_ROLE_WORDS(WORDS_ENTRY) };

/* The terminal's default colour, then its sixteen colours in the order of their numbers. */
static const char *const colours[] = { "default",     "black",	      "red",	       "green",	      "yellow",
				       "blue",	      "magenta",      "cyan",	       "white",	      "bright_black",
				       "bright_red",  "bright_green", "bright_yellow", "bright_blue", "bright_magenta",
				       "bright_cyan", "bright_white" };
#define COLOUR_COUNT (sizeof colours / sizeof *colours)

static bool parse_rgb(const char *text, int32_t *rgb)
{
	int32_t value = 0;
	if (text[0] != '#' || strlen(text) != 7)
		return false;
	for (size_t i = 1; i < 7; i++) {
		int digit = hex_digit(text[i]);
		if (digit < 0)
			return false;
		value = value << 4 | digit;
	}
	*rgb = value;
	return true;
}

static int32_t colour_read(struct reader *reader, const struct node *style, const char *key)
{
	const struct node node = node_member(style, key);
	const char *text = node_text(reader, &node);
	int32_t rgb;
	if (!*text)
		return THEME_COLOUR_DEFAULT;
	if (parse_rgb(text, &rgb))
		return rgb;
	for (size_t i = 0; i < COLOUR_COUNT; i++)
		if (strcmp(text, colours[i]) == 0)
			return i ? THEME_COLOUR_ANSI + (int32_t)i - 1 : THEME_COLOUR_DEFAULT;
	reader_refuse(reader, &node,
		      "is %s; allowed: #rrggbb, default, black, red, green, yellow, blue, magenta, cyan, white, "
		      "or one of these with bright_ before it%s",
		      quote_text(reader->arena, text),
		      did_you_mean(reader, text_find_nearest(text, colours, COLOUR_COUNT)));
	return THEME_COLOUR_DEFAULT;
}

static void attributes_read(struct reader *reader, const struct node *node, struct theme_style *style)
{
	static const char *const names[] = { "bold", "dim", "underline", "reverse", "italic" };
	bool *const flags[] = { &style->bold, &style->dim, &style->underline, &style->reverse, &style->italic };
	size_t count;
	const char **words = read_texts(reader, node, "attributes", &count);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(MEMBER(node, "attributes"), i);
		size_t at = 0;
		while (at < 5 && strcmp(words[i], names[at]) != 0)
			at++;
		if (at < 5)
			*flags[at] = true;
		else
			refuse_word(reader, &item, words[i], names, 5);
	}
}

static void style_read(struct reader *reader, const struct node *roles, size_t role, struct theme_style *style)
{
	const struct node node = node_member(roles, role_names[role]);
	*style = (struct theme_style){ .foreground = THEME_COLOUR_DEFAULT, .background = THEME_COLOUR_DEFAULT };
	if (!node.value) {
		reader_refuse(reader, &node, "is required; every role needs a style");
		return;
	}
	if (!expect_object(reader, &node))
		return;
	EXPECT_KEYS(reader, &node, "foreground", "background", "attributes");
	style->foreground = colour_read(reader, &node, "foreground");
	style->background = colour_read(reader, &node, "background");
	attributes_read(reader, &node, style);
}

static void styles_read(struct reader *reader, const struct node *root, struct theme *theme)
{
	const struct node roles = node_member(root, "roles");
	if (!expect_object(reader, &roles))
		return;
	expect_keys(reader, &roles, role_names, THEME_ROLE_COUNT);
	for (size_t i = 0; i < THEME_ROLE_COUNT && !reader->failed; i++)
		style_read(reader, &roles, i, &theme->styles[i]);
}

static void names_read(struct reader *reader, const struct node *root, struct theme *theme)
{
	EXPECT_KEYS(reader, root, "name", "title", "roles");
	theme->name = read_required_text(reader, root, "name");
	theme->title = read_required_text(reader, root, "title");
}

static void root_read(struct reader *reader, const struct node *root, void *theme)
{
	if (!expect_object(reader, root))
		return;
	names_read(reader, root, theme);
	styles_read(reader, root, theme);
}

enum err theme_read(struct arena *arena, const struct json_source *source, struct theme **out, struct error *error)
{
	struct reader reader = { .arena = arena, .error = error, .origin = source->origin };
	struct theme *theme = arena_alloc(arena, sizeof *theme);
	enum err err = reader_run(&reader, source->text, source->length, root_read, theme);
	if (!err)
		*out = theme;
	return err;
}

/* A tolerant reading: each part is read separately, so that an error in one part does not affect other parts. */
struct theme_parse {
	struct arena *arena;
	const char *text;
	size_t length;
	struct line_faults *faults;
	struct error error;
	struct reader reader;
};

static struct reader *begin_parse(struct theme_parse *theme_parse)
{
	theme_parse->error = (struct error){ 0 };
	theme_parse->reader =
		(struct reader){ .arena = theme_parse->arena, .error = &theme_parse->error, .origin = "" };
	return &theme_parse->reader;
}

static bool end_parse(struct theme_parse *theme_parse, const char *instead)
{
	struct error *error = &theme_parse->error;
	struct arena *arena = theme_parse->arena;
	if (!theme_parse->reader.failed)
		return true;
	line_fault_add(arena, theme_parse->faults,
		       json_line_of(arena, theme_parse->text, theme_parse->length, error->field ? error->field : ""),
		       arena_printf(arena, "%s%s", error->message, instead));
	error_release(error);
	return false;
}

/* Gives a role the colours of "text", and the role's attributes in the theme without colours (mono). */
static void use_default_style(struct theme_parse *theme_parse, struct theme *theme, size_t role)
{
	const struct json_source source = shipped_source("themes/mono.json");
	struct theme *plain;
	if (theme_read(theme_parse->arena, &source, &plain, &theme_parse->error))
		BUG("the theme without colours cannot be read");
	theme->styles[role] = plain->styles[role];
	theme->styles[role].foreground = theme->styles[THEME_TEXT].foreground;
	theme->styles[role].background = theme->styles[THEME_TEXT].background;
}

enum err theme_read_tolerant(struct arena *arena, const struct strbuf *text, struct theme **out,
			     struct line_faults *faults, struct error *error)
{
	struct theme_parse theme_parse = { .arena = arena, .text = text->buf, .length = text->len, .faults = faults };
	struct theme *theme = arena_alloc(arena, sizeof *theme);
	json_t *value = json_parse(text->buf, text->len, error);
	if (!value)
		return ERR_INVALID;
	const struct node root = node_root(value), roles = node_member(&root, "roles");
	struct reader whole = { .arena = arena, .error = error, .origin = "" };
	if (expect_object(&whole, &root))
		(void)expect_object(&whole, &roles);
	if (!whole.failed) {
		names_read(begin_parse(&theme_parse), &root, theme);
		(void)end_parse(&theme_parse, "");
		expect_keys(begin_parse(&theme_parse), &roles, role_names, THEME_ROLE_COUNT);
		(void)end_parse(&theme_parse, "");
		const char *missing = "";
		for (size_t i = 0; i < THEME_ROLE_COUNT; i++) {
			if (!node_member(&roles, role_names[i]).value) {
				missing = arena_printf(arena, "%s%s%s", missing, *missing ? ", " : "", role_names[i]);
				use_default_style(&theme_parse, theme, i);
				continue;
			}
			style_read(begin_parse(&theme_parse), &roles, i, &theme->styles[i]);
			if (!end_parse(&theme_parse, i == THEME_TEXT ? "; the terminal's own colours are used instead"
								     : "; it is shown in the colours of text"))
				use_default_style(&theme_parse, theme, i);
		}
		if (*missing)
			line_fault_add(arena, faults, json_line_of(arena, text->buf, text->len, "roles"),
				       arena_printf(arena, "roles without a style: %s; shown in the colours of text",
						    missing));
	}
	json_decref(value);
	if (whole.failed)
		return ERR_INVALID;
	*out = theme;
	return ERR_OK;
}
