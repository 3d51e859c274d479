/* The reference of this door, made from the table of routes: docs/api/openapi.yaml. */
#include "kybdesk/api/serve.h"
#include "route.h"

#include <string.h>

static const char *tag_of(enum dialect dialect)
{
	static const char *const tags[] = { "operation", "generic", "ralio", "avenia", "atelio", "page" };

	return tags[dialect];
}

static void add_parameters(struct strbuf *out, const char *path)
{
	const char *at = path;

	if (!strchr(path, '{'))
		return;
	strbuf_adds(out, "      parameters:\n");
	while ((at = strchr(at, '{'))) {
		size_t length = strcspn(++at, "}");
		bool id = (length > 3 && !strncmp(at + length - 3, "_id", 3)) ||
			  (length > 2 && !strncmp(at + length - 2, "Id", 2));

		strbuf_addf(out, "        - { name: %.*s, in: path, required: true, schema: { type: string%s } }\n",
			    (int)length, at, id ? ", format: uuid" : "");
	}
}

/* The first part of each path, once; those behind a dot are the object's. */
static void add_members(struct strbuf *out, const char *members)
{
	char before[64] = "";

	while (*members) {
		size_t word = strcspn(members, " "), length = strcspn(members, ". ");
		bool object = word > length;

		if (length < sizeof before && (strlen(before) != length || strncmp(before, members, length) != 0)) {
			strbuf_addf(out, "                %.*s: %s\n", (int)length, members,
				    object ? "{ type: object }" : "{}");
			memcpy(before, members, length);
			before[length] = '\0';
		}
		members += word + strspn(members + word, " ");
	}
}

static void add_body(struct strbuf *out, const struct route *route)
{
	static const char *const types[] = { [BODY_JSON] = "application/json",
					     [BODY_FORM] = "multipart/form-data",
					     [BODY_FILE] = "application/octet-stream",
					     [BODY_UPLOAD] = "multipart/form-data" };

	if (route->body == BODY_NONE || (route->body == BODY_JSON && !route->members))
		return;
	strbuf_addf(out,
		    "      requestBody:\n        content:\n          %s:\n            schema:\n              type: "
		    "%s\n",
		    types[route->body], route->body == BODY_FILE ? "string" : "object");
	if (!route->members)
		return;
	strbuf_adds(out, "              properties:\n");
	add_members(out, route->members);
}

static void add_route(struct strbuf *out, const struct route *route)
{
	static const char *const methods[][2] = {
		{ "GET", "get" }, { "POST", "post" }, { "PUT", "put" }, { "PATCH", "patch" }, { "DELETE", "delete" }
	};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
		if (!strcmp(methods[i][0], route->method))
			strbuf_addf(out, "    %s:\n", methods[i][1]);
	}
	strbuf_addf(out, "      tags: [%s]\n      summary: \"%s\"\n", tag_of(route->dialect), route->summary);
	if (route->permission == PERMIT_NOBODY)
		strbuf_adds(out, "      security: []\n");
	else
		strbuf_addf(out, "      x-permission: %s\n", permission_text(route->permission));
	add_parameters(out, route->path);
	add_body(out, route);
	strbuf_adds(out, "      responses:\n        \"2XX\": { description: Done }\n"
			 "        default: { $ref: \"#/components/responses/error\" }\n");
}

/* Each path once, with its methods. */
static void add_paths(struct strbuf *out, const struct routes *const *chapters, size_t count)
{
	for (size_t c = 0; c < count; c++) {
		for (size_t i = 0; i < chapters[c]->count; i++) {
			const char *path = chapters[c]->items[i].path;
			bool said = false;

			for (size_t d = 0; d <= c; d++) {
				for (size_t k = 0; k < (d == c ? i : chapters[d]->count); k++)
					said = said || !strcmp(chapters[d]->items[k].path, path);
			}
			if (said)
				continue;
			strbuf_addf(out, "  %s:\n", path);
			for (size_t d = c; d < count; d++) {
				for (size_t k = 0; k < chapters[d]->count; k++) {
					if (!strcmp(chapters[d]->items[k].path, path))
						add_route(out, &chapters[d]->items[k]);
				}
			}
		}
	}
}

void api_openapi(struct strbuf *out)
{
	size_t count;
	const struct routes *const *chapters = routes_all(&count);

	strbuf_adds(out, "# Made by: kybdesk info --reference openapi\n"
			 "openapi: 3.1.0\n"
			 "info:\n"
			 "  title: kybdesk\n"
			 "  version: \"" KYBDESK_VERSION "\"\n"
			 "  summary: The HTTP door of the desk, in the manner of the systems that clients know\n"
			 "security:\n  - token: []\n"
			 "components:\n"
			 "  securitySchemes:\n"
			 "    token: { type: http, scheme: bearer }\n"
			 "  responses:\n"
			 "    error:\n"
			 "      description: What is wrong\n"
			 "      content:\n"
			 "        application/json:\n"
			 "          schema: { type: object }\n"
			 "paths:\n");
	add_paths(out, chapters, count);
}
