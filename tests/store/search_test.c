/* Lists that are read in steps while the store changes. filter_sql_test.c tests that the steps make up the list. */
#include "store/list_support.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <stdlib.h>

SAMPLES_SUITE(list_search, 17);

static void step(struct arena *arena, struct list_search *search, struct search_progress *found)
{
	cr_assert_eq(store_search_step(samples.store, arena, search, found, &samples.error), ERR_OK, "%s",
		     samples.error.message);
}

static size_t tops_in(unsigned inboxes)
{
	size_t count = 0;

	for (size_t i = 0; i < samples.count; i++)
		count += !samples.items[i].parent && inboxes & 1u << session_status_inbox(samples.items[i].status);
	return count;
}

Test(list_search, it_says_how_many_it_looked_at_of_how_many)
{
	static const unsigned inboxes[] = { 127, 1u << INBOX_APPROVED, 1u << INBOX_PENDING | 1u << INBOX_REJECTED };

	for (size_t i = 0; i < sizeof inboxes / sizeof inboxes[0]; i++) {
		struct arena arena = ARENA_INIT;
		/* No index serves the negated condition -assignee:ana, so that every row is read. */
		struct list_query query = list_query_of(&arena, "-assignee:ana", SORT_RISK, i % 2);
		struct list_search *search;
		struct search_progress found = { .is_complete = false };
		int64_t all = (int64_t)tops_in(inboxes[i]), steps = 0;

		samples.store->lists = (struct list_bounds){ .scan_row_count = 7 };
		query.inboxes = inboxes[i];
		query.limit = LIST_LIMIT_MAX;
		search = store_search_begin(&query, 0);
		while (!found.is_complete) {
			step(&arena, search, &found);
			cr_assert_eq(found.total_to_scan, all);
			cr_assert_eq(found.scanned, ++steps * 7 < all ? steps * 7 : all, "%lld of %lld in step %lld",
				     (long long)found.scanned, (long long)found.total_to_scan, (long long)steps);
		}
		cr_expect_eq(found.scanned, all);
		cr_expect_gt(steps, 3);
		store_search_end(search);
		arena_release(&arena);
	}
}

/* An unchanged row is found once, at its place in the order; a moved row once or not at all. */
Test(list_search, while_others_write_each_case_is_found_once)
{
	static const char *const filters[] = { "-ltd",	      "kind:kyb",      "risk<90",   "-country:JPN",
					       "-tag:region", "-assignee:ana", "-hit:open", "ltd kind:kyb" };
	size_t rounds = test_is_long() ? 2000 : 60, between = 0;
	bool *touched = xcalloc(samples.count + 1, sizeof *touched);
	uint64_t state = 18;

	for (size_t round = 0; round < rounds; round++) {
		struct arena arena = ARENA_INIT;
		const char *filter = filters[pick(&state, sizeof filters / sizeof filters[0])];
		struct list_query query =
			list_query_of(&arena, filter, (enum sort_key)pick(&state, 4), pick(&state, 2) == 1);
		struct list_search *search;
		struct search_progress found = { .is_complete = false };
		size_t count, at = 0;
		int64_t *rows;

		samples_change_bounds(&samples, &state);
		samples.store->lists.scan_row_count = 10 + pick(&state, 100);
		samples.store->lists.step_ms = 0;
		query.limit = LIST_LIMIT_MAX;
		search = store_search_begin(&query, 0);
		while (step(&arena, search, &found), !found.is_complete) {
			int64_t row = 1 + (int64_t)pick(&state, samples.count);

			touched[row] = true;
			between++;
			run_sql(samples.store,
				arena_printf(&arena,
					     "UPDATE session SET due_at = %lld, updated_at = %lld, risk_score = "
					     "%zu WHERE id = %lld",
					     (long long)(NOW + (int64_t)pick(&state, 100) * HOUR),
					     (long long)(NOW + (int64_t)round), pick(&state, 100), (long long)row));
		}
		rows = samples_expect(&samples, &query, &count);
		for (size_t i = 0; i < found.count; i++) {
			for (size_t other = 0; other < i; other++)
				cr_assert_neq(found.items[i].row, found.items[other].row, "%s: twice", filter);
			if (touched[found.items[i].row])
				continue;
			while (at < count && touched[rows[at]])
				at++;
			cr_assert_lt(at, count, "%s: too many", filter);
			cr_assert_eq(found.items[i].row, rows[at], "%s: place %zu", filter, i);
			at++;
		}
		while (at < count && touched[rows[at]])
			at++;
		cr_assert_eq(at, count, "%s: %zu of %zu", filter, at, count);
		store_search_end(search);
		free(rows);
		arena_release(&arena);
	}
	cr_expect_gt(between, rounds);
	free(touched);
}

/* A condition that an index has already checked is checked again when the row is read. */
Test(list_search, what_matches_no_more_is_not_found)
{
	struct list_query query = list_query_of(&arena, "kind:kyb -country:JPN", SORT_DUE, false);
	struct list_search *search;
	struct search_progress found = { .is_complete = false };
	size_t before, steps = 0;

	samples.store->lists = (struct list_bounds){ .scan_row_count = 10 };
	query.limit = LIST_LIMIT_MAX;
	search = store_search_begin(&query, 0);
	for (; steps < 5; steps++)
		step(&arena, search, &found);
	before = found.count;
	cr_assert(before && !found.is_complete);
	run_sql(samples.store, "UPDATE session SET country = 'JPN'");
	for (; !found.is_complete; steps++)
		step(&arena, search, &found);
	cr_expect_eq(found.count, before, "%zu more", found.count - before);
	cr_expect_gt(steps, 10);
	store_search_end(search);
}

Test(list_search, a_cursor_of_another_list_and_an_unknown_name_are_refused)
{
	struct list_query queries[] = { list_query_of(&arena, "risk>20", SORT_DUE, false),
					list_query_of(&arena, "merchant:northwnd-pay", SORT_DUE, false) };
	const char *const fields[] = { "after", "filter" };

	queries[0].after = "AAAA";
	for (size_t i = 0; i < 2; i++) {
		struct list_search *search = store_search_begin(&queries[i], 0);
		struct search_progress found;

		cr_expect_eq(store_search_step(samples.store, &arena, search, &found, &samples.error), ERR_INVALID);
		cr_expect_str_eq(samples.error.field, fields[i]);
		error_release(&samples.error);
		store_search_end(search);
	}
}
