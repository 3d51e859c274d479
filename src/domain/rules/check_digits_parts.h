/* Private to src/domain: the computation of check digits, by file. Numbers have no separators; letters are capitals. */
#ifndef DOMAIN_CHECK_DIGITS_PARTS_H
#define DOMAIN_CHECK_DIGITS_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#define CHECK_NUMBER_MAX 34 /* the longest: an IBAN */

typedef bool check_function(const char *number, size_t length);

/* Sum of weight × digit over the first `count` characters; letters count as their distance from '0'. */
int check_sum(const char *number, const int *weights, size_t count);
bool check_all_digits(const char *number, size_t length);
/* ISO/IEC 7064 mod 97-10 over the characters in order, letters as 10 to 35. */
int check_mod97(const char *text, size_t length, int remainder);

check_function check_cpf, check_cnpj, check_nine, check_iban, check_pt_nif;

#endif
