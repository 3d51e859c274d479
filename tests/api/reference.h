/* The routes of the API as the program lists them, and the source text of src/api, to search it for names. */
#ifndef KYB_TESTS_API_REFERENCE_H
#define KYB_TESTS_API_REFERENCE_H

#include "client.h"

struct reference_route {
	char method[8], path[200];
	char permission[24]; /* "kyc:read"; "" none */
	bool open;	     /* needs no key */
	bool sandbox;	     /* exists only in a sandbox store */
};
/* The routes of `info --reference openapi`. */
struct reference_route *reference_routes(struct box *box, size_t *count);

/* The path with an id in place of each {name}; it ends before the first colon. */
char *reference_address(const char *path);

/* The text of all .c files of src/api. */
char *entrance_text(void);
/* Whether the text contains the word, and not only as the beginning of a longer word. */
bool entrance_names(const char *text, const char *word);

#endif
