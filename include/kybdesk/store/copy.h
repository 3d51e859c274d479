/* Copies a whole store into a new one, on the same or another kind of database: copies every row unchanged, the
 * audit log with its hashes, the documents' bytes, and on request the key. The source is read in one snapshot and
 * not changed.
 *
 * The new store is complete or absent: the bytes are written first, then rows, name and version in one transaction.
 * Before the commit, every table of the new store is read again and compared with the source. */
#ifndef KYBDESK_STORE_COPY_H
#define KYBDESK_STORE_COPY_H

#include "kybdesk/store/audit.h"

struct store_copy_result;
struct store_copy_options {
	const char *target_path; /* path or address of the new store; must not have a store yet */
	bool include_key;	 /* copies the key of clients' links; the result reports a missing key */
	/* Called within the transaction, after all data was copied (may be NULL). */
	enum err (*on_copied)(void *context, struct store *to, struct error *error);
	/* Called at intervals (may be NULL); returning false cancels the copy and removes the new store. */
	bool (*on_progress)(void *context, const struct store_copy_result *so_far);
	void *context;
};

struct store_copy_result {
	char *to_path; /* path or address of the new store without secrets; in the arena */
	int64_t rows, documents, bytes;
	int64_t missing_count; /* number of documents not copied: their bytes are missing or altered in the source */
	const char *first_missing_document; /* the first missing document, and the reason; "": none; in the arena */
	enum copied_key { KEY_NOT_REQUESTED, KEY_COPIED, KEY_MISSING } key;
	struct audit_verdict audit_log; /* verdict on the copy's log; the reason of the verdict is in the arena */
};

/* ERR_STORE: `how->target_path` has a store already, is one of the source's own files, has the key file of another
 * store, or cannot be written; or the finished copy differs from the source. ERR_CONFLICT: cancelled by on_progress. */
enum err store_copy(struct store *from, const struct store_copy_options *how, struct arena *arena,
		    struct store_copy_result *out, struct error *error);

#endif
