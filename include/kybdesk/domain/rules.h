/*
 * The rules engine: holds a case, a step, a party or the body of a request
 * against the field rules of its profile (domain/field.h). Pure: no clock, no store.
 *
 * The values of a case come parsed (codec/value_codec.h, case_values_parse()). A step or party whose values were not
 * parsed counts as empty, so that a forgotten call blocks an approval instead of letting it pass.
 */
#ifndef KYBDESK_DOMAIN_RULES_H
#define KYBDESK_DOMAIN_RULES_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"
#include "kybdesk/domain/value.h"

struct rules_input {
	const struct case_file *file;
	const struct profile *profile;
	const struct countries
		*countries; /* NULL: codes of countries and subdivisions are checked for their shape only */
	const char *today;  /* YYYY-MM-DD, for ages */
	bool partial;	    /* an update: what is left out stays as it is, so nothing is required */
	bool begun;	    /* a client is not done with it: a list may lack entries, too */
};

struct rule_failure {
	const char *path; /* "steps.company.numberOfEmployees", "parties[1].taxIdNumber" */
	const char *rule; /* "one_of"; "type", "double_sided", "roles", "control_roles" for what is no field rule */
	const char *found;    /* "'12'", "7 characters", "nothing"; personal data masked */
	const char *allowed;  /* "1-10, 11-50 or 1001+" */
	const char *message;  /* all of it in one sentence, with the field's name */
	const char *sentence; /* the seed's own, or "" */
	const char *seed;     /* which one, or "" */
};
struct rule_failures {
	struct rule_failure *items;
	size_t count, capacity;
};

#define RULE_FAILURES_MAX 500 /* about so many are found; nobody reads more, and a hostile list has millions */

/* Every step, party and document of the case, in the order of the profile, then of the case. Adds to *out. */
void rules_check_case(struct arena *arena, const struct rules_input *input, struct rule_failures *out);
/* The fields of one step, wherever they come from (the body of a request, a form). */
void rules_check_step(struct arena *arena, const struct rules_input *input, const struct step_spec *step,
		      const struct value *fields, struct rule_failures *out);
/* One party, also one that is not in the case yet; index is its place in paths. */
void rules_check_party(struct arena *arena, const struct rules_input *input, const struct party *party,
		       size_t index, struct rule_failures *out);
/* What a field of a step says, in the step or where the profile's `from` says; NULL nothing. */
const struct value *rules_step_value(struct arena *arena, const struct rules_input *input, const char *step,
				     const char *field);
/* Whether any rule of the profile would be asked at all. */
bool rules_exist(const struct profile *profile);

/* Whether the conditions hold for the case as a whole: "steps. …" and "subject. …" only. */
bool rules_conditions_hold(struct arena *arena, const struct rules_input *input,
			   const struct rule_condition *conditions, size_t count);

/* The checks that this case needs, as bits of enum check_kind: the profile's required ones without those whose
 * optional_when holds. Without countries, or while a step's values are not parsed, nobody can tell: then all of them. */
unsigned checks_required(struct arena *arena, const struct rules_input *input);

/* How a text is stored under the field's `store`; the text itself when nothing changes. */
const char *field_stored(struct arena *arena, const struct field_spec *field, const struct countries *countries,
			 const char *text);

#endif
