/*
 * Tipping off: with and without a suspicion, merchants, clients and scrapers of metrics read the same bytes of every
 * session, in every dialect, and a deletion gets the same response.
 */
#include "attack.h"
#include "matrix_rows.h"
#include "things.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHY "the invoices are from a company that does not exist"

static struct things things;

static void set_up(void)
{
	static const char *const options[] = { "--metrics-listen", "127.0.0.1:0", NULL };

	api_open(&api, options);
}
TestSuite(api_tipping_off, .init = set_up, .fini = api_tear_down);

/* Opens a suspicion of every session in the store, by commands and not through the server. */
static void suspect_all(void)
{
	DONE_SHELL("ids() { grep -o '\"id\":\"[^\"]*\"' | cut -d'\"' -f4; }\n"
		   "\"$K\" list --limit 1000 --json | ids >top.txt && test -s top.txt || exit 1\n"
		   "while read -r id; do \"$K\" subsession list \"$id\" --json | ids; done <top.txt "
		   ">below.txt\n"
		   "cat top.txt below.txt | while read -r id; do \"$K\" suspicion open \"$id\" --reason '" WHY
		   "' >/dev/null || exit 1; done");
}

/* The path and query of the row, with the ids of its things in place of {session_id} and other names. */
static char *path_of(const struct entrance_row *row)
{
	char *names = test_keep(strdup(row->things)), *rest = names, *out = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&out, &length);

	char *text = test_text("%s%s", row->path, row->query ? row->query : "");
	for (const char *at = text; *at; at++) {
		const char *end = *at == '{' ? strchr(at, '}') : NULL;

		if (!end) {
			fputc(*at, file);
			continue;
		}
		if (rest && *rest)
			fputs(thing(&things, strsep(&rest, " ")), file);
		else
			fprintf(file, "%.*s", (int)(end - at - 1), at + 1);
		at = end;
	}
	fclose(file);
	return test_keep(out);
}

#define BODIES_MAX 64
static char *bodies[BODIES_MAX];

/* Masks values that change without a suspicion: ids of requests, signed addresses, and times of expiry. */
static void mask_tokens(char *body)
{
	for (char *at = body; (at = strstr(at, "urn:uuid:"));)
		for (at += strlen("urn:uuid:"); *at && *at != '"'; at++)
			*at = '-';
	for (char *at = body; (at = strstr(at, "/files/"));)
		for (at += strlen("/files/"); *at && *at != '"'; at++)
			*at = '-';
	for (char *at = body; (at = strstr(at, "expires_at"));)
		for (at += strlen("expires_at"); *at && *at != ','; at++)
			*at = '-';
}

/* Notes or compares the response of each GET row, even a 404. Returns the number of responses with status 200. */
static size_t compare(bool note)
{
	size_t count = 0, found = 0;

	for (size_t i = 0; i < entrance_row_count; i++) {
		const struct entrance_row *row = &entrance_rows[i];

		if (strcmp(row->method, "GET") != 0)
			continue;
		char *path = path_of(row);
		found += api_call(&api, "GET", path, NULL) == 200;
		cr_assert_lt(count, BODIES_MAX);
		mask_tokens(api.last.body);
		if (note)
			bodies[count] = test_keep(strdup(api.last.body));
		else
			cr_expect_str_eq(api.last.body, bodies[count], "%s", path);
		count++;
	}
	return found;
}

static char *metrics(void)
{
	cr_assert_eq(api_scrape(&api, "GET", "/metrics"), 200);
	return test_keep(strdup(api.last.body));
}

/* Compares the metrics with a name that begins with one of `kinds`; metrics about requests and time change anyway. */
static void expect_same_metrics(const char *before, const char *now)
{
	static const char *const kinds[] = { "kybdesk_cases", "kybdesk_decision", "kybdesk_deliver",
					     "kybdesk_oldest_due" };
	size_t compared = 0;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *a = strstr(before, kinds[i]), *b = strstr(now, kinds[i]);

		cr_assert_eq(a != NULL, b != NULL);
		for (; a && b; a = strstr(a + 1, kinds[i]), b = strstr(b + 1, kinds[i]), compared++)
			cr_expect(strcspn(a, "\n") == strcspn(b, "\n") && !strncmp(a, b, strcspn(a, "\n")),
				  "%.*s and %.*s", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
	}
	cr_expect_gt(compared, 10);
}

Test(api_tipping_off, nobody_outside_can_tell)
{
	size_t found;

	api.token = api.key;
	things_make(&things, &api, "quay");
	char *before = metrics();
	found = compare(true);
	cr_assert_gt(found, 20);
	suspect_all();
	cr_expect_eq(compare(false), found);
	char *now = metrics();
	expect_same_metrics(before, now);
}

static char *page(const char *link)
{
	NEED(200, "GET", NULL, "%s", link);
	return test_keep(strdup(api.last.body));
}

Test(api_tipping_off, no_client_can_tell_by_the_link)
{
	struct company c = { 0 };
	char *before[4], *now;
	const char *links[4];

	(void)box_run(&api.box, "reviewer", "add", "rita", "--role", "reviewer", NULL);
	api.token = api.key;
	group_open(&c);
	links[0] = c.link;
	links[1] = c.kyc_link;
	links[2] = c.link + strlen("/api");
	links[3] = c.kyc_link + strlen("/api");
	api.token = NULL;
	for (size_t i = 0; i < 4; i++)
		before[i] = page(links[i]);
	suspect_all();
	for (size_t i = 0; i < 4; i++) {
		now = page(links[i]);
		cr_expect_str_eq(now, before[i], "%s", links[i]);
	}
}

/* With a suspicion, a session that was never submitted is kept, but its deletion gets the same responses. */
Test(api_tipping_off, a_deletion_is_answered_the_same)
{
	struct company with = { 0 }, without = { 0 };

	(void)box_run(&api.box, "reviewer", "add", "rita", "--role", "reviewer", NULL);
	api.token = api.key;
	group_open(&with);
	suspect_all();
	group_open(&without);
	for (int i = 0; i < 2; i++) {
		const struct company *c = i ? &without : &with;

		ASK(200, "DELETE", NULL, "/kyc/sessions/%s/subsessions/%s", c->id, c->kyc);
		ASK(404, "GET", NULL, "/kyc/sessions/%s", c->kyc);
		ASK(200, "GET", NULL, "/kyc/sessions/%s/subsessions", c->id);
		BODY_LACKS(c->kyc);
		ASK(200, "DELETE", NULL, "/kyc/sessions/%s", c->id);
		ASK(404, "GET", NULL, "/kyc/sessions/%s", c->id);
	}
	DONE("show", with.kyc);	     /* it is kept */
	DONE("show", with.id);	     /* it is kept */
	ENDS(6, "show", without.id); /* it is erased */
}
