/* Compares two JSON bodies member by member: both must have the same members, of the same types. */
#ifndef KYB_TESTS_API_SEED_COMPARE_H
#define KYB_TESTS_API_SEED_COMPARE_H

#include "client.h"

struct likeness {
	const char *more;  /* " path path ": members that only the response may have */
	const char *nulls; /* " path path ": members that may be null in the response */
	size_t fields;	   /* compared so far */
	char fault[400];   /* the first difference; "" none */
};
/* Compares each item of a list with the first item of the seed's list; the path of every item has [0]. */
void compare_bodies(struct likeness *likeness, const json_t *seed, const json_t *answer, const char *path);
/* Returns the text without commas after the last members and items. */
char *without_trailing_commas(const char *text);

#endif
