/* seed ralio-kyb-session, step by step: from the empty store to a user at REGULAR, by command alone. */
#include "expect.h"
#include "merchant.h"

#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	box_write_files(&box);
	merchant_open(&shop, &box, "northwind-pay");
}
TestSuite(story_ralio_kyb, .init = set_up, .fini = shop_tear_down);

static const char session[] =
	"{\"external_ref\":\"$1\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"northwind-pay\","
	"\"status\":\"$2\",\"custom_tags\":{\"region\":\"emea\"},\"subject\":{\"uid\":\"biz-$1\",\"kind\":"
	"\"business\","
	"\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GBR\",\"registration_number\":\"0948$1\"}$3}\n";

static void bring(const char *reference, const char *status, const char *more)
{
	char *line = filled(session, reference, status, more, NULL);
	box_import(&box, line);
}

static const char *const mandatory[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					 "DIRECTORS_SHAREHOLDERS_REG" };

/* Steps 1 to 3: opens a session, uploads its documents and submits it, which needs every mandatory document. */
static void upload_and_submit(const char *reference)
{
	char *uid = filled("biz-$1", reference, NULL);
	GIVES(("session", "open", "ralio-kyb", "--merchant", "northwind-pay", "--ref", reference, "--subject-kind",
	       "business", "--uid", uid, "--name", "Harbour Lane Trading Ltd", "--country", "GBR", "--registration",
	       reference, "--tags", "{\"region\":\"emea\"}", "--for", "merchant"),
	      "status: draft");
	cr_expect(*json_path_text(box.json, "access_link"), "%s", box.last.out);
	for (size_t i = 0; i < 4; i++) {
		BLOCKS(("session", "submit", reference, "--for", "client"), "document_missing");
		DONE("document", "add", reference, mandatory[i], "a.pdf", "--for", "client");
	}
	GIVES(("session", "submit", reference, "--for", "client"), "status: manual_review");
}

Test(story_ralio_kyb, from_a_session_to_the_regular_level)
{
	upload_and_submit("2031");
	GIVES(("show", "2031"), "compliance_status: manual_review");
	SHOWS("subject.kyb_id = 1"); /* kybId in the seed: an integer, which belongs to the business user */
	SHOWS("subject.level: LIGHT");
	merchant_expect_nothing(&shop);

	/* Step 3: "No more documents can be uploaded to the session." */
	ENDS_JSON(4, "document", "add", "2031", "OTHER", "a.pdf", "--for", "client");
	ENDS_JSON(4, "document", "add", "2031", "BUSINESS_NUMBER", "a.pdf");
	ENDS_JSON(4, "document", "delete", "2031", "BUSINESS_NUMBER", "--for", "client");
	ENDS_JSON(4, "session", "submit", "2031", "--for", "client"); /* irreversible */

	/* Step 4: adds a related party, which gets a KYC session. */
	DONE_JSON("party", "add", "2031", "--name", "Ines Duarte", "--kind", "individual", "--role", "ubo", "--role",
		  "director", "--control-role", "CEO", "--percent", "100", "--country", "PRT", "--birth", "1984-02-11");
	char *subsession = kept(&box, "session.id");
	SHOP_HEARS(NEWS("party.kyc_requested", "kyc", "ID", "'parent_id':'ID','sequence':1", "draft", "incomplete",
			"'custom_tags':{},'parent_custom_tags':{'region':'emea'}"));

	/* Step 5: the KYB session can be approved only if its documents are accepted and its parties verified. */
	for (size_t i = 0; i < 4; i++)
		DONE("document", "accept", "2031", mandatory[i]);
	BLOCKS(("approve", "2031"), "party_not_verified");
	DONE("approve", subsession, "--grace", "0");
	SHOP_HEARS(NEWS("kyc.session_verified", "kyc", "ID", "'parent_id':'ID','sequence':2", "approved", "approved",
			"'custom_tags':{},'parent_custom_tags':{'region':'emea'}"));

	/* Step 6: the approval raises the level from LIGHT to REGULAR and notifies the merchant. */
	DONE("approve", "2031", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.state_updated", "kyb", "biz-2031",
			"'kyb_id':1,'external_ref':'2031','sequence':1,'previous_level':'LIGHT','level':'REGULAR'",
			"approved", "approved", "'custom_tags':{'region':'emea'}"));
	GIVES(("show", "2031"), "subject.level: REGULAR");
	DONE("audit", "verify");
}

Test(story_ralio_kyb, a_rejected_document_is_asked_for_again_and_comes_back)
{
	upload_and_submit("2032");
	DONE("document", "reject", "2032", "BUSINESS_NUMBER", "--reason", "blurry");
	GIVES(("corrections", "2032", "--from-rejected", "--grace", "0"), "corrections[0].step_id: company_info",
	      "corrections[0].document_types[0]: BUSINESS_NUMBER");
	cr_expect(strstr(json_path_text(box.json, "corrections[0].message"), "Business number: "), "%s", box.last.out);
	SHOWS("corrections[0].before.documents[0].file_name: a.pdf");
	SHOP_HEARS(NEWS("session.corrections_requested", "kyb", "biz-2032",
			"'kyb_id':1,'external_ref':'2032','sequence':1", "awaiting_client_correction", "remediation",
			"'step_ids':['company_info'],'document_ids':['ID'],'custom_tags':{'region':'emea'}"));

	box_write(&box, "again.pdf", "%PDF-1.4\nread me\n%%EOF\n");
	BLOCKS(("correction", "hand-in", "2032", "--for", "client"), "correction_open");
	DONE("document", "add", "2032", "BUSINESS_NUMBER", "again.pdf", "--for", "client");
	DONE("correction", "hand-in", "2032", "--for", "client");
	GIVES(("show", "2032", "--reveal"), "returned = true", "corrections[0].state: answered",
	      "corrections[0].before.documents[0].file_name: a.pdf",
	      "corrections[0].after.documents[0].file_name: again.pdf");
	TELLS(("show", "2032", "--reveal"), "BUSINESS_NUMBER: a.pdf", "again.pdf");
}

Test(story_ralio_kyb, a_rejection_names_the_reason_that_may_be_told)
{
	upload_and_submit("2033");
	upload_and_submit("2034");
	DONE("reject", "2033", "--reason", "company_not_active", "--note", "explained in full", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.session_failed", "kyb", "biz-2033", "'kyb_id':1,'external_ref':'2033','sequence':1",
			"rejected", "rejected",
			"'reason':'company_not_active','retryable':true,'custom_tags':{'region':'emea'}"));
	DONE("reject", "2034", "--reason", "suspected_fraud", "--grace", "0");
	SHOP_HEARS(NEWS("kyc.session_failed", "kyb", "biz-2034", "'kyb_id':2,'external_ref':'2034','sequence':1",
			"rejected", "rejected", "'reason':'other','retryable':false,'custom_tags':{'region':'emea'}"));
}

Test(story_ralio_kyb, a_session_whose_time_is_over_expires_and_is_brought_back)
{
	bring("2035", "active", ",\"expires_at\":\"2020-01-01T00:00:00Z\"");
	SHOP_HEARS(NEWS("kyc.session_expired", "kyb", "biz-2035", "'kyb_id':1,'external_ref':'2035','sequence':1",
			"expired", "incomplete", "'custom_tags':{'region':'emea'}"));
	GIVES(("show", "2035"), "status: expired");
	GIVES(("reactivate", "2035"), "status: active");
}

Test(story_ralio_kyb, a_reopened_approval_lowers_the_level_and_says_so)
{
	upload_and_submit("2036");
	DONE_JSON("party", "add", "2036", "--name", "Ines Duarte", "--kind", "individual", "--role", "ubo",
		  "--control-role", "CEO", "--percent", "100");
	box_clear(&box, "2036");
	DONE("approve", "2036", "--grace", "0");
	DONE_JSON("webhook", "deliver", "--drain");
	shop.seen = receiver_count(shop.receiver);
	DONE("reopen", "2036", "--reason", "the register has changed");
	SHOP_HEARS(NEWS("kyc.state_updated", "kyb", "biz-2036",
			"'kyb_id':1,'external_ref':'2036','sequence':2,'previous_level':'REGULAR','level':'LIGHT'",
			"manual_review", "manual_review", "'custom_tags':{'region':'emea'}"));
}
