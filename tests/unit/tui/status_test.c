#include "tui_support.h"

static struct stage stage;
static struct status_line status;

static void open_at(size_t cols)
{
	stage_open(&stage, TEXT_UTF8, 1, cols);
	status = (struct status_line){ 0 };
}
static void tear_down(void)
{
	status_release(&status);
	stage_close(&stage);
	NO_LEAKS();
}
TestSuite(status, .fini = tear_down);

static void decided(const char *id, const char *name, const char *reference, int64_t left_ms)
{
	struct arena arena = ARENA_INIT;
	struct undo_offer undo_offer = { .expires_at = TEST_NOW + left_ms, .noun = "approval" };
	undo_offer.name = arena_strdup(&arena, name);
	undo_offer.reference = arena_strdup(&arena, reference);
	memcpy(undo_offer.id, id, strlen(id) + 1);
	status_add_undo(&status, &undo_offer);
	arena_release(&arena);
}
static void approve(const char *name, const char *reference)
{
	const struct announcement approved = { .message_start = "Approved",
					       .name = name,
					       .reference = reference,
					       .message_end = " · LIGHT → REGULAR · webhook to northwind-pay in 10 s" };
	status_announce(&status, STATUS_GOOD, &approved);
	decided("id-1", name, reference, 7300);
}

Test(status, a_decision_names_its_case_and_what_u_takes_back)
{
	open_at(80);
	approve("Harbour Lane Trading Ltd", "RAL-2031");
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_str_eq(stage_row(&stage, 0),
			 " ✓ Approved Harbour Lane Trading Ltd (RAL-2031)             u undo approval 8 s");
}

Test(status, where_there_is_room_what_follows_is_told_too)
{
	open_at(132);
	approve("Harbour Lane Trading Ltd", "RAL-2031");
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_not_null(strstr(stage_row(&stage, 0), "(RAL-2031) · LIGHT → REGULAR · webhook to northwind-pay"),
			   "%s", stage_row(&stage, 0));
}

Test(status, name_and_reference_are_seen_at_every_width)
{
	static const size_t widths[] = { 60, 80, 100, 120, 132, 160, 200 };
	static const char *const dones[] = { "Approved", "Requested corrections from" };
	for (size_t i = 0; i < 14; i++) {
		open_at(widths[i % 7]);
		const struct announcement told = {
			.message_start = dones[i / 7],
			.name = "Sociedade Portuguesa de Conservas e Exportação do Atlântico",
			.reference = "EXT-2026-000123",
			.message_end = " · webhook to northwind-pay in 10 s"
		};
		status_announce(&status, STATUS_GOOD, &told);
		decided("id-1", told.name, told.reference, 10000);
		status_draw(&status, &stage.surface, 0, TEST_NOW);
		stage_check(&stage);
		const char *row = stage_row(&stage, 0);
		cr_expect_not_null(strstr(row, "Soc"), "%zu: %s", widths[i % 7], row);
		cr_expect_not_null(strstr(row, "(EXT-2026-000123)"), "%zu: %s", widths[i % 7], row);
		cr_expect_not_null(strstr(row, "u undo"), "%zu: %s", widths[i % 7], row);
		cr_expect_not_null(strstr(row, "10 s"), "%zu: %s", widths[i % 7], row);
		tear_down();
	}
}

Test(status, a_held_decision_is_seen_at_every_width)
{
	static const size_t widths[] = { 60, 80, 100, 132 };
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		open_at(widths[i]);
		decided("id-1", "Sociedade Portuguesa de Conservas e Exportação", "EXT-2026-000123", 10000);
		status.undo_offers[0].is_held_back = true;
		decided("id-2", "Harbour Lane Trading Ltd", "RAL-2031", 10000);
		status_draw(&status, &stage.surface, 0, TEST_NOW);
		stage_check(&stage);
		const char *row = stage_row(&stage, 0);
		cr_expect_eq(strncmp(row, " ! Approval held", 16), 0, "%zu: %s", widths[i], row);
		cr_expect_not_null(strstr(row, "(EXT-2026-000123)"), "%zu: %s", widths[i], row);
		bool offers = strstr(row, "u undo approval of RAL-2031 10 s");
		cr_expect_eq(offers, widths[i] > 60, "%zu: %s", widths[i], row);
		tear_down();
	}
}

Test(status, the_offer_names_its_case_whatever_stands_beside_it)
{
	open_at(60);
	approve("Harbour Lane Trading Ltd", "RAL-2031");
	status_set(&status, STATUS_GOOD, "Something else");
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_not_null(strstr(stage_row(&stage, 0), "u undo approval of RAL-2031 8 s"), "%s", stage_row(&stage, 0));
}

Test(status, undo_is_a_list_and_the_newest_goes_first)
{
	open_at(100);
	decided("id-1", "Aurora", "AUR-1", 3000);
	decided("id-2", "Minato", "", 5000);
	decided("id-3", "Harbour", "RAL-2031", 9000);
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_not_null(strstr(stage_row(&stage, 0), "u undo approval of RAL-2031 9 s, U 2 more"), "%s",
			   stage_row(&stage, 0));
	status_drop_undos(&status, "id-3");
	cr_expect_str_eq(status_latest_undo(&status, TEST_NOW)->id, "id-2");
	status_draw(&status, &stage.surface, 0, TEST_NOW + 3000);
	cr_expect_not_null(strstr(stage_row(&stage, 0), "u undo approval of Minato 2 s"), "%s", stage_row(&stage, 0));
	cr_expect_null(strstr(stage_row(&stage, 0), "more"), "%s", stage_row(&stage, 0));
	for (char id[] = "id-a"; id[3] <= 'z'; id[3]++)
		decided(id, "Many", "", 1000);
	cr_expect_eq(status.undo_count, UNDO_MAX);
}

/* The undo of a verdict has no time limit, and is offered only in the case of the verdict. */
Test(status, a_verdict_is_offered_while_its_case_is_open)
{
	open_at(100);
	decided("id-1", "Aurora", "AUR-1", 3000);
	decided("id-2", "Harbour", "RAL-2031", 0);
	status.undo_offers[1].expires_at = TIME_NONE;
	status.undo_offers[1].noun = "document verdict";
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_not_null(strstr(stage_row(&stage, 0), "u undo approval of AUR-1 3 s"), "%s", stage_row(&stage, 0));
	cr_expect_null(strstr(stage_row(&stage, 0), "more"), "%s", stage_row(&stage, 0));
	status_set_case(&status, "id-2");
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_not_null(strstr(stage_row(&stage, 0), "u undo document verdict of RAL-2031, U 1 more"), "%s",
			   stage_row(&stage, 0));
	cr_expect_eq(status_undo_seconds(&status, TEST_NOW), 0);
	cr_expect_str_eq(status_latest_undo(&status, TEST_NOW + HOUR_MS)->id, "id-2");
	status_set_case(&status, "id-3");
	cr_expect_null(status_latest_undo(&status, TEST_NOW + HOUR_MS));
}

Test(status, when_the_time_is_over_nothing_is_offered)
{
	open_at(80);
	status_set(&status, STATUS_GOOD, "Approved");
	decided("id-1", "Harbour", "RAL-2031", -1);
	status_draw(&status, &stage.surface, 0, TEST_NOW);
	cr_expect_eq(stage_find(&stage, "undo"), -1);
	cr_expect_null(status_latest_undo(&status, TEST_NOW));
}

Test(words, numbers_are_grouped)
{
	struct arena arena = ARENA_INIT;
	cr_expect_str_eq(number_text(&arena, 7), "7");
	cr_expect_str_eq(number_text(&arena, 1902), "1 902");
	cr_expect_str_eq(number_text(&arena, 1000000), "1 000 000");
	cr_expect_str_eq(capped_count_text(&arena, COUNTED_CASES_MAX + 1), "10 000+");
	arena_release(&arena);
	NO_LEAKS();
}

Test(words, a_hold_says_who_and_how_long)
{
	struct arena arena = ARENA_INIT;
	struct session session = { .assignee = "ana",
				   .claimed_at = TEST_NOW - 120000,
				   .claim_expires_at = TEST_NOW + 28 * 60000 };
	cr_expect_str_eq(claim_holder_text(&arena, &session, "bo", TEST_NOW), "held by ana · 28 min");
	cr_expect_str_eq(claim_holder_text(&arena, &session, "ana", TEST_NOW), "you hold it · 28 min");
	session.claim_expires_at = TEST_NOW + 1;
	cr_expect_str_eq(claim_holder_text(&arena, &session, "ana", TEST_NOW), "you hold it · 1 min");
	session.claim_expires_at = TEST_NOW + 60000;
	cr_expect_str_eq(claim_holder_text(&arena, &session, "ana", TEST_NOW), "you hold it · 1 min");
	session.claim_expires_at = TEST_NOW - 1;
	cr_expect_str_eq(claim_holder_text(&arena, &session, "bo", TEST_NOW), "nobody holds it");
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

Test(status, the_header_says_how_many_endpoints_disabled_themselves)
{
	open_at(120);
	stage.frame.has_counts = true;
	stage.frame.counts.webhooks.dead = 2;
	frame_draw_header(&stage.frame, &stage.surface, 0);
	cr_expect(strstr(stage_row(&stage, 0), "2 dead   "), "%s", stage_row(&stage, 0));
	stage.frame.counts.webhooks.disabled = 1;
	frame_draw_header(&stage.frame, &stage.surface, 0);
	cr_expect(strstr(stage_row(&stage, 0), "2 dead · 1 endpoint off"), "%s", stage_row(&stage, 0));
}
