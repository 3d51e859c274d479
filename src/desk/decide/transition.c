/* The reviewer's transitions without a decision: no decision is recorded, none can be undone. */
#include "decide/decide.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/desk/follow.h"
#include "link/link.h"

enum err use_escalate(struct use *use, struct error *error)
{
	(void)error;
	due_start(&use->file.session, use->profile);
	return ERR_OK;
}

/* Reads in->days: the life of the access from now; 0: the profile's life of a link. */
enum err use_reactivate(struct use *use, struct error *error)
{
	struct session *session = &use->file.session;
	int64_t life_ms = use->profile->link_ms > 0 ? use->profile->link_ms : LINK_DEFAULT_MS;
	int64_t days = use->in->days;

	if (days < 0 || days > EXTEND_DAYS_MAX)
		return error_set_field(error, ERR_INVALID, "extend",
				       "A link can be extended by 1 to %d days, not by %lld", EXTEND_DAYS_MAX,
				       (long long)days);
	session->expires_at = use->now + (days ? days * DAY_MS : life_ms);
	json_set_time(use->detail, "expires_at", session->expires_at);
	return ERR_OK;
}
