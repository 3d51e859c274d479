/* The files of tests/api/seeds, read; and requests as the seeds write them. */
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
/* The next section, or the next step beside them (*step; NULL then for a section). */
bool section_next(char **rest, struct section *out, const char **step);
/* The text of the i-th directive if it has this name, or NULL. */
const char *directive(const struct section *section, size_t i, const char *name);
const char *reason_of(const struct section *section, size_t i);

/* A curl line, "HTTP POST Request" with its address, "GET /path", "POST | /path |": method and path, and the JSON
 * behind it, *body NULL if there is none. */
void request_of_text(const char *text, char **method, char **path, char **body);
/* Every `from` in it. */
char *replaced(const char *text, const char *from, const char *to);
/* "addresses[0].country=PT first_name=Filipa"; values go on to the next name. */
void set_members(json_t *body, const char *output);

#endif
