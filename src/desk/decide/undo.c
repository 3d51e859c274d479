/* Taking back one's own last decision while nothing of it has left the house. */
#include "internal.h"

#include <string.h>

struct undoing {
	struct work work; /* the case, within the write transaction */
	const struct decision *last;
	struct decision stored; /* the same with what stood before and its evidence */
	struct level_change level;
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
	struct arena *arena = undoing->work.arena;
	const struct decision *last = undoing->last;
	int64_t now = undoing->work.now;

	if (!last || !explains_status(last, undoing->work.file.session.status))
		return blocked(error, arena_printf(arena, "there is no decision to take back; the case is %s",
						   session_status_title(undoing->work.file.session.status)));
	if (last->imported)
		return blocked(error, "the last decision came by import; a lead can reopen the case");
	if (strcmp(last->by, undoing->work.desk->actor))
		return blocked(
			error,
			arena_printf(arena,
				     "the last decision is %s's of %s, and only %s can take it back; a lead can "
				     "reopen the case",
				     last->by, moment_text(arena, last->at), last->by));
	if (last->held_until == TIME_NONE)
		return blocked(error,
			       "the decision had no grace time and was sent at once; a lead can reopen the case");
	if (now >= last->held_until)
		return blocked(error, arena_printf(arena, "the time for it ended at %s; a lead can reopen the case",
						   moment_text(arena, last->held_until)));
	if (!decision_is_held(last, now))
		return blocked(error, "the clock was set back since the decision; a lead can reopen the case");
	return ERR_OK;
}

static enum err check_claim(const struct undoing *undoing, struct error *error)
{
	const struct work *work = &undoing->work;
	const char *holder = session_holder(&work->file.session, work->now);

	if (!*holder || !strcmp(holder, work->desk->actor))
		return ERR_OK;
	return refuse_one(ERR_CONFLICT, blocker_code_text(BLOCKER_CLAIMED_BY_OTHER), "", error,
			  "Cannot undo: %s holds the case since %s", holder,
			  moment_text(work->arena, work->file.session.claimed_at));
}

static enum err check_holder(const struct undoing *undoing, int64_t row, struct error *error)
{
	const struct work *work = &undoing->work;
	const struct decision *rests;
	struct case_file parent;
	enum err err = desk_case_load(work->desk, work->arena, row, &parent, error);

	if (err)
		return err;
	rests = case_last_decision(&parent);
	/* Rows count up whatever the clock does. */
	if (!rests || rests->row < undoing->last->row ||
	    (rests->kind != DECISION_APPROVE && rests->kind != DECISION_REJECT) ||
	    !explains_status(rests, parent.session.status))
		return ERR_OK;
	return refuse_one(ERR_CONFLICT, blocker_code_text(BLOCKER_CHANGED), parent.session.id, error,
			  "Cannot undo: %s's decision of %s on %s rests on it; that one has to be taken back first",
			  rests->by, moment_text(work->arena, rests->at),
			  session_label(work->arena, &parent.session));
}

/* A case that was decided later was decided on what this decision said about its party. */
static enum err check_parent(const struct undoing *undoing, struct error *error)
{
	const struct work *work = &undoing->work;
	int64_t *holders = NULL;
	size_t count = 0;
	enum err err = store_subsession_holders(work->desk->store, work->arena, work->file.session.row, &holders,
						&count, error);

	for (size_t i = 0; !err && i < count; i++)
		err = check_holder(undoing, holders[i], error);
	return err;
}

static bool has_answers(const struct case_file *file)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (file->corrections[i].state == CORRECTION_ANSWERED)
			return true;
	}
	return false;
}

static enum err restore_case(struct undoing *undoing, struct error *error)
{
	struct work *work = &undoing->work;
	struct session *session = &work->file.session;
	const struct decision *stored = &undoing->stored;
	enum err err = ERR_OK;

	if (stored->kind == DECISION_CORRECTIONS) {
		err = corrections_take_back(work->desk, &work->file, stored, false, work->now, error);
		due_resume(session, work->now);
		session->returned = has_answers(&work->file);
	}
	session->status = stored->before_status;
	session->final_decision = stored->before_final;
	session->decided_by = stored->before_decided_by;
	session->decided_at = stored->before_decided_at;
	session->decision_reason = stored->before_reason;
	session->retryable = stored->before_retryable;
	/* Who took it back is still at it. */
	session->assignee = work->desk->actor;
	session->claimed_at = work->now;
	session->claim_expires_at = work->now + CLAIM_IDLE_MS;
	if (!err)
		err = store_session_update(work->desk->store, session, NULL, work->now, error);
	if (!err && *undoing->level.to) {
		err = store_subject_set_level(work->desk->store, session->subject.row, undoing->level.to, error);
		session->subject.level = undoing->level.to;
	}
	return err;
}

static enum err record_undo(struct undoing *undoing, enum session_status from, struct error *error)
{
	struct work *work = &undoing->work;
	struct decision record;
	enum err err;

	decision_init(&record);
	record.kind = DECISION_UNDO;
	record.by = work->desk->actor;
	record.by_role = work->desk->role;
	record.at = work->now;
	record.before_status = from;
	record.before_level = undoing->level.from;
	record.evidence_json = "";
	err = store_decision_insert(work->desk->store, work->file.session.row, &record, error);
	if (!err)
		err = store_decision_mark_undone(work->desk->store, undoing->last->row, error);
	return err;
}

static enum err undo(struct undoing *undoing, struct decide_result *out, struct error *error)
{
	struct work *work = &undoing->work;
	enum session_status from = work->file.session.status;
	struct json_value *detail;
	enum err err =
		store_event_cancel(work->desk->store, undoing->last->row,
				   arena_printf(work->arena, "undone by %s", work->desk->actor), work->now, error);

	if (!err)
		err = store_decision_load(work->desk->store, work->arena, work->file.session.row,
					  undoing->last->number, &undoing->stored, error);
	if (err)
		return err;
	if (*undoing->stored.before_level && strcmp(undoing->stored.before_level, work->file.session.subject.level))
		undoing->level =
			(struct level_change){ work->file.session.subject.level, undoing->stored.before_level };
	err = restore_case(undoing, error);
	if (!err)
		err = record_undo(undoing, from, error);
	if (!err)
		err = desk_case_settle(work->desk, &work->file, work->profile, false, error);
	if (!err)
		err = desk_parent_refresh(work->desk, work->arena, &work->file.session, error);
	if (err)
		return err;
	detail = json_new_object();
	json_set_int(detail, "decision", undoing->last->number);
	json_set_text(detail, "kind", decision_kind_text(undoing->last->kind));
	json_set_text(detail, "from", session_status_text(from));
	json_set_text(detail, "to", session_status_text(work->file.session.status));
	if (*undoing->level.to) {
		json_set_text(detail, "level_from", undoing->level.from);
		json_set_text(detail, "level_to", undoing->level.to);
	}
	*out = (struct decide_result){
		.id = work->file.session.id,
		.from = from,
		.to = work->file.session.status,
		.level_from = undoing->level.from,
		.level_to = undoing->level.to,
		.undo_until = TIME_NONE,
		.event = "",
	};
	return desk_record(work->desk, "session.undo", &work->file.session, detail, error);
}

enum err desk_undo(struct desk *desk, struct arena *arena, const char *reference, struct decide_result *out,
		   struct error *error)
{
	struct undoing undoing = { .level = { "", "" } };
	struct work *work = &undoing.work;
	enum err err;

	*out = (struct decide_result){
		.id = "", .level_from = "", .level_to = "", .undo_until = TIME_NONE, .event = ""
	};
	err = desk_begin(desk, ROLE_REVIEWER, action_verb(ACTION_UNDO), error);
	if (err)
		return err;
	err = work_load(work, desk, arena, reference, error);
	if (!err) {
		undoing.last = case_last_decision(&work->file);
		err = check_decision(&undoing, error);
	}
	if (!err)
		err = check_claim(&undoing, error);
	if (!err)
		err = check_parent(&undoing, error);
	if (!err)
		err = undo(&undoing, out, error);
	return desk_finish(desk, err, error);
}
