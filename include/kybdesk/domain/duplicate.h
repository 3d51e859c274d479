/* Another session that may be of the same applicant. Both sessions have the same number in the same country (also if it
 * is a registration number in one session and a tax id in the other), the same user, the same name with a common
 * owner or (of persons) birth date, or the same document (blocker duplicate_open). Plain data, filled by the store. */
#ifndef KYBDESK_DOMAIN_DUPLICATE_H
#define KYBDESK_DOMAIN_DUPLICATE_H

#include "kybdesk/domain/session.h"

#define SAME_REGISTRATION_NUMBER 1u
#define SAME_TAX_ID 2u
#define SAME_UID 4u	  /* the merchant's user */
#define SAME_OWNER 8u	  /* same name and country, and a party with the same name and birth date */
#define SAME_DOCUMENT 16u /* a document with the same bytes, of another subject */
/* The registration number of one session is the tax id of the other. Not set if both sessions also have the same
 * registration number, or the same tax id. */
#define SAME_CROSSWISE 32u
#define SAME_PERSON 128u /* of two users: name and birth date do not tell the persons apart */
#define SAME_PARTY                                                                                                     \
	256u /* a party of the case, and the other session's recognised subject; only this session shows it */
#define SAME_COUNT 8
/* Only in dismissed_same_bits: the reviewer found that both sessions have one applicant (verb DUPLICATE_LINK). */
#define SAME_APPLICANT 64u
extern const struct same_word {
	unsigned same_bits;
	const char *word, *title; /* word in JSON, title in sentences */
} same_words[SAME_COUNT];
/* The equal values in words, such as "registration number, tax id and document". */
const char *duplicate_reasons(struct arena *arena, unsigned same_bits);

struct duplicate {
	int64_t row;
	const char *id, *external_ref, *workflow, *parent_id;
	const char *merchant; /* the other session's merchant if it differs; "": the case's own merchant */
	enum session_status status;
	/* the other session's values, to compare with this session's */
	const char *name, *country, *registration_number, *tax_id, *date_of_birth, *incorporated_on, *uid;
	int64_t created_at, submitted_at;
	unsigned same_bits;	  /* bits above */
	const char *shared_parts; /* the owner and documents that both sessions have; part of `basis`; "": none */
	const char **rejections;  /* reasons of all rejections of the other session, including undone rejections */
	size_t rejection_count;
	bool is_of_owners; /* a duplicate only if the other is recognised, since owners have many companies */
	/* The desk has a fact against the other subject: a rejection for a restricted reason (domain/reason.h), a
	 * sanctions hit that nobody cleared, a suspicion that is open or filed. By the store without rejections and
	 * hit_case, completed by the desk. */
	bool is_recognised;
	bool is_kept;	  /* a suspicion of the other case is kept from the actor; set by the desk for leads */
	int64_t hit_case; /* a case with a sanctions hit that may name the other as its party; 0: none */
	/* "" and TIME_NONE: neither dismissed nor linked */
	const char *dismissed_by, *dismissed_reason;
	int64_t dismissed_at;
	unsigned dismissed_same_bits; /* `same_bits` at the time of the dismissal */
	const char *basis;	      /* facts behind the dismissal (domain/facts.h) */
	struct standing standing;
};
/* Whether a reviewer linked both sessions as one applicant; false if a reviewer decided that the applicants differ. */
bool duplicate_is_linked(const struct duplicate *duplicate);
/* Whether a reviewer has to judge the pair: the pair is neither dismissed nor linked, or values that differed at
 * the time of that judgement are equal now, or the facts behind the judgement have changed. */
bool duplicate_is_open(const struct duplicate *duplicate);
/* Whether only leads may see and dismiss the duplicate: another merchant's session, or a recognised subject's. Other roles see the blocker `held` in its place. */
bool duplicate_needs_lead(const struct duplicate *duplicate);
bool duplicate_is_shown(const struct duplicate *duplicate, enum role role);

#endif
