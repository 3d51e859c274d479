/* Undoes the actor's own last decision before any webhook of it was sent. */
#include "decide/decide.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/store/outbox.h"
#include "use/refusal.h"
#include "use/settle.h"
#include "use/transaction.h"

#include <string.h>

struct undoing {
	struct use *use; /* the case, within the write transaction */
	const struct decision *last;
	struct decision stored; /* the decision to undo, with its evidence and the previous state */
};

static bool explains_status(const struct decision *decision, enum session_status status)
{
	switch (decision->kind) {
	case DECISION_APPROVE:
		return status == SESSION_APPROVED;
	case DECISION_REJECT:
		return status == SESSION_REJECTED;
	case DECISION_CORRECTIONS:
		return status == SESSION_AWAITING_CLIENT_CORRECTION;
	case DECISION_REOPEN:
	case DECISION_UNDO:
		break;
	}
	return false;
}

static enum err blocked(struct error *error, const char *sentence)
{
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error, "Cannot undo: %s", sentence);
}

static enum err check_decision(const struct undoing *undoing, struct error *error)
{
	struct arena *arena = undoing->use->arena;
	const struct decision *last = undoing->last;
	int64_t now = undoing->use->now;

	if (!last || !explains_status(last, undoing->use->file.session.status))
		return blocked(error, arena_printf(arena, "no decision can be undone; the case is %s",
						   session_status_title(undoing->use->file.session.status)));
	if (last->imported)
		return blocked(error, "the last decision was imported; a lead can reopen the case");
	if (strcmp(last->by, undoing->use->desk->actor))
		return blocked(error, arena_printf(arena,
						   "the last decision was made by %s at %s, and only %s can undo "
						   "it; a lead can reopen the case",
						   last->by, moment_text(arena, last->at), last->by));
	if (last->held_until == TIME_NONE)
		return blocked(error,
			       "the decision had no grace time and was sent at once; a lead can reopen the case");
	if (now >= last->held_until)
		return blocked(error,
			       arena_printf(arena, "the time to undo ended at %s; a lead can reopen the case",
					    moment_text(arena, last->held_until)));
	if (!decision_is_held(last, now))
		return blocked(error, "the clock was set back since the decision; a lead can reopen the case");
	return ERR_OK;
}

static enum err check_holder(const struct undoing *undoing, int64_t row, struct error *error)
{
	const struct use *use = undoing->use;
	const struct decision *rests;
	struct case_file parent;
	enum err err = desk_case_load(use->desk, use->arena, row, &parent, error);

	if (err)
		return err;
	rests = case_last_decision(&parent);
	/* Compares rows, not times: the clock may be set back. */
	if (!rests || rests->row < undoing->last->row ||
	    (rests->kind != DECISION_APPROVE && rests->kind != DECISION_REJECT) ||
	    !explains_status(rests, parent.session.status))
		return ERR_OK;
	return refuse_one(ERR_CONFLICT, blocker_code_text(BLOCKER_CHANGED), parent.session.id, error,
			  "Cannot undo: %s's decision of %s on %s depends on it; undo that decision first",
			  rests->by, moment_text(use->arena, rests->at),
			  session_label(use->arena, &parent.session));
}

/* A later decision of the parent case rests on this decision about its party. */
static enum err check_parent(const struct undoing *undoing, struct error *error)
{
	const struct use *use = undoing->use;
	struct row_list holders;
	enum err err =
		store_subsession_holders(use->desk->store, use->arena, use->file.session.row, &holders, error);

	for (size_t i = 0; !err && i < holders.count; i++)
		err = check_holder(undoing, holders.items[i], error);
	return err;
}

/* Whether the client answered since the request. The request's corrections are already withdrawn here. */
static bool was_answered(const struct case_file *file, int64_t since)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (file->corrections[i].answered_at >= since)
			return true;
	}
	return false;
}

/* Restores columns that the decision changed: due time, snooze, count of reminders. */
static enum err restore_columns(struct undoing *undoing, struct error *error)
{
	struct use *use = undoing->use;
	struct session *session = &use->file.session;
	const struct decision *stored = &undoing->stored;
	bool answered = stored->kind == DECISION_CORRECTIONS && was_answered(&use->file, stored->at);
	enum err err;

	if (stored->before) {
		columns_copy(&session_columns, session, stored->before, COLUMN_UNDONE);
		session->expired_from = stored->before->expired_from;
	}
	session->returned = session->returned || answered;
	if (!stored->before)
		return ERR_OK;
	err = store_session_set_snooze(use->desk->store, session, error);
	return err ? err : store_session_set_reminders(use->desk->store, session, error);
}

static enum err restore_case(struct undoing *undoing, struct error *error)
{
	struct use *use = undoing->use;
	struct session *session = &use->file.session;
	const struct decision *stored = &undoing->stored;
	enum err err = ERR_OK;

	if (stored->kind == DECISION_CORRECTIONS)
		err = corrections_take_back(use, stored, false, error);
	if (!err)
		err = restore_columns(undoing, error);
	session->status = stored->before_status;
	session->final_decision = stored->before_final;
	session->decided_by = stored->before_decided_by;
	session->decided_at = stored->before_decided_at;
	session->decision_reason = stored->before_reason;
	session->retryable = stored->before_retryable;
	/* The actor keeps working on the case: claim it. */
	session->assignee = use->desk->actor;
	session->claimed_at = use->now;
	session->claim_expires_at = use->now + CLAIM_IDLE_MS;
	if (!err)
		err = store_session_update(use->desk->store, session, NULL, use->now, error);
	if (!err && *use->level.to) {
		err = store_subject_set_level(use->desk->store, session->subject.row, use->level.to, error);
		session->subject.level = use->level.to;
	}
	return err;
}

enum err decision_write_undo(struct use *use, const struct decision *undone, enum session_status from,
			     struct error *error)
{
	struct decision record;
	enum err err;

	decision_init(&record);
	record.kind = DECISION_UNDO;
	record.by = use->desk->actor;
	record.by_role = use->desk->role;
	record.at = use->now;
	record.before_status = from;
	record.before_level = use->level.from;
	record.evidence_json = "";
	err = store_decision_insert(use->desk->store, use->file.session.row, &record, error);
	if (!err)
		err = store_decision_mark_undone(use->desk->store, undone->row, error);
	return err;
}

/* The level after the undo; another session of the user may have been decided meanwhile. */
static enum err find_level(struct undoing *undoing, struct error *error)
{
	struct use *use = undoing->use;

	if (undoing->stored.before_status == SESSION_APPROVED) {
		use->level = level_of_approval(&use->file.session, use->profile);
		return ERR_OK;
	}
	return level_of_withdrawal(use, error);
}

static enum err undo(struct undoing *undoing, struct error *error)
{
	struct use *use = undoing->use;
	enum session_status from = use->file.session.status;
	enum err err =
		store_event_cancel(use->desk->store, undoing->last->row,
				   arena_printf(use->arena, "undone by %s", use->desk->actor), use->now, error);

	if (!err)
		err = store_decision_load(use->desk->store, use->arena, use->file.session.row,
					  undoing->last->number, &undoing->stored, error);
	if (err)
		return err;
	err = find_level(undoing, error);
	if (!err)
		err = restore_case(undoing, error);
	decision_set_aside(use, undoing->stored.kind == DECISION_REJECT ? undoing->stored.reason : "");
	if (!err && undoing->stored.kind == DECISION_REJECT)
		err = alert_take_back(use, ALERT_RESTRICTED_REJECTION, error);
	if (!err)
		err = decision_write_undo(undoing->use, undoing->last, from, error);
	if (!err)
		err = desk_case_settle(use->desk, &use->file, use->profile, false, error);
	if (!err)
		err = desk_parent_refresh(use->desk, use->arena, &use->file.session, error);
	if (err)
		return err;
	json_set_int(use->detail, "decision", undoing->last->number);
	json_set_text(use->detail, "kind", decision_kind_text(undoing->last->kind));
	json_set_text(use->detail, "from", session_status_text(from));
	json_set_text(use->detail, "to", session_status_text(use->file.session.status));
	if (*use->level.to) {
		json_set_text(use->detail, "level_from", use->level.from);
		json_set_text(use->detail, "level_to", use->level.to);
	}
	use->out->from = from;
	use->out->to = use->file.session.status;
	use->out->level_from = use->level.from;
	use->out->level_to = use->level.to;
	return use_record(use, error);
}

/* Undoes the first of two approvals: by its author only, without a time limit, even if another reviewer holds the
 * case, since nothing was sent. */
static enum err undo_first(struct use *use, const struct decision *first, struct error *error)
{
	enum err err;

	if (strcmp(first->by, use->desk->actor))
		return blocked(error,
			       arena_printf(use->arena, "%s gave the first %s at %s, and only %s can undo it",
					    first->by, first->kind == DECISION_REJECT ? "rejection" : "approval",
					    moment_text(use->arena, first->at), first->by));
	json_set_int(use->detail, "decision", first->number);
	json_set_text(use->detail, "kind", decision_kind_text(first->kind));
	use->word = FIRST_UNDO_WORD;
	err = decision_write_undo(use, first, use->from, error);
	if (!err)
		err = store_session_update(use->desk->store, &use->file.session, NULL, use->now, error);
	if (!err)
		err = use_reload(use, error);
	if (!err)
		err = desk_case_settle(use->desk, &use->file, use->profile, false, error);
	use->out->from = use->out->to = use->from;
	use->out->part = APPROVAL_FIRST;
	return err ? err : use_record(use, error);
}

enum err use_undo(struct use *use, struct error *error)
{
	const struct decision *approval = case_first_approval(&use->file);
	const struct decision *first = approval ? approval : gate_first_rejection(&use->file);
	struct undoing undoing = { .use = use, .last = case_last_decision(&use->file) };
	enum err err;

	if (first)
		return undo_first(use, first, error);
	err = check_decision(&undoing, error);
	if (!err)
		err = use_check_unheld(use, error);
	if (!err)
		err = check_parent(&undoing, error);
	return err ? err : undo(&undoing, error);
}
