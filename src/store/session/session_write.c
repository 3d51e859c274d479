#include "statements.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/session.h"

#include <string.h>

enum { INSERT, SORT_COLUMNS, UPDATE, UPDATE_WHOLE, SET_CLAIM, SET_COUNTS, NEXT_SEQUENCE };
enum sort_column {
	SORT_EXTERNAL_REF_COLUMN,
	SORT_PARENT_COLUMN,
	SORT_SUBJECT_COLUMN,
	SORT_RISK_COLUMN,
	SORT_CREATED_COLUMN,
	SORT_DUE_COLUMN,
	SORT_NAME_COLUMN
};
/* Parameters 1 to 33; those of the indexed columns that seldom change are 34 to 40. */
#define COMMON_SET                                                                                                 \
	"workflow = $1, workflow_id = $2, kind = $3, status = $4, subject_name = $5, country = $6, "               \
	"registration_number = $7, tax_id = $8, date_of_birth = $9, incorporated_on = $10, website = $11, "        \
	"email = $12, phone = $13, address = $14, custom_tags = $15, risk_factors = $16, "                         \
	"processing_results = $17, final_decision = $18, decided_by = $19, decided_at = $20, "                     \
	"decision_reason = $21, retryable = $22, expired_from = $23, decided_here = $24, returned = $25, "         \
	"assignee_id = (SELECT id FROM reviewer WHERE name = $26), claimed_at = $27, claim_expires_at = $28, "     \
	"submitted_at = $29, updated_at = $30, expires_at = $31, due_paused_at = $32, "                            \
	"import_sha256 = coalesce($33, import_sha256), version = version + 1"
static const struct sql statements[] = {
	[INSERT] = { "session.insert",
		     "INSERT INTO session (workflow, workflow_id, kind, status, subject_name, country, "
		     "registration_number, tax_id, date_of_birth, incorporated_on, website, email, phone, address, "
		     "custom_tags, risk_factors, processing_results, final_decision, decided_by, decided_at, "
		     "decision_reason, retryable, expired_from, decided_here, returned, assignee_id, claimed_at, "
		     "claim_expires_at, submitted_at, updated_at, expires_at, due_paused_at, import_sha256, "
		     "external_ref, parent_id, subject_id, risk_score, created_at, due_at, name_key, uuid, "
		     "merchant_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
		     "$17, $18, $19, $20, $21, $22, $23, $24, $25, (SELECT id FROM reviewer WHERE name = $26), "
		     "$27, "
		     "$28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42)" },
	[SORT_COLUMNS] = { "session.sort_columns",
			   "SELECT external_ref, parent_id, subject_id, risk_score, created_at, due_at, name_key "
			   "FROM session WHERE id = $1 AND version = $2" },
	/* Naming a column rewrites each of its indexes, changed or not: a decision touches none of these. */
	[UPDATE] = { "session.update", "UPDATE session SET " COMMON_SET " WHERE id = $34 AND version = $35" },
	[UPDATE_WHOLE] = { "session.update_whole",
			   "UPDATE session SET " COMMON_SET
			   ", external_ref = $34, parent_id = $35, subject_id = $36, "
			   "risk_score = $37, created_at = $38, due_at = $39, name_key = $40 "
			   "WHERE id = $41 AND version = $42" },
	[SET_CLAIM] = { "session.set_claim", "UPDATE session SET assignee_id = $2, claimed_at = $3, "
					     "claim_expires_at = $4 WHERE id = $1" },
	[SET_COUNTS] = { "session.set_counts",
			 "UPDATE session SET parties_total = $2, parties_verified = $3, documents_total = $4, "
			 "documents_accepted = $5, document_missing = $6, document_rejected = $7, party_open = $8, "
			 "hit_open = $9, waiting = $10 WHERE id = $1 AND (parties_total, parties_verified, "
			 "documents_total, documents_accepted, document_missing, document_rejected, party_open, "
			 "hit_open, waiting) <> ($2, $3, $4, $5, $6, $7, $8, $9, $10)" },
	[NEXT_SEQUENCE] = { "session.next_sequence", "UPDATE session SET event_sequence = event_sequence + 1 "
						     "WHERE id = $1 RETURNING event_sequence" },
};
const struct sql_list session_write_sql = SQL_LIST(statements);

static void bind_common(struct query *query, const struct session *session, const uint8_t import_sha256[32])
{
	const struct subject *subject = &session->subject;
	query_text(query, 1, session->workflow);
	query_row_or_null(query, 2, session->workflow_row);
	query_text(query, 3, session_kind_text(session->kind));
	query_text(query, 4, session_status_text(session->status));
	query_text(query, 5, subject->name);
	query_text(query, 6, subject->country);
	query_text(query, 7, subject->registration_number);
	query_text(query, 8, subject->tax_id);
	query_text(query, 9, subject->date_of_birth);
	query_text(query, 10, subject->incorporated_on);
	query_text(query, 11, subject->website);
	query_text(query, 12, subject->email);
	query_text(query, 13, subject->phone);
	query_text(query, 14, subject->address_json);
	query_text(query, 15, session->custom_tags_json);
	query_text(query, 16, session->risk_factors_json);
	query_text(query, 17, session->processing_results_json);
	query_text(query, 18, final_decision_text(session->final_decision));
	query_text(query, 19, session->decided_by);
	query_time(query, 20, session->decided_at);
	query_text(query, 21, session->decision_reason);
	query_int(query, 22, session->retryable);
	query_text(query, 23, session->status == SESSION_EXPIRED ? session_status_text(session->expired_from) : "");
	query_int(query, 24, session->decided_here);
	query_int(query, 25, session->returned);
	query_text(query, 26, session->assignee);
	query_time(query, 27, session->claimed_at);
	query_time(query, 28, session->claim_expires_at);
	query_time(query, 29, session->submitted_at);
	query_time(query, 30, session->updated_at);
	query_time(query, 31, session->expires_at);
	query_time(query, 32, session->due_paused_at);
	if (import_sha256)
		query_blob(query, 33, import_sha256, 32);
	else
		query_null(query, 33);
}

static void bind_sort(struct query *query, const struct session *session, const char *name_key)
{
	query_text(query, 34, session->external_ref);
	query_row_or_null(query, 35, session->parent_row);
	query_int(query, 36, session->subject.row);
	if (session->risk_score == RISK_NONE)
		query_null(query, 37);
	else
		query_int(query, 37, session->risk_score);
	query_time(query, 38, session->created_at);
	query_time(query, 39, session->due_at);
	query_text(query, 40, name_key);
}

static void fold_name(struct strbuf *out, const struct session *session)
{
	const char *name = session->subject.name ? session->subject.name : "";
	text_fold(out, name, strlen(name));
}

enum err store_session_insert(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      struct error *error)
{
	struct query *query = NULL;
	struct strbuf name_key = STRBUF_INIT;
	enum err err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	if (session->created_at == TIME_NONE)
		session->created_at = world_now_ms(store->world);
	if (session->updated_at == TIME_NONE)
		session->updated_at = world_now_ms(store->world);
	fold_name(&name_key, session);
	bind_common(query, session, import_sha256);
	bind_sort(query, session, name_key.buf);
	query_text(query, 41, session->id);
	query_int(query, 42, session->merchant_row);
	err = query_run(query, error);
	if (!err) {
		session->row = store->db->driver->last_row(store->db);
		session->version = 1;
	}
	strbuf_release(&name_key);
	return err;
}

/* Whether the stored row differs in a column that the short update leaves alone. */
static enum err compare_sort_columns(struct store *store, const struct session *session, const char *name_key,
				     bool *differs, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = db_query(store->db, &statements[SORT_COLUMNS], &query, error);
	if (err)
		return err;
	query_int(query, 1, session->row);
	query_int(query, 2, session->version);
	err = query_next(query, &found, error);
	if (!err && !found)
		err = error_set(error, ERR_CONFLICT,
				"this case was changed by somebody else meanwhile; look at it again");
	if (!err) {
		int64_t risk = row_is_null(query, SORT_RISK_COLUMN) ? RISK_NONE : row_int(query, SORT_RISK_COLUMN);
		*differs = strcmp(row_view(query, SORT_EXTERNAL_REF_COLUMN), session->external_ref) != 0 ||
			   row_int(query, SORT_PARENT_COLUMN) != session->parent_row ||
			   row_int(query, SORT_SUBJECT_COLUMN) != session->subject.row ||
			   risk != session->risk_score ||
			   row_time(query, SORT_CREATED_COLUMN) != session->created_at ||
			   row_time(query, SORT_DUE_COLUMN) != session->due_at ||
			   strcmp(row_view(query, SORT_NAME_COLUMN), name_key) != 0;
	}
	query_end(query);
	return err;
}

enum err store_session_update(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      int64_t now, struct error *error)
{
	struct query *query = NULL;
	struct strbuf name_key = STRBUF_INIT;
	struct session changed = *session;
	bool whole = false;
	int at = 34;
	changed.updated_at = now;
	fold_name(&name_key, session);
	enum err err = compare_sort_columns(store, session, name_key.buf, &whole, error);
	if (!err)
		err = db_query(store->db, &statements[whole ? UPDATE_WHOLE : UPDATE], &query, error);
	if (err)
		goto out;
	bind_common(query, &changed, import_sha256);
	if (whole) {
		bind_sort(query, &changed, name_key.buf);
		at = 41;
	}
	query_int(query, at, session->row);
	query_int(query, at + 1, session->version);
	err = query_run(query, error);
	if (!err) {
		session->version++;
		session->updated_at = now;
	}
out:
	strbuf_release(&name_key);
	return err;
}

enum err store_session_set_claim(struct store *store, int64_t row, int64_t reviewer_row, int64_t claimed_at,
				 int64_t claim_expires_at, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[SET_CLAIM], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	query_row_or_null(query, 2, reviewer_row);
	query_time(query, 3, claimed_at);
	query_time(query, 4, claim_expires_at);
	return query_run(query, error);
}

enum err store_session_set_counts(struct store *store, int64_t row, const struct case_counts *counts,
				  struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[SET_COUNTS], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	query_int(query, 2, counts->parties_total);
	query_int(query, 3, counts->parties_verified);
	query_int(query, 4, counts->documents_total);
	query_int(query, 5, counts->documents_accepted);
	query_int(query, 6, counts->document_missing);
	query_int(query, 7, counts->document_rejected);
	query_int(query, 8, counts->party_open);
	query_int(query, 9, counts->hit_open);
	query_int(query, 10,
		  (counts->waiting_client ? 1 : 0) | (counts->waiting_party ? 2 : 0) |
			  (counts->waiting_provider ? 4 : 0) | (counts->waiting_second ? 8 : 0));
	return query_run(query, error);
}

enum err store_session_next_sequence(struct store *store, int64_t row, int64_t *sequence, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	*sequence = 0;
	enum err err = db_query(store->db, &statements[NEXT_SEQUENCE], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	err = query_next(query, &found, error);
	if (!err && found)
		*sequence = row_int(query, 0);
	query_end(query);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "there is no such case any more");
	return err;
}
