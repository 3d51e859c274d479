/* seed ralio-sandbox, "Verify the user": a reviewer stands in for the portal, for people and for companies. */
#include "merchant.h"

#include <stdlib.h>
#include <string.h>

static struct box box;
static struct merchant_end shop;

static void set_up(void)
{
	box_open(&box);
	merchant_open(&shop, &box, "shop");
}
static void tear_down(void)
{
	merchant_close(&shop);
	box_close(&box);
}
TestSuite(story_ralio_sandbox, .init = set_up, .fini = tear_down);

static const char person[] =
	"{\"external_ref\":\"$1\",\"workflow\":\"ralio-sandbox\",\"kind\":\"kyc\",\"merchant\":\"shop\","
	"\"status\":\"$2\",\"custom_tags\":{\"plan\":\"gold\"},\"subject\":{\"uid\":\"user-$1\",\"kind\":"
	"\"individual\","
	"\"name\":\"Jane Doe\",\"country\":\"ESP\"}$3}\n";
static const char company[] =
	"{\"external_ref\":\"$1\",\"workflow\":\"ralio-sandbox\",\"kind\":\"kyb\",\"merchant\":\"shop\","
	"\"status\":\"$2\",\"subject\":{\"uid\":\"user-$1\",\"kind\":\"business\",\"name\":\"Doe SL\","
	"\"country\":\"ESP\"}}\n";

static void bring(const char *text, const char *reference, const char *status, const char *more)
{
	char *line = filled(text, reference, status, more, NULL);
	box_bring(&box, line);
	free(line);
}

Test(story_ralio_sandbox, a_person_is_verified_straight_from_the_draft)
{
	bring(person, "11", "draft", "");
	cr_assert_eq(box_run(&box, "approve", "11", "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(&shop,
			"{\"type\":\"kyc.session_verified\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\","
			"\"uid\":\"user-11\",\"session_id\":\"ID\",\"external_ref\":\"11\",\"sequence\":1,"
			"\"status\":\"approved\",\"compliance_status\":\"approved\",\"custom_tags\":{\"plan\":"
			"\"gold\"}}}",
			NULL);
	cr_assert_eq(box_json(&box, "show", "11", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
	cr_expect_str_eq(json_path_text(box.json, "subject.level"), "", "a person has no level");
}

Test(story_ralio_sandbox, a_person_fails_and_may_try_again)
{
	bring(person, "12", "active", "");
	cr_assert_eq(box_run(&box, "reject", "12", "--reason", "expired_document", "--grace", "0", NULL), 0, "%s",
		     box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"kyc.session_failed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\","
		"\"uid\":\"user-12\",\"session_id\":\"ID\",\"external_ref\":\"12\",\"sequence\":1,"
		"\"status\":\"rejected\",\"compliance_status\":\"rejected\",\"reason\":\"expired_document\","
		"\"retryable\":true,\"custom_tags\":{\"plan\":\"gold\"}}}",
		NULL);
	/* This time there is something to look at. */
	bring(person, "12", "manual_review", ",\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"}]");
	cr_assert_eq(box_json(&box, "show", "12", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	cr_expect_eq(json_path_int(box.json, "attempts[0].number"), 1);
	cr_expect_str_eq(json_path_text(box.json, "attempts[0].result"), "rejected");
	cr_expect_str_eq(json_path_text(box.json, "attempts[0].reason"), "expired_document");
	cr_expect_eq(json_path_int(box.json, "attempts[1].number"), 2);
	cr_expect(json_is_null(json_path(box.json, "attempts[1].result")));
	cr_assert_eq(box_run(&box, "approve", "12", "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(&shop,
			"{\"type\":\"kyc.session_verified\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\","
			"\"uid\":\"user-12\",\"session_id\":\"ID\",\"external_ref\":\"12\",\"sequence\":2,"
			"\"status\":\"approved\",\"compliance_status\":\"approved\",\"custom_tags\":{\"plan\":"
			"\"gold\"}}}",
			NULL);
}

Test(story_ralio_sandbox, a_rejection_for_good_is_not_submitted_again)
{
	bring(person, "13", "active", "");
	cr_assert_eq(box_run(&box, "reject", "13", "--reason", "unsupported_country", NULL), 0, "%s", box.last.err);
	char *line = filled(person, "13", "manual_review", "", NULL);
	box_write(&box, "again.ndjson", line);
	cr_expect_eq(box_run(&box, "import", "again.ndjson", NULL), 3);
	cr_assert_eq(box_json(&box, "show", "13", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "rejected");
	free(line);
}

Test(story_ralio_sandbox, a_session_that_nobody_came_to_expires)
{
	bring(person, "14", "active", ",\"expires_at\":\"2020-01-01T00:00:00Z\"");
	merchant_expect(&shop,
			"{\"type\":\"kyc.session_expired\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyc\","
			"\"uid\":\"user-14\",\"session_id\":\"ID\",\"external_ref\":\"14\",\"sequence\":1,"
			"\"status\":\"expired\",\"compliance_status\":\"incomplete\",\"custom_tags\":{\"plan\":"
			"\"gold\"}}}",
			NULL);
}

Test(story_ralio_sandbox, a_company_reaches_regular_and_is_told_of_once)
{
	bring(company, "21", "draft", NULL);
	cr_assert_eq(box_run(&box, "approve", "21", "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(&shop,
			"{\"type\":\"kyc.state_updated\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
			"\"uid\":\"user-21\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"21\","
			"\"sequence\":1,\"previous_level\":\"LIGHT\",\"level\":\"REGULAR\",\"status\":\"approved\","
			"\"compliance_status\":\"approved\",\"custom_tags\":{}}}",
			NULL);
	cr_assert_eq(box_json(&box, "show", "21", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "subject.level"), "REGULAR");
}

Test(story_ralio_sandbox, accounts_and_money_have_their_names_in_the_workflow)
{
	static const char *const names[] = { "account.activated",   "payin.processing",	 "payin.completed",
					     "payin.failed",	    "payout.processing", "payout.completed",
					     "transfer.processing", "transfer.completed" };
	cr_assert_eq(box_run(&box, "workflow", "show", "ralio-sandbox", NULL), 0, "%s", box.last.err);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		cr_expect(strstr(box.last.out, names[i]), "%s", names[i]);
}
