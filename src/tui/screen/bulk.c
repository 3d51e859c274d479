/* One change of several cases: the reviewer marks the cases, chooses a change, gets a preview that lists the
 * refused cases, and then runs the change, case by case. The change of cases is never a decision: neither an approval, a
 * rejection nor a verdict. In a case, the change is one verdict on the marked hits that the preview has shown (hits.c). */
#include "workbench.h"

#include <stdio.h>
#include <string.h>

/* --- marks --- */

/* The case with the hits that the keys mark, as its tab of checks has the focus; NULL: the keys mark cases of the list. */
static struct case_model *hits_to_mark(const struct workbench *workbench)
{
	struct case_screen *screen = top_screen(workbench) == &case_screen ? top_case(workbench) : NULL;
	return screen && case_model_hits(&screen->model) ? &screen->model : NULL;
}

static struct marks *marks_here(struct workbench *workbench)
{
	struct case_model *model = hits_to_mark(workbench);
	return model ? &model->marked_hits : &workbench->inbox.marked_cases;
}

/* Shows the marks, and reports their number. full: one was not marked, because the maximum is reached. */
static void report_marked_count(struct workbench *workbench, bool full)
{
	struct case_model *model = hits_to_mark(workbench);
	size_t count = marks_here(workbench)->count;
	const char *noun = model ? "hit" : "case";
	if (model)
		case_model_show_marks(model);
	workbench->stale_bits |= STALE_PAINT;
	if (full)
		REPORT_BAD(workbench, "%d %ss are marked, the maximum; \\ unmarks all", MARKS_MAX, noun);
	else if (count)
		REPORT(workbench, "%zu %s%s marked; %s runs one %s on all of them", count, noun, count == 1 ? "" : "s",
		       key_name_for(workbench, COMMAND_BULK), model ? "verdict" : "action");
	else
		REPORT(workbench, "No %s is marked", noun);
}

/* Marks or unmarks; returns false if the maximum is reached. */
static bool toggle(struct marks *marks, const char *id, const char *name, const char *reference)
{
	if (!marks_have(marks, id))
		return marks_add(marks, id, name, reference);
	marks_drop(marks, id);
	return true;
}

/* Marks the hits of these rows; only_open: only those without a verdict. Returns false if the maximum is reached. */
static bool mark_hits(struct case_model *model, size_t from, size_t to, bool only_open)
{
	const struct grid *grid = case_model_grid(model);
	for (size_t row = from; row <= to && row < grid->row_count; row++) {
		const struct hit *hit = grid->rows[row].kind == ROW_HIT
						? case_hit(&model->job->view.file, grid->rows[row].ref, NULL)
						: NULL;
		if (hit && !(only_open && grid->rows[row].done) &&
		    !marks_add(&model->marked_hits, hit->id, hit->name, hit->list))
			return false;
	}
	return true;
}

static void toggle_hit(struct workbench *workbench, struct case_model *model)
{
	const struct grid_row *row = case_model_row(model);
	const struct hit *hit = row && row->kind == ROW_HIT ? case_hit(&model->job->view.file, row->ref, NULL) : NULL;
	if (!hit) {
		REPORT(workbench, "%s marks a hit: first move to one", key_name_for(workbench, COMMAND_MARK));
		return;
	}
	(void)snprintf(model->range_start_hit_id, sizeof model->range_start_hit_id, "%s", hit->id);
	report_marked_count(workbench, !toggle(&model->marked_hits, hit->id, hit->name, hit->list));
	case_screen.move(workbench, 1);
}

void mark_toggle(struct workbench *workbench)
{
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	struct case_model *model = hits_to_mark(workbench);
	const char *id, *name;
	if (model) {
		toggle_hit(workbench, model);
		return;
	}
	if (!workbench_current_case_or_report(workbench, &id, &name) || !item)
		return;
	memcpy(workbench->inbox.range_start_case_id, item->id, strlen(item->id) + 1);
	report_marked_count(workbench,
			    !toggle(&workbench->inbox.marked_cases, item->id, item->subject_name, item->external_ref));
	inbox_screen.move(workbench, 1);
}

/* Puts the ends of a range in order; false: the list has no row with the last mark. */
static bool find_range(size_t start, size_t row_count, size_t cursor, size_t *from, size_t *to)
{
	*from = start < cursor ? start : cursor;
	*to = start < cursor ? cursor : start;
	return start < row_count;
}

static bool mark_rows(struct workbench *workbench, size_t from, size_t to)
{
	bool full = false;
	for (size_t row = from; row <= to && !full; row++) {
		const struct session_item *item = queue_item(&workbench->inbox.queue, row);
		full = !marks_add(&workbench->inbox.marked_cases, item->id, item->subject_name, item->external_ref);
	}
	return !full;
}

void mark_range(struct workbench *workbench)
{
	const struct queue *queue = &workbench->inbox.queue;
	struct case_model *model = hits_to_mark(workbench);
	const char *id, *name, *start = model ? model->range_start_hit_id : workbench->inbox.range_start_case_id;
	size_t from, to;
	if (!workbench_current_case_or_report(workbench, &id, &name))
		return;
	size_t count = model ? case_model_grid(model)->row_count : queue_row_count(queue);
	size_t row =
		model ? grid_find_row(case_model_grid(model), ROW_HIT, start, count) : queue_find_row(queue, start);
	size_t cursor = model ? (size_t)(case_model_row(model) - case_model_grid(model)->rows) : queue->cursor;
	if (!start[0] || !find_range(row, count, cursor, &from, &to))
		REPORT(workbench, "A range starts at the last mark: first mark a %s in this list, with space",
		       model ? "hit" : "case");
	else
		report_marked_count(workbench,
				    !(model ? mark_hits(model, from, to, false) : mark_rows(workbench, from, to)));
}

void mark_all(struct workbench *workbench)
{
	struct case_model *model = hits_to_mark(workbench);
	if (model)
		report_marked_count(workbench, !mark_hits(model, 0, SIZE_MAX - 1, true));
	else
		reader_request(workbench->reader, queue_new_match_job(&workbench->inbox.queue));
}

void unmark_all(struct workbench *workbench)
{
	struct case_model *model = hits_to_mark(workbench);
	marks_release(marks_here(workbench));
	*(model ? model->range_start_hit_id : workbench->inbox.range_start_case_id) = '\0';
	report_marked_count(workbench, false);
}

bool bulk_mark_matches(struct workbench *workbench, struct job *response)
{
	const struct list_page *page = &response->page[0].page;
	bool more = false;
	if (response->status) {
		REPORT_BAD(workbench, "%s", response->error.message);
		return false;
	}
	for (size_t i = 0; i < page->count && !more; i++)
		more = !marks_add(&workbench->inbox.marked_cases, page->items[i].id, page->items[i].subject_name,
				  page->items[i].external_ref);
	report_marked_count(workbench, false);
	if (more || page->next[0])
		REPORT_BAD(workbench, "%zu cases are marked, the maximum, but more match: filter the list with %s",
			   workbench->inbox.marked_cases.count, key_name_for(workbench, COMMAND_FILTER));
	return false;
}

/* --- changes of several cases --- */

enum bulk_field { BULK_ACTION, BULK_ASSIGNEE, BULK_UNTIL, BULK_TEXT };

static const struct bulk_kind {
	const char *code, *label, *message_end;
	enum verb verb;
	bool needs_assignee, needs_until, needs_text;
} kinds[] = {
	{ "claim", "claim them", "claimed", VERB_CLAIM, false, false, false },
	{ "release", "release them to the queue", "released", VERB_RELEASE, false, false, false },
	{ "assign", "assign them to a reviewer", "assigned to", VERB_ASSIGN, true, false, false },
	{ "snooze", "snooze them until a date", "snoozed", VERB_SNOOZE, false, true, true },
	{ "wake", "end the snooze: back in the queue", "returned to the queue", VERB_WAKE, false, false, false },
	{ "note", "write the same note on each", "given the note", VERB_NOTE, false, false, true },
	{ "escalate", "escalate them: a person reviews each", "escalated", VERB_ESCALATE, false, false, false },
	{ "withdraw", "withdraw their open corrections", "returned to review", VERB_WITHDRAW, false, false, false },
	{ "reactivate", "reactivate expired cases", "reactivated", VERB_REACTIVATE, false, false, false },
	{ "process", "process them again: run all checks", "processed", VERB_PROCESS, false, false, false },
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static const struct bulk_kind *chosen_bulk_kind(const struct dialog *dialog)
{
	const struct input_item *item = field_chosen_item(&dialog->form.fields[BULK_ACTION]);
	return item ? ITEM_WITH_TEXT(kinds, KIND_COUNT, code, item->code) : NULL;
}

static void offer_bulk_kinds(struct dialog *dialog, struct input *field)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (use_case_allows(&use_cases[kinds[i].verb], CAPACITY_STAFF, dialog->context->frame->role))
			form_add_item(field, &dialog->arena, kinds[i].code, kinds[i].label);
}

static void offer_reviewers(struct dialog *dialog, struct input *field)
{
	const struct reviewer_info *person = NULL;
	while ((person = next_reviewer(dialog->response, person, "")))
		form_add_item(field, &dialog->arena, person->name, person->name);
}

/* Lists the names of the first cases, so that the reviewer can check the selection. */
static void list_bulk_cases(struct dialog *dialog)
{
	const struct bulk *bulk = dialog->bulk;
	size_t shown = bulk->count < 3 ? bulk->count : 3;
	for (size_t i = 0; i < shown; i++)
		dialog_add_line(dialog, i ? " " : "cases", THEME_TEXT,
				case_title(&dialog->arena, bulk->cases[i].name, bulk->cases[i].reference));
	if (bulk->count > shown)
		DIALOG_LINE(dialog, " ", THEME_MUTED, "and %zu more", bulk->count - shown);
}

static void bulk_handle_edit(struct dialog *dialog)
{
	const struct bulk_kind *kind = chosen_bulk_kind(dialog);
	int64_t until;
	dialog->form.fields[BULK_ASSIGNEE].hidden = !kind || !kind->needs_assignee;
	dialog->form.fields[BULK_UNTIL].hidden = !kind || !kind->needs_until;
	dialog->form.fields[BULK_TEXT].hidden = !kind || !kind->needs_text;
	if (!kind)
		DIALOG_HINT(dialog, "Choose an action: press Down, or type its first letters.");
	else if (kind->needs_until &&
		 !parse_until_time(dialog_get_text(dialog, BULK_UNTIL), dialog->context->frame->now, &until))
		DIALOG_HINT(dialog,
			    "Until: a number of days, or a date like 2026-12-01. Text: ten characters or more.");
	else
		DIALOG_HINT(dialog, "A preview comes first, with the refused cases and the reasons.");
}

/* Checks the input, and opens the next dialog, which shows the preview; always returns false, since this dialog
 * sends no request. */
static bool bulk_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct bulk_kind *kind = chosen_bulk_kind(dialog);
	struct bulk *bulk = dialog->bulk;
	const struct input_item *to =
		kind->needs_assignee ? field_chosen_item(&dialog->form.fields[BULK_ASSIGNEE]) : NULL;
	const char *text = kind->needs_text ? dialog_get_text(dialog, BULK_TEXT) : "";
	(void)job;
	if (kind->needs_until &&
	    !parse_until_time(dialog_get_text(dialog, BULK_UNTIL), dialog->context->frame->now, &bulk->until))
		return dialog_refuse(dialog,
				     "First enter the end of the snooze: days, like 3, or a date, like 2026-12-01.");
	if (kind->needs_text && !text[0])
		return dialog_refuse(dialog, "Write the text first.");
	bulk->verb = kind->verb;
	bulk->person = to ? to->code : "";
	bulk->reason = bulk->text = text;
	bulk->message_end = to ? arena_printf(&dialog->arena, "%s %s", kind->message_end, to->code) : kind->message_end;
	dialog->has_opened_next = true;
	dialog->next_dialog = &bulk_do_dialog;
	return false;
}

static const struct dialog_form bulk_form = {
	.confirm_label = "preview",
	.fields = { [BULK_ACTION] = { FOLDED_FIELD("do", 0, offer_bulk_kinds),
				      .missing_message =
					      "First choose the action: press Down, or type its first letters." },
		    [BULK_ASSIGNEE] = { CHOICE_FIELD("to", 0, offer_reviewers),
					.missing_message = "First choose the reviewer: press Tab, then Down or the "
							   "first letters." },
		    [BULK_UNTIL] = { TEXT_FIELD("until", 0) },
		    [BULK_TEXT] = { TEXT_FIELD("text", 0) } },
	.focus_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_COUNT),
	.prepare_job = bulk_prepare_job,
};

static const struct dialog_form *bulk_fill_form(struct dialog *dialog)
{
	list_bulk_cases(dialog);
	return &bulk_form;
}

const struct dialog_spec bulk_dialog = { CASE_DIALOG("One action on", bulk_fill_form), .reads_reviewers = true,
					 .is_bulk = true, .skips_draft = true, .handle_edit = bulk_handle_edit };

void bulk_open(struct workbench *workbench)
{
	const struct marks *marks = marks_here(workbench);
	bool hits = hits_to_mark(workbench);
	const char *noun = hits ? "hit" : "case", *id = "", *name = "";
	if (!marks->count) {
		REPORT(workbench, "No %s is marked: %s marks one, %s a range, %s all %s", noun,
		       key_name_for(workbench, COMMAND_MARK), key_name_for(workbench, COMMAND_MARK_RANGE),
		       key_name_for(workbench, COMMAND_MARK_ALL), hits ? "open hits" : "cases of the list");
		return;
	}
	if (hits && (!workbench_may_run_or_report(workbench, VERB_HIT_RESOLVE) ||
		     !workbench_current_case_or_report(workbench, &id, &name)))
		return;
	const char *what =
		arena_printf(&workbench->scratch, "%zu marked %s%s", marks->count, noun, marks->count == 1 ? "" : "s");
	struct dialog *dialog = dialog_new(hits ? &hits_dialog : &bulk_dialog, id, what);
	struct bulk bulk = { .verb = VERB_COUNT, .hits_of = id, .count = marks->count };
	bulk.cases = arena_alloc_array(&workbench->scratch, marks->count, sizeof *bulk.cases);
	for (size_t i = 0; i < marks->count; i++)
		bulk.cases[i] = (struct bulk_case){ .id = marks->items[i].id,
						    .name = marks->items[i].name,
						    .reference = marks->items[i].reference };
	dialog->bulk = bulk_copy(&dialog->arena, &bulk);
	decide_show_dialog(workbench, dialog);
}

/* --- preview and run --- */

static size_t refused_case_count(const struct bulk *bulk)
{
	size_t count = 0;
	for (size_t i = 0; i < bulk->tried_count; i++)
		count += bulk->cases[i].status != ERR_OK;
	return count;
}

static const char *case_count_text(struct arena *arena, const struct bulk *bulk, size_t some)
{
	const char *noun = bulk->hits_of[0] ? "hit" : "case";
	return some == bulk->count ? arena_printf(arena, "%zu %s%s", some, noun, some == 1 ? "" : "s")
				   : arena_printf(arena, "%zu of %zu %ss", some, bulk->count, noun);
}

/* Lists the refused cases with their reasons; below the list, bulk_do_handle_edit() shows the full text of the
 * selected row. */
static void list_refused_cases(struct dialog *dialog, const struct bulk *bulk)
{
	if (!refused_case_count(bulk))
		return;
	struct input *field = form_add(&dialog->form, INPUT_CHOICE, "not");
	for (size_t i = 0; i < bulk->tried_count; i++) {
		const struct bulk_case *one = &bulk->cases[i];
		const char *title = case_title(&dialog->arena, one->name, one->reference);
		if (one->status)
			DIALOG_ITEM(dialog, field, one->refusal_reason, "%s: %s", title, one->refusal_reason);
	}
}

static void bulk_do_handle_edit(struct dialog *dialog)
{
	const struct input *field = &dialog->form.fields[0];
	if (field->cursor < field->item_count)
		dialog_add_line_below(dialog, "", THEME_TEXT, field->items[field->cursor].label);
}

/* The case may have been closed since, and its marks with it. */
static void unmark_finished_cases(struct workbench *workbench, const struct bulk *bulk)
{
	struct case_screen *screen = top_case(workbench);
	bool hits = bulk->hits_of[0], is_open = screen && !strcmp(screen->id, bulk->hits_of);
	struct marks *marks = !hits ? &workbench->inbox.marked_cases : is_open ? &screen->model.marked_hits : NULL;
	for (size_t i = 0; marks && i < bulk->tried_count; i++)
		if (!bulk->cases[i].status)
			marks_drop(marks, bulk->cases[i].id);
}

static void bulk_finish(struct workbench *workbench, const struct job *job)
{
	const struct bulk *bulk = job->bulk;
	struct dialog *dialog = dialog_of_request(workbench, job);
	size_t refused = refused_case_count(bulk), done = bulk->tried_count - refused;
	unmark_finished_cases(workbench, bulk);
	status_set(&workbench->status, refused ? STATUS_BAD : STATUS_GOOD, "%s %s%s",
		   case_count_text(&workbench->scratch, bulk, done), bulk->message_end,
		   refused ? "; the refused ones stay marked" : "");
	if (dialog && !refused) {
		decide_close_dialog(workbench);
	} else if (dialog) {
		dialog_reset(dialog, NULL);
		DIALOG_LINE(dialog, "done", THEME_TITLE, "%s %s", case_count_text(&dialog->arena, bulk, done),
			    bulk->message_end);
		dialog_add_line(dialog, "", THEME_WARNING, "The refused ones stay unchanged and marked:");
		list_refused_cases(dialog, bulk);
		dialog->form.focus = 0;
		bulk_do_handle_edit(dialog);
	}
}

/* Call if the store failed during the run. Unmarks the finished cases, which stay changed; the other cases stay
 * marked. */
static bool bulk_handle_failure(struct workbench *workbench, const struct job *job)
{
	unmark_finished_cases(workbench, job->bulk);
	return false;
}

static enum err run_bulk_action(struct desk *desk, struct job *job)
{
	return bulk_cases_run(desk, job, false, &job->error);
}

/* Requests the change of all cases, also of the refused ones: the desk may accept such a case by now. */
static bool bulk_do_prepare_job(struct dialog *dialog, struct job *job)
{
	job->name = "";
	job->bulk = dialog->bulk->hits_of[0] ? bulk_painted_hits(&job->arena, dialog->response->bulk)
					     : bulk_copy(&job->arena, dialog->bulk);
	if (!job->bulk->count)
		return dialog_refuse(dialog, "None of the hits was shown: page down shows them.");
	job->progress = dialog->progress;
	*job->progress = 0;
	return true;
}

static void bulk_do_begin(struct dialog *dialog)
{
	list_refused_cases(dialog, dialog->response->bulk);
	form_focus_buttons(&dialog->form);
}

static const struct dialog_form bulk_do_form = {
	.confirm_label = "do it",
	.rebuild_fields = true,
	.ui_action = UI_ACTION(.verb = VERB_COUNT, .run = run_bulk_action, .finish = bulk_finish,
			       .handle_failure = bulk_handle_failure),
	.begin = bulk_do_begin,
	.prepare_job = bulk_do_prepare_job,
};
static const struct dialog_form bulk_none_form = { .rebuild_fields = true, .begin = bulk_do_begin };

static const struct dialog_form *bulk_do_fill_form(struct dialog *dialog)
{
	const struct bulk *tried = dialog->response->bulk;
	size_t refused = refused_case_count(tried), jobs = tried->count - refused;
	DIALOG_LINE(dialog, "then", jobs ? THEME_TITLE : THEME_DANGER, "%s %s",
		    jobs		? case_count_text(&dialog->arena, tried, jobs)
		    : tried->hits_of[0] ? "No hit can be"
					: "No case can be",
		    tried->message_end);
	if (tried->reason[0] && !tried->hits_of[0])
		dialog_add_line(dialog, "text", THEME_TEXT, tried->reason);
	if (refused)
		DIALOG_LINE(dialog, "", THEME_WARNING, "%zu refused; %s unchanged:", refused,
			    refused == 1 ? "it stays" : "they stay");
	else
		DIALOG_LINE(dialog, "", THEME_MUTED, "The preview succeeded for all %s.",
			    tried->hits_of[0] ? "hits" : "cases");
	if (tried->hits_of[0] && jobs)
		hits_add_preview(dialog);
	return jobs ? &bulk_do_form : &bulk_none_form;
}

const struct dialog_spec bulk_do_dialog = { CASE_DIALOG("Run the action on", bulk_do_fill_form), .is_bulk = true,
					    .skips_draft = true, .handle_edit = bulk_do_handle_edit };
