/* The desk's own conditions of every approval, at the front end of commands. */
#include "attack_cases.h"

TestSuite(floor_commands, .init = box_set_up, .fini = box_tear_down);

static void expect_refused(const char *code, const char *says)
{
	cr_assert_eq(box_json(&box, "approve", "IND-1", "--grace", "0", NULL), 4, "%s", box.last.out);
	cr_expect(has_blocker(&box, code), "%s", box.last.out);
	cr_expect(strstr(box.last.out, says), "%s", box.last.out);
}

Test(floor_commands, no_workflow_undercuts_it)
{
	box_import_person(&box, "IND-1");
	DONE(&box, "store", "set", "highest_risk", "40");
	expect_refused("desk_rule", "The case has no risk score; this desk approves up to 40");
	DONE(&box, "store", "set", "highest_risk", "");
	DONE(&box, "store", "set", "screening_days", "30");
	expect_refused("check_stale", "No sanctions screening is completed");
	DONE(&box, "store", "show");
	cr_expect(strstr(box.last.out, "screening_days  30  ("), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "prohibited_countries  none, the default"), "%s", box.last.out);
	REFUSED(&box, 9, "store", "set", "prohibited_countries", "Narnia");
	DONE(&box, "store", "set", "screening_days", "");
	DONE(&box, "approve", "IND-1", "--grace", "0");
}

Test(floor_commands, a_high_risk_needs_words)
{
	box_import_person(&box, "IND-1"); /* without a score */
	DONE(&box, "store", "set", "rationale_words", "6");
	REFUSED(&box, 9, "approve", "IND-1", "--grace", "0");
	cr_expect(strstr(box.last.err, "needs a note of at least 6 different words"), "%s", box.last.err);
	REFUSED(&box, 9, "approve", "IND-1", "--grace", "0", "--note", "ok ok ok ok ok ok 1 2 3 4 5 6");
	cr_expect(strstr(box.last.err, "this note has 1"), "%s", box.last.err);
	DONE(&box, "approve", "IND-1", "--grace", "0", "--note", "Passport and payslips agree with the register");
	DONE(&box, "show", "IND-1");
	cr_expect(strstr(box.last.out, "Passport and payslips agree"), "%s", box.last.out);
	REFUSED(&box, 9, "store", "set", "high_risk", "101");
}
