/* Promises of the seeds that no front end of these tables enforces: the profile contains them, and only that can be
 * tested here. */
#include "rule_rows.h"

#define SANDBOX "ralio-sandbox"
#define NO_MONEY "money moves over HTTP and by the funds simulator: tests/api/money_test.c"
#define SENT_OVER_HTTP "accounts are opened, and told of, over HTTP alone: tests/api/account_test.c"
#define OVER_HTTP "accounts are opened over HTTP alone: tests/api/account_test.c"

const struct read_back_row read_back_rows[] = {
	{ SANDBOX, "L104 sends account.activated", "account.activated", SANDBOX, "account_activated",
	  "account.activated", SENT_OVER_HTTP },
	{ SANDBOX, "L229 sends payin.processing", "Payin detected, waiting for settlement", SANDBOX, "payin_processing",
	  "payin.processing", NO_MONEY },
	{ SANDBOX, "L230 sends payin.completed", "Funds credited to the account", SANDBOX, "payin_completed",
	  "payin.completed", NO_MONEY },
	{ SANDBOX, "L231 sends payin.failed", "Could not be processed", SANDBOX, "payin_failed", "payin.failed",
	  NO_MONEY },
	{ SANDBOX, "L254 sends transfer.processing", "Being processed", SANDBOX, "transfer_processing",
	  "transfer.processing", NO_MONEY },
	{ SANDBOX, "L255 sends transfer.completed", "Settled successfully", SANDBOX, "transfer_completed",
	  "transfer.completed", NO_MONEY },
	{ SANDBOX, "L276 sends payout.processing", "Submitted to network", SANDBOX, "payout_processing",
	  "payout.processing", NO_MONEY },
	{ SANDBOX, "L277 sends payout.completed", "Funds delivered", SANDBOX, "payout_completed", "payout.completed",
	  NO_MONEY },
	{ "ralio-kyb-session", "L115 accounts at REGULAR",
	  "With the KYB at REGULAR level, the Merchant can proceed with the creation of the operational account "
	  "for the Business User on the Ralio platform.",
	  "ralio-kyb", "", "", OVER_HTTP },
};
const size_t read_back_row_count = sizeof read_back_rows / sizeof *read_back_rows;
