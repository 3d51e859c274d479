/* A related party as typed in a form or as command options. All faults are reported at once, each with its field.
 * Pure. */
#ifndef KYBDESK_DOMAIN_PARTY_INPUT_H
#define KYBDESK_DOMAIN_PARTY_INPUT_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

struct party_input {
	const char *name;
	enum party_kind kind; /* never changes later */
	unsigned roles;	      /* bits of enum party_role; in an edit 0: unchanged */
	const char *control_role, *percent, *country, *date_of_birth; /* "": none */
	const char *owned_party; /* another party's id or unique prefix; "": the subject */
	bool is_exact;		 /* the share is a number, not a range (domain/percent_range.h): the client knows it */
	const char *tax_id, *registration_number, *email, *phone;
	/* Each text above may be NULL: the member is absent (new party) or unchanged (edit). */
};

/* An approved KYC session of the same merchant, for a person with the party's name, birth date and country. */
struct party_candidate {
	int64_t row;
	const char *id, *external_ref, *workflow, *name, *country, *date_of_birth, *approved_by;
	const char *parent_id, *parent_name; /* the case for which the session was opened; "": none */
	int64_t approved_at;
	bool has_required_workflow; /* the session has the workflow that the case requires for parties */
};
struct party_candidates {
	struct party_candidate *items;
	size_t count;
};

struct party_problem {
	const char *field; /* "name" "role" "control_role" "percent" "country" "owner_of" "email" …; "": none */
	const char *message;
	bool is_warning; /* accepted, but blocks an approval */
};
struct party_problems {
	struct party_problem *items;
	size_t count, capacity;
};
/* self: the edited party, NULL for a new one. today: YYYY-MM-DD. Adds the faults to *out, in form order. */
void party_input_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
		       const struct countries *countries, const char *today, const struct party *self,
		       const struct party_input *input, struct party_problems *out);
/* Sets the shares in *out after an edit of self (NULL: a new party); NULL texts keep the present values. Returns a
 * sentence if the changed share is ambiguous or has no percentage, else NULL. The array is in the arena; out may be
 * self. */
const char *party_input_apply_share(struct arena *arena, const struct case_file *file, const struct party *self,
				    const struct party_input *input, struct party *out);

#endif
