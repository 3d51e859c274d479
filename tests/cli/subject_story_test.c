/* Users before their sessions, at the program: an Avenia sub-account, an Atelio business and its owners. */
#include "box.h"

#include <stdio.h>
#include <string.h>

TestSuite(subject_story, .init = box_set_up, .fini = box_tear_down);

#define MEMBER(path, text) cr_expect_str_eq(json_path_text(box.json, path), text, "%s: %s", path, box.last.out)

Test(subject_story, avenia_sub_account_is_there_before_its_session)
{
	cr_assert_eq(box_json(&box, "subject", "add", "--merchant", "avenia", "--uid", "sub-1", "--kind",
			      "business", "--name", "Casa do Porto Lda", "--country", "Portugal", "--tax-id",
			      "501234567", NULL),
		     0, "%s", box.last.out);
	MEMBER("country", "PRT");
	MEMBER("tax_id", "*****4567");
	cr_expect_eq(json_array_size(json_path(box.json, "sessions")), 0);
	box_import(&box, "{\"external_ref\":\"AV-1\",\"workflow\":\"avenia-kyb-level-1\",\"kind\":\"kyb\","
			 "\"merchant\":\"avenia\",\"status\":\"draft\",\"subject\":{\"uid\":\"sub-1\",\"kind\":"
			 "\"business\",\"name\":\"CASA DO PORTO LDA\"}}\n");
	cr_assert_eq(box_json(&box, "subject", "show", "sub-1", NULL), 0);
	MEMBER("name", "Casa do Porto Lda");
	MEMBER("sessions[0].external_ref", "AV-1");
	MEMBER("sessions[0].status", "draft");
	MEMBER("sessions[0].compliance_status", "incomplete");
	cr_expect(json_is_false(json_path(box.json, "verified")));
	/* Only for permitted roles, and on record. */
	cr_assert_eq(box_json(&box, "subject", "show", "avenia/sub-1", "--reveal", NULL), 0);
	MEMBER("tax_id", "501234567");
	cr_assert_eq(box_json(&box, "subject", "show", "sub-1", "--reveal", "--as", "vera", NULL), 0,
		     "vera is added as a lead");
	cr_assert_eq(box_run(&box, "reviewer", "role", "vera", "reviewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "subject", "show", "sub-1", "--reveal", "--as", "vera", NULL), 7);
	/* If it has a session, a reviewer cannot change it. */
	cr_assert_eq(box_json(&box, "subject", "delete", "sub-1", "--as", "vera", NULL), 4);
	cr_expect(has_blocker(&box, "status"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "subject", "edit", "sub-1", "--email", "nobody", NULL), 9);
	MEMBER("error.field", "email");
	cr_assert_eq(box_json(&box, "subject", "edit", "sub-1", NULL), 2);
	cr_assert_eq(box_json(&box, "subject", "edit", "sub-2", "--email", "", NULL), 6);
	cr_assert_eq(box_json(&box, "subject", "edit", "sub-1", "--email", "ola@casa.example", NULL), 0);
	MEMBER("email", "********");
	cr_assert_eq(box_json(&box, "subject", "show", "sub-1", "--reveal", NULL), 0);
	MEMBER("email", "ola@casa.example");
}

static void add_owner(const char *uid, const char *name)
{
	cr_assert_eq(box_json(&box, "subject", "add", "--merchant", "atelio", "--uid", uid, "--kind", "individual",
			      "--name", name, "--birth", "1999-10-10", "--business", "biz", NULL),
		     0, "%s", box.last.out);
	MEMBER("business", "biz");
	MEMBER("date_of_birth", "****-**-**");
}

static bool is_verified(void)
{
	cr_assert_eq(box_json(&box, "subject", "show", "biz", NULL), 0);
	return json_is_true(json_path(box.json, "verified"));
}

Test(subject_story, atelio_business_is_verified_when_all_its_owners_are)
{
	cr_assert_eq(box_json(&box, "subject", "add", "--merchant", "atelio", "--uid", "biz", "--kind", "business",
			      "--name", "Letterman Inc", "--country", "US", NULL),
		     0);
	cr_expect_not(is_verified());
	cr_expect_eq(json_array_size(json_path(box.json, "owners")), 0);
	add_owner("own-1", "David Letterman");
	add_owner("own-2", "Paul Shaffer");
	box_import(&box, "{\"external_ref\":\"KYC-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			 "\"atelio\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"own-1\",\"kind\":"
			 "\"individual\",\"name\":\"David "
			 "Letterman\"},\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}],\"steps\":[{"
			 "\"id\":\"identity\",\"status\":\"completed\"}]}\n");
	cr_expect_not(is_verified());
	MEMBER("owners[0].status", "manual_review");
	cr_assert_eq(box_run(&box, "approve", "KYC-1", NULL), 0, "%s", box.last.err);
	cr_expect_not(is_verified());
	cr_expect(json_is_true(json_path(box.json, "owners[0].verified")));
	cr_expect(json_is_null(json_path(box.json, "owners[1].status")));
	cr_assert_eq(box_json(&box, "subject", "delete", "own-2", NULL), 0, "%s", box.last.out);
	cr_expect(json_is_string(json_path(box.json, "deleted_at")));
	cr_expect(is_verified());
	cr_assert_eq(box_json(&box, "subject", "list", "--merchant", "atelio", "--limit", "1", NULL), 0);
	MEMBER("data[0].uid", "biz");
	MEMBER("next", "atelio/biz");
	cr_assert_eq(box_json(&box, "subject", "list", "--merchant", "atelio", "--after", "atelio/biz", NULL), 0);
	MEMBER("data[0].uid", "own-1");
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 1, "the deleted one is left out");
	cr_assert_eq(box_json(&box, "subject", "list", "--deleted", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 3);
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
	cr_assert_eq(box_run(&box, "duplicate", "dismiss", "KYC-1", "KYC-2", "--reason", "one user, two workflows",
			     NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "KYC-1", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "reject", "KYC-2", "--reason", "sanctions_match", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "alert", "list", NULL), 0);
	MEMBER("data[0].external_ref", "KYC-2");
	MEMBER("data[0].kind", "restricted_rejection");
	MEMBER("data[0].subject", "jo");
	cr_assert_eq(box_json(&box, "show", "KYC-2", NULL), 0);
	MEMBER("alerts[0].kind", "restricted_rejection");
	cr_assert_eq(box_run(&box, "show", "KYC-2", NULL), 0);
	cr_expect(strstr(box.last.out, "for a lead since"), "%s", box.last.out);
	cr_assert_eq(box_run(&box, "alert", "list", NULL), 0);
	cr_expect(strstr(box.last.out, "KYC-2"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "subject", "show", "jo", NULL), 0);
	cr_expect(json_is_false(json_path(box.json, "verified")), "a rejection came after the approval");
	cr_assert_eq(box_run(&box, "alert", "list", "--as", "vera", NULL), 0);
	cr_assert_eq(box_run(&box, "reviewer", "add", "rick", "--role", "reviewer", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "alert", "close", "KYC-2", "--reason", "known to legal", "--as", "rick", NULL),
		     7);
	cr_assert_eq(box_run(&box, "alert", "close", "KYC-2", "--reason", "known to legal", NULL), 0, "%s",
		     box.last.err);
	cr_assert_eq(box_json(&box, "show", "KYC-2", NULL), 0);
	cr_expect_not(json_path(box.json, "alerts"));
}
