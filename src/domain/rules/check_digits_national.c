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

/* The check digit of CPF and CNPJ: 11 minus the remainder; 10 and 11 become 0. */
static int brazilian(int sum)
{
	return sum % 11 < 2 ? 0 : 11 - sum % 11;
}

bool check_cpf(const char *number, size_t length)
{
	/* 111.111.111-11 has valid check digits, and people type it to skip a form. */
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

bool check_pt_nif(const char *number, size_t length)
{
	int rest = SUM(number, 9, 8, 7, 6, 5, 4, 3, 2) % 11;

	(void)length;
	return number[0] != '0' && digit(number[8]) == (rest < 2 ? 0 : 11 - rest);
}
