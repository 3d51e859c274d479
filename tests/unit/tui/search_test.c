/*
 * Tests a list that arrives in parts: the complete list is the same for every number of rows that a step scans, a part
 * is never treated as the complete list, and every key that is pressed meanwhile works.
 */
#include "places.h"

#include <poll.h>

#define SHOWN_MAX 64

TestSuite(search_screen, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

struct shown {
	char id[SHOWN_MAX][UUID_TEXT_SIZE];
	size_t count;
};

static void open_with(size_t rows)
{
	put_back();
	step_rows = rows;
	open_workbench(&people[ADA]);
}

static void remember(struct shown *out)
{
	out->count = queue_row_count(&workbench.inbox.queue);
	cr_assert_leq(out->count, SHOWN_MAX);
	for (size_t i = 0; i < out->count; i++)
		memcpy(out->id[i], queue_item(&workbench.inbox.queue, i)->id, UUID_TEXT_SIZE);
}

static bool title_says(const char *text)
{
	workbench_draw(&workbench, 24, 80);
	return strstr(surface_row_text(&arena, &workbench.surface, 2), text) != NULL;
}

/* Checks that the shown rows are the first rows, or the last rows, of the whole list. */
static void expect_part(const struct shown *whole, const char *what)
{
	const struct job *shown = workbench.inbox.queue.shown_response;
	struct shown part;

	remember(&part);
	cr_expect_lt(shown->total, 0, "%s: a part was counted", what);
	cr_expect(shown->scanned_count <= shown->scan_total && shown->scanned_count > 0, "%s: %lld of %lld", what,
		  (long long)shown->scanned_count, (long long)shown->scan_total);
	cr_expect(title_says(arena_printf(&arena, "scanned %lld of %lld", (long long)shown->scanned_count,
					  (long long)shown->scan_total)),
		  "%s: %s", what, surface_row_text(&arena, &workbench.surface, 2));
	if (!whole)
		return;
	cr_assert_leq(part.count, whole->count, "%s", what);
	for (size_t i = 0; i < part.count; i++)
		cr_expect_str_eq(part.id[i],
				 whole->id[workbench.inbox.queue.reads_from_end ? whole->count - part.count + i : i],
				 "%s: row %zu", what, i);
}

/* Whether the list shows a part that answers the last request, not an earlier request. */
static bool shows_a_part(void)
{
	return queue_is_partial(&workbench.inbox.queue) &&
	       workbench.inbox.queue.shown_response->ticket == workbench.inbox.queue.ticket;
}

/* Takes responses until the list awaits none; returns how many parts were shown. */
static size_t await(const struct shown *whole, const char *what)
{
	size_t parts = 0;

	while (workbench.inbox.queue.waiting) {
		take_next();
		if (!shows_a_part())
			continue;
		parts++;
		expect_part(whole, what);
	}
	cr_expect_null(workbench.inbox.problem, "%s: %s", what, workbench.inbox.problem);
	return parts;
}

static size_t filter_and_await(const char *filter, const struct shown *whole)
{
	inbox_request_list(&workbench, queue_set_filter(&workbench.inbox.queue, filter));
	return await(whole, filter);
}

static void expect_same(const struct shown *a, const struct shown *b, const char *what)
{
	cr_expect_eq(a->count, b->count, "%s: %zu and %zu", what, a->count, b->count);
	for (size_t i = 0; i < a->count && i < b->count; i++)
		cr_expect_str_eq(a->id[i], b->id[i], "%s: row %zu", what, i);
}

/* Starts a search, and returns when its first part is shown. */
static void begin_to_search(const char *filter)
{
	inbox_request_list(&workbench, queue_set_filter(&workbench.inbox.queue, filter));
	while (!shows_a_part()) {
		cr_assert(workbench.inbox.queue.waiting, "%s", filter);
		take_next();
	}
}

static const char *const filters[] = {
	"-kind:kyc",	"risk<90",  "-harb",  "harb", "doc:missing",
	"-doc:missing", "kind:kyb", "age>0d", "zzz",  "inbox:manual_review -country:JPN"
};
#define FILTER_COUNT (sizeof filters / sizeof filters[0])

Test(search_screen, row_by_row_it_comes_to_the_same_list)
{
	struct shown whole[FILTER_COUNT], last[FILTER_COUNT];
	int64_t totals[FILTER_COUNT];
	size_t parts = 0, rows = 0;

	open_with(0);
	for (size_t i = 0; i < FILTER_COUNT; i++) {
		cr_expect_eq(filter_and_await(filters[i], NULL), 0, "%s", filters[i]);
		remember(&whole[i]);
		totals[i] = workbench.inbox.queue.shown_response->total;
		rows += whole[i].count;
	}
	close_workbench();
	for (size_t step = 1; step <= 3; step += 2) {
		open_with(step);
		for (size_t i = 0; i < FILTER_COUNT; i++) {
			parts += filter_and_await(filters[i], &whole[i]);
			remember(&last[i]);
			expect_same(&last[i], &whole[i], filters[i]);
			cr_expect_eq(workbench.inbox.queue.shown_response->total, totals[i], "%s", filters[i]);
		}
		close_workbench();
	}
	cr_expect_gt(rows, 10);
	cr_expect_gt(parts, FILTER_COUNT);
}

Test(search_screen, its_end_is_the_last_row_also_while_it_is_being_looked_for)
{
	struct shown whole;

	open_with(0);
	filter_and_await("-kind:kyc", NULL);
	remember(&whole);
	cr_assert_gt(whole.count, 2);
	close_workbench();
	open_with(1);
	begin_to_search("-kind:kyc");
	inbox_move_cursor(&workbench, MOVE_ALL);
	cr_assert(workbench.inbox.queue.waiting, "a part's last row is not the list's");
	while (workbench.inbox.queue.waiting) {
		take_next();
		if (shows_a_part())
			expect_part(&whole, "from the end");
		if (workbench.inbox.queue.shown_response->ticket == workbench.inbox.queue.ticket &&
		    queue_row_count(&workbench.inbox.queue))
			cr_expect_str_eq(queue_current_item(&workbench.inbox.queue)->id, whole.id[whole.count - 1]);
	}
	cr_expect_eq(queue_row_count(&workbench.inbox.queue), whole.count);
}

Test(search_screen, a_newer_filter_ends_it)
{
	struct shown whole, other;

	open_with(0);
	filter_and_await("harb", NULL);
	remember(&whole);
	close_workbench();
	open_with(1);
	begin_to_search("-kind:kyc");
	inbox_request_list(&workbench, queue_set_filter(&workbench.inbox.queue, "harb"));
	await(&whole, "harb");
	remember(&other);
	expect_same(&other, &whole, "harb");
}

Test(search_screen, escape_keeps_what_was_found_and_says_how_far_it_came)
{
	struct shown before, after;

	open_with(1);
	begin_to_search("-kind:kyb");
	remember(&before);
	workbench.stale_bits |= STALE_LIST; /* another process has changed the store */
	press(key_press(PRESS_ESCAPE));
	cr_expect(shows("The search was cancelled"), "%s", screen_text());
	cr_expect_not(workbench.inbox.queue.waiting);
	cr_expect(queue_is_partial(&workbench.inbox.queue));
	expect_part(NULL, "cancelled");
	cr_expect_not(title_says("Esc"));
	remember(&after);
	expect_same(&before, &after, "cancelled");
	workbench.stale_bits |= STALE_LIST; /* now the whole list is read again; the part stays until then */
	workbench_request_stale(&workbench);
	while (workbench.inbox.queue.waiting) {
		cr_expect(queue_is_partial(&workbench.inbox.queue));
		remember(&after);
		expect_same(&before, &after, "until it is whole");
		take_next();
	}
	cr_expect_not(queue_is_partial(&workbench.inbox.queue));
}

Test(search_screen, next_opens_the_same_case_before_and_after_it_is_whole)
{
	char first[UUID_TEXT_SIZE];

	open_with(0);
	filter_and_await("-kind:kyb", NULL);
	type("n");
	cr_assert(top_case(&workbench));
	memcpy(first, top_case(&workbench)->id, sizeof first);
	close_workbench();
	open_with(1);
	begin_to_search("-kind:kyb");
	type("n");
	cr_assert(top_case(&workbench));
	cr_expect_str_eq(top_case(&workbench)->id, first);
}

Test(search_screen, what_others_change_does_not_begin_it_again)
{
	struct shown whole;
	uint64_t ticket;
	size_t parts = 0;

	open_with(1);
	begin_to_search("-kind:kyc");
	ticket = workbench.inbox.queue.ticket;
	for (; workbench.inbox.queue.waiting; parts++) {
		workbench.stale_bits |= STALE_LIST;
		workbench_request_stale(&workbench);
		cr_expect_eq(workbench.inbox.queue.ticket, ticket);
		take_next();
	}
	cr_expect_gt(parts, 0);
	cr_expect(workbench.stale_bits & STALE_LIST, "it is read again when it is whole");
	remember(&whole);
	/* The list is read again, and meanwhile all rows stay. */
	workbench_request_stale(&workbench);
	cr_expect_neq(workbench.inbox.queue.ticket, ticket);
	while (workbench.inbox.queue.waiting) {
		struct shown now;

		cr_expect_not(queue_is_partial(&workbench.inbox.queue));
		remember(&now);
		expect_same(&now, &whole, "while it is read again");
		take_next();
	}
}

/* At the end of a part, n tells a user that may not claim that the search is incomplete. */
Test(search_screen, a_part_has_no_end_for_who_walks_along_it)
{
	const struct person *looker = NULL;

	for (size_t i = 0; i < people_count; i++)
		looker = people[i].readonly || people[i].role == ROLE_VIEWER ? &people[i] : looker;
	cr_assert(looker);
	put_back();
	step_rows = 1;
	open_workbench(looker);
	begin_to_search("-kind:kyc");
	while (!queue_row_count(&workbench.inbox.queue))
		take_next();
	type(ESC "\n");
	cr_assert(queue_is_partial(&workbench.inbox.queue) && top_case(&workbench));
	for (size_t i = queue_row_count(&workbench.inbox.queue); i; i--)
		type("n");
	cr_expect(shows("the search of this list is incomplete"), "%s", screen_text());
}

/* A case that is opened is read before the list and the counts. */
Test(search_screen, the_case_that_is_looked_at_comes_before_list_and_counts)
{
	open_with(0);
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	settle();
	press(key_press(PRESS_ENTER));
	cr_assert(top_case(&workbench));
	case_close(&workbench);
	case_open(&workbench, queue_current_item(&workbench.inbox.queue)->id, "", false);
	cr_assert_null(case_model_view(&top_case(&workbench)->model));
	workbench.stale_bits |= STALE_DATA;
	workbench_request_stale(&workbench);
	cr_expect(workbench.inbox.queue.waiting);
	take_next();
	cr_expect(case_model_view(&top_case(&workbench)->model), "something else came first");
	cr_expect(workbench.inbox.queue.waiting);
	settle();
}

/* The counts of views can take seconds in a large store, so the list is read before the counts. */
Test(search_screen, the_list_comes_before_the_counts)
{
	open_with(0);
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	workbench_request_stale(&workbench);
	take_next();
	cr_expect(workbench.inbox.queue.shown_response && !workbench.frame.has_counts);
	settle();
	cr_expect(workbench.frame.has_counts);
}

Test(search_screen, of_an_inbox_come_the_rows_that_are_shown_and_then_all)
{
	struct shown whole, now;

	open_with(0);
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	settle();
	remember(&whole);
	cr_assert_gt(whole.count, 2);
	int64_t total = workbench.inbox.queue.shown_response->total;
	workbench.inbox.queue.rows_shown = 2;
	inbox_choose_entry(&workbench, INBOX_MANUAL_REVIEW);
	while (workbench.inbox.queue.waiting)
		take_next();
	remember(&now);
	cr_expect_eq(now.count, 2);
	cr_expect_eq(workbench.inbox.queue.shown_response->total, total, "all are counted");
	cr_expect_str_eq(now.id[1], whole.id[1]);
	cr_expect(inbox_continue_search(&workbench), "the others are asked for,");
	cr_expect_not(inbox_continue_search(&workbench), "once");
	settle();
	remember(&now);
	expect_same(&now, &whole, "then all");
}

/* Presses n and writes the order of the responses, up to the release: n next case, c case read, r case released. */
static size_t walk_on(char *order, size_t most)
{
	const struct key next = key_char('n');
	size_t count = 0;

	workbench_handle_key(&workbench, &next);
	while (count + 1 < most && !(count && order[count - 1] == 'r')) {
		struct pollfd answers = { .fd = reader_fd(workbench.reader), .events = POLLIN };
		struct job *answer;

		workbench_request_stale(&workbench);
		cr_assert_gt(poll(&answers, 1, 20000), 0, "the reader does not answer");
		while ((answer = reader_take_response(workbench.reader))) {
			bool act = answer->kind == JOB_UI_ACTION;
			if (act || answer->kind == JOB_CASE)
				order[count++] = !act ? 'c' : answer->ui_action == &release_ui_action ? 'r' : 'n';
			workbench_receive(&workbench, answer);
			if (workbench.stale_bits & STALE_DATA)
				workbench_request_stale(&workbench);
		}
	}
	order[count] = '\0';
	return count;
}

static bool is_held(const char *id)
{
	return strcmp(sql_text(&f, arena_printf(&arena, "SELECT assignee_id IS NOT NULL FROM session WHERE uuid = '%s'",
						id)),
		      "0") != 0;
}

Test(search_screen, the_case_before_is_let_go_of_when_the_next_one_is_read)
{
	char first[UUID_TEXT_SIZE], order[16];

	open_with(0);
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	settle();
	type("n");
	cr_assert(top_case(&workbench));
	memcpy(first, top_case(&workbench)->id, sizeof first);
	walk_on(order, sizeof order);
	cr_expect_str_eq(order, "ncr", "found, read, let go of the one before: %s", order);
	cr_expect_str_neq(top_case(&workbench)->id, first);
	cr_expect_not(workbench.stale_bits & STALE_CASE, "and it is not read again");
	settle();
	cr_expect_not(is_held(first));
	/* Leaving the program releases the last case, too. */
	memcpy(first, top_case(&workbench)->id, sizeof first);
	close_workbench();
	cr_expect_not(is_held(first));
}

Test(search_screen, a_frame_waits_for_its_case_but_not_for_long)
{
	const struct key enter = key_press(PRESS_ENTER);

	open_with(0);
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	settle();
	cr_expect_eq(case_paint_deadline_ms(&workbench), 0, "there is none");
	workbench_handle_key(&workbench, &enter);
	int64_t until = case_paint_deadline_ms(&workbench), now = workbench_monotonic_ms(&workbench);
	cr_expect(until > now && until <= now + 100, "%lld ms", (long long)(until - now));
	settle();
	cr_expect_eq(case_paint_deadline_ms(&workbench), 0, "it is there");
	case_open(&workbench, "00000000-0000-4000-8000-000000000000", "", false);
	cr_expect_gt(case_paint_deadline_ms(&workbench), 0);
	settle();
	cr_expect(top_case(&workbench)->problem);
	cr_expect_eq(case_paint_deadline_ms(&workbench), 0, "what went wrong is said at once");
}

/* The release of a closed case is sent before the requests of the next key, which may claim the case again. */
Test(search_screen, a_case_that_was_closed_is_let_go_of_before_what_the_next_key_asks)
{
	const struct key escape = key_press(PRESS_ESCAPE), enter = key_press(PRESS_ENTER);
	char first[UUID_TEXT_SIZE];

	open_with(0);
	workbench.stale_bits = STALE_LIST | STALE_COUNTS;
	settle();
	type("n");
	memcpy(first, top_case(&workbench)->id, sizeof first);
	workbench_handle_key(&workbench, &escape);
	workbench_handle_key(&workbench, &enter);
	cr_expect_null(workbench.case_stack.releases, "it waits behind what comes");
	cr_expect_str_eq(top_case(&workbench)->id, first);
	struct job *claim = job_of_ui_action(&release_ui_action);
	claim->in.verb = VERB_CLAIM;
	claim->session_id = arena_strdup(&claim->arena, first);
	reader_request(workbench.reader, claim);
	settle();
	cr_expect(is_held(first));
}
