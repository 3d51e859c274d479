/* Snoozed and waiting cases, access links, and changes by time alone. */
#include "fixture.h"
#include "kybdesk/desk/read.h"

FIXTURE(follow);

#define HOUR_MS (60 * MINUTE_MS)
#define DAY (24 * (int64_t)HOUR_MS)
#define LONG "waits for the register"

static enum err snooze(const char *ref, int64_t ms)
{
	return USE(f.rita, SNOOZE, ref, .until = NOON + ms, .reason = LONG);
}

static enum err next(void)
{
	struct list_query query = { .sort = SORT_DUE };

	return USE(f.bo, NEXT, NULL, .query = &query);
}

static void tick(struct tick_report *report)
{
	struct tick_report unused;

	must(desk_tick(f.vic, report ? report : &unused, &f.error));
}

Test(follow, a_snoozed_case_is_out_of_the_queue_and_of_the_hands_until_its_time)
{
	struct case_view view;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, CLAIM, "RAL-1"));
	must(snooze("RAL-1", DAY));
	view = fixture_case(&f, "RAL-1");
	cr_expect_eq(view.file.session.snoozed_until, NOON + DAY);
	expect_text(view.file.session.snooze_reason, LONG);
	expect_text(view.file.session.snoozed_by, "rita");
	expect_text(view.holder, "");
	expect_err(next(), ERR_NOT_FOUND);
	forward(&f, DAY - 1);
	expect_err(next(), ERR_NOT_FOUND);
	forward(&f, 1);
	must(next());
	expect_text(f.out.id, view.file.session.id);
}

Test(follow, a_snooze_needs_a_time_to_come_and_ten_characters)
{
	fixture_ready(&f, "RAL-1");
	expect_err(snooze("RAL-1", 0), ERR_INVALID);
	expect_text(f.error.field, "until");
	expect_err(snooze("RAL-1", SNOOZE_MAX_MS + 1), ERR_INVALID);
	expect_err(USE(f.rita, SNOOZE, "RAL-1", .until = NOON + DAY, .reason = "later"), ERR_INVALID);
	expect_text(f.error.field, "reason");
	expect_err(USE(f.vic, SNOOZE, "RAL-1", .until = NOON + DAY, .reason = LONG), ERR_FORBIDDEN);
}

Test(follow, a_snooze_is_ended_by_hand_or_by_a_decision)
{
	fixture_ready(&f, "RAL-1");
	expect_err(USE(f.rita, WAKE, "RAL-1"), ERR_BLOCKED);
	must(snooze("RAL-1", DAY));
	must(USE(f.rita, WAKE, "RAL-1"));
	must(next());
	must(USE(f.bo, RELEASE, "RAL-1"));
	must(snooze("RAL-1", DAY));
	must(USE(f.rita, APPROVE, "RAL-1"));
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.snoozed_until, TIME_NONE);
}

Test(follow, a_snooze_ends_when_a_party_changes)
{
	const char *kyc;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	kyc = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	must(snooze("RAL-1", DAY));
	must(USE(f.rita, APPROVE, kyc));
	must(next());
}

Test(follow, a_case_that_waits_for_a_party_is_passed_over_and_its_due_time_stands_still)
{
	const char *kyc;
	int64_t due;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	due = fixture_case(&f, "RAL-1").file.session.due_at;
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, NOON);
	expect_err(next(), ERR_NOT_FOUND);
	forward(&f, DAY);
	kyc = fixture_case(&f, "RAL-1").file.parties[0].session_id;
	must(USE(f.rita, APPROVE, kyc));
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, TIME_NONE);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_at, due + DAY);
	must(next());
}

Test(follow, a_waiting_case_comes_back_at_its_follow_up_time)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	must(snooze("RAL-1", HOUR_MS));
	expect_err(next(), ERR_NOT_FOUND);
	forward(&f, HOUR_MS);
	must(next());
}

Test(follow, a_party_whose_session_is_in_review_is_work_of_this_desk)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "manual_review" });
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, TIME_NONE);
	must(next());
}

Test(follow, a_case_that_would_wait_but_has_a_duplicate_does_not)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2" });
	sql_run(&f, "UPDATE session SET tax_id = 'GB123456789', tax_key = 'GB123456789', assignee_id = 1 WHERE "
		    "external_ref = 'RAL-2'");
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	must(next());
	expect_text(f.out.id, fixture_case(&f, "RAL-1").file.session.id);
}

static int64_t marked(void)
{
	return sql_int(&f, "SELECT count(*) FROM recount");
}

Test(follow, a_duplicate_that_comes_later_ends_the_waiting)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, NOON);
	cr_expect_eq(marked(), 0);
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .tax_id = "GB123456789" });
	must(USE(f.rita, CLAIM, "RAL-2"));
	cr_expect_eq(marked(), 1);
	tick(NULL);
	cr_expect_eq(marked(), 0);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, TIME_NONE);
	must(next());
	expect_text(f.out.id, fixture_case(&f, "RAL-1").file.session.id);
}

/* Two waiting cases that are possible duplicates do not mark each other for a recount again and again. */
Test(follow, what_was_counted_anew_marks_nothing)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "active" });
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .party = "active", .tax_id = "GB123456789" });
	must(USE(f.rita, DUPLICATE_DISMISS, "RAL-1", .part = "RAL-2", .reason = "two different firms"));
	tick(NULL);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.due_paused_at, NOON);
	cr_expect_eq(fixture_case(&f, "RAL-2").file.session.due_paused_at, NOON);
	cr_expect_eq(marked(), 0);
	expect_rows(0, "audit_event WHERE actor = 'system'");
	must(snooze("RAL-1", DAY));
	cr_expect_eq(marked(), 0, "what is the same did not change");
}

Test(follow, a_marked_case_is_counted_anew_also_when_its_workflow_is_gone)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .party = "approved" });
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2", .party = "approved" });
	sql_run(&f, "UPDATE session SET party_open = 1, parties_verified = 0 WHERE parent_id IS NULL; "
		    "INSERT INTO recount SELECT id FROM session");
	sql_run(&f, "UPDATE session SET workflow = 'no-such' WHERE external_ref = 'RAL-1'");
	tick(NULL);
	cr_expect_eq(marked(), 0);
	expect_rows(0, "session WHERE party_open = 1");
	cr_expect_eq(sql_int(&f, "SELECT sum(parties_verified) FROM session"), 2);
}

Test(follow, all_that_is_marked_is_counted_however_much_it_is)
{
	for (int i = 0; i < 51; i++)
		fixture_kyc(&f, arena_printf(&f.arena, "KYC-%d", i), "manual_review", NULL);
	sql_run(&f, "UPDATE session SET party_open = 1; INSERT INTO recount SELECT id FROM session");
	tick(NULL);
	cr_expect_eq(marked(), 0);
	expect_rows(0, "session WHERE party_open = 1");
}

Test(follow, one_that_cannot_be_counted_holds_up_none_of_the_others)
{
	struct tick_report report;

	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-2" });
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-3" });
	sql_run(&f, "UPDATE session SET party_open = 1 WHERE parent_id IS NULL; "
		    "UPDATE session SET risk_factors = '{' WHERE external_ref = 'RAL-2'; "
		    "INSERT INTO recount SELECT id FROM session WHERE parent_id IS NULL");
	for (int i = 0; i < 2; i++) {
		cr_expect_eq(desk_tick(f.vic, &report, &f.error), ERR_STORE);
		cr_expect_not_null(strstr(f.error.message, "risk_factors"), "%s", f.error.message);
		cr_expect_not(report.more);
		expect_sql("SELECT group_concat(external_ref) FROM session WHERE party_open = 1", "RAL-2");
		expect_sql("SELECT group_concat(s.external_ref) FROM recount r JOIN session s ON "
			   "s.id = r.session_id",
			   "RAL-2");
	}
}

/* A recount is not an action of a reviewer: its records have the actor system, not the user of the idle desk. */
Test(follow, what_counting_anew_finds_is_told_in_the_name_of_the_system)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1" });
	must(USE(f.rita, APPROVE, "RAL-1"));
	sql_run(&f, "UPDATE session SET status = 'manual_review' WHERE parent_id IS NOT NULL; "
		    "INSERT INTO recount SELECT id FROM session WHERE parent_id IS NULL");
	tick(NULL);
	expect_rows(1, "session WHERE party_open = 1");
	expect_sql("SELECT actor || ' ' || action FROM audit_event ORDER BY seq DESC LIMIT 1", "system alert.raise");
	expect_text(desk_actor(f.vic), "vic");
}

/* --- links --- */

Test(follow, a_new_link_stops_the_one_before)
{
	const char *before;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	must(USE(f.rita, LINK, "KYC-1"));
	before = f.out.link;
	cr_expect(!strncmp(before, "http://127.0.0.1:8080/s/", 24));
	must(USE(f.rita, LINK, "KYC-1"));
	cr_expect_str_neq(before, f.out.link);
	expect_rows(1, "access_link WHERE replaced_at IS NULL");
	expect_rows(2, "audit_event WHERE action = 'link.new'");
}

Test(follow, an_extended_link_stays_the_link)
{
	fixture_kyc(&f, "KYC-1", "draft", ", \"expires_at\": \"2026-11-21T12:00:00Z\"");
	must(USE(f.rita, LINK, "KYC-1"));
	must(USE(f.rita, LINK, "KYC-1", .days = 3));
	expect_text(f.out.link, "");
	cr_expect_eq(f.out.expires_at, NOON + 4 * DAY);
	expect_rows(1, "access_link");
}

Test(follow, a_link_is_extended_by_a_leap_year_at_most)
{
	fixture_kyc(&f, "KYC-1", "draft", ", \"expires_at\": \"2026-11-21T12:00:00Z\"");
	expect_error(USE(f.rita, LINK, "KYC-1", .days = 367), ERR_INVALID, "1 to 366 days");
	must(USE(f.rita, LINK, "KYC-1", .days = 366));
}

Test(follow, a_link_that_ran_out_is_extended_first_and_an_expired_session_reactivated)
{
	fixture_kyc(&f, "KYC-1", "draft", ", \"expires_at\": \"2026-11-20T11:00:00Z\"");
	expect_error(USE(f.rita, LINK, "KYC-1"), ERR_BLOCKED, "The access to KYC-1 expired");
	must(USE(f.rita, LINK, "KYC-1", .days = 1));
	cr_expect(!strncmp(f.out.link, "http://127.0.0.1:8080/s/", 24), "a session without a link gets one");
	fixture_kyc(&f, "KYC-2", "expired", NULL);
	expect_error(USE(f.rita, LINK, "KYC-2", .days = 1), ERR_BLOCKED, "reactivate");
}

/* --- time --- */

Test(follow, time_expires_what_its_client_left_lying)
{
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "active", ", \"expires_at\": \"2026-11-20T13:00:00Z\"");
	fixture_endpoint(&f);
	fixture_kyc(&f, "KYC-2", "manual_review", ", \"expires_at\": \"2026-11-20T13:00:00Z\"");
	tick(&report);
	cr_expect_eq(report.expired, 0);
	forward(&f, HOUR_MS);
	tick(&report);
	cr_expect_eq(report.expired, 1);
	expect_text(fixture_status(&f, "KYC-1"), "expired");
	expect_text(fixture_status(&f, "KYC-2"), "manual_review");
	expect_sql("SELECT actor || ' ' || role FROM audit_event WHERE action = 'session.expire'", "system system");
	expect_rows(1, "outbox_event");
	tick(&report);
	cr_expect_eq(report.expired, 0);
	expect_text(desk_actor(f.vic), "vic");
}

Test(follow, an_expired_subsession_gives_the_case_back_to_the_desk)
{
	struct party_input input = { .name = "Ana", .kind = PARTY_INDIVIDUAL, .roles = 1u << ROLE_UBO };
	const char *kyc;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input));
	kyc = f.out.subsession_id;
	expect_err(next(), ERR_NOT_FOUND);
	forward(&f, 30 * DAY);
	tick(NULL);
	expect_text(fixture_status(&f, kyc), "expired");
	must(next());
}

Test(follow, an_idle_client_is_reminded_as_often_as_the_workflow_says_and_then_given_up)
{
	struct tick_report report;
	struct case_view view;

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_endpoint(&f);
	must(ask(&f, f.rita, "KYC-1", "identity", NULL, NULL));
	forward(&f, 20 * SECOND_MS);
	for (int i = 1; i <= 3; i++) {
		forward(&f, 7 * DAY - 1 - (i == 1 ? 20 * SECOND_MS : 0));
		tick(&report);
		cr_expect_eq(report.reminded, 0, "%d", i);
		forward(&f, 1);
		tick(&report);
		cr_expect_eq(report.reminded, 1, "%d", i);
	}
	expect_rows(3, "outbox_event WHERE type = 'link.expiring'");
	expect_err(next(), ERR_NOT_FOUND);
	forward(&f, 7 * DAY);
	tick(&report);
	cr_expect_eq(report.unresponsive, 1);
	view = fixture_case(&f, "KYC-1");
	cr_expect(view.file.session.unresponsive);
	cr_expect_eq(view.file.session.due_paused_at, TIME_NONE, "the clock runs again");
	expect_text(session_status_text(view.file.session.status), "awaiting_client_correction");
	must(next());
	expect_text(f.out.id, view.file.session.id);
	forward(&f, 70 * DAY);
	tick(&report);
	cr_expect_eq(report.reminded + report.unresponsive, 0);
}

Test(follow, whoever_gets_a_new_link_is_reminded_anew)
{
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "draft", NULL);
	for (int i = 0; i < 4; i++) {
		forward(&f, 7 * DAY);
		tick(NULL);
	}
	cr_expect(fixture_case(&f, "KYC-1").file.session.unresponsive);
	must(USE(f.rita, LINK, "KYC-1"));
	cr_expect_not(fixture_case(&f, "KYC-1").file.session.unresponsive);
	forward(&f, 7 * DAY);
	tick(&report);
	cr_expect_eq(report.reminded, 1);
}

Test(follow, a_party_who_reacts_to_nothing_brings_the_case_back)
{
	struct party_input input = { .name = "Ana", .kind = PARTY_INDIVIDUAL, .roles = 1u << ROLE_UBO };
	const char *kyc;
	struct case_view view;

	fixture_ready(&f, "RAL-1");
	must(USE(f.rita, PARTY_ADD, "RAL-1", .party = &input));
	kyc = f.out.subsession_id;
	sql_run(&f, "UPDATE session SET expires_at = NULL");
	for (int i = 0; i < 4; i++) {
		expect_err(next(), ERR_NOT_FOUND);
		forward(&f, 7 * DAY);
		tick(NULL);
	}
	view = fixture_case(&f, "RAL-1");
	cr_assert_eq(view.blockers.count, 1);
	cr_expect(strstr(view.blockers.items[0].message, "the reminders got no reply"), "%s",
		  view.blockers.items[0].message);
	must(next());
	must(USE(f.bo, RELEASE, "RAL-1"));
	must(USE(f.rita, LINK, kyc));
	expect_err(next(), ERR_NOT_FOUND);
}

Test(follow, time_brings_about_nothing_in_a_store_open_for_reading)
{
	struct desk *reader;
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "active", ", \"expires_at\": \"2026-11-20T11:00:00Z\"");
	reader = fixture_desk(&f, "vic", true);
	must(desk_tick(reader, &report, &f.error));
	expect_text(fixture_status(&f, "KYC-1"), "active");
	desk_close(reader);
}

/* A job that is not due changes nothing; another process may have done it first. */
Test(follow, what_is_not_due_by_itself_is_not_done)
{
	int64_t records, version;

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	must(ask(&f, f.rita, "KYC-1", "identity", NULL, NULL));
	records = sql_int(&f, "SELECT count(*) FROM audit_event");
	version = fixture_case(&f, "KYC-1").file.session.version;
	must(USE_IN(f.ada, .verb = VERB_EXPIRE, .capacity = CAPACITY_SYSTEM,
		    .row = fixture_case(&f, "KYC-1").file.session.row));
	must(USE_IN(f.ada, .verb = VERB_REMIND, .capacity = CAPACITY_SYSTEM,
		    .row = fixture_case(&f, "KYC-1").file.session.row));
	expect_rows(records, "audit_event");
	cr_expect_eq(fixture_case(&f, "KYC-1").file.session.version, version);
	expect_text(fixture_status(&f, "KYC-1"), "awaiting_client_correction");
}

Test(follow, nobody_is_reminded_of_a_case_that_is_no_longer_theirs)
{
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_endpoint(&f);
	sql_run(&f, "UPDATE session SET remind_at = 1");
	tick(&report);
	cr_expect_eq(report.reminded + report.unresponsive, 0);
	expect_rows(0, "outbox_event");
	expect_sql("SELECT remind_at FROM session", "");
}

static enum err extend(const char *ref, int64_t days, int64_t hours)
{
	return USE(f.rita, EXTEND, ref, .capacity = CAPACITY_MERCHANT, .days = days, .hours = hours);
}

Test(follow, who_is_decided_or_expired_needs_no_more_time)
{
	static const int64_t none[] = { -1, 100000 };

	fixture_kyc(&f, "KYC-1", "expired", NULL);
	fixture_kyc(&f, "KYC-2", "rejected", NULL);
	fixture_kyc(&f, "KYC-3", "active", ", \"expires_at\": \"2026-11-20T13:00:00Z\"");
	expect_error(extend("KYC-1", 3, 0), ERR_BLOCKED, "is expired; a reviewer can reactivate it");
	expect_error(extend("KYC-2", 3, 0), ERR_BLOCKED, "the client has nothing left to submit");
	must(extend("KYC-3", 3, 0));
	cr_expect_eq(fixture_case(&f, "KYC-3").file.session.expires_at, NOON + HOUR_MS + 3 * DAY);
	for (size_t i = 0; i < 2; i++) {
		expect_error(extend("KYC-3", 0, none[i]), ERR_INVALID, "can be extended by 1 to");
	}
	must(extend("KYC-3", 0, 2));
	cr_expect_eq(fixture_case(&f, "KYC-3").file.session.expires_at, NOON + 3 * HOUR_MS + 3 * DAY);
}

/* A case that returned to the queue is next by its due time. */
Test(follow, of_the_queue_and_of_what_came_back_the_one_that_is_due_first_is_next)
{
	const char *queued, *back;

	fixture_ready(&f, "RAL-1");
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	must(ask(&f, f.rita, "KYC-2", "identity", NULL, NULL));
	queued = arena_strdup(&f.arena, fixture_case(&f, "RAL-1").file.session.id);
	back = arena_strdup(&f.arena, fixture_case(&f, "KYC-2").file.session.id);
	sql_run(&f, "UPDATE session SET unresponsive = 1, waiting = 0, due_paused_at = NULL WHERE external_ref = "
		    "'KYC-2'");
	sql_run(&f, arena_printf(&f.arena,
				 "UPDATE session SET due_at = %lld WHERE external_ref = 'RAL-1'; "
				 "UPDATE session SET due_at = %lld WHERE external_ref = 'KYC-2'",
				 (long long)NOON + 2 * HOUR_MS, (long long)NOON + HOUR_MS));
	must(next());
	expect_text(f.out.id, back);
	must(USE(f.bo, RELEASE, back));
	sql_run(&f, arena_printf(&f.arena, "UPDATE session SET due_at = %lld WHERE external_ref = 'KYC-2'",
				 (long long)NOON + 3 * HOUR_MS));
	must(next());
	expect_text(f.out.id, queued);
	must(USE(f.bo, RELEASE, queued));
	sql_run(&f, "UPDATE session SET due_at = NULL WHERE external_ref = 'KYC-2'");
	must(next());
	expect_text(f.out.id, queued);
	must(USE(f.bo, RELEASE, queued));
	sql_run(&f, arena_printf(&f.arena,
				 "UPDATE session SET due_at = NULL WHERE external_ref = 'RAL-1'; "
				 "UPDATE session SET due_at = %lld WHERE external_ref = 'KYC-2'",
				 (long long)NOON));
	must(next());
	expect_text(f.out.id, back);
}

/* --- uploads with only one side --- */

static enum err put_side(const char *ref, const char *side)
{
	const char *bytes = arena_printf(&f.arena,
					 "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%% %s %lld\n"
					 "trailer<</Root 1 0 R>>\n%%%%EOF\n",
					 side, (long long)f.world.wall_ms);

	return USE(f.rita, DOCUMENT_ADD, ref, .capacity = CAPACITY_CLIENT, .type = "ID", .side = side,
		   .file_name = "a.pdf", .bytes = bytes, .length = strlen(bytes));
}

static int64_t documents_of(const char *ref)
{
	return sql_int(&f, arena_printf(&f.arena,
					"SELECT count(*) FROM document d JOIN session s ON s.id = d.session_id "
					"WHERE s.external_ref = '%s'",
					ref));
}

Test(follow, an_upload_without_its_second_side_ends_after_a_day)
{
	fixture_kyc(&f, "KYC-1", "draft", NULL);
	fixture_kyc(&f, "KYC-2", "draft", NULL);
	fixture_kyc(&f, "KYC-3", "draft", NULL);
	fixture_kyc(&f, "KYC-4", "manual_review", NULL);
	must(put_side("KYC-1", "front"));
	must(put_side("KYC-2", "front"));
	must(put_side("KYC-2", "back"));
	must(put_side("KYC-3", "front"));
	must(USE(f.lea, LEGAL_HOLD_SET, "KYC-3", .reason = LONG));
	forward(&f, DAY - 1);
	tick(NULL);
	cr_expect_eq(documents_of("KYC-1"), 1);
	forward(&f, 1);
	tick(NULL);
	cr_expect_eq(documents_of("KYC-1"), 0);
	cr_expect_eq(documents_of("KYC-2"), 1, "it is whole");
	cr_expect_eq(documents_of("KYC-3"), 1, "a legal hold keeps it");
	expect_sql("SELECT actor FROM audit_event WHERE action = 'document.end'", "system");
	must(put_side("KYC-1", "front"));
	must(put_side("KYC-1", "back"));
	expect_sql("SELECT upload FROM document d JOIN session s ON s.id = d.session_id "
		   "WHERE s.external_ref = 'KYC-1'",
		   "ready");
	/* An upload of one side for a correction ends after a day; the old document is back and still requested. */
	must(ask(&f, f.rita, "KYC-4", "documents", "ID", NULL));
	forward(&f, 20 * SECOND_MS);
	must(put_side("KYC-4", "front"));
	must(put_side("KYC-4", "back"));
	must(USE_IN(f.rita, .verb = VERB_HAND_IN, .capacity = CAPACITY_CLIENT, .session = "KYC-4"));
	must(ask(&f, f.rita, "KYC-4", "documents", "ID", NULL));
	forward(&f, 20 * SECOND_MS);
	must(put_side("KYC-4", "back"));
	cr_expect_eq(documents_of("KYC-4"), 2);
	forward(&f, DAY);
	tick(NULL);
	cr_expect_eq(documents_of("KYC-4"), 1);
	expect_sql("SELECT upload || replaced FROM document d JOIN session s ON s.id = d.session_id "
		   "WHERE s.external_ref = 'KYC-4'",
		   "required0");
	expect_err(USE_IN(f.rita, .verb = VERB_HAND_IN, .capacity = CAPACITY_CLIENT, .session = "KYC-4"), ERR_BLOCKED);
	must(put_side("KYC-4", "front"));
	must(put_side("KYC-4", "back"));
	must(USE_IN(f.rita, .verb = VERB_HAND_IN, .capacity = CAPACITY_CLIENT, .session = "KYC-4"));
}

static const char *said_of_the_clock(void)
{
	struct doctor_finding *items;
	size_t count;

	must(desk_run_doctor(f.ada, &f.arena, &items, &count, &f.error));
	for (size_t i = 0; i < count; i++)
		if (strstr(items[i].message, "clock may have been set ahead"))
			return items[i].message;
	return "";
}

Test(follow, a_clock_that_was_set_ahead_ends_nothing_until_a_record_is_a_day_old)
{
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "active", ", \"expires_at\": \"2026-12-20T12:00:00Z\"");
	fixture_in_production(&f);
	forward(&f, 29 * DAY);
	must(USE(f.rita, NOTE, "KYC-1", .text = "The client is on leave."));
	expect_text(said_of_the_clock(), "");
	forward(&f, 365 * DAY);
	tick(&report);
	cr_expect(report.clock_may_be_ahead);
	cr_expect_eq(report.expired, 0);
	cr_expect(strstr(said_of_the_clock(), "2026-12-19"), "%s", said_of_the_clock());
	/* Records of the wrong year prove nothing while they are young, and the clock goes back. */
	must(USE(f.rita, NOTE, "KYC-1", .text = "Still on leave."));
	tick(&report);
	cr_expect_eq(report.expired, 0);
	forward(&f, -365 * DAY);
	tick(&report);
	cr_expect_not(report.clock_may_be_ahead);
	expect_text(fixture_status(&f, "KYC-1"), "active");
	expect_text(said_of_the_clock(), "");
	forward(&f, 2 * DAY);
	tick(&report);
	cr_expect_eq(report.expired, 1, "its time has come");
}

Test(follow, an_idle_desk_goes_on_a_day_after_its_next_record)
{
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "active", ", \"expires_at\": \"2026-12-20T12:00:00Z\"");
	fixture_in_production(&f);
	forward(&f, 60 * DAY);
	tick(&report);
	cr_expect(report.clock_may_be_ahead);
	must(USE(f.rita, NOTE, "KYC-1", .text = "Back at work."));
	forward(&f, DAY + MINUTE_MS);
	tick(&report);
	cr_expect_eq(report.expired, 1);
}

Test(follow, a_sandbox_may_go_a_year_ahead)
{
	struct tick_report report;

	fixture_kyc(&f, "KYC-1", "active", ", \"expires_at\": \"2026-12-20T12:00:00Z\"");
	forward(&f, 365 * DAY);
	tick(&report);
	cr_expect_eq(report.expired, 1);
	expect_text(said_of_the_clock(), "");
}
