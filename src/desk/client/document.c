/* Deleting a document that was not handed in yet. */
#include "client/client.h"
#include "kybdesk/store/bytes.h"
#include "use/refusal.h"
#include "use/transaction.h"

#include <string.h>

/* After the commit. Bytes that are left over harm nobody, so this cannot fail. */
static enum err erase_bytes(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	enum err err = store_begin(desk->store, STORE_WRITE, NULL);

	(void)error;
	if (err)
		return ERR_OK;
	for (size_t i = 0; !err && i < use->erased.count; i++)
		err = store_bytes_erase(desk->store, use->erased.hashes[i], NULL);
	if (desk_finish(desk, err, NULL))
		log_info(&desk->log, "the bytes of a deleted document are left over");
	return ERR_OK;
}

static enum err check_free(const struct use *use, const struct document *document, struct error *error)
{
	const struct client_wish wish = { .document_type = document->type };
	enum err err = client_may_change(use, &wish, error);

	if (err)
		return err;
	/* What was looked at, or has a history, is part of what was decided on. */
	if (client_is_free(use) && document->review == REVIEW_UNREVIEWED && !document->replaces_row &&
	    !document->replaced && use->file.session.submitted_at == TIME_NONE)
		return ERR_OK;
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), document->id, error,
			  "Cannot delete %s: the case was submitted, so it is kept; put another file in its place",
			  document->type);
}

static void forget(struct use *use, struct document *document)
{
	struct case_file *file = &use->file;
	size_t at = (size_t)(document - file->documents);

	if (*document->sha256) {
		*ARENA_PUSH(use->arena, use->erased.hashes, use->erased.count, use->erased.capacity) =
			document->sha256;
		use->after = erase_bytes;
	}
	file->document_count--;
	memmove(&file->documents[at], &file->documents[at + 1],
		(file->document_count - at) * sizeof *file->documents);
}

/* Reads part: the document. */
enum err use_document_delete(struct use *use, struct error *error)
{
	struct document *document = NULL;
	enum err err = use_find_document(&use->file, use->in->part ? use->in->part : "", &document, error);

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
	forget(use, document);
	return ERR_OK;
}
