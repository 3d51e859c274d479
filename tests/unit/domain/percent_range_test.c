/* Percentages of which only bounds are known. Each rule is compared with whole numbers, or with single values. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/percent_range.h"

static struct arena arena;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(percent_range, .fini = tear_down);

static struct percent_range range_of(const char *text)
{
	struct percent_range range;

	cr_assert(percent_range_parse(&range, text), "%s", text);
	return range;
}

static const char *text_of(struct percent_range range)
{
	const char *text = percent_range_text(&arena, &range, 6);

	percent_range_release(&range);
	return text;
}

Test(percent_range, has_two_ordered_bounds_of_at_most_100)
{
	static const char *const valid[] = { "0",      "25",	"12.5",	  "25-50",	 ">25-50",
					     "25-<50", ">0-<1", "75-100", "0.5-0.500001" };
	static const char *const faulty[] = { "",	 "-",	   "-5",     "5-",     ">25",
					      "<25",	 "50-25",  "25-25",  ">25-25", "25-101",
					      "25--50",	 "25-50-", "25-50%", "<25-50", "25->50",
					      "25 - 50", "a-b",	   "1e1-20", "25–50",  "0.123456789012345678901-1" };

	for (size_t i = 0; i < sizeof valid / sizeof *valid; i++) {
		cr_expect_null(percent_range_fault(&arena, valid[i]), "%s", valid[i]);
		cr_expect_str_eq(text_of(range_of(valid[i])), valid[i]);
	}
	for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++) {
		struct percent_range range;

		cr_expect_not_null(percent_range_fault(&arena, faulty[i]), "%s", faulty[i]);
		cr_expect_not(percent_range_is_range(faulty[i]) && percent_range_parse(&range, faulty[i]), "%s",
			      faulty[i]);
		if (percent_range_is_range(faulty[i])) {
			cr_expect(decimal_is_zero(range.low) && !range.high, "%s", faulty[i]);
			percent_range_release(&range);
		}
	}
}

/* A range in whole percents, for calculations without decimals. */
struct drawn {
	int low, high; /* equal: exact */
	bool above, below;
};

static struct drawn draw(int most)
{
	struct drawn drawn = { .low = rand() % (most + 1) };

	drawn.high = rand() % 3 ? drawn.low + rand() % (most - drawn.low + 1) : drawn.low;
	if (drawn.high > drawn.low) {
		drawn.above = rand() % 2;
		drawn.below = rand() % 2;
	}
	return drawn;
}

static const char *drawn_text(const struct drawn *drawn)
{
	if (drawn->low == drawn->high)
		return arena_printf(&arena, "%d", drawn->low);
	return arena_printf(&arena, "%s%d-%s%d", drawn->above ? ">" : "", drawn->low, drawn->below ? "<" : "",
			    drawn->high);
}

/* Hundredths as the text of a percentage. */
static const char *hundredths(int value)
{
	const char *text = arena_printf(&arena, "%d.%02d", value / 100, value % 100);
	struct percent_range range = range_of(text);

	return text_of(range);
}

Test(percent_range, sums_parts_and_rests_are_those_of_the_bounds)
{
	srand(20261201);
	for (int round = 0; round < 3000; round++) {
		const struct drawn a = draw(50), b = draw(50);
		struct percent_range sum = range_of(drawn_text(&a)), part = range_of(drawn_text(&a)),
				     rest = range_of(drawn_text(&a)), other = range_of(drawn_text(&b));
		const struct drawn both = { a.low + b.low, a.high + b.high, a.above || b.above, a.below || b.below },
				   missing = { 100 - a.high, 100 - a.low, a.below, a.above },
				   left = { a.low, a.high, a.above && !b.above, a.below && !b.below };
		const char *product = hundredths(a.low * b.low);

		if (a.high * b.high > a.low * b.low)
			product = arena_printf(&arena, "%s%s-%s%s", (a.above || b.above) && a.low && b.low ? ">" : "",
					       product, a.below || b.below ? "<" : "", hundredths(a.high * b.high));
		percent_range_add(&sum, &other);
		percent_range_take_part(&part, &other);
		percent_range_complement(&rest);
		cr_expect_str_eq(text_of(rest), drawn_text(&missing));
		cr_expect_str_eq(text_of(part), product, "%s of %s", drawn_text(&b), drawn_text(&a));
		rest = percent_range_copy(&sum);
		cr_expect_str_eq(text_of(sum), drawn_text(&both));
		cr_expect(percent_range_subtract(&rest, &other));
		cr_expect_str_eq(text_of(rest), drawn_text(&left), "%s + %s", drawn_text(&a), drawn_text(&b));
		percent_range_release(&other);
	}
}

Test(percent_range, a_sum_of_more_than_100_is_at_most_100)
{
	struct percent_range sum = range_of("50-<75"), other = range_of("25-50");

	percent_range_add(&sum, &other);
	cr_expect_str_eq(text_of(percent_range_copy(&sum)), "75-100");
	percent_range_add(&sum, &other);
	cr_expect_str_eq(text_of(percent_range_copy(&sum)), "100");
	percent_range_complement(&sum);
	cr_expect_str_eq(text_of(sum), "0");
	percent_range_release(&other);
}

/* Whether a value, in tenths of a percent, is in the range; in tenths each range has a value between its bounds. */
static bool contains(const struct drawn *range, int tenths)
{
	const int low = range->low * 10, high = range->high * 10;

	return (tenths > low || (tenths == low && !range->above)) &&
	       (tenths < high || (tenths == high && !range->below));
}

Test(percent_range, reaches_a_threshold_if_each_of_its_values_does_and_perhaps_if_one_does)
{
	size_t seen[3] = { 0 };

	srand(20261202);
	for (int round = 0; round < 3000; round++) {
		const struct drawn drawn = draw(100);
		const bool inclusive = rand() % 2;
		/* Often a bound itself. */
		const int threshold = rand() % 3 == 0 ? drawn.low : rand() % 2 ? drawn.high : rand() % 101;
		struct percent_range range = range_of(drawn_text(&drawn));
		int reached = 0, values = 0;
		enum reach reach;

		for (int tenths = 0; tenths <= 1000; tenths++) {
			if (!contains(&drawn, tenths))
				continue;
			values++;
			reached += inclusive ? tenths >= threshold * 10 : tenths > threshold * 10;
		}
		reach = percent_range_reach(&range, arena_printf(&arena, "%d", threshold), inclusive);
		cr_expect_eq(reach,
			     reached == values ? REACH_YES
			     : reached	       ? REACH_MAYBE
					       : REACH_NO,
			     "%s %s %d", drawn_text(&drawn), inclusive ? "at least" : "more than", threshold);
		seen[reach]++;
		percent_range_release(&range);
	}
	for (size_t i = 0; i < 3; i++)
		cr_expect_gt(seen[i], 200);
}

Test(percent_range, bounds_are_compared_with_what_they_leave_out)
{
	static const char *const rising_low[] = { "24-30", "25-50", ">25-50", "26-50" };
	static const char *const rising_high[] = { "25-49", "25-<50", "25-50", "25-51" };

	for (size_t i = 0; i < 4; i++) {
		for (size_t k = 0; k < 4; k++) {
			struct percent_range a = range_of(rising_low[i]), b = range_of(rising_low[k]);
			struct percent_range c = range_of(rising_high[i]), d = range_of(rising_high[k]);

			cr_expect_eq(percent_range_compare_low(&a, &b), (i > k) - (i < k));
			cr_expect_eq(percent_range_compare_high(&c, &d), (i > k) - (i < k));
			percent_range_release(&a);
			percent_range_release(&b);
			percent_range_release(&c);
			percent_range_release(&d);
		}
	}
}
