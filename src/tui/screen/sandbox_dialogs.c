/* Dialogs of the sandbox: a payin to an account; completing, failing or cancelling an order. */
#include "workbench.h"

/* --- fund --- */

enum fund_field { FUND_AMOUNT, FUND_TYPE, FUND_CURRENCY, FUND_OUTCOME, FUND_REASON };

/* In the order of the values. */
static const struct dialog_item type_items[] = { { "bank", "bank" },
						 { "crypto", "crypto: exchanged to the account's currency" },
						 { "card", "card" },
						 { NULL, NULL } };
static const enum order_type types[] = { ORDER_BANK_PAYIN, ORDER_CRYPTO_PAYIN, ORDER_CARD_PAYIN };
static const struct dialog_item outcome_items[] = { { "completed", "completed at once" },
						    { "failed", "failed" },
						    { "processing", "stays in processing" },
						    { NULL, NULL } };
static const enum order_action outcomes[] = { ORDER_COMPLETE, ORDER_FAIL, ORDER_PROCESS };

static enum order_type type_of(const struct dialog *dialog)
{
	return types[dialog->form.fields[FUND_TYPE].cursor];
}

static enum order_action outcome_of(const struct dialog *dialog)
{
	return outcomes[dialog->form.fields[FUND_OUTCOME].cursor];
}

static bool fund_send(struct dialog *dialog, struct job *job)
{
	struct money_input *input = arena_alloc(&job->arena, sizeof *input);
	*input = (struct money_input){ .type = type_of(dialog),
				       .account = job->in.part,
				       .amount = arena_strdup(&job->arena, dialog_typed(dialog, FUND_AMOUNT)),
				       .currency = arena_strdup(&job->arena, dialog_typed(dialog, FUND_CURRENCY)),
				       .outcome = outcome_of(dialog) };
	if (input->outcome == ORDER_FAIL) {
		input->reason = arena_strdup(&job->arena, dialog_typed(dialog, FUND_REASON));
		if (!input->reason[0])
			return dialog_refuse(dialog, "Enter the reason: the webhook contains it.");
	}
	job->in.money = input;
	return true;
}

static const char *funded(const struct job *job, struct arena *arena)
{
	(void)arena;
	switch (job->in.money->outcome) {
	case ORDER_FAIL:
		return "Simulated a failed payin to";
	case ORDER_PROCESS:
		return "Simulated a payin in processing to";
	case ORDER_COMPLETE:
	case ORDER_CANCEL:
		break;
	}
	return "Funded";
}

static const char *with_amount(const struct job *job, struct arena *arena)
{
	const struct money_input *input = job->in.money;
	return arena_printf(arena, ": %s%s%s", input->amount, input->currency[0] ? " " : "", input->currency);
}

static const struct dialog_form fund_form = {
	.confirm = "simulate it",
	.fields = { { TEXT_FIELD("amount", 0), .missing = "Enter an amount first: 250 or 250.10." },
		    { ITEMS_FIELD("type", 0, type_items), .folds = true, .preset = true },
		    { TEXT_FIELD("currency", 0) },
		    { ITEMS_FIELD("outcome", 0, outcome_items), .folds = true, .preset = true },
		    { TEXT_FIELD("reason", 0) } },
	.act = ACT(.verb = VERB_PAYIN, .words = funded, .after = with_amount),
	.in_fields = true,
	.send = fund_send,
};

static const struct dialog_form *fund_fill(struct dialog *dialog)
{
	const struct money_account *account = sandbox_account_of(dialog->answer);
	dialog_name(dialog, sandbox_account_name(&dialog->arena, account));
	dialog_line(dialog, "merchant", THEME_TEXT, account->merchant);
	dialog_line(dialog, "balance", THEME_TITLE,
		    sandbox_amount(&dialog->arena, account->settled - account->reserved, account->currency));
	if (account->suspended[0])
		return dialog_only_line(
			dialog, arena_printf(&dialog->arena, "The account is SUSPENDED. %s", account->suspended));
	return &fund_form;
}

static void fund_edited(struct dialog *dialog)
{
	const struct money_account *account = sandbox_account_of(dialog->answer);
	enum order_action outcome = outcome_of(dialog);
	const char *currency = dialog_typed(dialog, FUND_CURRENCY);
	bool crypto = type_of(dialog) == ORDER_CRYPTO_PAYIN;
	dialog->form.fields[FUND_REASON].hidden = outcome != ORDER_FAIL;
	if (!currency[0])
		DIALOG_BELOW(dialog, "currency", THEME_MUTED, "default: %s", crypto ? "USDC" : account->currency);
	DIALOG_BELOW(dialog, "then", THEME_TEXT, "%s %s gets payin.processing%s.",
		     outcome == ORDER_COMPLETE	? "The money arrives at once;"
		     : outcome == ORDER_PROCESS ? "Nothing arrives until the order is completed;"
						: "No money arrives;",
		     account->merchant,
		     outcome == ORDER_COMPLETE	? " and payin.completed"
		     : outcome == ORDER_PROCESS ? ""
						: " and payin.failed");
}

const struct dialog_spec fund_dialog = { BOARD_DIALOG(&account_board, "Fund", fund_fill), .edited = fund_edited };

/* --- the end of an order --- */

#define POSTS_NOTHING "nothing is posted, and the reserved amount is released. The merchant sees the reason."

static const struct order_end {
	const struct dialog_spec *spec;
	enum order_action action;
	const char *then;
	struct dialog_form form;
} ends[] = {
	{ &order_complete_dialog,
	  ORDER_COMPLETE,
	  "the amount is posted to the ledger.",
	  { .confirm = "complete it", .act = ACT(.verb = VERB_ORDER_COMPLETE, .did = "Completed the") } },
	{ &order_fail_dialog,
	  ORDER_FAIL,
	  POSTS_NOTHING,
	  { .confirm = "fail it",
	    .fields = { { REASON_FIELD } },
	    .act = ACT(.verb = VERB_ORDER_FAIL, .did = "Failed the") } },
	{ &order_cancel_dialog,
	  ORDER_CANCEL,
	  POSTS_NOTHING,
	  { .confirm = "cancel it",
	    .fields = { { REASON_FIELD } },
	    .act = ACT(.verb = VERB_ORDER_CANCEL, .did = "Cancelled the") } },
};

static const struct dialog_form *order_fill(struct dialog *dialog)
{
	const struct money_order *order = sandbox_order_of(dialog->answer);
	const struct order_end *end = ends;
	enum order_state to;
	while (end->spec != dialog->spec)
		end++;
	dialog_name(dialog, sandbox_order_name(&dialog->arena, order));
	DIALOG_LINE(dialog, "user", THEME_TEXT, "%s of %s", order->uid, order->merchant);
	dialog_line(dialog, "state", THEME_TITLE, order_state_text(order->state));
	if (!order_move(order->state, end->action, &to))
		return dialog_only_line(dialog, order_is_final(order->state)
							? "The state of the order is final."
							: "The state of the order does not allow this.");
	DIALOG_LINE(dialog, "then", THEME_TEXT, "%s: %s", order_state_text(to), end->then);
	return &end->form;
}

#define ORDER_END(asking_)                                                                                         \
	{                                                                                                          \
		.board = &order_board, .item = ROW_ORDER, .noun = "order", .no_draft = true, .asking = asking_,    \
		.fill = order_fill                                                                                 \
	}
const struct dialog_spec order_complete_dialog = ORDER_END("Complete the");
const struct dialog_spec order_fail_dialog = ORDER_END("Fail the");
const struct dialog_spec order_cancel_dialog = ORDER_END("Cancel the");
