#include "store/list_support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SAMPLES_SUITE(list, 3);

Test(list, pages_of_any_size_visit_each_session_once_in_every_order)
{
#ifdef KYB_PLACE_SQLITE
	static const size_t limits[] = { 1, 7, 50 };
#else
	static const size_t limits[] = { 50 }; /* small pages take too long on a database server */
#endif
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW, 1u << INBOX_PENDING | 1u << INBOX_REJECTED,
					    127 & ~(1u << INBOX_APPROVED) };

	for (unsigned sort = 0; sort < 4; sort++)
		for (size_t limit = 0; limit < sizeof limits / sizeof limits[0]; limit++)
			for (size_t i = 0; i < sizeof inboxes / sizeof inboxes[0]; i++)
				for (unsigned flags = 0; flags < (inboxes[i] & 1u << INBOX_MANUAL_REVIEW ? 8 : 4);
				     flags++) {
					char what[96];

					snprintf(what, sizeof what, "sort %u limit %zu inboxes %x flags %u", sort,
						 limits[limit], inboxes[i], flags);
					samples_expect_pages(&samples,
							     (struct list_query){ .sort = (enum sort_key)sort,
										  .reverse = flags & 1,
										  .include_subsessions = flags & 2,
										  .with_alerts = flags & 4,
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
	static const char *const filters[] = {
		"ltd",	       "risk>30",	    "assignee:none risk<70",
		"assignee:bo", "due:over,24h",	    "-doc:missing",
		"lane -ltd",   "harb status:draft", "waiting:client,party,provider,second"
	};
	uint64_t state = 5;

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned sort = 0; sort < 4; sort++) {
			struct arena arena = ARENA_INIT;
			struct list_query query =
				list_query_of(&arena, filters[i], (enum sort_key)sort, pick(&state, 2) == 1);

			query.limit = 7;
			query.include_subsessions = pick(&state, 2) == 1;
			query.inboxes = pick(&state, 3) ? 0 : 1 + (unsigned)pick(&state, 127);
			query.with_alerts = query.inboxes && !strstr(filters[i], "status:") && pick(&state, 2) == 1;
			samples_expect_pages(&samples, query, filters[i]);
			arena_release(&arena);
		}
}

Test(list, an_item_says_what_the_session_is)
{
	struct list_query query = list_query_of(&arena, "", SORT_NAME, false);
	struct list_page page;
	size_t held = 0, subsessions = 0;

	query.include_subsessions = true;
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
}

Test(list, a_page_continues_where_it_ended_while_others_decide)
{
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
					     "updated_at = updated_at + 1 WHERE id = %zu AND NOT EXISTS (SELECT 1 "
					     "FROM alert a WHERE a.session_id = session.id AND closed_at IS NULL)",
					     1 + pick(&state, 500)));
	}
	cr_expect_eq(count, expected);
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
}

Test(list, a_broken_cursor_is_refused_whatever_is_broken)
{
	struct list_query query = list_query_of(&arena, "", SORT_DUE, false);
	struct list_page page;
	size_t length;

	query.limit = 5;
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	length = strlen(page.next);
	for (size_t i = 0; i < length; i++)
		cr_expect_eq(list_after(&arena, query, arena_strndup(&arena, page.next, i)), i ? ERR_INVALID : ERR_OK,
			     "cut to %zu", i);
	cr_expect_eq(list_after(&arena, query, arena_printf(&arena, "%sAA", page.next)), ERR_INVALID);
	cr_expect_eq(list_after(&arena, query, "no cursor!"), ERR_INVALID);
	cr_expect_str_eq(samples.error.field, "after");
	query.sort = SORT_NAME;
	query.after = "";
	cr_assert_eq(store_list(samples.store, &arena, &query, &page, &samples.error), ERR_OK);
	for (size_t i = 0; i < strlen(page.next); i++) {
		char *changed = arena_strdup(&arena, page.next);

		changed[i] = changed[i] == 'A' ? 'B' : 'A';
		(void)list_after(&arena, query, changed); /* may return anything, must not crash */
	}
}

Test(list, a_page_of_no_size_or_too_large_is_refused)
{
	struct list_query query = list_query_of(&arena, "", SORT_DUE, false);

	query.limit = 0;
	cr_expect_eq(list_after(&arena, query, ""), ERR_INVALID);
	query.limit = LIST_LIMIT_MAX + 1;
	cr_expect_eq(list_after(&arena, query, ""), ERR_INVALID);
	cr_expect_str_eq(samples.error.field, "limit");
}

Test(list, inbox_counts_equal_a_full_count_after_every_kind_of_change)
{
	int64_t counts[INBOX_COUNT], again[INBOX_COUNT];
	uint64_t state = 1;

	for (unsigned round = 0; round < 50; round++) {
		struct arena arena = ARENA_INIT;
		const char *status = session_status_text((enum session_status)pick(&state, SESSION_STATUS_COUNT));

		run_sql(samples.store, arena_printf(&arena, "UPDATE session SET status = '%s' WHERE id %% 17 = %u",
						    status, round % 17));
		if (round % 5 == 0)
			run_sql(samples.store,
				arena_printf(&arena,
					     "UPDATE session SET parent_id = CASE WHEN parent_id IS NULL THEN 1 END "
					     "WHERE id = %zu",
					     2 + pick(&state, 400)));
		/* A shared transaction reads the inbox counts once; the next transaction reads them again. */
		cr_assert_eq(db_begin_hold(samples.store->db, DB_READ, &samples.error), ERR_OK);
		cr_assert_eq(store_inbox_counts(samples.store, again, &samples.error), ERR_OK);
		cr_assert_eq(store_inbox_counts(samples.store, again, &samples.error), ERR_OK);
		cr_assert_eq(db_end_hold(samples.store->db, false, &samples.error), ERR_OK);
		cr_assert_eq(store_inbox_counts(samples.store, counts, &samples.error), ERR_OK);
		cr_assert_arr_eq(counts, again, sizeof counts);
		for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++)
			cr_assert_eq(counts[inbox],
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
	struct list_query all = list_query_of(&arena, "", SORT_DUE, false);
	struct list_query some = list_query_of(&arena, "ltd", SORT_DUE, false);
	int64_t count;

	cr_assert_eq(store_list_count(samples.store, &all, 10, &count, &samples.error), ERR_OK);
	cr_expect_eq(count, 10);
	cr_assert_eq(store_list_count(samples.store, &some, 10, &count, &samples.error), ERR_OK);
	cr_expect_eq(count, 10);
}

Test(list, the_summary_is_over_everything_that_matches)
{
	static const char *const filters[] = {
		"", "ltd", "status:draft,expired", "assignee:ana", "risk>20 lane", "zzz"
	};

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++)
		for (unsigned flags = 0; flags < 4; flags++) {
			struct arena arena = ARENA_INIT;
			struct list_query query = list_query_of(&arena, filters[f], SORT_DUE, false);
			struct list_summary expected = { .total = 0 }, summary;
			double sum = 0;

			query.limit = 1;
			query.include_subsessions = flags & 1;
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
			cr_assert_eq(store_list_summary(samples.store, &query, &summary, &samples.error), ERR_OK, "%s",
				     samples.error.message);
			cr_expect_eq(summary.total, expected.total);
			cr_expect_arr_eq(summary.status_counts, expected.status_counts, sizeof expected.status_counts);
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
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW, 1u << INBOX_PENDING | 1u << INBOX_COMPLETED };

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

				/* If the case was snoozed, the end of the snooze alone decides whether the case
				 * waits. */
				bool waits = s->snoozed_until != TIME_NONE ? s->snoozed_until > NOW : s->waiting != 0;
				if (!waits && !*session_holder(&session, NOW))
					expected = s->id;
			}
			cr_assert_eq(store_list_next_row(samples.store, &query, &row, &samples.error), ERR_OK);
			cr_expect_eq(row, expected, "%s: %lld instead of %lld", filters[f], (long long)row,
				     (long long)expected);
			free(rows);
			arena_release(&arena);
		}
}

Test(list, tags_are_found_after_every_change_of_them)
{
	struct list_query query = list_query_of(&arena, "tag:colour=blue", SORT_NAME, false);
	struct list_page page;

	query.include_subsessions = true;
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
}

Test(list, what_comes_next_is_the_same_however_it_is_read)
{
	static const char *const filters[] = {
		"",	   "ltd",	    "-ltd",	 "country:JPN", "ltd kind:kyb",
		"risk>20", "assignee:none", "-hit:open", "zzz",		"tag:region -harb"
	};
	const struct list_bounds usual = samples.store->lists;
	uint64_t state = 21;
	size_t found = 0;

	for (size_t round = 0; round < 200; round++) {
		struct list_query query = list_query_of(
			&arena, filters[pick(&state, sizeof filters / sizeof filters[0])], SORT_DUE, false);
		int64_t expected, row;

		query.inboxes = pick(&state, 2) ? (unsigned)pick(&state, 128) : 0;
		samples.store->lists = usual;
		cr_assert_eq(store_list_next_row(samples.store, &query, &expected, &samples.error), ERR_OK);
		samples_change_bounds(&samples, &state);
		cr_assert_eq(store_list_next_row(samples.store, &query, &row, &samples.error), ERR_OK);
		cr_assert_eq(row, expected, "round %zu: %lld, not %lld", round, (long long)row, (long long)expected);
		found += row != 0;
	}
	cr_expect_gt(found, 100);
}
