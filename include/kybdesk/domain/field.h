/* A profile's definition of one field: its rules, alternative sources of its value, and its stored form. Data only,
 * read from the profile's JSON (docs/profiles.md explains every key); domain/rules.h applies the rules. Strings are
 * never NULL; arrays may be NULL when their count is 0. */
#ifndef KYBDESK_DOMAIN_FIELD_H
#define KYBDESK_DOMAIN_FIELD_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/check_digits.h"
#include <stdint.h>

#define RULE_KIND_WORDS(X)                                                                                             \
	X(RULE_REQUIRED, "required")                                                                                   \
	X(RULE_NOT_ACCEPTED, "not_accepted")                                                                           \
	X(RULE_LENGTH, "length")	 /* in characters */                                                           \
	X(RULE_CHARACTERS, "characters") /* allowed characters */                                                      \
	X(RULE_PATTERN, "pattern")	 /* a POSIX ERE for the whole text */                                          \
	X(RULE_ONE_OF, "one_of")                                                                                       \
	X(RULE_COUNTRY, "country")	   /* ISO 3166-1 */                                                            \
	X(RULE_SUBDIVISION, "subdivision") /* an ISO 3166-2 code of the country in another field */                    \
	X(RULE_DATE, "date")                                                                                           \
	X(RULE_AGE, "age")	   /* a birth date: limits the present age in whole years */                           \
	X(RULE_DECIMAL, "decimal") /* a decimal text in a range, compared exactly */                                   \
	X(RULE_INTEGER, "integer") /* a text of digits in a range */                                                   \
	X(RULE_CHECK_DIGITS, "check_digits")                                                                           \
	X(RULE_US_STATE, "us_state")                                                                                   \
	X(RULE_US_ZIP, "us_zip")                                                                                       \
	X(RULE_NOT_PO_BOX, "not_po_box")                                                                               \
	X(RULE_EMAIL, "email")                                                                                         \
	X(RULE_PHONE, "phone")                                                                                         \
	X(RULE_SSN, "ssn")                                                                                             \
	X(RULE_IPV4, "ipv4")                                                                                           \
	X(RULE_URL, "url")                                                                                             \
	X(RULE_UUID, "uuid")                                                                                           \
	X(RULE_DOCUMENT, "document")	     /* the id of a ready document of the case, of an allowed type */          \
	X(RULE_LIST, "list")		     /* limits the number of elements of a list */                             \
	X(RULE_AT_LEAST_ONE, "at_least_one") /* at least one element of a list has the member referenced_field */      \
	X(RULE_PARTIES, "parties")	     /* a list that names every party by its id */
#define RULE_KIND_COUNT WORDS_COUNT(RULE_KIND_WORDS)
WORDS_DECLARE(rule_kind, RULE_KIND_WORDS);

#define CONDITION_KIND_WORDS(X)                                                                                        \
	X(CONDITION_IS, "is")                                                                                          \
	X(CONDITION_IS_NOT, "is_not")                                                                                  \
	X(CONDITION_COUNTRY_IS, "country_is") /* the same country, as a code or a name */                              \
	X(CONDITION_COUNTRY_IS_NOT, "country_is_not")                                                                  \
	X(CONDITION_PRESENT, "given") /* words[0] "true": the field has a value; "false": it has none */
#define CONDITION_KIND_COUNT WORDS_COUNT(CONDITION_KIND_WORDS)
WORDS_DECLARE(condition_kind, CONDITION_KIND_WORDS);

/* A condition that holds if a value of the field matches ("is", "country_is", "given"), or if none matches
 * ("is_not", "country_is_not"). */
struct rule_condition {
	/* A field of the same object or of an outer object; a source ("subject.country", "party.kind"); or a path
	 * into a step ("steps.addresses.addresses[].country"). */
	const char *field;
	enum condition_kind kind;
	const char **words;
	size_t word_count;
};

#define CHARACTERS_LETTERS 1u /* letters of any script, with their accents */
#define CHARACTERS_DIGITS 2u
#define CHARACTERS_SPACES 4u
#define COUNTRY_ALPHA2 1u
#define COUNTRY_ALPHA3 2u
#define COUNTRY_NAME 4u
#define RULE_NO_LIMIT INT64_C(-1) /* no limit */

struct field_rule {
	enum rule_kind kind;
	struct rule_condition *when; /* conditions: the rule applies if all hold; when_count 0: always */
	size_t when_count;
	int64_t minimum, maximum;		 /* range for length, age, list; RULE_NO_LIMIT: no limit */
	const char *minimum_text, *maximum_text; /* range for decimal, integer; "": no limit */
	const char **words; /* one_of: values; document: types; country: other accepted words ("N/A") */
	size_t word_count;
	const char *pattern, *meaning; /* the pattern, and its description in words */
	unsigned characters;	       /* bits CHARACTERS_…; `other_characters`: additional characters */
	const char *other_characters;
	bool starts_with_letter;
	unsigned country_form_bits; /* country: bits COUNTRY_… */
	/* subdivision: the field with the country; at_least_one: the member that one element must have */
	const char *referenced_field;
	enum check_scheme scheme;
	bool must_not_be_future;     /* date: must not be after today */
	const char *message;	     /* the message in the words of the source document; "": none */
	const char *source_document; /* name of the source document of the rule */
};

/* "any" accepts every value; elements of a list and members of an object have their own rules. */
#define FIELD_TYPE_WORDS(X)                                                                                            \
	X(FIELD_ANY, "any")                                                                                            \
	X(FIELD_TEXT, "text")                                                                                          \
	X(FIELD_BOOLEAN, "boolean")                                                                                    \
	X(FIELD_OBJECT, "object")                                                                                      \
	X(FIELD_LIST, "list")
WORDS_DECLARE(field_type, FIELD_TYPE_WORDS);
#define FIELD_STORE_WORDS(X)                                                                                           \
	X(STORE_UNCHANGED, "as_given")                                                                                 \
	X(STORE_UPPER, "upper")                                                                                        \
	X(STORE_ALPHA3, "alpha3")
WORDS_DECLARE(field_store, FIELD_STORE_WORDS);

struct field_spec {
	const char *id, *title, *guidance;
	const char **sources; /* sources of the value if the field is absent: the first non-empty source counts */
	size_t source_count;
	enum field_type type;
	enum field_store store;
	bool is_public; /* shown to every reviewer; otherwise masked until revealed */
	struct field_rule *rules;
	size_t rule_count;
	struct field_spec *children; /* fields of the object, or of each element of the list */
	size_t child_count;
};

/* Sources for `from` and conditions: members of the session document's subject and of the checked party.
 * "party.address" is the primary address, else the first; "party.ownership_percent" the share in the subject. */
const char *const *field_sources(size_t *count);

/* The field's first rule of this kind; NULL: none. */
const struct field_rule *field_rule_find(const struct field_spec *spec, enum rule_kind kind);
/* The values that a rule allows, for use in a sentence, such as "8 to 30 characters" or "1-10, 11-50 or 1001+". */
const char *rule_allowed_text(struct arena *arena, const struct field_rule *rule);
/* The conditions of a rule as text, such as "when country is US"; "": the rule always applies. */
const char *rule_when_text(struct arena *arena, const struct field_rule *rule);

#endif
