#include "contract.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *document(void)
{
	static json_t *root;
	json_error_t error;

	if (!root)
		root = json_load_file(KYB_OPENAPI, 0, &error);
	cr_assert(root, "%s: %s", KYB_OPENAPI, error.text);
	return root;
}

/* --- schemas --- */

struct look {
	char path[300]; /* of the current value */
	char fault[700];
	bool open; /* members that the schema does not name are allowed */
};

static bool wrong(struct look *look, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool wrong(struct look *look, const char *format, ...)
{
	char text[300];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!*look->fault)
		(void)snprintf(look->fault, sizeof look->fault, "%s: %s", *look->path ? look->path : "the body", text);
	return false;
}

static const json_t *followed(const json_t *schema)
{
	const char *to = json_string_value(json_object_get(schema, "$ref"));
	const json_t *at = document();
	char *rest, *part;

	if (!to)
		return schema;
	cr_assert(!strncmp(to, "#/", 2), "%s", to);
	char *text = rest = strdup(to + 2);
	while (at && (part = strsep(&rest, "/")))
		at = json_object_get(at, part);
	cr_assert(at, "%s is not there", to);
	free(text);
	return at;
}

static bool is_type(const json_t *value, const char *type)
{
	return !strcmp(type, "string")	  ? json_is_string(value)
	       : !strcmp(type, "integer") ? json_is_integer(value)
	       : !strcmp(type, "number")  ? json_is_number(value)
	       : !strcmp(type, "boolean") ? json_is_boolean(value)
	       : !strcmp(type, "array")	  ? json_is_array(value)
	       : !strcmp(type, "object")  ? json_is_object(value)
					  : !strcmp(type, "null") && json_is_null(value);
}

static bool check_type(struct look *look, const json_t *types, const json_t *value)
{
	const json_t *type;
	size_t i;

	if (!types)
		return true;
	if (json_is_string(types))
		return is_type(value, json_string_value(types)) || wrong(look, "is not a %s", json_string_value(types));
	json_array_foreach(types, i, type)
	{
		if (is_type(value, json_string_value(type)))
			return true;
	}
	return wrong(look, "is of none of its types");
}

/* In `pattern`, "d" is any digit and "x" any lowercase hexadecimal digit; other characters match only themselves. */
static bool is_like(const char *text, const char *pattern)
{
	for (; *pattern; pattern++, text++) {
		bool fits = *pattern == 'd'   ? *text && strchr("0123456789", *text)
			    : *pattern == 'x' ? *text && strchr("0123456789abcdef", *text)
					      : *text == *pattern;

		if (!fits)
			return false;
	}
	return true;
}

static bool check_format(struct look *look, const char *format, const char *text)
{
	bool fits = true;

	if (!strcmp(format, "uuid"))
		fits = strlen(text) == 36 && is_like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
	else if (!strcmp(format, "date"))
		fits = strlen(text) == 10 && is_like(text, "dddd-dd-dd");
	else if (!strcmp(format, "date-time"))
		fits = is_like(text, "dddd-dd-ddTdd:dd:dd") && text[strlen(text) - 1] == 'Z';
	else if (!strcmp(format, "uri"))
		fits = !strncmp(text, "http://", 7) || !strncmp(text, "https://", 8);
	else
		return wrong(look, "has a format that this validator does not know: %s", format);
	return fits || wrong(look, "\"%s\" is not a %s", text, format);
}

static bool check(struct look *look, const json_t *schema, const json_t *value);

static bool check_at(struct look *look, const json_t *schema, const json_t *value, const char *name)
{
	size_t length = strlen(look->path);
	bool good;

	(void)snprintf(look->path + length, sizeof look->path - length, "%s%s", length && *name != '[' ? "." : "",
		       name);
	good = check(look, schema, value);
	look->path[length] = '\0';
	return good;
}

static bool check_members(struct look *look, const json_t *schema, const json_t *value)
{
	const json_t *members = json_object_get(schema, "properties"), *name, *member;
	bool open = look->open || json_is_true(json_object_get(schema, "additionalProperties"));
	const char *key;
	size_t i;

	json_array_foreach(json_object_get(schema, "required"), i, name)
	{
		if (!json_object_get(value, json_string_value(name)))
			return wrong(look, "has no \"%s\"", json_string_value(name));
	}
	json_object_foreach((json_t *)value, key, member)
	{
		const json_t *of = json_object_get(members, key);

		if (!of && !open)
			return wrong(look, "has \"%s\", which the schema does not know", key);
		if (of && !check_at(look, of, member, key))
			return false;
	}
	return true;
}

static bool check_items(struct look *look, const json_t *schema, const json_t *value)
{
	const json_t *of = json_object_get(schema, "items"), *item;
	char name[24];
	size_t i;

	json_array_foreach(value, i, item)
	{
		(void)snprintf(name, sizeof name, "[%zu]", i);
		if (of && !check_at(look, of, item, name))
			return false;
	}
	return true;
}

static bool check_words(struct look *look, const json_t *words, const json_t *value)
{
	const json_t *word;
	size_t i;

	json_array_foreach(words, i, word)
	{
		if (json_equal(word, value))
			return true;
	}
	return !words || wrong(look, "\"%s\" is none of its words", json_string_value(value));
}

static bool check_one_of(struct look *look, const json_t *list, const json_t *value)
{
	const json_t *schema;
	int fits = 0;
	size_t i;

	json_array_foreach(list, i, schema)
	{
		struct look other = *look;

		fits += check(&other, schema, value);
		if (*other.fault && !json_is_null(value))
			memcpy(look->fault, other.fault, sizeof look->fault);
	}
	if (fits == 1)
		*look->fault = '\0';
	return fits == 1 || wrong(look, "fits %d of the schemas that one of is to fit", fits);
}

static bool check(struct look *look, const json_t *schema, const json_t *value)
{
	/* A schema with another keyword is refused, because this validator would not check the keyword. */
	static const char *const known[] = { "type",  "properties", "required", "additionalProperties",
					     "items", "enum",	    "format",	"contentMediaType",
					     "oneOf", NULL };
	const char *key;
	json_t *ignored;

	schema = followed(schema);
	json_object_foreach((json_t *)schema, key, ignored)
	{
		size_t i = 0;

		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if (!known[i])
			return wrong(look, "its schema has \"%s\", which this validator does not know", key);
	}
	if (json_object_get(schema, "oneOf"))
		return check_one_of(look, json_object_get(schema, "oneOf"), value);
	if (!check_type(look, json_object_get(schema, "type"), value) ||
	    !check_words(look, json_object_get(schema, "enum"), value))
		return false;
	if (json_is_string(value) && json_object_get(schema, "format"))
		return check_format(look, json_string_value(json_object_get(schema, "format")),
				    json_string_value(value));
	if (json_is_object(value) && json_object_get(schema, "type"))
		return check_members(look, schema, value);
	return !json_is_array(value) || check_items(look, schema, value);
}

char *contract_fault(const char *name, const json_t *value)
{
	const json_t *schema = json_path(document(), "components.schemas");
	struct look look = { .path = "" };

	schema = json_object_get(schema, name);
	cr_assert(schema, "there is no schema %s", name);
	return check(&look, schema, value) ? NULL : test_keep(strdup(look.fault));
}

const json_t *contract_words(const char *name)
{
	const json_t *words = json_object_get(json_path(document(), "components.schemas"), name);

	words = json_object_get(words, "enum");
	cr_assert(words, "%s is not a set of words", name);
	return words;
}

/* --- addresses --- */

static bool is_id(const char *name, size_t length)
{
	return (length > 3 && !strncmp(name + length - 4, "_id}", 4)) ||
	       (length > 2 && !strncmp(name + length - 3, "Id}", 3));
}

/* A malformed id makes the address unknown. */
static bool is_uuid(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!strchr("0123456789abcdefABCDEF-", text[i]))
			return false;
	}
	return length == 36;
}

static bool is_at(const char *pattern, const char *path)
{
	while (*pattern == '/' && *path == '/') {
		size_t want = strcspn(++pattern, "/"), have = strcspn(++path, "/?");

		if (*pattern == '{' ? !have || (is_id(pattern, want) && !is_uuid(path, have))
				    : want != have || strncmp(pattern, path, want) != 0)
			return false;
		pattern += want;
		path += have;
	}
	return !*pattern && (!*path || *path == '?');
}

/* True also if the reference names a server for this pattern, such as "/v1", and the path is below that server. */
static bool is_served_at(const json_t *methods, const char *pattern, const char *path)
{
	const json_t *server;
	size_t i;

	if (is_at(pattern, path))
		return true;
	json_array_foreach(json_object_get(methods, "servers"), i, server)
	{
		const char *url = json_string_value(json_object_get(server, "url"));
		size_t length = strlen(url);

		if (length > 1 && !strncmp(path, url, length) && is_at(pattern, path + length))
			return true;
	}
	return false;
}

const char *contract_route(const char *path)
{
	const json_t *paths = json_object_get(document(), "paths"), *methods;
	const char *pattern;

	json_object_foreach((json_t *)paths, pattern, methods)
	{
		if (is_served_at(methods, pattern, path))
			return pattern;
	}
	return NULL;
}

static const json_t *operation_at(const char *method, const char *path)
{
	const json_t *paths = json_object_get(document(), "paths"), *methods;
	const char *pattern;
	char word[8] = "";

	if (!strcmp(method, "HEAD"))
		method = "GET";
	for (size_t i = 0; method[i] && i + 1 < sizeof word; i++)
		word[i] = (char)(method[i] >= 'A' && method[i] <= 'Z' ? method[i] + 32 : method[i]);
	json_object_foreach((json_t *)paths, pattern, methods)
	{
		if (is_served_at(methods, pattern, path) && json_object_get(methods, word))
			return json_object_get(methods, word);
	}
	return NULL;
}

/* --- answers --- */

static const char *manner_of(const char *path)
{
	return !strncmp(path, "/api/v0.1/", 10) ? "AtelioError"
	       : !strncmp(path, "/s/", 3)	? ""
	       : !strncmp(path, "/api/v1/", 8)	? "Error"
	       : !strncmp(path, "/v2/", 4)	? "Error"
						: "Problem";
}

/* Checks the response to an address or a method that the reference does not have: its status and its form. */
static void check_refusal(const struct asked *asked, const struct reply *reply)
{
	const char *manner = manner_of(asked->path);
	char *type = reply_header(reply, "Content-Type");

	cr_expect(reply->status == 404 || reply->status == 405 || reply->status == 400 || reply->status == 413 ||
			  reply->status == 401,
		  "%s %s: %d, and it is not in the reference", asked->method, asked->path, reply->status);
	if (strcmp(asked->method, "HEAD") == 0)
		return;
	if (!*manner) {
		cr_expect(type && strstr(type, "text/html"), "%s: %s", asked->path, type ? type : "");
		return;
	}
	const char *fault = reply->json ? contract_fault(manner, reply->json) : "no JSON";
	cr_expect_null(fault, "%s %s: %d: %s: %s", asked->method, asked->path, reply->status, fault, reply->body);
}

static const json_t *answer_of(const json_t *operation, int status)
{
	const json_t *answers = json_object_get(operation, "responses"), *answer;
	char name[8];

	(void)snprintf(name, sizeof name, "%d", status);
	answer = json_object_get(answers, name);
	if (!answer && status >= 500)
		answer = json_object_get(answers, "5XX");
	return answer ? followed(answer) : NULL;
}

static void check_body(const struct asked *asked, const struct reply *reply, const json_t *answer)
{
	const json_t *kinds = json_object_get(answer, "content"), *media;
	char *type = reply_header(reply, "Content-Type");
	struct look look = { .path = "" };

	if (!kinds) {
		cr_expect_eq(reply->length, 0, "%s %s: %d has a body: %s", asked->method, asked->path, reply->status,
			     reply->body);
		return;
	}
	if (type)
		type[strcspn(type, ";")] = '\0';
	media = json_object_get(kinds, type ? type : "");
	cr_expect(media, "%s %s: %d is of the type %s", asked->method, asked->path, reply->status,
		  type ? type : "none");
	if (media && strstr(type, "json")) {
		bool good = reply->json ? check(&look, json_object_get(media, "schema"), reply->json)
					: wrong(&look, "is not JSON");

		cr_expect(good, "%s %s: %d: %s\n%s", asked->method, asked->path, reply->status, look.fault,
			  reply->body);
	}
}

/* Checks that an accepted request matches the reference. Unknown members are allowed: the server ignores them. */
static void check_request(const struct asked *asked, const json_t *operation)
{
	const json_t *schema = json_path(operation, "requestBody.content");
	struct look look = { .path = "", .open = true };
	json_t *body = json_loadb(asked->json, asked->length, 0, NULL);

	schema = json_object_get(json_object_get(schema, "application/json"), "schema");
	if (schema && body)
		cr_expect(check(&look, schema, body), "%s %s was done, and the reference says of its body: %s\n%.*s",
			  asked->method, asked->path, look.fault, (int)asked->length, asked->json);
	json_decref(body);
}

void contract_check(const struct asked *asked, const struct reply *reply)
{
	const json_t *operation, *answer;

	if (!reply->status)
		return;
	operation = operation_at(asked->method, asked->path);
	if (!operation) {
		check_refusal(asked, reply);
		return;
	}
	answer = answer_of(operation, reply->status);
	cr_expect(answer, "%s %s: %d is not an answer of the reference: %s", asked->method, asked->path, reply->status,
		  reply->body);
	if (answer && strcmp(asked->method, "HEAD") != 0)
		check_body(asked, reply, answer);
	if (asked->json && reply->status < 300)
		check_request(asked, operation);
}
