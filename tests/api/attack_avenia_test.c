/* Named attacks in the dialect of Avenia: a document is first a record, then a file; documents identify owners. */
#include "attack.h"
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "ACME SOLUCOES DIGITAIS LTDA"

static char *account, *session, *certificate, *certificate_url, *tax, *identity;

static int put(const char *url, const char *type, const void *bytes, size_t length)
{
	return document_put(&api, url, &(const struct document){ type, bytes, length }, false);
}

static char *bring(const char *type, char **url)
{
	char *id = document_record(&api, account, type, false, url);

	cr_assert_eq(put(*url, "application/pdf", pdf_bytes, pdf_length()), 204, "%s", api.last.body);
	return id;
}

static char *bring_identity(bool two)
{
	char *url, *id = document_record(&api, account, "ID", two, &url);

	cr_assert_eq(put(url, "image/jpeg", jpeg_bytes, jpeg_length()), 204, "%s", api.last.body);
	return id;
}

static void set_up(void)
{
	attack_set_up();
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"" NAME "\"}", "/v2/account/sub-accounts");
	account = api_keep(&api, "id");
	DONE_JSON("list");
	session = test_keep(strdup(json_path_text(api.box.json, "data[0].id")));
	certificate = bring("CERTIFICATE-OF-INCORPORATION", &certificate_url);
	tax = bring("COMPANY-TAX-IDENTIFICATION-DOCUMENT", &(char *){ NULL });
	identity = bring_identity(false);
}
TestSuite(api_attack_avenia, .init = set_up, .fini = api_tear_down);

/* An owner. declare() also takes the id of the owner's identity document, and the second line of the street. */
struct person {
	const char *name, *tax, *percent;
};
#define OWNER(name, tax, percent) (&(const struct person){ name, tax, percent })
#define ANA OWNER("Ana Luz", "11182159150", "100")
#define HALF_ANA OWNER("Ana Luz", "11182159150", "50")
#define RUI OWNER("Rui Sol", "52998224725", "50")

static int declare(const struct person *who, const char *identification, const char *note)
{
	char *body = avenia_owner(who->name, who->tax, who->percent, identification, note);
	return api_callf(&api, "POST", body, "/v2/account/ubos?subAccountId=%s", account);
}

#define declared(who, identification) cr_assert_eq(declare(who, identification, ""), 201, "%s", api.last.body)
#define submitted(name, owners) cr_assert_eq(submit(name, owners), 201, "%s", api.last.body)

static void accept(const char *document)
{
	DONE("document", "accept", session, document, "--as", "rita");
}

/* Submits the company with the first `owners` owners of the account. */
static int submit(const char *name, size_t owners)
{
	char list[200] = "", *body;

	NEED(200, "GET", NULL, "/v2/account/ubos?subAccountId=%s", account);
	for (size_t i = 0; i < owners; i++) {
		char path[40];

		(void)snprintf(path, sizeof path, "ubos[%zu].id", i);
		(void)snprintf(list + strlen(list), sizeof list - strlen(list), "%s\"%s\"", i ? "," : "",
			       reply_text(&api.last, path));
	}
	body = avenia_company(name, list, certificate, tax);
	return api_callf(&api, "POST", body, "/v2/kyc/new-level-1/api?subAccountId=%s", account);
}

static void review(void)
{
	accept(certificate);
	accept(tax);
	accept(identity);
}

Test(api_attack_avenia, without_one_it_is_approved)
{
	declared(ANA, identity);
	submitted(NAME, 1);
	review();
	ASK(200, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", session);
}

/* After a retryable rejection the merchant submits another company name with the documents that were accepted. */
Test(api_attack_avenia, company_renamed_after_acceptance)
{
	declared(ANA, identity);
	submitted(NAME, 1);
	review();
	cr_expect_eq(submit("HARBOR HOLDINGS SA", 1), 409, "%s", api.last.body);
	DONE("reject", session, "--reason", "data_mismatch", "--note", "explained in full", "--retryable", "--grace",
	     "0", "--as", "rita");
	submitted("HARBOR HOLDINGS SA", 1);
	attack_no_approval(session, (struct refusal){ "basis_changed", "HARBOR HOLDINGS SA" });
}

Test(api_attack_avenia, owner_left_out_and_replaced)
{
	char *other = bring_identity(false);

	declared(HALF_ANA, identity);
	declared(RUI, other);
	cr_expect_eq(submit(NAME, 1), 400, "%s", api.last.body);
	ANSWERS("error.fields[0].field: uboIds");
	submitted(NAME, 2);
	review();
	accept(other);
	/* After submission a third person cannot replace either of the two owners. */
	cr_expect_eq(declare(OWNER("Eva Mar", "39053344705", "50"), identity, ""), 409, "%s", api.last.body);
}

Test(api_attack_avenia, one_identification_for_two)
{
	declared(HALF_ANA, identity);
	declared(RUI, identity);
	submitted(NAME, 2);
	review();
	attack_no_approval(session, (struct refusal){ "party_not_verified", "Ana Luz" });
	attack_no_approval(session, (struct refusal){ "party_not_verified", "Rui Sol" });
}

/* Only the front of a two-sided document was uploaded. */
Test(api_attack_avenia, half_an_identification)
{
	char *half = bring_identity(true);

	cr_expect_eq(declare(ANA, half, ""), 400, "%s", api.last.body);
	ANSWERS("error.fields[0].field: uploadedIdentificationId");
	ENDS(4, "document", "accept", session, half, "--as", "rita");
}

/* An owner is not identified by a company document, nor by the id of an identity document in a field of the street. */
Test(api_attack_avenia, id_in_a_free_text)
{
	char *other = bring_identity(false);

	cr_expect_eq(declare(ANA, certificate, identity), 400, "%s", api.last.body);
	cr_expect_eq(declare(ANA, "", identity), 400, "%s", api.last.body);
	cr_assert_eq(declare(ANA, other, identity), 201, "%s", api.last.body);
	submitted(NAME, 1);
	review();
	DONE("document", "reject", session, other, "--reason", "blurry", "--as", "rita");
	attack_no_approval(session, (struct refusal){ "party_not_verified", "Ana Luz" });
}

/* New bytes cannot be sent to the upload address of an accepted document. */
Test(api_attack_avenia, second_file_in_the_place_of_an_accepted_one)
{
	declared(ANA, identity);
	submitted(NAME, 1);
	review();
	cr_expect_eq(put(certificate_url, "application/pdf", "%PDF-1.4\n%%EOF\n", 15), 409, "%s", api.last.body);
}

/* Before a new attempt the merchant lowers the share of an owner with a rejected document, or removes the owner. */
Test(api_attack_avenia, owner_removed_or_lowered_after_rejection)
{
	char *other = bring_identity(false);

	declared(HALF_ANA, identity);
	declared(RUI, other);
	char *rui = api_keep(&api, "id");
	submitted(NAME, 2);
	ASK(409, "PATCH", "{\"percentageOfOwnership\":\"5\"}", "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	ASK(409, "DELETE", NULL, "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	review();
	DONE("document", "reject", session, other, "--reason", "blurry", "--as", "rita");
	DONE("reject", session, "--reason", "data_mismatch", "--note", "explained in full", "--retryable", "--grace",
	     "0", "--as", "rita");
	ASK(200, "PATCH", "{\"percentageOfOwnership\":\"5\"}", "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	submitted(NAME, 2);
	attack_no_approval(session, (struct refusal){ "ownership_gap", NULL });
	DONE("reject", session, "--reason", "data_mismatch", "--note", "explained in full", "--retryable", "--grace",
	     "0", "--as", "rita");
	ASK(204, "DELETE", NULL, "/v2/account/ubos/%s?subAccountId=%s", rui, account);
	submitted(NAME, 1);
	attack_no_approval(session, (struct refusal){ "ownership_gap", NULL });
}
