/* Purge: finds cases that may be due, stores a confirmed purge, and erases the data that store_session_erase()
 * leaves. All functions join the open transaction. */
#ifndef KYBDESK_STORE_PURGE_H
#define KYBDESK_STORE_PURGE_H

#include "kybdesk/store/related.h"

enum purge_list {
	/* The first case of each user, if the case was closed (session_is_closed()) before `closed_before`; an
	 * approved case only if the user is deleted. In row order, after after_row. */
	PURGE_CANDIDATES,
	PURGE_CONFIRMED, /* subjects of the confirmed purge, oldest first */
	PURGE_WORKFLOWS	 /* all workflow texts that sessions were created with */
};
struct purge_filter {
	enum purge_list list;
	size_t limit;
	int64_t closed_before, after_row;
};
/* Lists rows. */
enum err store_purge_list(struct store *store, struct arena *arena, const struct purge_filter *filter,
			  struct row_list *out, struct error *error);

/* Adds a subject to the confirmed purge; store_row_delete() with DELETE_PURGE_CASE removes the subject. */
struct purge_subject {
	int64_t subject;
	const char *by;
	int64_t at;
};
enum err store_purge_confirm(struct store *store, const struct purge_subject *purge, struct error *error);
/* What the current purge still has to erase. users and parts 0: no purge is in progress. */
struct purge_remainder {
	/* parts: number of parts from store_purge_queue_add(), without PURGE_PART_WAL */
	int64_t users, parts;
	bool is_wal_queued; /* PURGE_PART_WAL still has to be removed */
};
enum err store_purge_count(struct store *store, struct purge_remainder *out, struct error *error);

/* Parts of a purge that are removed after the rows: hashes of erased documents (store_bytes_erase() removes the bytes
 * after the commit); PURGE_PART_TEXT_INDEX, the words of erased cases in the full-text index; and PURGE_PART_WAL, the
 * pages of the write-ahead log that still contain the erased rows. */
#define PURGE_PART_TEXT_INDEX "index"
#define PURGE_PART_WAL "log"
enum err store_purge_queue_add(struct store *store, const char *part, struct error *error);
/* Begins a step: makes the database overwrite erased content in the file, and reads the next hashes to remove. */
enum err store_purge_begin_step(struct store *store, struct arena *arena, size_t limit, struct leftover_bytes *out,
				struct error *error);
/* Removes a part from the queue. A hash: call it after the bytes were removed; ERR_STORE: no document has these bytes,
 * but the file with the bytes still exists. PURGE_PART_TEXT_INDEX: each call runs one step, and the last step removes
 * the part; first: the first step of this process. PURGE_PART_WAL: call it outside a transaction, after the last step
 * of the purge; ERR_STORE: another program reads the log, or the disk is full. */
enum err store_purge_queue_remove(struct store *store, const char *part, bool first, struct error *error);

enum purge_target {
	/* The events of a session with their deliveries; erase them before store_session_erase(). */
	PURGE_EVENTS,
	/* The description and the accounts of a deleted subject without sessions, and its row if no other row
	 * references it. The row of a business remains, so that its kyb_id is not used again. */
	PURGE_SUBJECT
};
enum err store_purge_erase(struct store *store, enum purge_target what, int64_t row, struct error *error);

#endif
