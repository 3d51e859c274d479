/* Follow-ups: conditions that a session waits for, and actions that become due with time. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/parts.h"

/* $1: now, $2: limit. The statements repeat the conditions of the partial indexes word for word. */
STATEMENTS(due_statements) = {
	[DUE_EXPIRY] = { "follow.expired",
			 "SELECT id FROM session WHERE expires_at IS NOT NULL AND status IN ('draft', 'active', "
			 "'awaiting_client_correction') AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2" },
	[DUE_REMINDER] = { "follow.to_remind", "SELECT id FROM session WHERE remind_at IS NOT NULL AND remind_at "
					       "<= $1 ORDER BY remind_at, id LIMIT $2" },
	[DUE_INCOMPLETE_UPLOAD] = { "follow.half_uploads",
				    "SELECT d.session_id FROM document d JOIN session s ON s.id = "
				    "d.session_id WHERE d.double_sided = 1 AND "
				    "d.replaced = 0 AND (d.sha256 = '') <> (d.back_sha256 = '') "
				    "AND d.uploaded_at <= $1 AND d.review = "
				    "'unreviewed' AND s.status NOT IN ('approved', 'rejected', "
				    "'expired') AND NOT EXISTS (SELECT 1 FROM "
				    "legal_hold h WHERE h.session_id = d.session_id AND "
				    "h.released_at IS NULL) ORDER BY d.uploaded_at, d.id "
				    "LIMIT $2" },
	[DUE_RECOUNT] = { "follow.to_recount",
			  "SELECT session_id FROM recount WHERE session_id > $1 ORDER BY session_id LIMIT $2" },
	[DUE_COUNTERS_EXPIRED] = { "follow.counted_until", "SELECT id FROM session WHERE counted_until IS NOT NULL "
							   "AND counted_until <= $1 ORDER BY counted_until, "
							   "id LIMIT $2" },
	[DUE_PROCESSING] = { "processing.due", "SELECT id FROM session WHERE process_at IS NOT NULL AND process_at "
					       "<= $1 ORDER BY process_at, id LIMIT "
					       "$2" },
	[DUE_SIMULATION] = { "processing.played", "SELECT id FROM session WHERE {has subject_name, '#'} AND status "
						  "IN ('draft', 'active', 'completed', "
						  "'processing', 'processed', 'manual_review') AND updated_at <= "
						  "$1 ORDER BY updated_at DESC, id DESC "
						  "LIMIT $2" },
};
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
/* A statement that updates only the columns that one verb writes. */
#define SET(name_, columns)                                                                                            \
	{                                                                                                              \
		.sql = { (name_), "WHERE id = $1" }, .kind = ROW_UPDATE, .table = &session_columns, .key_count = 1,    \
		.with_flags = (columns)                                                                                \
	}
ROW_STATEMENTS(sets) = {
	[SESSION_COLUMNS_GAP] = SET("follow.set_gap", COLUMN_GROUP_GAP),
	[SESSION_COLUMNS_SNOOZE] = SET("follow.set_snooze", COLUMN_GROUP_SNOOZE),
	[SESSION_COLUMNS_REMINDERS] = SET("follow.set_reminders", COLUMN_GROUP_REMINDERS),
	[SESSION_COLUMNS_PARTIES_COMPLETED] = SET("follow.set_parties_completed", COLUMN_GROUP_PARTIES),
	[SESSION_COLUMNS_DUE] = SET("follow.set_due", COLUMN_GROUP_DUE),
	[SESSION_COLUMNS_PROCESSING] = SET("processing.set", COLUMN_GROUP_PROCESSING),
};

enum err store_session_set_columns(struct store *store, const struct session *session, enum session_column_group set,
				   struct error *error)
{
	return row_write(store, &sets[set], PARAMS(db_int(session->row)), session, error);
}

enum err store_due_session_list(struct store *store, struct arena *arena, enum due_kind kind, struct due_rows *due,
				struct error *error)
{
	int64_t now = kind == DUE_INCOMPLETE_UPLOAD ? due->now - INCOMPLETE_UPLOAD_MS : due->now;

	return row_list_load(&(struct column_query){ store, &due_statements[kind], arena },
			     PARAMS(db_int(now), db_int((int64_t)due->limit)), &due->rows, error);
}

enum err store_follow_up_find_next(struct store *store, int64_t now, int64_t *row, struct error *error)
{
	return db_get_int(store->db, &sql_next, PARAMS(db_int(now)), row, error);
}

enum err store_link_set_revoked(struct store *store, int64_t session, int64_t at, bool revoked, struct error *error)
{
	return db_run(store->db, revoked ? &sql_stop_link : &sql_resume_link, PARAMS(db_int(session), db_int(at)),
		      error);
}

/* --- links of clients. Stores the generation of each link; tokens are derived (domain/link_token.h), not stored --- */

STATEMENT(sql_replace, "link.replace",
	  "UPDATE access_link SET replaced_at = $2 WHERE session_id = $1 AND replaced_at IS NULL AND document_type "
	  "= $3");
STATEMENT(sql_insert, "link.insert",
	  "INSERT INTO access_link (session_id, document_type, generation, created_at) SELECT $1, $2, "
	  "coalesce(max(generation), 0) + 1, $3 FROM access_link WHERE session_id = $1 AND document_type = $2 "
	  "RETURNING generation");
STATEMENT(sql_standing, "link.standing",
	  "SELECT generation FROM access_link WHERE session_id = $1 AND document_type = $2 AND replaced_at IS NULL");
STATEMENT(sql_state, "link.state",
	  "SELECT s.id, l.replaced_at IS NULL, s.expires_at, s.merchant_id FROM session AS s {then} access_link AS "
	  "l ON l.session_id = s.id AND l.document_type = $2 AND l.generation = $3 WHERE s.uuid = $1");

enum err store_link_replace(struct store *store, int64_t session, const char *document_type, int64_t now,
			    int64_t *generation, struct error *error)
{
	enum err err =
		db_run(store->db, &sql_replace, PARAMS(db_int(session), db_int(now), db_text(document_type)), error);

	*generation = 0;
	return err ? err
		   : db_get_int(store->db, &sql_insert, PARAMS(db_int(session), db_text(document_type), db_int(now)),
				generation, error);
}

enum err store_link_generation(struct store *store, int64_t session, const char *document_type, int64_t *generation,
			       struct error *error)
{
	return db_get_int(store->db, &sql_standing, PARAMS(db_int(session), db_text(document_type)), generation, error);
}

enum err store_link_find(struct store *store, const struct link_subject *subject, struct link_row *out,
			 struct error *error)
{
	struct query *query = NULL;
	*out = (struct link_row){ .expires_at = TIME_NONE };
	enum err err = db_select(
		store->db, &sql_state,
		PARAMS(db_text(subject->session_id), db_text(subject->document_type), db_int(subject->generation)),
		&query, error);

	if (query_fetch_row(&query, &err, error)) {
		out->session = row_int(query, 0);
		out->valid = row_int(query, 1) != 0;
		out->expires_at = row_time(query, 2);
		out->merchant = row_int(query, 3);
	}
	query_end(query);
	return err;
}
