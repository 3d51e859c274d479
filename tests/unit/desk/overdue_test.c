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
