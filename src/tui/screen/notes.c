/* Notes on the case, or on the document or hit under the cursor; pinned notes; and mentions of reviewers. */
#include "kybdesk/tui/sentence.h"
#include "workbench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The subject of a note; "": the case. */
struct about {
	const char *document, *hit, *name;
};

static void set_row(const struct case_file *file, const struct grid_row *row, struct about *out)
{
	const struct document *document = row && row->kind == ROW_DOCUMENT ? case_document(file, row->ref) : NULL;
	const struct hit *hit = row && row->kind == ROW_HIT ? case_hit(file, row->ref, NULL) : NULL;
	*out = (struct about){ document ? document->id : "", hit ? hit->id : "",
			       document ? document->type
			       : hit	? hit->name
					: "" };
}

/* The open document, or the document or hit under the cursor of its tab or page. The summary shows everything, so a
 * note there is on the case. */
static struct about about_here(struct workbench *workbench)
{
	struct about about = { "", "", "" };
	const struct case_screen *screen = workbench->boards.top ? NULL : top_case(workbench);
	const struct case_model *model = screen ? &screen->model : NULL;
	const struct viewer *viewer = top_viewer(workbench);
	const struct page *page = top_page(workbench);
	if (!model || !model->job || case_model_front(model) == FRONT_LIST)
		return about;
	const struct case_file *file = &case_model_view(model)->file;
	if (viewer)
		set_row(file, &(const struct grid_row){ .kind = ROW_DOCUMENT, .ref = viewer->document }, &about);
	else if (page && page->spec == &document_page)
		set_row(file, &(const struct grid_row){ .kind = ROW_DOCUMENT, .ref = page->ref }, &about);
	else if (page)
		set_row(file, page_row(page), &about);
	else if (model->pane == PANE_TAB && (model->tab == TAB_DOCUMENTS || model->tab == TAB_CHECKS))
		set_row(file, case_model_row(model), &about);
	return about;
}

void note_write(struct workbench *workbench, const struct order *order)
{
	const char *id, *name;
	if (!workbench_subject_or_report(workbench, &id, &name))
		return;
	struct arena arena = ARENA_INIT;
	const struct about about = about_here(workbench);
	struct note_place *place = &workbench->drafts.note_at;
	(void)snprintf(place->id, sizeof place->id, "%s", id);
	(void)snprintf(place->item, sizeof place->item, "%s%s", about.document, about.hit);
	place->of_hit = *about.hit;
	bool begun = workbench->drafts.note && !strcmp(workbench->drafts.note_of.id, place->id) &&
		     !strcmp(workbench->drafts.note_of.item, place->item);
	const char *draft = order->argument[0] ? ""
			    : begun	       ? workbench->drafts.note
					       : drafts_note_text(workbench, place);
	prompt_open(&workbench->prompt, PROMPT_NOTE,
		    arena_printf(&arena, "%s on %s%s: ", draft[0] ? "draft of a note" : "note",
				 about.hit[0] ? "the hit " : "", about.name[0] ? about.name : name),
		    draft[0] ? draft : order->argument, NULL);
	arena_release(&arena);
}

static struct note_place place_of(const struct job *job)
{
	struct note_place place = { .of_hit = job->in.hit[0] };
	(void)snprintf(place.id, sizeof place.id, "%s", job->id);
	(void)snprintf(place.item, sizeof place.item, "%s%s", job->in.document, job->in.hit);
	return place;
}

/* Keeps the text of a failed note: the next note on the same item starts with it. */
static bool note_failed(struct workbench *workbench, const struct job *job)
{
	const struct note_place place = place_of(job);
	draft_keep_note(workbench, &place, job->in.text);
	REPORT_BAD(workbench, "%s; the next note %s starts with your text",
		   job->error.message ? job->error.message : "The action failed",
		   place.item[0] ? "on this item" : "on this case");
	return true;
}

static void note_saved(struct workbench *workbench, const struct job *job)
{
	const struct note_place place = place_of(job);
	drafts_drop_sent_note(workbench, &place);
	announce_result(workbench, job);
}

void note_save(struct workbench *workbench)
{
	static const struct ui_action note = {
		.verb = VERB_NOTE, .did = "Saved the note on", .finish = note_saved, .failed = note_failed
	};
	const struct note_place *place = &workbench->drafts.note_at;
	const char *text = workbench->prompt.editor.text.buf;
	if (strspn(text, " ") == strlen(text)) {
		prompt_refuse(&workbench->prompt, "A note needs text; Esc closes the line");
		return;
	}
	struct job *job = job_of_ui_action(&note);
	job->in.text = arena_strdup(&job->arena, text);
	job->in.document = place->of_hit ? "" : arena_strdup(&job->arena, place->item);
	job->in.hit = place->of_hit ? arena_strdup(&job->arena, place->item) : "";
	case_request(workbench, job, place->id);
	draft_keep_note(workbench, place, "");
	prompt_close(&workbench->prompt);
}

/* The number of the note under the cursor, from 1: in the summary, or of its record in the timeline; 0 none. */
static size_t note_here(struct workbench *workbench, struct arena *arena)
{
	const struct case_model *model = &top_case(workbench)->model;
	const struct page *page = top_page(workbench);
	const struct grid_row *row = page ? page_row(page) : model->pane == PANE_TAB ? case_model_row(model) : NULL;
	const char *record = page && page->spec == &event_page ? page->ref
			     : row && row->kind == ROW_EVENT   ? row->ref
							       : "";
	if (row && row->kind == ROW_NOTE)
		return (size_t)strtoull(row->ref, NULL, 10);
	const struct job *job = model->job;
	for (size_t i = 0; job && record[0] && i < job->audit.count; i++) {
		if (job->audit.items[i].seq != strtoll(record, NULL, 10))
			continue;
		int64_t id = strtoll(event_member(arena, &job->audit.items[i], "note"), NULL, 10);
		for (size_t n = 0; n < job->view.file.note_count; n++)
			if (id && job->view.file.notes[n].row == id)
				return n + 1;
	}
	return 0;
}

void note_pin(struct workbench *workbench)
{
	static const struct ui_action pin = { .verb = VERB_NOTE_PIN, .did = "Pinned a note on" },
				      unpin = { .verb = VERB_NOTE_PIN, .did = "Unpinned a note on" };
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = case_model_view(&screen->model);
	struct arena arena = ARENA_INIT;
	size_t number = view ? note_here(workbench, &arena) : 0;
	arena_release(&arena);
	if (!number || number > view->file.note_count) {
		REPORT(workbench, "%s pins the note under the cursor: 1 shows the last notes, 6 all notes",
		       key_for(workbench, COMMAND_NOTE_PIN));
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
	static const struct ui_action read = { .verb = VERB_NOTE_READ, .did = "Marked your mentions as read on" };
	case_request(workbench, job_of_ui_action(&read), top_case(workbench)->id);
}
