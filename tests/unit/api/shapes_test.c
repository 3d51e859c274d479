/* The bodies in the reference: all of them are there, and name what the front end reads. */
#include "route.h"
#include "shape.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* A type is a word that every schema knows, or a shape. */
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

static bool is_named(const char *names, const char *name)
{
	size_t length = strlen(name);

	while (*names) {
		size_t word = strcspn(names, " ");

		if (word == length && !strncmp(names, name, length))
			return true;
		names += word + strspn(names + word, " ");
	}
	return false;
}

/* "name", "subject.kind", "metadata.*": as route.members writes them. How many. */
static size_t expect_read(const struct route *route, const char *name, const char *before)
{
	const struct shape *shape = shape_find(name, strlen(name));
	const char *at = shape ? shape->members : "";
	struct shape_member member;
	size_t count = 0;

	cr_assert(shape, "%s %s takes %s", route->method, route->path, name);
	while (shape_next(&at, &member)) {
		const struct shape *inner = shape_find(member.type, member.type_length);
		bool free_object = !strncmp(member.type, "object", member.type_length);
		char path[120], shape_name[60];

		(void)snprintf(path, sizeof path, "%s%s%.*s%s", before, *before ? "." : "", (int)member.name_length,
			       member.name, free_object ? ".*" : "");
		(void)snprintf(shape_name, sizeof shape_name, "%.*s", (int)member.type_length, member.type);
		if (inner && inner->members) {
			count += expect_read(route, shape_name, path);
			continue;
		}
		cr_expect(is_named(route->members, path), "%s %s: %s is described, and nobody reads it",
			  route->method, route->path, path);
		count++;
	}
	return count;
}

static size_t words_of(const char *names)
{
	size_t count = 0;

	while (names && *names) {
		count++;
		names += strcspn(names, " ");
		names += strspn(names, " ");
	}
	return count;
}

Test(shapes, name_each_other)
{
	size_t count;
	const struct routes *const *chapters = routes_all(&count);
	struct json_value *all = shapes_schemas();

	cr_expect_gt(json_count(all), 80u);
	for (const char *name = json_first_key(all); name; name = json_next_key(all, name)) {
		const char *at;
		const struct shape *shape = shape_find(name, strlen(name));
		struct shape_member member;

		cr_assert(shape, "%s", name);
		cr_expect(!shape->base || shape_find(shape->base, strlen(shape->base)), "%s", shape->base);
		at = shape->members ? shape->members : "";
		while (shape_next(&at, &member))
			expect_type(name, member.type, member.type_length);
	}
	json_free(all);
	for (size_t c = 0; c < count; c++) {
		for (size_t i = 0; i < chapters[c]->count; i++) {
			const struct route *route = &chapters[c]->items[i];
			const char *at = route->response;

			cr_assert(at && *at, "%s %s says not what it answers", route->method, route->path);
			while (*at) {
				size_t length = strcspn(at, " ");

				if (length > 4 && !memchr(at, '/', length))
					expect_type(route->path, at + 4, length - 4);
				at += length + strspn(at + length, " ");
			}
		}
	}
}

/* Forms of the page have their fields from a profile, and uploads come in two kinds: both are described elsewhere. */
Test(shapes, describe_what_is_read_and_nothing_else)
{
	size_t count, bodies = 0;
	const struct routes *const *chapters = routes_all(&count);

	for (size_t c = 0; c < count; c++) {
		for (size_t i = 0; i < chapters[c]->count; i++) {
			const struct route *route = &chapters[c]->items[i];
			bool refused =
				route->takes && !strcmp(route->takes, "UboNew"); /* email, phone: known, refused */

			if (route->dialect == DIALECT_PAGE || route->body == BODY_UPLOAD) {
				cr_expect(route->body != BODY_UPLOAD || route->takes);
				continue;
			}
			cr_expect_eq(!route->takes, !route->members, "%s %s", route->method, route->path);
			if (!route->takes)
				continue;
			cr_expect_eq(expect_read(route, route->takes, "") + (refused ? 2 : 0),
				     words_of(route->members), "%s %s: something is read that %s does not describe",
				     route->method, route->path, route->takes);
			bodies++;
		}
	}
	cr_expect_gt(bodies, 20u);
}
