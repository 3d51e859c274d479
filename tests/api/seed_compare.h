/* Two JSON bodies, member by member: the same members, of the same types. */
#ifndef KYB_TESTS_API_SEED_COMPARE_H
#define KYB_TESTS_API_SEED_COMPARE_H

#include "client.h"

struct likeness {
	const char *more;  /* " path path ": members that the seed does not show */
	const char *nulls; /* " path ": where it may be null instead */
	size_t fields;	   /* compared so far */
	char fault[400];   /* "" it is alike */
};
/* Each item of a list is compared with the first item of the seed's; paths have [0] for all of them. */
void compare_bodies(struct likeness *likeness, const json_t *seed, const json_t *answer, const char *path);
/* Without commas behind last members. */
char *without_trailing_commas(const char *text);

#endif
