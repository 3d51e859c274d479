#include "condition.h"
#include "kybdesk/desk/once.h"

#include <string.h>

/* The ETag of the JSON response; "": it has none. */
static const char *etag_of(struct request *r)
{
	const struct answer *answer = &r->answer;

	if (answer->status != 200 || !answer->bytes || strcmp(answer->media_type, "application/json") != 0)
		return "";
	return arena_printf(&r->arena, "\"%.32s\"", sha256_text(&r->arena, answer->bytes, answer->length));
}

/* Whether the list of a header has the ETag, or is "*". weak: an entry may begin with W/. */
static bool lists_etag(const char *list, const char *etag, bool weak)
{
	while (*etag && *list) {
		size_t length;

		list += strspn(list, ", \t");
		if (weak && !strncmp(list, "W/", 2))
			list += 2;
		length = strcspn(list, ", \t");
		if ((length == 1 && *list == '*') || (length == strlen(etag) && !strncmp(list, etag, length)))
			return true;
		list += length;
	}
	return false;
}

/* Shortens r->path to the nearest address that can be read, and sets r->route. False: there is none. */
static bool find_readable_address(struct request *r)
{
	r->method = "GET";
	for (;;) {
		const char *allow, *end = strrchr(r->path, '/');

		r->route = route_find(r, &allow);
		if (r->route && r->route->verb == READ_ONLY)
			return true;
		if (!end || end == r->path)
			return false;
		r->path = arena_strndup(&r->arena, r->path, (size_t)(end - r->path));
	}
}

static enum err check_if_match(struct request *r, struct error *error)
{
	const struct route *route = r->route;
	const char *method = r->method, *path = r->path, *arguments[ARGUMENTS_MAX];
	const struct answer before = r->answer;
	enum err err = ERR_OK;
	bool same = false;

	memcpy(arguments, r->arguments, sizeof arguments);
	if (find_readable_address(r)) {
		err = r->route->handle(r, error);
		if (!err)
			answer_write(r);
		same = !err && lists_etag(r->if_match, etag_of(r), false);
		strbuf_wipe(&r->out);
		strbuf_init(&r->out);
	}
	r->route = route;
	r->method = method;
	r->path = path;
	memcpy(r->arguments, arguments, sizeof arguments);
	if (err)
		return err;
	r->answer = before;
	return same ? ERR_OK
		    : request_refuse(r, 412, "precondition_failed", error,
				     "If-Match has another ETag than the present response to GET; read it again");
}

enum err condition_run(struct request *r, struct error *error)
{
	bool hold = strcmp(r->method, "DELETE") != 0;
	enum err err = ERR_OK, ended;

	if (!*r->if_match || r->route->verb == READ_ONLY)
		return r->route->handle(r, error);
	if (hold)
		err = desk_begin_hold(r->desk, error);
	if (err)
		return err;
	err = check_if_match(r, error);
	if (!err)
		err = r->route->handle(r, error);
	ended = hold ? desk_end_hold(r->desk, true, err ? NULL : error) : ERR_OK;
	return err ? err : ended;
}

void condition_tag(struct request *r)
{
	struct answer *answer = &r->answer;

	if (strcmp(r->method, "GET") != 0 && strcmp(r->method, "HEAD") != 0)
		return;
	answer->etag = etag_of(r);
	if (!lists_etag(r->if_none_match, answer->etag, true))
		return;
	answer->status = 304;
	answer->bytes = NULL;
}
