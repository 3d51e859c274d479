/* The rules engine: checks a case, a step, a party or a request body against the field rules of its profile
 * (domain/field.h). Pure: no clock, no store.
 *
 * The values of a case must be parsed (codec/value_codec.h, case_values_parse()). An unparsed step or party counts as
 * empty, so that a forgotten call blocks an approval instead of allowing it. */
#ifndef KYBDESK_DOMAIN_RULES_H
#define KYBDESK_DOMAIN_RULES_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/domain/value.h"

struct rules_input {
	const struct case_file *file;
	const struct profile *profile;
	const struct countries *countries; /* NULL: checks only the form of country and subdivision codes */
	const char *today;		   /* YYYY-MM-DD, for ages */
	bool partial;			   /* an update: absent fields are unchanged, so no field is required */
	bool is_in_progress;		   /* the client is still working: lists may be incomplete */
};

struct rule_failure {
	const char *path;	  /* "steps.company.numberOfEmployees", "parties[1].taxIdNumber" */
	const char *rule;	  /* such as "one_of"; other checks: "type", "double_sided", "roles", "control_roles" */
	const char *found_text;	  /* such as "'12'", "7 characters" or "nothing"; personal data masked */
	const char *allowed_text; /* "1-10, 11-50 or 1001+" */
	const char *message;	  /* one sentence with the field's name, the found value and the allowed values */
	const char *sentence;	  /* the sentence about the failure in source_document, word for word; "": none */
	const char *source_document; /* name of the published text that defines the rule; "": none */
};
struct rule_failures {
	struct rule_failure *items;
	size_t count, capacity;
};

#define RULE_FAILURES_MAX 500 /* approximate maximum; a hostile list could cause millions of failures */

/* Checks the steps in the order of the profile, then the parties and documents in the order of the case. Adds the
 * failures to *out. */
void rules_check_case(struct arena *arena, const struct rules_input *input, struct rule_failures *out);
/* Checks the fields of one step from any source (a request body, a form). */
void rules_check_step(struct arena *arena, const struct rules_input *input, const struct step_spec *step,
		      const struct value *fields, struct rule_failures *out);
/* Checks one party, which may be new; index: the index of the party in the paths of failures, "parties[1]". */
void rules_check_party(struct arena *arena, const struct rules_input *input, const struct party *party, size_t index,
		       struct rule_failures *out);
/* Value of a step's field, from the step or from the profile's `from` sources; NULL: none. */
const struct value *rules_step_value(struct arena *arena, const struct rules_input *input, const char *step,
				     const char *field);

/* Whether all conditions hold for the case. Only for conditions on fields "steps. …" and "subject. …". */
bool rules_conditions_hold(struct arena *arena, const struct rules_input *input,
			   const struct rule_condition *conditions, size_t count);

/* The checks that this case needs, as bits of enum check_kind: the profile's required ones, except those with a
 * true optional_when. Without countries or with unparsed steps the conditions are unknown, and all required
 * checks count as needed. */
unsigned rules_required_check_bits(struct arena *arena, const struct rules_input *input);

/* Converts the text to the field's stored form (`store`); returns the same pointer if nothing changes. */
const char *field_normalize(struct arena *arena, const struct field_spec *field, const struct countries *countries,
			    const char *text);

#endif
