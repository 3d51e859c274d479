/* Review of documents: accept, reject with a reason, open. */
#include "decide/decide.h"
#include "use/looks.h"

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

/* An acceptance rests on what was shown to its actor. If it was not shown, a production store refuses the
 * acceptance unless the person says so (in->unseen). In a sandbox, where programs play reviewers, it is recorded only
 * (docs/decisions/0058). */
static enum err check_looks(struct use *use, const struct document *document, struct error *error)
{
	const struct caller *caller = use->desk->caller;
	struct look *looks = NULL;
	size_t count = 0;
	struct look_grounds grounds;
	enum err err;

	if (use->in->capacity != CAPACITY_STAFF || (caller && caller->capacity == CAPACITY_SIMULATOR))
		return ERR_OK;
	err = desk_looks(use->desk, use->arena, use->file.session.id, &looks, &count, error);
	if (err)
		return err;
	look_grounds_find(use->arena, looks, count, document, use->desk->actor, &grounds);
	if (!grounds.count) {
		json_set(use->detail, "seen", json_new_bool(true));
		return ERR_OK;
	}
	if (!use->in->unseen && !desk_is_sandbox(use->desk))
		return REFUSE(BLOCKER_DOCUMENT_NOT_ACCEPTED, document->id, error,
			      "Cannot accept %s: %s. Look at it in the workbench first; or accept it unseen, with a "
			      "reason (--unseen --reason)",
			      document->type, look_grounds_text(use->arena, &grounds));
	json_set_text(use->detail, "unseen", look_grounds_text(use->arena, &grounds));
	if (use->in->unseen && *text_or_empty(use->in->reason))
		json_set_text(use->detail, "unseen_reason", use->in->reason);
	return ERR_OK;
}

/* Reads in->part: id, unique prefix, or a type if the case has one current document of this type; in->unseen, and with
 * it in->reason. */
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
	if (use->has_no_change)
		return ERR_OK;
	err = check_looks(use, document, error);
	return err ? err : set_document_review(use, document, REVIEW_ACCEPTED, "", error);
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
	if (use->use_case->verb == VERB_DOCUMENT_OPEN)
		json_set_text(use->detail, "shown", look_kind_text(LOOK_FETCHED));
	use->out->document = *document;
	document_set_side(&use->out->document, SIDE_FRONT, &opened);
	use->run_after_commit = get_file_bytes;
	return ERR_OK;
}

/* Records a look that has ended. Another may hold the case by now: the file was on this person's screen. */
static enum err record_look(struct use *use, struct error *error)
{
	const struct look *look = use->in->look;
	struct document *document = NULL;
	enum err err = use_find_document(&use->file, use->in->part, &document, error);

	if (err)
		return err;
	JSON_ADD(use->detail, { "document", AS_TEXT(document->id) }, { "type", AS_TEXT(document->type) });
	if (document->double_sided)
		json_set_text(use->detail, "side", side_text(look->side));
	JSON_ADD(use->detail, { "sha256", AS_TEXT(look->sha256) }, { "shown", AS_TEXT(look_kind_text(look->shown_as)) },
		 { "reader?", AS_TEXT(look->reader) }, { "shown_ms", AS_INT(look->shown_ms) });
	if (look->page_count)
		JSON_ADD(use->detail, { "pages", AS_INT(look->pages) }, { "page_count", AS_INT(look->page_count) },
			 { "page_list?", AS_TEXT(look->page_list ? look->page_list : "") });
	if (look->values_needed)
		JSON_ADD(use->detail, { "values_needed", AS_INT(look->values_needed) },
			 { "values_found", AS_INT(look->values_found) });
	if (look->values_unpainted)
		JSON_ADD(use->detail, { "values_unpainted", AS_INT(look->values_unpainted) });
	if (look->is_uncompared || look->is_incomparable)
		JSON_ADD(use->detail, { "uncompared", AS_TEXT(look->is_uncompared ? "not_yet" : "failed") });
	if (look->is_too_old)
		JSON_ADD(use->detail, { "too_old", AS_BOOL(true) });
	return ERR_OK;
}

/* Also returns the case's data for the comparison, unmasked, since the reviewer sees them in the document anyway. */
enum err use_document_open(struct use *use, struct error *error)
{
	enum err err = use->in->look ? record_look(use, error) : return_document(use, error);

	if (err || use->in->look)
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
