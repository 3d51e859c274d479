#include <criterion/criterion.h>
#include "store/place.h"
#include "support/new_store.h"
#include "support/process.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct db_driver *const place_driver = &db_driver_sqlite;
const char *const place_thing =
	"CREATE TABLE thing (id INTEGER PRIMARY KEY, whole INTEGER, broken REAL, text TEXT, bytes BLOB);";
const char *const place_thing_trigger =
	"CREATE TABLE other (id INTEGER PRIMARY KEY, whole INTEGER); INSERT INTO other VALUES (900, 0); "
	"CREATE TRIGGER thing_other AFTER INSERT ON thing BEGIN INSERT INTO other (whole) VALUES (new.whole); END; "
	"CREATE UNIQUE INDEX thing_whole ON thing (whole)";

const char *const place_orphans = "SELECT count(*) FROM pragma_foreign_key_check";

const char *const place_probe = "EXPLAIN ", *const place_probe_end = "";
const char *const place_session_values =
	"SELECT group_concat('''' || name || '=''||quote(' || name || ')', '||'' ''||') FROM "
	"pragma_table_xinfo('session') WHERE name";
const char *const place_text_writes = "SELECT total_changes()";

const char *place_columns(struct arena *arena, const char *table)
{
	return arena_printf(arena, "SELECT name FROM pragma_table_info('%s')", table);
}

bool place_copied(const char *kind, char **path, const char *data_home, uint64_t *number)
{
	(void)data_home;
	return new_store_copied(kind, *path, number);
}

void place_copy_keep(const char *kind, const char *path, const char *data_home, uint64_t number)
{
	(void)data_home;
	new_store_keep(kind, path, number);
}

char *place_make(const char *folder, const char *name)
{
	return temp_path(folder, name);
}

const char *const *place_environment(const char *folder)
{
	(void)folder;
	return NULL;
}

static sqlite3 *shell_open(const char *path)
{
	sqlite3 *handle = NULL;

	cr_assert_eq(sqlite3_open(path, &handle), SQLITE_OK);
	sqlite3_busy_timeout(handle, 5000);
	return handle;
}

static sqlite3 *kept;
static char *kept_path;

void place_keep(const char *path)
{
	sqlite3_close(kept);
	free(kept_path);
	kept = NULL;
	kept_path = path ? strdup(path) : NULL;
}

const char *place_text(struct arena *arena, const char *path, const char *sql)
{
	bool keeps = kept_path && !strcmp(path, kept_path);
	sqlite3 *handle = keeps && kept ? kept : shell_open(path);
	sqlite3_stmt *statement = NULL;
	const char *out = "";
	int code = sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);

	cr_assert_eq(code, SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(handle));
	if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
		out = arena_strndup(arena, sqlite3_column_blob(statement, 0),
				    (size_t)sqlite3_column_bytes(statement, 0));
	sqlite3_finalize(statement);
	if (keeps)
		kept = handle;
	else
		sqlite3_close(handle);
	return out;
}

static char *bytes_path(struct arena *arena, const char *path, const char *sha256)
{
	return arena_printf(arena, "%s-documents/%.2s/%s", path, sha256, sha256);
}

bool place_has_bytes(const char *path, const char *sha256)
{
	struct arena arena = ARENA_INIT;
	bool has = access(bytes_path(&arena, path, sha256), F_OK) == 0;

	arena_release(&arena);
	return has;
}

void place_lose_bytes(const char *path, const char *sha256)
{
	struct arena arena = ARENA_INIT;

	cr_assert_eq(unlink(bytes_path(&arena, path, sha256)), 0);
	arena_release(&arena);
}

const char *place_key(struct arena *arena, const char *folder, const char *path)
{
	(void)folder;
	return arena_printf(arena, "%s.key", path);
}

bool place_refuses(const char *path, const char *script)
{
	sqlite3 *handle = shell_open(path);
	bool refused = sqlite3_exec(handle, script, NULL, NULL, NULL) != SQLITE_OK;

	sqlite3_close(handle);
	return refused;
}

void shell_run(const char *path, const char *script)
{
	sqlite3 *handle = shell_open(path);
	char *message = NULL;
	cr_assert_eq(sqlite3_exec(handle, script, NULL, NULL, &message), SQLITE_OK, "%s", message);
	cr_assert_eq(sqlite3_close(handle), SQLITE_OK);
}
