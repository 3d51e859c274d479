/* Reviewing documents: accepted, rejected with a reason, their bytes. */
#include "internal.h"
#include "kybdesk/desk/review.h"

#include <string.h>

static enum err check_reviewable(const struct document *document, const char *verb, struct error *error)
{
	if (document->replaced)
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_DOCUMENT_NOT_ACCEPTED), document->id,
				  error, "Cannot %s %s: a later file took its place; review that one", verb,
				  document->type);
	if (document->upload != UPLOAD_READY)
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_DOCUMENT_MISSING), document->id, error,
				  "Cannot %s %s: its upload is %s, there is no ready file", verb, document->type,
				  upload_state_text(document->upload));
	return ERR_OK;
}

static enum err review(struct work *work, struct document *document, enum review_state state, const char *reason,
		       struct json_value *detail, struct error *error)
{
	json_set_text(detail, "document", document->id);
	json_set_text(detail, "type", document->type);
	json_set_text(detail, "sha256", document->sha256);
	json_set_text(detail, "from", review_state_text(document->review));
	json_set_text(detail, "to", review_state_text(state));
	if (*reason)
		json_set_text(detail, "reason", reason);
	document->review = state;
	document->review_reason = reason;
	document->reviewed_by = work->desk->actor;
	document->reviewed_at = work->now;
	return store_document_update(work->desk->store, document, error);
}

enum err desk_document_accept(struct desk *desk, struct arena *arena, const char *reference,
			      const char *document_id, const char **id, struct error *error)
{
	struct work work;
	struct document *document = NULL;
	struct json_value *detail;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "accept a document", error);

	if (err)
		return err;
	*id = work.file.session.id;
	err = work_find_document(&work.file, document_id, &document, error);
	if (!err)
		err = check_reviewable(document, "accept", error);
	if (err || document->review == REVIEW_ACCEPTED) {
		/* Accepted already: who did it first stays on record. */
		desk_rollback(desk);
		return err;
	}
	detail = json_new_object();
	err = review(&work, document, REVIEW_ACCEPTED, "", detail, error);
	return work_commit(&work, err, "document.accept", detail, false, error);
}

enum err desk_document_reject(struct desk *desk, struct arena *arena, const char *reference,
			      const char *document_id, const char *reason_code, const char **id,
			      struct error *error)
{
	struct work work;
	struct document *document = NULL;
	const struct reason *reason = NULL;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "reject a document", error);

	if (err)
		return err;
	*id = work.file.session.id;
	err = work_find_document(&work.file, document_id, &document, error);
	if (!err)
		err = check_reviewable(document, "reject", error);
	if (!err)
		err = reason_require(&desk->reasons, REASONS_DOCUMENT, reason_code ? reason_code : "",
				     work.profile->document_reasons, work.profile->document_reason_count, &reason,
				     error);
	if (!err) {
		detail = json_new_object();
		err = review(&work, document, REVIEW_REJECTED, reason->code, detail, error);
	}
	return work_commit(&work, err, "document.reject", detail, false, error);
}

/* Papers are personal data: who looks needs the role, and nobody else may be at work on the case. */
static enum err find_bytes(struct work *work, const char *document_id, const char *purpose, struct document **out,
			   struct error *error)
{
	struct json_value *detail;
	enum err err = work_find_document(&work->file, document_id, out, error);

	if (!err && !role_at_least(work->desk->role, ROLE_LEAD))
		err = work_check_claim(work, "open documents of", error);
	if (!err && !*(*out)->sha256)
		err = refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_DOCUMENT_MISSING), (*out)->id, error,
				 "%s has no file yet: its upload is %s", (*out)->type,
				 upload_state_text((*out)->upload));
	if (err)
		return err;
	detail = json_new_object();
	json_set_text(detail, "document", (*out)->id);
	json_set_text(detail, "type", (*out)->type);
	json_set_text(detail, "sha256", (*out)->sha256);
	return desk_record(work->desk, strcmp(purpose, "save") ? "document.open" : "document.save",
			   &work->file.session, detail, error);
}

enum err desk_document_bytes(struct desk *desk, struct arena *arena, const char *reference, const char *document_id,
			     const char *purpose, struct strbuf *out, struct document *info, struct error *error)
{
	struct work work = { .desk = desk, .arena = arena };
	struct document *document = NULL;
	enum err err = desk_begin(desk, ROLE_REVIEWER, "open a document", error);

	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	if (!err)
		err = find_bytes(&work, document_id, purpose, &document, error);
	/* On record first: a look that was cut short was still a look. */
	err = desk_finish(desk, err, error);
	if (!err)
		err = store_bytes_get(desk->store, document->sha256, out, error);
	if (!err)
		*info = *document;
	return err;
}
