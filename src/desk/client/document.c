/* Deletes a document before the case is submitted. An upload without its second side can be deleted while
 * client_may_change() allows it, also after the submission; after a day the system deletes the upload. */
#include "client/client.h"

static enum err check_deletable(const struct use *use, const struct document *document, struct error *error)
{
	const struct client_change wanted = { .document_type = document->type };
	bool submitted = use->file.session.submitted_at != TIME_NONE || !client_may_change_all(use);
	enum err err = client_may_change(use, &wanted, error);

	if (err)
		return err;
	/* A reviewed or replaced document is part of the decision's basis. An incomplete document is not part of
	 * the basis, so it can be deleted. */
	if (document->review == REVIEW_UNREVIEWED && !document->replaced &&
	    (!document_has_all_sides(document) || (!submitted && !document->replaces_row)))
		return ERR_OK;
	return REFUSE(BLOCKER_STATUS, document->id, error,
		      "Cannot delete %s: the case was submitted, so documents are kept; upload a replacement",
		      document->type);
}

static void erase_files(struct use *use, struct document *document)
{
	struct case_file *file = &use->file;
	struct leftover_bytes *left = &use->erasure.bytes;

	for (size_t i = 0; i < document_side_count(document); i++) {
		const struct document_side side = document_side(document, i);

		if (!*side.sha256)
			continue;
		*ARENA_PUSH(use->arena, left->hashes, left->count, left->capacity) = side.sha256;
		use->run_after_commit = leftover_bytes_erase;
	}
	ITEM_REMOVE(file->documents, file->document_count, document);
}

/* Reinstates the document that the deleted document had replaced. */
static enum err restore_old_document(struct use *use, const struct document *deleted, struct error *error)
{
	for (size_t i = 0; deleted->replaces_row && i < use->file.document_count; i++) {
		struct document *old = &use->file.documents[i];
		enum err err;

		if (old->row != deleted->replaces_row)
			continue;
		old->replaced = false;
		if (case_requests_document(&use->file, old->type))
			document_set_upload_state(old, UPLOAD_REQUIRED);
		err = store_document_update(use->desk->store, old, error);
		return err ? err : document_replace_refs(use, deleted->id, old->id, error);
	}
	return ERR_OK;
}

/* The first double-sided upload that still lacks a side after a day; NULL: none. */
static struct document *find_incomplete_upload(const struct use *use)
{
	for (size_t i = 0; i < use->file.document_count; i++) {
		struct document *document = &use->file.documents[i];

		if (document_lacks_side(document) && !document->replaced && document->review == REVIEW_UNREVIEWED &&
		    document->uploaded_at != TIME_NONE && document->uploaded_at <= use->now - INCOMPLETE_UPLOAD_MS)
			return document;
	}
	return NULL;
}

static enum err remove_document(struct use *use, struct document *document, struct error *error)
{
	enum err err = store_row_delete(use->desk->store, DELETE_DOCUMENT, document->row, error);

	if (!err)
		err = restore_old_document(use, document, error);
	if (err)
		return err;
	use->out->part_id = document->id;
	JSON_ADD(use->detail, { "document", AS_TEXT(document->id) }, { "type", AS_TEXT(document->type) },
		 { "sha256|null", AS_TEXT(document->sha256) });
	if (document->double_sided)
		json_set_text_or_null(use->detail, "back_sha256", document->back.sha256);
	erase_files(use, document);
	return ERR_OK;
}

/* Reads in->part: the document. */
enum err use_document_delete(struct use *use, struct error *error)
{
	struct document *document = NULL;
	enum err err = use_find_document(&use->file, use->in->part, &document, error);

	if (!err)
		err = check_deletable(use, document, error);
	return err ? err : remove_document(use, document, error);
}

/* Deletes the first double-sided upload that still lacks a side after a day. */
enum err use_document_end(struct use *use, struct error *error)
{
	struct document *document = find_incomplete_upload(use);

	/* Another process may have deleted the upload already. */
	if (!document) {
		use->has_no_change = true;
		return ERR_OK;
	}
	return remove_document(use, document, error);
}
