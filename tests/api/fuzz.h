/*
 * Requests drawn at random, made from the reference (docs/api/openapi.json): each address with existing, deleted
 * and unknown ids, each body with members that are missing, doubled, of another type, too deep, too long or not UTF-8,
 * in any type of content, and sent in strange ways. The same seed makes the same requests, as long as the server assigns
 * the same ids.
 */
#ifndef KYB_TESTS_API_FUZZ_H
#define KYB_TESTS_API_FUZZ_H

#include "things.h"

#include <stdint.h>

/* One method of one address. */
struct fuzz_route {
	char *path;
	char method[8];
	bool form, json, file;
	char *members[40];
	size_t member_count;
};

enum fuzz_way {
	FUZZ_WHOLE,   /* in one piece */
	FUZZ_PIECES,  /* in pieces of a few bytes */
	FUZZ_CHUNKS,  /* chunked, the chunks sometimes wrong */
	FUZZ_CUT,     /* ends in the middle; the test reads no response */
	FUZZ_RESET,   /* ends in the middle with a reset; the test reads no response */
	FUZZ_PIPELINE /* followed directly by another request */
};

struct fuzz {
	struct api *api;
	uint64_t state; /* of the random number generator */
	struct fuzz_route routes[128];
	size_t route_count;
	char *ids[512], *links[64]; /* of existing objects; also learned from responses */
	size_t id_count, link_count;
};

struct fuzz_request {
	char *bytes;
	size_t length;
	enum fuzz_way way;
	bool other_version; /* the request has another HTTP version: 505 is a valid response */
	const struct fuzz_route *route;
};

void fuzz_open(struct fuzz *fuzz, struct api *api, const struct things *things);
void fuzz_release(struct fuzz *fuzz);
void fuzz_seed(struct fuzz *fuzz, uint64_t seed);
size_t fuzz_below(struct fuzz *fuzz, size_t bound);
/* bytes is malloc'd. */
void fuzz_make(struct fuzz *fuzz, struct fuzz_request *out);
/* Stores the ids and links of a response for later requests. */
void fuzz_learn(struct fuzz *fuzz, const json_t *json);

#endif
