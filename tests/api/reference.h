/* The routes as the program itself lists them, and the verbs that the files of this front end name. */
#ifndef KYB_TESTS_API_REFERENCE_H
#define KYB_TESTS_API_REFERENCE_H

#include "client.h"

struct reference_route {
	char method[8], path[200];
	char permission[24]; /* "kyc:read"; "" none */
	bool open;	     /* needs no key */
	bool sandbox;	     /* is in a sandbox store only */
};
/* The routes of `info --reference openapi`. */
struct reference_route *reference_routes(struct box *box, size_t *count);

/* The address with ids in the place of its names, up to a colon. */
char *reference_address(const char *path);

/* All text of src/api. */
char *entrance_text(void);
/* Whether it names this word, and not only the beginning of a longer one. */
bool entrance_names(const char *text, const char *word);

#endif
