/* The attacks by name in the dialect of Avenia: documents come in two phases, and one identifies an owner. */
#include "attack.h"
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "ACME SOLUCOES DIGITAIS LTDA"

static char *account, *session;

static void set_up(void)
{
	attack_open();
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"" NAME "\"}", "/v2/account/sub-accounts");
	account = api_keep(&api, "id");
	DONE_JSON("list");
	session = test_keep(strdup(json_path_text(api.box.json, "data[0].id")));
}
TestSuite(api_attack_avenia, .init = set_up, .fini = api_tear_down);

static int put(const char *url, const char *type, const void *bytes, size_t length)
{
	return document_put(&api, url, &(const struct document){ type, bytes, length }, false);
}

#define CERTIFICATE "CERTIFICATE-OF-INCORPORATION"
#define TAX "COMPANY-TAX-IDENTIFICATION-DOCUMENT"

static char *apply_document(const char *type)
{
	char *url, *id = document_record(&api, account, type, false, &url);

	cr_assert_eq(put(url, "application/pdf", pdf_bytes, pdf_length()), 204, "%s", api.last.body);
	return id;
}

static char *bring_identity(bool two)
{
	char *url, *id = document_record(&api, account, "ID", two, &url);

	cr_assert_eq(put(url, "image/jpeg", jpeg_bytes, jpeg_length()), 204, "%s", api.last.body);
	return id;
}

/* An owner with this identification, and this second line of the street. */
struct person {
	const char *name, *tax, *percent;
};
#define OWNER(name, tax, percent) (&(const struct person){ name, tax, percent })
#define ANA OWNER("Ana Luz", "11182159150", "100")
#define HALF_ANA OWNER("Ana Luz", "11182159150", "50")
#define RUI OWNER("Rui Sol", "52998224725", "50")

static int declare(const struct person *who, const char *identification, const char *note)
{
	char *body = test_text("{\"fullName\":\"%s\",\"dateOfBirth\":\"1988-07-22\",\"countryOfTaxId\":\"BRA\","
			       "\"taxIdNumber\":\"%s\",\"percentageOfOwnership\":\"%s\",\"hasControl\":\"CEO\","
			       "\"uploadedIdentificationId\":\"%s\",\"documentCountry\":\"BRA\",\"streetLine1\":"
			       "\"RUA AURORA 456\",\"streetLine2\":\"%s\",\"city\":\"SAO PAULO\",\"state\":\"SP\","
			       "\"zipCode\":\"01209-001\",\"country\":\"BRA\"}",
			       who->name, who->tax, who->percent, identification, note);
	return api_callf(&api, "POST", body, "/v2/account/ubos?subAccountId=%s", account);
}

/* The company's data as a request body. */
static char *company_body(const char *name, const char *owners, const char *certificate, const char *tax)
{
	char *out =
		test_text("{\"uboIds\":[%s],\"companyLegalName\":\"%s\",\"companyRegistrationNumber\":"
			  "\"42731085000128\","
			  "\"taxIdentificationNumberTin\":\"42.731.085/0001-28\",\"businessActivityDescription\":"
			  "\"Custom software development and IT consulting services for financial institutions.\","
			  "\"website\":\"https://www.nexoradigital.com.br\",\"socialMedia\":"
			  "\"https://linkedin.com/company/nexoradigital\",\"reasonForAccountOpening\":"
			  "\"receive_payments_for_goods_and_services\",\"sourceOfFundsAndIncome\":"
			  "\"sales_of_goods_and_services\",\"numberOfEmployees\":\"1-10\","
			  "\"estimatedAnnualRevenueUsd\":\"less_than_100k\",\"estimatedMonthlyVolumeUsd\":\"2000\","
			  "\"countryTaxResidence\":\"BRA\",\"countrySubdivisionTaxResidence\":\"BR-SP\","
			  "\"companyStreetLine1\":\"AV PAULISTA 1000 CONJ 204\",\"companyCity\":\"SAO PAULO\","
			  "\"companyState\":\"SP\",\"companyZipCode\":\"01310-100\",\"companyCountry\":\"Brazil\","
			  "\"certificateOfIncorporationDocumentId\":\"%s\",\"taxIdentificationDocumentId\":\"%s\"}",
			  owners, name, certificate, tax);
	return out;
}

struct documents {
	char *certificate, *tax;
};

static void accept(const char *document)
{
	DONE("document", "accept", session, document, "--as", "rita");
}

/* All owners that there are, named in the body. */
static int submit(const struct documents *documents, const char *name, size_t owners)
{
	char list[200] = "", *body;

	NEED(200, "GET", NULL, "/v2/account/ubos?subAccountId=%s", account);
	for (size_t i = 0; i < owners; i++) {
		char path[40];

		(void)snprintf(path, sizeof path, "ubos[%zu].id", i);
		(void)snprintf(list + strlen(list), sizeof list - strlen(list), "%s\"%s\"", i ? "," : "",
			       reply_text(&api.last, path));
	}
	body = company_body(name, list, documents->certificate, documents->tax);
	return api_callf(&api, "POST", body, "/v2/kyc/new-level-1/api?subAccountId=%s", account);
}

static void open_documents(struct documents *documents)
{
	documents->certificate = apply_document(CERTIFICATE);
	documents->tax = apply_document(TAX);
}

static void review(const struct documents *documents)
{
	accept(documents->certificate);
	accept(documents->tax);
}

Test(api_attack_avenia, without_one_it_is_approved)
{
	struct documents documents;
	char *identity = bring_identity(false);

	open_documents(&documents);
	cr_assert_eq(declare(ANA, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(submit(&documents, NAME, 1), 201, "%s", api.last.body);
	review(&documents);
	accept(identity);
	ASK(200, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", session);
}

/* Rejected as something to put right, it comes back as another company, under the documents that were accepted. */
Test(api_attack_avenia, company_renamed_after_acceptance)
{
	struct documents documents;
	char *identity = bring_identity(false);

	open_documents(&documents);
	cr_assert_eq(declare(ANA, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(submit(&documents, NAME, 1), 201, "%s", api.last.body);
	review(&documents);
	accept(identity);
	cr_expect_eq(submit(&documents, "HARBOR HOLDINGS SA", 1), 409, "%s", api.last.body);
	DONE("reject", session, "--reason", "data_mismatch", "--retryable", "--grace", "0", "--as", "rita");
	cr_assert_eq(submit(&documents, "HARBOR HOLDINGS SA", 1), 201, "%s", api.last.body);
	attack_no_approval(session, (struct refusal){ "basis_changed", "HARBOR HOLDINGS SA" });
}

Test(api_attack_avenia, owner_left_out_and_replaced)
{
	struct documents documents;
	char *identity = bring_identity(false), *other = bring_identity(false);

	open_documents(&documents);
	cr_assert_eq(declare(HALF_ANA, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(declare(RUI, other, ""), 201, "%s", api.last.body);
	cr_expect_eq(submit(&documents, NAME, 1), 400, "%s", api.last.body);
	ANSWERS("error.fields[0].field: uboIds");
	cr_assert_eq(submit(&documents, NAME, 2), 201, "%s", api.last.body);
	review(&documents);
	accept(identity);
	accept(other);
	/* After submission a third person cannot replace either of the two. */
	cr_expect_eq(declare(OWNER("Eva Mar", "39053344705", "50"), identity, ""), 409, "%s", api.last.body);
}

Test(api_attack_avenia, one_identification_for_two)
{
	struct documents documents;
	char *identity = bring_identity(false);

	open_documents(&documents);
	cr_assert_eq(declare(HALF_ANA, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(declare(RUI, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(submit(&documents, NAME, 2), 201, "%s", api.last.body);
	review(&documents);
	accept(identity);
	attack_no_approval(session, (struct refusal){ "party_not_verified", "Ana Luz" });
	attack_no_approval(session, (struct refusal){ "party_not_verified", "Rui Sol" });
}

/* Only the front of a two-sided document was uploaded. */
Test(api_attack_avenia, half_an_identification)
{
	char *identity = bring_identity(true);

	cr_expect_eq(declare(ANA, identity, ""), 400, "%s", api.last.body);
	ANSWERS("error.fields[0].field: uploadedIdentificationId");
	ENDS(4, "document", "accept", session, identity, "--as", "rita");
}

/* One owner's identification is also the company's document; the other owner's is a line of the street. */
Test(api_attack_avenia, id_in_a_free_text)
{
	struct documents documents;
	char *identity = bring_identity(false), *other = bring_identity(false);

	open_documents(&documents);
	cr_expect_eq(declare(ANA, documents.certificate, identity), 400, "%s", api.last.body);
	cr_expect_eq(declare(ANA, "", identity), 400, "%s", api.last.body);
	cr_assert_eq(declare(ANA, other, identity), 201, "%s", api.last.body);
	cr_assert_eq(submit(&documents, NAME, 1), 201, "%s", api.last.body);
	review(&documents);
	accept(identity);
	DONE("document", "reject", session, other, "--reason", "blurry", "--as", "rita");
	attack_no_approval(session, (struct refusal){ "party_not_verified", "Ana Luz" });
}

/* New bytes to the address of an accepted document: the submitted file is frozen. */
Test(api_attack_avenia, second_file_in_the_place_of_an_accepted_one)
{
	struct documents documents;
	char *identity = bring_identity(false), *url;

	documents.certificate = document_record(&api, account, CERTIFICATE, false, &url);
	documents.tax = apply_document(TAX);
	cr_assert_eq(put(url, "application/pdf", pdf_bytes, pdf_length()), 204, "%s", api.last.body);
	cr_assert_eq(declare(ANA, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(submit(&documents, NAME, 1), 201, "%s", api.last.body);
	review(&documents);
	accept(identity);
	cr_expect_eq(put(url, "application/pdf", "%PDF-1.4\n%%EOF\n", 15), 409, "%s", api.last.body);
}

/* Before another attempt an owner with a rejected identification leaves, or owns less. */
Test(api_attack_avenia, owner_removed_or_lowered_after_rejection)
{
	struct documents documents;
	char *identity = bring_identity(false), *other = bring_identity(false);

	open_documents(&documents);
	cr_assert_eq(declare(HALF_ANA, identity, ""), 201, "%s", api.last.body);
	cr_assert_eq(declare(RUI, other, ""), 201, "%s", api.last.body);
	char *rui = api_keep(&api, "id");
	cr_assert_eq(submit(&documents, NAME, 2), 201, "%s", api.last.body);
	ASK(409, "PATCH", "{\"percentageOfOwnership\":\"5\"}", "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	ASK(409, "DELETE", NULL, "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	review(&documents);
	accept(identity);
	DONE("document", "reject", session, other, "--reason", "blurry", "--as", "rita");
	DONE("reject", session, "--reason", "data_mismatch", "--retryable", "--grace", "0", "--as", "rita");
	ASK(200, "PATCH", "{\"percentageOfOwnership\":\"5\"}", "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	cr_assert_eq(submit(&documents, NAME, 2), 201, "%s", api.last.body);
	attack_no_approval(session, (struct refusal){ "ownership_gap", NULL });
	DONE("reject", session, "--reason", "data_mismatch", "--retryable", "--grace", "0", "--as", "rita");
	ASK(204, "DELETE", NULL, "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	cr_assert_eq(submit(&documents, NAME, 1), 201, "%s", api.last.body);
	attack_no_approval(session, (struct refusal){ "ownership_gap", NULL });
}
