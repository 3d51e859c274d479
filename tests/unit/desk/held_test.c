/* Sanctions hits without a verdict: no person rejects over one; an undetermined one stays adverse. */
#include "fixture.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/results.h"

FIXTURE(held);

#define NOTE "no answer since the second letter"
#define HIT(kind, class)                                                                                               \
	",\"checks\":[{\"kind\":\"" kind "\",\"status\":\"hit\",\"hits\":[{\"name\":\"Ines D.\",\"list\":\"L\","       \
	"\"class\":\"" class "\"}]}]"

static void open_case_with(const char *more)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .more = more });
}

static const char *hit_id(void)
{
	return sql_text(&f, "SELECT uuid FROM hit ORDER BY id DESC LIMIT 1");
}

static enum err mark_undetermined(struct desk *desk, const char *note)
{
	return USE(desk, HIT_RESOLVE, "RAL-1", .part = hit_id(), .verdict = RESULT_UNDETERMINED, .reason = "other",
		   .note = note);
}

static enum err reject_silent(struct desk *desk)
{
	return USE(desk, REJECT, "RAL-1", .reason = "other", .note = NOTE, .has_grace = true);
}

static void expect_way_out(enum err err)
{
	expect_blocked(err, "hit_open");
	expect_says("Ines D. (L) has no verdict: decide it before the rejection; if the facts do not suffice, mark it "
		    "as undetermined");
}

Test(held, no_person_rejects_over_a_sanctions_hit_without_its_verdict)
{
	static const char *const kinds[] = { HIT("watchlist", "sanctions"), HIT("ofac", "pep") };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct decision_preview preview;

		if (i) {
			tear_down();
			set_up();
		}
		open_case_with(kinds[i]);
		fixture_in_production(&f);
		expect_way_out(reject_silent(f.rita));
		expect_way_out(USE(f.lea, REJECT, "RAL-1", .reason = "sanctions_match"));
		must(desk_preview(f.rita, &f.arena, &(struct use_in){ .verb = VERB_REJECT, .session = "RAL-1" },
				  &preview, &f.error));
		cr_expect_eq(preview.blockers.count, 1, "the screen's dialog says it before the reviewer types");
		fixture_reveal(&f, f.rita, "RAL-1");
		expect_err(mark_undetermined(f.rita, ""), ERR_INVALID);
		expect_text(f.error.field, "note");
		expect_error(USE(f.rita, HIT_RESOLVE, "RAL-1", .part = hit_id(), .verdict = RESULT_UNDETERMINED,
				 .reason = "same_person", .note = NOTE),
			     ERR_INVALID, "does not fit an undetermined hit; choose one of: other");
		must(mark_undetermined(f.rita, NOTE));
		expect_sql("SELECT state || ',' || reason || ',' || note FROM hit ORDER BY id DESC LIMIT 1",
			   "undetermined,other," NOTE);
		must(reject_silent(f.rita));
	}
}

static bool has_bad_news(void)
{
	const struct case_view view = fixture_case(&f, "RAL-1");

	return case_has_bad_news(&view.file);
}

Test(held, an_undetermined_hit_stays_adverse)
{
	open_case_with(HIT("watchlist", "sanctions"));
	fixture_in_production(&f);
	fixture_reveal(&f, f.rita, "RAL-1");
	must(mark_undetermined(f.rita, NOTE));
	expect_error(USE(f.bo, APPROVE, "RAL-1"), ERR_BLOCKED, "is undetermined: decide it, or reject the case");
	cr_expect(has_bad_news());
	expect_sql("SELECT hit_open FROM session WHERE external_ref = 'RAL-1'", "1");
	fixture_reveal(&f, f.bo, "RAL-1");
	must(USE(f.bo, HIT_RESOLVE, "RAL-1", .part = hit_id(), .reason = "other", .note = "born in 1961, passport"));
	cr_expect_not(has_bad_news());
	must(USE(f.rita, APPROVE, "RAL-1"));
}

/* A verdict on facts that have changed since is none. */
Test(held, a_hit_cleared_on_other_facts_has_no_verdict)
{
	open_case_with(HIT("watchlist", "sanctions"));
	fixture_in_production(&f);
	fixture_reveal(&f, f.rita, "RAL-1");
	must(USE(f.rita, HIT_RESOLVE, "RAL-1", .part = hit_id(), .reason = "other", .note = NOTE));
	sql_change(&f, "UPDATE party SET name = 'Ines D.', date_of_birth = '1961-01-01'");
	expect_way_out(reject_silent(f.bo));
}

Test(held, no_person_rejects_over_a_sanctions_result_without_its_verdict)
{
	struct check check;

	open_case_with("");
	fixture_in_production(&f);
	check_init(&check);
	check.kind = CHECK_OFAC;
	check.status = CHECK_FAILED;
	must(USE(f.bo, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_INTAKE, .result = &check));
	expect_blocked(reject_silent(f.rita), "check_failed");
	expect_says("The sanctions result ofac.1 has no verdict");
	must(USE(f.lea, RESULT_JUDGE, "RAL-1", .part = "ofac.1", .verdict = RESULT_UNDETERMINED, .reason = NOTE));
	must(reject_silent(f.rita));
}

Test(held, other_hits_and_sandboxes_are_rejected_as_ever)
{
	open_case_with(HIT("watchlist", "pep"));
	fixture_in_production(&f);
	must(reject_silent(f.rita));
	tear_down();
	set_up();
	open_case_with(HIT("watchlist", "sanctions"));
	must(reject_silent(f.rita));
}

/* The system's result leads to manual review. */
Test(held, nothing_automatic_rejects_over_an_undetermined_hit)
{
	fixture_kyc(&f, "RAL-1", "completed", HIT("watchlist", "sanctions"));
	fixture_reveal(&f, f.rita, "RAL-1");
	must(mark_undetermined(f.rita, NOTE));
	must(USE(f.rita, PROCESS, "RAL-1"));
	must(USE(f.ada, RESULTS_REPORT, "RAL-1", .capacity = CAPACITY_SIMULATOR,
		 .results_json = "{\"final_decision\":\"rejected\"}"));
	expect_text(fixture_status(&f, "RAL-1"), "manual_review");
}

/* Nor does an alert end by a sentence while its hit is undetermined or confirmed: the case is reopened. */
Test(held, an_alert_stays_while_its_hit_is_adverse)
{
	static const char *const said[] = { "is undetermined", "is a sanctions match" };
	struct check check;
	struct hit hit;

	for (int match = 0; match < 2; match++) {
		if (match) {
			tear_down();
			set_up();
		}
		open_case_with("");
		fixture_in_production(&f);
		must(approve_at_once(&f, f.rita, "RAL-1"));
		check_init(&check);
		hit_init(&hit);
		check.kind = CHECK_OFAC;
		check.status = CHECK_HIT;
		hit.name = "Ines D.";
		hit.list = "OFAC SDN";
		check.hits = &hit;
		check.hit_count = 1;
		must(USE(f.bo, CHECK_REPORT, "RAL-1", .capacity = CAPACITY_INTAKE, .result = &check));
		expect_error(USE(f.lea, ALERT_CLOSE, "RAL-1", .reason = "looked at it with legal"), ERR_BLOCKED,
			     "resolve the hit");
		fixture_reveal(&f, f.rita, "RAL-1");
		must(match ? USE(f.rita, HIT_RESOLVE, "RAL-1", .part = hit_id(), .is_match = true,
				 .reason = "same_person", .note = NOTE)
			   : mark_undetermined(f.rita, NOTE));
		expect_error(USE(f.lea, ALERT_CLOSE, "RAL-1", .reason = "looked at it with legal"), ERR_BLOCKED,
			     "reopen the case first, since the hit");
		expect_says(said[match]);
		must(USE(f.lea, REOPEN, "RAL-1", .reason = "looked at it with legal"));
		expect_text(fixture_status(&f, "RAL-1"), "manual_review");
	}
}
