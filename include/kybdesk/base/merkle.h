/*
 * The Merkle tree hash of RFC 6962, section 2.1 (the same in RFC 9162), with SHA-256: one hash of a list of entries, at any
 * length of it, that proofs of a single entry can be made against.
 */
#ifndef KYBDESK_BASE_MERKLE_H
#define KYBDESK_BASE_MERKLE_H

#include "kybdesk/base/digest.h"

struct merkle;

struct merkle *merkle_new(void);
/* The next entry. */
void merkle_add(struct merkle *tree, const void *entry, size_t length);
/* Of all entries so far; more may follow. Of none it is the hash of nothing. */
void merkle_root(struct merkle *tree, uint8_t out[SHA256_SIZE]);
void merkle_free(struct merkle *tree); /* NULL is accepted */

#endif
