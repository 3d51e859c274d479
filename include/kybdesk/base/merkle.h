/* The Merkle tree hash of RFC 6962, section 2.1 (same in RFC 9162), with SHA-256: one hash of a list of entries. A
 * path of hashes proves that an entry is in the list, for a list of any length. */
#ifndef KYBDESK_BASE_MERKLE_H
#define KYBDESK_BASE_MERKLE_H

#include "kybdesk/base/digest.h"

#include <stdbool.h>

struct merkle;

/* A tree without entries, in the arena. Between two calls the caller may use the digest for other hashes. `proved`:
 * the indexes (from 0, ascending) of the entries to prove; copied. */
struct merkle *merkle_new(struct arena *arena, struct sha256 *digest, const uint64_t *proved, size_t count);
/* Appends an entry. */
void merkle_add(struct merkle *tree, const void *entry, size_t length);
/* Root of all entries so far; more entries may be added later. Without entries: the hash of an empty text. */
void merkle_root(struct merkle *tree, uint8_t out[SHA256_SIZE]);

#define MERKLE_PATH_MAX 64
/* The audit path (RFC 6962, section 2.1.1) of an entry of `proved` in the present tree, from the leaf to the root.
 * Returns the length of the path. */
size_t merkle_path(struct merkle *tree, size_t which, uint8_t out[MERKLE_PATH_MAX][SHA256_SIZE]);
/* An entry, its index (`leaf_index`) in a tree of `tree_size` entries, and its path (RFC 9162, section 2.1.3.2). */
struct merkle_proof {
	const void *entry;
	size_t entry_length;
	uint64_t leaf_index, tree_size;
	const uint8_t *path; /* `length` hashes, one after the other */
	size_t length;
};
bool merkle_proof_is_valid(const struct merkle_proof *proof, const uint8_t root[SHA256_SIZE]);

#endif
