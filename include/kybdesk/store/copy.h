/*
 * A whole store into a new one, of the same or of another database: every row as it is, the audit log with its hashes, the
 * documents' bytes, and the key when that is asked for. The source is read in one snapshot and is not changed.
 *
 * The new store is there whole, or not at all: bytes come first, and rows, name and version in one transaction behind them.
 * Before it is committed every table of it is read again and compared with what was read from the source.
 */
#ifndef KYBDESK_STORE_COPY_H
#define KYBDESK_STORE_COPY_H

#include "kybdesk/store/audit.h"
#include "kybdesk/store/store.h"

struct store_copied;
struct store_copying {
	const char *to; /* a path or an address: where no store is yet */
	bool with_key;	/* clients' links go on with it; a key that is missing is said in the result */
	/* Within the transaction, when everything is there (may be NULL). */
	enum err (*on_arrival)(void *context, struct store *to, struct error *error);
	/* Now and then (may be NULL); false ends the copying, and nothing is left of it. */
	bool (*on_progress)(void *context, const struct store_copied *so_far);
	void *context;
};

struct store_copied {
	char *shown; /* the new store's path or address, as people may see it; in the arena */
	int64_t rows, documents, bytes;
	int64_t missing; /* documents whose bytes are gone or altered in the source: they are missing in the copy, too */
	const char *first; /* of them, why; "" none; in the arena */
	enum copied_key { KEY_LEFT, KEY_COPIED, KEY_NONE } key;
	struct audit_verdict audit_log; /* of the copy; its reason is in the arena */
};

/* ERR_STORE: there is a store at `to` already, or it lies among the files of the source, another key lies there, it cannot be written; or what arrived is not what
 * was read. ERR_CONFLICT when on_progress ended it. */
enum err store_copy(struct store *from, const struct store_copying *how, struct arena *arena,
		    struct store_copied *out, struct error *error) KYB_MUST_USE;

#endif
