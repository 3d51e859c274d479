#include "kybdesk/codec/money_codec.h"
#include "kybdesk/sandbox/money.h"

struct json_value *json_new_amount(int64_t amount, const char *currency)
{
	char text[MONEY_TEXT_SIZE];

	return json_new_number(money_write(amount, currency, text));
}

void json_set_amount(struct json_value *out, const char *key, int64_t amount, const char *currency)
{
	json_set(out, key, json_new_amount(amount, currency));
}

struct json_value *money_order_write(const struct money_order *order)
{
	return JSON_FROM({ "id", AS_TEXT(order->id) }, { "type", AS_TEXT(order_type_text(order->type)) },
			 { "state", AS_TEXT(order_state_text(order->state)) }, { "account", AS_TEXT(order->account) },
			 { "user", AS_TEXT(order->uid) }, { "currency", AS_TEXT(order->currency) },
			 { "amount", json_new_amount(order->amount, order->currency) },
			 { "merchant", AS_TEXT(order->merchant) }, { "other_currency", AS_TEXT(order->other_currency) },
			 { "other_amount", json_new_amount(order->other_amount, order->other_currency) },
			 { "rate", json_new_number(order->rate) }, { "recipient|null", AS_TEXT(order->recipient) },
			 { "iban|null", AS_TEXT(order->iban) }, { "address|null", AS_TEXT(order->address) },
			 { "account_holder|null", AS_TEXT(order->holder) }, { "bank|null", AS_TEXT(order->bank) },
			 { "reference|null", AS_TEXT(order->reference) }, { "reason|null", AS_TEXT(order->reason) },
			 { "created_at", AS_TIME(order->created_at) },
			 { "processing_at", AS_TIME(order->processing_at) }, { "ended_at", AS_TIME(order->ended_at) });
}

struct json_value *ledger_entry_write(const struct ledger_entry *entry)
{
	return JSON_FROM({ "id", AS_TEXT(entry->id) }, { "order", AS_TEXT(entry->order_id) },
			 { "account", AS_TEXT(entry->account) }, { "type", AS_TEXT(order_type_text(entry->type)) },
			 { "currency", AS_TEXT(entry->currency) },
			 { "amount", json_new_amount(entry->amount, entry->currency) },
			 { "balance", json_new_amount(entry->balance, entry->currency) },
			 { "created_at", AS_TIME(entry->created_at) });
}
