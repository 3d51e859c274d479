#include "rows.h"
#include "statements.h"
#include "kybdesk/store/access.h"

enum { FIND, INSERT, DELETE, LIST, LIST_OF };
enum column {
	COLUMN_ROW,
	COLUMN_REVIEWER,
	COLUMN_TYPE,
	COLUMN_BODY,
	COLUMN_COMMENT,
	COLUMN_FINGERPRINT,
	COLUMN_ADDED_AT,
	COLUMN_ADDED_BY,
	COLUMN_DISABLED_AT
};
#define SELECT                                                                                                     \
	"SELECT k.id, r.name, k.type, k.body, k.comment, k.fingerprint, k.added_at, k.added_by, r.disabled_at "    \
	"FROM access_key AS k JOIN reviewer AS r ON r.id = k.reviewer_id "
static const struct sql statements[] = {
	[FIND] = { "access_key.find", SELECT "WHERE k.fingerprint = $1" },
	[INSERT] = { "access_key.insert",
		     "INSERT INTO access_key (reviewer_id, type, body, comment, fingerprint, added_at, added_by) "
		     "VALUES ($1, $2, $3, $4, $5, $6, $7) {made}" },
	[DELETE] = { "access_key.delete", "DELETE FROM access_key WHERE id = $1" },
	[LIST] = { "access_key.list", SELECT "ORDER BY r.name, k.id" },
	[LIST_OF] = { "access_key.list_of", SELECT "WHERE r.name = $1 ORDER BY k.id" },
};
const struct sql_list access_key_sql = SQL_LIST(statements);

static void read_row(const struct query *query, struct arena *arena, struct access_key *out)
{
	*out = (struct access_key){
		.row = row_int(query, COLUMN_ROW),
		.reviewer = row_text(query, COLUMN_REVIEWER, arena),
		.key = { .type = row_text(query, COLUMN_TYPE, arena),
			 .body = row_text(query, COLUMN_BODY, arena),
			 .comment = row_text(query, COLUMN_COMMENT, arena),
			 .fingerprint = row_text(query, COLUMN_FINGERPRINT, arena) },
		.added_at = row_int(query, COLUMN_ADDED_AT),
		.added_by = row_text(query, COLUMN_ADDED_BY, arena),
		.disabled = !row_is_null(query, COLUMN_DISABLED_AT),
	};
}

enum err store_access_key_find(struct store *store, struct arena *arena, const char *fingerprint,
			       struct access_key *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[FIND], PARAMS(db_text(fingerprint)), &query, error);

	out->row = 0;
	if (query_row(query, &err, error))
		read_row(query, arena, out);
	query_end(query);
	return err;
}

enum err store_access_key_insert(struct store *store, int64_t reviewer_row, struct access_key *key,
				 struct error *error)
{
	return db_run_new(store->db, &statements[INSERT],
			  PARAMS(db_int(reviewer_row), db_text(key->key.type), db_text(key->key.body),
				 db_text(key->key.comment), db_text(key->key.fingerprint), db_int(key->added_at),
				 db_text(key->added_by)),
			  &key->row, error);
}

enum err store_access_key_delete(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &statements[DELETE], PARAMS(db_int(row)), error);
}

enum err store_access_key_list(struct store *store, struct arena *arena, const char *reviewer,
			       struct access_key **items, size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err =
		*reviewer ? db_select(store->db, &statements[LIST_OF], PARAMS(db_text(reviewer)), &query, error)
			  : db_select(store->db, &statements[LIST], NULL, &query, error);

	*items = NULL;
	*count = 0;
	while (query_row(query, &err, error))
		read_row(query, arena, ARENA_PUSH(arena, *items, *count, capacity));
	query_end(query);
	return err;
}
