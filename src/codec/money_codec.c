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
	return JSON_FROM(
		"id type state account user currency amount merchant other_currency other_amount rate "
		"recipient|null iban|null address|null account_holder|null bank|null reference|null reason|null "
		"created_at processing_at ended_at",
		AS_TEXT(order->id), AS_TEXT(order_type_text(order->type)), AS_TEXT(order_state_text(order->state)),
		AS_TEXT(order->account), AS_TEXT(order->uid), AS_TEXT(order->currency),
		json_new_amount(order->amount, order->currency), AS_TEXT(order->merchant),
		AS_TEXT(order->other_currency), json_new_amount(order->other_amount, order->other_currency),
		json_new_number(order->rate), AS_TEXT(order->recipient), AS_TEXT(order->iban), AS_TEXT(order->address),
		AS_TEXT(order->holder), AS_TEXT(order->bank), AS_TEXT(order->reference), AS_TEXT(order->reason),
		AS_TIME(order->created_at), AS_TIME(order->processing_at), AS_TIME(order->ended_at));
}

struct json_value *ledger_entry_write(const struct ledger_entry *entry)
{
	return JSON_FROM("id order account type currency amount balance created_at", AS_TEXT(entry->id),
			 AS_TEXT(entry->order_id), AS_TEXT(entry->account), AS_TEXT(order_type_text(entry->type)),
			 AS_TEXT(entry->currency), json_new_amount(entry->amount, entry->currency),
			 json_new_amount(entry->balance, entry->currency), AS_TIME(entry->created_at));
}
