/* Review of documents: accept, reject with a reason, open. */
#include "decide/decide.h"

static enum err check_document_reviewable(const struct document *document, const char *verb, struct error *error)
{
	if (document->replaced)
		return REFUSE(BLOCKER_DOCUMENT_NOT_ACCEPTED, document->id, error,
			      "Cannot %s %s: a later file replaced it; review the later file", verb, document->type);
	if (document->upload != UPLOAD_READY)
		return REFUSE(BLOCKER_DOCUMENT_MISSING, document->id, error,
			      "Cannot %s %s: the upload is %s, and no file is ready", verb, document->type,
			      upload_state_text(document->upload));
	return ERR_OK;
}

enum err document_check_bytes(struct use *use, const struct document *document, struct error *error)
{
	enum bytes_state state = BYTES_INTACT;
	enum err err = document_bytes_state(use->desk, document, &state, error);

	if (err || state == BYTES_INTACT)
		return err;
	return REFUSE(BLOCKER_DOCUMENT_ALTERED, document->id, error,
		      "Cannot accept %s: the stored file %s; upload the same file again, or request another file",
		      document->type, state == BYTES_MISSING ? "is missing" : "differs from the uploaded one");
}

static enum err set_document_review(struct use *use, struct document *document, enum review_state state,
				    const char *reason, struct error *error)
{
	JSON_ADD(use->detail, { "document", AS_TEXT(document->id) }, { "type", AS_TEXT(document->type) },
		 { "sha256", AS_TEXT(document->sha256) });
	if (document->double_sided)
		json_set_text(use->detail, "back_sha256", document->back.sha256);
	JSON_ADD(use->detail, { "from", AS_TEXT(review_state_text(document->review)) },
		 { "to", AS_TEXT(review_state_text(state)) }, { "reason?", AS_TEXT(reason) });
	use_add_old_verdict(use, REASONS_DOCUMENT,
			    &(const struct verdict_before){ document->reviewed_by, document->reviewed_at,
							    document->review_reason, document->basis });
	document->basis = "";
	if (state == REVIEW_ACCEPTED) {
		const struct facts_input of = { .profile = use->profile };

		document->basis = facts_document(use->arena, &use->file, &of, document);
		use_add_basis_hash(use, document->basis);
	}
	document->review = state;
	document->review_reason = reason;
	document->reviewed_by = use->desk->actor;
	document->reviewed_at = use->now;
	return store_document_update(use->desk->store, document, error);
}

/* Reads in->part: id, unique prefix, or a type if the case has one current document of this type. */
enum err use_document_accept(struct use *use, struct error *error)
{
	struct document *document = NULL;
	enum err err = use_find_document(&use->file, use->in->part, &document, error);

	if (!err)
		err = check_document_reviewable(document, "accept", error);
	if (!err)
		err = use_check_not_contributor(use, "document", document->id, error);
	if (!err)
		err = document_check_bytes(use, document, error);
	if (err)
		return err;
	/* The document is accepted already; while the verdict is valid, its author stays the same. */
	use->has_no_change = document_is_valid(document);
	return use->has_no_change ? ERR_OK : set_document_review(use, document, REVIEW_ACCEPTED, "", error);
}

/* Reads in->part, in->reason. */
enum err use_document_reject(struct use *use, struct error *error)
{
	struct document *document = NULL;
	const struct reason *reason = NULL;
	enum err err = use_find_document(&use->file, use->in->part, &document, error);

	if (!err)
		err = check_document_reviewable(document, "reject", error);
	if (!err)
		err = reason_require(&use->desk->reasons, REASONS_DOCUMENT, use->in->reason,
				     use->profile->document_reasons, use->profile->document_reason_count, &reason,
				     error);
	if (!err)
		err = set_document_review(use, document, REVIEW_REJECTED, reason->code, error);
	if (!err && reason_opens_suspicion(REASONS_DOCUMENT, reason->code))
		err = suspicion_raise(use, CAUSE_DOCUMENT,
				      arena_printf(use->arena, "%s, document %s", document->type, document->id), error);
	return err;
}

/* Reads the bytes only after the view is recorded, so that the log also contains a view that is interrupted. */
static enum err get_file_bytes(struct use *use, struct error *error)
{
	return store_bytes_get(use->desk->store, use->out->document.sha256, use->in->content_out, error);
}

/* Finds the requested side or, if none is requested, the first side with a file. */
static enum err find_document_side(const struct use *use, const struct document *document, enum side *side,
				   struct error *error)
{
	const char *requested = use->in->side;

	*side = document->double_sided && !*document->sha256 ? SIDE_BACK : SIDE_FRONT;
	if (!*requested)
		return ERR_OK;
	if (!side_parse(requested, side))
		return error_invalid(error, "side", "\"%s\" is not a side; use front or back", requested);
	if (!document->double_sided)
		return error_invalid(error, "side", "This %s has no sides; leave the side out", document->type);
	return ERR_OK;
}

/* Returns a document. Because a document is personal data, no other reviewer may hold the case, unless the actor is a
 * lead. Reads in->part, in->side, in->content_out. The front of the returned document describes the opened side. */
static enum err return_document(struct use *use, struct error *error)
{
	struct document *document = NULL;
	struct document_side opened;
	enum side side = SIDE_FRONT;
	enum err err = use_find_document(&use->file, use->in->part, &document, error);

	if (!err)
		err = find_document_side(use, document, &side, error);
	if (!err && !role_at_least(use->desk->role, ROLE_LEAD))
		err = use_check_not_held(use, error);
	if (err)
		return err;
	opened = document_side(document, side);
	if (!*opened.sha256)
		return REFUSE(BLOCKER_DOCUMENT_MISSING, document->id, error, "%s has no file yet: its upload is %s",
			      document->type, upload_state_text(opened.upload));
	JSON_ADD(use->detail, { "document", AS_TEXT(document->id) }, { "type", AS_TEXT(document->type) });
	if (document->double_sided)
		json_set_text(use->detail, "side", side_text(side));
	json_set_text(use->detail, "sha256", opened.sha256);
	use->out->document = *document;
	document_set_side(&use->out->document, SIDE_FRONT, &opened);
	use->run_after_commit = get_file_bytes;
	return ERR_OK;
}

/* Also returns the case's data for the comparison, unmasked, since the reviewer sees them in the document anyway. */
enum err use_document_open(struct use *use, struct error *error)
{
	enum err err = return_document(use, error);

	if (err)
		return err;
	case_values_parse(use->arena, &use->file);
	doc_search_collect_values(use->arena, &use->file, profile_document(use->profile, use->out->document.type),
				  use->now, &use->out->case_values);
	const char *read = use->out->document.extracted_json;
	const struct form_input form = { .file = &use->file,
					 .profile = use->profile,
					 .document = &use->out->document,
					 .extracted = value_read(use->arena, read, strlen(read), NULL),
					 .now = use->now };
	document_form_make(use->arena, &form, &use->out->form);
	return ERR_OK;
}

enum err use_document_save(struct use *use, struct error *error)
{
	return return_document(use, error);
}
