/* Access links of sessions: how long they last. */
#include "review/review.h"

bool link_is_expired(const struct session *session, int64_t now)
{
	return session->expires_at != TIME_NONE && now >= session->expires_at;
}

enum err link_extend(struct session *session, int64_t now, int64_t days, struct error *error)
{
	int64_t from = now;

	if (days < 1 || days > EXTEND_DAYS_MAX)
		return error_set_field(error, ERR_INVALID, "extend",
				       "A link can be extended by 1 to %d days, not by %lld", EXTEND_DAYS_MAX,
				       (long long)days);
	if (session->expires_at == TIME_NONE)
		return ERR_OK;
	if (session->expires_at > now && session->expires_at < INT64_MAX - EXTEND_DAYS_MAX * DAY_MS)
		from = session->expires_at;
	session->expires_at = from + days * DAY_MS;
	return ERR_OK;
}
