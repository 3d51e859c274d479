/* Numbers from the documentation of the schemes: they are valid, and do not belong to a real person. */
#include <criterion/criterion.h>

#include "kybdesk/domain/check_digits.h"
#include "support/texts.h"
#include <string.h>

static const struct {
	enum check_scheme scheme;
	const char *valid[4];
	const char *invalid[6];
} numbers[] = {
	{ SCHEME_CPF,
	  { "390.533.447-05", "39053344705" },
	  { "231.002.999-00", "00000000000", "390.533.447=05", "3905334470" } },
	{ SCHEME_CNPJ,
	  { "16.727.230/0001-97", "16727230000197", "12.ABC.345/01DE-35" },
	  { "16.727.230.0001-98", "12.ABC.345/01DE-36", "12.abc.345/01DE-35", "1672723000019A" } },
	{ SCHEME_NINE_DIGITS, { "123456789", "000000000" }, { "12345678", "1234567890", "123-45-6789", "12345678O" } },
	{ SCHEME_IBAN,
	  { "GB29 NWBK 6016 1331 9268 19", "ES9121000418450200051332", "BR1800360305000010009795493C1",
	    "NO9386011117947" },
	  { "GB29NWBK60161331926818", "GB29NWBK601613319268", "XX29NWBK60161331926819", "gb29nwbk60161331926819",
	    "DE8937040044053201300A", "GB2ANWBK60161331926819" } },
	{ SCHEME_PT_NIF, { "501 964 843", "PT501964843" }, { "501964842", "001964843" } },
};

Test(check_digits, published_numbers_are_valid_and_their_typing_errors_are_not)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		for (size_t v = 0; v < 4 && numbers[i].valid[v]; v++)
			cr_expect(check_digits_are_valid(numbers[i].scheme, numbers[i].valid[v]), "%s %s",
				  check_scheme_text(numbers[i].scheme), numbers[i].valid[v]);
		for (size_t v = 0; v < 6 && numbers[i].invalid[v]; v++)
			cr_expect_not(check_digits_are_valid(numbers[i].scheme, numbers[i].invalid[v]), "%s %s",
				      check_scheme_text(numbers[i].scheme), numbers[i].invalid[v]);
	}
}

Test(check_digits, every_scheme_is_tried)
{
	bool tried[CHECK_SCHEME_COUNT] = { false };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		tried[numbers[i].scheme] = true;
	for (size_t i = 0; i < CHECK_SCHEME_COUNT; i++)
		cr_expect(tried[i], "%s", check_scheme_text((enum check_scheme)i));
}

/* At each position the check digit detects every wrong digit; in some schemes, all wrong digits but one. */
Test(check_digits, at_most_one_wrong_digit_passes_at_each_position)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		char number[64];
		size_t length = strlen(numbers[i].valid[0]);

		if (numbers[i].scheme == SCHEME_NINE_DIGITS)
			continue;
		for (size_t at = 0; at < length; at++) {
			size_t passed = 0;

			if (numbers[i].valid[0][at] < '0' || numbers[i].valid[0][at] > '9')
				continue;
			for (char c = '0'; c <= '9'; c++) {
				memcpy(number, numbers[i].valid[0], length + 1);
				number[at] = c;
				passed += check_digits_are_valid(numbers[i].scheme, number);
			}
			/* In a modulo 11 scheme, two remainders have the same check digit: one wrong digit may pass. */
			cr_expect_leq(passed, 2, "%s at %zu", check_scheme_text(numbers[i].scheme), at);
			cr_expect_geq(passed, 1, "%s at %zu", check_scheme_text(numbers[i].scheme), at);
		}
	}
}

Test(check_digits, separators_stand_between_characters_only)
{
	static const char *const texts[] = TEXTS("-39053344705", "39053344705-", "390..533.447-05", "39053344705\n",
						 " 39053344705", "390 533 447 05", "");

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_not(check_digits_are_valid(SCHEME_CPF, texts[i]), "'%s'", texts[i]);
}

Test(check_digits, the_longest_text_is_no_number)
{
	char text[20001];

	memset(text, '1', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (size_t i = 0; i < CHECK_SCHEME_COUNT; i++)
		cr_expect_not(check_digits_are_valid((enum check_scheme)i, text), "%s",
			      check_scheme_text((enum check_scheme)i));
}
