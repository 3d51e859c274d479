/* Written forms that are the same everywhere: addresses of people and machines, numbers to call. Pure. */
#ifndef KYBDESK_DOMAIN_FORMAT_H
#define KYBDESK_DOMAIN_FORMAT_H

#include <stdbool.h>

/* One mailbox, as people are asked for it: at most 254 bytes, a local part of at most 64, a domain with a dot. */
bool email_is_valid(const char *text);
/* Seed atelio-beneficial-owners: ######### or ###-###-####; nine or ten digits, as its own examples. */
bool phone_is_valid(const char *text);
/* Seed atelio-beneficial-owners: ######### or ###-##-####. */
bool ssn_is_valid(const char *text);
/* Four numbers of 0 to 255 without leading zeros. */
bool ipv4_is_valid(const char *text);
/* http:// or https://, a host with a dot, no user info, no spaces or controls. */
bool url_is_valid(const char *text);
/* `shape` with # for a digit, other characters for themselves. */
bool digits_match(const char *text, const char *shape);

#endif
