/* Alerts for leads. */
#include "columns.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/subject.h"

/* clang-format off */
#define OWNER struct alert
static const struct column columns[] = {
	ROW(row, "a.id", NULL, COLUMN_KEY),
	ENUM(kind, "a.kind", NULL, alert_kind, 0),
	ROW(session_row, "s.id", NULL, 0),
	TEXT(session_id, "s.uuid", NULL, 0),
	TEXT(external_ref, "s.external_ref", NULL, 0),
	TEXT(merchant, "m.name", NULL, 0),
	TEXT(uid, "u.uid", NULL, 0),
	TEXT(name, "s.subject_name", NULL, 0),
	TIME(raised_at, "a.raised_at", NULL, 0),
	TIME(closed_at, "closed_at", NULL, COLUMN_UNSTORED),
	TEXT(closed_by, "closed_by", NULL, COLUMN_UNSTORED),
	TEXT(reason, "reason", NULL, COLUMN_UNSTORED),
};
static COLUMN_TABLE(table, "alert", "alert", columns);
/* clang-format on */
#define FROM                                                                                                           \
	"FROM alert a JOIN session s ON s.id = a.session_id JOIN subject u ON u.id = a.subject_id "                    \
	"JOIN merchant m ON m.id = s.merchant_id "
STATEMENT(sql_raise, "alert.raise",
	  "INSERT INTO alert (session_id, subject_id, kind, raised_at) SELECT id, subject_id, $2, $3 FROM session "
	  "WHERE id = $1 ON CONFLICT (session_id, kind) WHERE closed_at IS NULL DO NOTHING RETURNING id");
STATEMENT(sql_close, "alert.close", "UPDATE alert SET closed_at = $2, closed_by = $3, reason = $4 WHERE id = $1");
STATEMENT(sql_standing, "alert.standing", "SELECT parties_verified, hit_open FROM session WHERE id = $1");
ROW_STATEMENT(sql_list, ROW_SELECT, table, "alert.list",
	      FROM "WHERE a.closed_at IS NULL AND a.id > $1 ORDER BY a.id LIMIT $2");
ROW_STATEMENT(sql_list_of_session, ROW_SELECT, table, "alert.list_of_session",
	      FROM "WHERE a.session_id = $3 AND a.id > $1 AND a.closed_at IS NULL ORDER BY a.id LIMIT $2");

enum err store_alert_put(struct store *store, struct alert *alert, struct error *error)
{
	if (alert->row)
		return db_run(store->db, &sql_close,
			      PARAMS(db_int(alert->row), db_time(alert->closed_at), db_text(alert->closed_by),
				     db_text(alert->reason)),
			      error);
	return db_get_int(
		store->db, &sql_raise,
		PARAMS(db_int(alert->session_row), db_text(alert_kind_text(alert->kind)), db_int(alert->raised_at)),
		&alert->row, error);
}

enum err store_alert_list(struct store *store, struct arena *arena, const struct alert_filter *filter,
			  struct alert_list *out, struct error *error)
{
	const struct row_reader reader = { store, filter->session ? &sql_list_of_session : &sql_list, arena };
	const struct db_value values[] = { db_int(filter->after_row), db_int((int64_t)filter->limit),
					   db_int(filter->session) };

	return rows_load(&reader, &(const struct db_params){ values, filter->session ? 3 : 2 }, (void **)&out->items,
			 &out->count, error);
}

enum err store_session_counters(struct store *store, int64_t session, struct session_counters *out, struct error *error)
{
	struct query *query = NULL;
	*out = (struct session_counters){ 0 };
	enum err err = db_select(store->db, &sql_standing, PARAMS(db_int(session)), &query, error);

	if (query_fetch_row(&query, &err, error))
		*out = (struct session_counters){ .parties_verified = row_int(query, 0),
						  .hit_open = row_int(query, 1) != 0 };
	query_end(query);
	return err;
}
