/* Users that exist before their sessions, by commands: an Avenia sub-account, an Atelio business and its owners. */
#include "expect.h"

#include <stdio.h>
#include <string.h>

TestSuite(subject_story, .init = box_set_up, .fini = box_tear_down);

#define MEMBER(path, text) cr_expect_str_eq(json_path_text(box.json, path), text, "%s: %s", path, box.last.out)

Test(subject_story, avenia_sub_account_is_there_before_its_session)
{
	DONE_JSON("subject", "add", "--merchant", "avenia", "--uid", "sub-1", "--kind", "business", "--name",
		  "Casa do Porto Lda", "--country", "Portugal", "--tax-id", "501234567");
	MEMBER("country", "PRT");
	MEMBER("tax_id", "*****4567");
	SHOWS("sessions has 0");
	box_import(&box, "{\"external_ref\":\"AV-1\",\"workflow\":\"avenia-kyb-level-1\",\"kind\":\"kyb\","
			 "\"merchant\":\"avenia\",\"status\":\"draft\",\"subject\":{\"uid\":\"sub-1\",\"kind\":"
			 "\"business\",\"name\":\"CASA DO PORTO LDA\"}}\n");
	DONE_JSON("subject", "show", "sub-1");
	MEMBER("name", "Casa do Porto Lda");
	MEMBER("sessions[0].external_ref", "AV-1");
	MEMBER("sessions[0].status", "draft");
	MEMBER("sessions[0].compliance_status", "incomplete");
	SHOWS("verified = false");
	/* Only permitted roles can reveal values: a lead can, a reviewer without the claim cannot. */
	DONE_JSON("subject", "show", "avenia/sub-1", "--reveal");
	MEMBER("tax_id", "501234567");
	DONE_JSON("subject", "show", "sub-1", "--reveal", "--as", "vera"); /* vera is added as a lead */
	DONE("reviewer", "role", "vera", "reviewer");
	ENDS_JSON(7, "subject", "show", "sub-1", "--reveal", "--as", "vera");
	/* A reviewer cannot delete a user that has a session. */
	BLOCKS(("subject", "delete", "sub-1", "--as", "vera"), "status");
	ENDS_JSON(9, "subject", "edit", "sub-1", "--email", "nobody");
	MEMBER("error.field", "email");
	ENDS_JSON(2, "subject", "edit", "sub-1");
	ENDS_JSON(6, "subject", "edit", "sub-2", "--email", "");
	DONE_JSON("subject", "edit", "sub-1", "--email", "ola@casa.example");
	MEMBER("email", "********");
	DONE_JSON("subject", "show", "sub-1", "--reveal");
	MEMBER("email", "ola@casa.example");
}

static void add_owner(const char *uid, const char *name)
{
	DONE_JSON("subject", "add", "--merchant", "atelio", "--uid", uid, "--kind", "individual", "--name", name,
		  "--birth", "1999-10-10", "--business", "biz");
	MEMBER("business", "biz");
	MEMBER("date_of_birth", "****-**-**");
}

static bool is_verified(void)
{
	DONE_JSON("subject", "show", "biz");
	return json_is_true(json_path(box.json, "verified"));
}

Test(subject_story, atelio_business_is_verified_when_all_its_owners_are)
{
	DONE_JSON("subject", "add", "--merchant", "atelio", "--uid", "biz", "--kind", "business", "--name",
		  "Letterman Inc", "--country", "US");
	cr_expect_not(is_verified());
	SHOWS("owners has 0");
	add_owner("own-1", "David Letterman");
	add_owner("own-2", "Paul Shaffer");
	box_import(&box, "{\"external_ref\":\"KYC-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			 "\"atelio\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"own-1\",\"kind\":"
			 "\"individual\",\"name\":\"David "
			 "Letterman\"},\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],\"steps\":[{"
			 "\"id\":\"identity\",\"status\":\"completed\"}]}\n");
	cr_expect_not(is_verified());
	MEMBER("owners[0].status", "manual_review");
	DONE("approve", "KYC-1");
	cr_expect_not(is_verified());
	SHOWS("owners[0].verified = true", "owners[1].status = null");
	DONE_JSON("subject", "delete", "own-2");
	cr_expect(json_is_string(json_path(box.json, "deleted_at")));
	cr_expect(is_verified());
	DONE_JSON("subject", "list", "--merchant", "atelio", "--limit", "1");
	MEMBER("data[0].uid", "biz");
	MEMBER("next", "atelio/biz");
	DONE_JSON("subject", "list", "--merchant", "atelio", "--after", "atelio/biz");
	MEMBER("data[0].uid", "own-1");
	SHOWS("data has 1"); /* the deleted owner is not listed */
	GIVES(("subject", "list", "--deleted"), "data has 3");
}

Test(subject_story, alert_is_for_a_lead)
{
	static const char line[] =
		"{\"external_ref\":\"KYC-%d\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		"\"status\":\"manual_review\",\"subject\":{\"uid\":\"jo\",\"kind\":\"individual\",\"name\":\"Jo "
		"Reyes\"},\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}]}\n";
	char text[sizeof line + 16];

	for (int i = 1; i <= 2; i++) {
		(void)snprintf(text, sizeof text, line, i);
		box_import(&box, text);
	}
	DONE("duplicate", "dismiss", "KYC-1", "KYC-2", "--reason", "one user, two workflows");
	DONE("approve", "KYC-1");
	DONE("reject", "KYC-2", "--reason", "sanctions_match", "--note", "explained in full");
	DONE_JSON("alert", "list");
	MEMBER("data[0].external_ref", "KYC-2");
	MEMBER("data[0].kind", "restricted_rejection");
	MEMBER("data[0].subject", "jo");
	DONE_JSON("show", "KYC-2");
	MEMBER("alerts[0].kind", "restricted_rejection");
	TELLS(("show", "KYC-2"), "for a lead since");
	TELLS(("alert", "list"), "KYC-2");
	GIVES(("subject", "show", "jo"), "verified = false"); /* a rejection came after the approval */
	DONE("alert", "list", "--as", "vera");
	DONE("reviewer", "add", "rick", "--role", "reviewer");
	ENDS(7, "alert", "close", "KYC-2", "--reason", "known to legal", "--as", "rick");
	DONE("alert", "close", "KYC-2", "--reason", "known to legal");
	DONE_JSON("show", "KYC-2");
	cr_expect_not(json_path(box.json, "alerts"));
}
