/*
 * The Merkle tree hash of RFC 6962, section 2.1 (same in RFC 9162), with SHA-256: one hash over a list of entries,
 * against which single entries can be proved at any length of the list.
 */
#ifndef KYBDESK_BASE_MERKLE_H
#define KYBDESK_BASE_MERKLE_H

#include "kybdesk/base/digest.h"

struct merkle;

struct merkle *merkle_new(void);
/* Appends an entry. */
void merkle_add(struct merkle *tree, const void *entry, size_t length);
/* Root of all entries so far; more may follow. Without entries: the hash of nothing. */
void merkle_root(struct merkle *tree, uint8_t out[SHA256_SIZE]);
void merkle_free(struct merkle *tree); /* NULL is accepted */

#endif
