/* Finds reviewers by name, and checks the name of a new one. */
#ifndef KYBDESK_SRC_DESK_USE_REVIEWER_H
#define KYBDESK_SRC_DESK_USE_REVIEWER_H

#include "kybdesk/store/people.h"

/* The reviewer with exactly this name, or with it in lower case; out->row is 0 if none. */
enum err reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
		       struct error *error) KYB_MUST_USE;
/* The same; ERR_NOT_FOUND suggests the nearest name. */
enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error) KYB_MUST_USE;
/* Adds the reviewer with reviewer->name in lower case, and updates that name. It may have the letters a to z, digits,
 * dot, underscore and hyphen (ERR_INVALID, field "name"), and must not look like the name of another reviewer
 * (ERR_CONFLICT). Within the caller's write transaction. Names allowed by older versions keep working. */
enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error) KYB_MUST_USE;

#endif
