#include "old_store.h"
#include "process.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>

void old_store_bring(const char *path)
{
	char *text = temp_read(KYB_SOURCE_DIR "/tests/store/old/0003.sql", NULL), *message = NULL;
	sqlite3 *db = NULL;
	cr_assert(text);
	cr_assert_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)NULL);
	cr_assert_eq(sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, &message), SQLITE_OK, "%s", message);
	cr_assert_eq(sqlite3_exec(db, text, NULL, NULL, &message), SQLITE_OK, "%s", message);
	cr_assert_eq(sqlite3_close(db), SQLITE_OK);
	cr_assert_eq(chmod(path, 0600), 0);
}
