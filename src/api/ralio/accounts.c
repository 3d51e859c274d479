/* Accounts of verified users. */
#include "kybdesk/desk/outside.h"
#include "ralio/ralio.h"

#include <string.h>

static struct json_value *account_json(struct request *r, const struct account *account)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", account->id);
	json_set_text(out, "currency", account->currency);
	json_set_int(out, "balance", 0);
	json_set_text(out, "state", "ACTIVE");
	json_set_text(out, "label", account->label);
	json_set_text(out, "userId", r->arguments[0]);
	return out;
}

static enum err answer_open(struct request *r, struct error *error)
{
	const char *currency = body_need(r, "currency"), *label = body_text(r, "label");
	struct use_out out;
	enum err err = request_check(r, error);

	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_ACCOUNT_OPEN, .as = CAPACITY_MERCHANT,
			     .part = r->arguments[0], .type = currency, .text = label);
	if (err == ERR_FORBIDDEN)
		r->code = "not_verified";
	if (err)
		return err;
	return answer_json(r, 201,
			   account_json(r, &(struct account){ .id = out.part_id,
							      .currency = currency,
							      .label = label ? label : "" }));
}

static enum err answer_list(struct request *r, struct error *error)
{
	struct json_value *body, *data;
	struct account *items;
	size_t count;
	enum err err = desk_outside_accounts(r->desk, &r->arena, r->arguments[0], &items, &count, error);

	if (err)
		return err;
	body = json_new_object();
	data = json_new_array();
	for (size_t i = 0; i < count; i++)
		json_append(data, account_json(r, &items[i]));
	json_set(body, "data", data);
	return answer_json(r, 200, body);
}

static enum err answer_get(struct request *r, struct error *error)
{
	struct account *items;
	size_t count;
	enum err err = desk_outside_accounts(r->desk, &r->arena, r->arguments[0], &items, &count, error);

	for (size_t i = 0; !err && i < count; i++) {
		if (!strcmp(items[i].id, r->arguments[1]))
			return answer_json(r, 200, account_json(r, &items[i]));
	}
	return err ? err : error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", r->arguments[1]);
}

#define ACCOUNTS "/api/v1/account/users/{uid}/accounts"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = ACCOUNTS, .takes = "AccountNew", .response = "201:Account",
	  .verb = VERB_ACCOUNT_OPEN, .answer = answer_open, .summary = "Open an account for a verified user" },
	{ ROUTE_READ, .path = ACCOUNTS, .response = "200:Accounts", .answer = answer_list,
	  .summary = "List the accounts of a user" },
	{ ROUTE_READ, .path = ACCOUNTS "/{accountId}", .response = "200:Account", .answer = answer_get,
	  .summary = "Get an account" },
};
const struct routes routes_ralio_accounts = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
