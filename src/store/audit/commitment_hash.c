#include "audit/commitment_hash.h"
#include "audit/audit_chain.h"

#include <stdlib.h>
#include <string.h>

/* --- the tables --- */

#define TABLE(table) .sql.name = table, .batch_sql.name = table ".several", .owned_rows_sql.name = table ".owned"
#define OWNED_BY_SESSION .owner = OWNER_SESSION, .salt_sql = SESSION_SALT_SQL
#define OWNED_BY_DESK .owner = OWNER_DESK
#define SESSION_SALT_SQL "(SELECT salt FROM session AS s WHERE s.id = t.session_id)"

/* Sessions and subjects come first: they get their salts before other rows are hashed. A new table of evidence must
 * have an integer key, and in PostgreSQL a trigger *_touched (migration 25). */
const struct stored_table stored_tables[] = {
	/* The columns that are not hashed are generated from other columns. */
	{ TABLE("session"), .owner = OWNER_SESSION, .session_sql = "t.id", .salt_sql = "t.salt",
	  .unhashed_columns = " compliance_status top due_key risk_key " },
	{ TABLE("subject"), .owner = OWNER_SUBJECT, .salt_sql = "t.salt" },
	{ TABLE("access_link"), OWNED_BY_SESSION },
	{ TABLE("access_key"), OWNED_BY_DESK },
	{ TABLE("account") },
	{ TABLE("alert"), OWNED_BY_SESSION },
	{ TABLE("attempt"), OWNED_BY_SESSION },
	{ TABLE("check_result"), OWNED_BY_SESSION },
	{ TABLE("correction"), OWNED_BY_SESSION },
	{ TABLE("decision"), OWNED_BY_SESSION },
	{ TABLE("decision_signature"), OWNED_BY_SESSION },
	{ TABLE("decision_wait"), .key = "most_ms" },
	/* The state is hashed as `held`, in which leased counts as pending. The other columns that are not hashed
	 * are leases and times of the next attempt. */
	{ TABLE("delivery"), .salt_sql = SESSION_SALT_SQL,
	  .columns = "t.*, CASE t.state WHEN 'leased' THEN 'pending' ELSE t.state END AS held",
	  .unhashed_columns = " state next_at set_at lease_owner lease_until lease_boot lease_boot_ms " },
	/* No salt: responses of merchants' servers contain no data of clients. */
	{ TABLE("delivery_attempt") },
	{ TABLE("document"), OWNED_BY_SESSION },
	{ TABLE("duplicate_dismissal"), OWNED_BY_SESSION },
	/* The columns that are not hashed are the endpoint's health: consecutive failures, and the pace. */
	{ TABLE("endpoint"), OWNED_BY_DESK,
	  .unhashed_columns = " failing_since failing_seen failures held_until holds pace_at " },
	{ TABLE("hit"), .owner = OWNER_SESSION,
	  .session_sql = "(SELECT c.session_id FROM check_result AS c WHERE c.id = t.check_id)",
	  .session_condition = "t.check_id IN (SELECT c.id FROM check_result AS c WHERE c.session_id = $1)",
	  .salt_sql = "(SELECT s.salt FROM check_result AS c JOIN session AS s ON s.id = c.session_id WHERE c.id = "
		      "t.check_id)" },
	{ TABLE("result"), .owner = OWNER_SESSION,
	  .session_sql = "(SELECT c.session_id FROM check_result AS c WHERE c.id = t.check_id)",
	  .session_condition = "t.check_id IN (SELECT c.id FROM check_result AS c WHERE c.session_id = $1)",
	  .salt_sql = "(SELECT s.salt FROM check_result AS c JOIN session AS s ON s.id = c.session_id WHERE c.id = "
		      "t.check_id)" },
	{ TABLE("legal_hold"), OWNED_BY_SESSION },
	{ TABLE("ledger_entry") },
	{ TABLE("merchant"), OWNED_BY_DESK },
	{ TABLE("merchant_key"), OWNED_BY_DESK },
	{ TABLE("message_template"), OWNED_BY_DESK },
	/* Money orders of a sandbox. A payout names its recipient, so the rows have a salt. */
	{ TABLE("money_order"), .salt_sql = "(SELECT s.salt FROM account AS a JOIN subject AS s ON s.id = a.subject_id "
					    "WHERE a.id = t.account_id)" },
	{ TABLE("note"), OWNED_BY_SESSION },
	{ TABLE("offer"), OWNED_BY_DESK },
	{ TABLE("outbox_event"), .salt_sql = SESSION_SALT_SQL },
	{ TABLE("party"), OWNED_BY_SESSION },
	{ TABLE("party_share"), .owner = OWNER_SESSION,
	  .session_sql = "(SELECT p.session_id FROM party AS p WHERE p.id = t.party_id)",
	  .session_condition = "t.party_id IN (SELECT p.id FROM party AS p WHERE p.session_id = $1)",
	  .salt_sql = "(SELECT s.salt FROM party AS p JOIN session AS s ON s.id = p.session_id "
		      "WHERE p.id = t.party_id)" },
	{ TABLE("purge_case"), OWNED_BY_DESK },
	{ TABLE("reviewer"), OWNED_BY_DESK },
	{ TABLE("rule_text"), OWNED_BY_DESK },
	{ TABLE("contribution"), .owner = OWNER_EITHER, .salt_sql = SESSION_SALT_SQL },
	{ TABLE("session_text"), .owner = OWNER_SESSION, .session_sql = "t.{text_id}", .key = "{text_id}",
	  .salt_sql = "(SELECT salt FROM session AS s WHERE s.id = t.{text_id})", .columns = "t.body",
	  .reported_name = "session_text_content" },
	{ TABLE("step"), OWNED_BY_SESSION },
	{ TABLE("store_info"), OWNED_BY_DESK, .key = "" },
	{ TABLE("suspicion"), OWNED_BY_SESSION, .is_confidential = true },
	{ TABLE("suspicion_entry"), .owner = OWNER_SESSION,
	  .session_sql = "(SELECT u.session_id FROM suspicion AS u WHERE u.id = t.suspicion_id)",
	  .session_condition = "t.suspicion_id IN (SELECT u.id FROM suspicion AS u WHERE u.session_id = $1)",
	  .salt_sql = "(SELECT s.salt FROM suspicion AS u JOIN session AS s ON s.id = u.session_id WHERE u.id = "
		      "t.suspicion_id)",
	  .is_confidential = true },
	{ TABLE("workflow"), OWNED_BY_DESK },

	{ TABLE("delivery_count"), .class = DERIVED_TABLE },
	{ TABLE("inbox_count"), .class = DERIVED_TABLE },
	{ TABLE("merchant_count"), .class = DERIVED_TABLE },
	{ TABLE("session_tag"), .class = DERIVED_TABLE },
	{ TABLE("session_text_config"), .class = DERIVED_TABLE },
	{ TABLE("session_text_data"), .class = DERIVED_TABLE },
	{ TABLE("session_text_docsize"), .class = DERIVED_TABLE },
	{ TABLE("session_text_idx"), .class = DERIVED_TABLE },

	{ TABLE("audit_event"), .class = CHAIN_TABLE },
	{ TABLE("chain_head"), .class = CHAIN_TABLE },
	{ TABLE("row_commitment"), .class = CHAIN_TABLE },

	{ TABLE("document_bytes"), .class = BYTES_TABLE },

	{ TABLE("document_mark"), .class = UPKEEP_TABLE },    /* marks of bytes that no document references yet */
	{ TABLE("kept_answer"), .class = UPKEEP_TABLE },      /* sealed responses, kept for a day */
	{ TABLE("purge_rest"), .class = UPKEEP_TABLE },	      /* bytes and words of erased cases, to be removed */
	{ TABLE("key_use"), .class = UPKEEP_TABLE },	      /* the last use of keys */
	{ TABLE("kybdesk_store"), .class = UPKEEP_TABLE },    /* version of the schema, count of commits */
	{ TABLE("reviewer_setting"), .class = UPKEEP_TABLE }, /* views, drafts, settings and keys of reviewers */
	{ TABLE("recount"), .class = UPKEEP_TABLE },	      /* cases that must be counted again */
	{ TABLE("worker"), .class = UPKEEP_TABLE },	      /* heartbeats of delivery workers */
};
const size_t stored_table_count = sizeof stored_tables / sizeof *stored_tables;
_Static_assert(sizeof stored_tables / sizeof *stored_tables <= STORED_TABLES_MAX, "STORED_TABLES_MAX is too small");

int stored_table_index(const char *name)
{
	for (size_t i = 0; i < stored_table_count; i++)
		if (!strcmp(stored_tables[i].sql.name, name) ||
		    (stored_tables[i].reported_name && !strcmp(stored_tables[i].reported_name, name)))
			return (int)i;
	return -1;
}

bool table_hashes_column(const struct stored_table *table, const char *column)
{
	size_t length = strlen(column);

	for (const char *at = table->unhashed_columns; at && (at = strstr(at, column)); at++)
		if (at[-1] == ' ' && at[length] == ' ')
			return false;
	return true;
}

const char *table_key_column(const struct stored_table *table)
{
	return table->key ? table->key : "id";
}

static int find_evidence_table(const char *name)
{
	int number = stored_table_index(name);

	return number >= 0 && stored_tables[number].class == EVIDENCE_TABLE ? number : -1;
}

static bool is_hashed_column(int table, const char *column)
{
	return table_hashes_column(&stored_tables[table], column);
}

const struct db_capture table_capture = { .table_number = find_evidence_table, .lists_column = is_hashed_column };

/* --- the hash of a row --- */

#define COLUMNS_MAX 200
#define PAGE 1000
#define PAGE_ROWS_TEXT "1000"

struct row_columns {
	int count; /* number of columns; 0: the columns are not read yet */
	uint8_t order[COLUMNS_MAX];
	struct strbuf names;	  /* encoded names of the columns, one after another */
	size_t ends[COLUMNS_MAX]; /* end of each name in `names` */
};

void row_hasher_release(struct row_hasher *hasher)
{
	sha256_free(hasher->digest);
	strbuf_release(&hasher->bytes);
	for (size_t i = 0; hasher->table_columns && i < STORED_TABLES_MAX; i++)
		strbuf_release(&hasher->table_columns[i].names);
	free(hasher->table_columns);
	*hasher = (struct row_hasher){ 0 };
}

static void init_hasher(struct row_hasher *hasher)
{
	if (hasher->table_columns)
		return;
	hasher->table_columns = xcalloc(STORED_TABLES_MAX, sizeof *hasher->table_columns);
	hasher->digest = sha256_new();
	strbuf_init(&hasher->bytes);
	for (size_t i = 0; i < STORED_TABLES_MAX; i++)
		strbuf_init(&hasher->table_columns[i].names);
}

/* The columns of a result after the column `from`, sorted by name. */
static const struct row_columns *result_columns(struct row_hasher *hasher, int table, const struct query *query,
						int from)
{
	struct row_columns *columns = &hasher->table_columns[table];
	const char *name;

	if (columns->count)
		return columns;
	for (int i = 0; (name = row_column_name(query, from + i)); i++) {
		int at = columns->count;

		if (i == COLUMNS_MAX)
			BUG("the table %s has more than %d columns", stored_tables[table].sql.name, COLUMNS_MAX);
		if (!table_hashes_column(&stored_tables[table], name))
			continue;
		for (; at > 0 && strcmp(row_column_name(query, from + columns->order[at - 1]), name) > 0; at--)
			columns->order[at] = columns->order[at - 1];
		columns->order[at] = (uint8_t)i;
		columns->count++;
	}
	for (int i = 0; i < columns->count; i++) {
		audit_add_text(&columns->names, row_column_name(query, from + columns->order[i]));
		columns->ends[i] = columns->names.len;
	}
	return columns;
}

/* Adds the current row to the digest: the salt in the column `from`, and the columns after the salt. */
static void add_row(struct row_hasher *hasher, int table, const struct query *query, int from)
{
	const struct row_columns *columns = result_columns(hasher, table, query, from + 1);
	struct strbuf *bytes = &hasher->bytes;
	struct db_value value = row_value(query, from);
	size_t named = 0;

	strbuf_reset(bytes);
	audit_add_db_value(bytes, &value);
	audit_add_text(bytes, stored_tables[table].sql.name);
	for (int i = 0; i < columns->count; i++) {
		value = row_value(query, from + 1 + columns->order[i]);
		strbuf_add(bytes, columns->names.buf + named, columns->ends[i] - named);
		named = columns->ends[i];
		audit_add_db_value(bytes, &value);
	}
	sha256_add(hasher->digest, bytes->buf, bytes->len);
}

static bool has_no_key(const struct stored_table *table)
{
	return !*table_key_column(table);
}

static const char *session_expression(const struct stored_table *table)
{
	return table->session_sql ? table->session_sql : "t.session_id";
}

/* Writes a SELECT of owner, salt and columns; add_row() reads the columns from the salt on. */
static void add_select(const struct stored_table *table, struct strbuf *out)
{
	switch (table->owner) {
	case OWNER_SESSION:
		strbuf_adds(out, session_expression(table));
		break;
	case OWNER_SUBJECT:
		strbuf_adds(out, "-t.id");
		break;
	case OWNER_EITHER:
		strbuf_adds(out, "coalesce(t.session_id, -t.subject_id)");
		break;
	case OWNER_DESK:
		strbuf_adds(out, "0");
		break;
	case OWNER_NONE:
		strbuf_adds(out, "NULL");
	}
	strbuf_addf(out, ", %s, %s FROM %s AS t", table->salt_sql ? table->salt_sql : "NULL",
		    table->columns ? table->columns : "t.*", table->sql.name);
}

static int64_t read_owner(const struct query *query, int column)
{
	return row_is_null(query, column) ? NO_OWNER : row_int(query, column);
}

bool table_has_owner(const struct stored_table *table, int64_t owner)
{
	return table->owner == (!owner	    ? OWNER_DESK
				: owner > 0 ? OWNER_SESSION
					    : OWNER_SUBJECT) ||
	       (owner && table->owner == OWNER_EITHER);
}

/* Writes a SELECT of the row's key and of the columns that add_select() writes. */
static void add_row_select(const struct stored_table *table, struct strbuf *out)
{
	if (has_no_key(table))
		strbuf_adds(out, "SELECT 0, ");
	else
		strbuf_addf(out, "SELECT t.%s, ", table_key_column(table));
	add_select(table, out);
}

static void make_row_select(const struct sql *sql, struct strbuf *out)
{
	const struct stored_table *table = (const struct stored_table *)(const void *)sql;

	add_row_select(table, out);
	if (has_no_key(table))
		strbuf_adds(out, " ORDER BY key");
	else
		strbuf_addf(out, " WHERE t.%s = $1", table_key_column(table));
}
_Static_assert(offsetof(struct stored_table, sql) == 0, "the statement must be the first member of its table");

static void make_batch_select(const struct sql *sql, struct strbuf *out)
{
	const struct stored_table *table =
		(const struct stored_table *)(const void *)((const char *)sql -
							    offsetof(struct stored_table, batch_sql));

	add_row_select(table, out);
	strbuf_addf(out, " WHERE t.%s IN (", table_key_column(table));
	for (int at = 1; at <= ROW_STATES_MAX; at++)
		strbuf_addf(out, "%s$%d", at > 1 ? ", " : "", at);
	strbuf_addch(out, ')');
}

enum err row_states_send(struct row_hasher *hasher, struct row_states *states, struct error *error)
{
	const struct stored_table *table = &stored_tables[states->rows->table];
	bool one = states->count == 1;
	enum err err = db_query_generated(hasher->store->db, one ? &table->sql : &table->batch_sql,
					  one ? make_row_select : make_batch_select, &states->query, error);

	if (err)
		return err;
	/* Unused parameters repeat the last key. */
	for (size_t i = 0; !has_no_key(table) && i < (one ? 1 : ROW_STATES_MAX); i++)
		query_bind_int(states->query, (int)i + 1, states->rows[i < states->count ? i : states->count - 1].key);
	return query_send(states->query, error);
}

static struct row_state *find_row_state(const struct row_states *states, int64_t key)
{
	for (size_t i = 0; i < states->count; i++)
		if (states->rows[i].key == key)
			return &states->rows[i];
	BUG("a row was read that was not requested");
}

enum err row_states_read(struct row_hasher *hasher, struct row_states *states, enum err err, struct error *error)
{
	const struct stored_table *table = &stored_tables[states->rows->table];
	bool salted = table->salt_sql && !strcmp(table->salt_sql, "t.salt"), whole = has_no_key(table);

	init_hasher(hasher);
	for (size_t i = 0; i < states->count; i++) {
		states->rows[i].exists = states->rows[i].lacks_salt = false;
		states->rows[i].owner = NO_OWNER;
	}
	while (query_fetch_row(&states->query, &err, error)) {
		struct row_state *row = whole ? states->rows : find_row_state(states, row_int(states->query, 0));

		row->exists = true;
		row->owner = read_owner(states->query, 1);
		row->lacks_salt = salted && row_is_null(states->query, 2);
		add_row(hasher, row->table, states->query, 2);
		if (!whole)
			sha256_finish(hasher->digest, row->hash);
	}
	if (whole)
		sha256_finish(hasher->digest, states->rows->hash);
	return err;
}

/* Writes the SELECT of the rows of the owner $1, or of all rows if the desk owns the table. */
static void make_owner_select(const struct sql *sql, struct strbuf *out)
{
	const struct stored_table *table =
		(const struct stored_table *)(const void *)((const char *)sql -
							    offsetof(struct stored_table, owned_rows_sql));

	strbuf_addf(out, "SELECT t.%s, ", table_key_column(table));
	add_select(table, out);
	if (table->owner == OWNER_DESK)
		strbuf_adds(out, " WHERE CAST($1 AS BIGINT) = 0");
	else if (table->owner == OWNER_SUBJECT)
		strbuf_adds(out, " WHERE t.id = -CAST($1 AS BIGINT)");
	else if (table->owner == OWNER_EITHER)
		strbuf_adds(out, " WHERE t.session_id = $1 OR t.subject_id = -CAST($1 AS BIGINT)");
	else if (table->session_condition)
		strbuf_addf(out, " WHERE %s", table->session_condition);
	else
		strbuf_addf(out, " WHERE %s = $1", session_expression(table));
	strbuf_addf(out, " ORDER BY t.%s", table_key_column(table));
}

/* Writes the SELECT of a page of rows from the key $1 on. Keys may be negative if another program wrote them. */
static void make_page_select(const struct stored_table *table, struct strbuf *out)
{
	const char *key = table_key_column(table);

	strbuf_addf(out, "SELECT t.%s, ", key);
	add_select(table, out);
	strbuf_addf(out, " WHERE t.%s >= $1 AND (t.%s %% $2 + $2) %% $2 = $3 ORDER BY t.%s LIMIT " PAGE_ROWS_TEXT, key,
		    key, key);
}

/* Reads the rows of the query, and ends the query. *last: the key of the last row. */
static enum err read_rows(struct row_hasher *hasher, const struct row_scan_run *scan, struct query *query, int *got,
			  int64_t *last, struct error *error)
{
	struct row_state row = { .table = scan->table, .exists = true };
	enum err err = ERR_OK;

	while (query_fetch_row(&query, &err, error)) {
		row.key = row_int(query, 0);
		row.owner = read_owner(query, 1);
		add_row(hasher, scan->table, query, 2);
		sha256_finish(hasher->digest, row.hash);
		++*got;
		*last = row.key;
		err = scan->each(scan->context, &row, error);
	}
	return err;
}

static enum err read_page(struct row_hasher *hasher, const struct row_scan_run *scan, int64_t *from, int *got,
			  struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct query *query = NULL;
	int64_t key = 0;
	enum err err;

	make_page_select(&stored_tables[scan->table], &text);
	err = db_query_text(hasher->store->db, "row.page", text.buf, &query, error);
	strbuf_release(&text);
	*got = 0;
	if (err)
		return err;
	query_bind(query, PARAMS(db_int(*from), db_int(scan->parts), db_int(scan->part)));
	err = read_rows(hasher, scan, query, got, &key, error);
	if (key == INT64_MAX)
		*got = 0;
	else
		*from = key + 1;
	return err;
}

static enum err read_owned_rows(struct row_hasher *hasher, const struct row_scan_run *scan, struct error *error)
{
	struct query *query = NULL;
	int64_t last = 0;
	int got = 0;
	enum err err = db_query_generated(hasher->store->db, &stored_tables[scan->table].owned_rows_sql,
					  make_owner_select, &query, error);

	if (err)
		return err;
	query_bind_int(query, 1, scan->owner);
	return read_rows(hasher, scan, query, &got, &last, error);
}

enum err row_scan_run(struct row_hasher *hasher, const struct row_scan_run *scan, struct error *error)
{
	struct row_state whole = { .table = scan->table };
	int64_t from = INT64_MIN;
	int got = PAGE;
	enum err err = ERR_OK;

	init_hasher(hasher);
	if (has_no_key(&stored_tables[scan->table])) {
		if (scan->part)
			return ERR_OK;
		struct row_states states = { .rows = &whole, .count = 1 };

		err = row_states_send(hasher, &states, error);
		err = row_states_read(hasher, &states, err, error);
		return err || !whole.exists ? err : scan->each(scan->context, &whole, error);
	}
	if (!scan->parts)
		return read_owned_rows(hasher, scan, error);
	while (!err && got == PAGE)
		err = read_page(hasher, scan, &from, &got, error);
	return err;
}

void row_chain_extend(struct row_hasher *hasher, const struct row_entry *entry, bool *begun, uint8_t chain[SHA256_SIZE])
{
	init_hasher(hasher);
	strbuf_reset(&hasher->bytes);
	if (*begun)
		strbuf_add(&hasher->bytes, chain, SHA256_SIZE);
	audit_add_text(&hasher->bytes, entry->table);
	audit_add_int(&hasher->bytes, entry->key);
	audit_add_value(&hasher->bytes, 'b', entry->hash, entry->length);
	sha256_add(hasher->digest, hasher->bytes.buf, hasher->bytes.len);
	sha256_finish(hasher->digest, chain);
	*begun = true;
}
