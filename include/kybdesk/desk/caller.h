/* Callers from outside: requests with a merchant's API key, with a token from that key, or with a client's link
 * (docs/api.md). A merchant key acts as "api:MERCHANT", and only on data of this merchant. A request for other data
 * gets ERR_NOT_FOUND, with the same message as for data that never existed.
 *
 * A provider's key acts as "provider:NAME" on the sessions of one merchant, also in production. The key permits
 * reports of its own kinds of checks only, and no reads.
 *
 * A reviewer's key acts as that reviewer (CAPACITY_STAFF), with the role, claims and limits that the reviewer has at
 * the time of the request, on the cases of every merchant, and only by verbs with BY_OWN_KEY. The key ends when it is
 * revoked or replaced, or when the reviewer is disabled; a request in progress is then refused.
 *
 * While a desk has a caller, the desk accepts sessions by full id only, and its refusals reveal no data that is for
 * staff only. The caller does not see a decision that can still be undone. */
#ifndef KYBDESK_DESK_CALLER_H
#define KYBDESK_DESK_CALLER_H

#include "kybdesk/base/digest.h"
#include "kybdesk/desk/verbs.h"

#define CALLER_PREFIX "api:"
#define CALLER_CLIENT "client"
#define PROVIDER_PREFIX "provider:"
#define MERCHANT_KEY_PREFIX "kyb_"
#define REVIEWER_KEY_PREFIX "kyr_"
#define PROVIDER_KEY_PREFIX "kyp_"
#define KEY_LIFE_MAX_MS (3650 * 24 * 60 * 60 * INT64_C(1000))
#define KEY_OVERLAP_MAX_MS (90 * 24 * 60 * 60 * INT64_C(1000))
#define KEY_USE_RECORD_INTERVAL_MS 60000 /* shortest time between two recorded uses of a key */
#define TOKEN_LIFE_MS (60 * 60 * INT64_C(1000))

struct desk;

struct caller {
	bool is_recognised;
	enum capacity capacity; /* CAPACITY_MERCHANT, _CLIENT, _PROVIDER; CAPACITY_STAFF: the owner of a reviewer key */
	const char *actor;	/* "api:northwind-pay", "client", the reviewer's name */
	const char *merchant;
	int64_t merchant_row;
	unsigned permissions; /* permissions of the caller's key, bits of enum permission */
	/* provider: kinds of checks that the key may report, bits of enum check_kind */
	unsigned checks;
	int64_t session_row;	   /* client: the client's session; 0 for other callers */
	const char *document_type; /* client with a link for one document: the document's type; "": any */
	const char *request_id;	   /* written to every audit row; "": none */
	/* traceparent for the events of the caller's changes, and for their webhooks; NULL: none */
	const char *trace;
	uint8_t key_sha256[SHA256_SIZE]; /* hash of a reviewer's key */
	int64_t key_row;		 /* row of the key of a merchant or provider; 0: none */
	int64_t key_used_at;		 /* last recorded use of the key in key_row; TIME_NONE: none */
	const char *key_end_sentence;	 /* why the key or token no longer works, and the remedy; else NULL or "" */
};
/* Finds the caller that this API key or token belongs to; out->is_recognised: whether the key or token was recognised.
 * Takes the same time for a partly correct key as for any wrong one. */
enum err desk_auth_bearer(struct desk *desk, struct arena *arena, const char *bearer, struct caller *out,
			  struct error *error);
/* Records that a key of a merchant or provider was used now. */
enum err desk_mark_key_used(struct desk *desk, int64_t key_row, struct error *error);

struct login {
	const char *api_code, *api_key;
};
/* Appends a token for the login, valid until *expires_at or until the API key ends. The token is not stored; the
 * calling function must wipe `token`. Appends nothing if code and key do not match. */
enum err desk_login(struct desk *desk, const struct login *login, struct strbuf *token, int64_t *expires_at,
		    struct error *error);

/* Sets the caller that the desk acts for; NULL: the desk acts for its own actor. The desk borrows the caller until
 * the next call of desk_set_caller(). */
void desk_set_caller(struct desk *desk, const struct caller *caller);

/* Tickets: signed addresses. Each ticket permits one operation on one document, a download or an upload of its
 * bytes, until the ticket expires (docs/api.md "Dialects"). A ticket belongs to a merchant and contains its expiry
 * time and a MAC under the store's key. Tickets are not stored. */
#define TICKET_READ_LIFE_MS (15 * 60 * INT64_C(1000))
#define TICKET_UPLOAD_LIFE_MS (15 * 60 * INT64_C(1000))

enum ticket_purpose { TICKET_READ, TICKET_UPLOAD };
enum ticket_state {
	TICKET_VALID,
	TICKET_EXPIRED, /* 403 */
	TICKET_NONE	/* the token is not a ticket of this store for this purpose: 404 */
};
struct ticket {
	enum ticket_purpose purpose;
	const char *session_id, *document_id;
	bool is_back_side; /* the back of a two-sided document */
	int64_t expires_at;
	enum ticket_state state;
	struct caller caller; /* the ticket's merchant as a caller, if the ticket is valid */
};

/* Makes a ticket in the name of the desk's caller; *url is absolute, under `path` ("/files/"), in the arena. Reads
 * purpose, session_id, document_id, is_back_side and expires_at. ERR_BLOCKED: the store has no public_url. */
enum err desk_ticket_make(struct desk *desk, struct arena *arena, const struct ticket *ticket, const char *path,
			  const char **url, struct error *error);
/* Reads a ticket for the purpose in out->purpose; a ticket for another purpose is TICKET_NONE. */
enum err desk_ticket_read(struct desk *desk, struct arena *arena, const char *token, struct ticket *out,
			  struct error *error);

#endif
