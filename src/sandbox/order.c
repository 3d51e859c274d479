#include "kybdesk/sandbox/order.h"

#include <string.h>

WORDS_DEFINE(order_type, ORDER_TYPE_WORDS)
WORDS_DEFINE(order_state, ORDER_STATE_WORDS)
WORDS_DEFINE(order_action, ORDER_ACTION_WORDS)
WORDS_DEFINE(book, BOOK_WORDS)

#define EVENTS(processing, completed, failed)                                                                          \
	{                                                                                                              \
		[ORDER_PENDING] = EVENT_KIND_COUNT, [ORDER_PROCESSING] = (processing),                                 \
		[ORDER_COMPLETED] = (completed), [ORDER_FAILED] = (failed), [ORDER_CANCELLED] = EVENT_KIND_COUNT       \
	}
#define PAYIN_EVENTS EVENTS(EVENT_PAYIN_PROCESSING, EVENT_PAYIN_COMPLETED, EVENT_PAYIN_FAILED)
#define TRANSFER_EVENTS EVENTS(EVENT_TRANSFER_PROCESSING, EVENT_TRANSFER_COMPLETED, EVENT_KIND_COUNT)
#define PAYOUT_EVENTS EVENTS(EVENT_PAYOUT_PROCESSING, EVENT_PAYOUT_COMPLETED, EVENT_KIND_COUNT)

const struct order_kind order_kinds[ORDER_TYPE_COUNT] = {
	[ORDER_BANK_PAYIN] = { ORDER_DIRECTION_IN, PAYIN_EVENTS },
	[ORDER_CRYPTO_PAYIN] = { ORDER_DIRECTION_IN, PAYIN_EVENTS },
	[ORDER_CARD_PAYIN] = { ORDER_DIRECTION_IN, PAYIN_EVENTS },
	[ORDER_TRANSFER] = { ORDER_DIRECTION_INTERNAL, TRANSFER_EVENTS },
	[ORDER_BANK_PAYOUT] = { ORDER_DIRECTION_OUT, PAYOUT_EVENTS },
	[ORDER_CRYPTO_PAYOUT] = { ORDER_DIRECTION_OUT, PAYOUT_EVENTS },
};

static const struct {
	enum order_state from;
	enum order_action action;
	enum order_state to;
} moves[] = {
	{ ORDER_PENDING, ORDER_PROCESS, ORDER_PROCESSING }, { ORDER_PENDING, ORDER_FAIL, ORDER_FAILED },
	{ ORDER_PENDING, ORDER_CANCEL, ORDER_CANCELLED },   { ORDER_PROCESSING, ORDER_COMPLETE, ORDER_COMPLETED },
	{ ORDER_PROCESSING, ORDER_FAIL, ORDER_FAILED },	    { ORDER_PROCESSING, ORDER_CANCEL, ORDER_CANCELLED },
};

bool money_order_reserves_funds(enum order_type type, enum order_state state)
{
	return order_kinds[type].direction != ORDER_DIRECTION_IN &&
	       (state == ORDER_PENDING || state == ORDER_PROCESSING);
}

bool money_order_next_state(enum order_state from, enum order_action action, enum order_state *to)
{
	for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
		if (moves[i].from == from && moves[i].action == action) {
			*to = moves[i].to;
			return true;
		}
	}
	return false;
}

const char *money_order_actions_text(enum order_state state)
{
	switch (state) {
	case ORDER_PENDING:
		return "process, fail, cancel";
	case ORDER_PROCESSING:
		return "complete, fail, cancel";
	default:
		return "";
	}
}

bool money_order_is_final(enum order_state state)
{
	return !*money_order_actions_text(state);
}

/* The postings of an order. If its currencies differ, the suspense book receives one currency and pays out the
 * other. */
const struct postings order_postings[ORDER_DIRECTION_OUT + 1][2] = {
	[ORDER_DIRECTION_IN] = { { 2, { { BOOK_OUTSIDE, .sign = -1 }, { BOOK_CUSTOMER, .sign = 1 } } },
				 { 4,
				   { { BOOK_OUTSIDE, .uses_other_currency = true, .sign = -1 },
				     { BOOK_SUSPENSE, .uses_other_currency = true, .sign = 1 },
				     { BOOK_SUSPENSE, .sign = -1 },
				     { BOOK_CUSTOMER, .sign = 1 } } } },
	[ORDER_DIRECTION_INTERNAL] = { { 2,
					 { { BOOK_CUSTOMER, .sign = -1 },
					   { BOOK_CUSTOMER, .is_of_recipient = true, .uses_other_currency = true,
					     .sign = 1 } } },
				       { 4,
					 { { BOOK_CUSTOMER, .sign = -1 },
					   { BOOK_SUSPENSE, .sign = 1 },
					   { BOOK_SUSPENSE, .uses_other_currency = true, .sign = -1 },
					   { BOOK_CUSTOMER, .is_of_recipient = true, .uses_other_currency = true,
					     .sign = 1 } } } },
	[ORDER_DIRECTION_OUT] = { { 2, { { BOOK_CUSTOMER, .sign = -1 }, { BOOK_OUTSIDE, .sign = 1 } } },
				  { 4,
				    { { BOOK_CUSTOMER, .sign = -1 },
				      { BOOK_SUSPENSE, .sign = 1 },
				      { BOOK_SUSPENSE, .uses_other_currency = true, .sign = -1 },
				      { BOOK_OUTSIDE, .uses_other_currency = true, .sign = 1 } } } },
};

static bool ends_with(const char *text, const char *mark)
{
	size_t length = strlen(text), size = strlen(mark);

	return length >= size && !strcmp(text + length - size, mark);
}

bool money_order_stays_pending(const char *holder)
{
	return ends_with(holder, "#pending");
}

enum order_action money_order_sandbox_action(const char *holder)
{
	if (ends_with(holder, "#fail"))
		return ORDER_FAIL;
	return ends_with(holder, "#hold") ? ORDER_PROCESS : ORDER_COMPLETE;
}
