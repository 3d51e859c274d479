/* Private to the domain: the parts of the rules engine, by file. */
#ifndef DOMAIN_RULES_PARTS_H
#define DOMAIN_RULES_PARTS_H

#include "kybdesk/domain/rules.h"

struct inspection {
	struct arena *arena;
	const struct rules_input *input;
	struct rule_failures *out;
	const struct party *party; /* party with the current fields; NULL: not the fields of a party */
};

/* Fields on one level: of a step, a party, an object, an element of a list. */
struct scope {
	const struct field_spec *specs;
	size_t count;
	const struct value *object;
	const struct scope *outer_scope;
	const char *path;  /* "steps.addresses.addresses[0]" */
	const char *label; /* prefix of the field's name in messages: "Addresses 1", "Ines Duarte"; "" if none */
};

/* rules_scope.c: where values come from. */
/* The field's own value, else the value of its first non-empty source; NULL: none. */
const struct value *scope_value(struct inspection *inspection, const struct scope *scope,
				const struct field_spec *spec);
/* The value of the field `name` on this level or an outer level, or else of the source `name`. */
const struct value *scope_find_value(struct inspection *inspection, const struct scope *scope, const char *name);
bool rule_applies(struct inspection *inspection, const struct scope *scope, const struct field_rule *rule);
bool conditions_hold(struct inspection *inspection, const struct scope *scope, const struct rule_condition *when,
		     size_t count);
/* Whether any value at `path` passes the test. A path consists of member names with dots between; "[]" after a
 * name means each element of the list: "addresses[].country". */
typedef bool value_test(const struct value *value, const void *context);
bool any_value_passes(struct arena *arena, const struct value *root, const char *path, value_test *test,
		      const void *context);
const struct country *inspection_find_country(const struct inspection *inspection, const char *text);

/* rules_apply.c: applies one rule to one value. rule_holds() returns true if the rule holds; otherwise it fills in
 * these details for the message. */
struct verdict {
	const char *problem; /* for example "is '12'" or "has 7 characters" */
	const char *found;   /* "'12'" */
	const char *allowed;
	const char *nearest_word; /* "" none */
	const char *path;	  /* path of the invalid element; NULL: the path of the field */
};
bool rule_holds(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		const struct field_rule *rule, const struct value *value, struct verdict *verdict);
/* Whether a country is in the rule's form: alpha-2, alpha-3 or name. */
bool country_format_is_allowed(const struct field_rule *rule, const struct country *country, const char *text);
/* Whether rules of this kind are about the text of a value. */
bool rule_tests_text(enum rule_kind kind);
/* The value in a sentence: cut, quoted, masked when personal. */
const char *value_display_text(struct inspection *inspection, const struct field_spec *spec, const struct value *value);

/* Whether the field's own value agrees with a source in its `from`. */
bool sources_agree(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		   struct verdict *verdict);

/* Whether the profile's fields apply to parties of this kind. */
bool party_has_fields(const struct profile *profile, enum party_kind kind);

/* rules_text.c: for each kind of rule, the text of the allowed values (NULL: the text differs by rule), and the
 * test of a value (NULL: the test needs more than the text of the value). */
extern const struct plain_rule {
	const char *allowed;
	bool (*holds)(const char *text);
} plain_rules[RULE_KIND_COUNT];

/* check_digits.c: the scheme in words, for example "a CPF: 11 digits, the last two of them check digits". */
const char *check_scheme_title(enum check_scheme scheme);

/* format.c */
/* The format ######### or ###-###-####; nine or ten digits, as in the examples of the seed
 * atelio-beneficial-owners. */
bool phone_is_valid(const char *text);
/* The format ######### or ###-##-#### (seed atelio-beneficial-owners). */
bool ssn_is_valid(const char *text);
/* Four numbers of 0 to 255 without leading zeros. */
bool ipv4_is_valid(const char *text);

#endif
