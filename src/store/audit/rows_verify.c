#include "kybdesk/store/commitment.h"
#include "audit/commitment.h"
#include "audit/commitment_list.h"
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 4000000
#define HASH_PREFIX_SIZE 16 /* number of bytes kept of each hash: enough to distinguish all rows */
#define PROGRESS_ROWS 20000

STATEMENT(sql_count, "rows.count", "SELECT count(*) FROM row_commitment");
STATEMENT(sql_action, "rows.action", "SELECT action FROM audit_event WHERE seq = $1");
STATEMENT(sql_upgrade, "rows.upgrade",
	  "SELECT min(seq) FROM audit_event WHERE action = 'store.upgrade' AND rows_sha256 IS NOT NULL");
STATEMENT(sql_erased, "rows.erased",
	  "SELECT count(*) FROM row_commitment WHERE seq = $1 AND name = $2 AND key = $3 AND length(hash) = 0");
/* Each statement returns a text for each wrong row. */
STATEMENTS(derived) = {
	{ "derived.inbox_count",
	  "SELECT 'the inbox ' || c.compliance_status || ' says ' || c.sessions FROM inbox_count AS c WHERE "
	  "c.sessions <> (SELECT count(*) FROM session AS s WHERE s.parent_id IS NULL AND s.compliance_status = "
	  "c.compliance_status) UNION ALL SELECT 'it has ' || n || ' rows' FROM (SELECT count(*) AS n FROM "
	  "inbox_count) AS k WHERE n <> 7 UNION ALL SELECT DISTINCT 'the inbox ' || s.compliance_status || ' is "
	  "missing' FROM session AS s WHERE s.compliance_status NOT IN (SELECT compliance_status FROM "
	  "inbox_count)" },
	{ "derived.delivery_count",
	  "SELECT 'the state ' || c.state || ' says ' || c.deliveries FROM delivery_count AS c WHERE c.deliveries "
	  "<> (SELECT count(*) FROM delivery AS d WHERE d.state = c.state) UNION ALL SELECT 'it has ' || n || ' "
	  "rows' FROM (SELECT count(*) AS n FROM delivery_count) AS k WHERE n <> 6 UNION ALL SELECT DISTINCT 'the "
	  "state ' || d.state || ' is missing' FROM delivery AS d WHERE d.state NOT IN (SELECT state FROM "
	  "delivery_count)" },
	{ "derived.merchant_count",
	  "SELECT 'merchant ' || c.merchant_id || ' has ' || c.sessions || ' sessions of the status ' || c.status "
	  "FROM merchant_count AS c LEFT JOIN (SELECT merchant_id, status, count(*) AS n FROM session WHERE "
	  "parent_id IS NULL AND hidden = 0 GROUP BY merchant_id, status) AS s ON s.merchant_id = c.merchant_id "
	  "AND s.status = c.status WHERE c.sessions <> coalesce(s.n, 0) OR c.status NOT IN ('draft', 'active', "
	  "'completed', 'processing', 'processed', 'expired', 'approved', 'rejected', 'manual_review', "
	  "'awaiting_client_correction') UNION ALL SELECT DISTINCT 'the count of merchant ' || s.merchant_id || ', "
	  "' || s.status || ', is missing' FROM session AS s WHERE s.parent_id IS NULL AND s.hidden = 0 AND NOT "
	  "EXISTS (SELECT 1 FROM merchant_count AS c WHERE c.merchant_id = s.merchant_id AND c.status = "
	  "s.status)" },
	{ "derived.session_tag",
	  "SELECT 'the tag ' || k.key || ' of session ' || k.session_id || ' is not one of the session' FROM "
	  "(SELECT key, value, session_id FROM session_tag EXCEPT SELECT m.key, {member_text m}, s.id FROM session "
	  "AS s, {members s.custom_tags, m}) AS k UNION ALL SELECT 'the tag ' || k.key || ' of session ' || "
	  "k.session_id || ' is missing' FROM (SELECT m.key AS key, {member_text m} AS value, s.id AS session_id "
	  "FROM session AS s, {members s.custom_tags, m} EXCEPT SELECT key, value, session_id FROM session_tag) AS "
	  "k" },
};

/* The last commitment of a row. */
struct last_row_commitment {
	int64_t key, id, seq, owner;
	int table;
	bool deleted, has_new_owner; /* has_new_owner: an earlier commitment of the row has another owner */
	uint8_t hash[HASH_PREFIX_SIZE];
};

struct verify_run {
	struct store *store;
	struct row_check *out;
	int64_t owner; /* NO_OWNER: all rows */
	struct row_hasher *hasher;
	struct arena arena;		   /* memory for one sentence */
	struct last_row_commitment *items; /* sorted by table and key */
	size_t count, capacity, at;
	int table;
};

/* --- sentences --- */

static enum err describe_record(struct verify_run *verify_run, int64_t seq, const char **out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(verify_run->store->db, &sql_action, PARAMS(db_int(seq)), &query, error);
	bool found = query_fetch_row(&query, &err, error);

	*out = found ? arena_printf(&verify_run->arena, "audit record %lld (%s)", (long long)seq,
				    row_text_view(query, 0))
		     : arena_printf(&verify_run->arena, "audit record %lld (not written yet)", (long long)seq);
	query_end(query);
	return err;
}

static void report_diff(struct verify_run *verify_run, const char *table, const char *sentence)
{
	verify_run->out->on_difference(verify_run->out->context, table, sentence);
	arena_reset(&verify_run->arena);
}

static const char *row_text_of(struct verify_run *verify_run, int64_t key)
{
	const struct stored_table *table = &stored_tables[verify_run->table];

	return *table_key_column(table) ? arena_printf(&verify_run->arena, "%s %lld", table->sql.name, (long long)key)
					: table->sql.name;
}

/* Whether the open transaction changed the row, and its commitment is not written yet; call after db_flush(). */
static bool is_row_uncommitted(const struct verify_run *verify_run, int64_t key)
{
	const struct db *db = verify_run->store->db;

	for (size_t i = 0; i < db->touched_count; i++)
		if (db->touched[i].table == verify_run->table && db->touched[i].key == key)
			return true;
	return false;
}

enum row_fault { ROW_CHANGED, ROW_MISSING, ROW_INSERTED, ROW_REINSERTED };

static enum err report_row(struct verify_run *verify_run, enum row_fault fault, int64_t key,
			   const struct last_row_commitment *last, struct error *error)
{
	static const char *const faults[] = {
		[ROW_CHANGED] = "%s was changed outside this program; %s changed it last",
		[ROW_MISSING] = "%s is missing: it was deleted outside this program; %s changed it last",
		[ROW_INSERTED] = "%s was inserted outside this program: no audit record covers it%s",
		[ROW_REINSERTED] = "%s was inserted again outside this program; %s deleted it",
	};
	const char *row = row_text_of(verify_run, key), *record = "";
	struct strbuf text = STRBUF_INIT;
	enum err err = db_flush(verify_run->store->db, error);

	if (err || is_row_uncommitted(verify_run, key))
		return err;
	if (last && (err = describe_record(verify_run, last->seq, &record, error)))
		return err;
	for (const char *at = faults[fault]; *at; at++)
		if (at[0] != '%' || at[1] != 's')
			strbuf_addch(&text, *at);
		else {
			strbuf_adds(&text, row);
			row = record;
			at++;
		}
	report_diff(verify_run, stored_tables[verify_run->table].sql.name, text.buf);
	strbuf_release(&text);
	return ERR_OK;
}

/* --- rows --- */

/* Reports that an owner column was changed. The desk finds the commitments of a case by this column, and no hash
 * covers the column. */
static void report_owner_change(struct verify_run *verify_run, const struct last_row_commitment *last)
{
	report_diff(verify_run, "row_commitment",
		    arena_printf(&verify_run->arena,
				 "row_commitment of %s was changed outside this program: its owner column was changed",
				 row_text_of(verify_run, last->key)));
}

static enum err report_missing_rows(struct verify_run *verify_run, int64_t key, bool inclusive, struct error *error)
{
	enum err err = ERR_OK;

	for (; !err && verify_run->at < verify_run->count; verify_run->at++) {
		const struct last_row_commitment *last = &verify_run->items[verify_run->at];

		if (last->table != verify_run->table || last->key > key || (last->key == key && !inclusive))
			break;
		if (last->has_new_owner)
			report_owner_change(verify_run, last);
		if (!last->deleted)
			err = report_row(verify_run, ROW_MISSING, last->key, last, error);
	}
	return err;
}

static enum err check_row(void *context, const struct row_state *row, struct error *error)
{
	struct verify_run *verify_run = context;
	const int64_t key = row->key;
	const struct last_row_commitment *last = NULL;
	enum err err = report_missing_rows(verify_run, key, false, error);

	if (err)
		return err;
	if (!stored_tables[verify_run->table].is_confidential && ++verify_run->out->rows % PROGRESS_ROWS == 0 &&
	    verify_run->out->on_progress)
		verify_run->out->on_progress(verify_run->out->context, verify_run->out);
	if (verify_run->at < verify_run->count && verify_run->items[verify_run->at].table == verify_run->table &&
	    verify_run->items[verify_run->at].key == key)
		last = &verify_run->items[verify_run->at++];
	if (!last)
		return report_row(verify_run, ROW_INSERTED, key, NULL, error);
	if (last->deleted)
		return report_row(verify_run, ROW_REINSERTED, key, last, error);
	if (last->has_new_owner || last->owner != row->owner)
		report_owner_change(verify_run, last);
	if (memcmp(last->hash, row->hash, HASH_PREFIX_SIZE) != 0)
		return report_row(verify_run, ROW_CHANGED, key, last, error);
	if (last->seq == verify_run->out->upgrade_seq)
		verify_run->out->upgraded++;
	return ERR_OK;
}

static int compare_rows(const void *left, const void *right)
{
	const struct last_row_commitment *a = left, *b = right;

	if (a->table != b->table)
		return a->table > b->table ? 1 : -1;
	if (a->key != b->key)
		return a->key > b->key ? 1 : -1;
	return (a->id > b->id) - (a->id < b->id);
}

/* Whether the row changed its owner, which never happens in a valid log, not even by a deletion. Exception: the
 * audit record that erases an owner with its rows may also add a row of another owner under the same key. */
static bool has_changed_owner(const struct verify_run *verify_run, const struct last_row_commitment *before,
			      const struct last_row_commitment *item)
{
	int64_t owner = before->owner, erased = 0;

	if (before->has_new_owner || before->deleted || owner == item->owner)
		return before->has_new_owner;
	return item->deleted || owner == 0 || owner == NO_OWNER ||
	       db_get_int(verify_run->store->db, &sql_erased,
			  PARAMS(db_int(item->seq), db_text(owner > 0 ? "session" : "subject"),
				 db_int(owner > 0 ? owner : -owner)),
			  &erased, NULL) != ERR_OK ||
	       !erased;
}

/* Sorts the commitments, and keeps only the last commitment of each row. */
static void sort_items(struct verify_run *verify_run)
{
	size_t kept = 0;

	if (verify_run->count)
		qsort(verify_run->items, verify_run->count, sizeof *verify_run->items, compare_rows);
	for (size_t i = 0; i < verify_run->count; i++) {
		if (kept && verify_run->items[kept - 1].table == verify_run->items[i].table &&
		    verify_run->items[kept - 1].key == verify_run->items[i].key) {
			kept--;
			verify_run->items[i].has_new_owner =
				has_changed_owner(verify_run, &verify_run->items[kept], &verify_run->items[i]);
		}
		verify_run->items[kept++] = verify_run->items[i];
	}
	verify_run->count = kept;
	verify_run->at = 0;
}

static int64_t key_residue(int64_t key, int64_t parts)
{
	return (key % parts + parts) % parts;
}

static enum err read_items(struct verify_run *verify_run, int64_t parts, int64_t part, struct error *error)
{
	struct commitment_list list;
	const struct commitment_item *item = NULL;
	enum err err;

	verify_run->count = 0;
	commitment_list_begin(&list, verify_run->store);
	list.owner = verify_run->owner;
	while (!(err = commitment_list_next(&list, &item, error)) && item) {
		int table = stored_table_index(item->table);
		struct last_row_commitment *last;

		if (table < 0 || key_residue(item->key, parts) != part)
			continue;
		HEAP_RESERVE(verify_run->items, verify_run->count, verify_run->capacity);
		last = &verify_run->items[verify_run->count++];
		*last = (struct last_row_commitment){ .key = item->key,
						      .id = item->id,
						      .seq = item->seq,
						      .owner = item->owner,
						      .table = table,
						      .deleted = item->length != SHA256_SIZE };
		if (!last->deleted)
			memcpy(last->hash, item->hash, HASH_PREFIX_SIZE);
	}
	commitment_list_end(&list);
	sort_items(verify_run);
	return err;
}

/* Checks the rows with key modulo `parts` = `part`; with `parts` 0 the rows of the owner. */
static enum err check_rows_part(struct verify_run *verify_run, int64_t parts, int64_t part, struct error *error)
{
	enum err err = read_items(verify_run, parts ? parts : 1, part, error);

	for (size_t i = 0; !err && i < stored_table_count; i++) {
		const struct row_scan_run scan = {
			.table = (int)i,
			.parts = parts,
			.part = part,
			.owner = verify_run->owner,
			.each = check_row,
			.context = verify_run,
		};

		if (stored_tables[i].class != EVIDENCE_TABLE ||
		    (!parts && !table_has_owner(&stored_tables[i], verify_run->owner)))
			continue;
		verify_run->table = (int)i;
		err = row_scan_run(verify_run->hasher, &scan, error);
		if (!err)
			err = report_missing_rows(verify_run, INT64_MAX, true, error);
	}
	return err;
}

/* --- derived tables --- */

/* A failed statement is also a difference: it fails on values that this program never writes (tags that are not
 * JSON). */
static void check_derived_tables(struct verify_run *verify_run)
{
	for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
		const char *table = derived[i].name + strlen("derived.");
		struct query *query = NULL;
		struct error why = { 0 };
		enum err err = db_query(verify_run->store->db, &derived[i], &query, &why);

		while (query_fetch_row(&query, &err, &why))
			report_diff(verify_run, table,
				    arena_printf(&verify_run->arena,
						 "%s differs from the value computed from its source: %s", table,
						 row_text_view(query, 0)));
		if (err)
			report_diff(verify_run, table,
				    arena_printf(&verify_run->arena, "%s cannot be computed again: %s", table,
						 why.message));
		error_release(&why);
	}
}

static enum err check_all_rows(struct verify_run *verify_run, struct error *error)
{
	struct row_check *out = verify_run->out;
	struct db *db = verify_run->store->db;
	int64_t commitments_max = out->commitments_max ? (int64_t)out->commitments_max : AT_ONCE, parts;
	enum err err = db_get_int(db, &sql_count, NULL, &out->commitment_count, error);

	if (!err)
		err = db_get_int(db, &sql_upgrade, NULL, &out->upgrade_seq, error);
	parts = 1 + out->commitment_count / commitments_max;
	for (int64_t part = 0; !err && part < parts; part++)
		err = check_rows_part(verify_run, parts, part, error);
	if (!err)
		check_derived_tables(verify_run);
	return err;
}

static void verify_run_end(struct verify_run *verify_run)
{
	arena_release(&verify_run->arena);
	free(verify_run->items);
}

enum err store_rows_verify(struct store *store, struct row_check *out, struct error *error)
{
	struct verify_run verify_run = {
		.store = store, .out = out, .owner = NO_OWNER, .hasher = commitments_hasher(store)
	};
	bool own = store->db->depth == 0;
	enum err err = own ? store_begin(store, STORE_READ, error) : ERR_OK;

	out->rows = out->commitment_count = out->upgraded = out->upgrade_seq = 0;
	if (err)
		return err;
	err = check_all_rows(&verify_run, error);
	verify_run_end(&verify_run);
	if (own)
		store_rollback(store);
	return err;
}

/* --- the rows of an owner --- */

static void save_difference(void *context, const char *table, const char *sentence)
{
	struct strbuf *first = context;

	(void)table;
	if (!first->len)
		strbuf_adds(first, sentence);
}

static enum err check_owner_rows(struct store *store, int64_t owner, struct error *error)
{
	struct strbuf first = STRBUF_INIT;
	struct row_check out = { .on_difference = save_difference, .context = &first };
	struct verify_run verify_run = {
		.store = store, .out = &out, .owner = owner, .hasher = commitments_hasher(store)
	};
	enum err err = check_rows_part(&verify_run, 0, 0, error);

	if (!err && first.len)
		err = error_set(error, ERR_STORE,
				"%s. Nothing was changed; list all such rows with: kybdesk audit verify", first.buf);
	verify_run_end(&verify_run);
	strbuf_release(&first);
	return err;
}

static bool is_owner_checked(const struct store *store, int64_t owner)
{
	for (size_t i = 0; i < store->compared_owner_count; i++)
		if (store->compared_owner_rows[i] == owner)
			return true;
	return false;
}

enum err store_rows_compare_owner(struct store *store, int64_t owner, struct error *error)
{
	enum err err;

	if (!store->db->writing || is_owner_checked(store, owner))
		return ERR_OK;
	err = check_owner_rows(store, owner, error);
	if (!err &&
	    store->compared_owner_count < sizeof store->compared_owner_rows / sizeof *store->compared_owner_rows)
		store->compared_owner_rows[store->compared_owner_count++] = owner;
	return err;
}
