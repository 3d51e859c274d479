#include "kybdesk/store/account.h"
#include "statements.h"

static const struct sql statements[] = {
	{ "account.insert", "INSERT INTO account (subject_id, uuid, currency, label, created_at) "
			    "VALUES ($1, $2, $3, $4, $5)" },
};
const struct sql_list account_sql = SQL_LIST(statements);

enum err store_account_insert(struct store *store, int64_t subject, const struct account *account,
			      struct error *error)
{
	return db_run(store->db, &statements[0],
		      PARAMS(db_int(subject), db_text(account->id), db_text(account->currency),
			     db_text(account->label), db_int(account->created_at)),
		      error);
}
