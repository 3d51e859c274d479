/* How long a case is kept (docs/retention.md): until its relationship has ended and the retention of its workflow
 * has passed. A legal hold keeps the case longer. Computed for all cases of a user together. */
#ifndef KYBDESK_DOMAIN_RETENTION_H
#define KYBDESK_DOMAIN_RETENTION_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/types.h"

#include <stdbool.h>
#include <stdint.h>

struct legal_hold {
	int64_t row;
	const char *session_id, *external_ref, *name; /* the case and its subject */
	const char *reason, *set_by;
	int64_t set_at;
	int64_t released_at; /* TIME_NONE: in force */
	const char *released_by, *release_reason;
};
struct legal_hold_list {
	struct legal_hold *items;
	size_t count;
};

enum retention_state {
	RETENTION_CASE_OPEN,	/* the case is not closed */
	RETENTION_RELATED_CASE, /* the relationship with the user lasts, or another case depends on this case */
	RETENTION_TIMED		/* the case is closed, and is kept until a time */
};
struct retention {
	enum retention_state state;
	const char *keep_condition;  /* RETENTION_RELATED_CASE: completes "kept while …" */
	int64_t days;		     /* retention after ended_at, in days */
	int64_t ended_at;	     /* RETENTION_TIMED: end of the relationship or case; else TIME_NONE */
	int64_t until;		     /* RETENTION_TIMED: end of the retention; else TIME_NONE */
	bool is_sanctions_retention; /* the retention of sanctions records applies */
	bool has_legal_hold;	     /* a legal hold is in force on a case of the user */
};

/* Whether the session is approved, rejected or expired, so that its retention may begin. */
bool session_is_closed(enum session_status status);
/* Completes "it is kept …", for example with "until 2031-11-24" or "while …, and 1826 days afterwards". */
const char *retention_text(struct arena *arena, const struct retention *retention);
/* Whether the retention has ended, without regard to legal holds. */
bool retention_is_over(const struct retention *retention, int64_t now);

#endif
