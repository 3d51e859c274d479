/* Deletes a document before its submission. */
#include "client/client.h"
#include "use/refusal.h"

#include <string.h>

static enum err check_free(const struct use *use, const struct document *document, struct error *error)
{
	const struct client_change wanted = { .document_type = document->type };
	bool submitted = use->file.session.submitted_at != TIME_NONE || !client_is_free(use);
	enum err err = client_may_change(use, &wanted, error);

	if (err)
		return err;
	/* A reviewed or replaced document is part of the decision's basis; one that never came whole is of none. */
	if (document->review == REVIEW_UNREVIEWED && !document->replaces_row && !document->replaced &&
	    (!submitted || !document_is_whole(document)))
		return ERR_OK;
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), document->id, error,
			  "Cannot delete %s: the case was submitted, so it is kept; put another file in its place",
			  document->type);
}

static void forget(struct use *use, struct document *document)
{
	struct case_file *file = &use->file;
	struct leftover_bytes *left = &use->erased.bytes;

	for (size_t i = 0; i < document_side_count(document); i++) {
		const struct document_side side = document_side(document, i);

		if (!*side.sha256)
			continue;
		*ARENA_PUSH(use->arena, left->hashes, left->count, left->capacity) = side.sha256;
		use->after = leftover_bytes_erase;
	}
	ITEM_REMOVE(file->documents, file->document_count, document);
}

/* Reads in->part: the document. */
enum err use_document_delete(struct use *use, struct error *error)
{
	struct document *document = NULL;
	enum err err = use_find_document(&use->file, use->in->part, &document, error);

	if (!err)
		err = check_free(use, document, error);
	if (!err)
		err = store_document_delete(use->desk->store, document->row, error);
	if (err)
		return err;
	use->out->part_id = document->id;
	json_set_text(use->detail, "document", document->id);
	json_set_text(use->detail, "type", document->type);
	json_set_text_or_null(use->detail, "sha256", document->sha256);
	if (document->double_sided)
		json_set_text_or_null(use->detail, "back_sha256", document->back.sha256);
	forget(use, document);
	return ERR_OK;
}
