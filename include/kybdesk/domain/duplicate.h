/*
 * Another session of the same merchant with the same registration number or tax id in the same country
 * (domain.md, blocker duplicate_open). Plain data, filled by the store. Another merchant's sessions are never named.
 */
#ifndef KYBDESK_DOMAIN_DUPLICATE_H
#define KYBDESK_DOMAIN_DUPLICATE_H

#include "kybdesk/domain/session.h"

#define SAME_REGISTRATION_NUMBER 1u
#define SAME_TAX_ID 2u

struct duplicate {
	int64_t row;
	const char *id, *external_ref, *workflow, *parent_id;
	enum session_status status;
	/* side by side with the session's own */
	const char *name, *country, *registration_number, *tax_id, *date_of_birth, *incorporated_on, *uid;
	int64_t created_at, submitted_at;
	unsigned same; /* bits above */
	/* "" and TIME_NONE while nobody has said that they are two */
	const char *dismissed_by, *dismissed_reason;
	int64_t dismissed_at;
	unsigned dismissed_same; /* what was the same when it was dismissed */
	const char *basis;	 /* what the dismissal rests on (domain/facts.h) */
	struct standing standing;
};
/* Nobody dismissed it, more is the same now than was then, or what the dismissal rests on has changed. */
bool duplicate_is_open(const struct duplicate *duplicate);

#endif
