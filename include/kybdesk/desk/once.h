/*
 * Doing what a caller asks once, however often the same request comes (Idempotency-Key; docs/decisions/0025). Between
 * desk_once_begin() and desk_once_end() everything that the desk does is one transaction, and the answer is kept in it:
 * a crash leaves both or neither.
 *
 *   err = desk_once_begin(desk, arena, &once, &answer, error);
 *   if (!err && once.state == ONCE_NEW) { … verbs …; err = desk_once_end(desk, &once, kept ? &answer : NULL, error); }
 */
#ifndef KYBDESK_DESK_ONCE_H
#define KYBDESK_DESK_ONCE_H

#include "kybdesk/base/digest.h"
#include "kybdesk/desk/desk.h"

#define ONCE_KEEP_MS (24 * 60 * 60 * INT64_C(1000))

enum once_state {
	ONCE_NEW,      /* nobody asked yet: the transaction is open */
	ONCE_ANSWERED, /* this very request was answered */
	ONCE_OTHER     /* the key was used for another request */
};
struct once {
	const char *whose;		     /* "merchant 7", "link …": keys of others are others */
	const char *key;		     /* as the caller sent it */
	uint8_t request_sha256[SHA256_SIZE]; /* of all that makes the request what it is */
	enum once_state state;		     /* out */
};
struct once_answer {
	int status;
	const char *type, *location; /* "" none */
	struct strbuf *body;	     /* may hold secrets: wipe it */
};
/* answer: of ONCE_ANSWERED, in the arena; what it says is appended to answer->body. */
enum err desk_once_begin(struct desk *desk, struct arena *arena, struct once *once, struct once_answer *answer,
			 struct error *error) KYB_MUST_USE;
/* Of ONCE_NEW. answer NULL: nothing of what was done since happened. On failure neither. */
enum err desk_once_end(struct desk *desk, const struct once *once, const struct once_answer *answer,
		       struct error *error) KYB_MUST_USE;

#endif
