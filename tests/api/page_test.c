/* The client's page (api.md "The client's page"): from the first form to submission, as a browser without scripts sends
 * the forms; and the requests that the page must refuse. */
#include "browser.h"
#include "support/http_receiver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(page, .init = api_set_up, .fini = api_tear_down);

static char *open_generic(void)
{
	return browser_open(&api, PERSON_CALLED("P-1"));
}

static char *open_ralio(void)
{
	return browser_open(&api,
			    "{\"workflow_id\":\"ralio-kyb\",\"external_id\":\"R-1\",\"subject\":{\"kind\":\"business\","
			    "\"name\":\"Harbour Lane Ltd\",\"country\":\"GB\"}}");
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
	GIVES(("show", reference), test_text("status: %s", status));
}

Test(page, a_company_goes_the_whole_path_by_forms)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					     "DIRECTORS_SHAREHOLDERS_REG" };
	char *path = open_ralio();

	READ_ONLY(("%s", path), "Company information", "name=\"f.business_activity\"");
	BODY_LACKS("Compliance review"); /* the reviewers' step is not shown */
	BODY_LACKS("Look for");		 /* the guidance for reviewers is not shown */
	BODY_LACKS("subsessions");	 /* under this workflow the reviewers declare the parties */
	/* Submitting too early lists what is missing, each with a link. */
	POSTED(409, path, "/complete", "hand_in", "true");
	BODY_HAS("href=\"#document-BUSINESS_NUMBER\"", "role=\"alert\"");
	POSTED(303, path, "/steps/company_info", "f.business_activity", "We sell ropes", "done", "true");
	browser_follow(&api, path);
	BODY_HAS("We sell ropes", "Saved.", "Done");
	for (size_t i = 0; i < 4; i++) {
		UPLOADED(303, path, types[i], "", "paper.pdf");
		browser_follow(&api, path);
		BODY_HAS("The file was received.", "paper.pdf");
	}
	BODY_LACKS("Not received yet");
	POSTED(303, path, "/complete", "hand_in", "true");
	browser_follow(&api, path);
	BODY_HAS("Everything is submitted");
	BODY_LACKS("<form");
	expect_status("R-1", "completed");
	/* A correction of one field and one document: the page shows only these. */
	DONE("corrections", "R-1", "--step", "company_info", "--field", "business_activity", "--document",
	     "BUSINESS_NUMBER", "--message", "Ropes of what?", "--grace", "0");
	READ_ONLY(("%s", path), "Ropes of what?", "name=\"f.business_activity\"", "id=\"document-BUSINESS_NUMBER\"");
	BODY_LACKS("id=\"document-PROOF_OF_ADDRESS\"");
	POSTED(409, path, "/complete", "hand_in", "true");
	BODY_HAS("href=\"#correction-");
	UPLOADED(409, path, "PROOF_OF_ADDRESS", "", "other.pdf"); /* the correction does not name this document */
	POSTED(303, path, "/steps/company_info", "f.business_activity", "Ropes of hemp", "done", "true");
	const struct form_file other = { "again.pdf", "%PDF-1.4\n% again\n%%EOF\n", 23 };
	char *at = browser_below(path, "/documents");

	cr_expect_eq(api_form(&api, at, &other, "type", "BUSINESS_NUMBER", NULL), 303, "%s", api.last.body);
	POSTED(303, path, "/complete", "hand_in", "true");
	browser_follow(&api, path);
	BODY_HAS("Everything is submitted");
	expect_status("R-1", "manual_review");
	SHOWS("corrections[0].state: answered");
}

Test(page, a_person_goes_the_whole_path_by_forms)
{
	char *path = open_generic();

	READ_ONLY(("%s", path), "name=\"f.name\"", "type=\"date\"", "Portugal");
	POSTED(303, path, "/steps/identity", "f.name", "Ines Duarte", "f.date_of_birth", "1990-02-11", "f.nationality",
	       "PRT", "done", "true");
	browser_follow(&api, path);
	BODY_HAS("value=\"1990-02-11\"", "<option value=\"PRT\" selected>Portugal", "I have nothing for this part");
	POSTED(303, path, "/steps/selfie", "done", "true");
	POSTED(409, path, "/complete", "hand_in", "true");
	BODY_HAS("Any of these will do: Passport, Identity card or Driving licence");
	UPLOADED(303, path, "ID", "front", "front.pdf");
	browser_follow(&api, path);
	BODY_HAS("Front: Received, Back: Not received yet");
	BODY_HAS("<option value=\"back\" selected>"); /* the side that is missing is offered first */
	UPLOADED(303, path, "ID", "back", "back.pdf");
	browser_follow(&api, path);
	BODY_LACKS("Front: Received");
	POSTED(303, path, "/complete", "hand_in", "true");
	expect_status("P-1", "completed");
	SHOWS("steps[2].status: completed"); /* a document was uploaded */
	SHOWS("steps[3].status: completed"); /* this step is complete without a selfie */
	SHOWS("steps[4].status: pending");   /* the client did not save the source of funds */
	DONE("corrections", "P-1", "--step", "identity", "--field", "name", "--message",
	     "The name differs\nfrom your card", "--grace", "0");
	READ_ONLY(("%s", path), "The name differs\nfrom your card", "name=\"f.name\"");
	BODY_LACKS("f.date_of_birth", "f.city", "id=\"document-ID\"");
	BODY_LACKS("subsessions"); /* the correction does not name parties */
	char *correction = correction_id();
	char *rest = test_text("/corrections/%s", correction);
	POSTED(400, path, rest, "words", "  ");
	BODY_HAS("The answer is empty");
	POSTED(303, path, rest, "words", "It is my married name");
	browser_follow(&api, path);
	BODY_HAS("Your answer:", "It is my married name");
	POSTED(303, path, "/complete", "hand_in", "true");
	expect_status("P-1", "manual_review");
	POSTED(409, path, "/steps/identity", "f.name", "Eva", "done", "true"); /* submitted data cannot change */
}

Test(page, what_is_wrong_stands_beside_its_field_with_what_was_typed)
{
	char *path = open_generic();

	POSTED(400, path, "/steps/identity", "f.name", "Ines \"the\" <b>Duarte", "f.date_of_birth", "2999-01-01",
	       "f.nationality", "Atlantis", "done", "true");
	/* The page shows the errors of all fields at once. */
	BODY_HAS("id=\"fault-step-identity-date_of_birth\"", "id=\"fault-step-identity-nationality\"");
	BODY_HAS("aria-invalid=\"true\" aria-describedby=\"fault-step-identity-date_of_birth\"",
		 "href=\"#step-identity-date_of_birth\"", "<title>There is a problem");
	BODY_HAS("Date of birth: ", "Allowed: a date (year-month-day), not after today");
	BODY_LACKS("****"); /* the client's own input is not masked */
	BODY_HAS("value=\"2999-01-01\"", "value=\"Ines &quot;the&quot; &lt;b&gt;Duarte\"",
		 "<option value=\"Atlantis\" selected>");
	NEED(200, "GET", NULL, "%s", path);
	BODY_LACKS("2999-01-01"); /* the wrong value was not stored */
	/* Refused: a file of another format, a form in which no file was chosen, and a form without a file part. */
	const struct form_file text = { "note.pdf", "hello", 5 }, none = { "", "", 0 };
	char *at = browser_below(path, "/documents");

	cr_expect_eq(api_form(&api, at, &text, "type", "PASSPORT", NULL), 415);
	BODY_HAS("id=\"fault-document-PASSPORT-file\"");
	cr_expect_eq(api_form(&api, at, &none, "type", "PASSPORT", NULL), 400);
	BODY_HAS("Choose a file first");
	POSTED(400, path, "/documents", "type", "PASSPORT");
	POSTED(404, path, "/steps/nothing", "f.name", "x");
	cr_expect_eq(api_send(&api, "POST", at, "Content-Type: application/json\r\n", "{}", 2), 415);
	BODY_HAS("<!DOCTYPE html>");
}

Test(page, whatever_is_in_a_name_stays_text)
{
	char *strange,
		*path = browser_open(&api, "{\"workflow_id\":\"generic-kyc\",\"external_id\":\"P-2\",\"subject\":{"
					   "\"kind\":\"individual\","
					   "\"name\":\"</title><script>x\\u202e\\\"'\",\"country\":\"PT\"}}");

	NEED(200, "GET", NULL, "%s", path);
	BODY_LACKS("<script", "\xe2\x80\xae");
	BODY_HAS("&lt;/title&gt;&lt;script&gt;x\xef\xbf\xbd&quot;&#39;");
	POSTED(303, path, "/steps/identity", "f.name", "<img src=x onerror=1>\"'", "done", "false");
	UPLOADED(303, path, "PASSPORT", "", "<svg onload=1>.pdf");
	browser_follow(&api, path);
	BODY_LACKS("<img", "<svg");
	BODY_HAS("&lt;img src=x onerror=1&gt;&quot;&#39;", "&lt;svg onload=1&gt;.pdf");
	POSTED(303, path, "/subsessions", "kind", "individual", "name",
	       "<i>\xe2\x80\xae"
	       "Rui",
	       "role", "director");
	browser_follow(&api, path);
	BODY_HAS("&lt;i&gt;\xef\xbf\xbdRui");
	BODY_LACKS("<i>");
	POSTED(400, path, "/steps/identity", "f.name", "\xff\xfe", "done", "false"); /* no UTF-8 */
	BODY_HAS("<!DOCTYPE html>");
	strange = browser_below(path, "?done=%3Cscript%3E&at=%22%3E%3Cscript%3E");
	ASK(200, "GET", NULL, "%s", strange);
	BODY_LACKS("<script");
}

Test(page, a_party_gets_a_page_of_their_own_and_its_link_is_handed_on)
{
	char *path = open_generic();

	READ_ONLY(("%s", path), "name=\"role\" value=\"director\"");
	POSTED(400, path, "/subsessions", "kind", "individual", "name", "Rui Melo", "country",
	       "PRT"); /* without a role */
	BODY_HAS("value=\"Rui Melo\"", "<details open", "href=\"#party-role\"");
	POSTED(303, path, "/subsessions", "kind", "individual", "name", "Rui Melo", "role", "director", "role", "ubo",
	       "percent", "", "country", "PRT", "birth", "", "email", "");
	browser_follow(&api, path);
	BODY_HAS("Rui Melo", "Beneficial owner, Director");
	char *at = strstr(api.last.body, "Send this link to them:");
	cr_assert_not_null(at);
	at = strstr(at, "href=\"");
	at = test_keep(strndup(at + 6, strcspn(at + 6, "\"")));
	char *theirs = browser_path(at);
	cr_expect_str_neq(theirs, path);
	READ_ONLY(("%s", theirs), "Verification: <bdi>Rui Melo</bdi>");
	BODY_LACKS("Ines Duarte");
	UPLOADED(303, theirs, "PASSPORT", "", "passport.pdf");
	POSTED(303, theirs, "/complete", "hand_in", "true");
	/* After the party's submission the page hides the party's link, because the party's data is private. */
	READ_ONLY(("%s", path), "Submitted");
	BODY_LACKS(theirs);
	GIVES(("show", "P-1"), "parties[0].name: Rui Melo");
}

Test(page, the_json_declares_parties_too)
{
	char *path = open_generic(), *json = browser_below("/api", path);

	ASK(201, "POST",
	    "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui Melo\",\"roles\":[\"director\"],"
	    "\"country\":\"PT\"}}",
	    "%s/subsessions", json);
	ANSWERS("status: open");
	char *theirs = browser_path(reply_text(&api.last, "access_link"));
	GETS(("%s", json), "parties[0].name: Rui Melo");
	cr_expect(strstr(reply_text(&api.last, "parties[0].access_link"), theirs) != NULL);
	ASK(400, "POST", "{\"party\":{\"name\":\"Rui\"}}", "%s/subsessions", json);
	/* The party's link shows nothing of the client that declared the party. */
	char *parent = browser_below("/api", theirs);
	NEED(200, "GET", NULL, "%s", parent);
	BODY_LACKS("Ines");
	parent = open_ralio();
	json = browser_below("/api", parent);
	ASK(403, "POST", "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui\",\"roles\":[\"director\"]}}",
	    "%s/subsessions", json); /* in this workflow the reviewers declare the parties */
	POSTED(403, parent, "/subsessions", "kind", "individual", "name", "Rui", "role", "director");
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
		if (rows[i].status != 303)
			BODY_HAS("The form came from another website");
		expect_header("Referrer-Policy", "no-referrer");
	}
	/* Behind a proxy the browser sends the public address as Origin. */
	DONE("store", "set", "public_url", "https://desk.example/kyb");
	cr_expect_eq(api_send(&api, "POST", at,
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
	BODY_LACKS("<script", " style=", "src=");
}

Test(page, strange_old_and_stopped_links_get_a_plain_page)
{
	char *path = open_generic();

	NEED(200, "GET", NULL, "%s", path);
	expect_strict_headers();
	ASK(404, "GET", NULL, "/s/nothing");
	BODY_HAS("This page does not exist");
	expect_strict_headers();
	ASK(404, "GET", NULL, "%s", "/s/%22%3E%3Cscript%3E");
	BODY_LACKS("<script");
	POSTED(404, "/s/nothing", "/complete", "hand_in", "true");
	for (size_t at = strlen("/s/"); at < strlen(path); at += 7) {
		char before = path[at];

		path[at] = before == 'A' ? 'B' : 'A';
		ASK(404, "GET", NULL, "%s", path);
		path[at] = before;
	}
	/* Methods. */
	ASK(405, "DELETE", NULL, "%s", path);
	expect_header("Allow", "POST, GET, HEAD");
	expect_strict_headers();
	char *other = browser_below(path, "/complete");
	ASK(405, "GET", NULL, "%s", other);
	expect_header("Allow", "POST");
	ASK(405, "PUT", NULL, "/s/javascript:alert(1)");
	BODY_LACKS("href=\"javascript:");
	/* A new link replaces the old link. */
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions?search=P-1");
	NEED(200, "POST", NULL, "/kyc/sessions/%s/generate-link", api_keep(&api, "data[0].id"));
	other = browser_path(reply_text(&api.last, "access_link"));
	api.token = NULL;
	ASK(410, "GET", NULL, "%s", path);
	BODY_HAS("This link no longer works");
	expect_strict_headers();
	POSTED(410, path, "/steps/identity", "f.name", "Eva", "done", "true");
	UPLOADED(410, path, "PASSPORT", "", "a.pdf");
	ASK(200, "GET", NULL, "%s", other);
	/* The new link expires. */
	api_in_store(&api, "UPDATE session SET expires_at = 1000");
	ASK(410, "GET", NULL, "%s", other);
}

Test(page, a_link_reaches_its_own_session_alone)
{
	char *mine = open_generic();

	char *other =
		browser_open(&api, "{\"workflow_id\":\"generic-kyc\",\"external_id\":\"P-9\",\"subject\":{\"kind\":"
				   "\"individual\",\"name\":\"Eva Brandt\",\"country\":\"DE\"}}");
	UPLOADED(303, other, "PASSPORT", "", "passport.pdf");
	POSTED(303, other, "/complete", "hand_in", "true");
	DONE("corrections", "P-9", "--step", "identity", "--message", "Who are you?", "--grace", "0");
	NEED(200, "GET", NULL, "%s", other);
	char *correction = correction_id();
	POSTED(404, mine, test_text("/corrections/%s", correction), "words", "not mine");
	NEED(200, "GET", NULL, "%s", mine);
	BODY_LACKS("Who are you?", "Eva Brandt");
	NEED(200, "GET", NULL, "%s", other);
	BODY_LACKS("not mine");
}

Test(page, nothing_of_the_review_is_shown)
{
	char *path = open_generic();

	UPLOADED(303, path, "PASSPORT", "", "passport.pdf");
	POSTED(303, path, "/complete", "hand_in", "true");
	DONE("note", "P-1", "Looks like a straw man");
	DONE("reject", "P-1", "--reason", "sanctions_match", "--note", "explained in full", "--grace", "600");
	READ_ONLY(("%s", path), "Everything is submitted");
	BODY_LACKS("straw", "sanctions", "not accepted");
	DONE("undo", "P-1");
	DONE("reject", "P-1", "--reason", "sanctions_match", "--note", "explained in full", "--grace", "0");
	READ_ONLY(("%s", path), "We cannot accept your application as it stands.");
	BODY_LACKS("sanctions", "straw");
}

static int look_in(const char *path, const char *language)
{
	return api_send(&api, "GET", path, test_text("Accept-Language: %s\r\n", language), NULL, 0);
}

Test(page, it_speaks_the_readers_language_where_it_has_it)
{
	char *path = open_generic();

	cr_assert_eq(look_in(path, "pt-BR,pt;q=0.9,en;q=0.5"), 200);
	BODY_HAS("<html lang=\"pt\">", "Verificação", "Entregar");
	expect_header("Content-Language", "pt");
	expect_header("Vary", "Accept-Language");
	cr_assert_eq(look_in(path, "ja, fr;q=0.5"), 200);
	BODY_HAS("<html lang=\"en\">", "Submit");
	cr_assert_eq(look_in("/s/nothing", "es"), 404);
	BODY_HAS("Esta página no existe");
	/* The text of a reason is translated, too; a reviewer's text is not. */
	UPLOADED(303, path, "PASSPORT", "", "passport.pdf");
	POSTED(303, path, "/complete", "hand_in", "true");
	DONE("reject", "P-1", "--reason", "expired_document", "--note", "explained in full", "--grace", "0");
	cr_assert_eq(look_in(path, "en"), 200);
	BODY_HAS("One of your documents is no longer valid.");
	cr_assert_eq(look_in(path, "de"), 200);
	BODY_HAS("Eines Ihrer Dokumente ist nicht mehr gültig.");
	BODY_LACKS("One of your documents");
}

enum link { OF_PERSON, OF_SHOP, OF_COMPANY, LINK_COUNT };
#define PARTY_FORM(...) OF_COMPANY, "/subsessions", { __VA_ARGS__ }, NULL

/* Refused forms of each kind, with a part of the page's sentence in each language (the order of look_in()). */
static const struct {
	int link;
	const char *rest;
	const char *pairs[12];
	const char *file; /* "NAME:CONTENT"; NULL: none */
	const char *sentences[4];
} refusals[] = {
	{ OF_PERSON,
	  "/documents",
	  { "type", "PASSPORT" },
	  NULL,
	  { "Choose a file first", "Wählen Sie zuerst eine Datei", "Elija primero un archivo",
	    "Escolha primeiro um ficheiro" } },
	{ OF_PERSON,
	  "/documents",
	  { "type", "PASSPORT" },
	  "empty.pdf:",
	  { "The file is empty", "Die Datei ist leer", "El archivo está vacío", "O ficheiro está vazio" } },
	{ OF_PERSON,
	  "/documents",
	  { "type", "PASSPORT" },
	  "note.pdf:hello",
	  { "none of the accepted formats", "keines der angenommenen Formate", "ninguno de los formatos aceptados",
	    "nenhum dos formatos aceites" } },
	{ OF_PERSON,
	  "/documents",
	  { "type", "PASSPORT" },
	  "card.png:%PDF-1.4\n%%EOF\n",
	  { "By its name the file is", "Dem Namen nach ist die Datei", "Por su nombre el archivo es",
	    "Pelo nome o ficheiro é" } },
	{ OF_PERSON,
	  "/documents",
	  { "type", "ID", "side", "up" },
	  "card.pdf:%PDF-1.4\n%%EOF\n",
	  { "Choose the front or the back", "Wählen Sie die Vorderseite oder die Rückseite",
	    "Elija el anverso o el reverso", "Escolha a frente ou o verso" } },
	{ OF_PERSON,
	  "/steps/identity",
	  { "f.date_of_birth", "2999-01-01", "done", "true" },
	  NULL,
	  { "Allowed: a date (year-month-day), not after today",
	    "Erlaubt: ein Datum (Jahr-Monat-Tag), nicht nach heute",
	    "Se admite: una fecha (año-mes-día), no posterior a hoy",
	    "Permitido: uma data (ano-mês-dia), não posterior a hoje" } },
	{ OF_PERSON,
	  "/steps/address",
	  { "f.country", "Atlantis", "done", "true" },
	  NULL,
	  { "the two letters of a country, such as BR, the three letters",
	    "zwei Buchstaben eines Landes, wie BR, drei Buchstaben",
	    "las dos letras de un país, como BR, las tres letras",
	    "as duas letras de um país, como BR, as três letras" } },
	{ OF_COMPANY,
	  "/steps/company",
	  { "f.companyDescription", "", "f.numberOfEmployees", "12", "done", "true" },
	  NULL,
	  { "Please fill this in", "Bitte ausfüllen", "Complete este campo", "Preencha este campo" } },
	{ OF_PERSON,
	  "/complete",
	  { "hand_in", "true" },
	  NULL,
	  { "Any of these will do", "Eines davon genügt", "Basta uno de estos", "Basta um destes" } },
	{ OF_SHOP,
	  "/complete",
	  { "hand_in", "true" },
	  NULL,
	  { "is missing: upload it before you submit", "fehlt: Laden Sie es hoch, bevor Sie einreichen",
	    "súbalo antes de enviar", "envie-o antes de entregar" } },
	{ OF_SHOP,
	  "/subsessions",
	  { "kind", "individual", "name", "Rui", "role", "ubo" },
	  NULL,
	  { "are not entered on this page", "auf dieser Seite nicht eingetragen", "no se introducen personas",
	    "não se introduzem pessoas" } },
	{ PARTY_FORM("kind", "x", "name", "Rui", "role", "ubo"),
	  { "Choose a person or a company", "Wählen Sie eine Person oder ein Unternehmen",
	    "Elija una persona o una empresa", "Escolha uma pessoa ou uma empresa" } },
	{ PARTY_FORM("kind", "individual", "name", " ", "role", "ubo"),
	  { "Enter the name", "Geben Sie den Namen ein", "Escriba el nombre", "Escreva o nome" } },
	{ PARTY_FORM("kind", "individual", "name", "Rui"),
	  { "Choose at least one of the roles", "Wählen Sie mindestens eine der aufgeführten Rollen",
	    "Elija al menos una de las funciones", "Escolha pelo menos uma das funções" } },
	{ PARTY_FORM("kind", "individual", "name", "Rui", "role", "king"),
	  { "Choose at least one of the roles", "Wählen Sie mindestens eine der aufgeführten Rollen",
	    "Elija al menos una de las funciones", "Escolha pelo menos uma das funções" } },
	{ PARTY_FORM("kind", "individual", "name", "Rui", "role", "ubo", "percent", "101"),
	  { "Write a number from 0 to 100", "Schreiben Sie eine Zahl von 0 bis 100", "Escriba un número de 0 a 100",
	    "Escreva um número de 0 a 100" } },
	{ PARTY_FORM("kind", "individual", "name", "Rui", "role", "ubo", "birth", "2999-01-01"),
	  { "The date of birth is in the future", "Das Geburtsdatum liegt in der Zukunft",
	    "La fecha de nacimiento está en el futuro", "A data de nascimento está no futuro" } },
	{ PARTY_FORM("kind", "individual", "name", "Rui", "role", "ubo", "birth", "1899-01-01"),
	  { "The date of birth is more than 120 years ago", "Das Geburtsdatum liegt mehr als 120 Jahre zurück",
	    "La fecha de nacimiento es de hace más de 120 años", "A data de nascimento é de há mais de 120 anos" } },
	{ PARTY_FORM("kind", "individual", "name", "Rui", "role", "ubo", "country", "Atlantis"),
	  { "Choose a country", "Wählen Sie ein Land", "Elija un país", "Escolha um país" } },
};
static const char *const languages[] = { "en", "de", "es", "pt" };

/* Sends the form of a browser in this language. */
static int send_form(const char *path, const char *language, const char *const *pairs, const char *file)
{
	const char *colon = file ? strchr(file, ':') : NULL;
	char *body = test_text("%s", "");

	for (; *pairs; pairs += 2)
		body = test_text("%s--bound\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", body,
				 pairs[0], pairs[1]);
	if (colon)
		body = test_text("%s--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%.*s\"\r\n"
				 "\r\n%s\r\n",
				 body, (int)(colon - file), file, colon + 1);
	body = test_text("%s--bound--\r\n", body);
	return api_send(
		&api, "POST", path,
		test_text("Accept-Language: %s\r\nContent-Type: multipart/form-data; boundary=bound\r\n", language),
		body, strlen(body));
}

/* tests/lint/page_texts.py compares the table of texts with the sources; this test plays forms against it. */
Test(page, each_refusal_is_in_the_readers_language)
{
	const char *paths[LINK_COUNT] = {
		[OF_PERSON] = open_generic(),
		[OF_SHOP] = open_ralio(),
		[OF_COMPANY] = browser_open(&api, "{\"workflow_id\":\"avenia-kyb-level-1\",\"external_id\":\"A-1\","
						  "\"subject\":{\"kind\":\"business\",\"name\":\"Praia Ltda\","
						  "\"country\":\"BR\"}}"),
	};

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		for (size_t l = 0; l < 4; l++) {
			int status = send_form(browser_below(paths[refusals[i].link], refusals[i].rest), languages[l],
					       refusals[i].pairs, refusals[i].file);

			cr_expect(status >= 400 && status < 500, "%s: %d", refusals[i].sentences[l], status);
			BODY_HAS(refusals[i].sentences[l], "role=\"alert\"");
			if (l)
				BODY_LACKS(refusals[i].sentences[0]);
		}
	}
	/* Titles of the profile are marked as English. */
	BODY_HAS("<span lang=\"en\">Certificate of incorporation</span>: ficheiro</label>");
	/* A name is shown as it is, with any words; a missing side is named in the reader's language. */
	static const char *const owner[] = { "kind", "individual", "name", "Silva, Ana and {1} or Rui",
					     "role", "ubo",	   NULL };
	static const char *const submit[] = { "hand_in", "true", NULL };

	cr_expect_eq(send_form(browser_below(paths[OF_COMPANY], "/subsessions"), "de", owner, NULL), 303);
	cr_expect_eq(send_form(browser_below(paths[OF_COMPANY], "/complete"), "de", submit, NULL), 409);
	BODY_HAS("Der Ausweis von <bdi>Silva, Ana and {1} or Rui</bdi> fehlt");
	UPLOADED(303, paths[OF_PERSON], "ID", "front", "front.pdf");
	cr_expect_eq(send_form(browser_below(paths[OF_PERSON], "/complete"), "de", submit, NULL), 409);
	BODY_HAS("Die Rückseite von <span lang=\"en\">Identity card</span> fehlt");
	/* Data that were submitted meanwhile, in another tab, and pages without a form. */
	UPLOADED(303, paths[OF_PERSON], "PASSPORT", "", "passport.pdf");
	POSTED(303, paths[OF_PERSON], "/complete", "hand_in", "true");
	static const char *const late[] = { "f.name", "Eva", NULL };
	static const char *const submitted[] = { "Your data was submitted", "Ihre Angaben sind eingereicht",
						 "Sus datos ya se enviaron", "Os seus dados já foram entregues" };
	static const char *const broken[] = { "did not arrive complete", "nicht vollständig angekommen",
					      "no llegó completo", "não chegou completo" };
	static const char *const gone[] = { "This link no longer works", "Dieser Link gilt nicht mehr",
					    "Este enlace ya no es válido", "Este link já não é válido" };

	for (size_t l = 0; l < 4; l++) {
		char *head = test_text("Accept-Language: %s\r\nContent-Type: application/json\r\n", languages[l]);

		cr_expect_eq(send_form(browser_below(paths[OF_PERSON], "/steps/identity"), languages[l], late, NULL),
			     409);
		BODY_HAS(submitted[l]);
		cr_expect_eq(api_send(&api, "POST", browser_below(paths[OF_SHOP], "/documents"), head, "{}", 2), 415);
		BODY_HAS(broken[l]);
	}
	api_in_store(&api, "UPDATE session SET expires_at = 1000");
	for (size_t l = 0; l < 4; l++) {
		cr_expect_eq(send_form(browser_below(paths[OF_SHOP], "/complete"), languages[l], late, NULL), 410);
		BODY_HAS(gone[l]);
	}
}

/* The notice of what was done is the target of the redirect, so that it gets the focus. */
Test(page, the_result_of_a_form_gets_the_focus_and_labels_name_the_paper)
{
	char *path = open_generic();

	READ_ONLY(("%s", path), ">Passport: file</label>", "autocomplete=\"name\"", "autocomplete=\"bday\"",
		  "at most 10 MB");
	BODY_LACKS("lang=\"en\">Passport");
	UPLOADED(303, path, "PASSPORT", "", "passport.pdf");
	cr_expect_not_null(strstr(reply_header(&api.last, "Location"), "?done=uploaded&at=document-PASSPORT#done"));
	browser_follow(&api, path);
	BODY_HAS("role=\"status\" id=\"done\" tabindex=\"-1\">The file was received.");
	POSTED(303, path, "/complete", "hand_in", "true");
	browser_follow(&api, path);
	BODY_HAS("role=\"status\" id=\"done\" tabindex=\"-1\">Thank you.");
}

Test(page, a_workflow_with_many_kinds_of_fields_is_filled_in)
{
	char *path = browser_open(
		&api, "{\"workflow_id\":\"avenia-kyb-level-1\",\"external_id\":\"A-1\",\"subject\":{\"kind\":"
		      "\"business\",\"name\":\"Praia Ltda\",\"country\":\"BR\"}}");

	READ_ONLY(("%s", path), "<option value=\"ecommerce_retail_payments\">", "name=\"f.uboIds\"");
	BODY_HAS("value=\"PRAIA LTDA\""); /* the form shows the known name of the company */
	POSTED(400, path, "/steps/company", "f.numberOfEmployees", "12", "f.estimatedMonthlyVolumeUsd", "x",
	       "f.companyCity", "Recife", "done", "false");
	BODY_HAS("id=\"fault-step-company-numberOfEmployees\"", "id=\"fault-step-company-estimatedMonthlyVolumeUsd\"",
		 "value=\"Recife\"");
	BODY_LACKS("id=\"fault-step-company-website\"");
	BODY_LACKS("id=\"fault-step-company-companyState\""); /* an unfinished step may have empty fields */
	POSTED(303, path, "/steps/company", "f.numberOfEmployees", "11-50", "f.companyCity", "Recife",
	       "f.sandboxReject", "true", "done", "false");
	browser_follow(&api, path);
	BODY_HAS("<option value=\"11-50\" selected>", "<option value=\"true\" selected>Yes", "Started");
	POSTED(400, path, "/steps/company", "f.companyCity", "", "done", "true");
	BODY_LACKS("id=\"fault-step-company-website\"");
	BODY_HAS("id=\"fault-step-company-companyCity\"", "id=\"fault-step-company-reasonForAccountOpening\"");
	BODY_HAS("City: Please fill this in", "Reason for opening the account: Please fill this in");
}

Test(page, lists_grow_entry_by_entry_and_keep_what_they_held)
{
	char *path =
		browser_open(&api, "{\"workflow_id\":\"atelio-beneficial-owner\",\"external_id\":\"O-1\",\"subject\":{"
				   "\"kind\":\"individual\",\"name\":\"Sam Doe\",\"country\":\"US\"}}");

	READ_ONLY(("%s", path), "name=\"f.addresses[0].street\"");
	BODY_LACKS("name=\"f.addresses[1].street\"");
	POSTED(400, path, "/steps/addresses", "f.addresses", "", "f.addresses[0]", "", "f.addresses[0].address_type",
	       "PHYSICAL", "f.addresses[0].street", "PO Box 7", "f.addresses[0].city", "Reno", "done", "false");
	BODY_HAS("id=\"fault-step-addresses-addresses[0].street\"", "value=\"PO Box 7\"");
	POSTED(303, path, "/steps/addresses", "f.addresses", "", "f.addresses[0]", "", "f.addresses[0].address_type",
	       "PHYSICAL", "f.addresses[0].street", "1 Main Street", "f.addresses[0].city", "Reno",
	       "f.addresses[0].state", "NV", "f.addresses[0].zip_code", "89501", "f.addresses[0].country", "US",
	       "f.addresses[0].is_primary", "true", "f.addresses[1]", "", "f.addresses[1].street", "", "done", "true");
	browser_follow(&api, path);
	BODY_HAS("value=\"1 Main Street\"", "name=\"f.addresses[1].street\"");
	BODY_LACKS("name=\"f.addresses[2].street\""); /* an empty entry is not stored */
}

/* "/s/TOKEN" of the link for one document, which a webhook sent to the merchant. */
static char *document_link(struct receiver *receiver)
{
	const char *at = NULL;

	DONE("webhook", "deliver", "--drain");
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
	char *whole =
		browser_open(&api, "{\"workflow_id\":\"atelio-beneficial-owner\",\"external_id\":\"O-2\",\"subject\":{"
				   "\"kind\":\"individual\",\"name\":\"Sam Doe\",\"country\":\"US\"}}");

	POSTED(303, whole, "/complete", "hand_in", "true");
	api.token = api.key;
	NEED(200, "GET", NULL, "/kyc/sessions?search=O-2");
	cr_assert_lt(api_callf(&api, "POST", "{\"results\":{\"final_decision\":\"manual_review\"}}",
			       "/kyc/sessions/%s/results", api_keep(&api, "data[0].id")),
		     300, "%s", api.last.body);
	api.token = NULL;
	DONE("endpoint", "add", "--merchant", "shop", "--url", receiver_url(receiver, "/hook"), "--event",
	     "kyc.verification.document_required");
	DONE("corrections", "O-2", "--step", "documents", "--document", "government_id", "--message",
	     "Both sides, please", "--grace", "0");
	char *path = document_link(receiver);
	READ_ONLY(("%s", path), "id=\"document-government_id\"");
	BODY_LACKS("Sam Doe", "/steps/", "/complete");
	UPLOADED(400, path, "proof_of_address", "", "a.pdf");
	UPLOADED(303, path, "government_id", "front", "<front>.pdf");
	browser_follow(&api, path);
	BODY_HAS("&lt;front&gt;.pdf", "Back: Not received yet");
	POSTED(404, path, "/complete", "hand_in", "true");
	POSTED(404, path, "/steps/identity", "f.dob", "1990-01-01", "done", "false");
	POSTED(404, path, "/subsessions", "kind", "individual", "name", "Rui", "role", "ubo");
	/* The last missing side of the requested document submits the case; then the page accepts no more files. */
	UPLOADED(303, path, "government_id", "back", "back.pdf");
	browser_follow(&api, path);
	BODY_HAS("Everything is submitted");
	BODY_LACKS("type=\"file\"");
	UPLOADED(409, path, "government_id", "front", "again.pdf");
	receiver_stop(receiver);
}
