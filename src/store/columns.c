#include "columns.h"
#include "flat_json.h"
#include "rows.h"

#include <string.h>

static unsigned omitted_column_flags(enum row_statement verb)
{
	switch (verb) {
	case ROW_INSERT:
		return COLUMN_KEY | COLUMN_JOINED | COLUMN_SEPARATE_VERB;
	case ROW_UPDATE:
	case ROW_COMPARE:
		return COLUMN_KEY | COLUMN_JOINED | COLUMN_SEPARATE_VERB | COLUMN_FIXED;
	case ROW_SELECT:
		break;
	}
	return 0;
}

static bool is_column_included(const struct row_sql *sql, const struct column *column)
{
	unsigned without_flags = sql->without_flags | COLUMN_UNSTORED;

	if (column->flags & without_flags || (sql->only_columns && !sql->only_columns[column - sql->table->items]))
		return false;
	if (sql->with_flags)
		return column->flags & sql->with_flags;
	return !(column->flags & omitted_column_flags(sql->kind)) || column->flags & sql->also_flags;
}

static const struct row_override *override_of(const struct row_sql *sql, const struct column *column)
{
	for (const struct row_override *own = sql->overrides; own && own->column; own++)
		if (!strcmp(own->column, column->name))
			return own;
	return NULL;
}

static void add_value(struct strbuf *out, const struct row_override *own, int at)
{
	const char *value = own && own->value_sql ? own->value_sql : "$";
	const char *dollar = strchr(value, '$');

	strbuf_add(out, value, (size_t)(dollar - value));
	strbuf_addf(out, "$%d%s", at, dollar + 1);
}

static void add_column(struct strbuf *out, const struct row_sql *sql, const struct column *column, int at)
{
	const struct row_override *own = override_of(sql, column);

	switch (sql->kind) {
	case ROW_INSERT:
		strbuf_adds(out, column->name);
		break;
	case ROW_UPDATE:
		strbuf_addf(out, "%s = ", column->name);
		add_value(out, own, at);
		break;
	case ROW_COMPARE:
		strbuf_addf(out, "%s IS DISTINCT FROM ", column->name);
		add_value(out, own, at);
		break;
	case ROW_SELECT:
		/* Called for each of 37 columns of a list; strbuf_adds() is faster than strbuf_addf(). */
		if (!own || !own->read_sql)
			strbuf_adds(out, sql->alias ? sql->alias : "");
		strbuf_adds(out, own && own->read_sql ? own->read_sql : column->name);
		break;
	}
}

static void add_values(struct strbuf *out, const struct row_sql *sql)
{
	int at = 1;

	for (; at <= sql->key_count; at++)
		strbuf_addf(out, "%s$%d", at > 1 ? ", " : "", at);
	for (size_t i = 0; i < sql->table->count; i++) {
		const struct column *column = &sql->table->items[i];
		if (!is_column_included(sql, column))
			continue;
		strbuf_adds(out, at > 1 ? ", " : "");
		add_value(out, override_of(sql, column), at++);
	}
}

void row_sql_write(const struct sql *made, struct strbuf *out)
{
	const struct row_sql *sql = (const struct row_sql *)(const void *)made;
	bool first = !sql->keys;
	int at = sql->key_count + 1;

	switch (sql->kind) {
	case ROW_INSERT:
		strbuf_addf(out, "INSERT INTO %s (", sql->table->name);
		break;
	case ROW_UPDATE:
		strbuf_addf(out, "UPDATE %s SET ", sql->table->name);
		break;
	case ROW_COMPARE:
	case ROW_SELECT:
		strbuf_adds(out, "SELECT ");
		break;
	}
	strbuf_adds(out, sql->keys ? sql->keys : "");
	for (size_t i = 0; i < sql->table->count; i++) {
		if (!is_column_included(sql, &sql->table->items[i]))
			continue;
		strbuf_adds(out, first ? "" : ", ");
		add_column(out, sql, &sql->table->items[i], at++);
		first = false;
	}
	if (sql->kind == ROW_INSERT) {
		strbuf_adds(out, ") VALUES (");
		add_values(out, sql);
		strbuf_addch(out, ')');
	}
	if (sql->kind == ROW_COMPARE)
		strbuf_addf(out, " FROM %s", sql->table->name);
	if (sql->sql.text)
		strbuf_addf(out, " %s", sql->sql.text);
}

enum err row_query(struct store *store, const struct row_sql *sql, struct query **out, struct error *error)
{
	return db_query_generated(store->db, &sql->sql, row_sql_write, out, error);
}

enum err row_select(struct store *store, const struct row_sql *sql, const struct db_params *params, struct query **out,
		    struct error *error)
{
	enum err err = row_query(store, sql, out, error);

	if (!err && params)
		query_bind(*out, params);
	return err;
}

/* The values of a row, to be bound to a statement; converted texts are in the arena. */
struct column_binding {
	struct query *query;
	const struct row_sql *sql;
	const void *row;
	struct arena *arena;
};

static void bind_texts(const struct column_binding *column_binding, int at, const struct column *column)
{
	struct strbuf list = STRBUF_INIT;
	size_t count;
	const char *const *texts = column_texts(column, column_binding->row, &count);

	flat_add_list(&list, texts, count);
	query_bind_text(column_binding->query, at, strbuf_finish(&list, column_binding->arena));
}

static void bind_column(const struct column_binding *column_binding, int at, const struct column *column)
{
	struct query *query = column_binding->query;
	const void *row = column_binding->row;

	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_JSON:
	case COLUMN_ENUM:
		query_bind_text(query, at, column_text(column, row));
		return;
	case COLUMN_INT:
	case COLUMN_BOOL:
	case COLUMN_BITS:
		query_bind_int(query, at, column_number(column, row));
		return;
	case COLUMN_TIME:
	case COLUMN_DAY:
	case COLUMN_RISK:
	case COLUMN_ROW:
		if (column_is_empty(column, row))
			query_bind_null(query, at);
		else
			query_bind_int(query, at, column_number(column, row));
		return;
	case COLUMN_SCORE:
		if (column_is_empty(column, row))
			query_bind_null(query, at);
		else
			query_bind_real(query, at, column_score(column, row));
		return;
	case COLUMN_TEXTS:
		bind_texts(column_binding, at, column);
		return;
	case COLUMN_CUSTOM:
		query_bind_text(query, at, override_of(column_binding->sql, column)->write(column_binding->arena, row));
		return;
	}
}

static void bind_columns(const struct column_binding *column_binding)
{
	const struct row_sql *sql = column_binding->sql;
	int at = sql->key_count + 1;

	for (size_t i = 0; i < sql->table->count; i++)
		if (is_column_included(sql, &sql->table->items[i]))
			bind_column(column_binding, at++, &sql->table->items[i]);
}

enum err row_run(struct query *query, const struct row_sql *sql, const void *row, struct error *error)
{
	struct arena arena = ARENA_INIT;

	bind_columns(&(struct column_binding){ query, sql, row, &arena });
	enum err err = query_run(query, error);
	arena_release(&arena);
	return err;
}

enum err row_run_insert(struct query *query, const struct row_sql *sql, const void *values, int64_t *row,
			struct error *error)
{
	struct arena arena = ARENA_INIT;

	bind_columns(&(struct column_binding){ query, sql, values, &arena });
	enum err err = query_run_insert(query, row, error);
	arena_release(&arena);
	return err;
}

enum err row_compare(struct query *query, const struct row_sql *sql, const void *row, struct row_changes *out,
		     struct error *error)
{
	struct arena arena = ARENA_INIT;
	int at = 0;

	*out = (struct row_changes){ 0 };
	if (sql->table->count > ROW_COLUMNS_MAX)
		BUG("table %s has too many columns", sql->table->name);
	bind_columns(&(struct column_binding){ query, sql, row, &arena });
	enum err err = query_next(query, &out->found, error);
	if (!err && out->found && sql->keys)
		out->meets_keys_condition = row_int(query, at++) != 0;
	for (size_t i = 0; !err && out->found && i < sql->table->count; i++)
		if (is_column_included(sql, &sql->table->items[i]))
			out->changed_columns[i] = row_int(query, at++) != 0;
	query_end(query);
	arena_release(&arena);
	return err;
}

enum err row_query_columns(struct store *store, const struct row_sql *sql, const bool *only_columns,
			   struct row_sql *made, struct query **out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;

	*made = *sql;
	made->only_columns = only_columns;
	row_sql_write(&made->sql, &text);
	enum err err = db_query_text(store->db, sql->sql.name, text.buf, out, error);
	strbuf_release(&text);
	return err;
}

/* Tests the usual empty values first, because they need no parser. */
bool row_json_is_readable(const struct store *store, const char *json)
{
	return !store->reads_json || !*json || !strcmp(json, "{}") || !strcmp(json, "[]") || !strcmp(json, "null") ||
	       store->reads_json(json);
}

/* Returns false if neither the schema nor this program allows the value. */
static bool read_column(const struct row_reader *reader, const struct query *query, int at, const struct column *column,
			void *row)
{
	void *member = (char *)row + column->offset;
	const char **texts;
	size_t count;

	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
		*(const char **)member = row_text(query, at, reader->arena);
		return true;
	case COLUMN_JSON:
		if (!row_json_is_readable(reader->store, row_text_view(query, at)))
			return false;
		column_set_text(column, row, row_text(query, at, reader->arena));
		return true;
	case COLUMN_ENUM:
		return column_set_word(column, row, row_text_view(query, at));
	/* Most columns of a list have these types, so their values are stored directly, without a function call. */
	case COLUMN_INT:
	case COLUMN_ROW:
		*(int64_t *)member = row_int(query, at);
		return true;
	case COLUMN_BOOL:
		*(bool *)member = row_int(query, at) != 0;
		return true;
	case COLUMN_TIME:
	case COLUMN_DAY:
		*(int64_t *)member = row_time(query, at);
		return true;
	case COLUMN_BITS:
		column_set_number(column, row, row_int(query, at));
		return true;
	case COLUMN_RISK:
		column_set_number(column, row, row_is_null(query, at) ? RISK_NONE : row_int(query, at));
		return true;
	case COLUMN_SCORE:
		column_set_score(column, row, row_is_null(query, at) ? -1 : row_real(query, at));
		return true;
	case COLUMN_TEXTS:
		if (!flat_read_list(reader->arena, row_text_view(query, at), &texts, &count))
			return false;
		column_set_texts(column, row, texts, count);
		return true;
	case COLUMN_CUSTOM:
		return override_of(reader->sql, column)->parse(reader->arena, row_text_view(query, at), row);
	}
	return false;
}

/* The column's name without the alias of a joined table. */
static const char *name_without_alias(const struct column *column)
{
	const char *point = strchr(column->name, '.');

	return point ? point + 1 : column->name;
}

const struct column *row_read_columns(const struct row_reader *reader, const struct query *query, void *row)
{
	const struct row_sql sql = *reader->sql; /* a local copy: writes to `row` cannot change it */
	const struct column *bad = NULL, *end = sql.table->items + sql.table->count;
	const bool by_flags = !sql.with_flags && !sql.only_columns && !sql.also_flags;
	const unsigned without_flags = sql.without_flags | COLUMN_UNSTORED | omitted_column_flags(sql.kind);
	int at = sql.key_count;

	memset(row, 0, sql.table->size);
	for (const struct column *column = sql.table->items; column < end; column++) {
		bool is_read = !bad && (by_flags ? !(column->flags & without_flags) : is_column_included(&sql, column));

		if (is_read && read_column(reader, query, at++, column, row))
			continue;
		if (is_read)
			bad = column;
		column_clear(column, row);
	}
	return bad;
}

enum err row_read(const struct row_reader *reader, const struct query *query, void *row, struct error *error)
{
	const struct column_table *table = reader->sql->table;
	const struct column *bad = row_read_columns(reader, query, row);
	const struct column *key_column = columns_next(table, NULL, COLUMN_KEY);
	int64_t key = bad && key_column ? column_number(key_column, row) : 0;

	if (!bad)
		return ERR_OK;
	if (!key && reader->sql->key_count)
		key = row_int(query, 0);
	return report_damaged_row(reader->store, table->noun, key, name_without_alias(bad), error);
}

enum err row_insert(struct store *store, const struct row_sql *sql, const struct db_params *keys, void *values,
		    struct error *error)
{
	struct query *query = NULL;
	int64_t row = 0;
	enum err err = row_select(store, sql, keys, &query, error);

	if (!err)
		err = row_run_insert(query, sql, values, &row, error);
	if (!err)
		column_set_number(columns_next(sql->table, NULL, COLUMN_KEY), values, row);
	return err;
}

enum err row_write(struct store *store, const struct row_sql *sql, const struct db_params *keys, const void *values,
		   struct error *error)
{
	struct query *query = NULL;
	enum err err = row_select(store, sql, keys, &query, error);

	return err ? err : row_run(query, sql, values, error);
}

enum err rows_read(const struct row_reader *reader, struct query *query, void **items, size_t *count,
		   struct error *error)
{
	size_t capacity = 0, size = reader->sql->table->size;
	enum err err = ERR_OK;

	*items = NULL;
	*count = 0;
	while (query_fetch_row(&query, &err, error))
		err = row_read(reader, query, arena_push(reader->arena, items, count, &capacity, size), error);
	return err;
}

enum err rows_load(const struct row_reader *reader, const struct db_params *params, void **items, size_t *count,
		   struct error *error)
{
	struct query *query = NULL;
	enum err err = row_select(reader->store, reader->sql, params, &query, error);

	*items = NULL;
	*count = 0;
	return err ? err : rows_read(reader, query, items, count, error);
}

enum err row_load(const struct row_reader *reader, const struct db_params *params, void *row, struct error *error)
{
	struct query *query = NULL;
	enum err err = row_select(reader->store, reader->sql, params, &query, error);

	if (query_fetch_row(&query, &err, error))
		err = row_read(reader, query, row, error);
	else
		columns_init(reader->sql->table, row);
	query_end(query);
	return err;
}

/* --- statements --- */

struct sql *store_statements(struct arena *arena, size_t *count)
{
	struct sql *items = NULL;
	size_t capacity = 0;

	*count = 0;
	for (const struct sql *sql = __start_kyb_statements; sql < __stop_kyb_statements; sql++)
		*ARENA_PUSH(arena, items, *count, capacity) = *sql;
	for (const struct row_sql *row = __start_kyb_row_statements; row < __stop_kyb_row_statements; row++) {
		struct strbuf text = STRBUF_INIT;

		row_sql_write(&row->sql, &text);
		*ARENA_PUSH(arena, items, *count, capacity) =
			(struct sql){ row->sql.name, strbuf_finish(&text, arena) };
	}
	return items;
}

enum err run_statements(struct store *store, const struct sql *items, size_t count, int64_t row, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++)
		err = db_run(store->db, &items[i], PARAMS(db_int(row)), error);
	return err;
}
