/* Finds reviewers by name, and checks the name of a new one. */
#ifndef KYBDESK_SRC_DESK_USE_REVIEWER_H
#define KYBDESK_SRC_DESK_USE_REVIEWER_H

#include "kybdesk/store/people.h"

/* The reviewer with this name, or with this name in lower case; out->row is 0 if none. */
enum err reviewer_find(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
		       struct error *error) KYB_MUST_USE;
/* As reviewer_find(); ERR_NOT_FOUND suggests the nearest name. */
enum err reviewer_require(struct store *store, struct arena *arena, const char *name, struct reviewer *out,
			  struct error *error) KYB_MUST_USE;
/* Checks the name of a new reviewer; *out is the name in lower case. Only the letters a to z, digits, dot,
 * underscore and hyphen are allowed (ERR_INVALID, field "name"). A name that was used before, or that looks like
 * another reviewer's, is refused (ERR_CONFLICT). Names allowed by older versions keep working. */
enum err reviewer_new_name(struct store *store, struct arena *arena, const char *name, const char **out,
			   struct error *error) KYB_MUST_USE;
/* Adds the reviewer, with a name that reviewer_new_name() accepts, and updates reviewer->name. Within the caller's
 * write transaction. */
enum err reviewer_add(struct store *store, struct arena *arena, struct reviewer *reviewer, int64_t now,
		      struct error *error) KYB_MUST_USE;

/* A form of a reviewer's or merchant's name for comparison ("rn" becomes "m"). Two names with equal forms could be
 * mistaken for each other in the audit log. */
const char *name_likeness(struct arena *arena, const char *name);

#endif
