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
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[0], &query, error);

	if (err)
		return err;
	query_int(query, 1, subject);
	query_text(query, 2, account->id);
	query_text(query, 3, account->currency);
	query_text(query, 4, account->label);
	query_int(query, 5, account->created_at);
	return query_run(query, error);
}
