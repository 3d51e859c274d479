/* Outcomes in a sandbox store (docs/api.md "A sandbox without a human"). The end of a subject's name sets the outcome
 * of its case: #approve, #reject, #corrections, #expire, #remind, #error, #timeout, #hit. The actor "sandbox" performs
 * the outcome with the ordinary verbs and the ordinary gate; if the gate refuses, the case does not change. No real
 * check takes place; each audit row has the actor "sandbox". Does nothing in a production store. */
#ifndef KYBDESK_DESK_SANDBOX_H
#define KYBDESK_DESK_SANDBOX_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/sandbox/money.h"
#include "kybdesk/sandbox/ledger.h"

#define SANDBOX_DELAY_DEFAULT_MS 3000
#define SANDBOX_DELAY_MAX_S 3600

/* Performs the outcome of each case that has not changed for delay_ms. Refusals of the gate are logged, once per
 * state of the case. */
enum err desk_sandbox_run_due(struct desk *desk, int64_t delay_ms, struct error *error);
/* Simulates the provider at once: reports the requested checks and, for a case in processing, its results. Takes a
 * full id; the caller must have checked that the desk's caller may see the session. */
enum err desk_sandbox_simulate(struct desk *desk, const char *session_id, struct error *error);

/* Reads of the money of a sandbox (docs/sandbox.md). A merchant sees only the accounts of its own users; staff sees
 * all accounts. ERR_FORBIDDEN in a production store. */
/* uid: only an account of this user; NULL: any user. ERR_NOT_FOUND. */
enum err desk_money_account(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			    struct money_account *out, struct error *error);
/* A page of all accounts, newest first, by filter->after and filter->limit; for staff. */
enum err desk_money_accounts(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			     struct money_account_list *out, struct error *error);
/* The IBAN that is assigned to an account, and the address for its coins. */
void desk_money_iban(const struct money_account *account, char out[SANDBOX_IBAN_SIZE]);
const char *desk_money_wallet(struct arena *arena, const struct money_account *account);

enum err desk_money_order(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error);
/* A page of orders. Fills filter->merchant. filter->account: a row that desk_money_account() returned to this
 * caller. */
enum err desk_money_orders(struct desk *desk, struct arena *arena, struct money_order_filter *filter,
			   struct money_order_list *out, struct error *error);

enum err desk_money_entry(struct desk *desk, struct arena *arena, const char *id, struct ledger_entry *out,
			  struct error *error);
/* A page of an account's ledger entries. filter->account is required, and is as in desk_money_orders(). */
enum err desk_money_entries(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			    struct ledger_entry_list *out, struct error *error);

#endif
