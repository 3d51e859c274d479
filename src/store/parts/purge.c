#include "kybdesk/store/purge.h"
#include "rows.h"
#include "kybdesk/store/bytes.h"
#include "kybdesk/store/commitment.h"
#include "columns.h"

#include <string.h>
#include <sys/stat.h>

#define AND_SUBJECT_IS_DELETED                                                                                         \
	" AND EXISTS (SELECT 1 FROM subject AS u WHERE u.id = $1 AND u.deleted_at IS NOT NULL) AND NOT EXISTS "        \
	"(SELECT 1 FROM session AS s WHERE s.subject_id = $1)"
/* Parameters: $1 limit, $2 closed_before, $3 after_row. */
STATEMENTS(lists) = {
	[PURGE_CANDIDATES] = { "purge.candidates",
			       "SELECT s.id FROM session AS s JOIN subject AS u ON u.id = s.subject_id WHERE s.id "
			       "> "
			       "$3 AND {aside s.top} = 1 AND {aside s.status} IN ('approved', 'rejected', "
			       "'expired') AND coalesce(s.decided_at, s.expires_at, s.updated_at) <= $2 AND "
			       "(s.status <> 'approved' OR u.deleted_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM "
			       "session AS o WHERE o.subject_id = s.subject_id AND o.parent_id IS NULL AND o.id < "
			       "s.id) ORDER BY s.id LIMIT $1" },
	[PURGE_CONFIRMED] = { "purge.next", "SELECT subject_id FROM purge_case ORDER BY id LIMIT $1" },
	[PURGE_WORKFLOWS] = { "purge.workflows", "SELECT id FROM workflow ORDER BY id" },
};
static const size_t list_parameters[] = { [PURGE_CANDIDATES] = 3, [PURGE_CONFIRMED] = 1, [PURGE_WORKFLOWS] = 0 };
STATEMENT(sql_confirm, "purge.confirm",
	  "INSERT INTO purge_case (subject_id, confirmed_by, confirmed_at) VALUES ($1, $2, $3)");
STATEMENT(sql_left, "purge.left",
	  "SELECT (SELECT count(*) FROM purge_case), (SELECT count(*) FROM purge_rest WHERE part <> '" PURGE_PART_WAL
	  "'), (SELECT count(*) FROM purge_rest WHERE part = '" PURGE_PART_WAL "')");
STATEMENT(sql_rest_add, "purge.rest_add", "INSERT INTO purge_rest (part) VALUES ($1) ON CONFLICT (part) DO NOTHING");
STATEMENT(sql_rest_next, "purge.rest_next",
	  "SELECT part FROM purge_rest WHERE part NOT IN ('" PURGE_PART_TEXT_INDEX "', '" PURGE_PART_WAL
	  "') ORDER BY id LIMIT $1");
STATEMENT(sql_rest_done, "purge.rest_done", "DELETE FROM purge_rest WHERE part = $1");
STATEMENT(sql_named, "purge.named",
	  "SELECT (SELECT count(*) FROM document WHERE sha256 = $1 AND sha256 <> '') + (SELECT count(*) FROM "
	  "document WHERE back_sha256 = $1 AND back_sha256 <> '')");
/* These statements run in this order, with the session's row id as $1. */
STATEMENTS(events) = {
	{ "purge.attempts",
	  "DELETE FROM delivery_attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE session_id = $1)" },
	{ "purge.attempts_of_events",
	  "DELETE FROM delivery_attempt WHERE delivery_id IN (SELECT d.id FROM outbox_event AS e JOIN delivery AS "
	  "d ON d.event_id = e.id WHERE e.session_id = $1)" },
	{ "purge.deliveries", "DELETE FROM delivery WHERE session_id = $1" },
	{ "purge.deliveries_of_events",
	  "DELETE FROM delivery WHERE event_id IN (SELECT id FROM outbox_event WHERE session_id = $1)" },
	{ "purge.events", "DELETE FROM outbox_event WHERE session_id = $1" },
};
/* These statements run in this order, with the subject's row id as $1. */
STATEMENTS(of_subject) = {
	{ "purge.accounts", "DELETE FROM account WHERE subject_id = $1 AND NOT EXISTS (SELECT 1 FROM money_order "
			    "WHERE account_id = account.id OR recipient_id = account.id)" AND_SUBJECT_IS_DELETED },
	/* An account with orders stays, for the ledger; the names of recipients were erased with the last session
	 * (erase.c). */
	{ "purge.labels", "UPDATE account SET label = '' WHERE subject_id = $1" AND_SUBJECT_IS_DELETED },
	{ "purge.alerts", "DELETE FROM alert WHERE subject_id = $1" AND_SUBJECT_IS_DELETED },
	{ "purge.contributions", "DELETE FROM contribution WHERE subject_id = $1" AND_SUBJECT_IS_DELETED },
	/* Resets the level to the imported level, because the audit log has no record any more that grants this
	 * row another level. */
	{ "purge.empty_subject",
	  "UPDATE subject SET uid = 'purged-' || id, name = '', country = '', registration_number = '', tax_id = "
	  "'', date_of_birth = '', incorporated_on = '', website = '', email = '', phone = '', address = '{}', "
	  "level = level_brought WHERE id = $1" AND_SUBJECT_IS_DELETED },
	{ "purge.delete_subject", "DELETE FROM subject WHERE id = $1 AND kyb_id = 0" AND_SUBJECT_IS_DELETED
				  " AND NOT EXISTS (SELECT 1 FROM account WHERE subject_id = $1) AND NOT EXISTS "
				  "(SELECT 1 FROM subject AS o WHERE o.business_id = $1)" },
};

enum err store_purge_list(struct store *store, struct arena *arena, const struct purge_filter *filter,
			  struct row_list *out, struct error *error)
{
	const struct db_value values[] = { db_int((int64_t)filter->limit), db_int(filter->closed_before),
					   db_int(filter->after_row) };

	return row_list_load(&(struct column_query){ store, &lists[filter->list], arena },
			     &(const struct db_params){ values, list_parameters[filter->list] }, out, error);
}

enum err store_purge_confirm(struct store *store, const struct purge_subject *purge, struct error *error)
{
	return db_run(store->db, &sql_confirm, PARAMS(db_int(purge->subject), db_text(purge->by), db_int(purge->at)),
		      error);
}

enum err store_purge_count(struct store *store, struct purge_remainder *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_left, NULL, &query, error);

	*out = (struct purge_remainder){ 0 };
	if (query_fetch_row(&query, &err, error))
		*out = (struct purge_remainder){ .users = row_int(query, 0),
						 .parts = row_int(query, 1),
						 .is_wal_queued = row_int(query, 2) > 0 };
	query_end(query);
	return err;
}

enum err store_purge_queue_add(struct store *store, const char *sha256, struct error *error)
{
	return db_run(store->db, &sql_rest_add, PARAMS(db_text(sha256)), error);
}

enum err store_purge_begin_step(struct store *store, struct arena *arena, size_t limit, struct leftover_bytes *out,
				struct error *error)
{
	const struct db_driver *driver = store->db->driver;
	enum err err = driver->overwrite_deleted ? driver->overwrite_deleted(store->db, error) : ERR_OK;

	*out = (struct leftover_bytes){ 0 };
	return err ? err
		   : text_list_load(&(struct column_query){ store, &sql_rest_next, arena },
				    PARAMS(db_int((int64_t)limit)), &out->hashes, &out->count, error);
}

static enum err check_bytes_removed(struct store *store, const char *sha256, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct stat status;
	int64_t named = 0;
	enum err err = db_get_int(store->db, &sql_named, PARAMS(db_text(sha256)), &named, error);
	const char *path = store->documents_folder ? store_bytes_path(store, &arena, sha256) : NULL;

	if (!err && !named && path && lstat(path, &status) == 0)
		err = error_set(error, ERR_STORE,
				"the file %s of an erased document cannot be removed; make its folder writable, "
				"and purge again",
				path);
	arena_release(&arena);
	return err;
}

enum err store_purge_queue_remove(struct store *store, const char *part, bool first, struct error *error)
{
	const struct db_driver *driver = store->db->driver;
	const struct db_params *params = PARAMS(db_text(part));
	bool done = true;
	enum err err = ERR_OK;

	if (!strcmp(part, PURGE_PART_WAL)) {
		if (driver->cut_wal && !driver->cut_wal(store->db))
			return error_set(error, ERR_STORE,
					 "another program reads the write-ahead log, or the disk is full");
		err = store_begin(store, STORE_WRITE, error);
		return err ? err
			   : store_commit_or_rollback(store, db_run(store->db, &sql_rest_done, params, error), error);
	}
	if (strcmp(part, PURGE_PART_TEXT_INDEX) != 0)
		err = check_bytes_removed(store, part, error);
	else if (driver->merge_text_index)
		err = driver->merge_text_index(store->db, first, &done, error);
	return err || !done ? err : db_run(store->db, &sql_rest_done, params, error);
}

enum err store_purge_erase(struct store *store, enum purge_target what, int64_t row, struct error *error)
{
	if (what == PURGE_EVENTS)
		return RUN_EACH(store, events, row, error);
	commitments_add_owner(store, ROW_OWNER_SUBJECT(row));
	return RUN_EACH(store, of_subject, row, error);
}
