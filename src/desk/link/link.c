/* The lifetime of the access links of sessions. */
#include "kybdesk/desk/follow.h"
#include "link/link.h"

bool link_is_expired(const struct session *session, int64_t now)
{
	return session->expires_at != TIME_NONE && now >= session->expires_at;
}

static void extend_expiry(struct session *session, int64_t now, int64_t ms)
{
	int64_t from = now;

	if (session->expires_at == TIME_NONE)
		return;
	if (session->expires_at > now && session->expires_at < INT64_MAX - EXTEND_DAYS_MAX * DAY_MS)
		from = session->expires_at;
	session->expires_at = from + ms;
}

enum err link_extend_hours(struct session *session, int64_t now, int64_t hours, struct error *error)
{
	if (hours < 1 || hours > EXTEND_DAYS_MAX * 24)
		return error_set_field(error, ERR_INVALID, "hours",
				       "A link can be extended by 1 to %d hours, not by %lld", EXTEND_DAYS_MAX * 24,
				       (long long)hours);
	extend_expiry(session, now, hours * 60 * 60 * 1000);
	return ERR_OK;
}

enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error)
{
	if (days < 1 || days > EXTEND_DAYS_MAX)
		return error_set_field(error, ERR_INVALID, "extend",
				       "A link can be extended by 1 to %d days, not by %lld", EXTEND_DAYS_MAX,
				       (long long)days);
	extend_expiry(session, now, days * DAY_MS);
	return ERR_OK;
}
