/* Purge: finds cases that may be due, stores a confirmed purge, and erases the data that store_session_erase()
 * leaves. All functions join the open transaction. */
#ifndef KYBDESK_STORE_PURGE_H
#define KYBDESK_STORE_PURGE_H

#include "kybdesk/store/related.h"

/* Finds the first case of each user if it was closed (session_is_closed()) before `closed_before`; an approved case
 * only if its user is deleted. The results are in row order, after after_row. */
struct purge_filter {
	int64_t closed_before, after_row;
	size_t limit;
};
enum err store_purge_candidates(struct store *store, struct arena *arena, const struct purge_filter *filter,
				struct row_list *out, struct error *error) KYB_MUST_USE;
/* Rows of the workflow texts that sessions were created with. */
enum err store_purge_workflows(struct store *store, struct arena *arena, struct row_list *out,
			       struct error *error) KYB_MUST_USE;

/* A subject of the confirmed purge. store_purge_next() returns the rows of subjects, oldest first. */
struct purge_subject {
	int64_t subject;
	const char *by;
	int64_t at;
};
enum err store_purge_confirm(struct store *store, const struct purge_subject *purge,
			     struct error *error) KYB_MUST_USE;
enum err store_purge_next(struct store *store, struct arena *arena, size_t limit, struct row_list *out,
			  struct error *error) KYB_MUST_USE;
enum err store_purge_mark_done(struct store *store, int64_t subject, struct error *error) KYB_MUST_USE;
/* What the current purge still has to erase. Both numbers 0: no purge is in progress. */
struct purge_remaining {
	int64_t users, parts; /* parts: without PURGE_LOG */
	bool log;	      /* PURGE_LOG still has to be removed */
};
enum err store_purge_remaining(struct store *store, struct purge_remaining *out, struct error *error) KYB_MUST_USE;

/* The rest of a purge, removed after the rows: hashes of erased documents (store_bytes_erase() removes the bytes
 * after the commit); PURGE_INDEX, the words of erased cases in the full-text index; and PURGE_LOG, the pages of the
 * write-ahead log that still contain the erased rows. */
#define PURGE_INDEX "index"
#define PURGE_LOG "log"
enum err store_purge_queue_add(struct store *store, const char *part, struct error *error) KYB_MUST_USE;
/* The next hashes to remove, without PURGE_INDEX and PURGE_LOG. */
enum err store_purge_queue_next(struct store *store, struct arena *arena, size_t limit, struct leftover_bytes *out,
				struct error *error) KYB_MUST_USE;
/* Call after the bytes were removed. ERR_STORE: no document has these bytes, but their file still exists. */
enum err store_purge_queue_remove(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
/* One step of PURGE_INDEX; done: it is finished. first: the first step of this process. */
enum err store_purge_index(struct store *store, bool first, bool *done, struct error *error) KYB_MUST_USE;
/* Call before rows are erased: makes the database overwrite the erased content in the file. */
enum err store_purge_overwrite(struct store *store, struct error *error) KYB_MUST_USE;
/* Call outside a transaction, after the last step: removes PURGE_LOG. False: another program reads the log, or the
 * disk is full; PURGE_LOG remains for the next purge. */
bool store_purge_log(struct store *store);

/* Erases the events of a session with their deliveries; call it before store_session_erase(). */
enum err store_purge_events(struct store *store, int64_t session, struct error *error) KYB_MUST_USE;
/* Erases the description and the accounts of a deleted subject without sessions, and its row if no other row
 * references it. The row of a business remains, so that its number is not used again. */
enum err store_purge_subject(struct store *store, int64_t subject, struct error *error) KYB_MUST_USE;

#endif
