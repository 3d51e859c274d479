/*
 * Settings with where each came from: option, environment, configuration file,
 * default, in this order (cli.md "Everywhere").
 */
#ifndef KYBDESK_CLI_SETTINGS_H
#define KYBDESK_CLI_SETTINGS_H

#include "kybdesk/base/world.h"
#include "kybdesk/cli/command.h"

struct setting {
	const char *name;
	const char *value;  /* as text; "" when there is none */
	const char *origin; /* "--store", "KYBDESK_STORE", the file's path, "default" */
	bool is_default;
};

enum setting_id {
	SETTING_STORE,
	SETTING_REVIEWER,
	SETTING_THEME,
	SETTING_COLOR,
	SETTING_MOUSE,
	SETTING_NEXT_AFTER_DECISION,
	SETTING_SINGLE_KEYS,
	SETTING_GRACE_SECONDS
};
#define SETTING_COUNT 8

struct settings {
	struct setting items[SETTING_COUNT];
	const char *config_path;
	bool config_exists;
};

/* Lives in the arena. ERR_INVALID when the configuration file can't be read or says nonsense. */
enum err settings_read(struct arena *arena, const struct world *world, const struct parsed *parsed,
		       struct settings *out, struct error *error) KYB_MUST_USE;
const char *settings_text(const struct settings *settings, enum setting_id id);
bool settings_bool(const struct settings *settings, enum setting_id id); /* "true" */
int64_t settings_grace_s(const struct settings *settings);		 /* negative: the desk's own */

#endif
