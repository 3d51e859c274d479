/*
 * The five steps of seed avenia-kyb-level-1, by a client that knows only the seed and api.md. In the seed's samples
 * two things are replaced: the tax numbers, because their check digits are wrong, and the ids that contain x's.
 */
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *account;

static void set_up(void)
{
	api_open(&api, NULL);
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"ACME Digital Solutions Ltd\"}",
	     "/v2/account/sub-accounts");
	account = api_keep(&api, "id");
}
TestSuite(avenia, .init = set_up, .fini = api_tear_down);

static int put(const char *url, const char *type, const void *bytes, size_t length)
{
	return document_put(&api, url, &(const struct document){ type, bytes, length }, true);
}

static char *upload(const char *type, const char *media, const void *bytes, size_t length)
{
	char *url, *id = document_record(&api, account, type, false, &url);

	cr_assert_eq(put(url, media, bytes, length), 204, "%s", api.last.body);
	return id;
}

#define NAME "ACME SOLUCOES DIGITAIS LTDA"

static char *owner_of(const char *identity)
{
	return avenia_owner("USERS FULL NAME", "11182159150", "100", identity, "");
}

static char *filled_with(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	cr_assert_not_null(at, "%s", from);
	return test_text("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

struct company {
	char *certificate, *tax, *identity, *owner, *ubo, *body;
};

static void make_company(struct company *c)
{
	c->certificate = upload("CERTIFICATE-OF-INCORPORATION", "application/pdf", pdf_bytes, pdf_length());
	c->tax = upload("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "application/pdf", pdf_bytes, pdf_length());
	c->identity = upload("PASSPORT", "image/jpeg", jpeg_bytes, jpeg_length());
	c->owner = owner_of(c->identity);
	NEED(201, "POST", c->owner, "/v2/account/ubos?subAccountId=%s", account);
	c->ubo = api_keep(&api, "id");
	c->body = avenia_company(NAME, test_text("\"%s\"", c->ubo), c->certificate, c->tax);
}

#define SUBMIT "/v2/kyc/new-level-1/api?subAccountId=%s"

Test(avenia, a_document_is_a_record_first_and_a_file_afterwards)
{
	char *url, *id = document_record(&api, account, "CERTIFICATE-OF-INCORPORATION", false, &url);

	ANSWERS("uploadURLBack: ");
	GETS(("/v2/documents/%s?subAccountId=%s", id, account), test_text("document.id: %s", id),
	     "document.documentType: CERTIFICATE-OF-INCORPORATION", "document.uploadStatusFront: WAITING",
	     "document.ready = false");
	cr_expect_eq(put(url, "text/plain", pdf_bytes, pdf_length()), 415);
	cr_expect_eq(put(url, "image/png", pdf_bytes, pdf_length()), 415, "the content is a PDF");
	cr_expect_eq(put(url, "application/pdf", jpeg_bytes, jpeg_length()), 415, "the content is none");
	cr_expect_eq(put(url, "image/jpeg", jpeg_bytes, jpeg_length()), 415, "a corporate document is a PDF");
	cr_expect_eq(put(url, "application/pdf; charset=binary", pdf_bytes, pdf_length()), 204, "%s", api.last.body);
	cr_expect_eq(put(url, "application/pdf", pdf_bytes, pdf_length()), 412);
	GETS(("/v2/documents/%s?subAccountId=%s", id, account), "document.uploadStatusFront: PROCESSED",
	     "document.ready = true");
	/* An upload address with a changed character is unknown. */
	url[strlen(url) - 3] = url[strlen(url) - 3] == 'A' ? 'B' : 'A';
	cr_expect_eq(put(url, "application/pdf", pdf_bytes, pdf_length()), 404);
}

Test(avenia, an_address_for_a_file_runs_out)
{
	char *url, *id = document_record(&api, account, "CERTIFICATE-OF-INCORPORATION", false, &url);

	api_restart(&api, "KYBDESK_TEST_NOW=+16m");
	cr_expect_eq(put(url, "application/pdf", pdf_bytes, pdf_length()), 403, "%s", api.last.body);
	GETS(("/v2/documents/%s?subAccountId=%s", id, account), "document.uploadStatusFront: WAITING");
}

Test(avenia, two_sides_are_one_document)
{
	char *front, *id = document_record(&api, account, "ID", true, &front), *back = api_keep(&api, "uploadURLBack");

	cr_assert(*back);
	cr_expect_eq(put(back, "image/jpeg", jpeg_bytes, jpeg_length()), 204, "%s", api.last.body);
	GETS(("/v2/documents/%s?subAccountId=%s", id, account), "document.uploadStatusFront: WAITING",
	     "document.uploadStatusBack: PROCESSED", "document.ready = false");
	cr_expect_eq(put(front, "image/jpeg", jpeg_bytes, jpeg_length()), 204);
	GETS(("/v2/documents/%s?subAccountId=%s", id, account), "document.ready = true");
	ASK(400, "POST", "{\"documentType\":\"CERTIFICATE-OF-INCORPORATION\",\"isDoubleSided\":true}",
	    "/v2/documents?subAccountId=%s", account); /* corporate documents have one side */
	ASK(400, "POST", "{\"documentType\":\"LETTER\"}", "/v2/documents?subAccountId=%s", account);
}

Test(avenia, several_records_of_one_type_take_each_its_own_file)
{
	char *one, *two, *first = document_record(&api, account, "PASSPORT", false, &one),
			 *second = document_record(&api, account, "PASSPORT", false, &two);

	cr_expect_eq(put(two, "image/jpeg", jpeg_bytes, jpeg_length()), 204, "%s", api.last.body);
	GETS(("/v2/documents/%s?subAccountId=%s", first, account), "document.ready = false");
	GETS(("/v2/documents/%s?subAccountId=%s", second, account), "document.ready = true");
	cr_expect_eq(put(one, "image/jpeg", jpeg_bytes, jpeg_length()), 204, "%s", api.last.body);
}

Test(avenia, every_field_of_an_owner_is_held_against_its_rule)
{
	static const char *const wrong[][3] = {
		{ "\"USERS FULL NAME\"", "\"\"", "fullName" },
		{ "1988-07-22", "2020-07-22", "dateOfBirth" },
		{ "1988-07-22", "1888-07-22", "dateOfBirth" },
		{ "\"countryOfTaxId\":\"BRA\"", "\"countryOfTaxId\":\"BR\"", "countryOfTaxId" },
		{ "11182159150", "11182159111", "taxIdNumber" },
		{ "\"100\"", "\"100.5\"", "percentageOfOwnership" },
		{ "\"100\"", "\"-1\"", "percentageOfOwnership" },
		{ "\"CEO\"", "\"King\"", "hasControl" },
		{ "\"documentCountry\":\"BRA\"", "\"documentCountry\":\"Brazil\"", "documentCountry" },
		{ "\"RUA AURORA 456 APTO 12\"", "\"\"", "streetLine1" },
		{ "\"SP\"", "\"ZZ\"", "state" },
		{ "\"zipCode\":\"01209-001\"", "\"zip\":1", "zipCode" },
		{ "\"country\":\"BRA\"", "\"country\":\"QQQ\"", "country" },
		{ "{\"fullName\"", "{\"email\":\"x@example.org\",\"fullName\"", "email" },
		{ "{\"fullName\"", "{\"phone\":\"123\",\"fullName\"", "phone" },
	};
	char *identity = upload("PASSPORT", "image/jpeg", jpeg_bytes, jpeg_length()), *url;
	char *waiting = document_record(&api, account, "ID", false, &url);

	char *good = owner_of(identity);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *body = filled_with(good, wrong[i][0], wrong[i][1]);

		cr_expect_eq(api_callf(&api, "POST", body, "/v2/account/ubos?subAccountId=%s", account), 400, "%s: %s",
			     wrong[i][1], api.last.body);
		ANSWERS(test_text("error.fields[0].field: %s", wrong[i][2]));
	}
	char *body = filled_with(good, identity, waiting);
	ASK(400, "POST", body, "/v2/account/ubos?subAccountId=%s", account); /* not ready yet */
	GETS(("/v2/account/ubos?subAccountId=%s", account), "ubos has 0");
	ASK(201, "POST", good, "/v2/account/ubos?subAccountId=%s", account);
	GETS(("/v2/account/ubos/%s?subAccountId=%s", api_keep(&api, "id"), account), "ubo.fullName: USERS FULL NAME",
	     "ubo.taxIdNumber: 11182159150");
	ASK(400, "PATCH", "{\"dateOfBirth\":\"1888-07-22\"}", "/v2/account/ubos/%s?subAccountId=%s",
	    api_keep(&api, "ubo.id"), account);
	ANSWERS("error.fields[0].field: dateOfBirth");
}

Test(avenia, a_submission_becomes_an_attempt_that_a_reviewer_ends)
{
	static const char *const wrong[][3] = {
		{ "\"1-10\"", "\"1-11\"", "numberOfEmployees" },
		{ "less_than_100k", "plenty", "estimatedAnnualRevenueUsd" },
		{ "\"2000\"", "\"-5\"", "estimatedMonthlyVolumeUsd" },
		{ "sales_of_goods_and_services", "gold", "sourceOfFundsAndIncome" },
		{ "receive_payments_for_goods_and_services", "fun", "reasonForAccountOpening" },
		{ "42.731.085/0001-28", "", "taxIdentificationNumberTin" },
		{ "\"companyState\":\"SP\"", "\"companyState\":\"ZZ\"", "companyState" },
		{ "\"Brazil\"", "\"Atlantis\"", "companyCountry" },
		{ "https://www.nexoradigital.com.br", "nowhere", "website" },
	};
	struct company c;

	make_company(&c);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *body = filled_with(c.body, wrong[i][0], wrong[i][1]);

		cr_expect_eq(api_callf(&api, "POST", body, SUBMIT, account), 400, "%s: %s", wrong[i][1], api.last.body);
		ANSWERS(test_text("error.fields[0].field: %s", wrong[i][2]));
	}
	/* All missing fields are reported together, even companyLegalName, although the sub-account has a name. */
	char *sub_sat = filled_with(c.body, "\"companyLegalName\":\"ACME SOLUCOES DIGITAIS LTDA\",", "");
	char *least = filled_with(sub_sat, "\"companyCity\":\"SAO PAULO\",", "");
	ASK(400, "POST", least, SUBMIT, account);
	ANSWERS("error.fields[0].field: companyLegalName", "error.fields[1].field: companyCity");
	GETS(("/v2/kyc/attempts?subAccountId=%s", account), "attempts has 0"); /* nothing was submitted */
	NEED(201, "POST", c.body, SUBMIT, account);
	char *attempt = api_keep(&api, "id");
	ASK(409, "POST", c.body, SUBMIT, account); /* one is open */
	GETS(("/v2/kyc/attempts/%s?subAccountId=%s", attempt, account), "attempt.levelName: kyb-level-1",
	     "attempt.status: PROCESSING", "attempt.result: ");
	DONE_JSON("list");
	DONE("reject", test_keep(strdup(json_path_text(api.box.json, "data[0].id"))), "--reason", "data_mismatch",
	     "--note", "explained in full", "--message", "The name differs", "--retryable", "--grace", "0");
	GETS(("/v2/kyc/attempts/%s?subAccountId=%s", attempt, account), "attempt.status: COMPLETED",
	     "attempt.result: REJECTED", "attempt.resultMessage: The name differs", "attempt.retryable = true");
	/* "If REJECTED and retryable is true, fix the data and resubmit": a new attempt of the same session. */
	NEED(201, "POST", c.body, SUBMIT, account);
	cr_expect_str_neq(reply_text(&api.last, "id"), attempt);
	GETS(("/v2/kyc/attempts?subAccountId=%s", account), "attempts has 2", test_text("attempts[0].id: %s", attempt),
	     "attempts[0].resultMessage: The name differs");
	GETS(("/v2/kyc/attempts?subAccountId=%s&status=PROCESSING", account), "attempts has 1");
}

/* "#approve" in the name works although the name is stored in capitals. */
Test(avenia, an_attempt_ends_in_a_sandbox_as_the_name_asks)
{
	struct company c;

	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"Acme Solucoes#approve\"}",
	     "/v2/account/sub-accounts");
	account = api_keep(&api, "id");
	make_company(&c);
	char *body = filled_with(c.body, "ACME SOLUCOES DIGITAIS LTDA", "Acme Solucoes#approve");
	NEED(201, "POST", body, SUBMIT, account);
	for (int i = 0; i < 400; i++) {
		NEED(200, "GET", NULL, "/v2/kyc/attempts?subAccountId=%s", account);
		if (!strcmp(reply_text(&api.last, "attempts[0].status"), "COMPLETED"))
			break;
		test_sleep_ms(50);
	}
	ANSWERS("attempts[0].result: APPROVED");
}

#define UBO "/v2/account/ubos/%s?subAccountId=%s"

Test(avenia, an_owner_is_changed_and_removed_until_it_is_submitted)
{
	struct company c;

	make_company(&c);
	NEED(200, "PATCH", "{\"fullName\":\"Ana Luz\",\"city\":\"RIO\"}", UBO, c.ubo, account);
	ANSWERS("ubo.fullName: Ana Luz", "ubo.city: RIO");
	ANSWERS("ubo.state: SP"); /* a PATCH keeps fields that it omits */
	ASK(400, "PATCH", "{\"state\":\"ZZ\"}", UBO, c.ubo, account);
	ANSWERS("error.fields[0].field: state");
	ASK(400, "PATCH", "{\"email\":\"x@example.org\"}", UBO, c.ubo, account);
	ASK(404, "PATCH", "{\"city\":\"RIO\"}", UBO, account, account);
	NEED(204, "DELETE", NULL, UBO, c.ubo, account);
	ASK(404, "DELETE", NULL, UBO, c.ubo, account);
	GETS(("/v2/account/ubos?subAccountId=%s", account), "ubos has 0");
	api.token = api.other_key;
	ASK(404, "DELETE", NULL, UBO, c.ubo, account);
}

Test(avenia, a_document_that_never_came_whole_is_deleted)
{
	char *url, *id = document_record(&api, account, "ID", true, &url);

	cr_assert_eq(put(url, "image/jpeg", jpeg_bytes, jpeg_length()), 204, "%s", api.last.body);
	api.token = api.other_key;
	ASK(404, "DELETE", NULL, "/v2/documents/%s?subAccountId=%s", id, account);
	api.token = api.key;
	ASK(204, "DELETE", NULL, "/v2/documents/%s?subAccountId=%s", id, account);
	ASK(404, "GET", NULL, "/v2/documents/%s?subAccountId=%s", id, account);
	cr_expect_eq(put(url, "image/jpeg", jpeg_bytes, jpeg_length()), 404);
}

Test(avenia, an_attempt_is_what_its_own_body_says)
{
	struct company c;

	make_company(&c);
	char *body = filled_with(c.body, "{\"uboIds\"",
				 "{\"sandboxReject\":true,\"emailPixKey\":\"pix@example.org\",\"uboIds\"");
	NEED(201, "POST", body, SUBMIT, account);
	GETS(("/v2/kyc/attempts?subAccountId=%s", account), "attempts[0].result: REJECTED",
	     "attempts[0].retryable = true");
	/* The second attempt omits sandboxReject and emailPixKey: their old values are not used. */
	NEED(201, "POST", c.body, SUBMIT, account);
	GETS(("/v2/kyc/attempts?subAccountId=%s", account), "attempts[1].status: PROCESSING");
	DONE_JSON("list");
	NEED(200, "GET", NULL, "/kyc/sessions/%s", json_path_text(api.box.json, "data[0].id"));
	BODY_LACKS("pix@example.org");
}

/* sandboxReject rejects a case only once: after a lead reopens it, the case waits for a reviewer. */
Test(avenia, a_rejection_that_a_lead_reopened_is_not_made_again)
{
	struct company c;

	make_company(&c);
	char *body = filled_with(c.body, "{\"uboIds\"", "{\"sandboxReject\":true,\"uboIds\"");
	NEED(201, "POST", body, SUBMIT, account);
	DONE_JSON("list", "--filter", "status:rejected");
	char *id = test_keep(strdup(json_path_text(api.box.json, "data[0].id")));
	DONE("reopen", id, "--reason", "rejected in the sandbox alone");
	for (int i = 0; i < 3; i++) {
		NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
		DONE("webhook", "deliver", "--drain");
	}
	GIVES(("show", id), "status: manual_review");
}

Test(avenia, another_merchants_account_is_not_there)
{
	struct company c;
	char *url;

	make_company(&c);
	(void)document_record(&api, account, "ID", false, &url);
	api.token = api.other_key;
	ASK(404, "POST", "{\"documentType\":\"ID\"}", "/v2/documents?subAccountId=%s", account);
	ASK(404, "GET", NULL, "/v2/documents/%s?subAccountId=%s", c.tax, account);
	ASK(404, "POST", c.owner, "/v2/account/ubos?subAccountId=%s", account);
	ASK(404, "GET", NULL, "/v2/account/ubos?subAccountId=%s", account);
	ASK(404, "GET", NULL, "/v2/account/ubos/%s?subAccountId=%s", c.ubo, account);
	ASK(404, "POST", c.body, SUBMIT, account);
	ASK(404, "GET", NULL, "/v2/kyc/attempts?subAccountId=%s", account);
	ASK(400, "GET", NULL, "/v2/kyc/attempts");
	/* A document of the shop is not found under the rival's account, either. */
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"Rival\"}", "/v2/account/sub-accounts");
	ASK(404, "GET", NULL, "/v2/documents/%s?subAccountId=%s", c.tax, api_keep(&api, "id"));
	api.token = api.key;
}
