/* The text output of `show`: nested values, trade names, removed parties, snoozes, and changes after a correction. */
#include "expect.h"

#include <stdlib.h>
#include <string.h>

TestSuite(show, .init = box_set_up, .fini = box_tear_down);

static void expect(const char *text)
{
	PRINTS(text);
}

static void run(int status, const char *line)
{
	cr_assert_eq(box_shell(&box, line), status, "%s: %s", line, box.last.err);
}

Test(show, what_lies_inside_of_values_is_no_json)
{
	box_import(&box, "{\"external_ref\":\"O-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\","
			 "\"merchant\":\"shop\","
			 "\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Sam "
			 "Doe\",\"country\":\"USA\"},"
			 "\"risk_score\":9,\"risk_factors\":[{\"code\":\"country\",\"points\":4},{\"code\":\"age\","
			 "\"points\":5}],"
			 "\"steps\":[{\"id\":\"addresses\",\"status\":\"completed\",\"fields\":{\"addresses\":[{"
			 "\"country\":\"US\",\"is_primary\":true},{\"country\":\"PT\",\"is_primary\":false}]}}],"
			 "\"processing_results\":{\"web_validation_results\":{\"pages\":[{\"found\":[1,2]}],"
			 "\"none\":[]}}}\n");
	run(0, "$K show O-1");
	expect("Risk factors\n  1: code: country; points: 4\n  2: code: age; points: 5\n");
	expect("    addresses\n      1: country: US; is_primary: true\n      2: country: PT; is_primary: false\n");
	expect("  web_validation_results\n    pages\n      1\n        found\n          1: ********\n          2: "
	       "********\n    none: []\n");
}

#define AVENIA(ref, trade)                                                                                             \
	"{\"external_ref\":\"" ref "\",\"workflow\":\"avenia-kyb-level-1\",\"kind\":\"kyb\",\"merchant\":\"shop\","    \
	"\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"ACME SOLUÇÕES LTDA\","           \
	"\"country\":\"BRA\"},\"steps\":[{\"id\":\"company\",\"status\":\"completed\",\"fields\":{\"tradeName\":"      \
	"\"" trade "\"}}]}\n"

Test(show, a_trade_name_stands_beside_the_legal_name_if_it_differs)
{
	box_import(&box, AVENIA("A-1", "Acme Digital"));
	run(0, "$K show A-1");
	expect("\nlegal name ACME SOLUÇÕES LTDA\ntrade name Acme Digital\n");
	box_import(&box, AVENIA("A-2", "Acme Solucoes Ltda"));
	run(0, "$K show A-2");
	cr_expect_null(strstr(box.last.out, "trade name"), "compared as folded text: %s", box.last.out);
}

Test(show, who_was_removed_and_what_was_put_aside_stand_at_the_top)
{
	box_import_company(&box, "RAL-1");
	run(0, "$K party add RAL-1 --kind individual --name 'Rui Sol' --role director");
	run(0, "$K party remove RAL-1 'Rui Sol' --reason 'declared by mistake'");
	run(0, "$K snooze RAL-1 --until \"$(date -u -d '+9 days' +%F)\" --reason 'waits for the register'");
	run(0, "$K show RAL-1");
	expect("snoozed    until 2");
	expect(": waits for the register\n");
	expect("removed    Rui Sol by ");
	expect(": declared by mistake\n");
}

Test(show, one_that_was_dismissed_stays_beside_the_other)
{
	box_import(&box, "{\"external_ref\":\"D-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			 "\"shop\",\"status\":"
			 "\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ana "
			 "Lua\",\"country\":\"PRT\",\"tax_id\":\"PT501964843\"}}\n"
			 "{\"external_ref\":\"D-2\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			 "\"shop\",\"status\":"
			 "\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ana "
			 "Sol\",\"country\":\"PRT\",\"tax_id\":\"PT501964843\"}}\n");
	run(0, "$K duplicate dismiss D-1 D-2 --reason 'mother and daughter'");
	run(0, "$K duplicate list D-1");
	expect("Ana Lua");
	expect("Ana Sol");
	expect(": mother and daughter\n");
}

/* If a correction is about a whole step, `show` reports every change of the step, for example a new party. */
Test(show, what_came_back_for_a_whole_step_is_told_whole)
{
	box_import_company(&box, "RAL-1");
	run(0, "$K corrections RAL-1 --step related_parties --message 'Name everybody who owns a part.'");
	run(0, "$K show RAL-1");
	PRINTS_NOT("party: ");
	run(0, "$K party add RAL-1 --kind individual --name 'Rui Sol' --role director");
	run(0, "$K correction hand-in RAL-1");
	run(0, "$K show RAL-1");
	expect("    party: nothing → Rui Sol\n");
}

Test(show, what_is_gone_after_a_correction_is_told)
{
	box_import(&box,
		   "{\"external_ref\":\"C-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
		   "\"status\":\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":\"Quay Ltd\","
		   "\"country\":\"PRT\"},\"corrections\":[{\"step_id\":\"company_info\",\"message\":\"Again, "
		   "please.\","
		   "\"state\":\"answered\",\"before\":{\"fields\":{\"website\":\"a.example\",\"business_activity\":"
		   "\"fish\"}},\"after\":{\"fields\":{\"business_activity\":\"arms\"}}}]}\n");
	run(0, "$K show C-1 --reveal");
	expect("    business_activity: fish → arms\n    website: a.example → nothing\n");
}
