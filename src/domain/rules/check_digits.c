/* Check digits of single countries and of the IBAN, each as its authority publishes them. */
#include "rules_parts.h"
#include "kybdesk/base/text.h"

#include <stdlib.h>
#include <string.h>

#define CHECK_NUMBER_MAX 34 /* maximum characters of a number: an IBAN is the longest */

/* Checks a number without separators; its letters are capitals. */
typedef bool check_function(const char *number, size_t length);

/* Sum of weight × digit over the first `count` characters; letters count as their distance from '0'. */
static int weighted_sum(const char *number, const int *weights, size_t count)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += weights[i] * (number[i] - '0');
	return sum;
}

static bool is_all_digits(const char *number, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!is_ascii_digit(number[i]))
			return false;
	}
	return true;
}

#define SUM(number, ...)                                                                                               \
	weighted_sum((number), (const int[]){ __VA_ARGS__ }, sizeof((int[]){ __VA_ARGS__ }) / sizeof(int))

static int digit(char c)
{
	return c - '0';
}

static bool is_one_digit_only(const char *number, size_t length)
{
	return strspn(number, (const char[]){ number[0], '\0' }) >= length;
}

/* The check digit of CPF and CNPJ: 11 minus the remainder; 10 and 11 become 0. */
static int mod11_check_digit(int sum)
{
	return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

static bool check_cpf(const char *number, size_t length)
{
	/* 111.111.111-11 has valid check digits, and people type it to skip a form. */
	if (is_one_digit_only(number, length))
		return false;
	return mod11_check_digit(SUM(number, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[9]) &&
	       mod11_check_digit(SUM(number, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[10]);
}

static bool check_cnpj(const char *number, size_t length)
{
	if (!is_all_digits(number + 12, 2) || is_one_digit_only(number, length))
		return false;
	return mod11_check_digit(SUM(number, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[12]) &&
	       mod11_check_digit(SUM(number, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[13]);
}

static bool check_pt_nif(const char *number, size_t length)
{
	int rest = SUM(number, 9, 8, 7, 6, 5, 4, 3, 2) % 11;

	(void)length;
	return number[0] != '0' && digit(number[8]) == (rest < 2 ? 0 : 11 - rest);
}

/* ISO/IEC 7064 mod 97-10 over the characters in order, letters as 10 to 35. */
static int mod97_remainder(const char *text, size_t length, int remainder)
{
	for (size_t i = 0; i < length; i++) {
		if (is_ascii_digit(text[i]))
			remainder = (remainder * 10 + (text[i] - '0')) % 97;
		else
			remainder = (remainder * 100 + (text[i] - 'A' + 10)) % 97;
	}
	return remainder;
}

/* IBAN (ISO 13616; check digits ISO/IEC 7064 mod 97-10). */

/* Structure after country and check digits: n digits, a capitals, c digits or capitals (IBAN registry). */
static const struct {
	char country[3];
	const char *account;
} structures[] = {
	{ "AD", "8n12c" },    { "AE", "19n" },	    { "AL", "8n16c" },	  { "AT", "16n" },     { "AZ", "4a20c" },
	{ "BA", "16n" },      { "BE", "12n" },	    { "BG", "4a6n8c" },	  { "BH", "4a14c" },   { "BI", "23n" },
	{ "BR", "23n1a1c" },  { "BY", "4c4n16c" },  { "CH", "5n12c" },	  { "CR", "18n" },     { "CY", "8n16c" },
	{ "CZ", "20n" },      { "DE", "18n" },	    { "DJ", "23n" },	  { "DK", "14n" },     { "DO", "4c20n" },
	{ "EE", "16n" },      { "EG", "25n" },	    { "ES", "20n" },	  { "FI", "14n" },     { "FK", "2a12n" },
	{ "FO", "14n" },      { "FR", "10n11c2n" }, { "GB", "4a14n" },	  { "GE", "2a16n" },   { "GI", "4a15c" },
	{ "GL", "14n" },      { "GR", "7n16c" },    { "GT", "24c" },	  { "HN", "4a20n" },   { "HR", "17n" },
	{ "HU", "24n" },      { "IE", "4a14n" },    { "IL", "19n" },	  { "IQ", "4a15n" },   { "IS", "22n" },
	{ "IT", "1a10n12c" }, { "JO", "4a4n18c" },  { "KW", "4a22c" },	  { "KZ", "3n13c" },   { "LB", "4n20c" },
	{ "LC", "4a24c" },    { "LI", "5n12c" },    { "LT", "16n" },	  { "LU", "3n13c" },   { "LV", "4a13c" },
	{ "LY", "21n" },      { "MC", "10n11c2n" }, { "MD", "20c" },	  { "ME", "18n" },     { "MK", "3n10c2n" },
	{ "MN", "16n" },      { "MR", "23n" },	    { "MT", "4a5n18c" },  { "MU", "4a19n3a" }, { "NI", "4a20n" },
	{ "NL", "4a10n" },    { "NO", "11n" },	    { "OM", "3n16c" },	  { "PK", "4a16c" },   { "PL", "24n" },
	{ "PS", "4a21c" },    { "PT", "21n" },	    { "QA", "4a21c" },	  { "RO", "4a16c" },   { "RS", "18n" },
	{ "RU", "14n15c" },   { "SA", "2n18c" },    { "SC", "4a20n3a" },  { "SD", "14n" },     { "SE", "20n" },
	{ "SI", "15n" },      { "SK", "20n" },	    { "SM", "1a10n12c" }, { "SO", "19n" },     { "ST", "21n" },
	{ "SV", "4a20n" },    { "TL", "19n" },	    { "TN", "20n" },	  { "TR", "6n16c" },   { "UA", "6n19c" },
	{ "VA", "18n" },      { "VG", "4a16n" },    { "XK", "16n" },	  { "YE", "4a4n18c" },
};

static bool has_character_kind(char c, char kind)
{
	bool digit = c >= '0' && c <= '9';

	return kind == 'c' || (kind == 'n' ? digit : !digit);
}

static bool has_iban_structure(const char *account, const char *structure)
{
	while (*structure) {
		char *end;
		unsigned long count = strtoul(structure, &end, 10);

		for (; count; count--, account++) {
			if (!*account || !has_character_kind(*account, *end))
				return false;
		}
		structure = end + 1;
	}
	return !*account;
}

static bool check_iban(const char *number, size_t length)
{
	if (!is_all_digits(number + 2, 2))
		return false;
	for (size_t i = 0; i < sizeof structures / sizeof structures[0]; i++) {
		if (!strncmp(structures[i].country, number, 2))
			return has_iban_structure(number + 4, structures[i].account) &&
			       mod97_remainder(number, 4, mod97_remainder(number + 4, length - 4, 0)) == 1;
	}
	return false;
}

/* --- the table of schemes --- */

struct scheme {
	const char *separators; /* allowed between characters */
	const char *prefix;	/* optional prefix of the number; "" if none */
	size_t shortest, longest;
	bool allows_letters;
	check_function *check;
	const char *title;
};

static const struct scheme schemes[CHECK_SCHEME_COUNT] = {
	[SCHEME_CPF] = { ".-", "", 11, 11, false, check_cpf, "a CPF: 11 digits, the last two of them check digits" },
	[SCHEME_CNPJ] = { ".-/", "", 14, 14, true, check_cnpj,
			  "a CNPJ: 14 characters, the last two of them check digits" },
	[SCHEME_NINE_DIGITS] = { "", "", 9, 9, false, is_all_digits, "nine digits" },
	[SCHEME_IBAN] = { " ", "", 15, 34, true, check_iban, "an IBAN with its check digits" },
	[SCHEME_PT_NIF] = { " ", "PT", 9, 9, false, check_pt_nif,
			    "a NIF or NIPC: nine digits, the last a check digit" },
};

static const struct scheme *scheme_at(enum check_scheme scheme)
{
	if ((size_t)scheme >= CHECK_SCHEME_COUNT)
		BUG("unknown scheme of check digits: %u", (unsigned)scheme);
	return &schemes[scheme];
}

const char *check_scheme_title(enum check_scheme scheme)
{
	return scheme_at(scheme)->title;
}

/* Removes separators and prefix. Separators are allowed only between two characters, and not two in a row. */
static bool strip_separators(const struct scheme *scheme, const char *text, char number[CHECK_NUMBER_MAX + 1],
			     size_t *length)
{
	size_t prefix = strlen(scheme->prefix), count = 0;
	bool separated = false;

	if (prefix && !strncmp(text, scheme->prefix, prefix)) {
		text += prefix;
		if (*text && strchr(scheme->separators, *text))
			text++;
	}
	for (const char *c = text; *c; c++) {
		if (strchr(scheme->separators, *c)) {
			if (separated || !count)
				return false;
			separated = true;
			continue;
		}
		if (!is_ascii_digit(*c) && !(scheme->allows_letters && *c >= 'A' && *c <= 'Z'))
			return false;
		if (count == CHECK_NUMBER_MAX)
			return false;
		number[count++] = *c;
		separated = false;
	}
	number[count] = '\0';
	*length = count;
	return !separated;
}

bool check_digits_are_valid(enum check_scheme scheme, const char *text)
{
	const struct scheme *found = scheme_at(scheme);
	char number[CHECK_NUMBER_MAX + 1];
	size_t length;

	return strip_separators(found, text, number, &length) && length >= found->shortest &&
	       length <= found->longest && found->check(number, length);
}
