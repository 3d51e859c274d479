#include "store/list_support.h"
#include "../../src/store/sqlite/sqlite_internal.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct samples samples;

static void open_samples(void)
{
	samples_open(&samples);
	samples_fill(&samples, 500, 3);
}

static void close_samples(void)
{
	samples_close(&samples);
}

TestSuite(list, .init = open_samples, .fini = close_samples);

Test(list, pages_of_any_size_visit_each_session_once_in_every_order)
{
	static const size_t limits[] = { 1, 7, 50 };
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW,
					    1u << INBOX_PENDING | 1u << INBOX_REJECTED,
					    127 & ~(1u << INBOX_APPROVED) };

	for (unsigned sort = 0; sort < 4; sort++)
		for (size_t limit = 0; limit < 3; limit++)
			for (size_t i = 0; i < sizeof inboxes / sizeof inboxes[0]; i++)
				for (unsigned flags = 0; flags < 4; flags++) {
					char what[96];

					snprintf(what, sizeof what, "sort %u limit %zu inboxes %x flags %u", sort,
						 limits[limit], inboxes[i], flags);
					samples_expect_pages(&samples,
							     (struct list_query){ .sort = (enum sort_key)sort,
										  .reverse = flags & 1,
										  .subsessions = flags & 2,
										  .inboxes = inboxes[i],
										  .limit = limits[limit],
										  .after = "",
										  .actor = "ana",
										  .now = NOW },
							     what);
				}
}

Test(list, pages_of_filtered_lists_visit_each_session_once)
{
	static const char *const filters[] = { "ltd",	      "risk>30",	  "assignee:none risk<70",
					       "assignee:bo", "due:over,24h",	  "-doc:missing",
					       "lane -ltd",   "harb status:draft" };
	uint64_t state = 5;

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned sort = 0; sort < 4; sort++) {
			struct arena arena = ARENA_INIT;
			struct list_query query =
				list_query_of(&arena, filters[i], (enum sort_key)sort, pick(&state, 2) == 1);

			query.limit = 7;
			query.subsessions = pick(&state, 2) == 1;
			query.inboxes = pick(&state, 3) ? 0 : 1 + (unsigned)pick(&state, 127);
			samples_expect_pages(&samples, query, filters[i]);
			arena_release(&arena);
		}
}

Test(list, an_item_says_what_the_session_is)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "", SORT_NAME, false);
	struct list_page page;
	size_t held = 0, subsessions = 0;

	query.subsessions = true;
	query.limit = LIST_LIMIT_MAX;
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	cr_assert_eq(page.count, samples.count);
	for (size_t i = 0; i < page.count; i++) {
		const struct session_item *item = &page.items[i];
		const struct sample *s = &samples.items[item->row - 1];
		struct session session = { .assignee = s->assignee,
					   .claimed_at = s->claimed_at,
					   .claim_expires_at = s->claim_expires_at };

		cr_assert_str_eq(item->id, s->uuid);
		cr_assert_str_eq(item->external_ref, s->reference);
		cr_assert_str_eq(item->workflow, s->workflow);
		cr_assert_str_eq(item->merchant, s->merchant);
		cr_assert_str_eq(item->subject_name, s->name);
		cr_assert_str_eq(item->country, s->country);
		cr_assert_str_eq(item->level, s->level);
		cr_assert_str_eq(item->parent_id, s->parent ? samples.items[s->parent - 1].uuid : "");
		cr_assert_str_eq(item->assignee, session_holder(&session, NOW));
		cr_assert_eq(item->kind, s->kind);
		cr_assert_eq(item->status, s->status);
		cr_assert_eq(item->risk_score, s->risk);
		cr_assert_eq(item->submitted_at, s->submitted_at);
		cr_assert_eq(item->due_at, s->due_at);
		cr_assert_eq(item->waiting, s->waiting != 0);
		held += *item->assignee != '\0';
		subsessions += *item->parent_id != '\0';
	}
	cr_expect_gt(held, 0);
	cr_expect_gt(subsessions, 0);
	arena_release(&arena);
}

Test(list, a_page_continues_where_it_ended_while_others_decide)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = { .sort = SORT_DUE, .limit = 20, .after = "", .actor = "ana", .now = NOW };
	bool seen[501] = { false };
	size_t count = 0, expected;
	uint64_t state = 9;

	free(samples_expect(&samples, &query, &expected));
	for (bool first = true; first || *query.after; first = false) {
		struct list_page page;

		cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
		for (size_t i = 0; i < page.count; i++) {
			cr_assert_not(seen[page.items[i].row]);
			seen[page.items[i].row] = true;
			count++;
		}
		query.after = page.next;
		for (unsigned i = 0; i < 10; i++)
			run_sql(samples.store,
				arena_printf(&arena,
					     "UPDATE session SET status = 'approved', version = version + 1, "
					     "updated_at = updated_at + 1 WHERE id = %zu",
					     1 + pick(&state, 500)));
	}
	cr_expect_eq(count, expected);
	arena_release(&arena);
}

static enum err list_after(struct arena *arena, struct list_query query, const char *after)
{
	struct list_page page;

	error_release(&samples.error);
	query.after = after;
	return store_list(samples.store, arena, &query, &page, &samples.error);
}

Test(list, a_cursor_of_another_list_is_refused_with_a_sentence)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "risk>10", SORT_NAME, false), other;
	struct list_page page;

	query.limit = 5;
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	cr_assert_eq(list_after(&arena, query, page.next), ERR_OK);

	other = query;
	other.limit = 50;
	cr_expect_eq(list_after(&arena, other, page.next), ERR_OK, "another page size is the same list");
	other = query;
	other.sort = SORT_RISK;
	cr_expect_eq(list_after(&arena, other, page.next), ERR_INVALID);
	cr_expect_str_eq(samples.error.field, "after");
	cr_expect(strstr(samples.error.message, "another order"), "%s", samples.error.message);
	other = query;
	other.reverse = true;
	cr_expect_eq(list_after(&arena, other, page.next), ERR_INVALID);
	other = list_query_of(&arena, "risk>11", SORT_NAME, false);
	cr_expect_eq(list_after(&arena, other, page.next), ERR_INVALID);
	cr_expect(strstr(samples.error.message, "another inbox or filter"), "%s", samples.error.message);
	other = query;
	other.inboxes = 1;
	cr_expect_eq(list_after(&arena, other, page.next), ERR_INVALID);
	arena_release(&arena);
}

Test(list, a_broken_cursor_is_refused_whatever_is_broken)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "", SORT_DUE, false);
	struct list_page page;
	size_t length;

	query.limit = 5;
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	length = strlen(page.next);
	for (size_t i = 0; i < length; i++)
		cr_expect_eq(list_after(&arena, query, arena_strndup(&arena, page.next, i)),
			     i ? ERR_INVALID : ERR_OK, "cut to %zu", i);
	cr_expect_eq(list_after(&arena, query, arena_printf(&arena, "%sAA", page.next)), ERR_INVALID);
	cr_expect_eq(list_after(&arena, query, "no cursor!"), ERR_INVALID);
	cr_expect_str_eq(samples.error.field, "after");
	query.sort = SORT_NAME;
	query.after = "";
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	for (size_t i = 0; i < strlen(page.next); i++) {
		char *changed = arena_strdup(&arena, page.next);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		(void)list_after(&arena, query, changed); /* any answer, but no crash */
	}
	arena_release(&arena);
}

Test(list, a_page_of_no_size_or_too_large_is_refused)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "", SORT_DUE, false);

	query.limit = 0;
	cr_expect_eq(list_after(&arena, query, ""), ERR_INVALID);
	query.limit = LIST_LIMIT_MAX + 1;
	cr_expect_eq(list_after(&arena, query, ""), ERR_INVALID);
	cr_expect_str_eq(samples.error.field, "limit");
	arena_release(&arena);
}

Test(list, inbox_counts_equal_a_full_count_after_every_kind_of_change)
{
	int64_t counts[INBOX_COUNT];
	uint64_t state = 1;

	for (unsigned round = 0; round < 50; round++) {
		struct arena arena = ARENA_INIT;
		const char *status = session_status_text((enum session_status)pick(&state, SESSION_STATUS_COUNT));

		run_sql(samples.store, arena_printf(&arena, "UPDATE session SET status = '%s' WHERE id %% 17 = %u",
						    status, round % 17));
		if (round % 5 == 0)
			run_sql(samples.store,
				arena_printf(
					&arena,
					"UPDATE session SET parent_id = CASE WHEN parent_id IS NULL THEN 1 END "
					"WHERE id = %zu",
					2 + pick(&state, 400)));
		cr_assert_eq(store_inbox_counts(samples.store, counts, &samples.error), ERR_OK);
		for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++)
			cr_assert_eq(
				counts[inbox],
				read_int(samples.store,
					 arena_printf(&arena,
						      "SELECT count(*) FROM session WHERE parent_id IS NULL AND "
						      "compliance_status = '%s'",
						      inbox_text((enum inbox)inbox))));
		arena_release(&arena);
	}
}

Test(list, counts_stop_at_the_cap)
{
	struct arena arena = ARENA_INIT;
	struct list_query all = list_query_of(&arena, "", SORT_DUE, false);
	struct list_query some = list_query_of(&arena, "ltd", SORT_DUE, false);
	int64_t count;

	cr_assert_eq(store_list_count(samples.store, &all, 10, &count, &samples.error), ERR_OK);
	cr_expect_eq(count, 10);
	cr_assert_eq(store_list_count(samples.store, &some, 10, &count, &samples.error), ERR_OK);
	cr_expect_eq(count, 10);
	arena_release(&arena);
}

Test(list, the_summary_is_over_everything_that_matches)
{
	static const char *const filters[] = { "",   "ltd", "status:draft,expired", "assignee:ana", "risk>20 lane",
					       "zzz" };

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++)
		for (unsigned flags = 0; flags < 4; flags++) {
			struct arena arena = ARENA_INIT;
			struct list_query query = list_query_of(&arena, filters[f], SORT_DUE, false);
			struct list_summary expected = { .total = 0 }, summary;
			double sum = 0;

			query.limit = 1;
			query.subsessions = flags & 1;
			query.inboxes = flags & 2 ? 1u << INBOX_INCOMPLETE | 1u << INBOX_APPROVED : 0;
			for (size_t i = 0; i < samples.count; i++) {
				const struct sample *s = &samples.items[i];

				if (!sample_matches(&samples, s, &query))
					continue;
				expected.total++;
				expected.status_counts[s->status]++;
				expected.inbox_counts[session_status_inbox(s->status)]++;
				if (s->risk != RISK_NONE) {
					expected.sessions_with_risk_score++;
					sum += s->risk;
				}
				for (unsigned kind = 0; kind < 3; kind++)
					expected.validation_counts[kind] += s->checks >> kind & 1u;
			}
			cr_assert_eq(store_list_summary(samples.store, &query, &summary, &samples.error), ERR_OK,
				     "%s", samples.error.message);
			cr_expect_eq(summary.total, expected.total);
			cr_expect_arr_eq(summary.status_counts, expected.status_counts,
					 sizeof expected.status_counts);
			cr_expect_arr_eq(summary.inbox_counts, expected.inbox_counts, sizeof expected.inbox_counts);
			cr_expect_arr_eq(summary.validation_counts, expected.validation_counts,
					 sizeof expected.validation_counts);
			cr_expect_eq(summary.sessions_with_risk_score, expected.sessions_with_risk_score);
			if (expected.sessions_with_risk_score)
				cr_expect_float_eq(summary.average_risk_score,
						   sum / (double)expected.sessions_with_risk_score, 1e-9);
			else
				cr_expect_lt(summary.average_risk_score, 0);
			arena_release(&arena);
		}
}

Test(list, next_is_the_most_urgent_that_nobody_holds_and_that_does_not_wait)
{
	static const char *const filters[] = { "", "risk>50", "ltd", "country:JPN", "assignee:me", "zzz" };
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW,
					    1u << INBOX_PENDING | 1u << INBOX_COMPLETED };

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++)
		for (size_t b = 0; b < 3; b++) {
			struct arena arena = ARENA_INIT;
			struct list_query query = list_query_of(&arena, filters[f], SORT_NAME, true);
			struct list_query naive = query;
			size_t count;
			int64_t expected = 0, row, *rows;

			query.inboxes = inboxes[b];
			naive.sort = SORT_DUE;
			naive.reverse = false;
			naive.inboxes = inboxes[b] ? inboxes[b] : 1u << INBOX_MANUAL_REVIEW | 1u << INBOX_COMPLETED;
			rows = samples_expect(&samples, &naive, &count);
			for (size_t i = 0; i < count && !expected; i++) {
				const struct sample *s = &samples.items[rows[i] - 1];
				struct session session = { .assignee = s->assignee,
							   .claimed_at = s->claimed_at,
							   .claim_expires_at = s->claim_expires_at };

				/* A follow-up time decides for itself, over or not. */
				bool waits =
					s->snoozed_until != TIME_NONE ? s->snoozed_until > NOW : s->waiting != 0;
				if (!waits && !*session_holder(&session, NOW))
					expected = s->id;
			}
			cr_assert_eq(store_list_next(samples.store, &query, &row, &samples.error), ERR_OK);
			cr_expect_eq(row, expected, "%s: %lld instead of %lld", filters[f], (long long)row,
				     (long long)expected);
			free(rows);
			arena_release(&arena);
		}
}

#ifdef KYB_PLACE_SQLITE
struct plan {
	bool scans_sessions, sorts;
	const char *text;
};

static void read_plan(struct arena *arena, const char *sql, struct plan *out)
{
	sqlite3 *db = ((struct sqlite_db *)samples.store->db)->handle; /* which knows the driver's functions */
	struct strbuf explain = STRBUF_INIT, text = STRBUF_INIT;
	sqlite3_stmt *statement;

	memset(out, 0, sizeof *out);
	strbuf_addf(&explain, "EXPLAIN QUERY PLAN %s", sql);
	cr_assert_eq(sqlite3_prepare_v2(db, explain.buf, -1, &statement, NULL), SQLITE_OK, "%s: %s",
		     sqlite3_errmsg(db), sql);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(statement, 3);

		strbuf_addf(&text, "%s\n", line);
		if (!strcmp(line, "SCAN s") || !strncmp(line, "SCAN s ", 7) || !strncmp(line, "SCAN session ", 13))
			out->scans_sessions = true;
		if (strstr(line, "TEMP B-TREE"))
			out->sorts = true;
	}
	out->text = strbuf_to_arena(&text, arena);
	sqlite3_finalize(statement);
	strbuf_release(&explain);
	strbuf_release(&text);
}
#endif

/* quality.md: "no scan and no temporary sort on the drawing thread". */
#ifdef KYB_PLACE_SQLITE
Test(list, no_order_and_no_inboxes_scan_or_sort)
{
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW,
					    1u << INBOX_PENDING | 1u << INBOX_APPROVED, 63 };
	static const char *const filters[] = { "",
					       "country:JPN",
					       "risk>50",
					       "due:over",
					       "age>3d",
					       "tag:region",
					       "level:LIGHT",
					       "hit:open",
					       "status:draft",
					       "-ltd",
					       "-inbox:approved",
					       "waiting:client",
					       "assignee:none",
					       "kind:kyb",
					       "merchant:kestrel workflow:ralio-kyb doc:missing" };

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++)
		for (unsigned sort = 0; sort < 8; sort++)
			for (size_t i = 0; i < 4; i++)
				for (unsigned pass = 0; pass < 4; pass++) {
					struct arena arena = ARENA_INIT;
					struct list_query query = list_query_of(
						&arena, filters[f], (enum sort_key)(sort / 2), sort % 2);
					struct list_page page;
					struct plan plan;
					const char *sql;

					query.inboxes = inboxes[i];
					query.limit = 1;
					query.subsessions = pass & 1;
					if (pass & 2) {
						cr_assert_eq(store_list(samples.store, &arena, &query, &page,
									&samples.error),
							     ERR_OK);
						query.after = page.next;
					}
					cr_assert_eq(
						store_list_sql(samples.store, &arena, &query, &sql, &samples.error),
						ERR_OK);
					if (*sql) {
						read_plan(&arena, sql, &plan);
						cr_assert_not(plan.scans_sessions, "%s\n%s", sql, plan.text);
						cr_assert(!plan.sorts || (pass & 1), "%s\n%s", sql, plan.text);
					}
					arena_release(&arena);
				}
}

/* What the machine does for the last of so many pages. */
static int64_t steps_of_last_page(struct list_query query, size_t pages)
{
	struct arena arena = ARENA_INIT;
	struct list_page page;
	int64_t steps = 0;

	for (size_t i = 0; i < pages; i++) {
		(void)steps_taken(samples.store);
		cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK, "%s",
			     samples.error.message);
		steps = steps_taken(samples.store);
		cr_assert_eq(page.count, query.limit);
		query.after = page.next;
	}
	arena_release(&arena);
	return steps;
}

/* Pages of 10, the 2nd and the 40th: what lies before a page costs nothing. */
static void expect_flat(const char *filter, enum sort_key sort, bool reverse)
{
	static const unsigned inboxes[] = { 0, 1u << INBOX_PENDING, 1u << INBOX_PENDING | 1u << INBOX_APPROVED };

	for (size_t i = 0; i < sizeof inboxes / sizeof inboxes[0]; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, filter, sort, reverse);
		int64_t second, last;

		query.inboxes = inboxes[i];
		query.limit = 10;
		second = steps_of_last_page(query, 2);
		last = steps_of_last_page(query, 40);
		cr_expect_leq(last, second + 50, "\"%s\" by %s%s, inboxes %x: %lld steps, then %lld", filter,
			      sort_key_text(sort), reverse ? " reversed" : "", inboxes[i], (long long)second,
			      (long long)last);
		arena_release(&arena);
	}
}

Test(list, the_last_page_costs_as_the_second_where_all_keys_are_equal)
{
	run_sql(samples.store, "UPDATE session SET updated_at = 1000, due_at = NULL, risk_score = NULL, "
			       "created_at = 1000, name_key = 'same', parent_id = NULL");
	run_sql(samples.store, "UPDATE session SET status = 'active' WHERE id <= 400");
	for (unsigned sort = 0; sort < 8; sort++)
		expect_flat("", (enum sort_key)(sort / 2), sort % 2);
}

Test(list, a_bound_of_the_filter_does_not_stand_in_for_the_place_of_the_page)
{
	char at[256];

	snprintf(at, sizeof at,
		 "UPDATE session SET due_at = %lld + 3600000 * (id %% 60 + 2), due_paused_at = NULL, "
		 "risk_score = 20 + id %% 60, parent_id = NULL, status = 'active'",
		 (long long)NOW);
	run_sql(samples.store, at);
	for (unsigned reverse = 0; reverse < 2; reverse++) {
		expect_flat("risk>10", SORT_RISK, reverse);
		expect_flat("risk<90", SORT_RISK, reverse);
		expect_flat("risk>10 risk<90", SORT_RISK, reverse);
		expect_flat("due>1h", SORT_DUE, reverse);
		expect_flat("due<90h", SORT_DUE, reverse);
		expect_flat("due>1h due<90h risk>10", SORT_DUE, reverse);
	}
}

/* Every statement that this connection has prepared for a list, whatever it was made of. */
static void expect_indexes_only(struct arena *arena, const char *what, bool sorts)
{
	sqlite3 *handle = ((struct sqlite_db *)samples.store->db)->handle;

	for (sqlite3_stmt *at = sqlite3_next_stmt(handle, NULL); at; at = sqlite3_next_stmt(handle, at)) {
		const char *sql = sqlite3_sql(at);
		struct plan plan;

		if (strncmp(sql, "SELECT", 6) != 0)
			continue;
		read_plan(arena, sql, &plan);
		cr_expect_not(plan.scans_sessions, "%s: %s\n%s", what, sql, plan.text);
		cr_expect(sorts || !plan.sorts, "%s: %s\n%s", what, sql, plan.text);
	}
}

Test(list, what_comes_next_and_what_is_counted_neither_scans_nor_sorts)
{
	static const char *const filters[] = {
		"",	      "risk>50",       "due:over",	   "-ltd",
		"tag:region", "assignee:none", "kind:kyb risk<20", "age>3d level:LIGHT"
	};
	static const unsigned inboxes[] = { 0, 1u << INBOX_PENDING, 1u << INBOX_PENDING | 1u << INBOX_COMPLETED };
	struct arena arena = ARENA_INIT;

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++) {
		for (size_t i = 0; i < sizeof inboxes / sizeof inboxes[0]; i++) {
			struct list_query query = list_query_of(&arena, filters[f], SORT_DUE, false);
			int64_t number;

			query.inboxes = inboxes[i];
			cr_assert_eq(store_list_next(samples.store, &query, &number, &samples.error), ERR_OK);
			cr_assert_eq(store_list_count(samples.store, &query, 0, &number, &samples.error), ERR_OK);
			cr_assert_eq(store_list_count(samples.store, &query, 10, &number, &samples.error), ERR_OK);
		}
		expect_indexes_only(&arena, filters[f], false);
	}
	arena_release(&arena);
}

/* A condition that leaves few in a large store is read by its own index, and only what it leaves is sorted. */
Test(list, a_condition_that_leaves_few_is_read_by_its_own_index)
{
	static const struct {
		const char *filter, *index;
	} cases[] = { { "country:JPN", "session_by_country (top=? AND country=?)" },
		      { "merchant:kestrel", "session_by_merchant (top=? AND merchant_id=?)" },
		      { "workflow:ralio-kyb", "session_by_workflow (top=? AND workflow=?)" },
		      { "status:expired", "session_by_status (top=? AND status=?)" },
		      { "kind:kyc", "session_by_kind (top=? AND kind=?)" },
		      { "age<1d", "session_by_age (top=? AND <expr>>?)" },
		      { "risk>90", "session_risk (top=? AND risk_key<?)" },
		      { "due<1h", "session_inbox_due (compliance_status=? AND top=? AND due_key<?)" },
		      { "doc:missing", "session_document_missing (top=?)" },
		      { "doc:rejected", "session_document_rejected (top=?)" },
		      { "party:open", "session_party_open (top=?)" },
		      { "hit:open", "session_hit_open (top=?)" },
		      { "waiting:client", "session_waiting (top=?)" },
		      { "mark:held", "session_assignee" },
		      { "mark:snoozed", "session_follow (top=?)" },
		      { "mark:returned", "session_returned (top=?)" },
		      { "mark:noted", "note_session" },
		      { "mark:alert", "alert_" },
		      { "tag:region=emea", "session_tag USING PRIMARY KEY (key=? AND value=?)" },
		      { "tag:region", "session_tag USING PRIMARY KEY (key=?)" },
		      { "level:light", "subject_level (<expr>=?)" } };

	/* As if the inboxes were too large to be walked. */
	run_sql(samples.store, "UPDATE inbox_count SET sessions = sessions + 1000000");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, cases[i].filter, SORT_NAME, false);
		struct plan plan;
		const char *sql;

		cr_assert_eq(store_list_sql(samples.store, &arena, &query, &sql, &samples.error), ERR_OK, "%s",
			     samples.error.message);
		read_plan(&arena, sql, &plan);
		cr_expect_not(plan.scans_sessions, "%s\n%s", cases[i].filter, plan.text);
		cr_expect(strstr(plan.text, cases[i].index), "%s\n%s", cases[i].filter, plan.text);
		samples_expect_pages(&samples, query, cases[i].filter);
		arena_release(&arena);
	}
}

Test(list, the_condition_that_leaves_the_fewest_is_the_one_that_is_read)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "kind:kyb country:JPN hit:open ltd", SORT_NAME, false);
	struct plan plan;
	const char *sql;

	run_sql(samples.store, "UPDATE inbox_count SET sessions = sessions + 1000000");
	run_sql(samples.store, "UPDATE session SET hit_open = 0 WHERE id > 20");
	for (size_t i = 20; i < samples.count; i++)
		samples.items[i].hit_open = false;
	cr_assert_eq(store_list_sql(samples.store, &arena, &query, &sql, &samples.error), ERR_OK);
	read_plan(&arena, sql, &plan);
	cr_expect(strstr(plan.text, "session_hit_open"), "%s", plan.text);
	samples_expect_pages(&samples, query, "kind:kyb country:JPN hit:open ltd");
	arena_release(&arena);
}
#endif

Test(list, tags_are_found_after_every_change_of_them)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "tag:colour=blue", SORT_NAME, false);
	struct list_page page;

	query.subsessions = true;
	run_sql(samples.store, "UPDATE session SET custom_tags = '{\"colour\":\"red\"}' WHERE id = 7");
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	cr_expect_eq(page.count, 0);
	run_sql(samples.store, "UPDATE session SET custom_tags = '{\"colour\":\"blue\",\"x\":1}' WHERE id = 7");
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	cr_expect_eq(page.count, 1);
	run_sql(samples.store, "UPDATE session SET custom_tags = '{}' WHERE id = 7");
	cr_expect_eq(read_int(samples.store, "SELECT count(*) FROM session_tag WHERE session_id = 7"), 0);
	cr_expect_eq(read_int(samples.store,
			      "SELECT count(*) FROM session_tag LEFT JOIN session ON session.id = session_id "
			      "WHERE session.id IS NULL OR NOT EXISTS (SELECT 1 FROM {members custom_tags, t} "
			      "WHERE t.key = session_tag.key)"),
		     0);
	arena_release(&arena);
}

#ifdef KYB_PLACE_SQLITE
Test(list, what_one_reviewer_holds_is_found_by_its_own_index)
{
	for (unsigned sort = 0; sort < 4; sort++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, "assignee:me", (enum sort_key)sort, false);
		struct plan plan;
		const char *sql;

		cr_assert_eq(store_list_sql(samples.store, &arena, &query, &sql, &samples.error), ERR_OK);
		read_plan(&arena, sql, &plan);
		cr_expect_not(plan.scans_sessions, "%s", plan.text);
		cr_expect(strstr(plan.text, "SEARCH s USING INDEX session_assignee"), "%s", plan.text);
		cr_expect_eq(plan.sorts, sort != SORT_DUE, "%s", plan.text);
		arena_release(&arena);
	}
}

Test(list, rare_words_are_read_from_the_text_index_and_frequent_ones_walk_the_order)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = list_query_of(&arena, "zzz", SORT_DUE, false);
	struct plan plan;
	const char *sql;

	cr_assert_eq(store_list_sql(samples.store, &arena, &query, &sql, &samples.error), ERR_OK);
	read_plan(&arena, sql, &plan);
	cr_expect_not(plan.scans_sessions, "%s", plan.text);
	cr_expect(strstr(plan.text, "SCAN session_text VIRTUAL TABLE"), "%s", plan.text);
	cr_expect(strstr(plan.text, "SEARCH s USING INTEGER PRIMARY KEY"), "%s", plan.text);

	query = list_query_of(&arena, "ltd", SORT_DUE, false);
	query.inboxes = 1u << INBOX_REMEDIATION;
	cr_assert_eq(store_list_sql(samples.store, &arena, &query, &sql, &samples.error), ERR_OK);
	read_plan(&arena, sql, &plan);
	cr_expect_not(plan.scans_sessions, "%s", plan.text);
	cr_expect_not(plan.sorts, "%s", plan.text);
	cr_expect(strstr(plan.text, "SEARCH s USING INDEX session_inbox_due"), "%s", plan.text);
	cr_expect_not(strstr(plan.text, "session_text"), "the hits are read once, not for each branch: %s",
		      plan.text);
	arena_release(&arena);
}

/* No row is looked at that cannot match: what is left of the order, when a page is not filled soon, is walked by ids. */
Test(list, what_matches_nothing_reads_indexes_only)
{
	static const char *const filters[] = {
		"country:JPN,GBR status:approved -kind:kyb",
		"merchant:kestrel workflow:ralio-kyb risk>20 risk<90",
		"age>3d due>1h doc:missing",
		"party:open hit:open waiting:client",
		"tag:region level:light mark:noted",
		"mark:alert doc:rejected",
		"mark:held mark:returned",
		"mark:snoozed -country:JPN",
		"-doc:missing -risk>50 -tag:region -level:light -mark:noted",
		"ltd -lane kind:kyb",
	};
	struct arena arena = ARENA_INIT;

	samples.store->lists = (struct list_bounds){ .look = 1, .part = 50 };
	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned flags = 0; flags < 4; flags++) {
			struct list_query query = list_query_of(&arena, filters[i], SORT_DUE, flags & 1);

			query.subsessions = flags & 2;
			query.limit = LIST_LIMIT_MAX;
			samples_expect_pages(&samples, query, filters[i]);
			expect_indexes_only(&arena, filters[i], true);
		}
	arena_release(&arena);
}

/* A walk goes on where it was by a seek, in the order of its index. */
Test(list, the_steps_of_a_search_neither_scan_nor_sort)
{
	static const char *const filters[] = { "kind:kyb",   "risk>20 -country:JPN", "-ltd",   "ltd",
					       "due>1h",     "-tag:region",	     "age>3d", "assignee:none",
					       "level:LIGHT" };
	static const unsigned inboxes[] = { 0, 1u << INBOX_PENDING, 1u << INBOX_PENDING | 1u << INBOX_APPROVED };
	sqlite3 *handle = ((struct sqlite_db *)samples.store->db)->handle;
	struct arena arena = ARENA_INIT;
	uint64_t state = 1;
	size_t walks = 0;

	samples.store->lists = (struct list_bounds){ .look = 20 };
	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned sort = 0; sort < 4; sort++) {
			struct list_query query =
				list_query_of(&arena, filters[i], (enum sort_key)sort, i % 2 == 1);

			query.inboxes = inboxes[(i + sort) % 3];
			query.limit = LIST_LIMIT_MAX;
			samples_expect_steps(&samples, query, 0, &state, filters[i]);
			expect_indexes_only(&arena, filters[i], true);
			for (sqlite3_stmt *at = sqlite3_next_stmt(handle, NULL); at;
			     at = sqlite3_next_stmt(handle, at)) {
				struct plan plan;

				if (!strstr(sqlite3_sql(at), " OFFSET "))
					continue;
				walks++;
				read_plan(&arena, sqlite3_sql(at), &plan);
				cr_expect_not(plan.sorts, "%s\n%s", sqlite3_sql(at), plan.text);
			}
		}
	cr_expect_gt(walks, 30);
	arena_release(&arena);
}

#endif

Test(list, what_comes_next_is_the_same_however_it_is_read)
{
	static const char *const filters[] = {
		"",	   "ltd",	    "-ltd",	 "country:JPN", "ltd kind:kyb",
		"risk>20", "assignee:none", "-hit:open", "zzz",		"tag:region -harb"
	};
	const struct list_bounds usual = samples.store->lists;
	struct arena arena = ARENA_INIT;
	uint64_t state = 21;
	size_t found = 0;

	for (size_t round = 0; round < 200; round++) {
		struct list_query query = list_query_of(
			&arena, filters[pick(&state, sizeof filters / sizeof filters[0])], SORT_DUE, false);
		int64_t expected, row;

		query.inboxes = pick(&state, 2) ? (unsigned)pick(&state, 128) : 0;
		samples.store->lists = usual;
		cr_assert_eq(store_list_next(samples.store, &query, &expected, &samples.error), ERR_OK);
		samples_change_bounds(&samples, &state);
		cr_assert_eq(store_list_next(samples.store, &query, &row, &samples.error), ERR_OK);
		cr_assert_eq(row, expected, "round %zu: %lld, not %lld", round, (long long)row,
			     (long long)expected);
		found += row != 0;
	}
	cr_expect_gt(found, 100);
	arena_release(&arena);
}
