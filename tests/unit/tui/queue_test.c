#include "tui_support.h"

#include <stdlib.h>

static struct queue queue;

static void answer(struct job *request, size_t first, size_t count, bool more)
{
	struct job *job = list_answer(request->ticket, first, count, more);
	job->first_page = request->first_page;
	job_free(request);
	cr_assert(queue_take_response(&queue, job));
}
static void open_with(size_t count, bool more)
{
	queue_init(&queue);
	answer(queue_reload(&queue), 0, count, more);
}
static void tear_down(void)
{
	queue_release(&queue);
	NO_LEAKS();
}
TestSuite(queue, .fini = tear_down);

Test(queue, the_cursor_stops_at_both_ends)
{
	open_with(3, false);
	cr_expect_null(queue_move(&queue, -1));
	cr_expect_eq(queue.cursor, 0);
	cr_expect_null(queue_move(&queue, 10));
	cr_expect_eq(queue.cursor, 2);
}

Test(queue, the_cursor_follows_its_case_and_not_its_row)
{
	open_with(10, false);
	queue_move(&queue, 4);
	queue.top = 2;
	struct job *request = queue_reload(&queue);
	answer(request, 2, 8, false); /* the first two cases are gone */
	cr_expect_str_eq(queue_current_item(&queue)->id, "id-4");
	cr_expect_eq(queue.cursor, 2);
	cr_expect_eq(queue.top, 0);
}

Test(queue, when_its_case_is_gone_the_cursor_stays_where_it_is)
{
	open_with(10, false);
	queue_move(&queue, 4);
	answer(queue_reload(&queue), 20, 10, false);
	cr_expect_eq(queue.cursor, 4);
	answer(queue_reload(&queue), 50, 2, false);
	cr_expect_eq(queue.cursor, 1);
	answer(queue_reload(&queue), 0, 0, false);
	cr_expect_null(queue_current_item(&queue));
	cr_expect_eq(queue.cursor, 0);
}

Test(queue, an_answer_to_an_older_question_is_dropped)
{
	queue_init(&queue);
	struct job *first = queue_reload(&queue), *second = queue_set_filter(&queue, "harbour");
	struct job *late = list_answer(first->ticket, 0, 5, false);
	cr_expect_not(queue_take_response(&queue, late));
	job_free(late);
	cr_expect_eq(queue_row_count(&queue), 0);
	job_free(first);
	answer(second, 0, 1, false);
	cr_expect_eq(queue_row_count(&queue), 1);
}

Test(queue, near_the_edge_of_the_window_more_is_asked_for)
{
	open_with(200, true);
	cr_expect_null(queue_move(&queue, 40));
	struct job *more = queue_move(&queue, 20);
	cr_assert(more);
	cr_expect_eq(more->requested_page_count, 2);
	job_free(more);
}

Test(queue, the_last_row_is_read_from_the_end)
{
	open_with(200, true);
	struct job *last = queue_move(&queue, MOVE_ALL);
	cr_assert(last);
	cr_expect(last->query.reverse);
	answer(last, 0, 5, true);
	cr_expect_eq(queue.cursor, 4);
	cr_expect_str_eq(queue_current_item(&queue)->id, "id-0", "the first of the reversed order is the last row");
}

Test(queue, a_seen_end_needs_no_reading)
{
	open_with(5, false);
	cr_expect_null(queue_move(&queue, MOVE_ALL));
	cr_expect_eq(queue.cursor, 4);
	cr_expect_null(queue_move(&queue, -MOVE_ALL));
	cr_expect_eq(queue.cursor, 0);
}

Test(queue, a_filter_puts_the_cursor_on_the_first_match)
{
	open_with(10, false);
	queue_move(&queue, 7);
	answer(queue_set_filter(&queue, "company"), 5, 5, false);
	cr_expect_eq(queue.cursor, 0);
}

Test(queue, views_narrow_with_the_filter_language)
{
	queue_init(&queue);
	struct job *job = queue_select_list(&queue, queue.inbox, &views_shipped[0]);
	cr_expect_eq(job->query.inboxes, 0);
	cr_expect_eq(job->query.filter.count, 1);
	cr_expect_eq(job->query.filter.terms[0].key, FILTER_ASSIGNEE);
	job_free(job);
}

Test(queue, next_is_looked_for_among_what_can_be_decided)
{
	struct arena arena = ARENA_INIT;
	struct list_query query;
	queue_init(&queue);
	queue_make_next_query(&queue, &arena, &query);
	cr_expect_eq(query.inboxes, 1u << INBOX_MANUAL_REVIEW);
	queue.inbox = INBOX_APPROVED;
	queue_make_next_query(&queue, &arena, &query);
	cr_expect_eq(query.inboxes, 0, "an approved case is not a next case: all inboxes with work are asked");
	arena_release(&arena);
}

Test(queue, a_reload_between_question_and_answer_asks_the_new_question)
{
	open_with(200, true);
	queue.first_page = 2; /* three pages down */
	job_free(queue_select_list(&queue, queue.inbox, &views_shipped[0]));
	struct job *again = queue_reload(&queue);
	cr_expect_eq(again->first_page, 0, "it begins at the first page");
	cr_expect_str_empty(again->after);
	answer(again, 0, 3, false);
	cr_expect_eq(queue_row_count(&queue), 3);
}

Test(queue, a_view_has_its_own_order_and_the_inboxes_keep_theirs)
{
	const struct view by_risk = { .name = "Risky", .filter = "risk>50", .sort = SORT_RISK, .empty_text = "" };
	queue_init(&queue);
	job_free(queue_use_next_sort(&queue)); /* sorts by the last change */
	job_free(queue_select_list(&queue, queue.inbox, &by_risk));
	cr_expect_eq(queue.sort, SORT_RISK);
	job_free(queue_use_next_sort(&queue));
	cr_expect_eq(queue.sort, SORT_NAME);
	job_free(queue_select_list(&queue, INBOX_COMPLETED, NULL));
	cr_expect_eq(queue.sort, SORT_UPDATED);
}

Test(queue, what_it_shows_can_be_written_as_a_filter)
{
	struct arena arena = ARENA_INIT;
	const struct view mine = views_shipped[0];
	queue_init(&queue);
	cr_expect_str_eq(queue_filter_text(&queue, &arena), "inbox:manual_review");
	job_free(queue_set_filter(&queue, "country:PRT lane"));
	cr_expect_str_eq(queue_filter_text(&queue, &arena), "inbox:manual_review country:PRT lane");
	job_free(queue_select_list(&queue, queue.inbox, &mine));
	cr_expect_str_eq(queue_filter_text(&queue, &arena), "assignee:me");
	job_free(queue_set_filter(&queue, "lane"));
	cr_expect_str_eq(queue_filter_text(&queue, &arena), "assignee:me lane");
	job_free(queue_select_list(&queue, INBOX_MANUAL_REVIEW, NULL));
	cr_expect_str_eq(queue_filter_text(&queue, &arena), "inbox:manual_review country:PRT lane");
	arena_release(&arena);
}

Test(queue, an_id_is_looked_for_in_every_inbox_and_outside_the_view)
{
	static const char id[] = "019ab1c2-0000-7000-8000-00000000000a";
	struct arena arena = ARENA_INIT;
	const struct view mine = views_shipped[0];
	struct job *request;

	queue_init(&queue);
	request = queue_set_filter(&queue, id);
	cr_expect_eq(request->query.inboxes, 0);
	cr_expect(queue_has_id_filter(&queue));
	cr_expect_str_eq(queue_filter_text(&queue, &arena), id);
	job_free(request);
	job_free(queue_select_list(&queue, queue.inbox, &mine));
	request = queue_set_filter(&queue, id);
	cr_assert_eq(request->query.filter.count, 1, "the view's own filter would hide the case");
	cr_expect_eq(request->query.filter.terms[0].key, FILTER_ID);
	job_free(request);
	request = queue_set_filter(&queue, "-id:RAL-1");
	cr_expect_not(queue_has_id_filter(&queue));
	cr_expect_eq(request->query.filter.count, 2);
	job_free(request);
	arena_release(&arena);
}

Test(queue, a_view_and_a_filter_that_are_too_long_together_are_refused)
{
	struct error error = { 0 };
	struct strbuf typed = STRBUF_INIT;
	while (typed.len < FILTER_LENGTH_MAX - 8)
		strbuf_adds(&typed, "lane ");
	cr_expect_eq(queue_validate_filter("", "country:nowhere", &error), ERR_OK);
	cr_expect_eq(queue_validate_filter("assignee:me", typed.buf, &error), ERR_INVALID,
		     "else it would show every case");
	error_release(&error);
	strbuf_release(&typed);
	NO_LEAKS();
}

/* Answers like the reader: with the first rows only, if the request has a limit. */
static void answer_few(struct job *request, size_t all)
{
	size_t count = request->row_limit && request->row_limit < all ? request->row_limit : all;
	struct job *job = list_answer(request->ticket, 0, count, count < all);

	job->row_limit = request->row_limit;
	job_free(request);
	cr_assert(queue_take_response(&queue, job));
}

Test(queue, of_another_inbox_come_first_as_many_rows_as_are_shown)
{
	struct job *request;

	open_with(10, false);
	queue.rows_shown = 30;
	request = queue_select_list(&queue, INBOX_APPROVED, NULL);
	cr_expect_eq(request->row_limit, 30);
	answer_few(request, 120);
	cr_expect_eq(queue_row_count(&queue), 30);
	cr_expect(queue_has_more_rows(&queue));
	cr_expect_null(queue_move(&queue, -MOVE_ALL), "the first of them is the first of all");
	request = queue_move(&queue, MOVE_ALL);
	cr_assert(request, "and the last of them is not the last of all");
	job_free(request);

	queue_move(&queue, 3);
	request = queue_reload(&queue);
	cr_expect_eq(request->row_limit, 30, "the last rows were asked for, and have not come");
	answer_few(request, 120);
	request = queue_reload(&queue);
	cr_expect_eq(request->row_limit, 0);
	cr_expect_eq(request->requested_page_count, 1);
	answer_few(request, 120);
	cr_expect_eq(queue_row_count(&queue), 120);
	cr_expect_not(queue_has_more_rows(&queue));
}

Test(queue, what_was_begun_and_given_up_is_not_gone_on_with_until_the_cursor_moves)
{
	struct job *request;

	open_with(10, false);
	queue.rows_shown = 30;
	answer_few(queue_select_list(&queue, INBOX_APPROVED, NULL), 120);
	job_free(queue_reload(&queue));
	queue_cancel_reading(&queue);
	cr_expect_not(queue_has_more_rows(&queue));
	cr_expect_eq(queue_row_count(&queue), 30);
	request = queue_move(&queue, 1);
	cr_assert(request, "there are more rows");
	answer_few(request, 120);
	cr_expect_eq(queue_row_count(&queue), 120);
	cr_expect_eq(queue.cursor, 1);
}

Test(queue, a_list_of_no_more_rows_than_are_shown_is_whole_at_once)
{
	open_with(10, false);
	queue.rows_shown = 30;
	answer_few(queue_select_list(&queue, INBOX_APPROVED, NULL), 30);
	cr_expect_not(queue_has_more_rows(&queue));
	answer_few(queue_select_list(&queue, INBOX_APPROVED, NULL), 0);
	cr_expect_not(queue_has_more_rows(&queue));
}

Test(queue, what_is_looked_for_is_looked_for_once)
{
	static const struct view view = { .name = "mine", .filter = "assignee:me", .empty_text = "" };
	struct job *request;

	open_with(10, false);
	queue.rows_shown = 30;
	request = queue_select_list(&queue, queue.inbox, &view);
	cr_expect_eq(request->row_limit, 0);
	job_free(request);
	request = queue_select_list(&queue, INBOX_APPROVED, NULL);
	job_free(request);
	request = queue_set_filter(&queue, "harbour");
	cr_expect_eq(request->row_limit, 0);
	job_free(request);
	queue.rows_shown = LIST_PAGE_ROWS + 1;
	request = queue_set_filter(&queue, "");
	cr_expect_eq(request->row_limit, 0, "a terminal that shows more than a page");
	job_free(request);
}

/* A partial response replaces another list, or an earlier part of the same list, but not the complete list. */
Test(queue, a_part_takes_the_place_of_what_it_goes_on_with_alone)
{
	open_with(10, false);
	struct job *again = queue_reload(&queue), *part = list_answer(again->ticket, 0, 3, true);
	part->partial = true;
	cr_expect_not(queue_take_response(&queue, part), "the whole list of before is better");
	cr_expect(queue.is_searching);
	cr_expect_eq(queue_row_count(&queue), 10);
	answer(again, 0, 12, false);
	cr_expect_eq(queue_row_count(&queue), 12);
	cr_expect_not(queue.is_searching);
	job_free(part);

	struct job *other = queue_set_filter(&queue, "harbour");
	part = list_answer(other->ticket, 0, 3, true);
	part->partial = true;
	cr_expect(queue_take_response(&queue, part), "of another list a part is more than the one of before");
	cr_expect(queue_is_partial(&queue));
	part = list_answer(other->ticket, 0, 5, true);
	part->partial = true;
	cr_expect(queue_take_response(&queue, part), "and more of it is more");
	cr_expect_eq(queue_row_count(&queue), 5);
	answer(other, 0, 6, false);
	cr_expect_not(queue_is_partial(&queue));
}

Test(queue, all_that_it_shows_is_asked_for_as_it_is_shown)
{
	open_with(3, false);
	answer(queue_set_filter(&queue, "country:PRT risk>50"), 0, 2, false);
	struct job *all = queue_new_match_job(&queue);
	cr_expect_eq(all->kind, JOB_FIND_MATCHES);
	cr_expect_eq(all->query.inboxes, 1u << INBOX_MANUAL_REVIEW);
	cr_assert_eq(all->query.filter.count, 2);
	cr_expect_eq(all->query.filter.terms[0].key, FILTER_COUNTRY);
	job_free(all);
}

/* --- moving through a list that is longer than its loaded part --- */

static size_t listed;

/* Answers like the desk: with pages of the list from the requested position, forwards or from the end. */
static struct job *serve(const struct job *request)
{
	struct job *job = job_new(JOB_LIST);
	size_t at = (size_t)strtoull(request->after, NULL, 10);
	job->ticket = request->ticket;
	job->first_page = request->first_page;
	job->total = (int64_t)listed;
	for (job->page_count = 0; job->page_count < request->requested_page_count; job->page_count++) {
		struct list_page *page = &job->page[job->page_count].page;
		if (job->page_count && at >= listed)
			break;
		job->page[job->page_count].after = at ? arena_printf(&job->arena, "%zu", at) : "";
		page->items = arena_alloc_array(&job->arena, LIST_PAGE_ROWS, sizeof *page->items);
		for (page->count = 0; page->count < LIST_PAGE_ROWS && at < listed; page->count++, at++) {
			size_t index = request->query.reverse ? listed - 1 - at : at;
			page->items[page->count] =
				(struct session_item){ .id = arena_printf(&job->arena, "%zu", index) };
		}
		page->next = at < listed ? arena_printf(&job->arena, "%zu", at) : "";
	}
	return job;
}

static void ask(struct job *request)
{
	if (!request)
		return;
	cr_assert_leq(request->requested_page_count, LIST_WINDOW_PAGES);
	cr_assert(queue_take_response(&queue, serve(request)));
	job_free(request);
}

static size_t index_at(size_t row)
{
	return (size_t)strtoull(queue_item(&queue, row)->id, NULL, 10);
}

/* Checks that the loaded rows are consecutive, have their positions in the list, and contain the cursor. */
static void check_window(const char *after)
{
	size_t count = queue_row_count(&queue);
	cr_assert_null(queue_item(&queue, count), "%s", after);
	cr_assert_eq(queue_position(&queue, count), 0, "%s", after);
	if (!listed)
		return;
	cr_assert_lt(queue.cursor, count, "%s", after);
	for (size_t row = 0; row < count; row++) {
		cr_assert_eq(index_at(row), index_at(0) + row, "%s: row %zu", after, row);
		cr_assert_eq(queue_position(&queue, row), (int64_t)index_at(row) + 1, "%s: row %zu", after, row);
	}
}

Test(queue, each_step_is_one_row_however_long_the_list_is)
{
	static const size_t lengths[] = {
		0, 1, 2, 149, LIST_PAGE_ROWS, LIST_PAGE_ROWS + 1, 3 * LIST_PAGE_ROWS + 7, 9 * LIST_PAGE_ROWS
	};
	for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
		unsigned seed = 7;
		listed = lengths[l];
		queue_init(&queue);
		ask(queue_reload(&queue));
		check_window("opened");
		for (size_t i = 0; i < 700; i++) {
			size_t before = listed ? index_at(queue.cursor) : 0, last = listed ? listed - 1 : 0;
			seed = seed * 1103515245u + 12345u;
			const char *what = "";
			size_t wanted = before;
			long by = seed >> 16 & 1 ? 1 : -1;
			switch (seed >> 17 & 15) {
			case 0:
				what = "the end";
				ask(queue_move(&queue, MOVE_ALL));
				wanted = last;
				break;
			case 1:
				what = "the beginning";
				ask(queue_move(&queue, -MOVE_ALL));
				wanted = 0;
				break;
			case 2:
				what = "read again";
				ask(queue_reload(&queue));
				break;
			case 3:
			case 4:
			case 5:
			case 6:
				what = "a page";
				by *= 40;
				/* fall through */
			default:
				what = *what ? what : "a row";
				ask(queue_move(&queue, by));
				wanted = by < 0 ? before - (before < (size_t)-by ? before : (size_t)-by)
					 : last - before < (size_t)by ? last
								      : before + (size_t)by;
				break;
			}
			check_window(what);
			if (listed)
				cr_assert_eq(index_at(queue.cursor), wanted, "%zu: %s from %zu of %zu leads to %zu", i,
					     what, before, listed, index_at(queue.cursor));
		}
		tear_down();
	}
}
