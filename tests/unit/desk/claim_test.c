#include <stdio.h>

#include "../../../src/desk/desk_private.h"
#include "fixture.h"
#include "kybdesk/domain/due.h"

FIXTURE_READY(claim);

static enum err claim(struct desk *desk, const char *ref)
{
	return USE(desk, CLAIM, ref);
}

static enum err release(struct desk *desk, const char *ref)
{
	return USE(desk, RELEASE, ref);
}

static enum err assign(struct desk *desk, const char *ref, const char *reviewer)
{
	return USE(desk, ASSIGN, ref, .part = reviewer);
}

static const char *holder(const char *ref)
{
	return fixture_case(&f, ref).holder;
}

Test(claim, makes_the_case_ones_own_without_changing_it)
{
	int64_t version;

	version = fixture_case(&f, "RAL-1").file.session.version;
	must(claim(f.rita, "RAL-1"));
	expect_text(holder("RAL-1"), "rita");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.version, version);
	expect_rows(1, "audit_event WHERE action = 'claim'");
}

Test(claim, of_anothers_case_is_a_conflict_also_for_a_lead)
{
	must(claim(f.rita, "RAL-1"));
	expect_err(claim(f.lea, "RAL-1"), ERR_CONFLICT);
	expect_blocker("claimed_by_other");
	expect_says("rita");
}

Test(claim, ends_after_thirty_idle_minutes)
{
	must(claim(f.rita, "RAL-1"));
	forward(&f, CLAIM_IDLE_MS - 1);
	expect_text(holder("RAL-1"), "rita");
	forward(&f, 1);
	expect_text(holder("RAL-1"), "");
	must(claim(f.bo, "RAL-1"));
}

Test(claim, of_ones_own_case_renews_it)
{
	must(claim(f.rita, "RAL-1"));
	forward(&f, 20 * MINUTE_MS);
	must(claim(f.rita, "RAL-1"));
	forward(&f, 20 * MINUTE_MS);
	expect_text(holder("RAL-1"), "rita");
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.claimed_at, NOON);
}

Test(claim, does_not_outlive_a_clock_that_ran_ahead)
{
	forward(&f, 3650 * 86400000ll);
	must(claim(f.rita, "RAL-1"));
	forward(&f, -3650 * 86400000ll);
	expect_text(holder("RAL-1"), "");
}

Test(claim, renewed_under_a_clock_that_ran_ahead_does_not_last_either)
{
	must(claim(f.rita, "RAL-1"));
	forward(&f, 3650 * 86400000ll);
	must(claim(f.rita, "RAL-1"));
	forward(&f, -3650 * 86400000ll);
	expect_text(holder("RAL-1"), "");
}

Test(claim, kept_alive_for_days_under_a_clock_that_runs_ahead_ends_when_it_is_right_again)
{
	const char *id;

	must(claim(f.rita, "RAL-1"));
	id = fixture_case(&f, "RAL-1").file.session.id;
	for (int i = 0; i < 60; i++) {
		forward(&f, 29 * MINUTE_MS);
		desk_touch(f.rita, id);
	}
	expect_text(holder("RAL-1"), "rita");
	forward(&f, -60 * 29 * MINUTE_MS);
	expect_text(holder("RAL-1"), "");
}

Test(claim, is_kept_alive_by_touching_it_without_a_trace)
{
	const char *id;

	must(claim(f.rita, "RAL-1"));
	id = fixture_case(&f, "RAL-1").file.session.id;
	forward(&f, 29 * MINUTE_MS);
	desk_touch(f.bo, id);
	desk_touch(f.rita, id);
	forward(&f, 29 * MINUTE_MS);
	expect_text(holder("RAL-1"), "rita");
	expect_rows(1, "audit_event WHERE action = 'claim'");
}

Test(claim, is_not_written_more_than_once_a_minute)
{
	int64_t expires;
	const char *id;

	must(claim(f.rita, "RAL-1"));
	id = fixture_case(&f, "RAL-1").file.session.id;
	expires = fixture_case(&f, "RAL-1").file.session.claim_expires_at;
	forward(&f, 30 * SECOND_MS);
	desk_touch(f.rita, id);
	cr_expect_eq(fixture_case(&f, "RAL-1").file.session.claim_expires_at, expires);
}

Test(claim, is_released_by_its_holder)
{
	must(claim(f.rita, "RAL-1"));
	must(release(f.rita, "RAL-1"));
	expect_text(holder("RAL-1"), "");
}

Test(claim, is_released_by_a_lead_but_not_by_a_colleague)
{
	must(claim(f.rita, "RAL-1"));
	expect_err(release(f.bo, "RAL-1"), ERR_FORBIDDEN);
	must(release(f.lea, "RAL-1"));
	expect_text(holder("RAL-1"), "");
}

Test(claim, release_of_what_nobody_holds_does_nothing)
{
	must(release(f.rita, "RAL-1"));
	expect_rows(0, "audit_event WHERE action = 'release'");
}

Test(claim, by_assignment_takes_over_and_does_not_end_by_itself)
{
	must(claim(f.rita, "RAL-1"));
	must(assign(f.lea, "RAL-1", "bo"));
	forward(&f, 100 * CLAIM_IDLE_MS);
	expect_text(holder("RAL-1"), "bo");
	must(claim(f.bo, "RAL-1"));
	forward(&f, 100 * CLAIM_IDLE_MS);
	expect_text(holder("RAL-1"), "bo");
}

Test(claim, assignment_is_for_leads)
{
	expect_err(assign(f.rita, "RAL-1", "bo"), ERR_FORBIDDEN);
}

Test(claim, assignment_needs_somebody_who_can_review)
{
	expect_refused(assign(f.lea, "RAL-1", "rtia"), ERR_NOT_FOUND, "rita");
	expect_err(assign(f.lea, "RAL-1", "vic"), ERR_INVALID);
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "bo"));
	expect_err(assign(f.lea, "RAL-1", "bo"), ERR_INVALID);
}

Test(claim, next_takes_the_most_urgent_case_that_nobody_holds)
{
	struct list_query query = { .sort = SORT_DUE, .after = "" };

	fixture_import(&f,
		       "{\"external_ref\": \"KYC-2\", \"workflow\": \"generic-kyc\", \"kind\": \"kyc\", "
		       "\"merchant\": \"northwind-pay\", \"status\": \"manual_review\", \"subject\": {\"kind\": "
		       "\"individual\", \"name\": \"Jo\"}, \"submitted_at\": \"2026-11-01T10:00:00Z\"}\n");
	must(USE(f.rita, NEXT, NULL, .query = &query));
	expect_text(f.out.id, fixture_case(&f, "KYC-2").file.session.id);
	expect_text(holder("KYC-2"), "rita");
	must(USE(f.bo, NEXT, NULL, .query = &query));
	expect_text(f.out.id, fixture_case(&f, "RAL-1").file.session.id);
	expect_err(USE(f.lea, NEXT, NULL, .query = &query), ERR_NOT_FOUND);
}

/* A colleague that is always faster: before each lock the most urgent case left is claimed. */
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
	expect_text(holder("RAL-1"), "bo");
	expect_rows(1, "audit_event WHERE action = 'next'");
}
