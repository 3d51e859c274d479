/* Undoes a decision before any webhook of it was sent: the actor's own last decision, or an approval that a new hit
 * puts in doubt. */
#include "decide/decide.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/store/outbox.h"

struct undo_run {
	struct use *use; /* the case, within the write transaction */
	const struct decision *last_decision;
	struct decision stored_decision; /* the decision to undo, with its evidence and the previous state */
};

bool decision_explains_status(const struct decision *decision, enum session_status status)
{
	return (decision->kind == DECISION_APPROVE && status == SESSION_APPROVED) ||
	       (decision->kind == DECISION_REJECT && status == SESSION_REJECTED) ||
	       (decision->kind == DECISION_CORRECTIONS && status == SESSION_AWAITING_CLIENT_CORRECTION);
}

static enum err refuse_undo(struct error *error, const char *sentence)
{
	return REFUSE(BLOCKER_STATUS, "", error, "Cannot undo: %s", sentence);
}

static enum err check_decision(const struct undo_run *undo_run, struct error *error)
{
	struct arena *arena = undo_run->use->arena;
	const struct decision *last = undo_run->last_decision;
	int64_t now = undo_run->use->now;

	if (!last || !decision_explains_status(last, undo_run->use->file.session.status))
		return refuse_undo(error, arena_printf(arena, "no decision can be undone; the case is %s",
						       session_status_title(undo_run->use->file.session.status)));
	if (last->imported)
		return refuse_undo(error, "the last decision was imported; a lead can reopen the case");
	if (strcmp(last->by, undo_run->use->desk->actor))
		return refuse_undo(error, arena_printf(arena,
						       "the last decision was made by %s at %s, and only %s can undo "
						       "it; a lead can reopen the case",
						       last->by, time_or_unknown_text(arena, last->at), last->by));
	if (last->undo_until == TIME_NONE)
		return refuse_undo(error,
				   "the decision had no grace time and was sent at once; a lead can reopen the case");
	if (now >= last->undo_until)
		return refuse_undo(error,
				   arena_printf(arena, "the time to undo ended at %s; a lead can reopen the case",
						time_or_unknown_text(arena, last->undo_until)));
	if (!decision_is_held(last, now))
		return refuse_undo(error, "the clock was set back since the decision; a lead can reopen the case");
	return ERR_OK;
}

static enum err check_parent_decision(const struct undo_run *undo_run, int64_t row, struct error *error)
{
	const struct use *use = undo_run->use;
	const struct decision *rests;
	struct case_file parent;
	enum err err = desk_case_load(use->desk, use->arena, row, &parent, error);

	if (err)
		return err;
	rests = case_last_decision(&parent);
	/* Compares row ids, not times: the clock may be set back. */
	if (!rests || rests->row < undo_run->last_decision->row ||
	    (rests->kind != DECISION_APPROVE && rests->kind != DECISION_REJECT) ||
	    !decision_explains_status(rests, parent.session.status))
		return ERR_OK;
	return refuse_with_blocker(ERR_CONFLICT, blocker_code_text(BLOCKER_CHANGED), parent.session.id, error,
				   "Cannot undo: %s's decision of %s on %s depends on it; undo that decision first",
				   rests->by, time_or_unknown_text(use->arena, rests->at),
				   session_label(use->arena, &parent.session));
}

/* Refuses the undo if a later decision of a parent case depends on this decision about its party. */
static enum err check_parent_decisions(const struct undo_run *undo_run, struct error *error)
{
	const struct use *use = undo_run->use;
	struct row_list holders;
	enum err err = store_subsession_list_holders(use->desk->store, use->arena, use->file.session.row, false,
						     &holders, error);

	for (size_t i = 0; !err && i < holders.count; i++)
		err = check_parent_decision(undo_run, holders.items[i], error);
	return err;
}

/* Restores columns that the decision changed: due time, snooze, count of reminders. */
static enum err restore_columns(struct undo_run *undo_run, struct error *error)
{
	struct use *use = undo_run->use;
	struct session *session = &use->file.session;
	const struct decision *stored = &undo_run->stored_decision;
	bool answered = false;
	enum err err;

	/* Whether the client answered after the request. In use->file the corrections are already withdrawn. */
	for (size_t i = 0; stored->kind == DECISION_CORRECTIONS && i < use->file.correction_count; i++)
		answered = answered || use->file.corrections[i].answered_at >= stored->at;

	if (stored->session_before) {
		for (const struct column *c = NULL; (c = columns_next(&session_columns, c, COLUMN_UNDO_RESTORES));)
			column_copy(c, session, stored->session_before);
		session->status_before_expiry = stored->session_before->status_before_expiry;
	}
	session->returned = session->returned || answered;
	if (!stored->session_before)
		return ERR_OK;
	err = store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_SNOOZE, error);
	return err ? err : store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_REMINDERS, error);
}

static enum err restore_case(struct undo_run *undo_run, struct error *error)
{
	struct use *use = undo_run->use;
	struct session *session = &use->file.session;
	const struct decision *stored = &undo_run->stored_decision;
	enum err err = ERR_OK;

	if (stored->kind == DECISION_CORRECTIONS)
		err = corrections_withdraw(use, stored, false, error);
	if (!err)
		err = restore_columns(undo_run, error);
	session->status = stored->before_status;
	session->final_decision = stored->before_decision;
	session->decided_by = stored->before_decided_by;
	session->decided_at = stored->before_decided_at;
	session->decision_reason = stored->before_reason;
	session->retryable = stored->before_retryable;
	/* Claims the case for the actor, since the actor continues to work on it. */
	session->assignee = use->desk->actor;
	session->claimed_at = use->now;
	session->claim_expires_at = use->now + CLAIM_IDLE_MS;
	if (!err)
		err = store_session_update(use->desk->store, session, NULL, use->now, error);
	return err ? err : subject_level_write(use, error);
}

/* Writes a decision "undo" by the actor, and marks the decision `undone` as undone. Reads use->level. */
static enum err write_undo(struct use *use, const struct decision *undone, enum session_status from,
			   struct error *error)
{
	struct decision record;
	enum err err;

	decision_init(&record);
	record.kind = DECISION_UNDO;
	record.by = use->desk->actor;
	record.actor_role = use->desk->role;
	record.at = use->now;
	record.before_status = from;
	record.before_level = use->level.from;
	record.evidence_json = "";
	err = store_decision_insert(use->desk->store, use->file.session.row, &record, error);
	return err ? err : store_decision_mark_undone(use->desk->store, undone->row, error);
}

static enum err undo_decision(struct undo_run *undo_run, struct error *error)
{
	struct use *use = undo_run->use;
	enum session_status from = use->file.session.status;
	enum err err = store_event_cancel(use->desk->store, undo_run->last_decision->row,
					  arena_printf(use->arena, "undone by %s", use->desk->actor), use->now, error);

	if (!err)
		err = store_decision_load(use->desk->store, use->arena, use->file.session.row,
					  undo_run->last_decision->number, &undo_run->stored_decision, error);
	if (err)
		return err;
	/* Computes the level after the undo: another session of the user may have been decided meanwhile. */
	if (undo_run->stored_decision.before_status == SESSION_APPROVED)
		use->level = approval_level_change(&use->file.session, use->profile);
	else
		err = level_prepare_withdrawal(use, error);
	if (!err)
		err = restore_case(undo_run, error);
	decision_set_materiality(
		use, undo_run->stored_decision.kind == DECISION_REJECT ? undo_run->stored_decision.reason : "");
	if (!err && undo_run->stored_decision.kind == DECISION_REJECT)
		err = alert_withdraw(use, ALERT_RESTRICTED_REJECTION, error);
	if (!err)
		err = write_undo(undo_run->use, undo_run->last_decision, from, error);
	if (!err)
		err = decision_refresh_case(use, error);
	if (err)
		return err;
	JSON_ADD(use->detail, { "decision", AS_INT(undo_run->last_decision->number) },
		 { "kind", AS_TEXT(decision_kind_text(undo_run->last_decision->kind)) },
		 { "from", AS_TEXT(session_status_text(from)) },
		 { "to", AS_TEXT(session_status_text(use->file.session.status)) });
	decision_record_level(use, use->detail);
	use->out->from = from;
	use->out->to = use->file.session.status;
	use->out->level_from = use->level.from;
	use->out->level_to = use->level.to;
	return use_write_record(use, error);
}

/* Undoes the first of two approvals, or a first rejection: by its author only, without a time limit, even if another
 * reviewer holds the case, since nothing was sent. */
static enum err undo_first_decision(struct use *use, const struct decision *first, struct error *error)
{
	enum err err;

	if (strcmp(first->by, use->desk->actor))
		return refuse_undo(error,
				   arena_printf(use->arena, "%s gave the first %s at %s, and only %s can undo it",
						first->by, first->kind == DECISION_REJECT ? "rejection" : "approval",
						time_or_unknown_text(use->arena, first->at), first->by));
	JSON_ADD(use->detail, { "decision", AS_INT(first->number) },
		 { "kind", AS_TEXT(decision_kind_text(first->kind)) });
	use->audit_action = UNDO_FIRST_ACTION;
	err = write_undo(use, first, use->from, error);
	if (!err)
		err = store_session_update(use->desk->store, &use->file.session, NULL, use->now, error);
	if (!err)
		err = use_reload_case(use, error);
	if (!err)
		err = desk_case_update(use->desk, &use->file, use->profile, false, error);
	use->out->from = use->out->to = use->from;
	use->out->approval_stage = APPROVAL_FIRST;
	return err ? err : use_write_record(use, error);
}

enum err use_undo(struct use *use, struct error *error)
{
	const struct decision *approval = case_first_approval(&use->file);
	const struct decision *first = approval ? approval : gate_first_rejection(&use->file);
	struct undo_run undo_run = { .use = use, .last_decision = case_last_decision(&use->file) };
	enum err err;

	if (first)
		return undo_first_decision(use, first, error);
	err = check_decision(&undo_run, error);
	if (!err)
		err = use_check_not_held(use, error);
	if (!err)
		err = check_parent_decisions(&undo_run, error);
	return err ? err : undo_decision(&undo_run, error);
}

/* Takes an approval back after a new hit on the approved case or on the KYC of one of its parties, or after a
 * suspicion. The system does so within the approval's grace time if nothing was sent yet, and the case returns to
 * review. Otherwise the approval stands, and after a hit an alert asks a lead for a review. */

static struct decision *find_held_approval(struct case_file *file, int64_t now)
{
	const struct decision *last = case_last_decision(file);

	if (file->session.status != SESSION_APPROVED || !last || last->kind != DECISION_APPROVE || last->imported ||
	    !decision_is_held(last, now))
		return NULL;
	return &file->decisions[last - file->decisions];
}

static enum err write_session(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	struct session *session = &use->file.session;
	enum err err = level_prepare_withdrawal(use, error);

	if (err)
		return err;
	session->status = SESSION_MANUAL_REVIEW;
	decision_clear(session);
	session->process_at = TIME_NONE;
	if (session->submitted_at == TIME_NONE)
		session->submitted_at = use->now;
	due_set_deadline(session, use->profile);
	err = store_session_update(desk->store, session, NULL, use->now, error);
	if (err || !*use->level.to)
		return err;
	err = store_subject_set_level(desk->store, session->subject.row, use->level.to, error);
	/* Copies the level into the arena of the desk, since the loaded case may live longer than use->arena. */
	session->subject.level = arena_strdup(&desk->arena, use->level.to);
	return err;
}

static enum err write_hold_record(struct use *use, const struct decision *held, const char *cause, struct error *error)
{
	struct json_value *detail;
	enum err err = write_undo(use, held, SESSION_APPROVED, error);

	if (err)
		return err;
	detail = JSON_FROM({ "decision", AS_INT(held->number) }, { "kind", AS_TEXT(decision_kind_text(held->kind)) },
			   { "by", AS_TEXT(held->by) }, { "cause", AS_TEXT(cause) },
			   { "from", AS_TEXT(session_status_text(SESSION_APPROVED)) },
			   { "to", AS_TEXT(session_status_text(use->file.session.status)) });
	decision_record_level(use, detail);
	return desk_write_record(use->desk, "session.hold", &use->file.session, detail, error);
}

/* Takes the approval back. *held stays false if a webhook of the approval is already on its way. */
static enum err hold_approval(struct use *use, struct decision *approval, const char *cause, bool *held,
			      struct error *error)
{
	struct error sent = { 0 };
	enum err err = store_event_cancel(use->desk->store, approval->row,
					  "the approval is held; the case is in review again", use->now, &sent);

	if (err == ERR_CONFLICT) {
		error_release(&sent);
		return ERR_OK;
	}
	if (err) {
		error_move(error, &sent);
		return err;
	}
	err = write_session(use, error);
	if (!err)
		err = write_hold_record(use, approval, cause, error);
	*held = !err;
	return err;
}

enum err reconsider_approval_on_hit(struct desk *desk, struct case_file *file, const struct profile *profile,
				    const char *cause, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use use = { .desk = desk, .arena = &arena, .file = *file, .profile = profile, .now = desk_now(desk) };
	struct decision *approval = find_held_approval(file, use.now);
	bool held = false;
	enum err err = ERR_OK;

	if (approval) {
		struct saved_actor before = actor_become(desk, SYSTEM_NAME, ROLE_SYSTEM);

		err = hold_approval(&use, approval, cause, &held, error);
		actor_restore(desk, before);
	}
	if (!err && held) {
		file->session = use.file.session;
		approval->undone = true;
	} else if (!err) {
		err = alert_raise(desk, &file->session, profile, ALERT_APPROVAL_IN_DOUBT, error);
	}
	arena_release(&arena);
	return err;
}

/* Takes back the approval of one session if it is within its grace time and nothing was sent. */
static enum err hold_session_approval(struct desk *desk, struct arena *arena, int64_t row, struct error *error)
{
	struct use use = { .desk = desk, .arena = arena, .now = desk_now(desk) };
	struct saved_actor before;
	struct decision *approval;
	bool held = false;
	enum err err = desk_case_load(desk, arena, row, &use.file, error);

	if (!err)
		err = desk_session_profile_or_empty(desk, &use.file.session, &use.profile, error);
	approval = err ? NULL : find_held_approval(&use.file, use.now);
	if (!approval)
		return err;
	before = actor_become(desk, SYSTEM_NAME, ROLE_SYSTEM);
	err = hold_approval(&use, approval, "held", &held, error);
	if (!err && held) {
		approval->undone = true;
		err = decision_refresh_case(&use, error);
	}
	actor_restore(desk, before);
	return err;
}

/* First holds the cases that depend on this KYC: otherwise a KYC in review would raise an alert on each case. */
enum err approval_hold_parents(struct desk *desk, struct arena *arena, int64_t session, struct error *error)
{
	struct row_list holders;
	enum err err = store_subsession_list_holders(desk->store, arena, session, false, &holders, error);

	for (size_t i = 0; !err && i < holders.count; i++)
		err = hold_session_approval(desk, arena, holders.items[i], error);
	return err ? err : hold_session_approval(desk, arena, session, error);
}
