/* The user's own files (keys, commands, theme and views) and their faults. The command ":theme" lists the themes in
 * the palette. While the cursor is on a theme, this theme colours the screen; Enter keeps the theme, Esc restores
 * the theme that was kept before. */
#include "workbench.h"
#include "kybdesk/base/locale.h"
#include "input/own_keys.h"

#include <string.h>

#define FOLDER "themes/"
#define EXTENSION ".json"

/* The kept theme is first in the list, so that the colours do not change before the cursor moves. */
size_t theme_names(const struct workbench *workbench, const char **words)
{
	const struct theme_choice *choice = &workbench->own_settings.theme;
	size_t count = 0;
	if (choice->kept_name)
		words[count++] = choice->kept_name;
	for (size_t i = 0; i < choice->count; i++)
		if (!choice->kept_name || strcmp(choice->names[i], choice->kept_name) != 0)
			words[count++] = choice->names[i];
	return count;
}

void set_configured_theme(struct workbench *workbench, const char *name, struct theme *theme)
{
	struct theme_choice *choice = &workbench->own_settings.theme;
	size_t count = 0;
	const char **files = resource_list(&workbench->own_settings.arena, workbench->options.world, FOLDER, &count);
	*choice = (struct theme_choice){ .kept_name = name, .shown_name = name, .theme = theme };
	for (size_t i = 0; i < count && choice->count + 1 < ARGUMENT_WORDS_MAX; i++) {
		size_t length = strlen(files[i]);
		if (length <= strlen(FOLDER EXTENSION) || strcmp(files[i] + length - strlen(EXTENSION), EXTENSION) != 0)
			continue;
		choice->names[choice->count++] = arena_strndup(
			&workbench->own_settings.arena, files[i] + strlen(FOLDER), length - strlen(FOLDER EXTENSION));
	}
}

static void apply_theme(struct workbench *workbench, const char *name, struct theme *theme)
{
	workbench->own_settings.theme.shown_name = name;
	if (workbench->tty)
		tty_set_theme(workbench->tty, theme);
	workbench->stale_bits |= STALE_PAINT;
}

/* Reads a theme if it was not read before; NULL: the theme cannot be read. Faults in the theme are not reported
 * here, but at the next start and by "config check". */
static struct theme *read_theme_by_name(struct workbench *workbench, const char *name, struct error *error)
{
	struct theme_choice *choice = &workbench->own_settings.theme;
	struct theme_result found;
	size_t at = 0;
	while (at < choice->count && strcmp(choice->names[at], name) != 0)
		at++;
	if (at < choice->count && choice->themes[at])
		return choice->themes[at];
	if (theme_load(&workbench->own_settings.arena, workbench->options.world, name, &found, error))
		return NULL;
	if (at < choice->count)
		choice->themes[at] = found.theme;
	return found.theme;
}

void theme_preview(struct workbench *workbench, const char *name)
{
	struct theme_choice *choice = &workbench->own_settings.theme;
	const char *wanted = name ? name : choice->kept_name;
	if (!choice->kept_name || !strcmp(choice->shown_name, wanted))
		return;
	struct theme *theme = name ? read_theme_by_name(workbench, name, NULL) : choice->theme;
	if (theme)
		apply_theme(workbench, wanted, theme);
}

/* Saves the theme in the configuration file, or over SSH in the store, by the thread that has the store. A demo saves
 * nothing: it uses the theme only until the program ends. */
static void save_theme(struct workbench *workbench, const char *name)
{
	const struct settings *settings = workbench->options.settings;
	const char *origin = settings->items[SETTING_THEME].origin;
	const struct own_text config = { OWN_CONFIG, settings->config_path, NULL };
	struct error error = { 0 };
	struct job *job;
	bool outranks = !settings->items[SETTING_THEME].is_default && strcmp(origin, settings->config_path) != 0;
	if (workbench->frame.demo) {
		REPORT_GOOD(workbench, "The theme %s is used until this demo ends", name);
	} else if (workbench->frame.is_session_program) {
		job = job_new(JOB_DRAFT);
		job->theme = arena_strdup(&job->arena, name);
		reader_request(workbench->reader, job);
	} else if (settings_save(&config, SETTING_THEME, name, &error)) {
		REPORT_BAD(workbench, "The theme %s was not saved: %s", name, error.message);
	} else if (outranks) {
		REPORT_GOOD(workbench, "The theme %s is saved, but %s takes precedence", name, origin);
	} else {
		REPORT_GOOD(workbench, "The theme %s is saved", name);
	}
	error_release(&error);
}

void theme_choose(struct workbench *workbench, const struct command_request *order)
{
	struct theme_choice *choice = &workbench->own_settings.theme;
	struct error error = { 0 };
	if (!order->argument[0]) {
		palette_open_with_text(workbench, "theme ");
		return;
	}
	struct theme *theme = read_theme_by_name(workbench, order->argument, &error);
	if (theme) {
		choice->kept_name = arena_strdup(&workbench->own_settings.arena, order->argument);
		choice->theme = theme;
		apply_theme(workbench, choice->kept_name, theme);
		save_theme(workbench, choice->kept_name);
	} else {
		REPORT_BAD(workbench, "%s", error.message);
	}
	error_release(&error);
}

/* --- all files --- */

void own_files_add_fault(struct workbench *workbench, const char *sentence)
{
	*ARENA_PUSH(&workbench->own_settings.arena, workbench->own_settings.faults, workbench->own_settings.fault_count,
		    workbench->own_settings.fault_capacity) = arena_strdup(&workbench->own_settings.arena, sentence);
}

static void add_file_line_faults(struct workbench *workbench, const char *path, const struct line_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		own_files_add_fault(workbench,
				    line_fault_text(&workbench->own_settings.arena, path, &faults->items[i]));
}

enum err own_files_read(struct workbench *workbench, struct theme_result *theme, struct error *error)
{
	const struct settings *settings = workbench->options.settings;
	struct keys_table keys;
	bool many = settings_bool(settings, SETTING_COLOR) && tty_has_many_colours();
	const char *name = theme_of_setting(settings_text(settings, SETTING_THEME), many);
	enum err err = theme_load(&workbench->own_settings.arena, workbench->options.world, name, theme, error);
	if (err)
		return err;
	set_configured_theme(workbench, name, theme->theme);
	own_keys_read(&workbench->own_settings.arena, settings, text_mode_of_locale(), &keys);
	own_commands_read(&workbench->own_settings.arena, settings->commands_path, text_mode_of_locale(), &keys,
			  &workbench->own_settings.commands);
	keymap_activate(keys.bindings, keys.count);
	add_file_line_faults(workbench, settings->keys_text ? OWN_KEYS_ORIGIN : "keys.json", &keys.faults);
	add_file_line_faults(workbench, "commands.json", &workbench->own_settings.commands.faults);
	add_file_line_faults(workbench, theme->origin, &theme->faults);
	return ERR_OK;
}

const char *key_name_for(struct workbench *workbench, enum command command)
{
	const char **name = &workbench->own_settings.key_names[command];
	if (!*name)
		*name = keymap_key_or_name(&workbench->own_settings.arena, command);
	return *name;
}

void own_files_release(struct workbench *workbench)
{
	keymap_activate(NULL, 0);
	arena_release(&workbench->own_settings.arena);
}
