#include "rows.h"
#include "session/session_rows.h"
#include "statements.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/session.h"

#define LISTED COLUMN_LARGE /* only in lists, not for the sessions of a case */
/* clang-format off */
#define OWNER struct session_item
static const struct column of_item[] = {
	ROW(row, "s.id", NULL, COLUMN_KEY),
	TEXT(id, "s.uuid", NULL, 0),
	TEXT(external_ref, "s.external_ref", NULL, 0),
	TEXT(workflow, "s.workflow", NULL, 0),
	TEXT(merchant, "m.name", NULL, 0),
	TEXT(subject_name, "s.subject_name", NULL, 0),
	TEXT(country, "s.country", NULL, 0),
	TEXT(assignee, "r.name", NULL, 0),
	TEXT(level, "u.level", NULL, 0),
	TEXT(parent_id, "p.uuid", NULL, 0),
	ENUM(kind, "s.kind", NULL, session_kind, 0),
	ENUM(status, "s.status", NULL, session_status, 0),
	RISK(risk_score, "s.risk_score", NULL, 0),
	INT(parties_total, "s.parties_total", NULL, 0),
	INT(parties_verified, "s.parties_verified", NULL, 0),
	INT(documents_total, "s.documents_total", NULL, 0),
	INT(documents_accepted, "s.documents_accepted", NULL, 0),
	TIME(submitted_at, "s.submitted_at", NULL, 0),
	TIME(due_at, "s.due_at", NULL, 0),
	TIME(updated_at, "s.updated_at", NULL, 0),
	TIME(created_at, "s.created_at", NULL, 0),
	INT(version, "s.version", NULL, 0),
	BOOL(returned, "s.returned", NULL, 0),
	BOOL(waiting, "s.waiting", NULL, 0),
	BOOL(unresponsive, "s.unresponsive", NULL, 0),
	TIME(snoozed_until, "s.snoozed_until", NULL, 0),
	TIME(claimed_at, "s.claimed_at", NULL, LISTED),
	TIME(claim_expires_at, "s.claim_expires_at", NULL, LISTED),
	BOOL(noted, "EXISTS (SELECT 1 FROM note AS n WHERE n.session_id = s.id)", NULL, LISTED),
	BOOL(due_paused, "s.due_paused_at IS NOT NULL", NULL, LISTED),
	BOOL(document_missing, "s.document_missing", NULL, LISTED),
	BOOL(document_rejected, "s.document_rejected", NULL, LISTED),
	BOOL(party_open, "s.party_open", NULL, LISTED),
	BOOL(hit_open, "s.hit_open", NULL, LISTED),
	TEXT(blocker, "s.blocker", NULL, LISTED),
	BOOL(clean, "s.blocker = ''", NULL, LISTED),
	BOOL(sanctions_match, "s.sanctions_match", NULL, LISTED),
};
const COLUMN_TABLE(item_columns, "session", "session", of_item);
/* clang-format on */
#define FROM                                                                                                       \
	"FROM session s JOIN subject u ON u.id = s.subject_id JOIN merchant m ON m.id = s.merchant_id "            \
	"LEFT JOIN reviewer r ON r.id = s.assignee_id LEFT JOIN session p ON p.id = s.parent_id "
ROW_STATEMENT(sql_load, ROW_SELECT, session_columns, "session.load", FROM "WHERE s.id = $1", .alias = "s.",
	      .own = session_own);
ROW_STATEMENT(sql_subsessions, ROW_SELECT, item_columns, "session.subsessions",
	      FROM "WHERE s.parent_id = $1 ORDER BY s.id", .without = LISTED);

static enum err read_session(struct store *store, struct arena *arena, struct query *query, struct session *out,
			     struct error *error)
{
	bool found = false;
	enum err err = query_next(query, &found, error);

	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the case no longer exists");
	if (!err)
		err = row_read(&(struct row_reader){ store, &sql_load, arena }, query, out, error);
	query_end(query);
	return err;
}

enum err store_session_load(struct store *store, struct arena *arena, int64_t row, struct session *out,
			    struct error *error)
{
	struct query *query = NULL;
	enum err err = row_select(store, &sql_load, PARAMS(db_int(row)), &query, error);

	return err ? err : read_session(store, arena, query, out, error);
}

/* Sends a statement with the session as $1. */
static enum err send(struct store *store, const struct row_sql *sql, int64_t row, struct query **out,
		     struct error *error)
{
	enum err err = row_select(store, sql, PARAMS(db_int(row)), out, error);

	return err ? err : query_send(*out, error);
}

static enum err read_part(const struct case_part *part, const struct row_reader *reader, struct query *query,
			  struct case_file *out, struct error *error)
{
	char *file = (char *)out;

	return part->read ? part->read(reader, query, out, error)
			  : rows_read(reader, query, (void **)(void *)(file + part->items),
				      (size_t *)(void *)(file + part->count), error);
}

/* The statements of the session and of all its parts are sent before the first result is read. */
enum err store_case_load(struct store *store, struct arena *arena, int64_t row, struct case_file *out,
			 struct error *error)
{
	static const struct case_part *const parts[] = { &part_steps,  &part_documents,	  &part_parties,
							 &part_checks, &part_corrections, &part_decisions,
							 &part_notes };
	enum { PARTS = sizeof parts / sizeof parts[0] };
	struct query *session = NULL, *queries[PARTS] = { NULL };
	enum err err = send(store, &sql_load, row, &session, error);

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
			err = read_part(parts[i], &reader, queries[i], out, error);
	}
	return err ? err : attempts_load(store, arena, row, out, error);
}

enum err store_subsessions(struct store *store, struct arena *arena, int64_t parent_row,
			   struct session_item **items, size_t *count, struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_subsessions, arena }, PARAMS(db_int(parent_row)),
			 (void **)items, count, error);
}
