#include "kybdesk/store/money.h"
#include "rows.h"
#include "statements.h"

enum {
	ACCOUNT,
	ACCOUNTS,
	ACCOUNTS_OF,
	RESERVE,
	ORDER_INSERT,
	ORDER_UPDATE,
	ORDER_BY_ID,
	ORDERS,
	ORDERS_OF,
	ENTRY_INSERT,
	ENTRY_ADD,
	ENTRY_BALANCE,
	ENTRY_BY_ID,
	ENTRIES,
	ACCOUNT_ROW,
	ORDER_ROW,
	ENTRY_ROW
};
#define ACCOUNT_COLUMNS                                                                                            \
	"SELECT a.id, a.subject_id, m.id, a.uuid, a.currency, a.label, m.name, s.uid, a.settled, a.reserved, "     \
	"a.created_at FROM account a JOIN subject s ON s.id = a.subject_id JOIN merchant m ON m.id = "             \
	"s.merchant_id "
#define ORDER_COLUMNS                                                                                              \
	"SELECT o.id, o.account_id, o.recipient_id, o.uuid, a.uuid, m.name, s.uid, r.uuid, o.type, o.state, "      \
	"o.currency, o.amount, o.other_currency, o.other_amount, o.rate, o.reference, o.iban, o.holder, o.bank, "  \
	"o.address, o.reason, o.created_at, o.processing_at, o.ended_at FROM money_order o "                       \
	"JOIN account a ON a.id = o.account_id JOIN subject s ON s.id = a.subject_id "                             \
	"JOIN merchant m ON m.id = s.merchant_id LEFT JOIN account r ON r.id = o.recipient_id "
#define ENTRY_COLUMNS                                                                                              \
	"SELECT e.id, e.order_id, e.account_id, e.uuid, o.uuid, a.uuid, s.uid, o.type, e.currency, e.amount, "     \
	"e.balance, e.created_at, s.merchant_id FROM ledger_entry e JOIN money_order o ON o.id = e.order_id "      \
	"JOIN account a ON a.id = e.account_id JOIN subject s ON s.id = a.subject_id "
#define ORDER_TERMS                                                                                                \
	"AND o.id < $1 AND ($2 = 0 OR m.id = $2) AND ($3 = '' OR o.state = $3) AND ($4 = '' OR o.type = $4) "      \
	"AND o.created_at >= $5 AND o.created_at <= $6 "
static const struct sql statements[] = {
	[ACCOUNT] = { "money.account", ACCOUNT_COLUMNS "WHERE a.uuid = $1" },
	[ACCOUNTS] = { "money.accounts", ACCOUNT_COLUMNS "WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2" },
	[ACCOUNTS_OF] = { "money.accounts_of", ACCOUNT_COLUMNS "WHERE a.subject_id = $1 ORDER BY a.id" },
	[RESERVE] = { "money.reserve", "UPDATE account SET reserved = reserved + $2 WHERE id = $1" },
	[ORDER_INSERT] = { "money.order_insert", "INSERT INTO money_order (uuid, account_id, recipient_id, type, "
						 "state, currency, amount, "
						 "other_currency, other_amount, rate, reference, iban, holder, "
						 "bank, address, created_at) "
						 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
						 "$14, $15, $16) {made}" },
	[ORDER_UPDATE] = { "money.order_update",
			   "UPDATE money_order SET state = $2, reason = $3, processing_at = $4, "
			   "ended_at = $5 WHERE id = $1" },
	[ORDER_BY_ID] = { "money.order", ORDER_COLUMNS "WHERE o.uuid = $1" },
	[ORDERS] = { "money.orders", ORDER_COLUMNS "WHERE o.id > 0 " ORDER_TERMS "ORDER BY o.id DESC LIMIT $7" },
	/* Two indexes in the order of ids, merged: nothing is sorted. No order has one account on both sides. */
	[ORDERS_OF] = { "money.orders_of",
			ORDER_COLUMNS "WHERE o.account_id = $8 " ORDER_TERMS "UNION ALL " ORDER_COLUMNS
				      "WHERE o.recipient_id = $8 " ORDER_TERMS "ORDER BY 1 DESC LIMIT $7" },
	[ENTRY_INSERT] = { "money.entry_insert",
			   "INSERT INTO ledger_entry (uuid, order_id, account_id, book, currency, amount, balance, "
			   "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) {made}" },
	[ENTRY_ADD] = { "money.entry_add", "UPDATE account SET settled = settled + $2 WHERE id = $1" },
	[ENTRY_BALANCE] = { "money.entry_balance", "SELECT settled FROM account WHERE id = $1" },
	[ENTRY_BY_ID] = { "money.entry", ENTRY_COLUMNS "WHERE e.uuid = $1" },
	[ENTRIES] = { "money.entries", ENTRY_COLUMNS "WHERE e.account_id = $1 AND e.id < $2 AND e.created_at >= $3 "
						     "AND e.created_at <= $4 ORDER BY e.id DESC LIMIT $5" },
	[ACCOUNT_ROW] = { "money.account_row",
			  "SELECT id FROM account WHERE uuid = $1 AND ($2 = 0 OR subject_id = $2)" },
	[ORDER_ROW] = { "money.order_row", "SELECT o.id FROM money_order o JOIN account a ON a.id = o.account_id "
					   "JOIN subject s ON s.id = a.subject_id WHERE o.uuid = $1 AND ($2 = 0 OR "
					   "s.merchant_id = $2)" },
	[ENTRY_ROW] = { "money.entry_row", "SELECT id FROM ledger_entry WHERE uuid = $1 AND account_id = $2" },
};
const struct sql_list money_sql = SQL_LIST(statements);

static struct money_account account_read(const struct query *query, struct arena *arena)
{
	return (struct money_account){ .row = row_int(query, 0),
				       .subject_row = row_int(query, 1),
				       .merchant_row = row_int(query, 2),
				       .id = row_text(query, 3, arena),
				       .currency = row_text(query, 4, arena),
				       .label = row_text(query, 5, arena),
				       .merchant = row_text(query, 6, arena),
				       .uid = row_text(query, 7, arena),
				       .settled = row_int(query, 8),
				       .reserved = row_int(query, 9),
				       .created_at = row_int(query, 10),
				       .suspended = "" };
}

enum err store_money_account(struct store *store, struct arena *arena, const char *id, struct money_account *out,
			     struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[ACCOUNT], PARAMS(db_text(id)), &query, error);
	bool found = query_row(query, &err, error);

	if (found)
		*out = account_read(query, arena);
	query_end(query);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", id);
	return err;
}

enum err store_money_accounts_of(struct store *store, struct arena *arena, int64_t subject,
				 struct money_account_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &statements[ACCOUNTS_OF], PARAMS(db_int(subject)), &query, error);

	*out = (struct money_account_list){ 0 };
	while (query_row(query, &err, error))
		*ARENA_PUSH(arena, out->items, out->count, capacity) = account_read(query, arena);
	query_end(query);
	return err;
}

enum err store_money_reserve(struct store *store, int64_t account, int64_t amount, struct error *error)
{
	return db_run(store->db, &statements[RESERVE], PARAMS(db_int(account), db_int(amount)), error);
}

enum err store_order_insert(struct store *store, struct money_order *order, struct error *error)
{
	return db_run_new(store->db, &statements[ORDER_INSERT],
			  PARAMS(db_text(order->id), db_int(order->account_row), db_row(order->recipient_row),
				 db_text(order_type_text(order->type)), db_text(order_state_text(order->state)),
				 db_text(order->currency), db_int(order->amount), db_text(order->other_currency),
				 db_int(order->other_amount), db_text(order->rate), db_text(order->reference),
				 db_text(order->iban), db_text(order->holder), db_text(order->bank),
				 db_text(order->address), db_int(order->created_at)),
			  &order->row, error);
}

enum err store_order_update(struct store *store, const struct money_order *order, struct error *error)
{
	return db_run(store->db, &statements[ORDER_UPDATE],
		      PARAMS(db_int(order->row), db_text(order_state_text(order->state)), db_text(order->reason),
			     db_time(order->processing_at), db_time(order->ended_at)),
		      error);
}

static enum err order_read(struct store *store, const struct query *query, struct arena *arena,
			   struct money_order *out, struct error *error)
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
		return row_damaged(store, "money_order", out->row, "type", error);
	if (!order_state_parse(row_text(query, 9, arena), &out->state))
		return row_damaged(store, "money_order", out->row, "state", error);
	return ERR_OK;
}

enum err store_order(struct store *store, struct arena *arena, const char *id, struct money_order *out,
		     struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[ORDER_BY_ID], PARAMS(db_text(id)), &query, error);
	bool found = query_row(query, &err, error);

	if (found)
		err = order_read(store, query, arena, out, error);
	query_end(query);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "Unknown order \"%s\"", id);
	return err;
}

/* The row before which a page begins: one of the owner, so that no cursor tells of another merchant's rows. */
static enum err page_begin(struct store *store, const struct sql *sql, const char *after, int64_t owner,
			   int64_t *row, struct error *error)
{
	enum err err = ERR_OK;

	*row = INT64_MAX;
	if (*after)
		err = db_number(store->db, sql, PARAMS(db_text(after), db_int(owner)), row, error);
	if (!err && !*row)
		err = error_set_field(error, ERR_INVALID, "cursor",
				      "Unknown cursor \"%s\"; use the nextCursor of the page before", after);
	return err;
}

enum err store_money_accounts(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			      struct money_account_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	int64_t before = 0;
	enum err err = page_begin(store, &statements[ACCOUNT_ROW], filter->after, 0, &before, error);

	*out = (struct money_account_list){ 0 };
	if (!err)
		err = db_select(store->db, &statements[ACCOUNTS],
				PARAMS(db_int(before), db_int((int64_t)filter->limit + 1)), &query, error);
	while (query_row(query, &err, error)) {
		out->more = out->count == filter->limit;
		if (!out->more)
			*ARENA_PUSH(arena, out->items, out->count, capacity) = account_read(query, arena);
	}
	query_end(query);
	return err;
}

enum err store_order_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			  struct money_order_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	int64_t before = 0;
	enum err err = page_begin(store, &statements[ORDER_ROW], filter->after, filter->merchant, &before, error);
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
		err = db_select(store->db, &statements[filter->account ? ORDERS_OF : ORDERS],
				&(const struct db_params){ values, filter->account ? 8 : 7 }, &query, error);
	while (query_row(query, &err, error)) {
		out->more = out->count == filter->limit;
		if (!out->more)
			err = order_read(store, query, arena, ARENA_PUSH(arena, out->items, out->count, capacity),
					 error);
	}
	query_end(query);
	return err;
}

enum err store_ledger_post(struct store *store, struct ledger_entry *entry, struct error *error)
{
	enum err err = ERR_OK;

	if (entry->account_row)
		err = db_run(store->db, &statements[ENTRY_ADD],
			     PARAMS(db_int(entry->account_row), db_int(entry->amount)), error);
	if (!err && entry->account_row)
		err = db_number(store->db, &statements[ENTRY_BALANCE], PARAMS(db_int(entry->account_row)),
				&entry->balance, error);
	if (err)
		return err;
	return db_run_new(store->db, &statements[ENTRY_INSERT],
			  PARAMS(db_text(entry->id), db_int(entry->order_row), db_row(entry->account_row),
				 db_text(book_text(entry->book)), db_text(entry->currency), db_int(entry->amount),
				 entry->account_row ? db_int(entry->balance) : db_null(),
				 db_int(entry->created_at)),
			  &entry->row, error);
}

static enum err entry_read(struct store *store, const struct query *query, struct arena *arena,
			   struct ledger_entry *out, struct error *error)
{
	*out = (struct ledger_entry){ .row = row_int(query, 0),
				      .order_row = row_int(query, 1),
				      .account_row = row_int(query, 2),
				      .id = row_text(query, 3, arena),
				      .order = row_text(query, 4, arena),
				      .account = row_text(query, 5, arena),
				      .uid = row_text(query, 6, arena),
				      .book = BOOK_CUSTOMER,
				      .currency = row_text(query, 8, arena),
				      .amount = row_int(query, 9),
				      .balance = row_int(query, 10),
				      .created_at = row_int(query, 11) };
	if (!order_type_parse(row_text(query, 7, arena), &out->type))
		return row_damaged(store, "money_order", out->order_row, "type", error);
	return ERR_OK;
}

enum err store_ledger_entry(struct store *store, struct arena *arena, const char *id, struct ledger_entry *out,
			    struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &statements[ENTRY_BY_ID], PARAMS(db_text(id)), &query, error);
	bool found = query_row(query, &err, error);

	if (found)
		err = entry_read(store, query, arena, out, error);
	if (found && !err)
		out->merchant_row = row_int(query, 12);
	query_end(query);
	if (!err && !found)
		err = error_set(error, ERR_NOT_FOUND, "Unknown transaction \"%s\"", id);
	return err;
}

enum err store_ledger_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			   struct ledger_entry_list *out, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	int64_t before = 0;
	enum err err = page_begin(store, &statements[ENTRY_ROW], filter->after, filter->account, &before, error);

	*out = (struct ledger_entry_list){ 0 };
	if (!err)
		err = db_select(store->db, &statements[ENTRIES],
				PARAMS(db_int(filter->account), db_int(before), db_int(filter->from),
				       db_int(filter->until == TIME_NONE ? INT64_MAX : filter->until),
				       db_int((int64_t)filter->limit + 1)),
				&query, error);
	while (query_row(query, &err, error)) {
		out->more = out->count == filter->limit;
		if (!out->more)
			err = entry_read(store, query, arena, ARENA_PUSH(arena, out->items, out->count, capacity),
					 error);
	}
	query_end(query);
	return err;
}
