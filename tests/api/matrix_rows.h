/* One row per route: the permission, the objects it is tried on, and the response to an allowed caller. An address with
 * {token} is its own permission: it has a row of bearer_rows instead. */
#ifndef KYB_TESTS_API_MATRIX_ROWS_H
#define KYB_TESTS_API_MATRIX_ROWS_H

#include <stddef.h>

struct entrance_row {
	const char *method, *path; /* as in the reference */
	const char *permission;	   /* "" none is needed */
	const char *things;	   /* for each {…} of path and query, in order: what of theirs (things.h) */
	const char *body;	   /* with {words}; "@a=b&c=d" a form with a file; NULL nothing */
	int own;		   /* to the merchant, at its own */
	const char *query;	   /* NULL none */
};
/* Ordered so that each row finds its objects. */
extern const struct entrance_row entrance_rows[];
extern const size_t entrance_row_count;

/* The kinds of tokens tried in place of a link, and the response of each address. */
enum bearer {
	BEARER_LINK,	      /* the current one of a session */
	BEARER_DOCUMENT_LINK, /* for one document of another session */
	BEARER_REPLACED,      /* of a session with a newer link */
	BEARER_RUN_OUT,
	BEARER_FILE,	    /* an address to read a document */
	BEARER_OLD_FILE,    /* that ran out */
	BEARER_UPLOAD,	    /* an upload address */
	BEARER_OLD_UPLOAD,  /* that ran out */
	BEARER_OTHER_STORE, /* well formed, of nobody here */
	BEARER_KEY,	    /* a merchant's key */
	BEARER_WORD,
	BEARERS
};
struct bearer_row {
	const char *method, *path, *body; /* {token} in path */
	int expected[BEARERS];
};
extern const struct bearer_row bearer_rows[];
extern const size_t bearer_row_count;

#endif
