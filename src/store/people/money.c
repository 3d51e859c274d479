#include "kybdesk/store/money.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/domain/column_define.h"

/* clang-format off */
#define OWNER struct money_account
static const struct column of_account[] = {
	ROW(row, "a.id", NULL, COLUMN_KEY),
	ROW(subject_row, "a.subject_id", NULL, 0),
	ROW(merchant_row, "m.id", NULL, 0),
	TEXT(id, "a.uuid", NULL, 0),
	TEXT(currency, "a.currency", NULL, 0),
	TEXT(label, "a.label", NULL, 0),
	TEXT(merchant, "m.name", NULL, 0),
	TEXT(uid, "s.uid", NULL, 0),
	INT(settled_amount, "a.settled", NULL, 0),
	INT(reserved_amount, "a.reserved", NULL, 0),
	TIME(created_at, "a.created_at", NULL, 0),
	TEXT(suspension_reason, "suspended", NULL, COLUMN_UNSTORED),
};
static COLUMN_TABLE(accounts, "account", "account", of_account);
#undef OWNER

/* A message about a damaged value has the id of the money order, not of the ledger entry: only the type can be
 * damaged, and the type is a column of the money order. */
#define OWNER struct ledger_entry
static const struct column of_entry[] = {
	ROW(row, "e.id", NULL, 0),
	ROW(order_row, "e.order_id", NULL, COLUMN_KEY),
	ROW(account_row, "e.account_id", NULL, 0),
	TEXT(id, "e.uuid", NULL, 0),
	TEXT(order_id, "o.uuid", NULL, 0),
	TEXT(account, "a.uuid", NULL, 0),
	TEXT(uid, "s.uid", NULL, 0),
	ENUM(type, "o.type", NULL, order_type, 0),
	TEXT(currency, "e.currency", NULL, 0),
	INT(amount, "e.amount", NULL, 0),
	INT(balance, "e.balance", NULL, 0),
	TIME(created_at, "e.created_at", NULL, 0),
	ROW(merchant_row, "s.merchant_id", NULL, 0),
};
static COLUMN_TABLE(entries, "ledger_entry", "money_order", of_entry);
/* clang-format on */
#define FROM_ACCOUNTS "FROM account a JOIN subject s ON s.id = a.subject_id JOIN merchant m ON m.id = s.merchant_id "
#define FROM_LEDGER_ENTRIES                                                                                            \
	"FROM ledger_entry e JOIN money_order o ON o.id = e.order_id JOIN account a ON a.id = e.account_id "           \
	"JOIN subject s ON s.id = a.subject_id "
ROW_STATEMENT(sql_account, ROW_SELECT, accounts, "money.account", FROM_ACCOUNTS "WHERE a.uuid = $1");
ROW_STATEMENT(sql_accounts, ROW_SELECT, accounts, "money.accounts",
	      FROM_ACCOUNTS "WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2");
ROW_STATEMENT(sql_accounts_of, ROW_SELECT, accounts, "money.accounts_of",
	      FROM_ACCOUNTS "WHERE a.subject_id = $1 ORDER BY a.id");
ROW_STATEMENT(sql_entry, ROW_SELECT, entries, "money.entry", FROM_LEDGER_ENTRIES "WHERE e.uuid = $1");
ROW_STATEMENT(sql_entries, ROW_SELECT, entries, "money.entries",
	      FROM_LEDGER_ENTRIES "WHERE e.account_id = $1 AND e.id < $2 AND e.created_at >= $3 AND "
				  "e.created_at <= $4 ORDER BY e.id DESC LIMIT $5");
#define ORDER_COLUMNS                                                                                                  \
	"SELECT o.id, o.account_id, o.recipient_id, o.uuid, a.uuid, m.name, s.uid, r.uuid, o.type, o.state, "          \
	"o.currency, o.amount, o.other_currency, o.other_amount, o.rate, o.reference, o.iban, o.holder, o.bank, "      \
	"o.address, o.reason, o.created_at, o.processing_at, o.ended_at FROM money_order o "                           \
	"JOIN account a ON a.id = o.account_id JOIN subject s ON s.id = a.subject_id "                                 \
	"JOIN merchant m ON m.id = s.merchant_id LEFT JOIN account r ON r.id = o.recipient_id "
#define ORDER_TERMS                                                                                                    \
	"AND o.id < $1 AND ($2 = 0 OR m.id = $2) AND ($3 = '' OR o.state = $3) AND ($4 = '' OR o.type = $4) "          \
	"AND o.created_at >= $5 AND o.created_at <= $6 "
STATEMENT(sql_account_insert, "account.insert",
	  "INSERT INTO account (subject_id, uuid, currency, label, created_at) VALUES ($1, $2, $3, $4, $5)");
STATEMENT(sql_reserve, "money.reserve", "UPDATE account SET reserved = reserved + $2 WHERE id = $1");
STATEMENT(sql_order_insert, "money.order_insert",
	  "INSERT INTO money_order (uuid, account_id, recipient_id, type, state, currency, amount, other_currency, "
	  "other_amount, rate, reference, iban, holder, bank, address, created_at) VALUES ($1, $2, $3, $4, $5, $6, "
	  "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16) {made}");
STATEMENT(sql_order_update, "money.order_update",
	  "UPDATE money_order SET state = $2, reason = $3, processing_at = $4, ended_at = $5 WHERE id = $1");
STATEMENT(sql_order_by_id, "money.order", ORDER_COLUMNS "WHERE o.uuid = $1");
STATEMENT(sql_orders, "money.orders", ORDER_COLUMNS "WHERE o.id > 0 " ORDER_TERMS "ORDER BY o.id DESC LIMIT $7");
/* Merges the results of two indexes, both sorted by id, so that no sort is needed. A money order is never in both
 * results, since its account and its recipient are different accounts. */
STATEMENT(sql_orders_of, "money.orders_of",
	  ORDER_COLUMNS "WHERE o.account_id = $8 " ORDER_TERMS "UNION ALL " ORDER_COLUMNS
			"WHERE o.recipient_id = $8 " ORDER_TERMS "ORDER BY 1 DESC LIMIT $7");
STATEMENT(sql_entry_insert, "money.entry_insert",
	  "INSERT INTO ledger_entry (uuid, order_id, account_id, book, currency, amount, balance, created_at) "
	  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) {made}");
STATEMENT(sql_entry_add, "money.entry_add", "UPDATE account SET settled = settled + $2 WHERE id = $1");
STATEMENT(sql_entry_balance, "money.entry_balance", "SELECT settled FROM account WHERE id = $1");
STATEMENT(sql_account_row, "money.account_row",
	  "SELECT id FROM account WHERE uuid = $1 AND ($2 = 0 OR subject_id = $2)");
STATEMENT(sql_order_row, "money.order_row",
	  "SELECT o.id FROM money_order o JOIN account a ON a.id = o.account_id JOIN subject s ON s.id = "
	  "a.subject_id WHERE o.uuid = $1 AND ($2 = 0 OR s.merchant_id = $2)");
STATEMENT(sql_entry_row, "money.entry_row", "SELECT id FROM ledger_entry WHERE uuid = $1 AND account_id = $2");

enum err store_money_account_find(struct store *store, struct arena *arena, const char *id, struct money_account *out,
				  struct error *error)
{
	enum err err = row_load(&(struct row_reader){ store, &sql_account, arena }, PARAMS(db_text(id)), out, error);

	if (!err && !out->row)
		err = error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", id);
	return err;
}

enum err store_money_account_insert(struct store *store, int64_t subject, const struct money_account *account,
				    struct error *error)
{
	return db_run(store->db, &sql_account_insert,
		      PARAMS(db_int(subject), db_text(account->id), db_text(account->currency), db_text(account->label),
			     db_int(account->created_at)),
		      error);
}

enum err store_money_account_list_of_subject(struct store *store, struct arena *arena, int64_t subject,
					     struct money_account_list *out, struct error *error)
{
	*out = (struct money_account_list){ 0 };
	return rows_load(&(struct row_reader){ store, &sql_accounts_of, arena }, PARAMS(db_int(subject)),
			 (void **)&out->items, &out->count, error);
}

enum err store_money_reserve(struct store *store, int64_t account, int64_t amount, struct error *error)
{
	return db_run(store->db, &sql_reserve, PARAMS(db_int(account), db_int(amount)), error);
}

enum err store_order_put(struct store *store, struct money_order *order, struct error *error)
{
	if (order->row)
		return db_run(store->db, &sql_order_update,
			      PARAMS(db_int(order->row), db_text(order_state_text(order->state)),
				     db_text(order->reason), db_time(order->processing_at), db_time(order->ended_at)),
			      error);
	return db_run_insert(store->db, &sql_order_insert,
			     PARAMS(db_text(order->id), db_int(order->account_row),
				    db_int_or_null(order->recipient_row), db_text(order_type_text(order->type)),
				    db_text(order_state_text(order->state)), db_text(order->currency),
				    db_int(order->amount), db_text(order->other_currency), db_int(order->other_amount),
				    db_text(order->rate), db_text(order->reference), db_text(order->iban),
				    db_text(order->holder), db_text(order->bank), db_text(order->address),
				    db_int(order->created_at)),
			     &order->row, error);
}

static enum err order_read(struct store *store, const struct query *query, struct arena *arena, struct money_order *out,
			   struct error *error)
{
	*out = (struct money_order){ .row = row_int(query, 0),
				     .account_row = row_int(query, 1),
				     .recipient_row = row_is_null(query, 2) ? 0 : row_int(query, 2),
				     .id = row_text(query, 3, arena),
				     .account = row_text(query, 4, arena),
				     .merchant = row_text(query, 5, arena),
				     .uid = row_text(query, 6, arena),
				     .recipient = row_text(query, 7, arena),
				     .currency = row_text(query, 10, arena),
				     .amount = row_int(query, 11),
				     .other_currency = row_text(query, 12, arena),
				     .other_amount = row_int(query, 13),
				     .rate = row_text(query, 14, arena),
				     .reference = row_text(query, 15, arena),
				     .iban = row_text(query, 16, arena),
				     .holder = row_text(query, 17, arena),
				     .bank = row_text(query, 18, arena),
				     .address = row_text(query, 19, arena),
				     .reason = row_text(query, 20, arena),
				     .created_at = row_int(query, 21),
				     .processing_at = row_time(query, 22),
				     .ended_at = row_time(query, 23) };
	if (!order_type_parse(row_text(query, 8, arena), &out->type))
		return report_damaged_row(store, "money_order", out->row, "type", error);
	if (!order_state_parse(row_text(query, 9, arena), &out->state))
		return report_damaged_row(store, "money_order", out->row, "state", error);
	return ERR_OK;
}

enum err store_order_find(struct store *store, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_order_by_id, PARAMS(db_text(id)), &query, error);
	bool found = query_fetch_row(&query, &err, error);

	if (found)
		err = order_read(store, query, arena, out, error);
	query_end(query);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "Unknown order \"%s\"", id);
	return err;
}

/* Finds the row after which the page begins. The row must belong to `owner`, so that a cursor discloses nothing
 * about rows of another merchant. */
static enum err find_page_start(struct store *store, const struct sql *sql, const char *after, int64_t owner,
				int64_t *row, struct error *error)
{
	enum err err = ERR_OK;

	*row = INT64_MAX;
	if (*after)
		err = db_get_int(store->db, sql, PARAMS(db_text(after), db_int(owner)), row, error);
	if (!err && !*row)
		err = error_set_field(error, ERR_INVALID, "cursor",
				      "Unknown cursor \"%s\"; use the nextCursor of the previous page", after);
	return err;
}

/* The statement reads one row more than requested, if possible. Removes this additional row; returns whether it
 * exists. */
static bool drop_extra_row(size_t *count, size_t limit)
{
	bool more = *count > limit;

	*count -= more;
	return more;
}

enum err store_money_account_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
				  struct money_account_list *out, struct error *error)
{
	int64_t before = 0;
	enum err err = find_page_start(store, &sql_account_row, filter->after, 0, &before, error);

	*out = (struct money_account_list){ 0 };
	if (!err)
		err = rows_load(&(struct row_reader){ store, &sql_accounts, arena },
				PARAMS(db_int(before), db_int((int64_t)filter->limit + 1)), (void **)&out->items,
				&out->count, error);
	out->more = drop_extra_row(&out->count, filter->limit);
	return err;
}

enum err store_order_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			  struct money_order_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	int64_t before = 0;
	enum err err = find_page_start(store, &sql_order_row, filter->after, filter->merchant, &before, error);
	const struct db_value values[] = { db_int(before),
					   db_int(filter->merchant),
					   db_text(filter->state),
					   db_text(filter->type),
					   db_int(filter->from),
					   db_int(filter->until == TIME_NONE ? INT64_MAX : filter->until),
					   db_int((int64_t)filter->limit + 1),
					   db_int(filter->account) };

	*out = (struct money_order_list){ 0 };
	if (!err)
		err = db_select(store->db, filter->account ? &sql_orders_of : &sql_orders,
				&(const struct db_params){ values, filter->account ? 8 : 7 }, &query, error);
	while (query_fetch_row(&query, &err, error))
		err = order_read(store, query, arena, ARENA_PUSH(arena, out->items, out->count, capacity), error);
	out->more = drop_extra_row(&out->count, filter->limit);
	return err;
}

enum err store_ledger_post(struct store *store, struct ledger_entry *entry, struct error *error)
{
	enum err err = ERR_OK;

	if (entry->account_row)
		err = db_run(store->db, &sql_entry_add, PARAMS(db_int(entry->account_row), db_int(entry->amount)),
			     error);
	if (!err && entry->account_row)
		err = db_get_int(store->db, &sql_entry_balance, PARAMS(db_int(entry->account_row)), &entry->balance,
				 error);
	if (err)
		return err;
	return db_run_insert(store->db, &sql_entry_insert,
			     PARAMS(db_text(entry->id), db_int(entry->order_row), db_int_or_null(entry->account_row),
				    db_text(book_text(entry->book)), db_text(entry->currency), db_int(entry->amount),
				    entry->account_row ? db_int(entry->balance) : db_null(), db_int(entry->created_at)),
			     &entry->row, error);
}

enum err store_ledger_entry_find(struct store *store, struct arena *arena, const char *id, struct ledger_entry *out,
				 struct error *error)
{
	enum err err = row_load(&(struct row_reader){ store, &sql_entry, arena }, PARAMS(db_text(id)), out, error);

	if (!err && !out->row)
		err = error_set(error, ERR_NOT_FOUND, "Unknown transaction \"%s\"", id);
	return err;
}

enum err store_ledger_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			   struct ledger_entry_list *out, struct error *error)
{
	int64_t before = 0;
	enum err err = find_page_start(store, &sql_entry_row, filter->after, filter->account, &before, error);

	*out = (struct ledger_entry_list){ 0 };
	if (!err)
		err = rows_load(&(struct row_reader){ store, &sql_entries, arena },
				PARAMS(db_int(filter->account), db_int(before), db_int(filter->from),
				       db_int(filter->until == TIME_NONE ? INT64_MAX : filter->until),
				       db_int((int64_t)filter->limit + 1)),
				(void **)&out->items, &out->count, error);
	out->more = drop_extra_row(&out->count, filter->limit);
	return err;
}
