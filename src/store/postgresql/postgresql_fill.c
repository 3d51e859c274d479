/* Fills the store with rows of another database, unchanged, by COPY in text format. */
#include "postgresql_internal.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FLUSH_BYTES ((size_t)1 << 16)

/* Lists the columns of all tables to copy. The third result is the column's position in the primary key, from 1; 0:
 * the column is not in the key. */
static const char column_list[] =
	"SELECT c.relname, a.attname, coalesce(array_position(CAST(i.indkey AS int2[]), a.attnum) + 1, 0) "
	"FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
	"LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
	"WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 "
	"AND NOT a.attisdropped AND a.attgenerated = '' "
	"AND c.relname NOT IN ('kybdesk_store', 'document_bytes', 'document_mark') "
	"ORDER BY c.relname COLLATE \"C\", a.attnum";

static void add_keys(const PGresult *result, int from, struct arena *arena, struct db_table *table)
{
	table->keys = arena_alloc_array(arena, table->count, sizeof *table->keys);
	for (size_t i = 0; i < table->count; i++) {
		long place = strtol(pq.getvalue(result, from + (int)i, 2), NULL, 10);

		if (place <= 0 || (size_t)place > table->count)
			continue;
		table->keys[place - 1] = i;
		table->key_count++;
	}
}

enum err postgresql_list_tables(struct db *base, struct arena *arena, struct db_table **items, size_t *count,
				struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	size_t capacity = 0;
	enum err err = postgresql_query_rows(db, "the tables", column_list, &result, error);

	*items = NULL;
	*count = 0;
	for (int row = 0, from = 0; !err && row < pq.ntuples(result); from = row) {
		struct db_table table = { .name = arena_strdup(arena, pq.getvalue(result, from, 0)) };
		size_t columns = 0;

		for (; row < pq.ntuples(result) && !strcmp(pq.getvalue(result, row, 0), table.name); row++) {
			const char *name = arena_strdup(arena, pq.getvalue(result, row, 1));

			*ARENA_PUSH(arena, table.columns, table.count, columns) =
				(struct db_column){ .name = name, .text = name };
		}
		add_keys(result, from, arena, &table);
		*ARENA_PUSH(arena, *items, *count, capacity) = table;
	}
	pq.clear(result);
	return err;
}

/* Runs the query `text`, which returns one column of SQL statements, and then runs each of these statements. */
static enum err run_query_results(struct postgresql_db *db, const char *text, struct error *error)
{
	PGresult *result;
	enum err err = postgresql_query_rows(db, "filling", text, &result, error);

	for (int i = 0; !err && i < pq.ntuples(result); i++)
		err = postgresql_run(db, pq.getvalue(result, i, 0), error);
	pq.clear(result);
	return err;
}

#define FROM_FOREIGN_KEYS "FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
#define SELECT_TRIGGER_CHANGES(what)                                                                                   \
	"SELECT format('ALTER TABLE %s " what " TRIGGER USER', oid::regclass) FROM pg_class "                          \
	"WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relhastriggers"

/* Removes the foreign keys before the rows are copied. postgresql_fill_end() adds them again, so that the server
 * checks all rows at once instead of each row. */
enum err postgresql_fill_begin(struct db *base, struct error *error)
{
	static const char made_again[] =
		"SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, "
		"pg_get_constraintdef(oid)) " FROM_FOREIGN_KEYS " ORDER BY conrelid, conname";
	struct postgresql_db *db = (struct postgresql_db *)base;
	PGresult *result;
	enum err err = postgresql_query_rows(db, "filling", made_again, &result, error);

	strbuf_reset(&db->foreign_keys_sql);
	for (int i = 0; !err && i < pq.ntuples(result); i++)
		strbuf_addf(&db->foreign_keys_sql, "%s;", pq.getvalue(result, i, 0));
	pq.clear(result);
	if (!err)
		err = run_query_results(db,
					"SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, "
					"conname) " FROM_FOREIGN_KEYS,
					error);
	return err ? err : run_query_results(db, SELECT_TRIGGER_CHANGES("DISABLE"), error);
}

static enum err report_lost_rows(struct postgresql_db *db, struct error *error)
{
	return postgresql_set_error(db, "filling", NULL, error);
}

static enum err send_rows(struct postgresql_db *db, struct error *error)
{
	bool sent = true;

	if (db->copy_buffer.len > INT_MAX)
		return error_set(error, ERR_STORE, "store %s: a row is too large", db->display_path);
	if (db->copy_buffer.len)
		sent = pq.putCopyData(db->connection, db->copy_buffer.buf, (int)db->copy_buffer.len) == 1 &&
		       postgresql_send_output(db);
	strbuf_reset(&db->copy_buffer);
	return sent ? ERR_OK : report_lost_rows(db, error);
}

/* Ends the COPY of the previous table: only then does the server check the rows of this table. */
static enum err end_table_copy(struct postgresql_db *db, bool keep, struct error *error)
{
	PGresult *result;
	enum err err = ERR_OK;

	if (!db->fill_column_count)
		return ERR_OK;
	db->fill_column_count = 0;
	if (keep)
		err = send_rows(db, error);
	strbuf_reset(&db->copy_buffer);
	if (pq.putCopyEnd(db->connection, keep && !err ? NULL : "given up") != 1)
		return err ? err : report_lost_rows(db, error);
	while ((result = postgresql_get_result(db))) {
		if (!err && keep && pq.resultStatus(result) != PGRES_COMMAND_OK)
			err = postgresql_set_error(db, "filling", result, error);
		pq.clear(result);
	}
	return err;
}

enum err postgresql_fill_table(struct db *base, const struct db_table *table, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	struct strbuf text = STRBUF_INIT;
	PGresult *result;
	enum err err;

	if (!table)
		return end_table_copy(db, true, error);
	strbuf_addf(&text, "DELETE FROM %s", table->name);
	err = postgresql_run(db, text.buf, error);
	strbuf_reset(&text);
	strbuf_addf(&text, "COPY %s (", table->name);
	for (size_t i = 0; i < table->count; i++)
		strbuf_addf(&text, "%s%s", i ? ", " : "", table->columns[i].text);
	strbuf_adds(&text, ") FROM STDIN");
	if (!err) {
		result = postgresql_exec(db, text.buf);
		if (pq.resultStatus(result) != PGRES_COPY_IN)
			err = postgresql_set_error(db, table->name, result, error);
		pq.clear(result);
	}
	if (!err) {
		db->fill_column_count = table->count;
		db->changed = true;
	}
	strbuf_release(&text);
	return err;
}

/* Adds a text in the format of COPY: escapes the backslash, and the characters that separate values and rows. */
static void add_text(struct strbuf *out, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		char c = bytes[i];

		if (c == '\\' || c == '\t' || c == '\n' || c == '\r') {
			strbuf_addch(out, '\\');
			c = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\';
		}
		strbuf_addch(out, c);
	}
}

static void add_bytes(struct strbuf *out, const uint8_t *bytes, size_t length)
{
	strbuf_adds(out, "\\\\x");
	for (size_t i = 0; i < length; i++)
		strbuf_addf(out, "%02x", bytes[i]);
}

enum err postgresql_fill_row(struct db *base, const struct db_value *values, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	struct strbuf *out = &db->copy_buffer;

	for (size_t i = 0; i < db->fill_column_count; i++) {
		const struct db_value *value = &values[i];

		if (i)
			strbuf_addch(out, '\t');
		switch (value->type) {
		case 'i':
			strbuf_addf(out, "%" PRId64, value->number);
			break;
		case 'r':
			strbuf_addf(out, "%.17g", value->real);
			break;
		case 't':
			add_text(out, value->bytes, value->length);
			break;
		case 'b':
			add_bytes(out, value->bytes, value->length);
			break;
		default:
			strbuf_adds(out, "\\N");
		}
	}
	strbuf_addch(out, '\n');
	return out->len < FLUSH_BYTES ? ERR_OK : send_rows(db, error);
}

/* Sets the sequences, so that new rows get ids after the ids of the copied rows; ANALYZE updates the planner's row
 * counts. */
static const char after_all[] =
	"DO $$ DECLARE t record; BEGIN "
	"FOR t IN SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
	"WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attidentity <> '' LOOP "
	"EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %I', "
	"quote_ident(t.relname), t.attname, t.attname, t.relname); "
	"END LOOP; END $$; ANALYZE";

enum err postgresql_fill_end(struct db *base, bool keep, struct error *error)
{
	struct postgresql_db *db = (struct postgresql_db *)base;
	enum err err = end_table_copy(db, keep, error);

	if (keep && !err)
		err = postgresql_run(db, db->foreign_keys_sql.buf, error);
	if (keep && !err)
		err = run_query_results(db, SELECT_TRIGGER_CHANGES("ENABLE"), error);
	if (keep && !err)
		err = postgresql_run(db, after_all, error);
	strbuf_release(&db->foreign_keys_sql);
	strbuf_release(&db->copy_buffer);
	return err;
}
