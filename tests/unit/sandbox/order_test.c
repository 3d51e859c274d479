/* States, webhooks and postings of the sandbox's orders. */
#include <criterion/criterion.h>

#include "kybdesk/sandbox/order.h"

#include <string.h>

Test(order, no_final_state_is_left)
{
	for (int state = 0; state < ORDER_STATE_COUNT; state++) {
		bool leaves = false;

		for (int action = ORDER_PROCESS; action <= ORDER_CANCEL; action++) {
			enum order_state to = ORDER_PENDING;
			bool moves = money_order_next_state((enum order_state)state, (enum order_action)action, &to);

			leaves = leaves || moves;
			if (moves)
				cr_expect_not_null(strstr(money_order_actions_text((enum order_state)state),
							  order_action_text((enum order_action)action)));
		}
		cr_expect_eq(leaves, !money_order_is_final((enum order_state)state), "%s",
			     order_state_text((enum order_state)state));
		cr_expect_eq(money_order_is_final((enum order_state)state), state > ORDER_PROCESSING);
	}
}

Test(order, only_a_processing_order_completes)
{
	enum order_state to;

	cr_expect(money_order_next_state(ORDER_PROCESSING, ORDER_COMPLETE, &to) && to == ORDER_COMPLETED);
	cr_expect_not(money_order_next_state(ORDER_PENDING, ORDER_COMPLETE, &to));
	cr_expect_not(money_order_next_state(ORDER_CANCELLED, ORDER_COMPLETE, &to));
}

/* The postings of an order sum to zero in each currency; sums[1] is in the other currency. */
Test(order, postings_sum_to_nought_in_each_currency)
{
	for (int type = 0; type < ORDER_TYPE_COUNT; type++) {
		for (int exchanges = 0; exchanges < 2; exchanges++) {
			const struct postings *postings = &order_postings[order_kinds[type].direction][exchanges];
			const struct posting *rows = postings->items;
			int sums[2] = { 0, 0 }, customers = 0;

			for (size_t i = 0; i < postings->count; i++) {
				sums[exchanges && rows[i].uses_other_currency] += rows[i].sign;
				customers += rows[i].book == BOOK_CUSTOMER;
				cr_expect(!rows[i].is_of_recipient || rows[i].book == BOOK_CUSTOMER);
			}
			cr_expect(!sums[0] && !sums[1], "%s", order_type_text((enum order_type)type));
			cr_expect_eq(customers, type == ORDER_TRANSFER ? 2 : 1);
		}
	}
}

Test(order, the_guides_webhooks)
{
	static const struct {
		enum order_type type;
		enum order_state state;
		const char *event; /* NULL: none */
	} rows[] = {
		{ ORDER_BANK_PAYIN, ORDER_PROCESSING, "payin_processing" },
		{ ORDER_CRYPTO_PAYIN, ORDER_COMPLETED, "payin_completed" },
		{ ORDER_CARD_PAYIN, ORDER_FAILED, "payin_failed" },
		{ ORDER_TRANSFER, ORDER_PROCESSING, "transfer_processing" },
		{ ORDER_TRANSFER, ORDER_COMPLETED, "transfer_completed" },
		{ ORDER_TRANSFER, ORDER_FAILED, NULL },
		{ ORDER_BANK_PAYOUT, ORDER_PROCESSING, "payout_processing" },
		{ ORDER_CRYPTO_PAYOUT, ORDER_COMPLETED, "payout_completed" },
		{ ORDER_BANK_PAYOUT, ORDER_FAILED, NULL },
		{ ORDER_BANK_PAYIN, ORDER_PENDING, NULL },
		{ ORDER_BANK_PAYIN, ORDER_CANCELLED, NULL },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum event_kind kind = order_kinds[rows[i].type].events[rows[i].state];
		bool sent = kind != EVENT_KIND_COUNT;

		cr_expect_eq(sent, rows[i].event != NULL);
		if (sent && rows[i].event)
			cr_expect_str_eq(event_kind_text(kind), rows[i].event);
	}
}

Test(order, a_holders_name_requests_its_outcome)
{
	cr_expect_eq(money_order_sandbox_action("Jane Doe"), ORDER_COMPLETE);
	cr_expect_eq(money_order_sandbox_action("Jane Doe #fail"), ORDER_FAIL);
	cr_expect_eq(money_order_sandbox_action("Jane Doe#hold"), ORDER_PROCESS);
	cr_expect_eq(money_order_sandbox_action("#failure"), ORDER_COMPLETE);
	cr_expect_eq(money_order_sandbox_action(""), ORDER_COMPLETE);
}

Test(order, what_leaves_an_account_is_reserved_until_it_ends)
{
	cr_expect(money_order_reserves_funds(ORDER_BANK_PAYOUT, ORDER_PROCESSING));
	cr_expect_not(money_order_reserves_funds(ORDER_BANK_PAYOUT, ORDER_COMPLETED));
	cr_expect_not(money_order_reserves_funds(ORDER_BANK_PAYOUT, ORDER_FAILED));
	cr_expect_not(money_order_reserves_funds(ORDER_BANK_PAYIN, ORDER_PROCESSING));
}
