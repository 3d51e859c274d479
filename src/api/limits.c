#include "limits.h"
#include "kybdesk/desk/link.h"

#include <inttypes.h>

enum { NOTHING, JSON, RESULTS, STRANGER, UPLOAD, FORM, FILE_ALONE, KINDS };

static const struct body_limits kinds[KINDS] = {
	[NOTHING] = { "no body expected", .bytes = ANONYMOUS_JSON_MAX },
	[JSON] = { "JSON, with a key", JSON_MAX, 2000, 16, 64 * 1024, 0 },
	[RESULTS] = { "JSON, results of a provider", JSON_MAX, 20000, 16, 64 * 1024, 0 },
	[STRANGER] = { "JSON, without a key: login, a client's link", ANONYMOUS_JSON_MAX, 1000, 16, VALUE_MAX, 0 },
	[UPLOAD] = { "JSON with a file in base64", BODY_READ_MAX, 16, 2, BODY_READ_MAX, 1 },
	[FORM] = { "a form", BODY_READ_MAX, FIELDS_MAX, 0, VALUE_MAX, 1 },
	[FILE_ALONE] = { "a file alone", BODY_READ_MAX, 0, 0, 0, 1 },
};

const struct rate_limit rate_limits[RATE_COUNT] = {
	[RATE_ADDRESS] = { "requests of an IP address (IPv6: of its /64 network)", "--address-limit",
			   STORE_SETTING_ADDRESS_LIMIT, 12000 },
	[RATE_KEY] = { "requests with an API key and the tokens of its logins", "--key-limit", STORE_SETTING_KEY_LIMIT,
		       6000 },
	[RATE_LINK] = { "requests through the links of a session", "--link-limit", STORE_SETTING_LINK_LIMIT, 300 },
	[RATE_KEY_FILES] = { "forms and files, of a merchant and its clients", NULL, NULL, 1200 },
	[RATE_LINK_FILES] = { "forms and files, through the links of a session", NULL, NULL, 60 },
};

const struct body_limits *body_limits_of_route(const struct route *route)
{
	static const int usual[] = { [BODY_NONE] = NOTHING,
				     [BODY_JSON] = JSON,
				     [BODY_FORM] = FORM,
				     [BODY_FILE] = FILE_ALONE,
				     [BODY_UPLOAD] = UPLOAD };

	if (route->body == BODY_JSON && route->permission == PERMIT_NOT_NEEDED)
		return &kinds[STRANGER];
	return &kinds[route->verb == VERB_RESULTS_REPORT ? RESULTS : usual[route->body]];
}

struct json_measure {
	size_t members, depth,
		longest_text_bytes; /* number of all members; the largest depth; bytes of the longest string */
};

static size_t measure_json_string(const char *text, size_t length, size_t from)
{
	size_t at = from;

	while (at < length && text[at] != '"')
		at += text[at] == '\\' ? 2 : 1;
	return (at < length ? at : length) - from;
}

/* Counts one member for each bracket and comma; an empty object counts as one. */
static void measure_json(const char *text, size_t length, struct json_measure *out)
{
	size_t depth = 0;

	*out = (struct json_measure){ 0 };
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '"') {
			size_t size = measure_json_string(text, length, i + 1);

			out->longest_text_bytes = size > out->longest_text_bytes ? size : out->longest_text_bytes;
			i += size + 1;
		} else if (c == '{' || c == '[') {
			out->members++;
			out->depth = ++depth > out->depth ? depth : out->depth;
		} else if (c == '}' || c == ']') {
			depth -= depth ? 1 : 0;
		} else if (c == ',') {
			out->members++;
		}
	}
}

enum err limits_check_json(struct request *r, const char *text, size_t length, struct error *error)
{
	const struct body_limits *most = body_limits_of_route(r->route);
	struct json_measure body;

	measure_json(text, length, &body);
	if (body.members > most->members)
		return request_refuse(r, 413, "too_large", error, "The body has more than %zu members", most->members);
	if (body.depth > most->depth)
		return request_refuse(r, 413, "too_large", error, "The body is nested more than %zu levels deep",
				      most->depth);
	if (body.longest_text_bytes > most->text_bytes)
		return request_refuse(r, 413, "too_large", error, "A text of the body has more than %zu bytes",
				      most->text_bytes);
	return ERR_OK;
}

static void write_number(struct strbuf *out, size_t number)
{
	if (!number)
		strbuf_adds(out, " |");
	else if (number >= 1024 * 1024 && !(number % (1024 * 1024)))
		strbuf_addf(out, " %zu MiB |", number / (1024 * 1024));
	else if (number >= 1024 && !(number % 1024))
		strbuf_addf(out, " %zu KiB |", number / 1024);
	else
		strbuf_addf(out, " %zu |", number);
}

void limits_write(struct strbuf *out)
{
	strbuf_adds(out, "| body | bytes | members | levels | one text | files |\n| --- | --- | --- | --- | --- | --- "
			 "|\n");
	for (size_t i = 0; i < KINDS; i++) {
		const struct body_limits *kind = &kinds[i];
		const size_t numbers[] = { kind->bytes, kind->members, kind->depth, kind->text_bytes, kind->files };

		strbuf_addf(out, "| %s |", kind->description);
		for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
			write_number(out, numbers[n]);
		strbuf_adds(out, "\n");
	}
	strbuf_adds(out, "\n| each minute | at most | option of `serve` | setting of the store "
			 "|\n| --- | --- | --- | --- |\n");
	for (size_t i = 0; i < RATE_COUNT; i++)
		if (rate_limits[i].option)
			strbuf_addf(out, "| %s | %" PRId64 " | `%s` | `%s` |\n", rate_limits[i].description,
				    rate_limits[i].requests_per_minute, rate_limits[i].option, rate_limits[i].setting);
		else
			strbuf_addf(out, "| %s | %" PRId64 " | | |\n", rate_limits[i].description,
				    rate_limits[i].requests_per_minute);
}
