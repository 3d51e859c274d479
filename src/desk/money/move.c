/* Transitions of an order, with reservation, ledger and webhook in the same transaction. */
#include "money/money.h"
#include "kybdesk/sandbox/money.h"
#include "use/events.h"
#include "use/ids.h"
#include "use/rules.h"
#include "use/settle.h"

#include <string.h>

/* The session with the workflow that names the user's webhooks: the last approved one, else the last one. 0: none. */
static int64_t event_session(const struct subject_sessions *sessions)
{
	int64_t row = 0;
	bool approved = false;

	for (size_t i = 0; i < sessions->count; i++) {
		if (approved && sessions->items[i].status != SESSION_APPROVED)
			continue;
		approved = sessions->items[i].status == SESSION_APPROVED;
		row = sessions->items[i].row;
	}
	return row;
}

static enum err announce(struct use *use, const struct money_order *order, struct error *error)
{
	char amount[MONEY_TEXT_SIZE];
	const struct event_order shown = { .id = order->id,
					   .type = order_type_text(order->type),
					   .state = order_state_text(order->state),
					   .account_id = order->account,
					   .currency = order->currency,
					   .amount = money_write(order->amount, order->currency, amount),
					   .reason = order->reason };
	struct event_input input = {
		.order = &shown, .order_row = order->row, .due_at = use->now, .reported = true
	};
	const struct profile *profile = NULL;
	struct subject_sessions sessions;
	struct money_account account;
	struct case_file file;
	int64_t row = 0;
	enum err err;

	if (!order_event(order->type, order->state, &input.kind))
		return ERR_OK;
	err = store_money_account(use->desk->store, use->arena, order->account, &account, error);
	if (!err)
		err = store_subject_sessions(use->desk->store, use->arena, account.subject_row, &sessions, error);
	if (!err)
		row = event_session(&sessions);
	if (err || !row)
		return err;
	err = desk_case_load(use->desk, use->arena, row, &file, error);
	if (!err)
		err = desk_session_profile_or_bare(use->desk, &file.session, &profile, error);
	return err ? err : desk_event_write(use, &file.session, profile, &input, error);
}

static enum err post(struct use *use, const struct money_order *order, struct error *error)
{
	const struct posting *rows;
	bool exchanges = strcmp(order->currency, order->other_currency) != 0;
	size_t count = order_postings(order->type, exchanges, &rows);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < count; i++) {
		int64_t account = rows[i].recipient ? order->recipient_row : order->account_row;
		struct ledger_entry entry = {
			.id = id_new(use->desk, use->arena),
			.order_row = order->row,
			.account_row = rows[i].book == BOOK_CUSTOMER ? account : 0,
			.book = rows[i].book,
			.currency = rows[i].other ? order->other_currency : order->currency,
			.amount = rows[i].sign * (rows[i].other ? order->other_amount : order->amount),
			.created_at = use->now,
		};

		err = store_ledger_post(use->desk->store, &entry, error);
		if (!err && entry.account_row && entry.balance > MONEY_MAX)
			err = error_set_field(error, ERR_INVALID, "amount",
					      "The balance of the account would be too large");
	}
	return err;
}

static enum err reserve(struct use *use, const struct money_order *order, bool before, bool after,
			struct error *error)
{
	if (before == after)
		return ERR_OK;
	return store_money_reserve(use->desk->store, order->account_row, after ? order->amount : -order->amount,
				   error);
}

enum err money_move(struct use *use, struct money_order *order, enum order_action action, struct error *error)
{
	enum order_state from = order->state, to = from;
	enum err err;

	if (!order_move(from, action, &to))
		return error_set(error, ERR_BLOCKED,
				 order_is_final(from) ? "Cannot %s: the order is %s, which is final"
						      : "Cannot %s: the order is %s",
				 use->row->does, order_state_text(from));
	order->state = to;
	if (to == ORDER_PROCESSING)
		order->processing_at = use->now;
	else
		order->ended_at = use->now;
	err = store_order_update(use->desk->store, order, error);
	if (!err)
		err = reserve(use, order, order_reserves(order->type, from), order_reserves(order->type, to),
			      error);
	if (!err && to == ORDER_COMPLETED)
		err = post(use, order, error);
	return err ? err : announce(use, order, error);
}
