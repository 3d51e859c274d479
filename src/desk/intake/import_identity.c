/* Finds the session of an import line in the store, or decides that it is new, and refuses lines that conflict with
 * other sessions. */
#include "import_internal.h"
#include <stdio.h>

enum err import_check_decided(const struct import_run *run, const struct session_document *document,
			      struct error *error)
{
	if (!document->has_decided || !run->decided_refusal)
		return ERR_OK;
	return error_set_field(error, ERR_FORBIDDEN, "status", "%s", run->decided_refusal);
}

static enum err known_merchant(struct import_run *run, const char *name, int64_t *row, struct error *error)
{
	enum err err;

	if (run->merchant_row && !strcmp(run->merchant, name)) {
		*row = run->merchant_row;
		return ERR_OK;
	}
	err = merchant_known(run->desk, run->arena, name, row, error);
	if (!err && *row && strlen(name) < sizeof run->merchant) {
		(void)snprintf(run->merchant, sizeof run->merchant, "%s", name);
		run->merchant_row = *row;
	}
	return err;
}

/* An unknown reason has no text that the client may read. */
enum err import_check_history(const struct import_run *run, const struct case_file *file, const char *path,
			      struct error *error)
{
	const struct decision *last = NULL;
	enum session_status status = file->session.status;

	for (size_t i = 0; i < file->decision_count; i++) {
		const struct decision *decision = &file->decisions[i];
		const struct reason *reason;
		if (decision->kind == DECISION_REJECT && *decision->reason &&
		    reason_require(desk_reasons(run->desk), REASONS_SESSION, decision->reason, NULL, 0, &reason,
				   error))
			return error_set_field(error, ERR_INVALID,
					       arena_printf(run->arena, "%sdecisions[%zu].reason", path, i),
					       "is '%s', which is not a session reason; this program's session "
					       "reasons are in data/reasons/session.json",
					       decision->reason);
		if (!decision->undone && decision->kind != DECISION_UNDO)
			last = decision;
	}
	if (!last || (status != SESSION_APPROVED && status != SESSION_REJECTED))
		return ERR_OK;
	if (last->kind == (status == SESSION_APPROVED ? DECISION_APPROVE : DECISION_REJECT))
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, arena_printf(run->arena, "%sdecisions", path),
			       "end with %s, but the status is %s; include the decision that led to it",
			       decision_kind_text(last->kind), session_status_text(status));
}

/* A level above the first results from an approval, so importing such a level without an approval is a decision. A
 * known user keeps the stored level; the level of the line is ignored. */
static enum err level_fits(const struct desk *desk, const struct session *session, const struct profile *profile,
			   int64_t merchant, struct error *error)
{
	const char *incoming = session->subject.level;
	const char *first = profile_level_initial(profile, session->subject.kind);
	const char *approved = profile_level_approved(profile, session->subject.kind);
	bool exists = false;
	enum err err = ERR_OK;

	if (!*incoming || !*first || !strcmp(incoming, first))
		return ERR_OK;
	if (strcmp(incoming, approved) != 0)
		return error_set_field(error, ERR_INVALID, "subject.level", "is '%s'; allowed: %s, %s", incoming,
				       first, approved);
	if (session->status == SESSION_APPROVED || desk->store->sandbox || desk->role == ROLE_ADMIN)
		return ERR_OK;
	if (merchant)
		err = store_subject_exists(desk->store, merchant, session->subject.uid, &exists, error);
	if (err || exists)
		return err;
	return error_set_field(
		error, ERR_FORBIDDEN, "subject.level",
		"is %s, which requires an approval; in a production store only an admin may import this level",
		incoming);
}

/* Checks that a stored session with this id has the line's merchant and workflow. */
static enum err same_session(struct desk *desk, struct arena *arena, int64_t row, const struct session *incoming,
			     struct error *error)
{
	struct session present;
	enum err err = store_session_load(desk->store, arena, row, &present, error);

	if (err)
		return err;
	if (strcmp(present.merchant, incoming->merchant) != 0)
		return error_set_field(error, ERR_CONFLICT, "merchant",
				       "is %s, but the session %s belongs to another merchant; use the id of a "
				       "session of %s, or none",
				       incoming->merchant, incoming->id, incoming->merchant);
	if (strcmp(present.workflow, incoming->workflow) != 0)
		return error_set_field(
			error, ERR_CONFLICT, "workflow",
			"is %s, but the session %s has the workflow %s; the workflow of a session cannot change",
			incoming->workflow, incoming->id, present.workflow);
	return ERR_OK;
}

/* Finds the session of a line without an id by its reference, even if the stored session has an imported id. */
static enum err by_reference(struct import_run *run, struct session *session, int64_t *row, struct error *error)
{
	struct store *store = run->desk->store;
	struct session present;
	int64_t merchant;
	enum err err;

	session->id = id_derive_session(run->arena, session->merchant, session->workflow, session->external_ref);
	err = store_session_by_uuid(store, session->id, row, error);
	if (err || *row)
		return err;
	err = known_merchant(run, session->merchant, &merchant, error);
	if (!err && merchant) {
		struct session named = *session;

		named.merchant_row = merchant;
		err = store_session_by_ref(store, &named, row, error);
	}
	if (err || !*row)
		return err;
	err = store_session_load(store, run->arena, *row, &present, error);
	if (!err)
		session->id = present.id;
	return err;
}

enum err import_find(struct import_run *run, struct session *session, int64_t *row, struct error *error)
{
	enum err err;

	if (!*session->id)
		return by_reference(run, session, row, error);
	err = store_session_by_uuid(run->desk->store, session->id, row, error);
	return err || !*row ? err : same_session(run->desk, run->arena, *row, session, error);
}

enum err import_identify(struct import_run *run, struct session_document *document, const struct profile *profile,
			 int64_t *row, struct error *error)
{
	struct session *session = &document->file.session;
	int64_t merchant;
	enum err err = import_find(run, session, row, error);

	if (err || *row)
		return err;
	if (*session->parent_id)
		return error_set_field(error, ERR_INVALID, "parent_id",
				       "is %s, so this is the session of a party; import it inside its parent "
				       "case, as \"session\" of the party",
				       session->parent_id);
	err = known_merchant(run, session->merchant, &merchant, error);
	if (!err)
		err = import_check_decided(run, document, error);
	if (!err)
		err = level_fits(run->desk, session, profile, merchant, error);
	if (!err)
		err = import_check_history(run, &document->file, "", error);
	return err;
}

enum err import_check_taken(struct desk *desk, struct arena *arena, const struct session *session,
			    struct error *error)
{
	struct session other;
	int64_t row;
	enum err err;

	if (!*session->external_ref)
		return ERR_OK;
	err = store_session_by_ref(desk->store, session, &row, error);
	if (err || !row || row == session->row)
		return err;
	err = store_session_load(desk->store, arena, row, &other, error);
	if (err)
		return err;
	return error_set_field(error, ERR_CONFLICT, "external_ref",
			       "%s is already the reference of the session %s; use that id, or none",
			       session->external_ref, other.id);
}
