#include "store/list_support.h"
#include "support/tried.h"
#include "support/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SAMPLES_SUITE(filter_sql, 7);

static const char *const terms[] = TEXTS(
	"status:manual_review", "status:draft,active", "-status:approved", "inbox:pending", "inbox:approved,completed",
	"-inbox:rejected", "workflow:ralio-kyb", "-workflow:ralio-kyb", "merchant:kestrel", "merchant:\"Ønsker & Co\"",
	"-merchant:kestrel", "country:gbr", "-country:JPN", "assignee:me", "assignee:none", "assignee:bo",
	"-assignee:me", "-assignee:none", "assignee:me,none", "risk:50", "risk>80", "risk<20", "risk>20 risk<60",
	"-risk>50", "age>3d", "age<2d", "age:4d", "-age>3d", "due:over", "due<4h", "due>2h", "-due:over",
	"due>1h due<9h", "doc:missing", "doc:rejected", "-doc:missing", "doc:missing,rejected", "party:open",
	"-party:open", "hit:open", "-hit:open", "mark:held", "mark:snoozed", "mark:returned", "mark:noted",
	"mark:alert", "-mark:noted", "mark:held,alert", "mentioned:me", "mentioned:bo,me", "-mentioned:bo",
	"-mentioned:bo mentioned:me", "mentioned:me -mentioned:bo", "mark:alert -mark:noted",
	"00000000-0000-7000-8000-000000000007", "-00000000-0000-7000-8000-000000000007",
	"id:RAL-17,00000000-0000-7000-8000-000000000031", "id:RAL-17 -id:00000000-0000-7000-8000-000000000012",
	"id:RAL-1,RAL-2,RAL-3 country:GBR", "why:hit_open", "why:hit_open,check_failed -country:GBR",
	"-why:document_missing", "clean:yes", "clean:no", "-clean:yes", "waiting:client", "waiting:second,party",
	"-waiting:provider", "tag:region", "tag:region=emea", "tag:tier=3", "tag:\"a\\\"b.c=true\"", "tag:none=null",
	"-tag:region=emea", "tag:名=値", "level:regular", "-level:LIGHT", "kind:kyb", "-kind:kyb", "harb", "Solucoes",
	"éclair", "ミナト", "商事", "会社", "\"lane ltd\"", "o'brien", "ab-12", "-ltd", "-lane", "RAL-2", "GB1", "&",
	"lodz", "nguyen", "हिन्दी", "ltd", "zzz");
#define TERM_COUNT (sizeof terms / sizeof terms[0])

static void expect_count(const struct list_query *query, int64_t at_most, int64_t count, const char *filter)
{
	int64_t counted;

	cr_assert_eq(store_list_count(samples.store, query, 0, &counted, &samples.error), ERR_OK);
	cr_assert_eq(counted, count, "%s: counted %lld, not %lld", filter, (long long)counted, (long long)count);
	cr_assert_eq(store_list_count(samples.store, query, at_most, &counted, &samples.error), ERR_OK);
	cr_assert_eq(counted, count < at_most ? count : at_most, "%s: counted %lld up to %lld", filter,
		     (long long)counted, (long long)at_most);
}

static void expect_same(const struct list_query *query, const char *filter)
{
	struct arena arena = ARENA_INIT;
	struct list_page page;
	size_t count;
	int64_t *rows = samples_expect(&samples, query, &count);

	cr_assert_eq(store_list(samples.store, &arena, query, &page, &samples.error), ERR_OK, "%s: %s", filter,
		     samples.error.message);
	cr_assert_eq(page.count, count, "%s: %zu instead of %zu", filter, page.count, count);
	for (size_t i = 0; i < count; i++)
		cr_assert_eq(page.items[i].row, rows[i], "%s: row %zu", filter, i);
	expect_count(query, LIST_LIMIT_MAX, (int64_t)count, filter);
	free(rows);
	arena_release(&arena);
}

Test(filter_sql, each_term_alone_finds_what_it_says)
{
	for (size_t i = 0; i < TERM_COUNT; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, terms[i], SORT_DUE, false);

		query.limit = LIST_LIMIT_MAX;
		query.include_subsessions = true;
		expect_same(&query, terms[i]);
		arena_release(&arena);
	}
}

struct key_context {
	const int64_t *rows;
	size_t at, count;
};

static enum err expect_row(void *context, const struct session_item *item, struct error *error)
{
	struct key_context *place = context;

	(void)error;
	cr_assert_lt(place->at, place->count);
	cr_assert_eq(item->row, place->rows[place->at], "place %zu", place->at);
	place->at++;
	return ERR_OK;
}

static void expect_each(const struct list_query *query, const char *filter)
{
	struct key_context place = { .rows = NULL };
	int64_t *rows = samples_expect(&samples, query, &place.count);

	place.rows = rows;
	cr_assert_eq(store_list_scan(samples.store, query, expect_row, &place, &samples.error), ERR_OK, "%s: %s",
		     filter, samples.error.message);
	cr_assert_eq(place.at, place.count, "%s: %zu of %zu", filter, place.at, place.count);
	free(rows);
}

static struct list_query random_query(struct arena *arena, uint64_t *state, const char **filter)
{
	const char *third = pick(state, 2) ? terms[pick(state, TERM_COUNT)] : "";
	const char *second = terms[pick(state, TERM_COUNT)], *first = terms[pick(state, TERM_COUNT)];
	struct list_query query;

	*filter = arena_printf(arena, "%s %s %s", first, second, third);
	query = list_query_of(arena, *filter, (enum sort_key)pick(state, 4), pick(state, 2) == 1);
	query.limit = LIST_LIMIT_MAX;
	query.include_subsessions = pick(state, 2) == 1;
	query.inboxes = pick(state, 2) ? (unsigned)pick(state, 128) : 0;
	return query;
}

Test(filter_sql, terms_together_find_what_all_of_them_say)
{
	uint64_t state = 11;

	for (size_t round = 0; round < 400; round++) {
		struct arena arena = ARENA_INIT;
		const char *filter;
		struct list_query query = random_query(&arena, &state, &filter);

		expect_same(&query, filter);
		arena_release(&arena);
	}
}

#ifdef KYB_PLACE_SQLITE
#define ALIKE_ROUNDS 800
#define STEPS_ROUNDS 400
#else /* a server needs several round trips for each page and each step */
#define ALIKE_ROUNDS 200
#define STEPS_ROUNDS 100
#endif

/* Rows with equal keys are in the order of their ids; if a page ends among them, the next begins after its last row. */
Test(filter_sql, pages_among_equal_keys_are_those_of_a_plain_sort)
{
	size_t rounds = test_is_long() ? 20000 : ALIKE_ROUNDS, several = 0;
	uint64_t state = test_seed();

	(void)fprintf(stderr, "KYBDESK_TEST_SEED=%llu draws the same\n", (unsigned long long)state);
	samples_make_alike(&samples, 13);
	for (size_t round = 0; round < rounds; round++) {
		struct arena arena = ARENA_INIT;
		const char *filter;
		struct list_query query = random_query(&arena, &state, &filter);
		size_t count;

		samples_change_bounds(&samples, &state);
		if (pick(&state, 3) == 0)
			query = list_query_of(&arena, terms[pick(&state, TERM_COUNT)], query.sort, query.reverse);
		free(samples_expect(&samples, &query, &count));
		query.limit = 1 + count / (1 + pick(&state, 5));
		several += query.limit < count;
		samples_expect_pages(&samples, query, filter);
		expect_count(&query, 1 + (int64_t)pick(&state, 300), (int64_t)count, filter);
		expect_each(&query, filter);
		arena_release(&arena);
	}
	cr_expect_gt(several, rounds / 10);
	cr_log_info("%zu filters, %zu of them in several pages", rounds, several);
}

/* Steps of any size, with any bounds and any start of a page, read the same list. */
Test(filter_sql, steps_together_are_the_list)
{
	size_t rounds = test_is_long() ? 20000 : STEPS_ROUNDS, steps = 0, several = 0;
	uint64_t state = test_seed();

	(void)fprintf(stderr, "KYBDESK_TEST_SEED=%llu draws the same\n", (unsigned long long)state);
	samples_let_time_pass(&samples);
	samples_make_alike(&samples, 15);
	for (size_t round = 0; round < rounds; round++) {
		struct arena arena = ARENA_INIT;
		const char *filter;
		struct list_query query = random_query(&arena, &state, &filter);
		size_t count, took;

		samples_change_bounds(&samples, &state);
		if (pick(&state, 16)) /* rarely one row at a time, which is the slowest way */
			samples.store->lists.scan_row_count += 20 + pick(&state, 200);
		if (pick(&state, 2) == 0) {
			filter = terms[pick(&state, TERM_COUNT)];
			query = list_query_of(&arena, filter, query.sort, query.reverse);
		}
		query.include_subsessions = pick(&state, 20) == 0;
		free(samples_expect(&samples, &query, &count));
		query.limit = 1 + count / (1 + pick(&state, 4));
		took = samples_expect_steps(&samples, query, pick(&state, 2) ? (int64_t)pick(&state, 300) : 0, &state,
					    filter);
		steps += took;
		several += took > 3;
		arena_release(&arena);
	}
	cr_expect_gt(several, rounds / 4);
	cr_log_info("%zu filters in %zu steps, %zu of them in more than three", rounds, steps, several);
}

Test(filter_sql, every_filter_matches_something_in_these_samples)
{
	/* If a filter matched nothing, the comparisons above would prove little. */
	for (size_t i = 0; i < TERM_COUNT; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, terms[i], SORT_DUE, false);
		size_t count;

		query.include_subsessions = true;
		free(samples_expect(&samples, &query, &count));
		cr_expect_eq(count > 0, strcmp(terms[i], "zzz") != 0, "%s: %zu", terms[i], count);
		cr_expect(count < samples.count || !strcmp(terms[i], "&"), "%s matches all", terms[i]);
		arena_release(&arena);
	}
}

Test(filter_sql, a_frequent_word_is_exact_in_small_inboxes_too)
{
	static const char *const filters[] = { "ltd", "ltd -lane", "ltd assignee:me", "ltd risk>20", "ltd harb" };

	samples.store->lists.word_hit_count = 10;
	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned sort = 0; sort < 4; sort++) {
			struct arena arena = ARENA_INIT;
			struct list_query query = list_query_of(&arena, filters[i], (enum sort_key)sort, i % 2 == 1);

			query.limit = LIST_LIMIT_MAX;
			query.inboxes = 1u << INBOX_REMEDIATION;
			expect_same(&query, filters[i]);
			arena_release(&arena);
		}
}

static void expect_refused(const char *filter, const char *sentence)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, filter, SORT_DUE, false);
	struct list_page page;
	enum err err = store_list(samples.store, &arena, &query, &page, &samples.error);

	cr_assert_eq(err, ERR_INVALID, "%s: %d", filter, err);
	cr_expect_str_eq(samples.error.field, "filter");
	cr_expect_str_eq(samples.error.message, sentence);
	error_release(&samples.error);
	arena_release(&arena);
}

Test(filter_sql, an_unknown_name_is_refused_with_the_nearest)
{
	expect_refused("merchant:northwnd-pay",
		       "Unknown merchant \"northwnd-pay\"; did you mean merchant:northwind-pay?");
	expect_refused("assignee:anna", "Unknown assignee \"anna\"; did you mean assignee:ana?");
	expect_refused("workflow:ralio-kyp", "Unknown workflow \"ralio-kyp\"; did you mean workflow:ralio-kyb?");
	expect_refused("merchant:qqqqqqqqqqqqq",
		       "Unknown merchant \"qqqqqqqqqqqqq\". List them with: kybdesk merchant list");
}

Test(filter_sql, quotes_and_signs_in_words_are_only_text)
{
	static const char *const filters[] = { "\"OR\"",	"\"NEAR(lane)\"", "\"a\\\" OR \\\"b\"",
					       "\"body:lane\"", "\"*\"",	  "\"^lane\"",
					       "\"(((\"",	"lane;--" };

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, filters[i], SORT_DUE, false);

		query.limit = LIST_LIMIT_MAX;
		expect_same(&query, filters[i]);
		arena_release(&arena);
	}
}

Test(filter_sql, who_is_no_reviewer_here_holds_nothing)
{
	struct list_query query = list_query_of(&arena, "assignee:me", SORT_NAME, false);
	struct list_page page;

	query.actor = "stranger";
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	cr_expect_eq(page.count, 0);
}
