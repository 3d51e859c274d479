/* The shapes of bodies: all shapes that are used exist, and each JSON body has one that lists its members. */
#include "route.h"
#include "shape.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A type is a basic type or the name of a shape. */
static void expect_type(const char *where, const char *type, size_t length)
{
	struct json_value *schema;

	if (*type == '[') {
		expect_type(where, type + 1, length - 2);
		return;
	}
	if (!strncmp(type, "counts(", 7)) {
		expect_type(where, type + 7, length - 8);
		return;
	}
	schema = shape_schema_of(type, length);
	cr_expect(!json_get(schema, "$ref") || shape_find(type, length), "%s: there is no %.*s", where, (int)length,
		  type);
	json_free(schema);
}

Test(shapes, name_each_other)
{
	struct json_value *all = shapes_schemas();

	cr_expect_gt(json_count(all), 80u);
	for (const char *name = json_first_key(all); name; name = json_next_key(all, name)) {
		const char *at;
		const struct shape *shape = shape_find(name, strlen(name));
		struct json_member member;

		cr_assert(shape, "%s", name);
		cr_expect(!shape->base || shape_find(shape->base, strlen(shape->base)), "%s", shape->base);
		at = shape->members ? shape->members : "";
		while (json_member_next(&at, &member))
			expect_type(name, member.type, member.type_length);
	}
	json_free(all);
	for (struct route_cursor route = { 0 }; route_next(&route);) {
		const char *at = route.route->response;

		cr_assert(at && *at, "%s %s says not what it answers", route.route->method, route.route->path);
		while (*at) {
			size_t length = strcspn(at, " ");

			if (length > 4 && !memchr(at, '/', length))
				expect_type(route.route->path, at + 4, length - 4);
			at += length + strspn(at + length, " ");
		}
	}
}

/* Each JSON body that a route reads has a shape with members, and extra_members has only members not in the shape. */
Test(shapes, describe_what_is_read)
{
	size_t bodies = 0;

	for (struct route_cursor at_route = { 0 }; route_next(&at_route);) {
		const struct route *route = at_route.route;
		const struct shape *shape;
		struct json_member member;

		cr_expect(route->body_shape || route->body != BODY_UPLOAD);
		if (!route->body_shape) {
			cr_expect(!route->extra_members, "%s %s", route->method, route->path);
			continue;
		}
		shape = shape_find(route->body_shape, strlen(route->body_shape));
		cr_assert(shape && shape->members, "%s %s takes %s", route->method, route->path, route->body_shape);
		for (const char *at = route->extra_members ? route->extra_members : ""; *at; at += strspn(at, " ")) {
			char name[60];

			(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(at, " "), at);
			at += strlen(name);
			cr_expect(!shape_member_find(shape, name, &member), "%s is described in %s", name,
				  route->body_shape);
		}
		bodies++;
	}
	cr_expect_gt(bodies, 20u);
}

/* The values are in the order of the shape, not of the call. One that does not exist is null; the server goes on. */
Test(shapes, a_body_has_the_order_of_its_shape)
{
	struct json_value *body = BODY(Validation, .status = NULL, .type = AS_TEXT("tax_id"));
	struct strbuf text = STRBUF_INIT;

	json_write(&text, body, JSON_COMPACT_LAYOUT, false);
	cr_expect_str_eq(text.buf, "{\"type\":\"tax_id\",\"status\":null}");
	strbuf_release(&text);
	json_free(body);
}
