/*
 * What a judgement rests on (trust.md "Judgements rest on facts"): the facts as a canonical text, so that the store can
 * keep them beside the judgement and anybody can say later what changed, from what to what. Pure.
 *
 * A text is lines "key<TAB>value<LF>", in a fixed order, with \t, \n and \\ escaped in values. "" is no text at all: a
 * judgement with it cannot show what it rests on. SHA-256 of the text is its short form, in audit log and screens.
 */
#ifndef KYBDESK_DOMAIN_FACTS_H
#define KYBDESK_DOMAIN_FACTS_H

#include "kybdesk/domain/duplicate.h"
#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

enum judgement_kind {
	JUDGEMENT_DOCUMENT,	   /* a document was accepted */
	JUDGEMENT_PARTY_KYC,	   /* a party is verified by its KYC */
	JUDGEMENT_PARTY_ELSEWHERE, /* a party is verified elsewhere */
	JUDGEMENT_HIT,		   /* a hit was resolved */
	JUDGEMENT_HIT_ACCEPTED,	   /* a confirmed hit was accepted */
	JUDGEMENT_WAIVER,	   /* a check was waived */
	JUDGEMENT_DUPLICATE,	   /* a duplicate was dismissed */
	JUDGEMENT_GAP,		   /* undeclared ownership was explained */
	JUDGEMENT_CORRECTION	   /* a correction was accepted */
};
#define JUDGEMENT_KIND_COUNT 9
TYPES_DECLARE(judgement_kind); /* "document" "party_kyc" … */

/* What the facts of a case are read with, beside the case itself. */
struct facts_of {
	const struct profile *profile;
	struct duplicate *duplicates; /* NULL: not asked for */
	size_t duplicate_count;
};

/* Who a subject is: as a KYC's approval keeps it. */
const char *facts_subject(struct arena *arena, const struct subject *subject);
/* In what a party and the subject of its KYC session are not the same, letter by letter: bits 1 << enum person_fact. */
enum person_fact { PERSON_NAME, PERSON_COUNTRY, PERSON_BORN, PERSON_REGISTRATION, PERSON_TAX };
#define PERSON_FACT_COUNT 5
unsigned facts_kyc_differs(const struct party *party);
/* Whether a check looked at who is there now; *changed says what is different, "" when it did. */
bool facts_about_holds(struct arena *arena, const struct case_file *file, const struct check *check,
		       const char **changed);

/* "the subject's name: Harbour Lane Ltd → Harbour Lane Trading Ltd; …", "" when both say the same. Birth dates,
 * tax numbers, answers and details are masked. `before` "" : NULL, nothing can be compared. */
const char *facts_changed(struct arena *arena, const char *before, const char *now);
/* Each fact of both, side by side, in the order of what is there now; masked likewise. Returns how many. */
struct facts_line {
	const char *title;	  /* "the subject's name" */
	const char *before, *now; /* "nothing" where one says nothing */
	bool same, hidden;	  /* hidden: they differ in what is not shown */
};
size_t facts_side_by_side(struct arena *arena, const char *before, const char *now, struct facts_line **out);
/* The SHA-256 of a text in hexadecimal; "" of none. */
const char *facts_sha256(struct arena *arena, const char *facts);

/* One judgement of a case that counts for its approval as long as it stands. */
struct judgement {
	enum judgement_kind kind;
	const char
		*ref; /* id of the document, party, hit, duplicate, correction; a check's kind; "" the ownership */
	const char *what;  /* "The acceptance of NUMBER (number.pdf) by rita" */
	const char *by;	   /* "" nobody knows */
	int64_t at;	   /* TIME_NONE nobody knows */
	const char *basis; /* as it was stored; "" cannot be shown */
	const char *facts; /* as they are now */
	const char *now;   /* as much of them as the basis is of: the approval of a KYC is of its subject alone */
	bool valid;
	const char *changed; /* what changed; "" while it stands, and where there is no basis */
	/* It no longer counts whoever confirms it: why, and what to do. "" where it can be confirmed. */
	const char *refused;
	enum role role;	     /* who may give it, and confirm it */
	size_t index, inner; /* of the part in the case; of the hit in its check */
};
struct judgements {
	struct judgement *items;
	size_t count, capacity;
};
/* All of them, whether they stand or not, in the order of their kinds. */
void judgements_list(struct arena *arena, const struct case_file *file, const struct facts_of *of,
		     struct judgements *out);
/* Says of every part of the case, and of every duplicate, whether what was judged of it stands. */
void judgements_mark(struct arena *arena, struct case_file *file, const struct facts_of *of);
/* Gives every judgement that can be confirmed the facts of this moment as its basis: a case that arrives, said to have
 * been judged. Marks nothing. */
void judgements_take(struct arena *arena, struct case_file *file, const struct facts_of *of);
/* Sets the basis of one judgement to its facts. */
void judgement_take(struct case_file *file, const struct facts_of *of, const struct judgement *judgement);

/* One judgement's facts, for whoever gives it. */
const char *facts_document(struct arena *arena, const struct case_file *file, const struct facts_of *of,
			   const struct document *document);
const char *facts_elsewhere(struct arena *arena, const struct party *party);
const char *facts_hit(struct arena *arena, const struct case_file *file, const struct check *check,
		      const struct hit *hit);
const char *facts_waiver(struct arena *arena, const struct check *check);
const char *facts_duplicate(struct arena *arena, const struct session *session, const struct duplicate *duplicate);
const char *facts_gap(struct arena *arena, const struct case_file *file, const struct profile *profile);
const char *facts_correction(struct arena *arena, const struct case_file *file,
			     const struct correction *correction);

/* The document that the party's field names, where the profile has one with the rule "document": of a type that the
 * rule allows, and not replaced. NULL: none. Other texts of the party are not looked at. */
const struct document *party_identification(const struct case_file *file, const struct profile *profile,
					    const struct party *party);
/* Why that does not identify this one person, as the rest of a sentence; "" when it does. The case is marked. */
const char *party_identification_fault(const struct case_file *file, const struct profile *profile,
				       const struct party *party);

#endif
