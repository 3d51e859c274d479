/* Operational accounts of verified users. Joins the open transaction. */
#ifndef KYBDESK_STORE_ACCOUNT_H
#define KYBDESK_STORE_ACCOUNT_H

#include "kybdesk/store/store.h"

struct account {
	const char *id, *currency, *label;
	int64_t created_at;
};
enum err store_account_insert(struct store *store, int64_t subject, const struct account *account,
			      struct error *error) KYB_MUST_USE;

#endif
