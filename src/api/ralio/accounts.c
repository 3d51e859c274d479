/* Accounts of verified users. */
#include "kybdesk/codec/money_codec.h"
#include "kybdesk/desk/sandbox.h"
#include "ralio/ralio.h"
#include "shape.h"

#include <string.h>

/* Only an account of a sandbox has money, and a state that follows the level of the user. The response to POST has
 * only the members of the seed. */
static enum err account_json(struct request *r, const struct money_account *account, struct json_value **out,
			     struct error *error)
{
	struct money_account money = { .suspension_reason = "" };
	char iban[SANDBOX_IBAN_SIZE] = "";
	bool sandbox = desk_is_sandbox(r->desk), seed_only = !sandbox || !strcmp(r->method, "POST");
	enum err err =
		sandbox ? desk_money_account(r->desk, &r->arena, r->arguments[0], account->id, &money, error) : ERR_OK;

	if (err)
		return err;
	if (!seed_only)
		desk_money_iban(&money, iban);
	*out = BODY(Account, .id = AS_TEXT(account->id), .currency = AS_TEXT(account->currency),
		    .balance = sandbox ? json_new_amount(money.settled_amount - money.reserved_amount, money.currency)
				       : AS_INT(0),
		    .state = AS_TEXT(*money.suspension_reason ? "SUSPENDED" : "ACTIVE"),
		    .label = AS_TEXT(account->label), .userId = AS_TEXT(r->arguments[0]), .iban = AS_TEXT(iban),
		    .walletAddress = AS_TEXT(seed_only ? "" : desk_money_wallet(&r->arena, &money)));
	return ERR_OK;
}

static enum err answer_account(struct request *r, int status, const struct money_account *account, struct error *error)
{
	struct json_value *body = NULL;
	enum err err = account_json(r, account, &body, error);

	return err ? err : answer_json(r, status, body);
}

static enum err handle_open_account(struct request *r, struct error *error)
{
	const char *currency = body_require_text(r, "currency"), *label = body_text(r, "label");
	struct use_out out;
	enum err err = API_DO(r, &out, error, .verb = VERB_ACCOUNT_OPEN, .capacity = CAPACITY_MERCHANT,
			      .part = r->arguments[0], .type = currency, .text = label);

	if (err == ERR_FORBIDDEN)
		r->error_code = "not_verified";
	if (err)
		return err;
	return answer_account(
		r, 201, &(struct money_account){ .id = out.part_id, .currency = currency, .label = label ? label : "" },
		error);
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct json_value *data;
	struct money_account_list list;
	enum err err = desk_external_accounts(r->desk, &r->arena, r->arguments[0], &list, error);

	if (err)
		return err;
	data = json_new_array();
	for (size_t i = 0; !err && i < list.count; i++) {
		struct json_value *item = NULL;

		err = account_json(r, &list.items[i], &item, error);
		if (!err)
			json_append(data, item);
	}
	return answer_unless(r, err, BODY(Accounts, .data = data));
}

static enum err handle_get(struct request *r, struct error *error)
{
	struct money_account_list list;
	enum err err = desk_external_accounts(r->desk, &r->arena, r->arguments[0], &list, error);

	for (size_t i = 0; !err && i < list.count; i++)
		if (!strcmp(list.items[i].id, r->arguments[1]))
			return answer_account(r, 200, &list.items[i], error);
	return err ? err : error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", r->arguments[1]);
}

#define ACCOUNTS_PATH "/api/v1/account/users/{uid}/accounts"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = ACCOUNTS_PATH, .body_shape = "AccountNew", .response = "201:Account",
	  .verb = VERB_ACCOUNT_OPEN, .handle = handle_open_account, .summary = "Open an account for a verified user" },
	{ ROUTE_READ, .path = ACCOUNTS_PATH, .response = "200:Accounts", .handle = handle_list,
	  .summary = "List the accounts of a user" },
	{ ROUTE_READ, .path = ACCOUNTS_PATH "/{accountId}", .response = "200:Account", .handle = handle_get,
	  .summary = "Get an account" },
};
const struct routes routes_ralio_accounts = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
