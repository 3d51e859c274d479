#include "tui_support.h"

static struct stage stage;
static struct status status;

static void open_at(size_t cols)
{
	stage_open(&stage, TEXT_UTF8, 1, cols);
	status_init(&status);
}
static void close_status(void)
{
	status_release(&status);
	stage_close(&stage);
	NO_LEAKS();
}

Test(status, a_decision_is_announced_with_the_seconds_to_undo_it)
{
	open_at(80);
	status_set(&status, STATUS_GOOD, "Approved %s · LIGHT → REGULAR · webhook to northwind-pay in 10 s",
		   "Harbour Lane Trading Ltd");
	status_set_short(&status, "Approved · LIGHT → REGULAR · webhook to northwind-pay in 10 s");
	status.undo_until = TEST_NOW + 7300;
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_str_eq(stage_row(&stage, 0),
			 " ✓ Approved · LIGHT → REGULAR · webhook to northwind-pay in 10 s     u undo 8 s");
	close_status();
}

Test(status, where_there_is_room_the_subject_is_named)
{
	open_at(120);
	status_set(&status, STATUS_GOOD, "Approved Harbour Lane");
	status_set_short(&status, "Approved");
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_str_eq(stage_row(&stage, 0), " ✓ Approved Harbour Lane");
	close_status();
}

Test(status, when_the_time_is_over_nothing_is_offered)
{
	open_at(80);
	status_set(&status, STATUS_GOOD, "Approved");
	status.undo_until = TEST_NOW - 1;
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_eq(stage_find(&stage, "undo"), -1);
	close_status();
}

Test(words, numbers_are_grouped)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(number_text(&arena, 7), "7");
	cr_expect_str_eq(number_text(&arena, 1902), "1 902");
	cr_expect_str_eq(number_text(&arena, 1000000), "1 000 000");
	cr_expect_str_eq(count_text(&arena, COUNT_AT_MOST + 1), "10 000+");
	arena_release(&arena);
	NO_LEAKS();
}

Test(words, a_hold_says_who_and_how_long)
{
	struct arena arena = ARENA_INIT;
	struct session session = { .assignee = "ana",
				   .claimed_at = TEST_NOW - 120000,
				   .claim_expires_at = TEST_NOW + 28 * 60000 };
	cr_expect_str_eq(hold_text(&arena, &session, "bo", TEST_NOW), "ana holds · 28 min");
	cr_expect_str_eq(hold_text(&arena, &session, "ana", TEST_NOW), "you hold it · 28 min");
	session.claim_expires_at = TEST_NOW - 1;
	cr_expect_str_eq(hold_text(&arena, &session, "bo", TEST_NOW), "nobody holds it");
	arena_release(&arena);
	NO_LEAKS();
}

Test(words, a_bar_grows_with_its_value)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(glyph_bar(&arena, TEXT_ASCII, 42, 100, 10), "####......");
	cr_expect_str_eq(glyph_bar(&arena, TEXT_ASCII, 0, 100, 4), "....");
	cr_expect_str_eq(glyph_bar(&arena, TEXT_ASCII, 1000, 100, 4), "####");
	cr_expect_str_eq(glyph_level(TEXT_UTF8, 100, 100), "█");
	arena_release(&arena);
	NO_LEAKS();
}
