/* Accounts of verified users, and the money of a sandbox: balances, orders, and the ledger. All functions join the
 * open transaction; results live in the arena. merchant: row of the merchant that the accounts and orders belong
 * to; 0: any merchant. */
#ifndef KYBDESK_STORE_MONEY_H
#define KYBDESK_STORE_MONEY_H

#include "kybdesk/sandbox/ledger.h"
#include "kybdesk/store/store.h"
#include "kybdesk/domain/subject.h"

/* The account with this full id. ERR_NOT_FOUND. */
enum err store_money_account_find(struct store *store, struct arena *arena, const char *id, struct money_account *out,
				  struct error *error);
/* Inserts an account of a verified user, with id, currency, label and created_at. */
enum err store_money_account_insert(struct store *store, int64_t subject, const struct money_account *account,
				    struct error *error);
/* All accounts of a subject, oldest first. */
enum err store_money_account_list_of_subject(struct store *store, struct arena *arena, int64_t subject,
					     struct money_account_list *out, struct error *error);
/* A page of all accounts, newest first, by filter->after and filter->limit. ERR_INVALID for an unknown `after`. */
enum err store_money_account_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
				  struct money_account_list *out, struct error *error);
/* Adds `amount` to the reserved amount of the account; a negative `amount` releases money. The caller must have
 * checked the balance. */
enum err store_money_reserve(struct store *store, int64_t account, int64_t amount, struct error *error);

/* order->row 0: inserts the order, and sets order->row. Otherwise writes state, reason and times of the order. */
enum err store_order_put(struct store *store, struct money_order *order, struct error *error);
/* The order with this id. ERR_NOT_FOUND. */
enum err store_order_find(struct store *store, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error);
/* A page of orders, newest first. ERR_INVALID for an unknown filter->after. */
enum err store_order_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			  struct money_order_list *out, struct error *error);

/* Appends an entry, and adds its amount to the account; entry->balance becomes the account's new balance, including
 * reserved amounts. */
enum err store_ledger_post(struct store *store, struct ledger_entry *entry, struct error *error);
/* The ledger entry with this id. ERR_NOT_FOUND also for an entry without account. */
enum err store_ledger_entry_find(struct store *store, struct arena *arena, const char *id, struct ledger_entry *out,
				 struct error *error);
/* A page of an account's entries, newest first. ERR_INVALID for an unknown `after`. */
enum err store_ledger_list(struct store *store, struct arena *arena, const struct money_order_filter *filter,
			   struct ledger_entry_list *out, struct error *error);

#endif
