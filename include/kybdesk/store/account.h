/* Operational accounts of verified users. All functions join the open transaction. */
#ifndef KYBDESK_STORE_ACCOUNT_H
#define KYBDESK_STORE_ACCOUNT_H

#include "kybdesk/domain/subject.h"
#include "kybdesk/store/store.h"

enum err store_account_insert(struct store *store, int64_t subject, const struct account *account,
			      struct error *error) KYB_MUST_USE;

/* The accounts of a subject, oldest first. */
enum err store_account_list(struct store *store, struct arena *arena, int64_t subject, struct account **items,
			    size_t *count, struct error *error) KYB_MUST_USE;

#endif
