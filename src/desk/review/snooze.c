/* Follow-ups: a case leaves the queue until a time, with a reason (domain.md). */
#include "internal.h"
#include "kybdesk/desk/follow.h"

enum err snooze_end(struct desk *desk, struct session *session, struct error *error)
{
	session->snoozed_until = TIME_NONE;
	session->snooze_reason = "";
	session->snoozed_by = "";
	return store_session_set_snooze(desk->store, session, error);
}

static enum err check_time(int64_t until, int64_t now, struct error *error)
{
	if (until <= now)
		return error_set_field(error, ERR_INVALID, "until",
				       "The time to look at it again is over; give one to come");
	if (until > now + SNOOZE_MAX_MS)
		return error_set_field(error, ERR_INVALID, "until",
				       "The time to look at it again is too far away; a year is the most");
	return ERR_OK;
}

enum err desk_snooze(struct desk *desk, struct arena *arena, const char *reference, int64_t until,
		     const char *reason, const char **id, struct error *error)
{
	struct work work;
	struct session *session = &work.file.session;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "snooze a case", error);

	if (err)
		return err;
	reason = reason ? reason : "";
	err = check_time(until, work.now, error);
	if (!err)
		err = text_check("reason", "The reason", reason, false, error);
	if (!err)
		err = reason_text_check("snoozing", reason, error);
	if (!err) {
		session->snoozed_until = until;
		session->snooze_reason = reason;
		session->snoozed_by = desk->actor;
		/* Out of the queue, and out of the hands that put it there. */
		session->assignee = "";
		session->claimed_at = TIME_NONE;
		session->claim_expires_at = TIME_NONE;
		err = store_session_set_snooze(desk->store, session, error);
	}
	if (!err) {
		detail = json_new_object();
		json_set_time(detail, "until", until);
	}
	*id = session->id;
	return work_commit(&work, err, "session.snooze", detail, false, error);
}

enum err desk_snooze_end(struct desk *desk, struct arena *arena, const char *reference, const char **id,
			 struct error *error)
{
	struct work work;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "wake a case", error);

	if (err)
		return err;
	*id = work.file.session.id;
	if (work.file.session.snoozed_until == TIME_NONE) {
		desk_rollback(desk);
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
				  "%s is not snoozed; it is in the queue",
				  session_label(arena, &work.file.session));
	}
	err = snooze_end(desk, &work.file.session, error);
	return work_commit(&work, err, "session.wake", NULL, false, error);
}
