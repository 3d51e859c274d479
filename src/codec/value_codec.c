#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/ownership.h"
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

static const struct value *new_value(struct arena *arena, const json_t *json)
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
	const struct value *value = new_value(arena, json);
	json_decref(json);
	return value;
}

const struct value *value_of_json(struct arena *arena, const struct json_value *json)
{
	return new_value(arena, json_unwrap(json));
}

static const struct value *parse_stored_json(struct arena *arena, const char *text)
{
	static const struct value no_members = { .kind = VALUE_OBJECT, .text = "" };
	if (!text || strcmp(text, "{}") == 0)
		return &no_members;
	return value_read(arena, text, strlen(text), NULL);
}

static enum final_decision results_decision(struct arena *arena, const char *json)
{
	const struct value *word = value_member(parse_stored_json(arena, json), "final_decision");
	enum final_decision decision = FINAL_NONE;
	return !word || !final_decision_parse(value_text(word), &decision) ? FINAL_NONE : decision;
}

void case_values_parse(struct arena *arena, struct case_file *file)
{
	struct subject *subject = &file->session.subject;
	file->results_decision = results_decision(arena, file->session.processing_results_json);
	subject->address = parse_stored_json(arena, subject->address_json);
	for (size_t i = 0; i < file->step_count; i++)
		file->steps[i].values = parse_stored_json(arena, file->steps[i].fields_json);
	for (size_t i = 0; i < file->party_count; i++) {
		struct party *party = &file->parties[i];
		party->addresses = parse_stored_json(arena, party->addresses_json);
		party->values = parse_stored_json(arena, party->fields_json);
	}
	for (size_t i = 0; i < file->check_count; i++) {
		struct check *check = &file->checks[i];
		check->detail = check->kind == CHECK_REGISTER || check->kind == CHECK_EXTRACTION
					? parse_stored_json(arena, check->detail_json)
					: NULL;
		check->checked_subject = parse_stored_json(arena, check->checked_subject_json);
		for (size_t r = 0; r < check->result_count; r++)
			check->results[r].checked_subject =
				parse_stored_json(arena, check->results[r].checked_subject_json);
		for (size_t h = 0; h < check->hit_count; h++)
			check->hits[h].detail = parse_stored_json(arena, check->hits[h].detail_json);
	}
	for (size_t i = 0; i < file->correction_count; i++) {
		struct correction *correction = &file->corrections[i];
		if (*correction->before_json)
			correction->before = parse_stored_json(arena, correction->before_json);
		if (*correction->after_json)
			correction->after = parse_stored_json(arena, correction->after_json);
	}
}

struct field_store_run {
	struct arena *arena;
	const struct countries *countries;
	struct case_file *file;
	struct party *party; /* party that gets the values; NULL: a step gets them */
	bool changed;	     /* whether a value of the current object was changed */
};

/* The member of the subject or party with the name `source`, to read or to fill; NULL: not found. */
static const char **find_member(struct field_store_run *field_store_run, const char *source)
{
	struct subject *subject = &field_store_run->file->session.subject;
	struct party *party = field_store_run->party;
	const struct {
		const char *source;
		const char **member;
	} members[] = {
		{ "subject.name", &subject->name },
		{ "subject.country", &subject->country },
		{ "subject.registration_number", &subject->registration_number },
		{ "subject.tax_id", &subject->tax_id },
		{ "subject.date_of_birth", &subject->date_of_birth },
		{ "subject.incorporated_on", &subject->incorporated_on },
		{ "subject.website", &subject->website },
		{ "subject.email", &subject->email },
		{ "subject.phone", &subject->phone },
		{ "party.name", party ? &party->name : NULL },
		{ "party.country", party ? &party->country : NULL },
		{ "party.date_of_birth", party ? &party->date_of_birth : NULL },
		{ "party.tax_id", party ? &party->tax_id : NULL },
		{ "party.registration_number", party ? &party->registration_number : NULL },
		{ "party.email", party ? &party->email : NULL },
		{ "party.phone", party ? &party->phone : NULL },
		{ "party.control_role", party ? &party->control_role : NULL },
	};
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (strcmp(members[i].source, source) == 0)
			return members[i].member;
	return NULL;
}

/* Converts the text for the member. NULL: not convertible; the text then stays in the field, and the rules of the
 * field report it. */
static const char *convert_member_text(struct field_store_run *field_store_run, const char *source, const char *text)
{
	const char *member = strrchr(source, '.') + 1;
	if (strcmp(member, "date_of_birth") == 0)
		return birth_date_is_valid(text) ? text : NULL;
	if (strcmp(member, "incorporated_on") == 0)
		return date_is_valid(text) ? text : NULL;
	if (strcmp(member, "country") == 0) {
		const struct country *country =
			field_store_run->countries ? country_find(field_store_run->countries, text) : NULL;
		return country ? country->alpha3 : NULL;
	}
	return text;
}

static void fill_share(struct field_store_run *field_store_run, const char *percent)
{
	struct party *party = field_store_run->party;
	if (party->share_count || ownership_percent_fault(field_store_run->arena, percent))
		return;
	party->shares = arena_alloc(field_store_run->arena, sizeof *party->shares);
	party->shares[0] = (struct party_share){ .owned_party_id = "", .percent = percent };
	party->share_count = 1;
}

/* Copies the text of a field to the first member in the profile's `from`, if all members in `from` are empty. */
static void fill_member(struct field_store_run *field_store_run, const struct field_spec *field, const char *text)
{
	if (!*text || !field->source_count)
		return;
	for (size_t i = 0; i < field->source_count; i++) {
		const char **member = find_member(field_store_run, field->sources[i]);
		if (member && **member)
			return;
	}
	if (field_store_run->party && strcmp(field->sources[0], "party.ownership_percent") == 0) {
		fill_share(field_store_run, text);
		return;
	}
	const char **member = find_member(field_store_run, field->sources[0]);
	const char *form = member ? convert_member_text(field_store_run, field->sources[0], text) : NULL;
	if (form)
		*member = arena_strdup(field_store_run->arena, form);
}

static void store_fields(struct field_store_run *field_store_run, const struct field_spec *fields, size_t count,
			 json_t *object);

static void store_field(struct field_store_run *field_store_run, const struct field_spec *field, json_t *object)
{
	json_t *own = json_object_get(object, field->id), *element;
	size_t index;
	if (json_is_object(own))
		store_fields(field_store_run, field->children, field->child_count, own);
	json_array_foreach(own, index, element)
	{
		if (json_is_object(element))
			store_fields(field_store_run, field->children, field->child_count, element);
	}
	if (json_is_string(own))
		fill_member(field_store_run, field, arena_strdup(field_store_run->arena, json_string_value(own)));
	if (field->store == STORE_UNCHANGED)
		return;
	for (size_t i = 0; i < field->source_count; i++) {
		const char **member = find_member(field_store_run, field->sources[i]);
		if (member && **member)
			*member = field_normalize(field_store_run->arena, field, field_store_run->countries, *member);
	}
	const char *text = json_string_value(own);
	const char *stored =
		text ? field_normalize(field_store_run->arena, field, field_store_run->countries, text) : NULL;
	if (!stored || strcmp(stored, text) == 0)
		return;
	json_object_set_new(object, field->id, json_string(stored));
	field_store_run->changed = true;
}

static void store_fields(struct field_store_run *field_store_run, const struct field_spec *fields, size_t count,
			 json_t *object)
{
	for (size_t i = 0; i < count; i++)
		store_field(field_store_run, &fields[i], object);
}

static void store_text(struct field_store_run *field_store_run, const struct field_spec *fields, size_t count,
		       const char **text)
{
	json_t *object = json_parse(*text, strlen(*text), NULL);
	field_store_run->changed = false;
	if (json_is_object(object)) {
		store_fields(field_store_run, fields, count, object);
		if (field_store_run->changed)
			*text = json_compact_text(field_store_run->arena, object);
	}
	json_decref(object);
}

/* Fills in the missing category and step of a document of a known type. A document with only a front, of a type
 * without a back, becomes single-sided. */
static void apply_document_spec(const struct profile *profile, struct document *document)
{
	const struct document_spec *spec = profile_document(profile, document->type);
	if (spec && spec->category && !*document->category)
		document->category = spec->category;
	if (spec && spec->step_id && !*document->step_id)
		document->step_id = spec->step_id;
	if (spec && !spec->double_sided && document->double_sided && *document->import_path &&
	    !*document->back.import_path) {
		document->double_sided = false;
		document->upload = document->front_upload;
	}
}

void case_values_normalise(struct arena *arena, const struct profile *profile, const struct countries *countries,
			   struct case_file *file)
{
	struct field_store_run field_store_run = { .arena = arena, .countries = countries, .file = file };
	for (size_t i = 0; i < profile->step_count; i++) {
		const struct step_spec *spec = &profile->steps[i];
		const char *nothing = "{}", **text = &nothing;
		for (size_t s = 0; s < file->step_count; s++)
			if (strcmp(file->steps[s].id, spec->id) == 0)
				text = &file->steps[s].fields_json;
		store_text(&field_store_run, spec->fields, spec->field_count, text);
	}
	for (size_t i = 0; i < file->party_count; i++) {
		field_store_run.party = &file->parties[i];
		if (profile->parties.field_kind_bits &&
		    !(profile->parties.field_kind_bits & 1u << file->parties[i].kind))
			continue;
		store_text(&field_store_run, profile->parties.fields, profile->parties.field_count,
			   &file->parties[i].fields_json);
	}
	for (size_t i = 0; i < file->document_count; i++)
		apply_document_spec(profile, &file->documents[i]);
	case_values_parse(arena, file);
}
