/*
 * Shared libraries that are opened when somebody first needs them: linking one costs every start of the program the time and the memory
 * of all that it brings along, and most starts need none of these. Who needs one keeps a table of its functions, each under its
 * own type:
 *
 *     #define NAMES(each) each(open) each(close)
 *     #define MEMBER(name) __typeof__(THEIRS_##name) *name;
 *     struct theirs { NAMES(MEMBER) } theirs;
 *     #define SYMBOL(name) { "THEIRS_" #name, offsetof(struct theirs, name) },
 *     static const struct late_symbol symbols[] = { NAMES(SYMBOL) };
 *     static struct late_library library = { .files = { "libtheirs.so.3" }, .symbols = symbols, .table = &theirs, … };
 */
#ifndef KYBDESK_BASE_LATE_H
#define KYBDESK_BASE_LATE_H

#include "kybdesk/base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct late_symbol {
	const char *name;
	size_t offset; /* of a pointer to a function, in the table */
};

struct late_library {
	const char *files[3]; /* the first that is there; their names hold the version of what is called */
	const char *package;  /* Debian's, which has it */
	const char *least;    /* the oldest version that has every symbol, "7.85" */
	const char *without;  /* what cannot be done without it: "webhooks cannot be delivered" */
	enum err err;	      /* what that is */
	const struct late_symbol *symbols;
	size_t symbol_count;
	void *table; /* filled before late_open() says ERR_OK, and never written again */
	/* late_open()'s own: */
	bool tried;
	const char *opened;  /* the file that is there */
	const char *lacking; /* a symbol, or "" for the whole library; NULL: it is there */
};

/* Opens it once and fills its table; from any thread. It stays until the program ends. The library's err with the package to
 * install when it is missing or too old, each time that it is asked for. */
enum err late_open(struct late_library *library, struct error *error) KYB_MUST_USE;

#endif
