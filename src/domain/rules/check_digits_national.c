/* Check digits of single countries, each as its authority publishes them. */
#include "check_digits_parts.h"

#include <string.h>

#define SUM(number, ...)                                                                                           \
	check_sum((number), (const int[]){ __VA_ARGS__ }, sizeof((int[]){ __VA_ARGS__ }) / sizeof(int))

static int digit(char c)
{
	return c - '0';
}

static bool is_one_digit_only(const char *number, size_t length)
{
	return strspn(number, (const char[]){ number[0], '\0' }) >= length;
}

/* 11 minus the remainder, where 10 and 11 become 0: both Brazilian numbers. */
static int brazilian(int sum)
{
	return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

bool check_cpf(const char *number, size_t length)
{
	/* 111.111.111-11 computes, and is what people type to get past a form. */
	if (is_one_digit_only(number, length))
		return false;
	return brazilian(SUM(number, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[9]) &&
	       brazilian(SUM(number, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[10]);
}

bool check_cnpj(const char *number, size_t length)
{
	if (!check_all_digits(number + 12, 2) || is_one_digit_only(number, length))
		return false;
	return brazilian(SUM(number, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[12]) &&
	       brazilian(SUM(number, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == digit(number[13]);
}

bool check_nine(const char *number, size_t length)
{
	return check_all_digits(number, length);
}

bool check_ar_cuit(const char *number, size_t length)
{
	static const char *const types[] = { "20", "23", "24", "27", "30", "33", "34", "50", "51", "55" };
	int rest = 11 - SUM(number, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (!strncmp(number, types[i], 2))
			return digit(number[length - 1]) == (rest == 11 ? 0 : rest == 10 ? 9 : rest);
	}
	return false;
}

bool check_au_abn(const char *number, size_t length)
{
	(void)length;
	/* The first digit counts less one. */
	return number[0] != '0' && (SUM(number, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0;
}

bool check_be_enterprise(const char *number, size_t length)
{
	return (number[0] == '0' || number[0] == '1') && !is_one_digit_only(number, length) &&
	       check_mod97(number, 8, 0) + (digit(number[8]) * 10 + digit(number[9])) == 97;
}

bool check_ch_uid(const char *number, size_t length)
{
	(void)length;
	return SUM(number, 5, 4, 3, 2, 7, 6, 5, 4, 1) % 11 == 0;
}

bool check_cl_rut(const char *number, size_t length)
{
	int sum = 0, weight = 2, rest;

	if (!check_all_digits(number, length - 1))
		return false;
	for (size_t i = length - 1; i-- > 0;) {
		sum += weight * digit(number[i]);
		weight = weight == 7 ? 2 : weight + 1;
	}
	rest = 11 - sum % 11;
	return number[length - 1] == "0123456789K0"[rest];
}

bool check_cn_uscc(const char *number, size_t length)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* without I O S V Z */
	int sum = 0, weight = 1;

	for (size_t i = 0; i + 1 < length; i++) {
		const char *at = strchr(alphabet, number[i]);

		if (!at || (i >= 2 && i < 8 && (number[i] < '0' || number[i] > '9')))
			return false;
		sum += (int)(at - alphabet) * weight;
		weight = weight * 3 % 31;
	}
	return number[length - 1] == alphabet[(31 - sum % 31) % 31];
}

bool check_co_nit(const char *number, size_t length)
{
	static const int weights[] = { 3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71 };
	int sum = 0, rest;

	for (size_t i = 0; i + 1 < length; i++)
		sum += weights[i] * digit(number[length - 2 - i]);
	rest = sum % 11;
	return digit(number[length - 1]) == (rest < 2 ? rest : 11 - rest);
}

/* ISO/IEC 7064 mod 11,10: the last digit brings the product to 1. */
static bool is_mod_11_10(const char *number, size_t length)
{
	int product = 10;

	for (size_t i = 0; i + 1 < length; i++) {
		int sum = (digit(number[i]) + product) % 10;

		product = (sum ? sum : 10) * 2 % 11;
	}
	return (digit(number[length - 1]) + product) % 10 == 1;
}

bool check_de_steuer_id(const char *number, size_t length)
{
	size_t seen[10] = { 0 }, repeated = 0;

	for (size_t i = 0; i + 1 < length; i++)
		seen[digit(number[i])]++;
	for (size_t i = 0; i < 10; i++) {
		if (seen[i] > 3)
			return false;
		repeated += seen[i] > 1;
	}
	/* One digit stands there twice or three times, the others once at most. */
	return number[0] != '0' && repeated == 1 && is_mod_11_10(number, length);
}

bool check_de_vat(const char *number, size_t length)
{
	return number[0] != '0' && is_mod_11_10(number, length);
}

bool check_dk_cvr(const char *number, size_t length)
{
	(void)length;
	return number[0] != '0' && SUM(number, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

static bool is_spanish_person(const char *number)
{
	int value = 0;

	if (!check_all_digits(number + 1, 7))
		return false;
	switch (number[0]) {
	case 'X':
	case 'Y':
	case 'Z':
		value = number[0] - 'X';
		break;
	case 'K':
	case 'L':
	case 'M':
		break; /* the letter does not count */
	default:
		if (number[0] < '0' || number[0] > '9')
			return false;
		value = digit(number[0]);
	}
	for (size_t i = 1; i < 8; i++)
		value = value * 10 + digit(number[i]);
	return number[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[value % 23];
}

static bool is_spanish_company(const char *number)
{
	int sum = 0, check;

	if (!strchr("ABCDEFGHJNPQRSUVW", number[0]) || !check_all_digits(number + 1, 7))
		return false;
	for (size_t i = 1; i < 8; i++) {
		int value = digit(number[i]) * (i % 2 ? 2 : 1);

		sum += value / 10 + value % 10;
	}
	check = (10 - sum % 10) % 10;
	return number[8] == '0' + check || number[8] == "JABCDEFGHI"[check];
}

bool check_es_nif(const char *number, size_t length)
{
	(void)length;
	return is_spanish_person(number) || is_spanish_company(number);
}

bool check_fi_y_tunnus(const char *number, size_t length)
{
	(void)length;
	return SUM(number, 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0;
}

bool check_fr_siren(const char *number, size_t length)
{
	return !is_one_digit_only(number, length) && check_luhn(number, length);
}

bool check_fr_siret(const char *number, size_t length)
{
	int sum = 0;

	/* The first nine are the company's SIREN. */
	if (!check_fr_siren(number, 9))
		return false;
	if (check_luhn(number, length))
		return true;
	/* The establishments of La Poste: their digits add up to a multiple of five. */
	for (size_t i = 0; i < length; i++)
		sum += digit(number[i]);
	return !strncmp(number, "356000000", 9) && sum % 5 == 0;
}

bool check_gb_vat(const char *number, size_t length)
{
	int rest = SUM(number, 8, 7, 6, 5, 4, 3, 2, 10, 1) % 97;

	/* Nine digits, or twelve with a branch behind them; from 100 on also the ranges of 2010 (55 and 42). */
	if (length != 9 && length != 12)
		return false;
	if (is_one_digit_only(number, length))
		return false;
	return rest == 0 || (number[0] != '0' && (rest == 42 || rest == 55));
}

bool check_in_aadhaar(const char *number, size_t length)
{
	/* Verhoeff: the dihedral group of ten, and a permutation applied once more with each place. */
	static const char permutation[] = "1576283094";
	int state = 0;

	if (number[0] < '2')
		return false;
	for (size_t i = 0; i < length; i++) {
		int value = digit(number[length - 1 - i]);

		for (size_t times = i % 8; times; times--)
			value = digit(permutation[value]);
		if (state < 5)
			state = value < 5 ? (state + value) % 5 : 5 + (state + value) % 5;
		else
			state = value < 5 ? 5 + (state - value) % 5 : (state - value + 5) % 5;
	}
	return state == 0;
}

bool check_it_partita_iva(const char *number, size_t length)
{
	return strncmp(number, "0000000", 7) != 0 && check_luhn(number, length);
}

bool check_jp_corporate(const char *number, size_t length)
{
	int sum = 0;

	for (size_t i = 1; i < length; i++)
		sum += digit(number[length - i]) * (i % 2 ? 1 : 2);
	return digit(number[0]) == 9 - sum % 9;
}

bool check_mx_clabe(const char *number, size_t length)
{
	static const int weights[] = { 3, 7, 1 };
	int sum = 0;

	for (size_t i = 0; i + 1 < length; i++)
		sum += weights[i % 3] * digit(number[i]) % 10;
	return digit(number[length - 1]) == (10 - sum % 10) % 10;
}

bool check_nl_bsn(const char *number, size_t length)
{
	return !is_one_digit_only(number, length) && SUM(number, 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0;
}

bool check_no_orgnr(const char *number, size_t length)
{
	(void)length;
	return number[0] != '0' && SUM(number, 3, 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0;
}

bool check_pl_nip(const char *number, size_t length)
{
	return !is_one_digit_only(number, length) &&
	       SUM(number, 6, 5, 7, 2, 3, 4, 5, 6, 7) % 11 == digit(number[9]);
}

bool check_pl_pesel(const char *number, size_t length)
{
	int month = (digit(number[2]) * 10 + digit(number[3])) % 20, day = digit(number[4]) * 10 + digit(number[5]);

	/* The month says the century too: 21 is January 2001. */
	return month >= 1 && month <= 12 && day >= 1 && day <= 31 && !is_one_digit_only(number, length) &&
	       SUM(number, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1) % 10 == 0;
}

bool check_pt_nif(const char *number, size_t length)
{
	int rest = SUM(number, 9, 8, 7, 6, 5, 4, 3, 2) % 11;

	(void)length;
	return number[0] != '0' && digit(number[8]) == (rest < 2 ? 0 : 11 - rest);
}

bool check_tr_tckn(const char *number, size_t length)
{
	int odd = 0, even = 0, tenth;

	(void)length;
	for (size_t i = 0; i < 9; i++) {
		if (i % 2)
			even += digit(number[i]);
		else
			odd += digit(number[i]);
	}
	tenth = ((odd * 7 - even) % 10 + 10) % 10;
	return number[0] != '0' && tenth == digit(number[9]) && (odd + even + tenth) % 10 == digit(number[10]);
}

bool check_za_id(const char *number, size_t length)
{
	int month = digit(number[2]) * 10 + digit(number[3]), day = digit(number[4]) * 10 + digit(number[5]);

	return month >= 1 && month <= 12 && day >= 1 && day <= 31 && number[10] <= '2' &&
	       check_luhn(number, length);
}
