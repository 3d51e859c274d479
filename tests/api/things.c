#include "things.h"
#include "documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void thing_add(struct things *things, const char *word, char *id)
{
	cr_assert(*id, "no %s in %s", word, things->api->last.body);
	cr_assert_lt(things->count, sizeof things->items / sizeof *things->items);
	things->items[things->count++] = (struct thing){ test_keep(strdup(word)), id };
}

const char *thing(const struct things *things, const char *word)
{
	for (size_t i = things->count; i--;) {
		if (!strcmp(things->items[i].word, word))
			return things->items[i].id;
	}
	cr_assert_fail("there is no %s", word);
	return "";
}

/* A brace that does not enclose a word belongs to JSON and is copied. */
char *things_fill(const struct things *things, const char *text)
{
	char *out = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&out, &length);

	while (*text) {
		size_t word = *text == '{' ? strspn(text + 1, "abcdefghijklmnopqrstuvwxyz_2") : 0;

		if (word && text[1 + word] == '}') {
			char name[40];

			(void)snprintf(name, sizeof name, "%.*s", (int)word, text + 1);
			fputs(!strcmp(name, "mark") ? things->mark : thing(things, name), file);
			text += word + 2;
		} else {
			fputc(*text++, file);
		}
	}
	fclose(file);
	return test_keep(out);
}

static void keep(struct things *things, const char *word, const char *path)
{
	thing_add(things, word, api_keep(things->api, path));
}

/* Sends a POST; in path and body, {mark} and the {words} of existing objects are replaced. */
static void post(struct things *things, int want, const char *path, const char *body)
{
	char *to = things_fill(things, path), *output = body ? things_fill(things, body) : NULL;
	int status = api_call(things->api, "POST", to, output);

	cr_assert(status == want, "%s: %d: %s", to, status, things->api->last.body);
}

static void keep_link(struct things *things, const char *word, const char *url)
{
	cr_assert(strstr(url, "/s/"), "%s", url);
	thing_add(things, word, test_keep(strdup(strstr(url, "/s/") + 3)));
}

#define SUBJECT(kind) "\"subject\":{\"kind\":\"" kind "\",\"name\":\"{mark} Person\",\"country\":\"PT\"}"
#define OPEN(kind) "{\"workflow_id\":\"generic-kyc\"," SUBJECT(kind) "}"
#define FILE_NAME "paper.pdf"

static void upload(struct things *things, const char *path, const char *type)
{
	const struct form_file file = { FILE_NAME, pdf_bytes, pdf_length() };
	char *to = things_fill(things, path);

	cr_assert_eq(api_form(things->api, to, &file, "category", "COMPANY_INFO", "type", type, NULL), 201, "%s",
		     things->api->last.body);
}

static void make_generic(struct things *things)
{
	static const char *const words[] = { "spare", "session", "done" };
	static const char *const steps[] = { "identity", "address", "documents", "selfie", "source_of_funds" };
	for (size_t i = 0; i < 3; i++) {
		char link[40];

		post(things, 201, "/kyc/sessions", OPEN("individual"));
		keep(things, words[i], "id");
		(void)snprintf(link, sizeof link, "%s_link", words[i]);
		keep_link(things, link, reply_text(&api.last, "access_link"));
	}
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		NEED(200, "PUT", "{\"fields\":{\"said\":\"so\"},\"done\":true}", "/api/s/%s/steps/%s",
		     thing(things, "done_link"), steps[i]);
	upload(things, "/api/s/{done_link}/documents", "PASSPORT");
	post(things, 200, "/api/s/{done_link}/complete", NULL);
	upload(things, "/api/s/{session_link}/documents", "PASSPORT");
	keep(things, "session_document", "id");
	post(things, 201, "/kyc/sessions", OPEN("business"));
	keep(things, "parent", "id");
	for (size_t i = 0; i < 2; i++) {
		post(things, 201, "/kyc/sessions/{parent}/subsessions",
		     i ? "{\"party\":{\"kind\":\"individual\",\"name\":\"{mark} Second\",\"roles\":[\"ubo\"]}}"
		       : "{\"party\":{\"kind\":\"individual\",\"name\":\"{mark} First\",\"roles\":[\"ubo\"]}}");
		keep(things, i ? "spare_sub" : "sub", "id");
	}
	NEED(200, "GET", NULL, "/v1/events?limit=1");
	keep(things, "event", "data[0].id");
	post(things, 201, "/v1/webhook_endpoints",
	     "{\"url\":\"https://{mark}.example/mine\",\"events\":[\"kyc.state_updated\"]}");
	keep(things, "endpoint", "id");
}

static void make_ralio(struct things *things)
{
	static const char *const documents[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
						 "DIRECTORS_SHAREHOLDERS_REG", "OTHER" };
	static const char *const words[] = { "company", "spare_company" };
	static const char *const people[] = { "person", "spare_person" };

	post(things, 201, "/api/v1/webhooks",
	     "{\"url\":\"https://{mark}.example/hook\",\"events\":[\"kyc.state_updated\"]}");
	keep(things, "hook", "id");
	for (size_t i = 0; i < 2; i++) {
		post(things, 201, "/api/v1/account/business-user", "{\"name\":\"{mark} Ltd\",\"country\":\"GB\"}");
		keep(things, words[i], "uid");
		if (i == 0)
			keep(things, "user", "uid");
		post(things, 201, "/api/v1/account/individual-users",
		     "{\"firstName\":\"{mark}\",\"lastName\":\"Person\",\"country\":\"PT\"}");
		keep(things, people[i], "uid");
	}
	post(things, 201, "/api/v1/account/business-user/{company}/kyb-sessions", NULL);
	keep(things, "kyb", "id");
	for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
		upload(things, "/api/v1/account/business-user/{company}/kyb-sessions/{kyb}/documents", documents[i]);
		keep(things, "kyb_document", "id");
	}
	post(things, 201, "/api/v1/account/individual-users/{person}/kyc-sessions", NULL);
	keep(things, "kyc", "id");
}

#define ADDRESS                                                                                                        \
	"{\"address_type\":\"PHYSICAL\",\"street\":\"5 {mark} Ave.\",\"city\":\"San Francisco\",\"state\":\"CA\","     \
	"\"zip_code\":\"12345-1234\",\"country\":\"US\",\"is_primary\":true}"

static void make_atelio(struct things *things)
{
	static const char *const words[] = { "spare_owner", "owner", "started" };

	post(things, 201, "/api/v0.1/businesses", "{\"name\":\"{mark} Cards\",\"country\":\"US\"}");
	keep(things, "business", "business_id");
	for (size_t i = 0; i < 3; i++) {
		post(things, 201, "/api/v0.1/businesses/{business}/beneficial_owners",
		     "{\"addresses\":[" ADDRESS "],\"dob\":\"1992-03-23\",\"first_name\":\"{mark}\",\"last_name\":"
		     "\"Owner\"}");
		keep(things, words[i], "beneficial_owner_id");
		if (i == 1)
			keep(things, "address", "address[0].address_id");
	}
	post(things, 200, "/api/v0.1/businesses/{business}/beneficial_owners/{started}/verification-kyc",
	     "{\"program_id\":\"72585109-8222-4221-b15b-48e87ffed790\",\"ssn\":\"123-45-6789\",\"phone\":"
	     "\"555-111-2222\",\"email\":\"a@example.org\",\"ip\":\"192.168.1.139\"}");
}

/* Makes the record of a document and uploads its bytes. */
static void bring(struct things *things, const char *word, const char *account, const char *type)
{
	const struct document picture = { "image/jpeg", jpeg_bytes, jpeg_length() },
			      page = { "application/pdf", pdf_bytes, pdf_length() };
	char *url;

	thing_add(things, word, document_record(things->api, thing(things, account), type, false, &url));
	cr_assert_eq(document_put(things->api, url, !strcmp(type, "ID") ? &picture : &page, false), 204, "%s",
		     things->api->last.body);
}

static void make_avenia(struct things *things)
{
	static const char *const words[] = { "account", "spare_account" };

	for (size_t i = 0; i < 2; i++) {
		post(things, 201, "/v2/account/sub-accounts",
		     "{\"accountType\":\"COMPANY\",\"name\":\"{mark} Digital\"}");
		keep(things, words[i], "id");
	}
	bring(things, "record", "account", "ID");
	bring(things, "spare_record", "spare_account", "ID");
	bring(things, "certificate", "account", "CERTIFICATE-OF-INCORPORATION");
	bring(things, "tax", "account", "COMPANY-TAX-IDENTIFICATION-DOCUMENT");
	NEED(201, "POST",
	     avenia_owner(things_fill(things, "{mark} Owner"), "11182159150", "100", thing(things, "record"), ""),
	     "/v2/account/ubos?subAccountId=%s", thing(things, "account"));
	keep(things, "ubo", "id");
	NEED(201, "POST",
	     avenia_company(things_fill(things, "{mark} Digital"), things_fill(things, "\"{ubo}\""),
			    thing(things, "certificate"), thing(things, "tax")),
	     "/v2/kyc/new-level-1/api?subAccountId=%s", thing(things, "account"));
	keep(things, "attempt", "id");
}

void things_make(struct things *things, struct api *api, const char *mark)
{
	*things = (struct things){ .api = api, .mark = mark };
	make_generic(things);
	make_ralio(things);
	make_atelio(things);
	make_avenia(things);
}

/* --- inside --- */

#define REVIEWER "geheimrita"
const char *const secrets[] = { "Hitsworth", "GEHEIMLISTE",	"geheimnote",	   "geheimdetail", "geheimfaktor",
				REVIEWER,    "sanctions_match", "suspected_fraud", "0.931772",	   "geheimgrund",
				NULL };

static const char *const judgements[] = { "risk",     "score", "hit",	   "note",  "reviewer",	 "decided_by",
					  "assign",   "claim", "snooz",	   "waive", "suspicion", "duplicate",
					  "reviewed", "alert", "evidence", "lead",  "trail" };

static const char *judgement_in(const json_t *json)
{
	const char *key, *found = "";
	json_t *value;
	size_t i;

	json_array_foreach((json_t *)json, i, value)
	{
		found = judgement_in(value);
		if (*found)
			return found;
	}
	json_object_foreach((json_t *)json, key, value)
	{
		/* A member that the seeds show may be in the response if it is empty. */
		bool empty = json_is_null(value) || (json_is_integer(value) && !json_integer_value(value));

		for (i = 0; !empty && i < sizeof judgements / sizeof *judgements; i++) {
			if (strstr(key, judgements[i]))
				return key;
		}
		found = judgement_in(value);
		if (*found)
			return found;
	}
	return "";
}

const char *secret_in(const char *body, const json_t *json)
{
	for (size_t i = 0; secrets[i]; i++) {
		if (strstr(body, secrets[i]))
			return secrets[i];
	}
	return json ? judgement_in(json) : "";
}

#define HITS                                                                                                           \
	"\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"score\":0.931772,\"detail\":{\"geheimdetail\":"      \
	"1},"                                                                                                          \
	"\"hits\":[{\"name\":\"Zacharias Hitsworth\",\"list\":\"GEHEIMLISTE\",\"class\":\"sanctions\",\"score\":"      \
	"0.931772}]}]"

/* Imports a person in review with a hit and a note, and adds the session under this word. */
static void bring_in_review(struct things *things, const char *merchant, const char *word)
{
	char *reference = test_text("%s-%s", things->mark, word);
	char *line =
		test_text("{\"external_ref\":\"%s\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"%"
			  "s\",\"status\":\"manual_review\",\"risk_score\":93,\"risk_factors\":[{\"code\":"
			  "\"geheimfaktor\",\"points\":9}],"
			  "\"subject\":{\"kind\":\"individual\",\"name\":\"%s %s\",\"country\":\"PRT\"},\"steps\":[{"
			  "\"id\":\"identity\",\"status\":\"completed\"}]," HITS "}\n",
			  reference, merchant, things->mark, word);
	box_import(&api.box, line);
	DONE("note", reference, "geheimnote: a straw man", "--as", REVIEWER);
	NEED(200, "GET", NULL, "%s", test_text("/kyc/sessions?search=%s", reference));
	thing_add(things, word, api_keep(&api, "data[0].id"));
}

void secrets_make(struct things *things, const char *merchant)
{
	static const char *const words[] = { "review", "held", "restricted", "claimed" };
	(void)box_run(&api.box, "reviewer", "add", REVIEWER, "--role", "lead", NULL);
	for (size_t i = 0; i < 4; i++)
		bring_in_review(things, merchant, words[i]);
	DONE("reject", thing(things, "held"), "--reason", "suspected_fraud", "--note", "geheimnote", "--grace", "3600",
	     "--as", REVIEWER);
	DONE("reject", thing(things, "restricted"), "--reason", "sanctions_match", "--note", "geheimnote", "--grace",
	     "0", "--as", REVIEWER);
	DONE("snooze", thing(things, "claimed"), "--until", "2d", "--reason", "geheimgrund of a snooze", "--as",
	     REVIEWER);
	DONE("claim", thing(things, "claimed"), "--as", REVIEWER);
	for (size_t i = 0; i < 2; i++)
		DONE("note", thing(things, i ? "kyb" : "session"), "geheimnote: look at it again", "--as", REVIEWER);
}
