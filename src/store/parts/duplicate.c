/* Similar sessions, and persons that were verified before. */
#include "rows.h"
#include "statements.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/related.h"

#include <stdlib.h>
#include <string.h>

enum { BY_REGISTRATION, BY_TAX, RECOUNT_REGISTRATION, RECOUNT_TAX, DISMISS, CANDIDATES };
enum duplicate_column {
	DUP_ROW,
	DUP_UUID,
	DUP_EXTERNAL_REF,
	DUP_WORKFLOW,
	DUP_PARENT,
	DUP_STATUS,
	DUP_NAME,
	DUP_COUNTRY,
	DUP_REGISTRATION,
	DUP_TAX,
	DUP_BIRTH,
	DUP_INCORPORATED,
	DUP_UID,
	DUP_CREATED_AT,
	DUP_SUBMITTED_AT,
	DUP_DISMISSED_BY,
	DUP_DISMISSED_REASON,
	DUP_DISMISSED_AT,
	DUP_DISMISSED_SAME,
	DUP_BASIS
};
/* Most sessions with one number that a case is compared with. */
#define FIRST_ALIKE "ORDER BY o.id LIMIT 50"
/* s: the session; o: every other one that has its number. */
#define ALIKE(key)                                                                                                 \
	"FROM session s {then} session o ON o.merchant_id = s.merchant_id AND o.country = s.country "              \
	"AND o." key " = s." key " AND o." key " <> '' AND o.id <> s.id "
#define BY_KEY(key)                                                                                                \
	"SELECT o.id, o.uuid, o.external_ref, o.workflow, p.uuid, o.status, o.subject_name, o.country, "           \
	"o.registration_number, o.tax_id, o.date_of_birth, o.incorporated_on, u.uid, o.created_at, "               \
	"o.submitted_at, d.dismissed_by, d.reason, d.dismissed_at, d.same, d.basis " ALIKE(                        \
		key) "{then} subject u ON u.id = o.subject_id LEFT JOIN session p ON p.id = o.parent_id "          \
		     "LEFT JOIN duplicate_dismissal d ON d.session_id = CASE WHEN o.id < s.id THEN o.id ELSE "     \
		     "s.id END "                                                                                   \
		     "AND d.other_id = CASE WHEN o.id < s.id THEN s.id ELSE o.id END "                             \
		     "WHERE s.id = $1 AND coalesce(o.parent_id, 0) <> s.id "                                       \
		     "AND coalesce(s.parent_id, 0) <> o.id "                                                       \
		     "AND NOT (s.parent_id IS NOT NULL AND o.parent_id IS NOT NULL AND o.subject_id = "            \
		     "s.subject_id) " FIRST_ALIKE
#define RECOUNT(key)                                                                                               \
	"INSERT INTO recount (session_id) SELECT alike.id FROM (SELECT o.id, o.waiting, o.blocker " ALIKE(         \
		key) "WHERE s.id = $1 " FIRST_ALIKE ") alike WHERE alike.waiting <> 0 OR alike.blocker IN ('', "   \
		     "'duplicate_open') ON CONFLICT (session_id) DO NOTHING"
static const struct sql statements[] = {
	[BY_REGISTRATION] = { "duplicate.by_registration", BY_KEY("registration_key") },
	[BY_TAX] = { "duplicate.by_tax", BY_KEY("tax_key") },
	[RECOUNT_REGISTRATION] = { "duplicate.recount_registration", RECOUNT("registration_key") },
	[RECOUNT_TAX] = { "duplicate.recount_tax", RECOUNT("tax_key") },
	[DISMISS] = { "duplicate.dismiss",
		      "INSERT INTO duplicate_dismissal (session_id, other_id, same, reason, dismissed_by, "
		      "dismissed_at, basis) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (session_id, other_id) "
		      "DO UPDATE "
		      "SET same = excluded.same, reason = excluded.reason, dismissed_by = excluded.dismissed_by, "
		      "dismissed_at = excluded.dismissed_at, basis = excluded.basis" },
	/* Through the index by name: namesakes are few. */
	[CANDIDATES] = { "duplicate.candidates",
			 "SELECT s.id, s.uuid, s.external_ref, s.workflow, s.subject_name, s.country, "
			 "s.date_of_birth, s.decided_by, s.decided_at, p.uuid, p.subject_name FROM session s "
			 "LEFT JOIN session p ON p.id = s.parent_id "
			 "WHERE s.top = $1 AND s.name_key = $2 AND s.merchant_id = $3 AND s.date_of_birth = $4 "
			 "AND s.country = $5 AND s.kind = 'kyc' AND s.status = 'approved' "
			 "ORDER BY s.id DESC LIMIT 20" },
};
const struct sql_list duplicate_sql = SQL_LIST(statements);

static struct duplicate *find_row(const struct duplicates *known, int64_t row)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->items[i].row == row)
			return &known->items[i];
	return NULL;
}

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct duplicate *out, struct error *error)
{
	*out = (struct duplicate){
		.row = row_int(query, DUP_ROW),
		.id = row_text(query, DUP_UUID, arena),
		.external_ref = row_text(query, DUP_EXTERNAL_REF, arena),
		.workflow = row_text(query, DUP_WORKFLOW, arena),
		.parent_id = row_text(query, DUP_PARENT, arena),
		.name = row_text(query, DUP_NAME, arena),
		.country = row_text(query, DUP_COUNTRY, arena),
		.registration_number = row_text(query, DUP_REGISTRATION, arena),
		.tax_id = row_text(query, DUP_TAX, arena),
		.date_of_birth = row_text(query, DUP_BIRTH, arena),
		.incorporated_on = row_text(query, DUP_INCORPORATED, arena),
		.uid = row_text(query, DUP_UID, arena),
		.created_at = row_time(query, DUP_CREATED_AT),
		.submitted_at = row_time(query, DUP_SUBMITTED_AT),
		.dismissed_by = row_text(query, DUP_DISMISSED_BY, arena),
		.dismissed_reason = row_text(query, DUP_DISMISSED_REASON, arena),
		.dismissed_at = row_time(query, DUP_DISMISSED_AT),
		.dismissed_same =
			row_is_null(query, DUP_DISMISSED_SAME) ? 0 : (unsigned)row_int(query, DUP_DISMISSED_SAME),
		.basis = row_text(query, DUP_BASIS, arena),
		.standing = { .changed = "" },
	};
	if (!session_status_parse(row_view(query, DUP_STATUS), &out->status))
		return row_damaged(store, "session", out->row, "status", error);
	return ERR_OK;
}

static int by_row(const void *left, const void *right)
{
	int64_t a = ((const struct duplicate *)left)->row, b = ((const struct duplicate *)right)->row;
	return (a > b) - (a < b);
}

enum err store_duplicates(struct store *store, struct arena *arena, int64_t session, struct duplicates *out,
			  struct error *error)
{
	static const unsigned same[] = { [BY_REGISTRATION] = SAME_REGISTRATION_NUMBER, [BY_TAX] = SAME_TAX_ID };
	size_t capacity = 0;
	enum err err = ERR_OK;
	*out = (struct duplicates){ 0 };
	for (int key = BY_REGISTRATION; !err && key <= BY_TAX; key++) {
		struct query *query = NULL;
		err = db_query(store->db, &statements[key], &query, error);
		if (err)
			break;
		query_int(query, 1, session);
		while (query_row(query, &err, error)) {
			struct duplicate *known = find_row(out, row_int(query, DUP_ROW));
			if (!known) {
				known = ARENA_PUSH(arena, out->items, out->count, capacity);
				err = read_row(store, query, arena, known, error);
			}
			known->same |= same[key];
		}
		query_end(query);
	}
	if (!err && out->count > 1)
		qsort(out->items, out->count, sizeof *out->items, by_row);
	return err;
}

enum err store_recount_alike(struct store *store, int64_t session, struct error *error)
{
	enum err err = ERR_OK;
	for (int key = RECOUNT_REGISTRATION; !err && key <= RECOUNT_TAX; key++) {
		struct query *query = NULL;
		err = db_query(store->db, &statements[key], &query, error);
		if (err)
			break;
		query_int(query, 1, session);
		err = query_run(query, error);
	}
	return err;
}

enum err store_duplicate_dismiss(struct store *store, int64_t session, const struct duplicate *dismissed,
				 struct error *error)
{
	return db_run(store->db, &statements[DISMISS],
		      PARAMS(db_int(session < dismissed->row ? session : dismissed->row),
			     db_int(session < dismissed->row ? dismissed->row : session),
			     db_int(dismissed->dismissed_same), db_text(dismissed->dismissed_reason),
			     db_text(dismissed->dismissed_by), db_int(dismissed->dismissed_at),
			     db_text(dismissed->basis)),
		      error);
}

static void read_candidate(const struct query *query, struct arena *arena, struct kyc_candidate *out)
{
	*out = (struct kyc_candidate){
		.row = row_int(query, 0),
		.id = row_text(query, 1, arena),
		.external_ref = row_text(query, 2, arena),
		.workflow = row_text(query, 3, arena),
		.name = row_text(query, 4, arena),
		.country = row_text(query, 5, arena),
		.date_of_birth = row_text(query, 6, arena),
		.decided_by = row_text(query, 7, arena),
		.decided_at = row_time(query, 8),
		.parent_id = row_text(query, 9, arena),
		.parent_name = row_text(query, 10, arena),
	};
}

enum err store_kyc_candidates(struct store *store, struct arena *arena, const struct kyc_person *person,
			      struct kyc_candidates *out, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	size_t capacity = 0;
	enum err err = ERR_OK;
	*out = (struct kyc_candidates){ 0 };
	if (!*person->name || !*person->date_of_birth || !*person->country)
		return ERR_OK;
	text_fold(&key, person->name, strlen(person->name));
	/* Subsessions first: that is where people are. */
	for (int64_t top = 0; !err && top <= 1; top++) {
		struct query *query = NULL;
		bool row = false;
		err = db_query(store->db, &statements[CANDIDATES], &query, error);
		if (err)
			break;
		query_int(query, 1, top);
		query_text(query, 2, key.buf);
		query_int(query, 3, person->merchant);
		query_text(query, 4, person->date_of_birth);
		query_text(query, 5, person->country);
		while (!(err = query_next(query, &row, error)) && row && out->count < 20)
			read_candidate(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
		query_end(query);
	}
	strbuf_release(&key);
	return err;
}
