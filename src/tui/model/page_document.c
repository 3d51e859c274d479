/* A document: facts of the document and its files, judgements, and history. */
#include "kybdesk/tui/case_model.h"
#include "kybdesk/tui/page.h"

#include <string.h>

bool document_was_opened(const struct job *job, const char *id)
{
	for (size_t i = 0; i < job->audit.count; i++) {
		const struct audit_event *item = &job->audit.items[i];
		bool look = !strcmp(item->action, use_cases[VERB_DOCUMENT_OPEN].word) ||
			    !strcmp(item->action, use_cases[VERB_DOCUMENT_SAVE].word);
		if (look && strstr(item->detail, id))
			return true;
	}
	return false;
}

const char *document_verdict(struct arena *arena, const struct document *document, const struct frame *frame)
{
	if (document->review == REVIEW_UNREVIEWED)
		return "";
	const char *when = when_text(arena, document->reviewed_at, frame);
	const char *by = document->reviewed_by;
	return arena_printf(arena, "%s%s%s%s%s%s%s", document_state_text(document), by[0] ? " by " : "", by,
			    when[0] ? ", " : "", when, document->review_reason[0] ? ": " : "",
			    document->review_reason);
}

/* Facts of one file; a second file is labelled as the back. */
static void side_lines(struct grid *grid, struct arena *arena, const struct document *document, size_t number)
{
	const struct document_side side = document_side(document, number);
	facts_heading(grid, arena, !document->double_sided ? "File" : number == SIDE_BACK ? "Back" : "Front");
	facts_line(grid, arena, "name", side.file_name);
	facts_line(grid, arena, "upload", upload_state_text(side.upload));
	facts_line(grid, arena, "kind", side.media_type);
	facts_line(grid, arena, "size", size_text(arena, side.size_bytes));
	facts_hash(grid, arena, "SHA-256", side.sha256);
}

static void document_fact_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
				const struct document *document, const struct frame *frame)
{
	const struct document_spec *spec = view->profile ? profile_document(view->profile, document->type) : NULL;
	const char *verdict = document_verdict(arena, document, frame);
	facts_heading(grid, arena, "Document");
	facts_line(grid, arena, "title", spec ? spec->title : "");
	facts_line(grid, arena, "state",
		   document->replaced ? "replaced by another file"
		   : verdict[0]	      ? verdict
				      : document_state_text(document));
	facts_line(grid, arena, "imported by",
		   document->imported_verdict[0] ? arena_printf(arena, "%s: %s (not counted as a verdict)",
								document->source, document->imported_verdict)
						 : document->source);
	facts_line(grid, arena, "uploaded", when_text(arena, document->uploaded_at, frame));
	facts_line(grid, arena, "expires on",
		   document->expires_on == TIME_NONE ? "" : time_day(arena, document->expires_on, frame->now));
}

/* The users that opened the document, each once, latest first. */
static void opened_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			 const struct document *document, const struct frame *frame)
{
	facts_heading(grid, arena, "Opened");
	if (!document_has_bytes(document)) {
		facts_line(grid, arena, "by", "nobody: the file is missing");
		return;
	}
	if (!document_seen(view, document->id, NULL)) {
		struct grid_row *row = facts_line(grid, arena, "by", "nobody yet; Enter opens the file");
		row->kind = ROW_DOCUMENT;
		row->ref = document->id;
		return;
	}
	for (size_t i = 0; i < view->document_view_count; i++) {
		const struct document_view *look = &view->looks[i];
		if (!strcmp(look->document, document->id) && document_seen(view, document->id, look->by) == look)
			facts_line(grid, arena, look->by, when_text(arena, look->at, frame));
	}
}

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct arena *arena = &job->arena;
	const struct case_view *view = &job->view;
	const struct document *document = case_document(&view->file, page->ref);
	struct grid *grid = &page->grid;
	if (!document)
		return false;
	const struct judgement *judgement = case_judgement(view, JUDGEMENT_DOCUMENT, document->id);
	page->title = arena_printf(arena, "%s %s %s", document->type, glyph_text(frame->mode, GLYPH_DOT),
				   view->file.session.subject.name);
	document_fact_lines(grid, arena, view, document, frame);
	opened_lines(grid, arena, view, document, frame);
	for (size_t side = SIDE_FRONT; side < (document->double_sided ? SIDE_COUNT : 1u); side++)
		side_lines(grid, arena, document, side);
	if (strlen(document->extracted_json) > strlen("{}")) {
		facts_heading(grid, arena, "Extracted data");
		facts_json(grid, arena, document->extracted_json);
	}
	facts_heading(grid, arena, "Place in the case");
	facts_line(grid, arena, "category", document->category);
	facts_line(grid, arena, "step", document->step_id);
	if (judgement) {
		facts_heading(grid, arena, "Basis of the acceptance");
		facts_judgement(grid, arena, judgement, frame);
	}
	facts_notes(grid, arena, &view->file, document->id, frame);
	facts_history(grid, job, frame, "document", document->id);
	return true;
}

const struct page_spec document_page = { .fill = fill };
