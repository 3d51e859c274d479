/* Two services: to perform several requests in one transaction, and to perform a repeated request only once.
 *
 * desk_begin_hold() begins a write transaction around all verbs and reads until desk_end_hold(): each verb is a
 * savepoint, so that a failed verb rolls back only its own changes. No change is durable, or visible to other
 * connections, before desk_end_hold(). desk_run_idempotent() may be called within a held transaction.
 *
 * Idempotency: performs a caller's request once, even if it is sent again (Idempotency-Key; docs/decisions/0025).
 * The changes of run() and the stored response are one transaction: after a crash, both exist or neither exists. */
#ifndef KYBDESK_DESK_ONCE_H
#define KYBDESK_DESK_ONCE_H

#include "kybdesk/desk/desk.h"

#define IDEMPOTENCY_KEEP_MS (24 * 60 * 60 * INT64_C(1000))

/* Begin and end a held transaction. ERR_STORE: the store is busy, or its disk failed. `keep` false, or a failed
 * end: everything is rolled back. */
enum err desk_begin_hold(struct desk *desk, struct error *error);
enum err desk_end_hold(struct desk *desk, bool keep, struct error *error);
/* Call within a held transaction: whether another process waits for the store's lock. Also true if the store cannot
 * detect this. */
bool desk_has_lock_waiter(struct desk *desk);

enum idempotency_state {
	IDEMPOTENCY_NEW_REQUEST,  /* first request with this key */
	IDEMPOTENCY_SAME_REQUEST, /* a repeat of a request that has a response */
	IDEMPOTENCY_KEY_REUSED	  /* the key was used for a different request */
};
struct once_answer {
	int status;		     /* 0: no response yet */
	const char *type, *location; /* "": none */
	struct strbuf *body;	     /* may contain secrets: the caller must wipe it */
};
struct idempotency {
	const char *scope;		     /* scope of the idempotency key, such as "merchant 7" or "link …" */
	const char *key;		     /* the idempotency key that the caller sent */
	uint8_t request_sha256[SHA256_SIZE]; /* hash of everything that identifies the request */
	/* Performs a new request, and fills the answer; after an error, or if `status` stays 0, everything is
	 * rolled back. */
	enum err (*run)(void *context, struct once_answer *answer, struct error *error);
	void *context;
	enum idempotency_state state; /* out */
};
/* Before the call, set answer->body, and set type and location to "". `answer` receives the response to this
 * request or, if IDEMPOTENCY_SAME_REQUEST, to the first request with the key (in the arena); its body is appended to
 * answer->body. If the response cannot be stored, everything is rolled back. */
enum err desk_run_idempotent(struct desk *desk, struct arena *arena, struct idempotency *idempotency,
			     struct once_answer *answer, struct error *error);

#endif
