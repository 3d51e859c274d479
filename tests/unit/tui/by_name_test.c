/*
 * Finding by name, on a real store and without a terminal: actions in the palette, found by the beginnings of
 * their words, and named lists.
 */
#include "places.h"
#include "kybdesk/base/file.h"
#include "support/process.h"

#include <unistd.h>

static void forget_views(void)
{
	(void)unlink(workbench.options.settings->views_path);
}
TestSuite(by_name, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static const char *typed(void)
{
	return workbench.palette.open ? workbench.palette.editor.text.buf : "(closed)";
}

/* The shown names, from the first row to the last. */
static const char *found(void)
{
	const char *names = "";
	for (size_t row = 0; row < workbench.surface.rows; row++) {
		const struct zone *zone = surface_zone_at(&workbench.surface, row, 0);
		if (!zone || zone->kind != ZONE_ACTION)
			continue;
		names = arena_printf(&arena, "%s%s", names, *names ? " " : "");
		for (size_t col = 2; *surface_cell(&workbench.surface, row, col)->text > ' '; col++)
			names = arena_printf(&arena, "%s%c", names, *surface_cell(&workbench.surface, row, col)->text);
	}
	return names;
}

/* --- the palette --- */

/* Actions possible here come first; then the whole name is the best match, scattered letters are the worst. */
Test(by_name, what_is_nearest_comes_first)
{
	static const struct {
		const char *keys, *typed, *found;
	} tries[] = {
		{ "", "sort", "sort" },
		{ "", "mark-", "mark-range mark-all" },
		{ "", "Mark", "mark mark-range mark-all unmark bulk" },
		{ "", "m a", "mark-all" },
		{ "", "kpv", "keep-view" },
		{ "", "SNOOZE", "snooze" },
		{ "", "zA", "" },
		{ "", "qqq", "" },
		{ "", "view mine", "mine" },
		{ "", "view o", "overdue" },
		{ "c2", "rej", "reject reject-item" },
		{ "c3", "vy", "remove-kyc remove-party verify-elsewhere" }, /* near letters first */
	};
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		open_at(RITA, tries[i].keys[0] ? "RAL-1" : "", tries[i].keys);
		type(":");
		type(tries[i].typed);
		const char *first = arena_printf(&arena, "%s ", found()),
			   *wanted = arena_printf(&arena, "%s ", tries[i].found);
		cr_expect(tries[i].found[0] ? text_has_prefix(first, wanted) : !strcmp(first, " "), "%s: %s",
			  tries[i].typed, first);
		cr_expect_eq(shows("No action has this name"), !tries[i].found[0], "%s", tries[i].typed);
	}
}

/* Before a text is typed, the list begins with actions on the case or tab, and has no cursor movements. */
Test(by_name, it_begins_with_what_the_place_is_for)
{
	static const struct {
		const char *ref, *keys, *first;
	} places[] = {
		{ "", "", "approve reject corrections " },
		{ "RAL-1", "", "approve reject corrections " },
		{ "RAL-1", "3", "add-party edit-party remove-party " },
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		open_at(LEA, places[i].ref, places[i].keys);
		type(":");
		cr_expect(text_has_prefix(found(), places[i].first), "%zu: %s", i, found());
		cr_expect_null(strstr(found(), "page-down"), "%s", found());
	}
}

Test(by_name, views_are_a_list_to_choose_from)
{
	open_at(RITA, "", "");
	type("V");
	cr_expect(shows("Views: Enter opens a view"), "%s", screen_text());
	for (size_t i = 0; i < VIEW_SHIPPED_COUNT; i++)
		cr_expect(shows(views_shipped[i].name), "%s:\n%s", views_shipped[i].name, screen_text());
	cr_expect(shows("waiting:client"), "and what each shows:\n%s", screen_text());
	type(STEP_DOWN "\n");
	cr_expect_not(workbench.palette.open);
	cr_assert(workbench.inbox.queue.shows_view);
	cr_expect_str_eq(workbench.inbox.queue.view_name, views_shipped[1].name);
}

static void expect_config(const char *expected)
{
	struct strbuf text = STRBUF_INIT;
	const char *path = workbench.options.settings->config_path;
	if (file_exists(path))
		cr_assert_eq(file_read(path, 65536, &text, NULL), ERR_OK);
	cr_expect_str_eq(text.buf, expected);
	strbuf_release(&text);
}

/* Down previews a theme, Esc restores the old theme, Enter saves the theme and keeps the other settings. */
Test(by_name, a_theme_is_seen_before_it_is_kept)
{
	open_at(RITA, "", "");
	const struct theme_choice *choice = &workbench.own_settings.theme;
	type(":theme\n");
	cr_expect_str_eq(typed(), "theme ");
	cr_expect(shows("nord") && shows("gruvbox-dark"), "%s", screen_text());
	cr_expect_str_eq(choice->shown_name, "dark", "the first one is the present one");
	press(key_press(PRESS_DOWN));
	cr_expect_str_neq(choice->shown_name, "dark");
	cr_expect_str_eq(choice->kept_name, "dark");
	press(key_press(PRESS_ESCAPE));
	cr_expect_str_eq(choice->shown_name, "dark");
	expect_config("");
	type("gcli");
	cr_expect_str_eq(choice->shown_name, "light");
	press(key_press(PRESS_BACKSPACE));
	press(key_press(PRESS_BACKSPACE));
	cr_expect_str_eq(choice->shown_name, "dark");
	temp_write(workbench.options.settings->config_path, "{\"mouse\": false, \"theme\": \"nord\"}", 33);
	type("li\n");
	cr_expect_not(workbench.palette.open);
	cr_expect(shows("The theme light is saved"), "%s", screen_text());
	cr_expect_str_eq(choice->shown_name, "light");
	expect_config("{\n  \"mouse\": false,\n  \"theme\": \"light\"\n}\n");
	type(":theme nrd\n");
	cr_expect(shows("nord"), "the nearest:\n%s", screen_text());
	cr_expect_str_eq(choice->kept_name, "light");
	temp_write(workbench.options.settings->config_path, "[1]\n", 4);
	type(":theme mono\n");
	cr_expect(shows("was not saved"), "%s", screen_text());
	expect_config("[1]\n");
	(void)unlink(workbench.options.settings->config_path);
}

/* Without a case, every action that is not in `quiet` does something visible, or says why it cannot. */
Test(by_name, what_needs_a_case_says_that_there_is_none)
{
	static const enum command quiet[] = { COMMAND_DOWN,    COMMAND_UP,   COMMAND_PAGE_DOWN, COMMAND_PAGE_UP,
					      COMMAND_FIRST,   COMMAND_LAST, COMMAND_REDRAW,	COMMAND_SUSPEND,
					      COMMAND_PALETTE, COMMAND_QUIT, COMMAND_NONE };
	for (int command = 1; command < COMMAND_COUNT; command++) {
		const struct command_spec *spec = command_spec((enum command)command);
		bool moves = false;
		for (size_t i = 0; i < sizeof quiet / sizeof *quiet; i++)
			moves |= quiet[i] == (enum command)command;
		if (moves)
			continue;
		open_at(ADA, "", "/country:ZWE\n");
		cr_assert_null(queue_current_item(&workbench.inbox.queue));
		const char *before = screen_text();
		type(arena_printf(&arena, ":%s\n", spec->name));
		cr_expect(strcmp(before, screen_text()), "%s says nothing", spec->name);
	}
}

Test(by_name, the_cursor_stays_within_what_was_found)
{
	open_at(RITA, "", "");
	type(":mark");
	press(key_press(PRESS_UP));
	cr_expect_eq(workbench.palette.cursor, 0);
	for (size_t i = 0; i < 30; i++)
		press(key_press(PRESS_DOWN));
	size_t last = workbench.palette.cursor;
	cr_expect_gt(last, 2);
	press(key_press(PRESS_DOWN));
	cr_expect_eq(workbench.palette.cursor, last, "behind the last");
	press(key_press(PRESS_UP));
	cr_expect_eq(workbench.palette.cursor, last - 1);
	while (workbench.palette.cursor) {
		size_t before = workbench.palette.cursor;
		press(key_press(PRESS_UP));
		cr_assert_eq(workbench.palette.cursor, before - 1);
	}
	cr_expect(workbench.surface.is_cursor_shown, "one writes there");
	cr_expect_eq(workbench.surface.cursor_col, 2 + strlen("mark"));
	type("-");
	cr_expect_eq(workbench.palette.cursor, 0, "what is typed finds anew");
	press(key_press(PRESS_ENTER));
	cr_expect_not(workbench.palette.open);
}

Test(by_name, tab_writes_the_name_and_then_the_first_of_what_it_takes)
{
	open_at(RITA, "", "");
	type(":vie\t");
	cr_expect_str_eq(typed(), "view ");
	type("\t");
	cr_expect_str_eq(typed(), arena_printf(&arena, "view %s", views_shipped[0].name));
	press((struct key){ .press = PRESS_CTRL, .ch = 'u' });
	type("view OVER\t");
	cr_expect_str_eq(typed(), "view overdue");
	press((struct key){ .press = PRESS_CTRL, .ch = 'u' });
	type("unm\t");
	cr_expect_str_eq(typed(), "unmark", "it takes nothing");
	press((struct key){ .press = PRESS_CTRL, .ch = 'u' });
	type("qqq\t");
	cr_expect_str_eq(typed(), "qqq", "nothing was found");
	press(key_press(PRESS_ENTER));
	cr_expect(workbench.palette.open, "and nothing is done");
	press(key_press(PRESS_ESCAPE));
	cr_expect_not(workbench.palette.open);
}

Test(by_name, what_cannot_be_done_here_says_why)
{
	open_at(VIC, "RAL-1", "");
	type(":approve\n");
	says("approve: needs a reviewer");
	cr_expect_null(workbench.dialog);
	open_at(RITA, "", "");
	type(":find\n");
	cr_expect(text_has_prefix(workbench.status.text, "find: only "), "%s", workbench.status.text);
	cr_expect_eq(workbench.status.tone, STATUS_BAD);
}

/* --- lists under a name --- */

Test(by_name, a_list_is_kept_opened_and_forgotten)
{
	open_at(RITA, "", "");
	type("/country:PRT\n:keep-view  Porto \n");
	says("Saved as the view \"Porto\": inbox:manual_review country:PRT");
	cr_expect_eq(workbench.inbox.views.count, VIEW_SHIPPED_COUNT + 1);
	type("/\n:keep-view Porto\n");
	cr_expect(text_has_prefix(workbench.status.text, "Saved again as the view \"Porto\": "), "%s",
		  workbench.status.text);
	cr_expect_eq(workbench.inbox.views.count, VIEW_SHIPPED_COUNT + 1);

	open_at(RITA, "", "");
	type("2:view porto\n");
	cr_expect(workbench.inbox.queue.shows_view);
	cr_expect_str_eq(workbench.inbox.queue.view_name, "Porto", "it was kept for the next time");

	open_at(RITA, "", "");
	press(key_press(PRESS_TAB));
	cr_expect(workbench.inbox.view.is_inbox_pane_focused);
	type(":view porto\n");
	cr_expect_not(workbench.inbox.view.is_inbox_pane_focused, "its cases have the keys");
	type(":forget-view Porto\n");
	says("Deleted the view \"Porto\"");
	cr_expect_not(workbench.inbox.queue.shows_view, "what is shown is not one that is gone");
	cr_expect_eq(workbench.inbox.views.count, VIEW_SHIPPED_COUNT);
	type(":forget-view Porto\n");
	cr_expect_eq(workbench.status.tone, STATUS_BAD, "%s", workbench.status.text);
	forget_views();
}

Test(by_name, one_that_is_not_shown_is_forgotten_and_the_list_stays)
{
	open_at(RITA, "", "");
	type(":keep-view one\n:view mine\n");
	cr_expect_str_eq(workbench.inbox.queue.view_name, "mine");
	type(":forget-view one\n");
	says("Deleted the view \"one\"");
	cr_expect(workbench.inbox.queue.shows_view && !strcmp(workbench.inbox.queue.view_name, "mine"));
	forget_views();
}

/* The key of an action on views, or its name alone, opens the palette with the name already typed. */
Test(by_name, without_a_name_one_is_asked_for)
{
	static const struct {
		const char *keys, *typed;
	} tries[] = { { "V", "view " },
		      { "K", "keep-view " },
		      { "D", "forget-view " },
		      { ":view\n", "view " },
		      { ":keep-view\n", "keep-view " },
		      { ":forget-view\n", "forget-view " } };
	open_at(RITA, "", "");
	type("D");
	says("You have no view of your own; K saves the list as a view");
	cr_expect_not(workbench.palette.open, "there is nothing to choose from");
	type("/Jo Reyes\n:keep-view Jo\n");
	close_place();
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		open_at(RITA, "", "");
		type(tries[i].keys);
		cr_expect_str_eq(typed(), tries[i].typed);
	}
	open_at(RITA, "", "D");
	cr_expect(shows("Jo") && !shows("mine  "), "only one's own: %s", screen_text());
	forget_views();
}

Test(by_name, a_name_that_is_not_known_or_not_to_be_had_is_said)
{
	open_at(RITA, "", "");
	type(":view nowhere\n");
	cr_expect_eq(workbench.status.tone, STATUS_BAD);
	cr_expect(strstr(workbench.status.text, "nowhere"), "%s", workbench.status.text);
	cr_expect_not(workbench.inbox.queue.shows_view);
	type(":keep-view mine\n");
	cr_expect_eq(workbench.status.tone, STATUS_BAD, "%s", workbench.status.text);
	cr_expect_eq(workbench.inbox.views.count, VIEW_SHIPPED_COUNT);
	type(":forget-view mine\n");
	cr_expect_eq(workbench.status.tone, STATUS_BAD, "%s", workbench.status.text);
}

/* Counts from before a view was added or removed are recounted, and not shown beside another name. */
Test(by_name, the_numbers_beside_views_are_those_of_the_views)
{
	open_at(RITA, "", "");
	type("/Jo Reyes\n:keep-view Jo\n/\n");
	settle();
	cr_assert_eq(workbench.frame.counts.view_count, VIEW_SHIPPED_COUNT + 1);
	int64_t jo = workbench.frame.counts.views[VIEW_SHIPPED_COUNT];
	cr_expect_eq(jo, sql_int(&f, "SELECT count(*) FROM session WHERE subject_name = 'Jo Reyes' AND status = "
				     "'manual_review' AND parent_id IS NULL"));
	type(":forget-view Jo\n");
	settle();
	cr_expect_eq(workbench.frame.counts.view_count, VIEW_SHIPPED_COUNT);
	forget_views();
}
