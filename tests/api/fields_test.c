/* The client's page: what its forms do with each kind of field. */
#include "browser.h"

#include <stdio.h>
#include <string.h>

TestSuite(fields, .init = api_set_up, .fini = api_tear_down);

/* The step's field in the store, as compact JSON; NULL if absent. */
static char *stored(const char *reference, size_t step, const char *field)
{
	const json_t *fields;
	char path[64];

	DONE_JSON("show", reference, "--reveal");
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

	DONE("party", "add", "A-1", "--kind", "individual", "--name", "Ana Lua", "--role", "ubo");
	DONE("party", "add", "A-1", "--kind", "individual", "--name", "Rui Sol", "--role", "ubo");
	DONE_JSON("show", "A-1");
	char *ana = test_keep(strdup(json_path_text(api.box.json, "parties[0].id")));
	char *rui = test_keep(strdup(json_path_text(api.box.json, "parties[1].id")));
	READ_ONLY(("%s", path), "Ana Lua");
	BODY_LACKS(" checked");
	/* If no box was checked before and none is checked now, the form is accepted and stores no list of parties. */
	POSTED(303, path, "/steps/company", "f.uboIds", "", "f.companyCity", "Recife", "done", "false");
	expect_stored("A-1", 2, "uboIds", NULL);
	POSTED(303, path, "/steps/company", "f.uboIds", "", "f.uboIds", ana, "f.uboIds", rui, "done", "false");
	char *ids = test_text("[\"%s\",\"%s\"]", ana, rui);
	expect_stored("A-1", 2, "uboIds", ids);
	browser_follow(&api, path);
	ids = test_text("value=\"%s\" checked>", rui);
	BODY_HAS(ids);
	/* An unfinished step may omit one party, or all parties. */
	POSTED(303, path, "/steps/company", "f.uboIds", "", "f.uboIds", ana, "done", "false");
	ids = test_text("[\"%s\"]", ana);
	expect_stored("A-1", 2, "uboIds", ids);
	POSTED(400, path, "/steps/company", "f.uboIds", "", "f.uboIds", ana, "done", "true");
	BODY_HAS("class=\"field faulty\" id=\"step-company-uboIds\"", "Allowed: all people and companies");
	expect_stored("A-1", 2, "uboIds", ids);
	POSTED(303, path, "/steps/company", "f.uboIds", "", "done", "false");
	expect_stored("A-1", 2, "uboIds", "[]");
	/* An unknown party is refused; the error is shown beside the checkboxes. */
	POSTED(400, path, "/steps/company", "f.uboIds", "", "f.uboIds", "00000000-0000-4000-8000-000000000000", "done",
	       "false");
	BODY_HAS("class=\"field faulty\" id=\"step-company-uboIds\"", "<a href=\"#step-company-uboIds\">");
	BODY_LACKS("00000000-0000-4000-8000-000000000000");
	expect_stored("A-1", 2, "uboIds", "[]");
}

Test(fields, a_document_that_is_half_there_is_not_offered)
{
	char *path = open_avenia();

	UPLOADED(303, path, "CERTIFICATE-OF-INCORPORATION", "", "articles.pdf");
	READ_ONLY(("%s", path), ">Certificate of incorporation: articles.pdf</option>");
	DONE_JSON("show", "A-1");
	char *offered = test_text("<option value=\"%s\"", json_path_text(api.box.json, "documents[0].id"));
	BODY_HAS(offered);
	api_in_store(&api, "UPDATE document SET upload = 'waiting'");
	NEED(200, "GET", NULL, "%s", path);
	BODY_LACKS(offered); /* a document without its file is not offered */
}

Test(fields, what_is_not_done_is_said_before_all_is_submitted_by_actor)
{
	char *path = open_avenia();

	READ_ONLY(("%s", path), "<p>Not complete yet: <a href=\"#step-company\">Company</a>, "
				"<a href=\"#document-CERTIFICATE-OF-INCORPORATION\">Certificate of incorporation</a>, "
				"<a href=\"#document-COMPANY-TAX-IDENTIFICATION-DOCUMENT\">Tax identification "
				"document</a></p>");
	UPLOADED(303, path, "CERTIFICATE-OF-INCORPORATION", "", "articles.pdf");
	READ_ONLY(("%s", path),
		  "<p>Not complete yet: <a href=\"#step-company\">Company</a>, "
		  "<a href=\"#document-COMPANY-TAX-IDENTIFICATION-DOCUMENT\">Tax identification document</a></p>");
	char *own =
		browser_open(&api, "{\"workflow_id\":\"atelio-beneficial-owner\",\"external_id\":\"O-2\",\"subject\":{"
				   "\"kind\":\"individual\",\"name\":\"Sam Doe\",\"country\":\"US\"}}");
	READ_ONLY(("%s", own), "Not complete yet: <a href=\"#step-identity\">Identity</a>, <a "
			       "href=\"#step-addresses\">Addresses</a>");
	POSTED(303, own, "/steps/addresses", "f.addresses", "", "f.addresses[0]", "", "f.addresses[0].address_type",
	       "PHYSICAL", "f.addresses[0].street", "1 Main Street", "f.addresses[0].city", "Reno",
	       "f.addresses[0].state", "NV", "f.addresses[0].zip_code", "89501", "f.addresses[0].country", "US",
	       "f.addresses[0].is_primary", "true", "done", "true");
	READ_ONLY(("%s", own), "<p>Not complete yet: <a href=\"#step-identity\">Identity</a></p>");
}

/* A submission needs each required field. If a step was submitted without (to an earlier version), a correction of one
 * field requires only this field. */
Test(fields, what_a_correction_asks_for_can_be_answered_whatever_else_is_missing)
{
	char *path = open_avenia();

	UPLOADED(303, path, "CERTIFICATE-OF-INCORPORATION", "", "articles.pdf");
	UPLOADED(303, path, "COMPANY-TAX-IDENTIFICATION-DOCUMENT", "", "tax.pdf");
	POSTED(409, path, "/complete", "hand_in", "true");
	BODY_HAS("City is missing", "UBOs is missing");
	api_in_store(&api, "UPDATE session SET status = 'manual_review', submitted_at = created_at");
	DONE("corrections", "A-1", "--step", "company", "--field", "companyCity", "--message", "In which city?",
	     "--grace", "0");
	READ_ONLY(("%s", path), "name=\"f.companyCity\"");
	BODY_LACKS("name=\"f.companyZipCode\"");
	POSTED(400, path, "/steps/company", "f.companyCity", "", "done", "true");
	BODY_HAS("<a href=\"#step-company-companyCity\">City: ");
	BODY_LACKS("companyZipCode");
	POSTED(303, path, "/steps/company", "f.companyCity", "Recife", "done", "true");
	browser_follow(&api, path);
	BODY_LACKS("Not complete yet"); /* the correction is answered */
	POSTED(303, path, "/complete", "hand_in", "true");
	expect_stored("A-1", 2, "companyCity", "\"Recife\"");
	/* A correction of the whole step requires all mandatory fields of the step. */
	DONE("corrections", "A-1", "--step", "company", "--message", "Please fill it in", "--grace", "0");
	POSTED(400, path, "/steps/company", "f.companyCity", "Olinda", "done", "true");
	BODY_HAS("<a href=\"#step-company-companyZipCode\">");
}

Test(fields, a_session_without_steps_asks_for_those_of_its_workflow)
{
	box_import(&api.box,
		   "{\"external_ref\":\"B-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		   "\"status\":"
		   "\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"Rita Mar\",\"country\":\"PRT\"}}\n");
	DONE_JSON("link", "B-1");
	char *path = browser_path(json_path_text(api.box.json, "link"));
	READ_ONLY(("%s", path), "/steps/identity\"", "/steps/address\"", "/steps/source_of_funds\"");
	POSTED(303, path, "/steps/address", "f.city", "Porto", "done", "false");
	READ_ONLY(("%s", path), "/steps/identity\"", "/steps/address\"", "/steps/source_of_funds\"");
	GIVES(("show", "B-1"), "steps[0].status: pending", "steps[1].id: address", "steps[1].status: in_progress");
}

static char *open_person(void)
{
	return browser_open(&api, PERSON_CALLED("P-1"));
}

static size_t parties_of(const char *reference)
{
	DONE_JSON("show", reference);
	return json_array_size(json_path(api.box.json, "parties"));
}

/* The JSON of the link and the merchant's own request accept a party's fields, as the page does. */
Test(fields, what_the_workflow_asks_of_a_party_comes_as_json_too)
{
	static const char ana[] =
		"{\"party\":{\"kind\":\"individual\",\"name\":\"Ana Lua\",\"roles\":[\"ubo\"],\"fields\":{"
		"\"city\":\"Recife\",\"zipCode\":\"50000\"}}}";
	char *path = open_avenia();

	NEED(201, "POST", ana, "/api%s/subsessions", path);
	GIVES(("show", "A-1", "--reveal"), "parties[0].fields.city: Recife", "parties[0].fields.zipCode: 50000");
	ASK(400, "POST", "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui\",\"roles\":[\"ubo\"],\"fields\":[1]}}",
	    "/api%s/subsessions", path);
	ASK(400, "POST",
	    "{\"party\":{\"kind\":\"individual\",\"name\":\"Rui\",\"roles\":[\"ubo\"],"
	    "\"fields\":{\"country\":\"Atlantis\"}}}",
	    "/api%s/subsessions", path);
	/* A merchant declares a party with a session: if the workflow has no session for parties, this is refused. */
	char *id = test_keep(strdup(json_path_text(api.box.json, "id")));
	api.token = api.key;
	ASK(409, "POST", ana, "/kyc/sessions/%s/subsessions", id);
	cr_expect_eq(parties_of("A-1"), 1);
	path = open_person();
	DONE_JSON("show", "P-1");
	id = test_keep(strdup(json_path_text(api.box.json, "id")));
	api.token = api.key;
	NEED(201, "POST", ana, "/kyc/sessions/%s/subsessions", id);
	api.token = NULL;
	GIVES(("show", "P-1", "--reveal"), "parties[0].fields.city: Recife");
}

/* Declares a party of P-1 on the page. Returns the party's id. *link: the party's link; NULL: not needed. */
static char *declare(const char *path, const char *name, size_t at, char **link)
{
	char member[32], *id;

	POSTED(303, path, "/subsessions", "kind", "individual", "name", name, "role", "director");
	DONE_JSON("show", "P-1");
	(void)snprintf(member, sizeof member, "parties[%zu].id", at);
	id = test_keep(strdup(json_path_text(api.box.json, member)));
	NEED(200, "GET", NULL, "%s", path);
	if (link) {
		const char *from = strstr(strstr(api.last.body, id), "href=\"") + strlen("href=\"");
		char *url = test_keep(strndup(from, strcspn(from, "\"")));

		*link = browser_path(url);
	}
	return id;
}

static int take_back(const char *path, const char *id, const char *sure)
{
	return api_form(&api, test_text("%s/subsessions/%s", path, id), NULL, "remove", sure, NULL);
}

Test(fields, who_was_declared_by_mistake_is_taken_back)
{
	char *path = open_person();
	char *theirs, *rui = declare(path, "Rui Melo", 0, &theirs);

	BODY_HAS("<summary>Remove<span class=\"vh\">: <bdi>Rui Melo</bdi>");
	cr_expect_eq(take_back(path, rui, ""), 400);
	cr_expect_eq(take_back(path, "00000000-0000-4000-8000-000000000000", "true"), 404);
	cr_expect_eq(parties_of("P-1"), 1);
	cr_expect_eq(take_back(path, rui, "true"), 303, "%s", api.last.body);
	browser_follow(&api, path);
	BODY_HAS("Removed.");
	BODY_LACKS("Rui Melo");
	cr_expect_eq(parties_of("P-1"), 0);
	ASK(404, "GET", NULL, "%s", theirs); /* the link of a removed party is unknown */
	/* A party with a submitted KYC cannot be removed on the page. */
	char *ana = declare(path, "Ana Lua", 0, &theirs);
	UPLOADED(303, theirs, "PASSPORT", "", "passport.pdf");
	POSTED(303, theirs, "/complete", "hand_in", "true");
	NEED(200, "GET", NULL, "%s", path);
	BODY_LACKS("<summary>Remove");
	cr_expect_eq(take_back(path, ana, "true"), 409);
	BODY_HAS("and cannot be removed here");
	cr_expect_eq(parties_of("P-1"), 1);
	/* The JSON of the link removes a party, too. */
	rui = declare(path, "Rui Sol", 1, NULL);
	char *json = test_text("/api%s/subsessions/%s", path, rui);
	ASK(200, "DELETE", NULL, "%s", json);
	ASK(404, "DELETE", NULL, "%s", json);
	cr_expect_eq(parties_of("P-1"), 1);
	/* After submission the client cannot remove a party. */
	rui = declare(path, "Rui Mar", 1, NULL);
	UPLOADED(303, path, "PASSPORT", "", "passport.pdf");
	POSTED(303, path, "/complete", "hand_in", "true");
	cr_expect_eq(take_back(path, rui, "true"), 409);
	cr_expect_eq(parties_of("P-1"), 2);
	/* During a correction of the documents the client cannot remove a party, either. */
	DONE("corrections", "P-1", "--step", "documents", "--message", "Please say who is who", "--grace", "0");
	READ_ONLY(("%s", path), "Add a person or company");
	BODY_LACKS("<summary>Remove");
	cr_expect_eq(take_back(path, rui, "true"), 409);
	cr_expect_eq(parties_of("P-1"), 2);
}

/* A workflow that the operator defines. Its fields: a list of texts, an object, a list of objects. */
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
	DONE("workflow", "install", "own-kyb.json");
	return browser_open(&api, "{\"workflow_id\":\"own-kyb\",\"external_id\":\"O-1\",\"subject\":{\"kind\":"
				  "\"business\",\"name\":\"Harbour Lane Ltd\",\"country\":\"GB\"}}");
}

Test(fields, each_line_of_a_list_is_one)
{
	char *path = open_own();

	READ_ONLY(("%s", path), "<textarea rows=\"3\" id=\"step-about-brands\" name=\"f.brands\">");
	/* A field that was empty and is sent empty is not stored. */
	POSTED(303, path, "/steps/about", "f.brands", "", "f.office", "", "f.office.city", "Hull", "f.shops", "",
	       "f.shops[0]", "", "f.shops[0].city", "", "f.shops[0].tags", "", "done", "false");
	expect_stored("O-1", 0, "brands", NULL);
	expect_stored("O-1", 0, "shops", NULL);
	expect_stored("O-1", 0, "office", "{\"city\":\"Hull\"}");
	POSTED(303, path, "/steps/about", "f.brands", "Quay & Co\r\n\r\nTide\nEbb", "done", "false");
	expect_stored("O-1", 0, "brands", "[\"Quay & Co\",\"Tide\",\"Ebb\"]");
	browser_follow(&api, path);
	BODY_HAS(">\nQuay &amp; Co\nTide\nEbb</textarea>");
	POSTED(303, path, "/steps/about", "f.brands", "", "done", "false");
	expect_stored("O-1", 0, "brands", "[]");
}

Test(fields, of_an_object_what_is_not_asked_for_stays)
{
	char *path = open_own();

	DONE("step", "edit", "O-1", "about", "--field", "office:={\"city\":\"Hull\",\"floor\":\"2\",\"hoist\":true}");
	READ_ONLY(("%s", path), "name=\"f.office.city\"", ">\nHull</textarea>");
	BODY_LACKS("hoist");
	POSTED(303, path, "/steps/about", "f.office", "", "f.office.city", "Goole", "f.office.floor", "", "done",
	       "false");
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
		fprintf(sent, PART "f.shops[%d]\"\r\n\r\n\r\n" PART "f.shops[%d].city\"\r\n\r\nCity %d\r\n", i, i, i);
	}
	fprintf(out, "]");
	fprintf(sent, PART "f.shops\"\r\n\r\n\r\n" PART "done\"\r\n\r\nfalse\r\n--part--\r\n");
	fclose(out);
	fclose(sent);
	DONE("step", "edit", "O-1", "about", "--field", list);
	char *before = stored("O-1", 0, "shops");
	READ_ONLY(("%s", path), "name=\"f.shops[70].city\"");
	cr_expect_eq(
		api_send(&api, "POST", rest, "Content-Type: multipart/form-data; boundary=part\r\n", form, form_length),
		303, "%s", api.last.body);
	char *after = stored("O-1", 0, "shops");
	cr_expect_str_eq(after, before);
	free(list);
	free(form);
}
