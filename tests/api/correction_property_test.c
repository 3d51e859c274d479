/* A correction of some of several documents of a kind, at each entrance of the API and by command: for each set of
 * rejected documents, and each order of the answers, the case is approved, no accepted document is touched, and nothing
 * of a replaced one blocks. An ordinary run plays a sample with a fixed seed, KYBDESK_TEST_LONG everything. */
#include "browser.h"
#include "documents.h"

#include "support/tried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(correction_property, .init = api_set_up, .fini = api_tear_down);

#define MOST 4
#define SAMPLE 17 /* an ordinary run plays one of so many orders */

struct play {
	size_t count;
	unsigned rejected;
	char *session;
	char *ids[MOST];    /* the first documents of the kind, in the order of their upload */
	char *owners[MOST]; /* Avenia: the owner of each */
	char *path;	    /* of the session, or its link */
	char *form;	    /* Avenia: the form of step 4; Ralio: the user */
};

struct entrance {
	const char *name, *type;
	void (*open)(struct play *play);
	/* Sends another file in place of the document; the last document of the kind in its place is `present`. */
	void (*answer)(struct play *play, size_t item, const char *present);
	int (*submit)(struct play *play); /* an HTTP status; NULL: the last answer submits */
};

static unsigned files;

static char *word(const char *sql)
{
	return test_keep(api_word(&api, sql));
}

static const char *new_bytes(bool jpeg)
{
	return test_text(jpeg ? "\xff\xd8\xff\xe0 JFIF %u \xff\xd9" : "%%PDF-1.7 %u\n%%%%EOF\n", ++files);
}

/* Uploads a new PDF by a form; document: the document that it answers, or NULL. Returns the status. */
static int send_file(const char *path, const char *type, const char *document)
{
	const char *bytes = new_bytes(false);
	const struct form_file file = { "paper.pdf", bytes, strlen(bytes) };

	if (!document)
		return api_form(&api, path, &file, "type", type, NULL);
	return api_form(&api, path, &file, "type", type, "document", document, NULL);
}

static void find_ids(struct play *play, const char *type)
{
	for (size_t i = 0; i < play->count; i++) {
		play->ids[i] =
			word(test_text("SELECT d.uuid FROM document AS d JOIN session AS s ON s.id = d.session_id "
				       "WHERE s.uuid = '%s' AND d.type = '%s' ORDER BY d.id LIMIT 1 OFFSET %zu",
				       play->session, type, i));
		cr_assert_neq(*play->ids[i], '\0');
	}
}

/* --- Ralio: KYB --- */

static int ralio_upload(const struct play *play, const char *type, const char *document)
{
	const char *bytes = new_bytes(false);
	const struct form_file file = { "paper.pdf", bytes, strlen(bytes) };
	char *path = test_text("%s/documents", play->path);

	if (!document)
		return api_form(&api, path, &file, "category", "COMPANY_INFO", "type", type, NULL);
	return api_form(&api, path, &file, "category", "COMPANY_INFO", "type", type, "documentId", document, NULL);
}

static void ralio_open(struct play *play)
{
	static const char *const types[] = { "MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS",
					     "DIRECTORS_SHAREHOLDERS_REG" };

	NEED(201, "POST", test_text("{\"name\":\"Harbour %u Ltd\",\"country\":\"GB\"}", files),
	     "/api/v1/account/business-user");
	play->path = test_text("/api/v1/account/business-user/%s/kyb-sessions", reply_text(&api.last, "uid"));
	NEED(201, "POST", NULL, "%s", play->path);
	play->session = api_keep(&api, "id");
	play->path = test_text("%s/%s", play->path, play->session);
	for (size_t i = 0; i < 4 + play->count; i++)
		cr_assert_eq(ralio_upload(play, i < 4 ? types[i] : "FINANCIAL_STATEMENTS", NULL), 201, "%s",
			     api.last.body);
	NEED(200, "POST", NULL, "%s/submit", play->path);
	DONE_JSON("party", "add", play->session, "--name", "Ines Duarte", "--kind", "individual", "--role", "ubo",
		  "--role", "director", "--control-role", "CEO", "--percent", "100", "--country", "PRT", "--birth",
		  "1984-02-11");
	DONE("approve", test_keep(strdup(json_path_text(api.box.json, "session.id"))), "--grace", "0");
}

static void ralio_answer(struct play *play, size_t item, const char *present)
{
	(void)item;
	cr_assert_eq(ralio_upload(play, "FINANCIAL_STATEMENTS", present), 201, "%s", api.last.body);
}

static int ralio_submit(struct play *play)
{
	return api_callf(&api, "POST", NULL, "%s/submit", play->path);
}

/* --- a person's KYC at the client's link: JSON and page --- */

static void person_begin(struct play *play)
{
	static const char *const rest[] = { "address", "selfie", "source_of_funds" };

	NEED(200, "PUT",
	     "{\"fields\":{\"name\":\"Ines Duarte\",\"date_of_birth\":\"1990-02-11\",\"nationality\":\"PRT\"},\"done\":"
	     "true}",
	     "/api%s/steps/identity", play->path);
	/* The sandbox of Ralio has the first step only. */
	for (size_t i = 0; reply_has(&api.last, "steps[1]") && i < sizeof rest / sizeof *rest; i++)
		ASK(200, "PUT", "{\"done\":true}", "/api%s/steps/%s", play->path, rest[i]);
	for (size_t i = 0; i < play->count; i++)
		cr_assert_eq(send_file(test_text("/api%s/documents", play->path), "PASSPORT", NULL), 201, "%s",
			     api.last.body);
	NEED(200, "POST", NULL, "/api%s/complete", play->path);
}

static void generic_open(struct play *play)
{
	play->path = browser_open(&api, PERSON);
	play->session = word("SELECT uuid FROM session ORDER BY id DESC LIMIT 1");
	person_begin(play);
}

static void ralio_person_open(struct play *play)
{
	api.token = api.key;
	NEED(201, "POST",
	     test_text("{\"firstName\":\"Ana\",\"lastName\":\"da Silva\",\"country\":\"PT\",\"dateOfBirth\":"
		       "\"1990-12-01\",\"email\":\"ana%u@example.org\"}",
		       files),
	     "/api/v1/account/individual-users");
	NEED(201, "POST", NULL, "/api/v1/account/individual-users/%s/kyc-sessions", reply_text(&api.last, "uid"));
	play->session = api_keep(&api, "id");
	play->path = browser_path(reply_text(&api.last, "hostedUrl"));
	api.token = NULL;
	person_begin(play);
}

static void link_answer(struct play *play, size_t item, const char *present)
{
	(void)item;
	cr_assert_eq(send_file(test_text("/api%s/documents", play->path), "PASSPORT", present), 201, "%s",
		     api.last.body);
}

static int link_submit(struct play *play)
{
	return api_callf(&api, "POST", NULL, "/api%s/complete", play->path);
}

/* The form of the page that names the document: if the case has several, each has a form of its own. */
static void page_answer(struct play *play, size_t item, const char *present)
{
	(void)item;
	NEED(200, "GET", NULL, "%s", play->path);
	if (play->count > 1)
		BODY_HAS(test_text("name=\"document\" value=\"%s\"", present));
	cr_assert_eq(send_file(test_text("%s/documents", play->path), "PASSPORT", play->count > 1 ? present : NULL),
		     303, "%s", api.last.body);
}

static int page_submit(struct play *play)
{
	int status = api_form(&api, test_text("%s/complete", play->path), NULL, "hand_in", "true", NULL);

	return status == 303 ? 200 : status;
}

/* --- commands --- */

static void command_answer(struct play *play, size_t item, const char *present)
{
	(void)item;
	box_write(&api.box, "paper.pdf", new_bytes(false));
	DONE("document", "add", play->session, "PASSPORT", "paper.pdf", "--answers", present, "--for", "client");
}

static int command_submit(struct play *play)
{
	int status = RUN("correction", "hand-in", play->session, "--for", "client");

	return !status ? 200 : status == 4 ? 409 : status;
}

/* --- Avenia: each document is the identification of an owner --- */

static char *avenia_upload(const struct play *play, const char *type)
{
	const char *bytes = new_bytes(!strcmp(type, "PASSPORT") || !strcmp(type, "ID"));
	char *url, *id = document_record(&api, play->path, type, false, &url);

	cr_assert_eq(document_put(&api, url,
				  &(const struct document){ *bytes == '%' ? "application/pdf" : "image/jpeg", bytes,
							    strlen(bytes) },
				  true),
		     204, "%s", api.last.body);
	return id;
}

#define AVENIA_SUBMIT "/v2/kyc/new-level-1/api?subAccountId=%s"

static void avenia_open(struct play *play)
{
	static const char *const names[] = { "ANA REIS", "BRUNO REIS", "CARLA REIS", "DAVI REIS" };
	static const char *const numbers[] = { "11182159150", "52998224725", "39053344705", "86288366757" };
	const char *percent[] = { "100", "50", "33", "25" };
	char *owners = test_text("%s", ""), *certificate, *tax;

	NEED(201, "POST", test_text("{\"accountType\":\"COMPANY\",\"name\":\"ACME %u Ltd\"}", files),
	     "/v2/account/sub-accounts");
	play->path = api_keep(&api, "id");
	certificate = avenia_upload(play, "CERTIFICATE-OF-INCORPORATION");
	tax = avenia_upload(play, "COMPANY-TAX-IDENTIFICATION-DOCUMENT");
	for (size_t i = 0; i < play->count; i++) {
		play->ids[i] = avenia_upload(play, "PASSPORT");
		NEED(201, "POST", avenia_owner(names[i], numbers[i], percent[play->count - 1], play->ids[i], ""),
		     "/v2/account/ubos?subAccountId=%s", play->path);
		play->owners[i] = api_keep(&api, "id");
		owners = test_text("%s%s\"%s\"", owners, i ? "," : "", play->owners[i]);
	}
	play->form = avenia_company("ACME SOLUCOES DIGITAIS LTDA", owners, certificate, tax);
	NEED(201, "POST", play->form, AVENIA_SUBMIT, play->path);
	play->session = word("SELECT uuid FROM session ORDER BY id DESC LIMIT 1");
}

/* Another passport, or an identity card. */
static void avenia_answer(struct play *play, size_t item, const char *present)
{
	char *id = avenia_upload(play, item % 2 ? "ID" : "PASSPORT");

	(void)present;
	ASK(200, "PATCH", test_text("{\"uploadedIdentificationId\":\"%s\"}", id), "/v2/account/ubos/%s?subAccountId=%s",
	    play->owners[item], play->path);
}

static int avenia_submit(struct play *play)
{
	int status = api_callf(&api, "POST", play->form, AVENIA_SUBMIT, play->path);

	return status == 201 ? 200 : status;
}

/* --- Atelio: documents on request; the last requested document submits --- */

static void atelio_open(struct play *play)
{
	NEED(201, "POST", test_text("{\"name\":\"Acme Cards %u\",\"country\":\"US\"}", files), "/api/v0.1/businesses");
	play->path = test_text("/api/v0.1/businesses/%s/beneficial_owners", reply_text(&api.last, "business_id"));
	NEED(201, "POST",
	     "{\"addresses\":[{\"address_type\":\"PHYSICAL\",\"street\":\"Rua do Ouro 12\",\"city\":\"Lisboa\","
	     "\"state\":\"Lisboa\",\"zip_code\":\"1100-061\",\"country\":\"PT\",\"is_primary\":true}],\"dob\":"
	     "\"1992-03-23\",\"first_name\":\"Boris\",\"last_name\":\"Pasakovitch\"}",
	     "%s", play->path);
	play->path = test_text("%s/%s/verification-kyc", play->path, reply_text(&api.last, "beneficial_owner_id"));
	NEED(200, "POST", "{\"program_id\":\"" ATELIO_PROGRAM "\"}", "%s", play->path);
	play->session = word("SELECT uuid FROM session ORDER BY id DESC LIMIT 1");
	box_write(&api.box, "results.json", "{\"final_decision\":\"manual_review\"}");
	DONE("results", play->session, "results.json", "--for", "provider");
	for (size_t i = 0; i < 5; i++) {
		static const char *const kinds[] = { "ofac", "bureau", "email", "ip", "mobile" };

		DONE("check", "report", play->session, kinds[i], "--status", "passed", "--for", "provider");
	}
	for (size_t i = 0; i < play->count; i++) {
		box_write(&api.box, "paper.pdf", new_bytes(false));
		DONE("document", "add", play->session, "proof_of_address", "paper.pdf");
	}
}

static void atelio_answer(struct play *play, size_t item, const char *present)
{
	(void)item;
	NEED(200, "GET", NULL, "%s?program_id=" ATELIO_PROGRAM, play->path);
	char *link = browser_path(reply_text(&api.last, "documents[0].upload_link"));
	cr_assert_eq(send_file(link, "proof_of_address", present), 201, "%s", api.last.body);
}

static const struct entrance entrances[] = {
	{ "ralio-kyb", "FINANCIAL_STATEMENTS", ralio_open, ralio_answer, ralio_submit },
	{ "ralio-kyc", "PASSPORT", ralio_person_open, link_answer, link_submit },
	{ "generic", "PASSPORT", generic_open, link_answer, link_submit },
	{ "page", "PASSPORT", generic_open, page_answer, page_submit },
	{ "command", "PASSPORT", generic_open, command_answer, command_submit },
	{ "avenia", "PASSPORT", avenia_open, avenia_answer, avenia_submit },
	{ "atelio", "proof_of_address", atelio_open, atelio_answer, NULL },
};

/* --- the reviewer --- */

/* Dismisses a duplicate that the last refusal names, "(ID)"; false: it names none. */
static bool dismiss_duplicate(const struct play *play)
{
	const char *at = strstr(api.box.last.err, "duplicate") ? strchr(api.box.last.err, '(') : NULL;

	while (at && (strcspn(at, ")") != 37 || strspn(at + 1, "0123456789abcdef-") != 36))
		at = strchr(at + 1, '(');
	return at && !RUN("duplicate", "dismiss", play->session, test_text("%.36s", at + 1), "--reason",
			  "The next play of the test");
}

static void review(const struct play *play)
{
	char *next =
		test_text("SELECT d.uuid FROM document AS d JOIN session AS s ON s.id = d.session_id WHERE s.uuid = "
			  "'%s' AND d.replaced = 0 AND d.review = 'unreviewed' LIMIT 1",
			  play->session);
	char *answer = test_text("SELECT c.uuid FROM correction AS c JOIN session AS s ON s.id = c.session_id WHERE "
				 "s.uuid = '%s' AND c.state = 'answered' LIMIT 1",
				 play->session);

	for (char *id = word(next); *id; id = word(next))
		DONE("document", "accept", play->session, id);
	for (char *id = word(answer); *id; id = word(answer))
		DONE("corrections", play->session, "--accept", id);
	/* Each play of Avenia is about the same company. */
	while (RUN("approve", play->session, "--grace", "0") && dismiss_duplicate(play))
		continue;
	cr_assert_eq(api.box.last.status, 0, "%s", api.box.last.err);
}

static void request(const struct play *play, char *const *ids, size_t count)
{
	const char *words[3 + 2 * MOST + 5] = { "corrections", play->session };
	size_t n = 2;

	for (size_t i = 0; i < count; i++) {
		words[n++] = "--document";
		words[n++] = ids[i];
	}
	words[n++] = "--message";
	words[n++] = "Another file, please.";
	words[n++] = "--grace";
	words[n++] = "0";
	cr_assert_eq(box_run_words(&api.box, words, NULL, 0), 0, "%s%s", api.box.last.out, api.box.last.err);
}

/* The present document in the place of one of the first. */
static char *in_place_of(const char *id)
{
	return word(test_text("WITH RECURSIVE chain(id) AS (SELECT id FROM document WHERE uuid = '%s' UNION ALL SELECT "
			      "d.id FROM document AS d JOIN chain ON d.replaces_id = chain.id) SELECT d.uuid FROM "
			      "document AS d JOIN chain USING (id) ORDER BY d.id DESC LIMIT 1",
			      id));
}

static void answer(const struct entrance *at, struct play *play, size_t item)
{
	char *before = in_place_of(play->ids[item]);

	at->answer(play, item, before);
	cr_expect_str_neq(in_place_of(play->ids[item]), before, "%s: the file answers another document", at->name);
}

static void hand_in(const struct entrance *at, struct play *play, int wanted)
{
	if (at->submit)
		cr_assert_eq(at->submit(play), wanted, "%s: %s%s", at->name, api.last.body, api.box.last.err);
}

static void expect_untouched(const struct entrance *at, const struct play *play)
{
	for (size_t i = 0; i < play->count; i++) {
		bool rejected = play->rejected & 1u << i;

		cr_expect_str_eq(
			word(test_text("SELECT review || replaced FROM document WHERE uuid = '%s'", play->ids[i])),
			rejected ? "rejected1" : "accepted0", "%s: document %zu of %zu", at->name, i + 1, play->count);
	}
}

/* order: the rejected documents in the order of the answers. Of three plays one leaves the last answer out of the first
 * request, one has a second round, and in one the server crashes before the submission. */
static void play_once(const struct entrance *at, size_t count, const size_t *order, size_t answers, size_t index)
{
	struct play play = { .count = count };
	char *ids[MOST];
	size_t given = answers > 1 && index % 3 == 0 ? answers - 1 : answers;

	for (size_t i = 0; i < answers; i++)
		play.rejected |= 1u << order[i];
	api.token = api.key;
	at->open(&play);
	find_ids(&play, at->type);
	for (size_t i = 0; i < count; i++) {
		if (play.rejected & 1u << i)
			DONE("document", "reject", play.session, play.ids[i], "--reason", "blurry");
		else
			DONE("document", "accept", play.session, play.ids[i]);
	}
	for (size_t i = 0; i < answers; i++)
		ids[i] = play.ids[order[i]];
	request(&play, ids, answers);
	for (size_t i = 0; i < given; i++) {
		hand_in(at, &play, 409);
		answer(at, &play, order[i]);
	}
	if (index % 3 == 2)
		api_crash(&api);
	if (given < answers) {
		DONE("corrections", play.session, "--withdraw");
		ENDS(4, "approve", play.session, "--grace", "0");
		request(&play, &ids[given], 1);
		answer(at, &play, order[given]);
	}
	hand_in(at, &play, 200);
	if (index % 3 == 1) {
		char *second = in_place_of(ids[0]);

		DONE("document", "reject", play.session, second, "--reason", "blurry");
		request(&play, &second, 1);
		answer(at, &play, order[0]);
		hand_in(at, &play, 200);
	}
	review(&play);
	expect_untouched(at, &play);
}

struct tally {
	const struct entrance *at;
	unsigned played[MOST + 1][MOST + 1]; /* by number of documents, and of rejected ones */
	size_t index, plays;
};

static void every_order(struct tally *tally, size_t count, size_t *order, size_t from, size_t answers)
{
	if (from == answers) {
		if (test_is_long() || tally->index % SAMPLE == 0) {
			play_once(tally->at, count, order, answers, tally->plays++);
			tally->played[count][answers]++;
		}
		tally->index++;
	}
	for (size_t i = from; i < answers; i++) {
		size_t kept = order[from];

		order[from] = order[i];
		order[i] = kept;
		every_order(tally, count, order, from + 1, answers);
		order[i] = order[from];
		order[from] = kept;
	}
}

static void play_all(const struct entrance *at)
{
	struct tally tally = { .at = at };
	char *text = test_text("%s", "");

	for (size_t count = 1; count <= MOST; count++) {
		for (unsigned rejected = 1; rejected < 1u << count; rejected++) {
			size_t order[MOST], answers = 0;

			for (size_t i = 0; i < count; i++) {
				if (rejected & 1u << i)
					order[answers++] = i;
			}
			every_order(&tally, count, order, 0, answers);
		}
		for (size_t answers = 1; answers <= count; answers++)
			text = test_text("%s%s%zu of %zu: %u", text, *text ? ", " : "", answers, count,
					 tally.played[count][answers]);
	}
	tried("%s: approved in every order that was played, by rejected documents: %s", at->name, text);
}

#define ENTRANCE(name, number)                                                                                         \
	Test(correction_property, name)                                                                                \
	{                                                                                                              \
		play_all(&entrances[number]);                                                                          \
	}
ENTRANCE(at_ralio_kyb, 0)
ENTRANCE(at_ralio_kyc, 1)
ENTRANCE(at_generic, 2)
ENTRANCE(at_the_page, 3)
ENTRANCE(by_command, 4)
ENTRANCE(at_avenia, 5)
ENTRANCE(at_atelio, 6)
