#include "rows.h"
#include "session_columns.h"
#include "statements.h"
#include "kybdesk/store/session.h"

enum { LOAD, SUBSESSIONS };
/* The list of columns begins with a comma, so that a constant stands before it. */
enum session_column { SESSION_ONE_COLUMN, SESSION_COLUMNS(SESSION_COLUMN_NAME) };
enum item_column {
	ITEM_ROW,
	ITEM_UUID,
	ITEM_EXTERNAL_REF,
	ITEM_WORKFLOW,
	ITEM_MERCHANT,
	ITEM_NAME,
	ITEM_COUNTRY,
	ITEM_ASSIGNEE,
	ITEM_LEVEL,
	ITEM_PARENT,
	ITEM_KIND,
	ITEM_STATUS,
	ITEM_RISK,
	ITEM_PARTIES,
	ITEM_VERIFIED,
	ITEM_DOCUMENTS,
	ITEM_ACCEPTED,
	ITEM_SUBMITTED_AT,
	ITEM_DUE_AT,
	ITEM_UPDATED_AT,
	ITEM_CREATED_AT,
	ITEM_VERSION,
	ITEM_RETURNED,
	ITEM_WAITING,
	ITEM_UNRESPONSIVE,
	ITEM_SNOOZED_UNTIL
};
#define FROM                                                                                                       \
	" FROM session s JOIN subject u ON u.id = s.subject_id JOIN merchant m ON m.id = s.merchant_id "           \
	"LEFT JOIN reviewer r ON r.id = s.assignee_id LEFT JOIN session p ON p.id = s.parent_id "
static const struct sql statements[] = {
	[LOAD] = { "session.load", "SELECT 1" SESSION_COLUMNS(SESSION_COLUMN_TEXT) FROM "WHERE s.id = $1" },
	[SUBSESSIONS] = { "session.subsessions",
			  "SELECT s.id, s.uuid, s.external_ref, s.workflow, m.name, s.subject_name, s.country, "
			  "r.name, u.level, p.uuid, s.kind, s.status, s.risk_score, s.parties_total, "
			  "s.parties_verified, s.documents_total, s.documents_accepted, s.submitted_at, s.due_at, "
			  "s.updated_at, s.created_at, s.version, s.returned, s.waiting, s.unresponsive, "
			  "s.snoozed_until" FROM "WHERE s.parent_id = $1 ORDER BY s.id" },
};
const struct sql_list session_load_sql = SQL_LIST(statements);

static int read_risk(const struct query *query, int column)
{
	return row_is_null(query, column) ? RISK_NONE : (int)row_int(query, column);
}

static enum err read_words(const struct store *store, const struct query *query, struct session *session,
			   struct error *error)
{
	const char *expired_from = row_view(query, SESSION_EXPIRED_FROM_COLUMN);
	if (!session_kind_parse(row_view(query, SESSION_KIND_COLUMN), &session->kind))
		return row_damaged(store, "session", session->row, "kind", error);
	if (!session_status_parse(row_view(query, SESSION_STATUS_COLUMN), &session->status))
		return row_damaged(store, "session", session->row, "status", error);
	if (!subject_kind_parse(row_view(query, SESSION_SUBJECT_KIND_COLUMN), &session->subject.kind))
		return row_damaged(store, "subject", session->subject.row, "kind", error);
	if (!final_decision_parse(row_view(query, SESSION_FINAL_COLUMN), &session->final_decision))
		return row_damaged(store, "session", session->row, "final_decision", error);
	if (*expired_from && !session_status_parse(expired_from, &session->expired_from))
		return row_damaged(store, "session", session->row, "expired_from", error);
	return ERR_OK;
}

static enum err read_session(const struct store *store, const struct query *query, struct arena *arena,
			     struct session *session, struct error *error)
{
	*session = (struct session){
		.row = row_int(query, SESSION_ROW_COLUMN),
		.id = row_text(query, SESSION_UUID_COLUMN, arena),
		.external_ref = row_text(query, SESSION_EXTERNAL_REF_COLUMN, arena),
		.workflow = row_text(query, SESSION_WORKFLOW_COLUMN, arena),
		.workflow_row = row_int(query, SESSION_WORKFLOW_ROW_COLUMN),
		.merchant = row_text(query, SESSION_MERCHANT_COLUMN, arena),
		.merchant_row = row_int(query, SESSION_MERCHANT_ROW_COLUMN),
		.subject = {
			.row = row_int(query, SESSION_SUBJECT_ROW_COLUMN),
			.uid = row_text(query, SESSION_SUBJECT_UID_COLUMN, arena),
			.name = row_text(query, SESSION_SUBJECT_NAME_COLUMN, arena),
			.country = row_text(query, SESSION_COUNTRY_COLUMN, arena),
			.level = row_text(query, SESSION_SUBJECT_LEVEL_COLUMN, arena),
			.registration_number = row_text(query, SESSION_REGISTRATION_COLUMN, arena),
			.tax_id = row_text(query, SESSION_TAX_ID_COLUMN, arena),
			.date_of_birth = row_text(query, SESSION_BIRTH_COLUMN, arena),
			.incorporated_on = row_text(query, SESSION_INCORPORATED_COLUMN, arena),
			.website = row_text(query, SESSION_WEBSITE_COLUMN, arena),
			.email = row_text(query, SESSION_EMAIL_COLUMN, arena),
			.phone = row_text(query, SESSION_PHONE_COLUMN, arena),
			.address_json = row_text(query, SESSION_ADDRESS_COLUMN, arena),
			.kyb_id = row_int(query, SESSION_SUBJECT_KYB_ID_COLUMN),
		},
		.custom_tags_json = row_text(query, SESSION_CUSTOM_TAGS_COLUMN, arena),
		.risk_score = read_risk(query, SESSION_RISK_SCORE_COLUMN),
		.risk_factors_json = row_text(query, SESSION_RISK_FACTORS_COLUMN, arena),
		.processing_results_json = row_text(query, SESSION_PROCESSING_COLUMN, arena),
		.decided_by = row_text(query, SESSION_DECIDED_BY_COLUMN, arena),
		.decided_at = row_time(query, SESSION_DECIDED_AT_COLUMN),
		.decision_reason = row_text(query, SESSION_DECISION_REASON_COLUMN, arena),
		.retryable = row_int(query, SESSION_RETRYABLE_COLUMN) != 0,
		.decided_here = row_int(query, SESSION_DECIDED_HERE_COLUMN) != 0,
		.returned = row_int(query, SESSION_RETURNED_COLUMN) != 0,
		.parent_id = row_text(query, SESSION_PARENT_COLUMN, arena),
		.parent_row = row_int(query, SESSION_PARENT_ROW_COLUMN),
		.assignee = row_text(query, SESSION_ASSIGNEE_COLUMN, arena),
		.claimed_at = row_time(query, SESSION_CLAIMED_AT_COLUMN),
		.claim_expires_at = row_time(query, SESSION_CLAIM_EXPIRES_COLUMN),
		.created_at = row_time(query, SESSION_CREATED_AT_COLUMN),
		.submitted_at = row_time(query, SESSION_SUBMITTED_AT_COLUMN),
		.updated_at = row_time(query, SESSION_UPDATED_AT_COLUMN),
		.expires_at = row_time(query, SESSION_EXPIRES_AT_COLUMN),
		.due_at = row_time(query, SESSION_DUE_AT_COLUMN),
		.due_paused_at = row_time(query, SESSION_DUE_PAUSED_AT_COLUMN),
		.gap_reason = row_text(query, SESSION_GAP_REASON_COLUMN, arena),
		.gap_text = row_text(query, SESSION_GAP_TEXT_COLUMN, arena),
		.gap_by = row_text(query, SESSION_GAP_BY_COLUMN, arena),
		.gap_percent = row_text(query, SESSION_GAP_PERCENT_COLUMN, arena),
		.gap_at = row_time(query, SESSION_GAP_AT_COLUMN),
		.snoozed_until = row_time(query, SESSION_SNOOZED_UNTIL_COLUMN),
		.snooze_reason = row_text(query, SESSION_SNOOZE_REASON_COLUMN, arena),
		.snoozed_by = row_text(query, SESSION_SNOOZED_BY_COLUMN, arena),
		.remind_at = row_time(query, SESSION_REMIND_AT_COLUMN),
		.reminders = row_int(query, SESSION_REMINDERS_COLUMN),
		.reminded_at = row_time(query, SESSION_REMINDED_AT_COLUMN),
		.unresponsive = row_int(query, SESSION_UNRESPONSIVE_COLUMN) != 0,
		.parties_completed_at = row_time(query, SESSION_PARTIES_COMPLETED_AT_COLUMN),
		.attempt = row_int(query, SESSION_ATTEMPT_COLUMN),
		.processing_since = row_time(query, SESSION_PROCESSING_SINCE_COLUMN),
		.process_at = row_time(query, SESSION_PROCESS_AT_COLUMN),
		.version = row_int(query, SESSION_VERSION_COLUMN),
	};
	return read_words(store, query, session, error);
}

enum err store_session_load(struct store *store, struct arena *arena, int64_t row, struct session *out,
			    struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	err = query_next(query, &found, error);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "there is no such case any more");
	if (!err)
		err = read_session(store, query, arena, out, error);
	query_end(query);
	return err;
}

enum err store_case_load(struct store *store, struct arena *arena, int64_t row, struct case_file *out,
			 struct error *error)
{
	typedef enum err (*load_parts)(struct store *, struct arena *, int64_t, struct case_file *, struct error *);
	static const load_parts parts[] = { steps_load,	      documents_load, parties_load, checks_load,
					    corrections_load, decisions_load, notes_load,   attempts_load };
	case_file_init(out);
	enum err err = store_session_load(store, arena, row, &out->session, error);
	for (size_t i = 0; !err && i < sizeof parts / sizeof parts[0]; i++)
		err = parts[i](store, arena, row, out, error);
	return err;
}

static enum err read_item(const struct store *store, const struct query *query, struct arena *arena,
			  struct session_item *item, struct error *error)
{
	*item = (struct session_item){
		.row = row_int(query, ITEM_ROW),
		.id = row_text(query, ITEM_UUID, arena),
		.external_ref = row_text(query, ITEM_EXTERNAL_REF, arena),
		.workflow = row_text(query, ITEM_WORKFLOW, arena),
		.merchant = row_text(query, ITEM_MERCHANT, arena),
		.subject_name = row_text(query, ITEM_NAME, arena),
		.country = row_text(query, ITEM_COUNTRY, arena),
		.assignee = row_text(query, ITEM_ASSIGNEE, arena),
		.level = row_text(query, ITEM_LEVEL, arena),
		.parent_id = row_text(query, ITEM_PARENT, arena),
		.risk_score = read_risk(query, ITEM_RISK),
		.parties_total = row_int(query, ITEM_PARTIES),
		.parties_verified = row_int(query, ITEM_VERIFIED),
		.documents_total = row_int(query, ITEM_DOCUMENTS),
		.documents_accepted = row_int(query, ITEM_ACCEPTED),
		.submitted_at = row_time(query, ITEM_SUBMITTED_AT),
		.due_at = row_time(query, ITEM_DUE_AT),
		.updated_at = row_time(query, ITEM_UPDATED_AT),
		.created_at = row_time(query, ITEM_CREATED_AT),
		.version = row_int(query, ITEM_VERSION),
		.returned = row_int(query, ITEM_RETURNED) != 0,
		.waiting = row_int(query, ITEM_WAITING) != 0,
		.unresponsive = row_int(query, ITEM_UNRESPONSIVE) != 0,
		.snoozed_until = row_time(query, ITEM_SNOOZED_UNTIL),
	};
	if (!session_kind_parse(row_view(query, ITEM_KIND), &item->kind))
		return row_damaged(store, "session", item->row, "kind", error);
	if (!session_status_parse(row_view(query, ITEM_STATUS), &item->status))
		return row_damaged(store, "session", item->row, "status", error);
	return ERR_OK;
}

enum err store_subsessions(struct store *store, struct arena *arena, int64_t parent_row,
			   struct session_item **items, size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*items = NULL;
	*count = 0;
	enum err err = db_query(store->db, &statements[SUBSESSIONS], &query, error);
	if (err)
		return err;
	query_int(query, 1, parent_row);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_item(store, query, arena, ARENA_PUSH(arena, *items, *count, capacity), error);
	query_end(query);
	return err;
}
