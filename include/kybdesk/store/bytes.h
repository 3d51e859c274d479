/*
 * Documents' bytes, named by their SHA-256: stored once, never changed; in the folder next to the store
 * (AB/ABCDEF…), or in the database, if its driver supports that (src/store/parts/bytes_rows.c).
 *
 * These rules protect them from interleaved processes, kill -9 and power loss:
 *
 *   put      Without the lock. The bytes are written to the folder "staging" under a unique name and synced; if the
 *            file already exists and is intact, it gets a second name there. Then the file is in its place, and its
 *            name is synced. The staged name stays until store_bytes_release().
 *   row      The writer of a row with the hash holds the write lock, and verifies under it that the file in place is
 *            the same file that was put (bytes_hold(), called by the functions of the document's row). If it is missing
 *            or different, the staged file is moved into place and synced before the row is written.
 *   erase    Only under the write lock, and only if no row has the hash, including rows of a process killed during its
 *            commit (db.h seal()).
 *
 * So a committed row had its bytes in place while the lock was held, and a later erase sees the row. A file seen
 * without the lock proves nothing. A killed process leaves a staged name, and perhaps bytes without a row: a later
 * put removes both if the name is a day old. The same applies after a failed commit, since its row may reappear
 * from the log (db->unsure).
 */
#ifndef KYBDESK_STORE_BYTES_H
#define KYBDESK_STORE_BYTES_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/store.h"

/* Stores bytes; sha256 receives the hash in hexadecimal. Call it outside a transaction, before the row is written,
 * by the same store. If a file with this name has other bytes, replaces it. ERR_STORE: full or not writable. */
enum err store_bytes_put(struct store *store, const void *bytes, size_t length, char sha256[65],
			 struct error *error) KYB_MUST_USE;
/* Call it outside a transaction, after the transactions with the rows of these bytes, committed or not. Removes
 * the staged names, and bytes without a row. store_close() calls it too. */
void store_bytes_release(struct store *store);

/* Reads the bytes. ERR_STORE: they are gone or do not match their hash. */
enum err store_bytes_get(struct store *store, const char *sha256, struct strbuf *out,
			 struct error *error) KYB_MUST_USE;

enum bytes_state {
	BYTES_WHOLE,
	BYTES_MISSING,
	BYTES_ALTERED /* other bytes, or not a regular file */
};
/* State of the stored bytes, by reading and hashing them. The same store reads a file only once while its
 * identity, size and times are unchanged. ERR_STORE: unreadable, or an invalid hash (damaged). */
enum err store_bytes_state(struct store *store, const char *sha256, enum bytes_state *out,
			   struct error *error) KYB_MUST_USE;

/* Whether all bytes of the documents of a session and its subsessions are readable and intact. */
enum err store_bytes_whole(struct store *store, int64_t session, bool *whole, struct error *error) KYB_MUST_USE;

/* Reads the bytes of all documents, in the order of their hashes; calls `each` with the bytes, or with the reason
 * why they are unusable: gone, or altered. An error of `each` ends the scan. */
struct bytes_scan {
	enum err (*each)(void *context, const char *sha256, const struct strbuf *bytes, const char *why,
			 struct error *error);
	void *context;
	int64_t files; /* number of files of documents */
};
enum err store_bytes_scan(struct store *store, struct bytes_scan *scan, struct error *error) KYB_MUST_USE;
/* Stores bytes for a new store, within the transaction that creates it, when no other process can put or erase.
 * They are durable before the rows. */
enum err store_bytes_import(struct store *store, const struct strbuf *bytes, const char *sha256,
			    struct error *error) KYB_MUST_USE;
/* As store_bytes_scan() without the bytes; calls on_bad for each file that is gone or does not match its hash. */
enum err store_bytes_check(struct store *store, void (*on_bad)(void *context, const char *why), void *context,
			   int64_t *files, struct error *error) KYB_MUST_USE;
/* Removes bytes unless a document has them; in a write transaction. Failures are ignored; the bytes stay. */
enum err store_bytes_erase(struct store *store, const char *sha256, struct error *error) KYB_MUST_USE;
char *store_bytes_path(struct store *store, struct arena *arena, const char *sha256);

#endif
