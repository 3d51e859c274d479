/* The help: a list of every key, generated from the key table. */
#include "workbench.h"

#define KEYS_CELLS 14 /* minimum width of the column with the keys; the user's own keys may be longer */
#define KEYS_CELLS_MAX 30
#define FAULTS_SHOWN 12 /* maximum number of faults shown, so that rows are left for the keys */

struct help_row {
	const char *keys, *help;
	bool heading;
};

struct help_text {
	struct arena *arena;
	const struct workbench *workbench;
	const struct frame *frame;
	unsigned leader_context, current_contexts; /* key contexts */
	struct help_row *rows;
	size_t count, capacity;
};

static struct help_row *add_row(struct help_text *text)
{
	return ARENA_PUSH(text->arena, text->rows, text->count, text->capacity);
}

static void add_heading(struct help_text *text, const char *words)
{
	if (text->count)
		add_row(text);
	struct help_row *heading = add_row(text);
	heading->heading = true;
	heading->help = words;
}

/* Adds the row of a command. An action without a key is listed by its name, like ":reopen". */
static void add_command(struct help_text *text, enum command command)
{
	const struct command_spec *spec = command_spec(command);
	struct help_row *row = add_row(text);
	row->keys = keymap_list_keys(text->arena, command, PLACE_EVERYWHERE | text->leader_context);
	if (!row->keys[0])
		row->keys = arena_printf(text->arena, ":%s", spec->name);
	row->help = spec->help;
}

/* Adds a row for each of the user's own commands; these rows replace the row of the action that runs them. */
static void add_own_commands(struct help_text *text)
{
	const struct own_commands *commands = &text->workbench->own_settings.commands;
	size_t count;
	const struct binding *bindings = keymap_bindings(&count);
	for (size_t i = 0; i < commands->count; i++) {
		const struct own_command *command = &commands->items[i];
		struct help_row *row = add_row(text);
		row->keys = arena_printf(text->arena, ":%s %s", command_spec(COMMAND_RUN)->name, command->name);
		for (size_t b = 0; b < count; b++)
			if (bindings[b].own_command_number == i + 1)
				row->keys =
					arena_printf(text->arena, "%s%s", text->leader_context ? LEADER_NAME " " : "",
						     binding_text(text->arena, &bindings[b]));
		row->help = arena_printf(text->arena, "your command %s%s%s", command->name,
					 command->help[0] ? ": " : "", command->help);
	}
}

/* Adds the commands of one group (negative: of all groups). here: adds only commands that work in the current
 * context; else adds only commands that do not work in this context. */
static void add_commands(struct help_text *text, int group, bool here)
{
	bool headed = group < 0;
	for (int command = 1; command < COMMAND_COUNT; command++) {
		const struct command_spec *spec = command_spec((enum command)command);
		bool jobs = spec->contexts & text->current_contexts;
		if ((group >= 0 && (int)spec->group != group) || jobs != here ||
		    !is_command_allowed((enum command)command, text->frame->role, text->frame->readonly))
			continue;
		if (!headed)
			add_heading(text, command_group_title(spec->group));
		headed = true;
		if (command == COMMAND_RUN && text->workbench->own_settings.commands.count)
			add_own_commands(text);
		else
			add_command(text, (enum command)command);
	}
}

static void add_help_notes(struct help_text *text)
{
	struct arena *arena = text->arena;
	const struct frame *frame = text->frame;
	unsigned led = text->leader_context;
	const char *notes[] = {
		led ? "" : "single_keys is false in the configuration file: press Ctrl-X before a character.",
		led ? "In a dialog, Ctrl-Y confirms; on the buttons also Ctrl-X y, or Right and Enter; Esc closes."
		    : "In a dialog, y on the buttons or Ctrl-Y anywhere confirms; Enter alone never decides.",
		"Tab reaches the fields: letters are text there, or find an item of a list; Esc closes.",
		"Marks: + or ✓ met, x or ✗ not met, ! overdue, ? to review.",
		arena_printf(arena,
			     "List: %s yours, " MARK_HELD_BY_OTHER " others', " MARK_SNOOZED " snoozed, " MARK_WAITING
			     " waiting, %s returned, " MARK_NOTED " with notes.",
			     glyph_text(frame->mode, GLYPH_BULLET), glyph_text(frame->mode, GLYPH_RETURNED))
	};
	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
		if (notes[i][0])
			add_row(text)->help = notes[i];
}

/* Lists the faults in the user's own files, since the status line shows them only until the next key. */
static void add_file_faults(struct help_text *text)
{
	const struct workbench *workbench = text->workbench;
	if (!workbench->own_settings.fault_count)
		return;
	add_heading(text, "Mistakes in your own files");
	for (size_t i = 0; i < workbench->own_settings.fault_count && i < FAULTS_SHOWN; i++)
		add_row(text)->help = workbench->own_settings.faults[i];
	if (workbench->own_settings.fault_count > FAULTS_SHOWN)
		add_row(text)->help = arena_printf(text->arena, "And %zu more: kybdesk config check lists all",
						   workbench->own_settings.fault_count - FAULTS_SHOWN);
}

/* Lists the commands that work in the current context, then all other commands. If a dialog is open, the keys of
 * dialogs come first. */
static void collect(struct help_text *text, bool dialog)
{
	add_file_faults(text);
	if (text->leader_context)
		add_row(text)->help = "Single keys are off: press Ctrl-X before each character key, also if a text "
				      "names only the key.";
	if (dialog) {
		add_heading(text, "In this dialog");
		add_help_notes(text);
		add_heading(text, "After closing the dialog");
	}
	for (int group = 0; group < COMMAND_GROUP_COUNT; group++)
		add_commands(text, group, true);
	if (!dialog) {
		add_row(text);
		add_help_notes(text);
	}
	add_heading(text, "Elsewhere");
	add_commands(text, -1, false);
}

/* Wraps the rows to the width of the surface. */
static void wrap_rows(struct help_text *text, size_t cells, const struct surface *surface)
{
	struct help_text whole = *text;
	text->rows = NULL;
	text->count = text->capacity = 0;
	for (size_t i = 0; i < whole.count; i++) {
		const struct help_row *row = &whole.rows[i];
		size_t lines = 1, room = surface->cols - (row->keys ? cells + 6 : 4);
		char **wrapped = row->help
					 ? text_wrap(text->arena, text_safe_copy(text->arena, row->help, surface->mode),
						     room, &lines)
					 : NULL;
		for (size_t l = 0; l < lines; l++)
			*add_row(text) = (struct help_row){ .keys = !row->keys ? NULL
								    : l	       ? ""
									       : row->keys,
							    .help = wrapped ? wrapped[l] : NULL,
							    .heading = row->heading };
	}
}

static size_t keys_column_width(const struct help_text *text, struct surface *surface)
{
	size_t cells = KEYS_CELLS;
	for (size_t i = 0; i < text->count; i++) {
		size_t keys = text->rows[i].keys ? surface_text_width(surface, text->rows[i].keys) : 0;
		cells = keys > cells ? keys : cells;
	}
	return cells < KEYS_CELLS_MAX ? cells : KEYS_CELLS_MAX;
}

static void help_draw(struct workbench *workbench, struct surface *surface, struct box box)
{
	struct help_text text = { .arena = &workbench->scratch, .workbench = workbench, .frame = &workbench->frame };
	(void)box;
	text.leader_context = leader_context_bit(workbench);
	text.current_contexts = screen_context_bits(workbench, active_screen_from(workbench, 1));
	collect(&text, workbench->dialog);
	size_t cells = keys_column_width(&text, surface);
	wrap_rows(&text, cells, surface);
	const struct help_row *rows = text.rows;
	size_t count = text.count;
	surface_fill(surface, (struct box){ 0, 0, surface->rows, surface->cols }, THEME_TEXT);
	surface_fill(surface, (struct box){ 0, 0, 1, surface->cols }, THEME_HEADER);
	surface_put(surface, 0, 1, surface->cols - 2, THEME_HEADER,
		    workbench->dialog ? "Every key · the dialog stays open" : "Every key · keys of this screen first");
	size_t page = surface->rows - 3;
	workbench->help.rows = count;
	workbench->help.visible_row_count = page;
	if (workbench->help.top + page > count)
		workbench->help.top = count > page ? count - page : 0;
	for (size_t i = 0; i < page && workbench->help.top + i < count; i++) {
		const struct help_row *row = &rows[workbench->help.top + i];
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
		pen_format(
			&pen, THEME_KEY, "%s %s PgDn PgUp",
			keymap_first_key(&workbench->scratch, COMMAND_DOWN, PLACE_HELP | leader_context_bit(workbench)),
			keymap_first_key(&workbench->scratch, COMMAND_UP, PLACE_HELP | leader_context_bit(workbench)));
		pen_format(&pen, THEME_FOOTER, " more, %zu of %zu lines shown", page, count);
	}
}

void help_toggle(struct workbench *workbench)
{
	workbench->help.is_open = !workbench->help.is_open;
	workbench->help.top = 0;
	/* A dialog below the help takes no keys until the terminal has shown the dialog again. */
	if (workbench->dialog)
		dialog_block_keys(workbench->dialog);
}

static bool is_help_open(const struct workbench *workbench)
{
	return workbench->help.is_open;
}

static void *help_detach(struct workbench *workbench)
{
	workbench->help.is_open = false;
	return &workbench->help;
}

static bool help_reattach(struct workbench *workbench, const struct stash *stash)
{
	(void)stash;
	workbench->help.is_open = true;
	return true;
}

/* The help has no memory to free: its state is a member of the workbench. */
static void help_discard(struct workbench *workbench, void *help)
{
	(void)workbench;
	(void)help;
}

static uint64_t help_add_to_hash(const struct workbench *workbench, uint64_t screen_hash)
{
	(void)workbench;
	return screen_hash_add_text(screen_hash, "help");
}

static size_t help_page_rows(const struct workbench *workbench)
{
	return workbench->help.visible_row_count;
}

static void help_scroll_rows(struct workbench *workbench, long rows)
{
	size_t last = workbench->help.rows > workbench->help.visible_row_count
			      ? workbench->help.rows - workbench->help.visible_row_count
			      : 0;
	workbench->help.top = clamp_move(workbench->help.top, rows, last + 1);
}

const struct screen_ops help_screen = { .is_active = is_help_open,
					.fixed_contexts = PLACE_HELP,
					.draw = help_draw,
					.page_rows = help_page_rows,
					.move = help_scroll_rows,
					.detach = help_detach,
					.reattach = help_reattach,
					.discard = help_discard,
					.add_to_hash = help_add_to_hash,
					.leave = help_toggle };
