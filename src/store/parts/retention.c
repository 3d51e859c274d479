#include "kybdesk/store/retention.h"
#include "rows.h"
#include "statements.h"

enum { SET, RELEASE, IN_FORCE, LIST, LIST_OF_SESSION, FACTS };
#define FROM                                                                                                       \
	"SELECT h.id, s.uuid, s.external_ref, s.subject_name, h.reason, h.set_by, h.set_at, h.released_at, "       \
	"h.released_by, h.release_reason FROM legal_hold h JOIN session s ON s.id = h.session_id "
enum column { ROW_ID, SESSION_ID, REF, NAME, REASON, SET_BY, SET_AT, RELEASED_AT, RELEASED_BY, RELEASE_REASON };
static const struct sql statements[] = {
	[SET] = { "retention.set", "INSERT INTO legal_hold (session_id, reason, set_by, set_at) VALUES "
				   "($1, $2, $3, $4)" },
	[RELEASE] = { "retention.release", "UPDATE legal_hold SET released_at = $2, released_by = $3, "
					   "release_reason = $4 WHERE id = $1" },
	[IN_FORCE] = { "retention.in_force",
		       "SELECT id FROM legal_hold WHERE session_id = $1 AND released_at IS NULL" },
	[LIST] = { "retention.list", FROM "WHERE h.released_at IS NULL ORDER BY h.session_id" },
	[LIST_OF_SESSION] = { "retention.list_of_session", FROM "WHERE h.session_id = $1 ORDER BY h.id" },
	[FACTS] = { "retention.facts",
		    "SELECT (SELECT count(*) FROM legal_hold WHERE session_id = s.id AND released_at IS NULL), "
		    "(SELECT count(*) FROM check_result AS c JOIN hit AS h ON h.check_id = c.id WHERE "
		    "c.session_id = s.id AND h.class = 'sanctions' AND h.state IN ('true_match', 'accepted')), "
		    "(SELECT count(*) FROM suspicion WHERE session_id = s.id AND closed_at IS NULL), "
		    "(SELECT max(closed_at) FROM suspicion WHERE session_id = s.id) FROM session AS s "
		    "WHERE s.id = $1" },
};
const struct sql_list retention_sql = SQL_LIST(statements);

static enum err find_in_force(struct store *store, int64_t session, int64_t *row, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[IN_FORCE], PARAMS(db_int(session)), &query, error);

	*row = 0;
	if (query_row(query, &err, error))
		*row = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_legal_hold_set(struct store *store, int64_t session, struct legal_hold *hold, struct error *error)
{
	int64_t row = 0;
	enum err err = find_in_force(store, session, &row, error);

	if (!err && row)
		err = error_set(error, ERR_CONFLICT, "A legal hold is in force on this case already");
	if (!err)
		err = db_run(
			store->db, &statements[SET],
			PARAMS(db_int(session), db_text(hold->reason), db_text(hold->set_by), db_int(hold->set_at)),
			error);
	return err ? err : find_in_force(store, session, &hold->row, error);
}

enum err store_legal_hold_release(struct store *store, int64_t session, struct legal_hold *hold,
				  struct error *error)
{
	enum err err = find_in_force(store, session, &hold->row, error);

	if (!err && !hold->row)
		err = error_set(error, ERR_NOT_FOUND, "No legal hold is in force on this case");
	return err ? err
		   : db_run(store->db, &statements[RELEASE],
			    PARAMS(db_int(hold->row), db_int(hold->released_at), db_text(hold->released_by),
				   db_text(hold->release_reason)),
			    error);
}

enum err store_legal_hold_list(struct store *store, struct arena *arena, int64_t session,
			       struct legal_hold_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err =
		session ? db_select(store->db, &statements[LIST_OF_SESSION], PARAMS(db_int(session)), &query, error)
			: db_query(store->db, &statements[LIST], &query, error);

	*out = (struct legal_hold_list){ 0 };
	while (query_row(query, &err, error))
		*ARENA_PUSH(arena, out->items, out->count, capacity) =
			(struct legal_hold){ .row = row_int(query, ROW_ID),
					     .session_id = row_text(query, SESSION_ID, arena),
					     .external_ref = row_text(query, REF, arena),
					     .name = row_text(query, NAME, arena),
					     .reason = row_text(query, REASON, arena),
					     .set_by = row_text(query, SET_BY, arena),
					     .set_at = row_time(query, SET_AT),
					     .released_at = row_time(query, RELEASED_AT),
					     .released_by = row_text(query, RELEASED_BY, arena),
					     .release_reason = row_text(query, RELEASE_REASON, arena) };
	query_end(query);
	return err;
}

enum err store_retention_facts(struct store *store, int64_t session, struct retention_facts *out,
			       struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[FACTS], PARAMS(db_int(session)), &query, error);

	*out = (struct retention_facts){ .suspicion_closed_at = TIME_NONE };
	if (query_row(query, &err, error))
		*out = (struct retention_facts){ .held = row_int(query, 0) != 0,
						 .sanctions = row_int(query, 1) != 0,
						 .suspected = row_int(query, 2) != 0,
						 .suspicion_closed_at = row_time(query, 3) };
	query_end(query);
	return err;
}
