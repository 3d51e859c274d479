/* Tests that the case under the cursor is read before it is opened, on a real store and with the test's own clock. */
#include "places.h"

TestSuite(preview, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

#define READ_MS 50
#define AGAIN_MS 50

static void begin(const char *ref)
{
	put_back();
	f.world.wall_ms = NOON;
	open_at(RITA, ref, "");
	workbench.inbox.preview.read_at_ms = workbench.inbox.preview.show_at_ms = 0;
}

static void pass(int64_t ms)
{
	struct timers timers;

	timers_begin(&workbench, &timers);
	f.world.wall_ms += ms;
	timers_run_due(&workbench, &timers);
}

/* Moves the cursor to the case and waits until the case is read. */
static void rest_on(const char *ref)
{
	while (queue_current_item(&workbench.inbox.queue) &&
	       strcmp(queue_current_item(&workbench.inbox.queue)->external_ref, ref) != 0) {
		const char *before = queue_current_item(&workbench.inbox.queue)->id;
		inbox_move_cursor(&workbench, 1);
		cr_assert_neq(queue_current_item(&workbench.inbox.queue)->id, before, "%s is not in the list", ref);
	}
	preview_reread(&workbench);
	pass(READ_MS);
	while (!workbench.inbox.preview.model.job)
		take_next();
}

static void enter(void)
{
	const struct key key = key_press(PRESS_ENTER);

	workbench_handle_key(&workbench, &key);
	cr_assert_eq(workbench.case_stack.count, 1);
}

static const struct case_view *opened(void)
{
	return case_model_view(&top_case(&workbench)->model);
}

Test(preview, a_case_that_was_read_opens_without_another_read)
{
	begin("");
	rest_on("RAL-1");
	enter();
	cr_assert(opened());
	cr_expect_str_eq(opened()->file.session.external_ref, "RAL-1");
	cr_expect_not(workbench.stale_bits & STALE_CASE);
	cr_expect_eq(case_paint_deadline_ms(&workbench), 0, "its frame waits for nothing");
	workbench_draw(&workbench, 30, 100);
	cr_expect(shows("RAL-1"), "%s", screen_text());
}

/* A moment after a case is opened, changes that a colleague made meanwhile are shown. */
Test(preview, an_opened_case_is_read_once_more)
{
	begin("");
	rest_on("RAL-1");
	struct desk *other = fixture_desk(&f, "lea", false);
	DESK(other, "RAL-1", .verb = VERB_CLAIM);
	desk_close(other);
	enter();
	cr_expect_str_eq(opened()->holder, "");
	workbench.stale_bits = 0;
	pass(AGAIN_MS - 1);
	cr_expect_not(workbench.stale_bits & STALE_CASE);
	pass(1);
	cr_expect(workbench.stale_bits & STALE_CASE);
	settle();
	cr_expect_str_eq(opened()->holder, "lea");
}

Test(preview, a_case_that_changed_since_is_read_when_it_opens)
{
	begin("");
	rest_on("RAL-1");
	workbench.stale_bits |= STALE_PREVIEW;
	workbench_request_stale(&workbench);
	enter();
	cr_expect_null(opened());
	cr_expect(workbench.stale_bits & STALE_CASE);
	settle();
	cr_expect_not_null(opened());
}

Test(preview, another_case_than_the_one_that_was_read_is_read_when_it_opens)
{
	begin("");
	rest_on("RAL-1");
	inbox_move_cursor(&workbench,
			  queue_position(&workbench.inbox.queue, workbench.inbox.queue.cursor) == 1 ? 1 : -1);
	cr_assert_str_neq(queue_current_item(&workbench.inbox.queue)->external_ref, "RAL-1");
	enter();
	cr_expect_null(opened());
	settle();
	cr_expect_str_neq(opened()->file.session.external_ref, "RAL-1");
}

Test(preview, a_case_whose_reading_was_not_answered_is_not_the_one_before)
{
	begin("");
	rest_on("RAL-1");
	inbox_move_cursor(&workbench,
			  queue_position(&workbench.inbox.queue, workbench.inbox.queue.cursor) == 1 ? 1 : -1);
	pass(READ_MS);
	cr_assert_str_eq(workbench.inbox.preview.id, queue_current_item(&workbench.inbox.queue)->id);
	enter();
	cr_expect_null(opened());
	settle();
	cr_expect_str_neq(opened()->file.session.external_ref, "RAL-1");
}

/* While keys follow each other, no case is read; the case that was read is shown only after a longer rest. */
Test(preview, it_is_read_after_a_rest_and_shown_after_a_longer_one)
{
	begin("");
	preview_reread(&workbench);
	pass(READ_MS - 1);
	cr_expect_str_eq(workbench.inbox.preview.id, "");
	preview_schedule(&workbench);
	pass(READ_MS - 1);
	cr_expect_str_eq(workbench.inbox.preview.id, "", "a key came in between");
	pass(1);
	cr_expect_str_eq(workbench.inbox.preview.id, queue_current_item(&workbench.inbox.queue)->id);
	while (!workbench.inbox.preview.model.job)
		take_next();
	cr_expect_neq(preview_shown_view(&workbench), case_model_view(&workbench.inbox.preview.model));
	pass(PREVIEW_PAUSE_MS - READ_MS - 1);
	cr_expect_neq(preview_shown_view(&workbench), case_model_view(&workbench.inbox.preview.model));
	pass(1);
	cr_expect_eq(preview_shown_view(&workbench), case_model_view(&workbench.inbox.preview.model));
}

Test(preview, a_case_that_is_read_slowly_is_shown_when_it_comes)
{
	begin("");
	preview_reread(&workbench);
	pass(PREVIEW_PAUSE_MS);
	cr_expect_null(workbench.inbox.preview.model.job);
	const struct preview *preview = &workbench.inbox.preview;
	cr_expect_not(preview->read_at_ms || preview->show_at_ms || preview->reread_at_ms);
	while (!workbench.inbox.preview.model.job)
		take_next();
	cr_expect_eq(preview_shown_view(&workbench), case_model_view(&workbench.inbox.preview.model));
}

/* When the case is closed again, its preview is still beside the list. */
Test(preview, a_case_that_was_opened_stays_beside_the_list)
{
	begin("");
	rest_on("RAL-1");
	pass(PREVIEW_PAUSE_MS);
	const struct case_view *shown = preview_shown_view(&workbench);
	enter();
	cr_expect_eq(opened(), shown);
	case_close(&workbench);
	cr_expect_eq(preview_shown_view(&workbench), shown);
	cr_expect_str_eq(shown->file.session.external_ref, "RAL-1");
}

Test(preview, beside_an_open_case_nothing_is_read_ahead)
{
	begin("RAL-1");
	preview_reread(&workbench);
	pass(READ_MS);
	cr_expect_str_eq(workbench.inbox.preview.id, "");
}
