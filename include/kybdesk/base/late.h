/* Shared libraries that are opened at first use. A linked library would cost load time and memory at every start of the
 * program, although most starts do not use it. Each module that uses such a library has a table of typed function
 * pointers:
 *
 *     #define NAMES(each) each(open) each(close)
 *     #define MEMBER(name) __typeof__(THEIRS_##name) *name;
 *     struct theirs { NAMES(MEMBER) } theirs;
 *     #define SYMBOL(name) { "THEIRS_" #name, offsetof(struct theirs, name) },
 *     static const struct lazy_symbol symbols[] = { NAMES(SYMBOL) };
 *     static struct lazy_library library = { .files = { "libtheirs.so.3" }, .symbols = symbols, .table = &theirs, … };
 */
#ifndef KYBDESK_BASE_LATE_H
#define KYBDESK_BASE_LATE_H

#include "kybdesk/base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct lazy_symbol {
	const char *name;
	size_t offset; /* offset of the function pointer in the table */
};

struct lazy_library {
	const char *files[3];	    /* tried in order; each name includes the ABI version */
	const char *package;	    /* the Debian package of the library */
	const char *min_version;    /* oldest version of the library with every symbol, such as "7.85" */
	const char *missing_effect; /* effect of the missing library, such as "webhooks cannot be delivered" */
	enum err err;		    /* error code of lazy_library_open() if the library is missing */
	const struct lazy_symbol *symbols;
	size_t symbol_count;
	void *table; /* filled before lazy_library_open() returns ERR_OK, constant afterwards */
	/* the members below are private to lazy_library_open() */
	bool open_tried;
	const char *opened_file; /* the file that was opened */
	/* the missing symbol; "": the whole library is missing; NULL: no symbol is missing */
	const char *missing_symbol;
};

/* Opens the library once and fills the table. Any thread may call it. The library stays open until the program
 * ends. If the library is missing or too old, each call fails with library->err, and the message names the package
 * to install. */
enum err lazy_library_open(struct lazy_library *library, struct error *error);

/* The versions of the libraries that src/base uses, for bug reports, such as "OpenSSL 3.0.17, utf8proc 2.8.0, zlib
 * 1.2.13". Other folders have such a function for their libraries. */
const char *base_library_versions(struct arena *arena);

#endif
