#include "audit/commitment_hash.h"
#include "audit/audit_chain.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 200
#define PAGE 1000
#define PAGE_TEXT "1000"

struct row_columns {
	int count; /* 0: not known yet */
	uint8_t order[COLUMNS_MAX];
};

void row_hasher_release(struct row_hasher *hasher)
{
	sha256_free(hasher->digest);
	strbuf_release(&hasher->bytes);
	free(hasher->tables);
	*hasher = (struct row_hasher){ 0 };
}

static void prepare(struct row_hasher *hasher)
{
	if (hasher->tables)
		return;
	hasher->tables = xcalloc(STORED_TABLES_MAX, sizeof *hasher->tables);
	hasher->digest = sha256_new();
	strbuf_init(&hasher->bytes);
}

/* The columns of a result behind `from`, sorted by name. */
static const struct row_columns *columns_of(struct row_hasher *hasher, int table, const struct query *query,
					    int from)
{
	struct row_columns *columns = &hasher->tables[table];
	int all = row_columns(query) - from;

	if (columns->count)
		return columns;
	if (all > COLUMNS_MAX)
		BUG("the table %s has more than %d columns", stored_tables[table].sql.name, COLUMNS_MAX);
	for (int i = 0; i < all; i++) {
		const char *name = row_column_name(query, from + i);
		int at = columns->count;

		if (!table_hashes(&stored_tables[table], name))
			continue;
		for (; at > 0 && strcmp(row_column_name(query, from + columns->order[at - 1]), name) > 0; at--)
			columns->order[at] = columns->order[at - 1];
		columns->order[at] = (uint8_t)i;
		columns->count++;
	}
	return columns;
}

static void add_text(struct strbuf *out, const char *text)
{
	audit_add_value(out, 't', text, strlen(text));
}

/* Adds the present row: its salt in the column `from`, and its columns behind it. */
static void add_row(struct row_hasher *hasher, int table, const struct query *query, int from)
{
	const struct row_columns *columns = columns_of(hasher, table, query, from + 1);
	struct strbuf *bytes = &hasher->bytes;
	struct db_value value = row_value(query, from);

	strbuf_reset(bytes);
	audit_add_db_value(bytes, &value);
	add_text(bytes, stored_tables[table].sql.name);
	for (int i = 0; i < columns->count; i++) {
		int column = from + 1 + columns->order[i];

		value = row_value(query, column);
		add_text(bytes, row_column_name(query, column));
		audit_add_db_value(bytes, &value);
	}
	sha256_add(hasher->digest, bytes->buf, bytes->len);
}

static bool is_whole(const struct stored_table *table)
{
	return !*table_key(table);
}

static void add_select(const struct stored_table *table, struct strbuf *out)
{
	strbuf_addf(out, "%s, %s FROM %s AS t", table->salt ? table->salt : "NULL",
		    table->columns ? table->columns : "t.*", table->sql.name);
}

static void make_read(const struct sql *sql, struct strbuf *out)
{
	const struct stored_table *table = (const struct stored_table *)(const void *)sql;

	strbuf_adds(out, "SELECT ");
	add_select(table, out);
	if (is_whole(table))
		strbuf_adds(out, " ORDER BY key");
	else
		strbuf_addf(out, " WHERE t.%s = $1", table_key(table));
}
_Static_assert(offsetof(struct stored_table, sql) == 0, "make_read() finds the table by its statement");

enum err row_state_read(struct row_hasher *hasher, struct row_state *row, struct error *error)
{
	const struct stored_table *table = &stored_tables[row->table];
	struct query *query = NULL;
	enum err err = db_query_made(hasher->store->db, &table->sql, make_read, &query, error);

	prepare(hasher);
	row->there = row->lacks_salt = false;
	if (!err && !is_whole(table))
		query_int(query, 1, row->key);
	while (query_row(query, &err, error)) {
		row->there = true;
		row->lacks_salt = table->salt && !strcmp(table->salt, "t.salt") && row_is_null(query, 0);
		add_row(hasher, row->table, query, 0);
	}
	query_end(query);
	sha256_finish(hasher->digest, row->hash);
	return err;
}

/* A page of rows from the key $1 on. Keys may be negative if another program wrote them. */
static void make_page(const struct stored_table *table, struct strbuf *out)
{
	const char *key = table_key(table);

	strbuf_addf(out, "SELECT t.%s, ", key);
	add_select(table, out);
	strbuf_addf(out, " WHERE t.%s >= $1 AND (t.%s %% $2 + $2) %% $2 = $3 ORDER BY t.%s LIMIT " PAGE_TEXT, key,
		    key, key);
}

static enum err read_page(struct row_hasher *hasher, const struct row_scan *scan, int64_t *from, int *got,
			  struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct query *query = NULL;
	uint8_t hash[SHA256_SIZE];
	int64_t key = 0;
	enum err err;

	make_page(&stored_tables[scan->table], &text);
	err = db_query_text(hasher->store->db, "row.page", text.buf, &query, error);
	strbuf_release(&text);
	*got = 0;
	if (!err)
		query_bind(query, PARAMS(db_int(*from), db_int(scan->parts), db_int(scan->part)));
	while (query_row(query, &err, error)) {
		key = row_int(query, 0);
		add_row(hasher, scan->table, query, 1);
		sha256_finish(hasher->digest, hash);
		++*got;
		err = scan->each(scan->context, key, hash, error);
		if (err)
			break;
	}
	query_end(query);
	if (key == INT64_MAX)
		*got = 0;
	else
		*from = key + 1;
	return err;
}

enum err row_scan(struct row_hasher *hasher, const struct row_scan *scan, struct error *error)
{
	struct row_state whole = { .table = scan->table };
	int64_t from = INT64_MIN;
	int got = PAGE;
	enum err err = ERR_OK;

	prepare(hasher);
	if (is_whole(&stored_tables[scan->table])) {
		if (scan->part)
			return ERR_OK;
		err = row_state_read(hasher, &whole, error);
		return err || !whole.there ? err : scan->each(scan->context, 0, whole.hash, error);
	}
	while (!err && got == PAGE)
		err = read_page(hasher, scan, &from, &got, error);
	return err;
}

void row_chain(struct row_hasher *hasher, const struct row_entry *entry, bool *begun, uint8_t chain[SHA256_SIZE])
{
	prepare(hasher);
	strbuf_reset(&hasher->bytes);
	if (*begun)
		strbuf_add(&hasher->bytes, chain, SHA256_SIZE);
	add_text(&hasher->bytes, entry->table);
	audit_add_int(&hasher->bytes, entry->key);
	audit_add_value(&hasher->bytes, 'b', entry->hash, entry->length);
	sha256_add(hasher->digest, hasher->bytes.buf, hasher->bytes.len);
	sha256_finish(hasher->digest, chain);
	*begun = true;
}
