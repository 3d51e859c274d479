/* If the rules text of a case is no longer in force, the case has a note, and the admins that installed this text
 * cannot approve the case: otherwise they could install lax rules for one case, and then restore the old rules. */
#include "fixture.h"
#include "kybdesk/desk/rules.h"

static struct fixture f;
static struct desk *amy;

static void install(const char *text)
{
	must(USE(f.ada, WORKFLOW_INSTALL, NULL, .part = text));
	must(USE(amy, WORKFLOW_INSTALL, NULL, .part = text));
}

static void set_up(void)
{
	fixture_open(&f);
	fixture_in_production(&f);
	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "northwind-pay"));
	must(USE(f.ada, REVIEWER_ADD, NULL, .part = "amy", .role = ROLE_ADMIN));
	amy = fixture_production_desk(&f, "amy");
	install(fixture_changed(&f, "workflows/generic-kyc.json", "\"version\": 3", "\"version\": 7",
				"generic-kyc.json"));
}

static void tear_down(void)
{
	desk_close(amy);
	fixture_close(&f);
}

TestSuite(rules_note, .init = set_up, .fini = tear_down);

Test(rules_note, names_both_texts)
{
	const char *note;

	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	expect_text(fixture_case(&f, "KYC-1").rules_note, "");
	install("generic-kyc@shipped");
	note = fixture_case(&f, "KYC-1").rules_note;
	cr_expect(strstr(note, "Runs under generic-kyc version 7, "), "%s", note);
	cr_expect(strstr(note, "; version 3, "), "%s", note);
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	expect_text(fixture_case(&f, "KYC-2").rules_note, "");
}

Test(rules_note, who_brought_the_text_does_not_approve)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	fixture_kyc(&f, "KYC-3", "manual_review", NULL);
	must(approve_at_once(&f, amy, "KYC-3"));
	install("generic-kyc@shipped");
	expect_blocked(approve_at_once(&f, amy, "KYC-1"), "second_reviewer");
	expect_says("amy installed the replaced rules of this case at 12:00 UTC; a colleague must approve this case");
	must(approve_at_once(&f, f.rita, "KYC-1"));
	must(USE(amy, REJECT, "KYC-2", .reason = "other"));
}

Test(rules_note, the_machine_does_not_approve_either)
{
	fixture_kyc(&f, "KYC-1", "manual_review", NULL);
	install("generic-kyc@shipped");
	fixture_kyc(&f, "KYC-2", "manual_review", NULL);
	sql_change(&f, "UPDATE session SET processing_results = '{\"final_decision\":\"approved\"}', results_by = "
		       "'northwind', results_as = 'provider'; UPDATE check_result SET reported_by = 'northwind', "
		       "reported_as = 'provider'");
	for (int i = 1; i <= 2; i++) {
		const struct use_in in = { .verb = VERB_PROCESS, .session = arena_printf(&f.arena, "KYC-%d", i) };
		must(fixture_use(&f, f.rita, &in));
	}
	expect_text(fixture_status(&f, "KYC-1"), "manual_review");
	expect_text(fixture_status(&f, "KYC-2"), "approved");
}
