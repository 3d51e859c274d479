/* Purge: the cases that may be due, a confirmed purge, and erasing what store_session_erase() leaves. Join the open
 * transaction. */
#ifndef KYBDESK_STORE_PURGE_H
#define KYBDESK_STORE_PURGE_H

#include "kybdesk/store/related.h"
#include "kybdesk/store/store.h"

/* Of each user the first case, if it is closed (session_is_closed()) since before `closed_before`, and of an approved one
 * the user is deleted. In order, after after_row. */
struct purge_filter {
	int64_t closed_before, after_row;
	size_t limit;
};
enum err store_purge_candidates(struct store *store, struct arena *arena, const struct purge_filter *filter,
				struct row_list *out, struct error *error) KYB_MUST_USE;
/* Rows of the texts that sessions began with. */
enum err store_purge_workflows(struct store *store, struct arena *arena, struct row_list *out,
			       struct error *error) KYB_MUST_USE;

/* The confirmed purge: subjects, oldest first. */
struct purge_confirmed {
	int64_t subject;
	const char *by;
	int64_t at;
};
enum err store_purge_confirm(struct store *store, const struct purge_confirmed *purge,
			     struct error *error) KYB_MUST_USE;
enum err store_purge_next(struct store *store, struct arena *arena, size_t limit, struct row_list *out,
			  struct error *error) KYB_MUST_USE;
enum err store_purge_done(struct store *store, int64_t subject, struct error *error) KYB_MUST_USE;
/* What is still to be erased. Both 0: no purge is under way. */
struct purge_left {
	int64_t users, parts; /* parts: without PURGE_LOG */
	bool log;	      /* PURGE_LOG is there */
};
enum err store_purge_left(struct store *store, struct purge_left *out, struct error *error) KYB_MUST_USE;

/* What is removed after the rows: hashes of erased documents (store_bytes_erase() removes the bytes after the commit);
 * PURGE_INDEX, the words of erased cases in the full-text index; and PURGE_LOG, the pages in the write-ahead log with the
 * rows as they were. */
#define PURGE_INDEX "index"
#define PURGE_LOG "log"
enum err store_purge_rest_add(struct store *store, const char *part, struct error *error) KYB_MUST_USE;
/* Hashes alone. */
enum err store_purge_rest_next(struct store *store, struct arena *arena, size_t limit, struct leftover_bytes *out,
			       struct error *error) KYB_MUST_USE;
/* ERR_STORE: no document has these bytes, and they are still there. */
enum err store_purge_rest_done(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
/* One step; done: PURGE_INDEX is removed. first: the first step of this process. */
enum err store_purge_index(struct store *store, bool first, bool *done, struct error *error) KYB_MUST_USE;
/* Before rows are erased: they are overwritten in the file. */
enum err store_purge_overwrite(struct store *store, struct error *error) KYB_MUST_USE;
/* Outside a transaction, after the last step: removes PURGE_LOG. False: another program reads the log, or the disk is full; it
 * stays for the next purge. */
bool store_purge_log(struct store *store);

/* Erases the events of a session with their deliveries; before store_session_erase(). */
enum err store_purge_events(struct store *store, int64_t session, struct error *error) KYB_MUST_USE;
/* Erases the description and the accounts of a deleted subject without sessions, or the subject itself if nothing needs
 * its row: the number of a business is not used again. */
enum err store_purge_subject(struct store *store, int64_t subject, struct error *error) KYB_MUST_USE;

#endif
