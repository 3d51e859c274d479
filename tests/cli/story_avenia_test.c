/* seed avenia-kyb-level-1: documents in two phases, owners, submission, attempts. */
#include "merchant.h"

#include <stdlib.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	box_write_files(&box);
	box_write(&box, "id.jpg", "\xff\xd8\xff\xe0 JFIF front of an identity card \xff\xd9");
	box_write(&box, "back.jpg", "\xff\xd8\xff\xe0 JFIF back of an identity card \xff\xd9");
	merchant_open(&shop, &box, "shop");
}
TestSuite(story_avenia, .init = set_up, .fini = shop_tear_down);

/* Step 1: the sub-account of type COMPANY. */
static void open_account(void)
{
	cr_assert_eq(box_run(&box, "session", "open", "avenia-kyb-level-1", "--merchant", "shop", "--ref", "acme",
			     "--subject-kind", "business", "--uid", "a3f2c891", "--name",
			     "ACME Solucoes Digitais Ltda", "--for", "merchant", NULL),
		     0, "%s", box.last.err);
}

/* Steps 3 and 4, with the seed's fields. The tax numbers are the seed's with check digits that are right. */
static const char owner[] =
	"{\"countryOfTaxId\":\"BRA\",\"uploadedIdentificationId\":\"$1\",\"documentCountry\":\"BRA\","
	"\"streetLine1\":\"RUA AURORA 456 APTO 12\",\"city\":\"SAO PAULO\",\"state\":\"SP\","
	"\"zipCode\":\"01209-001\",\"country\":\"BRA\"}";
static const char company[] =
	"{\"uboIds\":[\"$3\"],\"companyLegalName\":\"ACME Solucoes Digitais Ltda\","
	"\"companyRegistrationNumber\":\"42731085000128\",\"taxIdentificationNumberTin\":\"42.731.085/0001-28\","
	"\"businessActivityDescription\":\"Custom software development and IT consulting services.\","
	"\"website\":\"https://www.nexoradigital.com.br\",\"reasonForAccountOpening\":"
	"\"receive_payments_for_goods_and_services\",\"sourceOfFundsAndIncome\":\"sales_of_goods_and_services\","
	"\"numberOfEmployees\":\"1-10\",\"estimatedAnnualRevenueUsd\":\"less_than_100k\","
	"\"estimatedMonthlyVolumeUsd\":\"2000\",\"countryTaxResidence\":\"BRA\",\"countrySubdivisionTaxResidence\":"
	"\"BR-SP\",\"companyStreetLine1\":\"AV PAULISTA 1000 CONJ "
	"204\",\"companyStreetLine2\":\"\",\"companyCity\":"
	"\"SAO PAULO\",\"companyState\":\"SP\",\"companyZipCode\":\"01310-100\",\"companyCountry\":\"Brazil\","
	"\"certificateOfIncorporationDocumentId\":\"$1\",\"taxIdentificationDocumentId\":\"$2\","
	"\"sandboxReject\":$4}";

struct documents {
	char *certificate, *tax, *identity;
};

static char *recorded(const char *type, const char *option)
{
	cr_assert_eq(box_json(&box, "document", "add", "acme", type, "--for", "client", option, NULL), 0, "%s",
		     box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "upload"), "waiting");
	return kept(&box, "id");
}

static char *upload(const char *type, const char *file)
{
	char *id = recorded(type, NULL);
	cr_assert_eq(box_json(&box, "document", "add", "acme", type, file, "--for", "client", NULL), 0, "%s",
		     box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "upload"), "ready");
	cr_expect_str_eq(json_path_text(box.json, "id"), id, "the bytes are those of the record");
	return id;
}

static void upload_side(const char *id, const char *file, const char *side, const char *then)
{
	cr_assert_eq(box_json(&box, "document", "add", "acme", "ID", file, "--side", side, "--for", "client", NULL),
		     0, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "id"), id, "both sides are of one record");
	cr_expect_str_eq(json_path_text(box.json, "upload"), then);
}

/* isDoubleSided: one id, and ready once both sides are processed. */
static char *upload_identity(void)
{
	char *id = recorded("ID", "--double-sided");
	cr_expect_eq(box_json(&box, "document", "add", "acme", "ID", "id.jpg", "--for", "client", NULL), 9, "%s",
		     box.last.out);
	upload_side(id, "id.jpg", "front", "waiting");
	cr_expect_str_eq(json_path_text(box.json, "sides[0].upload"), "ready");
	cr_expect_str_eq(json_path_text(box.json, "sides[1].upload"), "waiting");
	upload_side(id, "back.jpg", "back", "ready");
	cr_expect_str_eq(json_path_text(box.json, "sides[1].file_name"), "back.jpg");
	return id;
}

static struct documents upload_all(void)
{
	struct documents documents = { .certificate = upload("CERTIFICATE-OF-INCORPORATION", "a.pdf"),
				       .tax = upload("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "a.pdf"),
				       .identity = upload_identity() };
	return documents;
}

static void save_company(const struct documents *documents, const char *ubo, const char *reject)
{
	char *fields = filled(company, documents->certificate, documents->tax, ubo, reject, NULL);
	box_write(&box, "company.json", fields);
	cr_assert_eq(box_run(&box, "step", "save", "acme", "company", "--json-fields", "company.json", "--done",
			     "--for", "client", NULL),
		     0, "%s", box.last.err);
}

/* Id of the owner. */
static char *declare(const struct documents *documents)
{
	char *fields = filled(owner, documents->identity, NULL);
	box_write(&box, "owner.json", fields);
	cr_assert_eq(box_json(&box, "party", "add", "acme", "--name", "USERS FULL NAME", "--kind", "individual",
			      "--role", "ubo", "--control-role", "CEO", "--percent", "100", "--birth", "1988-07-22",
			      "--tax-id", "11182159150", "--country", "BRA", "--json-fields", "owner.json", "--for",
			      "client", NULL),
		     0, "%s", box.last.out);
	return kept(&box, "id");
}

static void submit(const struct documents *documents, const char *reject)
{
	char *ubo = declare(documents);
	save_company(documents, ubo, reject);
	cr_assert_eq(box_run(&box, "session", "submit", "acme", "--for", "client", NULL), 0, "%s", box.last.err);
}

static void accept_all(const struct documents *documents)
{
	const char *const ids[] = { documents->certificate, documents->tax, documents->identity };
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(box_run(&box, "document", "accept", "acme", ids[i], NULL), 0, "%s", box.last.err);
}

Test(story_avenia, an_approved_attempt)
{
	open_account();
	struct documents documents = upload_all();
	merchant_expect(
		&shop,
		"{\"type\":\"document.processed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"a3f2c891\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\","
		"\"sequence\":1,\"status\":\"draft\",\"compliance_status\":\"incomplete\",\"document\":{\"id\":"
		"\"ID\",\"documentType\":\"CERTIFICATE-OF-INCORPORATION\",\"uploadStatusFront\":\"PROCESSED\","
		"\"ready\":true},\"custom_tags\":{}}}",
		"{\"type\":\"document.processed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"a3f2c891\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\","
		"\"sequence\":2,\"status\":\"active\",\"compliance_status\":\"pending\",\"document\":{\"id\":"
		"\"ID\",\"documentType\":\"COMPANY-TAX-IDENTIFICATION-DOCUMENT\",\"uploadStatusFront\":"
		"\"PROCESSED\",\"ready\":true},\"custom_tags\":{}}}",
		"{\"type\":\"document.processed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"a3f2c891\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\","
		"\"sequence\":3,\"status\":\"active\",\"compliance_status\":\"pending\",\"document\":{\"id\":"
		"\"ID\",\"documentType\":\"ID\",\"uploadStatusFront\":\"PROCESSED\",\"uploadStatusBack\":"
		"\"PROCESSED\",\"ready\":true},"
		"\"custom_tags\":{}}}",
		NULL);
	submit(&documents, "false");
	cr_assert_eq(box_json(&box, "validate", "acme", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_array_size(json_path(box.json, "validation.failures")), 0, "%s", box.last.out);
	cr_assert_eq(box_json(&box, "approve", "acme", NULL), 4);
	cr_expect(has_blocker(&box, "document_not_accepted"), "%s", box.last.out);
	cr_expect(has_blocker(&box, "party_not_verified"), "its identification verifies an owner");
	accept_all(&documents);
	cr_assert_eq(box_run(&box, "approve", "acme", "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"kyb.attempt.completed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"a3f2c891\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\","
		"\"sequence\":4,\"status\":\"approved\",\"compliance_status\":\"approved\",\"attempt\":{\"id\":"
		"\"ID\",\"levelName\":\"kyb-level-1\",\"status\":\"COMPLETED\",\"result\":\"APPROVED\","
		"\"resultMessage\":\"\",\"retryable\":false,\"createdAt\":\"TIME\",\"updatedAt\":\"TIME\"},"
		"\"custom_tags\":{}}}",
		NULL);
}

Test(story_avenia, an_owner_is_verified_by_a_document_and_the_list_says_so)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	cr_assert_eq(box_run(&box, "party", "list", "acme", NULL), 0);
	cr_expect(strstr(box.last.out, "document open"), "%s", box.last.out);
	accept_all(&documents);
	cr_assert_eq(box_run(&box, "party", "list", "acme", NULL), 0);
	cr_expect(!strstr(box.last.out, "document open") && strstr(box.last.out, " verified\n"), "%s",
		  box.last.out);
}

Test(story_avenia, a_company_document_is_a_pdf_and_has_one_side)
{
	open_account();
	cr_expect_eq(box_json(&box, "document", "add", "acme", "CERTIFICATE-OF-INCORPORATION", "id.jpg", NULL), 9,
		     "%s", box.last.out);
	cr_expect_eq(box_json(&box, "document", "add", "acme", "ID", "a.pdf", NULL), 9, "%s", box.last.out);
	cr_expect_eq(box_json(&box, "document", "add", "acme", "CERTIFICATE-OF-INCORPORATION", "a.pdf", "--side",
			      "back", NULL),
		     9, "%s", box.last.out);
}

Test(story_avenia, a_front_without_its_back_is_not_enough)
{
	open_account();
	struct documents documents = { .certificate = upload("CERTIFICATE-OF-INCORPORATION", "a.pdf"),
				       .tax = upload("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "a.pdf"),
				       .identity = recorded("ID", "--double-sided") };
	upload_side(documents.identity, "id.jpg", "front", "waiting");
	cr_expect_eq(box_json(&box, "document", "accept", "acme", documents.identity, NULL), 4, "%s", box.last.out);
	cr_assert_eq(box_json(&box, "approve", "acme", NULL), 4);
	cr_expect(has_blocker(&box, "document_missing"), "%s", box.last.out);
	cr_expect(strstr(box.last.out, "(back) is missing"), "%s", box.last.out);
}

Test(story_avenia, both_sides_of_a_document_are_reviewed_and_brought_again_as_one)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	cr_assert_eq(
		box_run(&box, "document", "save", "acme", documents.identity, "--side", "back", "-o", "-", NULL), 0,
		"%s", box.last.err);
	cr_expect_str_eq(box.last.out, "\xff\xd8\xff\xe0 JFIF back of an identity card \xff\xd9");
	cr_assert_eq(box_run(&box, "document", "reject", "acme", documents.identity, "--reason", "blurry", NULL), 0,
		     "%s", box.last.err);
	cr_assert_eq(box_json(&box, "document", "add", "acme", "ID", "back.jpg", "--side", "back", NULL), 0, "%s",
		     box.last.out);
	char *again = kept(&box, "id");
	cr_expect_str_neq(again, documents.identity);
	cr_expect_str_eq(json_path_text(box.json, "upload"), "waiting", "the front has to come again, too");
	cr_assert_eq(box_json(&box, "document", "add", "acme", "ID", "id.jpg", "--side", "front", NULL), 0, "%s",
		     box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "id"), again);
	cr_expect_str_eq(json_path_text(box.json, "upload"), "ready");
	cr_assert_eq(box_json(&box, "document", "list", "acme", NULL), 0);
	cr_expect_eq(json_array_size(json_path(box.json, "data")), 4, "%s", box.last.out);
}

Test(story_avenia, a_replaced_document_can_be_approved)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	cr_assert_eq(box_run(&box, "document", "reject", "acme", documents.certificate, "--reason", "blurry", NULL),
		     0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "corrections", "acme", "--from-rejected", "--grace", "0", NULL), 0, "%s",
		     box.last.err);
	cr_expect_eq(box_json(&box, "correction", "hand-in", "acme", "--for", "client", NULL), 4, "%s",
		     box.last.out);
	box_write(&box, "again.pdf", "%PDF-1.4\nread me\n%%EOF\n");
	cr_assert_eq(box_json(&box, "document", "add", "acme", "CERTIFICATE-OF-INCORPORATION", "again.pdf", "--for",
			      "client", NULL),
		     0, "%s", box.last.out);
	char *again = kept(&box, "id");
	cr_assert_eq(box_json(&box, "correction", "hand-in", "acme", "--for", "client", NULL), 0, "%s",
		     box.last.out);
	char *correction = kept(&box, "corrections[0].id");
	cr_assert_eq(box_json(&box, "validate", "acme", NULL), 0, "%s", box.last.out);
	cr_expect_eq(json_array_size(json_path(box.json, "validation.failures")), 0,
		     "the field names the file that took the place: %s", box.last.out);
	documents.certificate = again;
	accept_all(&documents);
	cr_assert_eq(box_run(&box, "corrections", "acme", "--accept", correction, NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "acme", "--grace", "0", NULL), 0, "%s", box.last.err);
}

static const char rejected_in_sandbox[] =
	"{\"type\":\"kyb.attempt.completed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\",\"uid\":"
	"\"a3f2c891\","
	"\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\",\"sequence\":4,\"status\":\"rejected\","
	"\"compliance_status\":\"rejected\",\"reason\":\"other\",\"retryable\":true,\"attempt\":{\"id\":\"ID\","
	"\"levelName\":\"kyb-level-1\",\"status\":\"COMPLETED\",\"result\":\"REJECTED\",\"resultMessage\":"
	"\"Rejected in the sandbox, as sandboxReject "
	"asks.\",\"retryable\":true,\"createdAt\":\"TIME\",\"updatedAt\":\"TIME\"},"
	"\"custom_tags\":{}}}";

Test(story_avenia, sandbox_reject_ends_an_attempt_at_once_and_the_next_one_is_approved)
{
	open_account();
	struct documents documents = upload_all();
	cr_assert_eq(box_json(&box, "webhook", "deliver", "--drain", NULL), 0);
	shop.seen = receiver_count(shop.receiver);
	submit(&documents, "true");
	cr_assert_eq(box_json(&box, "show", "acme", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "rejected");
	cr_expect_str_eq(json_path_text(box.json, "decisions[0].by"), "sandbox");
	merchant_expect(&shop, rejected_in_sandbox, NULL);

	/* "If REJECTED and retryable is true, fix the data and resubmit Step 4." */
	cr_assert_eq(box_json(&box, "show", "acme", NULL), 0);
	char *ubo = kept(&box, "parties[0].id");
	save_company(&documents, ubo, "false");
	cr_assert_eq(box_run(&box, "session", "resubmit", "acme", "--for", "client", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_json(&box, "show", "acme", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	cr_expect_eq(json_array_size(json_path(box.json, "attempts")), 2);
	accept_all(&documents);
	cr_assert_eq(box_run(&box, "approve", "acme", "--grace", "0", NULL), 0, "%s", box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"kyb.attempt.completed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"a3f2c891\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\","
		"\"sequence\":5,\"status\":\"approved\",\"compliance_status\":\"approved\",\"attempt\":{\"id\":"
		"\"ID\",\"levelName\":\"kyb-level-1\",\"status\":\"COMPLETED\",\"result\":\"APPROVED\","
		"\"resultMessage\":\"\",\"retryable\":false,\"createdAt\":\"TIME\",\"updatedAt\":\"TIME\"},"
		"\"custom_tags\":{}}}",
		NULL);
}

Test(story_avenia, what_a_restricted_reason_says_outside_says_nothing)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	cr_assert_eq(box_json(&box, "webhook", "deliver", "--drain", NULL), 0);
	shop.seen = receiver_count(shop.receiver);
	cr_assert_eq(box_run(&box, "reject", "acme", "--reason", "sanctions_match", "--grace", "0", NULL), 0, "%s",
		     box.last.err);
	merchant_expect(
		&shop,
		"{\"type\":\"kyb.attempt.completed\",\"timestamp\":\"TIME\",\"data\":{\"kind\":\"kyb\","
		"\"uid\":\"a3f2c891\",\"session_id\":\"ID\",\"kyb_id\":1,\"external_ref\":\"acme\","
		"\"sequence\":4,\"status\":\"rejected\",\"compliance_status\":\"rejected\",\"reason\":\"other\","
		"\"retryable\":false,\"attempt\":{\"id\":\"ID\",\"levelName\":\"kyb-level-1\",\"status\":"
		"\"COMPLETED\",\"result\":\"REJECTED\",\"resultMessage\":\"We cannot accept your "
		"application as it stands.\",\"retryable\":false,\"createdAt\":\"TIME\",\"updatedAt\":\"TIME\"},"
		"\"custom_tags\":{}}}",
		NULL);
}
