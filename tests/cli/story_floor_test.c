/* Production stores at both engines: a new one begins with floors of all approvals; an older one keeps what it has, works
 * on after its upgrade, and then finds masked values whole only. */
#include "expect.h"

static void set_up(void)
{
	box_open_bare(&box);
}
TestSuite(story_floor, .init = set_up, .fini = box_tear_down, .timeout = 300);

/* Two cases of a country that the floors prohibit, without a screening and without a score. */
static void import_cases(void)
{
	static const char *const references[] = { "OLD-1", "OLD-2" };

	DONE("merchant", "add", "shop");
	DONE("reviewer", "add", BOX_COLLEAGUE, "--role", "intake");
	box_as(&box, BOX_COLLEAGUE);
	for (size_t i = 0; i < 2; i++)
		box_import(
			&box,
			test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
				  "\"shop\","
				  "\"status\":\"manual_review\",\"subject\":{\"uid\":\"u%zu\",\"kind\":\"individual\","
				  "\"name\":"
				  "\"Ann Bell\",\"country\":\"IRN\",\"date_of_birth\":\"198%zu-01-02\",\"tax_id\":\"77 "
				  "1662 0%zu\"},"
				  "\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}],\"checks\":[{\"kind\":"
				  "\"face_match\","
				  "\"status\":\"passed\"}]}\n",
				  references[i], i, i, i));
	box_as(&box, NULL);
}

static void expect_found(const char *words, const char *wanted)
{
	DONE("list", "--csv", "--filter", words);
	if (*wanted)
		PRINTS(wanted);
	else
		PRINTS_NOT("OLD-");
}

Test(story_floor, an_old_store_keeps_its_own_and_works_on)
{
	box_init_production(&box);
	import_cases();
	box_sql(&box, "UPDATE session_text SET body = 'ann bell 77 1662 00';" BOX_OLD_SCHEMA(53));
	box.changed_outside = true;
	DONE(BOX_UPGRADE);
	expect_found("\"77 1662\"", "");
	expect_found("\"77 1662 00\"", "OLD-1");
	expect_found("77166201", "OLD-2");
	expect_found("ann bel", "OLD-2");
	(void)box_run(&box, "doctor", NULL);
	PRINTS("the floor screening_days of all approvals is off", "the floor highest_risk of all approvals is off",
	       "the floor prohibited_countries of all approvals is off",
	       "kybdesk store set prohibited_countries IRN,MMR,PRK");
	DONE("approve", "OLD-1", "--grace", "0");
	DONE("store", "set", "screening_days", "30");
	DONE("store", "set", "prohibited_countries", "IRN,MMR,PRK");
	BLOCKS(("approve", "OLD-2"), "check_stale", "desk_rule");
}

Test(story_floor, a_new_store_has_them_on)
{
	DONE("init");
	PRINTS("Floors of all approvals: screening_days 30, highest_risk 80,unscored, prohibited_countries "
	       "IRN,MMR,PRK");
	import_cases();
	BLOCKS(("approve", "OLD-1"), "check_stale", "desk_rule");
	PRINTS("Ann Bell is from IRN, a country that this desk does not approve");
	DONE("store", "set", "prohibited_countries", "");
	DONE("store", "set", "screening_days", "");
	TELLS(("show", "OLD-1"), "the desk's floors are met: highest_risk 80,unscored");
	DONE("approve", "OLD-1", "--grace", "0");
	TELLS(("doctor"), "floors of all approvals: highest_risk 80,unscored");
	DONE("audit", "verify");
}
