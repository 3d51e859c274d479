/*
 * Documents' bytes, named by their SHA-256: kept once, never changed; in the folder beside the store (AB/ABCDEF…), or in the
 * database itself, when its driver has a place for them (src/store/parts/bytes_rows.c).
 *
 * The rule that keeps them under any interleaving of processes, and through kill -9 and power loss:
 *
 *   put      Without the lock. The bytes are written and synced under a name of their own in the folder "staging", or a
 *            second name is given there to a file that is in its place and was read and found whole. Then the
 *            file is in its place, and its name synced. The second name stays until store_bytes_release().
 *   row      Whoever writes a row that names the hash holds the write lock, and under it makes sure that what stands in
 *            the place is the very file that was put (bytes_hold(), called by the functions of the document's row).
 *            If somebody took it away or another is there, the staged one is put into the place and synced before the row.
 *   erase    Only under the write lock, and only when no row names the hash: also none of somebody who was killed after its
 *            commit was written and before anybody saw it (db.h seal()).
 *
 * So a row that is committed had its bytes in place while the lock was held, and whoever erases afterwards sees the row.
 * That a file was there without the lock says nothing. Killed in between, a process leaves a staged name, and perhaps
 * bytes that no row names: a later put that finds the name a day old removes both. So it is after a commit that failed, whose
 * row may come back with the log (db->unsure).
 */
#ifndef KYBDESK_STORE_BYTES_H
#define KYBDESK_STORE_BYTES_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/store.h"

/* sha256 is hex. Outside a transaction, before the row, by the same store. What stands in the place with other bytes is
 * replaced. ERR_STORE: full, not writable. */
enum err store_bytes_put(struct store *store, const void *bytes, size_t length, char sha256[65],
			 struct error *error) KYB_MUST_USE;
/* After the transactions that were to name what was put, whether they committed or not; outside a transaction. Removes
 * the staged names, and bytes that no row names. store_close() does it, too. */
void store_bytes_release(struct store *store);

/* ERR_STORE when the bytes are gone or do not match their hash (a damaged store is noticed). */
enum err store_bytes_get(struct store *store, const char *sha256, struct strbuf *out,
			 struct error *error) KYB_MUST_USE;

enum bytes_state {
	BYTES_WHOLE,
	BYTES_MISSING,
	BYTES_ALTERED /* other bytes, or no regular file */
};
/* What stands in the place, by reading and hashing it; asked again by the same store, a file whose identity, size and
 * times are the same is not read again. ERR_STORE when it can't be read, or the hash is none (damaged). */
enum err store_bytes_state(struct store *store, const char *sha256, enum bytes_state *out,
			   struct error *error) KYB_MUST_USE;

/* Whether all that the documents of a session and of its subsessions name can be read and is whole. */
enum err store_bytes_whole(struct store *store, int64_t session, bool *whole, struct error *error) KYB_MUST_USE;

/* Reads all that documents name, in the order of their hashes; each is told of its bytes, or why there are none: gone, or
 * not what their hash says. An error of its own ends it. */
struct bytes_scan {
	enum err (*each)(void *context, const char *sha256, const struct strbuf *bytes, const char *why,
			 struct error *error);
	void *context;
	int64_t files; /* that documents name */
};
enum err store_bytes_scan(struct store *store, struct bytes_scan *scan, struct error *error) KYB_MUST_USE;
/* Bytes for the rows of a store that is being made: within the transaction that makes it, when nobody else can put or
 * erase. They are durable before the rows are. */
enum err store_bytes_bring(struct store *store, const struct strbuf *bytes, const char *sha256,
			   struct error *error) KYB_MUST_USE;
/* The same look without the bytes; on_bad is told of each that is gone or does not match its hash. */
enum err store_bytes_check(struct store *store, void (*on_bad)(void *context, const char *why), void *context,
			   int64_t *files, struct error *error) KYB_MUST_USE;
/* Removes bytes unless a document has them by now; in a write transaction. Bytes that cannot be removed stay. */
enum err store_bytes_erase(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
char *store_bytes_path(struct store *store, struct arena *arena, const char *sha256);

#endif
