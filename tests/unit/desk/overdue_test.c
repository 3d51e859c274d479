/* desk_list_count() counts the overdue cases: as many as desk_list() lists. */
#include "fixture.h"

#define HOUR_MS (60 * MINUTE_MS)

static struct fixture f;

static void set_up(void)
{
	fixture_open(&f);
}
static void tear_down(void)
{
	fixture_close(&f);
}
TestSuite(overdue, .init = set_up, .fini = tear_down);

static int64_t by_filter(void)
{
	struct list_query query = { .limit = 1000, .after = "" };
	struct list_page page;
	cr_assert_eq(filter_parse(&f.arena, "due:over", &query.filter, &f.error), ERR_OK);
	cr_assert_eq(desk_list(f.vic, &f.arena, &query, &page, &f.error), ERR_OK, "%s", f.error.message);
	return (int64_t)page.count;
}

static int64_t counted(int64_t most)
{
	struct list_query query = { .limit = 1, .after = "" };
	int64_t count = -1;
	cr_assert_eq(filter_parse(&f.arena, "due:over", &query.filter, &f.error), ERR_OK);
	cr_assert_eq(desk_list_count(f.vic, &query, most, &count, &f.error), ERR_OK, "%s", f.error.message);
	return count;
}

static void due(const char *ref, int64_t at)
{
	sql_run(&f, arena_printf(&f.arena, "UPDATE session SET due_at = %lld WHERE external_ref = '%s'", (long long)at,
				 ref));
}

Test(overdue, the_same_cases_as_the_filter_finds)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" }); /* has a KYC session that is not in the list */
	sql_run(&f, arena_printf(&f.arena, "UPDATE session SET due_at = %lld", (long long)(NOON - 1)));
	for (int i = 0; i < 6; i++)
		fixture_kyc(&f, arena_printf(&f.arena, "KYC-%d", i), "manual_review", NULL);
	for (int i = 0; i < 5; i++)
		due(arena_printf(&f.arena, "KYC-%d", i), NOON - HOUR_MS);
	due("KYC-5", NOON + HOUR_MS);
	sql_run(&f, "UPDATE session SET due_paused_at = 1 WHERE external_ref = 'KYC-1'");
	must(approve_at_once(&f, f.rita, "KYC-2"));
	due("KYC-2", NOON - HOUR_MS);
	due("KYC-3", NOON); /* a case that is due now is not overdue yet */
	cr_expect_eq(by_filter(), 3);
	cr_expect_eq(counted(1000), 3);
	cr_expect_eq(counted(2), 2, "up to a limit");
	sql_run(&f, "UPDATE session SET due_at = NULL");
	cr_expect_eq(by_filter(), 0);
	cr_expect_eq(counted(1000), 0);
}

/* --- a hit on a case that is already approved --- */

static void report_hit(const char *ref)
{
	struct check check;
	struct hit hit;

	check_init(&check);
	hit_init(&hit);
	check.kind = CHECK_WATCHLIST;
	check.status = CHECK_HIT;
	hit.name = "Ines D.";
	hit.list = "OFAC SDN";
	check.hits = &hit;
	check.hit_count = 1;
	must(USE(f.bo, CHECK_REPORT, ref, .capacity = CAPACITY_INTAKE, .result = &check));
}

/* The references of a list by due time, like "KYC-1 KYC-2 ". */
static const char *listed(struct list_query query, const char *filter)
{
	const char *refs = "";
	struct list_page page;

	query.after = "";
	do {
		must(filter_parse(&f.arena, filter, &query.filter, &f.error));
		must(desk_list(f.vic, &f.arena, &query, &page, &f.error));
		for (size_t i = 0; i < page.count; i++)
			refs = arena_printf(&f.arena, "%s%s ", refs, page.items[i].external_ref);
		query.after = page.next;
	} while (*page.next);
	return refs;
}

static const char *next_of(struct desk *desk)
{
	struct list_query query = { .after = "" };
	struct use_out out;
	const struct use_in in = { .verb = VERB_NEXT, .query = &query };

	must(desk_do(desk, &f.arena, &in, &out, &f.error));
	return fixture_case(&f, out.id).file.session.external_ref;
}

/* KYC-1 and KYC-2 were approved a while ago and get a hit now; KYC-3 is overdue, KYC-4 is not; KYC-5 is approved. */
static void raise_two_alerts(void)
{
	for (int i = 1; i <= 5; i++)
		fixture_kyc(&f, arena_printf(&f.arena, "KYC-%d", i), "manual_review", NULL);
	must(approve_at_once(&f, f.rita, "KYC-1"));
	must(approve_at_once(&f, f.rita, "KYC-2"));
	must(approve_at_once(&f, f.rita, "KYC-5"));
	due("KYC-3", NOON - 70 * HOUR_MS);
	due("KYC-4", NOON + HOUR_MS);
	due("KYC-5", NOON - 80 * HOUR_MS);
	report_hit("KYC-2");
	report_hit("KYC-1");
	due("KYC-1", NOON + 2 * HOUR_MS);
}

Test(overdue, an_alert_is_the_most_urgent_row)
{
	const unsigned review = 1u << INBOX_MANUAL_REVIEW;

	raise_two_alerts();
	expect_sql("SELECT due_at FROM session WHERE external_ref = 'KYC-2'",
		   arena_printf(&f.arena, "%lld", (long long)(NOON + 4 * HOUR_MS)));
	for (size_t limit = 1; limit <= 6; limit += 5) {
		expect_text(listed((struct list_query){ .limit = limit }, ""), "KYC-1 KYC-2 KYC-5 KYC-3 KYC-4 ");
		expect_text(listed((struct list_query){ .limit = limit, .reverse = true }, ""),
			    "KYC-4 KYC-3 KYC-5 KYC-2 KYC-1 ");
		expect_text(listed((struct list_query){ .limit = limit, .inboxes = review }, ""), "KYC-3 KYC-4 ");
		expect_text(listed((struct list_query){ .limit = limit, .inboxes = review, .with_alerts = true }, ""),
			    "KYC-1 KYC-2 KYC-3 KYC-4 ");
		expect_text(listed((struct list_query){ .limit = limit, .inboxes = 1u << INBOX_APPROVED }, ""),
			    "KYC-1 KYC-2 KYC-5 ");
		expect_text(listed((struct list_query){ .limit = limit }, "status:approved"), "KYC-1 KYC-2 KYC-5 ");
		expect_text(listed((struct list_query){ .limit = limit }, "mark:alert"), "KYC-1 KYC-2 ");
		expect_text(listed((struct list_query){ .limit = limit }, "-mark:alert"), "KYC-5 KYC-3 KYC-4 ");
	}
	expect_text(next_of(f.bo), "KYC-1");
	expect_text(next_of(f.lea), "KYC-2");
	expect_text(next_of(f.bo), "KYC-3");
}

Test(overdue, an_alert_is_overdue_after_its_own_time)
{
	raise_two_alerts();
	expect_text(listed((struct list_query){ .limit = 5 }, "due:over"), "KYC-3 ");
	cr_expect_eq(counted(1000), 1);
	due("KYC-2", NOON - 1);
	expect_text(listed((struct list_query){ .limit = 5 }, "due:over"), "KYC-2 KYC-3 ");
	expect_text(listed((struct list_query){ .limit = 1, .sort = SORT_NAME }, "due:over"), "KYC-2 KYC-3 ");
	cr_expect_eq(counted(1000), 2);
	cr_expect_eq(by_filter(), 2);
	must(USE(f.lea, ALERT_CLOSE, "KYC-2", .reason = "The hit is another person"));
	expect_text(listed((struct list_query){ .limit = 5 }, "due:over"), "KYC-3 ");
	cr_expect_eq(counted(1000), 1);
}

/* A merchant must not see by an order that something was found. */
Test(overdue, an_alert_does_not_change_the_list_of_a_merchant)
{
	struct list_query query = { .limit = 10, .after = "", .skip_hidden = true };
	struct list_page page;

	raise_two_alerts();
	must(desk_list(f.vic, &f.arena, &query, &page, &f.error));
	expect_text(page.items[0].external_ref, "KYC-5");
}

Test(overdue, an_alert_is_referred_until_it_is_closed)
{
	raise_two_alerts();
	must(USE(f.rita, REFER, "KYC-2", .part = "lead", .reason = "Please look at the hit"));
	expect_text(fixture_case(&f, "KYC-2").holder, "lea");
	must(USE(f.lea, ALERT_CLOSE, "KYC-2", .reason = "The hit is another person"));
	expect_text(fixture_case(&f, "KYC-2").holder, "");
	expect_err(USE(f.rita, REFER, "KYC-2", .part = "lead", .reason = "Please look at the hit"), ERR_BLOCKED);
}

Test(overdue, the_filters_of_hits_ask_for_one_hit)
{
	static const struct {
		const char *filter, *refs;
	} tries[] = {
		{ "hit-list:ofac", "KYC-1 KYC-2 " },
		{ "hit-list:eu", "" },
		{ "hit-class:sanctions", "KYC-1 KYC-2 " },
		{ "hit-class:pep,sanctions", "KYC-1 KYC-2 " },
		{ "hit-score>0.93", "KYC-1 " },
		{ "hit-score>0.92", "KYC-1 KYC-2 " },
		{ "hit-score:0.93", "KYC-2 " },
		{ "hit-score<0.95", "KYC-1 KYC-2 " },
		{ "hit-score<0.95 hit-list:ofac", "KYC-2 " },
		{ "hit-verdict:open hit-score>0.9", "KYC-1 KYC-2 " },
		{ "hit-verdict:false_positive", "" },
		{ "-hit-score>0.93", "KYC-2 KYC-5 KYC-3 KYC-4 " },
		{ "-hit-list:ofac", "KYC-5 KYC-3 KYC-4 " },
	};

	raise_two_alerts();
	sql_change(&f, "UPDATE hit SET score = 0.93");
	sql_change(&f,
		   "UPDATE hit SET score = 0.97 WHERE check_id IN (SELECT c.id FROM check_result c JOIN session s ON "
		   "s.id = c.session_id WHERE s.external_ref = 'KYC-1')");
	sql_change(
		&f,
		"INSERT INTO hit (uuid, check_id, name, list, class, score) SELECT 'u', c.id, 'x', 'EU', 'pep', "
		"0.5 FROM check_result c JOIN session s ON s.id = c.session_id WHERE s.external_ref = 'KYC-1' LIMIT 1");
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		const char *refs = tries[i].refs;

		if (!strcmp(tries[i].filter, "hit-list:eu"))
			refs = "KYC-1 ";
		cr_expect_str_eq(listed((struct list_query){ .limit = 10 }, tries[i].filter), refs, "%s: %s",
				 tries[i].filter, listed((struct list_query){ .limit = 10 }, tries[i].filter));
	}
}
