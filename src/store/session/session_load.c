#include "columns.h"
#include "rows.h"
#include "session/session_rows.h"
#include "statements.h"
#include "kybdesk/store/session.h"

enum { SUBSESSIONS };
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
	[SUBSESSIONS] = { "session.subsessions",
			  "SELECT s.id, s.uuid, s.external_ref, s.workflow, m.name, s.subject_name, s.country, "
			  "r.name, u.level, p.uuid, s.kind, s.status, s.risk_score, s.parties_total, "
			  "s.parties_verified, s.documents_total, s.documents_accepted, s.submitted_at, s.due_at, "
			  "s.updated_at, s.created_at, s.version, s.returned, s.waiting, s.unresponsive, "
			  "s.snoozed_until" FROM "WHERE s.parent_id = $1 ORDER BY s.id" },
};
static const struct row_sql load[] = {
	{ .sql = { "session.load", FROM "WHERE s.id = $1" },
	  .verb = ROW_SELECT,
	  .table = &session_columns,
	  .alias = "s.",
	  .own = session_own },
};
const struct sql_list session_load_sql = SQL_LIST_BOTH(statements, load);

static int read_risk(const struct query *query, int column)
{
	return row_is_null(query, column) ? RISK_NONE : (int)row_int(query, column);
}

static enum err read_session(struct store *store, struct arena *arena, struct query *query, struct session *out,
			     struct error *error)
{
	bool found = false;
	enum err err = query_next(query, &found, error);

	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the case no longer exists");
	if (!err)
		err = row_read(&(struct row_reader){ store, load, arena }, query, out, error);
	query_end(query);
	return err;
}

enum err store_session_load(struct store *store, struct arena *arena, int64_t row, struct session *out,
			    struct error *error)
{
	struct query *query = NULL;
	enum err err = row_select(store, load, PARAMS(db_int(row)), &query, error);

	return err ? err : read_session(store, arena, query, out, error);
}

/* $1: the session. */
static enum err send(struct store *store, const struct row_sql *sql, int64_t row, struct query **out,
		     struct error *error)
{
	enum err err = row_select(store, sql, PARAMS(db_int(row)), out, error);

	return err ? err : query_send(*out, error);
}

/* The session and all parts are sent before the first is read. */
enum err store_case_load(struct store *store, struct arena *arena, int64_t row, struct case_file *out,
			 struct error *error)
{
	static const struct case_part *const parts[] = { &part_steps,  &part_documents,	  &part_parties,
							 &part_checks, &part_corrections, &part_decisions,
							 &part_notes };
	enum { PARTS = sizeof parts / sizeof parts[0] };
	struct query *session = NULL, *queries[PARTS] = { NULL };
	enum err err = send(store, load, row, &session, error);

	case_file_init(out);
	for (size_t i = 0; !err && i < PARTS; i++)
		err = send(store, parts[i]->sql, row, &queries[i], error);
	if (err)
		query_end(session);
	else
		err = read_session(store, arena, session, &out->session, error);
	for (size_t i = 0; i < PARTS; i++) {
		const struct row_reader reader = { store, parts[i]->sql, arena };

		if (err)
			query_end(queries[i]);
		else
			err = parts[i]->read(&reader, queries[i], out, error);
	}
	return err ? err : attempts_load(store, arena, row, out, error);
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
	*items = NULL;
	*count = 0;
	enum err err = db_select(store->db, &statements[SUBSESSIONS], PARAMS(db_int(parent_row)), &query, error);

	while (query_row(query, &err, error))
		err = read_item(store, query, arena, ARENA_PUSH(arena, *items, *count, capacity), error);
	query_end(query);
	return err;
}
