#include "kybdesk/base/timefmt.h"
#include "support/leak.h"
#include "support/texts.h"

#include <string.h>
#include <time.h>

static int64_t parsed(const char *text)
{
	int64_t ms = 0;
	struct error error = { 0 };
	cr_assert_eq(time_parse(text, true, &ms, &error), ERR_OK, "%s: %s", text, error.message);
	return ms;
}

static const char *formatted(int64_t ms)
{
	static char out[TIME_TEXT_SIZE];
	time_format(ms, out);
	return out;
}

Test(time_parse, reads_offsets_fractions_and_dates)
{
	cr_expect_eq(parsed("1970-01-01T00:00:00Z"), 0);
	cr_expect_eq(parsed("2026-11-03T10:00:00Z"), INT64_C(1793700000000));
	cr_expect_eq(parsed("2026-11-03T12:00:00+02:00"), parsed("2026-11-03T10:00:00Z"));
	cr_expect_eq(parsed("2026-11-03T04:30:00-05:30"), parsed("2026-11-03T10:00:00Z"));
	cr_expect_eq(parsed("2026-11-03t10:00:00z"), parsed("2026-11-03T10:00:00Z"));
	cr_expect_eq(parsed("2026-11-03T10:00:00.5Z"), parsed("2026-11-03T10:00:00Z") + 500);
	cr_expect_eq(parsed("2026-11-03T10:00:00.123999999Z"), parsed("2026-11-03T10:00:00Z") + 123);
	cr_expect_eq(parsed("1969-12-31T23:59:59.999Z"), -1);
	cr_expect_eq(parsed("2026-11-03"), parsed("2026-11-03T00:00:00Z"));
	cr_expect_eq(parsed("2016-12-31T23:59:60Z"), parsed("2017-01-01T00:00:00Z"));
}

Test(time_parse, knows_the_leap_years)
{
	int64_t ms;
	cr_expect_eq(parsed("2024-03-01") - parsed("2024-02-29"), 86400000);
	cr_expect_eq(parsed("2000-03-01") - parsed("2000-02-29"), 86400000);
	cr_expect_eq(time_parse("2023-02-29", true, &ms, NULL), ERR_INVALID);
	cr_expect_eq(time_parse("1900-02-29", true, &ms, NULL), ERR_INVALID);
	cr_expect_eq(time_parse("2100-02-29", true, &ms, NULL), ERR_INVALID);
}

Test(time_parse, refuses_what_is_no_time)
{
	static const char *const bad[] =
		TEXTS("", "now", "2026", "2026-11", "2026-11-3", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32",
		      "2026-04-31", "2026-11-03 10:00:00Z", "2026-11-03T10:00:00", "2026-11-03T10:00Z",
		      "2026-11-03T24:00:00Z", "2026-11-03T10:60:00Z", "2026-11-03T10:00:61Z", "2026-11-03T10:00:60Z",
		      "2026-11-03T10:00:00.Z", "2026-11-03T10:00:00.1234567890Z", "2026-11-03T10:00:00+0200",
		      "2026-11-03T10:00:00+24:00", "2026-11-03T10:00:00+02:60", "2026-11-03T10:00:00Zx", "2026-11-03x",
		      "2026-11-03T", "2026-11-03T1", "1899-12-31T23:59:59Z", "1900-01-01T00:00:00+00:01",
		      "9999-12-31T23:59:59-00:01", "10000-01-01", "-001-01-01", "2026/11/03", "２０２６-11-03",
		      " 2026-11-03", "2026-11-03T10:00:00,5Z", "0000-01-01");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t ms = 77;
		struct error error = { 0 };
		cr_expect_eq(time_parse(bad[i], true, &ms, &error), ERR_INVALID, "%s", bad[i]);
		cr_expect_eq(ms, 77, "%s must leave the value alone", bad[i]);
		error_release(&error);
	}
	NO_LEAKS();
}

Test(time_parse, takes_a_bare_date_only_where_allowed)
{
	int64_t ms;
	struct error error = { 0 };
	cr_expect_eq(time_parse("2026-11-03", false, &ms, &error), ERR_INVALID);
	cr_expect_not_null(strstr(error.message, "2026-11-03T10:00:00Z"), "the sentence shows how to write it");
	error_release(&error);
}

Test(time_format, agrees_with_the_c_library_on_every_day_and_back)
{
	for (int64_t day = -25567; day < 2932897; day += 13) {
		int64_t ms = day * 86400000 + 45296789;
		time_t seconds = (time_t)(day * 86400 + 45296);
		struct tm tm;
		char wanted[40];
		cr_assert_not_null(gmtime_r(&seconds, &tm));
		(void)strftime(wanted, sizeof wanted, "%Y-%m-%dT%H:%M:%S.789Z", &tm);
		cr_assert_str_eq(formatted(ms), wanted);
		cr_assert_eq(parsed(wanted), ms);
	}
}

Test(time_format, leaves_whole_seconds_whole_and_nothing_empty)
{
	cr_expect_str_eq(formatted(0), "1970-01-01T00:00:00Z");
	cr_expect_str_eq(formatted(1), "1970-01-01T00:00:00.001Z");
	cr_expect_str_eq(formatted(-1), "1969-12-31T23:59:59.999Z");
	cr_expect_str_eq(formatted(TIME_NONE), "");
	(void)formatted(INT64_MAX);
	(void)formatted(INT64_MIN + 1);
}

Test(date, is_valid_only_when_strict)
{
	cr_expect(date_is_valid("2024-02-29"));
	cr_expect(date_is_valid("1931-05-07"));
	static const char *const bad[] = {
		"",	      "2023-02-29", "2024-2-29",  "2024-02-29 ", "2024-02-29T00:00:00Z",
		"24-02-2024", "2024-02-30", "0000-01-01", "2024-0a-01"
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_expect_not(date_is_valid(bad[i]), "%s", bad[i]);
}

Test(date, years_between_counts_birthdays)
{
	cr_expect_eq(date_years_between("2000-06-15", "2018-06-14"), 17);
	cr_expect_eq(date_years_between("2000-06-15", "2018-06-15"), 18);
	cr_expect_eq(date_years_between("2000-02-29", "2018-02-28"), 17);
	cr_expect_eq(date_years_between("2000-02-29", "2018-03-01"), 18);
	cr_expect_lt(date_years_between("2020-01-01", "2019-12-31"), 0);
}

Test(date, format_is_the_day_in_utc)
{
	char out[16];
	date_format(parsed("2026-11-03T23:59:59.999Z"), out);
	cr_expect_str_eq(out, "2026-11-03");
	date_format(-1, out);
	cr_expect_str_eq(out, "1969-12-31");
}

Test(duration, parses_each_unit)
{
	static const struct {
		const char *text;
		int64_t ms;
	} table[] = { { "90s", 90000 },
		      { "30m", 1800000 },
		      { "4h", 14400000 },
		      { "2d", 172800000 },
		      { "1w", 604800000 },
		      { "0d", 0 },
		      { "36525d", INT64_C(3155760000000) } };
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		int64_t ms;
		cr_assert_eq(duration_parse(table[i].text, &ms, NULL), ERR_OK, "%s", table[i].text);
		cr_expect_eq(ms, table[i].ms, "%s", table[i].text);
	}
}

Test(duration, refuses_the_rest)
{
	static const char *const bad[] = TEXTS("", "d", "2", "2x", "-2d", "+2d", "2 d", "2dd", "1d2h", "1.5h", "36526d",
					       "99999999999999999999999999s", "9223372036854775807w");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int64_t ms;
		struct error error = { 0 };
		cr_expect_eq(duration_parse(bad[i], &ms, &error), ERR_INVALID, "%s", bad[i]);
		error_release(&error);
	}
	NO_LEAKS();
}

Test(duration, short_form_fits_five_cells)
{
	struct arena arena = ARENA_INIT;
	static const struct {
		int64_t ms;
		const char *text;
	} table[] = { { 0, "now" },
		      { 59999, "now" },
		      { -59999, "now" },
		      { 60000, "1m" },
		      { -7200000, "-2h" },
		      { 10800000, "3h" },
		      { INT64_C(17) * 86400000, "17d" },
		      { INT64_C(-999) * 86400000, "-999d" },
		      { INT64_C(1000) * 86400000, "2y" } };
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		cr_expect_str_eq(duration_short_text(&arena, table[i].ms), table[i].text);
	cr_expect_leq(strlen(duration_short_text(&arena, INT64_MIN)), 5);
	cr_expect_leq(strlen(duration_short_text(&arena, INT64_MAX)), 5);
	arena_release(&arena);
}

Test(time_text, day_and_clock_for_people)
{
	struct arena arena = ARENA_INIT;
	int64_t now = parsed("2026-11-20T10:00:00Z");
	cr_expect_str_eq(time_day_text(&arena, parsed("2026-11-03T10:00:00Z"), now), "3 Nov");
	cr_expect_str_eq(time_day_text(&arena, parsed("2025-11-03T10:00:00Z"), now), "3 Nov 2025");
	cr_expect_str_eq(time_clock_text(&arena, parsed("2026-11-03T10:42:59Z"), 0), "10:42");
	cr_expect_str_eq(time_clock_text(&arena, parsed("2026-11-03T23:42:00Z"), 60), "00:42");
	cr_expect_str_eq(time_clock_text(&arena, parsed("1970-01-01T00:10:00Z"), -30), "23:40");
	cr_expect_str_eq(time_text(&arena, TIME_NONE), "");
	arena_release(&arena);
	NO_LEAKS();
}
