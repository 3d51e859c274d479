#include "cors.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/link.h"

#include <string.h>

#define PREFLIGHT_S "600"

bool cors_applies(const struct request *r)
{
	return text_has_prefix(r->path, "/api/s/");
}

/* route_find() has set answer.allow to the methods of the address; "" for an unknown address. */
static bool is_preflight(const struct request *r)
{
	return !strcmp(r->method, "OPTIONS") && *r->wanted_method && r->answer.status == 405;
}

static void add(struct request *r, struct pair *headers, const char *name, const char *value)
{
	headers[r->answer.header_count++] = (struct pair){ name, value };
}

/* Whether a script of this website may call a client's link. */
static bool is_listed(const char *list, const char *origin)
{
	for (size_t length; *list; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		if (strlen(origin) == length && !strncmp(list, origin, length))
			return true;
	}
	return false;
}

void cors_answer(struct request *r)
{
	struct pair *headers = arena_alloc_array(&r->arena, 6, sizeof *headers);
	const char *list = "";

	r->answer.headers = headers;
	r->answer.header_count = 0;
	/* Added even without the other CORS headers: a cache must not serve this response to an allowed website. */
	add(r, headers, "Vary", "Origin");
	if (!*r->origin || desk_store_setting(r->desk, &r->arena, STORE_LINK_ORIGINS, &list, NULL))
		return;
	bool all = !strcmp(list, STORE_LINK_ORIGINS_ALL);
	if (!all && !is_listed(list, r->origin))
		return;
	add(r, headers, "Access-Control-Allow-Origin", all ? list : r->origin);
	if (!is_preflight(r)) {
		add(r, headers, "Access-Control-Expose-Headers",
		    "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, RateLimit-Policy, "
		    "Kybdesk-Ignored, Kybdesk-Replayed, Kybdesk-Request-Id");
		return;
	}
	json_free(r->answer.json);
	r->answer.json = NULL;
	r->answer.status = 204;
	add(r, headers, "Access-Control-Allow-Methods", r->answer.allow);
	add(r, headers, "Access-Control-Allow-Headers", "Content-Type, Idempotency-Key");
	add(r, headers, "Access-Control-Max-Age", PREFLIGHT_S);
}
