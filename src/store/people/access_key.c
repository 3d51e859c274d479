#include "statements.h"
#include "kybdesk/domain/column_define.h"
#include "kybdesk/store/access.h"

/* clang-format off */
#define OWNER struct access_key
static const struct column columns[] = {
	ROW(row, "k.id", NULL, COLUMN_KEY),
	TEXT(reviewer, "r.name", NULL, 0),
	TEXT(key.type, "k.type", NULL, 0),
	TEXT(key.body, "k.body", NULL, 0),
	TEXT(key.comment, "k.comment", NULL, 0),
	TEXT(key.fingerprint, "k.fingerprint", NULL, 0),
	TIME(added_at, "k.added_at", NULL, 0),
	TEXT(added_by, "k.added_by", NULL, 0),
	BOOL(disabled, "r.disabled_at IS NOT NULL", NULL, 0),
};
static COLUMN_TABLE(table, "access_key", "access key", columns);
/* clang-format on */
#define FROM "FROM access_key AS k JOIN reviewer AS r ON r.id = k.reviewer_id "
STATEMENT(sql_insert, "access_key.insert",
	  "INSERT INTO access_key (reviewer_id, type, body, comment, fingerprint, added_at, added_by) VALUES ($1, "
	  "$2, $3, $4, $5, $6, $7) {made}");
STATEMENT(sql_delete, "access_key.delete", "DELETE FROM access_key WHERE id = $1");
ROW_STATEMENT(sql_find, ROW_SELECT, table, "access_key.find", FROM "WHERE k.fingerprint = $1");
ROW_STATEMENT(sql_list, ROW_SELECT, table, "access_key.list", FROM "ORDER BY r.name, k.id");
ROW_STATEMENT(sql_list_of, ROW_SELECT, table, "access_key.list_of", FROM "WHERE r.name = $1 ORDER BY k.id");

enum err store_access_key_find(struct store *store, struct arena *arena, const char *fingerprint,
			       struct access_key *out, struct error *error)
{
	return row_load(&(struct row_reader){ store, &sql_find, arena }, PARAMS(db_text(fingerprint)), out, error);
}

enum err store_access_key_insert(struct store *store, int64_t reviewer_row, struct access_key *key,
				 struct error *error)
{
	return db_run_new(store->db, &sql_insert,
			  PARAMS(db_int(reviewer_row), db_text(key->key.type), db_text(key->key.body),
				 db_text(key->key.comment), db_text(key->key.fingerprint), db_int(key->added_at),
				 db_text(key->added_by)),
			  &key->row, error);
}

enum err store_access_key_delete(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &sql_delete, PARAMS(db_int(row)), error);
}

enum err store_access_key_list(struct store *store, struct arena *arena, const char *reviewer,
			       struct access_key **items, size_t *count, struct error *error)
{
	const struct row_reader reader = { store, *reviewer ? &sql_list_of : &sql_list, arena };

	return rows_load(&reader, *reviewer ? PARAMS(db_text(reviewer)) : NULL, (void **)items, count, error);
}
