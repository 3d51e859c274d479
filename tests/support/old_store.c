#include "old_store.h"
#include "process.h"

#include <criterion/criterion.h>
#include <openssl/sha.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static void run(sqlite3 *db, const char *sql)
{
	char *message = NULL;
	cr_assert(sql);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
}

static char *text_of(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	cr_assert_eq(sqlite3_step(statement), SQLITE_ROW);
	char *text = test_text("%s", (const char *)sqlite3_column_text(statement, 0));
	(void)sqlite3_finalize(statement);
	return text;
}

/* Makes the schema of the old program from its migrations, which never change. */
static void make_schema(sqlite3 *db)
{
	static const char *const migrations[] = { "0001_store", "0002_parties", "0003_processing" };
	unsigned char hash[SHA256_DIGEST_LENGTH];
	char hex[17] = "";

	for (size_t i = 0; i < OLD_STORE_SCHEMA; i++)
		run(db, temp_read(test_text("%s/data/migrations/sqlite/%s.sql", KYB_SOURCE_DIR, migrations[i]), NULL));
	const char *schema =
		text_of(db, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY type, name)");
	(void)SHA256((const unsigned char *)schema, strlen(schema), hash);
	for (size_t i = 0; i < 8; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	cr_assert_str_eq(hex, OLD_STORE_HASH, "an old migration was changed: %s", hex);
}

void old_store_bring(const char *path)
{
	sqlite3 *db = NULL;
	cr_assert_eq(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), SQLITE_OK);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, (int *)NULL);
	run(db, "PRAGMA journal_mode = WAL");
	make_schema(db);
	/* Inserts the old rows without the triggers, which would add other rows. */
	const char *triggers = text_of(db, "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger'");
	run(db, text_of(db, "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_schema WHERE type = "
			    "'trigger'"));
	run(db, temp_read(KYB_SOURCE_DIR "/tests/store/old/0003.sql", NULL));
	run(db, triggers);
	cr_assert_eq(sqlite3_close(db), SQLITE_OK);
	cr_assert_eq(chmod(path, 0600), 0);
}
