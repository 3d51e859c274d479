/*
 * SSH keys of reviewers, for access to the store. All functions join the open transaction; results live in the
 * arena.
 */
#ifndef KYBDESK_STORE_ACCESS_H
#define KYBDESK_STORE_ACCESS_H

#include "kybdesk/domain/ssh_key.h"
#include "kybdesk/store/store.h"

/* out->row is 0 if not found. */
enum err store_access_key_find(struct store *store, struct arena *arena, const char *fingerprint,
			       struct access_key *out, struct error *error) KYB_MUST_USE;
/* Sets key->row. */
enum err store_access_key_insert(struct store *store, int64_t reviewer_row, struct access_key *key,
				 struct error *error) KYB_MUST_USE;
enum err store_access_key_delete(struct store *store, int64_t row, struct error *error) KYB_MUST_USE;
/* Lists the keys of a reviewer (reviewer "": of all reviewers), sorted by reviewer and then by the time of
 * adding. */
enum err store_access_key_list(struct store *store, struct arena *arena, const char *reviewer,
			       struct access_key **items, size_t *count, struct error *error) KYB_MUST_USE;

#endif
