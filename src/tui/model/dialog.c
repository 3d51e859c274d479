#include "kybdesk/tui/dialog.h"
#include "kybdesk/tui/keymap.h"

#include <stdlib.h>
#include <string.h>

#define DIALOG_COLS 76
#define DIALOG_COLS_WIDE 96
#define LABEL_CELLS 12
#define LIST_ROWS_MAX 10
#define LIST_ROWS_MIN 2

struct dialog *dialog_new(const struct dialog_spec *spec, const char *id, const char *name)
{
	struct dialog *dialog = xcalloc(1, sizeof *dialog);
	dialog->spec = spec;
	dialog->id = arena_strdup(&dialog->arena, id);
	dialog->name = arena_strdup(&dialog->arena, name);
	dialog->item = dialog->item_name = dialog->wish = dialog->problem = dialog->copy = "";
	dialog->title = arena_printf(&dialog->arena, "%s %s", spec->asking, dialog->name);
	form_init(&dialog->form, NULL, "cancel");
	return dialog;
}

void dialog_free(struct dialog *dialog)
{
	if (!dialog)
		return;
	form_release(&dialog->form);
	work_free(dialog->answer);
	arena_release(&dialog->arena);
	free(dialog);
}

void dialog_disarm(struct dialog *dialog)
{
	dialog->armed = false;
	dialog->question = 0;
}

struct work *dialog_ask(struct dialog *dialog, uint64_t ticket)
{
	struct work *work = work_new(WORK_DIALOG);
	const struct dialog_spec *spec = dialog->spec;
	work->id = arena_strdup(&work->arena, dialog->id);
	work->action = spec->action;
	work->claim = spec->claims;
	work->look_only = spec->look_only;
	work->draft = spec->suggests && dialog->item[0];
	work->trail = spec->trail;
	work->with_people = spec->people;
	if (spec->many)
		work->bulk = bulk_copy(&work->arena, dialog->bulk);
	work->ticket = dialog->ticket = ticket;
	dialog->state = DIALOG_ASKING;
	dialog_disarm(dialog);
	return work;
}

void dialog_say(struct dialog *dialog, const char *label, enum theme_role role, const char *text)
{
	*ARENA_PUSH(&dialog->arena, dialog->lines, dialog->line_count, dialog->line_capacity) =
		(struct dialog_line){ arena_strdup(&dialog->arena, label), arena_strdup(&dialog->arena, text), role,
				      "", THEME_TEXT };
}

void dialog_say_marked(struct dialog *dialog, enum theme_role mark_role, const char *mark, const char *text)
{
	*ARENA_PUSH(&dialog->arena, dialog->lines, dialog->line_count, dialog->line_capacity) =
		(struct dialog_line){ "", arena_strdup(&dialog->arena, text), THEME_TEXT, mark, mark_role };
}

void dialog_say_after(struct dialog *dialog, const char *label, enum theme_role role, const char *text)
{
	*ARENA_PUSH(&dialog->arena, dialog->after, dialog->after_count, dialog->after_capacity) =
		(struct dialog_line){ arena_strdup(&dialog->arena, label), arena_strdup(&dialog->arena, text), role,
				      "", THEME_TEXT };
}

void dialog_only_say(struct dialog *dialog, const char *sentence)
{
	form_release(&dialog->form);
	form_init(&dialog->form, NULL, "close");
	dialog_say(dialog, "", THEME_TEXT, sentence);
}

const char *dialog_typed(const struct dialog *dialog, size_t field)
{
	return dialog->form.fields[field].editor.text.buf;
}

void dialog_say_conflicts(struct dialog *dialog, enum text_mode mode)
{
	const struct blockers *blockers = &dialog->answer->preview.blockers;
	for (size_t i = 0; i < blockers->count; i++)
		dialog_say_marked(dialog, THEME_DANGER, glyph_text(mode, GLYPH_UNMET), blockers->items[i].message);
}

void dialog_say_webhook(struct dialog *dialog)
{
	const struct decide_preview *preview = &dialog->answer->preview;
	const char *text;
	if (!preview->event[0])
		text = "none for this decision";
	else if (!preview->endpoints)
		text = arena_printf(&dialog->arena, "%s: %s has no endpoint for it, nothing is sent",
				    preview->event, preview->merchant);
	else if (!preview->grace_s)
		text = arena_printf(&dialog->arena, "%s to %s at once", preview->event, preview->merchant);
	else
		text = arena_printf(&dialog->arena, "%s to %s in %lld s", preview->event, preview->merchant,
				    (long long)preview->grace_s);
	dialog_say(dialog, "webhook", THEME_TEXT, text);
}

struct input *dialog_reason_field(struct dialog *dialog, const struct dialog_context *context, enum reason_set set,
				  const char *const *allowed, size_t allowed_count)
{
	struct input *field = form_add(&dialog->form, INPUT_CHOICE, "reason");
	size_t capacity = 0;
	for (size_t i = 0; i < context->reasons->counts[set]; i++) {
		const struct reason *reason = &context->reasons->items[set][i];
		bool taken = !allowed_count;
		for (size_t a = 0; a < allowed_count && !taken; a++)
			taken = !strcmp(allowed[a], reason->code);
		if (!taken)
			continue;
		const char *label = reason->disclosure == DISCLOSURE_RESTRICTED
					    ? arena_printf(&dialog->arena, "%s (restricted)", reason->label)
					    : reason->label;
		form_add_item(field, &dialog->arena, &capacity,
			      (struct input_item){ .code = reason->code, .label = label });
	}
	return field;
}

const struct input_item *field_chosen(const struct input *field)
{
	return field->chosen && field->cursor < field->item_count ? &field->items[field->cursor] : NULL;
}

const char *dialog_reference(const struct dialog *dialog)
{
	const struct work *answer = dialog->answer;
	return answer && answer->has_view ? answer->view.file.session.external_ref : "";
}

struct work *dialog_act(const struct dialog *dialog, const struct deed *deed)
{
	struct work *work = work_of_deed(deed);
	work->id = arena_strdup(&work->arena, dialog->id);
	work->name = arena_strdup(&work->arena, dialog->name);
	work->item = arena_strdup(&work->arena, dialog->item);
	work->reference = arena_strdup(&work->arena, dialog_reference(dialog));
	/* What it was given on: a colleague's change in between is shown, never overwritten. */
	if (dialog->answer && dialog->answer->has_preview)
		work->seen_version = dialog->answer->preview.version;
	else if (dialog->answer && dialog->answer->has_view)
		work->seen_version = dialog->answer->view.file.session.version;
	return work;
}

/* It may have been opened before its case was read: nothing is decided on what has no name. */
static void name_it(struct dialog *dialog)
{
	if (!dialog->answer->has_view || dialog->name[0])
		return;
	dialog->name = arena_strdup(&dialog->arena, dialog->answer->view.file.session.subject.name);
	dialog->title = arena_printf(&dialog->arena, "%s %s", dialog->spec->asking, dialog->name);
}

/* A second answer, after a refusal, keeps what the reviewer has written. */
void dialog_answer(struct dialog *dialog, struct work *answer, const struct dialog_context *context)
{
	work_free(dialog->answer);
	dialog->answer = answer;
	dialog->state = DIALOG_READY;
	dialog_disarm(dialog);
	dialog->line_count = 0;
	if (answer->status) {
		form_release(&dialog->form);
		form_init(&dialog->form, NULL, "close");
		dialog->party = NULL; /* speak of fields that are gone */
		dialog->step = NULL;
		dialog->after_count = 0;
		dialog_say(dialog, "", THEME_DANGER, answer->error.message);
		return;
	}
	name_it(dialog);
	dialog->spec->fill(dialog, context);
	if (dialog->draft && dialog->form.field_count)
		dialog_say(dialog, "", THEME_MUTED, "What you had written is back.");
	dialog_edited(dialog, context);
}

void dialog_edited(struct dialog *dialog, const struct dialog_context *context)
{
	if (dialog->spec->edited && dialog->state == DIALOG_READY && !dialog->answer->status)
		dialog->spec->edited(dialog, context);
}

/* What was typed finds nothing, so the item that stands chosen is not the one that is meant. */
static bool is_lost(struct dialog *dialog)
{
	const struct form *form = &dialog->form;
	const struct input *field = form_on_buttons(form) ? NULL : &form->fields[form->focus];
	if (!field || field->kind != INPUT_CHOICE || !field->missed)
		return false;
	dialog->problem =
		arena_printf(&dialog->arena, "Nothing in the list begins with \"%s\": choose again.", field->typed);
	return true;
}

struct work *dialog_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	dialog->problem = "";
	if (is_lost(dialog))
		return NULL;
	struct work *work = dialog->spec->confirm(dialog, context);
	if (work)
		dialog->state = DIALOG_DECIDING;
	return work;
}

struct work *dialog_look(struct dialog *dialog, uint64_t ticket)
{
	if (!dialog->spec->look || dialog->state != DIALOG_READY)
		return NULL;
	struct work *work = dialog->spec->look(dialog);
	if (work) {
		work->id = arena_strdup(&work->arena, dialog->id);
		work->ticket = ticket;
	}
	return work;
}

void dialog_found(struct dialog *dialog, const struct work *answer, const struct dialog_context *context)
{
	if (!dialog->spec->found)
		return;
	dialog->spec->found(dialog, answer, context);
	dialog_edited(dialog, context);
}

void dialog_fail(struct dialog *dialog, const char *sentence)
{
	dialog->problem = arena_strdup(&dialog->arena, sentence);
	dialog->state = DIALOG_READY;
	dialog_disarm(dialog);
}

static size_t less(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

/* Rows that lines take at a width; draws them when surface is given. */
static size_t lay_lines(const struct dialog_line *lines, size_t count, struct surface *surface, struct box box,
			enum text_mode mode)
{
	struct arena arena = ARENA_INIT;
	size_t row = 0;
	for (size_t i = 0; i < count; i++) {
		const struct dialog_line *line = &lines[i];
		size_t indent = line->label[0] ? LABEL_CELLS : line->mark[0] ? 2 : 0, wrapped = 0;
		char **text =
			text_wrap(&arena, text_safe(&arena, line->text, mode), less(box.cols, indent), &wrapped);
		size_t rows = wrapped ? wrapped : 1;
		for (size_t w = 0; surface && w < rows && row + w < box.rows; w++) {
			/* What finds no room is not dropped in silence. */
			bool last = row + w + 1 == box.rows && (w + 1 < rows || i + 1 < count);
			if (!w && line->label[0])
				surface_put(surface, box.row + row, box.col, LABEL_CELLS - 1, THEME_MUTED,
					    line->label);
			if (!w && line->mark[0])
				surface_put(surface, box.row + row, box.col, 1, line->mark_role, line->mark);
			surface_put(surface, box.row + row + w, box.col + indent, less(box.cols, indent),
				    line->role, w < wrapped ? text[w] : "");
			if (last)
				surface_put_aligned(surface, box.row + row + w, box.col, box.cols, THEME_MARK,
						    TEXT_RIGHT, glyph_text(mode, GLYPH_CUT));
		}
		row += rows;
	}
	arena_release(&arena);
	return row;
}

static const char *working_text(struct dialog *dialog)
{
	if (dialog->state == DIALOG_DECIDING && dialog->bulk)
		return arena_printf(&dialog->arena, "%zu of %zu", (size_t)*dialog->progress, dialog->bulk->count);
	if (dialog->state == DIALOG_ASKING)
		return dialog->bulk ? "trying it on each case" : "checking the case";
	return dialog->state == DIALOG_DECIDING ? "deciding" : "";
}

struct layout {
	size_t lines, list_rows, fields, after, problem;
};

static size_t layout_height(const struct layout *layout)
{
	size_t blank_fields = layout->fields ? 1 : 0, blank_after = layout->after ? 1 : 0;
	size_t blank_problem = layout->problem ? 1 : 0;
	return layout->lines + layout->fields + blank_fields + layout->after + blank_after + layout->problem +
	       blank_problem + 2;
}

/* Lists shrink first, then what stands below the fields, then the lines above. */
static struct layout lay_out(struct dialog *dialog, size_t cols, size_t rows, enum text_mode mode)
{
	struct layout layout = { .list_rows = LIST_ROWS_MAX };
	struct box box = { 0, 0, SIZE_MAX, cols };
	struct dialog_line problem = { "", dialog->problem, THEME_DANGER, "!", THEME_DANGER };
	layout.lines = lay_lines(dialog->lines, dialog->line_count, NULL, box, mode);
	layout.after = lay_lines(dialog->after, dialog->after_count, NULL, box, mode);
	layout.problem = dialog->problem[0] ? lay_lines(&problem, 1, NULL, box, mode) : 0;
	if (working_text(dialog)[0] && dialog->state == DIALOG_ASKING && !dialog->line_count)
		layout.lines = 1;
	layout.fields = form_height(&dialog->form, layout.list_rows);
	while (layout_height(&layout) > rows && layout.list_rows > LIST_ROWS_MIN)
		layout.fields = form_height(&dialog->form, --layout.list_rows);
	while (layout_height(&layout) > rows && layout.after)
		layout.after--;
	while (layout_height(&layout) > rows && layout.lines > 1)
		layout.lines--;
	return layout;
}

void dialog_draw(struct dialog *dialog, struct surface *surface)
{
	size_t most = surface->cols >= WIDE_COLS ? DIALOG_COLS_WIDE
		      : surface->still		 ? surface->cols /* heard: a sentence is best one line */
						 : DIALOG_COLS;
	size_t cols = less(surface->cols, 4) < most ? less(surface->cols, 4) : most;
	if (cols < 30 || surface->rows < 8)
		return;
	size_t inner = cols - 4;
	struct layout layout = lay_out(dialog, inner, less(surface->rows, 5), surface->mode);
	size_t rows = layout_height(&layout) + 2;
	struct box box = { less(surface->rows, rows) / 2, (surface->cols - cols) / 2, rows, cols };
	if (box.rows > surface->rows)
		box.rows = surface->rows;
	surface_fill(surface, (struct box){ box.row, box.col - 1, box.rows, box.cols + 2 }, THEME_TEXT);
	surface_front(surface, box);
	surface->aloud.passing = dialog->state != DIALOG_READY;
	surface_frame(surface, box, THEME_ACCENT, dialog->title);
	size_t row = box.row + 1, col = box.col + 2;
	if (dialog->state == DIALOG_ASKING && !dialog->line_count)
		surface_put(surface, row, col, inner, THEME_MUTED, working_text(dialog));
	else
		lay_lines(dialog->lines, dialog->line_count, surface, (struct box){ row, col, layout.lines, inner },
			  surface->mode);
	row += layout.lines;
	if (layout.fields) {
		form_draw(&dialog->form, surface, (struct box){ row + 1, col, layout.fields, inner },
			  layout.list_rows);
		row += layout.fields + 1;
	}
	if (layout.after) {
		lay_lines(dialog->after, dialog->after_count, surface,
			  (struct box){ row + 1, col, layout.after, inner }, surface->mode);
		row += layout.after + 1;
	}
	if (layout.problem) {
		struct dialog_line problem = { "", dialog->problem, THEME_DANGER, "!", THEME_DANGER };
		lay_lines(&problem, 1, surface, (struct box){ row + 1, col, layout.problem, inner }, surface->mode);
	}
	row = box.row + box.rows - 2;
	if (dialog->state == DIALOG_DECIDING)
		surface_put_aligned(surface, row, col, inner, THEME_MUTED, TEXT_RIGHT, working_text(dialog));
	else
		form_draw_buttons(&dialog->form, surface, (struct box){ row, col, 1, inner },
				  dialog->state == DIALOG_READY, dialog->led ? LEADER_NAME " y" : "y");
}
