/* Errors of the generic dialect and of a client's link (RFC 9457), and the version in the addresses. */
#include "contract.h"
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(problem, .init = api_set_up, .fini = api_tear_down);

#define SUBJECT "\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"country\":\"PT\"}"

static void expect_problem(int status, const char *code)
{
	char *type = reply_header(&api.last, "Content-Type"), *id = reply_header(&api.last, "Kybdesk-Request-Id");
	char text[100];

	cr_expect_eq(api.last.status, status, "%s", api.last.body);
	cr_expect_str_eq(type, "application/problem+json", "%s", api.last.body);
	(void)snprintf(text, sizeof text, "/problems/%s", code);
	ANSWERS(test_text("type: %s", text));
	cr_expect_eq(reply_int(&api.last, "status"), status);
	cr_expect_neq(*reply_text(&api.last, "title"), '\0');
	(void)snprintf(text, sizeof text, "urn:uuid:%s", id);
	ANSWERS(test_text("instance: %s", text));
	/* The response also has the members of the previous format of errors. */
	ANSWERS(test_text("error.code: %s", code), test_text("error.message: %s", reply_text(&api.last, "detail")));
	cr_expect_eq(json_array_size(json_path(api.last.json, "error.fields")),
		     json_array_size(json_path(api.last.json, "errors")));
}

/* The only error is at this place of the body. */
static void expect_pointer(const char *pointer)
{
	ANSWERS("errors has 1", test_text("errors[0].pointer: %s", pointer));
}

Test(problem, says_where_in_the_body)
{
	static const char *const rows[][2] = {
		{ "{" SUBJECT "}", "#/workflow_id" },
		{ "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"country\":\"PT\"}}",
		  "#/subject/name" },
		{ "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"cat\",\"name\":\"A\",\"country\":"
		  "\"PT\"}}",
		  "#/subject/kind" },
		{ "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"A\","
		  "\"country\":\"Narnia\"}}",
		  "#/subject/country" },
		{ "{\"workflow_id\":\"generic-kyc\",\"expires_in_hours\":-4," SUBJECT "}", "#/expires_in_hours" },
		{ "{\"workflow_id\":\"generic-kyc\",\"metadata\":7," SUBJECT "}", "#/metadata" },
		{ "{\"workflow_id\":\"generic-kyc\",\"kind\":\"kyx\"," SUBJECT "}", "#/kind" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		(void)api_call(&api, "POST", "/kyc/sessions", rows[i][0]);
		expect_problem(400, "invalid");
		expect_pointer(rows[i][1]);
	}
	ASK(404, "POST", "{\"workflow_id\":\"nope\"," SUBJECT "}", "/kyc/sessions");
	expect_pointer("#/workflow_id");
	(void)api_call(&api, "POST", "/kyc/sessions", "{\"workflow_id\":7}");
	expect_problem(400, "invalid");
	cr_expect_eq(json_array_size(json_path(api.last.json, "errors")), 4, "all at once: %s", api.last.body);
	(void)api_call(&api, "GET", "/kyc/sessions?limit=many", NULL);
	expect_problem(400, "invalid");
	ANSWERS("errors[0].parameter: limit");
	cr_expect_not(reply_has(&api.last, "errors[0].pointer"));
	(void)api_send(&api, "POST", "/kyc/sessions", "Content-Type: application/json\r\nIdempotency-Key: a\x80\r\n",
		       PERSON, strlen(PERSON));
	ANSWERS("errors[0].header: Idempotency-Key");
	(void)api_call(&api, "POST", "/kyc/sessions", "{\"workflow_id\":");
	expect_problem(400, "invalid");
	ANSWERS("errors has 0");
}

Test(problem, says_where_in_corrections_and_parties)
{
	static const struct {
		const char *below, *body, *pointer;
	} rows[] = {
		{ "corrections", "{\"corrections\":[{\"step_id\":\"identity\"}]}", "#/corrections/0/message" },
		{ "corrections", "{\"corrections\":[{\"step_id\":\"identit\",\"message\":\"x\"}]}",
		  "#/corrections/0/step_id" },
		{ "corrections",
		  "{\"corrections\":[{\"step_id\":\"identity\",\"field_ids\":[\"nam\"],\"message\":\"x\"}]}",
		  "#/corrections/0/field_ids" },
		{ "corrections",
		  "{\"corrections\":[{\"step_id\":\"address\",\"message\":\"x\"},{\"step_id\":\"identity\","
		  "\"field_ids\":[\"nam\"],\"message\":\"x\"}]}",
		  "#/corrections" },
		{ "extend", "{\"hours\":\"many\"}", "#/hours" },
		{ "extend", "{\"hours\":0}", "#/hours" },
		{ "results", "{\"results\":7}", "#/results" },
		{ "results", "{\"results\":{\"final_decision\":\"maybe\"}}", "#/results/final_decision" },
		{ "results", "{\"checks\":[{\"kind\":\"luck\",\"status\":\"passed\"}]}", "#/checks/0/kind" },
		{ "subsessions", "{\"party\":{\"kind\":\"individual\"}}", "#/party/name" },
		{ "subsessions", "{\"party\":{\"kind\":\"cat\",\"name\":\"A\"}}", "#/party/kind" },
		{ "subsessions",
		  "{\"party\":{\"kind\":\"individual\",\"name\":\"A\",\"roles\":[\"ubo\"],\"ownership_percent\":"
		  "\"120\"}}",
		  "#/party/ownership_percent" },
		{ "subsessions",
		  "{\"party\":{\"kind\":\"individual\",\"name\":\"A\",\"roles\":[\"ubo\"],\"date_of_birth\":"
		  "\"soon\"}}",
		  "#/party/date_of_birth" },
	};

	NEED(201, "POST", PERSON, "/kyc/sessions");
	char *id = api_keep(&api, "id");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		api_in_store(&api, strcmp(rows[i].below, "corrections")
					   ? "UPDATE session SET status = 'active'"
					   : "UPDATE session SET status = 'manual_review'");
		(void)api_callf(&api, "POST", rows[i].body, "/kyc/sessions/%s/%s", id, rows[i].below);
		expect_problem(400, "invalid");
		expect_pointer(rows[i].pointer);
	}
}

Test(problem, says_where_in_a_step_of_the_link)
{
	NEED(201, "POST", PERSON, "/kyc/sessions");
	char *link = api_keep(&api, "access_link");
	char *where = test_text("/api%s", strstr(link, "/s/"));
	(void)api_callf(&api, "PUT", "{\"fields\":{\"date_of_birth\":\"soon\"},\"done\":true}", "%s/steps/identity",
			where);
	expect_problem(400, "invalid");
	expect_pointer("#/fields/date_of_birth");
	(void)api_callf(&api, "PUT", "{\"fields\":[]}", "%s/steps/identity", where);
	expect_problem(400, "invalid");
	expect_pointer("#/fields");
	(void)api_callf(&api, "PUT", "{\"fields\":{\"a\":\"b\"}}", "%s/steps/nothing", where);
	expect_problem(400, "invalid");
	cr_expect_not(reply_has(&api.last, "errors[0].pointer"), "the address is wrong: %s", api.last.body);
	(void)api_callf(&api, "POST",
			"{\"document_type\":\"PASSPORT\",\"content\":\"JVBERi0xLjQKJSVFT0YK\",\"side\":\"left\"}",
			"%s/documents", where);
	ANSWERS("errors[0].pointer: #/side");
	(void)api_callf(&api, "POST", "{\"content\":\"AAAA\"}", "%s/documents", where);
	expect_problem(400, "invalid");
	expect_pointer("#/document_type");
}

Test(problem, has_one_kind_for_each_code)
{
	ASK(404, "GET", NULL, "/kyc/sessions/01a1fbae-0334-7129-8a6d-d18f716a40e1");
	expect_problem(404, "not_found");
	ASK(404, "GET", NULL, "/nothing");
	expect_problem(404, "not_found");
	ASK(405, "PUT", NULL, "/kyc/sessions");
	expect_problem(405, "method_not_allowed");
	cr_expect_eq(api_send(&api, "POST", "/kyc/sessions", "Content-Type: text/plain\r\n", "x", 1), 415);
	expect_problem(415, "unsupported_media_type");
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", PERSON), 201);
	cr_expect_eq(api_once(&api, "k", "/kyc/sessions", "{\"workflow_id\":\"x\"}"), 409);
	expect_problem(409, "idempotency_key_used");
	api.token = "wrong";
	ASK(401, "GET", NULL, "/kyc/sessions");
	expect_problem(401, "unauthorized");
	ASK(404, "GET", NULL, "/api/s/unknown");
	expect_problem(404, "not_found");
	ASK(200, "GET", NULL, "/problems");
	for (size_t i = 0; i < json_array_size(json_object_get(api.last.json, "data")); i++) {
		struct reply *last = &api.last;
		char path[60], code[100], where[120];

		(void)snprintf(path, sizeof path, "data[%zu].code", i);
		(void)snprintf(code, sizeof code, "%s", reply_text(last, path));
		(void)snprintf(where, sizeof where, "/problems/%s", code);
		ASK(200, "GET", NULL, "%s", where);
		cr_expect_str_eq(reply_text(last, "code"), code);
		cr_expect_neq(*reply_text(last, "resolve"), '\0');
		ASK(200, "GET", NULL, "/problems");
	}
	ASK(404, "GET", NULL, "/problems/rain");
	expect_problem(404, "not_found");
}

static bool is_listed(const char *code)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(api.last.json, "data"), i, item)
	{
		if (!strcmp(json_string_value(json_object_get(item, "code")), code))
			return true;
	}
	return false;
}

/* Each error code in the source of the API is listed at /problems, except codes of a single dialect. */
Test(problem, lists_every_code_of_the_front_end)
{
	static const char *const others[] = { "cross_site", "document_missing", "not_verified" };
	static const char *const calls[] = { "request_refuse(", "r->code = " };
	char *text = entrance_text();
	size_t found = 0;

	NEED(200, "GET", NULL, "/problems");
	for (size_t c = 0; c < sizeof calls / sizeof *calls; c++) {
		for (const char *at = text; (at = strstr(at, calls[c]));) {
			char code[40];
			size_t before, length;
			bool other = false;

			at += strlen(calls[c]);
			before = strcspn(at, "\";");
			length = at[before] == '"' ? strspn(at + before + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
			if (!length || length >= sizeof code || at[before + 1 + length] != '"')
				continue;
			(void)snprintf(code, sizeof code, "%.*s", (int)length, at + before + 1);
			for (size_t i = 0; i < sizeof others / sizeof *others; i++)
				other = other || !strcmp(others[i], code);
			cr_expect(other || is_listed(code), "%s is not in the table of problems", code);
			found++;
		}
	}
	cr_expect_gt(found, 20, "the source refuses in another way");
}

/* The other dialects keep their own format of errors. */
Test(problem, leaves_the_other_dialects_theirs)
{
	static const char *const paths[] = { "/api/v1/account/business-user/01a1fbae-0334-7129-8a6d-d18f716a40e1",
					     "/api/v1/nothing",
					     "/v2/nothing",
					     "/v2/kyc/attempts?subAccountId=01a1fbae-0334-7129-8a6d-d18f716a40e1",
					     "/api/v0.1/nothing",
					     "/api/v0.1/businesses/x/beneficial_owners" };

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		ASK(404, "GET", NULL, "%s", paths[i]);
		char *type = reply_header(&api.last, "Content-Type");
		cr_expect_str_eq(type, "application/json", "%s", paths[i]);
		cr_expect_not(reply_has(&api.last, "title"), "%s", api.last.body);
	}
}

Test(problem, version_is_in_the_address_of_the_generic_dialect)
{
	static const char *const none[] = { "/v1/healthz",
					    "/v1",
					    "/v1/",
					    "/v1/kyc",
					    "/v1/kyc/",
					    "/v1/v1/kyc/sessions",
					    "/v1/api/v1/webhooks",
					    "/v3/kyc/sessions",
					    "/V1/kyc/sessions",
					    "/v1//kyc/sessions",
					    "/v1/problems" };

	NEED(201, "POST", PERSON, "/v1/kyc/sessions");
	char *id = api_keep(&api, "id");
	ASK(200, "GET", NULL, "/kyc/sessions/%s", id);
	GETS(("/v1/kyc/sessions/%s", id), test_text("id: %s", id));
	ASK(200, "POST", "{\"hours\":1}", "/v1/kyc/sessions/%s/extend", id);
	GETS(("/v1/kyc/sessions?limit=1"), "total = 1");
	ASK(405, "PUT", NULL, "/v1/kyc/sessions");
	expect_problem(405, "method_not_allowed");
	/* A request can be repeated at the other address, with or without /v1. */
	cr_expect_eq(api_once(&api, "again", "/kyc/sessions", PERSON), 201);
	id = api_keep(&api, "id");
	cr_expect_eq(api_once(&api, "again", "/v1/kyc/sessions", PERSON), 201);
	ANSWERS(test_text("id: %s", id));
	api.token = api.other_key;
	ASK(404, "GET", NULL, "/v1/kyc/sessions/%s", id); /* another merchant */
	api.token = NULL;
	ASK(401, "GET", NULL, "/v1/kyc/sessions/%s", id);
	expect_problem(401, "unauthorized");
	api.token = api.key;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		ASK(404, "GET", NULL, "%s", none[i]);
}

/* A refusal names the member as it was sent, and the allowed values. For Atelio it shows how to send the token. */
Test(problem, names_the_member_and_what_it_may_be)
{
#define UUID "01a2118f-d7db-7465-b184-492542bd40a0"
	static const struct {
		const char *method, *path, *body;
		int status;
		const char *field, *says; /* field: "" none */
	} rows[] = {
		{ "POST", "/kyc/sessions", "{\"workflow_id\":\"generic-kyb\"," SUBJECT "}", 404, "workflow_id",
		  "Did you mean" },
		{ "GET", "/kyc/sessions/user-7", NULL, 404, "", "is not an id; use an id from a response (a UUID)" },
		{ "GET", "/v1/kyc/sessions/user-7/subsessions", NULL, 404, "", "is not an id" },
		{ "GET", "/kyc/sessions/user-7/nothing", NULL, 404, "", "There is nothing at this address" },
		{ "GET", "/kyc/sessions?status=aproved", NULL, 400, "status", "did you mean approved?" },
		{ "GET", "/kyc/sessions?compliance_status=zzzzzzzzzzzz", NULL, 400, "compliance_status", "allowed: " },
		{ "PATCH", "/kyc/sessions/" UUID, "{\"status\":\"aproved\"}", 400, "status", "did you mean approved?" },
		{ "POST", "/kyc/sessions/" UUID "/subsessions",
		  "{\"party\":{\"kind\":\"individual\",\"name\":\"A\",\"roles\":[\"boss\"]}}", 400, "party.roles",
		  "allowed: " },
		{ "POST", "/v1/webhook_endpoints",
		  "{\"url\":\"https://shop.example/h\",\"events\":[\"kyc.stat_updated\"]}", 400, "events",
		  "Did you mean" },
		{ "POST", "/api/v1/webhooks", "{\"url\":\"https://shop.example/h\",\"events\":[\"kyc.stat_updated\"]}",
		  400, "events", "Did you mean" },
		{ "POST", "/api/v1/account/users/" UUID "/accounts/" UUID "/payins",
		  "{\"amount\":1,\"state\":\"DONE\"}", 400, "state", "COMPLETED, FAILED or PROCESSING" },
		{ "POST", "/api/v1/account/users/" UUID "/accounts/" UUID "/payins",
		  "{\"amount\":1000000000000000000000000000000}", 400, "", "a number is too large" },
		{ "PATCH", "/api/v1/account/orders/" UUID, "{\"state\":\"DONE\"}", 400, "state",
		  "COMPLETED, FAILED or CANCELLED" },
		{ "POST", "/api/v0.1/businesses", "{}", 400, NULL, "{\\\"name\\\":[" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		ASK(rows[i].status, rows[i].method, rows[i].body, "%s", rows[i].path);
		if (rows[i].field)
			ANSWERS(test_text("error.fields[0].field: %s", rows[i].field));
		cr_expect(strstr(api.last.body, rows[i].says), "%s: %s", rows[i].path, api.last.body);
		BODY_LACKS("as a string");
	}
	NEED(201, "POST", "{\"accountType\":\"COMPANY\",\"name\":\"ACME LTDA\"}", "/v2/account/sub-accounts");
	char *account = api_keep(&api, "id");
	char *path = test_text("/v2/documents?subAccountId=%s", account);
	for (size_t i = 0; i < 2; i++) {
		ASK(400, "POST",
		    i ? "{\"documentType\":\"CERTIFICATE-OF-INCORPORATION\",\"isDoubleSided\":true}"
		      : "{\"documentType\":\"CERT\"}",
		    "%s", path);
		ANSWERS(test_text("error.fields[0].field: %s", i ? "isDoubleSided" : "documentType"));
		BODY_HAS(i ? "has one side; send isDoubleSided as false" : "allowed: CERTIFICATE-OF-INCORPORATION, ");
	}
	api.token = "kyb_wrong";
	ASK(401, "POST", "{}", "/api/v0.1/businesses");
	BODY_HAS("send Authorization: TOKEN; if you send the header Identity");
}
