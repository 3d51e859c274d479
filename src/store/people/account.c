#include "kybdesk/store/account.h"
#include "statements.h"

enum { INSERT, LIST };
static const struct sql statements[] = {
	[INSERT] = { "account.insert", "INSERT INTO account (subject_id, uuid, currency, label, created_at) "
				       "VALUES ($1, $2, $3, $4, $5)" },
	[LIST] = { "account.list",
		   "SELECT uuid, currency, label, created_at FROM account WHERE subject_id = $1 ORDER BY id" },
};
const struct sql_list account_sql = SQL_LIST(statements);

enum err store_account_insert(struct store *store, int64_t subject, const struct account *account,
			      struct error *error)
{
	return db_run(store->db, &statements[INSERT],
		      PARAMS(db_int(subject), db_text(account->id), db_text(account->currency),
			     db_text(account->label), db_int(account->created_at)),
		      error);
}

enum err store_account_list(struct store *store, struct arena *arena, int64_t subject, struct account **items,
			    size_t *count, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &statements[LIST], PARAMS(db_int(subject)), &query, error);

	*items = NULL;
	*count = 0;
	while (query_row(query, &err, error))
		*ARENA_PUSH(arena, *items, *count, capacity) =
			(struct account){ .id = row_text(query, 0, arena),
					  .currency = row_text(query, 1, arena),
					  .label = row_text(query, 2, arena),
					  .created_at = row_int(query, 3) };
	query_end(query);
	return err;
}
