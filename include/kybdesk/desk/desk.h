/*
 * The desk: use cases. One function = one transaction = change + audit event +
 * outbox event. Roles, claims, versions and the gate are checked here and
 * nowhere else, so every front end (command, workbench, API) has them.
 *
 * A desk is one open store with one actor; one desk per thread. Session
 * arguments are references: full id, unique id prefix of four or more
 * characters, or external_ref (ERR_NOT_FOUND; several: ERR_USAGE with the candidates).
 * Results live in the arena given first. On failure nothing has changed; ERR_BLOCKED and
 * ERR_CONFLICT carry the blockers; ERR_FORBIDDEN names the role that may.
 */
#ifndef KYBDESK_DESK_DESK_H
#define KYBDESK_DESK_DESK_H

#include "kybdesk/base/log.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/filter.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/reason.h"
#include "kybdesk/domain/transition.h"

struct desk;

struct desk_options {
	const char *store_path; /* NULL: $XDG_DATA_HOME/kybdesk/kybdesk.db */
	const char *actor;	/* --as; NULL: the operating system's user */
	bool readonly;		/* opens everything, changes nothing (ERR_FORBIDDEN) */
	const struct world *world;
	struct log log;
	struct commit_group
		*group; /* of desks that write side by side in one process (desk_commits_new); NULL none */
};
/* What they share: their commits take turns, and one sync makes several durable. Outlives its desks. */
struct commit_group *desk_commits_new(void);
void desk_commits_free(struct commit_group *group); /* accepts NULL */
/* The actor: in a sandbox store an unknown name is added as a lead; in production --as another name than the operating
 * system's user is ERR_FORBIDDEN, and an unknown user too (it says who can add it). */
enum err desk_open(const struct desk_options *options, struct desk **out, struct error *error) KYB_MUST_USE;
void desk_close(struct desk *desk); /* accepts NULL */
/* Makes an empty store; the actor becomes its admin (production: must be the operating system's user). */
enum err desk_init(const struct desk_options *options, bool sandbox, char **path, struct arena *arena,
		   struct error *error) KYB_MUST_USE;

const char *desk_store_path(const struct desk *desk); /* or its address, as people may see it */
/* A path or an address of a store that is not open, as people may see it: without what is secret in it. */
const char *desk_store_shown(struct arena *arena, const char *path);
/* A folder on this machine that is the store's, for files that come and go. */
const char *desk_folder(const struct desk *desk, struct arena *arena);
const char *desk_actor(const struct desk *desk);
enum role desk_role(const struct desk *desk);
bool desk_is_sandbox(const struct desk *desk);
bool desk_is_readonly(const struct desk *desk);
int64_t desk_now(const struct desk *desk);
void desk_uuid(const struct desk *desk, char out[UUID_TEXT_SIZE]); /* a new id */
int64_t desk_data_version(struct desk *desk); /* moves when anybody else changed the store: 2 µs */
/* ERR_STORE when a change would fail for the place that the store is in: a full disk, a read-only folder or server. */
enum err desk_check_writable(struct desk *desk, struct error *error) KYB_MUST_USE;
/* ERR_STORE if the store was upgraded by a newer program, or moved, since the desk was opened: the process has to end. */
enum err desk_check_current(struct desk *desk, struct error *error) KYB_MUST_USE;
void desk_maintain(struct desk *desk); /* when idle */
/* ERR_INVALID where path belongs to the store itself: its file, its log, its key, its documents' folder. Asked before
 * anything is written to a place that somebody named; `field` is what they named it with. */
enum err desk_check_outside(struct desk *desk, const char *field, const char *path,
			    struct error *error) KYB_MUST_USE;
void desk_interrupt(struct desk *desk); /* from another thread: ends a running read with ERR_INTERNAL */
/* How long this desk's front end holds decisions back when a decision does not say so itself; previews say the same. */
void desk_set_grace(struct desk *desk, int64_t seconds);
/* Where a sandbox store without a public_url is reached, as its server knows; the text must outlive the desk. */
void desk_set_base(struct desk *desk, const char *url);
/* After each committed change that put something into the outbox (wakes the workbench's delivery thread). */
void desk_on_event(struct desk *desk, void (*wake)(void *context), void *context);

/* In force when a case was read, a text of the rules or anything changed last; none before that: most starts of the program
 * ask for none. Another set of them later on leaves this one as it is, for as long as the desk. */
const struct reasons *desk_reasons(const struct desk *desk);
/* Those that count in this store; from any thread. */
const struct countries *desk_countries(const struct desk *desk);
/* A sandbox's own files; NULL when those that ship count (countries_shipped(), which need no desk). They live as long as the desk. */
const struct countries *desk_own_countries(const struct desk *desk);
/* The profile a session was created with, or the present one by name. ERR_NOT_FOUND naming the nearest. */
enum err desk_profile(struct desk *desk, const char *name, const struct profile **out,
		      struct error *error) KYB_MUST_USE;

#endif
