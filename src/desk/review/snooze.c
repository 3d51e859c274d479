/* Snooze: hides a case from the queue until a time, with a reason. */
#include "decide/decide.h"

enum err session_end_snooze(struct desk *desk, struct session *session, struct error *error)
{
	session->snoozed_until = TIME_NONE;
	session->snooze_reason = "";
	session->snoozed_by = "";
	return store_session_set_columns(desk->store, session, SESSION_COLUMNS_SNOOZE, error);
}

static enum err check_snooze_time(int64_t until, int64_t now, struct error *error)
{
	if (until <= now)
		return error_invalid(error, "until", "The end of the snooze is in the past; give a later time");
	if (until > now + SNOOZE_MAX_MS)
		return error_invalid(error, "until", "The end of the snooze is too far away; the maximum is a year");
	return ERR_OK;
}

/* Reads in->until and in->reason. */
enum err use_snooze(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	enum err err = check_snooze_time(use->in->until, use->now, error);

	if (err)
		return err;
	session->snoozed_until = use->in->until;
	session->snooze_reason = use->in->reason;
	session->snoozed_by = use->desk->actor;
	claim_release(session);
	json_set_time(use->detail, "until", session->snoozed_until);
	return store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_SNOOZE, error);
}

enum err use_wake(struct use *use, struct error *error)
{
	if (use->file.session.snoozed_until == TIME_NONE)
		return REFUSE(BLOCKER_STATUS, "", error, "%s is not snoozed; it is in the queue",
			      session_label(use->arena, &use->file.session));
	return session_end_snooze(use->desk, &use->file.session, error);
}
