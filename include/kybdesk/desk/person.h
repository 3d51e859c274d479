/*
 * All data that the store holds about one natural person, over all cases and merchants, as one archive, for the
 * person's own request (docs/retention.md, "A person's data"). It contains no other person's data, and nothing that
 * reveals a screening, a suspicion or an assessment: byte for byte, the archive is the same with and without them.
 */
#ifndef KYBDESK_DESK_PERSON_H
#define KYBDESK_DESK_PERSON_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/desk.h"

/* Set exactly one of name, party and email; "" not set. */
struct person_request {
	const char *name;
	const char *party; /* full id */
	const char *email;
	const char *date_of_birth; /* narrows the search by name or email */
};
struct person_made {
	const char *sha256; /* hash of the archive */
	size_t members, sessions, parties, documents, accounts;
	size_t unsure; /* places with the same name that may be another person; not in the archive */
};
/* Needs a lead. The audit log records the export with its hash before `out` is filled. ERR_NOT_FOUND; ERR_USAGE:
 * several people match. */
enum err desk_person_export(struct desk *desk, struct arena *arena, const struct person_request *request,
			    struct strbuf *out, struct person_made *made, struct error *error) KYB_MUST_USE;

#endif
