/* Amounts, rates and IBANs of the sandbox. */
#include <criterion/criterion.h>

#include "kybdesk/domain/check_digits.h"
#include "kybdesk/domain/currency.h"
#include "kybdesk/sandbox/money.h"

#include <string.h>

static const struct {
	const char *text, *currency;
	int64_t minor; /* 0: refused */
	const char *sentence, *written;
} amounts[] = {
	{ "250", "EUR", 25000, NULL, "250" },
	{ "250.1", "EUR", 25010, NULL, "250.10" },
	{ "250.10", "EUR", 25010, NULL, "250.10" },
	{ "0.01", "EUR", 1, NULL, "0.01" },
	{ "250.000", "EUR", 25000, NULL, "250" },
	{ "250.0", "JPY", 250, NULL, "250" },
	{ "1.005", "KWD", 1005, NULL, "1.005" },
	{ "0.000001", "USDC", 1, NULL, "0.000001" },
	{ "9999999999999.99", "EUR", MONEY_MAX, NULL, "9999999999999.99" },
	{ "0.30", "EUR", 30, NULL, "0.30" },
	{ "10000000000000", "EUR", 0, "The amount is too large; at most 9999999999999.99 EUR", NULL },
	{ "99999999999999999999999999", "EUR", 0, "The amount is too large; at most 9999999999999.99 EUR", NULL },
	{ "10.001", "EUR", 0, "The amount has too many decimals; EUR has 2", NULL },
	{ "10.0000000001", "EUR", 0, "The amount has too many decimals; EUR has 2", NULL },
	{ "1.5", "JPY", 0, "The amount has too many decimals; JPY has 0", NULL },
	{ "0", "EUR", 0, "The amount is zero; enter an amount above zero", NULL },
	{ "0.00", "EUR", 0, "The amount is zero; enter an amount above zero", NULL },
	{ "-5", "EUR", 0, "The amount is not a positive number in plain digits, such as 250 or 250.10", NULL },
	{ "1e3", "EUR", 0, "The amount is not a positive number in plain digits, such as 250 or 250.10", NULL },
	{ "5.", "EUR", 0, "The amount is not a positive number in plain digits, such as 250 or 250.10", NULL },
	{ ".5", "EUR", 0, "The amount is not a positive number in plain digits, such as 250 or 250.10", NULL },
	{ "1.2.3", "EUR", 0, "The amount is not a positive number in plain digits, such as 250 or 250.10", NULL },
	{ "", "EUR", 0, "The amount is not a positive number in plain digits, such as 250 or 250.10", NULL },
	{ "1", "EURO", 0, "Unknown currency \"EURO\"; write an ISO 4217 code in capital letters, such as EUR", NULL },
	{ "1", "#", 0, "Unknown currency \"#\"; write an ISO 4217 code in capital letters, such as EUR", NULL },
	{ "1", "", 0, "Unknown currency \"\"; write an ISO 4217 code in capital letters, such as EUR", NULL },
};

Test(money, amounts_are_read_and_written_exactly)
{
	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
		struct error error = { 0 };
		char written[MONEY_TEXT_SIZE];
		int64_t minor = 0;
		enum err err = money_read("amount", amounts[i].text, amounts[i].currency, &minor, &error);

		cr_expect_eq(err, amounts[i].minor ? ERR_OK : ERR_INVALID, "%s %s", amounts[i].text,
			     amounts[i].currency);
		if (err) {
			cr_expect_str_eq(error.message, amounts[i].sentence);
			error_release(&error);
			continue;
		}
		cr_expect_eq(minor, amounts[i].minor, "%s: %lld", amounts[i].text, (long long)minor);
		cr_expect_str_eq(money_write(minor, amounts[i].currency, written), amounts[i].written);
	}
}

Test(money, negative_amounts_are_written_with_their_sign)
{
	char text[MONEY_TEXT_SIZE];

	cr_expect_str_eq(money_write(-5, "EUR", text), "-0.05");
	cr_expect_str_eq(money_write(-25000, "EUR", text), "-250");
	cr_expect_str_eq(money_write(0, "EUR", text), "0");
}

Test(money, decimals_are_of_iso_4217)
{
	cr_expect_eq(currency_decimals("EUR"), 2);
	cr_expect_eq(currency_decimals("JPY"), 0);
	cr_expect_eq(currency_decimals("KWD"), 3);
	cr_expect_eq(currency_decimals("USDC"), -1);
	cr_expect_eq(money_decimals("USDC"), 6);
	cr_expect(money_is_crypto("USDC") && !money_is_crypto("EUR") && !money_is_crypto("X"));
}

static const struct {
	const char *from, *to;
	int64_t amount, result; /* 0: refused */
	const char *rate;
} exchanges[] = {
	{ "EUR", "EUR", 25000, 25000, "1" },
	{ "USDC", "EUR", 100000000, 9200, "0.92" }, /* 100 USDC */
	{ "EUR", "JPY", 100, 163, "163.93442622" }, /* rounded down */
	{ "JPY", "EUR", 1000, 610, "0.0061" },
	{ "EUR", "KWD", 300, 999, "0.33333333" },
	{ "KWD", "EUR", 1000, 300, "3" },
	{ "EUR", "USDC", 9200, 99999999, "1.08695652" },
	{ "JPY", "EUR", 1, 0, NULL },
	{ "EUR", "ZWG", 100, 0, NULL },
	{ "KWD", "JPY", MONEY_MAX, 491803278679999, "491.80327868" },
	{ "EUR", "JPY", MONEY_MAX, 0, NULL },
};

Test(money, exchanges_follow_the_fixed_table)
{
	for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++) {
		struct exchange exchange;
		struct error error = { 0 };
		enum err err =
			money_convert(exchanges[i].amount, exchanges[i].from, exchanges[i].to, &exchange, &error);

		cr_expect_eq(err, exchanges[i].result ? ERR_OK : ERR_INVALID, "%s %s", exchanges[i].from,
			     exchanges[i].to);
		error_release(&error);
		if (err)
			continue;
		cr_expect_eq(exchange.amount, exchanges[i].result, "%s %s: %lld", exchanges[i].from, exchanges[i].to,
			     (long long)exchange.amount);
		cr_expect_str_eq(exchange.rate, exchanges[i].rate);
	}
}

Test(iban, made_up_numbers_have_right_check_digits)
{
	char iban[SANDBOX_IBAN_SIZE], other[SANDBOX_IBAN_SIZE];

	for (int64_t number = 0; number < 5000; number++) {
		sandbox_iban_write(number * 19999999, iban);
		cr_assert(check_digits_are_valid(SCHEME_IBAN, iban), "%s", iban);
	}
	sandbox_iban_write(1, iban);
	sandbox_iban_write(2, other);
	cr_expect_str_neq(iban, other);
}
