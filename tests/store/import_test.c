/* The end of an import: rows that were written without waiting for the disk are now durable. */
#include "store/store_support.h"
#include "store/sync_support.h"
#include "support/process.h"
#include "../../src/store/sqlite/sqlite_internal.h"
#include "kybdesk/store/import.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

FIXTURE(import_end);

static unsigned log_syncs;

static void count_of_log(const char *path)
{
	size_t length = strlen(path);
	log_syncs += length > 4 && strcmp(path + length - 4, "-wal") == 0;
}

/* Number of log syncs in one commit of about ten pages. */
static unsigned syncs_of_commit(struct fixture *f, int turn)
{
	char key[32], value[32768];
	unsigned before = log_syncs;
	(void)snprintf(key, sizeof key, "turn-%d", turn);
	memset(value, 'x', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	WRITE(f, store_info_set(f->store, key, value, &f->error));
	return log_syncs - before;
}

static unsigned syncs_of_end(struct fixture *f)
{
	unsigned before = log_syncs;
	OK(f, store_import_end(f->store, &f->error));
	return log_syncs - before;
}

/* Valid pages in the log: not the file's size, which does not shrink. */
static int pages_in_log(struct fixture *f)
{
	int pages = -1, copied = -1;
	sqlite3 *handle = ((struct sqlite_db *)f->store->db)->handle;
	(void)number_of(f, "SELECT count(*) FROM store_info");
	cr_assert_eq(sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &copied), SQLITE_OK);
	return pages;
}

Test(import_end, an_import_waits_for_the_disk_once_and_when_it_ends)
{
	on_sync = count_of_log;
	cr_assert_geq(syncs_of_commit(&f, 0), 1, "syncs are not seen: this is not a trial");
	for (int import = 0; import < 3; import++) {
		OK(&f, store_import_start(f.store, 0, &f.error));
		for (int turn = 1; turn < 5; turn++)
			cr_expect_eq(syncs_of_commit(&f, import * 10 + turn), 0);
		cr_expect_geq(syncs_of_end(&f), 1, "import %d is not on the disk", import);
		cr_expect_geq(syncs_of_commit(&f, import * 10 + 9), 1, "commits after an import are durable again");
	}
}

Test(import_end, one_beside_a_reader_is_on_the_disk_too)
{
	const char *value;
	on_sync = count_of_log;
	struct store *reader = fixture_connect(&f, 0);
	OK(&f, store_import_start(f.store, 0, &f.error));
	cr_expect_eq(syncs_of_commit(&f, 1), 0);
	OK(&f, store_begin(reader, STORE_READ, &f.error));
	OK(&f, store_info_get(reader, &f.arena, "id", &value, &f.error));
	cr_expect_eq(syncs_of_commit(&f, 2), 0);
	cr_expect_geq(syncs_of_end(&f), 2, "once before what could be copied back was, and once after the last commit");
	cr_expect_gt(pages_in_log(&f), 10, "a reader's pages stay");
	store_rollback(reader);
	store_close(reader);
}

Test(import_end, the_log_begins_anew)
{
	struct stat log;
	OK(&f, store_import_start(f.store, 0, &f.error));
	for (int turn = 0; turn < 50; turn++)
		(void)syncs_of_commit(&f, turn);
	OK(&f, store_import_end(f.store, &f.error));
	cr_assert_eq(stat(arena_printf(&f.arena, "%s-wal", f.path), &log), 0);
	cr_expect_lt(log.st_size, 64 * 1024, "the room of %d commits is kept", 50);
	cr_expect_leq(pages_in_log(&f), 4);
	cr_expect_eq(number_of(&f, "SELECT count(*) FROM store_info WHERE key LIKE 'turn-%'"), 50);
	struct store *other = fixture_connect(&f, 50);
	OK(&f, store_begin(other, STORE_WRITE, &f.error));
	store_rollback(other);
	store_close(other);
}
