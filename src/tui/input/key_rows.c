#include "kybdesk/base/locale.h"
#include "input/own_keys.h"
#include "kybdesk/tui/workbench.h"

/* The name of a context in keys.md. */
static const char *context_name(enum key_context_id number)
{
#define NAME_OF(place, name, ...) [PLACE_NUMBER_##place] = name,
	static const char *const names[PLACE_COUNT] = { PLACES(NAME_OF) };
#undef NAME_OF
	return names[number];
}

static const char *contexts_text(struct arena *arena, unsigned contexts)
{
	const char *text = "";
	if ((contexts & PLACE_EVERYWHERE) == PLACE_EVERYWHERE)
		return "everywhere";
	for (unsigned i = 0; i < PLACE_COUNT; i++)
		if (contexts & 1u << i)
			text = arena_printf(arena, "%s%s%s", text, text[0] ? ", " : "", context_name(i));
	return text;
}

void workbench_fill_keys(struct arena *arena, const struct settings *settings, struct key_binding_rows *out)
{
	struct keys_table table = { 0 };
	struct own_commands commands = { 0 };
	if (settings) {
		own_keys_read(arena, settings, text_mode_of_locale(), &table);
		own_commands_read(arena, settings->commands_path, text_mode_of_locale(), &table, &commands);
	}
	keymap_activate(table.bindings, table.count);
	*out = (struct key_binding_rows){ .faults = table.faults, .command_faults = commands.faults };
	for (int group = 0; group < COMMAND_GROUP_COUNT; group++)
		for (int command = 1; command < COMMAND_COUNT; command++) {
			const struct command_spec *spec = command_spec((enum command)command);
			unsigned contexts = keymap_contexts((enum command)command);
			if ((int)spec->group != group)
				continue;
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = (struct key_row){
				.group = command_group_title(spec->group),
				.action = spec->name,
				.keys = keymap_list_keys(arena, (enum command)command, PLACE_EVERYWHERE),
				.contexts = contexts_text(arena, contexts ? contexts : spec->contexts),
				.description = spec->help,
				.is_custom = table.changed[command]
			};
		}
	keymap_activate(NULL, 0);
}
