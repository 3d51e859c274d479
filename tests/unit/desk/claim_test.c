#include <stdio.h>

#include "../../../src/desk/desk_private.h"
#include "fixture.h"
#include "kybdesk/domain/due.h"

FIXTURE_READY(claim);

static enum err claim(struct desk *desk, const char *ref)
{
	return USE(desk, CLAIM, ref);
}

Test(claim, ends_after_thirty_idle_minutes)
{
	must(claim(f.rita, "RAL-1"));
	forward(&f, CLAIM_IDLE_MS - 1);
	expect_text(fixture_case(&f, "RAL-1").holder, "rita");
	forward(&f, 1);
	expect_text(fixture_case(&f, "RAL-1").holder, "");
	must(claim(f.bo, "RAL-1"));
}

Test(claim, of_ones_own_case_renews_it)
{
	must(claim(f.rita, "RAL-1"));
	forward(&f, 20 * MINUTE_MS);
	must(claim(f.rita, "RAL-1"));
	forward(&f, 20 * MINUTE_MS);
	expect_text(fixture_case(&f, "RAL-1").holder, "rita");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.claimed_at, NOON);
}

Test(claim, does_not_outlive_a_clock_that_ran_ahead)
{
	forward(&f, 3650 * 86400000ll);
	must(claim(f.rita, "RAL-1"));
	forward(&f, -3650 * 86400000ll);
	expect_text(fixture_case(&f, "RAL-1").holder, "");
}

Test(claim, renewed_under_a_clock_that_ran_ahead_does_not_last_either)
{
	must(claim(f.rita, "RAL-1"));
	forward(&f, 3650 * 86400000ll);
	must(claim(f.rita, "RAL-1"));
	forward(&f, -3650 * 86400000ll);
	expect_text(fixture_case(&f, "RAL-1").holder, "");
}

Test(claim, kept_alive_for_days_under_a_clock_that_runs_ahead_ends_when_it_is_right_again)
{
	const char *id;

	must(claim(f.rita, "RAL-1"));
	id = fixture_case(&f, "RAL-1").file.session.id;
	for (int i = 0; i < 60; i++) {
		forward(&f, 29 * MINUTE_MS);
		desk_renew_claim(f.rita, id);
	}
	expect_text(fixture_case(&f, "RAL-1").holder, "rita");
	forward(&f, -60 * 29 * MINUTE_MS);
	expect_text(fixture_case(&f, "RAL-1").holder, "");
}

Test(claim, is_kept_alive_by_touching_it_without_a_trace_and_written_once_a_minute)
{
	int64_t expires;
	const char *id;

	must(claim(f.rita, "RAL-1"));
	id = fixture_case(&f, "RAL-1").file.session.id;
	expires = fixture_case(&f, "RAL-1").file.session.claim_expires_at;
	forward(&f, 30 * SECOND_MS);
	desk_renew_claim(f.rita, id);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.claim_expires_at, expires);
	forward(&f, 29 * MINUTE_MS);
	desk_renew_claim(f.bo, id);
	desk_renew_claim(f.rita, id);
	forward(&f, 29 * MINUTE_MS);
	expect_text(fixture_case(&f, "RAL-1").holder, "rita");
	expect_rows(1, "audit_event WHERE action = 'claim'");
}

Test(claim, makes_the_case_ones_own_without_changing_it_until_its_holder_or_a_lead_releases_it)
{
	int64_t version;

	must(USE(f.rita, RELEASE, "RAL-1"));
	expect_rows(0, "audit_event WHERE action = 'release'");
	version = fixture_case(&f, "RAL-1").file.session.version;
	must(claim(f.rita, "RAL-1"));
	expect_text(fixture_case(&f, "RAL-1").holder, "rita");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.version, version);
	expect_rows(1, "audit_event WHERE action = 'claim'");
	expect_err(claim(f.lea, "RAL-1"), ERR_CONFLICT);
	expect_blocker("claimed_by_other");
	expect_says("rita");
	expect_err(USE(f.bo, RELEASE, "RAL-1"), ERR_FORBIDDEN);
	must(USE(f.lea, RELEASE, "RAL-1"));
	expect_text(fixture_case(&f, "RAL-1").holder, "");
	must(claim(f.rita, "RAL-1"));
	must(USE(f.rita, RELEASE, "RAL-1"));
	expect_text(fixture_case(&f, "RAL-1").holder, "");
}

Test(claim, by_assignment_is_for_leads_takes_over_and_does_not_end_by_itself)
{
	expect_err(USE(f.rita, ASSIGN, "RAL-1", .part = "bo"), ERR_FORBIDDEN);
	must(claim(f.rita, "RAL-1"));
	must(USE(f.lea, ASSIGN, "RAL-1", .part = "bo"));
	forward(&f, 100 * CLAIM_IDLE_MS);
	expect_text(fixture_case(&f, "RAL-1").holder, "bo");
	must(claim(f.bo, "RAL-1"));
	forward(&f, 100 * CLAIM_IDLE_MS);
	expect_text(fixture_case(&f, "RAL-1").holder, "bo");
	expect_error(USE(f.lea, ASSIGN, "RAL-1", .part = "rtia"), ERR_NOT_FOUND, "rita");
	expect_err(USE(f.lea, ASSIGN, "RAL-1", .part = "vic"), ERR_INVALID);
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "bo"));
	expect_err(USE(f.lea, ASSIGN, "RAL-1", .part = "bo"), ERR_INVALID);
}

Test(claim, next_takes_the_most_urgent_case_that_nobody_holds)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };

	fixture_import(&f, "{\"external_ref\": \"KYC-2\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", "
			   "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"kind\": "
			   "\"individual\", \"name\": \"Jo\"}, \"submitted_at\": \"2026-11-01T10:00:00Z\"}\n");
	must(USE(f.rita, NEXT, NULL, .query = &query));
	expect_text(f.out.id, fixture_case(&f, "KYC-2").file.session.id);
	expect_text(fixture_case(&f, "KYC-2").holder, "rita");
	must(USE(f.bo, NEXT, NULL, .query = &query));
	expect_text(f.out.id, fixture_case(&f, "RAL-1").file.session.id);
	expect_err(USE(f.lea, NEXT, NULL, .query = &query), ERR_NOT_FOUND);
	expect_says("2 matching cases, but none is free: colleagues hold them, or they wait");
	query.inboxes = 1u << INBOX_REJECTED;
	expect_err(USE(f.lea, NEXT, NULL, .query = &query), ERR_NOT_FOUND);
	expect_says("Nothing is left to do");
}

/* A faster colleague: before each write lock, bo claims the most urgent case that is left. */
static struct faster {
	struct db_driver driver;
	const struct db_driver *real;
	struct db *slow;
	unsigned locks;
} faster;

static enum err begin_later(struct db *db, enum db_begin mode, struct error *error)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };

	if (mode == DB_WRITE) {
		faster.locks++;
		must(USE(f.bo, NEXT, NULL, .query = &query));
	}
	return faster.real->begin(db, mode, error);
}

Test(claim, next_needs_the_lock_once_however_fast_the_colleagues_are)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };

	for (int i = 2; i <= 4; i++) {
		char ref[16];

		(void)snprintf(ref, sizeof ref, "RAL-%d", i);
		fixture_ready(&f, ref);
	}
	faster.real = f.rita->store->db->driver;
	faster.driver = *faster.real;
	faster.driver.begin = begin_later;
	f.rita->store->db->driver = &faster.driver;
	must(USE(f.rita, NEXT, NULL, .query = &query));
	f.rita->store->db->driver = faster.real;
	cr_expect_eq(faster.locks, 1u);
	expect_rows(2, "session WHERE assignee_id IS NOT NULL");
	cr_expect_eq(sql_int(&f, "SELECT count(DISTINCT assignee_id) FROM session"), 2);
	expect_rows(2, "audit_event WHERE action = 'next'");
}

Test(claim, next_that_lost_the_last_case_finds_nothing_and_changes_nothing)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };

	faster.real = f.rita->store->db->driver;
	faster.driver = *faster.real;
	faster.driver.begin = begin_later;
	f.rita->store->db->driver = &faster.driver;
	expect_err(USE(f.rita, NEXT, NULL, .query = &query), ERR_NOT_FOUND);
	f.rita->store->db->driver = faster.real;
	expect_text(fixture_case(&f, "RAL-1").holder, "bo");
	expect_rows(1, "audit_event WHERE action = 'next'");
}
