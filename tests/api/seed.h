/*
 * Tries the examples of the seed documents on a server: tests/api/seeds/NAME.txt, one file for each seed.
 *
 *   == 42-65 request create   lines of the seed, their kind, and a name for sending the request again. Kinds: request;
 *                             response: compared with the last response; event: the body of a webhook; fields: a table
 *                             of members; words: a table with exactly the words of this set in the reference; begin:
 *                             the start of the next request; prose: not an example, "why:" is printed
 *   >…                        a line of the seed
 *   fix: A => B // why        corrects the text; "// why" is the reason, which is printed, also of other directives
 *   ids: one two -            values of the variable parts of the address, in order; "-" omits one
 *   body: query: form: file:  the request, if the seed shows none
 *   status: more: null: same: fields: words:   the expected result, beyond the members and types of the seed's response
 *   keep: word path           keeps a value of the response for {word} in later lines
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

/* Checks each example of the file against its lines of the seed, and that every line of the seed that looks like an
 * example is in one. Returns the number of examples; 0 if the seeds are missing, after printing the path searched. */
size_t seed_check(const char *seed);

#endif
