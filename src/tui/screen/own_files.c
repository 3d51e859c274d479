/* The user's files: keys, commands, theme and views, and their faults. */
#include "workbench.h"

#include "kybdesk/base/locale.h"
#include "kybdesk/tui/own_keys.h"

void own_files_fault(struct workbench *workbench, const char *sentence)
{
	*ARENA_PUSH(&workbench->own.arena, workbench->own.faults, workbench->own.fault_count,
		    workbench->own.fault_capacity) = arena_strdup(&workbench->own.arena, sentence);
}

static void keep(struct workbench *workbench, const char *path, const struct line_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		own_files_fault(workbench, line_fault_text(&workbench->own.arena, path, &faults->items[i]));
}

enum err own_files_read(struct workbench *workbench, struct theme_found *theme, struct error *error)
{
	const struct settings *settings = workbench->options.settings;
	struct keys_table keys;
	bool many = settings_bool(settings, SETTING_COLOR) && tty_has_many_colours();
	const char *name = theme_of_setting(settings_text(settings, SETTING_THEME), many);
	enum err err = theme_load(&workbench->own.arena, workbench->options.world, name, theme, error);
	if (err)
		return err;
	themes_prepare(workbench, name, theme->theme);
	own_keys_read(&workbench->own.arena, settings->keys_path, text_mode_of_locale(), &keys);
	own_commands_read(&workbench->own.arena, settings->commands_path, text_mode_of_locale(), &keys,
			  &workbench->own.commands);
	keymap_use(keys.bindings, keys.count);
	keep(workbench, "keys.json", &keys.faults);
	keep(workbench, "commands.json", &workbench->own.commands.faults);
	keep(workbench, theme->origin, &theme->faults);
	return ERR_OK;
}

void own_files_report(struct workbench *workbench)
{
	views_prepare(workbench);
	if (workbench->own.fault_count == 1)
		REPORT_BAD(workbench, "%s", workbench->own.faults[0]);
	else if (workbench->own.fault_count)
		REPORT_BAD(workbench, "Your own files have %zu faults, %s lists them. %s",
			   workbench->own.fault_count, key_for(workbench, COMMAND_HELP), workbench->own.faults[0]);
}

const char *key_for(struct workbench *workbench, enum command command)
{
	const char **name = &workbench->own.key_names[command];
	if (!*name)
		*name = keymap_text(&workbench->own.arena, command);
	return *name;
}

void own_files_release(struct workbench *workbench)
{
	keymap_use(NULL, 0);
	arena_release(&workbench->own.arena);
}
