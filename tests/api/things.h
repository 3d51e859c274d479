/*
 * Makes objects of one merchant through the API, at least one of each kind that has a URL, and keeps each id under a
 * word: "session", "session_document", "owner", …; also makes data of reviewers that no outside caller may read.
 */
#ifndef KYB_TESTS_API_THINGS_H
#define KYB_TESTS_API_THINGS_H

#include "client.h"

struct thing {
	char *word, *id;
};
struct things {
	struct api *api;
	const char *mark; /* a text that each name in the objects contains */
	struct thing items[64];
	size_t count;
};
/* Makes the objects of the merchant with the key api->token. */
void things_make(struct things *things, struct api *api, const char *mark);
/* The id that was added under this word; aborts the test if absent. */
const char *thing(const struct things *things, const char *word);
void thing_add(struct things *things, const char *word, char *id);
/* Returns `text` with {mark} replaced by the mark, and each other {word} by its id. */
char *things_fill(const struct things *things, const char *text);

/* Imports cases with hits, decisions and notes of a reviewer, and adds notes to two other sessions. */
void secrets_make(struct things *things, const char *merchant);
extern const char *const secrets[]; /* texts of these hits, decisions and notes */
/* The first of `secrets` in this body, or a member that reveals a judgement; "" none. */
const char *secret_in(const char *body, const json_t *json);

#endif
