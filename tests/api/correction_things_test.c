/* A correction of one of several documents of a kind, by the dialects' own calls. */
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(correction_things, .init = api_set_up, .fini = api_tear_down);

static char *word(const char *sql)
{
	return test_keep(api_word(&api, sql));
}

/* Accepts each present document that is not reviewed, and each answer, and approves. */
static void review(const char *session)
{
	static const char next[] = "SELECT uuid FROM document WHERE replaced = 0 AND review = 'unreviewed' LIMIT 1";

	for (char *id = word(next); *id; id = word(next))
		DONE("document", "accept", session, id);
	for (char *id; *(id = word("SELECT uuid FROM correction WHERE state = 'answered' LIMIT 1"));)
		DONE("corrections", session, "--accept", id);
}

static int put(const char *url, const char *bytes)
{
	const char *type = *bytes == '%' ? "application/pdf" : "image/jpeg";

	return document_put(&api, url, &(const struct document){ type, bytes, strlen(bytes) }, true);
}

static char *upload(const char *account, const char *type, const char *bytes)
{
	char *url, *id = document_record(&api, account, type, false, &url);

	cr_assert_eq(put(url, bytes), 204, "%s", api.last.body);
	return id;
}

static char *add_owner(const char *account, const char *name, const char *tax, const char *identity)
{
	NEED(201, "POST", avenia_owner(name, tax, "50", identity, ""), "/v2/account/ubos?subAccountId=%s", account);
	return api_keep(&api, "id");
}

#define SUBMIT "/v2/kyc/new-level-1/api?subAccountId=%s"
#define JPEG(name) "\xff\xd8\xff\xe0 JFIF " name " \xff\xd9"
#define PDF(name) "%PDF-1.7 " name "\n%%EOF\n"

/* One person declared twice over HTTP: the shares add up, and with another birth date somebody is asked once. */
Test(correction_things, an_owner_in_two_rows_is_one_owner_or_asked_for)
{
	for (size_t i = 0; i < 2; i++) {
		NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"ACME Digital Solutions Ltd\"}",
		     "/v2/account/sub-accounts");
		char *account = api_keep(&api, "id");
		char *certificate = upload(account, "CERTIFICATE-OF-INCORPORATION", PDF("certificate"));
		char *tax = upload(account, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", PDF("tax"));
		char *ids[2];
		for (size_t k = 0; k < 2; k++) {
			NEED(201, "POST",
			     avenia_owner(k ? "Reis, Ana" : "ANA REIS", "11182159150", "13",
					  upload(account, "PASSPORT", k ? JPEG("second") : JPEG("first")), ""),
			     "/v2/account/ubos?subAccountId=%s", account);
			ids[k] = api_keep(&api, "id");
		}
		if (i)
			NEED(200, "PATCH", "{\"dateOfBirth\":\"1989-07-22\"}", "/v2/account/ubos/%s?subAccountId=%s",
			     ids[1], account);
		NEED(201, "POST",
		     avenia_company("ACME SOLUCOES DIGITAIS LTDA", test_text("\"%s\",\"%s\"", ids[0], ids[1]),
				    certificate, tax),
		     SUBMIT, account);
		char *session = word("SELECT uuid FROM session WHERE parent_id IS NULL ORDER BY id DESC LIMIT 1");
		GIVES(("party", "list", session), test_text("data[0].effective_percent: %s", i ? "13" : "26"),
		      test_text("data[1].effective_percent: %s", i ? "13" : "26"));
		DONE("show", session);
		const char *asked = strstr(EXPECT_BOX.last.out, "may be the same person");
		cr_expect_eq(asked != NULL, i == 1, "%s", EXPECT_BOX.last.out);
		cr_expect(!asked || !strstr(asked + 1, "may be the same person"), "%s", EXPECT_BOX.last.out);
	}
}

/* The passport of one owner is rejected; an identity card takes its place. The other owner stays frozen. */
Test(correction_things, of_one_owner_opens_that_owner_alone)
{
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"ACME Digital Solutions Ltd\"}",
	     "/v2/account/sub-accounts");
	char *account = api_keep(&api, "id");
	char *certificate = upload(account, "CERTIFICATE-OF-INCORPORATION", PDF("certificate"));
	char *tax = upload(account, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", PDF("tax"));
	char *kept = upload(account, "PASSPORT", JPEG("first")),
	     *rejected = upload(account, "PASSPORT", JPEG("second"));
	char *ana = add_owner(account, "ANA REIS", "11182159150", kept);
	char *bruno = add_owner(account, "BRUNO REIS", "52998224725", rejected);
	char *form =
		avenia_company("ACME SOLUCOES DIGITAIS LTDA", test_text("\"%s\",\"%s\"", ana, bruno), certificate, tax);

	NEED(201, "POST", form, SUBMIT, account);
	char *attempt = api_keep(&api, "id"), *session = word("SELECT uuid FROM session");
	DONE("document", "reject", session, rejected, "--reason", "blurry");
	DONE("document", "accept", session, kept);
	DONE("corrections", session, "--document", rejected, "--message", "A clear one, please.", "--grace", "0");
	GETS(("/v2/kyc/attempts/%s?subAccountId=%s", attempt, account), "attempt.status: PENDING",
	     "attempt.resultMessage: PASSPORT of BRUNO REIS: A clear one, please.");
	ASK(409, "PATCH", "{\"city\":\"RIO\"}", "/v2/account/ubos/%s?subAccountId=%s", ana, account);
	ASK(409, "POST", form, SUBMIT, account);
	char *card = upload(account, "ID", JPEG("card"));
	ASK(200, "PATCH", test_text("{\"uploadedIdentificationId\":\"%s\"}", card),
	    "/v2/account/ubos/%s?subAccountId=%s", bruno, account);
	GETS(("/v2/account/ubos/%s?subAccountId=%s", ana, account),
	     test_text("ubo.uploadedIdentificationId: %s", kept));
	NEED(201, "POST", form, SUBMIT, account);
	review(session);
	cr_expect_str_eq(
		word("SELECT group_concat(type || review || replaced) FROM (SELECT * FROM document WHERE type IN "
		     "('PASSPORT', 'ID') ORDER BY id) AS o"),
		"PASSPORTaccepted0,PASSPORTrejected1,IDaccepted0");
	DONE("approve", session, "--grace", "0");
}

/* The fields of one owner, and no file: only this owner can be changed. */
Test(correction_things, of_the_data_of_one_owner_needs_a_change_of_them)
{
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"ACME Digital Solutions Ltd\"}",
	     "/v2/account/sub-accounts");
	char *account = api_keep(&api, "id");
	char *certificate = upload(account, "CERTIFICATE-OF-INCORPORATION", PDF("certificate"));
	char *tax = upload(account, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", PDF("tax"));
	char *ana = add_owner(account, "ANA REIS", "11182159150", upload(account, "PASSPORT", JPEG("first")));
	char *bruno = add_owner(account, "BRUNO REIS", "52998224725", upload(account, "PASSPORT", JPEG("second")));
	char *form =
		avenia_company("ACME SOLUCOES DIGITAIS LTDA", test_text("\"%s\",\"%s\"", ana, bruno), certificate, tax);

	NEED(201, "POST", form, SUBMIT, account);
	char *session = word("SELECT uuid FROM session");
	DONE("corrections", session, "--party", bruno, "--message", "The city is wrong.", "--grace", "0");
	ASK(409, "PATCH", "{\"city\":\"RIO\"}", "/v2/account/ubos/%s?subAccountId=%s", ana, account);
	ASK(409, "POST", form, SUBMIT, account);
	ASK(200, "PATCH", "{\"city\":\"RIO\"}", "/v2/account/ubos/%s?subAccountId=%s", bruno, account);
	NEED(201, "POST", form, SUBMIT, account);
	review(session);
	DONE("approve", session, "--grace", "0");
}

static int upload_paper(const char *session, const char *type, const char *bytes, const char *document)
{
	const struct form_file file = { "paper.pdf", bytes, strlen(bytes) };
	char *path = test_text("%s/documents", session);

	if (!document)
		return api_form(&api, path, &file, "category", "COMPANY_INFO", "type", type, NULL);
	return api_form(&api, path, &file, "category", "COMPANY_INFO", "type", type, "documentId", document, NULL);
}

/* Two papers of one type, of which the second is rejected: the file says which it replaces, or the rejected one is meant. */
Test(correction_things, of_one_of_two_papers_leaves_the_accepted_one)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES",  "BUSINESS_NUMBER",
					     "PROOF_OF_ADDRESS",     "DIRECTORS_SHAREHOLDERS_REG",
					     "FINANCIAL_STATEMENTS", "FINANCIAL_STATEMENTS" };
	char *ids[6], *path, *session;

	NEED(201, "POST", "{\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GB\"}",
	     "/api/v1/account/business-user");
	path = test_text("/api/v1/account/business-user/%s/kyb-sessions", reply_text(&api.last, "uid"));
	NEED(201, "POST", NULL, "%s", path);
	session = api_keep(&api, "id");
	path = test_text("%s/%s", path, session);
	for (size_t i = 0; i < 6; i++) {
		cr_assert_eq(upload_paper(path, types[i], test_text("%%PDF-1.7 %zu\n%%%%EOF\n", i), NULL), 201, "%s",
			     api.last.body);
		ids[i] = api_keep(&api, "id");
	}
	NEED(200, "POST", NULL, "%s/submit", path);
	DONE("document", "accept", session, ids[4]);
	DONE("document", "reject", session, ids[5], "--reason", "blurry");
	DONE("corrections", session, "--document", "FINANCIAL_STATEMENTS", "--message", "Again, please.", "--grace",
	     "0");
	GETS(("%s", path), test_text("corrections[0].documentIds[0]: %s", ids[5]));
	cr_expect_eq(upload_paper(path, types[5], PDF("new"), ids[4]), 409, "%s", api.last.body);
	ASK(409, "POST", NULL, "%s/submit", path);
	cr_expect_eq(upload_paper(path, types[5], PDF("new"), ids[5]), 201, "%s", api.last.body);
	api_crash(&api);
	NEED(200, "POST", NULL, "%s/submit", path);
	cr_expect_str_eq(word("SELECT group_concat(review || replaced) FROM (SELECT * FROM document WHERE type = "
			      "'FINANCIAL_STATEMENTS' ORDER BY id) AS o"),
			 "accepted0,rejected1,unreviewed0");
}

/* An account with a company of two owners; returns the form of step 4 with these owners. */
static char *form_of(const char *owners, const char *certificate, const char *tax)
{
	return avenia_company("ACME SOLUCOES DIGITAIS LTDA", owners, certificate, tax);
}

static char *open_account(void)
{
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"ACME Digital Solutions Ltd\"}",
	     "/v2/account/sub-accounts");
	return api_keep(&api, "id");
}

/* A wrong first certificate is replaced before the submission; a removed owner is refused where the form names it. */
Test(correction_things, of_a_certificate_and_a_removed_owner_in_the_form)
{
	char *account = open_account();
	char *wrong = upload(account, "CERTIFICATE-OF-INCORPORATION", PDF("wrong"));
	char *right = upload(account, "CERTIFICATE-OF-INCORPORATION", PDF("right"));
	char *tax = upload(account, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", PDF("tax"));
	char *ana = add_owner(account, "ANA REIS", "11182159150", upload(account, "PASSPORT", JPEG("first")));
	char *bruno = add_owner(account, "BRUNO REIS", "52998224725", upload(account, "PASSPORT", JPEG("second")));
	char *both = test_text("\"%s\",\"%s\"", ana, bruno), *one = test_text("\"%s\"", ana);

	ASK(204, "DELETE", NULL, "/v2/account/ubos/%s?subAccountId=%s", bruno, account);
	NEED(400, "POST", form_of(both, right, tax), SUBMIT, account);
	ANSWERS("error.fields[0].field: uboIds[1]");
	BODY_HAS(bruno);
	NEED(201, "POST", form_of(one, right, tax), SUBMIT, account);
	cr_expect_str_neq(wrong, right);
}

/* The nine digits of a tax number of a person, with its check digits. */
static char *person_number(unsigned first)
{
	int digits[11], sum;
	char *text = test_text("%09u..", first);

	for (size_t i = 0; i < 9; i++)
		digits[i] = text[i] - '0';
	for (size_t length = 9; length < 11; length++) {
		sum = 0;
		for (size_t i = 0; i < length; i++)
			sum += digits[i] * (int)(length + 1 - i);
		digits[length] = sum * 10 % 11 % 10;
		text[length] = (char)('0' + digits[length]);
	}
	return text;
}

/* The largest case of the seed, at full speed: neither a limit of files nor one of requests refuses it. */
Test(correction_things, of_fifty_owners_meet_no_limit)
{
	char *account = open_account(), *owners = test_text("%s", "");
	char *certificate = upload(account, "CERTIFICATE-OF-INCORPORATION", PDF("certificate"));
	char *tax = upload(account, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", PDF("tax"));

	for (unsigned i = 0; i < 50; i++) {
		char *name = test_text("OWNER %c%c", 'A' + i / 26, 'A' + i % 26);
		char *bytes = test_text("\xff\xd8\xff\xe0 JFIF %u \xff\xd9", i), *identity;

		identity = upload(account, "PASSPORT", bytes);
		NEED(201, "POST", avenia_owner(name, person_number(100200300 + 7 * i), "2", identity, ""),
		     "/v2/account/ubos?subAccountId=%s", account);
		owners = test_text("%s%s\"%s\"", owners, i ? "," : "", reply_text(&api.last, "id"));
	}
	NEED(201, "POST", form_of(owners, certificate, tax), SUBMIT, account);
	char *session = word("SELECT uuid FROM session");
	cr_expect_str_eq(word("SELECT count(*) FROM document"), "52");
	DONE("document", "reject", session, word("SELECT uuid FROM document WHERE type = 'PASSPORT' LIMIT 1"),
	     "--reason", "blurry");
	DONE("corrections", session, "--document", "PASSPORT", "--message", "Again, please.", "--grace", "0");
	(void)upload(account, "PASSPORT", JPEG("another"));
	NEED(201, "POST", form_of(owners, certificate, tax), SUBMIT, account);
}
