/* Accounts with their money, orders and ledger entries of the sandbox, as plain data. Amounts are minor units. */
#ifndef KYBDESK_SANDBOX_LEDGER_H
#define KYBDESK_SANDBOX_LEDGER_H

#include "kybdesk/sandbox/order.h"

struct money_account {
	int64_t row, subject_row, merchant_row;
	const char *id, *currency, *label, *merchant, *uid;
	int64_t settled_amount;	 /* the sum of the account's ledger entries */
	int64_t reserved_amount; /* amount reserved for orders that are not final yet */
	int64_t created_at;
	const char
		*suspension_reason; /* why the account is suspended; "": active. Computed from the user, not stored */
};
struct money_account_list {
	struct money_account *items;
	size_t count;
	bool more;
};

struct money_order {
	int64_t row, account_row, recipient_row;	       /* recipient_row 0: not a transfer */
	const char *id, *account, *merchant, *uid, *recipient; /* account, recipient: the accounts' ids; "": none */
	enum order_type type;
	enum order_state state;
	const char *currency; /* currency of the account */
	int64_t amount;
	/* currency of the other side of the order, such as a coin or the recipient's currency */
	const char *other_currency;
	int64_t other_amount;
	/* exchange rate; payin: from other_currency; other orders: to other_currency; "1": same currency */
	const char *rate;
	const char *reference, *iban, *holder, *bank, *address, *reason; /* "": none */
	int64_t created_at, processing_at, ended_at;			 /* TIME_NONE: not yet */
};
struct money_order_list {
	struct money_order *items;
	size_t count;
	bool more;
};
struct money_order_filter {
	int64_t merchant, account; /* row ids; 0: any. The orders of an account include transfers to the account */
	const char *state, *type;  /* "": any */
	int64_t from, until;	   /* creation time; 0 and TIME_NONE: any */
	const char *after;	   /* id of the last order of the previous page; "": the first page */
	size_t limit;
};

struct ledger_entry {
	int64_t row, order_row, account_row; /* account_row 0: an entry in the book suspense or outside */
	int64_t merchant_row;
	const char *id, *order_id, *account, *uid;
	enum order_type type;
	enum book book;
	const char *currency;
	int64_t amount, balance, created_at;
};
struct ledger_entry_list {
	struct ledger_entry *items;
	size_t count;
	bool more;
};

#endif
