/*
 * Route × caller × object at the HTTP API: every caller requests every route of the reference on every kind of object
 * in its address, from one serving process. The responses are compared with the tables below and in matrix_rows.c.
 * Another merchant's objects are not found; no response reveals the review.
 */
#include "matrix_rows.h"
#include "support/http_receiver.h"
#include "things.h"
#include "support/tried.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct things shop, rival;
static char *old_key, *run_out_token, *token;
static char *bearers[BEARERS];
static unsigned cells;

#define UNKNOWN "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01"
#define SHOP_MARK "Quillon"
#define RIVAL_MARK "Brandywine"

/* --- callers --- */

enum asker {
	NO_KEY,
	WRONG_KEY,
	REPLACED_KEY,
	RUN_OUT_TOKEN,
	LINK_AS_TOKEN,
	FILE_AS_TOKEN,
	KEY_WITHOUT_ITS_WORD, /* without "Bearer": only Atelio's dialect allows this */
	WRONG_IDENTITY,	      /* the header Identity of Atelio names another merchant */
	RIVAL,
	MERCHANT_BY_TOKEN, /* this and the next two send only GET, which can be repeated without a change */
	MERCHANT_BARE,
	MERCHANT_NAMED,
	MERCHANT,
	ASKERS
};
#define BEARER "Bearer "
static char wrong[] = "kyb_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", *const wrong_key = wrong;
/* Each caller: the name, the text before the key in the header Authorization, the key, and the header Identity. */
static const struct {
	const char *name, *word;
	char *const *key;
	const char *identity;
} askers[ASKERS] = {
	[NO_KEY] = { "nobody", NULL, NULL, "" },
	[WRONG_KEY] = { "a wrong key", BEARER, &wrong_key, "" },
	[REPLACED_KEY] = { "a replaced key", BEARER, &old_key, "" },
	[RUN_OUT_TOKEN] = { "a token run out", BEARER, &run_out_token, "" },
	[LINK_AS_TOKEN] = { "a link as a token", BEARER, &bearers[BEARER_LINK], "" },
	[FILE_AS_TOKEN] = { "a file's address as a token", BEARER, &bearers[BEARER_FILE], "" },
	[KEY_WITHOUT_ITS_WORD] = { "a bare key", "", &api.key, "" },
	[WRONG_IDENTITY] = { "a key of another Identity", BEARER, &api.key, "Identity: rival\r\n" },
	[RIVAL] = { "the rival", BEARER, &api.other_key, "" },
	[MERCHANT_BY_TOKEN] = { "the merchant's token", BEARER, &token, "" },
	[MERCHANT_BARE] = { "the merchant, bare", "", &api.key, "" },
	[MERCHANT_NAMED] = { "the merchant, named", BEARER, &api.key, "Identity: shop\r\n" },
	[MERCHANT] = { "the merchant", BEARER, &api.key, "" },
};

/* Kinds of objects that an id in a URL can name. A test replaces one id of a URL; the other ids are the caller's. */
enum object { OWN, OTHERS, NOBODYS, OF_WRONG_KIND, MALFORMED, OBJECTS };
static const char *const object_names[] = { "its own", "another's", "nobody's", "of a wrong kind", "malformed" };

#define STATUS_OF_ROW 0 /* the status that the row expects for its own object */
#define NOT_TRIED -1
/* Another merchant's, an unknown and a malformed id are not found. */
static int expected(enum asker asker, enum object object)
{
	if (asker < RIVAL) /* the server refuses a malformed id before it checks the key */
		return object == MALFORMED ? NOT_TRIED : 401;
	return object == OWN ? STATUS_OF_ROW : 404;
}

static bool is_atelio(const struct entrance_row *row)
{
	return !strncmp(row->path, "/api/v0.1/", 10);
}

static bool asks(enum asker asker, const struct entrance_row *row)
{
	bool reads = !strcmp(row->method, "GET");

	switch (asker) {
	case KEY_WITHOUT_ITS_WORD:
		return !is_atelio(row);
	case WRONG_IDENTITY:
		return is_atelio(row);
	case MERCHANT_BY_TOKEN:
		return reads;
	case MERCHANT_BARE:
	case MERCHANT_NAMED:
		return reads && is_atelio(row);
	default:
		return true;
	}
}

/* The header lines with the caller's key. */
static char *head_of(enum asker asker)
{
	if (asker == NO_KEY)
		return test_keep(strdup(""));
	return test_text("Authorization: %s%s\r\n%s", askers[asker].word, *askers[asker].key, askers[asker].identity);
}

/* --- asking --- */

static const char jpeg[] = "\xff\xd8\xff\xe0 JFIF of a page \xff\xd9";
#define BOUNDARY "--------7d1a"

/* "@a=b&c=d" as a form with a file. */
static char *form_of(const char *text, size_t *length)
{
	char *out = NULL, *copy = test_keep(strdup(text + 1)), *rest = copy, *pair;
	FILE *file = open_memstream(&out, length);

	while ((pair = strsep(&rest, "&"))) {
		char *value = strchr(pair, '=');

		*value++ = '\0';
		fprintf(file, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n", pair,
			value);
	}
	fprintf(file,
		"--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.pdf\"\r\n\r\n%s%% "
		"another\r\n--" BOUNDARY "--\r\n",
		pdf_bytes);
	fclose(file);
	return test_keep(out);
}

static int send_body(const char *method, const char *path, const char *head, const char *body)
{
	char *form = NULL;
	const char *type = !body	  ? ""
			   : *body == '@' ? "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\n"
			   : *body == '!' ? "Content-Type: image/jpeg\r\n"
					  : "Content-Type: application/json\r\n";
	size_t length = body ? strlen(body) : 0;
	int status;

	char *headers = test_text("%s%s ", head, type);
	headers[strlen(headers) - 1] = '\0';
	if (body && *body == '@')
		body = form = form_of(body, &length);
	else if (body && *body == '!')
		body = jpeg, length = sizeof jpeg - 1;
	api.token = NULL;
	status = api_send(&api, method, path, headers, body, length);
	cells++;
	return status;
}

/* A response contains nothing of another merchant, and does not reveal the review. */
static void look_at_answer(const char *output, enum asker asker)
{
	const char *secret = secret_in(api.last.body, api.last.json);
	bool of_shop = asker >= MERCHANT_BY_TOKEN, of_rival = asker == RIVAL;

	cr_expect_str_empty(secret, "%s tells \"%s\": %s", output, secret, api.last.body);
	secret = secret_in(api.last.head, NULL);
	cr_expect_str_empty(secret, "%s tells \"%s\": %s", output, secret, api.last.head);
	if (!of_shop)
		cr_expect(!strstr(api.last.body, SHOP_MARK), "%s tells of the shop: %s", output, api.last.body);
	if (!of_rival)
		cr_expect(!strstr(api.last.body, RIVAL_MARK), "%s tells of the rival: %s", output, api.last.body);
	cr_expect_lt(api.last.status, 500, "%s: %d %s", output, api.last.status, api.last.body);
}

/* --- objects --- */

/* The caller's own object of another kind. */
static const char *other_kind(const char *word)
{
	static const char *const pairs[][2] = {
		{ "session", "session_document" },
		{ "spare", "sub_document" },
		{ "done", "company" },
		{ "review", "session_document" },
		{ "parent", "ubo" },
		{ "session_document", "session" },
		{ "sub", "session" },
		{ "spare_sub", "session" },
		{ "hook", "session" },
		{ "event", "session" },
		{ "endpoint", "session" },
		{ "user", "session_document" }, /* not a company, person or session: their ids can be valid uids */
		{ "company", "person" },
		{ "spare_company", "person" },
		{ "person", "company" },
		{ "spare_person", "company" },
		{ "kyb", "session" },
		{ "kyb_document", "session_document" },
		{ "kyc", "kyb" },
		{ "business", "owner" },
		{ "owner", "business" },
		{ "spare_owner", "person" },
		{ "started", "business" },
		{ "address", "owner" },
		{ "account", "company" },
		{ "spare_account", "company" },
		{ "record", "ubo" },
		{ "ubo", "record" },
		{ "attempt", "ubo" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (!strcmp(pairs[i][0], word))
			return !strcmp(pairs[i][1], "sub_document") ? "session_document" : pairs[i][1];
	}
	cr_assert_fail("nothing is of another kind than %s", word);
	return "";
}

#define PARTS_MAX 4
struct address {
	const char *ids[PARTS_MAX];
};

static size_t split(const char *text, char words[PARTS_MAX][32])
{
	size_t count = 0;
	char *copy = test_keep(strdup(text)), *rest = copy, *word;

	while (*text && (word = strsep(&rest, " ")))
		(void)snprintf(words[count++], 32, "%s", word);
	return count;
}

/* The path with the next id for each {…}, or with the word in {…} if the row has no object for it. */
static char *path_of(const struct entrance_row *row, const struct address *address)
{
	char *out = NULL;
	size_t length = 0, part = 0;
	FILE *file = open_memstream(&out, &length);

	char *text = test_text("%s%s", row->path, row->query ? row->query : "");
	for (const char *at = text; *at;) {
		if (*at == '{') {
			const char *id = address->ids[part++], *end = strchr(at, '}');

			fprintf(file, "%.*s", id ? (int)strlen(id) : (int)(end - at - 1), id ? id : at + 1);
			at = end + 1;
		} else {
			fputc(*at++, file);
		}
	}
	fclose(file);
	return test_keep(out);
}

struct cell {
	const struct entrance_row *row;
	enum asker asker;
	enum object object;
	struct address address;
	size_t part;
};

static void try_cell(const struct cell *cell)
{
	const struct things *own = cell->asker == RIVAL ? &rival : &shop;
	int want = expected(cell->asker, cell->object), status;

	if (want == NOT_TRIED || !asks(cell->asker, cell->row))
		return;
	if (want == STATUS_OF_ROW)
		want = cell->row->own;
	char *path = path_of(cell->row, &cell->address);
	char *body = cell->row->body ? things_fill(own, cell->row->body) : NULL;
	char *head = head_of(cell->asker);
	char *output = test_text("%s %s (part %zu %s) by %s", cell->row->method, cell->row->path, cell->part,
				 object_names[cell->object], askers[cell->asker].name);
	status = send_body(cell->row->method, path, head, body);
	cr_expect_eq(status, want, "%s: %d instead of %d: %s", output, status, want, api.last.body);
	look_at_answer(output, cell->asker);
}

static void try_objects(struct cell *cell)
{
	const struct things *own = cell->asker == RIVAL ? &rival : &shop;
	const struct things *others = cell->asker == RIVAL ? &shop : &rival;
	char words[PARTS_MAX][32];
	size_t count = split(cell->row->things, words);

	for (cell->part = 0; cell->part < count; cell->part++) {
		for (size_t i = 0; i < count; i++)
			cell->address.ids[i] = thing(own, words[i]);
		for (cell->object = OTHERS; cell->object < OBJECTS; cell->object++) {
			const char *word = words[cell->part];

			cell->address.ids[cell->part] = cell->object == OTHERS	    ? thing(others, word)
							: cell->object == NOBODYS   ? UNKNOWN
							: cell->object == MALFORMED ? "not-an-id"
										    : thing(own, other_kind(word));
			try_cell(cell);
		}
	}
	/* Finally, all ids of the address are the other merchant's. */
	cell->part = count;
	cell->object = OTHERS;
	for (size_t i = 0; i < count; i++)
		cell->address.ids[i] = thing(others, words[i]);
	if (count)
		try_cell(cell);
}

static void try_own(struct cell *cell)
{
	char words[PARTS_MAX][32];
	size_t count = split(cell->row->things, words);

	cell->object = OWN;
	cell->part = 0;
	for (size_t i = 0; i < count; i++)
		cell->address.ids[i] = thing(cell->asker == RIVAL ? &rival : &shop, words[i]);
	try_cell(cell);
}

/* --- the store --- */

/* The number of audit records of actions by outside callers. */
static long long deeds(void)
{
	return api_number(&api, "SELECT count(*) FROM audit_event WHERE actor = 'client' OR actor LIKE 'api:%'");
}

/* --- the objects --- */

static char *login(void)
{
	cr_assert_eq(api_call(&api, "POST", "/api/v1/auth/login",
			      test_text("{\"api_code\":\"%s\",\"api_key\":\"%s\"}", api.code, api.key)),
		     200, "%s", api.last.body);
	return api_keep(&api, "token");
}

static char *after(const char *text, const char *mark)
{
	cr_assert(text && strstr(text, mark), "no %s in %s", mark, text ? text : "");
	text = strstr(text, mark) + strlen(mark);
	return test_keep(strndup(text, strcspn(text, "\"?")));
}

#define PERSON_BODY(more)                                                                                              \
	"{\"workflow_id\":\"generic-kyc\"" more ",\"subject\":{\"kind\":\"individual\",\"name\":\"" SHOP_MARK          \
	" Early\",\"country\":\"PT\"}}"

static char *document_of(const char *session, const char *link)
{
	const struct form_file file = { "p.pdf", pdf_bytes, pdf_length() };

	cr_assert_eq(api_form(&api, test_text("/api/s/%s/documents", link), &file, "type", "PASSPORT", NULL), 201, "%s",
		     api.last.body);
	cr_assert_eq(
		api_callf(&api, "GET", NULL, "/kyc/sessions/%s/documents/%s/url", session, reply_text(&api.last, "id")),
		200, "%s", api.last.body);
	return after(api_keep(&api, "url"), "/files/");
}

static char *upload_address(const char *account)
{
	cr_assert_eq(api_callf(&api, "POST", "{\"documentType\":\"ID\"}", "/v2/documents?subAccountId=%s", account),
		     201, "%s", api.last.body);
	return after(reply_text(&api.last, "uploadURLFront"), "/uploads/");
}

/* Tokens that expire are made before the server's clock advances. */
static void make_what_runs_out(void)
{
	old_key = api.key;
	cr_assert_eq(box_json(&api.box, "merchant", "key", "rotate", "shop", "default", "--overlap", "0", NULL), 0);
	api.key = test_keep(strdup(json_path_text(api.box.json, "api_key")));
	api.token = api.key;
	run_out_token = login();
	cr_assert_eq(api_call(&api, "POST", "/kyc/sessions", PERSON_BODY(",\"expires_in_hours\":1")), 201);
	char *session = api_keep(&api, "id");
	bearers[BEARER_RUN_OUT] = after(reply_text(&api.last, "access_link"), "/s/");
	bearers[BEARER_OLD_FILE] = document_of(session, bearers[BEARER_RUN_OUT]);
	cr_assert_eq(api_call(&api, "POST", "/v2/account/sub-accounts",
			      "{\"accountType\":\"COMPANY\",\"name\":\"" SHOP_MARK " Early\"}"),
		     201);
	session = api_keep(&api, "id");
	bearers[BEARER_OLD_UPLOAD] = upload_address(session);
	api_restart(&api, "KYBDESK_TEST_NOW=+2h");
}

#define ATELIO_LINE                                                                                                    \
	"{\"external_ref\":\"bo-1\",\"workflow\":\"atelio-beneficial-owner\",\"kind\":\"kyc\",\"merchant\":"           \
	"\"shop\","                                                                                                    \
	"\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"" SHOP_MARK                      \
	" Boris\",\"country\":\"USA\"},\"steps\":[{\"id\":\"identity\",\"status\":\"completed\"},{\"id\":"             \
	"\"addresses\",\"status\":\"completed\"}]}\n"

/* A link for one document is sent only in a webhook. */
static void make_document_link(void)
{
	struct receiver *receiver = receiver_start();

	box_import(&api.box, ATELIO_LINE);
	cr_assert_eq(box_run(&api.box, "endpoint", "add", "--merchant", "shop", "--url",
			     receiver_url(receiver, "/hook"), "--event", "*", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(box_run(&api.box, "corrections", "bo-1", "--step", "documents", "--document", "government_id",
			     "--message", "Again, please", "--grace", "0", NULL),
		     0, "%s", api.box.last.err);
	(void)box_run(&api.box, "webhook", "deliver", "--drain", NULL);
	cr_assert(receiver_wait(receiver, 1, 60000));
	for (size_t i = 0; i < receiver_count(receiver); i++) {
		const char *body = receiver_request(receiver, i)->body;

		if (strstr(body, "government_id") && !bearers[BEARER_DOCUMENT_LINK])
			bearers[BEARER_DOCUMENT_LINK] = after(strstr(body, "upload_link"), "/s/");
	}
	cr_assert(bearers[BEARER_DOCUMENT_LINK]);
	receiver_stop(receiver);
}

/* Makes the tokens that do not expire in this test. */
static void make_links(void)
{
	bearers[BEARER_REPLACED] = test_keep(strdup(thing(&shop, "session_link")));
	cr_assert_eq(api_callf(&api, "POST", NULL, "/kyc/sessions/%s/generate-link", thing(&shop, "session")), 200);
	bearers[BEARER_LINK] = after(reply_text(&api.last, "access_link"), "/s/");
	bearers[BEARER_FILE] = document_of(thing(&shop, "session"), bearers[BEARER_LINK]);
	bearers[BEARER_UPLOAD] = upload_address(thing(&shop, "spare_account"));
	char *url = test_keep(strdup(bearers[BEARER_LINK]));
	/* A link of another store has the same form, but another MAC. */
	url[strlen(url) - 5] = url[strlen(url) - 5] == 'A' ? 'B' : 'A';
	bearers[BEARER_OTHER_STORE] = url;
	bearers[BEARER_KEY] = test_keep(strdup(api.key));
	bearers[BEARER_WORD] = test_keep(strdup("session"));
	make_document_link();
}

static void set_up(void)
{
	/* The test sends thousands of requests with wrong keys. */
	static const char *const options[] = { "--address-limit", "0", NULL };

	api_open(&api, options);
	make_what_runs_out();
	api.token = api.other_key;
	things_make(&rival, &api, RIVAL_MARK);
	secrets_make(&rival, "rival");
	api.token = api.key;
	things_make(&shop, &api, SHOP_MARK);
	secrets_make(&shop, "shop");
	token = login();
	thing_add(&shop, "code", test_keep(strdup(api.code)));
	thing_add(&shop, "key", test_keep(strdup(api.key)));
	make_links();
}

static void tear_down(void)
{
	api_close(&api);
}
TestSuite(api_matrix, .init = set_up, .fini = tear_down);

/* --- the cells --- */

static bool has_key(const struct entrance_row *row)
{
	return *row->permission != '\0';
}

static void try_refused(void)
{
	long long before = deeds();

	for (size_t i = 0; i < entrance_row_count; i++) {
		struct cell cell = { .row = &entrance_rows[i] };

		for (cell.asker = 0; has_key(cell.row) && cell.asker < ASKERS; cell.asker++) {
			if (cell.asker < RIVAL)
				try_own(&cell);
			try_objects(&cell);
		}
		cr_expect_eq(deeds(), before, "%s %s: what was refused is on record as done", cell.row->method,
			     cell.row->path);
		before = deeds();
	}
}

/* Tries all routes as the shop, and routes without objects also as the rival or, if they need no key, without a key. */
static void try_allowed(void)
{
	for (size_t i = 0; i < entrance_row_count; i++) {
		struct cell cell = { .row = &entrance_rows[i], .asker = MERCHANT };

		if (!cell.row->own)
			continue;
		for (cell.asker = MERCHANT_BY_TOKEN; has_key(cell.row) && cell.asker < MERCHANT; cell.asker++)
			try_own(&cell);
		cell.asker = MERCHANT;
		try_own(&cell);
		if (*cell.row->things)
			continue;
		cell.asker = RIVAL;
		if (has_key(cell.row))
			try_own(&cell);
		else
			for (cell.asker = 0; cell.asker < RIVAL && strcmp(cell.row->method, "POST"); cell.asker++) {
				int status = send_body(cell.row->method, cell.row->path, "", NULL);

				cr_expect_eq(status, cell.row->own, "%s: %d", cell.row->path, status);
			}
	}
}

/* No response about the shop's sessions may reveal the review. */
static void try_reviewed(void)
{
	static const char *const words[] = { "review", "held", "restricted", "claimed", "done", "kyb", "session" };
	static const struct {
		const char *method, *rest, *body;
	} calls[] = {
		{ "GET", "", NULL },
		{ "PATCH", "", "{\"status\":\"approved\"}" },
		{ "PATCH", "", "{\"status\":\"manual_review\"}" },
		{ "POST", "/validate", NULL },
		{ "POST", "/process", NULL },
		{ "POST", "/corrections",
		  "{\"corrections\":[{\"step_id\":\"selfie\",\"message\":\"Again, please\"}]}" },
		{ "POST", "/extend", "{\"hours\":1}" },
		{ "POST", "/generate-link", NULL },
		{ "POST", "/subsessions", "{\"party\":{\"kind\":\"individual\",\"name\":\"N\",\"roles\":[\"ubo\"]}}" },
		{ "GET", "/subsessions", NULL },
		{ "POST", "/results", "{\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]}" },
		{ "GET", "", NULL },
		{ "DELETE", "", NULL },
	};
	char *head = head_of(MERCHANT);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		for (size_t k = 0; k < sizeof calls / sizeof *calls; k++) {
			char *path = test_text("/kyc/sessions/%s%s", thing(&shop, words[i]), calls[k].rest);
			char *output = test_text("%s %s of \"%s\"", calls[k].method, calls[k].rest, words[i]);
			(void)send_body(calls[k].method, path, head, calls[k].body);
			cr_expect_neq(api.last.status, 404, "%s: %s", output, api.last.body);
			look_at_answer(output, MERCHANT);
		}
	}
}

static char *token_path(const struct bearer_row *row, enum bearer bearer)
{
	const char *rest = strstr(row->path, "{token}") + strlen("{token}");

	return test_text("%.*s%s%s", (int)(strstr(row->path, "{token}") - row->path), row->path, bearers[bearer], rest);
}

static void correct(void)
{
	const char *session = thing(&shop, "session"), *link = bearers[BEARER_LINK];

	/* Submits the session, then requests corrections. "review" is another session with an open correction. */
	cr_assert_eq(api_callf(&api, "POST", NULL, "/api/s/%s/complete", link), 200, "%s", api.last.body);
	cr_assert_eq(box_run(&api.box, "corrections", session, "--step", "identity", "--message", "Again, please",
			     "--step", "documents", "--document", "PASSPORT", "--message", "Its other page", "--grace",
			     "0", NULL),
		     0, "%s", api.box.last.err);
	cr_assert_eq(box_json(&api.box, "show", session, NULL), 0);
	thing_add(&shop, "own_correction", test_keep(strdup(json_path_text(api.box.json, "corrections[0].id"))));
	cr_assert_eq(box_json(&api.box, "show", thing(&shop, "review"), NULL), 0);
	thing_add(&shop, "correction", test_keep(strdup(json_path_text(api.box.json, "corrections[0].id"))));
	thing_add(&shop, "unknown", test_keep(strdup(UNKNOWN)));
}

static void try_bearers(void)
{
	correct();
	for (size_t i = 0; i < bearer_row_count; i++) {
		const struct bearer_row *row = &bearer_rows[i];

		/* Unknown links are limited for each address, so each row uses another address. */
		api.from = 2 + (unsigned)i;
		/* The valid link is tried last: it may change the state that the other tokens need. */
		for (size_t k = BEARERS; k--;) {
			char *pattern = token_path(row, (enum bearer)k), *path = things_fill(&shop, pattern);
			int status = send_body(row->method, path, "", row->body);

			char *output = test_text("%s %s with bearer %zu", row->method, row->path, k);
			cr_expect_eq(status, row->expected[k], "%s: %d instead of %d: %s", output, status,
				     row->expected[k], api.last.body);
			look_at_answer(output, MERCHANT);
		}
	}
	api.from = 0;
}

/* Makes sure that each secret is in the store, where staff can read it. */
static void look_for_secrets_inside(void)
{
	static const char *const words[] = { "review", "held", "restricted", "claimed" };
	char *all = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&all, &length);

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		cr_assert_eq(box_json(&api.box, "show", thing(&shop, words[i]), "--reveal", NULL), 0, "%s",
			     api.box.last.out);
		fputs(api.box.last.out, out);
	}
	fclose(out);
	for (size_t i = 0; secrets[i]; i++)
		cr_expect(strstr(all, secrets[i]), "%s is nowhere, so it cannot be told: %s", secrets[i], all);
	free(all);
}

Test(api_matrix, every_route_by_everybody_on_everything)
{
	look_for_secrets_inside();
	try_refused();
	try_allowed();
	try_bearers();
	try_reviewed();
	tried("the matrix of the API: %u cells of %zu routes", cells, entrance_row_count);
	cr_expect_gt(cells, 1500u);
}
