/* Money of the sandbox: whole minor units of a currency or a coin, never floating point. Pure. Amounts are read
 * from the text of a JSON number or of a command's argument: "250", "250.10". */
#ifndef KYBDESK_SANDBOX_MONEY_H
#define KYBDESK_SANDBOX_MONEY_H

#include "kybdesk/base/error.h"
#include <stdbool.h>
#include <stdint.h>

#define MONEY_MAX INT64_C(999999999999999) /* the largest amount and the largest balance, in minor units */
#define MONEY_TEXT_SIZE 48
#define RATE_TEXT_SIZE 48

/* Decimals of a currency (ISO 4217) or a coin of data/sandbox/rates.txt. -1: unknown. */
int money_decimals(const char *currency);
/* Whether `currency` is a coin. No account holds coins: a crypto payin receives them, a crypto payout sends them. */
bool money_is_crypto(const char *currency);

/* Reads an amount above zero. ERR_INVALID with `field`: not a number, an exponent, more decimals than the currency
 * has, zero, negative, above MONEY_MAX, unknown currency. */
enum err money_read(const char *field, const char *text, const char *currency, int64_t *out, struct error *error);
/* Writes "250" or "250.10": no decimals if all are zero, else as many as the currency has; "-" in front if negative. */
const char *money_write(int64_t amount, const char *currency, char out[MONEY_TEXT_SIZE]);

/* An amount that was converted to another currency. */
struct exchange {
	int64_t amount; /* the converted amount, rounded down */
	/* units of the other currency for one unit, at most eight decimals; "1": the same currency */
	char rate[RATE_TEXT_SIZE];
};
/* Converts an amount by the fixed table. ERR_INVALID, field "currency": no rate; field "amount": the result is
 * zero or too large. */
enum err money_convert(int64_t amount, const char *from, const char *to, struct exchange *out, struct error *error);

/* IBANs of a made-up bank of the sandbox, with valid check digits (ISO 13616, ISO/IEC 7064 mod 97-10). Pure. */
#define SANDBOX_IBAN_SIZE 32
#define SANDBOX_IBAN_NUMBERS INT64_C(100000000000) /* number of possible account numbers, which start at 0 */

/* Writes an IBAN: LT, two check digits, bank 99999, eleven digits of the account's number. */
void sandbox_iban_write(int64_t number, char out[SANDBOX_IBAN_SIZE]);

#endif
