/* The screens for the sandbox, merchants and webhooks. tests/unit/tui/matrix_test.c tests each role. */
#include "bench.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static void set_up_production(void)
{
	box_open_bare(&box);
	cr_assert_eq(box_run(&box, "init", NULL), 0, "%s", box.last.err);
}

TestSuite(screen_boards_production, .init = set_up_production, .fini = bench_box_tear_down, .timeout = 120);
TestSuite(screen_boards, .init = bench_set_up, .fini = bench_tear_down, .timeout = 120);

static void run(const char *command)
{
	char words[256];
	const char *list[24] = { NULL };
	size_t count = 0;

	(void)snprintf(words, sizeof words, "%s", command);
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		list[count++] = word;
	cr_assert_lt(count, 20);
	cr_assert_eq(bench_run(&bench, list[0], list[1], list[2], list[3], list[4], list[5], list[6], list[7], list[8],
			       list[9], list[10], list[11], list[12], list[13], list[14], list[15], list[16], list[17],
			       list[18], list[19], NULL),
		     0, "%s: %s", command, bench.last.err);
}

static void in_store(const char *sql)
{
	sqlite3 *db;

	cr_assert_eq(sqlite3_open(bench.store, &db), SQLITE_OK);
	cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
	(void)sqlite3_close(db);
}

/* Opens an account of a verified user, as the API does for a merchant, but with control characters in its label. */
static void open_account(void)
{
	run("merchant add shop");
	run("session open ralio-sandbox --merchant shop --ref 11 --subject-kind individual --kind kyc --uid "
	    "user-11 --name Jane --country ESP --for merchant");
	run("approve 11 --grace 0");
	in_store("INSERT INTO account (uuid, subject_id, currency, label, created_at) SELECT "
		 "'0193a000-0000-7000-8000-000000000001', id, 'EUR', 'Main' || char(27) || '[31m ' || "
		 "char(8238) || 'account', 0 FROM subject WHERE uid = 'user-11'");
}

static const char *order_held(void)
{
	cr_assert_eq(bench_run(&bench, "sandbox", "order", "list", "--state", "PROCESSING", "--json", NULL), 0);
	return strstr(bench.last.out, "\"id\":\"") + strlen("\"id\":\"");
}

Test(screen_boards, an_account_is_funded_and_orders_move_while_one_looks)
{
	char order[37] = "";

	open_account();
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gs", "Main\xe2\x90\x9b[31m"); /* shown, not obeyed */
	OPENS(terminal, "f", "Ctrl-Y simulate it");
	TYPES(terminal, "12.345\x19", "12.345"); /* Ctrl-Y */
	SEES(terminal, "decimals");
	TYPES(terminal, BACKSPACE "\t\t\ts\x19", "Simulated a payin in processing to");
	SEES(terminal, "PROCESSING");
	/* A colleague completes the order: the screen shows it, and `x` cannot cancel the order. */
	terminal_type(terminal, "j");
	memcpy(order, order_held(), sizeof order - 1);
	cr_assert_eq(bench_run(&bench, "sandbox", "order", "complete", order, NULL), 0, "%s", bench.last.err);
	SEES(terminal, "COMPLETED");
	SEES(terminal, "12.34 EUR  ACTIVE");
	TYPES(terminal, "x", "The state of the order is final");
	cr_expect_null(strstr(terminal_screen(terminal), "cancel it"));
	CLOSES(terminal, ESC, "The state of the order is final");
	TYPES(terminal, "\r", "Steps");
	SEES(terminal, "payin.completed");
	TYPES(terminal, "qq", "most urgent first");
	QUITS(terminal);
}

/* Ends the selected order with a key: F fails the order, x cancels it. */
static void ends_order(const char *key, const char *confirm, const char *done)
{
	OPENS(terminal, key, confirm);
	TYPES(terminal, "\tThe bank refused it\x19", done); /* Ctrl-Y */
}

Test(screen_boards, waiting_orders_fail_and_are_cancelled_with_a_reason)
{
	open_account();
	run("sandbox fund 0193a000-0000-7000-8000-000000000001 10 --hold");
	run("sandbox fund 0193a000-0000-7000-8000-000000000001 20 --hold");
	terminal = bench_start(&bench, "ana", 40, 132, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gs", "20 EUR");
	terminal_type(terminal, "j"); /* the newest order */
	ends_order("F", "y fail it", "Failed the bank payin of 20 EUR");
	terminal_type(terminal, "j");
	ends_order("x", "y cancel it", "Cancelled the bank payin of 10 EUR");
	SEES(terminal, "0 EUR  ACTIVE");
	TYPES(terminal, "\r", "The bank refused it");
	TYPES(terminal, "qq", "most urgent first");
	QUITS(terminal);
	cr_assert_eq(bench_run(&bench, "sandbox", "order", "list", "--state", "FAILED", NULL), 0);
	cr_expect_not_null(strstr(bench.last.out, "20 EUR"), "%s", bench.last.out);
	cr_assert_eq(bench_run(&bench, "sandbox", "order", "list", "--state", "CANCELLED", NULL), 0);
	cr_expect_not_null(strstr(bench.last.out, "10 EUR"), "%s", bench.last.out);
}

/* Shows one page of many accounts and orders; Enter opens the next page, and an id opens one account. */
Test(screen_boards, long_lists_of_the_sandbox_come_in_pages)
{
	open_account();
	in_store("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 450) "
		 "INSERT INTO account (uuid, subject_id, currency, label, created_at) SELECT "
		 "printf('0193a000-0000-7000-8000-%012d', i), id, 'EUR', 'Account ' || i, 0 FROM subject, n "
		 "WHERE uid = 'user-11'");
	in_store("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450) "
		 "INSERT INTO money_order (uuid, account_id, type, state, currency, amount, other_currency, "
		 "other_amount, rate, created_at, processing_at, ended_at) SELECT "
		 "printf('0193a000-0000-7000-9000-%012d', i), (SELECT min(id) FROM account), 'BANK_PAYIN', "
		 "'FAILED', 'EUR', i * 100, 'EUR', i * 100, '1', 0, 0, 0 FROM n");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gs", "Account 450");
	SEES(terminal, "Account 443");
	cr_expect_null(strstr(terminal_screen(terminal), "Account 442"));
	SEES(terminal, "450 EUR");				  /* the orders are shown, too */
	TYPES(terminal, "Ggg\r", "Account \xc2\xb7 Account 450"); /* the first row is a heading */
	TYPES(terminal, "q", "Account 443");
	TYPES(terminal, "jjjjjjjj\r", "Older accounts");
	SEES(terminal, "Account 442");
	TYPES(terminal, "G\r", "Account 242");
	TYPES(terminal, "G\r", "Account 42");
	TYPES(terminal, "G", "Main\xe2\x90\x9b[31m");
	TYPES(terminal, "qq", "Account 243"); /* page by page */
	TYPES(terminal, "q", "Account 443");
	TYPES(terminal, "G\r", "Older orders");
	SEES(terminal, "250 EUR");
	TYPES(terminal, "G\r", "50 EUR");
	TYPES(terminal, ":sandbox 0193a000-0000-7000-8000-000000000001\r", "Account \xc2\xb7 Main");
	SEES(terminal, "bank payin of 450 EUR");
	TYPES(terminal, "G\r", "Older orders of Main");
	SEES(terminal, "400 EUR");
	TYPES(terminal, ":sandbox nowhere\r", "Unknown account \"nowhere\"");
	TYPES(terminal, "qq", "most urgent first");
	QUITS(terminal);
}

/* The user's case is reopened, and a later case is approved, while the screen shows the account. */
Test(screen_boards, an_account_is_suspended_while_its_user_is_not_verified)
{
	open_account();
	run("sandbox fund 0193a000-0000-7000-8000-000000000001 10 --hold");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gs", "0 EUR  ACTIVE");
	run("reopen 11 --reason The_passport_may_be_forged");
	SEES(terminal, "SUSPENDED");
	TYPES(terminal, "f", "The account is SUSPENDED");
	cr_expect_null(strstr(terminal_screen(terminal), "simulate it"));
	CLOSES(terminal, ESC, "The account is SUSPENDED");
	OPENS(terminal, "jc", "y complete it");
	TYPES(terminal, "y", "the account is SUSPENDED");
	CLOSES(terminal, ESC, "complete it");
	run("session open ralio-sandbox --merchant shop --ref 12 --subject-kind individual --kind kyc --uid "
	    "user-11 --name Jane --country ESP --for merchant");
	run("duplicate dismiss 12 11 --reason The_same_person_verified_again");
	run("approve 12 --grace 0");
	SEES(terminal, "0 EUR  ACTIVE");
	OPENS(terminal, "c", "y complete it");
	TYPES(terminal, "y", "10 EUR  ACTIVE");
	TYPES(terminal, "q", "most urgent first");
	QUITS(terminal);
}

Test(screen_boards, what_was_not_sent_is_sent_again)
{
	run("merchant add shop");
	run("session open ralio-sandbox --merchant shop --ref 11 --subject-kind individual --kind kyc --uid "
	    "user-11 --name Jane --country ESP --for merchant");
	run("approve 11 --grace 0");
	run("reviewer add boss --role admin");
	terminal = bench_start(&bench, "boss", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gw", "unsent");
	TYPES(terminal, "r", "No endpoint of the merchant");
	CLOSES(terminal, ESC, "No endpoint of the merchant");
	run("endpoint add --merchant shop --url http://127.0.0.1:9/hook --event *");
	SEES(terminal, "all events");
	OPENS(terminal, "Gr", "1 delivery at once");
	TYPES(terminal, "y", "Sent again: kyc.session_verified to shop");
	SEES(terminal, "Due next");
	TYPES(terminal, "q", "most urgent first");
	QUITS(terminal);
}

Test(screen_boards_production, it_says_that_it_has_no_sandbox)
{
	terminal = box_start(&box, NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, ":sandbox\r", "This is a production store");
	TYPES(terminal, "f", "No account selected");
	terminal_type(terminal, "q");
	QUITS(terminal);
}

/* Copies the 47 characters of a key: the end of a word is not the end of the key, which may contain "-". */
static void copy_key(char *out, size_t size)
{
	const char *key = strstr(terminal_screen(terminal), "kyb_");

	cr_assert(key, "%s", terminal_screen(terminal));
	(void)snprintf(out, size, "%.47s", key);
}

Test(screen_boards, a_new_key_is_shown_once)
{
	char key[48];

	run("merchant add shop");
	run("reviewer add boss --role admin");
	terminal = bench_start(&bench, "boss", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gm", "Merchants \xc2\xb7 1");
	OPENS(terminal, "+", "y make it");
	TYPES(terminal, "\tweb\t\t5y\x19", "Write a duration"); /* y is not a unit of a duration */
	TYPES(terminal, BACKSPACE "d\x19", "The key is shown only once");
	copy_key(key, sizeof key);
	CLOSES(terminal, ESC, "The key is shown only once");
	cr_expect_null(strstr(terminal_screen(terminal), key));
	TYPES(terminal, "\r", "kyc:create kyc:read");
	OPENS(terminal, "d", "Revoke the key web of shop");
	TYPES(terminal, "y", "revoked");
	TYPES(terminal, "r", "No working key under the cursor");
	TYPES(terminal, "qq", "most urgent first");
	QUITS(terminal);
}

Test(screen_boards_production, a_key_needs_a_second_admin)
{
	cr_assert_eq(box_run(&box, "merchant", "add", "shop", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reviewer", "add", "zed", "--role", "admin", NULL), 0, "%s", box.last.err);
	terminal = box_start(&box, NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gm", "Merchants \xc2\xb7 1");
	TYPES(terminal, "\r", "Keys of the providers");
	TYPES(terminal, "+", "y make it");
	cr_expect_null(strstr(terminal_screen(terminal), "kyc:review")); /* not offered to merchants in production */
	RESTS(terminal);
	TYPES(terminal, "y", "Proposed for shop: the change takes effect when another admin");
	cr_expect_null(strstr(terminal_screen(terminal), "kyb_"));
	cr_assert_eq(box_json(&box, "merchant", "key", "list", NULL), 0);
	cr_expect_null(json_path(box.json, "data[0]"));
	TYPES(terminal, "qq", "most urgent first");
	QUITS(terminal);
}

/* A lead opens the figures, the team and the audit log. */
Test(screen_boards, a_lead_looks_at_the_day)
{
	bench_import_samples(&bench);
	run("reviewer add lea --role lead");
	terminal = bench_start(&bench, "lea", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "gf", "Figures \xc2\xb7 the last 14 days");
	SEES(terminal, "Waiting in manual_review");
	cr_expect_null(strstr(terminal_screen(terminal), "only leads see reasons and lists"));
	TYPES(terminal, "gr", "decisions since midnight UTC");
	SEES(terminal, "Median time");
	/* A colleague claims a case: the screen shows it. */
	cr_assert_eq(bench_run(&bench, "--as", "bo", "next", NULL), 0, "%s", bench.last.err);
	SEES(terminal, "  bo ");
	TYPES(terminal, "j\r", "holds 1 case");
	TYPES(terminal, "\r", "1 Summary");
	TYPES(terminal, "ga", "Audit log \xc2\xb7 newest first");
	TYPES(terminal, "/actor:bo action:next\r", "Audit log \xc2\xb7 actor:bo action:next");
	TYPES(terminal, "\r", "\xc2\xb7 next");
	SEES(terminal, "Details as hashed");
	TYPES(terminal, ESC, "Audit log \xc2\xb7 actor:bo action:next");
	TYPES(terminal, "/who\r", "has no value");
	TYPES(terminal, "qqq", "most urgent first"); /* closes the filtered log, the log and the case */
	QUITS(terminal);
}

/* Filters the timeline, and compares the case at two of its records. */
Test(screen_boards, the_timeline_is_narrowed_and_two_moments_compared)
{
	bench_import(&bench, clear_person("CLEAR-1", "Ines Duarte"));
	run("note CLEAR-1 seen");
	run("approve CLEAR-1 --grace 0");
	terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	TYPES(terminal, "6", "Ines Duarte"); /* approved */
	TYPES(terminal, "\r", "1 Summary");
	TYPES(terminal, "f", "filters the timeline"); /* on another tab, a message says where f works */
	TYPES(terminal, "6", "wrote a note");
	TYPES(terminal, "f", "What (only people)");
	TYPES(terminal, "f", "No records of the system; f shows other records");
	TYPES(terminal, "ff", "What (only webhooks)");
	SEES_NO_MORE(terminal, "wrote a note");
	TYPES(terminal, "f", "wrote a note");
	TYPES(terminal, "D", "Compare record");
	TYPES(terminal, "D", "Compared \xc2\xb7");
	SEES(terminal, "in review");
	TYPES(terminal, "qq", "most urgent first");
	QUITS(terminal);
}
