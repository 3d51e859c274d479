/*
 * The user's settings, read once for whatever front end is opened, each with where it came from: option, environment,
 * configuration file, default, in this order (cli.md "Everywhere"). Front ends ask here and nowhere else; tests/lint.sh
 * fails for a setting that no front end asks for.
 */
#ifndef KYBDESK_SETTINGS_SETTINGS_H
#define KYBDESK_SETTINGS_SETTINGS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/world.h"

enum setting_id {
	SETTING_STORE,
	SETTING_REVIEWER,
	SETTING_THEME,
	SETTING_COLOR,
	SETTING_MOUSE,
	SETTING_NEXT_AFTER_DECISION,
	SETTING_ACCESSIBLE,  /* the workbench says lines in place of painting a screen */
	SETTING_SINGLE_KEYS, /* false: no plain character does anything by itself (WCAG 2.1.4) */
	SETTING_GRACE_SECONDS,
	SETTING_OPEN_WITH /* the program that shows documents outside; "" none may */
};
#define SETTING_COUNT 10
#define SETTING_GRACE_DEFAULT_S 10

struct setting {
	const char *name;
	const char *value;  /* as text; "" when there is none */
	const char *origin; /* "--store", "KYBDESK_STORE", the file's path, "default" */
	bool is_default;
};

struct settings {
	struct setting items[SETTING_COUNT];
	const char *config_path;
	bool config_exists;
	const char *views_path, *keys_path; /* views.json and keys.json, beside it */
};

/* What a front end was told, before everything else. A later one for the same setting wins. */
struct setting_input {
	enum setting_id id;
	const char *value;
	const char *option; /* "--store": where it came from */
};

/* Lives in the arena, and as long as what was given. ERR_INVALID when the configuration file can't be read or says
 * nonsense, and for an empty text that was given (field: the option's name); *out is usable then, without the file. */
enum err settings_read(struct arena *arena, const struct world *world, const struct setting_input *input,
		       size_t count, struct settings *out, struct error *error) KYB_MUST_USE;
/* Puts a value over all of them: a demo's own store. The strings must outlive the settings. */
void settings_put(struct settings *settings, enum setting_id id, const char *value, const char *origin);

const char *settings_text(const struct settings *settings, enum setting_id id);
/* NULL when nobody said anything and the default holds. */
const char *settings_chosen(const struct settings *settings, enum setting_id id);
bool settings_bool(const struct settings *settings, enum setting_id id);      /* "true" */
int64_t settings_number(const struct settings *settings, enum setting_id id); /* of one that is a number */

#endif
