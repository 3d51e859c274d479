/* The money of a sandbox, through the API, the commands and the webhooks (seed ralio-sandbox, steps 4 to 7). */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USERS "/api/v1/account"

static char *uid, *session, *first, *second;

static void set_up(void)
{
	api_open(&api, NULL);
	DONE("endpoint", "add", "--merchant", "shop", "--url", "http://127.0.0.1:1/", "--event", "*");
	NEED(201, "POST", "{\"firstName\":\"Ana\",\"lastName\":\"Silva\",\"country\":\"PT\"}",
	     USERS "/individual-users");
	uid = api_keep(&api, "uid");
	NEED(201, "POST", NULL, USERS "/individual-users/%s/kyc-sessions", uid);
	session = api_keep(&api, "id");
	DONE("approve", session, "--grace", "0");
	NEED(201, "POST", "{\"currency\":\"EUR\",\"label\":\"Main\"}", USERS "/users/%s/accounts", uid);
	first = api_keep(&api, "id");
	NEED(201, "POST", "{\"currency\":\"USD\"}", USERS "/users/%s/accounts", uid);
	second = api_keep(&api, "id");
}

TestSuite(money, .init = set_up, .fini = api_tear_down);

static int fund(const char *account, const char *amount, const char *option)
{
	return option ? box_run(&api.box, "sandbox", "fund", account, amount, option, NULL)
		      : box_run(&api.box, "sandbox", "fund", account, amount, NULL);
}

/* Compares the balance as text, so that no number is rounded. */
static void expect_account(const char *account, const char *balance, const char *state)
{
	NEED(200, "GET", NULL, USERS "/users/%s/accounts/%s", uid, account);
	char *wanted = test_text("\"balance\":%s,", balance);
	BODY_HAS(wanted);
	ANSWERS(test_text("state: %s", state));
}

static int transfer(const char *to, const char *amount)
{
	char *body = test_text("{\"origin\":{\"currency\":\"EUR\",\"amount\":%s},\"recipient\":{\"accountId\":\"%s\"},"
			       "\"reference\":\"Rent\"}",
			       amount, to);
	return api_callf(&api, "POST", body, USERS "/users/%s/accounts/%s/transfers", uid, first);
}

static int payout(const char *amount, const char *iban, const char *holder, const char *code)
{
	char *body = test_text("{\"origin\":{\"currency\":\"EUR\",\"amount\":%s},\"recipient\":{\"iban\":\"%s\","
			       "\"accountHolder\":\"%s\",\"bankName\":\"Banco Santander\"},\"reference\":\"Invoice "
			       "#1042\",\"code2fa\":\"%s\"}",
			       amount, iban, holder, code);
	return api_callf(&api, "POST", body, USERS "/users/%s/accounts/%s/bank-payouts", uid, first);
}
#define IBAN "ES9121000418450200051332"

/* The webhooks of payins, payouts and transfers so far, oldest first: "a b c". */
static void expect_events(const char *wanted)
{
	const json_t *data;
	char all[2000] = "";

	DONE_JSON("webhook", "list");
	data = json_path(api.box.json, "data");
	for (size_t i = json_array_size(data); i-- > 0;) {
		const char *type = json_path_text(json_array_get(data, i), "type");
		size_t used = strlen(all);

		if (strncmp(type, "pay", 3) && strncmp(type, "transfer", 8))
			continue;
		snprintf(all + used, sizeof all - used, "%s%s", used ? " " : "", type);
	}
	cr_expect_str_eq(all, wanted);
}

/* Changes the store without the program; false if the store refuses this. */
static bool in_store(const char *sql)
{
	return api_try_in_store(&api, sql);
}

/* The entries of an order sum to 0 in each currency; an account's settled and reserved match its entries and orders. */
static void expect_books_closed(void)
{
	DONE("audit", "verify");
	cr_expect_eq(
		api_number(&api,
			   "SELECT (SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY order_id, currency "
			   "HAVING sum(amount) <> 0)) + (SELECT count(*) FROM account a WHERE settled <> "
			   "(SELECT coalesce(sum(amount), 0) FROM ledger_entry e WHERE e.account_id = a.id)) + "
			   "(SELECT count(*) FROM account a WHERE reserved <> (SELECT coalesce(sum(amount), 0) FROM "
			   "money_order o WHERE o.account_id = a.id AND o.type NOT LIKE '%PAYIN' AND o.state IN "
			   "('PENDING', 'PROCESSING')))"),
		0);
}

Test(money, a_payin_is_credited_and_told)
{
	expect_account(first, "0", "ACTIVE");
	cr_assert_eq(fund(first, "250.10", NULL), 0, "%s", api.box.last.err);
	expect_account(first, "250.10", "ACTIVE");
	expect_events("payin.processing payin.completed");
	GETS((USERS "/orders"), "data[0].type: BANK_PAYIN", "data[0].state: COMPLETED");
	char *order = api_keep(&api, "data[0].id");
	READ_ONLY((USERS "/bank-payins/%s", order), "\"amount\":250.10,");
	ASK(404, "GET", NULL, USERS "/crypto-payins/%s", order);
	GIVES(("sandbox", "order", "show", order), "webhooks has 2", "webhooks[0].type: payin.processing",
	      "webhooks[1].type: payin.completed", "webhooks[1].deliveries[0].url: http://127.0.0.1:1/",
	      "webhooks[0].deliveries has 1");
	TELLS(("sandbox", "order", "show", order), "payin.completed", "due       http://127.0.0.1:1/");
	GETS((USERS "/users/%s/accounts/%s/transactions", uid, first), test_text("data[0].orderId: %s", order));
	api.token = api.other_key;
	ASK(404, "GET", NULL, USERS "/bank-payins/%s", order);
	ASK(404, "GET", NULL, USERS "/orders/%s", order);
	GETS((USERS "/orders"), "data has 0");
	api.token = api.key;
	expect_books_closed();
}

Test(money, a_payin_fails_or_waits_as_the_simulator_says)
{
	DONE("sandbox", "fund", first, "10", "--fail", "the bank refused it");
	cr_assert_eq(fund(first, "20", "--hold"), 0);
	expect_account(first, "0", "ACTIVE");
	expect_events("payin.processing payin.failed payin.processing");
	NEED(200, "GET", NULL, USERS "/orders?state=PROCESSING");
	char *order = api_keep(&api, "data[0].id");
	DONE("sandbox", "order", "complete", order);
	expect_account(first, "20", "ACTIVE");
	REFUSED(4, "Cannot fail an order: the order is COMPLETED, which is final", "sandbox", "order", "fail", order);
	TELLS(("sandbox", "fund", first, "100", "--type", "crypto"), "100 USDC, at 0.92");
	expect_account(first, "112", "ACTIVE");
	expect_books_closed();
}

/* Changes or simulates an order. Returns the state of the order, or the field that the refusal names. */
static const char *simulate(int status, const char *method, const char *path, const char *body)
{
	ASK(status, method, body, "%s", path);
	return status < 300 ? reply_text(&api.last, "state") : json_path_text(api.last.json, "error.fields[0].field");
}

Test(money, an_integrator_simulates_payins_and_ends_orders_by_calls)
{
	char *payins = test_text(USERS "/users/%s/accounts/%s/payins", uid, first);
	cr_expect_str_eq(simulate(201, "POST", payins, "{\"amount\":250.10}"), "COMPLETED");
	expect_account(first, "250.10", "ACTIVE");
	cr_expect_str_eq(simulate(400, "POST", payins, "{}"), "amount");
	cr_expect_str_eq(simulate(400, "POST", payins, "{\"amount\":-1}"), "amount");
	cr_expect_str_eq(simulate(400, "POST", payins, "{\"amount\":1,\"type\":\"TRANSFER\"}"), "type");
	cr_expect_str_eq(simulate(400, "POST", payins, "{\"amount\":1,\"state\":\"PENDING\"}"), "state");
	cr_expect_str_eq(simulate(400, "POST", payins, "{\"amount\":1,\"state\":\"CANCELLED\"}"), "state");
	cr_expect_str_eq(simulate(400, "POST", payins, "{\"amount\":1,\"currency\":\"USDC\"}"), "currency");
	cr_expect_str_eq(simulate(201, "POST", payins, "{\"amount\":1,\"state\":\"PROCESSING\"}"), "PROCESSING");
	char *id = api_keep(&api, "id");
	char *order = test_text(USERS "/orders/%s", id);
	cr_expect_str_eq(simulate(400, "PATCH", order, "{}"), "state");
	cr_expect_str_eq(simulate(400, "PATCH", order, "{\"state\":\"PENDING\"}"), "state");
	cr_expect_str_eq(simulate(400, "PATCH", order, "{\"state\":\"PROCESSING\"}"), "state");
	cr_expect_str_eq(simulate(200, "PATCH", order, "{\"state\":\"CANCELLED\",\"reason\":\"Changed mind\"}"),
			 "CANCELLED");
	ASK(409, "PATCH", "{\"state\":\"COMPLETED\"}", "%s", order);
	expect_account(first, "250.10", "ACTIVE");
}

Test(money, a_transfer_moves_it_at_once_or_not_at_all)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(transfer(second, "46.00"), 201, "%s", api.last.body);
	ANSWERS("state: COMPLETED");
	expect_account(first, "54", "ACTIVE");
	expect_account(second, "49.99", "ACTIVE");
	expect_events("payin.processing payin.completed transfer.processing transfer.completed");
	cr_expect_eq(transfer(second, "54.01"), 409, "%s", api.last.body);
	ANSWERS("error.code: insufficient_funds");
	cr_expect_eq(transfer(first, "1"), 400);
	cr_expect_eq(transfer(session, "1"), 404);
	cr_expect_eq(transfer(second, "0.001"), 400);
	cr_expect_eq(transfer(second, "1e1"), 400);
	cr_expect_eq(transfer(second, "\"1\""), 400);
	cr_expect_eq(transfer(second, "-1"), 400);
	GETS((USERS "/orders?type=TRANSFER"), "data has 1"); /* a refused transfer leaves no order */
	expect_account(first, "54", "ACTIVE");
	expect_books_closed();
}

Test(money, an_order_can_be_read_before_it_begins)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	for (int completes = 0; completes < 2; completes++) {
		cr_assert_eq(payout("40", IBAN, "Jane #pending", "123456"), 201, "%s", api.last.body);
		ANSWERS("state: PENDING");
		char *order = test_text(USERS "/orders/%s", reply_text(&api.last, "id"));
		GETS(("%s", order), "state: PENDING");
		expect_account(first, "60", "ACTIVE"); /* the amount is reserved */
		cr_expect_str_eq(simulate(200, "PATCH", order,
					  completes ? "{\"state\":\"COMPLETED\"}" : "{\"state\":\"CANCELLED\"}"),
				 completes ? "COMPLETED" : "CANCELLED");
		expect_account(first, completes ? "60" : "100", "ACTIVE");
	}
	expect_books_closed();
}

Test(money, a_payout_reserves_and_gives_back)
{
	cr_assert_eq(fund(first, "1000", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(payout("250", IBAN, "Jane Doe", "123456"), 201, "%s", api.last.body);
	ANSWERS("state: COMPLETED", test_text("recipient.iban: %s", IBAN));
	expect_account(first, "750", "ACTIVE");
	cr_assert_eq(payout("700", IBAN, "Jane #hold", "123456"), 201, "%s", api.last.body);
	ANSWERS("state: PROCESSING");
	char *order = api_keep(&api, "id");
	expect_account(first, "50", "ACTIVE");
	cr_expect_eq(payout("51", IBAN, "Jane Doe", "123456"), 409, "what is reserved is not spent twice");
	cr_assert_eq(payout("50", IBAN, "Jane #fail", "123456"), 201, "%s", api.last.body);
	ANSWERS("state: FAILED");
	expect_account(first, "50", "ACTIVE");
	DONE("sandbox", "order", "cancel", order, "--reason", "Typed twice");
	expect_account(first, "750", "ACTIVE");
	cr_expect_eq(payout("1", IBAN, "Jane Doe", "000000"), 403, "%s", api.last.body);
	ANSWERS("error.code: wrong_code");
	cr_expect_eq(payout("1", IBAN, "Jane Doe", "12345"), 400);
	cr_expect_eq(payout("1", "ES9121000418450200051333", "Jane Doe", "123456"), 400);
	cr_expect_eq(payout("1", "ES912100041845020005133", "Jane Doe", "123456"), 400);
	expect_events("payin.processing payin.completed payout.processing payout.completed payout.processing "
		      "payout.processing");
	expect_books_closed();
}

Test(money, an_account_is_suspended_while_its_user_is_not_verified)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	DONE("reopen", session, "--reason", "The document turned out to be forged");
	expect_account(first, "100", "SUSPENDED");
	cr_expect_eq(transfer(second, "1"), 403, "%s", api.last.body);
	ANSWERS("error.code: account_suspended");
	cr_expect_eq(fund(first, "1", NULL), 7);
	SAYS("the account is SUSPENDED. The user is not verified");
	api_in_store(&api, "UPDATE session SET status = 'approved' WHERE status = 'manual_review'");
	expect_account(first, "100", "ACTIVE");
	cr_expect_eq(transfer(second, "1"), 201, "%s", api.last.body);
}

#define CHANGED_ENTRIES(id)                                                                                            \
	"SELECT " id ", uuid, order_id, account_id, book, currency, amount + 1, balance + 1, created_at FROM "         \
	"ledger_entry WHERE account_id IS NOT NULL"

Test(money, the_ledger_is_append_only_and_no_balance_is_negative)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	cr_expect_not(in_store("UPDATE ledger_entry SET amount = 1"));
	cr_expect_not(in_store("DELETE FROM ledger_entry"));
	cr_expect_not(in_store("UPDATE account SET settled = -1"));
	cr_expect_not(in_store("UPDATE account SET reserved = settled + 1"));
	cr_expect_not(in_store("UPDATE money_order SET state = 'DONE'"));
	expect_account(first, "100", "ACTIVE");
	DONE("audit", "verify");
	/* SQLite runs no DELETE trigger for rows that INSERT OR REPLACE deletes. */
	cr_expect_not(in_store("INSERT OR REPLACE INTO ledger_entry " CHANGED_ENTRIES("id")));
	cr_expect_not(in_store("INSERT OR REPLACE INTO ledger_entry " CHANGED_ENTRIES("id + 1000")));
	cr_assert(in_store("DROP TRIGGER ledger_entry_no_replace; "
			   "INSERT OR REPLACE INTO ledger_entry " CHANGED_ENTRIES("id")));
	REFUSED(8, "ledger_entry 2 was changed outside this program", "audit", "verify");
}

Test(money, orders_come_in_pages)
{
	for (int i = 0; i < 3; i++)
		cr_assert_eq(fund(first, "1", NULL), 0, "%s", api.box.last.err);
	GETS((USERS "/users/%s/accounts/%s/orders?limit=2", uid, first), "data has 2");
	GETS((USERS "/users/%s/accounts/%s/orders?limit=2&cursor=%s", uid, first, api_keep(&api, "nextCursor")),
	     "data has 1", "nextCursor = null");
	ASK(400, "GET", NULL, USERS "/orders?cursor=%s", session);
	ASK(400, "GET", NULL, USERS "/orders?state=DONE");
}

/* Amounts of a transfer to the second account. Each is refused with this field, and moves no money. */
static const struct {
	const char *amount, *field; /* field "": the parser refuses the whole body */
} wrong_amounts[] = {
	{ "1e2", "origin.amount" },
	{ "1E+2", "origin.amount" },
	{ "0.1e1", "origin.amount" },
	{ "-5", "origin.amount" },
	{ "-0", "origin.amount" },
	{ "0", "origin.amount" },
	{ "0.00", "origin.amount" },
	{ "0.001", "origin.amount" },
	{ "9999999999999999", "origin.amount" },
	{ "10000000000000.00", "origin.amount" },
	{ "9223372036854775807", "origin.amount" },
	{ "1e30", "origin.amount" },
	{ "-9223372036854775808", "origin.amount" },
	{ "0.00000000000000000000000000000000000000001", "origin.amount" },
	{ "null", "origin.amount" },
	{ "true", "origin.amount" },
	{ "[1]", "origin.amount" },
	{ "\"5\"", "origin.amount" },
	{ "{}", "origin.amount" },
	{ "1,\"amount\":90000", "amount" },
	{ "9223372036854775808", "" },
	{ "1000000000000000000000000000000", "" },
	{ "1e400", "" },
	{ "1.", "" },
	{ "01", "" },
	{ "Infinity", "" },
};

Test(money, a_wrong_amount_is_refused_with_its_field)
{
	cr_assert_eq(fund(first, "100000", NULL), 0, "%s", api.box.last.err);
	for (size_t i = 0; i < sizeof wrong_amounts / sizeof *wrong_amounts; i++) {
		const char *amount = wrong_amounts[i].amount, *field = wrong_amounts[i].field;

		cr_expect_eq(transfer(second, amount), 400, "%s: %s", amount, api.last.body);
		if (*field)
			ANSWERS(test_text("error.fields[0].field: %s", field));
		/* The error must not suggest a string, since a string is refused, too. */
		cr_expect_null(strstr(api.last.body, "string"), "%s: %s", amount, api.last.body);
	}
	expect_account(first, "100000", "ACTIVE");
	cr_assert_eq(transfer(second, "1.000"), 201, "%s", api.last.body);
	expect_account(first, "99999", "ACTIVE");
}

/* A new account of the user in this currency. */
static char *open_in(const char *currency)
{
	char body[40];

	(void)snprintf(body, sizeof body, "{\"currency\":\"%s\"}", currency);
	NEED(201, "POST", body, USERS "/users/%s/accounts", uid);
	return api_keep(&api, "id");
}

/* The balance of the account after a payin of this amount; "": the amount is refused. */
static const struct {
	const char *currency, *amount, *balance;
} amounts_of[] = {
	{ "JPY", "0.5", "" },
	{ "JPY", "1.01", "" },
	{ "JPY", "7", "7" },
	{ "JPY", "7.000", "14" },
	{ "KWD", "1.2345", "" },
	{ "KWD", "0.0001", "" },
	{ "KWD", "1.234", "1.234" },
	{ "KWD", "0.001", "1.235" },
	{ "KWD", "0.7650", "2" },
	{ "EUR", "0.001", "" },
	{ "EUR", "0.10", "0.10" },
	{ "EUR", "00.20", "0.30" },
	{ "EUR", "1e3", "" },
	{ "EUR", "-1", "" },
	{ "EUR", "+1", "" },
	{ "EUR", " 1", "" },
	{ "EUR", "1,5", "" },
	{ "EUR", "0x10", "" },
	{ "EUR", "\u0661", "" },
	{ "EUR", ".5", "" },
	{ "EUR", "5.", "" },
	{ "EUR", "NaN", "" },
	{ "EUR", "", "" },
	{ "EUR", "1000000000000000000000000000000", "" },
	{ "EUR", "92233720368547758.08", "" },
};

Test(money, each_currency_takes_its_decimals_and_no_other)
{
	static const char *const currencies[] = { "JPY", "KWD", "EUR" };
	const char *kept[] = { "0", "0", "0" };
	char *accounts[] = { open_in("JPY"), open_in("KWD"), open_in("EUR") };

	for (size_t i = 0; i < sizeof amounts_of / sizeof *amounts_of; i++) {
		const char *amount = amounts_of[i].amount, *balance = amounts_of[i].balance;
		size_t at = 0;
		int status;

		while (strcmp(currencies[at], amounts_of[i].currency) != 0)
			at++;
		status = box_run(&api.box, "sandbox", "fund", "--", accounts[at], amount, NULL);
		cr_expect_eq(status, *balance ? 0 : 9, "\"%s\" %s: %d %s", amount, currencies[at], status,
			     api.box.last.err);
		if (*balance)
			kept[at] = balance;
		expect_account(accounts[at], kept[at], "ACTIVE");
	}
	expect_books_closed();
}

/* A payin or a transfer to an account with the largest possible balance is refused, and moves no money. */
Test(money, a_full_account_takes_no_more)
{
	char *full = open_in("EUR");

	cr_assert_eq(fund(full, "9999999999999.99", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(fund(first, "1", NULL), 0, "%s", api.box.last.err);
	cr_expect_eq(fund(full, "0.01", NULL), 9, "%s", api.box.last.err);
	SAYS("would be too large");
	cr_expect_eq(transfer(full, "0.01"), 400, "%s", api.last.body);
	ANSWERS("error.fields[0].field: origin.amount");
	expect_account(first, "1", "ACTIVE");
	expect_account(full, "9999999999999.99", "ACTIVE");
	GETS((USERS "/orders?type=TRANSFER"), "data has 0");
	expect_books_closed();
}

/* Ids that contain SQL or odd percent codes. */
static const char *const hostile_ids[] = { "%27%20OR%20%271%27=%271", "%27;DROP%20TABLE%20account;--", "1%20OR%201=1",
					   "%25", "%2527" };

Test(money, an_odd_id_is_just_unknown)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	for (size_t i = 0; i < sizeof hostile_ids / sizeof *hostile_ids; i++) {
		const char *id = hostile_ids[i];

		ASK(404, "GET", NULL, USERS "/orders/%s", id);
		ASK(404, "GET", NULL, USERS "/users/%s/accounts/%s/transactions", uid, id);
		ASK(404, "PATCH", "{\"state\":\"CANCELLED\"}", USERS "/orders/%s", id);
		ASK(400, "GET", NULL, USERS "/orders?cursor=%s", id);
	}
	cr_expect_eq(transfer("' OR '1'='1", "1"), 404, "%s", api.last.body);
	char *hostile = test_text("%s' --", first);
	cr_expect_eq(transfer(hostile, "1"), 404, "%s", api.last.body);
	ENDS(6, "sandbox", "fund", hostile, "1");
	expect_account(first, "100", "ACTIVE");
	expect_books_closed();
}

/* The query finds `count` orders of the account. */
static void expect_listed(size_t count, const char *query)
{
	NEED(200, "GET", NULL, USERS "/users/%s/accounts/%s/orders?%s", uid, first, query);
	cr_expect_eq(json_array_size(json_path(api.last.json, "data")), count, "%s: %s", query, api.last.body);
}

Test(money, orders_are_found_by_state_type_and_time)
{
	cr_assert_eq(fund(first, "5", "--hold"), 0);
	cr_assert_eq(fund(first, "100", NULL), 0);
	cr_assert_eq(payout("1", IBAN, "Jane #hold", "123456"), 201, "%s", api.last.body);
	char *made = api_keep(&api, "createdAt");
	expect_listed(3, "");
	expect_listed(2, "state=PROCESSING");
	expect_listed(1, "state=PROCESSING&type=BANK_PAYOUT");
	expect_listed(0, "state=FAILED");
	expect_listed(0, "until=2001-01-01");
	expect_listed(3, "from=2001-01-01");
	expect_listed(1, test_text("type=BANK_PAYOUT&from=%s&until=%s", made, made));
	ASK(400, "GET", NULL, USERS "/orders?from=yesterday");
	ANSWERS("error.fields[0].field: from");
}

/* Sends a payout to an IBAN. kept: the IBAN of the order; "": the payout is refused. */
static void expect_iban(const char *iban, const char *kept)
{
	int status = payout("1", iban, "Jane Doe", "123456");

	cr_expect_eq(status, *kept ? 201 : 400, "%s: %s", iban, api.last.body);
	if (*kept)
		ANSWERS(test_text("recipient.iban: %s", kept));
	else
		ANSWERS("error.fields[0].field: recipient.iban");
}

Test(money, an_iban_has_many_spellings_and_one_form)
{
	static const char *const wrong[] = { "ES91-2100-0418-4502-0005-1332",
					     "IBAN " IBAN,
					     IBAN "X",
					     IBAN "\\n",
					     "XX9121000418450200051332",
					     "ES91",
					     "ES91O1000418450200051332",
					     "\uff25\uff339121000418450200051332" };

	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	expect_iban("ES91 2100 0418 4502 0005 1332", IBAN);
	expect_iban("es91 2100 0418 4502 0005 1332", IBAN);
	expect_iban("gb82 west 1234 5698 7654 32", "GB82WEST12345698765432");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		expect_iban(wrong[i], "");
	cr_expect_eq(payout("1", IBAN, " ", "123456"), 400);
	ANSWERS("error.fields[0].field: recipient.accountHolder");
	ASK(400, "POST",
	    "{\"origin\":{\"currency\":\"EUR\",\"amount\":1},\"recipient\":{\"iban\":\"" IBAN
	    "\",\"accountHolder\":\"Jane Doe\"}}",
	    USERS "/users/%s/accounts/%s/bank-payouts", uid, first);
	ANSWERS("error.fields[0].field: code2fa");
	expect_account(first, "97", "ACTIVE");
	/* The command does not print an escape character of a name. */
	cr_assert_eq(payout("1", IBAN, "E\\u001b[31mvil", "123456"), 201, "%s", api.last.body);
	DONE("sandbox", "order", "show", reply_text(&api.last, "id"));
	cr_expect_null(strchr(api.box.last.out, 0x1b));
}

/* Concurrent payouts of 30 from a balance of 100; then two bodies with one Idempotency-Key. */
Test(money, payouts_at_once_never_overdraw)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	char *line = test_text("seq 16 | xargs -P 8 -I{} curl -s -o /dev/null -w '%%{http_code}\n' -H 'Authorization: "
			       "Bearer %s' --json '{\"origin\":{\"currency\":\"EUR\",\"amount\":30},\"recipient\":"
			       "{\"iban\":\"" IBAN "\",\"accountHolder\":\"Jane #hold\"},\"code2fa\":\"123456\"}' "
			       "http://127.0.0.1:%d" USERS "/users/%s/accounts/%s/bank-payouts | sort | uniq -c",
			       api.key, api.port, uid, first);
	DONE_SHELL(line);
	PRINTS(" 3 201\n", " 13 409\n");
	expect_account(first, "10", "ACTIVE");
	line = test_text(USERS "/users/%s/accounts/%s/transfers", uid, first);
	for (int i = 0; i < 3; i++) {
		char *body = test_text("{\"origin\":{\"currency\":\"EUR\",\"amount\":%d},\"recipient\":{"
				       "\"accountId\":\"%s\"}}",
				       i == 2 ? 5 : 4, second);
		cr_expect_eq(api_once(&api, "k-1", line, body), i == 2 ? 409 : 201, "%s", api.last.body);
	}
	ANSWERS("error.code: idempotency_key_used");
	expect_account(first, "6", "ACTIVE");
	expect_books_closed();
}

/* A payout that is sent eight times at once with one key, and again after a crash of the server, is done once. */
Test(money, a_payout_with_one_key_leaves_once)
{
	static const char body[] = "{\"origin\":{\"currency\":\"EUR\",\"amount\":30},\"recipient\":{\"iban\":\"" IBAN
				   "\",\"accountHolder\":\"Jane Doe\"},\"code2fa\":\"123456\"}";

	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	char *path = test_text(USERS "/users/%s/accounts/%s/bank-payouts", uid, first);
	char *line = test_text("seq 8 | xargs -P 8 -I{} curl -s -o /dev/null -w '%%{http_code}\n' -H 'Authorization: "
			       "Bearer %s' -H 'Idempotency-Key: rent-11' --json '%s' http://127.0.0.1:%d%s | "
			       "grep -Evc '^(201|409)$'",
			       api.key, body, api.port, path);
	(void)box_shell(&api.box, line);
	cr_expect_str_eq(api.box.last.out, "0\n", "%s", api.box.last.err);
	expect_account(first, "70", "ACTIVE");
	api_crash(&api);
	cr_expect_eq(api_once(&api, "rent-11", path, body), 201, "%s", api.last.body);
	char *order = api_keep(&api, "id");
	GETS((USERS "/orders?type=BANK_PAYOUT"), "data has 1", test_text("data[0].id: %s", order));
	expect_account(first, "70", "ACTIVE");
	/* A request with another key or without a key is another payout. */
	cr_expect_eq(api_once(&api, "rent-12", path, body), 201, "%s", api.last.body);
	ASK(201, "POST", body, "%s", path);
	ASK(409, "POST", body, "%s", path);
	expect_account(first, "10", "ACTIVE");
	expect_books_closed();
}

Test(money, of_another_merchant_is_not_there)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	NEED(200, "GET", NULL, USERS "/users/%s/accounts/%s/transactions", uid, first);
	char *order = api_keep(&api, "data[0].orderId");
	char *entry = api_keep(&api, "data[0].id");
	api.token = api.other_key;
	/* The order of another merchant is an invalid cursor, as an unknown order is. */
	ASK(400, "GET", NULL, USERS "/orders?cursor=%s", order);
	ASK(404, "GET", NULL, USERS "/transactions/%s", entry);
	ASK(404, "PATCH", "{\"state\":\"CANCELLED\"}", USERS "/orders/%s", order);
	cr_expect_eq(transfer(second, "1"), 404);
	cr_expect_eq(payout("1", IBAN, "Jane Doe", "123456"), 404);
	ASK(404, "POST", "{\"amount\":1}", USERS "/users/%s/accounts/%s/payins", uid, first);
	api.token = api.key;
	/* A cursor must be an entry of the same account. */
	ASK(400, "GET", NULL, USERS "/users/%s/accounts/%s/transactions?cursor=%s", uid, second, entry);
	expect_account(first, "100", "ACTIVE");
}

/* If the user's level falls while a payout waits, the payout can be cancelled but not completed. */
Test(money, an_order_of_a_suspended_account_only_ends_without_effect)
{
	cr_assert_eq(fund(first, "100", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(payout("40", IBAN, "Jane #hold", "123456"), 201, "%s", api.last.body);
	char *order = api_keep(&api, "id");
	DONE("reopen", session, "--reason", "The document turned out to be forged");
	ASK(403, "PATCH", "{\"state\":\"COMPLETED\"}", USERS "/orders/%s", order);
	ANSWERS("error.code: account_suspended");
	expect_account(first, "60", "SUSPENDED");
	ASK(200, "PATCH", "{\"state\":\"CANCELLED\"}", USERS "/orders/%s", order);
	expect_account(first, "100", "SUSPENDED");
	/* The error says that the order is already cancelled, not that the account is suspended. */
	ASK(409, "PATCH", "{\"state\":\"COMPLETED\"}", USERS "/orders/%s", order);
	cr_expect_not_null(strstr(reply_text(&api.last, "error.message"), "the order is CANCELLED, which is final"),
			   "%s", api.last.body);
	expect_books_closed();
}

/* One call of each action of each command in the chapter "Sandbox" of the commands. */
static const char *const commands[][6] = {
	{ "account", "list" },	  { "account", "show", "x" }, { "fund", "x", "1" },
	{ "order", "list" },	  { "order", "show", "x" },   { "order", "complete", "x" },
	{ "order", "fail", "x" }, { "order", "cancel", "x" }, { "ledger", "x" },
};

static bool is_tried(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strlen(commands[i][0]) == length && !memcmp(commands[i][0], name, length))
			return true;
	return false;
}

static void expect_all_tried(void)
{
	static const char head[] = "\n### sandbox ";
	size_t count = 0;

	DONE("info", "--reference", "markdown");
	for (const char *at = api.box.last.out; (at = strstr(at, head)); count++) {
		at += strlen(head);
		cr_expect(is_tried(at, strcspn(at, "\n")), "%.30s", at);
	}
	cr_expect_geq(count, 4);
}

Test(money_in_production, has_none_of_it)
{
	struct reference_route *routes;
	size_t count, tried = 0;

	api_open_production(&api);
	routes = reference_routes(&api.box, &count);
	for (size_t i = 0; i < count; i++) {
		char *path = reference_address(routes[i].path);

		if (routes[i].sandbox) {
			/* Every second body is not JSON: the response is the same. */
			ASK(404, routes[i].method, tried % 2 ? "{}" : "?", "%s", path);
			BODY_HAS("There is nothing at this address");
			tried++;
		}
	}
	cr_expect_eq(tried, 13);
	expect_all_tried();
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		REFUSED(7, "This is a production store", "sandbox", commands[i][0], commands[i][1], commands[i][2]);
	}
	api_tear_down();
}
