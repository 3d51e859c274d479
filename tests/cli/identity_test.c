/* An import refuses lines that claim ids or data that they may not have; a refused line never stops the others. */
#include "expect.h"
#include "custody_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(identity, .init = box_set_up, .fini = box_tear_down);

#define ID "11111111-1111-4111-8111-111111111111"
#define OTHER_ID "22222222-1111-4111-8111-111111111111"

/* An import line of a person's session in review, with the members `more`. */
static char *line(const char *reference, const char *more)
{
	return test_text("{\"external_ref\":\"%s\",%s\"workflow\":\"generic-kyc\",\"kind\":\"kyc\","
			 "\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":"
			 "\"individual\",\"name\":\"Ines Duarte\"}}\n",
			 reference, more);
}

static void import_line(const char *reference, const char *more)
{
	char *text = line(reference, more);
	box_import(&box, text);
}

static long long total(void)
{
	DONE_JSON("inbox");
	return json_path_int(box.json, "total");
}

/* The line is refused for `field`, and the next line is accepted. */
static void expect_refused(const char *bad, const char *field)
{
	char *good = line("GOOD-1", "");
	long long before = total();
	box_write(&box, "in.ndjson", test_text("%s%s", bad, good));
	FAILS(3, ("import", "in.ndjson"), "rejected = 1", "imported = 1", test_text("errors[0].field: %s", field));
	cr_expect_eq(total(), before + 1);
}

static void expect_line_refused(const char *reference, const char *more, const char *field)
{
	char *bad = line(reference, more);
	expect_refused(bad, field);
}

Test(identity, an_id_of_another_merchants_session_is_refused)
{
	char *theirs = line("A-1", "\"id\":\"" ID "\",");
	import_line("A-1", "\"id\":\"" ID "\",");
	char *at = strstr(theirs, "\"shop\"");
	memcpy(at, "\"evil\"", 6);
	expect_refused(theirs, "merchant");
	GIVES(("show", ID), "merchant: shop");
}

Test(identity, a_session_keeps_its_workflow)
{
	import_line("A-1", "\"id\":\"" ID "\",");
	char *whole = test_text("{\"external_ref\":\"A-1\",\"id\":\"" ID
				"\",\"workflow\":\"ralio-sandbox\",\"kind\":\"kyc\",\"merchant\":\"shop\","
				"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"I\"}}\n");
	expect_refused(whole, "workflow");
}

Test(identity, a_reference_finds_the_session_that_came_under_an_id_of_its_own)
{
	import_line("A-1", "\"id\":\"" ID "\",");
	import_line("A-1", "\"risk_score\":7,");
	cr_expect_eq(total(), 1);
	GIVES(("show", "A-1"), test_text("id: %s", ID), "risk_score = 7");
}

Test(identity, a_reference_that_another_session_has_is_refused)
{
	import_line("A-1", "");
	expect_line_refused("A-1", "\"id\":\"" ID "\",", "external_ref");
}

Test(identity, a_new_reference_that_another_session_has_is_refused)
{
	import_line("A-1", "");
	import_line("A-2", "\"id\":\"" ID "\",");
	expect_line_refused("A-1", "\"id\":\"" ID "\",", "external_ref");
}

Test(identity, an_id_of_a_document_of_another_session_refuses_its_line_only)
{
	import_line("A-1", "\"documents\":[{\"id\":\"" ID "\",\"type\":\"T\"}],");
	expect_line_refused("A-2", "\"documents\":[{\"id\":\"" ID "\",\"type\":\"T\"}],", "");
}

Test(identity, an_id_of_a_party_of_another_session_refuses_its_line_only)
{
	import_line("A-1", "\"parties\":[{\"id\":\"" ID "\",\"kind\":\"individual\",\"name\":\"P\"}],");
	expect_line_refused("A-2", "\"parties\":[{\"id\":\"" ID "\",\"kind\":\"individual\",\"name\":\"P\"}],", "");
}

Test(identity, an_id_of_a_hit_of_another_session_refuses_its_line_only)
{
	const char *checks = "\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"id\":\"" ID
			     "\",\"name\":\"N\",\"list\":\"L\"}]}],";
	import_line("A-1", checks);
	expect_line_refused("A-2", checks, "");
}

Test(identity, a_partys_session_that_is_another_session_refuses_its_line_only)
{
	import_line("A-1", "\"id\":\"" ID "\",");
	expect_line_refused(
		"A-2", "\"parties\":[{\"kind\":\"individual\",\"name\":\"P\",\"session\":{\"id\":\"" ID "\"}}],", "");
}

#define PARTY_WITH(id) "\"parties\":[{\"kind\":\"individual\",\"name\":\"P\",\"session\":{\"id\":\"" id "\"}}],"

Test(identity, a_party_keeps_its_session)
{
	import_line("A-1", PARTY_WITH(ID));
	expect_line_refused("A-1", PARTY_WITH(OTHER_ID), "parties[0].session.id");
}

Test(identity, a_check_stands_once_in_a_session)
{
	expect_line_refused(
		"A-1", "\"checks\":[{\"kind\":\"ip\",\"status\":\"passed\"},{\"kind\":\"ip\",\"status\":\"passed\"}],",
		"checks[1].kind");
}

Test(identity, a_partys_session_comes_inside_its_parent)
{
	expect_line_refused("A-1", "\"parent_id\":\"" ID "\",", "parent_id");
}

Test(identity, an_inbox_that_the_status_does_not_mean_is_refused)
{
	expect_line_refused("A-1", "\"compliance_status\":\"approved\",", "compliance_status");
}

Test(identity, a_name_of_spaces_is_no_name)
{
	char *bad = line("A-1", "");
	char *at = strstr(bad, "Ines Duarte");
	memset(at, ' ', strlen("Ines Duarte"));
	expect_refused(bad, "subject.name");
}

Test(identity, decisions_that_end_otherwise_than_the_status_are_refused)
{
	char *bad = line("A-1",
			 "\"decisions\":[{\"decision\":\"approve\",\"by\":\"ana\",\"at\":\"2026-01-02T03:04:05Z\"}],");
	char *at = strstr(bad, "manual_review");
	*at = '\0';
	expect_refused(test_text("%srejected%s", bad, at + strlen("manual_review")), "decisions");
}

Test(identity, a_reason_that_nobody_knows_is_refused)
{
	expect_line_refused("A-1",
			    "\"decisions\":[{\"decision\":\"reject\",\"by\":\"ana\",\"at\":\"2026-01-02T03:04:05Z\","
			    "\"reason\":\"looks_odd\"}],",
			    "decisions[0].reason");
}

Test(identity, a_refused_line_leaves_no_bytes_behind)
{
	box_write_files(&box);
	DONE_SHELL("rm -rf store.db* && \"$K\" init");
	box_write(&box, "in.ndjson", company_line("RAL-1"));
	ENDS(3, "import", "in.ndjson"); /* the merchant "shop" does not exist in a production store */
	DONE_SHELL("find store.db-documents -type f | wc -l");
	cr_expect_eq(strtol(box.last.out, NULL, 10), 0, "%s", box.last.out);
}

Test(identity, the_field_is_named_once)
{
	char *bad = line("A-1", "\"risk_score\":\"high\",");
	box_write(&box, "in.ndjson", bad);
	ENDS(3, "import", "in.ndjson");
	cr_expect_str_eq(box.last.err, "in.ndjson:1: risk_score: expected a whole number, found a string\n");
}

/* An import line of a business that was never approved, but has this level. */
static const char *business_at(const char *level)
{
	static char text[400];
	(void)snprintf(text, sizeof text,
		       "{\"external_ref\":\"B-1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
		       "\"status\":\"draft\",\"subject\":{\"kind\":\"business\",\"name\":\"Lane\",\"uid\":\"biz-1\","
		       "\"level\":\"%s\"}}\n",
		       level);
	return text;
}

Test(identity, a_level_that_the_workflow_does_not_know_is_refused)
{
	expect_refused(business_at("SUPER"), "subject.level");
}

Test(identity, a_level_that_an_approval_gives_is_an_admins_to_bring)
{
	box_write(&box, "in.ndjson", business_at("REGULAR"));
	DONE_SHELL("rm -rf store.db* && \"$K\" init && \"$K\" merchant add shop");
	cr_expect_eq(box_run(&box, "import", "in.ndjson", NULL), 0, "an admin: %s", box.last.err);
	/* If the user that runs the tests is a reviewer, the import refuses the level. */
	DONE_SHELL("rm -rf store.db* && \"$K\" init && \"$K\" merchant add shop");
	custody_become_reviewer(&box);
	FAILS(3, ("import", "in.ndjson"), "errors[0].field: subject.level");
}
