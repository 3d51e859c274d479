/*
 * The one sentence for a name or a word that is not known, whatever it is of:
 *
 *   Unknown reviewer "ani". Did you mean "ana"?
 *   Unknown reviewer "x". List them with: kybdesk reviewer list
 */
#ifndef KYBDESK_BASE_NOT_FOUND_H
#define KYBDESK_BASE_NOT_FOUND_H

#include "kybdesk/base/error.h"

struct unknown {
	const char *kind, *name;  /* reviewer, ani */
	const char *hint;	  /* a sentence without a full stop that says what to do; NULL: none */
	const char *const *names; /* of those that are there: the nearest is asked after in place of the hint */
	size_t count;
	const char *field; /* the member that is wrong; NULL: none */
};

/* ERR_NOT_FOUND. */
enum err not_found(struct error *error, const char *kind, const char *name, const char *hint);
enum err unknown_word(struct error *error, enum err code, const struct unknown *what);

#endif
