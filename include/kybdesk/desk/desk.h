/* The desk: use cases. One function = one transaction = change + audit event + outbox event. Roles, claims, versions
 * and the gate are checked here and nowhere else, so that every front end (command line, workbench, API) obeys them.
 *
 * A desk is one open store with one actor; use one desk per thread. Session arguments are references: full id, unique
 * id prefix of four or more characters, or external_ref (no match: ERR_NOT_FOUND; several matches: ERR_USAGE with the
 * candidates). Results live in the arena argument. On failure nothing has changed; ERR_BLOCKED and ERR_CONFLICT carry
 * the blockers; ERR_FORBIDDEN names the required role. */
#ifndef KYBDESK_DESK_DESK_H
#define KYBDESK_DESK_DESK_H

#include "kybdesk/base/log.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/domain/filter.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/reason.h"

struct desk;

struct desk_options {
	const char *store_path; /* NULL: $XDG_DATA_HOME/kybdesk/kybdesk.db */
	const char *actor;	/* --as; NULL: the operating system's user */
	bool readonly;		/* any change is ERR_FORBIDDEN */
	bool is_server; /* a server's desk: without a caller (caller.h), reads of lists and users are ERR_FORBIDDEN */
	const struct world *world;
	struct log log;
	/* The group of all desks of this process that write to the store (base/commit_group.h). NULL: no group. */
	struct commit_group *group;
	/* Kind of process for PostgreSQL's pg_stat_activity, such as "kybdesk serve". NULL: "kybdesk". */
	const char *process;
	/* Base address of a sandbox store without public_url, set by its server before the first request; borrowed
	 * for the desk's life. NULL: unknown. */
	const char *base_url;
	/* Called after each committed change that added to the outbox (wakes the workbench's delivery thread). */
	void (*on_event)(void *context);
	void *context;
};
/* Opens the store for the actor. Sandbox: an unknown name is added as a lead. Production: ERR_FORBIDDEN for a name
 * other than the operating system's user, and for an unknown user (the message names the admins that can add the user).
 * If options->world is that of an SSH session, `actor` was authenticated by SSH: ERR_FORBIDDEN for an unknown name in
 * any store, and for an account that does not own a production store. The audit records say "via": "ssh". */
enum err desk_open(const struct desk_options *options, struct desk **out, struct error *error);
void desk_close(struct desk *desk); /* accepts NULL */
/* Makes an empty store; the actor becomes its admin. In production the actor must be the operating system's user. */
enum err desk_init(const struct desk_options *options, bool sandbox, char **path, struct arena *arena,
		   struct error *error);

const char *desk_store_path(const struct desk *desk); /* path, or address without secrets */
/* A path or an address of a store that is not open, for display: without secrets. */
const char *desk_store_label(struct arena *arena, const char *path);
/* A folder of the store on this machine, for temporary files. */
const char *desk_temporary_folder(const struct desk *desk, struct arena *arena);
const char *desk_actor(const struct desk *desk);
enum role desk_role(const struct desk *desk);
bool desk_is_sandbox(const struct desk *desk);
bool desk_is_readonly(const struct desk *desk);
int64_t desk_now(const struct desk *desk);
void desk_make_uuid(const struct desk *desk, char out[UUID_TEXT_SIZE]); /* a new id */
/* Runs `read` in one transaction: all its reads see one state. `read` must run no verb. */
enum err desk_run_shared_read(struct desk *desk, enum err (*read)(void *context, struct desk *desk), void *context,
			      struct error *error);
int64_t desk_data_version(struct desk *desk); /* changes when another connection changed the store; takes 2 µs */
/* ERR_STORE if a newer program upgraded the store, or an admin moved the store, since the desk was opened: the process
 * must then end. If `writes` is true, also if the store cannot be changed (full disk, read-only folder or server). */
enum err desk_check_store(struct desk *desk, bool writes, struct error *error);
void desk_maintain(struct desk *desk); /* call when idle: store maintenance and desk_tick() */
/* ERR_INVALID if path belongs to the store itself: its file, its write-ahead log, its key, its documents' folder.
 * Call it before writing to a path from a user; `field` names the input in the error. */
enum err desk_check_path(struct desk *desk, const char *field, const char *path, struct error *error);
void desk_interrupt(struct desk *desk); /* call from another thread: ends a running read with ERR_INTERNAL */
/* Default grace time of decisions that do not set their own, and of previews. */
void desk_set_grace(struct desk *desk, int64_t seconds);

/* The reasons in force when this desk last read a case or a text of the rules, or made a change; empty until then,
 * since most runs of the program need none. The returned set never changes and lives as long as the desk; call
 * again for reasons installed later. */
const struct reasons *desk_reasons(const struct desk *desk);
/* The countries in force in this store; call on any thread. */
const struct countries *desk_countries(const struct desk *desk);
/* The sandbox's own countries; NULL: the shipped countries are in force. They live as long as the desk. */
const struct countries *desk_own_countries(const struct desk *desk);
/* The profile that is in force for the workflow `name`. ERR_NOT_FOUND: the message names the nearest workflow. */
enum err desk_profile(struct desk *desk, const char *name, const struct profile **out, struct error *error);

#define EXTEND_DAYS_MAX 366 /* most days that one request may set or add for the life of a link */
#define SNOOZE_MAX_MS (366 * 24 * 60 * 60 * (int64_t)1000)

/* What is said while cases are due but the clock is not trusted (RECORD_GAP_MAX_MS in src/desk/desk_private.h). */
#define CLOCK_MAY_BE_AHEAD                                                                                             \
	"nothing ends by time alone now: the audit log has no record of the last 32 days that is older than a day, "   \
	"so the clock may have been set ahead. Check the clock; if the desk was idle, go on: a day after the next "    \
	"record, due cases end as before"

/* Runs the system's work that is due by time: processing (decide.h), expiry of sessions, reminders to idle clients
 * on the profile's days (docs/webhooks.md, link.expiring); after the last reminder the case returns to the queue as
 * unresponsive. One transaction per session; the next call retries a failed step. Cheap if nothing is due; does
 * nothing in a read-only store. desk_maintain() and commands with COMMAND_RUNS_DUE_WORK call it. */
struct tick_report {
	int64_t expired, reminded, unresponsive;
	bool more;		 /* stopped early: call again */
	bool clock_may_be_ahead; /* sessions are due, but stay as they are: CLOCK_MAY_BE_AHEAD */
};
enum err desk_tick(struct desk *desk, struct tick_report *out, struct error *error);

#endif
