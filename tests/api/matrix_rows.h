/* One row per route: the permission, the objects of the request, and the response to an allowed caller. An address with
 * {token} needs no key: it has a row of bearer_rows instead. */
#ifndef KYB_TESTS_API_MATRIX_ROWS_H
#define KYB_TESTS_API_MATRIX_ROWS_H

#include <stddef.h>

struct entrance_row {
	const char *method, *path; /* as in the reference */
	const char *permission;	   /* "" none is needed */
	const char *things;	   /* the object (things.h) for each {…} of path and query, in order */
	const char *body;	   /* may contain {words} (things.h); "@a=b&c=d": a form with a file; NULL: none */
	int own;		   /* response to a merchant for its own object */
	const char *query;	   /* NULL none */
};
/* The rows are in an order in which no row removes the objects of a later row. */
extern const struct entrance_row entrance_rows[];
extern const size_t entrance_row_count;

/* The kinds of tokens tried in place of a link, and the response of each address. */
enum bearer {
	BEARER_LINK,	      /* the current link of a session */
	BEARER_DOCUMENT_LINK, /* a link for one document of another session */
	BEARER_REPLACED,      /* a link that a newer link has replaced */
	BEARER_RUN_OUT,
	BEARER_FILE,	    /* a download address of a document */
	BEARER_OLD_FILE,    /* an expired download address */
	BEARER_UPLOAD,	    /* an upload address */
	BEARER_OLD_UPLOAD,  /* an expired upload address */
	BEARER_OTHER_STORE, /* well formed, but not made by this store */
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
