/* Whether two descriptions are of the same person or company. A value that contradicts never counts as agreement:
 * two numbers of one register, two tax ids, two birth dates. An equal strong value beside a contradiction makes the
 * answer "unsure", so that one wrong digit hides nobody. Pure. */
#ifndef KYBDESK_DOMAIN_IDENTITY_H
#define KYBDESK_DOMAIN_IDENTITY_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/session.h"

enum identity_answer { IDENTITY_OTHER, IDENTITY_UNSURE, IDENTITY_SAME };

/* Texts are never NULL; "": unknown. */
struct identity {
	enum party_kind kind;
	const char *name, *country; /* country: alpha-3 */
	const char *date_of_birth;  /* of a person: "1984", "1984-05" or "1984-05-26" */
	const char *registration_number, *lei, *tax_id;
};
struct identity identity_of_party(const struct party *party);
struct identity identity_of_subject(const struct subject *subject);

enum identity_answer identity_compare(const struct identity *left, const struct identity *right);
/* Of two parties of a case: the answer that a reviewer gave (verbs PARTY_SAME and PARTY_OTHER) while both are as they
 * were then; otherwise identity_compare(). */
enum identity_answer identity_compare_parties(const struct party *left, const struct party *right);
/* Appends the answer, with a hash of all that identity_compare() reads, to party->pair_answers. Replaces earlier ones. */
void identity_add_answer(struct arena *arena, struct party *party, const struct party *other,
			 enum identity_answer answer);
/* A line of party->pair_answers, and the change of the line about the other party; line "": removes it. */
const char *identity_answer_line(struct arena *arena, const char *other_id, const char *word, const char *facts_hash);
void identity_set_answer(struct arena *arena, struct party *party, const char *other_id, const char *line);
/* Whether both are one name, spelled in two ways: case, punctuation, spaces, marks, letters that look alike, and
 * the ways to transliterate it (data/names/letters.txt) do not count. Of a person the words may begin with any; of a
 * company the way its legal form (ISO 20275) and its conjunctions are written does not count. */
bool identity_names_agree(enum party_kind kind, const char *left, const char *right);
bool identity_numbers_agree(const char *left, const char *right); /* by text_number_key(); false for "" */
/* Appends the key by which an index finds the subjects to compare: all spellings of one name, in every script, have one
 * key. Of a company it begins with the country. Of a person it is weak, and ends with the birth date as it is known:
 * " 1984-05". Appends nothing for a company without a name and a person without a birth date. */
void identity_add_key(struct strbuf *out, const struct identity *identity);

#endif
