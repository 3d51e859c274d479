/* Copies a whole store to a new store: documents' bytes, every table, and the key. */
#include "kybdesk/store/copy.h"
#include "audit/audit_chain.h"
#include "kybdesk/base/file.h"
#include "kybdesk/store/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 1000
#define PROGRESS_ROWS 10000

struct copy_run {
	struct store *from, *to;
	const struct store_copy_options *options;
	struct store_copy_result *out;
	struct arena *arena;
	struct db_value *values; /* values of the current row; length: columns of the widest table */
	const char *made_key;	 /* path of the new key file, once it exists */
	bool all_rows_copied;	 /* whether all rows are copied; the commit may still fail */
};

static enum err report_progress(struct copy_run *copy_run, struct error *error)
{
	const struct store_copy_options *how = copy_run->options;

	if (!how->on_progress || how->on_progress(how->context, copy_run->out))
		return ERR_OK;
	return error_set(error, ERR_CONFLICT, "The copy was interrupted: no store was made at %s", copy_run->to->path);
}

/* --- the rows of a table, in the order of its primary key, page by page --- */

struct rows {
	const struct db_table *table;
	struct strbuf first_page_sql,
		next_page_sql; /* statements that read the first page, and the pages after a key */
	struct db_value *key;  /* key of the last row read; the texts of the key are copied */
	struct arena arena;    /* arena of the key's texts */
	int64_t count;
	uint8_t digest[SHA256_SIZE];
};

static void add_keys(struct strbuf *out, const struct db_table *table)
{
	for (size_t i = 0; i < table->key_count; i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", table->columns[table->keys[i]].text);
}

static void make_statement(struct strbuf *out, const struct db_table *table, bool after_key)
{
	strbuf_init(out);
	strbuf_adds(out, "SELECT ");
	for (size_t i = 0; i < table->count; i++)
		strbuf_addf(out, "%s%s", i ? ", " : "", table->columns[i].text);
	strbuf_addf(out, " FROM %s", table->name);
	if (after_key) {
		strbuf_adds(out, " WHERE (");
		add_keys(out, table);
		strbuf_adds(out, ") > (");
		for (size_t i = 0; i < table->key_count; i++)
			strbuf_addf(out, "%s$%zu", i ? ", " : "", i + 1);
		strbuf_adds(out, ")");
	}
	strbuf_adds(out, " ORDER BY ");
	add_keys(out, table);
	strbuf_addf(out, " LIMIT %d", PAGE);
}

static void bind_key(struct query *query, const struct rows *rows)
{
	for (size_t i = 0; i < rows->table->key_count; i++) {
		const struct db_value *value = &rows->key[i];

		if (value->type == 'i')
			query_bind_int(query, (int)i + 1, value->number);
		else
			query_bind_text(query, (int)i + 1, value->bytes);
	}
}

static void save_key(struct rows *rows, const struct db_value *values)
{
	arena_reset(&rows->arena);
	for (size_t i = 0; i < rows->table->key_count; i++) {
		rows->key[i] = values[rows->table->keys[i]];
		if (rows->key[i].type == 't')
			rows->key[i].bytes = arena_strndup(&rows->arena, rows->key[i].bytes, rows->key[i].length);
	}
}

static void add_to_digest(struct sha256 *digest, struct strbuf *bytes, const struct db_value *values, size_t count)
{
	strbuf_reset(bytes);
	for (size_t i = 0; i < count; i++)
		audit_add_db_value(bytes, &values[i]);
	sha256_add(digest, bytes->buf, bytes->len);
}

typedef enum err take_row(struct copy_run *copy_run, const struct db_value *values, struct error *error);

struct table_reader {
	struct copy_run *copy_run;
	struct store *store;
	take_row *on_row; /* called for each row; NULL: the rows are only read */
	struct sha256 *digest;
	struct strbuf bytes;
};

static enum err read_page(struct table_reader *table_reader, struct rows *rows, size_t *got, struct error *error)
{
	struct copy_run *copy_run = table_reader->copy_run;
	struct query *query = NULL;
	const char *text = rows->count ? rows->next_page_sql.buf : rows->first_page_sql.buf;
	enum err err = db_query_text(table_reader->store->db, rows->table->name, text, &query, error);

	*got = 0;
	if (err)
		return err;
	if (rows->count)
		bind_key(query, rows);
	while (query_fetch_row(&query, &err, error)) {
		for (size_t i = 0; i < rows->table->count; i++)
			copy_run->values[i] = row_value(query, (int)i);
		add_to_digest(table_reader->digest, &table_reader->bytes, copy_run->values, rows->table->count);
		if (table_reader->on_row)
			err = table_reader->on_row(copy_run, copy_run->values, error);
		if (!err && ++*got == PAGE)
			save_key(rows, copy_run->values);
	}
	rows->count += (int64_t)*got;
	return err;
}

static enum err read_rows(struct table_reader *table_reader, const struct db_table *table, struct rows *rows,
			  struct error *error)
{
	size_t got = PAGE;
	enum err err = ERR_OK;

	*rows = (struct rows){ .table = table };
	make_statement(&rows->first_page_sql, table, false);
	make_statement(&rows->next_page_sql, table, true);
	rows->key = arena_alloc_array(table_reader->copy_run->arena, table->key_count, sizeof *rows->key);
	table_reader->digest = sha256_new();
	strbuf_init(&table_reader->bytes);
	while (!err && got == PAGE) {
		err = read_page(table_reader, rows, &got, error);
		if (!err && rows->count % PROGRESS_ROWS < PAGE)
			err = report_progress(table_reader->copy_run, error);
	}
	sha256_finish(table_reader->digest, rows->digest);
	sha256_free(table_reader->digest);
	strbuf_release(&table_reader->bytes);
	strbuf_release(&rows->first_page_sql);
	strbuf_release(&rows->next_page_sql);
	arena_release(&rows->arena);
	return err;
}

/* --- the tables --- */

static size_t find_column(const struct db_table *table, const char *name)
{
	size_t at = 0;

	while (at < table->count && strcmp(table->columns[at].name, name) != 0)
		at++;
	return at;
}

/* Makes *out: the source's table with its columns in the order of the new store's table. */
static enum err pair_columns(struct copy_run *copy_run, const struct db_table *from, const struct db_table *to,
			     struct db_table *out, struct error *error)
{
	*out = *from;
	out->columns = arena_alloc_array(copy_run->arena, to->count, sizeof *out->columns);
	out->keys = arena_alloc_array(copy_run->arena, from->key_count, sizeof *out->keys);
	for (size_t i = 0; i < to->count; i++) {
		size_t at = find_column(from, to->columns[i].name);

		if (at == from->count)
			break;
		out->columns[i] = from->columns[at];
		for (size_t k = 0; k < from->key_count; k++)
			if (from->keys[k] == at)
				out->keys[k] = i;
	}
	if (from->count == to->count && from->key_count == to->key_count && from->key_count)
		return ERR_OK;
	return error_set(error, ERR_STORE,
			 "the schema of store %s is not valid: its table %s differs from this version's; inspect "
			 "the store with: kybdesk doctor",
			 copy_run->from->path, to->name);
}

static enum err copy_row(struct copy_run *copy_run, const struct db_value *values, struct error *error)
{
	struct db *db = copy_run->to->db;

	copy_run->out->rows++;
	return db->driver->fill_row(db, values, error);
}

struct tables {
	struct db_table *items;
	size_t count;
};

struct table_pair {
	struct db_table from;
	const struct db_table *to;
	struct rows rows; /* reads the rows of the source */
};

static enum err list_table_pairs(struct copy_run *copy_run, struct table_pair **pairs, size_t *count,
				 struct error *error)
{
	struct db *from_db = copy_run->from->db, *to_db = copy_run->to->db;
	struct tables from = { 0 }, to = { 0 };
	size_t widest = 1;
	enum err err = from_db->driver->tables(from_db, copy_run->arena, &from.items, &from.count, error);

	*count = 0;
	if (!err)
		err = to_db->driver->tables(to_db, copy_run->arena, &to.items, &to.count, error);
	if (err)
		return err;
	*pairs = arena_alloc_array(copy_run->arena, to.count, sizeof **pairs);
	for (size_t i = 0; !err && i < to.count; i++) {
		const struct db_table *table = db_table_find(from.items, from.count, to.items[i].name);
		struct table_pair *made = &(*pairs)[*count];

		if (!strcmp(to.items[i].name, "worker")) /* the heartbeats of the source's workers are not copied */
			continue;
		if (!table)
			return error_set(error, ERR_STORE,
					 "the schema of store %s is not valid: its table %s is missing; inspect "
					 "the store with: kybdesk doctor",
					 copy_run->from->path, to.items[i].name);
		*made = (struct table_pair){ .to = &to.items[i] };
		err = pair_columns(copy_run, table, made->to, &made->from, error);
		widest = table->count > widest ? table->count : widest;
		++*count;
	}
	copy_run->values = arena_alloc_array(copy_run->arena, widest, sizeof *copy_run->values);
	return err;
}

static enum err fill_tables(struct copy_run *copy_run, struct table_pair *pairs, size_t count, struct error *error)
{
	struct table_reader table_reader = { .copy_run = copy_run, .store = copy_run->from, .on_row = copy_row };
	struct db *db = copy_run->to->db;
	enum err ended, err = db->driver->fill_begin(db, error);

	for (size_t i = 0; !err && i < count; i++) {
		err = db->driver->fill_table(db, pairs[i].to, error);
		if (!err)
			err = read_rows(&table_reader, &pairs[i].from, &pairs[i].rows, error);
		if (!err)
			err = db->driver->fill_table(db, NULL, error);
		if (err)
			error_prefix(error, "table %s", pairs[i].to->name);
	}
	ended = db->driver->fill_end(db, !err, err ? NULL : error);
	return err ? err : ended;
}

static enum err compare_tables(struct copy_run *copy_run, const struct table_pair *pairs, size_t count,
			       struct error *error)
{
	struct table_reader table_reader = { .copy_run = copy_run, .store = copy_run->to };
	struct rows arrived;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++) {
		err = read_rows(&table_reader, pairs[i].to, &arrived, error);
		if (!err && (arrived.count != pairs[i].rows.count ||
			     memcmp(arrived.digest, pairs[i].rows.digest, SHA256_SIZE) != 0))
			err = error_set(error, ERR_STORE,
					"The copy %s differs from its source %s in table %s; the copy was discarded",
					copy_run->to->path, copy_run->from->path, pairs[i].to->name);
	}
	return err;
}

static enum err copy_rows(struct copy_run *copy_run, struct error *error)
{
	struct table_pair *pairs = NULL;
	size_t count = 0;
	enum err err = list_table_pairs(copy_run, &pairs, &count, error);

	if (!err)
		err = fill_tables(copy_run, pairs, count, error);
	if (!err)
		err = compare_tables(copy_run, pairs, count, error);
	return err;
}

/* --- the documents' bytes --- */

static enum err import_bytes(void *context, const char *sha256, const struct strbuf *bytes, const char *why,
			     struct error *error)
{
	struct copy_run *copy_run = context;
	struct store_copy_result *out = copy_run->out;

	if (!bytes) {
		if (!out->missing_count++)
			out->first_missing_document = arena_strdup(copy_run->arena, why);
		return ERR_OK;
	}
	out->documents++;
	out->bytes += (int64_t)bytes->len;
	enum err err = store_bytes_import(copy_run->to, bytes, sha256, error);
	return err ? err : report_progress(copy_run, error);
}

/* --- the key --- */

/* If a key file exists at the new store's path, it is not overwritten, but it must contain the same key. */
static enum err check_target_key(struct copy_run *copy_run, const struct link_key *key, struct error *error)
{
	struct strbuf there = STRBUF_INIT;
	const char *path = store_link_key_path(copy_run->to, copy_run->arena);
	bool same;
	enum err err;

	if (!file_exists(path))
		return ERR_OK;
	err = file_read(path, 4096, &there, error);
	same = !err && key && there.len == LINK_KEY_SIZE && secret_equal(there.buf, key->bytes, LINK_KEY_SIZE);
	strbuf_wipe(&there);
	if (err || same)
		return err;
	return error_set(error, ERR_STORE, "%s already exists and is another store's key; move this file away first",
			 path);
}

/* An unreadable key stops the copy; the message explains how to continue. */
static enum err read_source_key(struct copy_run *copy_run, struct link_key *key, struct error *error)
{
	enum err err = store_get_link_key(copy_run->from, false, key, error);

	if (!err)
		return ERR_OK;
	return error_set(error, err, "%s; or move %s away to make the copy without a key",
			 arena_strdup(copy_run->arena, error->message),
			 store_link_key_path(copy_run->from, copy_run->arena));
}

static enum err copy_key(struct copy_run *copy_run, struct error *error)
{
	struct link_key key = { 0 };
	const char *path = store_link_key_path(copy_run->to, copy_run->arena);
	bool there = false;
	enum err err = ERR_OK;

	/* If the source store has lost its key, the copy gets no key. If the key exists, it is copied, or the whole
	 * copy fails. */
	if (copy_run->options->include_key)
		err = store_has_key(copy_run->from, &there, error);
	if (!err && there)
		err = read_source_key(copy_run, &key, error);
	if (!err)
		err = check_target_key(copy_run, there ? &key : NULL, error);
	copy_run->out->key = !copy_run->options->include_key ? KEY_NOT_REQUESTED : there ? KEY_COPIED : KEY_MISSING;
	if (!err && there && !file_exists(path)) {
		err = file_write_synced(path, key.bytes, LINK_KEY_SIZE, error);
		copy_run->made_key = path;
	}
	secret_wipe(&key, sizeof key);
	return err;
}

/* --- the whole copy --- */

static enum err fill_copy(void *context, struct store *to, struct error *error)
{
	struct copy_run *copy_run = context;
	const struct store_copy_options *how = copy_run->options;
	struct bytes_scan scan = { .each = import_bytes, .context = copy_run };
	enum err err;

	copy_run->to = to;
	copy_run->out->to_path = arena_strdup(copy_run->arena, to->path);
	err = copy_key(copy_run, error);
	if (!err)
		err = store_bytes_scan(copy_run->from, &scan, error);
	if (!err)
		err = copy_rows(copy_run, error);
	/* The copied rows include their commitments, so the copy needs no new commitments. */
	if (!err)
		err = db_flush(to->db, error);
	to->db->touched_count = 0;
	if (!err)
		err = store_audit_verify(to, copy_run->arena, &copy_run->out->audit_log, error);
	if (!err && how->on_copied)
		err = how->on_copied(how->context, to, error);
	copy_run->all_rows_copied = !err;
	return err;
}

/* --- its name --- */

/* A store in a file gets its final name when it is complete; a killed copy leaves a file with a temporary name. If
 * the target exists, or is on a server, the final name is used from the start. */
static const char *temporary_name(struct arena *arena, const char *to)
{
	struct stat status;

	if (store_driver(to) != &db_driver_sqlite || lstat(to, &status) == 0)
		return to;
	return arena_printf(arena, "%s.part-%ld", to, (long)getpid());
}

static enum err rename_store(struct arena *arena, const char *path, const char *to, struct error *error)
{
	/* A store that another process created at the final path meanwhile is not replaced. */
	if (renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) == 0 && folder_sync(path_folder(arena, to)))
		return ERR_OK;
	return error_set(error, ERR_STORE, "The new store cannot be renamed to %s: %s", to, strerror(errno));
}

enum err store_copy(struct store *from, const struct store_copy_options *how, struct arena *arena,
		    struct store_copy_result *out, struct error *error)
{
	struct copy_run copy_run = { .from = from, .options = how, .out = out, .arena = arena };
	const char *path = temporary_name(arena, how->target_path);
	bool renamed = path != how->target_path;
	const struct store_options options = { .path = path,
					       .final_path = renamed ? how->target_path : NULL,
					       .create = true,
					       .creates_copy = true,
					       .world = from->world,
					       .on_create = fill_copy,
					       .context = &copy_run };
	struct store *to = NULL;
	enum err err;

	*out = (struct store_copy_result){ .first_missing_document = "" };
	if (store_owns_path(from, how->target_path))
		return error_set(error, ERR_STORE, "%s is part of the store being copied; choose another path",
				 how->target_path);
	err = store_begin(from, STORE_READ, error);
	if (err)
		return err;
	err = store_open(&options, &to, error);
	store_rollback(from);
	/* Copies the write-ahead log into the file, because a separate log is easily forgotten when the file is
	 * moved. */
	if (!err && to->db->driver->checkpoint && !to->db->driver->checkpoint(to->db) && renamed)
		err = error_set(error, ERR_STORE,
				"The write-ahead log of the new store %s could not be copied into its file; try "
				"again",
				how->target_path);
	store_close(to);
	if (!err && renamed)
		err = rename_store(arena, path, how->target_path, error);
	if (renamed)
		db_driver_sqlite.remove_files(path);
	/* After all rows were copied, a commit that reported a failure may still have succeeded. The new store
	 * would then need its key, so the key file is kept. */
	if (err && copy_run.made_key && !copy_run.all_rows_copied)
		(void)unlink(copy_run.made_key);
	return err;
}
