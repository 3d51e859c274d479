/* Copies rows unchanged from another database. */
#include "sqlite_internal.h"
#include "kybdesk/base/strbuf.h"

#include <string.h>

/* The full-text index has its own tables; it is read and filled through its virtual table. */
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

static const char *text_of_column(const char *table, const char *column)
{
	return !strcmp(table, "session_text") && !strcmp(column, "session_id") ? "rowid" : column;
}

/* place: the column's place in the primary key, from 1; 0: not in the key. */
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
		.text = arena_strdup(arena, text_of_column(name, column)),
	};
}

enum err sqlite_tables(struct db *base, struct arena *arena, struct db_table **items, size_t *count,
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
				   (const char *)sqlite3_column_text(handle, 1),
				   (size_t)sqlite3_column_int(handle, 2));
	}
	(void)sqlite3_finalize(handle);
	*items = list.items;
	*count = list.count;
	return code == SQLITE_DONE ? ERR_OK : sqlite_failed(db, db->handle, "the tables", code, error);
}

enum err sqlite_fill_begin(struct db *base, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;

	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	db->fills = true;
	return sqlite_run(db, "PRAGMA defer_foreign_keys = ON", "filling", error); /* until the commit */
}

static void end_table(struct sqlite_db *db)
{
	(void)sqlite3_finalize(db->filling);
	db->filling = NULL;
}

enum err sqlite_fill_table(struct db *base, const struct db_table *table, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	struct strbuf text = STRBUF_INIT;
	enum err err;
	int code;

	end_table(db);
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
	db->filling_columns = table->count;
	if (!err) {
		code = sqlite3_prepare_v2(db->handle, text.buf, -1, &db->filling, NULL);
		err = code == SQLITE_OK ? ERR_OK : sqlite_failed(db, db->handle, table->name, code, error);
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
	case 'b': /* a NULL pointer would bind NULL instead of an empty blob */
		return sqlite3_bind_blob64(handle, at, value->length ? value->bytes : "", value->length,
					   SQLITE_STATIC);
	default:
		return sqlite3_bind_null(handle, at);
	}
}

enum err sqlite_fill_row(struct db *base, const struct db_value *values, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	int code = SQLITE_OK;

	for (size_t i = 0; code == SQLITE_OK && i < db->filling_columns; i++)
		code = sqlite_bind(db->filling, (int)i + 1, &values[i]);
	if (code == SQLITE_OK)
		code = sqlite3_step(db->filling);
	(void)sqlite3_reset(db->filling);
	return code == SQLITE_DONE ? ERR_OK : sqlite_failed(db, db->handle, "filling", code, error);
}

/* The commit checks for references to missing rows. */
enum err sqlite_fill_end(struct db *base, bool keep, struct error *error)
{
	struct sqlite_db *db = (struct sqlite_db *)base;

	(void)keep;
	(void)error;
	end_table(db);
	db->fills = false;
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
	return ERR_OK;
}
