#include "kybdesk/base/decimal.h"
#include "kybdesk/base/arena.h"
#include "support/leak.h"
#include "support/texts.h"

#include <stdint.h>
#include <string.h>

static struct decimal *of(const char *text)
{
	struct decimal *value = decimal_new();
	cr_assert(decimal_parse(value, text), "%s", text);
	return value;
}

static void expect_text(const struct decimal *value, unsigned places, const char *wanted)
{
	struct arena arena = ARENA_INIT;
	const char *text = decimal_text(&arena, value, places);
	cr_expect_str_eq(text, wanted, "%s instead of %s", text, wanted);
	arena_release(&arena);
}

static void expect_rounded(const char *given, unsigned places, const char *wanted)
{
	struct decimal *value = of(given);
	expect_text(value, places, wanted);
	decimal_free(value);
}

Test(decimal, reads_and_prints)
{
	expect_rounded("60", 6, "60");
	expect_rounded("25.5", 6, "25.5");
	expect_rounded("25.500", 6, "25.5");
	expect_rounded("0.000001", 6, "0.000001");
	expect_rounded("0", 6, "0");
	expect_rounded("000.000", 6, "0");
	expect_rounded("007.10", 6, "7.1");
	expect_rounded("100", 0, "100");
	NO_LEAKS();
}

Test(decimal, rounds_halves_to_the_even_neighbour)
{
	expect_rounded("0.0000005", 6, "0");
	expect_rounded("0.0000015", 6, "0.000002");
	expect_rounded("0.0000025", 6, "0.000002");
	expect_rounded("0.00000250000000000000000001", 6, "0.000003");
	expect_rounded("0.9999995", 6, "1");
	expect_rounded("0.9999994999", 6, "0.999999");
	expect_rounded("2.5", 0, "2");
	expect_rounded("3.5", 0, "4");
	NO_LEAKS();
}

Test(decimal, refuses_everything_else)
{
	static const char *const bad[] =
		TEXTS("", ".", ".5", "5.", "-1", "+1", "1e3", "1,5", " 1", "1 ", "1.2.3", "0x10", "NaN", "١٢", "12a",
		      "12345678901234567890123456789012345678901234567890123456789012345");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct decimal *value = decimal_new();
		cr_expect_not(decimal_parse(value, bad[i]), "%s", bad[i]);
		decimal_free(value);
	}
	NO_LEAKS();
}

Test(decimal, takes_sixty_four_characters)
{
	const char *longest = "1234567890123456789012345678901234567890123456789012345678901.34";
	cr_assert_eq(strlen(longest), 64);
	expect_rounded(longest, 6, longest);
}

Test(decimal, a_chain_of_shares_is_exact)
{
	/* 33.333333 % of 33.333333 % of 60 %, by hand: 33333333 * 33333333 * 60 = 66666665333333340. */
	struct decimal *share = of("33.333333");
	struct decimal *second = of("33.333333");
	struct decimal *third = of("60");
	decimal_multiply(share, second);
	decimal_divide_100(share);
	decimal_multiply(share, third);
	decimal_divide_100(share);
	expect_text(share, 30, "6.666666533333334");
	decimal_free(share);
	decimal_free(second);
	decimal_free(third);
}

Test(decimal, compares_exactly_whatever_the_scale)
{
	struct decimal *a = of("25");
	struct decimal *b = of("25.000");
	struct decimal *c = of("24.99999999999999999999999999999999999999999999");
	cr_expect_eq(decimal_compare(a, b), 0);
	cr_expect_gt(decimal_compare(a, c), 0);
	cr_expect_lt(decimal_compare(c, b), 0);
	cr_expect_not(decimal_is_zero(c));
	decimal_free(a);
	decimal_free(b);
	decimal_free(c);
	struct decimal *zero = decimal_new();
	cr_expect(decimal_is_zero(zero));
	decimal_free(zero);
	decimal_free(NULL);
	NO_LEAKS();
}

__extension__ typedef unsigned __int128 wide;

static uint64_t next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Writes value / 10^scale as text without trailing zeros, computed with machine integers. */
static void print(char *out, size_t size, wide value, int scale)
{
	char digits[64];
	int count = 0;
	do {
		digits[count++] = (char)('0' + (int)(value % 10));
		value /= 10;
	} while (value || count <= scale);
	size_t at = 0;
	while (count > 0) {
		if (count == scale)
			out[at++] = '.';
		out[at++] = digits[--count];
		cr_assert_lt(at + 1, size);
	}
	while (scale && out[at - 1] == '0')
		at--;
	if (scale && out[at - 1] == '.')
		at--;
	out[at] = '\0';
}

static wide power(int exponent)
{
	wide value = 1;
	while (exponent-- > 0)
		value *= 10;
	return value;
}

Test(decimal, random_sums_and_products_agree_with_128_bit_integers)
{
	uint64_t seed = 88172645463325252u;
	for (int round = 0; round < 20000; round++) {
		uint64_t a = next(&seed) % 100000000, b = next(&seed) % 100000000;
		int a_scale = (int)(next(&seed) % 7), b_scale = (int)(next(&seed) % 7);
		char text[80];
		print(text, sizeof text, a, a_scale);
		struct decimal *left = of(text);
		print(text, sizeof text, b, b_scale);
		struct decimal *right = of(text);
		struct decimal *product = decimal_copy(left);
		decimal_multiply(product, right);
		decimal_divide_100(product);
		print(text, sizeof text, (wide)a * b, a_scale + b_scale + 2);
		expect_text(product, 30, text);

		int scale = a_scale > b_scale ? a_scale : b_scale;
		wide wide_a = a * power(scale - a_scale), wide_b = b * power(scale - b_scale);
		int order = wide_a < wide_b ? -1 : wide_a > wide_b;
		cr_assert_eq(decimal_compare(left, right), order);
		decimal_add(left, right);
		print(text, sizeof text, wide_a + wide_b, scale);
		expect_text(left, 30, text);

		/* Expected: rounded half to even, to two places, by the remainder. */
		wide sum = wide_a + wide_b, unit = power(scale > 2 ? scale - 2 : 0);
		wide whole = sum / unit, rest = sum % unit;
		if (2 * rest > unit || (2 * rest == unit && whole % 2))
			whole++;
		print(text, sizeof text, whole, scale > 2 ? 2 : scale);
		expect_text(left, 2, text);
		decimal_free(product);
		decimal_free(left);
		decimal_free(right);
	}
	NO_LEAKS();
}
