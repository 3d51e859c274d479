#include "kybdesk/sandbox/iban.h"

#include <stdio.h>

/* ISO 7064: computed over the number followed by "LT00", with L as 21 and T as 29. */
void sandbox_iban(int64_t number, char out[SANDBOX_IBAN_SIZE])
{
	char digits[32];
	unsigned rest = 0;

	snprintf(digits, sizeof digits, "99999%011lld212900", (long long)(number % SANDBOX_IBAN_NUMBERS));
	for (const char *at = digits; *at; at++)
		rest = (rest * 10 + (unsigned)(*at - '0')) % 97;
	snprintf(out, SANDBOX_IBAN_SIZE, "LT%02u99999%011lld", 98 - rest,
		 (long long)(number % SANDBOX_IBAN_NUMBERS));
}
