#include "kybdesk/store/account.h"
#include "columns.h"
#include "statements.h"
#include "kybdesk/domain/column_define.h"

/* clang-format off */
#define OWNER struct account
static const struct column columns[] = {
	TEXT(id, "uuid", NULL, 0),
	TEXT(currency, "currency", NULL, 0),
	TEXT(label, "label", NULL, 0),
	TIME(created_at, "created_at", NULL, 0),
};
static COLUMN_TABLE(table, "account", "account", columns);
/* clang-format on */
enum { INSERT, LIST };
static const struct row_sql rows[] = {
	[INSERT] = { .sql = { "account.insert", NULL },
		     .verb = ROW_INSERT,
		     .table = &table,
		     .keys = "subject_id",
		     .key_count = 1 },
	[LIST] = ROWS_OF(table, "account.list", "FROM account WHERE subject_id = $1 ORDER BY id"),
};
const struct sql_list account_sql = SQL_LIST_MADE(rows);

enum err store_account_insert(struct store *store, int64_t subject, const struct account *account,
			      struct error *error)
{
	return row_write(store, &rows[INSERT], PARAMS(db_int(subject)), account, error);
}

enum err store_account_list(struct store *store, struct arena *arena, int64_t subject, struct account **items,
			    size_t *count, struct error *error)
{
	return rows_load(&(struct row_reader){ store, &rows[LIST], arena }, PARAMS(db_int(subject)), (void **)items,
			 count, error);
}
