/* Exact decimals for ownership percentages, which are computed over chains of companies and compared with the
 * profile's threshold without rounding. No floating point: a number is an integer of any size with a decimal
 * exponent (libcrypto BIGNUM inside). */
#ifndef KYBDESK_BASE_DECIMAL_H
#define KYBDESK_BASE_DECIMAL_H

#include "kybdesk/base/error.h"

struct arena;
struct decimal;
struct decimal *decimal_new(void); /* zero */
struct decimal *decimal_copy(const struct decimal *value);
void decimal_free(struct decimal *value);
/* Reads digits with at most one point, no sign, no exponent, at most 64 characters, such as "60" or "0.000001". */
bool decimal_parse(struct decimal *value, const char *text);
void decimal_add(struct decimal *to, const struct decimal *value);
void decimal_subtract(struct decimal *from, const struct decimal *value); /* a negative result is a bug */
void decimal_multiply(struct decimal *to, const struct decimal *value);
void decimal_divide_100(struct decimal *value); /* exact: moves the point */
int decimal_compare(const struct decimal *a, const struct decimal *b);
bool decimal_is_zero(const struct decimal *value);
/* The value as text, with at most `places` decimal places (rounded half to even) and without trailing zeros. */
char *decimal_text(struct arena *arena, const struct decimal *value, unsigned places);
/* The number of machine-word operations of this thread on decimals. Tests limit this number, not the time, because
 * the time depends on the machine. */
size_t decimal_operation_count(void);

#endif
