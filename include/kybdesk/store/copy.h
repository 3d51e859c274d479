/*
 * Copies a whole store into a new one, of the same or of another database: every row unchanged, the audit log with
 * its hashes, the documents' bytes, and on request the key. The source is read in one snapshot and not changed.
 *
 * The new store is complete or absent: bytes come first, then rows, name and version in one transaction. Before the
 * commit every table of the new store is read again and compared with the source.
 */
#ifndef KYBDESK_STORE_COPY_H
#define KYBDESK_STORE_COPY_H

#include "kybdesk/store/audit.h"
#include "kybdesk/store/store.h"

struct store_copied;
struct store_copying {
	const char *to; /* a path or an address without a store */
	bool with_key;	/* copies the key of clients' links; the result reports a missing key */
	/* Called within the transaction, when everything is copied (may be NULL). */
	enum err (*on_arrival)(void *context, struct store *to, struct error *error);
	/* Called now and then (may be NULL); false cancels and leaves no new store. */
	bool (*on_progress)(void *context, const struct store_copied *so_far);
	void *context;
};

struct store_copied {
	char *shown; /* path or address of the new store without secrets; in the arena */
	int64_t rows, documents, bytes;
	int64_t missing;   /* documents not copied: bytes gone or altered in the source */
	const char *first; /* the first of them, and why; "" none; in the arena */
	enum copied_key { KEY_LEFT, KEY_COPIED, KEY_NONE } key;
	struct audit_verdict audit_log; /* verdict on the copy; its reason is in the arena */
};

/* ERR_STORE: `to` has a store already, lies among the files of the source, has another key or cannot be written;
 * or the copy differs from the source. ERR_CONFLICT: cancelled by on_progress. */
enum err store_copy(struct store *from, const struct store_copying *how, struct arena *arena,
		    struct store_copied *out, struct error *error) KYB_MUST_USE;

#endif
