#include "kybdesk/store/db.h"
#include "kybdesk/base/stops.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/timefmt.h"

#include <stdlib.h>
#include <string.h>

#define DYNAMIC_QUERIES_MAX 64

struct query {
	struct db *db;
	void *statement;
	const struct sql *sql; /* identity of a static statement */
	char *text;	       /* identity of a dynamic statement */
	uint64_t last_use;     /* value of db_cache.turn at the last use */
	bool kept, is_in_use, done;
};

struct db_cache {
	struct query **slots; /* open addressing by address of struct sql; size is a power of two */
	size_t size, count;
	struct query *dynamic[DYNAMIC_QUERIES_MAX];
	size_t dynamic_count;
	uint64_t turn;
};

enum err db_open(const struct db_driver *driver, const struct db_options *options, struct db **out, struct error *error)
{
	return driver->open(options, out, error);
}

static void free_query(struct query *query)
{
	query->db->driver->finalize(query->statement);
	free(query->text);
	free(query);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	if (db->open_query_count)
		BUG("the store is closed while %zu queries are still open", db->open_query_count);
	db_rollback(db);
	db->is_closing = true;
	struct db_cache *cache = db->cache;
	if (cache) {
		for (size_t i = 0; i < cache->size; i++)
			if (cache->slots[i])
				free_query(cache->slots[i]);
		for (size_t i = 0; i < cache->dynamic_count; i++)
			free_query(cache->dynamic[i]);
		free(cache->slots);
		free(cache);
	}
	free(db->touched);
	db->driver->close(db);
}

static enum err begin_savepoint(struct db *db, enum db_begin mode, struct error *error)
{
	enum err err;

	if (db->depth != db->open_hold_count)
		BUG("a transaction is open already");
	if (db->is_hold_lost)
		return error_set(error, ERR_STORE, "The database ended the transaction; try again");
	err = db->driver->savepoint(db, DB_SAVEPOINT_BEGIN, error);
	if (err)
		return err;
	db->touched_before[db->depth++] = db->touched_count;
	db->writing = mode != DB_READ;
	return ERR_OK;
}

/* If the database ended the whole transaction (for example when the disk is full), the savepoint cannot be rolled
 * back separately, and no further statement may run in the transaction. */
static void roll_back_savepoint(struct db *db)
{
	size_t before = db->touched_before[--db->depth];

	if (db->touched_count > before)
		db->touched_count = before;
	if (db->driver->savepoint(db, db->writing ? DB_SAVEPOINT_ROLL_BACK : DB_SAVEPOINT_LEAVE, NULL))
		db->is_hold_lost = true;
	db->state += db->writing;
	db->writing = true;
}

static enum err release_savepoint(struct db *db, struct error *error)
{
	enum err err = db->driver->savepoint(db, db->writing ? DB_SAVEPOINT_KEEP : DB_SAVEPOINT_LEAVE, error);

	if (err) {
		roll_back_savepoint(db);
		return err;
	}
	db->depth--;
	db->writing = true;
	return ERR_OK;
}

enum err db_begin(struct db *db, enum db_begin mode, struct error *error)
{
	enum err err;

	if (db->open_hold_count)
		return begin_savepoint(db, mode, error);
	if (db->is_read_held && db->depth == 1 && mode == DB_READ) {
		db->depth = 2;
		return ERR_OK;
	}
	if (db->depth)
		BUG("a transaction is open already");
	db->touched_count = 0;
	db->state++;
	suspension_block(mode != DB_READ);
	err = db->driver->begin(db, mode, error);
	if (err) {
		suspension_unblock();
		return err;
	}
	db->depth = 1;
	db->writing = mode != DB_READ;
	return ERR_OK;
}

enum err db_commit(struct db *db, struct error *error)
{
	if (db->depth <= db->open_hold_count)
		BUG("commit without a transaction");
	if (db->is_read_held) {
		db_rollback(db);
		return ERR_OK;
	}
	if (db->open_hold_count)
		return release_savepoint(db, error);
	db->depth = 0;
	db->writing = false;
	enum err err = db->driver->commit(db, error);
	suspension_unblock();
	return err;
}

void db_rollback(struct db *db)
{
	if (db->depth <= db->open_hold_count + db->is_read_held)
		return;
	if (db->is_read_held) {
		db->depth = 1;
		return;
	}
	if (db->open_hold_count) {
		roll_back_savepoint(db);
		return;
	}
	db->depth = 0;
	db->writing = false;
	db->driver->rollback(db);
	suspension_unblock();
}

enum err db_flush(struct db *db, struct error *error)
{
	return db->driver->flush ? db->driver->flush(db, error) : ERR_OK;
}

void db_touch(struct db *db, const char *table, int64_t key)
{
	int number = db->capture ? db->capture->table_number(table) : -1;

	if (number < 0)
		return;
	HEAP_RESERVE(db->touched, db->touched_count, db->touched_capacity);
	db->touched[db->touched_count++] = (struct db_touch){ .table = number, .key = key };
}

enum err db_begin_hold(struct db *db, enum db_begin mode, struct error *error)
{
	bool shares = mode == DB_READ;
	enum err err;

	if (db->is_read_held || db->open_hold_count >= (shares ? 1 : DB_HOLDS_MAX))
		BUG("a transaction is held already");
	err = db_begin(db, mode, error);
	if (err)
		return err;
	db->is_read_held = shares;
	db->read_hold_count += shares;
	db->open_hold_count += !shares;
	return ERR_OK;
}

enum err db_end_hold(struct db *db, bool keep, struct error *error)
{
	bool is_hold_lost = db->is_hold_lost;

	if (!db->depth || db->depth != db->open_hold_count + db->is_read_held)
		BUG("a held transaction ended before its parts");
	if (db->is_read_held) {
		db->is_read_held = false;
		db_rollback(db);
		return ERR_OK;
	}
	db->open_hold_count--;
	db->is_hold_lost = is_hold_lost && db->open_hold_count;
	if (keep && !is_hold_lost)
		return db_commit(db, error);
	db_rollback(db);
	return keep ? error_set(error, ERR_STORE, "The database ended the transaction; try again") : ERR_OK;
}

static struct db_cache *cache_of(struct db *db)
{
	if (!db->cache) {
		db->cache = xcalloc(1, sizeof *db->cache);
		db->cache->size = 128;
		db->cache->slots = xcalloc(db->cache->size, sizeof *db->cache->slots);
	}
	return db->cache;
}

static size_t slot_of(const struct db_cache *cache, const struct sql *sql)
{
	uint64_t hash = (uint64_t)(uintptr_t)sql * UINT64_C(0x9E3779B97F4A7C15);
	size_t at = (size_t)(hash >> 32) & (cache->size - 1);
	while (cache->slots[at] && cache->slots[at]->sql != sql)
		at = (at + 1) & (cache->size - 1);
	return at;
}

static void cache_query(struct db_cache *cache, struct query *query)
{
	if ((cache->count + 1) * 2 > cache->size) {
		struct query **old = cache->slots;
		size_t old_size = cache->size;
		cache->size *= 2;
		cache->slots = xcalloc(cache->size, sizeof *cache->slots);
		for (size_t i = 0; i < old_size; i++)
			if (old[i])
				cache->slots[slot_of(cache, old[i]->sql)] = old[i];
		free(old);
	}
	cache->slots[slot_of(cache, query->sql)] = query;
	cache->count++;
	query->kept = true;
}

static enum err compile_statement(struct db *db, const char *name, const char *text, struct query **out,
				  struct error *error)
{
	struct strbuf written = STRBUF_INIT;
	void *statement = NULL;
	*out = NULL;
	db_expand_phrases(db->driver, text, &written);
	enum err err = db->driver->prepare(db, name, written.buf, &statement, error);
	strbuf_release(&written);
	if (err)
		return err;
	struct query *query = xcalloc(1, sizeof *query);
	query->db = db;
	query->statement = statement;
	*out = query;
	return ERR_OK;
}

static struct query *mark_query_in_use(struct query *query)
{
	query->is_in_use = true;
	query->done = false;
	query->db->open_query_count++;
	return query;
}

static void copy_text(const struct sql *sql, struct strbuf *out)
{
	strbuf_adds(out, sql->text);
}

enum err db_query(struct db *db, const struct sql *sql, struct query **out, struct error *error)
{
	return db_query_generated(db, sql, copy_text, out, error);
}

enum err db_query_generated(struct db *db, const struct sql *sql,
			    void (*make_text)(const struct sql *sql, struct strbuf *out), struct query **out,
			    struct error *error)
{
	struct db_cache *cache = cache_of(db);
	struct query *query = cache->slots[slot_of(cache, sql)];
	bool known = query != NULL;
	*out = NULL;
	/* A statement may be run again while its rows are still read, for example in a recursion: the inner run gets a
	 * separate statement. */
	if (!query || query->is_in_use) {
		struct strbuf text = STRBUF_INIT;
		make_text(sql, &text);
		enum err err = compile_statement(db, sql->name, text.buf, &query, error);
		strbuf_release(&text);
		if (err)
			return err;
		query->sql = sql;
		if (!known)
			cache_query(cache, query);
	}
	*out = mark_query_in_use(query);
	return ERR_OK;
}

/* Drops the least recently used statement to make room; returns false if all statements are in use. */
static bool evict_oldest_query(struct db_cache *cache)
{
	size_t oldest = DYNAMIC_QUERIES_MAX;
	if (cache->dynamic_count < DYNAMIC_QUERIES_MAX)
		return true;
	for (size_t i = 0; i < cache->dynamic_count; i++)
		if (!cache->dynamic[i]->is_in_use &&
		    (oldest == DYNAMIC_QUERIES_MAX || cache->dynamic[i]->last_use < cache->dynamic[oldest]->last_use))
			oldest = i;
	if (oldest == DYNAMIC_QUERIES_MAX)
		return false;
	free_query(cache->dynamic[oldest]);
	cache->dynamic[oldest] = cache->dynamic[--cache->dynamic_count];
	return true;
}

enum err db_query_text(struct db *db, const char *name, const char *text, struct query **out, struct error *error)
{
	struct db_cache *cache = cache_of(db);
	struct query *query = NULL;
	*out = NULL;
	for (size_t i = 0; i < cache->dynamic_count && !query; i++)
		if (!cache->dynamic[i]->is_in_use && strcmp(cache->dynamic[i]->text, text) == 0)
			query = cache->dynamic[i];
	if (!query) {
		enum err err = compile_statement(db, name, text, &query, error);
		if (err)
			return err;
		query->text = xstrdup(text);
		if (db->driver->plan_for_values)
			db->driver->plan_for_values(query->statement);
		if (evict_oldest_query(cache)) {
			cache->dynamic[cache->dynamic_count++] = query;
			query->kept = true;
		}
	}
	query->last_use = ++cache->turn;
	*out = mark_query_in_use(query);
	return ERR_OK;
}

struct db_value db_null(void)
{
	return (struct db_value){ .type = 'n' };
}

struct db_value db_int(int64_t value)
{
	return (struct db_value){ .type = 'i', .number = value };
}

struct db_value db_time(int64_t ms)
{
	return ms == TIME_NONE ? db_null() : db_int(ms);
}

struct db_value db_int_or_null(int64_t row)
{
	return row == 0 ? db_null() : db_int(row);
}

struct db_value db_text(const char *text)
{
	const char *source = text ? text : "";

	return (struct db_value){ .type = 't', .bytes = source, .length = strlen(source) };
}

struct db_value db_text_or_null(const char *text)
{
	return text && *text ? db_text(text) : db_null();
}

struct db_value db_blob(const void *bytes, size_t length)
{
	return (struct db_value){ .type = 'b', .bytes = bytes, .length = length };
}

static void bind(const struct query *query, int at, struct db_value value)
{
	query->db->driver->bind(query->statement, at, &value);
}

void query_bind_int(struct query *query, int at, int64_t value)
{
	bind(query, at, db_int(value));
}

void query_bind_real(struct query *query, int at, double value)
{
	bind(query, at, (struct db_value){ .type = 'r', .real = value });
}

void query_bind_text(struct query *query, int at, const char *text)
{
	bind(query, at, db_text(text));
}

void query_bind_time(struct query *query, int at, int64_t ms)
{
	bind(query, at, db_time(ms));
}

void query_bind_blob(struct query *query, int at, const void *bytes, size_t length)
{
	bind(query, at, db_blob(bytes, length));
}

void query_bind_null(struct query *query, int at)
{
	bind(query, at, db_null());
}

void query_bind(struct query *query, const struct db_params *params)
{
	for (size_t i = 0; i < params->count; i++)
		bind(query, (int)i + 1, params->items[i]);
}

enum err db_select(struct db *db, const struct sql *sql, const struct db_params *params, struct query **out,
		   struct error *error)
{
	enum err err = db_query(db, sql, out, error);

	if (!err && params)
		query_bind(*out, params);
	return err;
}

bool query_fetch_row(struct query **query, enum err *err, struct error *error)
{
	bool row = false;

	if (!*err && *query)
		*err = query_next(*query, &row, error);
	if (!row) {
		query_end(*query);
		*query = NULL;
	}
	return row;
}

enum err db_run(struct db *db, const struct sql *sql, const struct db_params *params, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(db, sql, params, &query, error);

	return err ? err : query_run(query, error);
}

enum err db_run_insert(struct db *db, const struct sql *sql, const struct db_params *params, int64_t *id,
		       struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(db, sql, params, &query, error);

	return err ? err : query_run_insert(query, id, error);
}

enum err db_get_int(struct db *db, const struct sql *sql, const struct db_params *params, int64_t *number,
		    struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(db, sql, params, &query, error);

	*number = query_fetch_row(&query, &err, error) ? row_int(query, 0) : 0;
	query_end(query);
	return err;
}

enum err db_get_time(struct db *db, const struct sql *sql, const struct db_params *params, int64_t *ms,
		     struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(db, sql, params, &query, error);

	*ms = query_fetch_row(&query, &err, error) ? row_time(query, 0) : TIME_NONE;
	query_end(query);
	return err;
}

enum err db_has_row(struct db *db, const struct sql *sql, const struct db_params *params, bool *found,
		    struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(db, sql, params, &query, error);

	*found = query_fetch_row(&query, &err, error);
	query_end(query);
	return err;
}

enum err query_send(struct query *query, struct error *error)
{
	const struct db_driver *driver = query->db->driver;

	return driver->send && query->db->depth ? driver->send(query->db, query->statement, error) : ERR_OK;
}

enum err query_next(struct query *query, bool *row, struct error *error)
{
	*row = false;
	/* A driver may restart a finished statement, so step() is not called again. */
	if (query->done)
		return ERR_OK;
	enum err err = query->db->driver->step(query->db, query->statement, row, error);
	if (err || !*row)
		query->done = true;
	return err;
}

enum err query_run(struct query *query, struct error *error)
{
	const struct db_driver *driver = query->db->driver;
	bool row = false;
	enum err err = driver->run ? driver->run(query->db, query->statement, error) : query_next(query, &row, error);
	if (row)
		BUG("a statement without results returned a row");
	query_end(query);
	return err;
}

static enum err run_insert(struct query *query, int64_t *id, struct error *error)
{
	const struct db_driver *driver = query->db->driver;
	bool row = false;
	enum err err;

	if (driver->run_insert)
		return driver->run_insert(query->db, query->statement, id, error);
	err = query_next(query, &row, error);
	if (!err && (row || driver->changed_row_count(query->db) != 1))
		BUG("an insert of one row did not make exactly one row");
	if (!err)
		*id = driver->inserted_id(query->db);
	return err;
}

enum err query_run_insert(struct query *query, int64_t *id, struct error *error)
{
	int64_t made = 0;
	enum err err = run_insert(query, &made, error);

	if (!err)
		*id = made;
	query_end(query);
	return err;
}

void query_end(struct query *query)
{
	if (!query)
		return;
	if (!query->is_in_use)
		BUG("a query was ended twice");
	query->is_in_use = false;
	query->db->open_query_count--;
	if (query->kept)
		query->db->driver->reset(query->statement);
	else
		free_query(query);
}

bool row_is_null(const struct query *query, int column)
{
	return query->db->driver->is_null(query->statement, column);
}

int64_t row_int(const struct query *query, int column)
{
	return query->db->driver->get_int(query->statement, column);
}

double row_real(const struct query *query, int column)
{
	return query->db->driver->get_real(query->statement, column);
}

int64_t row_time(const struct query *query, int column)
{
	int64_t ms = row_int(query, column);

	/* The driver returns 0 for NULL: so if the value is 0, a second call asks whether the value is NULL. */
	return ms || !row_is_null(query, column) ? ms : TIME_NONE;
}

char *row_text(const struct query *query, int column, struct arena *arena)
{
	size_t length;
	const char *text = query->db->driver->get_bytes(query->statement, column, &length);
	return arena_strndup(arena, text, length);
}

struct db_value row_value(const struct query *query, int column)
{
	const struct db_driver *driver = query->db->driver;
	struct db_value value = { .type = (char)driver->column_type(query->statement, column) };

	if (value.type == 'i')
		value.number = driver->get_int(query->statement, column);
	else if (value.type == 'r')
		value.real = driver->get_real(query->statement, column);
	else if (value.type != 'n')
		value.bytes = driver->get_bytes(query->statement, column, &value.length);
	return value;
}

const char *row_column_name(const struct query *query, int column)
{
	const struct db_driver *driver = query->db->driver;

	return column < driver->column_count(query->statement) ? driver->column_name(query->statement, column) : NULL;
}

const char *row_text_view(const struct query *query, int column)
{
	size_t length;
	return query->db->driver->get_bytes(query->statement, column, &length);
}

void *row_blob(const struct query *query, int column, struct arena *arena, size_t *length)
{
	const void *bytes = query->db->driver->get_bytes(query->statement, column, length);
	return arena_memdup(arena, bytes, *length);
}

const struct db_table *db_table_find(const struct db_table *items, size_t count, const char *name)
{
	return ITEM_WITH_TEXT(items, count, name, name);
}
