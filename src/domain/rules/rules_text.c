/* Rules in words: for sentences about failures, for `workflow show`, for forms. */
#include "kybdesk/base/strbuf.h"
#include "rules_parts.h"
#include "kybdesk/domain/format.h"
#include "rules/geo.h"

#include <string.h>

#define WORDS_NAMED 40

/* For example "1-10, 11-50 or 1001+". */
static const char *join_words(struct arena *arena, const char *const *words, size_t count, size_t most,
			      const char *conjunction)
{
	struct strbuf text = STRBUF_INIT;
	size_t named = count <= most ? count : most;

	for (size_t i = 0; i < named; i++) {
		const char *between = i + 1 == count && count > 1 ? arena_printf(arena, " %s ", conjunction) : ", ";

		strbuf_addf(&text, "%s%s", i ? between : "", words[i]);
	}
	if (named < count)
		strbuf_addf(&text, " and %zu more", count - named);
	return strbuf_finish(&text, arena);
}

static const char *integer_range(struct arena *arena, const struct field_rule *rule, const char *unit)
{
	if (rule->minimum == RULE_NO_LIMIT && rule->maximum == RULE_NO_LIMIT)
		return arena_printf(arena, "any number of %ss", unit);
	if (rule->minimum == RULE_NO_LIMIT)
		return arena_printf(arena, "at most %lld %s%s", (long long)rule->maximum, unit,
				    rule->maximum == 1 ? "" : "s");
	if (rule->maximum == RULE_NO_LIMIT)
		return arena_printf(arena, "at least %lld %s%s", (long long)rule->minimum, unit,
				    rule->minimum == 1 ? "" : "s");
	if (rule->minimum == rule->maximum)
		return arena_printf(arena, "%lld %s%s", (long long)rule->minimum, unit, rule->minimum == 1 ? "" : "s");
	return arena_printf(arena, "%lld to %lld %ss", (long long)rule->minimum, (long long)rule->maximum, unit);
}

static const char *decimal_range(struct arena *arena, const struct field_rule *rule, const char *what)
{
	if (*rule->minimum_text && *rule->maximum_text)
		return arena_printf(arena, "%s from %s to %s", what, rule->minimum_text, rule->maximum_text);
	if (*rule->minimum_text)
		return arena_printf(arena, "%s from %s up", what, rule->minimum_text);
	if (*rule->maximum_text)
		return arena_printf(arena, "%s up to %s", what, rule->maximum_text);
	return what;
}

static const char *allowed_characters(struct arena *arena, const struct field_rule *rule)
{
	const char *kinds[4];
	struct strbuf others = STRBUF_INIT;
	size_t count = 0;
	const char *text;

	if (rule->characters & CHARACTERS_LETTERS)
		kinds[count++] = "letters";
	if (rule->characters & CHARACTERS_DIGITS)
		kinds[count++] = "digits";
	if (rule->characters & CHARACTERS_SPACES)
		kinds[count++] = "spaces";
	for (const char *c = rule->other_characters; *c; c++)
		strbuf_addf(&others, "%s%c", c == rule->other_characters ? "" : " ", *c);
	if (others.len)
		kinds[count++] = strbuf_finish(&others, arena);
	text = join_words(arena, kinds, count, count, "and");
	return rule->starts_with_letter ? arena_printf(arena, "%s, starting with a letter", text) : text;
}

static const char *country_forms_text(struct arena *arena, const struct field_rule *rule)
{
	const char *forms[4];
	size_t count = 0;

	if (rule->country_form_bits & COUNTRY_ALPHA2)
		forms[count++] = "an ISO 3166-1 alpha-2 code such as BR";
	if (rule->country_form_bits & COUNTRY_ALPHA3)
		forms[count++] = "an ISO 3166-1 alpha-3 code such as BRA";
	if (rule->country_form_bits & COUNTRY_NAME)
		forms[count++] = "the English name";
	if (rule->word_count)
		forms[count++] = join_words(arena, rule->words, rule->word_count, WORDS_NAMED, "or");
	return join_words(arena, forms, count, count, "or");
}

static bool has_no_po_box(const char *line)
{
	return !has_po_box(line);
}

const struct plain_rule plain_rules[RULE_KIND_COUNT] = {
	[RULE_REQUIRED] = { "a value", NULL },
	[RULE_NOT_ACCEPTED] = { "nothing", NULL },
	[RULE_US_STATE] = { "the two-letter code of a US state", us_state_is_known },
	[RULE_US_ZIP] = { "a ZIP code such as 94104 or 94104-2657", us_zip_is_valid },
	[RULE_NOT_PO_BOX] = { "a street address, not a PO box", has_no_po_box },
	[RULE_EMAIL] = { "an e-mail address", email_is_valid },
	[RULE_PHONE] = { "nine or ten digits, or ###-###-####", phone_is_valid },
	[RULE_SSN] = { "######### or ###-##-####", ssn_is_valid },
	[RULE_IPV4] = { "an IPv4 address such as 192.168.1.139", ipv4_is_valid },
	[RULE_URL] = { "a URL with http:// or https://", url_is_valid },
	[RULE_UUID] = { "a UUID", uuid_is_valid },
	[RULE_PARTIES] = { "the ids of all parties", NULL },
};

const char *rule_allowed_text(struct arena *arena, const struct field_rule *rule)
{
	if (plain_rules[rule->kind].allowed)
		return plain_rules[rule->kind].allowed;
	switch (rule->kind) {
	case RULE_LENGTH:
		return integer_range(arena, rule, "character");
	case RULE_CHARACTERS:
		return allowed_characters(arena, rule);
	case RULE_PATTERN:
		return *rule->meaning ? rule->meaning : arena_printf(arena, "a text that matches %s", rule->pattern);
	case RULE_ONE_OF:
		return join_words(arena, rule->words, rule->word_count, WORDS_NAMED, "or");
	case RULE_COUNTRY:
		return country_forms_text(arena, rule);
	case RULE_SUBDIVISION:
		return arena_printf(arena, "an ISO 3166-2 subdivision of the country in %s, such as SP or BR-SP",
				    rule->referenced_field);
	case RULE_DATE:
		return rule->must_not_be_future ? "a date as YYYY-MM-DD, not after today" : "a date as YYYY-MM-DD";
	case RULE_AGE:
		return integer_range(arena, rule, "year");
	case RULE_DECIMAL:
		return decimal_range(arena, rule, "a decimal number");
	case RULE_INTEGER:
		return decimal_range(arena, rule, "a whole number");
	case RULE_CHECK_DIGITS:
		return check_scheme_title(rule->scheme);
	case RULE_DOCUMENT:
		return arena_printf(arena, "the id of a ready document of type %s",
				    join_words(arena, rule->words, rule->word_count, WORDS_NAMED, "or"));
	case RULE_LIST:
		return integer_range(arena, rule, "element");
	case RULE_AT_LEAST_ONE:
		return rule->word_count
			       ? arena_printf(arena, "at least one element with %s %s", rule->referenced_field,
					      join_words(arena, rule->words, rule->word_count, WORDS_NAMED, "or"))
			       : arena_printf(arena, "at least one element with %s", rule->referenced_field);
	default:
		return "";
	}
}

static const char *condition_text(struct arena *arena, const struct rule_condition *condition)
{
	bool is = condition->kind == CONDITION_IS || condition->kind == CONDITION_COUNTRY_IS;

	if (condition->kind == CONDITION_PRESENT)
		return arena_printf(arena, "%s is %s", condition->field,
				    condition->word_count && !strcmp(condition->words[0], "true") ? "given"
												  : "not given");
	return arena_printf(arena, "%s is %s%s", condition->field, is ? "" : "not ",
			    join_words(arena, condition->words, condition->word_count, WORDS_NAMED, "or"));
}

const char *rule_when_text(struct arena *arena, const struct field_rule *rule)
{
	const char *text = "";

	for (size_t i = 0; i < rule->when_count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " and " : "when ",
				    condition_text(arena, &rule->when[i]));
	return text;
}

const struct field_rule *field_rule_find(const struct field_spec *spec, enum rule_kind kind)
{
	return ITEM_WITH_NUMBER(spec->rules, spec->rule_count, kind, kind);
}
