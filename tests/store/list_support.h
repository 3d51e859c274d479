/*
 * A small store filled with plain SQL, and the same sessions as plain structs, so that the store's results can be
 * compared with a naive implementation.
 */
#ifndef TESTS_STORE_LIST_SUPPORT_H
#define TESTS_STORE_LIST_SUPPORT_H

#include "kybdesk/domain/due.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/store/search.h"
#include "support/test_world.h"

#define NOW INT64_C(1795168800000)
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

struct sample {
	int64_t id, parent; /* parent 0: a top session */
	char uuid[40];
	const char *merchant, *workflow, *country, *level, *tags,
		*assignee; /* even if the claim is not in force now; "": none */
	char name[128], reference[32], tax_id[32];
	enum session_kind kind;
	enum session_status status;
	int risk;
	int64_t claimed_at, claim_expires_at, created_at, submitted_at, updated_at, due_at, due_paused_at;
	bool document_missing, document_rejected, party_open, hit_open, returned, has_note, alert;
	int64_t snoozed_until;
	unsigned waiting;
	const char *blocker; /* NULL: the case is decided */
	char *text;	     /* " " + tokens */
	char *name_key;
	unsigned checks; /* executed checks: bits of enum check_kind */
};
struct samples {
	struct store *store;
	struct test_world world;
	struct error error;
	char folder[64], *path;
	struct sample *items;
	size_t count;
};

/* Creates a store without sessions in a new folder. */
void samples_open(struct samples *out);
void samples_fill(struct samples *out, size_t count, uint64_t seed);
/* Sets at most two values per sort key; most samples have the same value, and most have no due time. */
void samples_make_alike(struct samples *samples, uint64_t seed);
/* Sets random bounds for choosing between list plans (few or many rows), each independently. */
void samples_change_bounds(struct samples *samples, uint64_t *state);
void samples_close(struct samples *samples); /* removes the folder, and asserts that nothing leaked */

/* Defines a suite: each of its tests begins with 500 samples of its own, in `samples`, and an empty arena. */
extern struct samples samples;
extern struct arena arena;
void samples_begin(uint64_t seed);
void samples_tear_down(void);
#define SAMPLES_SUITE(suite, seed)                                                                                     \
	static void set_up_##suite(void)                                                                               \
	{                                                                                                              \
		samples_begin(seed);                                                                                   \
	}                                                                                                              \
	TestSuite(suite, .init = set_up_##suite, .fini = samples_tear_down)

/* Runs one statement without parameters, in its own or the open transaction. */
void run_sql(struct store *store, const char *text);
int64_t read_int(struct store *store, const char *text);

/* Number of SQLite virtual machine steps for this store's statements since the last call. It measures the work and does
 * not depend on the load of the machine. */
int64_t steps_taken(struct store *store);

uint64_t next_random(uint64_t *state);
size_t pick(uint64_t *state, size_t count);

bool sample_matches(const struct samples *samples, const struct sample *sample, const struct list_query *query);
/* Rows of the matching samples, in the query's order; malloc'd. */
int64_t *samples_expect(const struct samples *samples, const struct list_query *query, size_t *count);
/* Compares every page of the query with samples_expect(). */
void samples_expect_pages(struct samples *samples, struct list_query query, const char *what);
/* Compares every page of the query, read in steps by store_search_step(). A page starts after the last or an earlier
 * row of the page before. Every step finds the first rows of the page, and the last step finds the whole page and the
 * number of matches, up to at_most (0: all). Returns the number of steps. */
size_t samples_expect_steps(struct samples *samples, struct list_query query, int64_t at_most, uint64_t *state,
			    const char *what);
/* From now on, each reading of the monotonic clock advances it by a millisecond, so time limits a step's chunks. */
void samples_let_time_pass(struct samples *samples);
struct list_query list_query_of(struct arena *arena, const char *filter, enum sort_key sort, bool reverse);

#endif
