#include "kybdesk/cli/settings.h"
#include "kybdesk/base/file.h"
#include "kybdesk/codec/config_codec.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG_BYTES_MAX (1024 * 1024)

static const char *const names[SETTING_COUNT] = {
	[SETTING_STORE] = "store",
	[SETTING_REVIEWER] = "reviewer",
	[SETTING_THEME] = "theme",
	[SETTING_COLOR] = "color",
	[SETTING_MOUSE] = "mouse",
	[SETTING_NEXT_AFTER_DECISION] = "next_after_decision",
	[SETTING_SINGLE_KEYS] = "single_keys",
	[SETTING_GRACE_SECONDS] = "grace_seconds",
};

static void set(struct settings *settings, enum setting_id id, const char *value, const char *origin)
{
	settings->items[id] = (struct setting){ names[id], value, origin, false };
}

static void set_defaults(struct arena *arena, const struct world *world, struct settings *settings)
{
	char user[256] = "";
	/* Without a name the desk says so when it is needed. */
	if (world_user_name(user, sizeof user, NULL) != ERR_OK)
		user[0] = '\0';
	const char *folder = path_join(arena, xdg_folder(arena, world, "XDG_DATA_HOME", ".local/share"), "kybdesk");
	const char *const values[SETTING_COUNT] = {
		[SETTING_STORE] = path_join(arena, folder, "kybdesk.db"),
		[SETTING_REVIEWER] = arena_strdup(arena, user),
		[SETTING_THEME] = "dark",
		[SETTING_COLOR] = "true",
		[SETTING_MOUSE] = "true",
		[SETTING_NEXT_AFTER_DECISION] = "true",
		[SETTING_SINGLE_KEYS] = "true",
		[SETTING_GRACE_SECONDS] = "10",
	};
	for (size_t i = 0; i < SETTING_COUNT; i++)
		settings->items[i] = (struct setting){ names[i], values[i], "default", true };
}

static void set_bool(struct settings *settings, enum setting_id id, int value)
{
	if (value >= 0)
		set(settings, id, value ? "true" : "false", settings->config_path);
}

static enum err set_from_file(struct arena *arena, struct settings *settings, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct config config;
	enum err err = ERR_OK;
	settings->config_exists = file_exists(settings->config_path);
	if (!settings->config_exists)
		return ERR_OK;
	if ((err = file_read(settings->config_path, CONFIG_BYTES_MAX, &text, error)))
		goto out;
	config_init(&config);
	if ((err = config_read(arena, text.buf, text.len, settings->config_path, &config, error)))
		goto out;
	if (config.store)
		set(settings, SETTING_STORE, config.store, settings->config_path);
	if (config.reviewer)
		set(settings, SETTING_REVIEWER, config.reviewer, settings->config_path);
	if (config.theme)
		set(settings, SETTING_THEME, config.theme, settings->config_path);
	set_bool(settings, SETTING_COLOR, config.color);
	set_bool(settings, SETTING_MOUSE, config.mouse);
	set_bool(settings, SETTING_NEXT_AFTER_DECISION, config.next_after_decision);
	set_bool(settings, SETTING_SINGLE_KEYS, config.single_keys);
	if (config.grace_seconds >= 0)
		set(settings, SETTING_GRACE_SECONDS, arena_printf(arena, "%lld", (long long)config.grace_seconds),
		    settings->config_path);
out:
	strbuf_release(&text);
	return err;
}

static void set_from_environment(const struct world *world, struct settings *settings)
{
	static const struct {
		enum setting_id id;
		const char *variable;
	} variables[] = {
		{ SETTING_STORE, "KYBDESK_STORE" },
		{ SETTING_REVIEWER, "KYBDESK_REVIEWER" },
		{ SETTING_THEME, "KYBDESK_THEME" },
	};
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = world_environment(world, variables[i].variable);
		if (value && *value)
			set(settings, variables[i].id, value, variables[i].variable);
	}
	const char *no_color = world_environment(world, "NO_COLOR");
	if (no_color && *no_color)
		set(settings, SETTING_COLOR, "false", "NO_COLOR");
}

/* An empty value is a variable that a script forgot to set: the default store is not what it meant. */
static enum err check_options(const struct parsed *parsed, struct error *error)
{
	static const char *const options[] = { "store", "as", "theme" };
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const char *value = parsed_text(parsed, options[i]);
		if (value && !*value)
			return error_set_field(error, ERR_INVALID, options[i],
					       "--%s is empty; give a value or leave the option out", options[i]);
	}
	return ERR_OK;
}

static void set_from_options(const struct parsed *parsed, struct settings *settings)
{
	if (parsed_has(parsed, "store"))
		set(settings, SETTING_STORE, parsed_text(parsed, "store"), "--store");
	if (parsed_has(parsed, "as"))
		set(settings, SETTING_REVIEWER, parsed_text(parsed, "as"), "--as");
	if (parsed_has(parsed, "theme"))
		set(settings, SETTING_THEME, parsed_text(parsed, "theme"), "--theme");
	if (parsed_has(parsed, "no-color"))
		set(settings, SETTING_COLOR, "false", "--no-color");
	if (parsed_has(parsed, "no-mouse"))
		set(settings, SETTING_MOUSE, "false", "--no-mouse");
}

enum err settings_read(struct arena *arena, const struct world *world, const struct parsed *parsed,
		       struct settings *out, struct error *error)
{
	*out = (struct settings){ 0 };
	const char *folder = path_join(arena, xdg_folder(arena, world, "XDG_CONFIG_HOME", ".config"), "kybdesk");
	out->config_path = path_join(arena, folder, "config.json");
	set_defaults(arena, world, out);
	enum err err = check_options(parsed, error);
	if (!err)
		err = set_from_file(arena, out, error);
	set_from_environment(world, out);
	set_from_options(parsed, out);
	return err;
}

const char *settings_text(const struct settings *settings, enum setting_id id)
{
	return settings->items[id].value;
}

bool settings_bool(const struct settings *settings, enum setting_id id)
{
	return strcmp(settings->items[id].value, "true") == 0;
}

int64_t settings_grace_s(const struct settings *settings)
{
	const struct setting *setting = &settings->items[SETTING_GRACE_SECONDS];
	return setting->is_default ? -1 : strtoll(setting->value, NULL, 10);
}
