/* The page of a document: facts of the document and its files, judgements, and history. */
#include "model/case_model.h"
#include "model/page.h"

#include <string.h>

const char *document_verdict(struct arena *arena, const struct document *document, const struct frame *frame)
{
	if (document->review == REVIEW_UNREVIEWED)
		return "";
	const char *when = date_time_text(arena, document->reviewed_at, frame);
	const char *by = document->reviewed_by;
	return arena_printf(arena, "%s%s%s%s%s%s%s", document_state_text(document), by[0] ? " by " : "", by,
			    when[0] ? ", " : "", when, document->review_reason[0] ? ": " : "", document->review_reason);
}

/* Adds the facts of one file; the files of a double-sided document are labelled as front and back. */
static void add_side_lines(struct grid *grid, const struct document *document, size_t number)
{
	const struct document_side side = document_side(document, number);
	facts_add_heading(grid, !document->double_sided ? "File" : number == SIDE_BACK ? "Back" : "Front");
	facts_line(grid, "name", side.file_name);
	facts_line(grid, "upload", upload_state_text(side.upload));
	facts_line(grid, "kind", side.media_type);
	facts_line(grid, "the file", file_marks_text(grid->arena, side.marks));
	facts_line(grid, "size", size_text(grid->arena, side.size_bytes));
	facts_add_hash(grid, "SHA-256", side.sha256);
}

static void add_document_fact_lines(struct grid *grid, const struct document *document)
{
	const char *verdict = document_verdict(grid->arena, document, grid->frame);
	facts_add_heading(grid, "Document");
	facts_line(grid, "type", document->type);
	facts_line(grid, "state",
		   document->replaced ? "replaced by another file"
		   : verdict[0]	      ? verdict
				      : document_state_text(document));
	facts_line(grid, "imported by",
		   document->imported_verdict[0]
			   ? grid_printf(grid, "%s: %s (not counted as a verdict)", document->verdict_imported_by,
					 document->imported_verdict)
			   : document->verdict_imported_by);
	facts_line(grid, "uploaded", grid_time(grid, document->uploaded_at));
	facts_line(grid, "expires on",
		   document->expires_on == TIME_NONE
			   ? ""
			   : time_day_text(grid->arena, document->expires_on, grid->frame->now));
}

/* Whether the look is the fetch before a look of the same person, which says more. */
static bool is_fetch_of_a_look(const struct case_view *view, const struct look *look)
{
	for (size_t i = 0; look->shown_as == LOOK_FETCHED && i < view->document_view_count; i++) {
		const struct look *other = &view->document_views[i];
		if (other->shown_as >= LOOK_NOTHING && other->at >= look->at && !strcmp(other->by, look->by) &&
		    other->side == look->side && !strcmp(other->document_id, look->document_id))
			return true;
	}
	return false;
}

/* Lists all looks, the latest first: person, time, and what was shown. */
static void add_opened_lines(struct grid *grid, const struct case_view *view, const struct document *document)
{
	facts_add_heading(grid, "Opened");
	if (!document_has_bytes(document)) {
		facts_line(grid, "by", "nobody: the file is missing");
		return;
	}
	if (!document_last_view(view, document->id, NULL)) {
		struct grid_row *row = facts_line(grid, "by", "nobody yet; Enter opens the file");
		row->kind = ROW_DOCUMENT;
		row->ref = document->id;
		return;
	}
	for (size_t i = 0; i < view->document_view_count; i++) {
		const struct look *look = &view->document_views[i];
		const char *side = document->double_sided ? side_text(look->side) : "";
		if (!strcmp(look->document_id, document->id) && !is_fetch_of_a_look(view, look))
			facts_line(grid, look->by,
				   grid_printf(grid, "%s%s%s: %s", grid_time(grid, look->at), side[0] ? ", " : "", side,
					       look_text(grid->arena, look)));
	}
}

static bool fill(struct page *page, struct job *job)
{
	const struct case_view *view = &job->view;
	const struct document *document = case_document(&view->file, page->ref);
	struct grid *grid = &page->grid;
	if (!document)
		return false;
	const struct judgement *judgement = case_judgement(view, JUDGEMENT_DOCUMENT, document->id);
	page_set_title(page, profile_document_title(view->profile, document->type), "%s",
		       view->file.session.subject.name);
	add_document_fact_lines(grid, document);
	add_opened_lines(grid, view, document);
	for (size_t side = SIDE_FRONT; side < (document->double_sided ? SIDE_COUNT : 1u); side++)
		add_side_lines(grid, document, side);
	if (strlen(document->extracted_json) > strlen("{}")) {
		facts_add_heading(grid, "Extracted data");
		facts_add_json(grid, document->extracted_json);
	}
	facts_add_heading(grid, "Place in the case");
	facts_line(grid, "category", document->category);
	facts_line(grid, "step", document->step_id);
	if (judgement) {
		facts_add_heading(grid, "Basis of the acceptance");
		facts_add_judgement(grid, judgement);
	}
	facts_add_notes(grid, &view->file, document->id);
	facts_add_history(grid, job, "document", document->id);
	return true;
}

const struct page_spec document_page = { .fill = fill };
