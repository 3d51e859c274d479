/* The facts that a judgement rests on, as a canonical text: the store keeps the text with the judgement, so that a
 * later change of a fact is shown with the old and the new value. Pure.
 *
 * A text consists of lines "key<TAB>value<LF>" in a fixed order, with \t, \n and \\ escaped in values. "" means no
 * facts: a judgement without facts cannot be checked. The audit log and the screens show the SHA-256 of the text.
 */
#ifndef KYBDESK_DOMAIN_FACTS_H
#define KYBDESK_DOMAIN_FACTS_H

#include "kybdesk/domain/duplicate.h"
#include "kybdesk/domain/profile.h"

#define JUDGEMENT_KIND_WORDS(X)                                                                                        \
	X(JUDGEMENT_DOCUMENT, "document")		/* a document was accepted */                                  \
	X(JUDGEMENT_PARTY_KYC, "party_kyc")		/* a party is verified by its KYC */                           \
	X(JUDGEMENT_PARTY_ELSEWHERE, "party_elsewhere") /* a party is verified elsewhere */                            \
	X(JUDGEMENT_HIT, "hit")				/* a hit was resolved */                                       \
	X(JUDGEMENT_HIT_ACCEPTED, "hit_accepted")	/* a confirmed hit was accepted */                             \
	X(JUDGEMENT_WAIVER, "waiver")			/* a check was waived */                                       \
	X(JUDGEMENT_DUPLICATE, "duplicate")		/* a duplicate was dismissed */                                \
	X(JUDGEMENT_GAP, "gap")				/* undeclared ownership was explained */                       \
	X(JUDGEMENT_CORRECTION, "correction")		/* a correction was accepted */
#define JUDGEMENT_KIND_COUNT WORDS_COUNT(JUDGEMENT_KIND_WORDS)
WORDS_DECLARE(judgement_kind, JUDGEMENT_KIND_WORDS);

/* Inputs in addition to the case itself. */
struct facts_input {
	const struct profile *profile;
	struct duplicate *duplicates; /* NULL: not loaded */
	size_t duplicate_count;
};

/* The trade name in a step of the case, if it differs (folded) from the name of the subject; "" otherwise. The
 * acceptance of a document that shows the name confirms that both names belong to one company, so both names are
 * facts of the acceptance. */
const char *facts_trade_name(const struct case_file *file);
bool document_must_show_name(const struct profile *profile, const struct document *document);

/* Facts that identify a subject; every approval stores these facts. */
const char *facts_subject(struct arena *arena, const struct subject *subject);
/* Differences between a party and the subject of its KYC session, compared exactly: bits 1 << enum person_fact. */
enum person_fact { PERSON_NAME, PERSON_COUNTRY, PERSON_BORN, PERSON_REGISTRATION, PERSON_TAX };
#define PERSON_FACT_COUNT 5
unsigned facts_kyc_difference_bits(const struct party *party);

/* The changes, such as "the subject's name: Harbour Lane Ltd → Harbour Lane Trading Ltd; …"; "": none. Birth dates,
 * tax numbers, answers and details are masked. NULL if `before` is "" (not comparable). */
const char *facts_changes_text(struct arena *arena, const char *before, const char *now);
struct facts_line {
	const char *title;	      /* "the subject's name" */
	const char *before, *current; /* "nothing" if absent */
	bool same, hidden;	      /* hidden: the difference is masked */
};
/* Pairs the two lists of facts: first the facts of `now`, in their order, then the facts that only `before` has.
 * Masked as in facts_changes_text(). Returns the number of pairs. */
size_t facts_compare(struct arena *arena, const char *before, const char *now, struct facts_line **out);
/* The SHA-256 of a text in hexadecimal; "" if the text is "". */
const char *facts_sha256(struct arena *arena, const char *facts);

/* A judgement of a case; it counts for an approval as long as it is valid. */
struct judgement {
	enum judgement_kind kind;
	const char *ref; /* id of the document, party, hit, duplicate or correction; kind of a check; "": ownership */
	const char *description; /* such as "The acceptance of NUMBER (number.pdf) by rita" */
	const char *by;		 /* "": unknown */
	int64_t at;		 /* TIME_NONE: unknown */
	const char *basis;	 /* facts as stored; "": unknown */
	const char *facts;	 /* facts now */
	/* the part of `facts` to compare with `basis`: if `basis` is from the approval of a KYC, only its subject */
	const char *comparable_facts;
	bool valid;
	const char *change_text; /* the change of the facts; "" if the judgement is valid, or has no basis */
	/* Why the judgement cannot be confirmed again, and the fix; "": the judgement can be confirmed. */
	const char *confirm_refusal;
	enum role role;		 /* minimum role to make and confirm the judgement */
	size_t index, hit_index; /* index of the part in the case; hit_index: index of the hit in its check */
};
struct judgements {
	struct judgement *items;
	size_t count, capacity;
};
/* All judgements, valid or not, in the order of their kinds. */
void judgements_list(struct arena *arena, const struct case_file *file, const struct facts_input *of,
		     struct judgements *out);
/* Sets the validity of the judgements on every part of the case, and on every duplicate. */
void judgements_set_standings(struct arena *arena, struct case_file *file, const struct facts_input *of);
/* Sets the basis of one judgement to its facts. Sets no validity: call judgements_set_standings() afterwards. */
void judgement_set_basis(struct case_file *file, const struct facts_input *of, const struct judgement *judgement);

/* The functions below return the facts of one judgement, which the store keeps with the judgement. */
const char *facts_document(struct arena *arena, const struct case_file *file, const struct facts_input *of,
			   const struct document *document);
const char *facts_pair(struct arena *arena, const struct party *left, const struct party *right); /* in either order */
const char *facts_external_verification(struct arena *arena, const struct party *party);
const char *facts_hit(struct arena *arena, const struct case_file *file, const struct check *check,
		      const struct hit *hit);
const char *facts_waiver(struct arena *arena, const struct check *check);
/* The person that the result is about, as it is now; "": unknown, or removed from the case. */
const char *facts_result(struct arena *arena, const struct case_file *file, const struct result *result);
const char *facts_duplicate(struct arena *arena, const struct session *session, const struct duplicate *duplicate);
const char *facts_gap(struct arena *arena, const struct case_file *file, const struct profile *profile);
const char *facts_correction(struct arena *arena, const struct case_file *file, const struct correction *correction);

/* The identity document of the party: the profile's party field with the rule "document" names it; its type is
 * allowed, and it was not replaced. NULL: none. */
const struct document *party_identity_document(const struct case_file *file, const struct profile *profile,
					       const struct party *party);
/* Whether party_identity_document() is this document; asks for no other document, and so is cheap for each party. */
bool document_identifies(const struct document *document, const struct profile *profile, const struct party *party);
/* Why the document of party_identity_document() does not identify this person, as the end of a sentence; "": it
 * identifies the person. Call judgements_set_standings() first. */
const char *party_identity_document_fault(const struct case_file *file, const struct profile *profile,
					  const struct party *party);

#endif
