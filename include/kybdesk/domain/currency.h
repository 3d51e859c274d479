/* Currencies: the codes of ISO 4217 that are in use, without metals, units of account and test codes
 * (data/currencies.txt). */
#ifndef KYBDESK_DOMAIN_CURRENCY_H
#define KYBDESK_DOMAIN_CURRENCY_H

#include <stdbool.h>

/* code: three capital letters, such as "EUR". */
bool currency_is_known(const char *code);
/* Decimals of the currency: EUR 2, JPY 0, KWD 3. -1: unknown code. */
int currency_decimals(const char *code);

#endif
