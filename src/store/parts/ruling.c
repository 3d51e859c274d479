/* What was said of the same entry of a list in other cases, and of other hits of this one. */
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/related.h"

#define RULINGS_MAX 20

enum { OF_ENTRY };
enum ruling_column { SESSION_ID, REF, NAME, MERCHANT_ROW, STATE, REASON, BY, AT };
static const struct sql statements[] = {
	[OF_ENTRY] = { "ruling.of_entry",
		       "SELECT s.uuid, s.external_ref, s.subject_name, s.merchant_id, h.state, h.reason, "
		       "h.resolved_by, h.resolved_at FROM hit h {then} check_result c ON c.id = h.check_id "
		       "{then} session s ON s.id = c.session_id "
		       "WHERE h.name = $1 AND h.list = $2 AND h.state <> 'open' AND h.id <> $3 "
		       "ORDER BY h.resolved_at DESC, h.id DESC LIMIT $4" },
};
const struct sql_list ruling_sql = SQL_LIST(statements);

enum err store_hit_rulings(struct store *store, struct arena *arena, const struct hit *hit, struct hit_rulings *out,
			   struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*out = (struct hit_rulings){ 0 };
	enum err err = db_query(store->db, &statements[OF_ENTRY], &query, error);
	if (err)
		return err;
	query_text(query, 1, hit->name);
	query_text(query, 2, hit->list);
	query_int(query, 3, hit->row);
	query_int(query, 4, RULINGS_MAX);
	while (!err && !(err = query_next(query, &row, error)) && row) {
		struct hit_ruling *item = ARENA_PUSH(arena, out->items, out->count, capacity);
		*item = (struct hit_ruling){ .session_id = row_text(query, SESSION_ID, arena),
					     .external_ref = row_text(query, REF, arena),
					     .subject_name = row_text(query, NAME, arena),
					     .merchant_row = row_int(query, MERCHANT_ROW),
					     .reason = row_text(query, REASON, arena),
					     .by = row_text(query, BY, arena),
					     .at = row_time(query, AT) };
		if (!hit_state_parse(row_view(query, STATE), &item->state))
			err = row_damaged(store, "hit", hit->row, "state", error);
	}
	query_end(query);
	return err;
}
