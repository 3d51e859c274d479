#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/related.h"

enum {
	INSERT,
	UPDATE,
	DELETE,
	DELETE_SHARES,
	DELETE_SHARES_OF,
	INSERT_SHARE,
	SET_SUBSESSION,
	OF_SUBSESSION,
	LOAD,
	LOAD_REMOVED,
	LOAD_SHARES,
	REMOVE,
	HOLDERS
};
enum load_column {
	LOAD_ROW,
	LOAD_UUID,
	LOAD_KIND,
	LOAD_NAME,
	LOAD_ROLES,
	LOAD_CONTROL_ROLE,
	LOAD_COUNTRY,
	LOAD_BIRTH,
	LOAD_TAX_ID,
	LOAD_REGISTRATION,
	LOAD_EMAIL,
	LOAD_PHONE,
	LOAD_ADDRESSES,
	LOAD_FIELDS,
	LOAD_ELSEWHERE_BY,
	LOAD_ELSEWHERE_REASON,
	LOAD_SESSION_ROW,
	LOAD_SESSION_UUID,
	LOAD_SESSION_WORKFLOW,
	LOAD_SESSION_STATUS,
	LOAD_SESSION_UNRESPONSIVE,
	LOAD_SESSION_PARENT,
	LOAD_REMOVED_AT,
	LOAD_REMOVED_BY,
	LOAD_REMOVED_REASON
};
enum share_column { SHARE_PARTY, SHARE_OF, SHARE_OF_UUID, SHARE_PERCENT };
#define LOAD_COLUMNS                                                                                               \
	"SELECT p.id, p.uuid, p.kind, p.name, p.roles, p.control_role, p.country, p.date_of_birth, "               \
	"p.tax_id, p.registration_number, p.email, p.phone, p.addresses, p.fields, "                               \
	"p.verified_elsewhere_by, p.verified_elsewhere_reason, s.id, s.uuid, s.workflow, s.status, "               \
	"s.unresponsive, s.parent_id, p.removed_at, p.removed_by, p.removed_reason "                               \
	"FROM party p LEFT JOIN session s ON s.id = p.subsession_id WHERE p.session_id = $1 "
static const struct sql statements[] = {
	[INSERT] = { "party.insert",
		     "INSERT INTO party (kind, name, roles, control_role, country, date_of_birth, tax_id, "
		     "registration_number, email, phone, addresses, fields, verified_elsewhere_by, "
		     "verified_elsewhere_reason, session_id, uuid, subsession_id) VALUES "
		     "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)" },
	[UPDATE] = { "party.update",
		     "UPDATE party SET kind = $1, name = $2, roles = $3, control_role = $4, country = $5, "
		     "date_of_birth = $6, tax_id = $7, registration_number = $8, email = $9, phone = $10, "
		     "addresses = $11, fields = $12, verified_elsewhere_by = $13, "
		     "verified_elsewhere_reason = $14 WHERE id = $15" },
	[DELETE] = { "party.delete", "DELETE FROM party WHERE id = $1" },
	[DELETE_SHARES] = { "party.delete_shares", "DELETE FROM party_share WHERE party_id = $1" },
	[DELETE_SHARES_OF] = { "party.delete_shares_of", "DELETE FROM party_share WHERE of_party_id = $1" },
	[INSERT_SHARE] = { "party.insert_share", "INSERT INTO party_share (party_id, of_party_id, percent) "
						 "VALUES ($1, $2, $3)" },
	[SET_SUBSESSION] = { "party.set_subsession", "UPDATE party SET subsession_id = $2 WHERE id = $1" },
	[OF_SUBSESSION] = { "party.of_subsession", "SELECT id, session_id FROM party WHERE subsession_id = $1 "
						   "ORDER BY id LIMIT 1" },
	[LOAD] = { "party.load", LOAD_COLUMNS "AND p.removed_at IS NULL ORDER BY p.id" },
	[LOAD_REMOVED] = { "party.load_removed", LOAD_COLUMNS "AND p.removed_at IS NOT NULL ORDER BY p.id" },
	[LOAD_SHARES] = { "party.load_shares",
			  "SELECT h.party_id, h.of_party_id, o.uuid, h.percent FROM party p "
			  "JOIN party_share h ON h.party_id = p.id LEFT JOIN party o ON o.id = h.of_party_id "
			  "WHERE p.session_id = $1 AND p.removed_at IS NULL ORDER BY p.id, h.id" },
	[REMOVE] = { "party.remove", "UPDATE party SET removed_at = $2, removed_by = $3, removed_reason = $4 "
				     "WHERE id = $1" },
	[HOLDERS] = { "party.holders", "SELECT session_id FROM party WHERE subsession_id = $1 "
				       "AND removed_at IS NULL ORDER BY id LIMIT 200" },
};
const struct sql_list party_sql = SQL_LIST(statements);

static void bind(struct query *query, const struct party *party)
{
	query_text(query, 1, party_kind_text(party->kind));
	query_text(query, 2, party->name);
	query_int(query, 3, party->roles);
	query_text(query, 4, party->control_role);
	query_text(query, 5, party->country);
	query_text(query, 6, party->date_of_birth);
	query_text(query, 7, party->tax_id);
	query_text(query, 8, party->registration_number);
	query_text(query, 9, party->email);
	query_text(query, 10, party->phone);
	query_text(query, 11, party->addresses_json);
	query_text(query, 12, party->fields_json);
	query_text(query, 13, party->verified_elsewhere_by);
	query_text(query, 14, party->verified_elsewhere_reason);
}

enum err store_party_insert(struct store *store, int64_t session, struct party *party, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	bind(query, party);
	query_int(query, 15, session);
	query_text(query, 16, party->id);
	query_row_or_null(query, 17, party->session_row);
	err = query_run(query, error);
	if (!err)
		party->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_party_update(struct store *store, const struct party *party, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[UPDATE], &query, error);
	if (err)
		return err;
	bind(query, party);
	query_int(query, 15, party->row);
	return query_run(query, error);
}

static enum err run_on(struct store *store, int statement, int64_t row, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[statement], &query, error);
	if (err)
		return err;
	query_int(query, 1, row);
	return query_run(query, error);
}

enum err store_party_delete(struct store *store, int64_t row, struct error *error)
{
	/* What others own of it goes too: a share of nobody would count for the subject. */
	enum err err = run_on(store, DELETE_SHARES, row, error);
	if (!err)
		err = run_on(store, DELETE_SHARES_OF, row, error);
	if (!err)
		err = run_on(store, DELETE, row, error);
	return err;
}

enum err store_party_set_shares(struct store *store, const struct party *party, struct error *error)
{
	enum err err = run_on(store, DELETE_SHARES, party->row, error);
	for (size_t i = 0; !err && i < party->share_count; i++) {
		struct query *query = NULL;
		err = db_query(store->db, &statements[INSERT_SHARE], &query, error);
		if (err)
			break;
		query_int(query, 1, party->row);
		query_row_or_null(query, 2, party->shares[i].of_party_row);
		query_text(query, 3, party->shares[i].percent);
		err = query_run(query, error);
	}
	return err;
}

enum err store_party_set_subsession(struct store *store, int64_t party, int64_t session, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[SET_SUBSESSION], &query, error);
	if (err)
		return err;
	query_int(query, 1, party);
	query_row_or_null(query, 2, session);
	return query_run(query, error);
}

enum err store_party_of_subsession(struct store *store, int64_t subsession, int64_t *party, int64_t *parent,
				   struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	*party = 0;
	*parent = 0;
	enum err err = db_query(store->db, &statements[OF_SUBSESSION], &query, error);
	if (err)
		return err;
	query_int(query, 1, subsession);
	err = query_next(query, &row, error);
	if (!err && row) {
		*party = row_int(query, 0);
		*parent = row_int(query, 1);
	}
	query_end(query);
	return err;
}

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena, int64_t session,
			 struct party *party, struct error *error)
{
	party_init(party);
	party->row = row_int(query, LOAD_ROW);
	party->id = row_text(query, LOAD_UUID, arena);
	party->name = row_text(query, LOAD_NAME, arena);
	party->roles = (unsigned)row_int(query, LOAD_ROLES) & ((1U << PARTY_ROLE_COUNT) - 1);
	party->control_role = row_text(query, LOAD_CONTROL_ROLE, arena);
	party->country = row_text(query, LOAD_COUNTRY, arena);
	party->date_of_birth = row_text(query, LOAD_BIRTH, arena);
	party->tax_id = row_text(query, LOAD_TAX_ID, arena);
	party->registration_number = row_text(query, LOAD_REGISTRATION, arena);
	party->email = row_text(query, LOAD_EMAIL, arena);
	party->phone = row_text(query, LOAD_PHONE, arena);
	party->addresses_json = row_text(query, LOAD_ADDRESSES, arena);
	party->fields_json = row_text(query, LOAD_FIELDS, arena);
	party->verified_elsewhere_by = row_text(query, LOAD_ELSEWHERE_BY, arena);
	party->verified_elsewhere_reason = row_text(query, LOAD_ELSEWHERE_REASON, arena);
	if (!party_kind_parse(row_view(query, LOAD_KIND), &party->kind))
		return row_damaged(store, "party", party->row, "kind", error);
	party->removed_at = row_time(query, LOAD_REMOVED_AT);
	party->removed_by = row_text(query, LOAD_REMOVED_BY, arena);
	party->removed_reason = row_text(query, LOAD_REMOVED_REASON, arena);
	if (row_is_null(query, LOAD_SESSION_ROW))
		return ERR_OK;
	party->session_unresponsive = row_int(query, LOAD_SESSION_UNRESPONSIVE) != 0;
	party->session_shared = row_int(query, LOAD_SESSION_PARENT) != session;
	party->session_row = row_int(query, LOAD_SESSION_ROW);
	party->session_id = row_text(query, LOAD_SESSION_UUID, arena);
	party->session_workflow = row_text(query, LOAD_SESSION_WORKFLOW, arena);
	if (!session_status_parse(row_view(query, LOAD_SESSION_STATUS), &party->session_status))
		return row_damaged(store, "session", party->session_row, "status", error);
	return ERR_OK;
}

struct owned_share {
	struct party_share share;
	int64_t party;
};

static enum err load_shares(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
			    struct error *error)
{
	struct query *query = NULL;
	struct owned_share *items = NULL;
	size_t count = 0;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD_SHARES], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!(err = query_next(query, &row, error)) && row) {
		struct owned_share *item = ARENA_PUSH(arena, items, count, capacity);
		item->party = row_int(query, SHARE_PARTY);
		item->share.of_party_row = row_int(query, SHARE_OF);
		item->share.of_party_id = row_text(query, SHARE_OF_UUID, arena);
		item->share.percent = row_text(query, SHARE_PERCENT, arena);
	}
	query_end(query);
	if (err)
		return err;
	struct party_share *shares = arena_alloc_array(arena, count, sizeof *shares);
	/* Both come in the order of the parties' rows. */
	for (size_t i = 0, at = 0; i < out->party_count; i++) {
		struct party *party = &out->parties[i];
		party->shares = shares + at;
		for (; at < count && items[at].party == party->row; at++)
			shares[at] = items[at].share;
		party->share_count = (size_t)(shares + at - party->shares);
	}
	return ERR_OK;
}

static enum err read_rows(struct store *store, int statement, struct arena *arena, int64_t session,
			  struct party **items, size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[statement], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_row(store, query, arena, session, ARENA_PUSH(arena, *items, *count, capacity), error);
	query_end(query);
	return err;
}

enum err parties_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		      struct error *error)
{
	enum err err = read_rows(store, LOAD, arena, session, &out->parties, &out->party_count, error);
	if (!err && out->party_count > 0)
		err = load_shares(store, arena, session, out, error);
	return err;
}

enum err store_parties_removed(struct store *store, struct arena *arena, int64_t session, struct party **items,
			       size_t *count, struct error *error)
{
	*items = NULL;
	*count = 0;
	return read_rows(store, LOAD_REMOVED, arena, session, items, count, error);
}

enum err store_party_remove(struct store *store, const struct party *party, struct error *error)
{
	struct query *query = NULL;
	/* What it owned, and what was owned of it, goes: a share of nobody would count for the subject. */
	enum err err = run_on(store, DELETE_SHARES, party->row, error);
	if (!err)
		err = run_on(store, DELETE_SHARES_OF, party->row, error);
	if (!err)
		err = db_query(store->db, &statements[REMOVE], &query, error);
	if (err)
		return err;
	query_int(query, 1, party->row);
	query_time(query, 2, party->removed_at);
	query_text(query, 3, party->removed_by);
	query_text(query, 4, party->removed_reason);
	return query_run(query, error);
}

enum err store_subsession_holders(struct store *store, struct arena *arena, int64_t subsession, int64_t **sessions,
				  size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	*sessions = NULL;
	*count = 0;
	enum err err = db_query(store->db, &statements[HOLDERS], &query, error);
	if (err)
		return err;
	query_int(query, 1, subsession);
	while (!(err = query_next(query, &row, error)) && row)
		*ARENA_PUSH(arena, *sessions, *count, capacity) = row_int(query, 0);
	query_end(query);
	return err;
}
