/* The attacks that only matter in production, where a merchant's key submits a case and its results, and requests a
 * decision. */
#include "attack.h"

#include <stdlib.h>
#include <string.h>

static char *id, *link_path;

static void set_up(void)
{
	api_open_production(&api);
	NEEDED(&api, 201, "POST",
	       "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","
	       "\"country\":\"PT\"}}",
	       "/kyc/sessions");
	id = api_keep(&api, "id");
	link_path = attack_link(reply_text(&api.last, "access_link"));
	company_fill(&api, link_path);
	NEEDED(&api, 200, "POST", NULL, "%s/complete", link_path);
}
static void tear_down(void)
{
	api_close(&api);
}
TestSuite(api_attack_production, .init = set_up, .fini = tear_down);

/* A merchant cannot report results, in any form. */
static void report(const char *body)
{
	ASKED(&api, 403, "POST", body, "/kyc/sessions/%s/results", id);
}

/* The API does not decide either. A reviewer that submitted nothing does. */
static void only_a_person_decides(void)
{
	cr_expect_eq(attack_patch(&api, id, "{\"status\":\"approved\"}"), 403, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "error.code"), "forbidden", "%s", api.last.body);
	char *status = attack_status(&api, id);
	cr_expect_str_neq(status, "approved");
	STAFF(&api, "document", "accept", id, "PASSPORT");
	STAFF(&api, "approve", id, "--grace", "0");
}

Test(api_attack_production, own_check_result)
{
	report("{\"checks\":[{\"kind\":\"ofac\",\"status\":\"failed\"}]}");
	report("{\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"}]}");
	only_a_person_decides();
}

Test(api_attack_production, final_decision_posted_by_who_then_decides)
{
	report("{\"results\":{\"final_decision\":\"approved\"}}");
	only_a_person_decides();
}

/* The same, with processing requested first and results sent afterwards. */
Test(api_attack_production, final_decision_posted_while_it_is_processed)
{
	/* In production kyc:process belongs to providers; a reviewer starts it. */
	ASKED(&api, 403, "POST", NULL, "/kyc/sessions/%s/process", id);
	STAFF(&api, "process", id);
	report("{\"results\":{\"final_decision\":\"approved\"}}");
	cr_expect_eq(attack_patch(&api, id, "{\"status\":\"approved\"}"), 403, "%s", api.last.body);
	char *status = attack_status(&api, id);
	cr_expect_str_eq(status, "processing");
}

Test(api_attack_production, a_check_that_had_no_result_is_asked_for_again)
{
	STAFF(&api, "check", "report", id, "watchlist", "--status", "error");
	ASKED(&api, 403, "POST", NULL, "/kyc/sessions/%s/validate", id);
	STAFF(&api, "validate", id);
	cr_expect(strstr(api.box.last.out, "watchlist"), "%s", api.box.last.out);
}

/* The KYC of a party that the merchant declared: it reaches that session only through its parent and
 * the client's link. */
static void declare(struct company *c)
{
	group_open(&api, c);
	company_hand_in(&api, c, true);
}

Test(api_attack_production, own_decision_on_the_kyc_of_an_owner)
{
	struct company c;

	declare(&c);
	cr_expect_eq(attack_patch(&api, c.kyc, "{\"status\":\"approved\"}"), 403, "%s", api.last.body);
	STAFF(&api, "document", "accept", c.kyc, "PASSPORT");
	STAFF(&api, "approve", c.kyc, "--grace", "0");
	cr_expect_eq(attack_patch(&api, c.id, "{\"status\":\"approved\"}"), 403, "%s", api.last.body);
	STAFF(&api, "document", "accept", c.id, "PASSPORT");
	STAFF(&api, "approve", c.id, "--grace", "0");
}

Test(api_attack_production, own_results_of_the_kyc_of_an_owner)
{
	struct company c;

	declare(&c);
	ASKED(&api, 403, "POST",
	      "{\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"}],\"results\":{\"final_decision\":"
	      "\"approved\"}}",
	      "/kyc/sessions/%s/results", c.kyc);
	ASKED(&api, 403, "POST", NULL, "/kyc/sessions/%s/process", c.kyc);
	STAFF(&api, "process", c.kyc);
	char *status = attack_status(&api, c.kyc);
	cr_expect_str_eq(status, "processing");
}
