/* Finds the route of a request. */
#include "route.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define ROUTES(name) &routes_##name,
static const struct routes *const route_tables[] = { ROUTE_TABLES(ROUTES) };

bool route_next(struct route_cursor *at)
{
	while (at->table_index < sizeof route_tables / sizeof *route_tables) {
		const struct routes *routes = route_tables[at->table_index];

		if (at->row_index < routes->count) {
			at->route = &routes->items[at->row_index++];
			at->dialect = routes->dialect;
			return true;
		}
		at->table_index++;
		at->row_index = 0;
	}
	return false;
}

const char *uri_decode(struct arena *arena, const char *text, size_t length, bool plus)
{
	char *out = arena_alloc(arena, length + 1);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '%') {
			int byte = -1;

			if (length - i > 2 && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0)
				byte = hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]);
			if (byte <= 0)
				return NULL;
			out[used++] = (char)byte;
			i += 2;
		} else {
			out[used++] = plus && text[i] == '+' ? ' ' : text[i];
		}
	}
	return text_is_valid(out, used) ? out : NULL;
}

static bool name_ends_in(const char *name, size_t length, const char *end)
{
	size_t size = strlen(end);

	return length >= size && !strncmp(name + length - size, end, size);
}

bool is_id_parameter(const char *name, size_t length)
{
	return name_ends_in(name, length, "_id") || name_ends_in(name, length, "Id");
}

/* Matches one segment of both paths, each starting after its slash. With `wrong`, any text matches an id, and
 * *wrong becomes the first text that is not an id. */
static bool match_segment(struct request *r, const char *pattern, const char *path, size_t *argument,
			  const char **wrong)
{
	size_t want = strcspn(pattern, "/"), have = strcspn(path, "/");
	const char *value;

	if (*pattern != '{')
		return want == have && !strncmp(pattern, path, want);
	value = uri_decode(&r->arena, path, have, false);
	if (!value || !*value || *argument == ARGUMENTS_MAX)
		return false;
	if (!(is_id_parameter(pattern + 1, want - 2) ? uuid_is_valid(value) : *value != '\0')) {
		if (!wrong)
			return false;
		*wrong = *wrong ? *wrong : value;
	}
	r->arguments[(*argument)++] = value;
	return true;
}

const char *route_without_version(const char *path)
{
	return text_has_prefix(path, ROUTE_VERSION "/kyc/") ? path + strlen(ROUTE_VERSION) : path;
}

static bool match(struct request *r, const char *pattern, const char **wrong)
{
	const char *path = route_without_version(r->path);
	size_t argument = 0;

	while (*pattern == '/' && *path == '/') {
		if (!match_segment(r, ++pattern, ++path, &argument, wrong))
			return false;
		pattern += strcspn(pattern, "/");
		path += strcspn(path, "/");
	}
	return !*pattern && !*path;
}

static bool route_has_method(const struct request *r, const struct route *route)
{
	return !strcmp(route->method, r->method) || (!strcmp(r->method, "HEAD") && !strcmp(route->method, "GET"));
}

static bool is_route_available(const struct request *r, const struct route *route)
{
	return route->is_on_metrics_listener == r->is_from_metrics_listener && (!route->needs_sandbox || r->is_sandbox);
}

const char *route_find_wrong_id(struct request *r)
{
	for (struct route_cursor at = { 0 }; route_next(&at);) {
		const char *wrong = NULL;

		if (is_route_available(r, at.route) && match(r, at.route->path, &wrong))
			return wrong;
	}
	return NULL;
}

const struct route *route_find(struct request *r, const char **allow)
{
	*allow = "";
	for (struct route_cursor at = { 0 }; route_next(&at);) {
		if (!is_route_available(r, at.route) || !match(r, at.route->path, NULL))
			continue;
		if (route_has_method(r, at.route))
			return at.route;
		if (!strstr(*allow, at.route->method))
			*allow = arena_printf(&r->arena, "%s%s%s%s", *allow, **allow ? ", " : "", at.route->method,
					      strcmp(at.route->method, "GET") ? "" : ", HEAD");
	}
	return NULL;
}

bool route_accepts_idempotency_key(const struct route *route)
{
	return (!strcmp(route->method, "POST") || !strcmp(route->method, "PATCH")) &&
	       (route->permission != PERMIT_NOT_NEEDED || route->admit);
}

enum dialect route_dialect(const struct route *route)
{
	for (struct route_cursor at = { 0 }; route_next(&at);)
		if (at.route == route)
			return at.dialect;
	return DIALECT_KYBDESK;
}

enum dialect dialect_of(const struct request *r)
{
	if (r->route)
		return route_dialect(r->route);
	if (text_has_prefix(r->path, "/s/"))
		return DIALECT_PAGE;
	if (text_has_prefix(r->path, "/api/v0.1/"))
		return DIALECT_ATELIO;
	if (text_has_prefix(r->path, "/api/v1/"))
		return DIALECT_RALIO;
	return text_has_prefix(r->path, "/v2/") ? DIALECT_AVENIA : DIALECT_KYBDESK;
}
