/* Finds texts that are not valid JSON: written by another program, or damaged on the disk. */
#include "columns.h"

#define PROBLEMS_MAX 100 /* maximum number of findings listed */

static const struct column_table *const tables[] = {
	&session_columns, &subject_record_columns, &step_columns, &document_columns,  &party_columns,
	&check_columns,	  &result_columns,	   &hit_columns,  &correction_columns
};

struct search {
	struct store *store;
	struct arena *arena;
	const char **problems;
	size_t count, capacity;
};

/* Whether a column's texts are checked. Evidence is stored with a hash, which store_texts_check() verifies. */
static bool is_json_column(const struct column *column)
{
	return column->type == COLUMN_JSON && column->name && !(column->flags & COLUMN_LARGE);
}

static void add_problem(struct search *search, const struct column_table *table, int64_t row, const char *column)
{
	if (search->count < PROBLEMS_MAX)
		*ARENA_PUSH(search->arena, search->problems, search->count, search->capacity) = arena_printf(
			search->arena, "%s %lld has a %s that is not JSON", table->noun, (long long)row, column);
}

static enum err search_table(struct search *search, const struct column_table *table, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct query *query = NULL;
	enum err err;

	strbuf_adds(&text, "SELECT id");
	for (size_t i = 0; i < table->count; i++)
		if (is_json_column(&table->items[i]))
			strbuf_addf(&text, ", %s", table->items[i].name);
	strbuf_addf(&text, " FROM %s", table->name);
	err = db_query_text(search->store->db, "readable", text.buf, &query, error);
	while (query_fetch_row(&query, &err, error)) {
		int at = 1;

		for (size_t i = 0; i < table->count; i++)
			if (is_json_column(&table->items[i]) &&
			    !row_json_is_readable(search->store, row_text_view(query, at++)))
				add_problem(search, table, row_int(query, 0), table->items[i].name);
	}
	strbuf_release(&text);
	return err;
}

enum err store_readable_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
			      struct error *error)
{
	struct search search = { .store = store, .arena = arena };
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < sizeof tables / sizeof tables[0]; i++)
		err = search_table(&search, tables[i], error);
	*problems = search.problems;
	*count = search.count;
	return err;
}
