#include "kybdesk/settings/themes.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"

#include <stdio.h>
#include <string.h>

#define FOLDER "themes/"
#define EXTENSION ".json"

const char *theme_of_setting(const char *setting, bool many_colours)
{
	if (strcmp(setting, THEME_AUTO) != 0)
		return setting;
	return many_colours ? "dark" : "terminal";
}

static enum err refuse_unknown_theme(const char *wanted, const char *name, const char *const *names, size_t count,
				     struct error *error)
{
	static const char built_in[] = "Built-in themes: terminal, dark, light, mono, colour-blind, high-contrast";
	const char *nearest = text_find_nearest(name, names, count);
	char hint[160];

	if (nearest)
		(void)snprintf(hint, sizeof hint, "Did you mean \"%.*s\"?",
			       (int)(strlen(nearest) - strlen(FOLDER) - strlen(EXTENSION)), nearest + strlen(FOLDER));
	return error_not_found(error, "theme", wanted, nearest ? hint : built_in);
}

/* Uses the built-in theme, which is always valid: a test loads each built-in theme. */
static enum err use_terminal_theme(struct arena *arena, struct theme_result *out, struct error *error)
{
	const struct resource *file = resource_find_embedded(FOLDER "terminal" EXTENSION);
	if (!file)
		BUG("the theme \"terminal\" is missing");
	return theme_read(arena, &(struct json_source){ (const char *)file->bytes, file->length, file->name },
			  &out->theme, error);
}

enum err theme_load(struct arena *arena, const struct world *world, const char *wanted, struct theme_result *out,
		    struct error *error)
{
	const char *name = arena_printf(arena, FOLDER "%s" EXTENSION, wanted);
	struct strbuf text = STRBUF_INIT;
	struct error why = { 0 };
	size_t count = 0;
	const char **names = resource_list(arena, world, FOLDER, &count);
	bool known = false;
	*out = (struct theme_result){ .origin = name };
	for (size_t i = 0; i < count; i++)
		known |= !strcmp(names[i], name);
	if (!known)
		return refuse_unknown_theme(wanted, name, names, count, error);
	enum err err = resource_read(arena, world, name, &text, &out->origin, &why);
	if (!err && (err = theme_read_tolerant(arena, &text, &out->theme, &out->faults, &why)))
		error_prefix(&why, "%s", out->origin);
	if (err) {
		line_fault_add(arena, &out->faults, 0,
			       arena_printf(arena, "%s; the terminal's colours are used", why.message));
		err = use_terminal_theme(arena, out, error);
	}
	strbuf_release(&text);
	error_release(&why);
	return err;
}
