/* The user's settings, read once for any front end. Sources in order of precedence: option, environment,
 * configuration file, the machine's store (docs/own-files.md), default; each setting has its origin. Front ends read settings only through this header;
 * `./dev lint` fails for an unused setting. */
#ifndef KYBDESK_SETTINGS_SETTINGS_H
#define KYBDESK_SETTINGS_SETTINGS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/world.h"
#include "kybdesk/settings/own_text.h"

enum setting_id {
	SETTING_STORE,
	SETTING_REVIEWER,
	SETTING_THEME,
	SETTING_COLOR,
	SETTING_MOUSE,
	SETTING_PICTURES, /* false: draw pictures with characters, even if the terminal can show pixels */
	SETTING_NEXT_AFTER_DECISION,
	SETTING_ACCESSIBLE,  /* true: the workbench prints lines, not a full screen */
	SETTING_SINGLE_KEYS, /* false: a single character never triggers an action (WCAG 2.1.4) */
	SETTING_GRACE_SECONDS,
	SETTING_OPEN_WITH, /* external program that opens documents; "": disabled */
	SETTING_TIME_ZONE  /* a name or a rule, as in TZ; "": the machine's */
};
#define SETTING_COUNT (SETTING_TIME_ZONE + 1)
#define SETTING_GRACE_DEFAULT_S 10

struct setting {
	const char *name;
	const char *value; /* as text; "": no value */
	/* where the value comes from, such as "--store" or "KYBDESK_STORE"; the path of the file; or "default" */
	const char *origin;
	bool is_default;
};

struct settings {
	struct setting items[SETTING_COUNT];
	const char *config_path; /* in a session over SSH (base/world.h), this path and the paths below are "" */
	bool config_exists;
	bool is_store_of_machine; /* KYBDESK_STORE of /etc/default/kybdesk: a new sandbox must not be made there */
	const char *views_path, *keys_path, *commands_path; /* views.json … next to config.json */
	const char *keys_text; /* of a session over SSH: the reviewer's keys, from the store; NULL: the file has them */
};

/* A setting from a front end; overrides all other sources. If several inputs have the same setting, the last input
 * is used. */
struct setting_input {
	enum setting_id id;
	const char *value;
	const char *option; /* the origin of the setting, such as "--store" */
};

/* *out is in the arena and borrows the input. ERR_INVALID: the configuration file is unreadable or invalid, or an
 * input is empty (error field: the option's name); after an error *out has the settings without the file. */
enum err settings_read(struct arena *arena, const struct world *world, const struct setting_input *input, size_t count,
		       struct settings *out, struct error *error);
/* Overrides a setting (for example the store of a demo). Borrows the strings. */
void settings_put(struct settings *settings, enum setting_id id, const char *value, const char *origin);

/* In a session over SSH: reads the reviewer's settings and keys from the store. Settings of options and variables stay.
 * ERR_INVALID: a newer program wrote settings that this one does not know; none is taken. */
enum err settings_read_own(struct arena *arena, const struct own_text_store *store, struct settings *settings,
			   struct error *error);
#define OWN_CONFIG_ORIGIN "your settings in the store"
#define OWN_KEYS_ORIGIN "your keys in the store"
#define OWN_KEYS_BYTES_MAX (256 * 1024)

/* Writes a setting to the configuration file, or in a session over SSH to the store; all other content is kept.
 * ERR_INVALID: the value is not one of this setting (error field: its name), or the text is invalid; it is not changed. */
enum err settings_save(const struct own_text *config, enum setting_id id, const char *value, struct error *error);

/* Finds a setting by its name in the file. */
bool settings_id(const char *name, enum setting_id *out) KYB_MUST_USE;
const char *settings_text(const struct settings *settings, enum setting_id id);
/* The value of a setting; NULL if the default applies. */
const char *settings_text_if_set(const struct settings *settings, enum setting_id id);
bool settings_bool(const struct settings *settings, enum setting_id id);      /* whether the value is "true" */
int64_t settings_number(const struct settings *settings, enum setting_id id); /* value of a numeric setting */

#endif
