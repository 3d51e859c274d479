/*
 * Signed addresses, each for one operation on one document until a time: download its bytes, or upload them
 * (docs/api.md "Dialects"). A ticket belongs to a merchant and contains its expiry time and a MAC under the store's
 * key. Tickets are not stored.
 */
#ifndef KYBDESK_DESK_TICKET_H
#define KYBDESK_DESK_TICKET_H

#include "kybdesk/desk/caller.h"

#define TICKET_READ_MS (15 * 60 * INT64_C(1000))
#define TICKET_UPLOAD_MS (15 * 60 * INT64_C(1000))

enum ticket_purpose { TICKET_READ, TICKET_UPLOAD };
enum ticket_state {
	TICKET_GOOD,
	TICKET_EXPIRED, /* 403 */
	TICKET_NONE	/* not made by this store: 404 */
};
struct ticket {
	enum ticket_purpose purpose;
	const char *session_id, *document_id;
	bool back; /* the back of a two-sided document */
	int64_t expires_at;
	enum ticket_state state;
	struct caller caller; /* the caller that made it, if the ticket is valid */
};

/* Makes a ticket of the desk's caller; *url is absolute, under `path` ("/files/"), in the arena. Reads purpose,
 * session_id, document_id, back and expires_at. ERR_BLOCKED: the store has no public_url. */
enum err desk_ticket_make(struct desk *desk, struct arena *arena, const struct ticket *ticket, const char *path,
			  const char **url, struct error *error) KYB_MUST_USE;
/* Reads out->purpose; a ticket for another purpose is TICKET_NONE. */
enum err desk_ticket_read(struct desk *desk, struct arena *arena, const char *token, struct ticket *out,
			  struct error *error) KYB_MUST_USE;

#endif
