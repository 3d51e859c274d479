/*
 * List, case and selected item side by side, on a real store and without a terminal: the pane that has the keys, the
 * content of the third pane and when it changes, and that a key acts only on the pane that has the keys.
 */
#include "places.h"

#include "input/decoder.h"

TestSuite(beside, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static void open_beside(const char *ref, const char *keys)
{
	const struct row at = { .ref = ref, .keys = keys };
	put_back();
	open_workbench(&people[ADA]);
	screen_cols = THREE_PANES_COLS_MIN;
	arrive_at(&at, &people[ADA]);
}

static struct case_model *model(void)
{
	return &top_case(&workbench)->model;
}

static const char *in_front(void)
{
	const struct screen_ops *screen = top_screen(&workbench);
	if (screen == &case_screen)
		return model()->pane == PANE_TAB ? "tab" : "conditions";
	return screen == &list_screen	  ? "list"
	       : screen == &page_screen	  ? "page"
	       : screen == &viewer_screen ? "paper"
					  : "";
}

Test(beside, tab_goes_through_the_panes_and_shift_tab_back)
{
	static const char *const round[] = { "tab", "page", "list", "conditions", "tab" };
	const size_t last = sizeof round / sizeof round[0] - 1;
	open_beside("HIT-1", "4");
	for (size_t i = 0; i <= last; i++) {
		cr_expect_str_eq(in_front(), round[i], "Tab %zu", i);
		if (i < last)
			type("\t");
	}
	cr_expect_null(model()->page, "what Tab only passed is open");
	for (size_t i = last; i-- > 0;) {
		type("\v");
		cr_expect_str_eq(in_front(), round[i], "back to %zu", i);
	}
}

/* If the selected item has no details, Tab skips the third pane. */
Test(beside, tab_passes_a_pane_that_shows_nothing)
{
	open_beside(WORST, "1G\t");
	cr_expect_str_eq(in_front(), "list");
	type("\v");
	cr_expect_str_eq(in_front(), "tab");
}

static void key_alone(struct key key)
{
	workbench_handle_key(&workbench, &key);
	workbench_draw(&workbench, 30, THREE_PANES_COLS_MIN);
}

Test(beside, the_third_pane_follows_when_the_cursor_rests)
{
	open_beside(WORST, "3");
	cr_expect(shows("Person 1 "));
	const char *before = arena_strdup(&arena, model()->side_page->ref);
	key_alone(key_char('j'));
	cr_expect_str_eq(model()->side_page->ref, before, "it follows a cursor that still moves");
	cr_expect_gt(workbench.case_stack.preview_due_ms, 0);
	case_update_preview(&workbench);
	cr_expect_str_neq(model()->side_page->ref, before);
	cr_expect_str_eq(model()->side_page->ref, case_model_row(model())->ref);
	cr_expect_eq(workbench.case_stack.preview_due_ms, 0);
}

/* If the conditions have the keys, the third pane shows the item that blocks. */
Test(beside, what_blocks_is_shown_beside_the_conditions)
{
	open_beside("HIT-1", "");
	cr_expect_str_eq(in_front(), "conditions");
	cr_assert(model()->side_page);
	cr_expect_eq(model()->side_page->spec, &check_page);
}

/* No key of the list changes a case: neither the open case nor the case under the cursor of the list. */
Test(beside, no_key_in_the_list_is_about_a_case)
{
	struct store_sum sum;
	size_t tried = 0, count;
	const struct binding *bindings = keymap_bindings(&count);
	open_beside("KYC-1", "\t\t");
	while (top_screen(&workbench) != &list_screen)
		type("\t");
	store_sum_open(&sum, f.path);
	uint64_t before = store_sum(&sum);
	for (size_t i = 0; i < count; i++) {
		struct key key = { .press = bindings[i].press, .ch = (uint32_t)bindings[i].letter };
		const struct command_spec *spec = command_spec(bindings[i].command);
		if (spec->contexts & PLACE_LIST) /* a key for the list */
			continue;
		press(key);
		tried++;
		cr_expect_null(workbench.dialog, "%s opens in the list", spec->name);
		cr_expect_not(workbench.prompt.open, "%s opens a line in the list", spec->name);
		cr_expect_str_eq(in_front(), "list", "%s", spec->name);
	}
	cr_expect_eq(store_sum(&sum), before);
	cr_expect_gt(tried, 30);
	store_sum_close(&sum);
}

Test(beside, the_list_opens_another_case_and_esc_goes_back_to_this_one)
{
	open_beside("KYC-1", "");
	const char *id = arena_strdup(&arena, top_case(&workbench)->id);
	type("\v");
	while (top_screen(&workbench) != &list_screen)
		type("\v");
	type("gg" ESC);
	cr_expect_str_eq(top_case(&workbench)->id, id);
	cr_expect_str_eq(queue_current_item(&workbench.inbox.queue)->id, id, "the list stands elsewhere");
	while (top_screen(&workbench) != &list_screen)
		type("\v");
	type("gg\n");
	cr_expect_str_neq(top_case(&workbench)->id, id);
	cr_expect_eq(workbench.case_stack.count, 1);
	cr_expect_str_neq(in_front(), "list");
}

/* A verdict is about the document under the cursor, even if the pane beside shows another document. */
Test(beside, a_verdict_is_about_the_row_while_another_document_is_open)
{
	open_beside(WORST, "2\n");
	cr_expect_str_eq(in_front(), "paper");
	type("\v");
	cr_expect_str_eq(in_front(), "tab");
	const char *first = arena_strdup(&arena, case_model_row(model())->ref);
	type("j");
	const char *second = arena_strdup(&arena, case_model_row(model())->ref);
	cr_assert_str_neq(first, second);
	cr_expect_str_eq(model()->viewer->document_id, first, "the open one stays");
	type("X");
	cr_assert(workbench.dialog);
	cr_expect_str_eq(workbench.dialog->item, second);
	type(ESC "\t");
	cr_expect_str_eq(in_front(), "paper");
	type("X");
	cr_assert(workbench.dialog);
	cr_expect_str_eq(workbench.dialog->item, first);
}

/* Esc closes the item beside the case, then the case. */
Test(beside, esc_closes_one_thing)
{
	open_beside(WORST, "2\n\v");
	press(key_press(PRESS_ESCAPE));
	cr_expect_null(model()->viewer);
	cr_assert_eq(workbench.case_stack.count, 1);
	press(key_press(PRESS_ESCAPE));
	cr_expect_eq(workbench.case_stack.count, 0);
}

/* If the screen becomes too narrow for the list, the case gets the keys, and the open item covers the tab. */
Test(beside, a_narrower_screen_gives_the_keys_back)
{
	open_beside("KYC-1", "");
	while (top_screen(&workbench) != &list_screen)
		type("\t");
	screen_cols = 100;
	settle();
	cr_expect_str_neq(in_front(), "list");
	close_place();

	open_beside(WORST, "2\n\v");
	cr_expect_str_eq(in_front(), "tab");
	screen_cols = 100;
	settle();
	cr_expect_str_eq(in_front(), "paper");
	screen_cols = 200;
	settle();
	cr_expect_str_eq(in_front(), "tab");
}

static void click_on(const char *text, size_t from)
{
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const char *line = surface_row_text(&arena, &workbench.surface, row), *at = strstr(line, text);
		if (!at)
			continue;
		size_t col = text_width_cells(line, (size_t)(at - line));
		if (col < from)
			continue;
		press((struct key){ .press = PRESS_CLICK, .row = row, .col = col });
		return;
	}
	cr_assert_fail("no \"%s\" is on the screen", text);
}

Test(beside, a_click_gives_the_keys_to_what_was_clicked_on)
{
	const struct case_panes panes = case_panes(THREE_PANES_COLS_MIN);
	open_beside(WORST, "4");
	click_on("needed", panes.list_cols + panes.tab_cols);
	cr_expect_str_eq(in_front(), "page");
	cr_expect_str_eq(page_row(top_page(&workbench))->cells[0].text, "needed");
	click_on("adverse_media   ", panes.list_cols);
	cr_expect_str_eq(in_front(), "tab");
	cr_expect_str_eq(case_model_row(model())->ref, "adverse_media");
	click_on("Quay", 0);
	cr_expect_str_eq(in_front(), "list");
	click_on("Quay", 0);
	cr_expect_str_neq(in_front(), "list");
	cr_expect(shows("BAR-1"));
}

/* Even if the inboxes had the keys before the case was opened, the list beside the case gets them, not the inboxes. */
Test(beside, the_list_has_the_keys_though_the_inboxes_had_them)
{
	open_beside("HIT-1", "4");
	workbench.inbox.view.is_inbox_pane_focused = true;
	type("\v\v");
	cr_expect_str_eq(in_front(), "list");
	size_t cursor = workbench.inbox.queue.cursor;
	type(cursor ? "k" : "j");
	cr_expect(workbench.inbox.queue.inbox == INBOX_MANUAL_REVIEW && !workbench.inbox.queue.shows_view,
		  "another inbox was chosen");
	cr_expect_eq(workbench.inbox.queue.cursor, cursor ? cursor - 1 : 1);
}

/* A click selects a row and gives its pane the keys; a click on the selected row of the pane with the keys opens it. */
Test(beside, a_click_opens_only_what_has_the_keys_already)
{
	const struct zone row = { .kind = ZONE_GRID, .index = 1 }, condition = { .kind = ZONE_CHECKLIST, .index = 0 };
	open_beside("RAL-1", "2");
	cr_assert_eq(model()->cursors[TAB_DOCUMENTS - TAB_SUMMARY], 0);
	case_click(&workbench, &row);
	cr_expect_str_eq(in_front(), "tab", "another row: chosen");
	cr_expect_eq(model()->cursors[TAB_DOCUMENTS - TAB_SUMMARY], 1);
	type("\t\t");
	cr_expect_str_neq(in_front(), "tab");
	case_click(&workbench, &row);
	cr_expect_str_eq(in_front(), "tab", "the row under the cursor, from elsewhere: it has the keys");
	case_click(&workbench, &condition);
	cr_expect_str_eq(in_front(), "conditions");
	case_click(&workbench, &row);
	cr_expect_str_eq(in_front(), "tab", "and from the conditions");
	cr_expect_null(workbench.dialog);
	case_click(&workbench, &row);
	settle();
	cr_expect(workbench.dialog || strcmp(in_front(), "tab") != 0, "once more: it is opened\n%s", screen_text());
}

/* On a page, too, the first click selects a row and the second opens it; a click on the case gives it the keys. */
Test(beside, a_click_on_a_page_opens_what_was_chosen_before)
{
	open_beside("REJ-1", "6\n");
	struct page *page = top_page(&workbench);
	cr_assert_not_null(page, "%s", screen_text());
	size_t at = 0;
	while (at < page->grid.row_count && page->grid.rows[at].kind != ROW_DOCUMENT)
		at++;
	cr_assert_lt(at, page->grid.row_count, "%s", screen_text());
	const struct zone row = { .kind = ZONE_DETAIL, .index = at }, tab_row = { .kind = ZONE_GRID, .index = 0 };
	page_screen.click(&workbench, &row);
	cr_expect_eq(page->cursor, at);
	cr_expect_str_eq(in_front(), "page");
	page_screen.click(&workbench, &row);
	settle();
	cr_expect_str_eq(in_front(), "paper");
	viewer_screen.click(&workbench, &tab_row);
	settle();
	cr_expect_str_eq(in_front(), "tab", "a click on the case gives it the keys");
	cr_expect_not_null(model()->page);
	cr_expect_null(top_page(&workbench), "the page has them no longer");
}
