#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICK(fuzz, list) (list)[fuzz_below((fuzz), sizeof(list) / sizeof *(list))]
#define BOUNDARY "zzz"

void fuzz_seed(struct fuzz *fuzz, uint64_t seed)
{
	fuzz->state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
}

/* splitmix64 */
static uint64_t next(struct fuzz *fuzz)
{
	uint64_t z = (fuzz->state += UINT64_C(0x9E3779B97F4A7C15));

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

size_t fuzz_below(struct fuzz *fuzz, size_t bound)
{
	return (size_t)(next(fuzz) % bound);
}

static bool once_in(struct fuzz *fuzz, size_t times)
{
	return fuzz_below(fuzz, times) == 0;
}

/* --- the reference --- */

static const json_t *resolved(const json_t *all, const json_t *schema)
{
	const char *ref = json_string_value(json_object_get(schema, "$ref"));

	return ref ? json_object_get(json_object_get(json_object_get(all, "components"), "schemas"),
				     strrchr(ref, '/') + 1)
		   : schema;
}

static void read_members(struct fuzz_route *route, const json_t *schema)
{
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(schema, "properties"), name, value)
	{
		bool known = false;

		for (size_t i = 0; i < route->member_count; i++)
			known |= !strcmp(route->members[i], name);
		if (!known && route->member_count < sizeof route->members / sizeof *route->members)
			route->members[route->member_count++] = strdup(name);
	}
}

static void read_operation(struct fuzz *fuzz, const json_t *all, const char *path, const char *method,
			   const json_t *operation)
{
	struct fuzz_route *route = &fuzz->routes[fuzz->route_count++];
	const char *type;
	json_t *content;

	cr_assert_leq(fuzz->route_count, sizeof fuzz->routes / sizeof *fuzz->routes);
	route->path = strdup(path);
	for (size_t at = 0; at + 1 < sizeof route->method && method[at]; at++)
		route->method[at] = (char)(method[at] - 'a' + 'A');
	json_object_foreach(json_object_get(json_object_get(operation, "requestBody"), "content"), type, content)
	{
		route->json |= !strcmp(type, "application/json");
		route->form |= !strcmp(type, "multipart/form-data");
		route->file |= !strcmp(type, "application/octet-stream");
		read_members(route, resolved(all, json_object_get(content, "schema")));
	}
}

void fuzz_open(struct fuzz *fuzz, struct api *api, const struct things *things)
{
	static const char *const methods[] = { "get", "post", "put", "patch", "delete" };
	json_t *all = json_load_file(KYB_OPENAPI, 0, NULL), *path;
	const char *name;
	size_t bodies = 0;

	cr_assert_not_null(all);
	memset(fuzz, 0, sizeof *fuzz);
	fuzz->api = api;
	json_object_foreach(json_object_get(all, "paths"), name, path)
	{
		for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
			if (json_object_get(path, methods[i]))
				read_operation(fuzz, all, name, methods[i], json_object_get(path, methods[i]));
	}
	json_decref(all);
	cr_assert_gt(fuzz->route_count, 70);
	for (size_t i = 0; i < fuzz->route_count; i++)
		bodies += fuzz->routes[i].member_count > 0;
	cr_assert_gt(bodies, 20);
	for (size_t i = 0; i < things->count; i++) {
		bool link = strstr(things->items[i].word, "_link") != NULL;

		if (link)
			fuzz->links[fuzz->link_count++] = strdup(things->items[i].id);
		else
			fuzz->ids[fuzz->id_count++] = strdup(things->items[i].id);
	}
}

void fuzz_release(struct fuzz *fuzz)
{
	for (size_t i = 0; i < fuzz->route_count; i++) {
		free(fuzz->routes[i].path);
		for (size_t m = 0; m < fuzz->routes[i].member_count; m++)
			free(fuzz->routes[i].members[m]);
	}
	for (size_t i = 0; i < fuzz->id_count; i++)
		free(fuzz->ids[i]);
	for (size_t i = 0; i < fuzz->link_count; i++)
		free(fuzz->links[i]);
}

/* New entries replace old ones at random, so that old ones are requested, too. */
static void remember(struct fuzz *fuzz, char **list, size_t *count, size_t size, char *text)
{
	if (*count < size) {
		list[(*count)++] = text;
		return;
	}
	size_t at = fuzz_below(fuzz, size);

	free(list[at]);
	list[at] = text;
}

void fuzz_learn(struct fuzz *fuzz, const json_t *json)
{
	const char *key;
	json_t *value;
	size_t i;

	json_array_foreach((json_t *)json, i, value)
	{
		fuzz_learn(fuzz, value);
	}
	json_object_foreach((json_t *)json, key, value)
	{
		const char *text = json_string_value(value), *link = text ? strstr(text, "/s/") : NULL;
		const char *upload = text ? strstr(text, "/uploads/") : NULL;

		if (!text)
			fuzz_learn(fuzz, value);
		else if (upload || link)
			remember(fuzz, fuzz->links, &fuzz->link_count, sizeof fuzz->links / sizeof *fuzz->links,
				 strdup(upload ? upload + 9 : link + 3));
		else if (strlen(text) == 36 && text[8] == '-' && text[23] == '-')
			remember(fuzz, fuzz->ids, &fuzz->id_count, sizeof fuzz->ids / sizeof *fuzz->ids, strdup(text));
	}
}

/* --- texts --- */

static void repeat(FILE *out, const char *text, size_t times)
{
	while (times--)
		fputs(text, out);
}

static void fuzz_text(struct fuzz *fuzz, FILE *out)
{
	static const char *const texts[] = {
		"",
		" ",
		"x",
		"\xff\xfe",
		"\xc3(",
		"\xed\xa0\x80",
		"\\u0000",
		"\\ud800",
		"\\u202e",
		"%00",
		"'; DROP TABLE session;--",
		"../../etc/passwd",
		"{}",
		"\\\"",
		"-1",
		"9223372036854775808",
		"1e999",
		"2024-02-30",
		"\x1b[2J",
		"<script>",
		"\\n\\r\\t",
		"=1+1",
		"e\xcc\x81",
		"\xf4\x90\x80\x80",
	};

	if (once_in(fuzz, 30))
		repeat(out, once_in(fuzz, 2) ? "a" : "\xf0\x9f\x98\x80", fuzz_below(fuzz, 20000));
	else
		fputs(PICK(fuzz, texts), out);
}

static void random_id(struct fuzz *fuzz, FILE *out)
{
	fprintf(out, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)next(fuzz), (unsigned)fuzz_below(fuzz, 65536),
		(unsigned)fuzz_below(fuzz, 4096), (unsigned)fuzz_below(fuzz, 4096),
		(unsigned long long)(next(fuzz) & 0xffffffffffff));
}

static const char *known_id(struct fuzz *fuzz)
{
	return fuzz->ids[fuzz_below(fuzz, fuzz->id_count)];
}

/* --- the address --- */

static void write_argument(struct fuzz *fuzz, FILE *out, bool is_link)
{
	static const char *const texts[] = { "",     "0",      "..",	   "%2e%2e%2f", "%00",		"%ff",
					     "%",    "a%2fb",  "null",	   "-1",	"%F0%9F%98%80", "*",
					     "{id}", "id;x=1", "0b0f8a52", "identity",	"address",	"documents" };

	if (is_link && once_in(fuzz, 5))
		fprintf(out, "%.*s", (int)fuzz_below(fuzz, 60), fuzz->links[fuzz_below(fuzz, fuzz->link_count)]);
	else if (is_link && !once_in(fuzz, 5))
		fputs(fuzz->links[fuzz_below(fuzz, fuzz->link_count)], out);
	else if (!once_in(fuzz, 5))
		fputs(known_id(fuzz), out);
	else if (once_in(fuzz, 3))
		random_id(fuzz, out);
	else if (once_in(fuzz, 20))
		repeat(out, "a", fuzz_below(fuzz, 20000));
	else
		fputs(PICK(fuzz, texts), out);
}

static void write_query(struct fuzz *fuzz, FILE *out)
{
	static const char *const names[] = { "status",
					     "page",
					     "limit",
					     "cursor",
					     "search",
					     "from",
					     "to",
					     "compliance_status",
					     "workflow_id",
					     "subAccountId",
					     "created_from",
					     "created_to",
					     "include_summary",
					     "levelName",
					     "result",
					     "x",
					     "" };
	static const char *const values[] = { "",     "1",	  "-1",	 "99999999999999999999", "true", "draft",
					      "%",    "%00",	  "%ff", "2024-01-01",		 "a&b",	 "MANUAL",
					      "%22*", "\xc3\xa9", "+" };
	size_t count = fuzz_below(fuzz, once_in(fuzz, 50) ? 300 : 4);

	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%c%s=", i ? '&' : '?', PICK(fuzz, names));
		if (once_in(fuzz, 2))
			fputs(known_id(fuzz), out);
		else
			fputs(PICK(fuzz, values), out);
	}
}

static void write_target(struct fuzz *fuzz, const struct fuzz_route *route, FILE *out)
{
	static const char *const whole[] = {
		"*", "http://127.0.0.1/healthz", "//", "/./healthz", "healthz", "/%", "?"
	};

	if (once_in(fuzz, 60)) {
		fputs(PICK(fuzz, whole), out);
		return;
	}
	for (const char *at = route->path; *at; at++) {
		if (*at != '{') {
			fputc(*at, out);
			continue;
		}
		write_argument(fuzz, out, !strncmp(at, "{token}", 7) || !strncmp(at, "{step}", 6));
		at += strcspn(at, "}");
	}
	if (!strncmp(route->path, "/v2/", 4) && !once_in(fuzz, 5))
		fprintf(out, "?subAccountId=%s", known_id(fuzz));
	else if (once_in(fuzz, 3))
		write_query(fuzz, out);
}

/* --- bodies --- */

struct right {
	const char *name, *value;
};
/* Valid values of members with these names, so that enough requests are accepted. */
static const struct right rights[] = {
	{ "workflow_id", "\"generic-kyc\"" },
	{ "subject", "{\"kind\":\"individual\",\"name\":\"Ines Duarte\",\"country\":\"PT\"}" },
	{ "kind", "\"individual\"" },
	{ "country", "\"US\"" },
	{ "name", "\"Harbour Lane Ltd\"" },
	{ "firstName", "\"Ines\"" },
	{ "lastName", "\"Duarte\"" },
	{ "first_name", "\"Ines\"" },
	{ "last_name", "\"Duarte\"" },
	{ "dob", "\"1992-03-23\"" },
	{ "email", "\"a@example.org\"" },
	{ "metadata", "{\"a\":1}" },
	{ "hours", "24" },
	{ "expires_in_hours", "24" },
	{ "party", "{\"kind\":\"individual\",\"name\":\"Rui Reis\",\"roles\":[\"ubo\"]}" },
	{ "fields", "{\"said\":\"so\"}" },
	{ "done", "true" },
	{ "url", "\"https://shop.example/hook\"" },
	{ "events", "[\"kyc.state_updated\"]" },
	{ "accountType", "\"COMPANY\"" },
	{ "documentType", "\"ID\"" },
	{ "document_type", "\"PASSPORT\"" },
	{ "content", "\"JVBERi0xLjQK\"" },
	{ "status", "\"rejected\"" },
	{ "reason", "\"other\"" },
	{ "results", "{\"overall\":\"passed\"}" },
	{ "checks", "[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[]}]" },
	{ "corrections", "[{\"step\":\"identity\",\"message\":\"again\"}]" },
	{ "addresses",
	  "[{\"address_type\":\"PHYSICAL\",\"street\":\"5 A\",\"city\":\"B\",\"state\":\"CA\",\"zip_code\":"
	  "\"12345-1234\",\"country\":\"US\",\"is_primary\":true}]" },
};

static void fuzz_value(struct fuzz *fuzz, FILE *out)
{
	static const char *const values[] = { "null",
					      "true",
					      "0",
					      "-1",
					      "1.5",
					      "1e400",
					      "9223372036854775807",
					      "99999999999999999999999",
					      "[]",
					      "{}",
					      "[[]]",
					      "[null]",
					      "{\"\":{}}",
					      "{\"a\":[1,{\"b\":null}]}",
					      "[1,\"a\",{}]",
					      "NaN" };
	size_t deep;

	if (once_in(fuzz, 2)) {
		fputc('"', out);
		fuzz_text(fuzz, out);
		fputc('"', out);
	} else if (once_in(fuzz, 25)) {
		deep = fuzz_below(fuzz, once_in(fuzz, 4) ? 30000 : 200);
		repeat(out, once_in(fuzz, 2) ? "[" : "{\"a\":", deep);
		fputs("1", out);
		repeat(out, "]", deep);
	} else {
		fputs(PICK(fuzz, values), out);
	}
}

static void write_value(struct fuzz *fuzz, const char *name, FILE *out)
{
	for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
		if (!strcmp(rights[i].name, name) && !once_in(fuzz, 8)) {
			fputs(rights[i].value, out);
			return;
		}
	}
	if (once_in(fuzz, 3))
		fprintf(out, "\"%s\"", known_id(fuzz));
	else
		fuzz_value(fuzz, out);
}

static void write_json(struct fuzz *fuzz, const struct fuzz_route *route, FILE *out)
{
	bool first = true;

	if (once_in(fuzz, 20)) {
		fuzz_value(fuzz, out);
		return;
	}
	fputc('{', out);
	for (size_t i = 0; i < route->member_count; i++) {
		size_t times = once_in(fuzz, 10) ? 0 : once_in(fuzz, 60) ? 2 : 1;

		while (times--) {
			fprintf(out, "%s\"%s\":", first ? "" : ",", route->members[i]);
			first = false;
			write_value(fuzz, route->members[i], out);
		}
	}
	if (once_in(fuzz, 10)) {
		fprintf(out, "%s\"", first ? "" : ",");
		fuzz_text(fuzz, out);
		fputs("\":", out);
		fuzz_value(fuzz, out);
	}
	if (!once_in(fuzz, 40))
		fputc('}', out);
	if (once_in(fuzz, 60))
		fputs(" {}", out);
}

static const char jpeg[] = "\xff\xd8\xff\xe0 JFIF front of an identity card \xff\xd9";

static void write_file(struct fuzz *fuzz, FILE *out)
{
	if (once_in(fuzz, 3))
		fwrite(jpeg, 1, sizeof jpeg - 1, out);
	else if (!once_in(fuzz, 6))
		fwrite(pdf_bytes, 1, pdf_length(), out);
	else if (once_in(fuzz, 10))
		repeat(out, "%PDF-1.4 ", fuzz_below(fuzz, 40000));
	else
		fuzz_text(fuzz, out);
}

static void write_part(struct fuzz *fuzz, const char *name, FILE *out)
{
	static const char *const types[] = { "PASSPORT", "ID", "MEMORANDUM_ARTICLES", "COMPANY_INFO", "front", "true" };
	bool file = !strcmp(name, "file");

	fprintf(out, "--" BOUNDARY "%s", once_in(fuzz, 60) ? "\n" : "\r\n");
	if (!once_in(fuzz, 60))
		fprintf(out, "Content-Disposition: form-data; name=%s%s%s", once_in(fuzz, 60) ? "" : "\"", name,
			once_in(fuzz, 60) ? "" : "\"");
	if (file != once_in(fuzz, 40)) {
		fputs("; filename=\"", out);
		if (once_in(fuzz, 5))
			fuzz_text(fuzz, out);
		fputs("paper.pdf\"", out);
	}
	fputs("\r\n\r\n", out);
	if (file)
		write_file(fuzz, out);
	else if (once_in(fuzz, 4))
		fuzz_text(fuzz, out);
	else
		fputs(PICK(fuzz, types), out);
	fputs("\r\n", out);
}

static void write_form(struct fuzz *fuzz, const struct fuzz_route *route, FILE *out)
{
	for (size_t i = 0; i < route->member_count; i++) {
		size_t times = once_in(fuzz, 10) ? 0 : once_in(fuzz, 40) ? 2 : 1;

		while (times--)
			write_part(fuzz, route->members[i], out);
	}
	for (size_t extra = once_in(fuzz, 40) ? fuzz_below(fuzz, 300) : fuzz_below(fuzz, 2); extra; extra--)
		write_part(fuzz, once_in(fuzz, 2) ? "f.said" : "f.LIST[0].x", out);
	if (!once_in(fuzz, 20))
		fputs("--" BOUNDARY "--\r\n", out);
}

/* --- the whole --- */

static void write_headers(struct fuzz *fuzz, const struct fuzz_route *route, FILE *out)
{
	static const char *const types[] = { "application/json",
					     "multipart/form-data; boundary=" BOUNDARY,
					     "multipart/form-data",
					     "multipart/form-data; boundary=",
					     "multipart/form-data; boundary=\"" BOUNDARY,
					     "application/x-www-form-urlencoded",
					     "application/pdf",
					     "image/jpeg",
					     "text/plain; charset=utf-16",
					     "APPLICATION/JSON;charset=x",
					     "\xff",
					     "/" };
	static const char *const lines[] = { "If-None-Match: *\r\n",
					     "Expect: 100-continue\r\n",
					     "Identity: shop\r\n",
					     "Identity: \xff\r\n",
					     "Accept-Language: de;q=x, *;q=9, ,,\r\n",
					     "Origin: null\r\n",
					     "Sec-Fetch-Site: cross-site\r\n",
					     "X-Forwarded-For: 1.2.3.4\r\n",
					     "Content-Encoding: gzip\r\n",
					     "Connection: keep-alive, upgrade\r\n",
					     "Upgrade: h2c\r\n",
					     "Range: bytes=0-\r\n",
					     "X: a\r\n b\r\n",
					     "No-Colon\r\n",
					     " : x\r\n",
					     "Cookie: a=b; a=\"\r\n",
					     "Idempotency-Key: 1\r\n",
					     "Idempotency-Key: \x01\r\n",
					     "Idempotency-Key: \r\n" };
	const char *type = route->json ? types[0] : route->form ? types[1] : "application/pdf";

	if (!once_in(fuzz, 60))
		fputs("Host: 127.0.0.1\r\n", out);
	if (once_in(fuzz, 40))
		fputs("Authorization: Bearer kyb_AAAA\r\n", out);
	else if (once_in(fuzz, 25))
		fprintf(out, "Authorization: Bearer %s\r\n", fuzz->api->other_key);
	else if (once_in(fuzz, 60))
		fputs("Authorization: \xff\xfe\r\n", out);
	else if (!once_in(fuzz, 40))
		fprintf(out, "Authorization: %s%s\r\n", once_in(fuzz, 40) ? "" : "Bearer ", fuzz->api->key);
	if (route->json || route->form || route->file || once_in(fuzz, 4))
		fprintf(out, "Content-Type: %s\r\n", once_in(fuzz, 8) ? PICK(fuzz, types) : type);
	for (size_t count = fuzz_below(fuzz, 3); count; count--)
		fputs(PICK(fuzz, lines), out);
	if (once_in(fuzz, 10))
		fprintf(out, "Idempotency-Key: k%zu\r\n", fuzz_below(fuzz, 50));
	if (once_in(fuzz, 100)) {
		fputs("X-Long: ", out);
		repeat(out, "a", fuzz_below(fuzz, 60000));
		fputs("\r\n", out);
	}
	if (once_in(fuzz, 100))
		repeat(out, "X: y\r\n", fuzz_below(fuzz, 3000));
}

static void write_chunks(struct fuzz *fuzz, const char *body, size_t length, FILE *out)
{
	size_t at = 0;

	while (at < length) {
		size_t piece = 1 + fuzz_below(fuzz, length - at);

		if (once_in(fuzz, 20))
			fputs(once_in(fuzz, 2) ? "-1\r\n" : "ffffffffffffffffff\r\n", out);
		fprintf(out, "%zx%s\r\n", piece + (once_in(fuzz, 30) ? 1 : 0), once_in(fuzz, 10) ? ";a=\"b\"" : "");
		fwrite(body + at, 1, piece, out);
		fputs(once_in(fuzz, 40) ? "" : "\r\n", out);
		at += piece;
	}
	fputs(once_in(fuzz, 20) ? "0\r\nTrailer: x\r\n\r\n" : "0\r\n\r\n", out);
}

static char *make_body(struct fuzz *fuzz, const struct fuzz_route *route, size_t *length)
{
	char *body = NULL;
	FILE *out = open_memstream(&body, length);
	bool strange = once_in(fuzz, 12);

	if (once_in(fuzz, 30))
		write_file(fuzz, out);
	else if (strange ? once_in(fuzz, 2) : route->json)
		write_json(fuzz, route, out);
	else if (strange || route->form)
		write_form(fuzz, route, out);
	else if (route->file)
		write_file(fuzz, out);
	(void)fclose(out);
	return body;
}

void fuzz_make(struct fuzz *fuzz, struct fuzz_request *out)
{
	static const char *const methods[] = { "GET",	  "HEAD",  "POST",    "PUT",  "PATCH", "DELETE",
					       "OPTIONS", "TRACE", "CONNECT", "BREW", "get",   "P\xc3\x96ST" };
	static const char *const versions[] = { "HTTP/1.0", "HTTP/2.0", "HTTP/9", "http/1.1", "" };
	const struct fuzz_route *route = &fuzz->routes[fuzz_below(fuzz, fuzz->route_count)];
	size_t length = 0;
	char *body = make_body(fuzz, route, &length);
	FILE *file = open_memstream(&out->bytes, &out->length);

	out->route = route;
	out->way = once_in(fuzz, 3) ? (enum fuzz_way)fuzz_below(fuzz, FUZZ_PIPELINE + 1) : FUZZ_WHOLE;
	const char *method = once_in(fuzz, 12) ? PICK(fuzz, methods) : route->method;

	fprintf(file, "%s ", method);
	write_target(fuzz, route, file);
	out->other_version = once_in(fuzz, 80);
	fprintf(file, " %s\r\n", out->other_version ? PICK(fuzz, versions) : "HTTP/1.1");
	/* A response to HEAD has a Content-Length but no body: the test reads until the connection is closed. */
	if (!strcmp(method, "HEAD"))
		fputs("Connection: close\r\n", file);
	write_headers(fuzz, route, file);
	if (out->way == FUZZ_CHUNKS) {
		fputs("Transfer-Encoding: chunked\r\n", file);
		if (once_in(fuzz, 10))
			fprintf(file, "Content-Length: %zu\r\n", fuzz_below(fuzz, 100));
	} else if (once_in(fuzz, 60)) {
		fputs(once_in(fuzz, 2) ? "Content-Length: -1\r\n" : "Content-Length: 99999999999999999999\r\n", file);
	} else {
		fprintf(file, "Content-Length: %zu\r\n", length + (once_in(fuzz, 80) ? 5 : 0));
		if (once_in(fuzz, 80))
			fputs("Content-Length: 1\r\n", file);
	}
	fputs("\r\n", file);
	if (out->way == FUZZ_CHUNKS)
		write_chunks(fuzz, body, length, file);
	else
		fwrite(body, 1, length, file);
	(void)fclose(file);
	free(body);
	if (out->way == FUZZ_CUT || out->way == FUZZ_RESET)
		out->length = fuzz_below(fuzz, out->length);
}
