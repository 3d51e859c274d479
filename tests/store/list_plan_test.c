/* How SQLite reads lists: by which index, and without a scan or a sort. */
#include "store/list_support.h"
#include "../../src/store/sqlite/sqlite_internal.h"
#include "support/texts.h"

#include <criterion/criterion.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

SAMPLES_SUITE(list_plan, 3);

struct plan {
	bool scans_sessions, sorts;
	const char *text;
};

static void read_plan(struct arena *arena, const char *sql, struct plan *out)
{
	sqlite3 *db = ((struct sqlite_db *)samples.store->db)->handle; /* this connection has the driver's functions */
	struct strbuf explain = STRBUF_INIT, text = STRBUF_INIT;
	sqlite3_stmt *statement;
	bool reads_alerts = false;

	memset(out, 0, sizeof *out);
	strbuf_addf(&explain, "EXPLAIN QUERY PLAN %s", sql);
	cr_assert_eq(sqlite3_prepare_v2(db, explain.buf, -1, &statement, NULL), SQLITE_OK, "%s: %s", sqlite3_errmsg(db),
		     sql);
	while (sqlite3_step(statement) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(statement, 3);

		strbuf_addf(&text, "%s\n", line);
		if (!strcmp(line, "SCAN s") || !strncmp(line, "SCAN s ", 7) || !strncmp(line, "SCAN session ", 13))
			out->scans_sessions = true;
		/* The sessions with an open alert are few, and are sorted before the others are merged. */
		if (!strcmp(line, "SCAN hit"))
			reads_alerts = true;
		else if (!strcmp(line, "RIGHT"))
			reads_alerts = false;
		if (strstr(line, "TEMP B-TREE") && !reads_alerts)
			out->sorts = true;
	}
	out->text = strbuf_to_arena(&text, arena);
	sqlite3_finalize(statement);
	strbuf_release(&explain);
	strbuf_release(&text);
}

static void plan_list(struct arena *arena, const struct list_query *query, struct plan *out)
{
	const char *sql;

	cr_assert_eq(store_list_sql(samples.store, arena, query, &sql, &samples.error), ERR_OK, "%s",
		     samples.error.message);
	read_plan(arena, sql, out);
}

/* Lists of top sessions are read without a scan and without a temporary sort, lists with subsessions without a scan. */
Test(list_plan, no_order_and_no_inboxes_scan_or_sort)
{
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW, 1u << INBOX_PENDING | 1u << INBOX_APPROVED,
					    63 };
	static const char *const filters[] =
		TEXTS("", "country:JPN", "risk>50", "due:over", "age>3d", "tag:region", "level:LIGHT", "hit:open",
		      "status:draft", "-ltd", "-inbox:approved", "waiting:client", "assignee:none", "kind:kyb",
		      "merchant:kestrel workflow:ralio-kyb doc:missing");

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++)
		for (unsigned sort = 0; sort < 8; sort++)
			for (size_t i = 0; i < 4; i++)
				for (unsigned pass = 0; pass < 4; pass++) {
					struct arena arena = ARENA_INIT;
					struct list_query query =
						list_query_of(&arena, filters[f], (enum sort_key)(sort / 2), sort % 2);
					struct list_page page;
					struct plan plan;
					const char *sql;

					query.inboxes = inboxes[i];
					query.limit = 1;
					query.include_subsessions = pass & 1;
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

/* Returns the steps for the last of `pages` pages. */
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

/* The 40th page of 10 rows costs about as many steps as the 2nd: earlier pages cost nothing. */
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

Test(list_plan, the_last_page_costs_as_the_second_where_all_keys_are_equal)
{
	run_sql(samples.store, "UPDATE session SET updated_at = 1000, due_at = NULL, risk_score = NULL, "
			       "created_at = 1000, name_key = 'same', parent_id = NULL");
	run_sql(samples.store, "UPDATE session SET status = 'active' WHERE id <= 400");
	for (unsigned sort = 0; sort < 8; sort++)
		expect_flat("", (enum sort_key)(sort / 2), sort % 2);
}

Test(list_plan, a_bound_of_the_filter_does_not_stand_in_for_the_place_of_the_page)
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

/* Checks every statement that this connection has prepared for a list. */
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

Test(list_plan, what_comes_next_and_what_is_counted_neither_scans_nor_sorts)
{
	static const char *const filters[] = {
		"",	      "risk>50",       "due:over",	   "-ltd",
		"tag:region", "assignee:none", "kind:kyb risk<20", "age>3d level:LIGHT"
	};
	static const unsigned inboxes[] = { 0, 1u << INBOX_PENDING, 1u << INBOX_PENDING | 1u << INBOX_COMPLETED };

	for (size_t f = 0; f < sizeof filters / sizeof filters[0]; f++) {
		for (size_t i = 0; i < sizeof inboxes / sizeof inboxes[0]; i++) {
			struct list_query query = list_query_of(&arena, filters[f], SORT_DUE, false);
			int64_t number;

			query.inboxes = inboxes[i];
			cr_assert_eq(store_list_next_row(samples.store, &query, &number, &samples.error), ERR_OK);
			cr_assert_eq(store_list_count(samples.store, &query, 0, &number, &samples.error), ERR_OK);
			cr_assert_eq(store_list_count(samples.store, &query, 10, &number, &samples.error), ERR_OK);
		}
		expect_indexes_only(&arena, filters[f], false);
	}
}

/* Each frame of the workbench shows the count of a named list, so this count must use the index session_waiting. */
Test(list_plan, those_that_wait_for_others_outside_are_counted_by_their_index)
{
	sqlite3 *handle = ((struct sqlite_db *)samples.store->db)->handle;
	struct list_query query = list_query_of(&arena, "waiting:provider waiting:party,client", SORT_DUE, false);
	int64_t waiting = 0, number;
	size_t seen = 0;

	for (size_t i = 0; i < samples.count; i++)
		waiting += (samples.items[i].waiting & 7) && !samples.items[i].parent;
	cr_assert_gt(waiting, 10);
	cr_assert_eq(store_list_count(samples.store, &query, 0, &number, &samples.error), ERR_OK);
	cr_expect_eq(number, waiting);
	cr_assert_eq(store_list_count(samples.store, &query, 10, &number, &samples.error), ERR_OK);
	cr_expect_eq(number, 10);
	for (sqlite3_stmt *at = sqlite3_next_stmt(handle, NULL); at; at = sqlite3_next_stmt(handle, at)) {
		const char *sql = sqlite3_sql(at);
		struct plan plan;

		if (strncmp(sql, "SELECT count(*)", 15) != 0)
			continue;
		read_plan(&arena, sql, &plan);
		cr_expect(strstr(plan.text, "SEARCH session USING INDEX session_waiting"), "%s\n%s", sql, plan.text);
		seen++;
	}
	cr_expect_eq(seen, 1, "%zu statements for one number", seen);
	/* A query with an inbox, or with fewer values of waiting, must count fewer cases. */
	query.inboxes = 1u << INBOX_PENDING;
	cr_assert_eq(store_list_count(samples.store, &query, 0, &number, &samples.error), ERR_OK);
	cr_expect_lt(number, waiting);
	query = list_query_of(&arena, "waiting:provider,party", SORT_DUE, false);
	cr_assert_eq(store_list_count(samples.store, &query, 0, &number, &samples.error), ERR_OK);
	cr_expect_lt(number, waiting);
}

/* If a condition leaves few rows of a large store, its own index is read, and only those rows are sorted. */
Test(list_plan, a_condition_that_leaves_few_is_read_by_its_own_index)
{
	static const struct {
		const char *filter, *index;
	} cases[] = { { "country:JPN", "session_by_country (top=? AND country=?)" },
		      { "merchant:kestrel", "session_by_merchant (top=? AND merchant_id=?)" },
		      { "workflow:ralio-kyb", "session_by_workflow (top=? AND workflow=?)" },
		      { "status:expired", "session_by_status (top=? AND status=?)" },
		      { "kind:kyc", "session_by_kind (top=? AND kind=?)" },
		      { "age<1d", "session_by_age (top=? AND <expr>>?)" },
		      { "risk>90", "session_inbox_risk (compliance_status=? AND top=? AND risk_key<?)" },
		      { "due<1h", "session_inbox_due (compliance_status=? AND top=? AND due_key<?)" },
		      { "doc:missing", "session_document_missing (top=?)" },
		      { "doc:rejected", "session_document_rejected (top=?)" },
		      { "party:open", "session_party_open (top=?)" },
		      { "hit:open", "session_hit_open (top=?)" },
		      { "waiting:client", "session_waiting (top=? AND waiting=?)" },
		      { "why:hit_open", "session_blocker (top=? AND blocker=?)" },
		      { "clean:yes", "session_blocker (top=? AND blocker=?)" },
		      { "mark:held", "session_assignee" },
		      { "mark:snoozed", "session_follow (top=?)" },
		      { "mark:returned", "session_returned (top=?)" },
		      { "mark:noted", "note_session" },
		      { "mentioned:me", "note_mentioned" },
		      { "00000000-0000-7000-8000-000000000030", "sqlite_autoindex_session_1 (uuid=?)" },
		      { "id:RAL-17,RAL-18", "session_external_ref (external_ref=?)" },
		      { "mark:alert", "alert_" },
		      { "tag:region=emea", "session_tag USING PRIMARY KEY (key=? AND value=?)" },
		      { "tag:region", "session_tag USING PRIMARY KEY (key=?)" },
		      { "level:light", "subject_level (<expr>=?)" } };

	/* Pretends that the inboxes are too large to be read as a whole. */
	run_sql(samples.store, "UPDATE inbox_count SET sessions = sessions + 1000000");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, cases[i].filter, SORT_NAME, false);
		struct plan plan;

		plan_list(&arena, &query, &plan);
		cr_expect_not(plan.scans_sessions, "%s\n%s", cases[i].filter, plan.text);
		cr_expect(strstr(plan.text, cases[i].index), "%s\n%s", cases[i].filter, plan.text);
		samples_expect_pages(&samples, query, cases[i].filter);
		arena_release(&arena);
	}
}

Test(list_plan, the_condition_that_leaves_the_fewest_is_the_one_that_is_read)
{
	struct list_query query = list_query_of(&arena, "kind:kyb country:JPN hit:open ltd", SORT_NAME, false);
	struct plan plan;

	run_sql(samples.store, "UPDATE inbox_count SET sessions = sessions + 1000000");
	run_sql(samples.store, "UPDATE session SET hit_open = 0 WHERE id > 20");
	for (size_t i = 20; i < samples.count; i++)
		samples.items[i].hit_open = false;
	plan_list(&arena, &query, &plan);
	cr_expect(strstr(plan.text, "session_hit_open"), "%s", plan.text);
	samples_expect_pages(&samples, query, "kind:kyb country:JPN hit:open ltd");
}

Test(list_plan, what_one_reviewer_holds_is_found_by_its_own_index)
{
	for (unsigned sort = 0; sort < 4; sort++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = list_query_of(&arena, "assignee:me", (enum sort_key)sort, false);
		struct plan plan;

		plan_list(&arena, &query, &plan);
		cr_expect_not(plan.scans_sessions, "%s", plan.text);
		cr_expect(strstr(plan.text, "SEARCH s USING INDEX session_assignee"), "%s", plan.text);
		cr_expect_eq(plan.sorts, sort != SORT_DUE, "%s", plan.text);
		arena_release(&arena);
	}
}

Test(list_plan, rare_words_are_read_from_the_text_index_and_frequent_ones_walk_the_order)
{
	struct list_query query = list_query_of(&arena, "zzz", SORT_DUE, false);
	struct plan plan;

	plan_list(&arena, &query, &plan);
	cr_expect_not(plan.scans_sessions, "%s", plan.text);
	cr_expect(strstr(plan.text, "SCAN session_text VIRTUAL TABLE"), "%s", plan.text);
	cr_expect(strstr(plan.text, "SEARCH s USING INTEGER PRIMARY KEY"), "%s", plan.text);

	query = list_query_of(&arena, "ltd", SORT_DUE, false);
	query.inboxes = 1u << INBOX_REMEDIATION;
	plan_list(&arena, &query, &plan);
	cr_expect_not(plan.scans_sessions, "%s", plan.text);
	cr_expect_not(plan.sorts, "%s", plan.text);
	cr_expect(strstr(plan.text, "SEARCH s USING INDEX session_inbox_due"), "%s", plan.text);
	cr_expect_not(strstr(plan.text, "session_text"), "the hits are read once, not for each branch: %s", plan.text);
}

/* If a page is not filled soon, the matching ids come from the conditions' indexes, and only their rows are read. */
Test(list_plan, what_matches_nothing_reads_indexes_only)
{
	static const char *const filters[] = TEXTS(
		"country:JPN,GBR status:approved -kind:kyb", "merchant:kestrel workflow:ralio-kyb risk>20 risk<90",
		"age>3d due>1h doc:missing", "party:open hit:open waiting:client", "tag:region level:light mark:noted",
		"mark:alert doc:rejected", "mark:held mark:returned", "mark:snoozed -country:JPN",
		"-doc:missing -risk>50 -tag:region -level:light -mark:noted", "ltd -lane kind:kyb");

	samples.store->lists = (struct list_bounds){ .scan_row_count = 1, .condition_id_count = 50 };
	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned flags = 0; flags < 4; flags++) {
			struct list_query query = list_query_of(&arena, filters[i], SORT_DUE, flags & 1);

			query.include_subsessions = flags & 2;
			query.limit = LIST_LIMIT_MAX;
			samples_expect_pages(&samples, query, filters[i]);
			expect_indexes_only(&arena, filters[i], true);
		}
}

/* A scan continues from its position by a seek, in the order of its index. */
Test(list_plan, the_steps_of_a_search_neither_scan_nor_sort)
{
	static const char *const filters[] = { "kind:kyb",   "risk>20 -country:JPN", "-ltd",   "ltd",
					       "due>1h",     "-tag:region",	     "age>3d", "assignee:none",
					       "level:LIGHT" };
	static const unsigned inboxes[] = { 0, 1u << INBOX_PENDING, 1u << INBOX_PENDING | 1u << INBOX_APPROVED };
	sqlite3 *handle = ((struct sqlite_db *)samples.store->db)->handle;
	uint64_t state = 1;
	size_t walks = 0;

	samples.store->lists = (struct list_bounds){ .scan_row_count = 20 };
	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
		for (unsigned sort = 0; sort < 4; sort++) {
			struct list_query query = list_query_of(&arena, filters[i], (enum sort_key)sort, i % 2 == 1);

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
}
