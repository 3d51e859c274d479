/* A store in its own folder for each test, and sample cases. */
#ifndef KYB_TESTS_STORE_SUPPORT_H
#define KYB_TESTS_STORE_SUPPORT_H

#include <criterion/criterion.h>
#include "kybdesk/domain/column.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/people.h"
#include "kybdesk/store/session.h"
#include "store/place.h"
#include "support/leak.h"
#include "support/test_world.h"

#define TEST_NOW INT64_C(1793700000000) /* 2026-11-03T10:00:00Z */

struct fixture {
	char *folder, *path;
	struct test_world world;
	struct store *store;
	struct arena arena;
	struct error error;
	int64_t merchant, reviewer;
};

/* A sandbox store with the merchant "northwind-pay" and the reviewer "ines". */
void fixture_init(struct fixture *fixture);
void fixture_init_at(struct fixture *fixture, char *path); /* at this path or address */
void fixture_release(struct fixture *fixture);		   /* also checks for leaks */
/* FIXTURE: a fixture `f` for each test of a suite. FIXTURE_OF_TESTS: only for tests that name set_up and tear_down. */
#define FIXTURE_OF_TESTS                                                                                               \
	static struct fixture f;                                                                                       \
	static void set_up(void)                                                                                       \
	{                                                                                                              \
		fixture_init(&f);                                                                                      \
	}                                                                                                              \
	static void tear_down(void)                                                                                    \
	{                                                                                                              \
		fixture_release(&f);                                                                                   \
	}                                                                                                              \
	static void tear_down(void)
#define FIXTURE(suite)                                                                                                 \
	FIXTURE_OF_TESTS;                                                                                              \
	TestSuite(suite, .init = set_up, .fini = tear_down)
/* Another connection to the same store; busy_timeout_ms as in struct store_options. */
struct store *fixture_connect(struct fixture *fixture, int busy_timeout_ms);
void fixture_begin(struct fixture *fixture);
void fixture_commit(struct fixture *fixture);
/* Makes one change in its own transaction. */
#define WRITE(fixture, call)                                                                                           \
	do {                                                                                                           \
		fixture_begin(fixture);                                                                                \
		OK(fixture, call);                                                                                     \
		fixture_commit(fixture);                                                                               \
	} while (0)
/* Fails the test with the error's sentence unless the code is ERR_OK. */
#define OK(fixture, call) must(&(fixture)->error, (call), __LINE__)
void must(struct error *error, enum err err, int line);

/* A session in memory with a fresh id and every column filled; storing it stores its subject. */
void session_make(struct fixture *fixture, struct session *session, const char *name);
/* Stores the session within the open write transaction. */
void session_put(struct fixture *fixture, struct session *session);
/* Makes a session and stores it in its own transaction. */
void session_add(struct fixture *fixture, struct session *session, const char *name);
struct session session_added(struct fixture *fixture, const char *name);
char *new_id(struct fixture *fixture);
/* Expects that all stored columns are equal, except columns with a flag of `without`. */
void expect_row(const struct column_table *table, const void *kept, const void *found, unsigned without);
/* Loads the case from the store. */
struct case_file case_of(struct fixture *fixture, const struct session *session);
/* Number in the first row of the result; -1: no row. Runs on the fixture's connection. */
int64_t number_of(struct fixture *fixture, const char *sql);
/* Makes a sandbox store of that schema version with one merchant, without kybdesk, from the migrations. */
void old_store_make(const char *path, size_t version);

#endif
