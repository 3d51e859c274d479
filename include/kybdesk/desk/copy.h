/* Backups, bringing them back, and moving a store between a file and a server. */
#ifndef KYBDESK_DESK_COPY_H
#define KYBDESK_DESK_COPY_H

#include "kybdesk/desk/desk.h"

struct desk_copying {
	const char *to; /* path or address of the new store; "" the default one */
	bool with_key;	/* clients' links go on with it */
	/* Now and then; false ends it, and there is no new store. May be NULL. */
	bool (*on_progress)(void *context, int64_t rows, int64_t documents);
	void *context;
};

/* In the arena. */
struct desk_copied {
	const char *to; /* as people may see it */
	int64_t rows, documents, bytes;
	int64_t missing; /* documents whose bytes are gone or altered in the source, and missing in the copy */
	const char *first_missing; /* of them, why; "" none */
	bool has_key, key_missing; /* it went along; it was to and is not there */
	bool audit_log_is_sound;   /* of the copy, which has the source's */
	const char *audit_log_reason;
	int64_t audit_log_records;
	const char *audit_log_head;
	bool delivers; /* it sends webhooks; a copy does not until an admin says so: store set deliver */
};

/* An admin's. Recorded in the audit log before it begins, so that the copy says of itself that it is one. */
enum err desk_copy(struct desk *desk, const struct desk_copying *how, struct arena *arena, struct desk_copied *out,
		   struct error *error) KYB_MUST_USE;
/* The same, and from then on the source can be read only: each later change of it is refused with where the store is now. All
 * writers wait meanwhile. What fails or is killed leaves the source as it was, or the new store as one that delivers
 * nothing. */
enum err desk_move(struct desk *desk, const struct desk_copying *how, struct arena *arena, struct desk_copied *out,
		   struct error *error) KYB_MUST_USE;
/* The desk's store is a backup, and is not changed: what it holds goes to a new store, whose audit log records it. */
enum err desk_restore(struct desk *desk, const struct desk_copying *how, struct arena *arena,
		      struct desk_copied *out, struct error *error) KYB_MUST_USE;

#endif
