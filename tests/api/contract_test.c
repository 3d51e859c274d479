/* Tests the validator that checks every response (contract.h), and docs/api/openapi.json with a linter and a client. */
#include "contract.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* The error of this text under the schema of this name; NULL if valid. */
static char *fault_of(const char *schema, const char *text)
{
	json_t *value = test_keep(json_loads(text, JSON_DECODE_ANY, NULL));

	cr_assert(value, "%s", text);
	return contract_fault(schema, value);
}

#define ID "\"id\":\"01a1fbae-0334-7129-8a6d-d18f716a40e1\""
#define TIMES "\"createdAt\":\"2026-11-20T10:00:00Z\",\"updatedAt\":\"2026-11-20T10:00:00.123Z\""
#define ATTEMPT(more) "{" ID ",\"levelName\":\"kyb-level-1\",\"resultMessage\":\"\",\"retryable\":false," more "}"
#define OPEN_ATTEMPT "\"status\":\"PENDING\",\"result\":\"\","

Test(contract, takes_what_a_schema_says)
{
	static const char *const rows[][2] = {
		{ "Made", "{" ID "}" },
		{ "Attempt", ATTEMPT(OPEN_ATTEMPT TIMES) },
		{ "KycSession", "{" ID ",\"state\":\"PENDING\",\"hostedUrl\":null,\"expiresAt\":null}" },
		{ "Error", "{\"error\":{\"code\":\"x\",\"message\":\"y\",\"fields\":[{\"field\":\"a\",\"message\":"
			   "\"b\"}],\"blockers\":[]}}" },
		{ "SessionSubject",
		  "{\"uid\":\"u\",\"kind\":\"individual\",\"name\":\"n\",\"country\":\"PT\",\"email\":null}" },
		{ "Webhooks", "{\"data\":[]}" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *fault = fault_of(rows[i][0], rows[i][1]);

		cr_expect_null(fault, "%s %s: %s", rows[i][0], rows[i][1], fault);
	}
}

Test(contract, refuses_what_a_schema_does_not_say)
{
	static const struct {
		const char *schema, *text, *says;
	} rows[] = {
		{ "Made", "{}", "has no \"id\"" },
		{ "Made", "{" ID ",\"more\":1}", "has \"more\"" },
		{ "Made", "{\"id\":7}", "id: is not a string" },
		{ "Made", "{\"id\":\"7\"}", "id: \"7\" is not a uuid" },
		{ "Made", "[]", "is not a object" },
		{ "Attempt", ATTEMPT("\"status\":\"DONE\",\"result\":\"\"," TIMES), "status: \"DONE\" is none" },
		{ "Attempt", ATTEMPT("\"status\":\"PENDING\",\"result\":null," TIMES), "result: is not a string" },
		{ "Attempt", ATTEMPT(OPEN_ATTEMPT "\"createdAt\":\"yesterday\",\"updatedAt\":\"now\""),
		  "is not a date-time" },
		{ "KycSession", "{" ID ",\"state\":\"PENDING\",\"hostedUrl\":7,\"expiresAt\":null}",
		  "none of its types" },
		{ "KycSession", "{" ID ",\"state\":\"PENDING\",\"hostedUrl\":\"ftp://a\",\"expiresAt\":null}",
		  "is not a uri" },
		{ "Error",
		  "{\"error\":{\"code\":\"x\",\"message\":\"y\",\"fields\":[{\"field\":\"a\"}],\"blockers\":[]}}",
		  "error.fields[0]: has no \"message\"" },
		{ "Processing",
		  "{\"session_id\":\"01a1fbae-0334-7129-8a6d-d18f716a40e1\",\"status\":\"active\","
		  "\"processing_results\":{}}",
		  "processing_results: has no" },
		{ "Webhooks", "{\"data\":{}}", "data: is not a array" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *fault = fault_of(rows[i].schema, rows[i].text);

		cr_expect(fault && strstr(fault, rows[i].says), "%s %s: %s", rows[i].schema, rows[i].text, fault);
	}
}

Test(contract, knows_the_addresses_of_the_reference)
{
	static const char id[] = "01a1fbae-0334-7129-8a6d-d18f716a40e1";
	char path[200];

	(void)snprintf(path, sizeof path, "/kyc/sessions/%s?x=/y", id);
	cr_expect_str_eq(contract_route(path), "/kyc/sessions/{session_id}");
	cr_expect_str_eq(contract_route("/s/token"), "/s/{token}");
	cr_expect_str_eq(contract_route("/kyc/sessions"), "/kyc/sessions");
	cr_expect_null(contract_route("/kyc/sessions/7"), "an id that is none");
	cr_expect_null(contract_route("/kyc/sessions/"));
	cr_expect_null(contract_route("/kyc"));
	(void)snprintf(path, sizeof path, "/kyc/sessions/%s/more", id);
	cr_expect_null(contract_route(path));
}

/* Runs a script and prints its output. Returns its status: 0, or 77 if it was skipped for a reason that it prints. */
static int run_script(const char *line, const char *name)
{
	char text[400];
	FILE *out = popen(line, "r");
	int status;

	cr_assert(out);
	while (fgets(text, sizeof text, out))
		fprintf(stderr, "%s: %s", name, text);
	status = pclose(out);
	cr_assert(WIFEXITED(status));
	cr_expect(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77, "%s: %d", name, status);
	return WEXITSTATUS(status);
}

Test(contract, the_reference_passes_an_outside_linter)
{
	char line[700];

	(void)snprintf(line, sizeof line, "sh %s/tests/api/lint_openapi.sh %s/../redocly", KYB_SOURCE_DIR,
		       KYB_OPENAPI_FOLDER);
	if (!run_script(line, "openapi")) {
		json_t *read = test_keep(json_load_file(KYB_OPENAPI_FOLDER "/../redocly/bundled.json", 0, NULL));
		json_t *held = test_keep(json_load_file(KYB_OPENAPI, 0, NULL));

		cr_assert(read && held);
		cr_expect(json_equal(read, held),
			  "docs/api/openapi.json differs from the reference that the responses are compared with");
	}
}

Test(contract, a_client_generated_in_typescript_submits_a_session)
{
	char line[900];

	(void)snprintf(line, sizeof line, "sh %s/tests/typescript/run.sh '%s' %s/../typescript 2>&1", KYB_SOURCE_DIR,
		       KYB_PROGRAM, KYB_OPENAPI_FOLDER);
	(void)run_script(line, "typescript");
}
