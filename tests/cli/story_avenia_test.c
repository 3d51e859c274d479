/* seed avenia-kyb-level-1: documents in two phases, owners, submission, attempts. */
#include "merchant.h"
#include "expect.h"

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

/* Step 1 of the seed: opens the sub-account of type COMPANY. */
static void open_account(void)
{
	DONE("session", "open", "avenia-kyb-level-1", "--merchant", "shop", "--ref", "acme", "--subject-kind",
	     "business", "--uid", "a3f2c891", "--name", "ACME Solucoes Digitais Ltda", "--for", "merchant");
}

/* Steps 3 and 4 of the seed, with its fields. The tax numbers are the seed's, with corrected check digits. */
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
	GIVES(("document", "add", "acme", type, "--for", "client", option), "upload: waiting");
	return kept(&box, "id");
}

static char *upload(const char *type, const char *file)
{
	char *id = recorded(type, NULL);
	GIVES(("document", "add", "acme", type, file, "--for", "client"), "upload: ready");
	SHOWS(test_text("id: %s", id)); /* the bytes belong to the existing record */
	return id;
}

static void upload_side(const char *id, const char *file, const char *side, const char *then)
{
	GIVES(("document", "add", "acme", "ID", file, "--side", side, "--for", "client"),
	      test_text("id: %s", id)); /* both sides belong to one record */
	SHOWS(test_text("upload: %s", then));
}

/* A document with isDoubleSided has one id, and is ready when both sides are processed. */
static char *upload_identity(void)
{
	char *id = recorded("ID", "--double-sided");
	ENDS_JSON(9, "document", "add", "acme", "ID", "id.jpg", "--for", "client");
	upload_side(id, "id.jpg", "front", "waiting");
	SHOWS("sides[0].upload: ready", "sides[1].upload: waiting");
	upload_side(id, "back.jpg", "back", "ready");
	SHOWS("sides[1].file_name: back.jpg");
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
	DONE("step", "save", "acme", "company", "--json-fields", "company.json", "--done", "--for", "client");
}

/* Declares the owner, and returns the owner's id. */
static char *declare(const struct documents *documents)
{
	char *fields = filled(owner, documents->identity, NULL);
	box_write(&box, "owner.json", fields);
	DONE_JSON("party", "add", "acme", "--name", "USERS FULL NAME", "--kind", "individual", "--role", "ubo",
		  "--control-role", "CEO", "--percent", "100", "--birth", "1988-07-22", "--tax-id", "11182159150",
		  "--country", "BRA", "--json-fields", "owner.json", "--for", "client");
	return kept(&box, "id");
}

static void submit(const struct documents *documents, const char *reject)
{
	char *ubo = declare(documents);
	save_company(documents, ubo, reject);
	DONE("session", "submit", "acme", "--for", "client");
}

static void accept_all(const struct documents *documents)
{
	const char *const ids[] = { documents->certificate, documents->tax, documents->identity };
	for (size_t i = 0; i < 3; i++)
		DONE("document", "accept", "acme", ids[i]);
}

Test(story_avenia, an_approved_attempt)
{
	open_account();
	struct documents documents = upload_all();
	SHOP_HEARS(NEWS("document.processed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':1",
			"draft", "incomplete",
			"'document':{'id':'ID','documentType':'CERTIFICATE-OF-INCORPORATION',"
			"'uploadStatusFront':'PROCESSED','ready':true},'custom_tags':{}"),
		   NEWS("document.processed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':2",
			"active", "pending",
			"'document':{'id':'ID','documentType':'COMPANY-TAX-IDENTIFICATION-DOCUMENT',"
			"'uploadStatusFront':'PROCESSED','ready':true},'custom_tags':{}"),
		   NEWS("document.processed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':3",
			"active", "pending",
			"'document':{'id':'ID','documentType':'ID','uploadStatusFront':'PROCESSED',"
			"'uploadStatusBack':'PROCESSED','ready':true},'custom_tags':{}"));
	submit(&documents, "false");
	GIVES(("validate", "acme"), "validation.failures has 0");
	BLOCKS(("approve", "acme"), "document_not_accepted");
	cr_expect(has_blocker(&box, "party_not_verified"), "its identification verifies an owner");
	accept_all(&documents);
	DONE("approve", "acme", "--grace", "0");
	SHOP_HEARS(NEWS("kyb.attempt.completed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':4",
			"approved", "approved",
			"'attempt':{'id':'ID','levelName':'kyb-level-1','status':'COMPLETED',"
			"'result':'APPROVED','resultMessage':'','retryable':false,'createdAt':'TIME',"
			"'updatedAt':'TIME'},'custom_tags':{}"));
}

Test(story_avenia, an_owner_is_verified_by_a_document_and_the_list_says_so)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	TELLS(("party", "list", "acme"), "document open");
	accept_all(&documents);
	DONE("party", "list", "acme");
	PRINTS_NOT("document open");
	PRINTS(" verified\n");
}

Test(story_avenia, a_company_document_is_a_pdf_and_has_one_side)
{
	open_account();
	ENDS_JSON(9, "document", "add", "acme", "CERTIFICATE-OF-INCORPORATION", "id.jpg");
	ENDS_JSON(9, "document", "add", "acme", "ID", "a.pdf");
	ENDS_JSON(9, "document", "add", "acme", "CERTIFICATE-OF-INCORPORATION", "a.pdf", "--side", "back");
}

Test(story_avenia, a_front_without_its_back_is_not_enough)
{
	open_account();
	struct documents documents = { .certificate = upload("CERTIFICATE-OF-INCORPORATION", "a.pdf"),
				       .tax = upload("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "a.pdf"),
				       .identity = recorded("ID", "--double-sided") };
	upload_side(documents.identity, "id.jpg", "front", "waiting");
	ENDS_JSON(4, "document", "accept", "acme", documents.identity);
	BLOCKS(("approve", "acme"), "document_missing");
	PRINTS("(back) is missing");
}

Test(story_avenia, both_sides_of_a_document_are_reviewed_and_brought_again_as_one)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	DONE("document", "save", "acme", documents.identity, "--side", "back", "-o", "-");
	cr_expect_str_eq(box.last.out, "\xff\xd8\xff\xe0 JFIF back of an identity card \xff\xd9");
	DONE("document", "reject", "acme", documents.identity, "--reason", "blurry");
	DONE_JSON("document", "add", "acme", "ID", "back.jpg", "--side", "back");
	char *again = kept(&box, "id");
	cr_expect_str_neq(again, documents.identity);
	SHOWS("upload: waiting"); /* the front must be uploaded again, too */
	GIVES(("document", "add", "acme", "ID", "id.jpg", "--side", "front"), test_text("id: %s", again),
	      "upload: ready");
	GIVES(("document", "list", "acme"), "data has 4");
}

Test(story_avenia, a_replaced_document_can_be_approved)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	DONE("document", "reject", "acme", documents.certificate, "--reason", "blurry");
	DONE("corrections", "acme", "--from-rejected", "--grace", "0");
	ENDS_JSON(4, "correction", "hand-in", "acme", "--for", "client");
	box_write(&box, "again.pdf", "%PDF-1.4\nread me\n%%EOF\n");
	DONE_JSON("document", "add", "acme", "CERTIFICATE-OF-INCORPORATION", "again.pdf", "--for", "client");
	char *again = kept(&box, "id");
	DONE_JSON("correction", "hand-in", "acme", "--for", "client");
	char *correction = kept(&box, "corrections[0].id");
	DONE_JSON("validate", "acme");
	cr_expect_eq(json_array_size(json_path(box.json, "validation.failures")), 0,
		     "the field names the file that took the place: %s", box.last.out);
	documents.certificate = again;
	accept_all(&documents);
	DONE("corrections", "acme", "--accept", correction);
	DONE("approve", "acme", "--grace", "0");
}

static const char rejected_in_sandbox[] =
	NEWS("kyb.attempt.completed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':4", "rejected",
	     "rejected",
	     "'reason':'other','retryable':true,'attempt':{'id':'ID','levelName':'kyb-level-1',"
	     "'status':'COMPLETED','result':'REJECTED','resultMessage':'Rejected in the sandbox,"
	     " as sandboxReject requests.','retryable':true,'createdAt':'TIME','updatedAt':'TIME'},"
	     "'custom_tags':{}");

Test(story_avenia, sandbox_reject_ends_an_attempt_at_once_and_the_next_one_is_approved)
{
	open_account();
	struct documents documents = upload_all();
	DONE_JSON("webhook", "deliver", "--drain");
	shop.seen = receiver_count(shop.receiver);
	submit(&documents, "true");
	GIVES(("show", "acme"), "status: rejected", "decisions[0].by: sandbox");
	SHOP_HEARS(rejected_in_sandbox);

	/* Seed: "If REJECTED and retryable is true, fix the data and resubmit Step 4." */
	DONE_JSON("show", "acme");
	char *ubo = kept(&box, "parties[0].id");
	save_company(&documents, ubo, "false");
	DONE("session", "resubmit", "acme", "--for", "client");
	GIVES(("show", "acme"), "status: manual_review", "attempts has 2");
	accept_all(&documents);
	DONE("approve", "acme", "--grace", "0");
	SHOP_HEARS(NEWS("kyb.attempt.completed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':5",
			"approved", "approved",
			"'attempt':{'id':'ID','levelName':'kyb-level-1','status':'COMPLETED',"
			"'result':'APPROVED','resultMessage':'','retryable':false,'createdAt':'TIME',"
			"'updatedAt':'TIME'},'custom_tags':{}"));
}

Test(story_avenia, what_a_restricted_reason_says_outside_says_nothing)
{
	open_account();
	struct documents documents = upload_all();
	submit(&documents, "false");
	DONE_JSON("webhook", "deliver", "--drain");
	shop.seen = receiver_count(shop.receiver);
	DONE("reject", "acme", "--reason", "sanctions_match", "--note", "explained in full", "--grace", "0");
	SHOP_HEARS(NEWS("kyb.attempt.completed", "kyb", "a3f2c891", "'kyb_id':1,'external_ref':'acme','sequence':4",
			"rejected", "rejected",
			"'reason':'other','retryable':false,'attempt':{'id':'ID','levelName':'kyb-level-1',"
			"'status':'COMPLETED','result':'REJECTED',"
			"'resultMessage':'We cannot accept your application as it stands.','retryable':false,"
			"'createdAt':'TIME','updatedAt':'TIME'},'custom_tags':{}"));
}
