/*
 * Addresses that let their bearer do one thing to one document for a while: read its bytes, bring them (api.md
 * "Generic", "Avenia"). A ticket is made for a merchant, says until when, and carries a MAC under the store's key; it
 * is stored nowhere.
 */
#ifndef KYBDESK_DESK_TICKET_H
#define KYBDESK_DESK_TICKET_H

#include "kybdesk/desk/caller.h"

#define TICKET_READ_MS (15 * 60 * INT64_C(1000))
#define TICKET_BRING_MS (15 * 60 * INT64_C(1000))

enum ticket_purpose { TICKET_READ, TICKET_BRING };
enum ticket_state {
	TICKET_GOOD,
	TICKET_EXPIRED, /* 403 */
	TICKET_NONE	/* this store has not made it: 404 */
};
struct ticket {
	enum ticket_purpose purpose;
	const char *session_id, *document_id;
	bool back; /* of a document with two sides: its back, not its front */
	int64_t expires_at;
	enum ticket_state state;
	struct caller caller; /* whose it is, when it is good */
};

/* Of the desk's caller; *url in the arena, absolute, under `path` ("/files/"). Reads purpose, session_id, document_id, back,
 * expires_at. ERR_BLOCKED where the store has no public_url. */
enum err desk_ticket_make(struct desk *desk, struct arena *arena, const struct ticket *ticket, const char *path,
			  const char **url, struct error *error) KYB_MUST_USE;
/* Reads out->purpose: another one's is none. */
enum err desk_ticket_read(struct desk *desk, struct arena *arena, const char *token, struct ticket *out,
			  struct error *error) KYB_MUST_USE;

#endif
