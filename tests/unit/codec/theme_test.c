#include "codec_support.h"
#include "kybdesk/codec/own_files_codec.h"
#include "kybdesk/codec/theme_codec.h"
#include "support/contrast.h"
#include "support/theme_words.h"
#include <string.h>

static const char *const shipped[] = { "dark",	       "light",		 "mono",     "high-contrast", "nord",
				       "gruvbox-dark", "solarized-dark", "terminal", "colour-blind" };
#define SHIPPED_COUNT (sizeof shipped / sizeof *shipped)

static struct theme *shipped_theme(const char *name)
{
	struct theme *theme;
	size_t length;
	const char *path = arena_printf(&arena, "themes/%s.json", name);
	const char *text = repository_file(path, &length);
	enum err err = theme_read(&arena, &(struct json_source){ text, length, path }, &theme, &error);
	cr_assert(err == ERR_OK, "%s", error.message);
	return theme;
}

SPEC(theme, the_contrast_formula_gives_the_standard_s_own_values)
{
	cr_expect_float_eq(colour_contrast(0x000000, 0xffffff), 21, 0.001);
	cr_expect_float_eq(colour_contrast(0x777777, 0xffffff), 4.478, 0.001);
	cr_expect_float_eq(colour_contrast(0x123456, 0x123456), 1, 0.001);
}

/* Whether the theme defines its own colours; expects that it defines the colours of all roles or of none. */
static bool names_colours(const struct theme *theme)
{
	size_t named = 0;
	for (int role = 0; role < THEME_ROLE_COUNT; role++)
		named += (theme->styles[role].foreground >= 0 && theme->styles[role].foreground < THEME_COLOUR_ANSI) +
			 (theme->styles[role].background >= 0 && theme->styles[role].background < THEME_COLOUR_ANSI);
	cr_assert(named == 0 || named == 2 * THEME_ROLE_COUNT, "%s: %zu", theme->name, named);
	return named;
}

SPEC(theme, every_shipped_one_keeps_4_5_to_1_for_text)
{
	for (size_t i = 0; i < SHIPPED_COUNT; i++) {
		const struct theme *theme = shipped_theme(shipped[i]);
		if (!names_colours(theme))
			continue;
		for (int role = 0; role < THEME_ROLE_COUNT; role++) {
			const struct theme_style *style = &theme->styles[role];
			double needed = role == THEME_BORDER ? 1.5 : 4.5; /* borders are not text */
			cr_assert(style->foreground != THEME_COLOUR_DEFAULT &&
					  style->background != THEME_COLOUR_DEFAULT,
				  "%s: %s", shipped[i], theme_role_text((enum theme_role)role));
			double ratio = colour_contrast(style->foreground, style->background);
			cr_expect(ratio >= needed, "%s: %s has only %.2f", shipped[i],
				  theme_role_text((enum theme_role)role), ratio);
		}
	}
}

SPEC(theme, high_contrast_keeps_7_to_1)
{
	const struct theme *theme = shipped_theme("high-contrast");
	for (int role = 0; role < THEME_ROLE_COUNT; role++)
		cr_expect(colour_contrast(theme->styles[role].foreground, theme->styles[role].background) >= 7, "%s",
			  theme_role_text((enum theme_role)role));
}

SPEC(theme, every_shipped_one_is_named_as_its_file)
{
	for (size_t i = 0; i < SHIPPED_COUNT; i++)
		cr_expect_str_eq(shipped_theme(shipped[i])->name, shipped[i]);
}

SPEC(theme, mono_uses_attributes_only)
{
	const struct theme *theme = shipped_theme("mono");
	for (int role = 0; role < THEME_ROLE_COUNT; role++) {
		cr_expect_eq(theme->styles[role].foreground, THEME_COLOUR_DEFAULT);
		cr_expect_eq(theme->styles[role].background, THEME_COLOUR_DEFAULT);
	}
	cr_expect(theme->styles[THEME_SELECTION].reverse);
	cr_expect(theme->styles[THEME_DANGER].bold);
}

/* The colour seen without the cones for red (no_red) or green: Viénot, Brettel and Mollon 1999, on linear light. */
static void seen(int32_t rgb, bool no_red, double out[2])
{
	double r = colour_channel(rgb >> 16 & 0xff), g = colour_channel(rgb >> 8 & 0xff),
	       b = colour_channel(rgb & 0xff);
	out[0] = no_red ? 0.11238 * r + 0.88762 * g : 0.29275 * r + 0.70725 * g; /* red and green look the same */
	out[1] = no_red ? 0.00401 * r - 0.00401 * g + b : -0.02234 * r + 0.02234 * g + b;
}

SPEC(theme, good_and_bad_differ_for_every_colour_vision)
{
	static const enum theme_role good[] = { THEME_OK, THEME_APPROVED };
	static const enum theme_role bad[] = { THEME_DANGER, THEME_REJECTED, THEME_WARNING };
	const struct theme *theme = shipped_theme("colour-blind");
	for (size_t g = 0; g < 2; g++)
		for (size_t b = 0; b < 3; b++)
			for (int no_red = 0; no_red < 2; no_red++) {
				double one[2], other[2];
				seen(theme->styles[good[g]].foreground, no_red, one);
				seen(theme->styles[bad[b]].foreground, no_red, other);
				/* the good role is blue; the bad role has almost no blue */
				cr_expect(one[1] > 3 * other[1], "%s and %s", theme_role_text(good[g]),
					  theme_role_text(bad[b]));
			}
}

SPEC(theme, the_terminal_s_own_colours_are_left_to_it)
{
	const struct theme *theme = shipped_theme("terminal");
	cr_expect_not(names_colours(theme));
	cr_expect_eq(theme->styles[THEME_TEXT].background, THEME_COLOUR_DEFAULT);
	cr_expect_eq(theme->styles[THEME_OK].foreground, THEME_COLOUR_ANSI + 2);
	for (int role = 0; role < THEME_ROLE_COUNT; role++)
		cr_expect_eq(theme->styles[role].background, THEME_COLOUR_DEFAULT, "%s",
			     theme_role_text((enum theme_role)role));
}

SPEC(theme, the_shipped_ones_differ)
{
	for (size_t i = 0; i < SHIPPED_COUNT; i++)
		for (size_t j = 0; j < i; j++)
			cr_expect(memcmp(shipped_theme(shipped[i])->styles, shipped_theme(shipped[j])->styles,
					 sizeof(struct theme_style) * THEME_ROLE_COUNT) != 0,
				  "%s and %s", shipped[i], shipped[j]);
}

/* A theme with the style of one role, the others empty. */
static const char *theme_with(const char *role, const char *style)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_adds(&text, "{\"name\":\"t\",\"title\":\"T\",\"roles\":{");
	for (int i = 0; i < THEME_ROLE_COUNT; i++) {
		const char *name = theme_role_text((enum theme_role)i);
		strbuf_addf(&text, "%s\"%s\":%s", i ? "," : "", name, strcmp(name, role) == 0 ? style : "{}");
	}
	strbuf_adds(&text, "}}");
	return strbuf_finish(&text, &arena);
}

SPEC(theme, colours_are_hex_or_terminal_names)
{
	struct theme *theme;
	const char *text =
		theme_with("ok", "{\"foreground\":\"#A1b2C3\",\"background\":\"bright_black\",\"attributes\":["
				 "\"bold\",\"italic\"]}");
	cr_assert(theme_read(&arena, &(struct json_source){ text, strlen(text), "t.json" }, &theme, &error) == ERR_OK,
		  "%s", error.message);
	cr_expect_eq(theme->styles[THEME_OK].foreground, 0xa1b2c3);
	cr_expect_eq(theme->styles[THEME_OK].background, THEME_COLOUR_ANSI + 8);
	cr_expect(theme->styles[THEME_OK].bold && theme->styles[THEME_OK].italic);
	cr_expect_not(theme->styles[THEME_OK].reverse || theme->styles[THEME_OK].dim ||
		      theme->styles[THEME_OK].underline);
	cr_expect_eq(theme->styles[THEME_TEXT].foreground, THEME_COLOUR_DEFAULT);
}

static void expect_theme_refused(const char *text, const char *field, const char *message)
{
	struct theme *theme;
	cr_expect(theme_read(&arena, &(struct json_source){ text, strlen(text), "t.json" }, &theme, &error) ==
			  ERR_INVALID,
		  "accepted: %s", text);
	if (!error.message)
		return;
	expect_contains(error.message, message, text);
	expect_contains(error.message, "t.json: ", "the file is named");
	if (field)
		cr_expect_str_eq(error.field, field);
}

SPEC(theme, mistakes_name_file_and_path)
{
	expect_theme_refused(theme_with("ok", "{\"foreground\":\"gren\"}"), "roles.ok.foreground",
			     "did you mean 'green'?");
	expect_theme_refused(theme_with("ok", "{\"foreground\":\"#12345\"}"), "roles.ok.foreground",
			     "allowed: #rrggbb");
	expect_theme_refused(theme_with("ok", "{\"foreground\":\"#12345g\"}"), "roles.ok.foreground",
			     "allowed: #rrggbb");
	expect_theme_refused(theme_with("ok", "{\"attributes\":[\"blink\"]}"), "roles.ok.attributes[0]",
			     "is 'blink'; allowed: bold, dim, underline, reverse, italic");
	expect_theme_refused(theme_with("ok", "{\"colour\":\"red\"}"), "roles.ok.colour", "is not known here");
	expect_theme_refused(theme_with("ok", "[]"), "roles.ok", "expected an object, found an array");
	expect_theme_refused(theme_with("ok", "null"), "roles.ok", "is required; every role needs a style");
	expect_theme_refused("{\"name\":\"t\",\"title\":\"T\",\"roles\":{\"txet\":{}}}", "roles.txet",
			     "did you mean 'text'?");
	expect_theme_refused("{\"title\":\"T\",\"roles\":{}}", "name", "is required");
	expect_theme_refused("{\"name\":\"t\",\"title\":\"T\"}", "roles", "expected an object, found nothing");
	expect_theme_refused("{", NULL, "ends too early");
}

static const struct config_key keys[] = {
	{ "store", CONFIG_TEXT, 0 },
	{ "theme", CONFIG_TEXT, 0 },
	{ "color", CONFIG_SWITCH, 0 },
	{ "mouse", CONFIG_SWITCH, 0 },
	{ "grace_seconds", CONFIG_NUMBER, 3600 },
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

static enum err read_config(const char *text, const char **values)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		values[i] = NULL;
	return config_read(&arena, &(struct config_source){ { text, strlen(text), "config.json" }, keys, KEY_COUNT },
			   values, &error);
}

SPEC(config, nothing_is_set_by_an_empty_file)
{
	const char *values[KEY_COUNT];

	cr_assert_eq(read_config("{}", values), ERR_OK);
	for (size_t i = 0; i < KEY_COUNT; i++)
		cr_expect_null(values[i], "%s", keys[i].name);
}

SPEC(config, every_setting_is_read)
{
	static const char *const expected[KEY_COUNT] = { "/s.db", "nord", "false", "true", "0" };
	const char *values[KEY_COUNT];

	cr_assert_eq(read_config("{\"store\":\"/s.db\",\"theme\":\"nord\",\"color\":false,\"mouse\":true,"
				 "\"grace_seconds\":0}",
				 values),
		     ERR_OK, "%s", error.message);
	for (size_t i = 0; i < KEY_COUNT; i++)
		cr_expect_str_eq(values[i], expected[i], "%s", keys[i].name);
}

SPEC(config, mistakes_name_file_key_and_what_is_allowed)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "{\"them\":\"nord\"}", "config.json: them: the key 'them' is not known here; did you mean 'theme'?" },
		{ "{\"theme\":1}", "config.json: theme: expected a string, found a number" },
		{ "{\"theme\":\"\"}", "config.json: theme: is required, but is empty" },
		{ "{\"mouse\":\"on\"}", "config.json: mouse: expected true or false, found a string" },
		{ "{\"grace_seconds\":-1}", "config.json: grace_seconds: is -1; allowed: 0 to 3600" },
		{ "[]", "config.json: expected an object, found an array" },
		{ "{\"theme\"", "config.json: not valid JSON: it ends too early" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *values[KEY_COUNT];
		cr_expect(read_config(cases[i].text, values) == ERR_INVALID, "%s", cases[i].text);
		expect_contains(error.message, cases[i].message, cases[i].text);
	}
}

static struct line_faults faults;
static struct theme *mended(const char *text)
{
	struct strbuf whole = STRBUF_INIT;
	struct theme *theme = NULL;
	faults = (struct line_faults){ 0 };
	strbuf_adds(&whole, text);
	cr_assert_eq(theme_read_tolerant(&arena, &whole, &theme, &faults, &error), ERR_OK, "%s", error.message);
	strbuf_release(&whole);
	return theme;
}

SPEC(theme, what_is_wrong_in_one_s_own_is_said_with_line_and_role_and_the_rest_holds)
{
	const struct theme *theme = mended("{\n\"name\": \"own\", \"title\": \"Own\",\n\"roles\": {\n"
					   "\"ok\": {\"foreground\": \"gren\"},\n"
					   "\"text\": {\"foreground\": \"#112233\", \"background\": \"#ffffff\"},\n"
					   "\"danger\": {\"attributes\": [\"bold\",\n\"blink\"]},\n"
					   "\"accent\": {\"foreground\": \"#010203\", \"background\": \"#ffffff\"},\n"
					   "\"selektion\": {}\n}, \"by\": 1}");
	static const struct {
		unsigned line;
		const char *says;
	} expected[] = { { 3, "roles without a style: muted, warning, selection," },
			 { 4, "roles.ok.foreground: is 'gren'; allowed: #rrggbb" },
			 { 7, "roles.danger.attributes[1]: is 'blink'" },
			 { 9, "roles.selektion: the key 'selektion' is not known here; did you mean 'selection'?" },
			 { 10, "by: the key 'by' is not known here" } };
	cr_assert_eq(faults.count, 5, "%zu", faults.count);
	for (size_t i = 0; i < 5; i++) {
		cr_expect_eq(faults.items[i].line, expected[i].line, "%zu: %u", i, faults.items[i].line);
		cr_expect(strstr(faults.items[i].message, expected[i].says), "%s", faults.items[i].message);
	}
	cr_expect_eq(theme->styles[THEME_ACCENT].foreground, 0x010203);
	/* A missing role has the colours of the role text and the attributes that the role has without colours. */
	cr_expect_eq(theme->styles[THEME_SELECTION].foreground, 0x112233);
	cr_expect(theme->styles[THEME_SELECTION].reverse && theme->styles[THEME_FIELD].underline);
	cr_expect(theme->styles[THEME_DANGER].bold && theme->styles[THEME_DANGER].background == 0xffffff);
	cr_expect_eq(theme->styles[THEME_OK].foreground, 0x112233);
}

SPEC(theme, a_good_one_of_one_s_own_is_as_the_shipped)
{
	size_t length;
	const struct theme *theme = mended(repository_file("themes/nord.json", &length));
	cr_expect_eq(faults.count, 0, "%zu", faults.count);
	cr_expect_eq(memcmp(theme->styles, shipped_theme("nord")->styles, sizeof theme->styles), 0);
}

SPEC(theme, what_is_no_theme_at_all_is_refused)
{
	static const char *const texts[] = { "", "[]", "{}", "{\"roles\": []}", "{\"name\": \"a\", \"name\": \"b\"}" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct strbuf text = STRBUF_INIT;
		struct theme *theme;
		strbuf_adds(&text, texts[i]);
		cr_expect_eq(theme_read_tolerant(&arena, &text, &theme, &faults, &error), ERR_INVALID, "%s", texts[i]);
		strbuf_release(&text);
	}
}
