/* Inside the desk: the money of a sandbox. */
#ifndef KYBDESK_SRC_DESK_MONEY_MONEY_H
#define KYBDESK_SRC_DESK_MONEY_MONEY_H

#include "kybdesk/desk/sandbox.h"
#include "kybdesk/store/money.h"
#include "use/use.h"

/* ERR_FORBIDDEN in a production store. */
enum err money_check_sandbox(const struct desk *desk, struct error *error) KYB_MUST_USE;
/* Within a transaction: finds an account that the caller may see, and sets account->suspended if its user is not
 * verified. uid NULL: any user. */
enum err money_account_find(struct desk *desk, struct arena *arena, const char *uid, const char *id,
			    struct money_account *out, struct error *error) KYB_MUST_USE;
enum err money_order_find(struct desk *desk, struct arena *arena, const char *id, struct money_order *out,
			  struct error *error) KYB_MUST_USE;

#endif
