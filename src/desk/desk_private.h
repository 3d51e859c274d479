/* Inside the desk: struct desk. Each folder includes the headers that it needs from use/, decide/, review/ and
 * intake/. */
#ifndef KYBDESK_SRC_DESK_DESK_PRIVATE_H
#define KYBDESK_SRC_DESK_DESK_PRIVATE_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/store/store.h"

#include <string.h>

#define DAY_MS (24 * 60 * 60 * (int64_t)1000)
#define TICK_EVERY_MS (30 * 1000)
#define SYSTEM_NAME "system"
#define SANDBOX_NAME "sandbox"

struct profile_entry;
struct caller;

/* In a sandbox: a case, and its version at the last simulation of its outcome. */
#define SIMULATED_CASE_SLOTS 1024
struct simulated_case {
	int64_t row, version;
};

#define REVEALED_CASES_MAX 16

struct desk {
	struct store *store;
	const struct world *world;
	const char *link_base_url;   /* base address of links, in a sandbox store without public_url; NULL: unknown */
	const struct caller *caller; /* caller of the current request; NULL: the desk's own actor */
	bool is_server;		     /* as in struct desk_options */
	struct log log;
	struct arena arena; /* lives as long as the desk: actor, profiles, reasons, own countries */
	const char *actor;
	enum role role;
	bool supervised;
	int64_t actor_row;		      /* 0: a read-only sandbox store without a row for the actor */
	struct reasons reasons;		      /* reasons in force in the open transaction */
	const struct reasons *shared_reasons; /* the same reasons for other threads: never modified */
	int64_t reason_rows[REASON_SET_COUNT];
	int64_t rules_version;		       /* data version of the store at the last check of the rules */
	const struct countries *own_countries; /* countries in a sandbox's file; NULL: shipped countries */
	struct profile_entry *profiles;
	void (*wake)(void *context);
	void *wake_context;
	bool wrote_event;	  /* an event was written in the open transaction */
	bool wrote_event_in_hold; /* an event was written in the held transaction (once.h) */
	bool skip_events;	  /* write no events: their receivers know the change already (intake) */
	int64_t grace_s;	  /* grace time of a decision that sets none */
	int64_t revealed_case_rows[REVEALED_CASES_MAX]; /* ring buffer: rows of the cases that were revealed last */
	size_t revealed_case_count;
	struct simulated_case *
		simulated_cases; /* SIMULATED_CASE_SLOTS simulated cases, indexed by row; NULL: nothing simulated yet */
	int64_t last_tick_ms;	 /* monotonic time of the last tick; 0: no tick yet */
};

/* desk.c: the path of the store: `path` or, for "" and NULL, the default path. */
const char *desk_resolve_path(const struct desk *desk, struct arena *arena, const char *path);

/* desk.c: the clock may have been set ahead if the latest audit record older than a day is older than RECORD_GAP_MAX_MS. In
 * production nothing then ends by time alone, and nothing is purged, until a record is a day old. */
#define RECORD_GAP_MAX_MS (32 * DAY_MS)
struct clock_check {
	int64_t last_record_at; /* the latest record that is older than a day; TIME_NONE: none */
	bool may_be_ahead;
};
enum err desk_clock_check(struct desk *desk, struct clock_check *out, struct error *error);

/* Removes the item that `item` points at from an array. */
#define ITEM_REMOVE(items, count, item)                                                                                \
	memmove((item), (item) + 1, (size_t)((items) + --(count) - (item)) * sizeof *(items))

/* Replaces an array by a copy in the arena, with room for `more` zeroed items. */
#define ITEMS_GROW(arena, items, count, more) ((items) = items_grow((arena), (items), (count), (more), sizeof *(items)))
void *items_grow(struct arena *arena, const void *items, size_t count, size_t more, size_t size);

#endif
