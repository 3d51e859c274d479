/* Payins, transfers and payouts, and the actions of staff on these orders (seed ralio-sandbox, docs/sandbox.md). */
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/store/money.h"
#include "use/gatekeeping.h"

#include <ctype.h>

#define TEXT_MAX 140

static enum err require_sandbox(const struct desk *desk, struct error *error)
{
	if (desk->store->sandbox)
		return ERR_OK;
	return error_set(error, ERR_FORBIDDEN,
			 "This is a production store; accounts have money in a sandbox store only, which simulates "
			 "a payment system for integrators");
}

static enum err set_suspension_reason(struct desk *desk, struct arena *arena, struct money_account *account,
				      struct error *error)
{
	struct subject_record record;
	struct subject_sessions sessions;
	struct user_verification standing = { .refusal_reason = "" };
	enum err err = store_subject_load(desk->store, arena, account->subject_row, &record, error);

	if (!err)
		err = store_subject_sessions(desk->store, arena, account->subject_row, &sessions, error);
	if (!err)
		err = desk_user_verification(desk, arena, &record, &sessions, &standing, error);
	account->suspension_reason = standing.refusal_reason;
	if (!err && record.deleted_at != TIME_NONE)
		account->suspension_reason = "The user was deleted";
	return err;
}

/* Finds an account that the caller may see. Sets out->suspension_reason if the user of the account is not verified or
 * was deleted. uid NULL: any user. */
static enum err find_account(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			     struct money_account *out, struct error *error)
{
	enum err err = store_money_account_find(desk->store, arena, id, out, error);

	if (!err)
		err = caller_check_merchant(desk, out->merchant, "account", id, error);
	if (!err && uid && strcmp(uid, out->uid) != 0)
		err = error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", id);
	return err ? err : set_suspension_reason(desk, arena, out, error);
}

static enum err find_order(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			   struct error *error)
{
	enum err err = store_order_find(desk->store, arena, id, out, error);

	return err ? err : caller_check_merchant(desk, out->merchant, "order", id, error);
}

/* --- transitions of an order, with reservation, ledger and webhook in the same transaction --- */

/* Finds the session that determines the webhooks about the user, since its workflow sets their names and their
 * format: the last approved session, else the last session. 0: none. */
static int64_t find_event_session(const struct subject_sessions *sessions)
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

static enum err write_event(struct use *use, const struct money_order *order, struct error *error)
{
	char amount[MONEY_TEXT_SIZE];
	const struct event_order shown = { .id = order->id,
					   .type = order_type_text(order->type),
					   .state = order_state_text(order->state),
					   .account_id = order->account,
					   .currency = order->currency,
					   .amount = money_write(order->amount, order->currency, amount),
					   .reason = order->reason };
	struct event_input input = { .event = { .kind = order_kinds[order->type].events[order->state],
						.order = &shown },
				     .order_row = order->row,
				     .due_at = use->now,
				     .is_in_output = true };
	const struct profile *profile = NULL;
	struct subject_sessions sessions;
	struct money_account account;
	struct case_file file;
	int64_t row = 0;
	enum err err;

	if (input.event.kind == EVENT_KIND_COUNT)
		return ERR_OK;
	err = store_money_account_find(use->desk->store, use->arena, order->account, &account, error);
	if (!err)
		err = store_subject_sessions(use->desk->store, use->arena, account.subject_row, &sessions, error);
	if (!err)
		row = find_event_session(&sessions);
	if (err || !row)
		return err;
	err = desk_case_load(use->desk, use->arena, row, &file, error);
	if (!err)
		err = desk_session_profile_or_empty(use->desk, &file.session, &profile, error);
	return err ? err : desk_event_write(use, &file.session, profile, &input, error);
}

static enum err post_entries(struct use *use, const struct money_order *order, struct error *error)
{
	bool exchanges = strcmp(order->currency, order->other_currency) != 0;
	const struct postings *postings = &order_postings[order_kinds[order->type].direction][exchanges];
	const struct posting *rows = postings->items;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < postings->count; i++) {
		int64_t account = rows[i].is_of_recipient ? order->recipient_row : order->account_row;
		struct ledger_entry entry = {
			.id = id_new(use->desk, use->arena),
			.order_row = order->row,
			.account_row = rows[i].book == BOOK_CUSTOMER ? account : 0,
			.book = rows[i].book,
			.currency = rows[i].uses_other_currency ? order->other_currency : order->currency,
			.amount = rows[i].sign * (rows[i].uses_other_currency ? order->other_amount : order->amount),
			.created_at = use->now,
		};

		err = store_ledger_post(use->desk->store, &entry, error);
		if (!err && entry.account_row && entry.balance > MONEY_MAX)
			err = error_invalid(error, "amount", "The balance of the account would be too large");
	}
	return err;
}

/* Applies one transition to a stored order: times, reservation, entries and webhook. ERR_BLOCKED if the order's
 * state does not allow the transition. */
static enum err apply_order_action(struct use *use, struct money_order *order, enum order_action action,
				   struct error *error)
{
	enum order_state from = order->state, to = from;
	enum err err;

	if (!money_order_next_state(from, action, &to))
		return error_set(error, ERR_BLOCKED,
				 money_order_is_final(from) ? "Cannot %s: the order is %s, which is final"
							    : "Cannot %s: the order is %s",
				 use->use_case->verb_phrase, order_state_text(from));
	order->state = to;
	if (to == ORDER_PROCESSING)
		order->processing_at = use->now;
	else
		order->ended_at = use->now;
	err = store_order_put(use->desk->store, order, error);
	if (!err && money_order_reserves_funds(order->type, from) != money_order_reserves_funds(order->type, to))
		err = store_money_reserve(use->desk->store, order->account_row,
					  money_order_reserves_funds(order->type, to) ? order->amount : -order->amount,
					  error);
	if (!err && to == ORDER_COMPLETED)
		err = post_entries(use, order, error);
	return err ? err : write_event(use, order, error);
}

/* --- operations --- */

/* Converts the number to its electronic form: capital letters, without spaces. */
static const char *normalise_iban(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text), *end = out;

	for (; *text; text++)
		if (*text != ' ')
			*end++ = (char)toupper((unsigned char)*text);
	*end = '\0';
	return out;
}

/* Checks that the text is one line of at most TEXT_MAX bytes. */
static enum err check_single_line(const char *field, const char *title, const char *text, struct error *error)
{
	enum err err = text_check(field, title, text, false, error);

	if (!err && (strlen(text) > TEXT_MAX || strchr(text, '\n')))
		err = error_invalid(error, field, "%s has more than one line or %d bytes", title, TEXT_MAX);
	return err;
}

static enum err check_account_active(const struct use *use, const struct money_account *account, const char *what,
				     struct error *error)
{
	if (!*account->suspension_reason)
		return ERR_OK;
	return error_set_field(error, ERR_FORBIDDEN, what, "Cannot %s: the %s is SUSPENDED. %s",
			       use->use_case->verb_phrase, what, account->suspension_reason);
}

/* Loads the account of the operation. Refuses an account that is not active. */
static enum err load_active_account(struct use *use, struct money_account *account, struct error *error)
{
	const struct money_input *input = use->in->money;
	enum err err = require_sandbox(use->desk, error);

	if (!err)
		err = find_account(use->desk, use->arena, input->uid, text_or_empty(input->account), account, error);
	return err ? err : check_account_active(use, account, "account", error);
}

static enum err check_funds(const struct money_account *account, int64_t amount, struct error *error)
{
	char have[MONEY_TEXT_SIZE];

	if (amount <= account->settled_amount - account->reserved_amount)
		return ERR_OK;
	return error_set_field(error, ERR_CONFLICT, "amount", "Not enough funds: the account has %s %s",
			       money_write(account->settled_amount - account->reserved_amount, account->currency, have),
			       account->currency);
}

static enum err check_currency(const struct money_account *account, const char *currency, struct error *error)
{
	if (!strcmp(currency, account->currency))
		return ERR_OK;
	return error_invalid(error, "currency", "The currency of the account is %s, not \"%s\"", account->currency,
			     currency);
}

static struct money_order new_order(struct use *use, const struct money_account *account)
{
	const struct money_input *input = use->in->money;

	return (struct money_order){ .id = id_new(use->desk, use->arena),
				     .account_row = account->row,
				     .account = account->id,
				     .merchant = account->merchant,
				     .uid = account->uid,
				     .recipient = "",
				     .type = input->type,
				     .currency = account->currency,
				     .other_currency = account->currency,
				     .rate = "1",
				     .reference = text_or_empty(input->reference),
				     .iban = "",
				     .holder = "",
				     .bank = "",
				     .address = "",
				     .reason = "",
				     .created_at = use->now,
				     .processing_at = TIME_NONE,
				     .ended_at = TIME_NONE };
}

static void set_order_detail(struct use *use, const struct money_order *order)
{
	use->out->part_id = order->id;
	JSON_ADD(use->detail, { "merchant", AS_TEXT(order->merchant) }, { "subject", AS_TEXT(order->uid) },
		 { "account", AS_TEXT(order->account) }, { "order", AS_TEXT(order->id) },
		 { "type", AS_TEXT(order_type_text(order->type)) },
		 { "state", AS_TEXT(order_state_text(order->state)) }, { "currency", AS_TEXT(order->currency) },
		 { "minor_units", AS_INT(order->amount) });
}

/* Stores a new order as PENDING, and applies its transitions up to `requested_action`, unless it stays PENDING. */
static enum err place_order(struct use *use, struct money_order *order, enum order_action requested_action,
			    const char *reason, struct error *error)
{
	struct store *store = use->desk->store;
	enum err err = store_order_put(store, order, error);

	if (!err && money_order_reserves_funds(order->type, order->state))
		err = store_money_reserve(store, order->account_row, order->amount, error);
	if (err || money_order_stays_pending(order->holder)) {
		set_order_detail(use, order);
		return err;
	}
	err = apply_order_action(use, order, ORDER_PROCESS, error);
	if (requested_action == ORDER_FAIL)
		order->reason = reason;
	if (!err && requested_action != ORDER_PROCESS)
		err = apply_order_action(use, order, requested_action, error);
	set_order_detail(use, order);
	return err;
}

/* Reads in->money: type, account, amount, currency, outcome, reason. */
enum err use_payin(struct use *use, struct error *error)
{
	const struct money_input *input = use->in->money;
	const char *currency = input->currency, *reason = text_or_empty(input->reason);
	struct money_account account;
	struct money_order order;
	struct exchange exchange;
	enum err err = load_active_account(use, &account, error);

	if (err)
		return err;
	order = new_order(use, &account);
	if (!currency || !*currency)
		currency = input->type == ORDER_CRYPTO_PAYIN ? "USDC" : account.currency;
	if (money_is_crypto(currency) != (input->type == ORDER_CRYPTO_PAYIN))
		return error_invalid(error, "currency",
				     money_is_crypto(currency) ? "%s is a coin; use a crypto payin for coins"
							       : "\"%s\" is not a coin of the sandbox; a crypto payin "
								 "accepts EURC, USDC or USDT",
				     currency);
	err = money_read("amount", text_or_empty(input->amount), currency, &order.other_amount, error);
	if (!err)
		err = check_single_line("reason", "The reason", reason, error);
	if (!err)
		err = money_convert(order.other_amount, currency, account.currency, &exchange, error);
	if (err)
		return err;
	order.amount = exchange.amount;
	order.rate = exchange.rate;
	order.other_currency = currency;
	return place_order(use, &order, input->requested_action, reason, error);
}

/* Reads in->money: uid, account, currency, amount, recipient, reference. */
enum err use_transfer(struct use *use, struct error *error)
{
	const struct money_input *input = use->in->money;
	struct money_account account, recipient;
	struct money_order order;
	struct exchange exchange;
	enum err err = load_active_account(use, &account, error);

	if (err)
		return err;
	order = new_order(use, &account);
	err = check_currency(&account, text_or_empty(input->currency), error);
	if (!err)
		err = money_read("amount", text_or_empty(input->amount), account.currency, &order.amount, error);
	if (!err)
		err = check_single_line("reference", "The reference", order.reference, error);
	if (!err && !strcmp(text_or_empty(input->recipient), account.id))
		err = error_invalid(error, "accountId", "The recipient is the account itself; name another account");
	if (!err)
		err = find_account(use->desk, use->arena, NULL, text_or_empty(input->recipient), &recipient, error);
	if (!err && strcmp(recipient.merchant, account.merchant) != 0)
		err = error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", input->recipient);
	if (!err)
		err = check_account_active(use, &recipient, "recipient", error);
	if (!err)
		err = check_funds(&account, order.amount, error);
	if (!err)
		err = money_convert(order.amount, account.currency, recipient.currency, &exchange, error);
	if (err)
		return err;
	order.recipient_row = recipient.row;
	order.recipient = recipient.id;
	order.other_currency = recipient.currency;
	order.other_amount = exchange.amount;
	order.rate = exchange.rate;
	return place_order(use, &order, ORDER_COMPLETE, "", error);
}

static enum err check_2fa_code(const char *code, struct error *error)
{
	if (strlen(code) != 6 || strspn(code, "0123456789") != 6)
		return error_invalid(error, "code2fa", "The code is not six digits");
	if (!strcmp(code, "000000"))
		return error_set_field(error, ERR_FORBIDDEN, "code2fa",
				       "Wrong code; the sandbox accepts any six digits except 000000");
	return ERR_OK;
}

/* Checks that the address of a wallet has 26 to 90 letters and digits, and no other characters. */
static enum err check_wallet_address(const char *address, struct error *error)
{
	size_t length = strlen(address);

	for (const char *at = address; *at; at++)
		if (!isalnum((unsigned char)*at))
			length = 0;
	if (length >= 26 && length <= 90)
		return ERR_OK;
	return error_invalid(error, "address", "The address of a wallet must have 26 to 90 letters and digits");
}

static enum err check_recipient(const struct use *use, struct money_order *order, struct error *error)
{
	const struct money_input *input = use->in->money;
	enum err err;

	order->holder = text_or_empty(input->holder);
	order->bank = text_or_empty(input->bank);
	if (order->type == ORDER_BANK_PAYOUT) {
		order->iban = normalise_iban(use->arena, text_or_empty(input->iban));
		if (!check_digits_are_valid(SCHEME_IBAN, order->iban))
			return error_invalid(
				error, "iban",
				"The IBAN is not valid: its country's length or its check digits are wrong");
		err = text_check("accountHolder", "The account holder", order->holder, true, error);
	} else {
		order->address = text_or_empty(input->address);
		err = check_wallet_address(order->address, error);
	}
	if (!err)
		err = check_single_line("accountHolder", "The account holder", order->holder, error);
	if (!err)
		err = check_single_line("bankName", "The bank's name", order->bank, error);
	return err ? err : check_single_line("reference", "The reference", order->reference, error);
}

/* Reads in->money: type, uid, account, currency, amount, code, reference; bank payout: iban, holder, bank; crypto
 * payout: address, coin, holder. */
enum err use_payout(struct use *use, struct error *error)
{
	const struct money_input *input = use->in->money;
	bool crypto = input->type == ORDER_CRYPTO_PAYOUT;
	struct money_account account;
	struct money_order order;
	struct exchange exchange = { 0 };
	enum err err = load_active_account(use, &account, error);

	if (err)
		return err;
	order = new_order(use, &account);
	if (crypto)
		order.other_currency = input->coin && *input->coin ? input->coin : "USDC";
	err = check_currency(&account, text_or_empty(input->currency), error);
	if (!err)
		err = money_read("amount", text_or_empty(input->amount), account.currency, &order.amount, error);
	if (!err && crypto && !money_is_crypto(order.other_currency))
		err = error_invalid(error, "coin", "\"%s\" is not a coin of the sandbox; use EURC, USDC or USDT",
				    order.other_currency);
	if (!err)
		err = check_recipient(use, &order, error);
	if (!err)
		err = check_2fa_code(text_or_empty(input->code), error);
	if (!err)
		err = check_funds(&account, order.amount, error);
	if (!err)
		err = money_convert(order.amount, account.currency, order.other_currency, &exchange, error);
	if (err)
		return err;
	order.other_amount = exchange.amount;
	order.rate = exchange.rate;
	return place_order(use, &order, money_order_sandbox_action(order.holder),
			   "The name of the recipient ends in #fail", error);
}

/* Checks that both accounts are active: a suspended account neither receives nor sends money. */
static enum err check_both_accounts(struct use *use, const struct money_order *order, struct error *error)
{
	struct money_account account;
	enum err err = find_account(use->desk, use->arena, NULL, order->account, &account, error);

	if (!err)
		err = check_account_active(use, &account, "account", error);
	if (!err && *order->recipient)
		err = find_account(use->desk, use->arena, NULL, order->recipient, &account, error);
	if (!err && *order->recipient)
		err = check_account_active(use, &account, "recipient", error);
	return err;
}

/* Moves a stored order to another state. Reads in->part: the whole id of the order; to fail or cancel the order
 * also in->reason. */
enum err use_order_set_state(struct use *use, struct error *error)
{
	const enum order_action action = use->use_case->verb == VERB_ORDER_COMPLETE ? ORDER_COMPLETE
					 : use->use_case->verb == VERB_ORDER_FAIL   ? ORDER_FAIL
										    : ORDER_CANCEL;
	struct money_order order;
	enum err err = require_sandbox(use->desk, error);

	if (!err)
		err = find_order(use->desk, use->arena, use->in->part, &order, error);
	if (!err && action == ORDER_COMPLETE && !money_order_is_final(order.state))
		err = check_both_accounts(use, &order, error);
	if (!err && action != ORDER_COMPLETE)
		err = check_single_line("reason", "The reason", use->in->reason, error);
	if (err)
		return err;
	if (action != ORDER_COMPLETE)
		order.reason = use->in->reason;
	if (action == ORDER_COMPLETE && order.state == ORDER_PENDING)
		err = apply_order_action(use, &order, ORDER_PROCESS, error);
	if (!err)
		err = apply_order_action(use, &order, action, error);
	set_order_detail(use, &order);
	return err;
}

/* --- reads --- */

static enum err begin_read(struct desk *desk, struct error *error)
{
	enum err err = require_sandbox(desk, error);

	return err ? err : desk_begin_read(desk, error);
}

enum err desk_money_account(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			    struct money_account *out, struct error *error)
{
	enum err err = begin_read(desk, error);

	return err ? err : desk_finish_read(desk, find_account(desk, arena, uid, id, out, error));
}

enum err desk_money_accounts(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			     struct money_account_list *out, struct error *error)
{
	enum err err = begin_read(desk, error);

	if (err)
		return err;
	err = store_money_account_list(desk->store, arena, filter, out, error);
	for (size_t i = 0; !err && i < out->count; i++)
		err = set_suspension_reason(desk, arena, &out->items[i], error);
	return desk_finish_read(desk, err);
}

void desk_money_iban(const struct money_account *account, char out[SANDBOX_IBAN_SIZE])
{
	sandbox_iban_write(account->row, out);
}

const char *desk_money_wallet(struct arena *arena, const struct money_account *account)
{
	const char *hash = sha256_text(arena, account->id, strlen(account->id));

	return arena_printf(arena, "0x%.40s", hash);
}

enum err desk_money_order(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error)
{
	enum err err = begin_read(desk, error);

	return err ? err : desk_finish_read(desk, find_order(desk, arena, id, out, error));
}

enum err desk_money_orders(struct desk *desk, struct arena *arena, struct money_order_filter *filter,
			   struct money_order_list *out, struct error *error)
{
	enum err err = begin_read(desk, error);

	/* Filters by the merchant of the sending account, since the receiving account belongs to the same merchant. */
	filter->merchant = desk->caller ? desk->caller->merchant_row : 0;
	return err ? err : desk_finish_read(desk, store_order_list(desk->store, arena, filter, out, error));
}

enum err desk_money_entry(struct desk *desk, struct arena *arena, const char *id, struct ledger_entry *out,
			  struct error *error)
{
	enum err err = begin_read(desk, error);

	if (err)
		return err;
	err = store_ledger_entry_find(desk->store, arena, id, out, error);
	if (!err && desk->caller && desk->caller->merchant_row != out->merchant_row)
		err = error_set(error, ERR_NOT_FOUND, "Unknown transaction \"%s\"", id);
	return desk_finish_read(desk, err);
}

enum err desk_money_entries(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			    struct ledger_entry_list *out, struct error *error)
{
	enum err err = begin_read(desk, error);

	return err ? err : desk_finish_read(desk, store_ledger_list(desk->store, arena, filter, out, error));
}
