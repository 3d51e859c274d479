/*
 * Acknowledged data survives a power cut: the power is cut before every write and every sync of an import, of decisions
 * and of an upgrade, with none or some of the unsynced writes on the disk. After each cut the store opens, its audit
 * log is intact, and everything that was acknowledged before the cut is in it. (tests/support/power_cut.h;
 * deliveries: tests/unit/webhook/deliver_cut_test.c)
 */
#include "fixture.h"
#include "kybdesk/base/commit_group.h"
#include "kybdesk/desk/copy.h"
#include "kybdesk/store/store.h"
#include "support/lossy_vfs.h"
#include "support/old_store.h"
#include "support/power_cut.h"
#include "support/process.h"
#include "support/store_sum.h"
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
static struct power_cut cut;
static atomic_int acknowledged;
/* The statement that counts the acknowledged rows, a number that only grows. */
static const char *counted;

static void set_up(void)
{
	lossy_install();
	fixture_open(&f);
	cut_path = temp_path(f.folder, "cut.db");
}
static void tear_down(void)
{
	lossy_on_event(NULL, NULL);
	fixture_close(&f);
}
TestSuite(durable, .init = set_up, .fini = tear_down, .timeout = 3600);

static int known(void)
{
	return atomic_load(&acknowledged);
}

static void look_for_all(const struct power_cut *at, int least)
{
	int64_t found = power_cut_number(at, counted);
	cr_assert_geq(found, least, "event %u, seed %u: %d were acknowledged, %lld are there", at->events, at->seed,
		      least, (long long)found);
}

static void cut_every_from(unsigned step, unsigned first, const char *sql)
{
	counted = sql;
	cut = (struct power_cut){
		.store = f.path, .path = cut_path, .every = step, .first = first, .known = known, .look = look_for_all
	};
	power_cut_start(&cut);
}

static void cut_every(unsigned step, const char *sql)
{
	cut_every_from(step, (unsigned)(test_seed() % step), sql);
}

static void must_be_there(int count)
{
	atomic_store(&acknowledged, count);
	power_cut_end(&cut);
	cr_assert_gt(cut.cuts, 10);
}

#define IMPORTED "SELECT count(*) FROM session WHERE external_ref LIKE 'IMP-%'"
Test(durable, an_import_that_was_reported_done)
{
	struct strbuf lines = STRBUF_INIT;
	for (int i = 0; i < 60; i++)
		strbuf_addf(&lines,
			    "{\"external_ref\":\"IMP-%d\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			    "\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ana "
			    "Sousa %d\",\"country\":\"PRT\"}}\n",
			    i, i);
	char *path = temp_path(f.folder, "many.ndjson");
	temp_write(path, lines.buf, lines.len);
	struct import_options options = { .folder = f.folder, .name = "many" };
	struct import_report report = { 0 };
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	cut_every(test_is_long() ? 1 : 29, IMPORTED);
	cr_assert_eq(desk_import(f.ada, &options, &report, &f.error), ERR_OK, "%s", f.error.message);
	cr_assert_eq(report.imported, 60);
	must_be_there(60);
	tried("an import cut at %u moments of %u", cut.cuts, cut.events);
	close(options.fd);
	strbuf_release(&lines);
}

Test(durable, every_decision_that_was_acknowledged)
{
	for (int i = 0; i < 8; i++)
		fixture_kyc(&f, arena_printf(&f.arena, "KYC-%d", i), "manual_review", NULL);
	cut_every(test_is_long() ? 1 : 13, "SELECT count(*) FROM session WHERE status = 'approved'");
	for (int i = 0; i < 8; i++) {
		struct use_in in = { .verb = VERB_APPROVE, .session = arena_printf(&f.arena, "KYC-%d", i) };
		cr_assert_eq(fixture_use(&f, f.rita, &in), ERR_OK, "%s", f.error.message);
		atomic_store(&acknowledged, i + 1);
	}
	must_be_there(8);
	tried("decisions cut at %u moments of %u", cut.cuts, cut.events);
}

/* --- concurrent commits that share a sync (commit_group.h) --- */

static struct commit_group group = COMMIT_GROUP_INIT;

static void *write_notes(void *context)
{
	struct desk *desk = NULL;
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	struct desk_options options = {
		.store_path = f.path, .actor = "rita", .world = &f.world.world, .group = &group
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
	/* A commit has about 17 writes and syncs. With a power cut at every one, writers would share no sync. */
	unsigned step = test_is_long() ? 31 : 61;
	int commits = 0;
	size_t syncs = 0;
	unsigned cuts = 0, events = 0;
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	lossy_slow_syncs(80);
	/* A long run repeats this with each possible first cut, so that it cuts the power at every write and sync. */
	for (unsigned first = 0; first < (test_is_long() ? step : 1); first++) {
		cut_every_from(step, first, NOTES);
		size_t before = lossy_syncs();
		write_together();
		syncs += lossy_syncs() - before;
		commits += WRITERS * EACH;
		must_be_there(commits);
		cuts += cut.cuts;
		events += cut.events;
	}
	tried("%d commits in %zu syncs, cut at %u moments of %u", commits, syncs, cuts, events);
	cr_expect_lt(syncs, commits, "%zu syncs", syncs);
}

/* After a failed sync the desk does not trust the disk any more: it acknowledges no later commit. */
Test(durable, a_sync_that_fails_is_no_commit_that_was_acknowledged)
{
	struct desk *desk = NULL;
	struct use_in in = { .verb = VERB_NOTE, .session = "KYC-1", .text = "seen" };
	struct desk_options options = {
		.store_path = f.path, .actor = "rita", .world = &f.world.world, .group = &group
	};
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	cr_assert_eq(desk_open(&options, &desk, &f.error), ERR_OK);
	cr_assert_eq(fixture_use(&f, desk, &in), ERR_OK);
	lossy_break_syncs(true);
	cr_expect_eq(fixture_use(&f, desk, &in), ERR_INTERNAL);
	cr_expect(strstr(f.error.message, "which may be lost"), "%s", f.error.message);
	lossy_break_syncs(false);
	cr_expect_eq(fixture_use(&f, desk, &in), ERR_INTERNAL, "the disk may have forgotten it");
	desk_close(desk);
}

/* --- an upgrade --- */

/* Sums of the old store: unchanged, with the current schema, and with the program's rules (a separate commit). */
static uint64_t sum_old, sum_new, sum_open;

static uint64_t sum_of(const char *path)
{
	struct store_sum sum;
	store_sum_open(&sum, path);
	uint64_t found = store_sum(&sum);
	store_sum_close(&sum);
	return found;
}

static void upgrade_schema(const char *path)
{
	const struct desk_options options = { .store_path = path, .actor = "lea", .world = &f.world.world };
	bool done = false;
	cr_assert_eq(desk_upgrade(&options, &(struct upgrade_options){ 0 }, &done, &f.error), ERR_OK, "%s",
		     f.error.message);
	cr_assert(done);
}

/* Opens the store as the next process does, which completes the upgrade. */
static struct desk *upgrade(const char *path)
{
	struct desk *desk = NULL;
	struct desk_options options = {
		.store_path = path, .actor = "lea", .world = &f.world.world, .log = { LOG_QUIET, -1 }
	};
	cr_assert_eq(desk_open(&options, &desk, &f.error), ERR_OK, "%s", f.error.message);
	return desk;
}

static void must_be_sound(struct desk *desk, const struct power_cut *at)
{
	struct arena arena = ARENA_INIT;
	struct doctor_finding *items;
	size_t count;
	cr_assert_eq(desk_run_doctor(desk, &arena, &items, &count, &f.error), ERR_OK, "%s", f.error.message);
	for (size_t i = 0; i < count; i++)
		cr_assert_not(items[i].is_damage, "event %u, seed %u: %s", at->events, at->seed, items[i].message);
	arena_release(&arena);
}

static void look_for_one_or_the_other(const struct power_cut *at, int least)
{
	int64_t version = power_cut_number(at, "SELECT user_version FROM pragma_user_version");
	uint64_t sum = sum_of(at->path);
	cr_assert(version == OLD_STORE_SCHEMA ? sum == sum_old : sum == sum_new || sum == sum_open,
		  "event %u, seed %u: neither what it was nor what it becomes, schema %lld", at->events, at->seed,
		  (long long)version);
	cr_assert(!least || sum == sum_open, "event %u, seed %u: it was open, and is as it was before", at->events,
		  at->seed);
	struct desk *desk = upgrade(at->path);
	cr_assert_eq(sum_of(at->path), sum_open, "event %u, seed %u: another store than without a cut", at->events,
		     at->seed);
	must_be_sound(desk, at);
	desk_close(desk);
}

static void old_store_without_bytes(const char *path)
{
	sqlite3 *db = NULL;
	old_store_bring(path);
	cr_assert_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, "DELETE FROM document", NULL, NULL, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_close(db), SQLITE_OK);
}

Test(durable, an_upgrade_is_whole_or_absent, .timeout = 3600)
{
	char *undisturbed = temp_path(f.folder, "undisturbed.db"), *store = temp_path(f.folder, "old.db");
	old_store_without_bytes(undisturbed);
	old_store_without_bytes(store);
	sum_old = sum_of(undisturbed);
	upgrade_schema(undisturbed);
	sum_new = sum_of(undisturbed);
	desk_close(upgrade(undisturbed));
	sum_open = sum_of(undisturbed);
	cr_assert(sum_old != sum_new && sum_new != sum_open);
	unsigned every = test_is_long() ? 1 : 61;
	cut = (struct power_cut){ .store = store,
				  .path = cut_path,
				  .every = every,
				  .first = (unsigned)(test_seed() % every),
				  .known = known,
				  .look = look_for_one_or_the_other };
	power_cut_start(&cut);
	struct desk *desk = upgrade(store);
	must_be_there(1);
	tried("an upgrade cut at %u moments of %u", cut.cuts, cut.events);
	desk_close(desk);
}
