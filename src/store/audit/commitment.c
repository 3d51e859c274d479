#include "audit/commitment.h"
#include "kybdesk/store/commitment.h"
#include "audit/audit_chain.h"
#include "rows.h"
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define BATCH_MAX 8
#define INSERT "INSERT INTO row_commitment (seq, id, name, key, hash, owner) VALUES "
/* Statements that insert 1, 2, 4 and MANY commitments. */
STATEMENTS(inserts) = {
	{ "commitment.insert", INSERT "($1, $2, $3, $4, $5, $6)" },
	{ "commitment.insert_two", INSERT "($1, $2, $3, $4, $5, $6), ($1, $7, $8, $9, $10, $11)" },
	{ "commitment.insert_four", INSERT "($1, $2, $3, $4, $5, $6), ($1, $7, $8, $9, $10, $11), ($1, $12, $13, "
					   "$14, $15, $16), ($1, $17, $18, $19, $20, $21)" },
	{ "commitment.insert_many",
	  INSERT "($1, $2, $3, $4, $5, $6), ($1, $7, $8, $9, $10, $11), ($1, $12, $13, $14, $15, $16), ($1, $17, "
		 "$18, $19, $20, $21), ($1, $22, $23, $24, $25, $26), ($1, $27, $28, $29, $30, $31), ($1, $32, "
		 "$33, $34, $35, $36), ($1, $37, $38, $39, $40, $41)" },
};
STATEMENT(sql_salt_session, "commitment.salt_session", "UPDATE session SET salt = $2 WHERE id = $1");
STATEMENT(sql_salt_subject, "commitment.salt_subject", "UPDATE subject SET salt = $2 WHERE id = $1");
STATEMENT(sql_is_of, "commitment.is_of",
	  "SELECT length(hash) FROM row_commitment WHERE owner = $1 AND name = $2 AND key = $3 ORDER BY id DESC "
	  "LIMIT 1");
STATEMENT(sql_salt_of, "commitment.salt_of", "SELECT salt FROM session WHERE id = $1");

struct commitment {
	int table;
	int64_t key, owner;
	bool deleted;
	uint8_t hash[SHA256_SIZE];
};
struct commitments {
	struct row_hasher hasher;
	struct db_touch *touches;
	size_t touch_count, touch_capacity;
	int64_t *owners; /* sessions and subjects with changed rows in the open transaction */
	size_t owner_count, owner_capacity;
	struct commitment waiting[BATCH_MAX]; /* commitments that are not inserted yet */
	size_t waiting_count;
	struct audit_head head;
	int64_t seq; /* seq of the record that covers the commitments */
};

static struct commitments *commitments_of(struct store *store)
{
	if (!store->commitments) {
		store->commitments = xcalloc(1, sizeof *store->commitments);
		store->commitments->hasher.store = store;
	}
	return store->commitments;
}

void commitments_reset_owners(struct store *store)
{
	if (store->commitments)
		store->commitments->owner_count = 0;
}

struct row_hasher *commitments_hasher(struct store *store)
{
	return &commitments_of(store)->hasher;
}

void commitments_close(struct store *store)
{
	if (!store->commitments)
		return;
	row_hasher_release(&store->commitments->hasher);
	free(store->commitments->touches);
	free(store->commitments->owners);
	free(store->commitments);
	store->commitments = NULL;
}

/* --- the entries --- */

/* Inserts up to *count entries, as many as one statement accepts; sets *count to the number inserted. */
static enum err insert_commitments(struct commitments *commitments, size_t from, size_t *count, struct error *error)
{
	struct db *db = commitments->hasher.store->db;
	struct query *query = NULL;
	size_t which = sizeof inserts / sizeof *inserts - 1;
	enum err err;

	while ((size_t)1 << which > *count)
		which--;
	*count = (size_t)1 << which;
	err = db_query(db, &inserts[which], &query, error);
	if (err)
		return err;
	query_bind_int(query, 1, commitments->seq);
	for (size_t i = 0; i < *count; i++) {
		const struct commitment *item = &commitments->waiting[from + i];
		int at = 2 + 5 * (int)i;

		query_bind_int(query, at, ++commitments->head.last_commitment);
		query_bind_text(query, at + 1, stored_tables[item->table].sql.name);
		query_bind_int(query, at + 2, item->key);
		query_bind_blob(query, at + 3, item->hash, item->deleted ? 0 : SHA256_SIZE);
		if (item->owner == NO_OWNER)
			query_bind_null(query, at + 4);
		else
			query_bind_int(query, at + 4, item->owner);
	}
	return query_run(query, error);
}

static enum err insert_waiting_commitments(struct commitments *commitments, struct error *error)
{
	size_t count = commitments->waiting_count, some;
	enum err err = ERR_OK;

	commitments->waiting_count = 0;
	for (size_t at = 0; !err && at < count; at += some) {
		some = count - at;
		err = insert_commitments(commitments, at, &some, error);
	}
	return err;
}

static enum err add_commitment(struct commitments *commitments, const struct commitment *item, struct error *error)
{
	const struct row_entry entry = { .table = stored_tables[item->table].sql.name,
					 .key = item->key,
					 .hash = item->hash,
					 .length = item->deleted ? 0 : SHA256_SIZE };

	row_chain_extend(&commitments->hasher, &entry, &commitments->head.has_rows_hash, commitments->head.rows_hash);
	commitments->waiting[commitments->waiting_count++] = *item;
	return commitments->waiting_count < BATCH_MAX ? ERR_OK : insert_waiting_commitments(commitments, error);
}

/* --- the rows --- */

static void add_owner(struct commitments *commitments, int64_t owner)
{
	for (size_t i = 0; i < commitments->owner_count; i++)
		if (commitments->owners[i] == owner)
			return;
	HEAP_RESERVE(commitments->owners, commitments->owner_count, commitments->owner_capacity);
	commitments->owners[commitments->owner_count++] = owner;
}

void commitments_add_owner(struct store *store, int64_t owner)
{
	if (store->db->capture)
		add_owner(commitments_of(store), owner);
}

/* A deleted row does not name its owner, so the owner is searched among the owners with other changed rows. A row
 * without an earlier commitment has no owner. */
static enum err find_owner(struct commitments *commitments, struct commitment *item, struct error *error)
{
	const struct stored_table *table = &stored_tables[item->table];
	struct db *db = commitments->hasher.store->db;
	int64_t length = 0; /* length of the last committed hash; 0: no hash, or the row was deleted */
	enum err err = ERR_OK;

	item->owner = table->owner == OWNER_SUBJECT ? -item->key : table->owner == OWNER_DESK ? 0 : NO_OWNER;
	if (table->owner != OWNER_SESSION && table->owner != OWNER_EITHER)
		return ERR_OK;
	/* If the expression `session_sql` is a column of the row ("t.id"), the key is the id of the owning session. */
	if (table->session_sql && *table->session_sql == 't')
		item->owner = item->key;
	for (size_t i = commitments->owner_count; !err && item->owner == NO_OWNER && i-- > 0;) {
		err = db_get_int(db, &sql_is_of,
				 PARAMS(db_int(commitments->owners[i]), db_text(table->sql.name), db_int(item->key)),
				 &length, error);
		if (length)
			item->owner = commitments->owners[i];
	}
	return err;
}

static enum err add_row_commitment(struct commitments *commitments, const struct row_state *row, struct error *error)
{
	struct commitment item = { .table = row->table, .key = row->key, .deleted = !row->exists, .owner = row->owner };
	enum err err = ERR_OK;

	if (item.deleted)
		err = find_owner(commitments, &item, error);
	if (item.owner && item.owner != NO_OWNER)
		add_owner(commitments, item.owner);
	memcpy(item.hash, row->hash, SHA256_SIZE);
	return err ? err : add_commitment(commitments, &item, error);
}

/* Rows of several tables. One statement reads the rows of each table; the statements are sent together. */
#define GROUPS_MAX 16
struct row_groups {
	struct row_state rows[GROUPS_MAX * ROW_STATES_MAX];
	struct row_states groups[GROUPS_MAX];
	size_t count, row_count;
};

/* Groups the touched rows by table, beginning at index *at, as many rows as one read allows. A statement can be
 * sent only once before its rows are read, so each table is in one group only. */
static void group_rows(const struct commitments *commitments, size_t *at, struct row_groups *out)
{
	out->count = out->row_count = 0;
	while (*at < commitments->touch_count) {
		const struct db_touch *touch = &commitments->touches[*at];
		struct row_states *last = out->count ? &out->groups[out->count - 1] : NULL;

		if (last && last->rows->table == touch->table) {
			if (last->count == ROW_STATES_MAX)
				return;
			last->count++;
		} else {
			if (out->count == GROUPS_MAX)
				return;
			out->groups[out->count++] =
				(struct row_states){ .rows = &out->rows[out->row_count], .count = 1 };
		}
		out->rows[out->row_count++] = (struct row_state){ .table = touch->table, .key = touch->key };
		++*at;
	}
}

static enum err read_row_groups(struct commitments *commitments, struct row_groups *groups, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < groups->count; i++)
		err = row_states_send(&commitments->hasher, &groups->groups[i], error);
	for (size_t i = 0; i < groups->count; i++)
		err = row_states_read(&commitments->hasher, &groups->groups[i], err, error);
	return err;
}

/* Assigns salts to rows that another program inserted, before rows that share the salt are hashed. */
static enum err assign_salts(struct commitments *commitments, struct row_groups *groups, bool *some,
			     struct error *error)
{
	struct store *store = commitments->hasher.store;
	enum err err = ERR_OK;

	*some = false;
	for (size_t i = 0; !err && i < groups->row_count; i++) {
		const struct row_state *row = &groups->rows[i];
		bool is_session = !strcmp(stored_tables[row->table].sql.name, "session");
		uint8_t salt[ROW_SALT_SIZE];

		if (!row->lacks_salt)
			continue;
		*some = true;
		world_random(store->world, salt, sizeof salt);
		err = db_run(store->db, is_session ? &sql_salt_session : &sql_salt_subject,
			     PARAMS(db_int(row->key), db_blob(salt, sizeof salt)), error);
	}
	return err;
}

static enum err read_salted_row_groups(struct commitments *commitments, struct row_groups *groups, struct error *error)
{
	struct db *db = commitments->hasher.store->db;
	size_t noted = db->touched_count;
	bool anew = false;
	enum err err = read_row_groups(commitments, groups, error);

	if (!err)
		err = assign_salts(commitments, groups, &anew, error);
	if (!err && anew)
		err = read_row_groups(commitments, groups, error);
	if (!err && anew)
		err = db_flush(db, error);
	db->touched_count = noted; /* the commitments of these groups cover the written salts, too */
	return err;
}

static enum err add_row_commitments(struct commitments *commitments, struct error *error)
{
	struct row_groups groups;
	size_t at = 0;
	enum err err = ERR_OK;

	while (!err && at < commitments->touch_count) {
		group_rows(commitments, &at, &groups);
		err = read_salted_row_groups(commitments, &groups, error);
		for (size_t i = 0; !err && i < groups.row_count; i++)
			err = add_row_commitment(commitments, &groups.rows[i], error);
	}
	return err;
}

static int compare_touched_rows(const void *left, const void *right)
{
	const struct db_touch *a = left, *b = right;

	return a->table != b->table ? (a->table > b->table) - (a->table < b->table)
				    : (a->key > b->key) - (a->key < b->key);
}

/* Takes the first `count` rows of db->touched, without duplicates, in the order of the tables. */
static void take_touched_rows(struct commitments *commitments, size_t count)
{
	struct db *db = commitments->hasher.store->db;
	size_t kept = 0;

	if (count > commitments->touch_capacity) {
		commitments->touches = xrealloc_array(commitments->touches, count, sizeof *commitments->touches);
		commitments->touch_capacity = count;
	}
	if (count)
		memcpy(commitments->touches, db->touched, count * sizeof *db->touched);
	db->touched_count -= count;
	if (db->touched_count)
		memmove(db->touched, db->touched + count, db->touched_count * sizeof *db->touched);
	if (count)
		qsort(commitments->touches, count, sizeof *commitments->touches, compare_touched_rows);
	for (size_t i = 0; i < count; i++)
		if (!kept || compare_touched_rows(&commitments->touches[kept - 1], &commitments->touches[i]) != 0)
			commitments->touches[kept++] = commitments->touches[i];
	commitments->touch_count = kept;
}

static enum err begin_audit_record(struct commitments *commitments, struct error *error)
{
	struct store *store = commitments->hasher.store;

	commitments->waiting_count = 0;
	enum err err = audit_head_read(store, &commitments->head, error);
	commitments->seq = commitments->head.seq + 1;
	return err;
}

static enum err end_audit_record(struct commitments *commitments, struct error *error)
{
	struct store *store = commitments->hasher.store;
	enum err err = insert_waiting_commitments(commitments, error);

	if (!err && audit_has_pending_record(store))
		err = audit_write_pending_record(store, &commitments->head, error);
	return err ? err : audit_head_write(store, &commitments->head, error);
}

enum err commitments_write_record(struct store *store, size_t count, struct error *error)
{
	struct commitments *commitments = commitments_of(store);
	enum err err;

	if (count > store->db->touched_count)
		count = store->db->touched_count;
	if (!count && !audit_has_pending_record(store))
		return ERR_OK;
	take_touched_rows(commitments, count);
	err = begin_audit_record(commitments, error);
	if (!err)
		err = add_row_commitments(commitments, error);
	return err ? err : end_audit_record(commitments, error);
}

enum err commitments_write(struct store *store, struct error *error)
{
	enum err err = db_flush(store->db, error);

	return err ? err : commitments_write_record(store, store->db->touched_count, error);
}

/* --- all rows --- */

static enum err add_scanned_commitment(void *context, const struct row_state *row, struct error *error)
{
	struct commitment item = { .table = row->table, .key = row->key, .owner = row->owner };

	memcpy(item.hash, row->hash, SHA256_SIZE);
	return add_commitment(context, &item, error);
}

enum err commitments_write_all(struct store *store, const bool *skip, struct error *error)
{
	struct commitments *commitments = commitments_of(store);
	enum err err;

	if (!store->db->capture)
		return ERR_OK;
	/* db_flush() completes the list of changed rows (db->touched), so that the rows that the migrations changed
	 * in skipped tables get commitments, too. */
	err = db_flush(store->db, error);
	if (!skip)
		store->db->touched_count = 0;
	if (!err)
		err = commitments_write(store, error);
	if (!err)
		err = begin_audit_record(commitments, error);
	for (size_t i = 0; !err && i < stored_table_count; i++) {
		const struct row_scan_run scan = {
			.table = (int)i, .parts = 1, .each = add_scanned_commitment, .context = commitments
		};

		if (stored_tables[i].class == EVIDENCE_TABLE && !(skip && skip[i]))
			err = row_scan_run(&commitments->hasher, &scan, error);
	}
	return err ? err : end_audit_record(commitments, error);
}

enum err store_get_session_salt(struct store *store, int64_t session, uint8_t out[ROW_SALT_SIZE], bool *there,
				struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_salt_of, PARAMS(db_int(session)), &query, error);

	*there = false;
	if (query_fetch_row(&query, &err, error) && !row_is_null(query, 0)) {
		size_t length = 0;
		const void *salt = row_blob(query, 0, &arena, &length);

		*there = length == ROW_SALT_SIZE;
		if (*there)
			memcpy(out, salt, ROW_SALT_SIZE);
	}
	query_end(query);
	arena_release(&arena);
	return err;
}
