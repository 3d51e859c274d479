/* Determines the fields of a form, and reads their values. The desk validates the values. */
#include "kybdesk/base/text.h"
#include "link/page.h"
#include "shape.h"

#include <string.h>

/* --- requested fields --- */

bool path_is_within(const char *path, const char *member)
{
	return shape_word_equals(path, strcspn(path, ".["), member);
}

const struct field_spec *find_field_spec(const struct field_spec *specs, size_t count, const char *path)
{
	for (size_t i = 0; i < count; i++)
		if (path_is_within(path, specs[i].id))
			return &specs[i];
	return NULL;
}

/* A correction of "addresses[0].zip_code" requests the whole list. */
static bool requests_field(const struct correction *correction, const char *field)
{
	for (size_t i = 0; i < correction->field_count; i++)
		if (path_is_within(correction->field_ids[i], field))
			return true;
	return false;
}

static bool is_field_requested(const struct page *page, const char *step, const char *field)
{
	const struct case_file *file = &page->view->file;

	if (file->session.status != SESSION_AWAITING_CLIENT_CORRECTION)
		return true;
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction_is_unsettled(correction) && !strcmp(correction->step_id, step) &&
		    /* without fields and documents, a correction covers the whole step */
		    (correction_is_of_step(correction) || requests_field(correction, field)))
			return true;
	}
	return false;
}

bool has_unconditional_rule(const struct field_spec *spec, enum rule_kind kind)
{
	for (size_t i = 0; i < spec->rule_count; i++)
		if (spec->rules[i].kind == kind && !spec->rules[i].when_count)
			return true;
	return false;
}

/* Whether a rule forbids the field, so that the form omits it. */
static bool is_field_forbidden(const struct field_spec *spec)
{
	return has_unconditional_rule(spec, RULE_NOT_ACCEPTED);
}

bool requested_has_field(const struct requested_fields *requested, const char *path)
{
	return find_field_spec(requested->fields, requested->count, path) != NULL;
}

static void add_requested_field(struct page *page, struct requested_fields *out, const struct field_spec *spec)
{
	if (!requested_has_field(out, spec->id) && is_field_requested(page, out->step, spec->id) &&
	    !is_field_forbidden(spec))
		*ARENA_PUSH(&page->r->arena, out->fields, out->count, out->capacity) = *spec;
}

/* Adds a field by its own name: steps may have keys outside the profile (seed kyc-workflows-sessions). */
static void add_field_by_name(struct page *page, struct requested_fields *out, const char *name)
{
	const struct field_spec spec = { .id = arena_strndup(&page->r->arena, name, strcspn(name, ".[")),
					 .title = "",
					 .guidance = "",
					 .type = FIELD_TEXT };

	add_requested_field(page, out, &spec);
}

void requested_fields_init_step(struct page *page, const struct step *step, struct requested_fields *out)
{
	const struct external_case *view = page->view;
	const struct step_spec *spec = profile_step(view->profile, step->id);

	*out = (struct requested_fields){ .section = arena_printf(&page->r->arena, SECTION_STEP "%s", step->id),
					  .step = step->id,
					  .values = step->values,
					  .stored_json = step->fields_json };
	for (size_t i = 0; spec && i < spec->field_count; i++)
		add_requested_field(page, out, &spec->fields[i]);
	for (size_t i = 0; step->values && step->values->kind == VALUE_OBJECT && i < step->values->count; i++) {
		const char *key = step->values->keys[i];

		if (step->values->items[i].kind == VALUE_TEXT && *key && !strpbrk(key, ".["))
			add_field_by_name(page, out, key);
	}
	for (size_t i = 0; i < view->file.correction_count; i++) {
		const struct correction *correction = &view->file.corrections[i];

		for (size_t f = 0; correction_is_unsettled(correction) && f < correction->field_count; f++)
			if (!strcmp(correction->step_id, step->id))
				add_field_by_name(page, out, correction->field_ids[f]);
	}
}

bool is_party_member_field(const struct field_spec *spec)
{
	static const char *const members[] = { "party.kind",	     "party.name",
					       "party.country",	     "party.date_of_birth",
					       "party.tax_id",	     "party.registration_number",
					       "party.email",	     "party.phone",
					       "party.control_role", "party.ownership_percent" };

	return spec->source_count && texts_contain(members, sizeof members / sizeof *members, spec->sources[0]);
}

void requested_fields_init_party(struct page *page, struct requested_fields *out)
{
	const struct party_rules *rules = &page->view->profile->parties;

	*out = (struct requested_fields){ .section = SECTION_PARTY, .stored_json = "{}" };
	for (size_t i = 0; i < rules->field_count; i++)
		if (!is_party_member_field(&rules->fields[i]) && !is_field_forbidden(&rules->fields[i]))
			*ARENA_PUSH(&page->r->arena, out->fields, out->count, out->capacity) = rules->fields[i];
}

/* --- submitted values --- */

static const char *form_value(struct request *r, const char *path)
{
	return request_field(r, arena_printf(&r->arena, "f.%s", path));
}

/* Replaces CR LF, with which browsers end lines, by LF. */
static const char *normalise_newlines(struct request *r, const char *text)
{
	char *out = arena_strdup(&r->arena, text), *to = out;

	for (const char *at = out; *at; at++)
		if (at[0] != '\r' || at[1] != '\n')
			*to++ = *at;
	*to = '\0';
	return out;
}

static struct json_value *lines_json(struct request *r, const char *text)
{
	struct json_value *list = json_new_array();
	const char *at = normalise_newlines(r, text);

	while (*at) {
		size_t length = strcspn(at, "\n");

		if (length)
			json_append(list, json_new_string(arena_strndup(&r->arena, at, length)));
		at += length + (at[length] == '\n');
	}
	return list;
}

/* A list of all ticked values with this name. */
static struct json_value *checkboxes_json(struct request *r, const char *path)
{
	const char *name = arena_printf(&r->arena, "f.%s", path);
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < r->field_count; i++)
		if (!strcmp(r->fields[i].name, name) && *r->fields[i].value)
			json_append(list, json_new_string(r->fields[i].value));
	return list;
}

/* Whether the value is empty. An empty list counts as empty, because a form cannot distinguish an empty list from
 * an absent list. */
static bool is_empty_value(const struct json_value *value)
{
	return !value || json_value_is_null(value) || (json_is_array(value) && !json_count(value));
}

static struct json_value *read_field(struct request *r, const struct field_spec *spec, const char *path,
				     const struct json_value *stored);

/* Reads the members of an object and keeps stored members that were not requested. *blank: nothing was typed. */
static struct json_value *read_object(struct request *r, const struct field_spec *spec, const char *path,
				      const struct json_value *stored, bool *blank)
{
	struct json_value *out = json_new_object();

	*blank = true;
	for (const char *key = json_first_key(stored); key; key = json_next_key(stored, key)) {
		bool requested = false;

		for (size_t c = 0; c < spec->child_count; c++)
			requested = requested || !strcmp(spec->children[c].id, key);
		if (!requested)
			json_set(out, key, json_clone(json_get(stored, key)));
	}
	for (size_t c = 0; c < spec->child_count; c++) {
		const struct field_spec *child = &spec->children[c];
		const char *below = arena_printf(&r->arena, "%s.%s", path, child->id);
		struct json_value *value = read_field(r, child, below, stored ? json_get(stored, child->id) : NULL);

		if (is_empty_value(value)) {
			json_free(value);
			continue;
		}
		*blank = false;
		json_set(out, child->id, value);
	}
	return out;
}

/* Drops entries without typed values: the last entry of a form is always blank. A form has at most FIELDS_MAX
 * fields. */
static struct json_value *read_list(struct request *r, const struct field_spec *spec, const char *path,
				    const struct json_value *stored)
{
	struct json_value *out = json_new_array();

	for (size_t i = 0;; i++) {
		const char *at = arena_printf(&r->arena, "%s[%zu]", path, i);
		const struct json_value *old =
			stored && json_is_array(stored) && i < json_count(stored) ? json_at(stored, i) : NULL;
		struct json_value *item;
		bool blank;

		if (!form_value(r, at))
			break;
		item = read_object(r, spec, at, old, &blank);
		if (blank)
			json_free(item);
		else
			json_append(out, item);
	}
	return out;
}

/* Reads the value of a field. NULL: the form has no such field. JSON null: the value of the field is empty. */
static struct json_value *read_field(struct request *r, const struct field_spec *spec, const char *path,
				     const struct json_value *stored)
{
	const char *text = form_value(r, path);
	struct json_value *value;
	bool blank;

	if (!text)
		return NULL;
	if (field_rule_find(spec, RULE_PARTIES))
		return checkboxes_json(r, path);
	if (spec->type == FIELD_LIST)
		return spec->child_count ? read_list(r, spec, path, stored) : lines_json(r, text);
	if (spec->type == FIELD_OBJECT && spec->child_count) {
		value = read_object(r, spec, path, stored, &blank);
		if (!blank)
			return value;
		json_free(value);
		return json_new_raw("null");
	}
	if (!*text)
		return json_new_raw("null");
	if (spec->type == FIELD_BOOLEAN && (!strcmp(text, "true") || !strcmp(text, "false")))
		return json_new_raw(text);
	return json_new_string(normalise_newlines(r, text));
}

struct json_value *requested_fields_read(struct request *r, const struct requested_fields *requested)
{
	struct json_value *out = json_new_object(), *stored = json_new_raw(requested->stored_json);

	for (size_t i = 0; i < requested->count; i++) {
		const struct field_spec *spec = &requested->fields[i];
		const struct json_value *old = json_get(stored, spec->id);
		struct json_value *value = read_field(r, spec, spec->id, old);

		/* Skips a value that was empty and is still empty. */
		if (value && !(is_empty_value(value) && is_empty_value(old)))
			json_set(out, spec->id, value);
		else
			json_free(value);
	}
	json_free(stored);
	return out;
}
