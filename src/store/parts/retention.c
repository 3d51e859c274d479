#include "kybdesk/store/retention.h"
#include "columns.h"
#include "kybdesk/domain/column_define.h"

/* clang-format off */
#define OWNER struct legal_hold
static const struct column columns[] = {
	ROW(row, "h.id", NULL, COLUMN_KEY),
	TEXT(session_id, "s.uuid", NULL, 0),
	TEXT(external_ref, "s.external_ref", NULL, 0),
	TEXT(name, "s.subject_name", NULL, 0),
	TEXT(reason, "h.reason", NULL, 0),
	TEXT(set_by, "h.set_by", NULL, 0),
	TIME(set_at, "h.set_at", NULL, 0),
	TIME(released_at, "h.released_at", NULL, 0),
	TEXT(released_by, "h.released_by", NULL, 0),
	TEXT(release_reason, "h.release_reason", NULL, 0),
};
static COLUMN_TABLE(table, "legal_hold", "legal hold", columns);
/* clang-format on */
#define FROM "FROM legal_hold h JOIN session s ON s.id = h.session_id "
ROW_STATEMENT(sql_list, ROW_SELECT, table, "retention.list", FROM "WHERE h.released_at IS NULL ORDER BY h.session_id");
ROW_STATEMENT(sql_list_of_session, ROW_SELECT, table, "retention.list_of_session",
	      FROM "WHERE h.session_id = $1 ORDER BY h.id");
STATEMENT(sql_set, "retention.set",
	  "INSERT INTO legal_hold (session_id, reason, set_by, set_at) VALUES ($1, $2, $3, $4)");
STATEMENT(sql_release, "retention.release",
	  "UPDATE legal_hold SET released_at = $2, released_by = $3, release_reason = $4 WHERE id = $1");
STATEMENT(sql_in_force, "retention.in_force",
	  "SELECT id FROM legal_hold WHERE session_id = $1 AND released_at IS NULL");
STATEMENT(sql_facts, "retention.facts",
	  "SELECT (SELECT count(*) FROM legal_hold WHERE session_id = s.id AND released_at IS NULL), (SELECT "
	  "count(*) FROM check_result AS c JOIN hit AS h ON h.check_id = c.id WHERE c.session_id = s.id "
	  "AND " IS_SANCTIONS_HIT
	  " AND h.state <> 'open') + (SELECT count(*) FROM check_result AS c JOIN result AS r ON r.check_id = c.id "
	  "WHERE c.session_id = s.id AND " IS_SANCTIONS_RESULT
	  " AND r.verdict <> ''), (SELECT count(*) FROM suspicion WHERE "
	  "session_id = s.id AND closed_at IS NULL), (SELECT max(closed_at) FROM suspicion WHERE session_id = "
	  "s.id) FROM session AS s WHERE s.id = $1");

enum err store_legal_hold_put(struct store *store, int64_t session, struct legal_hold *hold, bool set,
			      struct error *error)
{
	const struct db_params *of_session = PARAMS(db_int(session));
	enum err err = db_get_int(store->db, &sql_in_force, of_session, &hold->row, error);

	if (err)
		return err;
	if (!set && hold->row)
		return db_run(store->db, &sql_release,
			      PARAMS(db_int(hold->row), db_int(hold->released_at), db_text(hold->released_by),
				     db_text(hold->release_reason)),
			      error);
	if (!set)
		return error_set(error, ERR_NOT_FOUND, "No legal hold is in force on this case");
	if (hold->row)
		return error_set(error, ERR_CONFLICT, "A legal hold is in force on this case already");
	err = db_run(store->db, &sql_set,
		     PARAMS(db_int(session), db_text(hold->reason), db_text(hold->set_by), db_int(hold->set_at)),
		     error);
	return err ? err : db_get_int(store->db, &sql_in_force, of_session, &hold->row, error);
}

enum err store_legal_hold_list(struct store *store, struct arena *arena, int64_t session, struct legal_hold_list *out,
			       struct error *error)
{
	const struct row_reader reader = { store, session ? &sql_list_of_session : &sql_list, arena };

	return rows_load(&reader, session ? PARAMS(db_int(session)) : NULL, (void **)&out->items, &out->count, error);
}

enum err store_retention_facts_read(struct store *store, int64_t session, struct retention_facts *out,
				    struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_facts, PARAMS(db_int(session)), &query, error);

	*out = (struct retention_facts){ .suspicion_closed_at = TIME_NONE };
	if (query_fetch_row(&query, &err, error))
		*out = (struct retention_facts){ .has_legal_hold = row_int(query, 0) != 0,
						 .has_sanctions_news = row_int(query, 1) != 0,
						 .has_suspicion = row_int(query, 2) != 0,
						 .suspicion_closed_at = row_time(query, 3) };
	query_end(query);
	return err;
}
