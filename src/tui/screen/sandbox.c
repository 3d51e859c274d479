/* Boards of the money in a sandbox (docs/sandbox.md): all accounts and orders; one account with its ledger; one
 * order with its steps. */
#include "workbench.h"

#include "kybdesk/desk/sandbox.h"
#include "kybdesk/sandbox/money.h"

#include <string.h>

#define ACCOUNTS_SHOWN 8 /* maximum number of accounts on the first board, so that the orders below stay visible */
#define ACCOUNT_ROWS 50	 /* maximum number of orders, and of ledger entries, on the board of an account */
#define PAGE_ROWS 200

static const char *const type_titles[ORDER_TYPE_COUNT] = {
	[ORDER_BANK_PAYIN] = "bank payin",   [ORDER_CRYPTO_PAYIN] = "crypto payin",
	[ORDER_CARD_PAYIN] = "card payin",   [ORDER_TRANSFER] = "transfer",
	[ORDER_BANK_PAYOUT] = "bank payout", [ORDER_CRYPTO_PAYOUT] = "crypto payout",
};

static const char *amount_text(struct arena *arena, int64_t amount, const char *currency)
{
	char text[MONEY_TEXT_SIZE];
	return arena_printf(arena, "%s %s", money_write(amount, currency, text), currency);
}

static const char *account_name(struct arena *arena, const struct money_account *account)
{
	return arena_printf(arena, "%s of %s", account->label[0] ? account->label : account->currency, account->uid);
}

static const char *money_order_name(struct arena *arena, const struct money_order *order)
{
	return arena_printf(arena, "%s of %s", type_titles[order->type],
			    amount_text(arena, order->amount, order->currency));
}

static enum theme_role order_state_role(enum order_state state)
{
	static const enum theme_role roles[] = { [ORDER_PENDING] = THEME_WARNING,
						 [ORDER_PROCESSING] = THEME_WARNING,
						 [ORDER_COMPLETED] = THEME_OK,
						 [ORDER_FAILED] = THEME_DANGER,
						 [ORDER_CANCELLED] = THEME_MUTED };
	WORDS_CHECK_TABLE(roles, ORDER_STATE_WORDS);
	return roles[state];
}

static int64_t state_changed_at(const struct money_order *order)
{
	if (order->ended_at != TIME_NONE)
		return order->ended_at;
	return order->processing_at != TIME_NONE ? order->processing_at : order->created_at;
}

static struct money_order_filter order_page_filter(const char *after, size_t limit)
{
	return (struct money_order_filter){
		.state = "", .type = "", .until = TIME_NONE, .after = after, .limit = limit
	};
}

/* Parses the ref of a board that shows the older items of a list. Returns the id of the last item on the board
 * with the newer items; *account: the account that the list belongs to, "": all accounts. */
static const char *parse_page_ref(struct job *job, const char **account)
{
	const char *ref = job->in.part;
	size_t length = strcspn(ref, " ");
	*account = ref[length] ? ref + length + 1 : "";
	return arena_strndup(&job->arena, ref, length);
}

static const char *make_page_ref(struct arena *arena, const char *after, const char *account)
{
	return arena_printf(arena, "%s%s%s", after, account[0] ? " " : "", account);
}

/* --- accounts and orders --- */

struct sandbox_data {
	struct money_account_list accounts;
	struct money_order_list orders;
};

static enum err sandbox_read(struct desk *desk, struct job *job)
{
	struct sandbox_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	struct money_order_filter accounts = order_page_filter("", ACCOUNTS_SHOWN),
				  orders = order_page_filter("", PAGE_ROWS);
	enum err err = desk_money_accounts(desk, &job->arena, &accounts, &found->accounts, &job->error);
	return err ? err : desk_money_orders(desk, &job->arena, &orders, &found->orders, &job->error);
}

enum column { C_WHAT, C_USER, C_MERCHANT, C_AMOUNT, C_STATE, C_SINCE };
static const struct grid_column columns[] = {
	[C_WHAT] = { "", 14, 40, TEXT_LEFT, true, 0, false },
	[C_USER] = { "User", 8, 24, TEXT_LEFT, false, 2, false },
	[C_MERCHANT] = { "Merchant", 8, 24, TEXT_LEFT, false, 3, false },
	[C_AMOUNT] = { "Amount", 6, 24, TEXT_RIGHT, false, 0, true },
	[C_STATE] = { "State", 9, 10, TEXT_LEFT, false, 0, true },
	[C_SINCE] = { "Since", 12, 12, TEXT_LEFT, false, 1, true },
};

static void add_account_row(struct grid *grid, const struct money_account *account)
{
	struct grid_row *row = grid_add_row(grid, ROW_ACCOUNT, account->id);
	row->detail = account->suspension_reason[0] ? grid_printf(grid, "Suspended. %s", account->suspension_reason)
						    : grid_printf(grid, "Account %s", account->id);
	grid_set_cell(row, C_WHAT, THEME_TEXT, account->label[0] ? account->label : account->currency);
	grid_set_cell(row, C_USER, THEME_TEXT, account->uid);
	grid_set_cell(row, C_MERCHANT, THEME_TEXT, account->merchant);
	grid_set_cell(row, C_AMOUNT, THEME_TEXT,
		      amount_text(grid->arena, account->settled_amount - account->reserved_amount, account->currency));
	grid_set_cell(row, C_STATE, account->suspension_reason[0] ? THEME_WARNING : THEME_OK,
		      account->suspension_reason[0] ? "SUSPENDED" : "ACTIVE");
	grid_set_cell(row, C_SINCE, THEME_MUTED, grid_time(grid, account->created_at));
}

static void add_order_row(struct grid *grid, const struct money_order *order)
{
	struct grid_row *row = grid_add_row(grid, ROW_ORDER, order->id);
	row->done = money_order_is_final(order->state);
	row->detail = grid_printf(grid, "Order %s%s%s", order->id, order->reason[0] ? ": " : "", order->reason);
	grid_set_cell(row, C_WHAT, THEME_TEXT, type_titles[order->type]);
	grid_set_cell(row, C_USER, THEME_TEXT, order->uid);
	grid_set_cell(row, C_MERCHANT, THEME_TEXT, order->merchant);
	grid_set_cell(row, C_AMOUNT, THEME_TEXT, amount_text(grid->arena, order->amount, order->currency));
	grid_set_cell(row, C_STATE, order_state_role(order->state), order_state_text(order->state));
	grid_set_cell(row, C_SINCE, THEME_MUTED, grid_time(grid, state_changed_at(order)));
}

static void begin_account_grid(struct grid *grid)
{
	GRID_LIST(grid, columns, "No account yet: a merchant opens accounts through the API");
}

/* Adds the row "older items". The key Enter on this row opens the board with the older items. */
static void add_older_list_row(struct grid *grid, enum row_kind kind, const char *ref)
{
	struct grid_row *row = grid_add_row(grid, kind, ref);
	row->detail = "Enter shows older items, Esc goes back";
	grid_set_cell(row, C_WHAT, THEME_MUTED, "older items");
}

static void add_account_rows(struct grid *grid, const struct money_account_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		add_account_row(grid, &list->items[i]);
	if (list->more)
		add_older_list_row(grid, ROW_ACCOUNTS, list->items[list->count - 1].id);
}

/* Adds the rows of a list of orders. account: the account that the list belongs to; "": all accounts. */
static void add_order_rows(struct grid *grid, const struct money_order_list *list, const char *account)
{
	for (size_t i = 0; i < list->count; i++)
		add_order_row(grid, &list->items[i]);
	if (list->more)
		add_older_list_row(grid, ROW_ORDERS,
				   make_page_ref(grid->arena, list->items[list->count - 1].id, account));
}

static bool sandbox_fill_page(struct page *page, struct job *job)
{
	const struct sandbox_data *found = job->board_data;
	struct grid *grid = &page->grid;
	page->title = "Sandbox";
	begin_account_grid(grid);
	if (!found->accounts.count)
		return true;
	facts_add_heading(grid, "Accounts");
	add_account_rows(grid, &found->accounts);
	if (found->orders.count)
		facts_add_heading(grid, "Orders, newest first");
	add_order_rows(grid, &found->orders, "");
	return true;
}

#define SANDBOX_BAR                                                                                                    \
	BAR(BAR_OPEN, BAR_ENTRY(FUND, "fund"), BAR_ENTRY(ORDER_COMPLETE, "complete"), BAR_ENTRY(ORDER_FAIL, "fail"),   \
	    BAR_ENTRY(ORDER_CANCEL, "cancel"), BAR_BACK)

const struct board_spec sandbox_board = { BOARD("Sandbox", sandbox_read, sandbox_fill_page, SANDBOX, PLAIN),
					  .bar = SANDBOX_BAR };

/* --- the boards of older accounts and older orders --- */

static enum err accounts_read(struct desk *desk, struct job *job)
{
	struct money_account_list *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	struct money_order_filter filter = order_page_filter(job->in.part, PAGE_ROWS);
	return desk_money_accounts(desk, &job->arena, &filter, found, &job->error);
}

static bool accounts_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	page->title = "Older accounts";
	begin_account_grid(grid);
	add_account_rows(grid, job->board_data);
	return true;
}

const struct board_spec accounts_board = {
	BOARD("Older accounts", accounts_read, accounts_fill_page, SANDBOX, ACCOUNTS), .bar = SANDBOX_BAR
};

struct orders_data {
	struct money_account account; /* account of the orders; account.row 0: orders of all accounts */
	struct money_order_list orders;
};

static enum err orders_read(struct desk *desk, struct job *job)
{
	struct orders_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	const char *account, *after = parse_page_ref(job, &account);
	struct money_order_filter filter = order_page_filter(after, PAGE_ROWS);
	*found = (struct orders_data){ .account = { .id = "" } };
	enum err err = account[0] ? desk_money_account(desk, &job->arena, NULL, account, &found->account, &job->error)
				  : ERR_OK;
	filter.account = found->account.row;
	return err ? err : desk_money_orders(desk, &job->arena, &filter, &found->orders, &job->error);
}

static bool orders_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct orders_data *found = job->board_data;
	const struct money_account *account = &found->account;
	page->title = account->row ? grid_printf(grid, "Older orders of %s", account_name(grid->arena, account))
				   : "Older orders";
	begin_account_grid(grid);
	add_order_rows(grid, &found->orders, account->id);
	return true;
}

const struct board_spec orders_board = { BOARD("Older orders", orders_read, orders_fill_page, SANDBOX, ORDERS),
					 .bar = SANDBOX_BAR };

/* --- one account --- */

struct account_data {
	struct money_account account;
	struct money_order_list orders;
	struct ledger_entry_list entries;
};

/* Reads the account, and its ledger entries that are older than the entry `after`; "": the newest entries. */
static enum err read_account(struct desk *desk, struct job *job, const char *id, const char *after)
{
	struct account_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	*found = (struct account_data){ .orders = { .count = 0 } };
	enum err err = desk_money_account(desk, &job->arena, NULL, id, &found->account, &job->error);
	struct money_order_filter filter = order_page_filter(after, after[0] ? PAGE_ROWS : ACCOUNT_ROWS);
	filter.account = found->account.row;
	return err ? err : desk_money_entries(desk, &job->arena, &filter, &found->entries, &job->error);
}

static enum err account_read(struct desk *desk, struct job *job)
{
	enum err err = read_account(desk, job, job->in.part, "");
	struct account_data *found = job->board_data;
	struct money_order_filter filter = order_page_filter("", ACCOUNT_ROWS);
	filter.account = found->account.row;
	return err ? err : desk_money_orders(desk, &job->arena, &filter, &found->orders, &job->error);
}

static const struct money_account *account_of_response(const struct job *response)
{
	return &((const struct account_data *)response->board_data)->account;
}

static void add_older_items_link(struct grid *grid, enum row_kind kind, const char *ref)
{
	facts_add_link(grid, kind, ref, "", "older items");
}

static void add_ledger_lines(struct grid *grid, const struct account_data *found)
{
	const struct ledger_entry_list *entries = &found->entries;
	for (size_t i = 0; i < entries->count; i++) {
		const struct ledger_entry *entry = &entries->items[i];
		facts_add_link(grid, ROW_ORDER, entry->order_id, grid_time(grid, entry->created_at),
			       grid_printf(grid, "%s %s %s, balance %s", type_titles[entry->type],
					   grid_glyph(grid, GLYPH_DOT),
					   amount_text(grid->arena, entry->amount, entry->currency),
					   amount_text(grid->arena, entry->balance, entry->currency)));
	}
	if (entries->more)
		add_older_items_link(
			grid, ROW_ENTRIES,
			make_page_ref(grid->arena, entries->items[entries->count - 1].id, found->account.id));
}

static bool account_fill_page(struct page *page, struct job *job)
{
	const struct account_data *found = job->board_data;
	const struct money_account *account = &found->account;
	struct grid *grid = &page->grid;
	const char *dot = grid_glyph(grid, GLYPH_DOT);
	char iban[SANDBOX_IBAN_SIZE];
	desk_money_iban(account, iban);
	page_set_title(page, "Account", "%s", account_name(grid->arena, account));
	facts_add_heading(grid, "Account");
	facts_line(grid, "balance",
		   amount_text(grid->arena, account->settled_amount - account->reserved_amount, account->currency));
	if (account->reserved_amount)
		facts_line(grid, "reserved", amount_text(grid->arena, account->reserved_amount, account->currency));
	facts_line(grid, "state", account->suspension_reason[0] ? "SUSPENDED" : "ACTIVE");
	facts_line(grid, "because", account->suspension_reason);
	facts_line(grid, "user", account->uid);
	facts_line(grid, "merchant", account->merchant);
	facts_line(grid, "IBAN", arena_strdup(grid->arena, iban));
	facts_line(grid, "wallet", desk_money_wallet(grid->arena, account));
	facts_line(grid, "opened", grid_time(grid, account->created_at));
	facts_line(grid, "id", account->id);
	if (found->orders.count)
		facts_add_heading(grid, "Orders, newest first");
	for (size_t i = 0; i < found->orders.count; i++) {
		const struct money_order *order = &found->orders.items[i];
		facts_add_link(grid, ROW_ORDER, order->id, grid_time(grid, state_changed_at(order)),
			       grid_printf(grid, "%s %s %s", money_order_name(grid->arena, order), dot,
					   order_state_text(order->state)));
	}
	if (found->orders.more)
		add_older_items_link(
			grid, ROW_ORDERS,
			make_page_ref(grid->arena, found->orders.items[found->orders.count - 1].id, account->id));
	if (found->entries.count)
		facts_add_heading(grid, "Ledger, the newest first");
	add_ledger_lines(grid, found);
	return true;
}

const struct board_spec account_board = { BOARD("Account", account_read, account_fill_page, SANDBOX, ACCOUNT),
					  .bar = BAR(BAR_ENTRY(FUND, "fund"), BAR_OPEN, BAR_BACK) };

static enum err ledger_read(struct desk *desk, struct job *job)
{
	const char *account, *after = parse_page_ref(job, &account);
	return read_account(desk, job, account, after);
}

static bool ledger_fill_page(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct account_data *found = job->board_data;
	page->title = grid_printf(grid, "Older ledger of %s", account_name(grid->arena, &found->account));
	add_ledger_lines(grid, found);
	return true;
}

const struct board_spec ledger_board = { BOARD("Older ledger", ledger_read, ledger_fill_page, SANDBOX, ENTRIES),
					 .bar = SANDBOX_BAR };

/* --- one order --- */

struct order_data {
	struct money_order order;
	struct webhook_view webhooks;
};

static enum err order_read(struct desk *desk, struct job *job)
{
	struct order_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	enum err err = desk_money_order(desk, &job->arena, job->in.part, &found->order, &job->error);
	return err ? err : desk_order_webhooks(desk, &job->arena, job->in.part, &found->webhooks, &job->error);
}

static void add_order_steps(struct grid *grid, const struct money_order *order)
{
	facts_add_heading(grid, "Steps");
	facts_add_time(grid, order_state_text(ORDER_PENDING), order->created_at);
	facts_add_time(grid, order_state_text(ORDER_PROCESSING), order->processing_at);
	facts_add_time(grid, order_state_text(order->state), order->ended_at);
	if (!money_order_is_final(order->state))
		facts_line(grid, "next", grid_printf(grid, "possible: %s", money_order_actions_text(order->state)));
}

static bool order_fill_page(struct page *page, struct job *job)
{
	const struct order_data *found = job->board_data;
	const struct money_order *order = &found->order;
	struct grid *grid = &page->grid;
	page_set_title(page, money_order_name(grid->arena, order), "%s", order_state_text(order->state));
	facts_add_heading(grid, "Order");
	facts_line(grid, "state", order_state_text(order->state));
	facts_line(grid, "because", order->reason);
	facts_line(grid, "amount", amount_text(grid->arena, order->amount, order->currency));
	if (strcmp(order->currency, order->other_currency) != 0)
		facts_line(grid, "exchanged",
			   grid_printf(grid, "%s, at %s",
				       amount_text(grid->arena, order->other_amount, order->other_currency),
				       order->rate));
	facts_add_link(grid, ROW_ACCOUNT, order->account, "account", order->account);
	facts_add_link(grid, ROW_ACCOUNT, order->recipient, "to the account", order->recipient);
	facts_line(grid, "user", order->uid);
	facts_line(grid, "merchant", order->merchant);
	facts_line(grid, "holder", order->holder);
	facts_line(grid, "IBAN", order->iban);
	facts_line(grid, "bank", order->bank);
	facts_line(grid, "address", order->address);
	facts_line(grid, "reference", order->reference);
	facts_line(grid, "id", order->id);
	add_order_steps(grid, order);
	facts_add_heading(grid, "Webhooks");
	for (size_t i = 0; i < found->webhooks.count; i++) {
		const struct delivery_item *item = &found->webhooks.deliveries[i];
		facts_add_link(grid, ROW_DELIVERY, item->id, item->type,
			       grid_printf(grid, "%s %s %s", delivery_state_text(item->state),
					   grid_glyph(grid, GLYPH_DOT),
					   item->endpoint_url[0] ? item->endpoint_url : item->note));
	}
	if (!found->webhooks.count)
		facts_line(grid, "none", "the user has no session with a workflow that sends webhooks");
	return true;
}

const struct board_spec order_board = { BOARD("Order", order_read, order_fill_page, SANDBOX, ORDER),
					.bar = BAR(BAR_ENTRY(ORDER_COMPLETE, "complete"), BAR_ENTRY(ORDER_FAIL, "fail"),
						   BAR_ENTRY(ORDER_CANCEL, "cancel"), BAR_OPEN, BAR_BACK) };

/* --- dialogs --- */

enum fund_field { FUND_AMOUNT, FUND_TYPE, FUND_CURRENCY, FUND_OUTCOME, FUND_REASON };

/* Two arrays must have the same order: type_items and types; also outcome_items and outcomes. */
static const struct dialog_item type_items[] = { { "bank", "bank" },
						 { "crypto", "crypto: exchanged to the account's currency" },
						 { "card", "card" },
						 { NULL, NULL } };
static const enum order_type types[] = { ORDER_BANK_PAYIN, ORDER_CRYPTO_PAYIN, ORDER_CARD_PAYIN };
static const struct dialog_item outcome_items[] = { { "completed", "completed at once" },
						    { "failed", "failed" },
						    { "processing", "stays in processing" },
						    { NULL, NULL } };
static const struct payin_outcome {
	enum order_action action;
	const char *message_start, *money, *event_text;
} outcomes[] = {
	{ ORDER_COMPLETE, "Funded", "The money arrives at once;", " and payin.completed" },
	{ ORDER_FAIL, "Simulated a failed payin to", "No money arrives;", " and payin.failed" },
	{ ORDER_PROCESS, "Simulated a payin in processing to", "Nothing arrives until the order is completed;", "" },
};

static enum order_type type_of(const struct dialog *dialog)
{
	return types[dialog->form.fields[FUND_TYPE].cursor];
}

static const struct payin_outcome *outcome_of(const struct dialog *dialog)
{
	return &outcomes[dialog->form.fields[FUND_OUTCOME].cursor];
}

static bool fund_prepare_job(struct dialog *dialog, struct job *job)
{
	struct money_input *input = arena_alloc(&job->arena, sizeof *input);
	*input = (struct money_input){ .type = type_of(dialog),
				       .account = job->in.part,
				       .amount = arena_strdup(&job->arena, dialog_get_text(dialog, FUND_AMOUNT)),
				       .currency = arena_strdup(&job->arena, dialog_get_text(dialog, FUND_CURRENCY)),
				       .requested_action = outcome_of(dialog)->action };
	if (input->requested_action == ORDER_FAIL) {
		input->reason = arena_strdup(&job->arena, dialog_get_text(dialog, FUND_REASON));
		if (!input->reason[0])
			return dialog_refuse(dialog, "Enter the reason: the webhook contains it.");
	}
	job->in.money = input;
	return true;
}

static const char *fund_message_text(const struct job *job, struct arena *arena)
{
	const struct payin_outcome *payin_outcome = outcomes;
	(void)arena;
	while (payin_outcome->action != job->in.money->requested_action)
		payin_outcome++;
	return payin_outcome->message_start;
}

static const char *amount_suffix(const struct job *job, struct arena *arena)
{
	const struct money_input *input = job->in.money;
	return arena_printf(arena, ": %s%s%s", input->amount, input->currency[0] ? " " : "", input->currency);
}

static const struct dialog_form fund_form = {
	.confirm_label = "simulate it",
	.fields = { { TEXT_FIELD("amount", 0), .missing_message = "Enter an amount first: 250 or 250.10." },
		    { ITEMS_FIELD("type", 0, type_items), .is_foldable = true, .chooses_first_item = true },
		    { TEXT_FIELD("currency", 0) },
		    { ITEMS_FIELD("outcome", 0, outcome_items), .is_foldable = true, .chooses_first_item = true },
		    { TEXT_FIELD("reason", 0) } },
	.ui_action = UI_ACTION(.verb = VERB_PAYIN, .make_message_start = fund_message_text,
			       .make_message_end = amount_suffix),
	.focus_fields = true,
	.prepare_job = fund_prepare_job,
};

static const struct dialog_form *fund_fill_form(struct dialog *dialog)
{
	const struct money_account *account = account_of_response(dialog->response);
	dialog_set_name(dialog, account_name(&dialog->arena, account));
	dialog_add_line(dialog, "merchant", THEME_TEXT, account->merchant);
	dialog_add_line(
		dialog, "balance", THEME_TITLE,
		amount_text(&dialog->arena, account->settled_amount - account->reserved_amount, account->currency));
	if (account->suspension_reason[0])
		return dialog_show_notice(dialog, arena_printf(&dialog->arena, "The account is SUSPENDED. %s",
							       account->suspension_reason));
	return &fund_form;
}

static void fund_handle_edit(struct dialog *dialog)
{
	const struct money_account *account = account_of_response(dialog->response);
	const struct payin_outcome *payin_outcome = outcome_of(dialog);
	const char *currency = dialog_get_text(dialog, FUND_CURRENCY);
	bool crypto = type_of(dialog) == ORDER_CRYPTO_PAYIN;
	dialog->form.fields[FUND_REASON].hidden = payin_outcome->action != ORDER_FAIL;
	if (!currency[0])
		DIALOG_LINE_BELOW(dialog, "currency", THEME_MUTED, "default: %s", crypto ? "USDC" : account->currency);
	DIALOG_LINE_BELOW(dialog, "then", THEME_TEXT, "%s %s gets payin.processing%s.", payin_outcome->money,
			  account->merchant, payin_outcome->event_text);
}

const struct dialog_spec fund_dialog = { BOARD_DIALOG(&account_board, "Fund", fund_fill_form),
					 .handle_edit = fund_handle_edit };

/* --- the dialogs that complete, fail or cancel an order --- */

#define NO_POSTING_TEXT "nothing is posted, and the reserved amount is released. The merchant sees the reason."

static const struct order_end {
	const struct dialog_spec *spec;
	enum order_action action;
	const char *effect_text;
	struct dialog_form form;
} ends[] = {
	{ &order_complete_dialog,
	  ORDER_COMPLETE,
	  "the amount is posted to the ledger.",
	  { .confirm_label = "complete it",
	    .ui_action = UI_ACTION(.verb = VERB_ORDER_COMPLETE, .message_start = "Completed the") } },
	{ &order_fail_dialog,
	  ORDER_FAIL,
	  NO_POSTING_TEXT,
	  { .confirm_label = "fail it",
	    .fields = { { REASON_FIELD } },
	    .ui_action = UI_ACTION(.verb = VERB_ORDER_FAIL, .message_start = "Failed the") } },
	{ &order_cancel_dialog,
	  ORDER_CANCEL,
	  NO_POSTING_TEXT,
	  { .confirm_label = "cancel it",
	    .fields = { { REASON_FIELD } },
	    .ui_action = UI_ACTION(.verb = VERB_ORDER_CANCEL, .message_start = "Cancelled the") } },
};

static const struct dialog_form *order_end_fill_form(struct dialog *dialog)
{
	const struct money_order *order = &((const struct order_data *)dialog->response->board_data)->order;
	const struct order_end *end = ends;
	enum order_state to;
	while (end->spec != dialog->spec)
		end++;
	dialog_set_name(dialog, money_order_name(&dialog->arena, order));
	DIALOG_LINE(dialog, "user", THEME_TEXT, "%s of %s", order->uid, order->merchant);
	dialog_add_line(dialog, "state", THEME_TITLE, order_state_text(order->state));
	if (!money_order_next_state(order->state, end->action, &to))
		return dialog_show_notice(dialog, money_order_is_final(order->state)
							  ? "The state of the order is final."
							  : "The state of the order does not allow this.");
	DIALOG_LINE(dialog, "then", THEME_TEXT, "%s: %s", order_state_text(to), end->effect_text);
	return &end->form;
}

#define ORDER_END(wait_title_)                                                                                         \
	{                                                                                                              \
		BOARD_DIALOG(&order_board, wait_title_, order_end_fill_form), .item_kind = ROW_ORDER, .noun = "order"  \
	}
const struct dialog_spec order_complete_dialog = ORDER_END("Complete the");
const struct dialog_spec order_fail_dialog = ORDER_END("Fail the");
const struct dialog_spec order_cancel_dialog = ORDER_END("Cancel the");

/* --- keys --- */

void sandbox_fund(struct workbench *workbench)
{
	const char *account = board_item_id(workbench->boards.top, ROW_ACCOUNT);
	if (account[0])
		board_open_dialog(workbench, &fund_dialog, account, "");
	else
		REPORT(workbench, "No account selected: %s funds the account under the cursor",
		       key_name_for(workbench, COMMAND_FUND));
}
