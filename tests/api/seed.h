/*
 * The examples of the seed documents as a play: tests/api/seeds/NAME.txt, one file for each seed.
 *
 *   == 42-65 request create   lines of the seed, their kind, and a name to send them again by. Kinds: request; response,
 *                             compared with the last response; event, a webhook's body; fields, a table of members;
 *                             begin, the start of the next request; words, a
 *                             table of words and the set of the reference that has them and no others; prose, which only names an example elsewhere
 *   >…                        the seed's words
 *   fix: A => B // why        a correction; every other word that is printed has its reason likewise
 *   ids: one two -            the variable parts of the address; "-" leaves one out
 *   body: query: form: file:  the request, if the seed shows none
 *   status: more: null: same: fields: words:   the expected result, beyond the members and types of the seed's response
 *   keep: word path           from the response, for {word} later
 *
 * Steps between the examples: call:, again:, run:, run-keep:, expect:, upload:, complete:, file:.
 */
#ifndef KYB_TESTS_API_SEED_H
#define KYB_TESTS_API_SEED_H

#include "client.h"

struct play_word {
	char *word, *value;
};
struct play_request {
	char *name, *method, *path, *ids, *body;
};
struct play {
	struct api *api;
	const char *seed;
	struct play_word words[60];
	size_t word_count;
	struct play_request requests[30];
	size_t request_count;
	char *begun;					     /* of a "begin"; NULL */
	size_t asked, answered, events, fields, corrections; /* so far */
};
void play_word_set(struct play *play, const char *word, const char *value);
/* Plays the whole file and prints each request and comparison, line by line. */
void play_seed(struct play *play, struct api *api, const char *seed);

/* Checks each example of the file against these lines of the seed, and that every line of the seed that looks like an
 * example is in one. Returns the number of examples; 0 if the seeds are missing, after printing the path searched. */
size_t seed_check(const char *seed);

#endif
