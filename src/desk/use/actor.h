/* The actor of this desk, and its role. */
#ifndef KYBDESK_SRC_DESK_USE_ACTOR_H
#define KYBDESK_SRC_DESK_USE_ACTOR_H

#include "desk_private.h"

#define REVIEWER_NAME_MAX 64 /* bytes */

/* Checks a reviewer's name: valid text without controls, at most REVIEWER_NAME_MAX bytes, no reserved word (me, none,
 * system, client, sandbox). ERR_INVALID, field "name". */
enum err reviewer_name_check(const char *name, struct error *error) KYB_MUST_USE;
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
