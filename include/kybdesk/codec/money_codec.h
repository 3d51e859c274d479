/* The money of a sandbox as JSON; an amount is a number with all its decimals. The commands and the archive of a
 * person's data (desk/retention.h) use the same member names; each dialect of the API has its own names. */
#ifndef KYBDESK_CODEC_MONEY_CODEC_H
#define KYBDESK_CODEC_MONEY_CODEC_H

#include "kybdesk/codec/json.h"
#include "kybdesk/sandbox/ledger.h"

struct json_value *json_new_amount(int64_t amount, const char *currency);
void json_set_amount(struct json_value *out, const char *key, int64_t amount, const char *currency);
struct json_value *money_order_write(const struct money_order *order);
struct json_value *ledger_entry_write(const struct ledger_entry *entry);

#endif
