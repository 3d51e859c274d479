/* Attacks that matter only in production: a merchant submits a case, and uses the same key to report results of the
 * case and to request its decision. */
#include "attack.h"

#include <stdlib.h>
#include <string.h>

static char *id, *link_path;

static void set_up(void)
{
	api_open_production(&api);
	NEED(201, "POST", PERSON, "/kyc/sessions");
	id = api_keep(&api, "id");
	link_path = attack_link(reply_text(&api.last, "access_link"));
	company_fill(link_path);
	NEED(200, "POST", NULL, "%s/complete", link_path);
}
TestSuite(api_attack_production, .init = set_up, .fini = api_tear_down);

/* A merchant cannot report results, in any form. */
static void report(const char *body)
{
	ASK(403, "POST", body, "/kyc/sessions/%s/results", id);
}

/* The merchant's key cannot approve the case. A reviewer that submitted nothing of the case can. */
static void only_a_person_decides(void)
{
	PATCHED(403, id, "{\"status\":\"approved\"}");
	ANSWERS("error.code: forbidden");
	char *status = attack_status(id);
	cr_expect_str_neq(status, "approved");
	DONE("document", "accept", id, "PASSPORT", "--unseen", "--reason", "compared on paper");
	DONE("approve", id, "--grace", "0");
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

/* The merchant's key tries to report a final decision while the case is being processed. */
Test(api_attack_production, final_decision_posted_while_it_is_processed)
{
	/* In production only providers have kyc:process; a reviewer starts the processing. */
	ASK(403, "POST", NULL, "/kyc/sessions/%s/process", id);
	DONE("process", id);
	report("{\"results\":{\"final_decision\":\"approved\"}}");
	PATCHED(403, id, "{\"status\":\"approved\"}");
	char *status = attack_status(id);
	cr_expect_str_eq(status, "processing");
}

Test(api_attack_production, a_check_that_had_no_result_is_asked_for_again)
{
	DONE("check", "report", id, "watchlist", "--status", "error");
	ASK(403, "POST", NULL, "/kyc/sessions/%s/validate", id);
	TELLS(("validate", id), "watchlist");
}

/* Submits a case and the KYC of its owner. The merchant declared the owner. */
static void declare(struct company *c)
{
	group_open(c);
	company_hand_in(c, true);
}

Test(api_attack_production, own_decision_on_the_kyc_of_an_owner)
{
	struct company c;

	declare(&c);
	PATCHED(403, c.kyc, "{\"status\":\"approved\"}");
	DONE("document", "accept", c.kyc, "PASSPORT", "--unseen", "--reason", "compared on paper");
	DONE("approve", c.kyc, "--grace", "0");
	PATCHED(403, c.id, "{\"status\":\"approved\"}");
	DONE("document", "accept", c.id, "PASSPORT", "--unseen", "--reason", "compared on paper");
	DONE("approve", c.id, "--grace", "0");
}

Test(api_attack_production, own_results_of_the_kyc_of_an_owner)
{
	struct company c;

	declare(&c);
	ASK(403, "POST",
	    "{\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"}],\"results\":{\"final_decision\":"
	    "\"approved\"}}",
	    "/kyc/sessions/%s/results", c.kyc);
	ASK(403, "POST", NULL, "/kyc/sessions/%s/process", c.kyc);
	DONE("process", c.kyc);
	char *status = attack_status(c.kyc);
	cr_expect_str_eq(status, "processing");
}
