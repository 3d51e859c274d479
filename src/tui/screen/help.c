/* Every key, made from the key table, so that it cannot be wrong. */
#include "workbench.h"

#include <string.h>

#define KEYS_CELLS 14
#define KEYS_CELLS_LED 24

struct help_row {
	const char *keys, *help;
	bool heading;
};

static size_t collect(struct arena *arena, const struct frame *frame, unsigned led, struct help_row **rows)
{
	size_t count = 0, capacity = 0;
	*rows = NULL;
	for (int group = 0; group < COMMAND_GROUP_COUNT; group++) {
		if (count)
			ARENA_PUSH(arena, *rows, count, capacity);
		struct help_row *heading = ARENA_PUSH(arena, *rows, count, capacity);
		heading->heading = true;
		heading->help = command_group_title((enum command_group)group);
		for (int command = 1; command < COMMAND_COUNT; command++) {
			const struct command_spec *spec = command_spec((enum command)command);
			if ((int)spec->group != group ||
			    !command_allowed((enum command)command, frame->role, frame->readonly))
				continue;
			struct help_row *row = ARENA_PUSH(arena, *rows, count, capacity);
			row->keys = keymap_keys(arena, (enum command)command, PLACE_EVERYWHERE | led);
			row->help = spec->help;
		}
	}
	const char *notes[] = {
		led ? "Single keys are off: Ctrl-X comes before each character, also where a sentence names one."
		    : "single_keys false in the configuration file: characters work behind Ctrl-X only.",
		led ? "In a dialog Ctrl-Y confirms, on the buttons Ctrl-X y too, or Right and Enter; Esc closes."
		    : "In a dialog y on the buttons confirms, Ctrl-Y in every field too; Enter alone never "
		      "decides.",
		"Tab reaches the fields: letters are text there, or find an item of a list; Esc closes.",
		"Marks: + or ✓ holds, x or ✗ does not, ! over due, ? to review.",
		arena_printf(arena,
			     "List: %s yours, " MARK_HELD_BY_OTHER " others', " MARK_SNOOZED
			     " snoozed, " MARK_WAITING " waits, %s returned, " MARK_NOTED " noted.",
			     glyph_text(frame->mode, GLYPH_BULLET), glyph_text(frame->mode, GLYPH_RETURNED))
	};
	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
		struct help_row *row = ARENA_PUSH(arena, *rows, count, capacity);
		row->help = notes[i];
	}
	return count;
}

void help_draw(struct workbench *workbench, struct surface *surface)
{
	struct arena arena = ARENA_INIT;
	struct help_row *rows;
	size_t cells = workbench->single_keys ? KEYS_CELLS : KEYS_CELLS_LED;
	size_t count = collect(&arena, &workbench->frame, led_place(workbench), &rows);
	surface_fill(surface, (struct box){ 0, 0, surface->rows, surface->cols }, THEME_TEXT);
	surface_fill(surface, (struct box){ 0, 0, 1, surface->cols }, THEME_HEADER);
	surface_put(surface, 0, 1, surface->cols - 2, THEME_HEADER, "Every key");
	size_t page = surface->rows - 3;
	workbench->help_rows = count;
	workbench->help_page = page;
	if (workbench->help_top + page > count)
		workbench->help_top = count > page ? count - page : 0;
	for (size_t i = 0; i < page && workbench->help_top + i < count; i++) {
		const struct help_row *row = &rows[workbench->help_top + i];
		size_t at = 1 + i;
		if (row->heading) {
			surface_put(surface, at, 1, surface->cols - 2, THEME_TITLE, row->help);
		} else if (row->help && row->keys) {
			surface_put(surface, at, 3, cells, THEME_ACCENT, row->keys);
			surface_put(surface, at, 3 + cells + 2, surface->cols - cells - 6, THEME_TEXT, row->help);
		} else if (row->help) {
			surface_put(surface, at, 3, surface->cols - 4, THEME_MUTED, row->help);
		}
	}
	surface_fill(surface, (struct box){ surface->rows - 1, 0, 1, surface->cols }, THEME_FOOTER);
	struct pen pen = pen_at(surface, surface->rows - 1, 1, surface->cols - 2);
	pen_put(&pen, THEME_KEY, "Esc");
	pen_put(&pen, THEME_FOOTER, " close");
	if (count > page) {
		pen_put(&pen, THEME_FOOTER, "  ");
		pen_put(&pen, THEME_KEY, workbench->single_keys ? "j k PgDn PgUp" : "Up Down PgDn PgUp");
		pen_format(&pen, THEME_FOOTER, " more, %zu of %zu lines shown", page, count);
	}
	arena_release(&arena);
}

void help_command(struct workbench *workbench, enum command command)
{
	size_t last = workbench->help_rows > workbench->help_page ? workbench->help_rows - workbench->help_page : 0;
	size_t page = workbench->help_page > 1 ? workbench->help_page - 1 : 1, *top = &workbench->help_top;
	if (command == COMMAND_DOWN)
		*top += *top < last;
	else if (command == COMMAND_UP)
		*top -= *top > 0;
	else if (command == COMMAND_PAGE_DOWN)
		*top = *top + page > last ? last : *top + page;
	else if (command == COMMAND_PAGE_UP)
		*top = *top > page ? *top - page : 0;
	else if (command == COMMAND_FIRST)
		*top = 0;
	else if (command == COMMAND_LAST)
		*top = last;
	else if (command == COMMAND_BACK)
		shelf_help(workbench);
	else if (command == COMMAND_QUIT)
		workbench->help = false;
}
