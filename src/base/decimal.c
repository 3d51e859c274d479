#include "kybdesk/base/decimal.h"
#include "kybdesk/base/digest.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_LENGTH_MAX 64

/* A number: digits / 10^scale; digits is never negative. */
struct decimal {
	BIGNUM *digits;
	unsigned scale;
};

/* Number of operations of this thread (decimal_operation_count()). */
static _Thread_local size_t work_done;

static size_t bn_word_count(const BIGNUM *number)
{
	return (size_t)BN_num_bits(number) / 64 + 1;
}

size_t decimal_operation_count(void)
{
	return work_done;
}

static void check_bignum_call(bool done)
{
	if (!done)
		fail_crypto();
}

/* A context that uses neither the random generator nor global state, so it is safe on any thread. */
static BN_CTX *context_new(void)
{
	BN_CTX *context = BN_CTX_new();
	check_bignum_call(context != NULL);
	return context;
}

static void multiply_by_power(BIGNUM *number, unsigned exponent)
{
	for (; exponent >= 9; exponent -= 9) {
		work_done += bn_word_count(number);
		check_bignum_call(BN_mul_word(number, 1000000000) == 1);
	}
	for (; exponent > 0; exponent--) {
		work_done += bn_word_count(number);
		check_bignum_call(BN_mul_word(number, 10) == 1);
	}
}

struct decimal *decimal_new(void)
{
	struct decimal *value = xcalloc(1, sizeof *value);
	value->digits = BN_new();
	check_bignum_call(value->digits != NULL);
	return value;
}

struct decimal *decimal_copy(const struct decimal *value)
{
	struct decimal *copy = decimal_new();
	check_bignum_call(BN_copy(copy->digits, value->digits) != NULL);
	copy->scale = value->scale;
	return copy;
}

void decimal_free(struct decimal *value)
{
	if (!value)
		return;
	BN_free(value->digits);
	free(value);
}

bool decimal_parse(struct decimal *value, const char *text)
{
	char digits[TEXT_LENGTH_MAX + 1];
	size_t length = strnlen(text, TEXT_LENGTH_MAX + 1);
	size_t count = 0;
	unsigned scale = 0;
	bool point = false;
	if (length == 0 || length > TEXT_LENGTH_MAX || text[0] == '.' || text[length - 1] == '.')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' && !point) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9')
			return false;
		digits[count++] = text[i];
		scale += point;
	}
	digits[count] = '\0';
	check_bignum_call(BN_dec2bn(&value->digits, digits) == (int)count);
	value->scale = scale;
	return true;
}

/* Raises the scale of `to` to the larger of both scales. Returns the digits of `value` at this scale. */
static BIGNUM *align_scales(struct decimal *to, const struct decimal *value)
{
	BIGNUM *other = BN_dup(value->digits);
	check_bignum_call(other != NULL);
	if (to->scale < value->scale) {
		multiply_by_power(to->digits, value->scale - to->scale);
		to->scale = value->scale;
	} else {
		multiply_by_power(other, to->scale - value->scale);
	}
	return other;
}

void decimal_add(struct decimal *to, const struct decimal *value)
{
	BIGNUM *other = align_scales(to, value);
	work_done += bn_word_count(to->digits);
	check_bignum_call(BN_add(to->digits, to->digits, other) == 1);
	BN_free(other);
}

void decimal_subtract(struct decimal *from, const struct decimal *value)
{
	BIGNUM *other = align_scales(from, value);
	if (BN_cmp(from->digits, other) < 0)
		BUG("a decimal would become negative");
	check_bignum_call(BN_sub(from->digits, from->digits, other) == 1);
	BN_free(other);
}

void decimal_multiply(struct decimal *to, const struct decimal *value)
{
	BN_CTX *context = context_new();
	work_done += bn_word_count(to->digits) * bn_word_count(value->digits);
	check_bignum_call(BN_mul(to->digits, to->digits, value->digits, context) == 1);
	BN_CTX_free(context);
	if (__builtin_add_overflow(to->scale, value->scale, &to->scale))
		BUG("the product of two decimals has too many digits");
}

void decimal_divide_100(struct decimal *value)
{
	if (__builtin_add_overflow(value->scale, 2u, &value->scale))
		BUG("the quotient of two decimals has too many digits");
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
	struct decimal *left = decimal_copy(a);
	BIGNUM *right = align_scales(left, b);
	int order = BN_cmp(left->digits, right);
	BN_free(right);
	decimal_free(left);
	return order;
}

bool decimal_is_zero(const struct decimal *value)
{
	return BN_is_zero(value->digits);
}

/* Sets number to number / 10^exponent, rounded half to even. */
static void divide_half_even(BIGNUM *number, unsigned exponent)
{
	BN_CTX *context = context_new();
	BIGNUM *power = BN_new();
	BIGNUM *rest = BN_new();
	check_bignum_call(power && rest && BN_one(power) == 1);
	multiply_by_power(power, exponent);
	work_done += bn_word_count(number) * bn_word_count(power);
	check_bignum_call(BN_div(number, rest, number, power, context) == 1);
	check_bignum_call(BN_lshift1(rest, rest) == 1);
	int half = BN_cmp(rest, power);
	if (half > 0 || (half == 0 && BN_is_odd(number)))
		check_bignum_call(BN_add_word(number, 1) == 1);
	BN_free(rest);
	BN_free(power);
	BN_CTX_free(context);
}

char *decimal_text(struct arena *arena, const struct decimal *value, unsigned places)
{
	struct strbuf out = STRBUF_INIT;
	BIGNUM *number = BN_dup(value->digits);
	check_bignum_call(number != NULL);
	unsigned scale = value->scale;
	if (scale > places) {
		divide_half_even(number, scale - places);
		scale = places;
	}
	char *digits = BN_bn2dec(number);
	check_bignum_call(digits != NULL);
	size_t length = strlen(digits);
	/* Writes zeros, so that at least one digit precedes the point. */
	if (length <= scale)
		strbuf_addn(&out, '0', scale - length + 1);
	strbuf_adds(&out, digits);
	size_t whole = out.len - scale;
	size_t end = out.len;
	while (end > whole && out.buf[end - 1] == '0')
		end--;
	char *text = arena_printf(arena, "%.*s%s%.*s", (int)whole, out.buf, end > whole ? "." : "", (int)(end - whole),
				  out.buf + whole);
	OPENSSL_free(digits);
	BN_free(number);
	strbuf_release(&out);
	return text;
}
