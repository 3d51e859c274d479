/*
 * Another session of the same merchant with the same registration number or tax id in the same country (blocker
 * duplicate_open). Plain data, filled by the store. Never contains another merchant's session.
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
	/* for comparison with the session's own */
	const char *name, *country, *registration_number, *tax_id, *date_of_birth, *incorporated_on, *uid;
	int64_t created_at, submitted_at;
	unsigned same; /* bits above */
	/* "" and TIME_NONE: not dismissed */
	const char *dismissed_by, *dismissed_reason;
	int64_t dismissed_at;
	unsigned dismissed_same; /* `same` at the time of the dismissal */
	const char *basis;	 /* facts behind the dismissal (domain/facts.h) */
	struct standing standing;
};
/* Not dismissed, or more is the same than then, or the facts behind the dismissal changed. */
bool duplicate_is_open(const struct duplicate *duplicate);

#endif
