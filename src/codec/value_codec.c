#include "kybdesk/codec/value_codec.h"
#include "jansson_bridge.h"
#include "kybdesk/domain/rules.h"
#include <string.h>

static struct value read_value(struct arena *arena, const json_t *json);

static struct value read_list(struct arena *arena, const json_t *json)
{
	size_t count = json_array_size(json);
	struct value *items = arena_alloc_array(arena, count, sizeof *items);
	for (size_t i = 0; i < count; i++)
		items[i] = read_value(arena, json_array_get(json, i));
	return (struct value){ .kind = VALUE_LIST, .text = "", .items = items, .count = count };
}

static struct value read_members(struct arena *arena, const json_t *json)
{
	size_t count = json_object_size(json), at = 0;
	struct value *items = arena_alloc_array(arena, count, sizeof *items);
	const char **keys = arena_alloc_array(arena, count, sizeof *keys);
	const char *key;
	json_t *member;
	json_object_foreach((json_t *)json, key, member)
	{
		keys[at] = arena_strdup(arena, key);
		items[at++] = read_value(arena, member);
	}
	return (struct value){ .kind = VALUE_OBJECT, .text = "", .items = items, .keys = keys, .count = count };
}

/* The depth is bounded by json_parse(). */
static struct value read_value(struct arena *arena, const json_t *json)
{
	struct value value = { .kind = VALUE_NULL, .text = "" };
	if (!json)
		return value;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return read_members(arena, json);
	case JSON_ARRAY:
		return read_list(arena, json);
	case JSON_STRING:
		value.kind = VALUE_TEXT;
		value.text = arena_strndup(arena, json_string_value(json), json_string_length(json));
		break;
	case JSON_INTEGER:
		value.kind = VALUE_NUMBER;
		value.text = arena_printf(arena, "%lld", (long long)json_integer_value(json));
		break;
	case JSON_REAL:
		value.kind = VALUE_NUMBER;
		value.text = arena_printf(arena, "%.17g", json_real_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		value.kind = VALUE_BOOL;
		value.boolean = json_is_true(json);
		break;
	case JSON_NULL:
		break;
	}
	return value;
}

static const struct value *keep(struct arena *arena, const json_t *json)
{
	struct value *value = arena_alloc(arena, sizeof *value);
	*value = read_value(arena, json);
	return value;
}

const struct value *value_read(struct arena *arena, const char *text, size_t length, struct error *error)
{
	json_t *json = json_parse(text, length, error);
	if (!json)
		return NULL;
	const struct value *value = keep(arena, json);
	json_decref(json);
	return value;
}

const struct value *value_of_json(struct arena *arena, const struct json_value *json)
{
	return keep(arena, json_unwrap(json));
}

static const struct value *parse_kept(struct arena *arena, const char *text)
{
	static const struct value no_members = { .kind = VALUE_OBJECT, .text = "" };
	if (!text || strcmp(text, "{}") == 0)
		return &no_members;
	return value_read(arena, text, strlen(text), NULL);
}

void case_values_parse(struct arena *arena, struct case_file *file)
{
	struct subject *subject = &file->session.subject;
	subject->address = parse_kept(arena, subject->address_json);
	for (size_t i = 0; i < file->step_count; i++)
		file->steps[i].values = parse_kept(arena, file->steps[i].fields_json);
	for (size_t i = 0; i < file->party_count; i++) {
		struct party *party = &file->parties[i];
		party->addresses = parse_kept(arena, party->addresses_json);
		party->values = parse_kept(arena, party->fields_json);
	}
	for (size_t i = 0; i < file->correction_count; i++) {
		struct correction *correction = &file->corrections[i];
		if (*correction->before_json)
			correction->before = parse_kept(arena, correction->before_json);
		if (*correction->after_json)
			correction->after = parse_kept(arena, correction->after_json);
	}
}

struct storing {
	struct arena *arena;
	const struct countries *countries;
	struct case_file *file;
	struct party *party; /* the one at hand, or NULL */
	bool changed;	     /* of the object at hand */
};

/* Members of subject and party that a stored form may change. */
static const char **member_of(struct storing *storing, const char *source)
{
	struct subject *subject = &storing->file->session.subject;
	if (strcmp(source, "subject.name") == 0)
		return &subject->name;
	if (strcmp(source, "subject.country") == 0)
		return &subject->country;
	if (storing->party && strcmp(source, "party.name") == 0)
		return &storing->party->name;
	if (storing->party && strcmp(source, "party.country") == 0)
		return &storing->party->country;
	return NULL;
}

static void store_fields(struct storing *storing, const struct field_spec *fields, size_t count, json_t *object);

static void store_field(struct storing *storing, const struct field_spec *field, json_t *object)
{
	json_t *own = json_object_get(object, field->id), *element;
	size_t index;
	if (json_is_object(own))
		store_fields(storing, field->children, field->child_count, own);
	json_array_foreach(own, index, element)
	{
		if (json_is_object(element))
			store_fields(storing, field->children, field->child_count, element);
	}
	if (field->store == STORE_AS_GIVEN)
		return;
	for (size_t i = 0; i < field->from_count; i++) {
		const char **member = member_of(storing, field->from[i]);
		if (member)
			*member = field_stored(storing->arena, field, storing->countries, *member);
	}
	const char *text = json_string_value(own);
	const char *stored = text ? field_stored(storing->arena, field, storing->countries, text) : NULL;
	if (!stored || strcmp(stored, text) == 0)
		return;
	json_object_set_new(object, field->id, json_string(stored));
	storing->changed = true;
}

static void store_fields(struct storing *storing, const struct field_spec *fields, size_t count, json_t *object)
{
	for (size_t i = 0; i < count; i++)
		store_field(storing, &fields[i], object);
}

static void store_text(struct storing *storing, const struct field_spec *fields, size_t count, const char **text)
{
	json_t *object = json_parse(*text, strlen(*text), NULL);
	storing->changed = false;
	if (json_is_object(object)) {
		store_fields(storing, fields, count, object);
		if (storing->changed)
			*text = json_kept_text(storing->arena, object);
	}
	json_decref(object);
}

void case_values_store_form(struct arena *arena, const struct profile *profile, const struct countries *countries,
			    struct case_file *file)
{
	struct storing storing = { .arena = arena, .countries = countries, .file = file };
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *spec = &profile->steps[i];
		const char *nothing = "{}", **text = &nothing;
		for (size_t s = 0; s < file->step_count; s++)
			if (strcmp(file->steps[s].id, spec->id) == 0)
				text = &file->steps[s].fields_json;
		store_text(&storing, spec->fields, spec->field_count, text);
	}
	for (size_t i = 0; i < file->party_count; i++) {
		storing.party = &file->parties[i];
		store_text(&storing, profile->parties.fields, profile->parties.field_count,
			   &file->parties[i].fields_json);
	}
	case_values_parse(arena, file);
}
