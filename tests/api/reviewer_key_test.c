/* Decisions through the API, with a merchant's key and with reviewers' own keys, in production and in a sandbox. */
#include "attack.h"
#include "matrix_rows.h"
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reviewers with their own keys, and whether each key can decide. */
static struct holder {
	const char *name, *role;
	bool supervised;
	bool ended; /* the key is revoked, or its holder is disabled */
	bool decides;
	char *key;
} holders[] = {
	{ "rita", "reviewer", false, false, true, NULL }, { "lea", "lead", false, false, true, NULL },
	{ "vic", "viewer", false, false, false, NULL },	  { "ina", "intake", false, false, false, NULL },
	{ "sue", "reviewer", true, false, false, NULL },  { "dan", "reviewer", false, true, false, NULL },
	{ "rose", "reviewer", false, true, false, NULL }, { "dora", "lead", false, false, false, NULL },
};
#define HOLDERS (sizeof holders / sizeof *holders)
enum { RITA, LEA, VIC, INA, SUE, DAN, ROSE, DORA };

static char *new_key(const char *name)
{
	DONE_JSON("reviewer", "key", name);
	return test_keep(strdup(json_path_text(api.box.json, "api_key")));
}

static void make_holders(void)
{
	for (size_t i = 0; i < HOLDERS; i++) {
		DONE("reviewer", "add", holders[i].name, "--role", holders[i].role,
		     holders[i].supervised ? "--supervised" : NULL);
		box_note(&api.box, new_key(holders[i].name));
	}
	DONE("reviewer", "disable", "dan");
	DONE("reviewer", "key", "rose", "--revoke");
	DONE("reviewer", "role", "dora", "viewer");
}

/* Makes a case with this merchant's key, ready to be approved; returns the id of the session. */
static char *ready(const char *merchants_key)
{
	api.token = merchants_key;
	NEED(201, "POST", PERSON_MAILED, "/kyc/sessions");
	char *id = api_keep(&api, "id");
	char *link = attack_link(reply_text(&api.last, "access_link"));
	company_fill(link);
	NEED(200, "POST", NULL, "%s/complete", link);
	DONE("document", "accept", id, "PASSPORT", "--unseen", "--reason", "compared on paper");
	return id;
}

static void expect_status(const char *id, const char *want)
{
	char *status = attack_status(id);

	cr_expect_str_eq(status, want);
}

static const char *refusal_code(void)
{
	return reply_text(&api.last, "error.code");
}

/* want: "ACTOR ROLE" of the action's last audit record, then " by request" if it names a request; "": no record. */
static void expect_recorded(const char *action, const char *want)
{
	char *sql =
		test_text("SELECT actor || ' ' || role || CASE WHEN instr(detail, '\"request\"') THEN ' by request' "
			  "ELSE '' END FROM audit_event WHERE action = '%s' ORDER BY seq DESC LIMIT 1",
			  action);

	cr_expect_str_eq(api_word(&api, sql), want, "%s", action);
}

/* --- in both kinds of store --- */

#define APPROVE "{\"status\":\"approved\"}"
#define CORRECT "{\"corrections\":[{\"step_id\":\"identity\",\"message\":\"Again, please\"}]}"

/* Requests that a merchant's key may send in a sandbox, and that are refused in production. */
static const struct {
	const char *method, *end, *body;
} deciding[] = {
	{ "PATCH", "", APPROVE },
	{ "PATCH", "", "{\"status\":\"rejected\",\"reason\":\"other\"}" },
	{ "POST", "/corrections", CORRECT },
	{ "POST", "/results", "{\"checks\":[{\"kind\":\"ofac\",\"status\":\"passed\"}]}" },
	{ "POST", "/results", "{\"results\":{\"final_decision\":\"approved\"}}" },
	{ "POST", "/results",
	  "{\"results\":{\"extraction_results\":{}},\"checks\":[{\"kind\":\"crypto\",\"status\":\"passed\"}]}" },
	{ "DELETE", "", NULL },
};

static void try_merchant(bool production)
{
	for (size_t i = 0; i < sizeof deciding / sizeof *deciding; i++) {
		char *id = ready(api.key);
		int status = api_callf(&api, deciding[i].method, deciding[i].body, "/kyc/sessions/%s%s", id,
				       deciding[i].end);
		const char *why = reply_text(&api.last, "error.message");
		/* In production a merchant's key has neither kyc:process nor kyc:review. */
		bool refused = status == 403 && (strstr(why, "in production") || strstr(why, "no permission kyc:"));

		cr_expect_eq(refused, production, "%s %s %s: %d %s", deciding[i].method, deciding[i].end,
			     deciding[i].body ? deciding[i].body : "", status, api.last.body);
		if (production) {
			cr_expect_str_eq(refusal_code(), "forbidden");
			NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
			expect_status(id, "completed");
		}
	}
}

/* At every address the key's owner is checked first, then the key's permission. A production store has no addresses of
 * a sandbox. */
static void try_addresses(bool production)
{
	size_t count;
	struct reference_route *routes = reference_routes(&api.box, &count);

	for (size_t h = 0; h < HOLDERS; h++) {
		api.token = holders[h].key;
		for (size_t i = 0; i < count; i++) {
			char *address = reference_address(routes[i].path);
			bool review = !strcmp(routes[i].permission, "kyc:review");

			int expected = production && routes[i].sandbox ? 404 : holders[h].ended ? 401 : 403;

			if (*routes[i].permission && (holders[h].ended || !review))
				cr_expect_eq(api_call(&api, routes[i].method, address, "{}"), expected,
					     "%s %s by %s: %s", routes[i].method, address, holders[h].name,
					     api.last.body);
		}
	}
}

/* After sue's first approval, sue cannot give the second one and the merchant sees no approval; rita can give it. */
static void second_approval(const char *id)
{
	ANSWERS("approval.part: first");
	PATCHED(409, id, APPROVE);
	ANSWERS("error.blockers[0].code: second_reviewer");
	BODY_HAS("first approval by sue");
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	BODY_LACKS("approval", "sue");
	api.token = holders[RITA].key;
	PATCHED(200, id, APPROVE);
	ANSWERS("approval.part: second", "approval.first_by: sue");
	expect_status(id, "approved");
}

/* Tries the other kinds of decisions on the case: each must be refused with the status `want`. */
static void expect_refused(const char *id, int want)
{
	static const char *const bodies[] = { "{\"status\":\"rejected\",\"reason\":\"other\"}",
					      "{\"status\":\"manual_review\"}" };

	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
		PATCHED(want, id, bodies[i]);
	ASK(want, "POST", CORRECT, "/kyc/sessions/%s/corrections", id);
}

/* Tries each reviewer's key on a case of one of the merchants; an approval is recorded with reviewer and role. */
static void try_holders(void)
{
	for (size_t h = 0; h < HOLDERS; h++) {
		char *id = ready(h % 2 ? api.other_key : api.key);
		int status, want = holders[h].ended ? 401 : holders[h].decides ? 200 : 403;

		api.token = holders[h].key;
		status = attack_patch(id, APPROVE);
		/* The approval of a supervised reviewer is the first of two. */
		if (h == SUE)
			want = 200;
		cr_expect_eq(status, want, "%s: %d %s", holders[h].name, status, api.last.body);
		if (want != 200)
			expect_refused(id, want);
		expect_status(id, want == 200 && h != SUE ? "approved" : "completed");
		if (h == SUE) {
			second_approval(id);
			continue;
		}
		if (want == 200) {
			expect_recorded("session.approve",
					test_text("%s %s by request", holders[h].name, holders[h].role));
		}
	}
}

static void make_production(void)
{
	api_make_production();
	make_holders();
}

static void make_sandbox(void)
{
	api_make_sandbox();
	make_holders();
}

static void begin(const char *kind, void (*make)(void))
{
	api_open_world(&api, kind, make, NULL);
	for (size_t i = 0; i < HOLDERS; i++)
		holders[i].key = api.box.notes[API_NOTES + i];
}

static void set_up_production(void)
{
	begin("api-holders-production", make_production);
}
TestSuite(reviewer_key_production, .init = set_up_production, .fini = api_tear_down);

static void set_up_sandbox(void)
{
	begin("api-holders-sandbox", make_sandbox);
}
TestSuite(reviewer_key_sandbox, .init = set_up_sandbox, .fini = api_tear_down);

Test(reviewer_key_production, a_merchants_key_decides_and_reports_nothing)
{
	try_merchant(true);
	expect_recorded("session.approve", "");
	expect_recorded("session.reject", "");
	expect_recorded("check.report", "");
	expect_recorded("session.results", "");
	expect_recorded("session.delete", "");
}

Test(reviewer_key_sandbox, a_merchants_key_does_what_it_did)
{
	try_merchant(false);
}

Test(reviewer_key_production, a_key_is_for_the_addresses_of_decisions_alone)
{
	try_addresses(true);
}

Test(reviewer_key_sandbox, a_key_is_for_the_addresses_of_decisions_alone)
{
	try_addresses(false);
}

Test(reviewer_key_production, a_supervised_rejection_waits_for_a_colleague)
{
	char *id = ready(api.key);

	api.token = holders[SUE].key;
	PATCHED(200, id, "{\"status\":\"rejected\",\"reason\":\"other\"}");
	ANSWERS("approval.part: first");
	expect_status(id, "completed");
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	BODY_LACKS("sue");
	api.token = holders[LEA].key;
	PATCHED(200, id, "{\"status\":\"rejected\",\"reason\":\"other\"}");
	expect_status(id, "rejected");
}

static int64_t version_at_the_desk(const char *id)
{
	DONE_JSON("show", id);
	return json_path_int(api.box.json, "version");
}

static int decide_on(const char *id, const char *status, int64_t version)
{
	char *body = test_text("{\"status\":\"%s\",\"version\":%lld}", status, (long long)version);
	return attack_patch(id, body);
}

/* If an HTTP library repeats a request, the repetition must not approve a case that a lead has reopened meanwhile. */
static void try_versions(bool shown_to_merchants)
{
	char *id = ready(api.key);
	int64_t seen = version_at_the_desk(id);

	api.token = holders[LEA].key;
	cr_expect_eq(decide_on(id, "approved", 0), 400);
	PATCHED(400, id, "{\"status\":\"approved\",\"version\":\"1\"}");
	cr_expect_eq(decide_on(id, "approved", seen - 1), 409, "%s", api.last.body);
	expect_status(id, "completed");
	cr_assert_eq(decide_on(id, "approved", seen), 200, "%s", api.last.body);
	cr_expect_eq(reply_int(&api.last, "version"), version_at_the_desk(id));
	DONE("reopen", id, "--reason", "The passport was reported as stolen");
	cr_expect_eq(decide_on(id, "approved", seen), 409, "%s", api.last.body);
	cr_expect_str_eq(refusal_code(), "conflict");
	char *body = test_text("{\"version\":%lld,\"corrections\":[{\"step_id\":\"identity\",\"message\":\"Again\"}]}",
			       (long long)seen);
	ASK(409, "POST", body, "/kyc/sessions/%s/corrections", id);
	expect_status(id, "manual_review");
	if (shown_to_merchants) {
		api.token = api.key;
		cr_expect_eq(decide_on(id, "approved", seen), 409);
		BODY_HAS("The session has changed since the version in the request; read the session again");
		api.token = holders[LEA].key;
	}
	cr_expect_eq(decide_on(id, "approved", version_at_the_desk(id)), 200, "%s", api.last.body);
	expect_status(id, "approved");
	/* In production a merchant never sees the version, because it also counts changes that only the desk may
	 * know. */
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	cr_expect_eq(strstr(api.last.body, "\"version\"") != NULL, shown_to_merchants, "%s", api.last.body);
}

Test(reviewer_key_production, a_decision_on_a_version_that_was_overtaken_is_refused)
{
	try_versions(false);
}

Test(reviewer_key_sandbox, a_decision_on_a_version_that_was_overtaken_is_refused)
{
	try_versions(true);
}

Test(reviewer_key_production, what_a_key_may_is_what_its_holder_may)
{
	try_holders();
}

Test(reviewer_key_sandbox, what_a_key_may_is_what_its_holder_may)
{
	try_holders();
}

/* --- two people --- */

/* Installs a workflow in which two people must approve a case without a risk score. */
static void ask_for_two(void)
{
	json_t *profile = test_keep(json_load_file(KYB_SOURCE_DIR "/data/workflows/generic-kyc.json", 0, NULL));

	json_object_set_new(profile, "version", json_integer(9));
	json_object_set_new(json_object_get(profile, "review"), "four_eyes_from_risk", json_integer(70));
	box_write(&api.box, "two.json", test_keep(json_dumps(profile, JSON_INDENT(2))));
	DONE("workflow", "install", "two.json");
}

/* Returns the name of the admin, which is the user that runs the tests. */
static char *admin(void)
{
	char path[32];
	size_t at = 0;

	DONE_JSON("reviewer", "list");
	do
		(void)snprintf(path, sizeof path, "data[%zu].role", at++);
	while (strcmp(json_path_text(api.box.json, path), "admin") != 0);
	(void)snprintf(path, sizeof path, "data[%zu].name", at - 1);
	return test_keep(strdup(json_path_text(api.box.json, path)));
}

Test(reviewer_key_production, the_same_person_by_key_and_by_command_is_one_of_two)
{
	ask_for_two();
	char *me = admin();
	char *key = new_key(me);
	char *id = ready(api.key);
	api.token = key;
	PATCHED(200, id, APPROVE);
	ANSWERS("approval.part: first");
	BLOCKS(("approve", id), "second_reviewer");
	expect_status(id, "completed");
	api.token = holders[LEA].key;
	PATCHED(200, id, APPROVE);
	ANSWERS(test_text("approval.first_by: %s", me));
	expect_status(id, "approved");
	/* If the desk requires a note of several different words, an approval with a key needs the note, too. */
	DONE("store", "set", "rationale_words", "3");
	id = ready(api.key);
	api.token = holders[LEA].key;
	PATCHED(400, id, "{\"status\":\"approved\",\"note\":\"aaa aaa aaa\"}");
	BODY_HAS("\"note\"");
	PATCHED(200, id, "{\"status\":\"approved\",\"note\":\"Register and passport agree\"}");
	DONE("audit", "verify");
}

/* In a sandbox a merchant's key can decide, but it never counts as one of the two people. */
Test(reviewer_key_sandbox, a_merchants_key_is_neither_of_two)
{
	ask_for_two();
	char *id = ready(api.key);
	api.token = api.key;
	PATCHED(409, id, APPROVE);
	BODY_LACKS("second_reviewer");
	expect_status(id, "completed");
	api.token = holders[RITA].key;
	PATCHED(200, id, APPROVE);
	api.token = api.key;
	PATCHED(409, id, APPROVE);
	expect_status(id, "completed");
}

/* --- actions of a key --- */

Test(reviewer_key_production, it_rejects_asks_and_takes_back_as_that_person)
{
	char *id = ready(api.key);

	api.token = holders[RITA].key;
	NEED(200, "POST", CORRECT, "/kyc/sessions/%s/corrections", id);
	expect_recorded("session.corrections", "rita reviewer by request");
	expect_status(id, "awaiting_client_correction");
	/* Only a reviewer may withdraw a reviewer's correction. */
	api.token = api.key;
	PATCHED(403, id, "{\"status\":\"manual_review\"}");
	api.token = holders[RITA].key;
	PATCHED(200, id, "{\"status\":\"manual_review\"}");
	expect_recorded("session.withdraw_corrections", "rita reviewer by request");
	PATCHED(200, id, "{\"status\":\"rejected\",\"reason\":\"other\",\"message\":\"No\"}");
	expect_recorded("session.reject", "rita reviewer by request");
	GIVES(("show", id), "decisions[1].by: rita");
}

/* By a key and by a command; the sentence names the way out. */
Test(reviewer_key_production, nobody_rejects_over_a_sanctions_hit_without_its_verdict)
{
	static const char hits[] = "[{\"name\":\"Ines D.\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\"}]";
	char *id = ready(api.key);

	box_write(&api.box, "hits.json", hits);
	DONE("check", "report", id, "ofac", "--status", "hit", "--hits", "hits.json");
	api.token = holders[RITA].key;
	PATCHED(409, id, "{\"status\":\"rejected\",\"reason\":\"other\"}");
	ANSWERS("error.blockers[0].code: hit_open");
	BODY_HAS("mark it as undetermined");
	FAILS(4, ("reject", id, "--reason", "other"), "error.blockers[1].code: hit_open");
	expect_status(id, "completed");
}

/* As at the desk, the response masks personal data and contains no link. */
Test(reviewer_key_production, its_answer_shows_no_link_and_nothing_personal)
{
	char *id = ready(api.key);

	READ_ONLY(("/kyc/sessions/%s", id), "as on paper");
	api.token = holders[RITA].key;
	PATCHED(200, id, APPROVE);
	ANSWERS("status: approved");
	BODY_LACKS("as on paper", "ines@mail", "/s/");
}

/* A colleague's claim blocks the decision as at the desk, and the response has the desk's blockers. */
Test(reviewer_key_production, a_colleague_who_holds_the_case_stops_it)
{
	char *id = ready(api.key);

	DONE("claim", id);
	api.token = holders[RITA].key;
	PATCHED(409, id, APPROVE);
	ANSWERS("error.blockers[0].code: claimed_by_other");
	expect_status(id, "completed");
	DONE("release", id);
	PATCHED(200, id, APPROVE);
}

Test(reviewer_key_production, a_case_that_its_holder_claimed_is_theirs)
{
	char *id = ready(api.key);

	DONE("assign", id, "rita");
	api.token = holders[LEA].key;
	PATCHED(409, id, APPROVE);
	api.token = holders[RITA].key;
	PATCHED(200, id, APPROVE);
}

Test(reviewer_key_production, another_key_ends_the_one_before)
{
	char *id = ready(api.key), *fresh = new_key("rita");

	api.token = holders[RITA].key;
	PATCHED(401, id, APPROVE);
	api.token = fresh;
	DONE("reviewer", "role", "rita", "viewer");
	PATCHED(403, id, APPROVE);
	DONE("reviewer", "role", "rita", "reviewer");
	PATCHED(200, id, APPROVE);
	DONE("reviewer", "disable", "rita");
	PATCHED(401, id, APPROVE);
	cr_expect_neq(box_run(&api.box, "reviewer", "key", "rita", NULL), 0, "a disabled reviewer gets a key");
}

/* Requests of two reviewers with the same Idempotency-Key are two different requests. */
Test(reviewer_key_production, keys_of_repeated_requests_are_each_reviewers_own)
{
	char *first = ready(api.key);

	(void)ready(api.key);
	char *path = test_text("/kyc/sessions/%s/corrections", first);
	api.token = holders[RITA].key;
	cr_expect_eq(api_once(&api, "one-key", path, CORRECT), 200, "%s", api.last.body);
	cr_expect_eq(api_once(&api, "one-key", path, CORRECT), 200, "%s", api.last.body);
	api.token = holders[LEA].key;
	cr_expect_eq(api_once(&api, "one-key", path, CORRECT), 409, "%s", api.last.body);
	cr_expect_str_neq(refusal_code(), "idempotency_key_used", "%s", api.last.body);
}

/* A reviewer's key works neither as a merchant's key at login nor as a token in an address. */
Test(reviewer_key_production, it_opens_nothing_else)
{
	api.token = NULL;
	char *body = test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, holders[LEA].key);
	ASK(401, "POST", body, "/api/v1/auth/login");
	ASK(404, "GET", NULL, "/api/s/%s", holders[LEA].key);
	ASK(404, "GET", NULL, "/s/%s", holders[LEA].key);
	ASK(404, "GET", NULL, "/files/%s", holders[LEA].key);
}

Test(reviewer_key_production, it_is_shown_once_and_stored_as_a_hash)
{
	size_t length = 0;

	DONE_JSON("reviewer", "list");
	for (size_t i = 0; i < HOLDERS; i++)
		PRINTS_NOT(holders[i].key);
	PRINTS("key_created_at");
	TELLS(("reviewer", "list"), "API key");
	DONE_SHELL("\"$K\" audit export");
	PRINTS("reviewer.key_revoke");
	PRINTS_NOT(holders[RITA].key);
	DONE("doctor");

	char *text = temp_read(api.box.store, &length);
	cr_expect_null(memmem(text, length, holders[RITA].key + 4, strlen(holders[RITA].key) - 4));
	ENDS(6, "reviewer", "key", "nobody");
	ENDS(4, "reviewer", "key", "rose", "--revoke");
}

/* A text for the client names no list, hit, suspicion or report; only a lead's key overrides this, with a reason. */
Test(reviewer_key_production, no_message_tips_off)
{
	static const char rejected[] = "{\"status\":\"rejected\",\"reason\":\"other\",\"message\":\"The FIU knows\"%s}";
	static const char correct[] =
		"{\"corrections\":[{\"step_id\":\"identity\",\"message\":\"We reported\\u200b you\"}]%s}";
	const char *why = ",\"override\":\"the regulator asked us to write it\"";
	char *id = ready(api.key);

	for (size_t i = 0; i < 2; i++) {
		bool lead = i;

		api.token = holders[lead ? LEA : RITA].key;
		PATCHED(400, id, test_text(rejected, ""));
		BODY_HAS("The text names \\\"FIU\\\"");
		ASK(400, "POST", test_text(correct, ""), "/kyc/sessions/%s/corrections", id);
		BODY_HAS("reported you", "corrections[0].message");
		ASK(lead ? 200 : 403, "POST", test_text(correct, why), "/kyc/sessions/%s/corrections", id);
		expect_status(id, lead ? "awaiting_client_correction" : "completed");
	}
	PATCHED(200, id, test_text(rejected, why));
	expect_recorded("session.reject", "lea lead by request");
}
