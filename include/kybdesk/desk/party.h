/*
 * Finding people verified earlier, and the session that verifies a party. Reads only; the verbs party_copy and
 * subsession_add (desk/verbs.h) use the results.
 */
#ifndef KYBDESK_DESK_PARTY_H
#define KYBDESK_DESK_PARTY_H

#include "kybdesk/desk/use.h"

struct candidate_query {
	const char *session; /* the case with the party */
	const char *party;   /* one of its parties; NULL: the person below */
	const char *name, *date_of_birth, *country;
};
/* Lists people verified earlier that may be this person, for the reviewer to choose from. Birth dates are masked. */
enum err desk_party_candidates(struct desk *desk, struct arena *arena, const struct candidate_query *query,
			       struct party_candidates *out, struct error *error) KYB_MUST_USE;

/* The id of the session that verifies the party in->part of in->session. ERR_NOT_FOUND: none. */
enum err desk_subsession_of(struct desk *desk, struct arena *arena, const struct use_in *in,
			    const char **subsession_id, struct error *error) KYB_MUST_USE;

#endif
