/* Erases sessions that were never submitted. All other sessions are kept until their retention ends
 * (keep/retention.c). */
#include "review/review.h"
#include "keep/keep.h"

bool member_must_be_kept(const struct family_member *member)
{
	return member->submitted_at != TIME_NONE || member->decisions ||
	       (member->status != SESSION_DRAFT && member->status != SESSION_ACTIVE &&
		member->status != SESSION_EXPIRED);
}

/* Refuses to erase; the error names the session that must be kept, and until when. */
static enum err refuse_deletion(struct use *use, const struct family_member *member, bool below, const char *verb,
				struct error *error)
{
	struct arena *arena = use->arena;
	struct retention_unit unit;
	const struct session named = { .id = member->id, .external_ref = member->external_ref };
	const char *label = session_label(arena, &named);
	const char *why = member->decisions ? "was decided" : "was submitted", *kept;
	enum err err = retention_unit_load(use->desk, arena, member->row, &unit, error);

	if (err)
		return err;
	kept = arena_printf(arena, "so it is kept %s", retention_text(arena, &unit.retention));
	if (retention_is_over(&unit.retention, use->now))
		kept = arena_printf(arena, "and was kept %s; kybdesk purge erases it",
				    retention_text(arena, &unit.retention));
	if (!member->decisions && member->submitted_at != TIME_NONE)
		why = arena_printf(arena, "was submitted at %s", time_or_unknown_text(arena, member->submitted_at));
	return REFUSE(BLOCKER_STATUS, member->id, error, "Cannot %s: %s%s %s, %s", verb, below ? "its subsession " : "",
		      label, why, kept);
}

/* Ends the access to a session that must be kept, and hides it from its merchant. */
static enum err hide_session(struct use *use, struct session *session, struct error *error)
{
	enum err err;

	session->hidden = true;
	err = store_session_update(use->desk->store, session, NULL, use->now, error);
	return err ? err : store_link_set_revoked(use->desk->store, session->row, use->now, true, error);
}

/* Handles a family of sessions that a suspicion or a legal hold keeps. Only a lead gets the refusal about a
 * suspicion; other staff were refused before, with the reason that a lead holds the case. An outside caller must
 * learn neither about suspicion nor hold, so the sessions are hidden from the merchant and its clients instead. */
static enum err refuse_or_hide_session(struct use *use, bool on_hold, const char *verb, struct error *error)
{
	struct family *family = &use->erasure.family;
	enum err err = ERR_OK;

	if (!caller_is_external(use->desk) && on_hold)
		return refuse_with_blocker(
			ERR_BLOCKED, "legal_hold", family->members[0].id, error,
			"Cannot %s: a legal hold keeps session %.8s. List the holds with: kybdesk hold list", verb,
			family->members[0].id);
	if (!caller_is_external(use->desk))
		return REFUSE(
			BLOCKER_HELD, family->members[0].id, error,
			"Cannot %s: a suspicion, or a hit or result that nobody judged, keeps session %.8s; it is "
			"erased when its retention ends",
			verb, family->members[0].id);
	for (size_t i = 0; !err && i < family->count; i++) {
		struct session session;

		err = store_session_load(use->desk->store, use->arena, family->members[i].row, &session, error);
		if (!err)
			err = hide_session(use, &session, error);
	}
	family->count = 0;
	return err;
}

static enum err has_legal_hold(struct use *use, int64_t session, bool *out, struct error *error)
{
	struct retention_unit unit;
	enum err err = retention_unit_load(use->desk, use->arena, session, &unit, error);

	*out = !err && unit.retention.has_legal_hold;
	return err;
}

enum err erase_family(struct use *use, int64_t session, const char *verb, struct error *error)
{
	struct family *family = &use->erasure.family;
	const char *why = "";
	bool keeps = false, on_hold = false;
	enum err err = store_session_load_descendants(use->desk->store, use->arena, session, family, error);

	if (!err)
		err = has_legal_hold(use, session, &on_hold, error);

	for (size_t i = 0; !err && i < family->count; i++) {
		if (member_must_be_kept(&family->members[i]))
			err = refuse_deletion(use, &family->members[i], i > 0, verb, error);
		if (!err)
			err = lead_reason_for_session(use, family->members[i].row, &why, error);
		if (!err && *why)
			err = require_lead_with_reason(use, why, use->in->reason, error);
		if (!err && !keeps)
			err = session_is_held(use->desk, family->members[i].row, &keeps, error);
	}
	if (!err && (on_hold || keeps))
		return refuse_or_hide_session(use, on_hold, verb, error);
	/* Erases subsessions first, since no row may reference an erased row. */
	for (size_t i = family->count; !err && i-- > 0;)
		err = store_session_erase(use->desk->store, use->arena, family->members[i].row, &use->erasure.bytes,
					  error);
	use->run_after_commit = leftover_bytes_erase;
	return err;
}

static void record_erasure(struct use *use)
{
	const struct erasure *erased = &use->erasure;
	struct use_out *out = use->out;
	struct json_value *ids = json_new_array();

	out->erased_ids = arena_alloc_array(use->arena, erased->family.count + 1, sizeof *out->erased_ids);
	for (size_t i = 0; i < erased->family.count; i++) {
		out->erased_ids[out->erased_count++] = erased->family.members[i].id;
		out->erased_documents += erased->family.members[i].documents;
		out->erased_parties += erased->family.members[i].parties;
		json_append(ids, json_new_string(erased->family.members[i].id));
	}
	JSON_ADD(use->detail, { "sessions", ids }, { "documents", AS_INT(out->erased_documents) },
		 { "parties", AS_INT(out->erased_parties) });
}

static enum err has_kept_member(struct use *use, bool *kept, struct error *error)
{
	struct family family;
	const char *why = "";
	enum err err =
		store_session_load_descendants(use->desk->store, use->arena, use->file.session.row, &family, error);

	if (!err)
		err = has_legal_hold(use, use->file.session.row, kept, error);
	for (size_t i = 0; !err && !*kept && i < family.count; i++) {
		*kept = member_must_be_kept(&family.members[i]);
		if (!*kept)
			err = session_is_held(use->desk, family.members[i].row, kept, error);
		if (!err && !*kept)
			err = lead_reason_for_session(use, family.members[i].row, &why, error);
		*kept = *kept || *why;
	}
	return err;
}

/* Erases a session that was never submitted, with its subsessions; the audit log names the erased sessions. Reads
 * in->reason, required if one of the sessions needs a lead (care.c). ERR_BLOCKED if any of the sessions was submitted
 * or decided: such sessions are kept until their retention ends. For a merchant's API key, such sessions are hidden
 * instead. */
enum err use_session_delete(struct use *use, struct error *error)
{
	const char *verb = arena_printf(use->arena, "delete %s", session_label(use->arena, &use->file.session));
	bool kept = false;
	enum err err = use->desk->caller ? has_kept_member(use, &kept, error) : ERR_OK;

	if (!err && kept) {
		/* The session must be kept, so it is hidden from its merchant, and its links end (api.md "Answers":
		 * DELETE). */
		use->audit_action = use_cases[VERB_HIDE].audit_action;
		err = hide_session(use, &use->file.session, error);
		return err ? err : use_write_record(use, error);
	}
	if (!err)
		err = erase_family(use, use->file.session.row, verb, error);
	/* Updates the parent case: the erased session would have verified one of its parties. */
	if (!err && use->file.session.parent_row)
		err = case_bump_version(use, use->file.session.parent_row, error);
	if (err)
		return err;
	record_erasure(use);
	/* Records the contribution for the parent case, since the contributions to the erased session are erased
	 * with it. */
	use->contributes_to = use->file.session.parent_row;
	if (!use->contributes_to)
		use->material = MATERIAL_NONE;
	return use_write_record(use, error);
}
