/* SQLite only: its settings, its log, the location of the file. */
#include "store/store_support.h"
#include "kybdesk/base/stops.h"
#include "support/process.h"
#include "../../src/store/sqlite/sqlite_internal.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

FIXTURE_OF_TESTS;

static sqlite3 *handle_of(struct store *store)
{
	return ((struct sqlite_db *)store->db)->handle;
}

static int64_t pragma(sqlite3 *handle, const char *text)
{
	sqlite3_stmt *statement = NULL;
	cr_assert_eq(sqlite3_prepare_v2(handle, text, -1, &statement, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static int option(sqlite3 *handle, int which)
{
	int value = -1;
	cr_assert_eq(sqlite3_db_config(handle, which, -1, &value), SQLITE_OK);
	return value;
}

Test(sqlite, each_connection_has_the_settings_that_keep_decisions_safe, .init = set_up, .fini = tear_down)
{
	sqlite3 *handle = handle_of(f.store);
	cr_expect_eq(pragma(handle, "PRAGMA synchronous"), 2);
	cr_expect_eq(pragma(handle, "PRAGMA foreign_keys"), 1);
	cr_expect_eq(pragma(handle, "PRAGMA trusted_schema"), 0);
	cr_expect_eq(pragma(handle, "PRAGMA cell_size_check"), 1);
	cr_expect_eq(pragma(handle, "PRAGMA journal_size_limit"), 8388608);
	cr_expect_eq(pragma(handle, "PRAGMA wal_autocheckpoint"), 0);
	cr_expect_eq(pragma(handle, "PRAGMA application_id"), SQLITE_APPLICATION_ID);
	cr_expect_eq(pragma(handle, "PRAGMA user_version"), STORE_SCHEMA_VERSION);
	cr_expect_eq(option(handle, SQLITE_DBCONFIG_DEFENSIVE), 1);
	cr_expect_eq(option(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE), 1);
	cr_expect_eq(option(handle, SQLITE_DBCONFIG_DQS_DML), 0);
}

/* A closed connection leaves no blocked section: otherwise Ctrl-Z could not stop the process at once (base/stops.h). */
Test(sqlite, a_connection_that_is_closed_holds_up_no_stop)
{
	struct fixture f;
	fixture_init(&f);
	fixture_release(&f);
	cr_expect(suspension_begin(0));
	suspension_end();
}

Test(sqlite, the_versions_with_the_reset_race_are_known)
{
	static const struct {
		int version;
		bool affected;
	} cases[] = {
		{ 3006023, false }, { 3007000, true }, { 3040001, true },  { 3044005, true },  { 3044006, false },
		{ 3044009, false }, { 3045000, true }, { 3049002, true },  { 3050006, true },  { 3050007, false },
		{ 3051000, true },  { 3051002, true }, { 3051003, false }, { 3052000, false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		cr_expect_eq(sqlite_has_reset_race(cases[i].version), cases[i].affected, "%d", cases[i].version);
}

Test(sqlite, network_and_user_space_file_systems_are_refused)
{
	cr_expect_str_eq(sqlite_refused_filesystem(0x6969), "NFS");
	cr_expect_str_eq(sqlite_refused_filesystem(0x517B), "SMB");
	cr_expect_str_eq(sqlite_refused_filesystem(0xFF534D42), "SMB");
	cr_expect_str_eq(sqlite_refused_filesystem(0xFE534D42), "SMB");
	cr_expect_str_eq(sqlite_refused_filesystem(0x65735546), "FUSE");
	cr_expect_null(sqlite_refused_filesystem(0xEF53), "ext4");
	cr_expect_null(sqlite_refused_filesystem(0x9123683E), "btrfs");
	cr_expect_null(sqlite_refused_filesystem(0x58465342), "xfs");
	cr_expect_null(sqlite_refused_filesystem(0x01021994), "tmpfs");
	cr_expect_null(sqlite_refused_filesystem(0x794C7630), "overlayfs");
}

static off_t log_size(const char *path)
{
	struct stat found;
	char log[512];
	snprintf(log, sizeof log, "%s-wal", path);
	return stat(log, &found) == 0 ? found.st_size : 0;
}

/* A table that no transaction reads: store_info is read whole by each that writes. */
static void set_up_much(void)
{
	set_up();
	cr_assert_eq(sqlite3_exec(handle_of(f.store), "CREATE TABLE much (key TEXT PRIMARY KEY, value TEXT)", NULL,
				  NULL, NULL),
		     SQLITE_OK);
}

/* Writes about ten pages in one commit. */
static enum err write_much(struct store *store, int64_t turn, bool maintain)
{
	static const struct sql set = { "test.much", "INSERT INTO much (key, value) VALUES ($1, $2)" };
	struct query *query = NULL;
	char key[64];
	char value[32768];
	snprintf(key, sizeof key, "%ld-%lld", (long)getpid(), (long long)turn);
	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	enum err err = store_begin(store, STORE_WRITE, NULL);
	if (!err)
		err = db_query(store->db, &set, &query, NULL);
	if (err)
		return err;
	query_bind_text(query, 1, key);
	query_bind_text(query, 2, value);
	err = query_run(query, NULL);
	if (!err)
		err = store_commit(store, NULL);
	if (!err && maintain)
		store_maintain(store);
	return err;
}

#define MEGABYTE ((off_t)1 << 20)

Test(sqlite, without_the_maintenance_step_the_log_grows, .init = set_up_much, .fini = tear_down)
{
	for (int64_t turn = 0; turn < 800; turn++)
		cr_assert_eq(write_much(f.store, turn, false), ERR_OK);
	cr_expect_gt(log_size(f.path), 20 * MEGABYTE);
}

Test(sqlite, the_log_stays_bounded_while_several_processes_write, .init = set_up_much, .fini = tear_down)
{
	enum { PROCESSES = 3, TURNS = 500 };
	pid_t children[PROCESSES];
	const char **problems = NULL;
	size_t count = 0;
	store_close(f.store);
	f.store = NULL;
	for (size_t i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			f.world.seed = i + 1;
			struct store *store = fixture_connect(&f, 60000);
			for (int64_t turn = 0; turn < TURNS; turn++)
				if (write_much(store, turn, true))
					_exit(1);
			store_close(store);
			_exit(0);
		}
	}
	for (size_t i = 0; i < PROCESSES; i++) {
		int status = 0;
		cr_assert_eq(waitpid(children[i], &status, 0), children[i]);
		cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	f.store = fixture_connect(&f, 0);
	/* Each of the 3 processes may let the log grow by 1,000 pages (4 MiB) and a few more before the process
	 * copies the log back. */
	cr_expect_lt(log_size(f.path), 14 * MEGABYTE);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM much"), PROCESSES * TURNS);
	OK(&f, store_check_integrity(f.store, &f.arena, &problems, &count, &f.error));
	cr_expect_eq(count, 0);
}

/* Between two commands no process has the store open, so SQLite forgets how much of the log was copied back. */
Test(sqlite, the_log_stays_bounded_when_only_commands_write, .init = set_up_much, .fini = tear_down)
{
	enum { COMMANDS = 58, WRITES = 4 };
	off_t largest = 0;
	store_close(f.store);
	f.store = NULL;
	for (int64_t turn = 0; turn < COMMANDS; turn++) {
		int status = 0;
		pid_t command = fork();
		if (command == 0) {
			struct store *store = fixture_connect(&f, 60000);
			enum err err = ERR_OK;
			for (int64_t i = 0; !err && i < WRITES; i++)
				err = write_much(store, i, true);
			store_close(store);
			_exit(err != ERR_OK);
		}
		cr_assert_eq(waitpid(command, &status, 0), command);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		largest = log_size(f.path) > largest ? log_size(f.path) : largest;
	}
	f.store = fixture_connect(&f, 0);
	cr_expect_lt(largest, 8 * MEGABYTE, "%lld bytes", (long long)largest);
	cr_expect_gt(largest, MEGABYTE, "a test of nothing");
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM much"), COMMANDS * WRITES);
}

Test(sqlite, a_reader_that_stays_does_not_stop_the_writer, .init = set_up_much, .fini = tear_down)
{
	struct store *reader = fixture_connect(&f, 0);
	OK(&f, store_begin(reader, STORE_READ, &f.error));
	const char *value = NULL;
	OK(&f, store_info_get(reader, &f.arena, "id", &value, &f.error));
	for (int64_t turn = 0; turn < 400; turn++)
		cr_assert_eq(write_much(f.store, turn, true), ERR_OK);
	store_rollback(reader);
	store_close(reader);
	for (int64_t turn = 400; turn < 800; turn++)
		cr_assert_eq(write_much(f.store, turn, true), ERR_OK);
	cr_expect_lt(log_size(f.path), 24 * MEGABYTE);
}

Test(sqlite, the_maintenance_step_leaves_the_connection_usable_and_the_lock_free, .init = set_up_much,
     .fini = tear_down)
{
	for (int64_t turn = 0; turn < 200; turn++)
		cr_assert_eq(write_much(f.store, turn, true), ERR_OK);
	struct store *other = fixture_connect(&f, 50);
	OK(&f, store_begin(other, STORE_WRITE, &f.error));
	store_rollback(other);
	store_close(other);
}

Test(sqlite, a_full_disk_is_told_as_such_and_changes_nothing, .init = set_up, .fini = tear_down)
{
	sqlite3 *handle = handle_of(f.store);
	/* If the size of the file is limited, SQLite reports SQLITE_FULL as for a full disk. */
	int64_t pages = pragma(handle, "PRAGMA page_count");
	char text[64];
	snprintf(text, sizeof text, "PRAGMA max_page_count = %lld", (long long)pages + 2);
	(void)pragma(handle, text);
	int64_t before = number_of(&f, "SELECT count(*) FROM store_info");
	char value[65536];
	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	fixture_begin(&f);
	cr_expect_eq(store_info_set(f.store, "big", value, &f.error), ERR_STORE);
	cr_expect(strstr(f.error.message, "disk is full") != NULL, "%s", f.error.message);
	/* After the failure, later statements of the transaction must fail, too. */
	cr_expect_neq(store_info_set(f.store, "small", "x", &f.error), ERR_OK);
	store_rollback(f.store);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM store_info"), before);
	(void)pragma(handle, "PRAGMA max_page_count = 1000000");
	WRITE(&f, store_info_set(f.store, "big", value, &f.error));
}

/* A statement may change any number of rows, as a migration of a large store does, and can be rolled back. */
Test(sqlite, a_statement_that_changes_megabytes_is_no_full_disk, .init = set_up, .fini = tear_down)
{
	struct db *db = f.store->db;
	OK(&f, store_begin(f.store, STORE_WRITE, &f.error));
	OK(&f, db->driver->run_script(db,
				      "CREATE TABLE heap (id INTEGER PRIMARY KEY, body TEXT NOT NULL);"
				      "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 4000)"
				      "INSERT INTO heap SELECT n, hex(zeroblob(900)) FROM n;"
				      "CREATE UNIQUE INDEX heap_body ON heap (body, id);",
				      &f.error));
	OK(&f, store_commit(f.store, &f.error));
	OK(&f, store_begin(f.store, STORE_WRITE, &f.error));
	OK(&f, db->driver->run_script(db, "UPDATE heap SET body = replace(body, '0', '1');", &f.error));
	/* A failed statement rolls back its own changes, and no others. */
	cr_expect_eq(db->driver->run_script(db, "UPDATE heap SET body = CASE id WHEN 4000 THEN NULL ELSE 'x' END;",
					    &f.error),
		     ERR_INTERNAL);
	error_release(&f.error);
	OK(&f, store_commit(f.store, &f.error));
	cr_expect_eq(pragma(handle_of(f.store), "SELECT count(*) FROM heap WHERE body LIKE '1%'"), 4000);
}

Test(sqlite, temporary_tables_need_no_write_transaction, .init = set_up, .fini = tear_down)
{
	struct query *query = NULL;
	OK(&f, db_query_text(f.store->db, "test", "CREATE TEMPORARY TABLE met (a)", &query, &f.error));
	OK(&f, query_run(query, &f.error));
	OK(&f, db_query_text(f.store->db, "test", "INSERT INTO met VALUES (1)", &query, &f.error));
	OK(&f, query_run(query, &f.error));
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM met"), 1);
}
