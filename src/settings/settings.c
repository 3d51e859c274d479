#include "kybdesk/settings/settings.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/own_files_codec.h"
#include "kybdesk/settings/own_text.h"
#include "kybdesk/settings/themes.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MACHINE_FILE "etc/default/kybdesk"
#define CONFIG_BYTES_MAX (1024 * 1024)
#define GRACE_MAX_S 3600
#define STRINGIFY_VALUE(number) STRINGIFY(number)
#define STRINGIFY(number) #number

/* One row for each setting: key in the file, environment variable (NULL: none), default value (NULL: computed by
 * the program). */
static const struct {
	struct config_key key;
	const char *variable, *fallback;
} table[SETTING_COUNT] = {
	[SETTING_STORE] = { { "store", CONFIG_TEXT, 0 }, "KYBDESK_STORE", NULL },
	[SETTING_REVIEWER] = { { "reviewer", CONFIG_TEXT, 0 }, "KYBDESK_REVIEWER", NULL },
	[SETTING_THEME] = { { "theme", CONFIG_TEXT, 0 }, "KYBDESK_THEME", THEME_AUTO },
	[SETTING_COLOR] = { { "color", CONFIG_SWITCH, 0 }, NULL, "true" },
	[SETTING_MOUSE] = { { "mouse", CONFIG_SWITCH, 0 }, NULL, "true" },
	[SETTING_PICTURES] = { { "pictures", CONFIG_SWITCH, 0 }, NULL, "true" },
	[SETTING_NEXT_AFTER_DECISION] = { { "next_after_decision", CONFIG_SWITCH, 0 }, NULL, "true" },
	[SETTING_ACCESSIBLE] = { { "accessible", CONFIG_SWITCH, 0 }, NULL, "false" },
	[SETTING_SINGLE_KEYS] = { { "single_keys", CONFIG_SWITCH, 0 }, NULL, "true" },
	[SETTING_GRACE_SECONDS] = { { "grace_seconds", CONFIG_NUMBER, GRACE_MAX_S },
				    NULL,
				    STRINGIFY_VALUE(SETTING_GRACE_DEFAULT_S) },
	[SETTING_OPEN_WITH] = { { "open_with", CONFIG_TEXT, 0 }, NULL, "" },
	[SETTING_TIME_ZONE] = { { "time_zone", CONFIG_TEXT, 0 }, "TZ", "" },
};

void settings_put(struct settings *settings, enum setting_id id, const char *value, const char *origin)
{
	settings->items[id] = (struct setting){ table[id].key.name, value, origin, false };
}

static void set_defaults(struct arena *arena, const struct world *world, struct settings *settings)
{
	char user[256] = "";
	/* Does not report a missing user name: the desk reports it when it needs the reviewer's name. */
	if (world_user_name(user, sizeof user, NULL) != ERR_OK)
		user[0] = '\0';
	const char *folder = path_join(arena, xdg_folder(arena, world, "XDG_DATA_HOME", ".local/share"), "kybdesk");
	for (size_t i = 0; i < SETTING_COUNT; i++)
		settings->items[i] = (struct setting){ table[i].key.name, table[i].fallback, "default", true };
	settings->items[SETTING_STORE].value = path_join(arena, folder, "kybdesk.db");
	settings->items[SETTING_REVIEWER].value = arena_strdup(arena, user);
}

/* The values of config.json; what options and variables say stays. */
static enum err set_from_text(struct arena *arena, struct settings *settings, const struct json_source *source,
			      struct error *error)
{
	struct config_key keys[SETTING_COUNT];
	const char *values[SETTING_COUNT] = { NULL };
	enum err err;

	for (size_t i = 0; i < SETTING_COUNT; i++)
		keys[i] = table[i].key;
	err = config_read(arena, &(struct config_source){ *source, keys, SETTING_COUNT }, values, error);
	for (size_t i = 0; !err && i < SETTING_COUNT; i++)
		if (values[i] && settings->items[i].is_default)
			settings_put(settings, (enum setting_id)i, values[i], source->origin);
	return err;
}

static enum err set_from_file(struct arena *arena, struct settings *settings, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err;

	settings->config_exists = file_exists(settings->config_path);
	if (!settings->config_exists)
		return ERR_OK;
	err = file_read(settings->config_path, CONFIG_BYTES_MAX, &text, error);
	if (!err)
		err = set_from_text(arena, settings, &(struct json_source){ text.buf, text.len, settings->config_path },
				    error);
	strbuf_release(&text);
	return err;
}

enum err settings_read_own(struct arena *arena, const struct own_text_store *store, struct settings *settings,
			   struct error *error)
{
	struct strbuf config = STRBUF_INIT, keys = STRBUF_INIT;
	enum err err = store->get(store->context, OWN_KEYS, &keys, error);

	if (!err)
		err = store->get(store->context, OWN_CONFIG, &config, error);
	settings->keys_text = arena_strdup(arena, keys.len ? keys.buf : "");
	settings->config_exists = config.len > 0;
	if (!err && config.len)
		err = set_from_text(arena, settings, &(struct json_source){ config.buf, config.len, OWN_CONFIG_ORIGIN },
				    error);
	strbuf_release(&config);
	strbuf_release(&keys);
	return err;
}

/* Sets settings from environment variables. An empty variable counts as not set. */
static void set_from_environment(const struct world *world, struct settings *settings)
{
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const char *variable = table[i].variable;
		const char *value = variable ? world_environment(world, variable) : NULL;
		if (value && *value)
			settings_put(settings, (enum setting_id)i, value, variable);
	}
	const char *no_color = world_environment(world, "NO_COLOR");
	if (no_color && *no_color)
		settings_put(settings, SETTING_COLOR, "false", "NO_COLOR");
	/* TERM=dumb: the terminal can only show plain lines. */
	const char *terminal = world_environment(world, "TERM");
	if (terminal && strcmp(terminal, "dumb") == 0)
		settings_put(settings, SETTING_ACCESSIBLE, "true", "TERM=dumb");
}

/* The machine's file of an installed program: in /etc for /usr/bin and /usr/local/bin, else in the etc beside its bin.
 * NULL: the program is not installed (a build, a test). */
static const char *machine_path(struct arena *arena)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);

	if (length <= 0)
		return NULL;
	program[length] = '\0';
	const char *folder = path_folder(arena, program);
	if (strcmp(path_basename(folder), "bin") != 0)
		return NULL;
	folder = path_folder(arena, folder);
	if (strcmp(path_basename(folder), "local") == 0)
		folder = path_folder(arena, folder);
	if (strcmp(path_basename(folder), "usr") == 0)
		folder = path_folder(arena, folder);
	return path_join(arena, folder, MACHINE_FILE);
}

/* The value of KYBDESK_STORE in a file of systemd's EnvironmentFile=: the last line counts, quotes around a value do
 * not. NULL: none. */
static const char *store_of_machine(struct arena *arena, const char *text)
{
	const char *const name = "KYBDESK_STORE=", *found = NULL;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = line + strspn(line, " \t");
		if (!text_has_prefix(at, name))
			continue;
		at += strlen(name);
		size_t length = strcspn(at, "\n");
		while (length && strchr(" \t\r", at[length - 1]))
			length--;
		if (length >= 2 && (*at == '"' || *at == '\'') && at[length - 1] == *at)
			at++, length -= 2;
		found = length ? arena_strndup(arena, at, length) : NULL;
	}
	return found;
}

/* Below all other sources: the store of this machine, which its services use too. */
static enum err set_from_machine(struct arena *arena, struct settings *settings, struct error *error)
{
	const char *path = settings->items[SETTING_STORE].is_default ? machine_path(arena) : NULL;
	struct strbuf text = STRBUF_INIT;
	enum err err = ERR_OK;

	if (path && file_exists(path))
		err = file_read(path, CONFIG_BYTES_MAX, &text, error);
	const char *store = err ? NULL : store_of_machine(arena, text.buf);
	if (store)
		settings_put(settings, SETTING_STORE, store, path);
	settings->is_store_of_machine = store != NULL;
	strbuf_release(&text);
	return err;
}

/* Refuses an empty value: it is probably a variable that a script did not set, and must not select the default
 * store. */
static enum err check_not_empty(const struct setting_input *input, size_t count, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		if (!*input[i].value)
			return error_set_field(error, ERR_INVALID, input[i].option + strspn(input[i].option, "-"),
					       "%s is empty; use a value or leave out the option", input[i].option);
	return ERR_OK;
}

enum err settings_read(struct arena *arena, const struct world *world, const struct setting_input *input, size_t count,
		       struct settings *out, struct error *error)
{
	*out = (struct settings){ 0 };
	const char *folder = path_join(arena, xdg_folder(arena, world, "XDG_CONFIG_HOME", ".config"), "kybdesk");
	out->config_path = path_join(arena, folder, "config.json");
	out->views_path = path_join(arena, folder, "views.json");
	out->keys_path = path_join(arena, folder, "keys.json");
	out->commands_path = path_join(arena, folder, "commands.json");
	/* In a session over SSH the files belong to the account, not to the reviewer. */
	if (world->is_ssh_session)
		out->config_path = out->views_path = out->keys_path = out->commands_path = "";
	set_defaults(arena, world, out);
	enum err err = check_not_empty(input, count, error);
	set_from_environment(world, out);
	for (size_t i = 0; i < count; i++)
		settings_put(out, input[i].id, input[i].value, input[i].option);
	if (!err && !world->is_ssh_session)
		err = set_from_file(arena, out, error);
	return err ? err : set_from_machine(arena, out, error);
}

static enum err set_member(struct json_value *object, const struct config_key *key, const char *value,
			   struct error *error)
{
	struct json_value *member = NULL;

	if (key->kind == CONFIG_TEXT) {
		json_set_text(object, key->name, value);
		return ERR_OK;
	}
	if (json_read(value, strlen(value), &member, NULL))
		return error_set_field(error, ERR_INVALID, key->name, "%s is %s, not \"%s\"", key->name,
				       key->kind == CONFIG_NUMBER ? "a number" : "true or false", value);
	json_set(object, key->name, member);
	return ERR_OK;
}

/* Refuses a text that would not be read again. */
static enum err check_text(const struct strbuf *text, const char *origin, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct settings unused = { 0 };
	enum err err = set_from_text(&arena, &unused, &(struct json_source){ text->buf, text->len, origin }, error);

	arena_release(&arena);
	return err;
}

enum err settings_save(const struct own_text *config, enum setting_id id, const char *value, struct error *error)
{
	const char *origin = config->store ? OWN_CONFIG_ORIGIN : config->path;
	struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;
	struct json_value *object = NULL;
	enum err err = own_text_read(config, CONFIG_BYTES_MAX, &before, error);
	if (!err && before.len)
		err = json_read(before.buf, before.len, &object, error);
	else if (!err)
		object = json_new_object();
	if (!err && !json_is_object(object))
		err = error_set(error, ERR_INVALID, "%s is not a JSON object", origin);
	if (!err)
		err = set_member(object, &table[id].key, value, error);
	if (!err) {
		json_write(&after, object, JSON_PRETTY_LAYOUT, true);
		err = check_text(&after, origin, error);
	}
	if (!err)
		err = own_text_write(config, &(const struct own_text_change){ before.len ? before.buf : "", after.buf },
				     error);
	json_free(object);
	strbuf_release(&before);
	strbuf_release(&after);
	return err;
}

bool settings_id(const char *name, enum setting_id *out)
{
	for (size_t i = 0; i < SETTING_COUNT; i++)
		if (!strcmp(table[i].key.name, name)) {
			*out = (enum setting_id)i;
			return true;
		}
	return false;
}

const char *settings_text(const struct settings *settings, enum setting_id id)
{
	return settings->items[id].value;
}

const char *settings_text_if_set(const struct settings *settings, enum setting_id id)
{
	return settings->items[id].is_default ? NULL : settings->items[id].value;
}

bool settings_bool(const struct settings *settings, enum setting_id id)
{
	return strcmp(settings->items[id].value, "true") == 0;
}

int64_t settings_number(const struct settings *settings, enum setting_id id)
{
	return strtoll(settings->items[id].value, NULL, 10);
}
