/* Follow-ups: conditions that a session waits for, and actions that become due with time. */
#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/related.h"

/* The statements repeat the conditions of the partial indexes word for word. */
STATEMENT(sql_expired, "follow.expired",
	  "SELECT id FROM session WHERE expires_at IS NOT NULL AND status IN ('draft', 'active', "
	  "'awaiting_client_correction') AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2");
STATEMENT(sql_to_remind, "follow.to_remind",
	  "SELECT id FROM session WHERE remind_at IS NOT NULL AND remind_at <= $1 ORDER BY remind_at, id LIMIT $2");
STATEMENT(sql_next, "follow.next",
	  "SELECT s.id FROM session s {by session_follow} WHERE (s.unresponsive = 1 OR s.snoozed_until IS NOT "
	  "NULL) AND s.top = 1 AND s.compliance_status IN ('remediation', 'pending', 'incomplete') AND "
	  "coalesce(s.snoozed_until <= $1, s.waiting = 0) AND (s.assignee_id IS NULL OR (s.claim_expires_at IS NOT "
	  "NULL AND (s.claim_expires_at <= $1 OR s.claimed_at > $1))) ORDER BY s.due_key, s.risk_key, "
	  "s.created_at, s.id LIMIT 1");
STATEMENT(sql_stop_link, "follow.stop_link",
	  "UPDATE access_link SET replaced_at = $2 WHERE session_id = $1 AND replaced_at IS NULL");
STATEMENT(sql_resume_link, "follow.resume_link",
	  "UPDATE access_link SET replaced_at = NULL WHERE session_id = $1 AND replaced_at = $2 AND NOT EXISTS "
	  "(SELECT 1 FROM access_link later WHERE later.session_id = $1 AND later.document_type = "
	  "access_link.document_type AND later.generation > access_link.generation)");
STATEMENT(sql_to_recount, "follow.to_recount",
	  "SELECT session_id FROM recount WHERE session_id > $1 ORDER BY session_id LIMIT $2");
STATEMENT(sql_counted_until, "follow.counted_until",
	  "SELECT id FROM session WHERE counted_until IS NOT NULL AND counted_until <= $1 ORDER BY counted_until, "
	  "id LIMIT $2");
/* Repeats the conditions of the partial index word for word. */
STATEMENT(sql_half_uploads, "follow.half_uploads",
	  "SELECT d.session_id FROM document d JOIN session s ON s.id = d.session_id WHERE d.double_sided = 1 AND "
	  "d.replaced = 0 AND (d.sha256 = '') <> (d.back_sha256 = '') AND d.uploaded_at <= $1 AND d.review = "
	  "'unreviewed' AND s.status NOT IN ('approved', 'rejected', 'expired') AND NOT EXISTS (SELECT 1 FROM "
	  "legal_hold h WHERE h.session_id = d.session_id AND h.released_at IS NULL) ORDER BY d.uploaded_at, d.id "
	  "LIMIT $2");
STATEMENT(sql_recounted, "follow.recounted", "DELETE FROM recount WHERE session_id = $1");
/* An UPDATE of only the columns that one verb writes. */
#define SET(variable, name, columns)                                                                               \
	ROW_STATEMENT(variable, ROW_UPDATE, session_columns, name, "WHERE id = $1", .key_count = 1,                \
		      .with = (columns))
SET(sql_gap, "follow.set_gap", COLUMN_OF_GAP);
SET(sql_snooze, "follow.set_snooze", COLUMN_OF_SNOOZE);
SET(sql_reminders, "follow.set_reminders", COLUMN_OF_REMINDERS);
SET(sql_parties_completed, "follow.set_parties_completed", COLUMN_OF_PARTIES);
SET(sql_due, "follow.set_due", COLUMN_OF_DUE);

enum err store_session_set_gap(struct store *store, const struct session *session, struct error *error)
{
	return row_write(store, &sql_gap, PARAMS(db_int(session->row)), session, error);
}

enum err store_session_set_snooze(struct store *store, const struct session *session, struct error *error)
{
	return row_write(store, &sql_snooze, PARAMS(db_int(session->row)), session, error);
}

enum err store_session_set_reminders(struct store *store, const struct session *session, struct error *error)
{
	return row_write(store, &sql_reminders, PARAMS(db_int(session->row)), session, error);
}

enum err store_session_set_parties_completed(struct store *store, const struct session *session,
					     struct error *error)
{
	return row_write(store, &sql_parties_completed, PARAMS(db_int(session->row)), session, error);
}

enum err store_session_set_due(struct store *store, const struct session *session, struct error *error)
{
	return row_write(store, &sql_due, PARAMS(db_int(session->row)), session, error);
}

enum err store_sessions_expired(struct store *store, struct arena *arena, struct due_rows *due, struct error *error)
{
	return due_rows_read(store, &sql_expired, arena, due, error);
}

enum err store_sessions_to_remind(struct store *store, struct arena *arena, struct due_rows *due,
				  struct error *error)
{
	return due_rows_read(store, &sql_to_remind, arena, due, error);
}

enum err store_sessions_half_uploads(struct store *store, struct arena *arena, struct due_rows *due,
				     struct error *error)
{
	struct due_rows day_ago = { .now = due->now - UPLOAD_HALF_MS, .limit = due->limit };
	enum err err = due_rows_read(store, &sql_half_uploads, arena, &day_ago, error);

	due->rows = day_ago.rows;
	return err;
}

enum err store_sessions_to_recount(struct store *store, struct arena *arena, struct due_rows *due,
				   struct error *error)
{
	return due_rows_read(store, &sql_to_recount, arena, due, error);
}

enum err store_sessions_counted_until(struct store *store, struct arena *arena, struct due_rows *due,
				      struct error *error)
{
	return due_rows_read(store, &sql_counted_until, arena, due, error);
}

enum err store_session_recounted(struct store *store, int64_t session, struct error *error)
{
	return db_run(store->db, &sql_recounted, PARAMS(db_int(session)), error);
}

enum err store_follow_next(struct store *store, int64_t now, int64_t *row, struct error *error)
{
	return db_number(store->db, &sql_next, PARAMS(db_int(now)), row, error);
}

static enum err run_on_links(struct store *store, const struct sql *sql, int64_t session, int64_t at,
			     struct error *error)
{
	return db_run(store->db, sql, PARAMS(db_int(session), db_int(at)), error);
}

enum err store_link_revoke(struct store *store, int64_t session, int64_t now, struct error *error)
{
	return run_on_links(store, &sql_stop_link, session, now, error);
}

enum err store_link_restore(struct store *store, int64_t session, int64_t stopped_at, struct error *error)
{
	return run_on_links(store, &sql_resume_link, session, stopped_at, error);
}
