/* The table of schemes, and the normalisation of a number before its check digits are computed. */
#include "kybdesk/domain/check_digits.h"
#include "check_digits_parts.h"

#include <string.h>

struct scheme {
	const char *separators; /* allowed between characters */
	const char *prefix;	/* optional prefix of the number; "" none */
	size_t shortest, longest;
	bool letters;
	check_function *check;
	const char *title;
};

static const struct scheme schemes[CHECK_SCHEME_COUNT] = {
	[SCHEME_CPF] = { ".-", "", 11, 11, false, check_cpf,
			 "a CPF: 11 digits, the last two of them check digits" },
	[SCHEME_CNPJ] = { ".-/", "", 14, 14, true, check_cnpj,
			  "a CNPJ: 14 characters, the last two of them check digits" },
	[SCHEME_NINE_DIGITS] = { "", "", 9, 9, false, check_nine, "nine digits" },
	[SCHEME_IBAN] = { " ", "", 15, 34, true, check_iban, "an IBAN with its check digits" },
	[SCHEME_PT_NIF] = { " ", "PT", 9, 9, false, check_pt_nif,
			    "a NIF or NIPC: nine digits, the last a check digit" },
};

static const struct scheme *scheme_at(enum check_scheme scheme)
{
	if ((size_t)scheme >= CHECK_SCHEME_COUNT)
		BUG("%u is not a scheme", (unsigned)scheme);
	return &schemes[scheme];
}

const char *check_scheme_title(enum check_scheme scheme)
{
	return scheme_at(scheme)->title;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
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
		if (!is_digit(*c) && !(scheme->letters && *c >= 'A' && *c <= 'Z'))
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

bool check_digits_valid(enum check_scheme scheme, const char *text)
{
	const struct scheme *found = scheme_at(scheme);
	char number[CHECK_NUMBER_MAX + 1];
	size_t length;

	return strip_separators(found, text, number, &length) && length >= found->shortest &&
	       length <= found->longest && found->check(number, length);
}

int check_sum(const char *number, const int *weights, size_t count)
{
	int sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += weights[i] * (number[i] - '0');
	return sum;
}

bool check_all_digits(const char *number, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!is_digit(number[i]))
			return false;
	}
	return true;
}

int check_mod97(const char *text, size_t length, int remainder)
{
	for (size_t i = 0; i < length; i++) {
		if (is_digit(text[i]))
			remainder = (remainder * 10 + (text[i] - '0')) % 97;
		else
			remainder = (remainder * 100 + (text[i] - 'A' + 10)) % 97;
	}
	return remainder;
}
