#include "money/money.h"

enum err money_check_sandbox(const struct desk *desk, struct error *error)
{
	if (desk->store->sandbox)
		return ERR_OK;
	return error_set(error, ERR_FORBIDDEN,
			 "This is a production store; accounts have money in a sandbox store only, which simulates "
			 "a payment system for integrators");
}

static enum err account_judge(struct desk *desk, struct arena *arena, struct money_account *account,
			      struct error *error)
{
	struct subject_record record;
	struct subject_sessions sessions;
	struct user_verification standing = { .why = "" };
	enum err err = store_subject_load(desk->store, arena, account->subject_row, &record, error);

	if (!err)
		err = store_subject_sessions(desk->store, arena, account->subject_row, &sessions, error);
	if (!err)
		err = desk_standing(desk, arena, &record, &sessions, &standing, error);
	account->suspended = standing.why;
	if (!err && record.deleted_at != TIME_NONE)
		account->suspended = "The user was deleted";
	return err;
}

enum err money_account_find(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			    struct money_account *out, struct error *error)
{
	enum err err = store_money_account(desk->store, arena, id, out, error);

	if (!err)
		err = caller_check_merchant(desk, out->merchant, "account", id, error);
	if (!err && uid && strcmp(uid, out->uid) != 0)
		err = error_set(error, ERR_NOT_FOUND, "Unknown account \"%s\"", id);
	return err ? err : account_judge(desk, arena, out, error);
}

enum err money_order_find(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error)
{
	enum err err = store_order(desk->store, arena, id, out, error);

	return err ? err : caller_check_merchant(desk, out->merchant, "order", id, error);
}

static enum err begin(struct desk *desk, struct error *error)
{
	enum err err = money_check_sandbox(desk, error);

	return err ? err : desk_begin_read(desk, error);
}

enum err desk_money_account(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			    struct money_account *out, struct error *error)
{
	enum err err = begin(desk, error);

	return err ? err : desk_finish_read(desk, money_account_find(desk, arena, uid, id, out, error));
}

enum err desk_money_accounts(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			     struct money_account_list *out, struct error *error)
{
	enum err err = begin(desk, error);

	if (err)
		return err;
	err = store_money_accounts(desk->store, arena, filter, out, error);
	for (size_t i = 0; !err && i < out->count; i++)
		err = account_judge(desk, arena, &out->items[i], error);
	return desk_finish_read(desk, err);
}

void desk_money_iban(const struct money_account *account, char out[SANDBOX_IBAN_SIZE])
{
	sandbox_iban(account->row, out);
}

const char *desk_money_wallet(struct arena *arena, const struct money_account *account)
{
	const char *hash = sha256_text(arena, account->id, strlen(account->id));

	return arena_printf(arena, "0x%.40s", hash);
}

enum err desk_money_order(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error)
{
	enum err err = begin(desk, error);

	return err ? err : desk_finish_read(desk, money_order_find(desk, arena, id, out, error));
}

enum err desk_money_orders(struct desk *desk, struct arena *arena, struct money_order_filter *filter,
			   struct money_order_list *out, struct error *error)
{
	enum err err = begin(desk, error);

	/* Lists by the merchant of the sending account; the recipient's merchant is the same. */
	filter->merchant = desk->caller ? desk->caller->merchant_row : 0;
	return err ? err : desk_finish_read(desk, store_order_list(desk->store, arena, filter, out, error));
}

enum err desk_money_entry(struct desk *desk, struct arena *arena, const char *id, struct ledger_entry *out,
			  struct error *error)
{
	enum err err = begin(desk, error);

	if (err)
		return err;
	err = store_ledger_entry(desk->store, arena, id, out, error);
	if (!err && desk->caller && desk->caller->merchant_row != out->merchant_row)
		err = error_set(error, ERR_NOT_FOUND, "Unknown transaction \"%s\"", id);
	return desk_finish_read(desk, err);
}

enum err desk_money_entries(struct desk *desk, struct arena *arena, const struct money_order_filter *filter,
			    struct ledger_entry_list *out, struct error *error)
{
	enum err err = begin(desk, error);

	return err ? err : desk_finish_read(desk, store_ledger_list(desk->store, arena, filter, out, error));
}
