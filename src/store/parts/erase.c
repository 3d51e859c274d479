/* Deletes single rows, and a session with all its parts, in the order of their references. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/store/related.h"

STATEMENTS(deletes) = {
	[DELETE_DOCUMENT] = { "document.delete", "DELETE FROM document WHERE id = $1" },
	[DELETE_TEMPLATE] = { "template.delete", "DELETE FROM message_template WHERE id = $1" },
	[DELETE_ACCESS_KEY] = { "access_key.delete", "DELETE FROM access_key WHERE id = $1" },
	[DELETE_OFFER] = { "offer.end", "DELETE FROM offer WHERE id = $1" },
	[DELETE_RECOUNT] = { "follow.recounted", "DELETE FROM recount WHERE session_id = $1" },
	[DELETE_PURGE_CASE] = { "purge.done", "DELETE FROM purge_case WHERE subject_id = $1" },
};
STATEMENT(sql_cancel_deliveries, "erase.cancel_deliveries",
	  "UPDATE delivery SET state = 'cancelled', note = 'the session was deleted', finished_at = $2 WHERE "
	  "session_id = $1 AND state = 'pending'");
/* These statements run in this order, with the session's row id as $1. */
STATEMENTS(parts) = {
	{ "erase.detach_deliveries", "UPDATE delivery SET session_id = NULL WHERE session_id = $1" },
	{ "erase.detach_events", "UPDATE outbox_event SET session_id = NULL WHERE session_id = $1" },
	{ "erase.detach_decided_events", "UPDATE outbox_event SET decision_id = NULL WHERE decision_id IS NOT NULL "
					 "AND decision_id IN (SELECT id FROM decision WHERE session_id = $1)" },
	{ "erase.detach_parties", "UPDATE party SET subsession_id = NULL WHERE subsession_id = $1" },
	{ "erase.dismissals", "DELETE FROM duplicate_dismissal WHERE session_id = $1" },
	{ "erase.dismissals_of", "DELETE FROM duplicate_dismissal WHERE other_id = $1" },
	{ "erase.links", "DELETE FROM access_link WHERE session_id = $1" },
	{ "erase.alerts", "DELETE FROM alert WHERE session_id = $1" },
	{ "erase.legal_holds", "DELETE FROM legal_hold WHERE session_id = $1" },
	{ "erase.suspicion_entries",
	  "DELETE FROM suspicion_entry WHERE suspicion_id IN (SELECT id FROM suspicion WHERE session_id = $1)" },
	{ "erase.suspicions", "DELETE FROM suspicion WHERE session_id = $1" },
	{ "erase.attempts", "DELETE FROM attempt WHERE session_id = $1" },
	{ "erase.contributions", "DELETE FROM contribution WHERE session_id = $1" },
	{ "erase.notes", "DELETE FROM note WHERE session_id = $1" },
	{ "erase.signatures", "DELETE FROM decision_signature WHERE session_id = $1" },
	{ "erase.decisions", "DELETE FROM decision WHERE session_id = $1" },
	{ "erase.corrections", "DELETE FROM correction WHERE session_id = $1" },
	{ "erase.hits", "DELETE FROM hit WHERE check_id IN (SELECT id FROM check_result WHERE session_id = $1)" },
	{ "erase.results", "DELETE FROM result WHERE check_id IN (SELECT id FROM check_result WHERE session_id = $1)" },
	{ "erase.checks", "DELETE FROM check_result WHERE session_id = $1" },
	{ "erase.shares", "DELETE FROM party_share WHERE party_id IN (SELECT id FROM party WHERE session_id = $1)" },
	{ "erase.shares_of", "DELETE FROM party_share WHERE of_party_id IS NOT NULL AND of_party_id IN (SELECT id "
			     "FROM party WHERE session_id = $1)" },
	{ "erase.parties", "DELETE FROM party WHERE session_id = $1" },
	{ "erase.documents", "DELETE FROM document WHERE session_id = $1" },
	{ "erase.steps", "DELETE FROM step WHERE session_id = $1" },
	{ "erase.text", "DELETE FROM session_text WHERE {text_id} = $1" },
	{ "erase.session", "DELETE FROM session WHERE id = $1" },
};
/* These statements run after `parts`, with the subject's row id as $1. */
STATEMENTS(of_subject) = {
	/* The row of a business stays, with only its number, so that the number is not reused. A subject that was
	 * created separately from sessions stays, too. */
	{ "erase.subject",
	  "DELETE FROM subject WHERE id = $1 AND kyb_id = 0 AND declared = 0 AND NOT EXISTS (SELECT 1 FROM session "
	  "WHERE subject_id = $1) AND NOT EXISTS (SELECT 1 FROM account WHERE subject_id = $1)" },
	{ "erase.empty_subject",
	  "UPDATE subject SET name = '', country = '', registration_number = '', tax_id = '', date_of_birth = '', "
	  "incorporated_on = '', website = '', email = '', phone = '', address = '{}' WHERE id = $1 AND declared = "
	  "0 AND NOT EXISTS (SELECT 1 FROM session WHERE subject_id = $1)" },
	/* A purge runs this statement, too. The ledger stays; the names and numbers of recipients are erased with
	 * the last session of the subject. */
	{ "erase.empty_orders", "UPDATE money_order SET reference = '', iban = '', holder = '', bank = '', address "
				"= '', reason = '' WHERE account_id IN (SELECT id FROM account WHERE subject_id = "
				"$1) AND NOT EXISTS (SELECT 1 FROM session WHERE subject_id = $1)" },
};
STATEMENT(sql_subject_of, "erase.subject_of", "SELECT subject_id FROM session WHERE id = $1");
STATEMENT(sql_hashes, "erase.hashes",
	  "SELECT sha256 FROM document WHERE session_id = $1 AND sha256 <> '' UNION ALL SELECT back_sha256 FROM "
	  "document WHERE session_id = $1 AND back_sha256 <> ''");
STATEMENT(sql_family_one, "erase.family_one",
	  "SELECT s.id, s.uuid, s.external_ref, s.status, s.submitted_at, (SELECT count(*) FROM party WHERE "
	  "session_id = s.id), (SELECT count(*) FROM document WHERE session_id = s.id), (SELECT count(*) FROM "
	  "decision WHERE session_id = s.id) FROM session s WHERE s.id = $1");
STATEMENT(sql_children, "erase.children", "SELECT id FROM session WHERE parent_id = $1 ORDER BY id");
STATEMENT(sql_dismissers, "erase.dismissers", "SELECT session_id FROM duplicate_dismissal WHERE other_id = $1");

enum err store_row_delete(struct store *store, enum row_delete what, int64_t row, struct error *error)
{
	return db_run(store->db, &deletes[what], PARAMS(db_int(row)), error);
}

static enum err load_family_member(struct store *store, struct arena *arena, int64_t row, struct family_member *out,
				   struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = db_select(store->db, &sql_family_one, PARAMS(db_int(row)), &query, error);

	found = query_fetch_row(&query, &err, error);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "the case no longer exists");
	if (!err) {
		*out = (struct family_member){
			.row = row_int(query, 0),
			.id = row_text(query, 1, arena),
			.external_ref = row_text(query, 2, arena),
			.submitted_at = row_time(query, 4),
			.parties = row_int(query, 5),
			.documents = row_int(query, 6),
			.decisions = row_int(query, 7),
		};
		if (!session_status_parse(row_text_view(query, 3), &out->status))
			err = report_damaged_row(store, "session", row, "status", error);
	}
	query_end(query);
	return err;
}

enum err store_session_load_descendants(struct store *store, struct arena *arena, int64_t session, struct family *out,
					struct error *error)
{
	const struct column_query children_of = { store, &sql_children, arena };
	size_t capacity = 0;
	*out = (struct family){ 0 };
	enum err err =
		load_family_member(store, arena, session, ARENA_PUSH(arena, out->members, out->count, capacity), error);
	for (size_t at = 0; !err && at < out->count; at++) {
		struct row_list children;
		err = row_list_load(&children_of, PARAMS(db_int(out->members[at].row)), &children, error);
		for (size_t i = 0; !err && i < children.count; i++)
			/* In a store that another program edited, sessions may form a cycle. */
			if (!ITEM_WITH_NUMBER(out->members, out->count, row, children.items[i]))
				err = load_family_member(store, arena, children.items[i],
							 ARENA_PUSH(arena, out->members, out->count, capacity), error);
	}
	return err;
}

static enum err collect_file_hashes(struct store *store, struct arena *arena, int64_t session,
				    struct leftover_bytes *left, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_hashes, PARAMS(db_int(session)), &query, error);

	while (query_fetch_row(&query, &err, error))
		*ARENA_PUSH(arena, left->hashes, left->count, left->capacity) = row_text(query, 0, arena);
	return err;
}

/* Notes the sessions that lose rows: the session itself, and others that dismissed it as a duplicate. */
static enum err record_row_owners(struct store *store, int64_t session, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_dismissers, PARAMS(db_int(session)), &query, error);

	commitments_add_owner(store, session);
	while (query_fetch_row(&query, &err, error))
		commitments_add_owner(store, row_int(query, 0));
	return err;
}

enum err store_session_erase(struct store *store, struct arena *arena, int64_t session, struct leftover_bytes *left,
			     struct error *error)
{
	int64_t subject = 0;
	enum err err = db_get_int(store->db, &sql_subject_of, PARAMS(db_int(session)), &subject, error);
	session_cache_clear(store);
	if (!err)
		err = collect_file_hashes(store, arena, session, left, error);
	if (!err)
		err = store_mark_cases_for_recount(store, session, error);
	if (!err)
		err = record_row_owners(store, session, error);
	if (!err)
		err = db_run(store->db, &sql_cancel_deliveries,
			     PARAMS(db_int(session), db_int(world_now_ms(store->world))), error);
	if (!err)
		err = RUN_EACH(store, parts, session, error);
	if (!err)
		err = RUN_EACH(store, of_subject, subject, error);
	return err;
}
