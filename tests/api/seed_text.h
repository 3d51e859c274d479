/* Reads the files of tests/api/seeds, and requests in the notations of the seeds. */
#ifndef KYB_TESTS_API_SEED_TEXT_H
#define KYB_TESTS_API_SEED_TEXT_H

#include "client.h"

struct section {
	int from, to; /* lines of the seed */
	char kind[12];
	char name[60]; /* " create"; "" none */
	char *directives[20], *reasons[20];
	size_t count;
	char *text; /* the seed's words */
};
char *seed_text(const char *seed);
/* Reads the next section into *out, or the next step into *step (NULL for a section); false at the end. */
bool section_next(char **rest, struct section *out, const char **step);
/* The text of the i-th directive if it has this name, or NULL. */
const char *directive(const struct section *section, size_t i, const char *name);
const char *reason_of(const struct section *section, size_t i);

/* Reads method, path and JSON body (*body is NULL without one) of a curl line, "HTTP POST Request" with its address,
 * "GET /path" or "POST | /path |". */
void request_of_text(const char *text, char **method, char **path, char **body);
/* Replaces every `from` in the text by `to`. */
char *replaced(const char *text, const char *from, const char *to);
/* Sets members: "addresses[0].country=PT first_name=Filipa". A value ends before the next " NAME=". */
void set_members(json_t *body, const char *output);

#endif
