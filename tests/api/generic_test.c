/* seed kyc-workflows-sessions: each of its endpoints, by a client that knows only the seed and api.md. */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(generic, .init = api_set_up, .fini = api_tear_down);

static char *open_session(const char *reference, const char *kind)
{
	char *body = test_text("{\"workflow_id\":\"generic-kyc\",\"external_id\":\"%s\",\"subject\":{\"kind\":\"%s\","
			       "\"name\":\"Ines Duarte\",\"country\":\"PT\",\"email\":\"ines@example.org\"},"
			       "\"metadata\":{\"plan\":\"gold\"},\"expires_in_hours\":48}",
			       reference, kind);
	NEED(201, "POST", body, "/kyc/sessions");
	return api_keep(&api, "id");
}

/* A case in review with an unreviewed hit, a note and a risk score. */
static char *bring_in_review(const char *reference)
{
	char *line =
		test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			  "\"shop\","
			  "\"status\":\"manual_review\",\"risk_score\":77,\"subject\":{\"kind\":\"individual\","
			  "\"name\":\"Ines "
			  "Duarte\",\"country\":\"PRT\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\","
			  "\"fields\":{}}],\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"score\":0.93,"
			  "\"hits\":["
			  "{\"name\":\"Zoltan Hitman\",\"list\":\"OFAC SDN\",\"score\":0.93,\"state\":\"open\"}]}],"
			  "\"processing_results\":{\"extraction_results\":[{\"type\":\"PASSPORT\",\"confidence\":0."
			  "4}],\"cross_validation\":{\"consistent\":true,\"match_score\":0.5},\"final_decision\":"
			  "\"flagged\"}}\n",
			  reference);
	box_import(&api.box, line);
	DONE("note", reference, "Looks like a straw man to me");
	DONE_JSON("show", reference);
	return test_keep(strdup(json_path_text(api.box.json, "id")));
}

struct shape {
	const char *method, *path, *body;
	int status;
	const char *members; /* members of the response, separated by spaces */
};

static void expect_members(const char *members, const char *what)
{
	char *copy = test_keep(strdup(members)), *rest = copy;

	for (char *name = strsep(&rest, " "); name; name = strsep(&rest, " "))
		cr_expect(!*name || reply_has(&api.last, name), "%s: no %s in %s", what, name, api.last.body);
}

#define SESSION_MEMBERS                                                                                                \
	"id workflow_id status compliance_status custom_tags access_link access_link_expires_at steps documents "      \
	"subject risk_score final_decision created_at updated_at"

Test(generic, answers_each_endpoint_of_the_seed_in_its_shape)
{
	char *id = open_session("G-1", "business");
	const struct shape shapes[] = {
		{ "GET", "", NULL, 200, SESSION_MEMBERS " steps[0].step_id steps[0].status metadata.plan" },
		{ "POST", "/extend", "{\"hours\":24}", 200, SESSION_MEMBERS },
		{ "POST", "/generate-link", NULL, 200, "access_link expires_at" },
		{ "POST", "/generate-link", "{}", 200, "access_link expires_at" },
		{ "POST", "/validate", NULL, 200, "session_id valid failures validations" },
		{ "GET", "/subsessions", NULL, 200, "data summary.total summary.completed summary.approved" },
		{ "POST", "/results",
		  "{\"results\":{\"final_decision\":\"manual_review\",\"extraction_results\":[]},"
		  "\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]}",
		  200,
		  "session_id status processing_results.extraction_results processing_results.cross_validation "
		  "processing_results.face_match_result processing_results.external_validations "
		  "processing_results.web_validation_results processing_results.final_decision" },
	};

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		ASK(shapes[i].status, shapes[i].method, shapes[i].body, "/kyc/sessions/%s%s", id, shapes[i].path);
		expect_members(shapes[i].members, shapes[i].path);
	}
	NEED(201, "POST",
	     "{\"party\":{\"kind\":\"individual\",\"name\":\"Max Berg\",\"roles\":[\"ubo\"],"
	     "\"ownership_percent\":\"60\",\"country\":\"DE\"}}",
	     "/kyc/sessions/%s/subsessions", id);
	expect_members(SESSION_MEMBERS " party.id party.roles[0] parent_id", "subsession");
	ANSWERS(test_text("parent_id: %s", id));
	char *sub = api_keep(&api, "id");
	GETS(("/kyc/sessions/%s/subsessions", id), "summary.total = 1", "summary.completed = 0",
	     test_text("data[0].id: %s", sub));
	ASK(200, "POST", NULL, "/kyc/sessions/%s/subsessions/%s/regenerate-link", id, sub);
	expect_members("access_link expires_at", "regenerate-link");
	ASK(200, "DELETE", NULL, "/kyc/sessions/%s/subsessions/%s", id, sub);
	ASK(405, "GET", NULL, "/kyc/sessions/%s/subsessions/%s/regenerate-link", id, sub);
	ASK(404, "POST", NULL, "/kyc/sessions/%s/subsessions/%s/regenerate-link", id, sub);
}

Test(generic, a_list_has_pages_filters_and_counts_over_all_that_match)
{
	char *ids[5];

	for (int i = 0; i < 5; i++) {
		char reference[8];

		snprintf(reference, sizeof reference, "L-%d", i);
		ids[i] = open_session(reference, i % 2 ? "business" : "individual");
	}
	api.token = api.other_key;
	NEED(201, "POST",
	     "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ines "
	     "Rival\",\"country\":\"PT\"}}",
	     "/kyc/sessions");
	api.token = api.key;
	NEED(200, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", ids[0]);
	GETS(("/kyc/sessions?limit=2&page=2&include_summary=true"), "total = 5", "page = 2", "data has 2",
	     "summary.total = 5", "summary.status_counts.draft = 4", "summary.inbox_counts.approved = 1");
	expect_members("summary.avg_risk_score summary.sessions_with_risk_score summary.validation_counts", "summary");
	GETS(("/kyc/sessions?limit=2&cursor=%s", api_keep(&api, "next_cursor")), "data has 1");
	GETS(("/kyc/sessions?status=approved"), "total = 1", test_text("data[0].id: %s", ids[0]),
	     "data[0].compliance_status: approved");
	GETS(("/kyc/sessions?compliance_status=incomplete&search=L-3"), "total = 1");
	GETS(("/kyc/sessions?created_from=2999-01-01T00:00:00Z"), "total = 0");
	GETS(("/kyc/sessions?created_to=2999-01-01"), "total = 5");
	GETS(("/kyc/sessions?page=99"), "data has 0");
}

/* A merchant adds tags, a key of the workflow wins; the events of a party's session have the company's tags, too. */
Test(generic, tags_of_a_creation_are_in_the_answer_and_in_the_events_of_the_parties)
{
	json_t *profile = test_keep(json_load_file(KYB_SOURCE_DIR "/data/workflows/generic-kyc.json", 0, NULL));

	json_object_set_new(profile, "version", json_integer(9));
	json_object_set_new(profile, "custom_tags", json_pack("{s:s}", "team", "desk"));
	box_write(&api.box, "tags.json", test_keep(json_dumps(profile, JSON_INDENT(2))));
	DONE("workflow", "install", "tags.json");
	NEED(201, "POST",
	     "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"business\",\"name\":\"Praia Ltda\","
	     "\"country\":\"BR\"},\"custom_tags\":{\"team\":\"mine\",\"region\":\"latam\"}}",
	     "/kyc/sessions");
	ANSWERS("custom_tags.team: desk", "custom_tags.region: latam", "workflow_version = 9");
	char *id = api_keep(&api, "id");
	GETS(("/kyc/sessions"), "data[0].custom_tags.team: desk", "data[0].custom_tags.region: latam");
	NEED(201, "POST", "{\"party\":{\"kind\":\"individual\",\"name\":\"Max Berg\",\"roles\":[\"ubo\"]}}",
	     "/kyc/sessions/%s/subsessions", id);
	ANSWERS("custom_tags.team: desk");
	GETS(("/v1/events?type=party.kyc_requested"), "data[0].payload.data.parent_custom_tags.region: latam",
	     "data[0].payload.data.custom_tags.team: desk");
	/* Tags are an object. */
	NEED(400, "POST",
	     "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"business\",\"name\":\"A\",\"country\":\"BR\"},"
	     "\"custom_tags\":[]}",
	     "/kyc/sessions");
}

Test(generic, refuses_what_is_wrong_with_the_field_that_is)
{
	static const struct {
		const char *method, *path, *body, *field;
	} cases[] = {
		{ "POST", "/kyc/sessions", "{}", "workflow_id" },
		{ "POST", "/kyc/sessions", "{\"workflow_id\":\"generic-kyc\",\"subject\":\"x\"}", "subject.kind" },
		{ "POST", "/kyc/sessions",
		  "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"robot\",\"name\":\"N\",\"country\":"
		  "\"PT\"}}",
		  "subject.kind" },
		{ "POST", "/kyc/sessions",
		  "{\"workflow_id\":\"generic-kyc\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\","
		  "\"country\":\"Atlantis\"}}",
		  "subject.country" },
		{ "POST", "/kyc/sessions",
		  "{\"workflow_id\":\"generic-kyc\",\"metadata\":[],\"subject\":{\"kind\":\"individual\",\"name\":"
		  "\"N\",\"country\":\"PT\"}}",
		  "metadata" },
		{ "POST", "/kyc/sessions",
		  "{\"workflow_id\":\"generic-kyc\",\"expires_in_hours\":-1,\"subject\":{\"kind\":\"individual\","
		  "\"name\":\"N\",\"country\":\"PT\"}}",
		  "expires_in_hours" },
		{ "GET", "/kyc/sessions?status=nice", NULL, "status" },
		{ "GET", "/kyc/sessions?page=0", NULL, "page" },
		{ "GET", "/kyc/sessions?limit=101", NULL, "limit" },
		{ "GET", "/kyc/sessions?limit=99999999999999999999", NULL, "limit" },
		{ "GET", "/kyc/sessions?include_summary=yes", NULL, "include_summary" },
		{ "GET", "/kyc/sessions?created_from=yesterday", NULL, "created_from" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ASK(400, cases[i].method, cases[i].body, "%s", cases[i].path);
		ANSWERS(test_text("error.fields[0].field: %s", cases[i].field));
	}
	ASK(404, "POST",
	    "{\"workflow_id\":\"nothing\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\","
	    "\"country\":\"PT\"}}",
	    "/kyc/sessions"); /* seed: Session or workflow not found */
}

Test(generic, another_merchants_case_is_not_there_through_any_address)
{
	static const struct {
		const char *method, *path, *body;
	} calls[] = {
		{ "GET", "", NULL },
		{ "PATCH", "", "{\"status\":\"approved\"}" },
		{ "DELETE", "", NULL },
		{ "POST", "/generate-link", NULL },
		{ "POST", "/extend", "{\"hours\":1}" },
		{ "POST", "/corrections",
		  "{\"corrections\":[{\"step_id\":\"identity\",\"message\":\"Again please\"}]}" },
		{ "POST", "/validate", NULL },
		{ "POST", "/process", NULL },
		{ "POST", "/results", "{\"results\":{}}" },
		{ "GET", "/subsessions", NULL },
		{ "POST", "/subsessions", "{\"party\":{\"kind\":\"individual\",\"name\":\"N\"}}" },
		{ "DELETE", "/subsessions/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", NULL },
		{ "POST", "/subsessions/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01/regenerate-link", NULL },
		{ "GET", "/documents/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01/url", NULL },
	};
	char *id = open_session("S-1", "individual");

	api.token = api.other_key;
	NEED(404, "GET", NULL, "/kyc/sessions/0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01");
	char *sentence = api_keep(&api, "error.message");
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		ASK(404, calls[i].method, calls[i].body, "/kyc/sessions/%s%s", id, calls[i].path);
		/* The error starts with the same words as the error for an unknown session. */
		cr_expect_eq(strncmp(reply_text(&api.last, "error.message"), sentence, strlen("Unknown session ")), 0,
			     "%s", api.last.body);
	}
	api.token = api.key;
	GETS(("/kyc/sessions/%s", id), "status: draft");
	/* This front end accepts neither a prefix of the id nor the reference as an id. */
	ASK(404, "GET", NULL, "/kyc/sessions/%.8s", id);
	ASK(404, "GET", NULL, "/kyc/sessions/S-1");
}

static void expect_nothing_inside(const char *where)
{
	/* Numbers have a colon in front, because a time may contain 77. */
	static const char *const words[] = { "Hitman",	   "OFAC",    "straw",	 ":0.93", ":77",
					     "confidence", "flagged", "\"hit\"", "root",  "sanctions" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		cr_expect_null(strstr(api.last.body, words[i]), "%s says %s: %s", where, words[i], api.last.body);
}

/* The merchant's key cannot reject a case with a confirmed match; the error does not reveal the match. */
Test(generic, a_confirmed_match_is_not_rejected_as_a_missing_document)
{
	static const char *const bodies[] = {
		"{\"status\":\"rejected\",\"reason\":\"missing_document\",\"retryable\":true}",
		"{\"status\":\"rejected\",\"reason\":\"missing_document\",\"note\":\"they sent no register\"}",
		"{\"status\":\"rejected\",\"reason\":\"sanctions_match\"}"
	};
	char *id = bring_in_review("R-2");

	DONE_JSON("check", "list", "R-2");
	char *hit = test_keep(strdup(json_path_text(api.box.json, "data[0].hits[0].id")));
	DONE("claim", "R-2", "--as", "maria");
	DONE("show", "R-2", "--reveal", "--as", "maria");
	DONE("check", "resolve", "R-2", hit, "--as-match", "--reason", "same_person", "--note",
	     "compared with the passport", "--as", "maria");
	DONE("release", "R-2", "--as", "maria");
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		ASK(409, "PATCH", bodies[i], "/kyc/sessions/%s", id);
		ANSWERS("error.blockers[0].code: review_open");
		expect_nothing_inside("reject");
	}
	GETS(("/kyc/sessions/%s", id), "status: manual_review");
	DONE("reject", "R-2", "--reason", "sanctions_match", "--note", "explained in full", "--grace", "0");
	GETS(("/kyc/sessions/%s", id), "reason: other", "retryable = false");
}

Test(generic, nobody_outside_learns_what_the_review_found)
{
	char *id = bring_in_review("R-1");

	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	expect_nothing_inside("get");
	ANSWERS("risk_score = null", "final_decision = null");
	GETS(("/kyc/sessions?include_summary=true"), "summary.avg_risk_score = null",
	     "summary.sessions_with_risk_score = 0");
	expect_nothing_inside("list");
	NEED(409, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", id);
	ANSWERS("error.blockers[0].code: review_open");
	expect_nothing_inside("approve");
	DONE("claim", "R-1", "--as", "maria");
	NEED(409, "PATCH", "{\"status\":\"rejected\",\"reason\":\"other\"}", "/kyc/sessions/%s", id);
	BODY_LACKS("maria");
	DONE("release", "R-1", "--as", "maria");
	/* The merchant sees a restricted reason as "other". */
	DONE("reject", "R-1", "--reason", "sanctions_match", "--note", "explained in full", "--grace", "0");
	GETS(("/kyc/sessions/%s", id), "status: rejected", "reason: other");
	expect_nothing_inside("rejected");
}

Test(generic, a_decision_that_can_be_taken_back_has_not_happened)
{
	char *id = bring_in_review("H-1");

	DONE("reject", "H-1", "--reason", "other", "--grace", "600");
	GETS(("/kyc/sessions/%s", id), "status: manual_review", "compliance_status: manual_review", "decided_at = null",
	     "reason = null");
	GETS(("/kyc/sessions?search=H-1"), "data[0].status: manual_review");
	GETS(("/kyc/sessions?status=rejected&include_summary=true"), "data has 0");
	GETS(("/kyc/sessions?include_summary=true"), "summary.status_counts.manual_review = 1");
	ASK(409, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", id);
	BODY_LACKS("reject");
	DONE("undo", "H-1");
	GETS(("/kyc/sessions/%s", id), "status: manual_review");
}

Test(generic, corrections_go_to_the_client_and_nothing_else_changes)
{
	char *id = bring_in_review("C-1");

	NEED(200, "POST", NULL, "/kyc/sessions/%s/generate-link", id);
	char *link = api_keep(&api, "access_link");
	NEED(200, "POST",
	     "{\"corrections\":[{\"step_id\":\"identity\",\"field_ids\":[\"name\"],"
	     "\"document_types\":[\"PASSPORT\"],\"message\":\"The name differs from the passport\"}]}",
	     "/kyc/sessions/%s/corrections", id);
	ANSWERS("status: awaiting_client_correction", "compliance_status: remediation",
		"steps[0].status: needs_correction", "corrections[0].message: The name differs from the passport");
	ANSWERS(test_text("access_link: %s", link)); /* the link remains valid */
	for (int i = 0; i < 4; i++) {
		static const char *const bad[] = { "{}", "{\"corrections\":[]}", "{\"corrections\":[1]}",
						   "{\"corrections\":[{\"step_id\":\"identity\"}]}" };

		ASK(400, "POST", bad[i], "/kyc/sessions/%s/corrections", id);
	}
}

Test(generic, what_was_submitted_is_hidden_and_what_was_not_is_erased)
{
	char *draft = open_session("D-1", "individual"), *kept = bring_in_review("D-2");

	NEED(200, "POST", NULL, "/kyc/sessions/%s/generate-link", kept);
	char *link = api_keep(&api, "access_link");
	ASK(200, "GET", NULL, "/api%s", strstr(link, "/s/"));
	ASK(200, "DELETE", NULL, "/kyc/sessions/%s", draft);
	ASK(200, "DELETE", NULL, "/kyc/sessions/%s", kept);
	ASK(404, "GET", NULL, "/kyc/sessions/%s", draft);
	ASK(404, "GET", NULL, "/kyc/sessions/%s", kept);
	ASK(404, "DELETE", NULL, "/kyc/sessions/%s", kept);
	GETS(("/kyc/sessions?include_summary=true"), "total = 0", "summary.total = 0");
	ENDS(6, "show", "D-1");
	DONE("show", "D-2");
	api.token = NULL;
	ASK(410, "GET", NULL, "/api%s", strstr(link, "/s/")); /* the link of a deleted session is not valid any more */
	BODY_HAS("This link is no longer valid; ");
}

Test(generic, a_document_is_downloaded_from_an_address_that_opens_nothing_else)
{
	char *id = open_session("F-1", "individual"), *file = box_path(&api.box, "passport.pdf");

	temp_write(file, pdf_bytes, pdf_length());
	DONE_JSON("document", "add", "F-1", "PASSPORT", file);
	NEED(200, "GET", NULL, "/kyc/sessions/%s", id);
	NEED(200, "GET", NULL, "/kyc/sessions/%s/documents/%s/url", id, api_keep(&api, "documents[0].id"));
	char *url = api_keep(&api, "url");
	cr_assert_not_null(strstr(url, "/files/"));
	api.token = NULL;
	NEED(200, "GET", NULL, "%s", strstr(url, "/files/"));
	cr_assert_eq(api.last.length, pdf_length());
	cr_expect_arr_eq(api.last.body, pdf_bytes, pdf_length());
	char *shown = reply_header(&api.last, "Content-Disposition");
	cr_expect_str_eq(shown, "attachment");
	for (size_t at = strlen(url) - 100; at < strlen(url); at += 7) {
		char before = url[at];

		url[at] = before == 'A' ? 'B' : 'A';
		ASK(404, "GET", NULL, "%s", strstr(url, "/files/"));
		url[at] = before;
	}
	DONE_SHELL("\"$K\" audit export | grep document.save");
	PRINTS("api:shop");
}

Test(generic, transitions_that_no_reviewer_may_make_are_refused)
{
	char *id = open_session("T-1", "individual");

	ASK(409, "PATCH", "{\"status\":\"manual_review\"}", "/kyc/sessions/%s", id);
	ASK(409, "PATCH", "{\"status\":\"completed\"}", "/kyc/sessions/%s", id);
	ASK(400, "PATCH", "{\"status\":\"nice\"}", "/kyc/sessions/%s", id);
	ASK(400, "PATCH", "{\"status\":\"rejected\"}", "/kyc/sessions/%s", id); /* no reason */
	ASK(400, "PATCH", "{\"status\":\"rejected\",\"reason\":\"nonsense\"}", "/kyc/sessions/%s", id);
	NEED(200, "PATCH",
	     "{\"status\":\"rejected\",\"reason\":\"invalid_document\",\"message\":\"Too dark\","
	     "\"retryable\":true}",
	     "/kyc/sessions/%s", id);
	ANSWERS("status: rejected", "message: Too dark", "final_decision: rejected");
	/* Only a lead may reopen a decision. */
	ASK(409, "PATCH", "{\"status\":\"manual_review\"}", "/kyc/sessions/%s", id);
	GIVES(("show", "T-1"), "decided_by: api:shop");
}

/* If the results of a report are invalid, its checks are not stored: checks alone could lead to an approval. */
Test(generic, checks_and_results_are_one_report)
{
	char *id = bring_in_review("O-1");

	ASK(400, "POST",
	    "{\"checks\":[{\"kind\":\"crypto\",\"status\":\"passed\"}],\"results\":{"
	    "\"final_decision\":\"nonsense\"}}",
	    "/kyc/sessions/%s/results", id);
	DONE_JSON("show", "O-1");
	cr_expect_null(strstr(api.box.last.out, "crypto"), "half of it was taken: %s", api.box.last.out);
}

/* The merchant reads the data of documents, but neither a confidence nor a finding of a check. */
Test(generic, results_are_told_without_what_was_found)
{
	static const char *const within[] = { "confidence", "match_score", "0.4",    "0.91",
					      "hit_list",   "risk_note",   "failed", "Zoltan" };
	char *id = bring_in_review("O-2");

	NEED(202, "POST",
	     "{\"results\":{\"extraction_results\":[{\"type\":\"PASSPORT\",\"confidence\":0.4,"
	     "\"fields\":"
	     "{\"number\":\"X-77\",\"risk_note\":\"odd\"}}],\"cross_validation\":{\"consistent\":true,"
	     "\"match_score\":0.5,\"hit_list\":[\"Zoltan\"]}},\"checks\":[{\"kind\":\"face_match\","
	     "\"status\":\"failed\",\"score\":0.91}]}",
	     "/kyc/sessions/%s/results", id);
	ANSWERS("processing_results.extraction_results[0].type: PASSPORT",
		"processing_results.extraction_results[0].fields.number: X-77",
		"processing_results.cross_validation.consistent = true",
		"processing_results.web_validation_results = null",
		"processing_results.face_match_result.status: completed", "processing_results.final_decision = null");
	for (size_t i = 0; i < sizeof within / sizeof *within; i++)
		cr_expect_null(strstr(api.last.body, within[i]), "it says %s: %s", within[i], api.last.body);
	expect_nothing_inside("results");
	NEED(202, "POST", "{\"checks\":[{\"kind\":\"face_match\",\"status\":\"pending\"}]}", "/kyc/sessions/%s/results",
	     id);
	ANSWERS("processing_results.face_match_result.status: pending");
}

TestSuite(generic_production);

Test(generic_production, a_key_does_not_decide_on_what_it_submitted_by_actor)
{
	static const char *const steps[] = { "identity", "address", "documents", "selfie", "source_of_funds" };
	const struct form_file passport = { "passport.pdf", pdf_bytes, pdf_length() };

	api_open_production(&api);
	char *id = open_session("G-1", "individual");
	char *link = api_keep(&api, "access_link");
	cr_expect_eq(strncmp(link, "https://desk.example/s/", 23), 0, "%s", link);
	ASK(403, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s",
	    id); /* in production a merchant's key cannot approve */
	cr_assert_eq(
		api_form(&api, test_text("/api%s/documents", strstr(link, "/s/")), &passport, "type", "PASSPORT", NULL),
		201, "%s", api.last.body);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		NEED(200, "PUT", "{\"fields\":{\"said\":\"Ines\"},\"done\":true}", "/api%s/steps/%s",
		     strstr(link, "/s/"), steps[i]);
	NEED(200, "POST", NULL, "/api%s/complete", strstr(link, "/s/"));
	ASK(403, "PATCH", "{\"status\":\"approved\"}", "/kyc/sessions/%s", id);
	ANSWERS("error.code: forbidden");
	/* A reviewer can approve, but not before a document is accepted: completed steps are not enough. */
	ENDS(4, "approve", "G-1", "--grace", "0");
	DONE("document", "accept", "G-1", "PASSPORT", "--unseen", "--reason", "compared on paper");
	DONE("approve", "G-1", "--grace", "0");
	GETS(("/kyc/sessions/%s", id), "status: approved");
	api_close(&api);
}

/* The total of a list is a stored count, so no sessions are counted. The summary is computed only on request. */
Test(generic, the_total_of_a_list_is_a_kept_count)
{
	static const char body[] = PERSON;

	for (int i = 0; i < 3; i++)
		NEED(201, "POST", body, "/kyc/sessions");
	char *id = api_keep(&api, "id");
	GETS(("/kyc/sessions?limit=1"), "total = 3");
	ASK(200, "DELETE", NULL, "/kyc/sessions/%s", id);
	GETS(("/kyc/sessions?limit=1&status=draft"), "total = 2");
	GETS(("/kyc/sessions?limit=1"), "total = 2");
	DONE("doctor");
	api_in_store(&api, "UPDATE merchant_count SET sessions = sessions + 1000000");
	GETS(("/kyc/sessions?limit=1"), "total = 1000002"); /* the sessions are not counted again */
	GETS(("/kyc/sessions?limit=1&include_summary=true"), "summary.total = 2");
	ENDS(8, "doctor");
	PRINTS("counts of a merchant's sessions");
}

#define MAIL(rest, email) "{\"kind\":\"individual\",\"name\":\"Ines Duarte\"," rest "\"email\":\"" email "\"}"
#define SUBJECT(email) MAIL("\"country\":\"PT\",", email)
#define PARTY(email) MAIL("\"roles\":[\"ubo\"],", email)
#define LINE(subject, parties)                                                                                         \
	"{\"external_ref\":\"MAIL\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","              \
	"\"status\":\"active\",\"subject\":" subject ",\"parties\":[" parties "]}\n"

/* Atelio's own rule for an email address is tested in tests/stranger/promises_atelio.py. */
Test(generic, what_is_no_email_address_is_refused_at_every_entrance)
{
	static const char open_nope[] = "{\"workflow_id\":\"generic-kyc\",\"subject\":" SUBJECT("nope") "}";
	static const char *const refused[][2] = {
		{ "/kyc/sessions", open_nope },
		{ "/api/v1/account/business-users", "{\"name\":\"A Ltd\",\"country\":\"GB\",\"email\":\"a@b@\"}" },
		{ "/api/v1/account/individual-users",
		  "{\"firstName\":\"Ana\",\"lastName\":\"Silva\",\"country\":\"PT\",\"email\":\"nope\"}" },
		{ NULL, "{\"party\":" PARTY("a b@example.org") "}" },
	};
	static const char *const lines[] = { LINE(SUBJECT("nope"), ""), LINE(SUBJECT("a@example.org"), PARTY("nope")) };
	char *id = open_session("MAIL-1", "individual");

	char *path = test_text("/kyc/sessions/%s/subsessions", id);
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		ASK(400, "POST", refused[i][1], "%s", refused[i][0] ? refused[i][0] : path);
		cr_expect_not_null(strstr(json_path_text(api.last.json, "error.fields[0].field"), "email"), "%s",
				   api.last.body);
		BODY_HAS("name@example.com");
	}
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		box_write(&api.box, "mail.ndjson", lines[i]);
		path = box_path(&api.box, "mail.ndjson");
		REFUSED(3, "email: is not an e-mail address", "import", path);
	}
	ENDS(9, "party", "add", id, "--name", "Joao", "--kind", "individual", "--role", "ubo", "--email", "a@b");
	ENDS(9, "subject", "add", "--merchant", "shop", "--kind", "individual", "--name", "Ana", "--country", "PT",
	     "--email", "nope");
}
