/* config: show and check the user's own files. */
#include "../cli_internal.h"
#include "kybdesk/settings/themes.h"
#include "kybdesk/settings/views.h"

const char *cli_setting_text(struct cli *cli, enum setting_id id)
{
	const char *value = settings_text(&cli->settings, id);

	return id == SETTING_STORE ? desk_store_label(&cli->arena, value) : value;
}

static enum err run_config_show(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = { COLUMN_LEFT("Setting", 0), COLUMN_LEFT("Value", 12),
						       COLUMN_LEFT("From", 12) };
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
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
	out_line(&cli->out, "file: %s%s", cli->settings.config_path, cli->settings.config_exists ? "" : " (missing)");
	return ERR_OK;
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

static enum err run_config_keys(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = { COLUMN_LEFT("Action", 16), COLUMN_LEFT("Keys", 12),
						       COLUMN_LEFT("Where", 8), COLUMN_LEFT("What", 12) };
	struct key_binding_rows rows;
	struct cli_rows list;
	(void)error;
	cli->front_ends->keys(&cli->arena, &cli->settings, &rows);
	cli_rows_begin_unlimited(cli, columns, sizeof columns / sizeof *columns, &list);
	for (size_t i = 0; i < rows.count; i++)
		add_key_row(cli_add_entry(cli, &list), &rows.items[i]);
	if (cli_is_json(cli))
		return cli_print_json(cli, list.data);
	json_free(list.data);
	out_table(&cli->out, list.table, 0);
	out_line(&cli->out, "file: %s%s", cli->settings.keys_path,
		 file_exists(cli->settings.keys_path) ? "" : " (missing)");
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
	bool there = file_exists(path);
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
	if (views_read(&views, &why))
		line_fault_add(&cli->arena, &faults, 0, arena_strdup(&cli->arena, why.message));
	report_file_faults(config_inspection, cli->settings.views_path, &faults);
	error_release(&why);
	views_release(&views);
}

static enum err run_config_check(struct cli *cli, struct error *error)
{
	struct config_inspection config_inspection = { .cli = cli, .files = json_new_array() };
	struct key_binding_rows rows;
	struct theme_result theme;
	cli->front_ends->keys(&cli->arena, &cli->settings, &rows);
	report_file_faults(&config_inspection, cli->settings.keys_path, &rows.faults);
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
		     "press O in the workbench; unset: O is disabled). The settings apply to commands and the "
		     "workbench.",
	  .flags = COMMAND_NO_STORE,
	  .example = "config show",
	  .run = run_config_show },
	{ .name = "config keys",
	  .summary = "Prints every action of the workbench with its keys, including your own",
	  .details = "Your own keys are in $XDG_CONFIG_HOME/kybdesk/keys.json: one JSON object with the name of "
		     "each action and its key or list of keys, for example \"approve\": \"Y\". A key is a "
		     "character, two characters with a space between (\"g g\"), Space, or Ctrl- with a letter; an "
		     "empty list removes all keys of the action. Enter, Esc, Tab, arrows, page keys, digits and "
		     "the keys of dialogs cannot be changed.",
	  .flags = COMMAND_NO_STORE,
	  .example = "config keys",
	  .run = run_config_keys },
	{ .name = "config check",
	  .summary = "Checks your own keys, commands, views and theme; exit code 9 if they have mistakes",
	  .details = "Each mistake is listed with file, line and fix. The correct entries of a file still apply.",
	  .flags = COMMAND_NO_STORE,
	  .example = "config check",
	  .run = run_config_check },
};
const struct command_chapter commands_config = { COMMAND_CHAPTER("Your own files", rows) };
