/* Inside the domain: the parts of the rules engine, by file. */
#ifndef DOMAIN_RULES_PARTS_H
#define DOMAIN_RULES_PARTS_H

#include "kybdesk/domain/rules.h"

struct inspection {
	struct arena *arena;
	const struct rules_input *input;
	struct rule_failures *out;
	const struct party *party; /* the one at hand, or NULL */
};

/* Fields that stand side by side: of a step, a party, an object, an element of a list. */
struct scope {
	const struct field_spec *specs;
	size_t count;
	const struct value *object;
	const struct scope *outer;
	const char *path;  /* "steps.addresses.addresses[0]" */
	const char *label; /* before the field's name in sentences: "Addresses 1", "Ines Duarte"; "" none */
};

/* rules_scope.c: where values come from. */
/* The field's own value, or what stands in for it; NULL when neither is there. */
const struct value *scope_value(struct inspection *inspection, const struct scope *scope,
				const struct field_spec *spec);
/* The value of a field by its id, here or further out, or of a source. */
const struct value *scope_find(struct inspection *inspection, const struct scope *scope, const char *name);
/* What a source says; NULL nothing. */
const struct value *source_value(struct inspection *inspection, const char *source);
bool rule_applies(struct inspection *inspection, const struct scope *scope, const struct field_rule *rule);
bool conditions_hold(struct inspection *inspection, const struct scope *scope, const struct rule_condition *when,
		     size_t count);
const struct country *inspection_country(const struct inspection *inspection, const char *text);

/* rules_apply.c: one rule on one value. Returns true when it holds; else fills what goes into the sentence. */
struct verdict {
	const char *problem; /* "is '12'", "has 7 characters" */
	const char *found;   /* "'12'" */
	const char *allowed;
	const char *nearest; /* "" none */
	const char *path;    /* NULL: the field's own; else an element of it */
};
bool rule_holds(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		const struct field_rule *rule, const struct value *value, struct verdict *verdict);
/* Whether a country is written as the rule has it: alpha-2, alpha-3 or by name. */
bool country_form_holds(const struct field_rule *rule, const struct country *country, const char *text);
/* Rules about the text of a value. */
bool rule_wants_text(enum rule_kind kind);
/* The value in a sentence: cut, quoted, masked when personal. */
const char *value_shown(struct inspection *inspection, const struct field_spec *spec, const struct value *value);

/* rules_truth.c: whether the field's own value and the member that its `from` names say the same. */
bool truth_holds(struct inspection *inspection, const struct scope *scope, const struct field_spec *spec,
		 struct verdict *verdict);

/* Whether the fields of the profile are asked of such a party. */
bool party_has_fields(const struct profile *profile, enum party_kind kind);

/* rules_text.c */
/* "1-10, 11-50 or 1001+" */
const char *words_joined(struct arena *arena, const char *const *words, size_t count, size_t most,
			 const char *conjunction);

#endif
