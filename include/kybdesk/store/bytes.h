/* Documents' bytes, named by their SHA-256: stored once, never changed; in the folder next to the store
 * (AB/ABCDEF…), or in the database, if its driver supports that (src/store/parts/bytes.c).
 *
 * These rules protect the bytes from interleaved processes, kill -9 and power loss:
 *
 *   put      Without the lock. The bytes are written to the folder "staging" under a unique name and synced; if an
 *            intact file with this hash exists already, that file gets a second name in "staging" instead. Then
 *            the file also gets its final name, which is synced. The staged name stays until store_bytes_release().
 *   row      The writer of a row with the hash holds the write lock, and verifies under this lock that the file
 *            with the final name is the file that was put (bytes_confirm(), called by the functions of the document's
 *            row). If the file is missing or different, the staged file replaces it, synced, before the row is written.
 *   erase    Only under the write lock, and only if no row has the hash, including rows of a process killed during its
 *            commit (db.h seal()).
 *
 * So the bytes of a committed row existed under their final name while the lock was held, and a later erase sees
 * the row. Without the lock, the existence of a file proves nothing. A killed process leaves a staged name, and
 * perhaps bytes without a row: a later put removes both if the name is a day old. A staged name is also left after
 * a failed commit, since the row of that commit may reappear from the write-ahead log (db->is_commit_unsure). */
#ifndef KYBDESK_STORE_BYTES_H
#define KYBDESK_STORE_BYTES_H

#include "kybdesk/store/store.h"

/* Stores bytes; sha256 receives the hash in hexadecimal. Call it outside a transaction, before the same struct
 * store writes the row. Replaces a file with this name if the file has other bytes. ERR_STORE: the disk is full, or
 * the folder is not writable. */
enum err store_bytes_put(struct store *store, const void *bytes, size_t length, char sha256[65], struct error *error);
/* Call it outside a transaction, after the transactions that write the rows of these bytes were committed or rolled
 * back. Removes the staged names, and bytes without a row. store_close() calls it too. */
void store_bytes_release(struct store *store);

/* Reads the bytes. ERR_STORE: the bytes are missing or do not match their hash. */
enum err store_bytes_get(struct store *store, const char *sha256, struct strbuf *out, struct error *error);

enum bytes_state {
	BYTES_INTACT,
	BYTES_MISSING,
	BYTES_ALTERED /* other bytes, or not a regular file */
};
/* Finds the state of stored bytes by reading and hashing them. A struct store reads a file again only if the file's
 * identity, size or times have changed. ERR_STORE: the file is unreadable, or the hash is invalid (damaged store). */
enum err store_bytes_state(struct store *store, const char *sha256, enum bytes_state *out, struct error *error);

/* Whether all bytes of the documents of a session and its subsessions are readable and intact. */
enum err store_bytes_check_intact(struct store *store, int64_t session, bool *whole, struct error *error);

/* Reads the bytes of all documents, in the order of their hashes; calls `each` with the bytes, or with the reason
 * why the bytes are unusable: missing or altered. An error of `each` ends the scan. */
struct bytes_scan {
	enum err (*each)(void *context, const char *sha256, const struct strbuf *bytes, const char *why,
			 struct error *error);
	void *context;
	int64_t files; /* result: number of files */
};
enum err store_bytes_scan(struct store *store, struct bytes_scan *scan, struct error *error);
/* Stores bytes for a new store; call it within the transaction that creates the store, while no other process can
 * put or erase bytes. The bytes become durable before the rows. */
enum err store_bytes_import(struct store *store, const struct strbuf *bytes, const char *sha256, struct error *error);
/* As store_bytes_scan() without the bytes; calls on_bad for each file that is missing or does not match its hash. */
enum err store_bytes_check(struct store *store, void (*on_bad)(void *context, const char *why), void *context,
			   int64_t *files, struct error *error);
/* Removes the bytes with this hash, unless a document references them; call it within a write transaction. A
 * failure to delete the file is ignored. */
enum err store_bytes_erase(struct store *store, const char *sha256, struct error *error);
char *store_bytes_path(struct store *store, struct arena *arena, const char *sha256);

#endif
