/* Formats that are the same everywhere: email, URL, port, shapes of digits. Pure. */
#ifndef KYBDESK_DOMAIN_FORMAT_H
#define KYBDESK_DOMAIN_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* One mailbox in the usual form: at most 254 bytes, a local part of at most 64, a domain with a dot. */
#define EMAIL_SENTENCE "The e-mail address is not valid; write it like name@example.com"
bool email_is_valid(const char *text);
/* http:// or https://, a host with a dot, no user info, no spaces or controls. */
bool url_is_valid(const char *text);
bool port_is_valid(const char *text, size_t length); /* a number from 1 to 65535 */
/* `shape`: # for a digit, any other character for itself. */
bool digits_match(const char *text, const char *shape);

#endif
