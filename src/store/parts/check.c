#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, UPDATE, INSERT_HIT, UPDATE_HIT, LOAD, LOAD_HITS };
enum load_column {
	LOAD_ROW,
	LOAD_KIND,
	LOAD_STATUS,
	LOAD_SCORE,
	LOAD_DETAIL,
	LOAD_CHECKED_AT,
	LOAD_WAIVED_BY,
	LOAD_WAIVE_REASON
};
enum hit_column {
	HIT_ROW,
	HIT_CHECK,
	HIT_UUID,
	HIT_NAME,
	HIT_LIST,
	HIT_CLASS,
	HIT_SCORE,
	HIT_DETAIL,
	HIT_STATE,
	HIT_REASON,
	HIT_NOTE,
	HIT_RESOLVED_BY,
	HIT_RESOLVED_AT,
	HIT_ACCEPTED_BY,
	HIT_ACCEPT_REASON
};
static const struct sql statements[] = {
	[INSERT] = { "check.insert",
		     "INSERT INTO check_result (kind, status, score, detail, checked_at, waived_by, "
		     "waive_reason, session_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
	[UPDATE] = { "check.update", "UPDATE check_result SET kind = $1, status = $2, score = $3, detail = $4, "
				     "checked_at = $5, waived_by = $6, waive_reason = $7 WHERE id = $8" },
	[INSERT_HIT] = { "check.insert_hit",
			 "INSERT INTO hit (name, list, class, score, detail, state, reason, note, resolved_by, "
			 "resolved_at, accepted_by, accept_reason, check_id, uuid) "
			 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)" },
	[UPDATE_HIT] = { "check.update_hit",
			 "UPDATE hit SET name = $1, list = $2, class = $3, score = $4, detail = $5, state = $6, "
			 "reason = $7, note = $8, resolved_by = $9, resolved_at = $10, accepted_by = $11, "
			 "accept_reason = $12 WHERE id = $13" },
	[LOAD] = { "check.load", "SELECT id, kind, status, score, detail, checked_at, waived_by, waive_reason "
				 "FROM check_result WHERE session_id = $1" },
	[LOAD_HITS] = { "check.load_hits",
			"SELECT h.id, h.check_id, h.uuid, h.name, h.list, h.class, h.score, h.detail, h.state, "
			"h.reason, h.note, h.resolved_by, h.resolved_at, h.accepted_by, h.accept_reason "
			"FROM check_result c JOIN hit h ON h.check_id = c.id WHERE c.session_id = $1" },
};
const struct sql_list check_sql = SQL_LIST(statements);

static void query_score(struct query *query, int at, double score)
{
	if (score < 0)
		query_null(query, at);
	else
		query_real(query, at, score);
}

static double row_score(const struct query *query, int column)
{
	return row_is_null(query, column) ? -1 : row_real(query, column);
}

static void bind(struct query *query, const struct check *check)
{
	query_text(query, 1, check_kind_text(check->kind));
	query_text(query, 2, check_status_text(check->status));
	query_score(query, 3, check->score);
	query_text(query, 4, check->detail_json);
	query_time(query, 5, check->checked_at);
	query_text(query, 6, check->waived_by);
	query_text(query, 7, check->waive_reason);
}

enum err store_check_insert(struct store *store, int64_t session, struct check *check, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	bind(query, check);
	query_int(query, 8, session);
	err = query_run(query, error);
	if (!err)
		check->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_check_update(struct store *store, const struct check *check, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[UPDATE], &query, error);
	if (err)
		return err;
	bind(query, check);
	query_int(query, 8, check->row);
	return query_run(query, error);
}

static void bind_hit(struct query *query, const struct hit *hit)
{
	query_text(query, 1, hit->name);
	query_text(query, 2, hit->list);
	query_text(query, 3, hit_class_text(hit->class_));
	query_score(query, 4, hit->score);
	query_text(query, 5, hit->detail_json);
	query_text(query, 6, hit_state_text(hit->state));
	query_text(query, 7, hit->reason);
	query_text(query, 8, hit->note);
	query_text(query, 9, hit->resolved_by);
	query_time(query, 10, hit->resolved_at);
	query_text(query, 11, hit->accepted_by);
	query_text(query, 12, hit->accept_reason);
}

enum err store_hit_insert(struct store *store, int64_t check, struct hit *hit, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[INSERT_HIT], &query, error);
	if (err)
		return err;
	bind_hit(query, hit);
	query_int(query, 13, check);
	query_text(query, 14, hit->id);
	err = query_run(query, error);
	if (!err)
		hit->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_hit_update(struct store *store, const struct hit *hit, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[UPDATE_HIT], &query, error);
	if (err)
		return err;
	bind_hit(query, hit);
	query_int(query, 13, hit->row);
	return query_run(query, error);
}

static enum err read_check(const struct store *store, const struct query *query, struct arena *arena,
			   struct check *check, struct error *error)
{
	check_init(check);
	check->row = row_int(query, LOAD_ROW);
	check->score = row_score(query, LOAD_SCORE);
	check->detail_json = row_text(query, LOAD_DETAIL, arena);
	check->checked_at = row_time(query, LOAD_CHECKED_AT);
	check->waived_by = row_text(query, LOAD_WAIVED_BY, arena);
	check->waive_reason = row_text(query, LOAD_WAIVE_REASON, arena);
	if (!check_kind_parse(row_view(query, LOAD_KIND), &check->kind))
		return row_damaged(store, "check", check->row, "kind", error);
	if (!check_status_parse(row_view(query, LOAD_STATUS), &check->status))
		return row_damaged(store, "check", check->row, "status", error);
	return ERR_OK;
}

static enum err read_hit(const struct store *store, const struct query *query, struct arena *arena, struct hit *hit,
			 struct error *error)
{
	hit_init(hit);
	hit->row = row_int(query, HIT_ROW);
	hit->id = row_text(query, HIT_UUID, arena);
	hit->name = row_text(query, HIT_NAME, arena);
	hit->list = row_text(query, HIT_LIST, arena);
	hit->score = row_score(query, HIT_SCORE);
	hit->detail_json = row_text(query, HIT_DETAIL, arena);
	hit->reason = row_text(query, HIT_REASON, arena);
	hit->note = row_text(query, HIT_NOTE, arena);
	hit->resolved_by = row_text(query, HIT_RESOLVED_BY, arena);
	hit->resolved_at = row_time(query, HIT_RESOLVED_AT);
	hit->accepted_by = row_text(query, HIT_ACCEPTED_BY, arena);
	hit->accept_reason = row_text(query, HIT_ACCEPT_REASON, arena);
	if (!hit_class_parse(row_view(query, HIT_CLASS), &hit->class_))
		return row_damaged(store, "hit", hit->row, "class", error);
	if (!hit_state_parse(row_view(query, HIT_STATE), &hit->state))
		return row_damaged(store, "hit", hit->row, "state", error);
	return ERR_OK;
}

/* A case has at most one check of a kind, so these stay short. */
static void order_by_row(struct check *checks, size_t count)
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
	size_t capacity[CHECK_KIND_COUNT] = { 0 };
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD_HITS], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row)
		for (size_t i = 0; i < out->check_count; i++) {
			struct check *check = &out->checks[i];
			if (check->row != row_int(query, HIT_CHECK))
				continue;
			err = read_hit(store, query, arena,
				       ARENA_PUSH(arena, check->hits, check->hit_count, capacity[check->kind]),
				       error);
			break;
		}
	query_end(query);
	return err;
}

enum err checks_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		     struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_check(store, query, arena, ARENA_PUSH(arena, out->checks, out->check_count, capacity),
				 error);
	query_end(query);
	if (err || out->check_count == 0)
		return err;
	order_by_row(out->checks, out->check_count);
	return load_hits(store, arena, session, out, error);
}
