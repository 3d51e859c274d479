/* What a client's link asks for, as a schema: enough to draw a form without knowing the workflow. */
#include "link/asked.h"

#include <string.h>

static struct json_value *rule_json(struct arena *arena, const struct field_rule *rule)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "rule", rule_kind_text(rule->kind));
	json_set_text(out, "allowed", rule_allowed(arena, rule));
	json_set_text(out, "message", rule->message);
	json_set_text(out, "when", rule_when(arena, rule));
	if (rule->kind == RULE_ONE_OF || rule->kind == RULE_DOCUMENT)
		json_set(out, "choices", json_texts(rule->words, rule->word_count));
	return out;
}

static bool is_required(const struct field_spec *field)
{
	for (size_t i = 0; i < field->rule_count; i++) {
		if (field->rules[i].kind == RULE_REQUIRED && !field->rules[i].when_count)
			return true;
	}
	return false;
}

static struct json_value *field_json(struct arena *arena, const struct field_spec *field)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", field->id);
	json_set_text(out, "title", field->title);
	json_set_text(out, "type", field_type_text(field->type));
	json_set_bool(out, "required", is_required(field));
	JSON_SET_EACH(out, "rules", i, field->rule_count, rule_json(arena, &field->rules[i]));
	if (field->child_count)
		JSON_SET_EACH(out, "fields", i, field->child_count, field_json(arena, &field->children[i]));
	return out;
}

struct json_value *asked_fields_json(struct page *page, const struct step *step)
{
	struct json_value *list = json_new_array();
	struct requested requested;

	requested_of_step(page, step, &requested);
	for (size_t i = 0; i < requested.count; i++)
		json_append(list, field_json(&page->r->arena, &requested.fields[i]));
	return list;
}

static struct json_value *document_json(const struct page *page, const struct document_spec *spec)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "type", spec->type);
	json_set_text(out, "title", spec->title);
	json_set_text(out, "step_id", spec->step_id ? spec->step_id : "");
	json_set_bool(out, "required", document_is_required(page, spec->type));
	json_set_bool(out, "double_sided", spec->double_sided);
	json_set(out, "formats", json_words(spec->formats, file_format_words));
	json_set_int(out, "max_bytes", spec->max_bytes);
	return out;
}

struct json_value *asked_documents_json(const struct page *page)
{
	const struct profile *profile = page->view->profile;
	const char *only = page->r->caller.document_type;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];

		if (document_is_requested(page, spec->type) && (!*only || !strcmp(spec->type, only)))
			json_append(list, document_json(page, spec));
	}
	return list;
}
