/* Applies one rule to one value, and collects the details for the message if it does not hold. */
#include "rules/geo.h"
#include "rules_parts.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/mask.h"

#include <regex.h>
#include <string.h>
#include <strings.h>

#define SHOWN_MAX 64
#define SUBDIVISIONS_NAMED 30
#define DECIMAL_LENGTH_MAX 64

bool rule_tests_text(enum rule_kind kind)
{
	return kind != RULE_REQUIRED && kind != RULE_NOT_ACCEPTED && kind != RULE_LIST && kind != RULE_AT_LEAST_ONE &&
	       kind != RULE_PARTIES;
}

const char *value_display_text(struct inspection *inspection, const struct field_spec *spec, const struct value *value)
{
	struct arena *arena = inspection->arena;
	const char *text;

	if (!value || (value->kind != VALUE_TEXT && value->kind != VALUE_NUMBER))
		return value && value->kind == VALUE_BOOL ? (value->boolean ? "true" : "false")
							  : value_kind_phrase(value);
	text = value->text;
	if (!spec->is_public && (field_rule_find(spec, RULE_DATE) || field_rule_find(spec, RULE_AGE)))
		text = mask_date(arena, text);
	else if (!spec->is_public)
		text = mask_text(arena, text);
	if (strlen(text) > SHOWN_MAX)
		text = arena_printf(arena, "%.*s…", (int)text_valid_prefix(text, SHOWN_MAX), text);
	return value->kind == VALUE_NUMBER ? text : arena_printf(arena, "'%s'", text);
}

static bool check_characters(const struct field_rule *rule, const char *text)
{
	size_t length = strlen(text), bytes;
	bool letter_before = false;

	for (size_t at = 0; at < length; at += bytes) {
		enum text_class found = text_class_at(text + at, length - at, &bytes);
		bool allowed = bytes == 1 && strchr(rule->other_characters, text[at]);

		switch (found) {
		case TEXT_LETTER:
			allowed = allowed || (rule->characters & CHARACTERS_LETTERS);
			break;
		case TEXT_MARK:
			allowed = letter_before && (rule->characters & CHARACTERS_LETTERS);
			break;
		case TEXT_DIGIT:
			allowed = allowed || (rule->characters & CHARACTERS_DIGITS);
			break;
		case TEXT_SPACE:
			allowed = allowed || (rule->characters & CHARACTERS_SPACES);
			break;
		case TEXT_OTHER:
			break;
		}
		if (!allowed || (at == 0 && rule->starts_with_letter && found != TEXT_LETTER))
			return false;
		letter_before = found == TEXT_LETTER || found == TEXT_MARK;
	}
	return true;
}

/* Matches the whole text. An invalid pattern matches nothing; the profile codec refuses such a pattern. */
static bool text_matches_pattern(struct inspection *inspection, const struct field_rule *rule, const char *text)
{
	regex_t compiled;
	bool fits;

	if (regcomp(&compiled, arena_printf(inspection->arena, "^(%s)$", rule->pattern), REG_EXTENDED | REG_NOSUB))
		return false;
	fits = !regexec(&compiled, text, 0, NULL, 0);
	regfree(&compiled);
	return fits;
}

static bool is_one_of(const struct field_rule *rule, const char *text)
{
	return texts_contain(rule->words, rule->word_count, text);
}

static bool is_in_range(const struct field_rule *rule, int64_t number)
{
	return (rule->minimum == RULE_NO_LIMIT || number >= rule->minimum) &&
	       (rule->maximum == RULE_NO_LIMIT || number <= rule->maximum);
}

static bool has_only_capitals(const char *text, size_t least, size_t most)
{
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return length >= least && length <= most && !text[length];
}

bool country_format_is_allowed(const struct field_rule *rule, const struct country *country, const char *text)
{
	if (!strcmp(text, country->alpha2))
		return rule->country_form_bits & COUNTRY_ALPHA2;
	if (!strcmp(text, country->alpha3))
		return rule->country_form_bits & COUNTRY_ALPHA3;
	return rule->country_form_bits & COUNTRY_NAME;
}

static bool country_satisfies_rule(struct inspection *inspection, const struct field_rule *rule, const char *text,
				   struct verdict *verdict)
{
	const struct country *country = inspection_find_country(inspection, text);

	if (is_one_of(rule, text))
		return true;
	if (!inspection->input->countries)
		return (rule->country_form_bits & COUNTRY_NAME) ||
		       ((rule->country_form_bits & COUNTRY_ALPHA2) && has_only_capitals(text, 2, 2)) ||
		       ((rule->country_form_bits & COUNTRY_ALPHA3) && has_only_capitals(text, 3, 3));
	if (!country)
		return false;
	verdict->nearest_word = rule->country_form_bits & COUNTRY_ALPHA3 ? country->alpha3 : country->alpha2;
	return country_format_is_allowed(rule, country, text);
}

/* Whether the text has the form of a subdivision, such as "SP" or "BR-SP"; for countries without a known list. */
static bool has_subdivision_shape(const char *text)
{
	static const char code[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	if (strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 2 && text[2] == '-')
		text += 3;
	return *text && strlen(text) <= 3 && !text[strspn(text, code)];
}

static bool subdivision_satisfies_rule(struct inspection *inspection, const struct scope *scope,
				       const struct field_rule *rule, const char *text, struct verdict *verdict)
{
	const struct value *of = scope_find_value(inspection, scope, rule->referenced_field);
	const struct country *country = inspection_find_country(inspection, value_text(of));

	if (!country)
		return has_subdivision_shape(text);
	if (!country_has_subdivisions(country) || country_has_subdivision(country, text))
		return true;
	verdict->allowed = arena_printf(inspection->arena, "an ISO 3166-2 subdivision of %s: %s", country->name,
					country_subdivisions_text(inspection->arena, country, SUBDIVISIONS_NAMED));
	return false;
}

static bool age_satisfies_rule(struct inspection *inspection, const struct field_rule *rule, const char *text,
			       struct verdict *verdict)
{
	int years;

	/* An invalid date is reported by the rule for the date's format. */
	if (!date_is_valid(text))
		return true;
	years = date_years_between(text, inspection->input->today);
	verdict->problem = arena_printf(inspection->arena, "means an age of %d year%s", years, years == 1 ? "" : "s");
	return is_in_range(rule, years);
}

static bool decimal_satisfies_rule(const struct field_rule *rule, const char *text)
{
	struct decimal *value = decimal_new(), *limit = decimal_new();
	bool holds = *text && decimal_parse(value, text);

	if (holds && *rule->minimum_text && decimal_parse(limit, rule->minimum_text))
		holds = decimal_compare(value, limit) >= 0;
	if (holds && *rule->maximum_text && decimal_parse(limit, rule->maximum_text))
		holds = decimal_compare(value, limit) <= 0;
	decimal_free(limit);
	decimal_free(value);
	return holds;
}

static bool length_satisfies_rule(struct inspection *inspection, const struct field_rule *rule, const char *text,
				  struct verdict *verdict)
{
	int64_t length = (int64_t)text_character_count(text);

	verdict->found = arena_printf(inspection->arena, "%lld character%s", (long long)length, length == 1 ? "" : "s");
	verdict->problem = arena_printf(inspection->arena, "has %s", verdict->found);
	return is_in_range(rule, length);
}

static bool document_satisfies_rule(struct inspection *inspection, const struct field_rule *rule, const char *text,
				    struct verdict *verdict)
{
	struct arena *arena = inspection->arena;
	const struct case_file *file = inspection->input->file;
	const struct document *document = NULL;

	for (size_t i = 0; *text && i < file->document_count; i++) {
		if (!strcasecmp(file->documents[i].id, text))
			document = &file->documents[i];
	}
	if (!document)
		verdict->problem = arena_printf(arena, "is '%.*s', which is not the id of a document of this case",
						SHOWN_MAX, text);
	else if (!is_one_of(rule, document->type))
		verdict->problem = arena_printf(arena, "names a document of type %s", document->type);
	else if (document->replaced)
		verdict->problem = "names a file that was replaced by another file";
	else if (document->upload != UPLOAD_READY)
		verdict->problem =
			arena_printf(arena, "names a document whose upload is %s", upload_state_text(document->upload));
	else
		return true;
	return false;
}

static bool list_length_satisfies_rule(struct inspection *inspection, const struct field_rule *rule,
				       const struct value *value, struct verdict *verdict)
{
	int64_t count = (int64_t)value->count;

	verdict->found = arena_printf(inspection->arena, "%lld element%s", (long long)count, count == 1 ? "" : "s");
	verdict->problem = arena_printf(inspection->arena, "has %s", verdict->found);
	return (rule->minimum == RULE_NO_LIMIT || count >= rule->minimum || inspection->input->is_in_progress) &&
	       (rule->maximum == RULE_NO_LIMIT || count <= rule->maximum);
}

static bool has_member(const struct field_rule *rule, const struct value *element)
{
	const struct value *member = value_member(element, rule->referenced_field);
	const char *text =
		member && member->kind == VALUE_BOOL ? (member->boolean ? "true" : "false") : value_text(member);

	return !value_is_empty(member) && (!rule->word_count || is_one_of(rule, text));
}

static bool any_element_satisfies_rule(const struct inspection *inspection, const struct field_rule *rule,
				       const struct value *value, struct verdict *verdict)
{
	for (size_t i = 0; i < value->count; i++) {
		if (has_member(rule, &value->items[i]))
			return true;
	}
	verdict->found = "none";
	verdict->problem = "has none";
	return inspection->input->is_in_progress;
}

static const struct party *party_of_id(const struct case_file *file, const char *id)
{
	for (size_t i = 0; *id && i < file->party_count; i++) {
		if (!strcasecmp(file->parties[i].id, id))
			return &file->parties[i];
	}
	return NULL;
}

static bool check_parties_exist(struct inspection *inspection, const struct value *value, const char *path,
				struct verdict *verdict)
{
	const struct case_file *file = inspection->input->file;
	struct arena *arena = inspection->arena;

	for (size_t i = 0; i < value->count; i++) {
		if (party_of_id(file, value_text(&value->items[i])))
			continue;
		verdict->path = arena_printf(arena, "%s[%zu]", path, i);
		verdict->found = arena_printf(arena, "'%.*s'", SHOWN_MAX, value_text(&value->items[i]));
		verdict->problem =
			arena_printf(arena, "names %s, which is not the id of a party of this case", verdict->found);
		return false;
	}
	for (size_t p = 0; !inspection->input->is_in_progress && p < file->party_count; p++) {
		bool named = !party_has_fields(inspection->input->profile, file->parties[p].kind);

		for (size_t i = 0; !named && i < value->count; i++)
			named = !strcasecmp(value_text(&value->items[i]), file->parties[p].id);
		if (named)
			continue;
		verdict->found = arena_printf(arena, "%zu of %zu", value->count, file->party_count);
		verdict->problem = arena_printf(arena, "does not name %s", file->parties[p].name);
		return false;
	}
	return true;
}

static bool text_satisfies_rule(struct inspection *inspection, const struct scope *scope, const struct field_rule *rule,
				const char *text, struct verdict *verdict)
{
	size_t count;
	const char *const *states;

	switch (rule->kind) {
	case RULE_LENGTH:
		return length_satisfies_rule(inspection, rule, text, verdict);
	case RULE_CHARACTERS:
		return check_characters(rule, text);
	case RULE_PATTERN:
		return text_matches_pattern(inspection, rule, text);
	case RULE_ONE_OF:
		verdict->nearest_word = text_find_nearest(text, rule->words, rule->word_count);
		return is_one_of(rule, text);
	case RULE_COUNTRY:
		return country_satisfies_rule(inspection, rule, text, verdict);
	case RULE_SUBDIVISION:
		return subdivision_satisfies_rule(inspection, scope, rule, text, verdict);
	case RULE_DATE:
		return date_is_valid(text) &&
		       (!rule->must_not_be_future || strcmp(text, inspection->input->today) <= 0);
	case RULE_AGE:
		return age_satisfies_rule(inspection, rule, text, verdict);
	case RULE_DECIMAL:
		return decimal_satisfies_rule(rule, text);
	case RULE_INTEGER:
		return strspn(text, "0123456789") == strlen(text) && strlen(text) <= DECIMAL_LENGTH_MAX &&
		       decimal_satisfies_rule(rule, text);
	case RULE_CHECK_DIGITS:
		return check_digits_are_valid(rule->scheme, text);
	case RULE_US_STATE:
		states = us_state_codes(&count);
		verdict->nearest_word = text_find_nearest(text, states, count);
		break;
	case RULE_DOCUMENT:
		return document_satisfies_rule(inspection, rule, text, verdict);
	default:
		break;
	}
	return !plain_rules[rule->kind].holds || plain_rules[rule->kind].holds(text);
}

bool rule_holds(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		const struct field_rule *rule, const struct value *value, struct verdict *verdict)
{
	const char *shown;

	*verdict = (struct verdict){ .nearest_word = "", .allowed = rule_allowed_text(inspection->arena, rule) };
	shown = value_display_text(inspection, spec, value);
	verdict->found = shown;
	verdict->problem = arena_printf(inspection->arena, "is %s", shown);
	if (rule_tests_text(rule->kind))
		return text_satisfies_rule(inspection, scope, rule, value_text(value), verdict);
	if (rule->kind == RULE_LIST)
		return list_length_satisfies_rule(inspection, rule, value, verdict);
	if (rule->kind == RULE_AT_LEAST_ONE)
		return any_element_satisfies_rule(inspection, rule, value, verdict);
	if (rule->kind == RULE_PARTIES)
		return check_parties_exist(inspection, value,
					   arena_printf(inspection->arena, "%s.%s", scope->path, spec->id), verdict);
	return true;
}
