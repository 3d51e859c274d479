/* A store of schema 3 (support/old_store.h) and a newer program: the upgrade's actor, the kept rows,
 * and the audit log. */
#include "fixture.h"
#include "kybdesk/base/world.h"
#include "kybdesk/desk/copy.h"
#include "kybdesk/store/store.h"
#include "support/old_store.h"
#include "support/process.h"

#include <glob.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct fixture f;
static char *path;
static char user[256];

static void run_on(const char *file, const char *sql)
{
	sqlite3 *db = NULL;

	cr_assert_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
}

static const char *asked_of(const char *file, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	const char *text;

	cr_assert_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
	text = arena_strdup(&f.arena, (const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return text;
}

static const char *schema_of(const char *file)
{
	return asked_of(file, "SELECT user_version FROM pragma_user_version");
}

static size_t backups(const char **first)
{
	glob_t found = { 0 };
	size_t count;

	if (glob(arena_printf(&f.arena, "%s-before-*", path), 0, NULL, &found) != 0)
		return 0;
	count = found.gl_pathc;
	if (first)
		*first = arena_strdup(&f.arena, found.gl_pathv[0]);
	globfree(&found);
	return count;
}

static void set_up(void)
{
	fixture_open(&f);
	path = temp_path(f.folder, "old.db");
	old_store_bring(path);
	cr_assert_eq(world_user_name(user, sizeof user, &f.error), ERR_OK);
}

static void tear_down(void)
{
	fixture_close(&f);
}

TestSuite(upgrade, .init = set_up, .fini = tear_down);

/* Makes the store a production store; its admins are "olga" and, if `own`, the user of the operating system. */
static void make_production(bool own)
{
	run_on(path, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'; UPDATE reviewer SET role = 'viewer'");
	run_on(path,
	       arena_printf(
		       &f.arena,
		       "INSERT INTO reviewer (name, role, created_at) VALUES ('%s', '%s', 1), ('olga', 'admin', 1)",
		       user, own ? "admin" : "viewer"));
}

static struct desk_options options_of(const char *actor, bool readonly)
{
	return (struct desk_options){ .store_path = path,
				      .actor = actor,
				      .readonly = readonly,
				      .world = &f.world.world,
				      .log = { LOG_QUIET, -1 } };
}

static enum err open_as(const char *actor, bool readonly)
{
	const struct desk_options options = options_of(actor, readonly);
	struct desk *desk = NULL;
	enum err err = desk_open(&options, &desk, &f.error);

	desk_close(desk);
	return err;
}

static enum err upgrade_as(const char *actor, bool dry_run, bool *done)
{
	const struct desk_options options = options_of(actor, false);

	return desk_upgrade(&options, &(struct upgrade_options){ .dry_run = dry_run }, done, &f.error);
}

Test(upgrade, of_a_production_store_happens_to_nobody_who_only_opens_it)
{
	make_production(true);
	for (int readonly = 0; readonly < 2; readonly++) {
		expect_error(open_as(NULL, readonly), ERR_STORE, "kybdesk upgrade");
		expect_says("olga");
		expect_says(user);
	}
	expect_text(schema_of(path), "3");
	cr_expect_eq(backups(NULL), 0u);
}

Test(upgrade, is_an_admins)
{
	bool done;

	make_production(false);
	expect_error(upgrade_as(NULL, false, &done), ERR_FORBIDDEN, "olga");
	/* Naming another admin as the actor does not help either. */
	cr_expect_neq(upgrade_as("olga", false, &done), ERR_OK);
	expect_text(schema_of(path), "3");
	cr_expect_eq(backups(NULL), 0u);
}

Test(upgrade, says_what_it_would_do_and_does_nothing)
{
	bool done = true;

	make_production(true);
	must(upgrade_as(NULL, true, &done));
	cr_expect_not(done);
	expect_text(schema_of(path), "3");
	cr_expect_eq(backups(NULL), 0u);
}

Test(upgrade, makes_a_backup_first_and_is_on_record)
{
	const char *backup = "";
	struct stat found;
	bool done = false;

	make_production(true);
	must(upgrade_as(NULL, false, &done));
	cr_expect(done);
	expect_text(schema_of(path), arena_printf(&f.arena, "%d", STORE_SCHEMA_VERSION));
	expect_text(
		asked_of(path, "SELECT actor || ' ' || role || ' ' || detail FROM audit_event WHERE action = "
			       "'store.upgrade'"),
		arena_printf(&f.arena, "%s admin {\"from\":3,\"to\":%d,\"backup\":true}", user, STORE_SCHEMA_VERSION));
	cr_assert_eq(backups(&backup), 1u);
	expect_text(schema_of(backup), "3");
	expect_text(asked_of(backup, "SELECT count(*) FROM session"), asked_of(path, "SELECT count(*) FROM session"));
	expect_text(asked_of(backup, "SELECT * FROM pragma_integrity_check"), "ok");
	cr_assert_eq(stat(backup, &found), 0);
	cr_expect_eq(found.st_mode & 0777, 0600u);
	must(open_as(NULL, false));
	/* A second upgrade does nothing. */
	must(upgrade_as(NULL, false, &done));
	cr_expect_not(done);
	cr_expect_eq(backups(NULL), 1u);
}

Test(upgrade, of_a_sandbox_store_comes_with_its_opening_and_leaves_a_backup)
{
	const char *backup = "";

	expect_err(open_as("lea", true), ERR_STORE);
	expect_text(schema_of(path), "3");
	must(open_as("lea", false));
	cr_assert_eq(backups(&backup), 1u);
	expect_text(schema_of(backup), "3");
	expect_text(asked_of(path, "SELECT actor FROM audit_event WHERE action = 'store.upgrade'"), "system");
}

/* The searches for duplicates read keys that an old store has not, or made in another way. */
Test(upgrade, makes_the_keys_of_names_anew)
{
	bool done = false;

	must(upgrade_as("lea", false, &done));
	expect_text(asked_of(path, "SELECT likeness_key FROM session WHERE subject_name = 'Ines Duarte'"),
		    "STnr 1984-02-11");
	expect_text(asked_of(path, "SELECT person_key FROM party WHERE name = 'Ines Duarte'"), "STnr 1984-02-11");
	expect_text(asked_of(path, "SELECT count(*) FROM session WHERE subject_name = 'Harbour Lane Ltd' AND "
				   "likeness_key LIKE 'GBR % ltd'"),
		    "1");
	expect_text(asked_of(path, "SELECT count(*) FROM recount JOIN session s ON s.id = session_id WHERE "
				   "s.external_ref = 'RAL-1'"),
		    "1");
}

/* A lead of a sandbox may upgrade it; the record does not call the lead an admin. */
Test(upgrade, of_a_sandbox_store_is_on_record_as_the_systems_whoever_asks)
{
	bool done = false;

	must(upgrade_as("lea", false, &done));
	cr_expect(done);
	expect_text(asked_of(path, "SELECT actor || ' ' || role FROM audit_event WHERE action = 'store.upgrade'"),
		    "system system");
}

Test(upgrade, stops_what_was_started_before_it)
{
	const struct desk_options options = options_of("lea", false);
	struct desk *desk = NULL;

	run_on(path, "UPDATE reviewer SET role = 'admin' WHERE name = 'lea'");
	must(desk_open(&options, &desk, &f.error));
	run_on(path, arena_printf(&f.arena, "PRAGMA user_version = %d", STORE_SCHEMA_VERSION + 1));
	expect_error(USE(desk, MERCHANT_ADD, NULL, .part = "late"), ERR_STORE, "was upgraded");
	run_on(path, arena_printf(&f.arena, "PRAGMA user_version = %d", STORE_SCHEMA_VERSION));
	expect_text(asked_of(path, "SELECT count(*) FROM merchant WHERE name = 'late'"), "0");
	must(USE(desk, MERCHANT_ADD, NULL, .part = "late"));
	desk_close(desk);
}

/* If the backup cannot be made, the upgrade changes nothing. */
Test(upgrade, without_a_backup_does_not_happen)
{
	bool done;

	make_production(true);
	for (int i = 1; i < 100; i++) {
		const char *name = i > 1 ? arena_printf(&f.arena, "%s-before-%d-%d", path, STORE_SCHEMA_VERSION, i)
					 : arena_printf(&f.arena, "%s-before-%d", path, STORE_SCHEMA_VERSION);

		temp_write(name, "mine", 4);
	}
	cr_expect_neq(upgrade_as(NULL, false, &done), ERR_OK);
	expect_says("move them to another folder");
	expect_text(schema_of(path), "3");
}
