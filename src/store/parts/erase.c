/* Erases a session with all its parts, in the order of their references. */
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/related.h"

#include <stdio.h>
#include <string.h>

/* The statements up to LAST_PART run in this order, with the session's row as $1. */
enum {
	CANCEL_DELIVERIES,
	DETACH_DELIVERIES,
	DETACH_EVENTS,
	DETACH_DECIDED_EVENTS,
	DETACH_PARTIES,
	DELETE_DISMISSALS,
	DELETE_DISMISSALS_OF,
	DELETE_LINKS,
	DELETE_ALERTS,
	DELETE_LEGAL_HOLDS,
	DELETE_SUSPICION_ENTRIES,
	DELETE_SUSPICIONS,
	DELETE_ATTEMPTS,
	DELETE_CONTRIBUTIONS,
	DELETE_NOTES,
	DELETE_SIGNATURES,
	DELETE_DECISIONS,
	DELETE_CORRECTIONS,
	DELETE_HITS,
	DELETE_CHECKS,
	DELETE_SHARES,
	DELETE_SHARES_OF,
	DELETE_PARTIES,
	DELETE_DOCUMENTS,
	DELETE_STEPS,
	DELETE_TEXT,
	DELETE_SESSION,
	LAST_PART = DELETE_SESSION,
	DELETE_SUBJECT,
	EMPTY_SUBJECT,
	EMPTY_ORDERS,
	SUBJECT_OF,
	HASHES,
	FAMILY_ONE,
	CHILDREN,
	DISMISSERS
};
static const struct sql statements[] = {
	[CANCEL_DELIVERIES] = { "erase.cancel_deliveries",
				"UPDATE delivery SET state = 'cancelled', note = 'the session was deleted', "
				"finished_at = $2 WHERE session_id = $1 AND state = 'pending'" },
	[DETACH_DELIVERIES] = { "erase.detach_deliveries",
				"UPDATE delivery SET session_id = NULL WHERE session_id = $1" },
	[DETACH_EVENTS] = { "erase.detach_events",
			    "UPDATE outbox_event SET session_id = NULL WHERE session_id = $1" },
	[DETACH_DECIDED_EVENTS] = { "erase.detach_decided_events",
				    "UPDATE outbox_event SET decision_id = NULL WHERE decision_id IS NOT NULL AND "
				    "decision_id IN (SELECT id FROM decision WHERE session_id = $1)" },
	[DETACH_PARTIES] = { "erase.detach_parties",
			     "UPDATE party SET subsession_id = NULL WHERE subsession_id = $1" },
	[DELETE_DISMISSALS] = { "erase.dismissals", "DELETE FROM duplicate_dismissal WHERE session_id = $1" },
	[DELETE_DISMISSALS_OF] = { "erase.dismissals_of", "DELETE FROM duplicate_dismissal WHERE other_id = $1" },
	[DELETE_LINKS] = { "erase.links", "DELETE FROM access_link WHERE session_id = $1" },
	[DELETE_ALERTS] = { "erase.alerts", "DELETE FROM alert WHERE session_id = $1" },
	[DELETE_LEGAL_HOLDS] = { "erase.legal_holds", "DELETE FROM legal_hold WHERE session_id = $1" },
	[DELETE_SUSPICION_ENTRIES] = { "erase.suspicion_entries", "DELETE FROM suspicion_entry WHERE suspicion_id "
								  "IN (SELECT id FROM suspicion "
								  "WHERE session_id = $1)" },
	[DELETE_SUSPICIONS] = { "erase.suspicions", "DELETE FROM suspicion WHERE session_id = $1" },
	[DELETE_ATTEMPTS] = { "erase.attempts", "DELETE FROM attempt WHERE session_id = $1" },
	[DELETE_CONTRIBUTIONS] = { "erase.contributions", "DELETE FROM contribution WHERE session_id = $1" },
	[DELETE_NOTES] = { "erase.notes", "DELETE FROM note WHERE session_id = $1" },
	[DELETE_SIGNATURES] = { "erase.signatures", "DELETE FROM decision_signature WHERE session_id = $1" },
	[DELETE_DECISIONS] = { "erase.decisions", "DELETE FROM decision WHERE session_id = $1" },
	[DELETE_CORRECTIONS] = { "erase.corrections", "DELETE FROM correction WHERE session_id = $1" },
	[DELETE_HITS] = { "erase.hits", "DELETE FROM hit WHERE check_id IN (SELECT id FROM check_result "
					"WHERE session_id = $1)" },
	[DELETE_CHECKS] = { "erase.checks", "DELETE FROM check_result WHERE session_id = $1" },
	[DELETE_SHARES] = { "erase.shares", "DELETE FROM party_share WHERE party_id IN (SELECT id FROM party "
					    "WHERE session_id = $1)" },
	[DELETE_SHARES_OF] = { "erase.shares_of", "DELETE FROM party_share WHERE of_party_id IS NOT NULL AND "
						  "of_party_id IN (SELECT id FROM party WHERE session_id = $1)" },
	[DELETE_PARTIES] = { "erase.parties", "DELETE FROM party WHERE session_id = $1" },
	[DELETE_DOCUMENTS] = { "erase.documents", "DELETE FROM document WHERE session_id = $1" },
	[DELETE_STEPS] = { "erase.steps", "DELETE FROM step WHERE session_id = $1" },
	[DELETE_TEXT] = { "erase.text", "DELETE FROM session_text WHERE {text_id} = $1" },
	[DELETE_SESSION] = { "erase.session", "DELETE FROM session WHERE id = $1" },
	/* The row of a business stays, with only its number, so that the number is not reused. A subject that was
	 * created separately from sessions stays, too. */
	[DELETE_SUBJECT] = { "erase.subject",
			     "DELETE FROM subject WHERE id = $1 AND kyb_id = 0 AND declared = 0 AND NOT EXISTS "
			     "(SELECT 1 FROM session WHERE subject_id = $1) AND NOT EXISTS "
			     "(SELECT 1 FROM account WHERE subject_id = $1)" },
	[EMPTY_SUBJECT] = { "erase.empty_subject",
			    "UPDATE subject SET name = '', country = '', registration_number = '', tax_id = '', "
			    "date_of_birth = '', incorporated_on = '', website = '', email = '', phone = '', "
			    "address = '{}' WHERE id = $1 AND declared = 0 AND NOT EXISTS "
			    "(SELECT 1 FROM session WHERE subject_id = $1)" },
	/* Used by a purge, too. The ledger stays; the names and numbers of recipients are erased with the last
	 * session. */
	[EMPTY_ORDERS] = { "erase.empty_orders", "UPDATE money_order SET reference = '', iban = '', holder = '', "
						 "bank = '', address = '', "
						 "reason = '' WHERE account_id IN (SELECT id FROM account WHERE "
						 "subject_id = $1) AND NOT EXISTS "
						 "(SELECT 1 FROM session WHERE subject_id = $1)" },
	[SUBJECT_OF] = { "erase.subject_of", "SELECT subject_id FROM session WHERE id = $1" },
	[HASHES] = { "erase.hashes",
		     "SELECT sha256 FROM document WHERE session_id = $1 AND sha256 <> '' UNION ALL "
		     "SELECT back_sha256 FROM document WHERE session_id = $1 AND back_sha256 <> ''" },
	[FAMILY_ONE] = { "erase.family_one",
			 "SELECT s.id, s.uuid, s.external_ref, s.status, s.submitted_at, "
			 "(SELECT count(*) FROM party WHERE session_id = s.id), "
			 "(SELECT count(*) FROM document WHERE session_id = s.id), "
			 "(SELECT count(*) FROM decision WHERE session_id = s.id) FROM session s WHERE s.id = $1" },
	[CHILDREN] = { "erase.children", "SELECT id FROM session WHERE parent_id = $1 ORDER BY id" },
	[DISMISSERS] = { "erase.dismissers", "SELECT session_id FROM duplicate_dismissal WHERE other_id = $1" },
};
const struct sql_list erase_sql = SQL_LIST(statements);

static enum err load_member(struct store *store, struct arena *arena, int64_t row, struct family_member *out,
			    struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	enum err err = db_select(store->db, &statements[FAMILY_ONE], PARAMS(db_int(row)), &query, error);

	found = query_row(query, &err, error);
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
		if (!session_status_parse(row_view(query, 3), &out->status))
			err = row_damaged(store, "session", row, "status", error);
	}
	query_end(query);
	return err;
}

static bool is_known(const struct family *family, int64_t row)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->members[i].row == row)
			return true;
	return false;
}

enum err store_session_descendants(struct store *store, struct arena *arena, int64_t session, struct family *out,
				   struct error *error)
{
	const struct first_column children_of = { store, &statements[CHILDREN], arena };
	size_t capacity = 0;
	*out = (struct family){ 0 };
	enum err err =
		load_member(store, arena, session, ARENA_PUSH(arena, out->members, out->count, capacity), error);
	for (size_t at = 0; !err && at < out->count; at++) {
		struct row_list children;
		err = row_list_load(&children_of, PARAMS(db_int(out->members[at].row)), &children, error);
		for (size_t i = 0; !err && i < children.count; i++)
			/* In a store that another program edited, sessions may form a cycle. */
			if (!is_known(out, children.items[i]))
				err = load_member(store, arena, children.items[i],
						  ARENA_PUSH(arena, out->members, out->count, capacity), error);
	}
	return err;
}

static enum err collect_hashes(struct store *store, struct arena *arena, int64_t session,
			       struct leftover_bytes *left, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[HASHES], PARAMS(db_int(session)), &query, error);

	while (query_row(query, &err, error))
		*ARENA_PUSH(arena, left->hashes, left->count, left->capacity) = row_text(query, 0, arena);
	query_end(query);
	return err;
}

/* Notes the sessions that lose rows: the session itself, and others that dismissed it as a duplicate. */
static enum err note_owners(struct store *store, int64_t session, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[DISMISSERS], PARAMS(db_int(session)), &query, error);

	commitments_note_owner(store, session);
	while (query_row(query, &err, error))
		commitments_note_owner(store, row_int(query, 0));
	query_end(query);
	return err;
}

enum err store_session_erase(struct store *store, struct arena *arena, int64_t session, struct leftover_bytes *left,
			     struct error *error)
{
	const struct db_value values[] = { db_int(session), db_int(world_now_ms(store->world)) };
	int64_t subject = 0;
	enum err err = db_number(store->db, &statements[SUBJECT_OF], PARAMS(db_int(session)), &subject, error);
	session_forget(store);
	if (!err)
		err = collect_hashes(store, arena, session, left, error);
	if (!err)
		err = store_recount_alike(store, session, error);
	if (!err)
		err = note_owners(store, session, error);
	for (int part = 0; !err && part <= LAST_PART; part++) {
		err = db_run(store->db, &statements[part],
			     &(const struct db_params){ values, part == CANCEL_DELIVERIES ? 2 : 1 }, error);
	}
	for (int of_subject = DELETE_SUBJECT; !err && of_subject <= EMPTY_ORDERS; of_subject++)
		err = db_run(store->db, &statements[of_subject], PARAMS(db_int(subject)), error);
	return err;
}
