/* Sandbox outcomes (desk/sandbox.h) are performed in a sandbox store, and never in a production store. */
#include "fixture.h"
#include "kybdesk/base/world.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/sandbox.h"

static struct fixture f;

static void set_up(void)
{
	fixture_open(&f);
}

static void tear_down(void)
{
	fixture_close(&f);
}

TestSuite(played, .init = set_up, .fini = tear_down);

static void arrange(void)
{
	fixture_kyc(&f, "P-1", "manual_review", ", \"checks\": []");
	sql_run(&f, "UPDATE session SET subject_name = 'Jo Reyes#approve', updated_at = 1");
}

/* Opens the store as a production store, where only the user of the operating system can act. */
static struct desk *open_real(void)
{
	char name[256];

	cr_assert_eq(world_user_name(name, sizeof name, &f.error), ERR_OK);
	cr_assert_eq(USE(f.ada, REVIEWER_ADD, NULL, .part = name, .role = ROLE_LEAD), ERR_OK, "%s", f.error.message);
	sql_change(&f, "UPDATE store_info SET value = '0' WHERE key = 'sandbox'");
	return fixture_desk(&f, NULL, false);
}

Test(played, a_case_lies_for_its_time_and_is_then_what_its_name_says)
{
	arrange();
	sql_run(&f, "UPDATE session SET updated_at = 1793700000000000");
	cr_assert_eq(desk_sandbox_run_due(f.rita, 3000, &f.error), ERR_OK, "%s", f.error.message);
	cr_expect_str_eq(fixture_status(&f, "P-1"), "manual_review");
	sql_run(&f, "UPDATE session SET updated_at = 1");
	cr_assert_eq(desk_sandbox_run_due(f.rita, 3000, &f.error), ERR_OK, "%s", f.error.message);
	cr_expect_str_eq(fixture_status(&f, "P-1"), "approved");
	expect_rows(1, "audit_event WHERE actor = 'sandbox' AND "
		       "action = 'session.approve'");
}

/* A case in automatic processing is decided by simulated results, as if a provider had sent them. */
Test(played, a_case_in_processing_gets_results_that_say_what_its_name_says)
{
	static const struct {
		const char *word, *status, *decision;
	} outcomes[] = { { "approve", "approved", "approved" },
			 { "reject", "rejected", "rejected" },
			 { "corrections", "awaiting_client_correction", "manual_review" } };

	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
		const char *ref = arena_printf(&f.arena, "P-%zu", i);

		fixture_kyc(&f, ref, "processing", ", \"checks\": []");
		sql_run(&f, arena_printf(&f.arena,
					 "UPDATE session SET subject_name = 'Jo Reyes#%s', updated_at = 1 WHERE "
					 "external_ref = '%s'",
					 outcomes[i].word, ref));
		must(desk_sandbox_run_due(f.rita, 0, &f.error));
		cr_expect_str_eq(fixture_status(&f, ref), outcomes[i].status, "#%s", outcomes[i].word);
		cr_expect(strstr(fixture_case(&f, ref).file.session.processing_results_json, outcomes[i].decision),
			  "#%s: %s", outcomes[i].word, fixture_case(&f, ref).file.session.processing_results_json);
	}
}

/* The sandbox checks nobody, so it records each person of the company as verified elsewhere. */
Test(played, parties_of_a_company_are_verified_with_it)
{
	fixture_kyb(&f, &(struct kyb){ .ref = "RAL-1", .review = "unreviewed", .party = "active" });
	sql_run(&f, "UPDATE session SET subject_name = 'Harbour#approve', updated_at = 1 WHERE external_ref = 'RAL-1'");
	must(desk_sandbox_run_due(f.rita, 0, &f.error));
	cr_expect_str_eq(fixture_status(&f, "RAL-1"), "approved");
	expect_rows(1, "party WHERE verified_elsewhere_by = 'sandbox'");
	expect_rows(0, "document WHERE review <> 'accepted'");
}

Test(played, a_case_that_a_colleague_holds_is_left_to_them)
{
	arrange();
	cr_assert_eq(USE(f.bo, CLAIM, "P-1"), ERR_OK, "%s", f.error.message);
	cr_assert_eq(desk_sandbox_run_due(f.rita, 0, &f.error), ERR_OK, "%s", f.error.message);
	cr_expect_str_eq(fixture_status(&f, "P-1"), "manual_review");
}

/* Otherwise #approve in the subject's name would at once approve the case that the lead reopened. */
Test(played, a_case_that_a_person_reopened_is_left_to_people)
{
	arrange();
	must(desk_sandbox_run_due(f.rita, 0, &f.error));
	cr_assert_str_eq(fixture_status(&f, "P-1"), "approved");
	must(USE(f.lea, REOPEN, "P-1", .reason = "The register shows another owner.", .has_grace = true));
	f.world.wall_ms += 24 * 3600 * INT64_C(1000);
	must(desk_sandbox_run_due(f.rita, 0, &f.error));
	cr_expect_str_eq(fixture_status(&f, "P-1"), "manual_review");
	must(approve_at_once(&f, f.rita, "P-1"));
	cr_expect_str_eq(fixture_status(&f, "P-1"), "approved");
}

Test(played, a_case_that_a_lead_reopened_is_left_to_people)
{
	static const char *const words[] = { "approve", "reject", "corrections", "hit" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *ref = arena_printf(&f.arena, "P-%zu", i);
		int64_t version;

		fixture_kyc(&f, ref, "manual_review", "");
		must(approve_at_once(&f, f.rita, ref));
		must(USE(f.lea, REOPEN, ref, .reason = "approved by the wrong name", .has_grace = true, .grace_s = 0));
		sql_run(&f, arena_printf(&f.arena,
					 "UPDATE session SET subject_name = 'Jo Reyes#%s', updated_at = 1 WHERE "
					 "external_ref = '%s'",
					 words[i], ref));
		version = fixture_case(&f, ref).file.session.version;
		must(desk_sandbox_run_due(f.rita, 0, &f.error));
		cr_expect_str_eq(fixture_status(&f, ref), "manual_review", "#%s", words[i]);
		cr_expect_eq(fixture_case(&f, ref).file.session.version, version, "#%s", words[i]);
	}
}

Test(played, nothing_is_played_in_production)
{
	struct caller player = { .capacity = CAPACITY_SIMULATOR,
				 .actor = "sandbox",
				 .merchant = "",
				 .document_type = "",
				 .request_id = "" };
	struct use_in in = { .verb = VERB_APPROVE, .has_grace = true };
	struct desk *desk;

	arrange();
	in.session = sql_text(&f, "SELECT uuid FROM session");
	desk = open_real();
	cr_assert_not(desk_is_sandbox(desk));
	cr_assert_eq(desk_sandbox_run_due(desk, 0, &f.error), ERR_OK);
	cr_assert_eq(desk_sandbox_simulate(desk, in.session, &f.error), ERR_OK);
	/* An actor that claims to be the simulator is refused. */
	desk_set_caller(desk, &player);
	cr_expect_eq(fixture_use(&f, desk, &in), ERR_FORBIDDEN, "%s", f.error.message);
	in = (struct use_in){ .verb = VERB_RESULTS_REPORT,
			      .capacity = CAPACITY_SIMULATOR,
			      .session = in.session,
			      .results_json = "{\"final_decision\":\"approved\"}" };
	cr_expect_eq(fixture_use(&f, desk, &in), ERR_FORBIDDEN, "%s", f.error.message);
	desk_set_caller(desk, NULL);
	expect_rows(0, "audit_event WHERE actor = 'sandbox'");
	expect_rows(1, "session WHERE status = 'manual_review'");
	desk_close(desk);
}
