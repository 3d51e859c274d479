/* Hides personal data before it reaches a screen, a list or a log. */
#include "kybdesk/domain/mask.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/timefmt.h"

#include <string.h>

#define MASK_SHOWN 4 /* most characters that stay readable at the end */
#define MASK_SHORT 8 /* shorter values are masked as a whole: four of five digits would reveal the number */
#define MASK_KEY_MAX 64
#define EXTENSION_MAX 5 /* ".docx" */

/* Start of the next character; a stray continuation byte belongs to the previous one. */
static size_t next_character(const char *text, size_t at)
{
	at++;
	while (((unsigned char)text[at] & 0xC0) == 0x80)
		at++;
	return at;
}

char *mask_number(struct arena *arena, const char *value)
{
	size_t length = strlen(value), characters = 0, hidden, at = 0;
	char *masked;

	for (size_t i = 0; i < length; i = next_character(value, i))
		characters++;
	hidden = characters >= MASK_SHORT ? characters - MASK_SHOWN : characters;
	for (size_t i = 0; i < hidden; i++)
		at = next_character(value, at);
	masked = arena_alloc(arena, hidden + (length - at) + 1);
	memset(masked, '*', hidden);
	memcpy(masked + hidden, value + at, length - at);
	return masked;
}

char *mask_date(struct arena *arena, const char *value)
{
	return arena_strdup(arena, *value ? "****-**-**" : "");
}

#define MASKED_TEXT "********"
#define MASK_DIGITS 4 /* a text with at least this number of digits counts as a number: its end stays readable */

char *mask_text(struct arena *arena, const char *text)
{
	size_t digits = 0;
	bool plain = true;

	if (!*text)
		return arena_strdup(arena, "");
	if (date_is_valid(text))
		return mask_date(arena, text);
	for (const char *c = text; *c; c++) {
		bool digit = *c >= '0' && *c <= '9';

		digits += digit;
		plain = plain &&
			(digit || (*c >= 'A' && *c <= 'Z') || *c == '-' || *c == '.' || *c == '/' || *c == '+');
	}
	return plain && digits >= MASK_DIGITS ? mask_number(arena, text) : arena_strdup(arena, MASKED_TEXT);
}

char *mask_whole_file_name(struct arena *arena, const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t length = dot ? strlen(dot) : 0;

	if (!*name)
		return arena_strdup(arena, "");
	return arena_printf(arena, "%s%s", MASKED_TEXT, length > 1 && length <= EXTENSION_MAX ? dot : "");
}

/* Keys are compared without case, '_', '-' and spaces: tax_id, taxId and "Tax ID" are the same key. */
static const char *const personal_keys[] = { "tin", "ssn", "itin", "ein", "cpf", "cnpj", "rg", "vat", "dob" };
/* Endings that mark a key as personal after any prefix: companyTaxId, user_date_of_birth. */
static const char *const personal_endings[] = {
	"taxid",	 "taxidnumber",	   "taxnumber",	     "identificationnumber",
	"numbertin",	 "vatid",	   "vatnumber",	     "dateofbirth",
	"birthdate",	 "birthday",	   "socialsecurity", "socialsecuritynumber",
	"ssnlast4",	 "passport",	   "passportnumber", "documentnumber",
	"licensenumber", "licencenumber",  "idnumber",	     "cardnumber",
	"nationalid",	 "personalnumber", "accountnumber",
};

static bool ends_with(const char *text, size_t length, const char *ending)
{
	size_t size = strlen(ending);

	return length >= size && !memcmp(text + length - size, ending, size);
}

bool mask_field_is_personal(const char *key)
{
	char plain[MASK_KEY_MAX + 1];
	size_t length = 0;

	for (const char *c = key; *c && length < MASK_KEY_MAX; c++) {
		if (*c == '_' || *c == '-' || *c == ' ')
			continue;
		plain[length++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	}
	plain[length] = '\0';
	/* countryOfTaxId is a country, not a number. */
	if (!strncmp(plain, "country", strlen("country")))
		return false;
	for (size_t i = 0; i < sizeof personal_keys / sizeof personal_keys[0]; i++) {
		if (!strcmp(plain, personal_keys[i]))
			return true;
	}
	for (size_t i = 0; i < sizeof personal_endings / sizeof personal_endings[0]; i++) {
		if (ends_with(plain, length, personal_endings[i]))
			return true;
	}
	return false;
}
