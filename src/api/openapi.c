/* Generates the OpenAPI reference, docs/api/openapi.json, from the routes and the shapes of their bodies. */
#include "kybdesk/api/serve.h"
#include "kybdesk/base/text.h"
#include "once.h"
#include "shape.h"

#include <stdio.h>
#include <string.h>

/* A client's link as JSON is not part of a dialect, so its tag comes after the last dialect. */
#define TAG_LINK (DIALECT_PAGE + 1)
#define WEBHOOKS_TAG "webhooks"
static const struct {
	const char *name, *meaning;
} tags[] = {
	[DIALECT_KYBDESK] = { "operation", "State of the server, and the kinds of errors" },
	[DIALECT_GENERIC] = { "generic", "Generic dialect: sessions, reviews, events and webhook endpoints" },
	[DIALECT_RALIO] = { "ralio", "Dialect of Ralio" },
	[DIALECT_AVENIA] = { "avenia", "Dialect of Avenia" },
	[DIALECT_ATELIO] = { "atelio", "Dialect of Atelio" },
	[DIALECT_PAGE] = { "page", "The page of a client's link" },
	[TAG_LINK] = { "link", "A client's own link as JSON; needs only the link, no token" },
	[TAG_LINK + 1] = { WEBHOOKS_TAG, "Requests that this server sends to a merchant's endpoints" },
};

/* {schema: …, example: …}; without the member "example" if `example` is NULL */
static struct json_value *media_type_json(struct json_value *schema, const struct json_value *example)
{
	return JSON_FROM({ "schema", schema }, { "example?", example ? json_clone(example) : AS_NULL });
}

/* {TYPE: {schema: …, example: …}} */
static struct json_value *content_json(const char *type, struct json_value *schema, const struct json_value *example)
{
	struct json_value *out = json_new_object();

	json_set(out, type, media_type_json(schema, example));
	return out;
}

static struct json_value *schema_of(const char *type)
{
	return shape_schema_of(type, strlen(type));
}

/* --- examples: requests and responses that tests/stranger/examples.py has received from a server --- */

static struct json_value *embedded_json(const char *name)
{
	const struct resource *file = resource_find_embedded(name);
	struct json_value *json = NULL;

	if (!file || json_read((const char *)file->bytes, file->length, &json, NULL))
		BUG("the program was built without the file %s, or the file is not valid JSON", name);
	return json;
}

/* The route's example {"request", "status", "response"}; NULL: the response is a page, a redirect or a file. */
static const struct json_value *example_of(const struct json_value *examples, const struct route *route)
{
	struct arena arena = ARENA_INIT;
	const char *name = arena_printf(&arena, "%s %s", route->method, route->path);
	const struct json_value *found = json_get(json_get(examples, "operations"), name);

	arena_release(&arena);
	return found;
}

static const struct json_value *example_of_response(const struct json_value *examples, const struct route *route,
						    int status)
{
	const struct json_value *found = example_of(examples, route);
	int64_t kept;

	return json_get_int(found, "status", &kept) && kept == status ? json_get(found, "response") : NULL;
}

/* Whether the route can return this status. */
static bool may_return_status(const struct route *route, int status)
{
	bool link = route->admit && route_dialect(route) != DIALECT_AVENIA,
	     file = strstr(route->path, "{token}") && !link;
	bool permission = route->permission != PERMIT_NOT_NEEDED, page = route_dialect(route) == DIALECT_PAGE;

	switch (status) {
	case 401:
		return permission || route->failed_login_member;
	case 403:
		return permission || file || (link && route->verb != READ_ONLY) || page;
	case 404:
		return strchr(route->path, '{') || route->needs_sandbox || route_dialect(route) == DIALECT_AVENIA ||
		       route->body_shape;
	case 409:
		return route->verb != READ_ONLY;
	case 410:
		return link;
	case 304:
		return route->verb == READ_ONLY && !strcmp(route->method, "GET") && !page;
	case 412:
		return route->verb != READ_ONLY && !page;
	default: /* any request may exceed a limit, or use a content coding that the server refuses */
		return true;
	}
}

/* --- parameters --- */

static void add_parameter(struct json_value *list, const struct json_member *member, const char *where, bool needed)
{
	struct strbuf name = STRBUF_INIT;

	strbuf_add(&name, member->name, member->name_length);
	json_append(list,
		    JSON_FROM({ "name", AS_TEXT(name.buf) }, { "in", AS_TEXT(where) }, { "required", AS_BOOL(needed) },
			      { "schema", shape_schema_of(member->type, member->type_length) }));
	strbuf_release(&name);
}

static void add_header_reference(struct json_value *list, const char *name)
{
	char to[64];

	(void)snprintf(to, sizeof to, "#/components/parameters/%s", name);
	json_append(list, JSON_FROM({ "$ref", AS_TEXT(to) }));
}

static struct json_value *parameters_json(const struct route *route)
{
	struct json_value *list = json_new_array();
	const char *at = route->path, *query = route->query ? route->query : "";
	struct json_member member;

	while ((at = strchr(at, '{'))) {
		size_t length = strcspn(++at, "}");
		const char *type = is_id_parameter(at, length) ? "uuid" : "text";

		member = (struct json_member){ .name = at, .name_length = length, .type = type, .type_length = 4 };
		add_parameter(list, &member, "path", true);
	}
	while (json_member_next(&query, &member)) {
		bool needed = member.type[member.type_length - 1] == '!';

		member.type_length -= needed;
		add_parameter(list, &member, "query", needed);
	}
	if (route_accepts_idempotency_key(route))
		add_header_reference(list, "idempotency_key");
	if (may_return_status(route, 304))
		add_header_reference(list, "if_none_match");
	if (may_return_status(route, 412))
		add_header_reference(list, "if_match");
	return list;
}

/* --- bodies --- */

static struct json_value *request_body_json(const struct json_value *examples, const struct route *route)
{
	const struct json_value *example = json_get(example_of(examples, route), "request");
	static const char *const types[] = { [BODY_JSON] = "application/json",
					     [BODY_FORM] = "multipart/form-data",
					     [BODY_FILE] = "application/octet-stream",
					     [BODY_UPLOAD] = "multipart/form-data" };
	struct json_value *kinds;

	if (route->body == BODY_NONE || (route->body == BODY_JSON && !route->body_shape))
		return json_new_null();
	kinds = content_json(types[route->body],
			     schema_of(route->body_shape	  ? route->body_shape
				       : route->body == BODY_FILE ? "bytes"
								  : "object"),
			     route->body == BODY_JSON ? example : NULL);
	if (route->body == BODY_UPLOAD)
		json_set(kinds, "application/json", media_type_json(schema_of("UploadText"), example));
	return JSON_FROM({ "required", AS_BOOL(true) }, { "content", kinds });
}

/* --- responses --- */

static const char *status_meaning(int status)
{
	static const struct {
		int status;
		const char *meaning;
	} words[] = {
		{ 200, "Done" },
		{ 201, "Made" },
		{ 202, "Accepted; the results follow later" },
		{ 204, "Done; no content" },
		{ 303, "Done; the page shows the next step" },
		{ 304, "The response has the ETag of If-None-Match" },
		{ 400, "The body, the query or a field is invalid" },
		{ 401, "The token is missing or wrong" },
		{ 403, "The token does not have the permission, or the address has expired" },
		{ 404, "Not found, or data of another merchant" },
		{ 409, "The state of the case forbids the request, or the case changed meanwhile" },
		{ 410, "The link has expired, or a newer link replaced it" },
		{ 412, "The ETag of If-Match is another, or the document already has a file" },
		{ 413, "Too large" },
		{ 415, "A content type that this address does not accept" },
		{ 429, "Too many requests, or too many wrong keys or links" },
		{ 0, "Internal error, or the store cannot be reached" },
	};
	size_t i = 0;

	while (words[i].status && words[i].status != status)
		i++;
	return words[i].meaning;
}

/* kinds: the content by media type; JSON null: the response has no content. */
static struct json_value *response_json(int status, struct json_value *kinds)
{
	return JSON_FROM({ "description", AS_TEXT(status_meaning(status)) }, { "content?", kinds });
}

/* Adds the response under its status; status 0: "5XX". */
static void set_response(struct json_value *out, const char *before, int status, struct json_value *answer)
{
	char name[32];

	(void)snprintf(name, sizeof name, status ? "%s%d" : "%s5XX", before, status);
	json_set(out, name, answer);
}

/* Adds the responses of route->response, for example "200:Session 202:Session". */
static void add_responses(struct json_value *out, const struct json_value *examples, const struct route *route)
{
	for (const char *at = route->response; *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");
		int status = (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
		const char *type = at + 4;
		struct strbuf media = STRBUF_INIT;
		struct json_value *kinds = json_new_null();

		if (length > 4)
			strbuf_add(&media, type, length - 4);
		if (media.len && strchr(media.buf, '/'))
			kinds = content_json(media.buf, schema_of("text"), NULL);
		else if (media.len)
			kinds = content_json("application/json", shape_schema_of(type, length - 4),
					     example_of_response(examples, route, status));
		set_response(out, "", status, response_json(status, kinds));
		strbuf_release(&media);
		at += length;
	}
}

static const int errors[] = { 400, 401, 403, 404, 409, 410, 412, 413, 415, 429, 0 };
#define ERROR_STATUS_COUNT (sizeof errors / sizeof *errors)

/* The formats of error bodies. */
static const struct error_format {
	const char *name, *type, *shape;
} error_formats[] = { { "Error", "application/json", "Error" },
		      { "AtelioError", "application/json", "AtelioError" },
		      { "PageError", "text/html", "text" },
		      { "Problem", "application/problem+json", "Problem" } };

static const struct error_format *error_format_of(enum dialect dialect)
{
	static const struct error_format *const of[] = {
		[DIALECT_KYBDESK] = &error_formats[3], [DIALECT_GENERIC] = &error_formats[3],
		[DIALECT_RALIO] = &error_formats[0],   [DIALECT_AVENIA] = &error_formats[0],
		[DIALECT_ATELIO] = &error_formats[1],  [DIALECT_PAGE] = &error_formats[2]
	};

	return of[dialect];
}

static struct json_value *route_responses_json(const struct json_value *examples, const struct route *route)
{
	const char *error_format = error_format_of(route_dialect(route))->name;
	struct json_value *out = json_new_object();

	add_responses(out, examples, route);
	if (may_return_status(route, 304))
		set_response(out, "", 304, response_json(304, json_new_null()));
	for (size_t i = 0; i < ERROR_STATUS_COUNT; i++) {
		char to[64];

		if (!may_return_status(route, errors[i]))
			continue;
		(void)snprintf(to, sizeof to,
			       errors[i] ? "#/components/responses/%s%d" : "#/components/responses/%s5XX", error_format,
			       errors[i]);
		set_response(out, "", errors[i], JSON_FROM({ "$ref", AS_TEXT(to) }));
	}
	return out;
}

static bool may_have_status(const struct error_format *error_format, int status)
{
	for (struct route_cursor at = { 0 }; route_next(&at);)
		if (error_format_of(at.dialect) == error_format && may_return_status(at.route, status))
			return true;
	return false;
}

static struct json_value *error_content_json(const struct json_value *examples, const struct error_format *error_format,
					     int status)
{
	char name[32];

	(void)snprintf(name, sizeof name, status ? "%s%d" : "%s5XX", error_format->name, status);
	return content_json(error_format->type, schema_of(error_format->shape),
			    json_get(json_get(examples, "errors"), name));
}

static struct json_value *responses_json(const struct json_value *examples)
{
	struct json_value *out = json_new_object();

	for (size_t m = 0; m < sizeof error_formats / sizeof *error_formats; m++) {
		for (size_t i = 0; i < ERROR_STATUS_COUNT; i++)
			if (may_have_status(&error_formats[m], errors[i]))
				set_response(out, error_formats[m].name, errors[i],
					     response_json(errors[i],
							   error_content_json(examples, &error_formats[m], errors[i])));
	}
	return out;
}

/* --- addresses --- */

static void add_lowercase_method(struct strbuf *out, const char *method)
{
	for (; *method; method++)
		strbuf_addch(out, (char)(*method - 'A' + 'a'));
}

/* Adds the operationId, for example "post-kyc-sessions-session_id-extend". */
static void add_operation_id(struct json_value *out, const struct route *route)
{
	struct strbuf name = STRBUF_INIT;

	add_lowercase_method(&name, route->method);
	for (const char *at = route->path; *at; at++) {
		if (!strchr("{}", *at))
			strbuf_addch(&name, strchr("/.", *at) ? '-' : *at);
	}
	json_set_text(out, "operationId", name.buf);
	strbuf_release(&name);
}

/* Whether a merchant's key may use the route only in a sandbox. */
static bool is_sandbox_only(const struct route *route)
{
	unsigned capacities = route->verb == READ_ONLY ? 0 : use_cases[route->verb].capacities;

	if (route->needs_sandbox)
		return true;
	return route->permission != PERMIT_NOT_NEEDED && capacities & BY_SANDBOX_KEY && !(capacities & BY_KEY);
}

static struct json_value *tags_of(const struct route *route)
{
	const char *tag = tags[text_has_prefix(route->path, "/api/s/") ? TAG_LINK : (int)route_dialect(route)].name;

	return json_new_texts(&tag, 1);
}

static struct json_value *operation_json(const struct json_value *examples, const struct route *route)
{
	struct json_value *out = JSON_FROM({ "tags", tags_of(route) }, { "summary", AS_TEXT(route->summary) });
	bool own = route->verb != READ_ONLY && use_cases[route->verb].capacities & BY_OWN_KEY;
	struct strbuf text = STRBUF_INIT;

	add_operation_id(out, route);
	if (route->permission == PERMIT_NOT_NEEDED)
		strbuf_adds(&text, route->admit ? "Needs only the address, with its token" : "Needs no key");
	else
		strbuf_addf(&text, "Needs a key with the permission %s", permission_text(route->permission));
	if (is_sandbox_only(route))
		strbuf_adds(&text,
			    !route->needs_sandbox && own
				    ? ". A production store accepts only a reviewer's own key, which acts for that "
				      "reviewer; a sandbox store also accepts a merchant's key"
				    : ". In a sandbox store only");
	json_set_text(out, "description", text.buf);
	strbuf_release(&text);
	if (route->needs_sandbox)
		json_set_bool(out, "x-sandbox", true);
	if (route->permission == PERMIT_NOT_NEEDED)
		json_set(out, "security", json_new_array());
	else
		json_set_text(out, "x-permission", permission_text(route->permission));
	(void)JSON_ADD(out, { "parameters?", json_null_if_empty(parameters_json(route)) },
		       { "requestBody?", request_body_json(examples, route) },
		       { "responses", route_responses_json(examples, route) });
	return out;
}

static void add_methods(struct json_value *out, const struct json_value *examples, const char *path)
{
	for (struct route_cursor at = { 0 }; route_next(&at);) {
		struct strbuf method = STRBUF_INIT;

		if (strcmp(at.route->path, path) != 0)
			continue;
		add_lowercase_method(&method, at.route->method);
		json_set(out, method.buf, operation_json(examples, at.route));
		strbuf_release(&method);
	}
}

/* Server addresses of the generic dialect, with and without the version. */
static struct json_value *servers_json(void)
{
	static const char *const urls[][2] = { { ROUTE_VERSION, "Version 1" },
					       { "/",
						 "Without a version: the same as version 1; later versions will have "
						 "other addresses" } };

	JSON_LIST(list, i, sizeof urls / sizeof *urls,
		  JSON_FROM({ "url", AS_TEXT(urls[i][0]) }, { "description", AS_TEXT(urls[i][1]) }));
	return list;
}

/* Each path once, with its methods. */
static struct json_value *paths_json(const struct json_value *examples)
{
	struct json_value *out = json_new_object();

	for (struct route_cursor at = { 0 }; route_next(&at);) {
		const char *path = at.route->path;
		struct json_value *methods;

		/* Merchants cannot use /metrics. */
		if (json_get(out, path) || at.route->is_on_metrics_listener)
			continue;
		methods = json_new_object();
		if (text_has_prefix(path, "/kyc/"))
			json_set(methods, "servers", servers_json());
		add_methods(methods, examples, path);
		json_set(out, path, methods);
	}
	return out;
}

/* --- webhooks: the events of data/api/webhooks.json, each with the schema of its body --- */

static struct json_value *webhook_json(const char *name, const struct json_value *event)
{
	static const char *const headers[] = { "webhook-id", "webhook-timestamp", "webhook-signature" };
	const char *tag = WEBHOOKS_TAG;
	struct json_value *content = content_json("application/json", json_clone(json_get(event, "schema")), NULL);

	JSON_LIST(parameters, i, sizeof headers / sizeof *headers,
		  JSON_FROM({ "name", AS_TEXT(headers[i]) }, { "in", AS_TEXT("header") }, { "required", AS_BOOL(true) },
			    { "schema", schema_of("text") }));
	struct json_value *post = JSON_FROM(
		{ "tags", json_new_texts(&tag, 1) }, { "operationId", AS_TEXT(name) },
		{ "summary", AS_TEXT(json_get_text(event, "summary")) },
		{ "description",
		  AS_TEXT("Signed as Standard Webhooks 1.0 says; sent again with the same webhook-id until "
			  "the answer is 2xx") },
		{ "security", json_new_array() }, { "parameters", parameters },
		{ "requestBody", JSON_FROM({ "required", AS_BOOL(true) }, { "content", content }) },
		{ "responses", JSON_FROM({ "2XX", JSON_FROM({ "description", AS_TEXT("Received") }) },
					 { "410", JSON_FROM({ "description", AS_TEXT("Disables the endpoint") }) }) });

	return JSON_FROM({ "post", post });
}

static struct json_value *webhooks_json(const struct json_value *webhooks)
{
	const struct json_value *events = json_get(webhooks, "events");
	struct json_value *out = json_new_object();

	for (const char *name = json_first_key(events); name; name = json_next_key(events, name))
		json_set(out, name, webhook_json(name, json_get(events, name)));
	return out;
}

static struct json_value *schemas_json(const struct json_value *webhooks)
{
	const struct json_value *own = json_get(webhooks, "schemas");
	struct json_value *out = shapes_schemas();

	for (const char *name = json_first_key(own); name; name = json_next_key(own, name))
		json_set(out, name, json_clone(json_get(own, name)));
	return out;
}

static struct json_value *components_json(const struct json_value *examples, const struct json_value *webhooks)
{
	struct json_value *token = JSON_FROM({ "type", AS_TEXT("http") }, { "scheme", AS_TEXT("bearer") });

	return JSON_FROM({ "securitySchemes", JSON_FROM({ "token", token }) },
			 { "parameters", json_clone(json_get(webhooks, "parameters")) },
			 { "responses", responses_json(examples) }, { "schemas", schemas_json(webhooks) });
}

void api_write_openapi(struct strbuf *out)
{
	struct json_value *examples = embedded_json("api/examples.json"), *document;
	struct json_value *webhooks = embedded_json("api/webhooks.json");

	JSON_LIST(servers, i, 1, JSON_FROM({ "url", AS_TEXT("/") }));
	JSON_LIST(kinds, i, sizeof tags / sizeof *tags,
		  JSON_FROM({ "name", AS_TEXT(tags[i].name) }, { "description", AS_TEXT(tags[i].meaning) }));
	JSON_LIST(security, i, 1, JSON_FROM({ "token", json_new_array() }));
	document = JSON_FROM(
		{ "openapi", AS_TEXT("3.1.0") },
		{ "info",
		  JSON_FROM({ "title", AS_TEXT("kybdesk") }, { "version", AS_TEXT(KYBDESK_RELEASE) },
			    { "summary", AS_TEXT("The HTTP API of kybdesk, in the dialects of five known systems") }) },
		{ "servers", servers }, { "tags", kinds }, { "security", security },
		{ "components", components_json(examples, webhooks) }, { "paths", paths_json(examples) },
		{ "webhooks", webhooks_json(webhooks) });
	json_write(out, document, JSON_PRETTY_LAYOUT, true);
	json_free(document);
	json_free(webhooks);
	json_free(examples);
}
