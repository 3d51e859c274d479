#include "sqlite_internal.h"
#include "kybdesk/base/strbuf.h"

#include <limits.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#define ROLLBACK_TRIES 1000

static struct sqlite_db *sqlite_db_of(struct db *db)
{
	return (struct sqlite_db *)db;
}

enum err sqlite_run(struct sqlite_db *db, const char *text, const char *what, struct error *error)
{
	int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
	return code == SQLITE_OK ? ERR_OK : sqlite_set_error(db, db->handle, what ? what : text, code, error);
}

/* Rolls back the open transaction, if any. If a statement was interrupted, the interrupt can also stop the ROLLBACK,
 * and lasts until no statement runs. So the ROLLBACK is tried again: otherwise the transaction would stay open. */
void sqlite_roll_back(struct sqlite_db *db)
{
	/* If the disk was full or a statement was interrupted, SQLite may have rolled back the transaction already. */
	for (int i = 0; i < ROLLBACK_TRIES && !sqlite3_get_autocommit(db->handle); i++)
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	sqlite_leave_group(db);
}

static enum err begin(struct db *base, enum db_begin mode, struct error *error)
{
	struct sqlite_db *db = sqlite_db_of(base);
	enum err err;

	sqlite_roll_back(db);
	if (mode == DB_READ)
		return sqlite_run(db, "BEGIN", NULL, error);
	if (db->readonly)
		return error_set(error, ERR_STORE, "store %s was opened for reading only", db->path);
	sqlite_enter_group(db);
	int code = sqlite_take_lock(db);
	if (code != SQLITE_OK) {
		err = sqlite_set_error(db, db->handle, "BEGIN IMMEDIATE", code, error);
		sqlite_leave_group(db);
		return err;
	}
	sqlite_mark_begin(db);
	return ERR_OK;
}

static void rollback(struct db *base)
{
	sqlite_roll_back(sqlite_db_of(base));
}

static enum err commit(struct db *base, struct error *error)
{
	struct sqlite_db *db = sqlite_db_of(base);
	if (sqlite3_get_autocommit(db->handle)) {
		sqlite_leave_group(db);
		return error_set(error, ERR_STORE,
				 "store %s rolled back the transaction after a failure; nothing was changed, try again",
				 db->path);
	}
	bool writes = sqlite3_txn_state(db->handle, "main") == SQLITE_TXN_WRITE;
	db->commit_frames = 0;
	enum err err = sqlite_run(db, "COMMIT", NULL, error);
	if (err)
		rollback(base);
	if (writes)
		base->is_commit_unsure = err != ERR_OK;
	sqlite_leave_group(db);
	if (!err && writes)
		err = sqlite_make_durable(db, error);
	if (!err && !db->skips_sync)
		sqlite_mark_commit(db, db->commit_frames);
	if (db->trims_log)
		db->trims_log = sqlite_limit_log(db->handle, SQLITE_LOG_BYTES) != SQLITE_OK;
	return err;
}

static enum err savepoint(struct db *base, enum db_savepoint what, struct error *error)
{
	struct sqlite_db *db = sqlite_db_of(base);
	enum err err;

	switch (what) {
	case DB_SAVEPOINT_BEGIN:
		return sqlite_run(db, "SAVEPOINT part", NULL, error);
	case DB_SAVEPOINT_LEAVE:
	case DB_SAVEPOINT_KEEP:
		return sqlite_run(db, "RELEASE part", NULL, error);
	case DB_SAVEPOINT_ROLL_BACK:
		err = sqlite_run(db, "ROLLBACK TO part", NULL, error);
		return err ? err : sqlite_run(db, "RELEASE part", NULL, error);
	}
	BUG("%u is not an operation on a savepoint", (unsigned)what);
}

/* Replaces $1 by ?1. In SQLite, $1 would be a name, and get its number from its position in the text; ?1 is always
 * the first parameter. */
static void translate_parameters(struct strbuf *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		if (*at == '\'' || *at == '"') {
			const char *end = strchr(at + 1, *at);
			if (!end)
				BUG("unterminated quote: %s", text);
			strbuf_add(out, at, (size_t)(end - at) + 1);
			at = end;
		} else if (*at == '$' && at[1] >= '1' && at[1] <= '9') {
			strbuf_addch(out, '?');
		} else {
			strbuf_addch(out, *at);
		}
	}
}

static enum err prepare(struct db *base, const char *name, const char *text, void **out, struct error *error)
{
	enum err err = ERR_OK;
	struct sqlite_db *db = sqlite_db_of(base);
	struct strbuf translated = STRBUF_INIT;
	sqlite3_stmt *handle = NULL;
	const char *rest = NULL;
	*out = NULL;
	translate_parameters(&translated, text);
	if (translated.len > INT_MAX)
		BUG("statement %s is too long", name);
	db->writes_store = db->writes_captured_rows = false;
	int code = sqlite3_prepare_v3(db->handle, translated.buf, (int)translated.len + 1, SQLITE_PREPARE_PERSISTENT,
				      &handle, &rest);
	if (code != SQLITE_OK) {
		/* SQLITE_ERROR: the statement does not match the schema, so the message names the statement. Other
		 * errors are about the file of the store. */
		if ((code & 0xff) == SQLITE_ERROR)
			err = error_set(error, ERR_STORE, "store %s refused the statement %s: %s", db->path, name,
					sqlite3_errmsg(db->handle));
		else
			err = sqlite_set_error(db, db->handle, name, code, error);
		goto out;
	}
	if (!handle || (rest && rest[strspn(rest, " \t\n;")] != '\0'))
		BUG("statement %s is not exactly one statement", name);
	struct sqlite_statement *statement = xcalloc(1, sizeof *statement);
	statement->db = db;
	statement->handle = handle;
	statement->name = xstrdup(name);
	statement->parameter_count = sqlite3_bind_parameter_count(handle);
	statement->column_count = sqlite3_column_count(handle);
	statement->readonly = !db->writes_store;
	statement->skips_capture = !db->writes_captured_rows;
	*out = statement;
out:
	strbuf_release(&translated);
	return err;
}

static void finalize(void *context)
{
	struct sqlite_statement *statement = context;
	(void)sqlite3_finalize(statement->handle);
	free(statement->name);
	free(statement);
}

static void bind(void *context, int at, const struct db_value *value)
{
	struct sqlite_statement *statement = context;
	if (statement->has_started)
		BUG("statement %s: parameter $%d bound while it runs", statement->name, at);
	if (at < 1 || at > statement->parameter_count)
		BUG("statement %s has no parameter $%d", statement->name, at);
	if (at <= 64)
		statement->bound_bits |= UINT64_C(1) << (at - 1);
	int code = sqlite_bind(statement->handle, at, value);
	if (code != SQLITE_OK)
		BUG("statement %s: parameter $%d: %s", statement->name, at, sqlite3_errstr(code));
}

static void assert_can_run(const struct sqlite_statement *statement)
{
	uint64_t needed =
		statement->parameter_count >= 64 ? UINT64_MAX : (UINT64_C(1) << statement->parameter_count) - 1;
	if (statement->bound_bits != needed)
		BUG("statement %s runs with a parameter that was not bound", statement->name);
	if (!statement->readonly && !statement->db->base.writing)
		BUG("statement %s writes outside a write transaction", statement->name);
}

static enum err step(struct db *base, void *context, bool *row, struct error *error)
{
	struct sqlite_db *db = sqlite_db_of(base);
	struct sqlite_statement *statement = context;
	*row = false;
	if (!statement->has_started)
		assert_can_run(statement);
	/* If SQLite has rolled back the transaction after a failure, later statements of the transaction must not
	 * run on their own. */
	if (!statement->readonly && sqlite3_get_autocommit(db->handle))
		return error_set(error, ERR_STORE,
				 "store %s rolled back the transaction after a failure; nothing was changed, try again",
				 db->path);
	statement->has_started = true;
	db->skips_capture = statement->skips_capture;
	int code = sqlite3_step(statement->handle);
	db->skips_capture = false;
	if (code == SQLITE_ROW) {
		*row = true;
		return ERR_OK;
	}
	return code == SQLITE_DONE ? ERR_OK : sqlite_set_error(db, db->handle, statement->name, code, error);
}

static void reset(void *context)
{
	struct sqlite_statement *statement = context;
	(void)sqlite3_reset(statement->handle);
	/* Texts are bound without a copy, so they may be invalid at the next run. */
	(void)sqlite3_clear_bindings(statement->handle);
	statement->bound_bits = 0;
	statement->has_started = false;
}

static sqlite3_stmt *handle_of(void *context, int column)
{
	const struct sqlite_statement *statement = context;
	if (column < 0 || column >= statement->column_count)
		BUG("statement %s has no column %d", statement->name, column);
	return statement->handle;
}

static bool is_null(void *context, int column)
{
	return sqlite3_column_type(handle_of(context, column), column) == SQLITE_NULL;
}

static int64_t get_int(void *context, int column)
{
	return sqlite3_column_int64(handle_of(context, column), column);
}

static double get_real(void *context, int column)
{
	return sqlite3_column_double(handle_of(context, column), column);
}

static const void *get_bytes(void *context, int column, size_t *length)
{
	/* Finds the column once, not for each of three calls; safe because no other thread uses the connection. */
	sqlite3_value *value = sqlite3_column_value(handle_of(context, column), column);
	const void *bytes = sqlite3_value_type(value) == SQLITE_BLOB ? sqlite3_value_blob(value)
								     : (const void *)sqlite3_value_text(value);
	*length = bytes ? (size_t)sqlite3_value_bytes(value) : 0;
	return bytes ? bytes : "";
}

static int column_type(void *context, int column)
{
	switch (sqlite3_column_type(handle_of(context, column), column)) {
	case SQLITE_INTEGER:
		return 'i';
	case SQLITE_FLOAT:
		return 'r';
	case SQLITE_TEXT:
		return 't';
	case SQLITE_BLOB:
		return 'b';
	default:
		return 'n';
	}
}

static int column_count(void *context)
{
	const struct sqlite_statement *statement = context;

	return statement->column_count;
}

static const char *column_name(void *context, int column)
{
	return sqlite3_column_name(handle_of(context, column), column);
}

static enum err run_script(struct db *base, const char *script, struct error *error)
{
	return sqlite_run(sqlite_db_of(base), script, "a migration", error);
}

static int64_t changed_row_count(struct db *base)
{
	return sqlite3_changes64(sqlite_db_of(base)->handle);
}

static int64_t inserted_id(struct db *base)
{
	return sqlite3_last_insert_rowid(sqlite_db_of(base)->handle);
}

static int64_t data_version(struct db *base)
{
	struct sqlite_db *db = sqlite_db_of(base);
	int64_t version = 0;
	if (!db->data_version && sqlite3_prepare_v3(db->handle, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT,
						    &db->data_version, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(db->data_version) == SQLITE_ROW)
		version = sqlite3_column_int64(db->data_version, 0);
	(void)sqlite3_reset(db->data_version);
	return version;
}

/* Reads the version of the schema. The prepared statement is kept, because each write transaction reads the version. */
static enum err get_schema_version(struct db *base, int64_t *version, struct error *error)
{
	struct sqlite_db *db = sqlite_db_of(base);
	enum err err = ERR_OK;
	int code = db->user_version ? SQLITE_OK
				    : sqlite3_prepare_v3(db->handle, "PRAGMA user_version", -1,
							 SQLITE_PREPARE_PERSISTENT, &db->user_version, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(db->user_version);
	if (code == SQLITE_ROW)
		*version = sqlite3_column_int64(db->user_version, 0);
	else
		err = sqlite_set_error(db, db->handle, "user_version", code, error);
	(void)sqlite3_reset(db->user_version);
	return err;
}

/* Call in the transaction of a migration, so that version and identity are stored together with the tables or not
 * at all. */
static enum err set_schema_version(struct db *base, int64_t version, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	strbuf_addf(&text, "PRAGMA user_version = %lld; PRAGMA application_id = %d", (long long)version,
		    SQLITE_APPLICATION_ID);
	enum err err = sqlite_run(sqlite_db_of(base), text.buf, NULL, error);
	strbuf_release(&text);
	return err;
}

static enum err set_durable(struct db *base, bool durable, struct error *error)
{
	sqlite_db_of(base)->skips_sync = !durable;
	sqlite_set_copying(sqlite_db_of(base), !durable);
	return sqlite_run(sqlite_db_of(base), durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
			  NULL, error);
}

#define PAGE_CACHE_DEFAULT_KIB 2000 /* SQLite's default */

static enum err set_cache_size(struct db *base, int64_t kib, struct error *error)
{
	char text[64];

	(void)snprintf(text, sizeof text, "PRAGMA cache_size = -%lld", (long long)(kib ? kib : PAGE_CACHE_DEFAULT_KIB));
	return sqlite_run(sqlite_db_of(base), text, NULL, error);
}

/* Whether the file ends within a page: SQLite writes only whole pages, and would read zeroes for the missing part,
 * without an error. The size is read through SQLite's own file handle, since closing another handle of the
 * file would release SQLite's locks. */
static bool has_partial_page(struct sqlite_db *db, int64_t *size)
{
	sqlite3_file *file = NULL;
	sqlite3_int64 length = 0;
	uint8_t header[18];
	int64_t page;

	if (sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK || !file ||
	    !file->pMethods || file->pMethods->xFileSize(file, &length) != SQLITE_OK ||
	    file->pMethods->xRead(file, header, sizeof header, 0) != SQLITE_OK)
		return false;
	page = header[16] << 8 | header[17];
	page = page == 1 ? 65536 : page;
	*size = length;
	return page > 0 && length % page != 0;
}

static enum err check_text_index(struct db *base, bool *whole, struct error *error)
{
	static const char check[] = "INSERT INTO session_text (session_text) VALUES ('integrity-check')";
	struct sqlite_db *db = sqlite_db_of(base);
	int code = sqlite3_exec(db->handle, check, NULL, NULL, NULL);

	*whole = (code & 0xff) != SQLITE_CORRUPT;
	return code == SQLITE_OK || !*whole ? ERR_OK : sqlite_set_error(db, db->handle, check, code, error);
}

static enum err rebuild_text_index(struct db *base, struct error *error)
{
	return sqlite_run(sqlite_db_of(base), "INSERT INTO session_text (session_text) VALUES ('rebuild')", NULL,
			  error);
}

static enum err overwrite_deleted(struct db *base, struct error *error)
{
	return sqlite_run(sqlite_db_of(base), "PRAGMA secure_delete = ON", NULL, error);
}

#define MERGED_PAGES 2000 /* pages merged in one step: 8 MB */

/* Merges the parts of the full-text index by one step. By the documentation of fts5, a negative number begins a
 * merge of all parts, and a merge that changes fewer than two rows has finished. */
static enum err merge_text_index(struct db *base, bool first, bool *done, struct error *error)
{
	struct sqlite_db *db = sqlite_db_of(base);
	sqlite3_int64 before = sqlite3_total_changes64(db->handle);
	char merge[96];
	enum err err;

	(void)snprintf(merge, sizeof merge, "INSERT INTO session_text (session_text, rank) VALUES ('merge', %d)",
		       first ? -MERGED_PAGES : MERGED_PAGES);
	err = sqlite_run(db, merge, NULL, error);
	*done = sqlite3_total_changes64(db->handle) - before < 2;
	return err;
}

static enum err check_integrity(struct db *base, struct arena *arena, const char ***problems, size_t *count,
				struct error *error)
{
	static const char *const checks[] = { "PRAGMA integrity_check(100)", "PRAGMA foreign_key_check" };
	struct sqlite_db *db = sqlite_db_of(base);
	size_t capacity = 0;
	int64_t size = 0;
	*problems = NULL;
	*count = 0;
	if (has_partial_page(db, &size))
		*ARENA_PUSH(arena, *problems, *count, capacity) =
			arena_printf(arena, "the file was cut: its %lld bytes end within a page", (long long)size);
	for (size_t i = 0; i < 2; i++) {
		sqlite3_stmt *handle = NULL;
		int code = sqlite3_prepare_v2(db->handle, checks[i], -1, &handle, NULL);
		while (code == SQLITE_OK || code == SQLITE_ROW) {
			code = sqlite3_step(handle);
			if (code != SQLITE_ROW)
				break;
			const char *text = (const char *)sqlite3_column_text(handle, 0);
			if (i == 0 && text && strcmp(text, "ok") == 0)
				continue;
			*ARENA_PUSH(arena, *problems, *count, capacity) =
				i == 0 ? arena_strdup(arena, text)
				       : arena_printf(arena, "%s row %lld points to a missing row of %s",
						      text ? text : "?", (long long)sqlite3_column_int64(handle, 1),
						      (const char *)sqlite3_column_text(handle, 2));
		}
		enum err err = ERR_OK;
		/* If the schema cannot be read, this is a result of the check, not a failure of it. */
		if ((code & 0xff) == SQLITE_ERROR)
			*ARENA_PUSH(arena, *problems, *count, capacity) =
				arena_printf(arena, "the schema is damaged: %s", sqlite3_errmsg(db->handle));
		else if (code != SQLITE_DONE)
			err = sqlite_set_error(db, db->handle, checks[i], code, error);
		(void)sqlite3_finalize(handle);
		if (err)
			return err;
	}
	return ERR_OK;
}

static enum err objects(struct db *base, struct arena *arena, struct db_object **items, size_t *count,
			struct error *error)
{
	static const char list[] = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema "
				   "WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1";
	struct sqlite_db *db = sqlite_db_of(base);
	sqlite3_stmt *handle = NULL;
	size_t capacity = 0;
	int code = sqlite3_prepare_v2(db->handle, list, -1, &handle, NULL);

	*items = NULL;
	*count = 0;
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(handle);
		if (code != SQLITE_ROW)
			break;
		*ARENA_PUSH(arena, *items, *count, capacity) = (struct db_object){
			.name = arena_strdup(arena, (const char *)sqlite3_column_text(handle, 0)),
			.text = arena_strdup(arena, (const char *)sqlite3_column_text(handle, 1)),
		};
	}
	(void)sqlite3_finalize(handle);
	return code == SQLITE_DONE ? ERR_OK : sqlite_set_error(db, db->handle, "the schema", code, error);
}

static void interrupt(struct db *base)
{
	sqlite3_interrupt(sqlite_db_of(base)->handle);
}

const struct db_driver db_driver_sqlite = {
	.name = "sqlite",
	.migrations = "migrations/sqlite",
	.phrases = sqlite_phrases,
	.display_path = sqlite_shown_path,
	.remove_files = sqlite_remove_files,
	.open = sqlite_open,
	.close = sqlite_close,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.savepoint = savepoint,
	.add_match_query = sqlite_add_match,
	.prepare = prepare,
	.finalize = finalize,
	.bind = bind,
	.step = step,
	.reset = reset,
	.is_null = is_null,
	.get_int = get_int,
	.get_real = get_real,
	.get_bytes = get_bytes,
	.column_type = column_type,
	.column_count = column_count,
	.column_name = column_name,
	.run_script = run_script,
	.changed_row_count = changed_row_count,
	.inserted_id = inserted_id,
	.data_version = data_version,
	.get_schema_version = get_schema_version,
	.set_schema_version = set_schema_version,
	.overwrite_killed_commit = sqlite_overwrite_lost_commit,
	.maintain = sqlite_maintain,
	.checkpoint = sqlite_checkpoint,
	.cut_wal = sqlite_empty_log,
	.check_writable = sqlite_check_writable,
	.check_text_index = check_text_index,
	.rebuild_text_index = rebuild_text_index,
	.overwrite_deleted = overwrite_deleted,
	.merge_text_index = merge_text_index,
	.check_integrity = check_integrity,
	.objects = objects,
	.tables = sqlite_list_tables,
	.fill_begin = sqlite_fill_begin,
	.fill_table = sqlite_fill_table,
	.fill_row = sqlite_fill_row,
	.fill_end = sqlite_fill_end,
	.open_scratch = sqlite_open_model,
	.close_scratch = sqlite_close_model,
	.files = sqlite_files,
	.owns_file = sqlite_owns_file,
	.library = sqlite_describe_library,
	.set_durable = set_durable,
	.set_cache_size = set_cache_size,
	.blocks_writers = sqlite_blocks_writers,
	.backup = sqlite_backup,
	.set_heartbeat = sqlite_set_heartbeat,
	.heartbeat_until = sqlite_heartbeat_until,
	.interrupt = interrupt,
};
