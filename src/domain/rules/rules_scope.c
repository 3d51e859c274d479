/* Finds the values for a rule: in the fields, in members of the subject or the party (the field's sources), or in
 * other steps. */
#include "rules_parts.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/domain/column.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *const sources[] = {
	"subject.kind",
	"subject.name",
	"subject.country",
	"subject.registration_number",
	"subject.tax_id",
	"subject.date_of_birth",
	"subject.incorporated_on",
	"subject.website",
	"subject.email",
	"subject.phone",
	"subject.address.street",
	"subject.address.street2",
	"subject.address.street3",
	"subject.address.city",
	"subject.address.state",
	"subject.address.zip_code",
	"subject.address.country",
	"party.kind",
	"party.name",
	"party.country",
	"party.date_of_birth",
	"party.tax_id",
	"party.registration_number",
	"party.email",
	"party.phone",
	"party.control_role",
	"party.ownership_percent",
	"party.address.street",
	"party.address.street2",
	"party.address.street3",
	"party.address.city",
	"party.address.state",
	"party.address.zip_code",
	"party.address.country",
};

const char *const *field_sources(size_t *count)
{
	*count = sizeof sources / sizeof sources[0];
	return sources;
}

static const struct value *make_text_value(struct inspection *inspection, const char *text)
{
	struct value *value;

	if (!text || !*text)
		return NULL;
	value = arena_alloc(inspection->arena, sizeof *value);
	*value = (struct value){ .kind = VALUE_TEXT, .text = text };
	return value;
}

static const struct value *subject_value(struct inspection *inspection, const char *name)
{
	const struct subject *subject = &inspection->input->file->session.subject;

	if (!strncmp(name, "address.", 8))
		return value_member(subject->address, name + 8);
	return make_text_value(inspection, subject_member(subject, name));
}

static const struct value *primary_address(const struct value *addresses)
{
	if (!addresses || addresses->kind != VALUE_LIST || !addresses->count)
		return NULL;
	for (size_t i = 0; i < addresses->count; i++) {
		const struct value *primary = value_member(&addresses->items[i], "is_primary");

		if (primary && primary->kind == VALUE_BOOL && primary->boolean)
			return &addresses->items[i];
	}
	return &addresses->items[0];
}

/* The percentage of the party's share in the subject itself; if the party has no such share, the percentage of its
 * first share. */
static const char *ownership_percent(const struct party *party)
{
	for (size_t i = 0; i < party->share_count; i++) {
		if (!*party->shares[i].owned_party_id)
			return party->shares[i].percent;
	}
	return party->share_count ? party->shares[0].percent : "";
}

static const struct value *party_value(struct inspection *inspection, const char *name)
{
	const struct party *party = inspection->party;

	if (!party)
		return NULL;
	if (!strncmp(name, "address.", 8))
		return value_member(primary_address(party->addresses), name + 8);
	return make_text_value(inspection, !strcmp(name, "ownership_percent")
						   ? ownership_percent(party)
						   : columns_text(&party_columns, party, name));
}

static const struct value *source_value(struct inspection *inspection, const char *source)
{
	const struct value *value = NULL;

	if (!strncmp(source, "subject.", 8))
		value = subject_value(inspection, source + 8);
	else if (!strncmp(source, "party.", 6))
		value = party_value(inspection, source + 6);
	return value_is_empty(value) ? NULL : value;
}

const struct value *scope_value(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec)
{
	const struct value *own = value_member(scope->object, spec->id);

	for (size_t i = 0; value_is_empty(own) && i < spec->source_count; i++) {
		const struct value *other = source_value(inspection, spec->sources[i]);

		own = other ? other : own;
	}
	return own;
}

const struct value *scope_find_value(struct inspection *inspection, const struct scope *scope, const char *name)
{
	for (; scope; scope = scope->outer_scope) {
		for (size_t i = 0; i < scope->count; i++) {
			if (!strcmp(scope->specs[i].id, name))
				return scope_value(inspection, scope, &scope->specs[i]);
		}
	}
	return source_value(inspection, name);
}

const struct country *inspection_find_country(const struct inspection *inspection, const char *text)
{
	const struct countries *countries = inspection->input->countries;

	return countries ? country_find(countries, text) : NULL;
}

struct condition_test {
	const struct inspection *inspection;
	const struct rule_condition *condition;
};

static bool is_same_country(const struct inspection *inspection, const char *text, const char *word)
{
	const struct country *country = inspection_find_country(inspection, text);

	return country ? country == inspection_find_country(inspection, word) : !strcmp(text, word);
}

static bool value_meets_condition(const struct value *value, const void *context)
{
	const struct condition_test *test = context;
	const struct rule_condition *condition = test->condition;
	const char *text = value->text ? value->text : "";
	bool of_country = condition->kind == CONDITION_COUNTRY_IS || condition->kind == CONDITION_COUNTRY_IS_NOT;

	if (value->kind == VALUE_BOOL)
		text = value->boolean ? "true" : "false";
	if (condition->kind == CONDITION_PRESENT)
		return !value_is_empty(value);
	for (size_t i = 0; i < condition->word_count; i++)
		if (of_country ? is_same_country(test->inspection, text, condition->words[i])
			       : !strcmp(text, condition->words[i]))
			return true;
	return false;
}

bool any_value_passes(struct arena *arena, const struct value *root, const char *path, value_test *test,
		      const void *context)
{
	while (root && *path) {
		if (!strncmp(path, "[]", 2)) {
			if (root->kind != VALUE_LIST)
				return false;
			for (size_t i = 0; i < root->count; i++) {
				if (any_value_passes(arena, &root->items[i], path + 2, test, context))
					return true;
			}
			return false;
		}
		if (*path == '.')
			path++;
		size_t length = strcspn(path, ".[");
		root = value_member(root, arena_strndup(arena, path, length));
		path += length;
	}
	return root && test(root, context);
}

static const struct value *step_values(const struct inspection *inspection, const char *id, size_t length)
{
	const struct step *step = case_step(inspection->input->file, arena_strndup(inspection->arena, id, length));

	return step ? step->values : NULL;
}

/* Whether any value of the condition's field satisfies the condition. */
static bool any_value_satisfies(struct inspection *inspection, const struct scope *scope,
				const struct rule_condition *condition)
{
	const struct condition_test test = { .inspection = inspection, .condition = condition };
	const struct value *value;
	const char *field = condition->field;
	size_t length;

	if (!strncmp(field, "steps.", 6)) {
		field += 6;
		length = strcspn(field, ".");
		return any_value_passes(inspection->arena, step_values(inspection, field, length), field + length,
					value_meets_condition, &test);
	}
	value = scope_find_value(inspection, scope, field);
	if (value)
		return value_meets_condition(value, &test);
	/* A path into a field on the same level: "addresses[].country". */
	length = strcspn(field, ".[");
	if (!field[length])
		return false;
	value = scope_find_value(inspection, scope, arena_strndup(inspection->arena, field, length));
	return any_value_passes(inspection->arena, value, field + length, value_meets_condition, &test);
}

static bool condition_holds(struct inspection *inspection, const struct scope *scope,
			    const struct rule_condition *condition)
{
	bool passes = any_value_satisfies(inspection, scope, condition);

	if (condition->kind == CONDITION_PRESENT)
		return passes == (condition->word_count && !strcmp(condition->words[0], "true"));
	return passes == (condition->kind == CONDITION_IS || condition->kind == CONDITION_COUNTRY_IS);
}

bool conditions_hold(struct inspection *inspection, const struct scope *scope, const struct rule_condition *when,
		     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!condition_holds(inspection, scope, &when[i]))
			return false;
	}
	return true;
}

bool rule_applies(struct inspection *inspection, const struct scope *scope, const struct field_rule *rule)
{
	return conditions_hold(inspection, scope, rule->when, rule->when_count);
}

/* Consistency: a field's own value must agree with a source in the profile's `from`. The forms of the two values
 * may differ: capitals, a country's codes, "SP" and "BR-SP", the points in a number. */

static const char *skip_separators(const char *text)
{
	while (*text && !isalnum((unsigned char)*text) && !((unsigned char)*text & 0x80))
		text++;
	return text;
}

/* Compares only letters and digits: "42.731.085/0001-67" equals 42731085000167. */
static bool is_same_number(const char *left, const char *right)
{
	for (left = skip_separators(left), right = skip_separators(right); *left && *right;
	     left = skip_separators(left + 1), right = skip_separators(right + 1)) {
		if (toupper((unsigned char)*left) != toupper((unsigned char)*right))
			return false;
	}
	return !*left && !*right;
}

static bool is_same_decimal(const char *left, const char *right)
{
	struct decimal *a = decimal_new(), *b = decimal_new();
	bool same = decimal_parse(a, left) && decimal_parse(b, right) && !decimal_compare(a, b);

	decimal_free(b);
	decimal_free(a);
	return same;
}

static bool is_same_subdivision(const char *left, const char *right)
{
	const char *long_one = strlen(left) > strlen(right) ? left : right;
	const char *short_one = long_one == left ? right : left, *dash = strchr(long_one, '-');

	return dash && !strcasecmp(dash + 1, short_one);
}

static bool has_same_meaning(const struct inspection *inspection, const struct field_spec *spec, const char *left,
			     const char *right)
{
	const struct country *country;

	if (!strcasecmp(left, right))
		return true;
	if (field_rule_find(spec, RULE_DECIMAL))
		return is_same_decimal(left, right);
	if (field_rule_find(spec, RULE_CHECK_DIGITS))
		return is_same_number(left, right);
	if (field_rule_find(spec, RULE_SUBDIVISION))
		return is_same_subdivision(left, right);
	country = field_rule_find(spec, RULE_COUNTRY) || spec->store == STORE_ALPHA3
			  ? inspection_find_country(inspection, left)
			  : NULL;
	return country && country == inspection_find_country(inspection, right);
}

/* False for a party with several shares, because the seed's field does not name the owned company. */
static bool is_source_comparable(const struct inspection *inspection, const char *source)
{
	const struct party *party = inspection->party;

	if (strcmp(source, "party.ownership_percent") != 0)
		return true;
	return party && party->share_count == 1 && !*party->shares[0].owned_party_id;
}

bool sources_agree(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		   struct verdict *verdict)
{
	const struct value *own = value_member(scope->object, spec->id);
	const struct value *other = NULL;
	const char *where = "";

	if (value_is_empty(own) || own->kind != VALUE_TEXT)
		return true;
	for (size_t i = 0; i < spec->source_count; i++) {
		const struct value *value = source_value(inspection, spec->sources[i]);

		if (value_is_empty(value) || value->kind != VALUE_TEXT ||
		    !is_source_comparable(inspection, spec->sources[i]))
			continue;
		if (has_same_meaning(inspection, spec, own->text, value->text))
			return true;
		if (!other) {
			other = value;
			where = spec->sources[i];
		}
	}
	if (!other)
		return true;
	*verdict = (struct verdict){ .found = value_display_text(inspection, spec, own),
				     .allowed = value_display_text(inspection, spec, other),
				     .nearest_word = "" };
	verdict->problem =
		arena_printf(inspection->arena, "is %s, but %s is %s", verdict->found, where, verdict->allowed);
	return false;
}
