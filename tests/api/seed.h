/*
 * The examples of the seed documents as a play: tests/api/seeds/NAME.txt, one file for each seed.
 *
 *   == 42-65 request create   lines of the seed, what they are, and a name to send them again by. Kinds: request; response,
 *                             what the last answer is compared with; event, a webhook's body; fields, a table of members;
 *                             begin, what belongs before the next request; words, a
 *                             table of words and the set of the reference that has them and no others; prose, what only names one that is elsewhere
 *   >…                        the seed's words
 *   fix: A => B // why        a correction; every other word that is printed has its reason likewise
 *   ids: one two -            what stands for the variable parts of the address; "-" leaves one out
 *   body: query: form: file:  what is sent, where the seed shows none
 *   status: more: null: same: fields: words:   what is expected, beyond the members and types of the seed's own answer
 *   keep: word path           from the answer, for {word} later
 *
 * Between the examples stand the steps around them: call:, again:, run:, run-keep:, expect:, upload:, complete:, file:.
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
/* Plays the whole file; what was sent and compared is printed, line by line. */
void play_seed(struct play *play, struct api *api, const char *seed);
void play_release(struct play *play);

/* Each example of the file is what stands in the seed under these lines, and every line of the seed that looks like one is in
 * one. The number of examples; prints where the seeds are looked for when they are not there, and is 0. */
size_t seed_check(const char *seed);

#endif
