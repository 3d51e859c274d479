/*
 * Orders of the sandbox (seed ralio-sandbox, "Orders" and "Ledger"): types, states, transitions and postings, each as
 * one table. Pure.
 */
#ifndef KYBDESK_SANDBOX_ORDER_H
#define KYBDESK_SANDBOX_ORDER_H

#include "kybdesk/domain/profile.h"

enum order_type {
	ORDER_BANK_PAYIN,
	ORDER_CRYPTO_PAYIN,
	ORDER_CARD_PAYIN,
	ORDER_TRANSFER,
	ORDER_BANK_PAYOUT,
	ORDER_CRYPTO_PAYOUT
};
#define ORDER_TYPE_COUNT 6
TYPES_DECLARE(order_type); /* "BANK_PAYIN" … */

enum order_state { ORDER_PENDING, ORDER_PROCESSING, ORDER_COMPLETED, ORDER_FAILED, ORDER_CANCELLED };
#define ORDER_STATE_COUNT 5
TYPES_DECLARE(order_state); /* "PENDING" … */

enum order_action { ORDER_PROCESS, ORDER_COMPLETE, ORDER_FAIL, ORDER_CANCEL };
TYPES_DECLARE(order_action); /* "process" … */

/* Of the account of the order: a transfer's is its origin. */
enum order_direction { ORDER_IN, ORDER_BETWEEN, ORDER_OUT };
enum order_direction order_direction_of(enum order_type type);
/* Whether the amount is reserved on the account while the order is in this state. */
bool order_reserves(enum order_type type, enum order_state state);

/* False: the action is not possible in this state. */
bool order_move(enum order_state from, enum order_action action, enum order_state *to);
/* "complete, fail, cancel"; "" for a final state. */
const char *order_actions(enum order_state state);
bool order_is_final(enum order_state state);
/* The webhook of an order that reached this state; false: none (the guide has none for a failed payout). */
bool order_event(enum order_type type, enum order_state state, enum event_kind *out);

/* Books of the ledger. The entries of an order in one currency sum to nought over them. */
enum book { BOOK_CUSTOMER, BOOK_SUSPENSE, BOOK_OUTSIDE };
TYPES_DECLARE(book); /* "customer" … */

/* One posting of a completed order. */
struct posting {
	enum book book;
	bool recipient; /* of BOOK_CUSTOMER: the recipient's account of a transfer, else the order's account */
	bool other;	/* the amount on the other side of an exchange, in its currency */
	int sign;
};
#define POSTINGS_MAX 4
/* In the order of writing. exchanges: both sides have different currencies. */
size_t order_postings(enum order_type type, bool exchanges, const struct posting **out);

/* The outcome that the name of a holder requests: "#fail", "#hold" at its end; else completed. */
enum order_action order_outcome(const char *holder);

#endif
