/* Currencies: the codes of ISO 4217 that are in use, without metals, units of account and test codes. */
#ifndef KYBDESK_DOMAIN_CURRENCY_H
#define KYBDESK_DOMAIN_CURRENCY_H

#include <stdbool.h>

/* "EUR": three capital letters. */
bool currency_is_known(const char *code);

#endif
