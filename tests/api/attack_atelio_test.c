/* Named attacks in the dialect of Atelio, where the merchant changes, deletes and recreates owners. */
#include "attack.h"
#include "documents.h"

#include <stdlib.h>
#include <string.h>

static char *business, *owner, *session;

#define OWNERS "/api/v0.1/businesses/%s/beneficial_owners"
#define OWNER OWNERS "/%s"
#define PASSED(kind) "{\"kind\":\"" kind "\",\"status\":\"passed\"}"

/* Waits until the session has the status. The server sets the status by itself; POST /process makes it faster. */
static void wait_for(const char *id, const char *status)
{
	for (int i = 0; i < 1200; i++) {
		(void)api_callf(&api, "POST", NULL, "/kyc/sessions/%s/process", id);
		NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
		if (!strcmp(reply_text(&api.last, "status"), status))
			return;
		test_sleep_ms(50);
	}
	cr_assert_fail("it does not become %s: %s", status, api.last.body);
}

/* Adds an owner with a KYC session in review and with every check passed. */
static void add_owner(void)
{
	NEED(201, "POST", ATELIO_OWNER, OWNERS, business);
	owner = api_keep(&api, "beneficial_owner_id");
	NEED(200, "POST", ATELIO_START, OWNER "/verification-kyc", business, owner);
	session = api_word(&api, "SELECT uuid FROM session ORDER BY id DESC LIMIT 1");
	wait_for(session, "processing");
	cr_assert_lt(
		api_callf(&api, "POST",
			  "{\"checks\":[" PASSED("ofac") "," PASSED("bureau") "," PASSED("email") "," PASSED(
				  "ip") "," PASSED("mobile") "],\"results\":{\"final_decision\":\"manual_review\"}}",
			  "/kyc/sessions/%s/results", session),
		300, "%s", api.last.body);
	wait_for(session, "manual_review");
}

static void set_up(void)
{
	attack_set_up();
	NEED(201, "POST", "{\"name\":\"Acme Cards\",\"country\":\"US\"}", "/api/v0.1/businesses");
	business = api_keep(&api, "business_id");
	add_owner();
}
TestSuite(api_attack_atelio, .init = set_up, .fini = api_tear_down);

Test(api_attack_atelio, without_one_it_is_approved)
{
	ASK(200, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", session);
}

/* After submission no identity data can change, even while a correction of something else is open. */
Test(api_attack_atelio, identity_swapped)
{
	static const char *const states[] = { "in review", "asked for more" };

	NEED(200, "GET", NULL, OWNER, business, owner);
	char *address = api_keep(&api, "address[0].address_id");
	for (size_t i = 0; i < 2; i++) {
		cr_log_info("%s", states[i]);
		ASK(409, "PATCH", "{\"first_name\":\"Rui\"}", OWNER, business, owner);
		ASK(409, "PATCH", "{\"dob\":\"1990-09-09\"}", OWNER, business, owner);
		ASK(409, "PATCH", "{\"city\":\"Oakland\"}", OWNER "/addresses/%s", business, owner, address);
		ASK(409, "DELETE", NULL, OWNER "/addresses/%s", business, owner, address);
		ASK(409, "POST", ATELIO_START, OWNER "/verification-kyc", business, owner);
		if (!i)
			DONE("corrections", session, "--step", "documents", "--document", "government_id", "--message",
			     "Its back, please.", "--grace", "0", "--as", "rita");
	}
	attack_no_approval(session, (struct refusal){ "correction_open", NULL });
}

static void reject(const char *reason, const char *grace)
{
	DONE("reject", session, "--reason", reason, "--note", "explained in full", "--grace", grace, "--as", "rita");
}

Test(api_attack_atelio, new_kyc_after_a_restricted_rejection)
{
	reject("sanctions_match", "0");
	ASK(409, "POST", ATELIO_START, OWNER "/verification-kyc", business, owner);
	ASK(409, "PATCH", "{\"first_name\":\"Rui\"}", OWNER, business, owner);
	attack_no_approval(session, (struct refusal){ "status", NULL });
	/* If the rejected person is added as another owner, the desk detects this and holds the case for a lead. */
	add_owner();
	attack_no_approval(session, (struct refusal){ "held", NULL });
}

static void expect_deleted(void)
{
	ASK(200, "DELETE", NULL, OWNER, business, owner);
	ANSWERS("date_deleted is there");
	BODY_LACKS("ejected");
	ASK(404, "GET", NULL, OWNER, business, owner);
	ASK(404, "DELETE", NULL, OWNER, business, owner);
	ASK(404, "POST", ATELIO_START, OWNER "/verification-kyc", business, owner);
	ASK(404, "GET", NULL, OWNER "/verification-kyc?program_id=" ATELIO_PROGRAM, business, owner);
	ASK(404, "GET", NULL, "/kyc/sessions/%s", session);
}

static const char *status_at_the_desk(void)
{
	DONE_JSON("show", session);
	return json_path_text(api.box.json, "status");
}

/* If the merchant deletes a rejected owner, the desk keeps the rejection, the business stays unverified, and the desk
 * detects the person if the merchant adds them again. */
Test(api_attack_atelio, owner_removed_after_rejection)
{
	reject("sanctions_match", "0");
	expect_deleted();
	cr_expect_str_eq(status_at_the_desk(), "rejected");
	GIVES(("subject", "show", business), "verified = false");
	add_owner();
	attack_no_approval(session, (struct refusal){ "held", NULL });
}

/* The reviewers can still decide on an owner that the merchant deleted. */
Test(api_attack_atelio, owner_removed_in_review)
{
	expect_deleted();
	cr_expect_str_eq(status_at_the_desk(), "manual_review");
	reject("sanctions_match", "0");
	cr_expect_str_eq(status_at_the_desk(), "rejected");
}

/* Deleting an owner reveals nothing of a decision within its grace time, and does not stop the decision. */
Test(api_attack_atelio, a_held_decision_is_not_told_by_a_refusal)
{
	reject("sanctions_match", "600");
	ASK(409, "PATCH", "{\"first_name\":\"Rui\"}", OWNER, business, owner);
	BODY_LACKS("ejected");
	expect_deleted();
	cr_expect_str_eq(status_at_the_desk(), "rejected");
	DONE("undo", session, "--as", "rita");
	cr_expect_str_eq(status_at_the_desk(), "manual_review");
}
