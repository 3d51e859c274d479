/* Tests the first screen with keys and mouse: the list of inboxes, the cases of an inbox, and their order. */
#include "places.h"

TestSuite(inboxes, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static void look_at_list(size_t cols)
{
	screen_cols = cols;
	open_at(RITA, "", "");
}

/* The text under the cursor. */
static const char *selected(void)
{
	const struct box *focus = &workbench.surface.screen_reader.focus;
	const char *text = "";
	cr_assert(focus->rows, "nothing is selected:\n%s", screen_text());
	for (size_t col = focus->col; col < focus->col + focus->cols; col++)
		text = arena_printf(&arena, "%s%s", text, surface_cell(&workbench.surface, focus->row, col)->text);
	return text;
}

static void expect_selected(const char *text)
{
	cr_expect(strstr(selected(), text), "\"%s\", not %s:\n%s", selected(), text, screen_text());
}

static size_t entry(void)
{
	return inbox_entry_index(&workbench.inbox.queue, &workbench.inbox.views);
}

static void expect_entry(size_t wanted)
{
	cr_expect_eq(entry(), wanted, "%zu, not %zu:\n%s", entry(), wanted, screen_text());
}

static void click_zone(enum zone_kind kind, size_t index)
{
	for (size_t i = 0; i < workbench.surface.zone_count; i++) {
		const struct zone *zone = &workbench.surface.zones[i];
		if (zone->kind == kind && zone->index == index) {
			press((struct key){ .press = PRESS_CLICK, .row = zone->box.row, .col = zone->box.col });
			return;
		}
	}
	cr_assert_fail("no such zone:\n%s", screen_text());
}

Test(inboxes, tab_gives_them_the_keys_and_enter_gives_them_back)
{
	static const size_t widths[] = { 80, 170 };
	for (size_t i = 0; i < 2; i++) {
		look_at_list(widths[i]);
		size_t last = inbox_entry_count(&workbench.inbox.views) - 1;
		expect_selected("Jo Reyes");
		press(key_press(PRESS_TAB));
		cr_expect(shows("Enter to its cases"), "%s", screen_text());
		expect_selected("manual_review");
		press(key_press(PRESS_DOWN));
		expect_entry(INBOX_COMPLETED);
		expect_selected("completed");
		press(key_press(PRESS_UP));
		expect_entry(0);
		press(key_press(PRESS_UP));
		expect_entry(last);
		expect_selected(workbench.inbox.views.items[last - INBOX_COUNT].name);
		press(key_press(PRESS_DOWN));
		expect_entry(0);
		press(key_press(PRESS_END));
		expect_entry(last);
		press(key_press(PRESS_HOME));
		expect_entry(0);
		press(key_press(PRESS_PAGE_DOWN));
		expect_entry(0);
		press(key_press(PRESS_ENTER));
		cr_expect_eq(workbench.case_stack.count, 0, "it opens nothing");
		expect_selected("Jo Reyes");
		press(key_press(PRESS_BACK_TAB));
		expect_selected("manual_review");
		press(key_press(PRESS_TAB));
		expect_selected("Jo Reyes");
		press(key_press(PRESS_ENTER));
		cr_expect_eq(workbench.case_stack.count, 1, "and now it does");
		close_workbench();
	}
}

Test(inboxes, left_and_right_and_numbers_change_them_from_the_cases)
{
	look_at_list(100);
	press(key_press(PRESS_RIGHT));
	expect_entry(INBOX_COMPLETED);
	expect_selected("COM-1");
	press(key_press(PRESS_LEFT));
	expect_entry(0);
	press(key_press(PRESS_LEFT));
	expect_entry(inbox_entry_count(&workbench.inbox.views) - 1);
	type("1");
	expect_entry(0);
	type("8"); /* the first of the views */
	expect_entry(INBOX_COUNT);
	cr_expect(workbench.inbox.queue.shows_view);
}

Test(inboxes, the_mouse_chooses_them_and_opens_a_case_with_a_second_click)
{
	look_at_list(170);
	click_zone(ZONE_INBOX, INBOX_COMPLETED);
	expect_entry(INBOX_COMPLETED);
	expect_selected("COM-1");
	click_zone(ZONE_INBOX, INBOX_COUNT + 1);
	expect_entry(INBOX_COUNT + 1);
	click_zone(ZONE_INBOX, 0);
	press(key_press(PRESS_TAB));
	click_zone(ZONE_QUEUE, 3);
	expect_selected("KYC-1");
	cr_expect_eq(workbench.case_stack.count, 0, "the first click selects");
	click_zone(ZONE_QUEUE, 3);
	cr_assert_eq(workbench.case_stack.count, 1, "the second opens");
	cr_expect(shows("KYC-1"), "%s", screen_text());
}

Test(inboxes, the_wheel_moves_by_three_and_stops_at_the_ends)
{
	look_at_list(100);
	press(key_press(PRESS_WHEEL_DOWN));
	cr_expect_eq(workbench.inbox.queue.cursor, 3);
	press(key_press(PRESS_WHEEL_DOWN));
	press(key_press(PRESS_WHEEL_UP));
	cr_expect_eq(workbench.inbox.queue.cursor, 3);
	for (unsigned i = 0; i < 4; i++)
		press(key_press(PRESS_WHEEL_UP));
	cr_expect_eq(workbench.inbox.queue.cursor, 0);
	for (unsigned i = 0; i < 20; i++)
		press(key_press(PRESS_WHEEL_DOWN));
	cr_expect_eq(workbench.inbox.queue.cursor, queue_row_count(&workbench.inbox.queue) - 1);
}

Test(inboxes, the_order_is_changed_by_a_key_and_said)
{
	static const struct {
		const char *says, *first;
	} orders[] = { { "last changed first", "KYC-1" },
		       { "highest risk first", "HEL-1" },
		       { "by name", "CRY-1" },
		       { "most urgent first", "ALE-1" } };
	sql_run(&f, "UPDATE session SET updated_at = updated_at + 1 WHERE external_ref = 'KYC-1';"
		    "UPDATE session SET risk_score = 50 WHERE external_ref = 'HEL-1';"
		    "UPDATE session SET risk_score = 49 WHERE external_ref LIKE 'WORST%';"
		    "UPDATE session SET subject_name = 'Aa', name_key = 'aa' WHERE external_ref = 'CRY-1'");
	look_at_list(170);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		type("s");
		cr_expect(shows(orders[i].says), "%s:\n%s", orders[i].says, screen_text());
		expect_selected(orders[i].first);
	}
}

/* --- lists and cases that cannot be read --- */

Test(inboxes, a_list_or_case_that_cannot_be_read_says_why_and_is_read_again)
{
	put_back();
	look_at_list(100);
	sql_run(&f, "ALTER TABLE session RENAME COLUMN subject_name TO gone");
	type("2");
	cr_assert_not_null(workbench.inbox.problem, "%s", screen_text());
	cr_expect(strstr(workbench.inbox.problem, "subject_name"), "%s", workbench.inbox.problem);
	cr_expect(shows("subject_name"), "%s", screen_text());
	cr_expect_not(inbox_continue_search(&workbench), "it is not asked for over and over");
	sql_run(&f, "ALTER TABLE session RENAME COLUMN gone TO subject_name");
	type("1");
	cr_expect_null(workbench.inbox.problem);
	expect_selected("Jo Reyes");
	sql_run(&f, "ALTER TABLE document RENAME COLUMN review TO gone");
	press(key_press(PRESS_ENTER));
	cr_assert_eq(workbench.case_stack.count, 1);
	cr_assert_not_null(top_case(&workbench)->problem, "%s", screen_text());
	cr_expect(strstr(top_case(&workbench)->problem, "column: review"), "%s", top_case(&workbench)->problem);
	cr_expect(shows("document.load"), "%s", screen_text());
	type("a");
	cr_expect(!workbench.dialog || !workbench.dialog->form.confirm_label, "nothing is decided on what is not seen");
	press(key_press(PRESS_ESCAPE));
	sql_run(&f, "ALTER TABLE document RENAME COLUMN gone TO review");
	workbench.stale_bits |= STALE_CASE;
	settle();
	cr_expect_null(top_case(&workbench)->problem);
	cr_expect_not_null(case_model_view(&top_case(&workbench)->model));
}

#define COUNT_REVEALS "SELECT count(*) FROM audit_event WHERE action = 'reveal'"
/* An opened case is read again after its first frame, and after each change by others. */
Test(inboxes, a_read_that_follows_the_reveal_at_once_does_not_take_it_away)
{
	put_back();
	look_at_list(100);
	arrive_at(&(const struct row){ .ref = "RAL-1", .keys = "c" }, &people[RITA]);
	int64_t before = sql_int(&f, COUNT_REVEALS);
	for (size_t presses = 2; presses--;) {
		workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_CHAR, .ch = 'R' });
		workbench_request_stale(&workbench);
	}
	workbench.stale_bits |= STALE_CASE;
	workbench_request_stale(&workbench);
	settle();
	cr_expect(shows("GB123456789"), "%s", screen_text());
	cr_expect_eq(sql_int(&f, COUNT_REVEALS), before + 1, "two presses, shown once: one record");
	cr_expect_eq(workbench.stale_bits & STALE_CASE, 0, "and it was read again");
}

/* The record may be written when the other case is opened, so the data is shown on the way back. */
Test(inboxes, a_reveal_is_not_lost_when_another_case_is_opened_at_once)
{
	put_back();
	look_at_list(100);
	arrive_at(&(const struct row){ .ref = "RAL-1", .keys = "c" }, &people[RITA]);
	int64_t before = sql_int(&f, COUNT_REVEALS);
	workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_CHAR, .ch = 'R' });
	workbench_request_stale(&workbench);
	case_open(&workbench, sql_text(&f, "SELECT uuid FROM session WHERE external_ref = 'RAL-2'"), "Other", true);
	workbench_request_stale(&workbench);
	settle();
	cr_expect_not(shows("GB123456789"), "%s", screen_text());
	press(key_press(PRESS_ESCAPE));
	cr_expect(shows("GB123456789"), "%s", screen_text());
	cr_expect_eq(sql_int(&f, COUNT_REVEALS), before + 1, "one press, one record");
}

/* The Esc was the start of a sequence, of which the rest came late: the case is there again, and so is the data. */
Test(inboxes, a_reveal_is_not_lost_while_the_case_is_closed_by_an_esc_that_was_none)
{
	put_back();
	look_at_list(100);
	arrive_at(&(const struct row){ .ref = "RAL-1", .keys = "c" }, &people[RITA]);
	workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_CHAR, .ch = 'R' });
	workbench_request_stale(&workbench);
	workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_ESCAPE });
	cr_assert_eq(workbench.case_stack.count, 0);
	settle();
	workbench_handle_key(&workbench, &(const struct key){ .press = PRESS_ESCAPE_CANCELLED });
	cr_assert_eq(workbench.case_stack.count, 1);
	settle();
	cr_expect(shows("GB123456789"), "%s", screen_text());
}

/* A colleague took the case over: revealed data is masked again, and the workbench says so. */
Test(inboxes, who_holds_a_case_no_longer_sees_it_masked_again)
{
	put_back();
	look_at_list(100);
	arrive_at(&(const struct row){ .ref = "RAL-1", .keys = "cR" }, &people[RITA]);
	cr_assert(shows("GB123456789"), "%s", screen_text());
	sql_run(&f, "UPDATE session SET assignee_id = (SELECT id FROM reviewer WHERE name = 'bo'), version = "
		    "version + 1 "
		    "WHERE external_ref = 'RAL-1'");
	workbench.stale_bits |= STALE_CASE;
	settle();
	cr_expect_not(shows("GB123456789"), "%s", screen_text());
	cr_expect_str_eq(workbench.status.text, "You no longer hold the case: personal data is masked again");
	type("R");
	cr_expect_eq(workbench.status.tone, STATUS_BAD, "%s", screen_text());
	cr_expect(shows("*******6789"), "%s", screen_text());
	sql_run(&f, "UPDATE session SET assignee_id = (SELECT id FROM reviewer WHERE name = 'rita'), version = "
		    "version + 1 "
		    "WHERE external_ref = 'RAL-1'");
	workbench.stale_bits |= STALE_CASE;
	settle();
	cr_expect(shows("*******6789"), "another reveal, another record: %s", screen_text());
}
