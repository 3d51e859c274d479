/* The due time and the holder of a case. */
#include "kybdesk/domain/due.h"

/* Imported times can be far outside the calendar: returns the largest time instead of overflowing. */
static int64_t time_add_capped(int64_t time, int64_t span)
{
	int64_t sum;

	if (__builtin_add_overflow(time, span, &sum) || sum == TIME_NONE)
		return span > 0 ? INT64_MAX : TIME_NONE + 1;
	return sum;
}

void due_set_deadline(struct session *session, const struct profile *profile)
{
	if (session->due_at != TIME_NONE || session->submitted_at == TIME_NONE)
		return;
	session->due_at = time_add_capped(session->submitted_at, profile->review_ms);
}

void due_set_paused(struct session *session, bool paused, int64_t now)
{
	int64_t since = session->due_paused_at, stood;

	if (paused == (since != TIME_NONE))
		return;
	session->due_paused_at = paused ? now : TIME_NONE;
	/* now <= since: a clock that was set back does not change the due time. */
	if (paused || session->due_at == TIME_NONE || now <= since)
		return;
	if (__builtin_sub_overflow(now, since, &stood))
		stood = INT64_MAX;
	session->due_at = time_add_capped(session->due_at, stood);
}

void due_set_alert(struct session *session, const struct profile *profile, int64_t now)
{
	session->due_at = time_add_capped(now, profile->alert_ms);
	session->due_paused_at = TIME_NONE;
}

bool case_is_overdue(const struct session_item *item, int64_t now)
{
	return (item->has_alert || !session_status_is_decided(item->status)) && item->due_at != TIME_NONE &&
	       !item->due_paused && now > item->due_at;
}

enum due_state due_state(int64_t due_at, int64_t review_ms, int64_t now)
{
	int64_t left;

	if (due_at == TIME_NONE)
		return DUE_STATE_ON_TIME;
	if (now > due_at)
		return DUE_STATE_OVERDUE;
	if (!review_ms || __builtin_sub_overflow(due_at, now, &left) || left > review_ms / 4)
		return DUE_STATE_ON_TIME;
	return left > review_ms / 8 ? DUE_STATE_SOON : DUE_STATE_URGENT;
}

const char *session_holder(const struct session *session, int64_t now)
{
	if (session->claim_expires_at == TIME_NONE)
		return session->assignee;
	return now >= session->claim_expires_at || now < session->claimed_at ? "" : session->assignee;
}
