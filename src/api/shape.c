#include "shape.h"
#include "kybdesk/sandbox/order.h"

#include <stdio.h>
#include <string.h>

static const struct shape shapes[] = { SHAPES };

bool shape_word_equals(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !strncmp(text, word, length);
}

const struct shape *shape_find(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		if (shape_word_equals(name, length, shapes[i].name))
			return &shapes[i];
	}
	return NULL;
}

static const struct shape *shape_by_name(const char *name)
{
	return shape_find(name, strlen(name));
}

bool shape_member_find(const struct shape *shape, const char *name, struct json_member *out)
{
	const char *at = shape->members ? shape->members : "";

	while (json_member_next(&at, out))
		if (shape_word_equals(out->name, out->name_length, name))
			return true;
	return shape->base && shape_member_find(shape_by_name(shape->base), name, out);
}

const char *shape_member_names(struct arena *arena, const char *shape, bool needed_only)
{
	const char *at = shape_by_name(shape)->members, *names = "";
	struct json_member member;

	while (json_member_next(&at, &member))
		if (!member.optional || !needed_only)
			names = arena_printf(arena, "%s%s%.*s", names, *names ? " " : "", (int)member.name_length,
					     member.name);
	return names;
}

static struct json_value *const *add_members_of_shape(struct json_value *out, const struct shape *shape,
						      struct json_value *const *values)
{
	const char *at = shape->members;
	struct json_member member;

	if (shape->base)
		values = add_members_of_shape(out, shape_by_name(shape->base), values);
	while (json_member_next(&at, &member))
		json_set_member(out, &member, *values++);
	return values;
}

struct json_value *shape_new_body(const char *name, struct json_value *const *values)
{
	struct json_value *out = json_new_object();

	(void)add_members_of_shape(out, shape_by_name(name), values);
	return out;
}

/* The schema of "text", "uuid" …; NULL for the name of a shape. */
static struct json_value *scalar_schema(const char *type, size_t length)
{
	static const char *const kinds[][4] = {
		{ "text", "string", NULL, NULL },
		{ "uuid", "string", "format", "uuid" },
		{ "time", "string", "format", "date-time" },
		{ "date", "string", "format", "date" },
		{ "uri", "string", "format", "uri" },
		{ "int", "integer", NULL, NULL },
		{ "number", "number", NULL, NULL },
		{ "bool", "boolean", NULL, NULL },
		{ "bytes", "string", "contentMediaType", "application/octet-stream" },
	};

	if (shape_word_equals(type, length, "any"))
		return json_new_object();
	if (shape_word_equals(type, length, "object"))
		return JSON_FROM({ "type", AS_TEXT("object") }, { "additionalProperties", AS_BOOL(true) });
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct json_value *out;

		if (!shape_word_equals(type, length, kinds[i][0]))
			continue;
		out = JSON_FROM({ "type", AS_TEXT(kinds[i][1]) });
		if (kinds[i][2])
			json_set_text(out, kinds[i][2], kinds[i][3]);
		return out;
	}
	return NULL;
}

static struct json_value *reference_schema(const char *name, size_t length)
{
	char text[96];

	(void)snprintf(text, sizeof text, "#/components/schemas/%.*s", (int)length, name);
	return JSON_FROM({ "$ref", AS_TEXT(text) });
}

/* The schema of counts: an integer for each word of the set. */
static struct json_value *counts_schema(const struct shape *words)
{
	struct json_value *members = json_new_object();
	size_t count;
	const char *const *names = words->domain_words(&count);

	for (size_t i = 0; i < count; i++)
		json_set(members, names[i], scalar_schema("int", 3));
	return JSON_FROM({ "type", AS_TEXT("object") }, { "required", json_new_texts(names, count) },
			 { "properties", members });
}

struct json_value *shape_schema_of(const char *type, size_t length)
{
	struct json_value *out = scalar_schema(type, length);

	if (out)
		return out;
	if (*type == '[')
		return JSON_FROM({ "type", AS_TEXT("array") }, { "items", shape_schema_of(type + 1, length - 2) });
	if (length > 8 && !strncmp(type, "counts(", 7))
		return counts_schema(shape_find(type + 7, length - 8));
	return reference_schema(type, length);
}

/* In OpenAPI 3.1 null is a type, so it is added to the schema's type. A reference has no type and needs oneOf. */
static struct json_value *nullable_schema(struct json_value *schema)
{
	const char *const types[] = { json_get_text(schema, "type"), "null" };

	if (types[0]) {
		json_set(schema, "type", json_new_texts(types, 2));
		return schema;
	}
	JSON_LIST(list, i, 2, i ? JSON_FROM({ "type", AS_TEXT("null") }) : schema);
	return JSON_FROM({ "oneOf", list });
}

static void add_members(const struct shape *shape, struct json_value *members, struct json_value *needed)
{
	const char *at = shape->members;
	struct json_member member;

	if (shape->base)
		add_members(shape_by_name(shape->base), members, needed);
	while (json_member_next(&at, &member)) {
		struct json_value *schema = shape_schema_of(member.type, member.type_length);
		struct strbuf name = STRBUF_INIT;

		strbuf_add(&name, member.name, member.name_length);
		if (!member.optional && !json_get(members, name.buf))
			json_append(needed, json_new_string(name.buf));
		json_set(members, name.buf, member.nullable ? nullable_schema(schema) : schema);
		strbuf_release(&name);
	}
}

static struct json_value *object_schema(const struct shape *shape)
{
	struct json_value *members = json_new_object(), *needed = json_new_array();

	add_members(shape, members, needed);
	return JSON_FROM({ "type", AS_TEXT("object") }, { "required?", json_null_if_empty(needed) },
			 { "properties", members });
}

static struct json_value *enum_schema(const struct shape *shape)
{
	const char *at = shape->words;
	size_t count = 0;
	const char *const *names = shape->domain_words ? shape->domain_words(&count) : NULL;
	struct json_value *list = json_new_texts(names, count);

	while (at && *at) {
		struct strbuf word = STRBUF_INIT;
		size_t length = strcspn(at, " ");

		strbuf_add(&word, at, length);
		json_append(list, json_new_string(word.buf));
		strbuf_release(&word);
		at += length + strspn(at + length, " ");
	}
	return JSON_FROM({ "type", AS_TEXT("string") }, { "enum", list });
}

struct json_value *shapes_schemas(void)
{
	struct json_value *out = json_new_object();

	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		json_set(out, shapes[i].name, shapes[i].members ? object_schema(&shapes[i]) : enum_schema(&shapes[i]));
	return out;
}
