/*
 * A hit as a card (workbench.md "Evidence on the screen"): what the list says of its entry beside what the case says of the
 * one whom the hit names, field by field, each with how alike they are. It helps the eye, and decides nothing. Pure.
 *
 * What the list says is the hit's name, and these members of its detail, each a text, a number, or a list of them:
 *   aliases aka also_known_as other_names weak_aliases
 *   date_of_birth dates_of_birth birth_date dob year_of_birth; founded_on incorporated_on
 *   country countries nationality nationalities citizenship
 *   tax_id registration_number national_id id_number passport_number passport document_number lei imo identifiers
 *   list_version version list_date as_of published; entry_id entry reference
 *   party: the id of the party whom the entry was found for
 * Whatever else the detail says stands below, by its own names.
 */
#ifndef KYBDESK_DOMAIN_HIT_CARD_H
#define KYBDESK_DOMAIN_HIT_CARD_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/session.h"

/* Whom a hit names. */
enum named_by {
	NAMED_BY_REPORT, /* by its id, in the hit or in the report of its check */
	NAMED_BY_NAME,	 /* nobody else of the case has a name so much like the entry's */
	NAMED_BY_NOBODY	 /* nobody has such a name: the subject */
};
struct hit_named {
	enum named_by by;
	const struct case_file *file; /* the session that says who it is */
	const struct party *party;    /* of that one; NULL: its subject */
};
/* Among the subject and the parties of one session, whose values are parsed (case_values_parse()). */
struct hit_named hit_named_in(const struct case_file *file, const struct check *check, const struct hit *hit);

enum likeness {
	LIKE_UNKNOWN, /* one of the two says nothing, or nothing that can be compared */
	LIKE_SAME,    /* accents, case and the order of a person's names set aside */
	LIKE_CLOSE,   /* a shorter or misspelt name, a date as far as it is known */
	LIKE_DIFFERENT
};
enum card_what { CARD_NAME, CARD_BORN, CARD_FOUNDED, CARD_COUNTRY, CARD_NUMBERS };
#define CARD_WHAT_COUNT 5
struct card_line {
	enum card_what what;
	enum likeness like;
	const char *listed, *ours; /* "" nothing is said */
};
struct hit_card {
	struct hit_named named;
	const char *name; /* of whom it names */
	bool of_person;
	struct card_line lines[CARD_WHAT_COUNT]; /* of which one side at least says something; the name always */
	size_t line_count;
	const char *others;	  /* who else of that session has a name like the entry's, "" nobody */
	const char *list_version; /* "" not said */
	const char *entry;	  /* the list's own name for it, "" not said */
	const char *more;	  /* what else the detail says, "" nothing */
	bool personal;		  /* some of it is masked until it is revealed */
};
struct card_of {
	const struct countries *countries;
	const struct case_file *const
		*files; /* the sessions of the case, the hit's own first; all parsed and unmasked */
	size_t file_count;
	const struct check *check; /* of the first */
	const struct hit *hit;
	bool masked; /* personal values are hidden; how alike they are is said of the values themselves */
};
/* What was said of the same entry before: the same name on the same list. */
struct hit_ruling {
	const char *session_id, *external_ref,
		*subject_name; /* "" a case of another merchant, which is never named */
	int64_t merchant_row;
	enum hit_state state;
	const char *reason, *by;
	int64_t at;
};

/* Texts are in the arena, or the case's. */
void hit_card_make(struct arena *arena, const struct card_of *of, struct hit_card *out);

#endif
