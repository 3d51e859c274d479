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
