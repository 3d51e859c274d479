#include "kybdesk/domain/retention.h"
#include "kybdesk/base/timefmt.h"

bool session_is_closed(enum session_status status)
{
	return status == SESSION_APPROVED || status == SESSION_REJECTED || status == SESSION_EXPIRED;
}

const char *retention_text(struct arena *arena, const struct retention *retention)
{
	long long days = (long long)retention->days;
	char date[16];

	switch (retention->state) {
	case KEEP_OPEN:
		return arena_printf(arena, "until %lld days after its case is closed", days);
	case KEEP_RELATED:
		return arena_printf(arena, "while %s, and %lld days afterwards", retention->why, days);
	case KEEP_UNTIL:
		break;
	}
	date_format(retention->until, date);
	return arena_printf(arena, "until %s", date);
}

bool retention_is_over(const struct retention *retention, int64_t now)
{
	return retention->state == KEEP_UNTIL && retention->until <= now;
}
