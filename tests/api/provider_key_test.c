/* A provider's key over HTTP, in production: results of its checks, and nothing else. */
#include "attack.h"

#include <stdlib.h>
#include <string.h>

static char *id, *watchman, *easy;

static char *provider(const char *name, const char *checks)
{
	DONE_JSON("merchant", "key", "shop", "--provider", checks, "--name", name);
	return test_keep(strdup(json_path_text(api.box.json, "api_key")));
}

static void set_up(void)
{
	api_open_production(&api);
	watchman = provider("watchman", "watchlist,crypto");
	easy = provider("easy", "crypto");
	api.token = api.key;
	NEED(201, "POST", PERSON_MAILED, "/kyc/sessions");
	id = api_keep(&api, "id");
}

TestSuite(api_provider_key, .init = set_up, .fini = api_tear_down);

#define CRYPTO(status) "{\"checks\":[{\"kind\":\"crypto\",\"status\":\"" status "\"}]}"

static void report(const char *key, int status, const char *body)
{
	api.token = key;
	NEED(status, "POST", body, "/kyc/sessions/%s/results", id);
}

Test(api_provider_key, reports_its_checks)
{
	report(watchman, 202, CRYPTO("failed"));
	BODY_LACKS("Ines");
	report(easy, 202, CRYPTO("passed"));
	GIVES(("check", "list", id), "data[0].status: failed", "data[0].reported_by: provider:watchman",
	      "data[0].beside: passed", "data[0].beside_by: provider:easy");
	TELLS(("check", "list", id), "provider:easy reported passed");
}

#define LISTED(status)                                                                                                 \
	"{\"checks\":[{\"kind\":\"watchlist\",\"status\":\"" status                                                    \
	"\",\"source\":\"northwind\",\"source_version\":\"2026-11-01\"}]}"

/* The same key, source and person. */
Test(api_provider_key, ends_no_adverse_result_of_its_own)
{
	report(watchman, 202, LISTED("failed"));
	report(watchman, 202, LISTED("passed"));
	GIVES(("check", "list", id), "data[0].status: failed", "data[0].results has 2",
	      "data[0].results[0].source: northwind", "data[0].results[0].source_version: 2026-11-01",
	      "data[0].results[0].person: subject", "data[0].results[1].status: passed");
	DONE("check", "judge", id, "watchlist.1", "--verdict", "cleared", "--reason", "another person, born in 1961");
	GIVES(("check", "list", id), "data[0].status: passed", "data[0].results[0].verdict: cleared");
	/* By command, of another source. */
	DONE("check", "report", id, "watchlist", "--status", "failed", "--source", "easy", "--source-version", "7");
	GIVES(("check", "list", id), "data[0].status: failed", "data[0].results[2].source: easy",
	      "data[0].results[2].source_version: 7");
}

Test(api_provider_key, reports_nothing_else)
{
	report(easy, 403, "{\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]}");
	report(watchman, 403, "{\"results\":{\"final_decision\":\"approved\"}}");
	/* The merchant's key cannot report results. */
	report(api.key, 403, CRYPTO("passed"));
	GIVES(("check", "list", id), "data has 0");
}

Test(api_provider_key, reads_and_decides_nothing)
{
	static const struct {
		const char *method, *below, *body;
	} requests[] = {
		{ "GET", "", NULL },
		{ "PATCH", "", "{\"status\":\"approved\"}" },
		{ "DELETE", "", NULL },
		{ "POST", "/validate", "{}" },
		{ "POST", "/process", "{}" },
		{ "POST", "/corrections", "{}" },
		{ "POST", "/generate-link", "{}" },
	};

	api.token = watchman;
	NEED(403, "GET", NULL, "/kyc/sessions");
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		NEED(403, requests[i].method, requests[i].body, "/kyc/sessions/%s%s", id, requests[i].below);
		BODY_LACKS("Ines");
	}
}

Test(api_provider_key, ends_when_revoked)
{
	DONE("merchant", "key", "shop", "--name", "easy", "--revoke");
	report(easy, 401, CRYPTO("passed"));
	report(watchman, 200, CRYPTO("passed"));
}
