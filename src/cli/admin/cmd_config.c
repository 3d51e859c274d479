/* config: show, change and check the user's own files; over SSH the store keeps them. */
#include "../cli_internal.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/settings/themes.h"
#include "kybdesk/settings/views.h"

const char *cli_setting_text(struct cli *cli, enum setting_id id)
{
	const char *value = settings_text(&cli->settings, id);

	return id == SETTING_STORE ? desk_store_label(&cli->arena, value) : value;
}

static struct own_text own_text(struct cli *cli, enum own_text_kind kind, const char *path)
{
	return (struct own_text){ kind, path, cli->ssh_reviewer ? &cli->own_texts : NULL };
}

/* The file that a listing comes from; over SSH there is none. */
static void print_place(struct cli *cli, const char *path, bool exists)
{
	if (cli->ssh_reviewer)
		out_line(&cli->out, "kept in the store");
	else
		out_line(&cli->out, "file: %s%s", path, exists ? "" : " (missing)");
}

static enum err run_config_show(struct cli *cli, struct error *error)
{
	struct table *table = table_from(&cli->arena, "Setting|Value:12|From:12", cli->mode);
	struct json_value *object = json_new_object();
	(void)error;
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		const struct setting *setting = &cli->settings.items[i];
		const char *value = cli_setting_text(cli, (enum setting_id)i);
		json_set(object, setting->name,
			 JSON_NEW(JSON_TEXT("value", cli_safe_text(cli, value)),
				  JSON_TEXT("origin", cli_safe_text(cli, setting->origin))));
		TABLE_ADD(table, setting->name, *value ? value : "-", setting->origin);
	}
	if (cli_is_json(cli))
		return cli_print_json(cli, object);
	json_free(object);
	out_table(&cli->out, table, 0);
	print_place(cli, cli->settings.config_path, cli->settings.config_exists);
	return ERR_OK;
}

static enum err run_config_set(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0), *value = parsed_argument(&cli->command_line, 1);
	const char *names[SETTING_COUNT];
	struct own_text config = own_text(cli, OWN_CONFIG, cli->settings.config_path);
	struct theme_result theme;
	enum setting_id id;
	enum err err = ERR_OK;

	for (size_t i = 0; i < SETTING_COUNT; i++)
		names[i] = cli->settings.items[i].name;
	if (!settings_id(name, &id))
		return error_unknown_word(error, ERR_INVALID,
					  &(struct unknown_name){ .kind = "setting",
								  .name = name,
								  .names = names,
								  .count = SETTING_COUNT,
								  .field = "NAME" });
	if (cli->ssh_reviewer && (id == SETTING_STORE || id == SETTING_REVIEWER || id == SETTING_OPEN_WITH))
		return error_set_field(
			error, ERR_FORBIDDEN, "NAME",
			"An SSH session has one store and one reviewer, and opens nothing outside: %s is "
			"not a setting there",
			name);
	if (id == SETTING_THEME)
		err = theme_load(&cli->arena, cli->world, theme_of_setting(value, true), &theme, error);
	if (id == SETTING_TIME_ZONE && !world_set_time_zone(value))
		err = error_set_field(
			error, ERR_INVALID, "VALUE",
			"\"%s\" is not a time zone of this machine; write it as Europe/Lisbon or as a rule, "
			"CET-1CEST",
			value);
	if (!err)
		err = settings_save(&config, id, value, error);
	return err ? err
		   : cli_print_result(cli, JSON_NEW(JSON_TEXT("setting", name), JSON_TEXT("value", value)),
				      "%s is now %s, kept in %s", name, value,
				      cli->ssh_reviewer ? OWN_CONFIG_ORIGIN : cli->settings.config_path);
}

static void add_key_row(struct entry row, const struct key_row *key)
{
	entry_add_text(row, "action", key->action);
	json_set_text(row.object, "keys", cli_safe_text(row.cli, key->keys));
	table_add_styled(row.table, key->is_custom ? CELL_TITLE : CELL_PLAIN, *key->keys ? key->keys : "-");
	entry_add_text(row, "where", key->contexts);
	entry_add_text(row, "what", key->description);
	json_set_bool(row.object, "own", key->is_custom);
}

/* Replaces the reviewer's keys by the keys of the file; its mistakes are named as in keys.json. */
static enum err replace_keys(struct cli *cli, const char *path, struct error *error)
{
	struct own_text own = own_text(cli, OWN_KEYS, cli->settings.keys_path);
	struct strbuf before = STRBUF_INIT, after = STRBUF_INIT;
	struct key_binding_rows rows;
	enum err err = file_read_input(path, OWN_KEYS_BYTES_MAX, &after, error);

	if (!err)
		err = own_text_read(&own, OWN_KEYS_BYTES_MAX, &before, error);
	if (!err) {
		cli->settings.keys_text = arena_strdup(&cli->arena, after.len ? after.buf : "");
		cli->front_ends->keys(&cli->arena, &cli->settings, &rows);
		if (rows.faults.count && !rows.faults.items[0].line)
			err = error_set(error, ERR_INVALID, "Your keys stay as they were: %s",
					rows.faults.items[0].message);
	}
	if (!err)
		err = own_text_write(
			&own, &(const struct own_text_change){ before.len ? before.buf : "", cli->settings.keys_text },
			error);
	strbuf_release(&before);
	strbuf_release(&after);
	return err;
}

static enum err run_config_keys(struct cli *cli, struct error *error)
{
	struct key_binding_rows rows;
	struct cli_rows list;
	const char *file = parsed_argument(&cli->command_line, 0);
	enum err err = *file ? replace_keys(cli, file, error) : ERR_OK;
	if (err)
		return err;
	cli->front_ends->keys(&cli->arena, &cli->settings, &rows);
	cli_rows_begin_unlimited(cli, "Action:16|Keys:12|Where:8|What:12", &list);
	for (size_t i = 0; i < rows.count; i++)
		add_key_row(cli_add_entry(cli, &list), &rows.items[i]);
	if (cli_is_json(cli))
		return cli_print_json(cli, list.data);
	json_free(list.data);
	out_table(&cli->out, list.table, 0);
	print_place(cli, cli->settings.keys_path, file_exists(cli->settings.keys_path));
	if (rows.faults.count)
		out_line(&cli->out,
			 "%zu line%s of this file do%s not apply; list the reasons with: kybdesk config check",
			 rows.faults.count, rows.faults.count == 1 ? "" : "s", rows.faults.count == 1 ? "es" : "");
	return ERR_OK;
}

/* Inspected files and their faults. */
struct config_inspection {
	struct cli *cli;
	struct json_value *files;
	struct line_faults faults; /* faults as complete sentences */
};

static void report_file_faults(struct config_inspection *config_inspection, const char *path,
			       const struct line_faults *faults)
{
	struct cli *cli = config_inspection->cli;
	bool there = cli->ssh_reviewer || file_exists(path);
	for (size_t i = 0; i < faults->count; i++)
		line_fault_add(&cli->arena, &config_inspection->faults, 0,
			       line_fault_text(&cli->arena, path, &faults->items[i]));
	json_append(config_inspection->files,
		    JSON_NEW(JSON_TEXT("path", cli_safe_text(cli, path)), JSON_BOOL("there", there)));
	if (!cli_is_json(cli))
		out_styled_line(&cli->out, faults->count ? CELL_WARNING : CELL_OK, "%-8s %s",
				faults->count ? "faults"
				: there	      ? "ok"
					      : "none",
				path);
}

static void inspect_views(struct config_inspection *config_inspection)
{
	struct cli *cli = config_inspection->cli;
	struct line_faults faults = { 0 };
	struct error why = { 0 };
	struct views views;
	views_init(&views, &cli->settings);
	views.text = own_text(cli, OWN_VIEWS, cli->settings.views_path);
	if (views_read(&views, &why))
		line_fault_add(&cli->arena, &faults, 0, arena_strdup(&cli->arena, why.message));
	report_file_faults(config_inspection, cli->ssh_reviewer ? "your views in the store" : cli->settings.views_path,
			   &faults);
	error_release(&why);
	views_release(&views);
}

static enum err run_config_check(struct cli *cli, struct error *error)
{
	struct config_inspection config_inspection = { .cli = cli, .files = json_new_array() };
	struct key_binding_rows rows;
	struct theme_result theme;
	cli->front_ends->keys(&cli->arena, &cli->settings, &rows);
	report_file_faults(&config_inspection, cli->ssh_reviewer ? OWN_KEYS_ORIGIN : cli->settings.keys_path,
			   &rows.faults);
	if (!cli->ssh_reviewer)
		report_file_faults(&config_inspection, cli->settings.commands_path, &rows.command_faults);
	inspect_views(&config_inspection);
	enum err err = theme_load(&cli->arena, cli->world,
				  theme_of_setting(settings_text(&cli->settings, SETTING_THEME), true), &theme, error);
	if (!err && strcmp(theme.origin, RESOURCE_BUILT_IN) != 0)
		report_file_faults(&config_inspection, theme.origin, &theme.faults);
	if (!err && config_inspection.faults.count) {
		err = error_set(error, ERR_INVALID, "%zu fault%s in your own files; all other lines apply",
				config_inspection.faults.count, config_inspection.faults.count == 1 ? "" : "s");
		for (size_t i = 0; i < config_inspection.faults.count; i++)
			error_add_blocker(error, "file", config_inspection.faults.items[i].message, "");
	}
	if (!err && cli_is_json(cli)) {
		out_json(&cli->out, JSON_NEW(JSON_VALUE("files", config_inspection.files)));
	} else {
		json_free(config_inspection.files);
	}
	return err;
}

static const struct command rows[] = {
	{ .name = "config show",
	  .summary = "Prints each setting and its source",
	  .details = "Order of precedence: option, environment (KYBDESK_STORE, KYBDESK_REVIEWER, KYBDESK_THEME, "
		     "NO_COLOR), file, KYBDESK_STORE of /etc/default/kybdesk (the store only), default. The file is "
		     "$XDG_CONFIG_HOME/kybdesk/config.json, one JSON object: "
		     "store, reviewer, theme (auto: dark, or terminal if the terminal has fewer than 256 colours), "
		     "color, mouse, pictures (false: draw with characters, even if the terminal can show pixels), "
		     "next_after_decision (false: return to the inbox), accessible (true: the workbench prints "
		     "plain lines, for a screen reader), single_keys (false: in the workbench a character triggers "
		     "an action only after Ctrl-X), grace_seconds (time to undo a decision before its webhook is "
		     "sent, 0 to 3600), open_with (the program, such as xdg-open, that opens a document if you "
		     "press O in the workbench; unset: O is disabled), time_zone (Europe/Lisbon, or a rule; unset: "
		     "the machine's). The settings apply to commands and the "
		     "workbench.",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION | COMMAND_OWN_FILES,
	  .example = "config show",
	  .run = run_config_show },
	{ .name = "config set",
	  .summary = "Changes a setting of yours",
	  .details =
		  "Kept in config.json; in a session over SSH in the store, where only you have it. config show lists "
		  "the settings with their defaults, docs/own-files.md says what each takes.",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION | COMMAND_OWN_FILES,
	  .example = "config set theme light",
	  .run = run_config_set,
	  .arguments = { { "NAME", 0, "the setting, as config show names it" },
			 { "VALUE", 0, "true or false, a number, a theme's name, a time zone" } } },
	{ .name = "config keys",
	  .summary = "Prints every action of the workbench with its keys, including your own",
	  .details = "Your own keys are in $XDG_CONFIG_HOME/kybdesk/keys.json: one JSON object with the name of "
		     "each action and its key or list of keys, for example \"approve\": \"Y\". A key is a "
		     "character, two characters with a space between (\"g g\"), Space, or Ctrl- with a letter; an "
		     "empty list removes all keys of the action. Enter, Esc, Tab, arrows, page keys, digits and "
		     "the keys of dialogs cannot be changed.",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION | COMMAND_OWN_FILES,
	  .example = "config keys",
	  .run = run_config_keys,
	  .arguments = { { "FILE", ARGUMENT_OPTIONAL | ARGUMENT_PATH | PATH_STREAM,
			   "replaces your own keys by the keys of the file; - is standard input" } } },
	{ .name = "config check",
	  .summary = "Checks your own keys, commands, views and theme; exit code 9 if they have mistakes",
	  .details = "Each mistake is listed with file, line and fix. The correct entries of a file still apply.",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION | COMMAND_OWN_FILES,
	  .example = "config check",
	  .run = run_config_check },
};
const struct command_chapter commands_config = { COMMAND_CHAPTER("Your own files", rows) };
