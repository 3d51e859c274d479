#include "rows.h"
#include "columns.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/store/parts.h"

enum { PART_CHECK };
ROW_STATEMENT(sql_insert, ROW_INSERT, check_columns, "check.insert", "{made}", .keys = "session_id", .key_count = 1);
ROW_STATEMENT(sql_update, ROW_UPDATE, check_columns, "check.update", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_insert_hit, ROW_INSERT, hit_columns, "check.insert_hit", "{made}", .keys = "check_id",
	      .key_count = 1);
ROW_STATEMENT(sql_update_hit, ROW_UPDATE, hit_columns, "check.update_hit", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_insert_result, ROW_INSERT, result_columns, "check.insert_result", "{made}", .keys = "check_id",
	      .key_count = 1);
ROW_STATEMENT(sql_update_result, ROW_UPDATE, result_columns, "check.update_result", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_load, ROW_SELECT, check_columns, "check.load", "FROM check_result WHERE session_id = $1");
ROW_STATEMENT(sql_load_hits, ROW_SELECT, hit_columns, "check.load_hits",
	      "FROM check_result c JOIN hit h ON h.check_id = c.id WHERE c.session_id = $1", .keys = "h.check_id",
	      .key_count = 1, .alias = "h.");
ROW_STATEMENT(sql_load_results, ROW_SELECT, result_columns, "check.load_results",
	      "FROM check_result c JOIN result r ON r.check_id = c.id WHERE c.session_id = $1", .keys = "r.check_id",
	      .key_count = 1, .alias = "r.");

enum err store_check_insert(struct store *store, int64_t session, struct check *check, struct error *error)
{
	return row_insert(store, &sql_insert, PARAMS(db_int(session)), check, error);
}

enum err store_check_update(struct store *store, const struct check *check, struct error *error)
{
	return row_write(store, &sql_update, PARAMS(db_int(check->row)), check, error);
}

enum err store_hit_insert(struct store *store, int64_t check, struct hit *hit, struct error *error)
{
	return row_insert(store, &sql_insert_hit, PARAMS(db_int(check)), hit, error);
}

enum err store_hit_update(struct store *store, const struct hit *hit, struct error *error)
{
	return row_write(store, &sql_update_hit, PARAMS(db_int(hit->row)), hit, error);
}

enum err store_result_insert(struct store *store, int64_t check, struct result *result, struct error *error)
{
	return row_insert(store, &sql_insert_result, PARAMS(db_int(check)), result, error);
}

enum err store_result_update(struct store *store, const struct result *result, struct error *error)
{
	return row_write(store, &sql_update_result, PARAMS(db_int(result->row)), result, error);
}

/* A case has at most one check of each kind, so the list is short. */
static void sort_by_row(struct check *checks, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct check item = checks[i];
		size_t at = i;
		for (; at > 0 && checks[at - 1].row > item.row; at--)
			checks[at] = checks[at - 1];
		checks[at] = item;
	}
}

static enum err load_hits(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
			  struct error *error)
{
	struct query *query = NULL;
	const struct row_reader reader = { store, &sql_load_hits, arena };
	size_t capacity[CHECK_KIND_COUNT] = { 0 };
	enum err err = row_select(store, &sql_load_hits, PARAMS(db_int(session)), &query, error);

	while (query_fetch_row(&query, &err, error))
		for (size_t i = 0; i < out->check_count; i++) {
			struct check *check = &out->checks[i];
			if (check->row != row_int(query, PART_CHECK))
				continue;
			err = row_read(&reader, query,
				       ARENA_PUSH(arena, check->hits, check->hit_count, capacity[check->kind]), error);
			break;
		}
	return err;
}

/* In the order in which they were reported. They usually come in this order. */
static void number_results(struct arena *arena, struct check *check)
{
	for (size_t i = 1; i < check->result_count; i++) {
		struct result item = check->results[i];
		size_t at = i;
		for (; at > 0 && check->results[at - 1].row > item.row; at--)
			check->results[at] = check->results[at - 1];
		check->results[at] = item;
	}
	for (size_t i = 0; i < check->result_count; i++)
		check->results[i].id = result_id(arena, check->kind, i + 1);
}

static enum err load_results(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
			     struct error *error)
{
	struct query *query = NULL;
	const struct row_reader reader = { store, &sql_load_results, arena };
	size_t capacity[CHECK_KIND_COUNT] = { 0 };
	enum err err = row_select(store, &sql_load_results, PARAMS(db_int(session)), &query, error);

	while (query_fetch_row(&query, &err, error))
		for (size_t i = 0; i < out->check_count; i++) {
			struct check *check = &out->checks[i];
			struct result *result;
			if (check->row != row_int(query, PART_CHECK))
				continue;
			result = ARENA_PUSH(arena, check->results, check->result_count, capacity[check->kind]);
			err = row_read(&reader, query, result, error);
			break;
		}
	for (size_t i = 0; !err && i < out->check_count; i++)
		number_results(arena, &out->checks[i]);
	return err;
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	enum err err = rows_read(reader, query, (void **)&out->checks, &out->check_count, error);

	if (err || out->check_count == 0)
		return err;
	sort_by_row(out->checks, out->check_count);
	err = load_results(reader->store, reader->arena, out->session.row, out, error);
	return err ? err : load_hits(reader->store, reader->arena, out->session.row, out, error);
}

const struct case_part part_checks = { .sql = &sql_load, .read = read_part };
