/* Writes and loads the rows of sessions. */
#include "rows.h"
#include "session_keys.h"
#include "columns.h"
#include "kybdesk/store/commitment.h"
#include "kybdesk/store/related.h"
#include "kybdesk/store/session.h"
#include "kybdesk/domain/column_define.h"

/* written by session_keys_bind() */
#define KEYS "name_key, registration_key, tax_key, likeness_key"
/* written by bind_counts() */
#define COUNTS                                                                                                         \
	"parties_total, parties_verified, documents_total, documents_accepted, document_missing, "                     \
	"document_rejected, party_open, hit_open, waiting, sanctions_match, blocker, counted_until"

STATEMENT(sql_set_claim, "session.set_claim",
	  "UPDATE session SET assignee_id = $2, claimed_at = $3, claim_expires_at = $4 WHERE id = $1");
STATEMENT(sql_set_counts, "session.set_counts",
	  "UPDATE session SET (" COUNTS
	  ") = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WHERE id = $1 AND ((parties_total, "
	  "parties_verified, documents_total, documents_accepted, document_missing, document_rejected, party_open, "
	  "hit_open, waiting, sanctions_match) <> ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11) OR blocker IS "
	  "DISTINCT FROM $12 OR counted_until IS DISTINCT FROM $13)");
STATEMENT(sql_confirm_pair, "session.confirm_pair",
	  "UPDATE session SET blocker = $2 WHERE id = $1 AND status = 'approved' AND blocker IS NOT NULL RETURNING id");
STATEMENT(sql_next_sequence, "session.next_sequence",
	  "UPDATE session SET event_sequence = event_sequence + 1 WHERE id = $1 RETURNING event_sequence");
/* Writes the status before the expiry; "" for a session that is not expired. */
static const char *pre_expiry_write(struct arena *arena, const void *row)
{
	const struct session *session = row;
	(void)arena;
	return session->status == SESSION_EXPIRED ? session_status_text(session->status_before_expiry) : "";
}

static bool pre_expiry_parse(struct arena *arena, const char *text, void *row)
{
	struct session *session = row;
	(void)arena;
	return !*text || session_status_parse(text, &session->status_before_expiry);
}

static const struct row_override session_own[] = {
	{ .column = "merchant", .read_sql = "m.name" },
	{ .column = "uid", .read_sql = "u.uid" },
	{ .column = "subject_kind", .read_sql = "u.kind" },
	{ .column = "level", .read_sql = "u.level" },
	{ .column = "kyb_id", .read_sql = "u.kyb_id" },
	{ .column = "parent", .read_sql = "p.uuid" },
	{ .column = "assignee_id", .read_sql = "r.name", .value_sql = "(SELECT id FROM reviewer WHERE name = $)" },
	{ .column = "expired_from", .write = pre_expiry_write, .parse = pre_expiry_parse },
	{ 0 },
};

ROW_STATEMENT(sql_insert, ROW_INSERT, session_columns, "session.insert", "{made}",
	      .keys = "import_sha256, " KEYS ", salt, " COUNTS, .key_count = 18, .also_flags = COLUMN_GROUP_REMINDERS,
	      .overrides = session_own);
ROW_STATEMENT(sql_changes, ROW_COMPARE, session_columns, "session.changes", "WHERE id = $1 AND version = $2",
	      .keys = "(" KEYS ") <> ($3, $4, $5, $6)", .key_count = 6, .overrides = session_own);
ROW_STATEMENT(sql_update, ROW_UPDATE, session_columns, "session.update", "WHERE id = $1 AND version = $2",
	      .keys = "import_sha256 = coalesce($3, import_sha256), version = version + 1", .key_count = 3,
	      .overrides = session_own);
ROW_STATEMENT(sql_update_keys, ROW_UPDATE, session_columns, "session.update_keys", "WHERE id = $1 AND version = $2",
	      .keys = "import_sha256 = coalesce($3, import_sha256), version = version + 1, "
		      "name_key = $4, registration_key = $5, tax_key = $6, likeness_key = $7",
	      .key_count = 7, .overrides = session_own);

static void bind_sha256(struct query *query, int at, const uint8_t sha256[32])
{
	if (sha256)
		query_bind_blob(query, at, sha256, 32);
	else
		query_bind_null(query, at);
}

/* Binds the counts of a case; `known` NULL: the case is not counted yet. */
static void bind_counts(struct query *query, int at, const struct session *session, const struct case_counts *known)
{
	static const struct case_counts none = { 0 };
	const struct case_counts *counts = known ? known : &none;
	const bool decided = session_status_is_decided(session->status);
	const char *blocker = !known || (decided && !counts->has_unanswered_pair) ? NULL
			      : decided	      ? blocker_code_text(BLOCKER_OWNERSHIP_INVALID)
			      : counts->clean ? ""
					      : blocker_code_text(counts->blocker);
	const int64_t numbers[] = {
		counts->parties_total,
		counts->parties_verified,
		counts->documents_total,
		counts->documents_accepted,
		counts->document_missing,
		counts->document_rejected,
		counts->party_open,
		counts->hit_open,
		(counts->waits_for_client ? 1 : 0) | (counts->waits_for_party ? 2 : 0) |
			(counts->waits_for_provider ? 4 : 0) | (counts->waits_for_second_reviewer ? 8 : 0),
		counts->sanctions_match,
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		query_bind_int(query, at++, numbers[i]);
	if (blocker)
		query_bind_text(query, at++, blocker);
	else
		query_bind_null(query, at++);
	query_bind_time(query, at, blocker && !decided ? counts->blockers_valid_until : TIME_NONE);
}

enum err store_session_insert(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      const struct case_counts *counts, struct error *error)
{
	struct query *query = NULL;
	struct session_keys keys = SESSION_KEYS_INIT;
	uint8_t salt[ROW_SALT_SIZE];
	enum err err = row_query(store, &sql_insert, &query, error);
	if (err)
		return err;
	if (session->created_at == TIME_NONE)
		session->created_at = world_now_ms(store->world);
	if (session->updated_at == TIME_NONE)
		session->updated_at = world_now_ms(store->world);
	session_keys_fill(&keys, session);
	bind_sha256(query, 1, import_sha256);
	session_keys_bind(query, 2, &keys);
	world_random(store->world, salt, sizeof salt);
	query_bind_blob(query, 6, salt, sizeof salt);
	bind_counts(query, 7, session, counts);
	err = row_run_insert(query, &sql_insert, session, &session->row, error);
	if (!err) {
		session->version = 1;
		session_cache_set(store, session);
	}
	session_keys_release(&keys);
	return err;
}

/* Finds the columns that differ from the stored row. */
static enum err find_row_changes(struct store *store, const struct session *session, const struct session_keys *keys,
				 struct row_changes *changes, struct error *error)
{
	struct query *query = NULL;
	enum err err = row_query(store, &sql_changes, &query, error);
	if (err)
		return err;
	query_bind_int(query, 1, session->row);
	query_bind_int(query, 2, session->version);
	session_keys_bind(query, 3, keys);
	err = row_compare(query, &sql_changes, session, changes, error);
	if (!err && !changes->found)
		err = error_set(error, ERR_CONFLICT,
				"this case was changed by somebody else meanwhile; review it again");
	return err;
}

enum err store_session_update(struct store *store, struct session *session, const uint8_t import_sha256[32],
			      int64_t now, struct error *error)
{
	struct query *query = NULL;
	struct session_keys keys = SESSION_KEYS_INIT;
	struct session changed = *session;
	struct row_changes changes = { 0 };
	struct row_sql update;
	changed.updated_at = now;
	session_keys_fill(&keys, session);
	enum err err = find_row_changes(store, &changed, &keys, &changes, error);
	/* Marks the cases with the old keys for a recount, because they may have lost a duplicate. */
	if (!err && (changes.meets_keys_condition ||
		     changes.changed_columns[column_find(&session_columns, "country") - session_columns.items]))
		err = store_mark_cases_for_recount(store, session->row, error);
	if (!err)
		err = row_query_columns(store, changes.meets_keys_condition ? &sql_update_keys : &sql_update,
					changes.changed_columns, &update, &query, error);
	if (err)
		goto out;
	query_bind_int(query, 1, session->row);
	query_bind_int(query, 2, session->version);
	bind_sha256(query, 3, import_sha256);
	if (changes.meets_keys_condition)
		session_keys_bind(query, 4, &keys);
	err = row_run(query, &update, &changed, error);
	if (!err) {
		session->version++;
		session->updated_at = now;
	}
out:
	session_keys_release(&keys);
	return err;
}

enum err store_session_set_claim(struct store *store, int64_t row, const struct claim *claim, struct error *error)
{
	return db_run(store->db, &sql_set_claim,
		      PARAMS(db_int(row), db_int_or_null(claim->reviewer_row), db_time(claim->at),
			     db_time(claim->expires_at)),
		      error);
}

enum err store_session_set_counts(struct store *store, const struct session *session, const struct case_counts *counts,
				  struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_set_counts, PARAMS(db_int(session->row)), &query, error);
	if (err)
		return err;
	bind_counts(query, 2, session, counts);
	return query_run(query, error);
}

enum err store_session_confirm_pair(struct store *store, int64_t row, bool unanswered, bool *found, struct error *error)
{
	const char *word = blocker_code_text(BLOCKER_OWNERSHIP_INVALID);
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_confirm_pair,
				 PARAMS(db_int(row), unanswered ? db_text(word) : db_null()), &query, error);

	*found = !err && query_fetch_row(&query, &err, error);
	query_end(query);
	return err;
}

enum err store_session_next_sequence(struct store *store, int64_t row, int64_t *sequence, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	*sequence = 0;
	enum err err = db_select(store->db, &sql_next_sequence, PARAMS(db_int(row)), &query, error);

	found = query_fetch_row(&query, &err, error);
	if (!err && found)
		*sequence = row_int(query, 0);
	query_end(query);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the case no longer exists");
	return err;
}

/* --- loading --- */

#define LISTED COLUMN_LARGE /* columns that only lists read; the subsessions of a case omit these columns */
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
	TEXT(custom_tags_json, "s.custom_tags", NULL, 0),
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
	BOOL(has_note, "EXISTS (SELECT 1 FROM note AS n WHERE n.session_id = s.id)", NULL, LISTED),
	BOOL(has_alert, "s.status IN ('approved', 'rejected') AND " HAS_ALERT, NULL, LISTED),
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
#define FROM                                                                                                           \
	"FROM session s JOIN subject u ON u.id = s.subject_id JOIN merchant m ON m.id = s.merchant_id "                \
	"LEFT JOIN reviewer r ON r.id = s.assignee_id LEFT JOIN session p ON p.id = s.parent_id "
ROW_STATEMENT(sql_load, ROW_SELECT, session_columns, "session.load", FROM "WHERE s.id = $1", .alias = "s.",
	      .overrides = session_own);
ROW_STATEMENT(sql_subsessions, ROW_SELECT, item_columns, "session.subsessions",
	      FROM "WHERE s.parent_id = $1 ORDER BY s.id", .without_flags = LISTED);

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
static enum err send_select(struct store *store, const struct row_sql *sql, int64_t row, struct query **out,
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
			  : rows_read(reader, query, (void **)(void *)(file + part->items_offset),
				      (size_t *)(void *)(file + part->count_offset), error);
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
	enum err err = send_select(store, &sql_load, row, &session, error);

	case_file_init(out);
	for (size_t i = 0; !err && i < PARTS; i++)
		err = send_select(store, parts[i]->sql, row, &queries[i], error);
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

enum err store_subsession_list(struct store *store, struct arena *arena, int64_t parent_row,
			       struct session_item **items, size_t *count, struct error *error)
{
	return rows_load(&(struct row_reader){ store, &sql_subsessions, arena }, PARAMS(db_int(parent_row)),
			 (void **)items, count, error);
}
