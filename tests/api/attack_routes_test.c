/* Checks that no route can do the named attacks that have no test at this front end. */
#include "kybdesk/desk/verbs.h"
#include "reference.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(api_attack_routes);

#define NAMED(NAME, ...) [VERB_##NAME] = "VERB_" #NAME,
static const char *const names[VERB_COUNT] = { VERBS(NAMED) };

/* Attacks, each with a verb that the attack needs and that no route runs. If routes can do a part of an attack, the
 * other files attack*_test.c of this folder test this part. */
static const struct {
	const char *attack;
	enum verb verb;
	const char *why;
} without[] = {
	{ "identity swapped by import", VERB_SESSION_APPLY, "imports are files, read by a command" },
	{ "identity swapped by import", VERB_PARTIES_APPLY, "the same" },
	{ "identity swapped by import", VERB_CARRY, "the same" },
	{ "identity swapped", VERB_STEP_EDIT, "what was submitted is changed by reviewers" },
	{ "owner left out and replaced", VERB_PARTY_COPY, "persons are copied by reviewers" },
	{ "paper re-dated", VERB_DOCUMENTS_APPLY, "no route takes the day on which a paper ends" },
	{ "optional paper rejected or unseen", VERB_DOCUMENT_ACCEPT, "papers are looked at by people" },
	{ "optional paper rejected or unseen", VERB_DOCUMENT_REJECT, "the same" },
	{ "optional paper rejected or unseen", VERB_CONFIRM, "the same" },
	{ "owner removed or lowered after rejection", VERB_PARTY_OWN, "shares in other parties are not edited" },
	{ "owner removed or lowered after rejection", VERB_PARTY_GAP, "a gap is explained by a lead" },
	{ "confirmed match revised by a reviewer", VERB_HIT_RESOLVE, "hits are compared by people" },
	{ "confirmed match revised by a reviewer", VERB_HIT_ACCEPT, "a lead accepts one" },
	{ "waiver over another result", VERB_CHECK_WAIVE, "a lead waives" },
	{ "own workflow file", VERB_WORKFLOW_INSTALL, "rules come by an admin's command" },
	{ "own reasons file", VERB_REASONS_INSTALL, "the same" },
	{ "verified elsewhere over a rejection", VERB_PARTY_VERIFY, "a lead says so" },
	{ "verified elsewhere over a rejection", VERB_PARTY_UNVERIFY, "the same" },
	{ "correction \"answered\" by handing in", VERB_CORRECTION_ACCEPT, "answers are accepted by reviewers" },
	{ "retryable rejection overturned", VERB_REOPEN, "a lead reopens" },
	{ "retryable rejection overturned", VERB_UNDO, "who decided takes it back" },
	{ "confirmed match revised by a reviewer", VERB_REVIEW_UNDO, "who gave a verdict undoes it" },
	{ "final_decision imported by who then decides", VERB_DUPLICATE_DISMISS, "reviewers dismiss" },
};

Test(api_attack_routes, what_no_route_does_no_route_asks_for)
{
	char *text = entrance_text();

	for (size_t i = 0; i < sizeof without / sizeof *without; i++)
		cr_expect(!entrance_names(text, names[without[i].verb]),
			  "a route asks for %s now; it was said of \"%s\": %s. Write its attack",
			  names[without[i].verb], without[i].attack, without[i].why);
}

static const json_t *schema_of(const json_t *root, const json_t *body)
{
	static const char where[] = "#/components/schemas/";
	const json_t *schema = json_object_get(body, "schema");
	const char *name = json_string_value(json_object_get(schema, "$ref"));

	if (!name)
		return schema;
	cr_assert(!strncmp(name, where, strlen(where)), "%s", name);
	return json_object_get(json_object_get(json_object_get(root, "components"), "schemas"), name + strlen(where));
}

/* No request body of the reference has, at its top level, a member for a value that only the desk sets. */
Test(api_attack_routes, no_route_has_a_member_for_what_only_the_desk_says)
{
	static const char *const members[] = { "expires_on", "review",	     "verified",      "verified_elsewhere",
					       "waived",     "hits",	     "workflow_file", "reasons",
					       "decisions",  "decided_by",   "verification",  "risk_score",
					       "level",	     "duplicate_of", "assignee",      "legal_hold" };
	const char *path, *method, *type;
	json_t *root, *operations, *operation, *body;
	int bodies = 0;

	box_open(&api.box);
	DONE("info", "--reference", "openapi");
	root = test_keep(json_loads(api.box.last.out, 0, NULL));
	cr_assert(root);
	json_object_foreach(json_object_get(root, "paths"), path, operations)
	{
		json_object_foreach(operations, method, operation)
		{
			json_object_foreach(json_object_get(json_object_get(operation, "requestBody"), "content"), type,
					    body)
			{
				const json_t *taken = json_object_get(schema_of(root, body), "properties");

				bodies += taken != NULL;
				for (size_t i = 0; i < sizeof members / sizeof *members; i++)
					cr_expect(!json_object_get(taken, members[i]), "%s %s takes %s", method, path,
						  members[i]);
			}
		}
	}
	cr_expect_gt(bodies, 20);
	box_close(&api.box);
}

/* Members for values that only the desk sets are ignored, and the header Kybdesk-Ignored names them. */
Test(api_attack_routes, a_member_for_it_is_ignored_and_named)
{
	api_open(&api, NULL);
	NEED(201, "POST",
	     "{\"workflow_id\":\"generic-kyc\",\"status\":\"approved\",\"risk_score\":1,\"subject\":{"
	     "\"kind\":\"business\",\"name\":\"Harbour Lane\",\"country\":\"GB\"}}",
	     "/kyc/sessions");
	ANSWERS("status: draft");
	char *ignored = reply_header(&api.last, "Kybdesk-Ignored");
	cr_assert(ignored);
	cr_expect(strstr(ignored, "status") && strstr(ignored, "risk_score"), "%s", ignored);
	char *id = api_keep(&api, "id");
	NEED(201, "POST",
	     "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui "
	     "Falso\",\"roles\":[\"ubo\"],\"verification\":"
	     "\"verified_elsewhere\",\"verified\":true}}",
	     "/kyc/sessions/%s/subsessions", id);
	ignored = reply_header(&api.last, "Kybdesk-Ignored");
	cr_assert(ignored);
	cr_expect(strstr(ignored, "verif"), "%s", ignored);
	BLOCKS(("approve", id, "--grace", "0"), "party_not_verified");
	/* A merchant cannot use its own workflow file or its own reason. */
	ASK(404, "POST",
	    "{\"workflow_id\":\"../my-workflow.json\",\"subject\":{\"kind\":\"business\",\"name\":"
	    "\"Harbour Lane\",\"country\":\"GB\"}}",
	    "/kyc/sessions");
	ASK(400, "PATCH", "{\"status\":\"rejected\",\"reason\":\"my_reason\"}", "/kyc/sessions/%s", id);
	api_close(&api);
}
