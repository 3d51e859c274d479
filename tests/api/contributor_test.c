/*
 * Separation of duties in the API, the link and commands on one production store: a person's commands and own key count
 * as one person. A person that saw the client's link cannot decide, unless a new link replaced it before its use.
 */
#include "attack.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPROVE "{\"status\":\"approved\"}"

/* ritas, mine: the reviewer keys of rita and of the user that runs the commands. */
static char *ritas, *mine, *id, *link_path;

static char *new_key(const char *name)
{
	DONE_JSON("reviewer", "key", name);
	return test_keep(strdup(json_path_text(api.box.json, "api_key")));
}

static void set_up(void)
{
	api_open_production(&api);
	DONE("reviewer", "add", "rita", "--role", "reviewer");
	ritas = new_key("rita");
	mine = new_key(getpwuid(getuid())->pw_name);
	api.token = api.key;
	NEED(201, "POST", PERSON_MAILED, "/kyc/sessions");
	id = api_keep(&api, "id");
	link_path = attack_link(reply_text(&api.last, "access_link"));
}

TestSuite(api_contributor, .init = set_up, .fini = api_tear_down);

static void complete_by(const char *link)
{
	company_fill(link);
	NEED(200, "POST", NULL, "%s/complete", link);
}

static void accept_passport(void)
{
	DONE("document", "accept", id, "PASSPORT", "--unseen", "--reason", "compared on paper");
}

static void expect_key_excluded(const char *says)
{
	ANSWERS("error.blockers[0].code: second_reviewer");
	cr_expect(strstr(api.last.body, says), "%s is not in %s", says, api.last.body);
}

/* Neither the command nor the key of the user that runs the tests can decide; the refusal contains `says`. */
static void expect_excluded(const char *says)
{
	static const char *const bodies[] = { APPROVE, "{\"status\":\"rejected\",\"reason\":\"other\"}" };

	BLOCKS(("approve", id, "--grace", "0"), "second_reviewer");
	cr_expect(strstr(api.box.last.out, says), "%s is not in %s", says, api.box.last.out);
	api.token = mine;
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		PATCHED(409, id, bodies[i]);
		expect_key_excluded(says);
	}
	ASK(409, "POST", "{\"corrections\":[{\"step_id\":\"identity\",\"message\":\"Again\"}]}",
	    "/kyc/sessions/%s/corrections", id);
	expect_key_excluded(says);
}

static void expect_rita_approves(void)
{
	api.token = ritas;
	PATCHED(200, id, APPROVE);
	ANSWERS("status: approved");
}

Test(api_contributor, a_change_by_command_excludes_the_same_persons_key)
{
	complete_by(link_path);
	accept_passport();
	DONE("step", "edit", id, "identity", "--field", "nationality=PT", "--reason", "as the client told us by phone");
	expect_excluded("changed a step (identity)");
	expect_rita_approves();
	BODY_HAS("\"contributors\":[", "\"what\":\"step.edit\"");
	/* The merchant and the client do not see the contributors. */
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	BODY_LACKS("contributors");
	NEED(200, "GET", NULL, "%s", link_path);
	BODY_LACKS("step.edit");
}

Test(api_contributor, a_refusal_to_the_merchant_names_no_reviewer)
{
	complete_by(link_path);
	accept_passport();
	DONE("step", "edit", id, "identity", "--field", "nationality=PT", "--reason", "as the client told us by phone");
	api.token = api.key;
	PATCHED(403, id, APPROVE);
	BODY_LACKS("changed a step");
}

Test(api_contributor, the_client_is_listed_and_keeps_nobody_from_deciding)
{
	complete_by(link_path);
	accept_passport();
	DONE_JSON("show", id);
	cr_expect(strstr(api.box.last.out, "\"by\": \"client\"") || strstr(api.box.last.out, "\"by\":\"client\""), "%s",
		  api.box.last.out);
	TELLS(("show", id), "changed by client: saved a step (identity), ");
	DONE("approve", id, "--grace", "0");
}

/* A person of the desk saw the link before it was used: nobody can tell if this person or the client used it. */
Test(api_contributor, a_link_that_was_shown_and_used)
{
	DONE("link", id, "--show");
	complete_by(link_path);
	accept_passport();
	expect_excluded("was shown the link of the client");
	api.token = api.key;
	NEED(200, "POST", NULL, "/kyc/sessions/%s/generate-link", id);
	cr_expect(strstr(api_keep(&api, "access_link"), "/s/"));
	expect_excluded("was shown the link of the client");
	expect_rita_approves();
}

Test(api_contributor, a_link_that_was_shown_and_replaced_unused)
{
	complete_by(link_path);
	accept_passport();
	DONE("link", id, "--show");
	expect_excluded("was shown the link of the client");
	api.token = api.key;
	NEED(200, "POST", NULL, "/kyc/sessions/%s/generate-link", id);
	DONE("approve", id, "--grace", "0");
}

Test(api_contributor, a_new_link_by_command_shows_it)
{
	complete_by(link_path);
	accept_passport();
	DONE("link", id);
	expect_excluded("was shown a new link of the client");
	expect_rita_approves();
}

/* A person that rejects on suspicion and undoes the rejection by command cannot approve with their key. */
Test(api_contributor, a_rejection_on_suspicion_undone_by_its_reviewer)
{
	complete_by(link_path);
	accept_passport();
	DONE("reject", id, "--reason", "suspected_fraud", "--grace", "60");
	DONE("undo", id);
	DONE("release", id);
	api.token = mine;
	PATCHED(409, id, APPROVE);
	BODY_HAS("undid a rejection for a restricted reason");
	DONE("suspicion", "close", id, "--not-filed", "--reason", "it was the wrong button");
	expect_rita_approves();
}
