/* The client's page: what its forms do with each kind of field. */
#include "browser.h"

#include <stdio.h>
#include <string.h>

TestSuite(fields, .init = api_set_up, .fini = api_tear_down);

static bool shows(const char *text)
{
	return browser_shows(&api, text);
}

static void look(const char *path)
{
	cr_assert_eq(api_call(&api, "GET", path, NULL), 200, "%s", api.last.body);
}

/* The step's field in the store, as compact JSON; NULL if absent. */
static char *stored(const char *reference, size_t step, const char *field)
{
	const json_t *fields;
	char path[64];

	cr_assert_eq(box_json(&api.box, "show", reference, "--reveal", NULL), 0, "%s", api.box.last.err);
	(void)snprintf(path, sizeof path, "steps[%zu].fields", step);
	fields = json_path(api.box.json, path);
	fields = json_object_get(fields, field);
	return fields ? test_keep(json_dumps(fields, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS)) : NULL;
}

static void expect_stored(const char *reference, size_t step, const char *field, const char *wanted)
{
	char *found = stored(reference, step, field);

	if (!wanted)
		cr_expect_null(found, "%s is %s", field, found);
	else if (!found)
		cr_expect_fail("%s is not there", field);
	else
		cr_expect_str_eq(found, wanted, "%s is %s", field, found);
}

static char *open_avenia(void)
{
	return browser_open(&api,
			    "{\"workflow_id\":\"avenia-kyb-level-1\",\"external_id\":\"A-1\",\"subject\":{\"kind\":"
			    "\"business\",\"name\":\"Praia Ltda\",\"country\":\"BR\"}}");
}

Test(fields, parties_are_ticked)
{
	char *path = open_avenia();

	cr_assert_eq(box_run(&api.box, "party", "add", "A-1", "--kind", "individual", "--name", "Ana Lua", "--role",
			     "ubo", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(box_run(&api.box, "party", "add", "A-1", "--kind", "individual", "--name", "Rui Sol", "--role",
			     "ubo", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(box_json(&api.box, "show", "A-1", NULL), 0);
	char *ana = test_keep(strdup(json_path_text(api.box.json, "parties[0].id")));
	char *rui = test_keep(strdup(json_path_text(api.box.json, "parties[1].id")));
	look(path);
	cr_expect(shows("Ana Lua") && !shows(" checked"));
	/* No box is checked, as before: no error. */
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.uboIds", "", "f.companyCity", "Recife", "done",
				  "false"),
		     303, "%s", api.last.body);
	expect_stored("A-1", 2, "uboIds", NULL);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.uboIds", "", "f.uboIds", ana, "f.uboIds", rui,
				  "done", "false"),
		     303, "%s", api.last.body);
	char *ids = test_text("[\"%s\",\"%s\"]", ana, rui);
	expect_stored("A-1", 2, "uboIds", ids);
	browser_follow(&api, path);
	ids = test_text("value=\"%s\" checked>", rui);
	cr_expect(shows(ids), "%s", api.last.body);
	/* An unfinished step may lack one, or all. */
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.uboIds", "", "f.uboIds", ana, "done", "false"),
		     303, "%s", api.last.body);
	ids = test_text("[\"%s\"]", ana);
	expect_stored("A-1", 2, "uboIds", ids);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.uboIds", "", "f.uboIds", ana, "done", "true"),
		     400);
	cr_expect(shows("class=\"field faulty\" id=\"step-company-uboIds\"") &&
		  shows("all of them must be listed in Step 4"));
	expect_stored("A-1", 2, "uboIds", ids);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.uboIds", "", "done", "false"), 303, "%s",
		     api.last.body);
	expect_stored("A-1", 2, "uboIds", "[]");
	/* An unknown party is refused; the error is shown beside the checkboxes. */
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.uboIds", "", "f.uboIds",
				  "00000000-0000-4000-8000-000000000000", "done", "false"),
		     400);
	cr_expect(shows("class=\"field faulty\" id=\"step-company-uboIds\"") &&
			  shows("<a href=\"#step-company-uboIds\">") &&
			  !shows("00000000-0000-4000-8000-000000000000"),
		  "%s", api.last.body);
	expect_stored("A-1", 2, "uboIds", "[]");
}

Test(fields, a_document_that_is_half_there_is_not_offered)
{
	char *path = open_avenia();

	cr_expect_eq(browser_upload(&api, path, "CERTIFICATE-OF-INCORPORATION", "", "articles.pdf"), 303, "%s",
		     api.last.body);
	look(path);
	cr_expect(shows(">Certificate of incorporation: articles.pdf</option>"));
	cr_assert_eq(box_json(&api.box, "show", "A-1", NULL), 0);
	char *offered = test_text("<option value=\"%s\"", json_path_text(api.box.json, "documents[0].id"));
	cr_expect(shows(offered));
	api_in_store(&api, "UPDATE document SET upload = 'waiting'");
	look(path);
	cr_expect(!shows(offered), "it cannot be named");
}

Test(fields, what_is_not_done_is_said_before_all_is_submitted_by_actor)
{
	char *path = open_avenia();

	look(path);
	cr_expect(shows("<p>Not complete yet: <a href=\"#step-company\">Company</a>, "
			"<a href=\"#document-CERTIFICATE-OF-INCORPORATION\">Certificate of incorporation</a>, "
			"<a href=\"#document-COMPANY-TAX-IDENTIFICATION-DOCUMENT\">Tax identification "
			"document</a></p>"),
		  "%s", strstr(api.last.body, "id=\"hand-in"));
	cr_expect_eq(browser_upload(&api, path, "CERTIFICATE-OF-INCORPORATION", "", "articles.pdf"), 303);
	look(path);
	cr_expect(shows(
		"<p>Not complete yet: <a href=\"#step-company\">Company</a>, "
		"<a href=\"#document-COMPANY-TAX-IDENTIFICATION-DOCUMENT\">Tax identification document</a></p>"));
	char *own = browser_open(
		&api, "{\"workflow_id\":\"atelio-beneficial-owner\",\"external_id\":\"O-2\",\"subject\":{"
		      "\"kind\":\"individual\",\"name\":\"Sam Doe\",\"country\":\"US\"}}");
	look(own);
	cr_expect(shows("Not complete yet: <a href=\"#step-identity\">Identity</a>, <a "
			"href=\"#step-addresses\">Addresses</a>"));
	cr_expect_eq(BROWSER_POST(&api, own, "/steps/addresses", "f.addresses", "", "f.addresses[0]", "",
				  "f.addresses[0].address_type", "PHYSICAL", "f.addresses[0].street",
				  "1 Main Street", "f.addresses[0].city", "Reno", "f.addresses[0].state", "NV",
				  "f.addresses[0].zip_code", "89501", "f.addresses[0].country", "US",
				  "f.addresses[0].is_primary", "true", "done", "true"),
		     303, "%s", api.last.body);
	look(own);
	cr_expect(shows("<p>Not complete yet: <a href=\"#step-identity\">Identity</a></p>"), "%s",
		  strstr(api.last.body, "id=\"hand-in"));
}

/* A step was submitted half filled: a correction of one field is resolved by that field alone. */
Test(fields, what_a_correction_asks_for_can_be_answered_whatever_else_is_missing)
{
	char *path = open_avenia();

	cr_assert_eq(browser_upload(&api, path, "CERTIFICATE-OF-INCORPORATION", "", "articles.pdf"), 303);
	cr_assert_eq(browser_upload(&api, path, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", "", "tax.pdf"), 303);
	cr_assert_eq(BROWSER_POST(&api, path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	cr_assert_eq(box_run(&api.box, "corrections", "A-1", "--step", "company", "--field", "companyCity",
			     "--message", "In which city?", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	look(path);
	cr_expect(shows("name=\"f.companyCity\"") && !shows("name=\"f.companyZipCode\""));
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.companyCity", "", "done", "true"), 400);
	cr_expect(shows("<a href=\"#step-company-companyCity\">City: ") && !shows("companyZipCode"), "%s",
		  api.last.body);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.companyCity", "Recife", "done", "true"), 303,
		     "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(!shows("Not complete yet"), "it is answered");
	cr_expect_eq(BROWSER_POST(&api, path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	expect_stored("A-1", 2, "companyCity", "\"Recife\"");
	/* The whole step: all of it. */
	cr_assert_eq(box_run(&api.box, "corrections", "A-1", "--step", "company", "--message", "Please fill it in",
			     "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/company", "f.companyCity", "Olinda", "done", "true"), 400);
	cr_expect(shows("<a href=\"#step-company-companyZipCode\">"), "%s", api.last.body);
}

Test(fields, a_session_without_steps_asks_for_those_of_its_workflow)
{
	box_import(&api.box,
		   "{\"external_ref\":\"B-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		   "\"status\":"
		   "\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"Rita Mar\",\"country\":\"PRT\"}}\n");
	cr_assert_eq(box_json(&api.box, "link", "B-1", NULL), 0, "%s", api.box.last.out);
	char *path = browser_path(json_path_text(api.box.json, "link"));
	look(path);
	cr_expect(shows("/steps/identity\"") && shows("/steps/address\"") && shows("/steps/source_of_funds\""),
		  "%s", api.last.body);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/address", "f.city", "Porto", "done", "false"), 303, "%s",
		     api.last.body);
	look(path);
	cr_expect(shows("/steps/identity\"") && shows("/steps/address\"") && shows("/steps/source_of_funds\""),
		  "%s", api.last.body);
	cr_assert_eq(box_json(&api.box, "show", "B-1", NULL), 0);
	cr_expect_str_eq(json_path_text(api.box.json, "steps[0].status"), "pending");
	cr_expect_str_eq(json_path_text(api.box.json, "steps[1].id"), "address");
	cr_expect_str_eq(json_path_text(api.box.json, "steps[1].status"), "in_progress");
}

static char *open_person(void)
{
	return browser_open(&api, "{\"workflow_id\":\"generic-kyc\",\"external_id\":\"P-1\",\"subject\":{\"kind\":"
				  "\"individual\",\"name\":\"Ines Duarte\",\"country\":\"PT\"}}");
}

static size_t parties_of(const char *reference)
{
	cr_assert_eq(box_json(&api.box, "show", reference, NULL), 0);
	return json_array_size(json_path(api.box.json, "parties"));
}

/* The page takes them, and so does the JSON beside it, and the merchant's own call. */
Test(fields, what_the_workflow_asks_of_a_party_comes_as_json_too)
{
	static const char ana[] =
		"{\"party\":{\"kind\":\"individual\",\"name\":\"Ana Lua\",\"roles\":[\"ubo\"],\"fields\":{"
		"\"city\":\"Recife\",\"zipCode\":\"50000\"}}}";
	char *path = open_avenia();

	cr_assert_eq(api_callf(&api, "POST", ana, "/api%s/subsessions", path), 201, "%s", api.last.body);
	cr_assert_eq(box_json(&api.box, "show", "A-1", "--reveal", NULL), 0);
	cr_expect_str_eq(json_path_text(api.box.json, "parties[0].fields.city"), "Recife");
	cr_expect_str_eq(json_path_text(api.box.json, "parties[0].fields.zipCode"), "50000");
	cr_expect_eq(
		api_callf(
			&api, "POST",
			"{\"party\":{\"kind\":\"individual\",\"name\":\"Rui\",\"roles\":[\"ubo\"],\"fields\":[1]}}",
			"/api%s/subsessions", path),
		400);
	cr_expect_eq(api_callf(&api, "POST",
			       "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui\",\"roles\":[\"ubo\"],"
			       "\"fields\":{\"country\":\"Atlantis\"}}}",
			       "/api%s/subsessions", path),
		     400);
	/* A merchant's party comes with a session; where the workflow has none for it, nobody is declared. */
	char *id = test_keep(strdup(json_path_text(api.box.json, "id")));
	api.token = api.key;
	cr_expect_eq(api_callf(&api, "POST", ana, "/kyc/sessions/%s/subsessions", id), 409, "%s", api.last.body);
	cr_expect_eq(parties_of("A-1"), 1);
	path = open_person();
	cr_assert_eq(box_json(&api.box, "show", "P-1", NULL), 0);
	id = test_keep(strdup(json_path_text(api.box.json, "id")));
	api.token = api.key;
	cr_assert_eq(api_callf(&api, "POST", ana, "/kyc/sessions/%s/subsessions", id), 201, "%s", api.last.body);
	api.token = NULL;
	cr_assert_eq(box_json(&api.box, "show", "P-1", "--reveal", NULL), 0);
	cr_expect_str_eq(json_path_text(api.box.json, "parties[0].fields.city"), "Recife");
}

/* Id of a party of P-1, and its link when it has one. */
static char *declare(const char *path, const char *name, size_t at, char **link)
{
	char member[32], *id;

	cr_assert_eq(
		BROWSER_POST(&api, path, "/subsessions", "kind", "individual", "name", name, "role", "director"),
		303, "%s", api.last.body);
	cr_assert_eq(box_json(&api.box, "show", "P-1", NULL), 0);
	(void)snprintf(member, sizeof member, "parties[%zu].id", at);
	id = test_keep(strdup(json_path_text(api.box.json, member)));
	look(path);
	if (link) {
		const char *from = strstr(strstr(api.last.body, id), "href=\"") + strlen("href=\"");
		char *url = test_keep(strndup(from, strcspn(from, "\"")));

		*link = browser_path(url);
	}
	return id;
}

static int take_back(const char *path, const char *id, const char *sure)
{
	return BROWSER_POST(&api, path, test_text("/subsessions/%s", id), "remove", sure);
}

Test(fields, who_was_declared_by_mistake_is_taken_back)
{
	char *path = open_person();
	char *theirs, *rui = declare(path, "Rui Melo", 0, &theirs);

	cr_expect(shows("<summary>Remove<span class=\"vh\">: <bdi>Rui Melo</bdi>"), "%s",
		  strstr(api.last.body, "Rui Melo"));
	cr_expect_eq(take_back(path, rui, ""), 400);
	cr_expect_eq(take_back(path, "00000000-0000-4000-8000-000000000000", "true"), 404);
	cr_expect_eq(parties_of("P-1"), 1);
	cr_expect_eq(take_back(path, rui, "true"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	cr_expect(shows("Removed.") && !shows("Rui Melo"));
	cr_expect_eq(parties_of("P-1"), 0);
	cr_expect_eq(api_call(&api, "GET", theirs, NULL), 404, "their page is gone with them");
	/* A party that has submitted their part stays. */
	char *ana = declare(path, "Ana Lua", 0, &theirs);
	cr_assert_eq(browser_upload(&api, theirs, "PASSPORT", "", "passport.pdf"), 303, "%s", api.last.body);
	cr_assert_eq(BROWSER_POST(&api, theirs, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	look(path);
	cr_expect(!shows("<summary>Remove"));
	cr_expect_eq(take_back(path, ana, "true"), 409);
	cr_expect(shows("only a reviewer can remove the party now"), "%s", api.last.body);
	cr_expect_eq(parties_of("P-1"), 1);
	/* The same in JSON. */
	rui = declare(path, "Rui Sol", 1, NULL);
	char *json = test_text("/api%s/subsessions/%s", path, rui);
	cr_expect_eq(api_call(&api, "DELETE", json, NULL), 200, "%s", api.last.body);
	cr_expect_eq(api_call(&api, "DELETE", json, NULL), 404);
	cr_expect_eq(parties_of("P-1"), 1);
	/* Submitted data can no longer be changed by them. */
	rui = declare(path, "Rui Mar", 1, NULL);
	cr_assert_eq(browser_upload(&api, path, "PASSPORT", "", "passport.pdf"), 303, "%s", api.last.body);
	cr_assert_eq(BROWSER_POST(&api, path, "/complete", "hand_in", "true"), 303, "%s", api.last.body);
	cr_expect_eq(take_back(path, rui, "true"), 409);
	cr_expect_eq(parties_of("P-1"), 2);
	/* Nor while a correction asks for their identity. */
	cr_assert_eq(box_run(&api.box, "corrections", "P-1", "--step", "documents", "--message",
			     "Please say who is who", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	look(path);
	cr_expect(shows("Add a person or company") && !shows("<summary>Remove"));
	cr_expect_eq(take_back(path, rui, "true"), 409);
	cr_expect_eq(parties_of("P-1"), 2);
}

/* A workflow of the operator's own: a list of lines, an object, a list of objects. */
static const char own_workflow[] =
	"{\"name\":\"own-kyb\",\"title\":\"Own KYB\",\"provider\":\"Own\",\"source\":\"own\",\"version\":1,"
	"\"kind\":\"kyb\",\"subject_kinds\":[\"business\"],\"steps\":[{\"id\":\"about\",\"title\":\"About\","
	"\"guidance\":\"What the company says of itself.\",\"fields\":["
	"{\"id\":\"brands\",\"title\":\"Brands\",\"type\":\"list\"},"
	"{\"id\":\"office\",\"title\":\"Office\",\"fields\":[{\"id\":\"city\",\"title\":\"City\"},"
	"{\"id\":\"floor\",\"title\":\"Floor\"}]},"
	"{\"id\":\"shops\",\"title\":\"Shops\",\"items\":[{\"id\":\"city\",\"title\":\"City\"},{\"id\":\"tags\","
	"\"title\":\"Tags\",\"type\":\"list\"}]}]}]}";

static char *open_own(void)
{
	box_write(&api.box, "own-kyb.json", own_workflow);
	cr_assert_eq(box_run(&api.box, "workflow", "install", "own-kyb.json", NULL), 0, "%s%s", api.box.last.out,
		     api.box.last.err);
	return browser_open(&api, "{\"workflow_id\":\"own-kyb\",\"external_id\":\"O-1\",\"subject\":{\"kind\":"
				  "\"business\",\"name\":\"Harbour Lane Ltd\",\"country\":\"GB\"}}");
}

Test(fields, each_line_of_a_list_is_one)
{
	char *path = open_own();

	look(path);
	cr_expect(shows("<textarea rows=\"3\" id=\"step-about-brands\" name=\"f.brands\">"), "%s", api.last.body);
	/* Empty as it was. */
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/about", "f.brands", "", "f.office", "", "f.office.city",
				  "Hull", "f.shops", "", "f.shops[0]", "", "f.shops[0].city", "", "f.shops[0].tags",
				  "", "done", "false"),
		     303, "%s", api.last.body);
	expect_stored("O-1", 0, "brands", NULL);
	expect_stored("O-1", 0, "shops", NULL);
	expect_stored("O-1", 0, "office", "{\"city\":\"Hull\"}");
	cr_expect_eq(
		BROWSER_POST(&api, path, "/steps/about", "f.brands", "Quay & Co\r\n\r\nTide\nEbb", "done", "false"),
		303, "%s", api.last.body);
	expect_stored("O-1", 0, "brands", "[\"Quay & Co\",\"Tide\",\"Ebb\"]");
	browser_follow(&api, path);
	cr_expect(shows(">\nQuay &amp; Co\nTide\nEbb</textarea>"), "%s", api.last.body);
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/about", "f.brands", "", "done", "false"), 303);
	expect_stored("O-1", 0, "brands", "[]");
}

Test(fields, of_an_object_what_is_not_asked_for_stays)
{
	char *path = open_own();

	cr_assert_eq(box_run(&api.box, "step", "edit", "O-1", "about", "--field",
			     "office:={\"city\":\"Hull\",\"floor\":\"2\",\"hoist\":true}", NULL),
		     0, "%s", api.box.last.err);
	look(path);
	cr_expect(shows("name=\"f.office.city\"") && shows(">\nHull</textarea>") && !shows("hoist"));
	cr_expect_eq(BROWSER_POST(&api, path, "/steps/about", "f.office", "", "f.office.city", "Goole",
				  "f.office.floor", "", "done", "false"),
		     303, "%s", api.last.body);
	expect_stored("O-1", 0, "office", "{\"city\":\"Goole\",\"hoist\":true}");
}

#define SHOPS 70
#define PART "--part\r\nContent-Disposition: form-data; name=\""

Test(fields, a_long_list_keeps_its_end)
{
	char *path = open_own(), *list = NULL, *rest = browser_below(path, "/steps/about"), *form = NULL;
	size_t length, form_length;
	FILE *out = open_memstream(&list, &length), *sent = open_memstream(&form, &form_length);

	for (int i = 0; i < SHOPS; i++) {
		fprintf(out, "%s{\"city\":\"City %d\"}", i ? "," : "shops:=[", i);
		fprintf(sent, PART "f.shops[%d]\"\r\n\r\n\r\n" PART "f.shops[%d].city\"\r\n\r\nCity %d\r\n", i, i,
			i);
	}
	fprintf(out, "]");
	fprintf(sent, PART "f.shops\"\r\n\r\n\r\n" PART "done\"\r\n\r\nfalse\r\n--part--\r\n");
	fclose(out);
	fclose(sent);
	cr_assert_eq(box_run(&api.box, "step", "edit", "O-1", "about", "--field", list, NULL), 0, "%s",
		     api.box.last.err);
	char *before = stored("O-1", 0, "shops");
	look(path);
	cr_expect(shows("name=\"f.shops[70].city\""));
	cr_expect_eq(api_send(&api, "POST", rest, "Content-Type: multipart/form-data; boundary=part\r\n", form,
			      form_length),
		     303, "%s", api.last.body);
	char *after = stored("O-1", 0, "shops");
	cr_expect_str_eq(after, before);
	free(list);
	free(form);
}
