/*
 * A related party as somebody types it: in a form, as options of a command. Everything that is wrong with it comes
 * out at once, each beside its field. Pure.
 */
#ifndef KYBDESK_DOMAIN_PARTY_INPUT_H
#define KYBDESK_DOMAIN_PARTY_INPUT_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

struct party_input {
	const char *name;
	enum party_kind kind;					      /* never changes later */
	unsigned roles;						      /* bits; of an edit 0: as it is */
	const char *control_role, *percent, *country, *date_of_birth; /* "" none */
	const char *owner_of; /* another party's id or unique prefix; "" the subject */
	const char *tax_id, *registration_number, *email, *phone;
	/* A text may also be NULL: none for a new party, as it is for an edit. */
};

struct party_problem {
	const char *
		field; /* "name" "role" "control_role" "percent" "country" "birth" "owner_of" "email" …; "" all of it */
	const char *message;
	bool warning; /* it is taken, but the case could not be approved with it */
};
struct party_problems {
	struct party_problem *items;
	size_t count, capacity;
};
/* self: the party that is edited, NULL for a new one. today: YYYY-MM-DD. Adds to *out in the order of a form. */
void party_input_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
		       const struct countries *countries, const char *today, const struct party *self,
		       const struct party_input *input, struct party_problems *out);
/* The party that a reference names: its id, or a prefix of four or more characters that only one has. NULL none or
 * several. */
const struct party *party_by_reference(const struct case_file *file, const char *reference);
/* Gives *out the shares that an edit makes of self's (NULL: of none): NULL texts keep what is there. A sentence when it is
 * not clear which share is meant, else NULL. The array is the arena's; out may be self. */
const char *party_input_shares(struct arena *arena, const struct case_file *file, const struct party *self,
			       const struct party_input *input, struct party *out);
/* Whether owning `owned` (NULL: the subject) would make the party an owner of itself. */
bool party_would_circle(const struct case_file *file, const struct party *self, const struct party *owned);

#endif
