#include "kybdesk/sandbox/money.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/domain/currency.h"

#include <stdio.h>
#include <string.h>

#define RATE_DECIMALS 8
#define DECIMALS_MAX 6
__extension__ typedef __int128 wide;

/* A currency or coin: a line of data/sandbox/rates.txt, such as "USDC 6 0.92". */
struct rate {
	int decimals;
	int64_t worth; /* in EUR, in units of 10^-8 */
};

static int64_t power_of_ten(int exponent)
{
	int64_t power = 1;

	for (int i = 0; i < exponent; i++)
		power *= 10;
	return power;
}

/* Parses digits with at most one point into whole units of 10^-places. Does not check the text, which is from the
 * built-in table. */
static int64_t parse_scaled(const char *text, const char *end, int places)
{
	int64_t value = 0;
	int left = -1;

	for (; text < end; text++) {
		if (*text == '.') {
			left = places;
			continue;
		}
		value = value * 10 + (*text - '0');
		left -= left > 0;
	}
	return value * power_of_ten(left < 0 ? places : left);
}

static bool find_rate(const char *currency, struct rate *out)
{
	const struct resource *table = resource_find_embedded("sandbox/rates.txt");
	const char *at = (const char *)table->bytes, *end = at + table->length, *line_end;
	size_t length = strlen(currency);

	for (; at < end && (line_end = memchr(at, '\n', (size_t)(end - at))); at = line_end + 1) {
		if (*at == '#' || (size_t)(line_end - at) < length + 4 || memcmp(at, currency, length) != 0 ||
		    at[length] != ' ')
			continue;
		*out = (struct rate){ .decimals = at[length + 1] - '0',
				      .worth = parse_scaled(at + length + 3, line_end, RATE_DECIMALS) };
		return length >= 3;
	}
	return false;
}

bool money_is_crypto(const char *currency)
{
	struct rate rate;

	return find_rate(currency, &rate) && !currency_is_known(currency);
}

int money_decimals(const char *currency)
{
	int decimals = currency_decimals(currency);
	struct rate rate;

	if (decimals >= 0)
		return decimals;
	return find_rate(currency, &rate) ? rate.decimals : -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The length of a number such as "250.10" at the start of the text; 0: not a number of this form. */
static size_t plain_number_length(const char *text)
{
	const char *at = text;

	while (is_digit(*at))
		at++;
	if (at == text)
		return 0;
	if (*at == '.') {
		if (!is_digit(at[1]))
			return 0;
		for (at++; is_digit(*at); at++)
			;
	}
	return (size_t)(at - text);
}

static enum err refuse_large_amount(const char *field, const char *currency, struct error *error)
{
	char most[MONEY_TEXT_SIZE];

	return error_invalid(error, field, "The amount is too large; at most %s %s",
			     money_write(MONEY_MAX, currency, most), currency);
}

enum err money_read(const char *field, const char *text, const char *currency, int64_t *out, struct error *error)
{
	int decimals = money_decimals(currency), places = -1;
	int64_t value = 0;

	if (decimals < 0)
		return error_invalid(error, "currency",
				     "Unknown currency \"%s\"; write an ISO 4217 code in capital letters, such as EUR",
				     currency);
	if (!*text || plain_number_length(text) != strlen(text))
		return error_invalid(error, field,
				     "The amount is not a positive number in plain digits, such as 250 or 250.10");
	for (const char *at = text; *at; at++) {
		if (*at == '.') {
			places = 0;
			continue;
		}
		if (places >= 0 && ++places > decimals) {
			if (*at == '0')
				continue;
			return error_invalid(error, field, "The amount has too many decimals; %s has %d", currency,
					     decimals);
		}
		if (value > MONEY_MAX / 10)
			return refuse_large_amount(field, currency, error);
		value = value * 10 + (*at - '0');
	}
	for (int i = places < 0 ? 0 : places; i < decimals; i++) {
		if (value > MONEY_MAX / 10)
			return refuse_large_amount(field, currency, error);
		value *= 10;
	}
	if (value > MONEY_MAX)
		return refuse_large_amount(field, currency, error);
	if (!value)
		return error_invalid(error, field, "The amount is zero; enter an amount above zero");
	*out = value;
	return ERR_OK;
}

const char *money_write(int64_t amount, const char *currency, char out[MONEY_TEXT_SIZE])
{
	int decimals = money_decimals(currency);
	char fraction[DECIMALS_MAX + 2] = "";

	if (decimals < 0 || decimals > DECIMALS_MAX)
		decimals = 0;
	int64_t unit = power_of_ten(decimals), size = amount < 0 ? -amount : amount, rest = size % unit;
	if (rest) {
		fraction[0] = '.';
		for (int i = decimals; i > 0; i--, rest /= 10)
			fraction[i] = (char)('0' + rest % 10);
	}
	(void)snprintf(out, MONEY_TEXT_SIZE, "%s%lld%s", amount < 0 ? "-" : "", (long long)(size / unit), fraction);
	return out;
}

static void rate_write(int64_t rate, char out[RATE_TEXT_SIZE])
{
	int64_t unit = power_of_ten(RATE_DECIMALS);
	size_t length;

	snprintf(out, RATE_TEXT_SIZE, "%lld.%08lld", (long long)(rate / unit), (long long)(rate % unit));
	for (length = strlen(out); out[length - 1] == '0'; length--)
		out[length - 1] = '\0';
	if (out[length - 1] == '.')
		out[length - 1] = '\0';
}

enum err money_convert(int64_t amount, const char *from, const char *to, struct exchange *out, struct error *error)
{
	struct rate of, into;
	int64_t rate = 0;
	wide result;

	*out = (struct exchange){ .amount = amount, .rate = "1" };
	if (!strcmp(from, to))
		return ERR_OK;
	if (find_rate(from, &of) && find_rate(to, &into) && into.worth > 0)
		rate = (int64_t)((wide)of.worth * power_of_ten(RATE_DECIMALS) / into.worth);
	if (!rate)
		return error_invalid(error, "currency",
				     "The sandbox has no exchange rate from %s to %s; use another currency", from, to);
	rate_write(rate, out->rate);
	result = (wide)amount * rate * power_of_ten(into.decimals) /
		 ((wide)power_of_ten(RATE_DECIMALS) * power_of_ten(of.decimals));
	if (result > MONEY_MAX)
		return refuse_large_amount("amount", to, error);
	if (result < 1)
		return error_invalid(error, "amount",
				     "The amount is less than the smallest unit of %s; enter a larger amount", to);
	out->amount = (int64_t)result;
	return ERR_OK;
}

/* Makes an IBAN. Its check digits are computed by ISO 7064 over the number followed by "LT00", with L as 21 and T
 * as 29. */
void sandbox_iban_write(int64_t number, char out[SANDBOX_IBAN_SIZE])
{
	char digits[32];
	unsigned rest = 0;

	snprintf(digits, sizeof digits, "99999%011lld212900", (long long)(number % SANDBOX_IBAN_NUMBERS));
	for (const char *at = digits; *at; at++)
		rest = (rest * 10 + (unsigned)(*at - '0')) % 97;
	snprintf(out, SANDBOX_IBAN_SIZE, "LT%02u99999%011lld", 98 - rest, (long long)(number % SANDBOX_IBAN_NUMBERS));
}
