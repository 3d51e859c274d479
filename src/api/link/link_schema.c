/* The items that a client's link requests, as a schema: enough to draw a form without knowing the workflow. */
#include "link/link_schema.h"

#include <string.h>

/* The word for a bit of a rule. */
struct bit_word {
	unsigned bit;
	const char *word;
};
static const struct bit_word country_forms[] = { { COUNTRY_ALPHA2, "alpha2" },
						 { COUNTRY_ALPHA3, "alpha3" },
						 { COUNTRY_NAME, "name" } };
static const struct bit_word character_classes[] = { { CHARACTERS_LETTERS, "letters" },
						     { CHARACTERS_DIGITS, "digits" },
						     { CHARACTERS_SPACES, "spaces" } };

static struct json_value *bits_json(unsigned bits, const struct bit_word words[3])
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < 3; i++) {
		if (bits & words[i].bit)
			json_append(list, json_new_string(words[i].word));
	}
	return list;
}

static struct json_value *condition_json(const struct rule_condition *condition)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "field", condition->field);
	json_set_text(out, "condition", condition_kind_text(condition->kind));
	json_set(out, "values", json_texts(condition->words, condition->word_count));
	return out;
}

static void set_limit(struct json_value *out, const char *name, int64_t limit)
{
	if (limit != RULE_OPEN)
		json_set_int(out, name, limit);
}

/* The limits of a rule as data, so that a program can check a value without parsing the sentence in `allowed`. */
static void add_limits(struct json_value *out, const struct field_rule *rule)
{
	switch (rule->kind) {
	case RULE_LENGTH:
	case RULE_AGE:
	case RULE_LIST:
		set_limit(out, "min", rule->minimum);
		set_limit(out, "max", rule->maximum);
		break;
	case RULE_DECIMAL:
	case RULE_INTEGER:
		json_set_text_if_any(out, "least", rule->least);
		json_set_text_if_any(out, "most", rule->most);
		break;
	case RULE_CHARACTERS:
		json_set(out, "characters", bits_json(rule->characters, character_classes));
		json_set_text(out, "others", rule->others);
		json_set_bool(out, "letter_first", rule->letter_first);
		break;
	case RULE_PATTERN:
		json_set_text(out, "pattern", rule->pattern);
		break;
	case RULE_COUNTRY:
		json_set(out, "forms", bits_json(rule->forms, country_forms));
		json_set(out, "choices", json_texts(rule->words, rule->word_count));
		break;
	case RULE_DATE:
		json_set_bool(out, "past", rule->history);
		break;
	case RULE_CHECK_DIGITS:
		json_set_text(out, "scheme", check_scheme_text(rule->scheme));
		break;
	case RULE_SUBDIVISION:
		json_set_text(out, "of", rule->of);
		break;
	case RULE_AT_LEAST_ONE:
		json_set_text(out, "of", rule->of);
		json_set(out, "choices", json_texts(rule->words, rule->word_count));
		break;
	case RULE_ONE_OF:
	case RULE_DOCUMENT:
		json_set(out, "choices", json_texts(rule->words, rule->word_count));
		break;
	case RULE_REQUIRED:
	case RULE_NOT_ACCEPTED:
	case RULE_US_STATE:
	case RULE_US_ZIP:
	case RULE_NOT_PO_BOX:
	case RULE_EMAIL:
	case RULE_PHONE:
	case RULE_SSN:
	case RULE_IPV4:
	case RULE_URL:
	case RULE_UUID:
	case RULE_PARTIES:
		break;
	}
}

static struct json_value *rule_json(struct arena *arena, const struct field_rule *rule)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "rule", rule_kind_text(rule->kind));
	json_set_text(out, "allowed", rule_allowed(arena, rule));
	json_set_text(out, "message", rule->message);
	json_set_text(out, "when", rule_when(arena, rule));
	JSON_SET_EACH(out, "conditions", i, rule->when_count, condition_json(&rule->when[i]));
	add_limits(out, rule);
	return out;
}

static struct json_value *field_json(struct arena *arena, const struct field_spec *field)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", field->id);
	json_set_text(out, "title", field->title);
	json_set_text(out, "type", field_type_text(field->type));
	json_set_bool(out, "required", requested_always(field, RULE_REQUIRED));
	JSON_SET_EACH(out, "rules", i, field->rule_count, rule_json(arena, &field->rules[i]));
	if (field->child_count)
		JSON_SET_EACH(out, "fields", i, field->child_count, field_json(arena, &field->children[i]));
	return out;
}

struct json_value *schema_fields_json(struct page *page, const struct step *step)
{
	struct json_value *list = json_new_array();
	struct requested requested;

	requested_of_step(page, step, &requested);
	for (size_t i = 0; i < requested.count; i++)
		json_append(list, field_json(&page->r->arena, &requested.fields[i]));
	return list;
}

/* A type that the profile does not name has the profile's default formats and size. */
static struct json_value *document_json(const struct page *page, const char *type)
{
	const struct profile *profile = page->view->profile;
	const struct document_spec *spec = profile_document(profile, type);
	struct json_value *out = json_new_object();

	json_set_text(out, "type", type);
	json_set_text(out, "title", spec ? spec->title : type);
	json_set_text(out, "step_id", spec && spec->step_id ? spec->step_id : "");
	json_set_bool(out, "required", document_is_required(page, type));
	json_set_bool(out, "double_sided", spec && spec->double_sided);
	json_set(out, "formats", json_words(spec ? spec->formats : profile->default_formats, file_format_words));
	json_set_int(out, "max_bytes", spec ? spec->max_bytes : profile->default_max_bytes);
	return out;
}

struct json_value *schema_documents_json(const struct page *page)
{
	const char *only = page->r->caller.document_type;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < document_type_count(page); i++) {
		const char *type = document_type_at(page, i);

		if (type && document_is_requested(page, type) && (!*only || !strcmp(type, only)))
			json_append(list, document_json(page, type));
	}
	return list;
}

/* Groups of document types; the case needs one document of each group. */
struct json_value *schema_document_groups_json(const struct page *page)
{
	struct json_value *list = json_new_array();
	const struct document_group *group;

	for (size_t at = 0; (group = document_group_at(page, &at));) {
		struct json_value *out = json_new_object();

		json_set_text(out, "id", group->id);
		json_set_text(out, "title", group->title);
		json_set(out, "any_of", json_texts(group->types, group->type_count));
		json_set_bool(out, "missing", document_group_is_missing(page, group));
		json_append(list, out);
	}
	return list;
}

/* --- parties --- */

static struct json_value *words_or_all(unsigned bits, const char *const *(*words)(size_t *count))
{
	size_t count;

	(void)words(&count);
	return json_words(bits ? bits : (1u << count) - 1, words);
}

/* The party's own members that the profile has rules for: {"date_of_birth": [rules]}. Fields of the profile with other
 * sources have their own values, in `fields` of the party. */
static struct json_value *members_json(struct page *page)
{
	const struct party_rules *rules = &page->view->profile->parties;
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < rules->field_count; i++) {
		struct field_spec field = rules->fields[i];

		if (!requested_is_member(&field))
			continue;
		field.id = strchr(field.from[0], '.') + 1;
		json_append(list, field_json(&page->r->arena, &field));
	}
	return list;
}

struct json_value *schema_party_json(struct page *page)
{
	const struct party_rules *rules = &page->view->profile->parties;
	struct json_value *out = json_new_object();
	struct requested requested;

	requested_of_party(page, &requested);
	json_set_bool(out, "required", rules->required);
	json_set_bool(out, "control_role_required", rules->control_role_required);
	if (rules->max)
		json_set_int(out, "max", (int64_t)rules->max);
	json_set(out, "roles", words_or_all(rules->roles, party_role_words));
	json_set(out, "control_roles", json_texts(rules->control_roles, rules->control_role_count));
	json_set(out, "fields_for", words_or_all(rules->field_kinds, party_kind_words));
	json_set(out, "members", members_json(page));
	JSON_SET_EACH(out, "fields", i, requested.count, field_json(&page->r->arena, &requested.fields[i]));
	return out;
}
