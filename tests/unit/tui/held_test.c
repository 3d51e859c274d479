/* A decision that the system withdraws within its grace time: the reviewer's workbench reports it by itself. */
#include "places.h"

TestSuite(held, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static void decide(const char *ref)
{
	if (workbench.case_stack.count)
		case_views_close_all(&workbench);
	arrive_at(&(const struct row){ .ref = ref, .keys = "ay" }, &people[RITA]);
	cr_assert(status_latest_undo(&workbench.status, f.world.wall_ms), "%s", screen_text());
}

static void open_and_decide(const char *ref)
{
	put_back();
	f.world.wall_ms = NOON;
	open_workbench(&people[RITA]);
	decide(ref);
}

static void leave(void)
{
	f.world.wall_ms = NOON;
	close_place();
}

static void hit_comes_in(const char *ref, enum check_kind kind)
{
	struct desk *desk = fixture_desk(&f, "bo", false);
	struct check check;
	struct hit hit;

	hit_init(&hit);
	hit.name = "Jo Reyes";
	hit.list = "OFAC SDN";
	hit.class_ = HIT_SANCTIONS;
	hit.score = 0.9;
	check_init(&check);
	check.kind = kind;
	check.status = CHECK_HIT;
	check.hits = &hit;
	check.hit_count = 1;
	DESK(desk, ref, .verb = VERB_CHECK_REPORT, .capacity = CAPACITY_PROVIDER, .result = &check);
	desk_close(desk);
}

/* Waits until the reader reports that another process changed the store. */
static void refresh(void)
{
	take_next();
	settle();
}

static bool status_says(const char *text)
{
	return strstr(status_line(), text);
}

#define NEWS "! Approval held, review again: Jo Reyes (KYC-1) · Enter opens it"

Test(held, the_status_line_says_it_without_a_key_until_one_is_pressed)
{
	open_and_decide("KYC-1");
	cr_expect(status_says("u undo"), "%s", status_line());
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	refresh();
	cr_expect(status_says(NEWS), "%s", status_line());
	cr_expect_not(status_says("u undo"), "%s", status_line());
	cr_expect_null(status_latest_undo(&workbench.status, f.world.wall_ms));
	workbench.stale_bits |= STALE_DATA;
	settle();
	cr_expect(status_says(NEWS), "%s", status_line());
	f.world.wall_ms += HOUR_MS;
	workbench.stale_bits |= STALE_DATA;
	settle();
	cr_expect(status_says(NEWS), "it does not go with the time: %s", status_line());
	type("j");
	cr_expect_not(status_says("held"), "%s", status_line());
	cr_expect_eq(workbench.status.undo_count, 0);
}

Test(held, a_key_that_was_on_its_way_does_what_it_does_and_the_line_stays)
{
	open_and_decide("KYC-1");
	cr_assert_eq(workbench.case_stack.count, 0);
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	refresh();
	f.world.wall_ms += 400;
	type("j");
	cr_expect(status_says(NEWS), "%s", status_line());
	f.world.wall_ms += 100;
	type("k");
	cr_expect_not(status_says("held"), "%s", status_line());
}

Test(held, enter_opens_the_case)
{
	open_and_decide("KYC-1");
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	refresh();
	f.world.wall_ms += 1000;
	type("\n");
	cr_assert_eq(workbench.case_stack.count, 1);
	cr_expect_str_eq(case_model_view(&top_case(&workbench)->model)->file.session.external_ref, "KYC-1");
	cr_expect_not(status_says("held"), "%s", status_line());
}

Test(held, what_is_typed_into_a_dialog_or_a_line_leaves_it)
{
	static const char *const begins[] = { "a", "m", ":", "?" };

	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		open_and_decide("KYC-1");
		arrive_at(&(const struct row){ .ref = "APP-1" }, &people[RITA]);
		if (*begins[i] == 'a')
			arrive_at(&(const struct row){ .ref = "RAL-1" }, &people[RITA]);
		type(begins[i]);
		hit_comes_in("KYC-1", CHECK_WATCHLIST);
		refresh();
		f.world.wall_ms += 1000;
		if (*begins[i] == 'm' || *begins[i] == ':')
			type("x");
		press(key_press(PRESS_ESCAPE));
		settle();
		cr_expect(status_says(NEWS), "%s: %s", begins[i], screen_text());
		f.world.wall_ms += 1000;
		type("\n");
		cr_expect_str_eq(case_model_view(&top_case(&workbench)->model)->file.session.external_ref, "KYC-1");
		leave();
	}
}

Test(held, another_announcement_does_not_hide_it)
{
	open_and_decide("KYC-1");
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	refresh();
	announce_done_action(&workbench, "Approved", "Somebody else", "ELS-1", "");
	settle();
	cr_expect(status_says(NEWS), "%s", status_line());
}

Test(held, of_two_each_is_said_and_a_third_can_still_be_undone)
{
	open_and_decide("KYC-1");
	decide("COM-1");
	decide("RAL-1");
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	hit_comes_in("COM-1", CHECK_WATCHLIST);
	refresh();
	workbench.stale_bits |= STALE_DATA;
	settle();
	cr_expect(status_says("held, review again: Jo Reyes (KYC-1)"), "%s", status_line());
	cr_expect(status_says("u undo approval of RAL-1"), "%s", status_line());
	f.world.wall_ms += 1000;
	type("j");
	cr_expect(status_says("held, review again: Jo Reyes (COM-1)"), "%s", status_line());
	cr_expect(status_says("u undo"), "%s", status_line());
	f.world.wall_ms += 1000;
	type("j");
	cr_expect_not(status_says("held"), "%s", status_line());
	cr_expect(status_says("u undo"), "%s", status_line());
}

Test(held, nothing_is_said_of_what_was_undone_or_of_another_decision)
{
	open_and_decide("KYC-1");
	type("u");
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	refresh();
	cr_expect_not(status_says("held"), "%s", status_line());
	leave();
	/* After the grace time, the hit is an alert and the approval is not held. */
	open_and_decide("KYC-1");
	f.world.wall_ms += MINUTE_MS;
	hit_comes_in("KYC-1", CHECK_WATCHLIST);
	refresh();
	cr_expect_not(status_says("held"), "%s", status_line());
	cr_assert_eq(workbench.status.undo_count, 1);
	cr_expect_neq(workbench.status.undo_offers[0].version, 0, "a slower clock may still bring it");
	f.world.wall_ms += 11 * SECOND_MS;
	workbench.stale_bits |= STALE_DATA;
	settle();
	cr_expect_eq(workbench.status.undo_offers[0].version, 0, "nothing is looked for any more");
}

/* A hit on an owner also holds the company's approval. */
Test(held, a_company_by_the_hit_of_its_owner)
{
	open_and_decide("RAL-1");
	hit_comes_in(sql_text(&f, "SELECT s.uuid FROM session s JOIN party p ON p.subsession_id = s.id JOIN "
				  "session c ON c.id = p.session_id WHERE c.external_ref = 'RAL-1'"),
		     CHECK_WATCHLIST);
	refresh();
	cr_expect(status_says("held, review again:"), "%s", status_line());
	cr_expect(status_says("(RAL-1)"), "%s", status_line());
}
