#include "model/dialog.h"
#include "input/keymap.h"

#include <stdlib.h>
#include <string.h>

#define DIALOG_COLS_WIDE 96
#define STRIP_COLS_MIN 12
#define LABEL_CELLS 12
#define LIST_ROWS_MAX 10
#define LIST_ROWS_MIN 2
#define MESSAGE_ROWS_MIN 6
#define MARK_CELLS 3 /* cells for the mark between a label and the two columns of a line */
#define GAP_CELLS 2  /* cells between the two columns */
#define SCROLL_ROWS 4
#define SCROLL_HINT_CELLS 7 /* cells at the right end that are kept free for " PgDn …", which must not cover text */

struct dialog *dialog_new(const struct dialog_spec *spec, const char *id, const char *name)
{
	struct dialog *dialog = xcalloc(1, sizeof *dialog);
	dialog->spec = spec;
	dialog->id = arena_strdup(&dialog->arena, id);
	dialog_set_name(dialog, name);
	dialog->item = dialog->item_name = dialog->preselected_code = dialog->problem = dialog->copyable_text = "";
	dialog->template_reason = "";
	dialog->message_state = (struct message_state){ .code = "", .text = "", .own_text = "" };
	strbuf_init(&dialog->secret);
	form_init(&dialog->form, NULL, "cancel");
	return dialog;
}

void dialog_free(struct dialog *dialog)
{
	if (!dialog)
		return;
	form_release(&dialog->form);
	job_free(dialog->response);
	strbuf_wipe(&dialog->secret);
	arena_release(&dialog->arena);
	free(dialog);
}

void dialog_block_keys(struct dialog *dialog)
{
	dialog->accepts_keys = dialog->shows_waiting = false;
	dialog->display_request = 0;
}

struct job *dialog_make_request(struct dialog *dialog, uint64_t ticket)
{
	struct job *job = job_new(JOB_DIALOG);
	const struct dialog_spec *spec = dialog->spec;
	job->session_id = arena_strdup(&job->arena, dialog->id);
	job->dialog = spec;
	job->claims_case = spec->claims_case;
	job->suggests_corrections = spec->prefills_corrections && dialog->item[0];
	job->reveals_data = dialog->reveals_data;
	job->is_reload = (spec->reads_hit || spec->reads_duplicate || spec->is_bulk) &&
			 (dialog->revealed || dialog->reveals_data || (dialog->bulk && dialog->bulk->is_revealed));
	job->in.part = arena_strdup(&job->arena, dialog->item);
	if (spec->is_bulk)
		job->bulk = bulk_copy(&job->arena, dialog->bulk);
	job->ticket = dialog->ticket = ticket;
	dialog->state = DIALOG_LOADING;
	dialog_block_keys(dialog);
	return job;
}

static struct dialog_line *add_line(struct dialog *dialog, struct dialog_lines *lines, const char *label,
				    enum theme_role role, const char *text)
{
	struct dialog_line *line = ARENA_PUSH(&dialog->arena, lines->items, lines->count, lines->capacity);
	*line = (struct dialog_line){ .label = arena_strdup(&dialog->arena, label),
				      .text = arena_strdup(&dialog->arena, text),
				      .role = role,
				      .mark = "" };
	return line;
}

void dialog_add_line(struct dialog *dialog, const char *label, enum theme_role role, const char *text)
{
	add_line(dialog, &dialog->lines_above, label, role, text);
}

void dialog_add_painted_line(struct dialog *dialog, struct bulk_case *hit, const char *text)
{
	add_line(dialog, &dialog->lines_above, "", THEME_TEXT, text)->painted_case = hit;
}

void dialog_reset(struct dialog *dialog, const char *confirm)
{
	form_release(&dialog->form);
	form_init(&dialog->form, confirm, "close");
	dialog->state = DIALOG_READY;
	dialog_block_keys(dialog);
	dialog->problem = "";
	dialog->lines_above.count = dialog->lines_below.count = 0;
}

void dialog_show_secret(struct dialog *dialog, const struct strbuf *secret, const char *kind)
{
	strbuf_wipe(&dialog->secret);
	strbuf_add(&dialog->secret, secret->buf, secret->len);
	dialog_reset(dialog, "copy it");
	dialog->secret_noun = kind;
	dialog->copyable_text = dialog->secret.buf;
	struct dialog_line *line = add_line(dialog, &dialog->lines_above, "", THEME_ACCENT, "");
	line->text = dialog->secret.buf;
	line->is_secret = true;
}

void dialog_add_columns(struct dialog *dialog, const struct dialog_line *line)
{
	struct dialog_line *added = add_line(dialog, &dialog->lines_above, line->label, line->role, line->text);
	added->mark = line->mark;
	added->mark_role = line->mark_role;
	added->second_text = arena_strdup(&dialog->arena, line->second_text);
}

void dialog_add_line_below(struct dialog *dialog, const char *label, enum theme_role role, const char *text)
{
	add_line(dialog, &dialog->lines_below, label, role, text);
}

void dialog_add_message(struct dialog *dialog, const char *label, enum theme_role role, const char *text)
{
	add_line(dialog, &dialog->lines_below, label, role, text)->is_multiline = true;
}

const struct dialog_form *dialog_show_notice(struct dialog *dialog, const char *sentence)
{
	dialog_add_line(dialog, "", THEME_TEXT, sentence);
	return NULL;
}

bool dialog_refuse(struct dialog *dialog, const char *problem)
{
	dialog->problem = problem;
	return false;
}

const char *dialog_get_text(const struct dialog *dialog, size_t field)
{
	return dialog->form.fields[field].editor.text.buf;
}

void dialog_add_conflicts(struct dialog *dialog)
{
	enum text_mode mode = dialog->context->frame->mode;
	const struct blockers *blockers = &dialog->response->preview.blockers;
	for (size_t i = 0; i < blockers->count; i++) {
		struct dialog_line *line =
			add_line(dialog, &dialog->lines_above, "", THEME_TEXT, blockers->items[i].message);
		line->mark = glyph_text(mode, GLYPH_UNMET);
		line->mark_role = THEME_DANGER;
	}
}

bool dialog_add_level_line(struct dialog *dialog)
{
	const struct decision_preview *preview = &dialog->response->preview;
	bool changes = preview->level_to[0] && strcmp(preview->level_from, preview->level_to);
	if (changes)
		DIALOG_LINE(dialog, "level", THEME_TITLE, "%s → %s", preview->level_from, preview->level_to);
	return changes;
}

void dialog_add_effects(struct dialog *dialog)
{
	const struct decision_preview *preview = &dialog->response->preview;
	const char *text;
	if (!preview->event[0])
		text = "none for this decision";
	else if (!preview->endpoint_count)
		text = arena_printf(&dialog->arena, "%s: %s has no endpoint for this event, nothing is sent",
				    preview->event, preview->merchant);
	else if (!preview->grace_s)
		text = arena_printf(&dialog->arena, "%s to %s at once", preview->event, preview->merchant);
	else
		text = arena_printf(&dialog->arena, "%s to %s in %lld s", preview->event, preview->merchant,
				    (long long)preview->grace_s);
	dialog_add_line(dialog, "webhook", THEME_TEXT, text);
	dialog_add_line(dialog, "afterwards", THEME_TEXT, dialog->context->follow_up_text);
}

void dialog_offer_reason(struct dialog *dialog, struct input *field, const struct reason *reason)
{
	const char *label = reason->disclosure == DISCLOSURE_RESTRICTED
				    ? arena_printf(&dialog->arena, "%s (restricted)", reason->label)
				    : reason->label;
	form_add_item(field, &dialog->arena, reason->code, label);
}

void dialog_offer_grounds(struct dialog *dialog, struct input *field, const struct grounds *grounds)
{
	const struct input_item *chosen = field_chosen_item(field);
	form_drop_items(field);
	if (grounds->preset)
		dialog_offer_reason(dialog, field, grounds->preset);
	field->has_choice = grounds->preset;
	for (size_t i = 0; i < grounds->count; i++)
		if (grounds->items[i].reason != grounds->preset)
			dialog_offer_reason(dialog, field, grounds->items[i].reason);
	if (chosen)
		(void)form_choose_item(field, chosen->code);
}

void dialog_show_contradiction(struct dialog *dialog, const struct ground *ground, const char *note)
{
	if (ground && *ground->contradicting_fact)
		dialog_add_line_below(dialog, "", THEME_DANGER,
				      arena_printf(&dialog->arena, "This reason contradicts the record: %s. %s.",
						   ground->contradicting_fact,
						   ground->fit == FIT_NO ? "Choose another reason" : note));
}

bool dialog_check_ground(struct dialog *dialog, const struct ground *ground)
{
	return !ground || ground->fit != FIT_NO ||
	       dialog_refuse(dialog,
			     arena_printf(&dialog->arena, "Choose another reason: %s.", ground->contradicting_fact));
}

const struct reason *dialog_reason(const struct dialog *dialog, enum reason_set set, size_t field)
{
	const struct input_item *item = field_chosen_item(&dialog->form.fields[field]);
	return item ? reason_find(dialog->context->reasons, set, item->code) : NULL;
}

const struct input_item *field_chosen_item(const struct input *field)
{
	return field->has_choice && field->cursor < field->item_count ? &field->items[field->cursor] : NULL;
}

bool dialog_has_chosen(const struct dialog *dialog, size_t field, const char *code)
{
	const struct input_item *item = field_chosen_item(&dialog->form.fields[field]);
	return item && !strcmp(item->code, code);
}

const char *dialog_reference(const struct dialog *dialog)
{
	const struct job *response = dialog->response;
	return response && response->has_case_view ? response->view.file.session.external_ref : "";
}

/* The field's value; "" none. A hidden list or toggle has no value. */
static const char *value_of(const struct input *field)
{
	const struct input_item *item = field->hidden ? NULL : field_chosen_item(field);
	if (field->kind == INPUT_TEXT)
		return field->editor.text.buf;
	if (field->kind == INPUT_TOGGLE)
		return field->is_toggle_on && !field->hidden ? "on" : "";
	return item ? item->code : "";
}

/* The first field that requires a value and has none; NULL: no such field. */
static const struct dialog_field *missing_field(const struct dialog *dialog)
{
	for (size_t i = 0; i < dialog->form.field_count; i++) {
		const struct input *field = &dialog->form.fields[i];
		if (dialog->form_spec->fields[i].missing_message && !field->hidden && !value_of(field)[0])
			return &dialog->form_spec->fields[i];
	}
	return NULL;
}

static struct job *request(const struct dialog *dialog)
{
	struct job *job = job_of_ui_action(dialog->form_spec->ui_action);
	job->session_id = arena_strdup(&job->arena, dialog->id);
	job->name = arena_strdup(&job->arena, dialog->name);
	job->in.part = arena_strdup(&job->arena, dialog->item);
	job->reference = arena_strdup(&job->arena, dialog_reference(dialog));
	/* The request has the version of the case that the dialog shows: if a colleague has changed it since then,
	 * the desk refuses the request. */
	if (dialog->response && dialog->response->has_preview)
		job->in.seen_version = dialog->response->preview.version;
	else if (dialog->response && dialog->response->has_case_view)
		job->in.seen_version = dialog->response->view.file.session.version;
	if (dialog->form_spec->ui_action->item_preposition)
		job->in.text = arena_strdup(&job->arena, dialog->item_name);
	for (size_t i = 0; i < dialog->form.field_count; i++) {
		const char *value = value_of(&dialog->form.fields[i]);
		size_t request_member = dialog->form_spec->fields[i].request_member;
		if (request_member && value[0])
			*(const char **)((char *)job + request_member) = arena_strdup(&job->arena, value);
	}
	return job;
}

void dialog_set_name(struct dialog *dialog, const char *name)
{
	dialog->name = arena_strdup(&dialog->arena, name);
	dialog->title = arena_printf(&dialog->arena, "%s %s", dialog->spec->wait_title, dialog->name);
}

/* Whether a draft may keep the field's text: only the reviewer's own texts, not names, dates and other personal
 * data of the case. */
static bool is_free_text_field(const struct input *field)
{
	static const char *const labels[] = { "reason", "message", "note", "text" };
	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
		if (field->kind == INPUT_TEXT && !strcmp(field->label, labels[i]))
			return true;
	return false;
}

void dialog_save_draft(const struct dialog *dialog, struct saved_draft *draft)
{
	draft->count = 0;
	if (!dialog->is_edited || dialog->spec->skips_draft)
		return;
	if (dialog->spec->save_draft) {
		dialog->spec->save_draft(dialog, draft);
		return;
	}
	for (size_t i = 0; i < dialog->form.field_count && draft->count < SAVED_FIELDS_MAX; i++) {
		const struct input *field = &dialog->form.fields[i];
		if (is_free_text_field(field) && !field->hidden && field->editor.text.len)
			draft->fields[draft->count++] = (struct saved_field){ field->label, field->editor.text.buf };
	}
}

static void restore_saved_text(struct dialog *dialog, const struct saved_field *words)
{
	if (dialog->spec->restore_saved_text) {
		dialog->spec->restore_saved_text(dialog, words);
		return;
	}
	for (size_t i = 0; i < dialog->form.field_count; i++) {
		struct input *field = &dialog->form.fields[i];
		if (is_free_text_field(field) && !strcmp(field->label, words->label))
			editor_set_text(&field->editor, words->text);
	}
	dialog->keep_message_text = true; /* the text of a reason must not replace the restored message */
}

/* Restores the texts of a saved draft. The reviewer must make selections again. */
static void restore_saved_texts(struct dialog *dialog)
{
	if (!dialog->saved_draft || !dialog->form.field_count || !dialog->form.confirm_label)
		return;
	for (size_t i = 0; i < dialog->saved_draft->count; i++)
		restore_saved_text(dialog, &dialog->saved_draft->fields[i]);
	dialog->draft_saved_at = dialog->saved_draft->at;
	dialog->saved_draft = NULL;
	dialog->is_restored_draft = dialog->is_edited = true;
	form_focus_buttons(&dialog->form);
}

static const char *restored_draft_notice(struct dialog *dialog, const struct frame *frame)
{
	if (!dialog->draft_saved_at)
		return "Your draft was restored.";
	return arena_printf(&dialog->arena, "Your draft from %s was restored (texts only); Ctrl-U empties a line.",
			    date_time_text(&dialog->arena, dialog->draft_saved_at, frame));
}

static void make_form(struct dialog *dialog, const struct dialog_form *shape)
{
	const struct frame *frame = dialog->context->frame;
	if (shape && shape == dialog->form_spec && dialog->form.field_count && !shape->rebuild_fields)
		return;
	dialog->form_spec = shape;
	form_release(&dialog->form);
	form_init(&dialog->form, shape ? shape->confirm_label : NULL,
		  shape && shape->confirm_label ? "cancel" : "close");
	for (size_t i = 0; shape && i < FORM_FIELDS_MAX && shape->fields[i].label; i++) {
		const struct dialog_field *row = &shape->fields[i];
		struct input *field = form_add(&dialog->form, row->kind, row->label);
		field->editor.multiline = row->multiline;
		field->is_foldable = row->is_foldable;
		field->hidden = row->hidden;
		dialog->form.offers_ext_editor |= row->multiline && frame->editor && *frame->editor;
		if (row->offer)
			row->offer(dialog, field);
	}
	if (shape && shape->empty_message && !dialog->form.fields[0].item_count) {
		make_form(dialog, dialog_show_notice(dialog, shape->empty_message));
		return;
	}
	if (shape && shape->focus_fields)
		dialog->form.focus = 0;
	if (shape && shape->begin)
		shape->begin(dialog);
}

/* The response may be the second one, requested after the desk refused the action; the reviewer's text in the
 * fields then stays. */
void dialog_take_response(struct dialog *dialog, struct job *response, const struct dialog_context *context)
{
	job_free(dialog->response);
	dialog->response = response;
	dialog->state = DIALOG_READY;
	dialog_block_keys(dialog);
	dialog->lines_above.count = 0;
	dialog->context = context;
	if (response->status) {
		make_form(dialog, NULL);
		dialog->step_form = NULL; /* the step form refers to the freed fields */
		dialog->lines_below.count = 0;
		dialog_add_line(dialog, "", THEME_DANGER, response->error.message);
		return;
	}
	/* If the dialog opened before its case was read, the title still lacks the name. */
	if (response->has_case_view && !dialog->name[0])
		dialog_set_name(dialog, response->view.file.session.subject.name);
	make_form(dialog, dialog->spec->fill(dialog));
	restore_saved_texts(dialog);
	if (dialog->is_restored_draft && dialog->form.field_count)
		dialog_add_line(dialog, "", THEME_MUTED, restored_draft_notice(dialog, context->frame));
	dialog_handle_edit(dialog, context);
}

void dialog_handle_edit(struct dialog *dialog, const struct dialog_context *context)
{
	if (dialog->state != DIALOG_READY || dialog->response->status)
		return;
	dialog->context = context;
	dialog->lines_below.count = 0;
	if (dialog->form.field_count && dialog->spec->handle_edit)
		dialog->spec->handle_edit(dialog);
	else if (dialog->form.field_count && dialog->form_spec->hint)
		dialog_add_line_below(dialog, "", THEME_MUTED, dialog->form_spec->hint);
}

/* Reports a search text that matches no item, since the selected item may then not be the intended one. True:
 * reported. */
static bool report_no_match(struct dialog *dialog)
{
	const struct form *form = &dialog->form;
	const struct input *field = form_is_on_buttons(form) ? NULL : &form->fields[form->focus];
	if (!field || field->kind != INPUT_CHOICE || !field->has_no_match)
		return false;
	dialog->problem = arena_printf(&dialog->arena, "No entry begins with \"%s\": Backspace deletes the letters.",
				       field->typed);
	return true;
}

struct job *dialog_confirm(struct dialog *dialog, const struct dialog_context *context)
{
	dialog->problem = "";
	dialog->context = context;
	if (!dialog->form.confirm_label || report_no_match(dialog))
		return NULL;
	const struct dialog_field *missing = missing_field(dialog);
	if (missing) {
		dialog->problem = missing->missing_message;
		return NULL;
	}
	struct job *job = request(dialog);
	if (dialog->form_spec->prepare_job && !dialog->form_spec->prepare_job(dialog, job)) {
		job_free(job);
		return NULL;
	}
	dialog->state = DIALOG_EXECUTING;
	return job;
}

struct job *dialog_make_lookup(struct dialog *dialog, uint64_t ticket)
{
	if (!dialog->spec->make_search || dialog->state != DIALOG_READY || !dialog->form.field_count)
		return NULL;
	struct job *job = dialog->spec->make_search(dialog);
	if (job) {
		job->session_id = arena_strdup(&job->arena, dialog->id);
		job->ticket = ticket;
	}
	return job;
}

void dialog_take_lookup(struct dialog *dialog, const struct job *response, const struct dialog_context *context)
{
	if (!dialog->spec->show_results || !dialog->form.field_count)
		return;
	dialog->context = context;
	dialog->spec->show_results(dialog, response);
	dialog_handle_edit(dialog, context);
}

void dialog_show_failure(struct dialog *dialog, const char *sentence)
{
	dialog->problem = arena_strdup(&dialog->arena, sentence);
	dialog->state = DIALOG_READY;
	dialog_block_keys(dialog);
}

/* A line of the dialog after wrapping. texts and counts: the rows of the line's one or two columns, and their
 * number. */
struct laid_line {
	const struct dialog_line *line;
	size_t indent, cells, rows, counts[2];
	char **texts[2];
};

static struct laid_line lay_out_line(struct arena *arena, const struct dialog_line *line, size_t cols,
				     enum text_mode mode)
{
	struct laid_line laid_line = { .line = line, .rows = 1 };
	laid_line.indent = line->label[0] ? LABEL_CELLS : line->mark[0] ? 2 : 0;
	laid_line.cells = sub_sat(cols, laid_line.indent + (line->is_multiline ? SCROLL_HINT_CELLS : 0));
	if (line->is_secret) {
		laid_line.texts[0] = arena_memdup(arena, &line->text, sizeof line->text);
		laid_line.counts[0] = 1;
		return laid_line;
	}
	if (line->second_text) {
		laid_line.indent = LABEL_CELLS + MARK_CELLS;
		laid_line.cells = sub_sat(cols, LABEL_CELLS + MARK_CELLS + GAP_CELLS) / 2;
	}
	const char *texts[] = { line->text, line->second_text ? line->second_text : "" };
	for (size_t i = 0; i < 2; i++) {
		struct strbuf safe = STRBUF_INIT;
		if (line->is_multiline)
			text_display_lines(&safe, texts[i], strlen(texts[i]), mode);
		else
			text_display(&safe, texts[i], strlen(texts[i]), mode);
		laid_line.texts[i] = text_wrap(arena, safe.buf, laid_line.cells, &laid_line.counts[i]);
		strbuf_release(&safe);
		laid_line.rows = laid_line.counts[i] > laid_line.rows ? laid_line.counts[i] : laid_line.rows;
	}
	return laid_line;
}

static void draw_laid_line(struct surface *surface, struct box at, const struct laid_line *laid_line, size_t row)
{
	const struct dialog_line *line = laid_line->line;
	if (!row && line->label[0])
		surface_put(surface, at.row, at.col, LABEL_CELLS - 1, THEME_MUTED, line->label);
	if (!row && line->mark[0])
		surface_put(surface, at.row, at.col + sub_sat(laid_line->indent, line->second_text ? MARK_CELLS : 2),
			    line->second_text ? MARK_CELLS - 1 : 1, line->mark_role, line->mark);
	for (size_t i = 0; i < (line->second_text ? 2 : 1); i++)
		surface_put(surface, at.row, at.col + laid_line->indent + i * (laid_line->cells + GAP_CELLS),
			    laid_line->cells, line->role, row < laid_line->counts[i] ? laid_line->texts[i][row] : "");
}

/* The area in which lines are drawn; if surface is NULL, the lines are only counted. */
struct line_area {
	struct surface *surface;
	enum text_mode mode;
	struct box box;
	size_t top;   /* rows scrolled out at the top */
	bool scrolls; /* the area can be scrolled with PgDn */
};

static void note_painted_row(struct bulk_case *painted_case, size_t row, size_t row_count)
{
	if (!painted_case || row != painted_case->painted_row_count)
		return;
	painted_case->painted_row_count++;
	painted_case->is_painted = row + 1 == row_count;
}

/* Draws the lines, or only counts their rows. Returns the number of rows. */
static size_t lay_out_lines(const struct dialog_lines *lines, const struct line_area *line_area)
{
	struct arena arena = ARENA_INIT;
	struct surface *surface = line_area->surface;
	const struct box box = line_area->box;
	enum text_mode mode = line_area->mode;
	const char *cut = glyph_text(mode, GLYPH_CUT);
	size_t row = 0, top = line_area->top;
	for (size_t i = 0; i < lines->count; i++) {
		const struct laid_line laid_line = lay_out_line(&arena, &lines->items[i], box.cols, mode);
		for (size_t w = 0; surface && w < laid_line.rows; w++, row++) {
			if (row < top || row - top >= box.rows)
				continue;
			struct box at = { box.row + row - top, box.col, 1, box.cols };
			draw_laid_line(surface, at, &laid_line, w);
			/* If more text follows, puts the cut mark at the end of the last visible row. */
			bool is_cut = row - top + 1 == box.rows && (w + 1 < laid_line.rows || i + 1 < lines->count);
			if (!is_cut)
				note_painted_row(lines->items[i].painted_case, w, laid_line.rows);
			if (is_cut)
				surface_put_aligned(surface, at.row, box.col, box.cols, THEME_MARK, TEXT_RIGHT,
						    line_area->scrolls ? arena_printf(&arena, " PgDn %s", cut) : cut);
		}
		row += surface ? 0 : laid_line.rows;
	}
	arena_release(&arena);
	return row;
}

static size_t lay_out_problem_text(const struct dialog *dialog, const struct line_area *line_area)
{
	struct dialog_line line = {
		.label = "", .text = dialog->problem, .role = THEME_DANGER, .mark = "!", .mark_role = THEME_DANGER
	};
	const struct dialog_lines problem = { .items = &line, .count = dialog->problem[0] != '\0' };
	return lay_out_lines(&problem, line_area);
}

/* Draws the lines that fit into the box; the user can scroll to the other lines. */
static void draw_lines(const struct dialog *dialog, struct dialog_lines *lines, struct surface *surface, struct box box)
{
	lines->hidden_row_count = sub_sat(lines->rows, box.rows);
	lines->top = lines->top < lines->hidden_row_count ? lines->top : lines->hidden_row_count;
	lay_out_lines(lines, &(const struct line_area){ .surface = surface,
							.mode = surface->mode,
							.box = box,
							.top = lines->top,
							.scrolls = form_is_on_buttons(&dialog->form) });
}

/* Scrolls by at most the number of visible rows. by_page: by as many as possible so that each row is once above the
 * last one, which has the cut mark. */
static bool scroll_lines(struct dialog_lines *lines, bool down, bool by_page)
{
	size_t shown = sub_sat(lines->rows, lines->hidden_row_count), step = by_page && shown > 1 ? shown - 1
									     : shown && shown < SCROLL_ROWS
										     ? shown
										     : SCROLL_ROWS;
	if (down ? lines->top >= lines->hidden_row_count : !lines->top)
		return false;
	if (down)
		lines->top = sub_sat(lines->hidden_row_count, lines->top) < step ? lines->hidden_row_count
										 : lines->top + step;
	else
		lines->top = sub_sat(lines->top, step);
	return true;
}

bool dialog_scroll(struct dialog *dialog, const struct key *key)
{
	bool down = key->press == PRESS_PAGE_DOWN, by_page = dialog->bulk && dialog->bulk->hits_of[0];
	if (!form_is_on_buttons(&dialog->form) || (!down && key->press != PRESS_PAGE_UP))
		return false;
	bool moved = scroll_lines(down ? &dialog->lines_above : &dialog->lines_below, down, by_page) ||
		     scroll_lines(down ? &dialog->lines_below : &dialog->lines_above, down, by_page);
	if (moved && by_page)
		dialog_block_keys(dialog); /* until the terminal has shown the next hits */
	return dialog->lines_above.hidden_row_count || dialog->lines_below.hidden_row_count;
}

static const char *progress_text(struct dialog *dialog)
{
	if (dialog->state == DIALOG_EXECUTING && dialog->bulk)
		return arena_printf(&dialog->arena, "%zu of %zu", (size_t)*dialog->progress, dialog->bulk->count);
	if (dialog->state == DIALOG_LOADING)
		return dialog->bulk && dialog->bulk->hits_of[0] ? "checking each hit"
		       : dialog->bulk				? "checking each case"
		       : dialog->spec->board			? "reading"
								: "checking the case";
	return dialog->state == DIALOG_EXECUTING ? "deciding" : "";
}

struct layout {
	size_t above_rows, list_rows, field_rows, below_rows, problem_rows;
};

static size_t layout_height(const struct layout *layout)
{
	size_t blank_fields = layout->field_rows ? 1 : 0, blank_below = layout->below_rows ? 1 : 0;
	size_t blank_problem = layout->problem_rows ? 1 : 0;
	return layout->above_rows + layout->field_rows + blank_fields + layout->below_rows + blank_below +
	       layout->problem_rows + blank_problem + 2;
}

/* If the dialog has too few rows, lists shrink first, then the lines below the fields, then the lines above them.
 * The preview of a message to the client keeps one row while the lines above can shrink; while the reviewer edits
 * the message, its field gets rows before the preview does. */
static struct layout make_layout(struct dialog *dialog, size_t cols, size_t rows, enum text_mode mode)
{
	struct layout layout = { .list_rows = LIST_ROWS_MAX };
	bool writes = form_multiline_field(&dialog->form) != NULL, letter = false;
	for (size_t i = 0; i < dialog->lines_below.count; i++)
		letter |= dialog->lines_below.items[i].is_multiline;
	const struct line_area counted = { .mode = mode, .box = { 0, 0, SIZE_MAX, cols } };
	layout.above_rows = dialog->lines_above.rows = lay_out_lines(&dialog->lines_above, &counted);
	layout.below_rows = dialog->lines_below.rows = lay_out_lines(&dialog->lines_below, &counted);
	layout.problem_rows = lay_out_problem_text(dialog, &counted);
	if (progress_text(dialog)[0] && dialog->state == DIALOG_LOADING && !dialog->lines_above.count)
		layout.above_rows = 1;
	layout.field_rows = form_height(&dialog->form, layout.list_rows);
	while (layout_height(&layout) > rows && layout.list_rows > (writes ? MESSAGE_ROWS_MIN : LIST_ROWS_MIN))
		layout.field_rows = form_height(&dialog->form, --layout.list_rows);
	while (layout_height(&layout) > rows && layout.below_rows > (letter && !writes ? 1 : 0))
		layout.below_rows--;
	while (layout_height(&layout) > rows && layout.list_rows > LIST_ROWS_MIN)
		layout.field_rows = form_height(&dialog->form, --layout.list_rows);
	while (layout_height(&layout) > rows && layout.above_rows > 1)
		layout.above_rows--;
	while (layout_height(&layout) > rows && layout.below_rows)
		layout.below_rows--;
	return layout;
}

void dialog_draw(struct dialog *dialog, struct surface *surface, size_t beside)
{
	size_t most = surface->is_spoken	 ? surface->cols /* screen reader: each sentence is on one line */
		      : has_panes(surface->cols) ? DIALOG_COLS_WIDE
						 : DIALOG_COLS;
	size_t room = beside ? sub_sat(beside, 2) : sub_sat(surface->cols, 4), cols = room < most ? room : most;
	if (cols < 30 || surface->rows < 8)
		return;
	if (!beside)
		surface_dim_text(surface);
	size_t inner = cols - 4;
	struct layout layout = make_layout(dialog, inner, sub_sat(surface->rows, 5), surface->mode);
	size_t rows = layout_height(&layout) + 2;
	size_t free_rows = sub_sat(surface->rows, rows);
	struct box box = { free_rows / 2, (surface->cols - cols) / 2, rows, cols };
	/* If possible, the dialog begins below the first row of the screen, and ends above the status line */
	if (beside) {
		box.row = free_rows > 2 ? 1 : free_rows / 2;
		box.col = surface->cols - cols - 1;
	}
	if (box.rows > surface->rows)
		box.rows = surface->rows;
	/* A strip too narrow to be read is blank */
	size_t from = box.col < STRIP_COLS_MIN ? 0 : box.col - 1, to = box.col + box.cols + 1;
	surface_fill(surface,
		     (struct box){ box.row, from, box.rows,
				   (surface->cols - to < STRIP_COLS_MIN ? surface->cols : to) - from },
		     THEME_TEXT);
	surface_begin_overlay(surface, box);
	surface->screen_reader.is_temporary_frame = dialog->state != DIALOG_READY;
	const char *title = dialog->title;
	if (dialog->is_restored_draft && dialog->form.confirm_label)
		title = arena_printf(&surface->arena, "Draft %s %s", glyph_text(surface->mode, GLYPH_DOT), title);
	surface_draw_frame(surface, box, THEME_ACCENT, title);
	size_t row = box.row + 1, col = box.col + 2;
	if (dialog->state == DIALOG_LOADING && !dialog->lines_above.count)
		surface_put(surface, row, col, inner, THEME_MUTED, progress_text(dialog));
	else
		draw_lines(dialog, &dialog->lines_above, surface, (struct box){ row, col, layout.above_rows, inner });
	row += layout.above_rows;
	if (layout.field_rows) {
		form_draw(&dialog->form, surface, (struct box){ row + 1, col, layout.field_rows, inner },
			  layout.list_rows);
		row += layout.field_rows + 1;
	}
	draw_lines(dialog, &dialog->lines_below, surface, (struct box){ row + 1, col, layout.below_rows, inner });
	row += layout.below_rows ? layout.below_rows + 1 : 0;
	lay_out_problem_text(dialog, &(const struct line_area){ .surface = surface,
								.mode = surface->mode,
								.box = { row + 1, col, layout.problem_rows, inner } });
	row = box.row + box.rows - 2;
	if (dialog->state == DIALOG_EXECUTING)
		surface_put_aligned(surface, row, col, inner, THEME_MUTED, TEXT_RIGHT, progress_text(dialog));
	else
		form_draw_buttons(&dialog->form, surface, (struct box){ row, col, 1, inner },
				  dialog->state == DIALOG_READY,
				  dialog->shows_waiting		 ? NULL
				  : dialog->confirm_needs_leader ? LEADER_NAME " y"
								 : "y");
}
