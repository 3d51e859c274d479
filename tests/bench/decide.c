/*
 * Makes COUNT decisions one after the other, each durable before the next; or, as their reference, COUNT durable
 * commits of one row by SQLite alone. Prints the total time and the longest time of one, in microseconds.
 *
 * usage: decide STORE FIRST COUNT [bare] (approves COUNT cases from KYC-FIRST on; bare: no commitments of rows)
 *
 * usage: decide bare DATABASE COUNT
 */
#include "desk_private.h"
#include "kybdesk/base/world.h"
#include "kybdesk/desk/use.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void check(enum err err, const struct error *error)
{
	if (!err)
		return;
	fprintf(stderr, "decide: %s\n", error->message);
	exit(1);
}

static void must(sqlite3 *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return;
	fprintf(stderr, "decide: %s\n", sqlite3_errmsg(db));
	exit(1);
}

static int64_t longest(int64_t so_far, int64_t begun)
{
	int64_t took = now_us() - begun;

	return took > so_far ? took : so_far;
}

static int64_t decide(const char *path, long first, long count, bool bare)
{
	/* lea decides over SSH, because in production the importer of a case cannot approve it. */
	struct desk_options options = {
		.store_path = path, .actor = "lea", .world = world_ssh_session(), .log = { LOG_QUIET, -1 }
	};
	struct desk *desk;
	struct error error = { 0 };
	struct arena arena = ARENA_INIT;
	int64_t most = 0;

	check(desk_open(&options, &desk, &error), &error);
	if (bare) {
		desk->store->db->capture = NULL;
		desk->store->sandbox = true; /* rows of a sandbox are not checked against commitments */
	}
	for (long i = first; i < first + count; i++) {
		struct use_out out;
		int64_t begun = now_us();

		check(desk_do(desk, &arena,
			      &(const struct use_in){ .verb = VERB_APPROVE,
						      .session = arena_printf(&arena, "KYC-%ld", i),
						      .has_grace = true },
			      &out, &error),
		      &error);
		most = longest(most, begun);
		arena_reset(&arena);
	}
	desk_close(desk);
	arena_release(&arena);
	return most;
}

static int64_t commit(const char *path, long count)
{
	sqlite3 *db;
	sqlite3_stmt *insert;
	int64_t most = 0;

	must(NULL, sqlite3_open(path, &db));
	must(db, sqlite3_exec(db,
			      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS row "
			      "(text TEXT)",
			      NULL, NULL, NULL));
	must(db, sqlite3_prepare_v2(db, "INSERT INTO row VALUES ('approved')", -1, &insert, NULL));
	for (long i = 0; i < count; i++) {
		int64_t begun = now_us();

		must(db, sqlite3_step(insert));
		must(db, sqlite3_reset(insert));
		most = longest(most, begun);
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return most;
}

int main(int count, char **arguments)
{
	int64_t begun = now_us(), most;

	if (count != 4 && count != 5) {
		fprintf(stderr, "usage: decide STORE FIRST COUNT [bare] | bare DATABASE COUNT\n");
		return 2;
	}
	if (!strcmp(arguments[1], "bare"))
		most = commit(arguments[2], strtol(arguments[3], NULL, 10));
	else
		most = decide(arguments[1], strtol(arguments[2], NULL, 10), strtol(arguments[3], NULL, 10), count == 5);
	printf("%lld %lld\n", (long long)(now_us() - begun), (long long)most);
	return 0;
}
