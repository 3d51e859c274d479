/* Drafts. The workbench keeps a half-written dialog with all its fields until the program ends. It also saves
 * the texts of the dialog, so that the next run can restore them, even after a crash. This file also has the notes:
 * on the case, or on the document or hit under the cursor; pinned notes; and mentions of reviewers. */
#include "workbench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAVE_PAUSE_MS 1000
#define NOTE_DRAFT "note" /* name under which the text of a note is kept as a draft */

static const char *dialog_name(const struct dialog_spec *spec)
{
#define NAMED(name) { #name, &name##_dialog },
	static const struct {
		const char *name;
		const struct dialog_spec *spec;
	} dialogs[] = { DIALOGS(NAMED) };
#undef NAMED
	for (size_t i = 0; i < sizeof dialogs / sizeof dialogs[0]; i++)
		if (dialogs[i].spec == spec)
			return dialogs[i].name;
	BUG("the list of dialogs lacks this dialog");
}

/* Makes a JOB_DRAFT with a copy of the draft, to be saved in the file `path` ("": in the store). */
static struct job *job_of_draft(const char *path, const struct saved_draft *draft)
{
	struct job *job = job_new(JOB_DRAFT);
	job->path = arena_strdup(&job->arena, path);
	job->saved_draft = saved_draft_copy(&job->arena, draft);
	return job;
}

static void save_draft(struct workbench *workbench, struct saved_draft *draft)
{
	if (!workbench->drafts.path)
		return;
	draft->at = workbench_now_ms(workbench);
	const struct saved_draft *kept =
		drafts_find(&workbench->drafts.kept, draft->dialog, draft->session, draft->item);
	if (kept ? saved_draft_equal(kept, draft) : !draft->count)
		return;
	drafts_set(&workbench->drafts.kept, draft);
	reader_request(workbench->reader, job_of_draft(workbench->drafts.path, draft));
}

static void save_dialog_draft(struct workbench *workbench, const struct dialog *dialog)
{
	struct saved_draft draft = { .dialog = dialog_name(dialog->spec), .session = dialog->id, .item = dialog->item };
	if (!dialog->is_edited || dialog->spec->is_bulk)
		return;
	dialog_save_draft(dialog, &draft);
	save_draft(workbench, &draft);
}

static void save_note_draft(struct workbench *workbench, const struct note_target *place, const char *text)
{
	struct saved_draft draft = { .dialog = NOTE_DRAFT, .session = place->id, .item = place->item };
	if (strspn(text, " ") < strlen(text))
		draft.fields[draft.count++] = (struct saved_field){ "note", text };
	save_draft(workbench, &draft);
}

void drafts_schedule_save(struct workbench *workbench)
{
	workbench->drafts.save_at_ms = workbench_monotonic_ms(workbench) + SAVE_PAUSE_MS;
}

void drafts_save_open_texts(struct workbench *workbench)
{
	workbench->drafts.save_at_ms = 0;
	if (workbench->dialog && workbench->dialog->state == DIALOG_READY)
		save_dialog_draft(workbench, workbench->dialog);
	if (workbench->prompt.open && workbench->prompt.kind == PROMPT_NOTE)
		save_note_draft(workbench, &workbench->drafts.editor_target, workbench->prompt.editor.text.buf);
}

void drafts_drop_sent_text(struct workbench *workbench, const struct dialog *dialog)
{
	if (!dialog)
		return;
	struct saved_draft draft = { .dialog = dialog_name(dialog->spec), .session = dialog->id, .item = dialog->item };
	save_draft(workbench, &draft);
}

static bool can_be_draft(const struct dialog *dialog)
{
	return !dialog->spec->skips_draft && dialog->is_edited && dialog->form.field_count &&
	       dialog->form.confirm_label && !dialog->copyable_text[0];
}

static bool is_same(const struct dialog *one, const struct dialog *other)
{
	return one->spec == other->spec && !strcmp(one->id, other->id) && !strcmp(one->item, other->item);
}

static struct dialog *remove_draft(struct workbench *workbench, size_t at)
{
	struct dialog *dialog = workbench->drafts.dialogs[at];
	memmove(&workbench->drafts.dialogs[at], &workbench->drafts.dialogs[at + 1],
		(workbench->drafts.count - at - 1) * sizeof *workbench->drafts.dialogs);
	workbench->drafts.count--;
	return dialog;
}

void draft_keep_dialog(struct workbench *workbench, struct dialog *dialog)
{
	if (dialog && dialog->state == DIALOG_READY)
		save_dialog_draft(workbench, dialog);
	if (!dialog || !can_be_draft(dialog)) {
		dialog_free(dialog);
		return;
	}
	for (size_t i = workbench->drafts.count; i-- > 0;)
		if (is_same(workbench->drafts.dialogs[i], dialog))
			dialog_free(remove_draft(workbench, i));
	if (workbench->drafts.count == DRAFTS_MAX)
		dialog_free(remove_draft(workbench, 0));
	workbench->drafts.dialogs[workbench->drafts.count++] = dialog;
}

struct dialog *draft_restore(struct workbench *workbench, struct dialog *dialog)
{
	for (size_t i = 0; i < workbench->drafts.count; i++) {
		if (!is_same(workbench->drafts.dialogs[i], dialog))
			continue;
		dialog_free(dialog);
		dialog = remove_draft(workbench, i);
		dialog->is_restored_draft = true;
		dialog->problem = "";
		form_focus_buttons(&dialog->form);
		return dialog;
	}
	const struct saved_draft *kept =
		drafts_find(&workbench->drafts.kept, dialog_name(dialog->spec), dialog->id, dialog->item);
	if (kept)
		dialog->saved_draft = saved_draft_copy(&dialog->arena, kept);
	return dialog;
}

void drafts_forget(struct workbench *workbench, const char *id)
{
	for (size_t i = workbench->drafts.count; i-- > 0;)
		if (!id || !strcmp(workbench->drafts.dialogs[i]->id, id))
			dialog_free(remove_draft(workbench, i));
	if (id) {
		struct saved_draft all = { .dialog = "", .session = id, .item = "" };
		save_draft(workbench, &all);
	}
}

/* --- notes --- */

static bool is_note_draft_of(const struct workbench *workbench, const struct note_target *place)
{
	const struct note_target *of = &workbench->drafts.note_draft_target;
	return !strcmp(of->id, place->id) && !strcmp(of->item, place->item);
}

/* The kept draft of a note on this case or item, "" none. */
static const char *note_draft_text(const struct workbench *workbench, const struct note_target *place)
{
	const struct saved_draft *kept = drafts_find(&workbench->drafts.kept, NOTE_DRAFT, place->id, place->item);
	return kept && kept->count ? kept->fields[0].text : "";
}

void draft_keep_note(struct workbench *workbench, const struct note_target *place, const char *text)
{
	/* An empty text deletes the draft, but only if the draft belongs to the same case and item. */
	if (!text[0] && !is_note_draft_of(workbench, place))
		return;
	free(workbench->drafts.note);
	workbench->drafts.note = text[0] ? xstrdup(text) : NULL;
	workbench->drafts.note_draft_target = *place;
	if (workbench->drafts.note)
		save_note_draft(workbench, place, text);
}

/* The document or hit that a note is about; if both ids are "", the note is about the case itself. */
struct note_item {
	const char *document, *hit, *name;
};

static void set_note_item(const struct case_view *view, const struct grid_row *row, struct note_item *out)
{
	const struct case_file *file = &view->file;
	const struct document *document = row && row->kind == ROW_DOCUMENT ? case_document(file, row->ref) : NULL;
	const struct hit *hit = row && row->kind == ROW_HIT ? case_hit(file, row->ref, NULL) : NULL;
	*out = (struct note_item){ document ? document->id : "", hit ? hit->id : "",
				   document ? profile_document_title(view->profile, document->type)
				   : hit    ? hit->name
					    : "" };
}

/* Finds the item that a new note is about: the open document, or the document or hit under the cursor of a tab or
 * page. The summary shows items of all kinds, so a note written in the summary is about the case. */
static struct note_item selected_note_item(struct workbench *workbench)
{
	struct note_item note_item = { "", "", "" };
	const struct case_screen *screen = workbench->boards.top ? NULL : top_case(workbench);
	const struct case_model *model = screen ? &screen->model : NULL;
	const struct viewer *viewer = top_viewer(workbench);
	const struct page *page = top_page(workbench);
	if (!model || !model->job || case_model_focus(model) == FOCUS_LIST)
		return note_item;
	const struct case_view *view = case_model_view(model);
	if (viewer)
		set_note_item(view, &(const struct grid_row){ .kind = ROW_DOCUMENT, .ref = viewer->document_id },
			      &note_item);
	else if (page && page->spec == &document_page)
		set_note_item(view, &(const struct grid_row){ .kind = ROW_DOCUMENT, .ref = page->ref }, &note_item);
	else if (page)
		set_note_item(view, page_row(page), &note_item);
	else if (model->pane == PANE_TAB && (model->tab == TAB_DOCUMENTS || model->tab == TAB_CHECKS))
		set_note_item(view, case_model_row(model), &note_item);
	return note_item;
}

void note_write(struct workbench *workbench, const struct command_request *order)
{
	const char *id, *name;
	if (!workbench_current_case_or_report(workbench, &id, &name))
		return;
	const struct note_item note_item = selected_note_item(workbench);
	struct note_target *place = &workbench->drafts.editor_target;
	(void)snprintf(place->id, sizeof place->id, "%s", id);
	(void)snprintf(place->item, sizeof place->item, "%s%s", note_item.document, note_item.hit);
	place->is_hit = *note_item.hit;
	bool begun = workbench->drafts.note && is_note_draft_of(workbench, place);
	const char *draft = order->argument[0] ? ""
			    : begun	       ? workbench->drafts.note
					       : note_draft_text(workbench, place);
	prompt_open(&workbench->prompt, PROMPT_NOTE,
		    arena_printf(&workbench->scratch, "%s on %s%s", draft[0] ? "draft of a note" : "note",
				 note_item.hit[0] ? "the hit " : "", note_item.name[0] ? note_item.name : name),
		    draft[0] ? draft : order->argument, NULL);
}

static struct note_target note_target_of(const struct job *job)
{
	struct note_target place = { .is_hit = job->in.hit[0] };
	(void)snprintf(place.id, sizeof place.id, "%s", job->session_id);
	(void)snprintf(place.item, sizeof place.item, "%s%s", job->in.document, job->in.hit);
	return place;
}

/* Call if a note was not saved: keeps its text, so that the next note on the same item starts with it. */
static bool note_handle_failure(struct workbench *workbench, const struct job *job)
{
	const struct note_target place = note_target_of(job);
	draft_keep_note(workbench, &place, job->in.text);
	REPORT_BAD(workbench, "%s; the next note %s starts with your text",
		   job->error.message ? job->error.message : "The action failed",
		   place.item[0] ? "on this item" : "on this case");
	return true;
}

static void note_handle_success(struct workbench *workbench, const struct job *job)
{
	const struct note_target place = note_target_of(job);
	save_note_draft(workbench, &place, "");
	announce_result(workbench, job);
}

void note_save(struct workbench *workbench)
{
	static const struct ui_action note = { .verb = VERB_NOTE,
					       .message_start = "Saved the note on",
					       .finish = note_handle_success,
					       .handle_failure = note_handle_failure };
	const struct note_target *place = &workbench->drafts.editor_target;
	const char *text = workbench->prompt.editor.text.buf;
	if (strspn(text, " ") == strlen(text)) {
		prompt_set_problem(&workbench->prompt, "A note needs text; Esc closes the line");
		return;
	}
	drafts_save_open_texts(workbench); /* kept until the store confirms the note */
	struct job *job = job_of_ui_action(&note);
	job->in.text = arena_strdup(&job->arena, text);
	job->in.document = place->is_hit ? "" : arena_strdup(&job->arena, place->item);
	job->in.hit = place->is_hit ? arena_strdup(&job->arena, place->item) : "";
	case_request(workbench, job, place->id);
	draft_keep_note(workbench, place, "");
	prompt_close(&workbench->prompt);
}

/* The number, from 1, of the current note: the note under the cursor, or the note that the current audit record is
 * about; 0: none. */
static size_t current_note_number(struct workbench *workbench)
{
	const struct grid_row *row = current_row(workbench);
	const char *record = current_record_seq(workbench);
	if (row && row->kind == ROW_NOTE)
		return (size_t)strtoull(row->ref, NULL, 10);
	const struct job *job = top_case(workbench)->model.job;
	for (size_t i = 0; job && record[0] && i < job->audit.count; i++) {
		if (job->audit.items[i].seq != strtoll(record, NULL, 10))
			continue;
		int64_t id = strtoll(event_member(&workbench->scratch, &job->audit.items[i], "note"), NULL, 10);
		for (size_t n = 0; n < job->view.file.note_count; n++)
			if (id && job->view.file.notes[n].row == id)
				return n + 1;
	}
	return 0;
}

void note_pin(struct workbench *workbench)
{
	static const struct ui_action pin = { .verb = VERB_NOTE_PIN, .message_start = "Pinned a note on" },
				      unpin = { .verb = VERB_NOTE_PIN, .message_start = "Unpinned a note on" };
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = case_model_view(&screen->model);
	size_t number = view ? current_note_number(workbench) : 0;
	if (!number || number > view->file.note_count) {
		REPORT(workbench, "%s pins the note under the cursor: 1 shows the last notes, 6 all notes",
		       key_name_for(workbench, COMMAND_NOTE_PIN));
		return;
	}
	bool pinned = view->file.notes[number - 1].pinned_by[0];
	struct job *job = job_of_ui_action(pinned ? &unpin : &pin);
	job->in.part = arena_printf(&job->arena, "%zu", number);
	job->in.revoke = pinned;
	case_request(workbench, job, screen->id);
}

void note_read(struct workbench *workbench)
{
	static const struct ui_action read = { .verb = VERB_NOTE_READ,
					       .message_start = "Marked your mentions as read on" };
	case_request(workbench, job_of_ui_action(&read), top_case(workbench)->id);
}
