#include "shape.h"

#include <string.h>

static const struct shapes *const chapters[] = { &shapes_common, &shapes_generic, &shapes_link,
						 &shapes_ralio,	 &shapes_atelio,  &shapes_avenia };

bool shape_is(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !strncmp(text, word, length);
}

const struct shape *shape_find(const char *name, size_t length)
{
	for (size_t c = 0; c < sizeof chapters / sizeof *chapters; c++) {
		for (size_t i = 0; i < chapters[c]->count; i++) {
			const struct shape *shape = &chapters[c]->items[i];

			if (shape_is(name, length, shape->name))
				return shape;
		}
	}
	return NULL;
}

bool shape_next(const char **at, struct shape_member *out)
{
	size_t length;

	*at += strspn(*at, " ");
	length = strcspn(*at, " ");
	if (!length)
		return false;
	*out = (struct shape_member){ .name = *at, .name_length = strcspn(*at, "?: ") };
	out->optional = (*at)[out->name_length] == '?';
	out->type = *at + out->name_length + out->optional + 1;
	out->type_length = length - (size_t)(out->type - *at);
	out->nullable = out->type_length > 5 && !strncmp(out->type + out->type_length - 5, "|null", 5);
	if (out->nullable)
		out->type_length -= 5;
	*at += length;
	return true;
}

bool shape_member_find(const struct shape *shape, const char *name, struct shape_member *out)
{
	const char *at = shape->members ? shape->members : "";

	while (shape_next(&at, out)) {
		if (shape_is(out->name, out->name_length, name))
			return true;
	}
	return shape->base && shape_member_find(shape_find(shape->base, strlen(shape->base)), name, out);
}

const char *shape_names(struct arena *arena, const char *shape, bool needed_only)
{
	const char *at = shape_find(shape, strlen(shape))->members, *names = "";
	struct shape_member member;

	while (shape_next(&at, &member)) {
		if (!member.optional || !needed_only)
			names = arena_printf(arena, "%s%s%.*s", names, *names ? " " : "", (int)member.name_length,
					     member.name);
	}
	return names;
}

/* The schema of "text", "uuid" …; NULL for the name of a shape. */
static struct json_value *plain(const char *type, size_t length)
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
		{ "object", "object", NULL, NULL },
	};
	struct json_value *out = json_new_object();

	if (shape_is(type, length, "any"))
		return out;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!shape_is(type, length, kinds[i][0]))
			continue;
		json_set_text(out, "type", kinds[i][1]);
		if (kinds[i][2])
			json_set_text(out, kinds[i][2], kinds[i][3]);
		if (!strcmp(kinds[i][0], "object"))
			json_set_bool(out, "additionalProperties", true);
		return out;
	}
	json_free(out);
	return NULL;
}

static struct json_value *reference(const char *name, size_t length)
{
	struct json_value *out = json_new_object();
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "#/components/schemas/%.*s", (int)length, name);
	json_set_text(out, "$ref", text.buf);
	strbuf_release(&text);
	return out;
}

/* One number for each word of the set. */
static struct json_value *counts_of(const struct shape *words)
{
	struct json_value *out = json_new_object(), *members = json_new_object();
	size_t count;
	const char *const *names = words->domain(&count);

	for (size_t i = 0; i < count; i++)
		json_set(members, names[i], plain("int", 3));
	json_set_text(out, "type", "object");
	json_set(out, "required", json_texts(names, count));
	json_set(out, "properties", members);
	return out;
}

struct json_value *shape_schema_of(const char *type, size_t length)
{
	struct json_value *out = plain(type, length);

	if (out)
		return out;
	if (*type == '[') {
		out = json_new_object();
		json_set_text(out, "type", "array");
		json_set(out, "items", shape_schema_of(type + 1, length - 2));
		return out;
	}
	if (length > 8 && !strncmp(type, "counts(", 7))
		return counts_of(shape_find(type + 7, length - 8));
	return reference(type, length);
}

/* OpenAPI 3.1 treats null as a type; a reference needs anyOf. */
static struct json_value *or_null(struct json_value *schema)
{
	const char *const types[] = { json_get_text(schema, "type"), "null" };
	struct json_value *list, *out;

	if (types[0]) {
		json_set(schema, "type", json_texts(types, 2));
		return schema;
	}
	out = json_new_object();
	list = json_new_array();
	json_append(list, schema);
	schema = json_new_object();
	json_set_text(schema, "type", "null");
	json_append(list, schema);
	json_set(out, "oneOf", list);
	return out;
}

static void add_members(const struct shape *shape, struct json_value *members, struct json_value *needed)
{
	const char *at = shape->members;
	struct shape_member member;

	if (shape->base)
		add_members(shape_find(shape->base, strlen(shape->base)), members, needed);
	while (shape_next(&at, &member)) {
		struct json_value *schema = shape_schema_of(member.type, member.type_length);
		struct strbuf name = STRBUF_INIT;

		strbuf_add(&name, member.name, member.name_length);
		if (!member.optional && !json_get(members, name.buf))
			json_append(needed, json_new_string(name.buf));
		json_set(members, name.buf, member.nullable ? or_null(schema) : schema);
		strbuf_release(&name);
	}
}

static struct json_value *object_schema(const struct shape *shape)
{
	struct json_value *out = json_new_object(), *members = json_new_object(), *needed = json_new_array();

	add_members(shape, members, needed);
	json_set_text(out, "type", "object");
	json_set_list_if_any(out, "required", needed);
	json_set(out, "properties", members);
	return out;
}

static struct json_value *words_schema(const struct shape *shape)
{
	const char *at = shape->words;
	size_t count = 0;
	const char *const *names = shape->domain ? shape->domain(&count) : NULL;
	struct json_value *out = json_new_object(), *list = json_texts(names, count);

	while (at && *at) {
		struct strbuf word = STRBUF_INIT;
		size_t length = strcspn(at, " ");

		strbuf_add(&word, at, length);
		json_append(list, json_new_string(word.buf));
		strbuf_release(&word);
		at += length + strspn(at + length, " ");
	}
	json_set_text(out, "type", "string");
	json_set(out, "enum", list);
	return out;
}

struct json_value *shapes_schemas(void)
{
	struct json_value *out = json_new_object();

	for (size_t c = 0; c < sizeof chapters / sizeof *chapters; c++) {
		for (size_t i = 0; i < chapters[c]->count; i++) {
			const struct shape *shape = &chapters[c]->items[i];

			json_set(out, shape->name, shape->members ? object_schema(shape) : words_schema(shape));
		}
	}
	return out;
}
