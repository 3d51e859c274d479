/*
 * Odd requests, made from the reference (docs/api/openapi.json): each address with existing, deleted
 * and unknown ids, each body with members that are missing, doubled, of another type, too deep, too long or not UTF-8,
 * in any type of content, and sent in odd ways. The same seed makes the same requests, as long as the server assigns
 * the same ids.
 */
#ifndef KYB_TESTS_API_ODD_H
#define KYB_TESTS_API_ODD_H

#include "things.h"

#include <stdint.h>

/* One method of one address. */
struct odd_route {
	char *path;
	char method[8];
	bool form, json, file;
	char *members[40];
	size_t member_count;
};

enum odd_way {
	ODD_WHOLE,   /* in one piece */
	ODD_PIECES,  /* in pieces of a few bytes */
	ODD_CHUNKS,  /* chunked, the chunks sometimes wrong */
	ODD_CUT,     /* ends in the middle; the test reads no response */
	ODD_RESET,   /* ends in the middle with a reset; the test reads no response */
	ODD_PIPELINE /* followed directly by another request */
};

struct odd {
	struct api *api;
	uint64_t state; /* of the random number generator */
	struct odd_route routes[128];
	size_t route_count;
	char *ids[512], *links[64]; /* of existing objects; also learned from responses */
	size_t id_count, link_count;
};

struct odd_request {
	char *bytes;
	size_t length;
	enum odd_way way;
	bool other_version; /* the request has another HTTP version: 505 is a valid response */
	const struct odd_route *route;
};

void odd_open(struct odd *odd, struct api *api, const struct things *things);
void odd_release(struct odd *odd);
void odd_seed(struct odd *odd, uint64_t seed);
size_t odd_below(struct odd *odd, size_t bound);
/* bytes is malloc'd. */
void odd_make(struct odd *odd, struct odd_request *out);
/* Stores the ids and links of a response for later requests. */
void odd_learn(struct odd *odd, const json_t *json);

#endif
