/* The common message for every unknown name or word:
 *
 *   Unknown reviewer "ani". Did you mean "ana"?
 *   Unknown reviewer "x". List them with: kybdesk reviewer list */
#ifndef KYBDESK_BASE_NOT_FOUND_H
#define KYBDESK_BASE_NOT_FOUND_H

#include "kybdesk/base/error.h"

struct unknown_name {
	const char *kind, *name;  /* "reviewer", "ani" */
	const char *hint;	  /* advice: a sentence without a full stop; NULL: none */
	const char *const *names; /* known names: the nearest is suggested in place of the hint */
	size_t count;
	const char *field; /* path of the invalid input value; NULL: none */
};

/* Fills the error and returns ERR_NOT_FOUND. */
enum err error_not_found(struct error *error, const char *kind, const char *name, const char *hint);
enum err error_unknown_word(struct error *error, enum err code, const struct unknown_name *what);

#endif
