/* Formats that do not depend on a country: email, URL, port, shapes of digits. Pure. */
#ifndef KYBDESK_DOMAIN_FORMAT_H
#define KYBDESK_DOMAIN_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* The error text if email_is_valid() is false. email_is_valid() accepts one mailbox in the usual form: at most 254
 * bytes, a local part of at most 64 bytes, a domain with a dot. */
#define EMAIL_SENTENCE "The e-mail address is not valid; write it like name@example.com"
bool email_is_valid(const char *text);
/* Whether the birth date is more than PERSON_AGE_MAX years before today (YYYY-MM-DD). date: as precise as it is known
 * (birth_date_is_valid()). */
#define PERSON_AGE_MAX 120
#define TOO_OLD_SENTENCE "The date of birth is more than 120 years ago"
bool birth_date_is_too_old(const char *date, const char *today);
/* Whether the text has http:// or https:// and a host with a dot, but no user info, spaces or controls. */
bool url_is_valid(const char *text);
bool port_is_valid(const char *text, size_t length); /* a number from 1 to 65535 */
/* Whether the text has this shape, in which # stands for a digit, and any other character for itself. */
bool digits_match(const char *text, const char *shape);

#endif
