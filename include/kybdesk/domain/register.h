/* Register data of a business: an entry of a company register (GLEIF, Companies House) next to the values that the
 * applicant typed. The entry is stored as the detail of a check of the kind register. Differences are marked for
 * the reviewer; the data itself decides nothing. */
#ifndef KYBDESK_DOMAIN_REGISTER_H
#define KYBDESK_DOMAIN_REGISTER_H

#include "kybdesk/domain/session.h"

/* The fields, each with its member of the check's detail and of a mapping in data/registers. */
#define REGISTER_FIELD_WORDS(X)                                                                                        \
	X(REGISTER_NAME, "name")                                                                                       \
	X(REGISTER_NUMBER, "registration_number")                                                                      \
	X(REGISTER_LEI, "lei")                                                                                         \
	X(REGISTER_COUNTRY, "country")                                                                                 \
	X(REGISTER_STATUS, "status")                                                                                   \
	X(REGISTER_LEGAL_FORM, "legal_form")                                                                           \
	X(REGISTER_INCORPORATED_ON, "incorporated_on")                                                                 \
	X(REGISTER_STREET, "street")                                                                                   \
	X(REGISTER_CITY, "city")                                                                                       \
	X(REGISTER_ZIP_CODE, "zip_code")
enum register_field { REGISTER_FIELD_WORDS(WORDS_MEMBER) };
#define REGISTER_FIELD_COUNT WORDS_COUNT(REGISTER_FIELD_WORDS)
extern const char *const register_members[REGISTER_FIELD_COUNT];
/* Other members of the detail: the title of the register, and whether it lists the company as active. */
#define REGISTER_MEMBER_TITLE "register"
#define REGISTER_MEMBER_ACTIVE "active"
/* A list of texts: other, earlier and transliterated names of the company. */
#define REGISTER_MEMBER_OTHER_NAMES "other_names"

/* An entry of a register. */
struct register_entry {
	const char *values[REGISTER_FIELD_COUNT]; /* "": unknown; the country as alpha-3, the day as YYYY-MM-DD */
	const char *title;			  /* title of the register */
	const struct value *other_names;	  /* a list of texts; NULL: none */
	bool active;
};
/* Reads the detail of a check (case_values_parse()); false: the check has another kind, or no entry. *out borrows
 * the texts of the check. */
bool register_entry_read(const struct check *check, struct register_entry *out);

struct register_pair {
	const char *label; /* such as "day of incorporation" */
	const char *typed; /* the applicant's value; "": none */
	const char *entry; /* the register's value; "": unknown */
	bool differs;	   /* both values are known and differ, or the company is not active */
};
struct register_view {
	struct register_pair pairs[REGISTER_FIELD_COUNT];
	size_t count, difference_count;
	bool needs_lead_waiver; /* name or country differ, or the company is not active: needs a lead's waiver */
};
/* Names are compared by identity_names_agree(), with all names of the entry; numbers without leading zeros. */
void register_compare(const struct subject *subject, const struct register_entry *entry, struct register_view *out);
/* A text such as "differs from the applicant's input: name, city"; "" without a difference. */
const char *register_differences(struct arena *arena, const struct register_view *view);

#endif
