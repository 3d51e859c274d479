/*
 * Every object of a merchant with an address, made through the same addresses and known by a word: "session",
 * "session_document", "owner", …; and a reviewer's data on it that no outside caller may read.
 */
#ifndef KYB_TESTS_API_THINGS_H
#define KYB_TESTS_API_THINGS_H

#include "client.h"

struct thing {
	char *word, *id;
};
struct things {
	struct api *api;
	const char *mark; /* part of every name of theirs */
	struct thing items[64];
	size_t count;
};
/* With this merchant's key as api->token. */
void things_make(struct things *things, struct api *api, const char *mark);
/* Aborts the test if absent. */
const char *thing(const struct things *things, const char *word);
void thing_add(struct things *things, const char *word, char *id);
/* `text` with each {word} as its id. */
char *things_fill(const struct things *things, const char *text);

/* Found, judged and written down inside, of some of these things. */
void secrets_make(struct things *things, const char *merchant);
extern const char *const secrets[];
/* The object's text in this body, or a member that reveals a judgement; "" none. */
const char *secret_in(const char *body, const json_t *json);

#endif
