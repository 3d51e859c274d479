/*
 * Consistency: the value under the seed's own name and the member in the profile's `from` must agree. Forms may
 * differ: capitals, a country's codes, "SP" and "BR-SP", the points in a number.
 */
#include "kybdesk/base/decimal.h"
#include "rules_parts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool has_rule(const struct field_spec *spec, enum rule_kind kind)
{
	for (size_t i = 0; i < spec->rule_count; i++) {
		if (spec->rules[i].kind == kind)
			return true;
	}
	return false;
}

static const char *next_sign(const char *text)
{
	while (*text && !isalnum((unsigned char)*text) && !((unsigned char)*text & 0x80))
		text++;
	return text;
}

/* Letters and digits only: "42.731.085/0001-67" is 42731085000167. */
static bool same_number(const char *left, const char *right)
{
	for (left = next_sign(left), right = next_sign(right); *left && *right;
	     left = next_sign(left + 1), right = next_sign(right + 1)) {
		if (toupper((unsigned char)*left) != toupper((unsigned char)*right))
			return false;
	}
	return !*left && !*right;
}

static bool same_decimal(const char *left, const char *right)
{
	struct decimal *a = decimal_new(), *b = decimal_new();
	bool same = decimal_parse(a, left) && decimal_parse(b, right) && !decimal_compare(a, b);

	decimal_free(b);
	decimal_free(a);
	return same;
}

static bool same_subdivision(const char *left, const char *right)
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
	if (has_rule(spec, RULE_DECIMAL))
		return same_decimal(left, right);
	if (has_rule(spec, RULE_CHECK_DIGITS))
		return same_number(left, right);
	if (has_rule(spec, RULE_SUBDIVISION))
		return same_subdivision(left, right);
	country = has_rule(spec, RULE_COUNTRY) || spec->store == STORE_ALPHA3 ? inspection_country(inspection, left)
									      : NULL;
	return country && country == inspection_country(inspection, right);
}

/* False for a party with several shares, because the seed's field does not name the owned company. */
static bool is_comparable(const struct inspection *inspection, const char *source)
{
	const struct party *party = inspection->party;

	if (strcmp(source, "party.ownership_percent") != 0)
		return true;
	return party && party->share_count == 1 && !*party->shares[0].of_party_id;
}

bool sources_agree(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		   struct verdict *verdict)
{
	const struct value *own = value_member(scope->object, spec->id);
	const struct value *other = NULL;
	const char *where = "";

	if (value_is_empty(own) || own->kind != VALUE_TEXT)
		return true;
	for (size_t i = 0; i < spec->from_count; i++) {
		const struct value *value = source_value(inspection, spec->from[i]);

		if (value_is_empty(value) || value->kind != VALUE_TEXT || !is_comparable(inspection, spec->from[i]))
			continue;
		if (has_same_meaning(inspection, spec, own->text, value->text))
			return true;
		if (!other) {
			other = value;
			where = spec->from[i];
		}
	}
	if (!other)
		return true;
	*verdict = (struct verdict){ .found = value_shown(inspection, spec, own),
				     .allowed = value_shown(inspection, spec, other),
				     .nearest = "" };
	verdict->problem =
		arena_printf(inspection->arena, "is %s, but %s is %s", verdict->found, where, verdict->allowed);
	return false;
}
