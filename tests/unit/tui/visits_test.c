/* Tests the history of visited cases for n and N, and the marks of the queue's cases. */
#include "tui_support.h"

#include "model/visits.h"

Test(visits, forward_back_and_the_end)
{
	struct visits visits = { 0 };
	cr_expect_null(visits_move(&visits, true));
	cr_expect_null(visits_move(&visits, false));
	visits_set_current(&visits, "one");
	visits_set_current(&visits, "two");
	visits_set_current(&visits, "three");
	cr_expect_null(visits_move(&visits, true), "the way ends here");
	cr_expect_str_eq(visits_move(&visits, false), "two");
	cr_expect_str_eq(visits_move(&visits, false), "one");
	cr_expect_null(visits_move(&visits, false));
	cr_expect_str_eq(visits_move(&visits, true), "two");
	visits_set_current(&visits, "one");
	cr_expect_str_eq(visits_move(&visits, true), "two", "a case that is seen again is not a new place");
	cr_expect_str_eq(visits_move(&visits, true), "three");
	for (int i = 0; i < 100; i++)
		visits_set_current(&visits, (const char *[]){ "a", "b", "c" }[i % 3]);
	cr_expect_eq(visits.count, 6);
	visits_release(&visits);
	NO_LEAKS();
}

static const char *marks(struct stage *stage, const struct session_item *item)
{
	return marks_text(&stage->arena, item, &stage->frame);
}

Test(visits, each_state_has_a_mark_of_its_own_in_ascii_too)
{
	struct stage stage;
	struct session_item item = { .assignee = "", .status = SESSION_MANUAL_REVIEW, .snoozed_until = TIME_NONE };
	stage_open(&stage, TEXT_ASCII, 24, 80);
	cr_expect_str_eq(marks(&stage, &item), "");
	item.assignee = "ana";
	cr_expect_str_eq(marks(&stage, &item), "*");
	item.assignee = "bo";
	item.has_note = true;
	cr_expect_str_eq(marks(&stage, &item), "om");
	item.waiting = item.returned = true;
	cr_expect_str_eq(marks(&stage, &item), "owrm");
	item.snoozed_until = TEST_NOW + HOUR_MS;
	cr_expect_str_eq(marks(&stage, &item), "ozrm");
	item.snoozed_until = TEST_NOW - HOUR_MS;
	item.waiting = false;
	cr_expect_str_eq(marks(&stage, &item), "orm", "its time has come");
	item.waiting = true;
	item.status = SESSION_APPROVED;
	cr_expect_str_eq(marks(&stage, &item), "orm", "nothing waits any more");
	stage_close(&stage);
	NO_LEAKS();
}

Test(visits, marks_and_the_holder_find_room_beside_the_reason)
{
	struct stage stage;
	struct queue queue;
	stage_open(&stage, TEXT_UTF8, 24, 120);
	queue_init(&queue);
	queue.ticket = 1;
	struct job *answer = list_answer(1, 0, 1, false);
	answer->page[0].page.items[0].assignee = "ana";
	answer->page[0].page.items[0].has_note = answer->page[0].page.items[0].returned = true;
	cr_assert(queue_take_response(&queue, answer));
	const struct grid grid =
		queue_grid(&queue, &stage.arena, &stage.frame, &stage.surface, (struct box){ 0, 0, 2, 120 });
	grid_draw(&grid, &stage.surface, (struct box){ 0, 0, 2, 120 }, 0, 0, true, ZONE_QUEUE);
	cr_expect(strstr(stage_row(&stage, 0), "Now"), "%s", stage_row(&stage, 0));
	cr_expect(strstr(stage_row(&stage, 0), "Why"), "%s", stage_row(&stage, 0));
	cr_expect(strstr(stage_row(&stage, 0), "Holder"), "%s", stage_row(&stage, 0));
	cr_expect(strstr(stage_row(&stage, 1), "●↩m"), "%s", stage_row(&stage, 1));
	queue_release(&queue);
	stage_close(&stage);
	NO_LEAKS();
}

Test(visits, the_cursor_of_the_list_goes_along)
{
	struct queue queue;
	queue_init(&queue);
	queue.ticket = 1;
	cr_assert(queue_take_response(&queue, list_answer(1, 0, 5, false)));
	queue_select(&queue, "id-3");
	cr_expect_str_eq(queue_current_item(&queue)->id, "id-3");
	queue_select(&queue, "elsewhere");
	cr_expect_str_eq(queue_current_item(&queue)->id, "id-3");
	queue_release(&queue);
	NO_LEAKS();
}
