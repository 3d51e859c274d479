/* Alerts for leads. */
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/subject.h"

enum { RAISE, CLOSE, LIST, LIST_OF_SESSION, STANDING };
enum alert_column { ROW_ID, KIND, SESSION, SESSION_ID, REF, MERCHANT, UID, NAME, RAISED_AT };
#define FROM                                                                                                       \
	"SELECT a.id, a.kind, s.id, s.uuid, s.external_ref, m.name, u.uid, s.subject_name, a.raised_at "           \
	"FROM alert a JOIN session s ON s.id = a.session_id JOIN subject u ON u.id = a.subject_id "                \
	"JOIN merchant m ON m.id = s.merchant_id "
static const struct sql statements[] = {
	[RAISE] = { "alert.raise",
		    "INSERT INTO alert (session_id, subject_id, kind, raised_at) VALUES ($1, $2, $3, $4) "
		    "ON CONFLICT (session_id, kind) WHERE closed_at IS NULL DO NOTHING RETURNING id" },
	[CLOSE] = { "alert.close", "UPDATE alert SET closed_at = $2, closed_by = $3, reason = $4 WHERE id = $1" },
	[LIST] = { "alert.list", FROM "WHERE a.closed_at IS NULL AND a.id > $1 ORDER BY a.id LIMIT $2" },
	[LIST_OF_SESSION] = { "alert.list_of_session",
			      FROM "WHERE a.session_id = $3 AND a.id > $1 AND a.closed_at IS NULL ORDER BY a.id "
				   "LIMIT $2" },
	[STANDING] = { "alert.standing", "SELECT parties_verified, hit_open FROM session WHERE id = $1" },
};
const struct sql_list alert_sql = SQL_LIST(statements);

enum err store_alert_raise(struct store *store, int64_t subject, const struct alert *alert, bool *raised,
			   struct error *error)
{
	return db_finds(store->db, &statements[RAISE],
			PARAMS(db_int(alert->session_row), db_int(subject), db_text(alert_kind_text(alert->kind)),
			       db_int(alert->raised_at)),
			raised, error);
}

enum err store_alert_close(struct store *store, const struct alert *alert, struct error *error)
{
	return db_run(store->db, &statements[CLOSE],
		      PARAMS(db_int(alert->row), db_time(alert->closed_at), db_text(alert->closed_by),
			     db_text(alert->reason)),
		      error);
}

enum err store_alert_list(struct store *store, struct arena *arena, const struct alert_filter *filter,
			  struct alert_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*out = (struct alert_list){ 0 };
	enum err err = db_select(store->db, &statements[filter->session ? LIST_OF_SESSION : LIST],
				 PARAMS(db_int(filter->after_row), db_int((int64_t)filter->limit)), &query, error);
	if (err)
		return err;
	if (filter->session)
		query_int(query, 3, filter->session);
	while (query_row(query, &err, error)) {
		struct alert *item = ARENA_PUSH(arena, out->items, out->count, capacity);
		*item = (struct alert){ .row = row_int(query, ROW_ID),
					.session_row = row_int(query, SESSION),
					.session_id = row_text(query, SESSION_ID, arena),
					.external_ref = row_text(query, REF, arena),
					.merchant = row_text(query, MERCHANT, arena),
					.uid = row_text(query, UID, arena),
					.name = row_text(query, NAME, arena),
					.raised_at = row_time(query, RAISED_AT),
					.closed_at = TIME_NONE,
					.closed_by = "",
					.reason = "" };
		if (!alert_kind_parse(row_view(query, KIND), &item->kind))
			err = row_damaged(store, "alert", item->row, "kind", error);
	}
	query_end(query);
	return err;
}

enum err store_session_standing(struct store *store, int64_t session, struct session_standing *out,
				struct error *error)
{
	struct query *query = NULL;
	*out = (struct session_standing){ 0 };
	enum err err = db_select(store->db, &statements[STANDING], PARAMS(db_int(session)), &query, error);

	if (query_row(query, &err, error))
		*out = (struct session_standing){ .parties_verified = row_int(query, 0),
						  .hit_open = row_int(query, 1) != 0 };
	query_end(query);
	return err;
}
