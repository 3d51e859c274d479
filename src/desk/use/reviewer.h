/* Reviewers by name: finding one, and the names that a new one may have. */
#ifndef KYBDESK_SRC_DESK_USE_REVIEWER_H
#define KYBDESK_SRC_DESK_USE_REVIEWER_H

#include "kybdesk/store/people.h"

/* The reviewer of exactly this name, or of this name in lower case; out->row is 0 if there is none. */
enum err reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
		       struct error *error) KYB_MUST_USE;
/* The same; ERR_NOT_FOUND asks after the nearest name. */
enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error) KYB_MUST_USE;
/* Adds reviewer->name in lower case, and puts that in its place. A name has the letters a to z, digits, dot, underscore and
 * hyphen (ERR_INVALID, field "name"), and does not look like the name of another reviewer (ERR_CONFLICT). Within the
 * caller's write transaction. Names that older versions let in keep working. */
enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error) KYB_MUST_USE;

#endif
