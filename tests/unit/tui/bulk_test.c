/* Several cases at once: marking them, the fields of the chosen verb, and the report on skipped cases. */
#include "places.h"

TestSuite(bulk, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static void look_at_list(enum who who)
{
	open_at(who, "", "");
	workbench_draw(&workbench, 30, screen_cols = 120);
}

static void expect_shows(const char *text)
{
	cr_expect(shows(text), "no \"%s\" in\n%s", text, screen_text());
}

static void expect_problem(const char *text)
{
	cr_assert(workbench.dialog, "%s", screen_text());
	cr_expect_str_eq(workbench.dialog->problem, text, "%s", screen_text());
}

static bool is_marked(size_t row)
{
	return marks_have(&workbench.inbox.marked_cases, queue_item(&workbench.inbox.queue, row)->id);
}

Test(bulk, a_range_goes_both_ways_and_a_mark_is_taken_back)
{
	look_at_list(RITA);
	type("jjj ");
	cr_expect_eq(workbench.inbox.queue.cursor, 4, "it goes on to the next");
	type("kkkM");
	cr_expect_eq(workbench.inbox.marked_cases.count, 3);
	cr_expect(is_marked(1) && is_marked(2) && is_marked(3) && !is_marked(0) && !is_marked(4));
	expect_shows("3 marked");
	press(key_press(PRESS_HOME));
	type("jjj ");
	cr_expect(!is_marked(3) && is_marked(2));
	type("jM");
	cr_expect(is_marked(3) && is_marked(4) && is_marked(5) && !is_marked(6), "from the one before");
	type("\\\\");
	cr_expect_eq(workbench.inbox.marked_cases.count, 0);
	expect_shows("No case is marked");
	type("M");
	expect_shows("A range starts at the last mark");
	cr_expect_eq(workbench.inbox.marked_cases.count, 0);
}

static void choose_kind(const char *letters, const char *chosen)
{
	workbench.dialog->form.focus = 0;
	type(letters);
	expect_shows(arena_printf(&arena, "(*) %s", chosen));
}

Test(bulk, what_is_missing_is_said_before_anything_is_tried)
{
	look_at_list(LEA);
	type("jj j B");
	cr_assert(workbench.dialog && workbench.dialog->spec == &bulk_dialog, "%s", screen_text());
	expect_shows("2 marked cases");
	confirm();
	expect_problem("First choose the action: press Down, or type its first letters.");
	choose_kind("as", "assign them to a reviewer");
	confirm();
	expect_problem("First choose the reviewer: press Tab, then Down or the first letters.");
	press(key_press(PRESS_UP)); /* selects another action, which clears the typed letters */
	choose_kind("sn", "snooze them until a date");
	cr_expect_not(shows(" to  "), "%s", screen_text());
	confirm();
	expect_problem("First enter the end of the snooze: days, like 3, or a date, like 2026-12-01.");
	type("\t3");
	confirm();
	expect_problem("Write the text first.");
	cr_expect(workbench.dialog->spec == &bulk_dialog, "nothing was tried");
	type("\tthe register is closed");
	confirm();
	cr_expect(workbench.dialog->spec == &bulk_do_dialog, "%s", screen_text());
	expect_shows("then        1 of 2 cases snoozed");
	expect_shows("text        the register is closed");
	expect_shows("1 refused; it stays unchanged:");
	expect_shows("Jo Reyes (HEL-1): Cannot snooze a case (HEL-1): bo has held this case");
}

Test(bulk, what_can_be_done_to_all_is_done_to_all_and_to_whom_is_said)
{
	look_at_list(LEA);
	type("j j B");
	choose_kind("as", "assign them to a reviewer");
	type("\tri");
	confirm();
	expect_shows("then        2 cases assigned to rita");
	expect_shows("The preview succeeded for all cases.");
	type("y");
	cr_expect_null(workbench.dialog, "%s", screen_text());
	expect_shows("2 cases assigned to rita");
	cr_expect_eq(workbench.inbox.marked_cases.count, 0, "what is done is marked no longer");
	type("/assignee:rita\n");
	cr_expect_eq(queue_row_count(&workbench.inbox.queue), 2, "%s", screen_text());
}

Test(bulk, one_case_is_spoken_of_as_one)
{
	look_at_list(RITA);
	type("j B");
	expect_shows("1 marked case");
	cr_expect_not(shows("assign them"), "a reviewer assigns nobody:\n%s", screen_text());
	choose_kind("cl", "claim them");
	confirm();
	expect_shows("then        1 case claimed");
	type("y");
	expect_shows("1 case claimed");
}

Test(bulk, where_none_can_be_there_is_no_button)
{
	look_at_list(RITA);
	type("B");
	cr_expect_null(workbench.dialog);
	expect_shows("No case is marked: Space marks one");
	type("jj jj B");
	choose_kind("en", "end the snooze");
	confirm();
	expect_shows("then        1 of 2 cases returned to the queue");
	type("y");
	expect_shows("1 of 2 cases returned to the queue; the refused ones stay marked");
	expect_shows("The refused ones stay unchanged and marked:");
	type(ESC "B");
	expect_shows("1 marked case");
	choose_kind("en", "end the snooze");
	confirm();
	expect_shows("No case can be returned to the queue");
	cr_expect_not(shows("do it"), "%s", screen_text());
	type("y");
	cr_expect(workbench.dialog, "there is no button to press");
}

Test(bulk, more_than_can_be_marked_is_said)
{
	look_at_list(RITA);
	for (size_t i = 0; i < MARKS_MAX; i++) {
		cr_assert(marks_add(&workbench.inbox.marked_cases, arena_printf(&arena, "full-%zu", i), "n", "r"));
	}
	type(" ");
	expect_shows("marked, the maximum; \\ unmarks all");
	cr_expect_not(is_marked(0));
	cr_expect_eq(workbench.inbox.queue.cursor, 1);
	press(key_press(PRESS_HOME));
	type("M");
	expect_shows("marked, the maximum; \\ unmarks all");
	type("*");
	expect_shows("more match: filter the list with");
	cr_expect_eq(workbench.inbox.marked_cases.count, MARKS_MAX);
}
