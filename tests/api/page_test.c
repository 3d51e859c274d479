/* The client's page (api.md "The client's page"): the whole path by its forms alone, as a browser without a script
 * sends them, and everything that it must not let through. */
#include "browser.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(page, .init = api_set_up, .fini = api_tear_down);

static char *open_generic(void)
{
	return browser_open(&api, "{\"workflow_id\":\"generic-kyc\",\"external_id\":\"P-1\",\"subject\":{\"kind\":"
				  "\"individual\",\"name\":\"Ines Duarte\",\"country\":\"PT\"}}");
}

static char *open_ralio(void)
{
	return browser_open(
		&api, "{\"workflow_id\":\"ralio-kyb\",\"external_id\":\"R-1\",\"subject\":{\"kind\":\"business\","
		      "\"name\":\"Harbour Lane Ltd\",\"country\":\"GB\"}}");
}

static bool shows(const char *text)
{
	return browser_shows(&api, text);
}

static int look(const char *path)
{
	return api_call(&api, "GET", path, NULL);
}

#define POST(path, rest, ...) BROWSER_POST(&api, path, rest, __VA_ARGS__)

static int upload(const char *path, const char *type, const char *side, const char *name)
{
	return browser_upload(&api, path, type, side, name);
}

/* The page's id of the first correction that is open. */
static char *correction_id(void)
{
	const char *at = strstr(api.last.body, "id=\"correction-");

	cr_assert_not_null(at, "%s", api.last.body);
	return test_keep(strndup(at + strlen("id=\"correction-"), 36));
}

static void expect_status(const char *reference, const char *status)
{
	cr_assert_eq(box_json(&api.box, "show", reference, NULL), 0);
	cr_expect_str_eq(json_path_text(api.box.json, "status"), status);
}

Test(page, a_company_goes_the_whole_path_by_forms)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					     "DIRECTORS_SHAREHOLDERS_REG" };
	char *path = open_ralio();

	cr_assert_eq(look(path), 200, "%s", api.last.body);
	cr_expect(shows("Company information") && shows("name=\"f.business_activity\""));
	cr_expect(!shows("Compliance review"), "the reviewers' own step");
	cr_expect(!shows("Look for"), "what reviewers look for is theirs");
	cr_expect(!shows("subsessions"), "under this workflow the reviewers declare the parties");
	/* Submitting too early lists what is missing, each with a link. */
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 409);
	cr_expect(shows("href=\"#document-BUSINESS_NUMBER\"") && shows("role=\"alert\""));
	cr_expect_eq(POST(path, "/steps/company_info", "f.business_activity", "We sell ropes", "done", "true"),
		     303);
	browser_follow(&api, path);
	cr_expect(shows("We sell ropes") && shows("Saved.") && shows("Done"));
	for (size_t i = 0; i < 4; i++) {
		cr_expect_eq(upload(path, types[i], "", "paper.pdf"), 303, "%s", api.last.body);
		browser_follow(&api, path);
		cr_expect(shows("The file was received.") && shows("paper.pdf"));
	}
	cr_expect(!shows("Not received yet"));
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Everything is submitted") && !shows("<form"));
	expect_status("R-1", "completed");
	/* A correction of one field and one document: the page shows only these. */
	cr_assert_eq(box_run(&api.box, "corrections", "R-1", "--step", "company_info", "--field",
			     "business_activity", "--document", "BUSINESS_NUMBER", "--message", "Ropes of what?",
			     "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(look(path), 200);
	cr_expect(shows("Ropes of what?") && shows("name=\"f.business_activity\""));
	cr_expect(shows("id=\"document-BUSINESS_NUMBER\"") && !shows("id=\"document-PROOF_OF_ADDRESS\""));
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 409);
	cr_expect(shows("href=\"#correction-"));
	cr_expect_eq(upload(path, "PROOF_OF_ADDRESS", "", "other.pdf"), 409, "nobody asked for it");
	cr_expect_eq(POST(path, "/steps/company_info", "f.business_activity", "Ropes of hemp", "done", "true"),
		     303);
	const struct form_file other = { "again.pdf", "%PDF-1.4\n% again\n%%EOF\n", 23 };
	char *at = browser_below(path, "/documents");

	cr_expect_eq(api_form(&api, at, &other, "type", "BUSINESS_NUMBER", NULL), 303, "%s", api.last.body);
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Everything is submitted"));
	expect_status("R-1", "manual_review");
	cr_expect_str_eq(json_path_text(api.box.json, "corrections[0].state"), "answered");
}

Test(page, a_person_goes_the_whole_path_by_forms)
{
	char *path = open_generic();

	cr_assert_eq(look(path), 200);
	cr_expect(shows("name=\"f.name\"") && shows("type=\"date\"") && shows("Portugal"));
	cr_expect_eq(POST(path, "/steps/identity", "f.name", "Ines Duarte", "f.date_of_birth", "1990-02-11",
			  "f.nationality", "PRT", "done", "true"),
		     303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("value=\"1990-02-11\"") && shows("<option value=\"PRT\" selected>Portugal"));
	cr_expect(shows("I have nothing for this part"));
	cr_expect_eq(POST(path, "/steps/selfie", "done", "true"), 303, "%s", api.last.body);
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 409);
	cr_expect(shows("Any of these will do: Passport, Identity card or Driving licence"), "%s", api.last.body);
	cr_expect_eq(upload(path, "ID", "front", "front.pdf"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Front: Received, Back: Not received yet"));
	cr_expect(shows("<option value=\"back\" selected>"), "the side that is missing is offered first");
	cr_expect_eq(upload(path, "ID", "back", "back.pdf"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(!shows("Front: Received"));
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	expect_status("P-1", "completed");
	cr_expect_str_eq(json_path_text(api.box.json, "steps[2].status"), "completed", "documents came");
	cr_expect_str_eq(json_path_text(api.box.json, "steps[3].status"), "completed", "there is no selfie");
	cr_expect_str_eq(json_path_text(api.box.json, "steps[4].status"), "pending",
			 "nothing was said of the funds");
	cr_assert_eq(box_run(&api.box, "corrections", "P-1", "--step", "identity", "--field", "name", "--message",
			     "The name differs\nfrom your card", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(look(path), 200);
	cr_expect(shows("The name differs\nfrom your card") && shows("name=\"f.name\""));
	cr_expect(!shows("f.date_of_birth") && !shows("f.city") && !shows("id=\"document-ID\""));
	cr_expect(!shows("subsessions"), "nobody asks about parties");
	char *correction = correction_id();
	char *rest = test_text("/corrections/%s", correction);
	cr_expect_eq(POST(path, rest, "words", "  "), 400);
	cr_expect(shows("The answer is empty"));
	cr_expect_eq(POST(path, rest, "words", "It is my married name"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Your answer:") && shows("It is my married name"));
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	expect_status("P-1", "manual_review");
	cr_expect_eq(POST(path, "/steps/identity", "f.name", "Eva", "done", "true"), 409, "it is frozen");
}

Test(page, what_is_wrong_stands_beside_its_field_with_what_was_typed)
{
	char *path = open_generic();

	cr_expect_eq(POST(path, "/steps/identity", "f.name", "Ines \"the\" <b>Duarte", "f.date_of_birth",
			  "2999-01-01", "f.nationality", "Atlantis", "done", "true"),
		     400);
	cr_expect(shows("id=\"fault-step-identity-date_of_birth\"") &&
			  shows("id=\"fault-step-identity-nationality\""),
		  "all of it at once: %s", api.last.body);
	cr_expect(shows("aria-invalid=\"true\" aria-describedby=\"fault-step-identity-date_of_birth\""));
	cr_expect(shows("href=\"#step-identity-date_of_birth\"") && shows("<title>There is a problem"));
	cr_expect(shows("Date of birth: ") && shows("Allowed: a date as YYYY-MM-DD") && !shows("****"),
		  "in words for the one who typed it: %s", api.last.body);
	cr_expect(shows("value=\"2999-01-01\"") && shows("value=\"Ines &quot;the&quot; &lt;b&gt;Duarte\""));
	cr_expect(shows("<option value=\"Atlantis\" selected>"));
	cr_assert_eq(look(path), 200);
	cr_expect(!shows("2999-01-01"), "it was not kept");
	/* A file of another kind, none, one of an unknown type. */
	const struct form_file text = { "note.pdf", "hello", 5 }, none = { "", "", 0 };
	char *at = browser_below(path, "/documents");

	cr_expect_eq(api_form(&api, at, &text, "type", "PASSPORT", NULL), 415);
	cr_expect(shows("id=\"fault-document-PASSPORT-file\""));
	cr_expect_eq(api_form(&api, at, &none, "type", "PASSPORT", NULL), 400);
	cr_expect(shows("Choose a file first"), "%s", api.last.body);
	cr_expect_eq(POST(path, "/documents", "type", "PASSPORT"), 400);
	cr_expect_eq(POST(path, "/steps/nothing", "f.name", "x"), 404);
	cr_expect_eq(api_send(&api, "POST", at, "Content-Type: application/json\r\n", "{}", 2), 415);
	cr_expect(shows("<!DOCTYPE html>"));
}

Test(page, whatever_is_in_a_name_stays_text)
{
	char *strange,
		*path = browser_open(&api, "{\"workflow_id\":\"generic-kyc\",\"external_id\":\"P-2\",\"subject\":{"
					   "\"kind\":\"individual\","
					   "\"name\":\"</title><script>x\\u202e\\\"'\",\"country\":\"PT\"}}");

	cr_assert_eq(look(path), 200);
	cr_expect(!shows("<script") && !shows("\xe2\x80\xae"));
	cr_expect(shows("&lt;/title&gt;&lt;script&gt;x\xef\xbf\xbd&quot;&#39;"));
	cr_expect_eq(POST(path, "/steps/identity", "f.name", "<img src=x onerror=1>\"'", "done", "false"), 303);
	cr_expect_eq(upload(path, "PASSPORT", "", "<svg onload=1>.pdf"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(!shows("<img") && !shows("<svg"));
	cr_expect(shows("&lt;img src=x onerror=1&gt;&quot;&#39;") && shows("&lt;svg onload=1&gt;.pdf"));
	cr_expect_eq(POST(path, "/subsessions", "kind", "individual", "name",
			  "<i>\xe2\x80\xae"
			  "Rui",
			  "role", "director"),
		     303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("&lt;i&gt;\xef\xbf\xbdRui") && !shows("<i>"));
	cr_expect_eq(POST(path, "/steps/identity", "f.name", "\xff\xfe", "done", "false"), 400, "no UTF-8");
	cr_expect(shows("<!DOCTYPE html>"));
	strange = browser_below(path, "?done=%3Cscript%3E&at=%22%3E%3Cscript%3E");
	cr_expect_eq(look(strange), 200);
	cr_expect(!shows("<script"));
}

Test(page, a_party_gets_a_page_of_their_own_and_its_link_is_handed_on)
{
	char *path = open_generic();

	cr_assert_eq(look(path), 200);
	cr_expect(shows("name=\"role\" value=\"director\""));
	cr_expect_eq(POST(path, "/subsessions", "kind", "individual", "name", "Rui Melo", "country", "PRT"), 400,
		     "without a role");
	cr_expect(shows("value=\"Rui Melo\"") && shows("<details open") && shows("href=\"#party-role\""));
	cr_expect_eq(POST(path, "/subsessions", "kind", "individual", "name", "Rui Melo", "role", "director",
			  "role", "ubo", "percent", "", "country", "PRT", "birth", "", "email", ""),
		     303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Rui Melo") && shows("Beneficial owner, Director"));
	char *at = strstr(api.last.body, "Send this link to them:");
	cr_assert_not_null(at);
	at = strstr(at, "href=\"");
	at = test_keep(strndup(at + 6, strcspn(at + 6, "\"")));
	char *theirs = browser_path(at);
	cr_expect_str_neq(theirs, path);
	cr_assert_eq(look(theirs), 200);
	cr_expect(shows("Verification: <bdi>Rui Melo</bdi>") && !shows("Ines Duarte"));
	cr_assert_eq(upload(theirs, "PASSPORT", "", "passport.pdf"), 303, "%s", api.last.body);
	cr_expect_eq(POST(theirs, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	/* The other party's data is private; the page no longer shows the party's link. */
	cr_assert_eq(look(path), 200);
	cr_expect(shows("Submitted") && !shows(theirs));
	cr_assert_eq(box_json(&api.box, "show", "P-1", NULL), 0);
	cr_expect_str_eq(json_path_text(api.box.json, "parties[0].name"), "Rui Melo");
}

Test(page, the_json_declares_parties_too)
{
	char *path = open_generic(), *json = browser_below("/api", path);

	cr_expect_eq(api_callf(&api, "POST",
			       "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui Melo\",\"roles\":[\"director\"],"
			       "\"country\":\"PT\"}}",
			       "%s/subsessions", json),
		     201, "%s", api.last.body);
	cr_expect_str_eq(reply_text(&api.last, "status"), "open");
	char *theirs = browser_path(reply_text(&api.last, "access_link"));
	cr_assert_eq(api_call(&api, "GET", json, NULL), 200);
	cr_expect_str_eq(reply_text(&api.last, "parties[0].name"), "Rui Melo");
	cr_expect(strstr(reply_text(&api.last, "parties[0].access_link"), theirs) != NULL);
	cr_expect_eq(api_callf(&api, "POST", "{\"party\":{\"name\":\"Rui\"}}", "%s/subsessions", json), 400);
	/* The party's link shows nothing of the client that declared the party. */
	char *parent = browser_below("/api", theirs);
	cr_assert_eq(api_call(&api, "GET", parent, NULL), 200);
	cr_expect(!shows("Ines"));
	parent = open_ralio();
	json = browser_below("/api", parent);
	cr_expect_eq(api_callf(&api, "POST",
			       "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui\",\"roles\":[\"director\"]}}",
			       "%s/subsessions", json),
		     403, "there the reviewers declare them");
	cr_expect_eq(POST(parent, "/subsessions", "kind", "individual", "name", "Rui", "role", "director"), 403);
}

static void expect_header(const char *name, const char *value)
{
	char *found = reply_header(&api.last, name);

	cr_expect(found && !strcmp(found, value), "%s is %s", name, found ? found : "not there");
}

Test(page, a_form_of_another_site_is_refused)
{
	static const struct {
		const char *headers;
		int status;
	} rows[] = {
		{ "", 303 },
		{ "Sec-Fetch-Site: same-origin\r\nOrigin: null\r\n", 303 },
		{ "Sec-Fetch-Site: none\r\n", 303 },
		{ "Origin: null\r\n", 303 },
		{ "Origin: http://127.0.0.1\r\n", 303 },
		{ "Sec-Fetch-Site: cross-site\r\n", 403 },
		{ "Sec-Fetch-Site: same-site\r\n", 403 },
		{ "Sec-Fetch-Site: cross-site\r\nOrigin: http://127.0.0.1\r\n", 403 },
		{ "Origin: https://evil.example\r\n", 403 },
		{ "Origin: http://127.0.0.1.evil.example\r\n", 403 },
		{ "Origin: nonsense\r\n", 403 },
	};
	static const char body[] =
		"--bound\r\nContent-Disposition: form-data; name=\"f.name\"\r\n\r\nEva\r\n--bound--\r\n";
	char *path = open_generic(), *at = browser_below(path, "/steps/identity"), *head = NULL;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		head = test_text("%sContent-Type: multipart/form-data; boundary=bound\r\n", rows[i].headers);
		cr_expect_eq(api_send(&api, "POST", at, head, body, sizeof body - 1), rows[i].status, "%s gives %d",
			     rows[i].headers, api.last.status);
		cr_expect(rows[i].status == 303 || shows("The form came from another website"));
		expect_header("Referrer-Policy", "no-referrer");
	}
	/* Behind a proxy the browser knows the public address alone. */
	cr_assert_eq(box_run(&api.box, "store", "set", "public_url", "https://desk.example/kyb", NULL), 0);
	cr_expect_eq(
		api_send(&api, "POST", at,
			 "Origin: https://desk.example\r\nContent-Type: multipart/form-data; boundary=bound\r\n",
			 body, sizeof body - 1),
		303, "%s", api.last.body);
}

static void expect_strict_headers(void)
{
	char *policy = reply_header(&api.last, "Content-Security-Policy");

	cr_assert_not_null(policy);
	cr_expect_eq(strncmp(policy, "default-src 'none'; style-src 'sha256-", 38), 0, "%s", policy);
	cr_expect_not_null(strstr(policy, "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"));
	cr_expect_null(strstr(policy, "unsafe"));
	expect_header("Referrer-Policy", "no-referrer");
	expect_header("X-Content-Type-Options", "nosniff");
	expect_header("Cache-Control", "no-store");
	expect_header("Content-Type", "text/html; charset=utf-8");
	cr_expect_null(reply_header(&api.last, "Set-Cookie"));
	cr_expect(!shows("<script") && !shows(" style=") && !shows("src="));
}

Test(page, strange_old_and_stopped_links_get_a_plain_page)
{
	char *path = open_generic();

	cr_assert_eq(look(path), 200);
	expect_strict_headers();
	cr_expect_eq(look("/s/nothing"), 404);
	cr_expect(shows("This page does not exist"));
	expect_strict_headers();
	cr_expect_eq(look("/s/%22%3E%3Cscript%3E"), 404);
	cr_expect(!shows("<script"));
	cr_expect_eq(POST("/s/nothing", "/complete", "hand_in", "true"), 404);
	for (size_t at = strlen("/s/"); at < strlen(path); at += 7) {
		char before = path[at];

		path[at] = before == 'A' ? 'B' : 'A';
		cr_expect_eq(look(path), 404, "%s", path);
		path[at] = before;
	}
	/* Methods. */
	cr_expect_eq(api_call(&api, "DELETE", path, NULL), 405);
	expect_header("Allow", "POST, GET");
	expect_strict_headers();
	char *other = browser_below(path, "/complete");
	cr_expect_eq(look(other), 405);
	expect_header("Allow", "POST");
	cr_expect_eq(api_call(&api, "PUT", "/s/javascript:alert(1)", NULL), 405);
	cr_expect(!shows("href=\"javascript:"));
	/* Another link takes its place. */
	api.token = api.key;
	cr_assert_eq(api_call(&api, "GET", "/kyc/sessions?search=P-1", NULL), 200);
	cr_assert_eq(api_callf(&api, "POST", NULL, "/kyc/sessions/%s/generate-link", api_keep(&api, "data[0].id")),
		     200);
	other = browser_path(reply_text(&api.last, "access_link"));
	api.token = NULL;
	cr_expect_eq(look(path), 410);
	cr_expect(shows("This link no longer works"));
	expect_strict_headers();
	cr_expect_eq(POST(path, "/steps/identity", "f.name", "Eva", "done", "true"), 410);
	cr_expect_eq(upload(path, "PASSPORT", "", "a.pdf"), 410);
	cr_expect_eq(look(other), 200);
	/* Its time runs out. */
	cr_assert_eq(box_shell(&api.box, "sqlite3 \"$KYBDESK_STORE\" 'UPDATE session SET expires_at = 1000'"), 0,
		     "%s", api.box.last.err);
	cr_expect_eq(look(other), 410);
}

Test(page, a_link_reaches_its_own_session_alone)
{
	char *mine = open_generic();

	char *other =
		browser_open(&api, "{\"workflow_id\":\"generic-kyc\",\"external_id\":\"P-9\",\"subject\":{\"kind\":"
				   "\"individual\",\"name\":\"Eva Brandt\",\"country\":\"DE\"}}");
	cr_assert_eq(upload(other, "PASSPORT", "", "passport.pdf"), 303, "%s", api.last.body);
	cr_assert_eq(POST(other, "/complete", "hand_in", "true"), 303);
	cr_assert_eq(box_run(&api.box, "corrections", "P-9", "--step", "identity", "--message", "Who are you?",
			     "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(look(other), 200);
	char *correction = correction_id();
	cr_expect_eq(POST(mine, test_text("/corrections/%s", correction), "words", "not mine"), 404, "%d",
		     api.last.status);
	cr_assert_eq(look(mine), 200);
	cr_expect(!shows("Who are you?") && !shows("Eva Brandt"));
	cr_assert_eq(look(other), 200);
	cr_expect(!shows("not mine"));
}

Test(page, nothing_of_the_review_is_shown)
{
	char *path = open_generic();

	cr_assert_eq(upload(path, "PASSPORT", "", "passport.pdf"), 303, "%s", api.last.body);
	cr_assert_eq(POST(path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	cr_assert_eq(box_run(&api.box, "note", "P-1", "Looks like a straw man", NULL), 0);
	cr_assert_eq(box_run(&api.box, "reject", "P-1", "--reason", "sanctions_match", "--grace", "600", NULL), 0,
		     "%s", api.box.last.err);
	cr_assert_eq(look(path), 200);
	cr_expect(shows("Everything is submitted") && !shows("straw") && !shows("sanctions") &&
		  !shows("not accepted"));
	cr_assert_eq(box_run(&api.box, "undo", "P-1", NULL), 0, "%s", api.box.last.err);
	cr_assert_eq(box_run(&api.box, "reject", "P-1", "--reason", "sanctions_match", "--grace", "0", NULL), 0,
		     "%s", api.box.last.err);
	cr_assert_eq(look(path), 200);
	cr_expect(shows("We cannot accept your application as it stands.") && !shows("sanctions") &&
		  !shows("straw"));
}

static int look_in(const char *path, const char *language)
{
	return api_send(&api, "GET", path, test_text("Accept-Language: %s\r\n", language), NULL, 0);
}

Test(page, it_speaks_the_readers_language_where_it_has_it)
{
	char *path = open_generic();

	cr_assert_eq(look_in(path, "pt-BR,pt;q=0.9,en;q=0.5"), 200);
	cr_expect(shows("<html lang=\"pt\">") && shows("Verificação") && shows("Entregar"));
	expect_header("Content-Language", "pt");
	expect_header("Vary", "Accept-Language");
	cr_assert_eq(look_in(path, "ja, fr;q=0.5"), 200);
	cr_expect(shows("<html lang=\"en\">") && shows("Submit"));
	cr_assert_eq(look_in("/s/nothing", "es"), 404);
	cr_expect(shows("Esta página no existe"));
	/* A reason's own text is translated, too; a reviewer's text is not. */
	cr_assert_eq(upload(path, "PASSPORT", "", "passport.pdf"), 303, "%s", api.last.body);
	cr_assert_eq(POST(path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	cr_assert_eq(box_run(&api.box, "reject", "P-1", "--reason", "expired_document", "--grace", "0", NULL), 0,
		     "%s", api.box.last.err);
	cr_assert_eq(look_in(path, "en"), 200);
	cr_expect(shows("One of your documents is no longer valid."));
	cr_assert_eq(look_in(path, "de"), 200);
	cr_expect(shows("Eines Ihrer Dokumente ist nicht mehr gültig."), "%s", api.last.body);
	cr_expect(!shows("One of your documents"));
}

Test(page, a_workflow_with_many_kinds_of_fields_is_filled_in)
{
	char *path = browser_open(
		&api, "{\"workflow_id\":\"avenia-kyb-level-1\",\"external_id\":\"A-1\",\"subject\":{\"kind\":"
		      "\"business\",\"name\":\"Praia Ltda\",\"country\":\"BR\"}}");

	cr_assert_eq(look(path), 200);
	cr_expect(shows("<option value=\"ecommerce_retail_payments\">") && shows("name=\"f.uboIds\""));
	cr_expect(shows("value=\"PRAIA LTDA\""), "what the case says already stands there");
	cr_expect_eq(POST(path, "/steps/company", "f.numberOfEmployees", "12", "f.estimatedMonthlyVolumeUsd", "x",
			  "f.companyCity", "Recife", "done", "false"),
		     400);
	cr_expect(shows("id=\"fault-step-company-numberOfEmployees\"") &&
		  shows("id=\"fault-step-company-estimatedMonthlyVolumeUsd\"") && shows("value=\"Recife\""));
	cr_expect(!shows("id=\"fault-step-company-website\"") && !shows("id=\"fault-step-company-companyState\""),
		  "what is only begun lacks nothing yet");
	cr_expect_eq(POST(path, "/steps/company", "f.numberOfEmployees", "11-50", "f.companyCity", "Recife",
			  "f.sandboxReject", "true", "done", "false"),
		     303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("<option value=\"11-50\" selected>") && shows("<option value=\"true\" selected>Yes"));
	cr_expect(shows("Started"));
	cr_expect_eq(POST(path, "/steps/company", "f.companyCity", "", "done", "true"), 400);
	cr_expect(shows("id=\"fault-step-company-website\"") == false &&
		  shows("id=\"fault-step-company-companyCity\"") &&
		  shows("id=\"fault-step-company-reasonForAccountOpening\""));
	cr_expect(shows("City: Please fill this in") &&
		  shows("Reason for opening the account: Please fill this in"));
}

Test(page, lists_grow_entry_by_entry_and_keep_what_they_held)
{
	char *path = browser_open(
		&api, "{\"workflow_id\":\"atelio-beneficial-owner\",\"external_id\":\"O-1\",\"subject\":{"
		      "\"kind\":\"individual\",\"name\":\"Sam Doe\",\"country\":\"US\"}}");

	cr_assert_eq(look(path), 200, "%s", api.last.body);
	cr_expect(shows("name=\"f.addresses[0].street\"") && !shows("name=\"f.addresses[1].street\""));
	cr_expect_eq(POST(path, "/steps/addresses", "f.addresses", "", "f.addresses[0]", "",
			  "f.addresses[0].address_type", "PHYSICAL", "f.addresses[0].street", "PO Box 7",
			  "f.addresses[0].city", "Reno", "done", "false"),
		     400);
	cr_expect(shows("id=\"fault-step-addresses-addresses[0].street\"") && shows("value=\"PO Box 7\""), "%s",
		  api.last.body);
	cr_expect_eq(POST(path, "/steps/addresses", "f.addresses", "", "f.addresses[0]", "",
			  "f.addresses[0].address_type", "PHYSICAL", "f.addresses[0].street", "1 Main Street",
			  "f.addresses[0].city", "Reno", "f.addresses[0].state", "NV", "f.addresses[0].zip_code",
			  "89501", "f.addresses[0].country", "US", "f.addresses[0].is_primary", "true",
			  "f.addresses[1]", "", "f.addresses[1].street", "", "done", "true"),
		     303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("value=\"1 Main Street\"") && shows("name=\"f.addresses[1].street\""));
	cr_expect(!shows("name=\"f.addresses[2].street\""), "what was left empty is not an entry");
}

/* "/s/TOKEN" of the link for one document that the merchant was sent. */
static char *document_link(struct receiver *receiver)
{
	const char *at = NULL;

	cr_assert_eq(box_run(&api.box, "webhook", "deliver", "--drain", NULL), 0, "%s", api.box.last.err);
	cr_assert(receiver_wait(receiver, 1, 60000));
	for (size_t i = 0; !at && i < receiver_count(receiver); i++)
		at = strstr(receiver_request(receiver, i)->body, "\"upload_link\":\"");
	cr_assert_not_null(at);
	at = strstr(at, "/s/");
	return test_keep(strndup(at, strcspn(at, "\"")));
}

Test(page, a_link_for_one_document_takes_that_document_alone)
{
	struct receiver *receiver = receiver_start();
	char *whole = browser_open(
		&api, "{\"workflow_id\":\"atelio-beneficial-owner\",\"external_id\":\"O-2\",\"subject\":{"
		      "\"kind\":\"individual\",\"name\":\"Sam Doe\",\"country\":\"US\"}}");

	cr_assert_eq(POST(whole, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	api.token = api.key;
	cr_assert_eq(api_call(&api, "GET", "/kyc/sessions?search=O-2", NULL), 200);
	cr_assert_lt(api_callf(&api, "POST", "{\"results\":{\"final_decision\":\"manual_review\"}}",
			       "/kyc/sessions/%s/results", api_keep(&api, "data[0].id")),
		     300, "%s", api.last.body);
	api.token = NULL;
	cr_assert_eq(box_run(&api.box, "endpoint", "add", "--merchant", "shop", "--url",
			     receiver_url(receiver, "/hook"), "--event", "kyc.verification.document_required",
			     NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(box_run(&api.box, "corrections", "O-2", "--step", "documents", "--document", "government_id",
			     "--message", "Both sides, please", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	char *path = document_link(receiver);
	cr_assert_eq(look(path), 200, "%s", api.last.body);
	cr_expect(shows("id=\"document-government_id\"") && !shows("Sam Doe") && !shows("/steps/") &&
		  !shows("/complete"));
	cr_expect_eq(upload(path, "proof_of_address", "", "a.pdf"), 400);
	cr_expect_eq(upload(path, "government_id", "front", "<front>.pdf"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("&lt;front&gt;.pdf") && shows("Back: Not received yet"));
	cr_expect_eq(POST(path, "/complete", "hand_in", "true"), 404);
	cr_expect_eq(POST(path, "/steps/identity", "f.dob", "1990-01-01", "done", "false"), 404);
	cr_expect_eq(POST(path, "/subsessions", "kind", "individual", "name", "Rui", "role", "ubo"), 404);
	/* The last side of the last asked document submits it; the page says so and takes nothing more. */
	cr_expect_eq(upload(path, "government_id", "back", "back.pdf"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Everything is submitted") && !shows("type=\"file\""), "%s", api.last.body);
	cr_expect_eq(upload(path, "government_id", "front", "again.pdf"), 409);
	receiver_stop(receiver);
}
