/* What a session waits for, and what time alone brings about. */
#include "statements.h"
#include "kybdesk/store/related.h"

enum { SET_GAP, SET_SNOOZE, SET_REMINDERS, SET_PARTIES_COMPLETED, SET_DUE, EXPIRED, TO_REMIND, NEXT, STOP_LINK };
static const struct sql statements[] = {
	[SET_GAP] = { "follow.set_gap", "UPDATE session SET gap_reason = $2, gap_text = $3, gap_by = $4, "
					"gap_percent = $5, gap_at = $6 WHERE id = $1" },
	[SET_SNOOZE] = { "follow.set_snooze", "UPDATE session SET snoozed_until = $2, snooze_reason = $3, "
					      "snoozed_by = $4 WHERE id = $1" },
	[SET_REMINDERS] = { "follow.set_reminders", "UPDATE session SET remind_at = $2, reminders = $3, "
						    "reminded_at = $4, unresponsive = $5 WHERE id = $1" },
	[SET_PARTIES_COMPLETED] = { "follow.set_parties_completed",
				    "UPDATE session SET parties_completed_at = $2 WHERE id = $1" },
	[SET_DUE] = { "follow.set_due", "UPDATE session SET due_at = $2, due_paused_at = $3 WHERE id = $1" },
	/* The conditions of the partial indexes, word for word. */
	[EXPIRED] = { "follow.expired",
		      "SELECT id FROM session WHERE expires_at IS NOT NULL AND status IN ('draft', "
		      "'active', 'awaiting_client_correction') AND expires_at <= $1 "
		      "ORDER BY expires_at, id LIMIT $2" },
	[TO_REMIND] = { "follow.to_remind",
			"SELECT id FROM session WHERE remind_at IS NOT NULL AND remind_at <= $1 "
			"ORDER BY remind_at, id LIMIT $2" },
	[NEXT] = { "follow.next",
		   "SELECT s.id FROM session s INDEXED BY session_follow "
		   "WHERE (s.unresponsive = 1 OR s.snoozed_until IS NOT NULL) AND s.top = 1 "
		   "AND s.compliance_status IN ('remediation', 'pending', 'incomplete') "
		   "AND coalesce(s.snoozed_until <= $1, s.waiting = 0) AND (s.assignee_id IS NULL OR "
		   "(s.claim_expires_at IS NOT NULL AND (s.claim_expires_at <= $1 OR s.claimed_at > $1))) "
		   "ORDER BY s.due_key, s.risk_key, s.created_at, s.id LIMIT 1" },
	[STOP_LINK] = { "follow.stop_link", "UPDATE access_link SET replaced_at = $2 "
					    "WHERE session_id = $1 AND replaced_at IS NULL" },
};
const struct sql_list follow_sql = SQL_LIST(statements);

static enum err on_session(struct store *store, int statement, int64_t row, struct query **query,
			   struct error *error)
{
	enum err err = db_query(store->db, &statements[statement], query, error);
	if (!err)
		query_int(*query, 1, row);
	return err;
}

enum err store_session_set_gap(struct store *store, const struct session *session, struct error *error)
{
	struct query *query = NULL;
	enum err err = on_session(store, SET_GAP, session->row, &query, error);
	if (err)
		return err;
	query_text(query, 2, session->gap_reason);
	query_text(query, 3, session->gap_text);
	query_text(query, 4, session->gap_by);
	query_text(query, 5, session->gap_percent);
	query_time(query, 6, session->gap_at);
	return query_run(query, error);
}

enum err store_session_set_snooze(struct store *store, const struct session *session, struct error *error)
{
	struct query *query = NULL;
	enum err err = on_session(store, SET_SNOOZE, session->row, &query, error);
	if (err)
		return err;
	query_time(query, 2, session->snoozed_until);
	query_text(query, 3, session->snooze_reason);
	query_text(query, 4, session->snoozed_by);
	return query_run(query, error);
}

enum err store_session_set_reminders(struct store *store, const struct session *session, struct error *error)
{
	struct query *query = NULL;
	enum err err = on_session(store, SET_REMINDERS, session->row, &query, error);
	if (err)
		return err;
	query_time(query, 2, session->remind_at);
	query_int(query, 3, session->reminders);
	query_time(query, 4, session->reminded_at);
	query_int(query, 5, session->unresponsive);
	return query_run(query, error);
}

enum err store_session_set_parties_completed(struct store *store, const struct session *session,
					     struct error *error)
{
	struct query *query = NULL;
	enum err err = on_session(store, SET_PARTIES_COMPLETED, session->row, &query, error);
	if (err)
		return err;
	query_time(query, 2, session->parties_completed_at);
	return query_run(query, error);
}

enum err store_session_set_due(struct store *store, const struct session *session, struct error *error)
{
	struct query *query = NULL;
	enum err err = on_session(store, SET_DUE, session->row, &query, error);
	if (err)
		return err;
	query_time(query, 2, session->due_at);
	query_time(query, 3, session->due_paused_at);
	return query_run(query, error);
}

static enum err rows_before(struct store *store, struct arena *arena, int statement, int64_t now, size_t limit,
			    int64_t **rows, size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*rows = NULL;
	*count = 0;
	enum err err = db_query(store->db, &statements[statement], &query, error);
	if (err)
		return err;
	query_int(query, 1, now);
	query_int(query, 2, (int64_t)limit);
	while (!(err = query_next(query, &row, error)) && row)
		*ARENA_PUSH(arena, *rows, *count, capacity) = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_sessions_expired(struct store *store, struct arena *arena, int64_t now, size_t limit, int64_t **rows,
				size_t *count, struct error *error)
{
	return rows_before(store, arena, EXPIRED, now, limit, rows, count, error);
}

enum err store_sessions_to_remind(struct store *store, struct arena *arena, int64_t now, size_t limit,
				  int64_t **rows, size_t *count, struct error *error)
{
	return rows_before(store, arena, TO_REMIND, now, limit, rows, count, error);
}

enum err store_follow_next(struct store *store, int64_t now, int64_t *row, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	*row = 0;
	enum err err = db_query(store->db, &statements[NEXT], &query, error);
	if (err)
		return err;
	query_int(query, 1, now);
	err = query_next(query, &found, error);
	if (!err && found)
		*row = row_int(query, 0);
	query_end(query);
	return err;
}

enum err store_link_stop(struct store *store, int64_t session, int64_t now, struct error *error)
{
	struct query *query = NULL;
	enum err err = on_session(store, STOP_LINK, session, &query, error);
	if (err)
		return err;
	query_int(query, 2, now);
	return query_run(query, error);
}
