/* Keys with only some of the permissions (seed kyc-workflows-sessions, "Authentication"). */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *session, *path;

static void set_up(void)
{
	api_open(&api, NULL);
	NEED(201, "POST", PERSON_CALLED("P-1"), "/kyc/sessions");
	session = api_keep(&api, "id");
	path = test_text("/kyc/sessions/%s", session);
}
TestSuite(permission, .init = set_up, .fini = api_tear_down);

static void use_key(void)
{
	api.key = test_keep(strdup(json_path_text(api.box.json, "api_key")));
	api.token = api.key;
}

/* Each argument is 1 if the key has the permission; without it, requests that need it get 403. */
static void expect(int create, int read, int process, int review)
{
	static const struct {
		const char *method, *end, *body;
		int at;
	} calls[] = { { "POST", "/subsessions", "{}", 0 }, { "GET", "", NULL, 1 },
		      { "POST", "/validate", NULL, 2 },	   { "POST", "/process", NULL, 2 },
		      { "POST", "/results", "{}", 2 },	   { "PATCH", "", "{}", 3 },
		      { "POST", "/corrections", "{}", 3 }, { "GET", "/subsessions", NULL, 1 } };
	const int allowed[] = { create, read, process, review };

	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		int status = api_callf(&api, calls[i].method, calls[i].body, "%s%s", path, calls[i].end);
		bool forbidden = status == 403 && !strcmp(reply_text(&api.last, "error.code"), "forbidden") &&
				 strstr(reply_text(&api.last, "error.message"), "permission");

		cr_expect_eq(forbidden, !allowed[calls[i].at], "%s %s: %d %s", calls[i].method, calls[i].end, status,
			     api.last.body);
	}
}

Test(permission, a_key_creates_and_reads_unless_others_are_named)
{
	expect(1, 1, 1, 1);
	DONE_JSON("merchant", "key", "shop", "--permission", "kyc:read");
	use_key();
	expect(0, 1, 0, 0);
	DONE_JSON("merchant", "key", "shop", "--permission", "kyc:create", "--permission", "kyc:process");
	use_key();
	expect(1, 0, 1, 0);
	DONE_JSON("merchant", "key", "shop", "--permission", "kyc:review");
	use_key();
	expect(0, 0, 0, 1);
	/* A new key without named permissions can create and read. */
	DONE_JSON("merchant", "key", "shop");
	use_key();
	expect(1, 1, 0, 0);
	DONE_SHELL("\"$K\" audit export");
	PRINTS("kyc:create kyc:process"); /* the audit log names the permissions */
}

/* A missing permission is reported before any other error of the request. */
Test(permission, every_address_of_the_reference_refuses_a_key_that_lacks_its_own)
{
	static const char *const all[] = { "kyc:create", "kyc:read", "kyc:process", "kyc:review" };
	size_t count, refused = 0;
	struct reference_route *routes = reference_routes(&api.box, &count);

	for (size_t k = 0; k < 4; k++) {
		DONE_JSON("merchant", "key", "shop", "--permission", all[k]);
		use_key();
		for (size_t i = 0; i < count; i++) {
			char *address = reference_address(routes[i].path);
			bool lacks = *routes[i].permission && strcmp(routes[i].permission, all[k]) != 0;

			if (lacks)
				cr_expect_eq(api_call(&api, routes[i].method, address, "{}"), 403, "%s %s with %s: %s",
					     routes[i].method, address, all[k], api.last.body);
			refused += lacks;
		}
	}
	cr_expect_gt(refused, 150u, "%zu", refused);
}

Test(permission, a_token_has_what_its_key_has)
{
	DONE_JSON("merchant", "key", "shop", "--permission", "kyc:read");
	use_key();
	NEED(200, "POST", test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, api.key),
	     "/api/v1/auth/login");
	char *token = api_keep(&api, "token");
	api.token = token;
	expect(0, 1, 0, 0);
	/* The permission is checked before the body is parsed. */
	ASK(403, "POST", "{", "/kyc/sessions");
}

Test(permission, what_is_none_is_refused_on_the_command_line)
{
	cr_expect_neq(box_run(&api.box, "merchant", "key", "shop", "--permission", "kyc:everything", NULL), 0, "%s",
		      api.box.last.err);
	SAYS("kyc:create");
	/* A refused command does not change the key. */
	expect(1, 1, 1, 1);
}
