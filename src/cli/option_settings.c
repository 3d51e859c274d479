#include "kybdesk/cli/option_settings.h"

enum err settings_from_options(struct arena *arena, const struct world *world, const struct parsed *parsed,
			       struct settings *out, struct error *error)
{
	/* value: the setting's value if the flag is present; NULL: the value of the option. */
	static const struct {
		const char *name, *value;
		struct setting_input input;
	} options[] = {
		{ "store", NULL, { SETTING_STORE, NULL, "--store" } },
		{ "as", NULL, { SETTING_REVIEWER, NULL, "--as" } },
		{ "theme", NULL, { SETTING_THEME, NULL, "--theme" } },
		{ "no-color", "false", { SETTING_COLOR, NULL, "--no-color" } },
		{ "no-mouse", "false", { SETTING_MOUSE, NULL, "--no-mouse" } },
		{ "accessible", "true", { SETTING_ACCESSIBLE, NULL, "--accessible" } },
	};
	struct setting_input input[sizeof options / sizeof *options];
	size_t count = 0;
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		if (!parsed_has(parsed, options[i].name))
			continue;
		input[count] = options[i].input;
		input[count++].value = options[i].value ? options[i].value : parsed_text(parsed, options[i].name);
	}
	return settings_read(arena, world, input, count, out, error);
}
