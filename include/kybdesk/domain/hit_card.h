/* A hit as a card: compares the watchlist entry field by field with the party or subject that the hit names; each
 * field has a likeness. The card helps the reviewer and decides nothing. Pure.
 *
 * The values of the list entry come from the hit's name and from these members of the hit's detail. Each member is a
 * text, a number, or a list of texts and numbers:
 *   aliases aka also_known_as other_names weak_aliases
 *   date_of_birth dates_of_birth birth_date dob year_of_birth; founded_on incorporated_on
 *   country countries nationality nationalities citizenship
 *   tax_id registration_number national_id id_number passport_number passport document_number lei imo identifiers
 *   list_version version list_date as_of published; entry_id entry reference
 *   programme programmes program programs regime
 *   score_breakdown score_details: an object of numbers, the parts of the score
 *   articles article links link urls url sources: addresses, or objects with "url" (and "title"); never opened
 *   party: the id of the party that the entry was found for
 * Other members of the detail follow under their own names. */
#ifndef KYBDESK_DOMAIN_HIT_CARD_H
#define KYBDESK_DOMAIN_HIT_CARD_H

#include "kybdesk/domain/country.h"
#include "kybdesk/domain/session.h"

/* How the party or subject of a hit was found. */
enum naming_method {
	NAMED_BY_REPORT, /* by an id, which the hit or its check's report names */
	NAMED_BY_NAME,	 /* by the most similar name in the session */
	NAMED_BY_NOBODY	 /* no similar name; the hit is attributed to the subject */
};
struct hit_subject {
	enum naming_method method;
	const struct case_file *file; /* the session that describes the named party or subject */
	const struct party *party;    /* party in `file`; NULL: the subject of `file` */
};
/* Searches the subject and the parties of one session. The session's values must be parsed (case_values_parse()). */
struct hit_subject hit_find_subject(const struct case_file *file, const struct check *check, const struct hit *hit);

enum likeness {
	LIKENESS_UNKNOWN, /* a value is empty or cannot be compared */
	LIKENESS_SAME,	  /* ignoring accents, case and the order of a person's names */
	LIKENESS_CLOSE,	  /* a shorter or misspelt name, or an incomplete date that fits */
	LIKENESS_DIFFERENT
};
enum card_field { CARD_NAME, CARD_BORN, CARD_FOUNDED, CARD_COUNTRY, CARD_NUMBERS };
#define CARD_FIELD_COUNT 5
const char *card_field_title(enum card_field field); /* such as "birth date" */
struct card_line {
	enum card_field field;
	enum likeness likeness;
	const char *entry_value, *case_value; /* values of the list entry and of the case; "": none */
};
struct hit_card {
	struct hit_subject subject;
	const char *name; /* name of the party or subject */
	bool is_person;
	struct card_line lines[CARD_FIELD_COUNT]; /* fields with a value on at least one side, and always the name */
	size_t line_count;
	const char *similar_names;   /* other people of the session (subject, parties) with a similar name; "": none */
	const char *list_version;    /* "": unknown */
	const char *entry_id;	     /* id of the entry in the watchlist; "": unknown */
	const char *programme;	     /* "": unknown */
	const char *score_breakdown; /* such as "name 0.95, birth date 0.4"; "": unknown */
	const char **articles;	     /* "title: address"; NULL if masked, since they name people */
	size_t article_count;	     /* number of articles in the detail, even if masked */
	const char *other_details;   /* other members of the detail; "": none */
	bool has_personal_data;	     /* the card has personal values, which are masked unless revealed */
};
struct card_input {
	const struct countries *countries;
	const struct case_file *const *files; /* the case's sessions, first the hit's session; parsed, unmasked */
	size_t file_count;
	const struct check *check; /* check of files[0] */
	const struct hit *hit;
	bool masked; /* hides personal values; the likeness still uses the original values */
};
/* An earlier ruling on the same watchlist entry: same name, same list. */
struct hit_ruling {
	/* subject_name "": the case is of another merchant, and its subject is never shown */
	const char *session_id, *external_ref, *subject_name;
	int64_t merchant_row;
	enum hit_state state;
	const char *reason, *by;
	int64_t at;
};

/* Texts are in the arena, or borrowed from the case. */
void hit_card_make(struct arena *arena, const struct card_input *of, struct hit_card *out);

/* The differing fields as a sentence for a note, such as "a different person: born 1951, country SYR; the client: born
 * 1984, country PRT"; masked: without the values; "": no field differs. */
const char *hit_card_sentence(struct arena *arena, const struct hit_card *card, bool masked);

#endif
