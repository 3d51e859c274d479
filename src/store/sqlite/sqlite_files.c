#include "sqlite_internal.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Suffixes of the store's file (none), of the files that SQLite keeps next to it, and of the mark (sqlite_mark.c). */
static const char *const endings[] = { "", "-wal", "-shm", "-journal", "-mark" };
#define ENDING_COUNT (sizeof endings / sizeof *endings)

static bool has_key_file(const char *path)
{
	struct arena arena = ARENA_INIT;
	bool has = file_exists(arena_printf(&arena, "%s" KEY_SUFFIX, path));

	arena_release(&arena);
	return has;
}

/* Paths of the documents and of the key. SQLite keeps its log next to the real file, even if the store is opened
 * through a symbolic link; documents and key are next to the real file, too. If only the symbolic link has a key
 * next to it, which an older version of the program has left, this key is used. */
enum err sqlite_files(struct db *base, struct db_files *out, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;

	*out = (struct db_files){ .documents = realpath(db->path, NULL) };
	if (!out->documents)
		return error_set(error, ERR_STORE, "store %s cannot be opened: %s", db->path, strerror(errno));
	out->key = xstrdup(has_key_file(out->documents) || !has_key_file(db->path) ? out->documents : db->path);
	return ERR_OK;
}

char *sqlite_shown_path(const char *path)
{
	return xstrdup(path);
}

void sqlite_remove_files(const char *path)
{
	struct arena arena = ARENA_INIT;

	for (size_t i = 0; i < ENDING_COUNT; i++)
		(void)unlink(arena_printf(&arena, "%s%s", path, endings[i]));
	arena_release(&arena);
}

bool sqlite_owns_file(struct db *base, const char *path)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	struct arena arena = ARENA_INIT;
	char *real = realpath(db->path, NULL);
	bool owns = false;

	for (size_t i = 0; real && !owns && i < ENDING_COUNT; i++)
		owns = file_is_same(path, arena_printf(&arena, "%s%s", real, endings[i]));
	free(real);
	arena_release(&arena);
	return owns;
}

enum err sqlite_open_model(struct db *base, struct db **model, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	const char *temporary = world_environment(db->world, "TMPDIR");
	struct arena arena = ARENA_INIT;
	struct db_options options = { .create = true, .world = db->world };
	char *folder = arena_printf(&arena, "%s/kybdesk-doctor-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	enum err err = ERR_OK;

	*model = NULL;
	if (!mkdtemp(folder))
		err = error_set(error, ERR_INTERNAL, "a temporary folder cannot be made: %s", strerror(errno));
	options.path = path_join(&arena, folder, "model.db");
	if (!err) {
		err = db_open(base->driver, &options, model, error);
		if (err) {
			(void)unlink(options.path);
			(void)rmdir(folder);
		}
	}
	arena_release(&arena);
	return err;
}

void sqlite_close_model(struct db *model)
{
	struct arena arena = ARENA_INIT;
	const char *path;

	if (!model)
		return;
	path = arena_strdup(&arena, ((const struct sqlite_db *)model)->path);
	db_close(model);
	sqlite_remove_files(path);
	(void)rmdir(path_folder(&arena, path));
	arena_release(&arena);
}

static enum err backup_into(struct sqlite_db *db, sqlite3 *reader, const char *path, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(reader, "VACUUM INTO ?1", -1, &statement, NULL);
	enum err err = ERR_OK;

	if (code == SQLITE_OK)
		code = sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code != SQLITE_DONE)
		err = sqlite_set_error(db, reader, "the backup", code, error);
	(void)sqlite3_finalize(statement);
	return err;
}

/* Makes the backup through a second connection: so the backup does not contain the changes of an open write
 * transaction. */
static enum err backup_by_second_reader(struct sqlite_db *db, const char *path, struct error *error)
{
	sqlite3 *reader = NULL;
	int code = sqlite3_open_v2(db->file, &reader,
				   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	enum err err;

	if (code == SQLITE_OK)
		code = sqlite_configure(db, reader);
	err = code == SQLITE_OK ? backup_into(db, reader, path, error)
				: sqlite_set_error(db, reader, "the backup", code, error);
	(void)sqlite3_close(reader);
	return err;
}

static enum err set_system_error(const char *path, struct error *error)
{
	return error_set(error, ERR_STORE, "%s: %s", path, strerror(errno));
}

static enum err sync_path(const char *path, int flags, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	enum err err = fd < 0 || fsync(fd) != 0 ? set_system_error(path, error) : ERR_OK;

	if (fd >= 0)
		(void)close(fd);
	return err;
}

/* Makes a backup that is either complete under its name, or absent. If the process is killed, a file with a
 * temporary name is left, which the next backup removes. */
enum err sqlite_backup(struct db *base, const char *path, struct error *error)
{
	struct arena arena = ARENA_INIT;
	const char *part = arena_printf(&arena, "%s.part", path);
	int fd;
	enum err err = ERR_OK;

	(void)unlink(part);
	fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || close(fd) != 0)
		err = set_system_error(part, error);
	if (!err)
		err = backup_by_second_reader((struct sqlite_db *)base, part, error);
	if (!err)
		err = sync_path(part, 0, error);
	if (!err && link(part, path) != 0)
		err = set_system_error(path, error);
	if (fd >= 0)
		(void)unlink(part);
	if (!err)
		err = sync_path(path_folder(&arena, path), O_DIRECTORY, error);
	if (err)
		error_prefix(error, "The backup before the upgrade could not be made");
	arena_release(&arena);
	return err;
}

enum err sqlite_check_writable(struct db *base, struct error *error)
{
	const struct sqlite_db *db = (const struct sqlite_db *)base;
	struct arena arena = ARENA_INIT;
	char *real = realpath(db->path, NULL);
	enum err err = ERR_OK;

	if (!real || access(real, W_OK) != 0)
		err = error_set(error, ERR_STORE, "The store %s cannot be written: %s", db->path, strerror(errno));
	if (!err)
		err = folder_check_space(path_folder(&arena, real), error);
	free(real);
	arena_release(&arena);
	return err;
}

/* --- filling: copies rows unchanged from another database --- */

/* Lists the columns of all tables to copy. The full-text index consists of several tables, so it is read and filled
 * through its virtual table session_text. */
static const char column_list[] =
	"SELECT t.name, c.name, c.pk, c.cid FROM pragma_table_list AS t, pragma_table_xinfo(t.name) AS c "
	"WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND c.hidden = "
	"0 "
	"UNION ALL SELECT 'session_text', 'session_id', 1, 0 UNION ALL SELECT 'session_text', 'body', 0, 1 ORDER "
	"BY 1, 4";

struct table_list {
	struct arena *arena;
	struct db_table *items;
	size_t count, capacity, column_capacity;
};

/* Adds a column to the list of its table. place: position of the column in the primary key, from 1; 0: the column
 * is not in the key. */
static void add_column(struct table_list *list, const char *name, const char *column, size_t place)
{
	struct arena *arena = list->arena;
	struct db_table *table = list->count ? &list->items[list->count - 1] : NULL;

	if (!table || strcmp(table->name, name) != 0) {
		table = ARENA_PUSH(arena, list->items, list->count, list->capacity);
		*table = (struct db_table){ .name = arena_strdup(arena, name) };
		list->column_capacity = 0;
	}
	if (place) {
		size_t *keys =
			arena_alloc_array(arena, place > table->key_count ? place : table->key_count, sizeof *keys);

		if (table->key_count)
			memcpy(keys, table->keys, table->key_count * sizeof *keys);
		keys[place - 1] = table->count;
		table->keys = keys;
		table->key_count = place > table->key_count ? place : table->key_count;
	}
	*ARENA_PUSH(arena, table->columns, table->count, list->column_capacity) = (struct db_column){
		.name = arena_strdup(arena, column),
		.text = arena_strdup(arena,
				     !strcmp(name, "session_text") && !strcmp(column, "session_id") ? "rowid" : column),
	};
}

enum err sqlite_list_tables(struct db *base, struct arena *arena, struct db_table **items, size_t *count,
			    struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	struct table_list list = { .arena = arena };
	sqlite3_stmt *handle = NULL;
	int code = sqlite3_prepare_v2(db->handle, column_list, -1, &handle, NULL);

	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(handle);
		if (code == SQLITE_ROW)
			add_column(&list, (const char *)sqlite3_column_text(handle, 0),
				   (const char *)sqlite3_column_text(handle, 1), (size_t)sqlite3_column_int(handle, 2));
	}
	(void)sqlite3_finalize(handle);
	*items = list.items;
	*count = list.count;
	return code == SQLITE_DONE ? ERR_OK : sqlite_set_error(db, db->handle, "the tables", code, error);
}

enum err sqlite_fill_begin(struct db *base, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;

	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	db->is_bulk_copy = true;
	/* Foreign keys are checked at the commit, not for each row */
	return sqlite_run(db, "PRAGMA defer_foreign_keys = ON", "filling", error);
}

static void end_table_fill(struct sqlite_db *db)
{
	(void)sqlite3_finalize(db->fill_statement);
	db->fill_statement = NULL;
}

enum err sqlite_fill_table(struct db *base, const struct db_table *table, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	struct strbuf text = STRBUF_INIT;
	enum err err;
	int code;

	end_table_fill(db);
	if (!table)
		return ERR_OK;
	strbuf_addf(&text, "DELETE FROM %s", table->name);
	err = sqlite_run(db, text.buf, "filling", error);
	strbuf_reset(&text);
	strbuf_addf(&text, "INSERT INTO %s (", table->name);
	for (size_t i = 0; i < table->count; i++)
		strbuf_addf(&text, "%s%s", i ? ", " : "", table->columns[i].text);
	strbuf_adds(&text, ") VALUES (");
	for (size_t i = 0; i < table->count; i++)
		strbuf_adds(&text, i ? ", ?" : "?");
	strbuf_addch(&text, ')');
	db->fill_column_count = table->count;
	if (!err) {
		code = sqlite3_prepare_v2(db->handle, text.buf, -1, &db->fill_statement, NULL);
		err = code == SQLITE_OK ? ERR_OK : sqlite_set_error(db, db->handle, table->name, code, error);
	}
	strbuf_release(&text);
	return err;
}

int sqlite_bind(sqlite3_stmt *handle, int at, const struct db_value *value)
{
	switch (value->type) {
	case 'i':
		return sqlite3_bind_int64(handle, at, value->number);
	case 'r':
		return sqlite3_bind_double(handle, at, value->real);
	case 't':
		return sqlite3_bind_text64(handle, at, value->bytes, value->length, SQLITE_STATIC, SQLITE_UTF8);
	case 'b': /* for an empty blob, a NULL pointer would bind NULL */
		return sqlite3_bind_blob64(handle, at, value->length ? value->bytes : "", value->length, SQLITE_STATIC);
	default:
		return sqlite3_bind_null(handle, at);
	}
}

enum err sqlite_fill_row(struct db *base, const struct db_value *values, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	int code = SQLITE_OK;

	for (size_t i = 0; code == SQLITE_OK && i < db->fill_column_count; i++)
		code = sqlite_bind(db->fill_statement, (int)i + 1, &values[i]);
	if (code == SQLITE_OK)
		code = sqlite3_step(db->fill_statement);
	(void)sqlite3_reset(db->fill_statement);
	return code == SQLITE_DONE ? ERR_OK : sqlite_set_error(db, db->handle, "filling", code, error);
}

/* Ends the copying. The commit then checks for references to missing rows. */
enum err sqlite_fill_end(struct db *base, bool keep, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;

	(void)keep;
	(void)error;
	end_table_fill(db);
	db->is_bulk_copy = false;
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	return ERR_OK;
}
