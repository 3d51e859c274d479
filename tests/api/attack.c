#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void make(void)
{
	api_make_sandbox();
	DONE("reviewer", "add", "rita", "--role", "reviewer");
	DONE("reviewer", "add", "lea", "--role", "lead");
}

void attack_set_up(void)
{
	api_open_world(&api, "api-attack", make, NULL);
}

int attack_patch(const char *session, const char *body)
{
	return api_callf(&api, "PATCH", body, "/kyc/sessions/%s", session);
}

char *attack_status(const char *session)
{
	DONE_JSON("show", session);
	return test_keep(strdup(json_path_text(api.box.json, "status")));
}

void attack_no_approval(const char *session, struct refusal refusal)
{
	ENDS_JSON(4, "approve", session, "--grace", "0", "--as", "rita");
	BLOCKED(refusal.code);
	if (refusal.says)
		cr_expect(strstr(api.box.last.out, refusal.says), "\"%s\" is not in %s", refusal.says,
			  api.box.last.out);
	PATCHED(409, session, "{\"status\":\"approved\"}");
	char *status = attack_status(session);
	cr_expect_str_neq(status, "approved");
}

char *attack_link(const char *url)
{
	cr_assert(strstr(url, "/s/"), "%s", url);
	return test_text("/api%s", strstr(url, "/s/"));
}

/* --- a company --- */

static const char *const documents[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					 "DIRECTORS_SHAREHOLDERS_REG" };
#define DOCUMENTS (sizeof documents / sizeof *documents)

/* A PDF with unique bytes: equal files of two subjects make their cases duplicates. Valid until the next call. */
static struct form_file own_pdf(const char *name)
{
	static char bytes[256];
	static unsigned number;
	int length = snprintf(bytes, sizeof bytes, "%s%%%% %u\n", pdf_bytes, number++);

	return (struct form_file){ name, bytes, (size_t)length };
}

int company_upload(const struct company *c, const char *type)
{
	const struct form_file file = own_pdf("paper.pdf");

	return api_form(&api, test_text("%s/documents", c->path), &file, "category", "COMPANY_INFO", "type", type,
			NULL);
}

void company_open(struct company *c)
{
	memset(c, 0, sizeof *c);
	NEED(201, "POST",
	     "{\"name\":\"Harbour Lane Trading Ltd\",\"country\":\"GB\",\"registrationNumber\":\"09482213\","
	     "\"taxId\":\"GB123456789\"}",
	     "/api/v1/account/business-user");
	char *uid = api_keep(&api, "uid");
	NEED(201, "POST", NULL, "/api/v1/account/business-user/%s/kyb-sessions", uid);
	c->id = api_keep(&api, "id");
	c->path = test_text("/api/v1/account/business-user/%s/kyb-sessions/%s", uid, c->id);
	for (size_t i = 0; i < DOCUMENTS; i++)
		cr_assert_eq(company_upload(c, documents[i]), 201, "%s", api.last.body);
}

void company_declare(struct company *c)
{
	DONE("party", "add", c->id, "--name", "Ines Duarte", "--kind", "individual", "--role", "ubo", "--role",
	     "director", "--control-role", "CEO", "--percent", "100", "--country", "PT", "--birth", "1984-02-11",
	     "--as", "rita");
	NEED(200, "GET", NULL, "%s", c->path);
	c->kyc_link = attack_link(reply_text(&api.last, "relatedParties[0].hostedUrl"));
	DONE_JSON("subsession", "list", c->id);
	c->kyc = test_keep(strdup(json_path_text(api.box.json, "data[0].id")));
}

void group_open(struct company *c)
{
	memset(c, 0, sizeof *c);
	NEED(201, "POST",
	     "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"business\",\"name\":\"Harbour Lane Ltd\","
	     "\"country\":\"GB\"}}",
	     "/kyc/sessions");
	c->id = api_keep(&api, "id");
	c->link = attack_link(reply_text(&api.last, "access_link"));
	NEED(201, "POST", INES, "/kyc/sessions/%s/subsessions", c->id);
	c->kyc = api_keep(&api, "id");
	c->kyc_link = attack_link(reply_text(&api.last, "access_link"));
}

void company_fill(const char *link)
{
	static const char *const steps[] = { "identity", "address", "documents", "selfie", "source_of_funds" };
	const struct form_file file = own_pdf("passport.pdf");

	cr_assert_eq(api_form(&api, test_text("%s/documents", link), &file, "type", "PASSPORT", NULL), 201, "%s",
		     api.last.body);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		NEED(200, "PUT", "{\"fields\":{\"said\":\"as on paper\"},\"done\":true}", "%s/steps/%s", link,
		     steps[i]);
}

void company_hand_in(const struct company *c, bool something)
{
	if (something)
		company_fill(c->kyc_link);
	/* A KYC without an identity document cannot be submitted. */
	NEED(something ? 200 : 409, "POST", NULL, "%s/complete", c->kyc_link);
	if (c->path) {
		NEED(200, "POST", NULL, "%s/submit", c->path);
		return;
	}
	company_fill(c->link);
	NEED(200, "POST", NULL, "%s/complete", c->link);
}

void company_review(const struct company *c)
{
	for (size_t i = 0; c->path && i < DOCUMENTS; i++)
		DONE("document", "accept", c->id, documents[i], "--as", "rita");
	DONE("document", "accept", c->kyc, "PASSPORT", "--as", "rita");
	if (!c->path)
		DONE("document", "accept", c->id, "PASSPORT", "--as", "rita");
	DONE("approve", c->kyc, "--grace", "0", "--as", "rita");
}

void company_ready(struct company *c)
{
	company_open(c);
	company_declare(c);
	company_hand_in(c, true);
	company_review(c);
}

void group_ready(struct company *c)
{
	group_open(c);
	company_hand_in(c, true);
	company_review(c);
}
