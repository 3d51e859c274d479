/* Seed ralio-sandbox, "Verify the user": a reviewer verifies people and companies in place of the portal. */
#include "expect.h"
#include "merchant.h"

#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	merchant_open(&shop, &box, "shop");
}
TestSuite(story_ralio_sandbox, .init = set_up, .fini = shop_tear_down);

static void open_session(const char *reference, const char *subject_kind)
{
	bool person = subject_kind[0] == 'i';
	char *uid = filled("user-$1", reference, NULL);
	cr_assert_eq(box_run(&box, "session", "open", "ralio-sandbox", "--merchant", "shop", "--ref", reference,
			     "--subject-kind", subject_kind, "--kind", person ? "kyc" : "kyb", "--uid", uid, "--name",
			     person ? "Jane Doe" : "Doe SL", "--country", "ESP", "--tags",
			     person ? "{\"plan\":\"gold\"}" : "{}", "--for", "merchant", NULL),
		     0, "%s", box.last.err);
}

static void person_starts(const char *reference)
{
	open_session(reference, "individual");
	DONE("session", "start", reference, "--for", "client");
}

/* An expired session is imported, because no command can set a time in the past. */
static const char history[] =
	"{\"external_ref\":\"$1\",\"workflow\":\"ralio-sandbox\",\"kind\":\"kyc\",\"merchant\":\"shop\","
	"\"status\":\"active\",\"custom_tags\":{\"plan\":\"gold\"},\"subject\":{\"uid\":\"user-$1\",\"kind\":"
	"\"individual\",\"name\":\"Jane Doe\",\"country\":\"ESP\"},\"expires_at\":\"2020-01-01T00:00:00Z\"}\n";

Test(story_ralio_sandbox, a_person_is_verified_straight_from_the_draft)
{
	open_session("11", "individual");
	DONE("approve", "11", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.session_verified", "kyc", "user-11", "'external_ref':'11','sequence':1", "approved",
			"approved", "'custom_tags':{'plan':'gold'}"));
	GIVES(("show", "11"), "status: approved");
	SHOWS("subject.level: "); /* a person has no level */
}

Test(story_ralio_sandbox, a_person_fails_and_may_try_again)
{
	person_starts("12");
	DONE("reject", "12", "--reason", "expired_document", "--note", "explained in full", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.session_failed", "kyc", "user-12", "'external_ref':'12','sequence':1", "rejected",
			"rejected", "'reason':'expired_document','retryable':true,'custom_tags':{'plan':'gold'}"));
	/* The workflow does not permit a second attempt of a session: the same user gets a new session. */
	ENDS_JSON(4, "session", "resubmit", "12", "--for", "client");
	GIVES(("session", "open", "ralio-sandbox", "--merchant", "shop", "--ref", "12b", "--subject-kind", "individual",
	       "--kind", "kyc", "--uid", "user-12", "--for", "merchant"),
	      "subject.name: Jane Doe");
	DONE("session", "start", "12b", "--for", "client");
	DONE("duplicate", "dismiss", "12b", "12", "--reason", "the same user tries again");
	DONE("approve", "12b", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.session_verified", "kyc", "user-12", "'external_ref':'12b','sequence':1", "approved",
			"approved", "'custom_tags':{}"));
}

Test(story_ralio_sandbox, a_rejection_for_good_is_not_submitted_again)
{
	person_starts("13");
	DONE("reject", "13", "--reason", "unsupported_country");
	ENDS_JSON(4, "session", "resubmit", "13", "--for", "client");
	GIVES(("show", "13"), "status: rejected");
}

Test(story_ralio_sandbox, a_session_that_nobody_came_to_expires)
{
	char *line = filled(history, "14", NULL);
	box_import(&box, line);
	SHOP_HEARS(NEWS("kyc.session_expired", "kyc", "user-14", "'external_ref':'14','sequence':1", "expired",
			"incomplete", "'custom_tags':{'plan':'gold'}"));
}

Test(story_ralio_sandbox, a_company_reaches_regular_and_is_told_of_once)
{
	open_session("21", "business");
	DONE("approve", "21", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.state_updated", "kyb", "user-21",
			"'kyb_id':1,'external_ref':'21','sequence':1,'previous_level':'LIGHT','level':'REGULAR'",
			"approved", "approved", "'custom_tags':{}"));
	GIVES(("show", "21"), "subject.level: REGULAR");
}

Test(story_ralio_sandbox, accounts_and_money_have_their_names_in_the_workflow)
{
	static const char *const names[] = { "account.activated",   "payin.processing",	 "payin.completed",
					     "payin.failed",	    "payout.processing", "payout.completed",
					     "transfer.processing", "transfer.completed" };
	DONE("workflow", "show", "ralio-sandbox");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		PRINTS(names[i]);
}
