/*
 * Reading the money of a sandbox (docs/sandbox.md). A merchant's caller sees its own accounts only; staff sees all.
 * ERR_FORBIDDEN in a production store.
 */
#ifndef KYBDESK_DESK_MONEY_H
#define KYBDESK_DESK_MONEY_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/sandbox/iban.h"
#include "kybdesk/sandbox/ledger.h"

/* uid: only an account of this user; NULL any. ERR_NOT_FOUND. */
enum err desk_money_account(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			    struct money_account *out, struct error *error) KYB_MUST_USE;
/* A page of all accounts, newest first, by filter->after and filter->limit; for staff. */
enum err desk_money_accounts(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			     struct money_account_list *out, struct error *error) KYB_MUST_USE;
/* The IBAN that is assigned to an account, and the address for its coins. */
void desk_money_iban(const struct money_account *account, char out[SANDBOX_IBAN_SIZE]);
const char *desk_money_wallet(struct arena *arena, const struct money_account *account);

enum err desk_money_order(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error) KYB_MUST_USE;
/* Fills filter->merchant. filter->account: a row that desk_money_account() returned to this caller. */
enum err desk_money_orders(struct desk *desk, struct arena *arena, struct money_order_filter *filter,
			   struct money_order_list *out, struct error *error) KYB_MUST_USE;

enum err desk_money_entry(struct desk *desk, struct arena *arena, const char *id, struct ledger_entry *out,
			  struct error *error) KYB_MUST_USE;
/* filter->account: as in desk_money_orders(), required. */
enum err desk_money_entries(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			    struct ledger_entry_list *out, struct error *error) KYB_MUST_USE;

#endif
