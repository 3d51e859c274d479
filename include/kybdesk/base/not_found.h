/*
 * The one sentence for something that is named and not there, whatever it is:
 *
 *   Unknown reviewer "ani". Did you mean "ana"?
 *   Unknown reviewer "x". List them with: kybdesk reviewer list
 *
 * Both functions set ERR_NOT_FOUND and return it.
 */
#ifndef KYBDESK_BASE_NOT_FOUND_H
#define KYBDESK_BASE_NOT_FOUND_H

#include "kybdesk/base/error.h"

/* hint: a sentence without a full stop that says what to do, or NULL. */
enum err not_found(struct error *error, const char *kind, const char *name, const char *hint);
/* Asks after the nearest of names; if none is near, gives the hint. field: the member that is wrong, or NULL. */
enum err not_found_among(struct error *error, const char *field, const char *kind, const char *name,
			 const char *const *names, size_t count, const char *hint);

#endif
