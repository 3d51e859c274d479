/* Reviewers by name, and the actor of this desk with its role. */
#ifndef KYBDESK_SRC_DESK_USE_ACTOR_H
#define KYBDESK_SRC_DESK_USE_ACTOR_H

#include "desk_private.h"
#include "kybdesk/store/people.h"

#define REVIEWER_NAME_MAX 64 /* bytes */

/* The reviewer with this name, or with this name in lower case. ERR_NOT_FOUND suggests the nearest name. */
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

/* The name of the actor for desk_open() and desk_init(), from the option or the operating system; ERR_FORBIDDEN in
 * production if the two differ. */
enum err actor_name(struct arena *arena, const char *wanted, bool sandbox, const char **out,
		    struct error *error) KYB_MUST_USE;
/* Finds the actor, or adds it to a sandbox store as a lead; fills desk->actor, role, actor_row. */
enum err actor_find(struct desk *desk, const char *wanted, struct error *error) KYB_MUST_USE;
/* Reads role and state again: another process may have changed them. ERR_FORBIDDEN if the actor is disabled, or if the
 * desk serves a reviewer's key that was revoked or replaced. */
enum err actor_refresh(struct desk *desk, struct error *error) KYB_MUST_USE;

/* A system acts within its caller's transaction, until actor_return(). */
struct acting {
	const char *actor;
	enum role role;
	bool supervised;
	int64_t row;
};
struct acting actor_become(struct desk *desk, const char *name, enum role role);
void actor_return(struct desk *desk, struct acting before);

#endif
