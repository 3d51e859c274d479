#include "rows.h"
#include "session_keys.h"
#include "columns.h"
#include "kybdesk/store/parts.h"
#include "kybdesk/store/related.h"

enum share_column { SHARE_PARTY, SHARE_OWNED_ROW, SHARE_OWNED_UUID, SHARE_PERCENT };
STATEMENT(sql_delete_shares, "party.delete_shares", "DELETE FROM party_share WHERE party_id = $1");
STATEMENT(sql_delete_shares_of, "party.delete_shares_of", "DELETE FROM party_share WHERE of_party_id = $1");
STATEMENT(sql_insert_share, "party.insert_share",
	  "INSERT INTO party_share (party_id, of_party_id, percent) VALUES ($1, $2, $3)");
STATEMENT(sql_set_subsession, "party.set_subsession", "UPDATE party SET subsession_id = $2 WHERE id = $1");
STATEMENT(sql_load_shares, "party.load_shares",
	  "SELECT h.party_id, h.of_party_id, o.uuid, h.percent FROM party p JOIN party_share h ON h.party_id = "
	  "p.id LEFT JOIN party o ON o.id = h.of_party_id WHERE p.session_id = $1 AND p.removed_at IS NULL ORDER "
	  "BY p.id, h.id");
STATEMENT(sql_remove, "party.remove",
	  "UPDATE party SET removed_at = $2, removed_by = $3, removed_reason = $4 WHERE id = $1");
STATEMENT(sql_holders, "party.holders",
	  "SELECT session_id FROM party WHERE subsession_id = $1 AND (removed_at IS NULL OR $2 = 1) ORDER BY id LIMIT "
	  "200");
/* The end of a SELECT of the current approval, among decisions made in this store (not imported). */
#define WHERE_CURRENT_APPROVAL                                                                                         \
	"WHERE d.session_id = s.id AND d.kind = 'approve' AND d.undone = 0 AND d.imported = 0 "                        \
	"AND d.first_approval = 0 ORDER BY d.number DESC LIMIT 1"
/* VALID_UNTIL: the earliest expiry date of the accepted documents; NULL: none. Of the documents of one type, only the
 * document that expires last counts. */
#define ACCEPTED(d)                                                                                                    \
	d ".session_id = s.id AND " d ".replaced = 0 AND " d ".review = 'accepted' AND " d ".upload = 'ready'"
#define LASTS_LONGER "later.expires_on IS NULL OR later.expires_on > e.expires_on"
#define SELECT_LATER_DOCUMENT                                                                                          \
	"SELECT 1 FROM document later WHERE later.type = e.type AND " ACCEPTED("later") " AND (" LASTS_LONGER ")"
#define VALID_UNTIL                                                                                                    \
	"(SELECT min(e.expires_on) FROM document e WHERE " ACCEPTED("e") " AND NOT EXISTS (" SELECT_LATER_DOCUMENT ")" \
									 ")"
/* The newest result of this kind about the subject of the session. Its hits are judged in its own case. */
#define SCREENED_AT(kind)                                                                                              \
	"(SELECT max(coalesce(r.checked_at, s.submitted_at, s.created_at)) FROM check_result c JOIN result r ON "      \
	"r.check_id = c.id WHERE c.session_id = s.id AND c.kind = '" kind "' AND r.person IN ('subject', 'unknown') "  \
	"AND (r.status = 'passed' OR r.hits > 0))"
/* Columns of the session that verifies the party. */
static const struct row_override verifying[] = {
	{ .column = "session_uuid", .read_sql = "s.uuid" },
	{ .column = "session_workflow", .read_sql = "s.workflow" },
	{ .column = "session_status", .read_sql = "s.status" },
	{ .column = "session_unresponsive", .read_sql = "s.unresponsive" },
	{ .column = "session_shared", .read_sql = "s.id IS NOT NULL AND coalesce(s.parent_id, 0) <> p.session_id" },
	{ .column = "session_name", .read_sql = "coalesce(s.subject_name, '')" },
	{ .column = "session_country", .read_sql = "coalesce(s.country, '')" },
	{ .column = "session_born", .read_sql = "coalesce(s.date_of_birth, '')" },
	{ .column = "session_registration", .read_sql = "coalesce(s.registration_number, '')" },
	{ .column = "session_tax", .read_sql = "coalesce(s.tax_id, '')" },
	/* A decision made in this store takes precedence over an imported decision. */
	{ .column = "session_basis",
	  .read_sql = "coalesce((SELECT d.subject_basis FROM decision d " WHERE_CURRENT_APPROVAL
		      "), s.arrived_basis, '')" },
	{ .column = "session_approval",
	  .read_sql = "coalesce((SELECT d.number FROM decision d " WHERE_CURRENT_APPROVAL "), 0)" },
	{ .column = "session_valid_until", .read_sql = VALID_UNTIL },
	{ .column = "session_watchlist_at", .read_sql = SCREENED_AT("watchlist") },
	{ .column = "session_ofac_at", .read_sql = SCREENED_AT("ofac") },
	{ .column = "session_media_at", .read_sql = SCREENED_AT("adverse_media") },
	{ .column = "session_hit_open", .read_sql = "coalesce(s.hit_open, 0) <> 0" },
	{ .column = "session_was_rejected",
	  .read_sql = "(s.status = 'rejected') IS TRUE OR EXISTS (SELECT 1 FROM decision d "
		      "WHERE d.session_id = s.id AND d.kind = 'reject' AND d.undone = 0)" },
	{ 0 },
};
ROW_STATEMENT(sql_insert, ROW_INSERT, party_columns, "party.insert", "{made}", .keys = "session_id, person_key",
	      .key_count = 2);
ROW_STATEMENT(sql_update, ROW_UPDATE, party_columns, "party.update", "WHERE id = $1", .keys = "person_key = $2",
	      .key_count = 2);
ROW_STATEMENT(sql_load, ROW_SELECT, party_columns, "party.load",
	      "FROM party p LEFT JOIN session s ON s.id = p.subsession_id WHERE p.session_id = $1 ORDER BY p.id",
	      .alias = "p.", .overrides = verifying);

enum err store_party_insert(struct store *store, int64_t session, struct party *party, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	enum err err;

	party_key_add(&key, party);
	err = row_insert(store, &sql_insert, PARAMS(db_int(session), db_text(key.buf)), party, error);
	strbuf_release(&key);
	return err;
}

enum err store_party_update(struct store *store, const struct party *party, struct error *error)
{
	struct strbuf key = STRBUF_INIT;
	enum err err;

	party_key_add(&key, party);
	err = row_write(store, &sql_update, PARAMS(db_int(party->row), db_text(key.buf)), party, error);
	strbuf_release(&key);
	return err;
}

static enum err run_party_statement(struct store *store, const struct sql *sql, int64_t row, struct error *error)
{
	return db_run(store->db, sql, PARAMS(db_int(row)), error);
}

enum err store_party_set_shares(struct store *store, const struct party *party, struct error *error)
{
	enum err err = run_party_statement(store, &sql_delete_shares, party->row, error);
	for (size_t i = 0; !err && i < party->share_count; i++)
		err = db_run(store->db, &sql_insert_share,
			     PARAMS(db_int(party->row), db_int_or_null(party->shares[i].owned_party_row),
				    db_text(party->shares[i].percent)),
			     error);
	return err;
}

enum err store_party_set_subsession(struct store *store, int64_t party, int64_t session, struct error *error)
{
	return db_run(store->db, &sql_set_subsession, PARAMS(db_int(party), db_int_or_null(session)), error);
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
	enum err err = db_select(store->db, &sql_load_shares, PARAMS(db_int(session)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct owned_share *item = ARENA_PUSH(arena, items, count, capacity);
		item->party = row_int(query, SHARE_PARTY);
		item->share.owned_party_row = row_int(query, SHARE_OWNED_ROW);
		item->share.owned_party_id = row_text(query, SHARE_OWNED_UUID, arena);
		item->share.percent = row_text(query, SHARE_PERCENT, arena);
	}
	if (err)
		return err;
	struct party_share *shares = arena_alloc_array(arena, count, sizeof *shares);
	/* Parties and shares are both in the order of the parties' rows. */
	for (size_t i = 0, at = 0; i < out->party_count; i++) {
		struct party *party = &out->parties[i];
		party->shares = shares + at;
		for (; at < count && items[at].party == party->row; at++)
			shares[at] = items[at].share;
		party->share_count = (size_t)(shares + at - party->shares);
	}
	return ERR_OK;
}

static void set_removed_aside(struct arena *arena, struct case_file *out)
{
	const size_t count = out->party_count;

	out->removed.items = arena_alloc_array(arena, count, sizeof *out->removed.items);
	out->party_count = 0;
	for (size_t i = 0; i < count; i++)
		if (out->parties[i].removed_at == TIME_NONE)
			out->parties[out->party_count++] = out->parties[i];
		else
			out->removed.items[out->removed.count++] = out->parties[i];
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	enum err err = rows_read(reader, query, (void **)&out->parties, &out->party_count, error);

	if (!err)
		set_removed_aside(reader->arena, out);
	if (!err && out->party_count > 0)
		err = load_shares(reader->store, reader->arena, out->session.row, out, error);
	return err;
}

const struct case_part part_parties = { .sql = &sql_load, .read = read_part };

enum err store_party_set_removed(struct store *store, const struct party *party, bool removed, struct error *error)
{
	enum err err = ERR_OK;

	/* Removes the party's shares and the shares in the party: a share of a removed owner would count for the
	 * subject. */
	if (removed)
		err = run_party_statement(store, &sql_delete_shares, party->row, error);
	if (!err && removed)
		err = run_party_statement(store, &sql_delete_shares_of, party->row, error);
	return err ? err
		   : db_run(store->db, &sql_remove,
			    PARAMS(db_int(party->row), db_time(removed ? party->removed_at : TIME_NONE),
				   db_text(removed ? party->removed_by : ""),
				   db_text(removed ? party->removed_reason : "")),
			    error);
}

enum err store_subsession_list_holders(struct store *store, struct arena *arena, int64_t subsession, bool or_removed,
				       struct row_list *out, struct error *error)
{
	return row_list_load(&(struct column_query){ store, &sql_holders, arena },
			     PARAMS(db_int(subsession), db_int(or_removed)), out, error);
}
