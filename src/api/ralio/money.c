/* Money of accounts in a sandbox: payins, transfers, payouts, orders, transactions (seed ralio-sandbox). */
#include "kybdesk/codec/money_codec.h"
#include "kybdesk/desk/sandbox.h"
#include "ralio/ralio.h"
#include "shape.h"

#include <string.h>

#define PAGE_SIZE_MAX 100
#define PAGE_SIZE_DEFAULT 20

static struct json_value *recipient_json(const struct money_order *order)
{
	switch (order->type) {
	case ORDER_TRANSFER:
		return JSON_FROM({ "accountId", AS_TEXT(order->recipient) });
	case ORDER_BANK_PAYOUT:
		return JSON_FROM({ "iban", AS_TEXT(order->iban) }, { "bankName", AS_TEXT(order->bank) },
				 { "accountHolder", AS_TEXT(order->holder) });
	case ORDER_CRYPTO_PAYOUT:
		return JSON_FROM({ "address", AS_TEXT(order->address) }, { "accountHolder", AS_TEXT(order->holder) });
	case ORDER_BANK_PAYIN:
	case ORDER_CRYPTO_PAYIN:
	case ORDER_CARD_PAYIN:
		break;
	}
	return json_new_null();
}

static struct json_value *exchange_json(const struct money_order *order)
{
	if (!strcmp(order->currency, order->other_currency))
		return json_new_null();
	return BODY(Exchange, .currency = AS_TEXT(order->other_currency),
		    .amount = json_new_amount(order->other_amount, order->other_currency),
		    .rate = json_new_number(order->rate));
}

static struct json_value *end_time_in_state(const struct money_order *order, enum order_state state)
{
	return AS_TIME(order->state == state ? order->ended_at : TIME_NONE);
}

static struct json_value *order_json(const struct money_order *order)
{
	return BODY(Order, .id = AS_TEXT(order->id), .type = AS_TEXT(order_type_text(order->type)),
		    .state = AS_TEXT(order_state_text(order->state)), .accountId = AS_TEXT(order->account),
		    .userId = AS_TEXT(order->uid), .currency = AS_TEXT(order->currency),
		    .amount = json_new_amount(order->amount, order->currency), .exchange = exchange_json(order),
		    .recipient = recipient_json(order), .reference = AS_TEXT(order->reference),
		    .reason = AS_TEXT(order->reason), .createdAt = AS_TIME(order->created_at),
		    .processingAt = AS_TIME(order->processing_at),
		    .completedAt = end_time_in_state(order, ORDER_COMPLETED),
		    .failedAt = end_time_in_state(order, ORDER_FAILED),
		    .cancelledAt = end_time_in_state(order, ORDER_CANCELLED));
}

static struct json_value *entry_json(const struct ledger_entry *entry)
{
	return BODY(Transaction, .id = AS_TEXT(entry->id), .orderId = AS_TEXT(entry->order_id),
		    .accountId = AS_TEXT(entry->account), .type = AS_TEXT(order_type_text(entry->type)),
		    .currency = AS_TEXT(entry->currency), .amount = json_new_amount(entry->amount, entry->currency),
		    .balance = json_new_amount(entry->balance, entry->currency),
		    .createdAt = AS_TIME(entry->created_at));
}

/* --- transfers and payouts --- */

/* Returns an amount with exactly the digits of the body; adds a fault if the amount is missing or not a number. */
static const char *require_amount(struct request *r, const char *path)
{
	const char *amount = json_number_text(&r->arena, r->raw_body.buf, r->raw_body.len, path);

	if (!amount)
		request_add_fault(r, path,
				  body_value(r, path) ? "Must be a number such as 250 or 250.10"
						      : REQUIRED_FIELD_MESSAGE);
	return amount;
}

/* Reads origin.currency, origin.amount and reference. */
static struct money_input read_order_input(struct request *r, enum order_type type)
{
	struct money_input input = { .type = type,
				     .uid = r->arguments[0],
				     .account = r->arguments[1],
				     .currency = body_require_text(r, "origin.currency"),
				     .reference = body_text(r, "reference") };

	input.amount = require_amount(r, "origin.amount");
	return input;
}

static const char *code_of(const struct error *error)
{
	static const struct {
		enum err err;
		const char *field, *code;
	} codes[] = { { ERR_CONFLICT, "amount", "insufficient_funds" },
		      { ERR_FORBIDDEN, "code2fa", "wrong_code" },
		      { ERR_FORBIDDEN, "account", "account_suspended" },
		      { ERR_FORBIDDEN, "recipient", "account_suspended" } };

	for (size_t i = 0; error->field && i < sizeof codes / sizeof *codes; i++)
		if (codes[i].err == error->code && !strcmp(codes[i].field, error->field))
			return codes[i].code;
	return NULL;
}

/* Replaces the desk's field name by the path in the body of a transfer or a payout. */
static void rename_order_field(struct error *error)
{
	static const char *const paths[] = { "origin.amount",	  "origin.currency",	     "recipient.accountId",
					     "recipient.iban",	  "recipient.accountHolder", "recipient.bankName",
					     "recipient.address", "recipient.coin" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		request_rename_field(error, strchr(paths[i], '.') + 1, paths[i]);
}

static enum err answer_order(struct request *r, const char *id, int status, struct error *error)
{
	struct money_order order;
	enum err err = desk_money_order(r->desk, &r->arena, id, &order, error);

	return err ? err : answer_json(r, status, order_json(&order));
}

static enum err run_order_verb(struct request *r, enum verb verb, const struct money_input *input, struct error *error)
{
	struct use_out out;
	enum err err = request_check_faults(r, error);

	if (!err) {
		err = API_DO(r, &out, error, .verb = verb,
			     .capacity = verb == VERB_PAYIN ? CAPACITY_STAFF : CAPACITY_MERCHANT, .money = input);
		r->error_code = err ? code_of(error) : NULL;
	}
	if (err && verb != VERB_PAYIN)
		rename_order_field(error);
	return err ? err : answer_order(r, out.part_id, 201, error);
}

static enum err handle_transfer(struct request *r, struct error *error)
{
	struct money_input input = read_order_input(r, ORDER_TRANSFER);

	input.recipient = body_require_text(r, "recipient.accountId");
	return run_order_verb(r, VERB_TRANSFER, &input, error);
}

static enum err handle_bank_payout(struct request *r, struct error *error)
{
	struct money_input input = read_order_input(r, ORDER_BANK_PAYOUT);

	input.iban = body_require_text(r, "recipient.iban");
	input.holder = body_require_text(r, "recipient.accountHolder");
	input.bank = body_text(r, "recipient.bankName");
	input.code = body_require_text(r, "code2fa");
	return run_order_verb(r, VERB_PAYOUT, &input, error);
}

static enum err handle_crypto_payout(struct request *r, struct error *error)
{
	struct money_input input = read_order_input(r, ORDER_CRYPTO_PAYOUT);

	input.address = body_require_text(r, "recipient.address");
	input.coin = body_text(r, "recipient.coin");
	input.holder = body_text(r, "recipient.accountHolder");
	input.code = body_require_text(r, "code2fa");
	return run_order_verb(r, VERB_PAYOUT, &input, error);
}

/* --- the sandbox simulator: payins, and the outcome of pending orders --- */

static const char *text_of(struct request *r, const char *name)
{
	const char *text = body_text(r, name);

	return text ? text : "";
}

/* Returns the action that leads to the state in the request. PENDING and unknown states are refused. */
static enum order_action read_order_action(struct request *r, enum order_state usual)
{
	static const enum order_action actions[] = { [ORDER_PROCESSING] = ORDER_PROCESS,
						     [ORDER_COMPLETED] = ORDER_COMPLETE,
						     [ORDER_FAILED] = ORDER_FAIL,
						     [ORDER_CANCELLED] = ORDER_CANCEL };
	const char *word = usual == ORDER_PENDING ? body_require_text(r, "state") : text_of(r, "state");
	enum order_state state = usual;

	if (!word)
		return ORDER_FAIL;
	if ((*word && !order_state_parse(word, &state)) || state == ORDER_PENDING) {
		request_add_fault(r, "state", "\"%s\" cannot be set as the state of an order; use %s", word,
				  usual == ORDER_PENDING ? "COMPLETED, FAILED or CANCELLED"
							 : "COMPLETED, FAILED or PROCESSING");
		return ORDER_FAIL;
	}
	return actions[state];
}

/* Does the same as the command `sandbox fund`. If the body has no state, the state is COMPLETED. */
static enum err handle_simulated_payin(struct request *r, struct error *error)
{
	struct money_input input = { .type = ORDER_BANK_PAYIN,
				     .uid = r->arguments[0],
				     .account = r->arguments[1],
				     .currency = body_text(r, "currency"),
				     .reason = body_text(r, "reason"),
				     .requested_action = read_order_action(r, ORDER_COMPLETED) };
	const char *type = text_of(r, "type");

	input.amount = require_amount(r, "amount");
	if ((*type && !order_type_parse(type, &input.type)) || order_kinds[input.type].direction != ORDER_DIRECTION_IN)
		request_add_fault(r, "type",
				  "\"%s\" is not a type of payin; use BANK_PAYIN, CRYPTO_PAYIN or CARD_PAYIN", type);
	if (input.requested_action == ORDER_CANCEL)
		request_add_fault(r, "state", "The state of a payin must be COMPLETED, FAILED or PROCESSING");
	return run_order_verb(r, VERB_PAYIN, &input, error);
}

/* Does the same as the commands `sandbox order complete`, `fail` and `cancel`. */
static enum err handle_order_change(struct request *r, struct error *error)
{
	static const enum verb verbs[] = { [ORDER_COMPLETE] = VERB_ORDER_COMPLETE,
					   [ORDER_FAIL] = VERB_ORDER_FAIL,
					   [ORDER_CANCEL] = VERB_ORDER_CANCEL };
	enum order_action action = read_order_action(r, ORDER_PENDING);
	enum err err;

	if (action == ORDER_PROCESS)
		request_add_fault(r, "state",
				  "The new state of a pending order must be COMPLETED, FAILED or CANCELLED");
	err = request_check_faults(r, error);
	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = verbs[action], .part = r->arguments[0],
					   .reason = text_of(r, "reason"));
	r->error_code = err ? code_of(error) : NULL;
	return err ? err : answer_order(r, r->arguments[0], 200, error);
}

/* --- orders --- */

/* The path of the URL determines the type of the order. */
static enum err handle_payin(struct request *r, struct error *error)
{
	struct money_order order;
	enum err err = desk_money_order(r->desk, &r->arena, r->arguments[0], &order, error);

	if (!err && order.type != (enum order_type)r->route->row_kind)
		err = error_set(error, ERR_NOT_FOUND, "Unknown order \"%s\"", r->arguments[0]);
	return err ? err : answer_json(r, 200, order_json(&order));
}

static enum err handle_order(struct request *r, struct error *error)
{
	return answer_order(r, r->arguments[0], 200, error);
}

static const char *query_text(const struct request *r, const char *name)
{
	const char *text = request_query(r, name);

	return text ? text : "";
}

static void read_time_query(struct request *r, const char *name, int64_t *out)
{
	const char *text = request_query(r, name);
	struct error error = { 0 };

	if (text && time_parse(text, true, out, &error))
		request_add_fault(r, name, "%s", error.message);
	error_release(&error);
}

/* Reads the query parameters state, type, from, until, cursor and limit. */
static struct money_order_filter read_filter(struct request *r)
{
	struct money_order_filter filter = { .state = query_text(r, "state"),
					     .type = query_text(r, "type"),
					     .until = TIME_NONE,
					     .after = query_text(r, "cursor"),
					     .limit = (size_t)request_int(r, "limit", 1, PAGE_SIZE_MAX,
									  PAGE_SIZE_DEFAULT) };
	enum order_state state;
	enum order_type type;

	if (*filter.state && !order_state_parse(filter.state, &state))
		request_add_fault(r, "state", "Unknown state \"%s\"", filter.state);
	if (*filter.type && !order_type_parse(filter.type, &type))
		request_add_fault(r, "type", "Unknown type \"%s\"", filter.type);
	read_time_query(r, "from", &filter.from);
	read_time_query(r, "until", &filter.until);
	return filter;
}

static enum err list_orders(struct request *r, const struct money_account *account, struct error *error)
{
	struct money_order_filter filter = read_filter(r);
	struct money_order_list list;
	enum err err = request_check_faults(r, error);

	filter.account = account ? account->row : 0;
	if (!err)
		err = desk_money_orders(r->desk, &r->arena, &filter, &list, error);
	if (err)
		return err;
	JSON_LIST(data, i, list.count, order_json(&list.items[i]));
	return answer_json(
		r, 200,
		BODY(Orders, .data = data, .nextCursor = AS_TEXT(list.more ? list.items[list.count - 1].id : "")));
}

static enum err handle_orders(struct request *r, struct error *error)
{
	return list_orders(r, NULL, error);
}

static enum err find_account(struct request *r, struct money_account *account, struct error *error)
{
	return desk_money_account(r->desk, &r->arena, r->arguments[0], r->arguments[1], account, error);
}

static enum err handle_account_orders(struct request *r, struct error *error)
{
	struct money_account account;
	enum err err = find_account(r, &account, error);

	return err ? err : list_orders(r, &account, error);
}

/* --- ledger --- */

static enum err handle_entries(struct request *r, struct error *error)
{
	struct money_order_filter filter;
	struct ledger_entry_list list;
	struct money_account account;
	enum err err = find_account(r, &account, error);

	if (err)
		return err;
	filter = read_filter(r);
	filter.account = account.row;
	err = request_check_faults(r, error);
	if (!err)
		err = desk_money_entries(r->desk, &r->arena, &filter, &list, error);
	if (err)
		return err;
	JSON_LIST(data, i, list.count, entry_json(&list.items[i]));
	return answer_json(r, 200,
			   BODY(Transactions, .data = data,
				.nextCursor = AS_TEXT(list.more ? list.items[list.count - 1].id : "")));
}

static enum err handle_entry(struct request *r, struct error *error)
{
	struct ledger_entry entry;
	enum err err = desk_money_entry(r->desk, &r->arena, r->arguments[0], &entry, error);

	return err ? err : answer_json(r, 200, entry_json(&entry));
}

#define ACCOUNT_PATH "/api/v1/account/users/{uid}/accounts/{accountId}"
#define PAGE_QUERY "from:time until:time cursor:uuid limit:int"
#define ORDER_QUERY "state:OrderState type:OrderType " PAGE_QUERY

static const struct route rows[] = {
	{ ROUTE_CREATE, .needs_sandbox = true, .path = ACCOUNT_PATH "/transfers", .body_shape = "TransferNew",
	  .response = "201:Order", .verb = VERB_TRANSFER, .handle = handle_transfer,
	  .summary = "Transfer money to another account of the merchant, in a sandbox" },
	{ ROUTE_CREATE, .needs_sandbox = true, .path = ACCOUNT_PATH "/bank-payouts", .body_shape = "BankPayoutNew",
	  .response = "201:Order", .verb = VERB_PAYOUT, .handle = handle_bank_payout,
	  .summary = "Send money to a bank account, in a sandbox" },
	{ ROUTE_CREATE, .needs_sandbox = true, .path = ACCOUNT_PATH "/crypto-payouts", .body_shape = "CryptoPayoutNew",
	  .response = "201:Order", .verb = VERB_PAYOUT, .handle = handle_crypto_payout,
	  .summary = "Send money to a wallet, in a sandbox" },
	{ ROUTE_CREATE, .needs_sandbox = true, .path = ACCOUNT_PATH "/payins", .body_shape = "PayinNew",
	  .response = "201:Order", .verb = VERB_PAYIN, .handle = handle_simulated_payin,
	  .summary = "Simulate a payin that completes, fails or stays pending, in a sandbox" },
	{ ROUTE_CHANGE, .needs_sandbox = true, .path = "/api/v1/account/orders/{orderId}", .body_shape = "OrderChange",
	  .response = "200:Order", .verb = VERB_ORDER_COMPLETE, .handle = handle_order_change,
	  .summary = "Complete, fail or cancel a pending order of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = "/api/v1/account/bank-payins/{orderId}", .response = "200:Order",
	  .row_kind = ORDER_BANK_PAYIN, .handle = handle_payin, .summary = "Get a bank payin of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = "/api/v1/account/crypto-payins/{orderId}", .response = "200:Order",
	  .row_kind = ORDER_CRYPTO_PAYIN, .handle = handle_payin, .summary = "Get a crypto payin of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = "/api/v1/account/card-payins/{orderId}", .response = "200:Order",
	  .row_kind = ORDER_CARD_PAYIN, .handle = handle_payin, .summary = "Get a card payin of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = "/api/v1/account/orders", .query = ORDER_QUERY,
	  .response = "200:Orders", .handle = handle_orders,
	  .summary = "List the orders of a sandbox, the newest first" },
	{ ROUTE_READ, .needs_sandbox = true, .path = "/api/v1/account/orders/{orderId}", .response = "200:Order",
	  .handle = handle_order, .summary = "Get an order of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = ACCOUNT_PATH "/orders", .query = ORDER_QUERY,
	  .response = "200:Orders", .handle = handle_account_orders,
	  .summary = "List the orders of an account of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = ACCOUNT_PATH "/transactions", .query = PAGE_QUERY,
	  .response = "200:Transactions", .handle = handle_entries,
	  .summary = "List the ledger entries of an account of a sandbox" },
	{ ROUTE_READ, .needs_sandbox = true, .path = "/api/v1/account/transactions/{transactionId}",
	  .response = "200:Transaction", .handle = handle_entry, .summary = "Get a ledger entry of a sandbox" },
};
const struct routes routes_ralio_money = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
