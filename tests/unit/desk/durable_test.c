/*
 * What was reported done is there after a power cut (quality.md "Reliability"): the power is cut before every write and every
 * sync of an import and of decisions, with none or some of what was not synced on the disk all the same. The store opens,
 * its trail holds, and everything that was acknowledged by then is in it. (tests/support/lossy_vfs.h)
 */
#include "fixture.h"
#include "support/lossy_vfs.h"
#include "support/process.h"
#include "support/tried.h"

#include <pthread.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <unistd.h>

#define WRITERS 6
#define EACH 12

static struct fixture f;
static char *cut_path;
static atomic_int acknowledged;
static unsigned events, every, cuts, seed;

static void set_up(void)
{
	lossy_install();
	fixture_open(&f);
	cut_path = temp_path(f.folder, "cut.db");
}
static void tear_down(void)
{
	lossy_on_event(NULL, NULL);
	free(cut_path);
	fixture_close(&f);
}
TestSuite(durable, .init = set_up, .fini = tear_down, .timeout = 60);

static sqlite3 *open_cut(void)
{
	sqlite3 *handle = NULL;
	cr_assert_eq(sqlite3_open_v2(cut_path, &handle, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
	return handle;
}

static int64_t number(sqlite3 *handle, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	cr_assert_eq(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK, "%s",
		     sqlite3_errmsg(handle));
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW, "%s", sqlite3_errmsg(handle));
	int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static bool is_long(void)
{
	const char *value = getenv("KYBDESK_TEST_LONG");
	return value && value[0] == '1';
}

/* What the test waits to see, as a number that only grows. */
static const char *counted;

static void look_at_cut(int least)
{
	sqlite3 *handle = open_cut();
	cr_assert_eq(number(handle, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0,
		     "damaged at event %u", events);
	int64_t found = number(handle, counted);
	sqlite3_close(handle);
	cr_assert_geq(found, least, "event %u, seed %u: %d were acknowledged, %lld are there", events, seed, least,
		      (long long)found);
}

static void cut_here(void *context)
{
	(void)context;
	if (events++ % every)
		return;
	int least = atomic_load(&acknowledged);
	lossy_cut(f.path, cut_path, 0);
	look_at_cut(least);
	seed = events * 7919 + 1;
	lossy_cut(f.path, cut_path, seed);
	look_at_cut(least);
	seed = 0;
	cuts += 2;
}

static void cut_every(unsigned step, const char *sql)
{
	counted = sql;
	every = step;
	lossy_on_event(cut_here, NULL);
}

static void must_be_there(int count)
{
	lossy_on_event(NULL, NULL);
	lossy_cut(f.path, cut_path, 0);
	look_at_cut(count);
}

#define IMPORTED "SELECT count(*) FROM session WHERE external_ref LIKE 'IMP-%'"
Test(durable, an_import_that_was_reported_done)
{
	struct strbuf lines = STRBUF_INIT;
	for (int i = 0; i < 60; i++)
		strbuf_addf(
			&lines,
			"{\"external_ref\":\"IMP-%d\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			"\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ana "
			"Sousa %d\",\"country\":\"PRT\"}}\n",
			i, i);
	char *path = temp_path(f.folder, "many.ndjson");
	temp_write(path, lines.buf, lines.len);
	struct import_options options = { .folder = f.folder, .name = "many" };
	struct import_report report = { 0 };
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	cut_every(is_long() ? 1 : 29, IMPORTED);
	cr_assert_eq(desk_import(f.ada, &options, &report, &f.error), ERR_OK, "%s", f.error.message);
	cr_assert_eq(report.imported, 60);
	must_be_there(60);
	tried("an import cut at %u moments of %u", cuts, events);
	cr_assert_gt(cuts, 10);
	close(options.fd);
	free(path);
	strbuf_release(&lines);
}

Test(durable, every_decision_that_was_acknowledged)
{
	for (int i = 0; i < 8; i++)
		fixture_kyc(&f, arena_printf(&f.arena, "KYC-%d", i), "manual_review", NULL);
	cut_every(is_long() ? 1 : 5, "SELECT count(*) FROM session WHERE status = 'approved'");
	for (int i = 0; i < 8; i++) {
		struct use_out out;
		struct use_in in = { .verb = VERB_APPROVE, .session = arena_printf(&f.arena, "KYC-%d", i) };
		cr_assert_eq(desk_do(f.rita, &f.arena, &in, &out, &f.error), ERR_OK, "%s", f.error.message);
		atomic_store(&acknowledged, i + 1);
	}
	must_be_there(8);
	tried("decisions cut at %u moments of %u", cuts, events);
	cr_assert_gt(cuts, 10);
}

/* --- several at once, with one sync for all that wait (commit_group.h) --- */

static struct commit_group *group;

static void *write_notes(void *context)
{
	struct desk *desk = NULL;
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	struct desk_options options = {
		.store_path = f.path, .actor = "rita", .world = &f.world.world, .group = group
	};
	(void)context;
	if (desk_open(&options, &desk, &error) != ERR_OK)
		abort();
	for (int i = 0; i < EACH; i++) {
		struct use_out out;
		struct use_in in = { .verb = VERB_NOTE, .session = "KYC-1", .text = "seen" };
		if (desk_do(desk, &arena, &in, &out, &error) != ERR_OK)
			abort();
		atomic_fetch_add(&acknowledged, 1);
	}
	desk_close(desk);
	arena_release(&arena);
	return NULL;
}

static void write_together(void)
{
	pthread_t writers[WRITERS];
	for (int i = 0; i < WRITERS; i++)
		cr_assert_eq(pthread_create(&writers[i], NULL, write_notes, NULL), 0);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(writers[i], NULL);
}

#define NOTES "SELECT count(*) FROM audit_event WHERE action = 'note.add'"
Test(durable, commits_that_share_a_sync)
{
	group = desk_commits_new();
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	cut_every(is_long() ? 1 : 17, NOTES);
	size_t before = lossy_syncs();
	write_together();
	size_t syncs = lossy_syncs() - before;
	must_be_there(WRITERS * EACH);
	tried("%d commits in %zu syncs, cut at %u moments of %u", WRITERS * EACH, syncs, cuts, events);
	cr_expect_lt(syncs, WRITERS * EACH, "%zu syncs", syncs);
	cr_assert_gt(cuts, 10);
	desk_commits_free(group);
}

/* A disk that refuses once is believed no more: nothing later is acknowledged. */
Test(durable, a_sync_that_fails_is_no_commit_that_was_acknowledged)
{
	struct desk *desk = NULL;
	struct use_out out;
	struct use_in in = { .verb = VERB_NOTE, .session = "KYC-1", .text = "seen" };
	group = desk_commits_new();
	struct desk_options options = {
		.store_path = f.path, .actor = "rita", .world = &f.world.world, .group = group
	};
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	cr_assert_eq(desk_open(&options, &desk, &f.error), ERR_OK);
	cr_assert_eq(desk_do(desk, &f.arena, &in, &out, &f.error), ERR_OK);
	lossy_break_syncs(true);
	cr_expect_eq(desk_do(desk, &f.arena, &in, &out, &f.error), ERR_INTERNAL);
	cr_expect(strstr(f.error.message, "whether it is kept is not known"), "%s", f.error.message);
	lossy_break_syncs(false);
	cr_expect_eq(desk_do(desk, &f.arena, &in, &out, &f.error), ERR_INTERNAL, "the disk may have forgotten it");
	desk_close(desk);
	desk_commits_free(group);
}
