/* Settings of the store that restrict every approval, under every workflow, tested by commands. */
#include "expect.h"
#include "attack_cases.h"

TestSuite(floor_commands, .init = box_set_up, .fini = box_tear_down);

static void expect_refused(const char *code, const char *says)
{
	BLOCKS(("approve", "IND-1", "--grace", "0"), code);
	PRINTS(says);
}

Test(floor_commands, no_workflow_undercuts_it)
{
	box_import_person(&box, "IND-1");
	DONE("store", "set", "highest_risk", "40");
	expect_refused("desk_rule", "The case has no risk score; this desk approves up to 40");
	DONE("store", "set", "highest_risk", "");
	DONE("store", "set", "screening_days", "30");
	expect_refused("check_stale", "No sanctions screening is completed");
	TELLS(("store", "show"), "screening_days  30  (", "prohibited_countries  none, the default");
	ENDS(9, "store", "set", "prohibited_countries", "Narnia");
	DONE("store", "set", "screening_days", "");
	DONE("approve", "IND-1", "--grace", "0");
}

Test(floor_commands, a_high_risk_needs_words)
{
	box_import_person(&box, "IND-1"); /* without a score */
	DONE("store", "set", "rationale_words", "6");
	ENDS(9, "approve", "IND-1", "--grace", "0");
	SAYS("needs a note of at least 6 different words");
	ENDS(9, "approve", "IND-1", "--grace", "0", "--note", "ok ok ok ok ok ok 1 2 3 4 5 6");
	SAYS("this note has 1");
	DONE("approve", "IND-1", "--grace", "0", "--note", "Passport and payslips agree with the register");
	TELLS(("show", "IND-1"), "Passport and payslips agree");
	ENDS(9, "store", "set", "high_risk", "101");
}

Test(floor_commands, a_production_store_begins_with_them)
{
	DONE("--store", "new.db", "init");
	PRINTS("Floors of all approvals: screening_days 30, highest_risk 80,unscored, prohibited_countries "
	       "IRN,MMR,PRK, "
	       "countries by FATF",
	       "24 October 2025", "store set changes them");
	TELLS(("--store", "new.db", "doctor"),
	      "floors of all approvals: screening_days 30; highest_risk 80,unscored; prohibited_countries IRN,MMR,PRK");
	TELLS(("--store", "new.db", "store", "show"), "screening_days  30  (");
	DONE("--store", "new.db", "store", "set", "screening_days", "");
	TELLS(("--store", "new.db", "doctor"), "the floor screening_days of all approvals is off",
	      "kybdesk store set screening_days 30");
	DONE("--store", "new.db", "audit", "verify");
	DONE("--store", "play.db", "init", "--sandbox");
	PRINTS("Floors of all approvals: none");
	DONE("--store", "play.db", "doctor");
	PRINTS_NOT("floor");
}

Test(floor_commands, a_case_without_a_score_may_pass_the_highest_risk)
{
	box_import_person(&box, "IND-1"); /* without a score */
	DONE("store", "set", "highest_risk", "40");
	expect_refused("desk_rule", "The case has no risk score");
	ENDS(9, "store", "set", "highest_risk", "40,scored");
	DONE("store", "set", "highest_risk", "40,unscored");
	DONE("store", "set", "prohibited_countries", "IRN");
	GIVES(("show", "IND-1"), "risk_score = null");
	DONE("approve", "IND-1", "--grace", "0");
}
