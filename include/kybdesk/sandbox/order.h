/* Orders of the sandbox (source document ralio-sandbox, "Orders" and "Ledger"): types, states, transitions and
 * postings, each as one table. Pure. */
#ifndef KYBDESK_SANDBOX_ORDER_H
#define KYBDESK_SANDBOX_ORDER_H

#include "kybdesk/domain/profile.h"

#define ORDER_TYPE_WORDS(X)                                                                                            \
	X(ORDER_BANK_PAYIN, "BANK_PAYIN")                                                                              \
	X(ORDER_CRYPTO_PAYIN, "CRYPTO_PAYIN")                                                                          \
	X(ORDER_CARD_PAYIN, "CARD_PAYIN")                                                                              \
	X(ORDER_TRANSFER, "TRANSFER")                                                                                  \
	X(ORDER_BANK_PAYOUT, "BANK_PAYOUT")                                                                            \
	X(ORDER_CRYPTO_PAYOUT, "CRYPTO_PAYOUT")
#define ORDER_TYPE_COUNT WORDS_COUNT(ORDER_TYPE_WORDS)
WORDS_DECLARE(order_type, ORDER_TYPE_WORDS);

#define ORDER_STATE_WORDS(X)                                                                                           \
	X(ORDER_PENDING, "PENDING")                                                                                    \
	X(ORDER_PROCESSING, "PROCESSING")                                                                              \
	X(ORDER_COMPLETED, "COMPLETED")                                                                                \
	X(ORDER_FAILED, "FAILED")                                                                                      \
	X(ORDER_CANCELLED, "CANCELLED")
#define ORDER_STATE_COUNT WORDS_COUNT(ORDER_STATE_WORDS)
WORDS_DECLARE(order_state, ORDER_STATE_WORDS);

#define ORDER_ACTION_WORDS(X)                                                                                          \
	X(ORDER_PROCESS, "process")                                                                                    \
	X(ORDER_COMPLETE, "complete")                                                                                  \
	X(ORDER_FAIL, "fail")                                                                                          \
	X(ORDER_CANCEL, "cancel")
WORDS_DECLARE(order_action, ORDER_ACTION_WORDS);

/* The direction of an order, seen from its account; a transfer belongs to the sending account. */
enum order_direction { ORDER_DIRECTION_IN, ORDER_DIRECTION_INTERNAL, ORDER_DIRECTION_OUT };
struct order_kind {
	enum order_direction direction;
	/* The webhook of an order that reached a state. EVENT_KIND_COUNT: no webhook (ralio-sandbox has none for a
	 * failed payout). */
	enum event_kind events[ORDER_STATE_COUNT];
};
extern const struct order_kind order_kinds[ORDER_TYPE_COUNT];
/* Whether the amount is reserved on the account while the order is in this state. */
bool money_order_reserves_funds(enum order_type type, enum order_state state);

/* Sets *to to the state after the action; false: the action is not possible in state `from`. */
bool money_order_next_state(enum order_state from, enum order_action action, enum order_state *to);
/* The possible actions as text: "complete, fail, cancel"; "" for a final state. */
const char *money_order_actions_text(enum order_state state);
bool money_order_is_final(enum order_state state);

/* Books of the ledger. In each currency, the entries of an order sum to zero over all books. */
#define BOOK_WORDS(X) X(BOOK_CUSTOMER, "customer") X(BOOK_SUSPENSE, "suspense") X(BOOK_OUTSIDE, "outside")
WORDS_DECLARE(book, BOOK_WORDS);

/* One posting of a completed order. */
struct posting {
	enum book book;
	bool is_of_recipient; /* BOOK_CUSTOMER: true: the account of the transfer's recipient; false: the order's account */
	bool uses_other_currency; /* true: other_amount in other_currency of the order; false: amount in currency */
	int sign;
};
#define POSTINGS_MAX 4
struct postings {
	size_t count;
	struct posting items[POSTINGS_MAX]; /* in the order in which they are written */
};
/* The postings of an order, by its direction; [1] if the currencies of both sides differ, else [0]. */
extern const struct postings order_postings[ORDER_DIRECTION_OUT + 1][2];

/* The outcome of a payout, set by the end of the recipient's name: "#fail": failed; "#hold": processing; else:
 * completed. */
enum order_action money_order_sandbox_action(const char *holder);
/* Whether the payout to this holder ("#pending") is not even begun, so that a client can read the state PENDING (seed
 * ralio-sandbox, "Order States"). */
bool money_order_stays_pending(const char *holder);

#endif
