/* Finds verdicts on the same list entry in other cases and on other hits of this case, and the confirmed hits of
 * related cases. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/store/related.h"

#define RULINGS_MAX 20

enum ruling_column {
	RULING_SESSION_ID,
	RULING_REF,
	RULING_NAME,
	RULING_MERCHANT_ROW,
	RULING_STATE,
	RULING_REASON,
	RULING_BY,
	RULING_AT
};
STATEMENT(sql_of_entry, "ruling.of_entry",
	  "SELECT s.uuid, s.external_ref, s.subject_name, s.merchant_id, h.state, h.reason, h.resolved_by, "
	  "h.resolved_at FROM hit h {then} check_result c ON c.id = h.check_id {then} session s ON s.id = "
	  "c.session_id WHERE h.name = $1 AND h.list = $2 AND h.state <> 'open' AND h.id <> $3 ORDER BY "
	  "h.resolved_at DESC, h.id DESC LIMIT $4");
STATEMENT(sql_below, "ruling.below",
	  "SELECT subsession_id FROM party WHERE session_id = $1 AND subsession_id IS NOT NULL AND removed_at IS "
	  "NULL");
STATEMENT(sql_match, "ruling.match",
	  "SELECT h.id FROM check_result c {then} hit h ON h.check_id = c.id WHERE c.session_id = $1 AND h.state "
	  "IN ('true_match', 'accepted') LIMIT 1");

enum err store_hit_ruling_list(struct store *store, struct arena *arena, const struct hit *hit, struct hit_rulings *out,
			       struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*out = (struct hit_rulings){ 0 };
	enum err err = db_select(store->db, &sql_of_entry,
				 PARAMS(db_text(hit->name), db_text(hit->list), db_int(hit->row), db_int(RULINGS_MAX)),
				 &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct hit_ruling *item = ARENA_PUSH(arena, out->items, out->count, capacity);
		*item = (struct hit_ruling){ .session_id = row_text(query, RULING_SESSION_ID, arena),
					     .external_ref = row_text(query, RULING_REF, arena),
					     .subject_name = row_text(query, RULING_NAME, arena),
					     .merchant_row = row_int(query, RULING_MERCHANT_ROW),
					     .reason = row_text(query, RULING_REASON, arena),
					     .by = row_text(query, RULING_BY, arena),
					     .at = row_time(query, RULING_AT) };
		if (!hit_state_parse(row_text_view(query, RULING_STATE), &item->state))
			err = report_damaged_row(store, "hit", hit->row, "state", error);
	}
	return err;
}

static void add_unique_row(struct arena *arena, struct row_list *to, size_t *capacity, int64_t row)
{
	for (size_t i = 0; i < to->count; i++)
		if (to->items[i] == row)
			return;
	*ARENA_PUSH(arena, to->items, to->count, *capacity) = row;
}

enum err store_sessions_with_match(struct store *store, struct arena *arena, int64_t session, struct row_list *out,
				   struct error *error)
{
	const struct column_query below = { store, &sql_below, arena };
	const struct column_query matches = { store, &sql_match, arena };
	struct row_list around = { 0 }, found;
	size_t capacity = 0, kept = 0;
	add_unique_row(arena, &around, &capacity, session);
	enum err err = ERR_OK;
	for (size_t at = 0; !err && at < around.count; at++) {
		err = row_list_load(&below, PARAMS(db_int(around.items[at])), &found, error);
		for (size_t i = 0; !err && i < found.count; i++)
			add_unique_row(arena, &around, &capacity, found.items[i]);
	}
	if (!err)
		err = store_subsession_list_holders(store, arena, session, false, &found, error);
	for (size_t i = 0; !err && i < found.count; i++)
		add_unique_row(arena, &around, &capacity, found.items[i]);
	for (size_t at = 1; !err && at < around.count; at++) {
		err = row_list_load(&matches, PARAMS(db_int(around.items[at])), &found, error);
		if (!err && found.count)
			around.items[kept++] = around.items[at];
	}
	*out = (struct row_list){ .items = around.items, .count = kept };
	return err;
}
