/*
 * Handles a new hit on an approved case or on the KYC of one of its parties, or a suspicion. Within the approval's
 * grace time, if nothing was sent yet, the system takes the approval back and the case returns to review; later the
 * approval stands, and after a hit an alert asks a lead for a review.
 */
#include "decide/decide.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/store/outbox.h"
#include "kybdesk/store/subject.h"
#include "use/actor.h"
#include "use/rules.h"
#include "use/settle.h"
#include "use/transaction.h"

#include <string.h>

static struct decision *held_approval(struct case_file *file, int64_t now)
{
	const struct decision *last = case_last_decision(file);

	if (file->session.status != SESSION_APPROVED || !last || last->kind != DECISION_APPROVE || last->imported ||
	    !decision_is_held(last, now))
		return NULL;
	return &file->decisions[last - file->decisions];
}

static void back_to_review(struct session *session, const struct profile *profile, int64_t now)
{
	session->status = SESSION_MANUAL_REVIEW;
	decision_clear(session);
	session->process_at = TIME_NONE;
	if (session->submitted_at == TIME_NONE)
		session->submitted_at = now;
	due_start(session, profile);
}

static enum err write_session(struct use *use, struct error *error)
{
	struct desk *desk = use->desk;
	struct session *session = &use->file.session;
	enum err err = level_of_withdrawal(use, error);

	if (err)
		return err;
	back_to_review(session, use->profile, use->now);
	err = store_session_update(desk->store, session, NULL, use->now, error);
	if (err || !*use->level.to)
		return err;
	err = store_subject_set_level(desk->store, session->subject.row, use->level.to, error);
	/* The loaded case outlives this arena. */
	session->subject.level = arena_strdup(&desk->arena, use->level.to);
	return err;
}

static enum err write_record(struct use *use, const struct decision *held, const char *cause, struct error *error)
{
	struct json_value *detail;
	enum err err = decision_write_undo(use, held, SESSION_APPROVED, error);

	if (err)
		return err;
	detail = json_new_object();
	json_set_int(detail, "decision", held->number);
	json_set_text(detail, "kind", decision_kind_text(held->kind));
	json_set_text(detail, "by", held->by);
	json_set_text(detail, "cause", cause);
	json_set_text(detail, "from", session_status_text(SESSION_APPROVED));
	json_set_text(detail, "to", session_status_text(use->file.session.status));
	if (*use->level.to) {
		json_set_text(detail, "level_from", use->level.from);
		json_set_text(detail, "level_to", use->level.to);
	}
	return desk_record(use->desk, "session.hold", &use->file.session, detail, error);
}

/* *held stays false if a webhook of the approval is already on its way. */
static enum err take_back(struct use *use, struct decision *approval, const char *cause, bool *held,
			  struct error *error)
{
	struct error sent = { 0 };
	enum err err =
		store_event_cancel(use->desk->store, approval->row, "held, in review again", use->now, &sent);

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
		err = write_record(use, approval, cause, error);
	*held = !err;
	return err;
}

enum err approval_on_new_hit(struct desk *desk, struct case_file *file, const struct profile *profile,
			     const char *cause, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use use = {
		.desk = desk, .arena = &arena, .file = *file, .profile = profile, .now = desk_now(desk)
	};
	struct decision *approval = held_approval(file, use.now);
	bool held = false;
	enum err err = ERR_OK;

	if (approval) {
		struct acting before = actor_become(desk, SYSTEM_NAME, ROLE_SYSTEM);

		err = take_back(&use, approval, cause, &held, error);
		actor_return(desk, before);
	}
	if (!err && held) {
		file->session = use.file.session;
		approval->undone = true;
	} else if (!err) {
		err = alert_raise(desk, &file->session, ALERT_APPROVAL_IN_DOUBT, error);
	}
	arena_release(&arena);
	return err;
}

/* Takes back the approvals of the cases that rest on this KYC first: otherwise a KYC in review would raise an alert
 * on each case. */
static enum err hold_one(struct desk *desk, struct arena *arena, int64_t row, struct error *error)
{
	struct use use = { .desk = desk, .arena = arena, .now = desk_now(desk) };
	struct acting before;
	struct decision *approval;
	bool held = false;
	enum err err = desk_case_load(desk, arena, row, &use.file, error);

	if (!err)
		err = desk_session_profile_or_bare(desk, &use.file.session, &use.profile, error);
	approval = err ? NULL : held_approval(&use.file, use.now);
	if (!approval)
		return err;
	before = actor_become(desk, SYSTEM_NAME, ROLE_SYSTEM);
	err = take_back(&use, approval, "held", &held, error);
	if (!err && held) {
		approval->undone = true;
		err = desk_case_settle(desk, &use.file, use.profile, false, error);
	}
	if (!err && held)
		err = desk_parent_refresh(desk, arena, &use.file.session, error);
	actor_return(desk, before);
	return err;
}

enum err approval_hold(struct desk *desk, struct arena *arena, int64_t session, struct error *error)
{
	struct row_list holders;
	enum err err = store_subsession_holders(desk->store, arena, session, &holders, error);

	for (size_t i = 0; !err && i < holders.count; i++)
		err = hold_one(desk, arena, holders.items[i], error);
	return err ? err : hold_one(desk, arena, session, error);
}
