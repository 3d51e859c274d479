/* Undoes records about corrections: requests, answers and withdrawals, and the state of documents that a request
 * names. */
#include "decide/decide.h"
#include "read/history_undo.h"

/* Marks the documents of a correction. A requested document stays, and counts as required (decide/request.c); a
 * newer document of the type is the answer to the request. */
static void mark_documents(struct case_file *file, const struct correction *correction, bool requested)
{
	for (size_t i = 0; i < file->document_count; i++) {
		struct document *document = &file->documents[i];

		if (document->replaced || !correction_has_type(correction, document->type) ||
		    !document_has_all_sides(document) || document->uploaded_at > correction->requested_at)
			continue;
		if (document->upload == (requested ? UPLOAD_READY : UPLOAD_REQUIRED))
			document_set_upload_state(document, requested ? UPLOAD_REQUIRED : UPLOAD_READY);
	}
}

/* Reopens the corrections that the record closed. */
static void reopen_closed_items(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;

	for (size_t i = 0; i < file->correction_count; i++) {
		struct correction *correction = &file->corrections[i];

		if (correction->state != CORRECTION_WITHDRAWN || correction->closed_at != undo_run->item->at)
			continue;
		correction_reopen(correction);
		mark_documents(file, correction, true);
	}
}

void history_undo_request(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	const struct json_value *ids = json_get(undo_run->detail, "corrections");

	history_undo_decision(undo_run);
	for (size_t i = 0; ids && i < json_count(ids); i++) {
		const char *id = json_text(json_at(ids, i));
		struct correction *correction = id ? (struct correction *)case_correction(file, id) : NULL;

		if (!correction)
			continue;
		mark_documents(file, correction, false);
		ITEM_REMOVE(file->corrections, file->correction_count, correction);
	}
	/* Reopens the older corrections of the step, which the undone request had closed. */
	reopen_closed_items(undo_run);
}

/* Closes the older corrections again: the request had closed them, and the undo of the request had reopened them. */
static void close_older_corrections(struct case_file *file, const struct correction *request)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		struct correction *correction = &file->corrections[i];

		if (correction->round >= request->round || !correction_is_unsettled(correction) ||
		    strcmp(correction->step_id, request->step_id) != 0)
			continue;
		correction->state = CORRECTION_WITHDRAWN;
		correction->closed_at = request->requested_at;
	}
}

void history_reopen_corrections(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction->state == CORRECTION_WITHDRAWN && correction->closed_at == undo_run->item->at)
			close_older_corrections(file, correction);
	}
	reopen_closed_items(undo_run);
}

void history_undo_correction(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;
	const char *word = undo_run->item->action;
	struct correction *correction =
		(struct correction *)case_correction(file, history_detail_text(undo_run, "correction"));

	if (correction)
		correction->state = !strcmp(word, "correction.answer")	 ? CORRECTION_OPEN
				    : !strcmp(word, "correction.accept") ? CORRECTION_ANSWERED
									 : CORRECTION_ACCEPTED;
}

void history_undo_withdrawal(struct undo_run *undo_run)
{
	history_undo_status(undo_run);
	reopen_closed_items(undo_run);
}

/* Reopens the corrections that this submission answered. A correction with an explanation was answered earlier, by
 * a record of its own. */
void history_undo_submission(struct undo_run *undo_run)
{
	struct case_file *file = &undo_run->history->file;

	history_undo_status(undo_run);
	for (size_t i = 0; i < file->correction_count; i++) {
		struct correction *correction = &file->corrections[i];

		if (correction->state == CORRECTION_ANSWERED && correction->answered_at == undo_run->item->at)
			correction->state = CORRECTION_OPEN;
	}
}
