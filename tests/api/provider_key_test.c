/* A provider's key over HTTP, in production: results of its checks, and nothing else. */
#include "attack.h"

#include <stdlib.h>
#include <string.h>

static char *id, *watchman, *easy;

static char *provider(const char *name, const char *checks)
{
	cr_assert_eq(box_json(&api.box, "merchant", "key", "shop", "--provider", checks, "--name", name, NULL), 0,
		     "%s", api.box.last.out);
	return test_keep(strdup(json_path_text(api.box.json, "api_key")));
}

static void set_up(void)
{
	api_open_production(&api);
	watchman = provider("watchman", "watchlist,crypto");
	easy = provider("easy", "crypto");
	api.token = api.key;
	NEEDED(&api, 201, "POST",
	       "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines Duarte\","
	       "\"country\":\"PT\",\"email\":\"ines@mail.example\"}}",
	       "/kyc/sessions");
	id = api_keep(&api, "id");
}

static void tear_down(void)
{
	api_close(&api);
}
TestSuite(api_provider_key, .init = set_up, .fini = tear_down);

#define CRYPTO(status) "{\"checks\":[{\"kind\":\"crypto\",\"status\":\"" status "\"}]}"

static void report(const char *key, int status, const char *body)
{
	api.token = key;
	NEEDED(&api, status, "POST", body, "/kyc/sessions/%s/results", id);
}

Test(api_provider_key, reports_its_checks)
{
	report(watchman, 202, CRYPTO("failed"));
	cr_expect_null(strstr(api.last.body, "Ines"), "%s", api.last.body);
	report(easy, 202, CRYPTO("passed"));
	cr_assert_eq(box_json(&api.box, "check", "list", id, NULL), 0, "%s", api.box.last.out);
	cr_expect_str_eq(json_path_text(api.box.json, "data[0].status"), "failed", "%s", api.box.last.out);
	cr_expect_str_eq(json_path_text(api.box.json, "data[0].reported_by"), "provider:watchman");
	cr_expect_str_eq(json_path_text(api.box.json, "data[0].beside"), "passed");
	cr_expect_str_eq(json_path_text(api.box.json, "data[0].beside_by"), "provider:easy");
	STAFF(&api, "check", "list", id);
	cr_expect(strstr(api.box.last.out, "provider:easy reported passed"), "%s", api.box.last.out);
}

Test(api_provider_key, reports_nothing_else)
{
	report(easy, 403, "{\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]}");
	report(watchman, 403, "{\"results\":{\"final_decision\":\"approved\"}}");
	/* The merchant's own key still reports nothing. */
	report(api.key, 403, CRYPTO("passed"));
	cr_assert_eq(box_json(&api.box, "check", "list", id, NULL), 0);
	cr_expect_eq(json_array_size(json_path(api.box.json, "data")), 0, "%s", api.box.last.out);
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
	NEEDED(&api, 403, "GET", NULL, "/kyc/sessions");
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		NEEDED(&api, 403, requests[i].method, requests[i].body, "/kyc/sessions/%s%s", id,
		       requests[i].below);
		cr_expect_null(strstr(api.last.body, "Ines"), "%s", api.last.body);
	}
}

Test(api_provider_key, ends_when_revoked)
{
	STAFF(&api, "merchant", "key", "shop", "--name", "easy", "--revoke");
	report(easy, 401, CRYPTO("passed"));
	report(watchman, 200, CRYPTO("passed"));
}
