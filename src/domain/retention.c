#include "kybdesk/domain/retention.h"
#include "kybdesk/base/timefmt.h"

bool session_is_closed(enum session_status status)
{
	return session_status_is_decided(status) || status == SESSION_EXPIRED;
}

const char *retention_text(struct arena *arena, const struct retention *retention)
{
	long long days = (long long)retention->days;

	if (retention->state == RETENTION_CASE_OPEN)
		return arena_printf(arena, "until %lld days after the case is closed", days);
	if (retention->state == RETENTION_RELATED_CASE)
		return arena_printf(arena, "while %s, and %lld days afterwards", retention->keep_condition, days);
	return arena_printf(arena, "until %s", date_text(arena, retention->until));
}

bool retention_is_over(const struct retention *retention, int64_t now)
{
	return retention->state == RETENTION_TIMED && retention->until <= now;
}
