#include "kybdesk/codec/money_codec.h"
#include "kybdesk/sandbox/money.h"

void json_set_amount(struct json_value *out, const char *key, int64_t amount, const char *currency)
{
	char text[MONEY_TEXT_SIZE];

	json_set(out, key, json_new_number(money_write(amount, currency, text)));
}

struct json_value *money_order_begin(const struct money_order *order, const char *account, const char *user)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", order->id);
	json_set_text(out, "type", order_type_text(order->type));
	json_set_text(out, "state", order_state_text(order->state));
	json_set_text(out, account, order->account);
	json_set_text(out, user, order->uid);
	json_set_text(out, "currency", order->currency);
	json_set_amount(out, "amount", order->amount, order->currency);
	return out;
}

struct json_value *money_order_write(const struct money_order *order)
{
	struct json_value *out = money_order_begin(order, "account", "user");

	json_set_text(out, "merchant", order->merchant);
	json_set_text(out, "other_currency", order->other_currency);
	json_set_amount(out, "other_amount", order->other_amount, order->other_currency);
	json_set(out, "rate", json_new_number(order->rate));
	json_set_text_or_null(out, "recipient", order->recipient);
	json_set_text_or_null(out, "iban", order->iban);
	json_set_text_or_null(out, "address", order->address);
	json_set_text_or_null(out, "account_holder", order->holder);
	json_set_text_or_null(out, "bank", order->bank);
	json_set_text_or_null(out, "reference", order->reference);
	json_set_text_or_null(out, "reason", order->reason);
	json_set_time(out, "created_at", order->created_at);
	json_set_time(out, "processing_at", order->processing_at);
	json_set_time(out, "ended_at", order->ended_at);
	return out;
}

struct json_value *ledger_entry_write(const struct ledger_entry *entry, const struct ledger_entry_keys *keys)
{
	static const struct ledger_entry_keys usual = { "order", "account", "created_at" };
	struct json_value *out = json_new_object();

	keys = keys ? keys : &usual;
	json_set_text(out, "id", entry->id);
	json_set_text(out, keys->order, entry->order);
	json_set_text(out, keys->account, entry->account);
	json_set_text(out, "type", order_type_text(entry->type));
	json_set_text(out, "currency", entry->currency);
	json_set_amount(out, "amount", entry->amount, entry->currency);
	json_set_amount(out, "balance", entry->balance, entry->currency);
	json_set_time(out, keys->created_at, entry->created_at);
	return out;
}
