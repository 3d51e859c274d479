/* Accounts of verified users. */
#include "ralio/ralio.h"

static enum err answer_open(struct request *r, struct error *error)
{
	const char *currency = body_need(r, "currency"), *label = body_text(r, "label");
	struct json_value *body;
	struct use_out out;
	enum err err = request_check(r, error);

	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_ACCOUNT_OPEN, .as = CAPACITY_MERCHANT,
			     .part = r->arguments[0], .type = currency, .text = label);
	if (err == ERR_FORBIDDEN)
		r->code = "not_verified";
	if (err)
		return err;
	body = json_new_object();
	json_set_text(body, "id", out.part_id);
	json_set_text(body, "currency", currency);
	json_set_int(body, "balance", 0);
	json_set_text(body, "state", "ACTIVE");
	json_set_text(body, "label", label ? label : "");
	json_set_text(body, "userId", r->arguments[0]);
	return answer_json(r, 201, body);
}

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = "/api/v1/account/users/{uid}/accounts", .takes = "AccountNew",
	  .response = "201:Account", .verb = VERB_ACCOUNT_OPEN, .answer = answer_open,
	  .summary = "Open an account for a verified user" },
};
const struct routes routes_ralio_accounts = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
