/* sandbox: the money of a sandbox store: funds simulator, orders, ledger (docs/sandbox.md). */
#include "../cli_internal.h"
#include "kybdesk/codec/money_codec.h"
#include "kybdesk/desk/sandbox.h"
#include "kybdesk/sandbox/money.h"

static const char *amount_text(struct cli *cli, int64_t amount, const char *currency)
{
	char text[MONEY_TEXT_SIZE];
	return arena_printf(&cli->arena, "%s %s", money_write(amount, currency, text), currency);
}

static const char *account_state(const struct money_account *account)
{
	return *account->suspension_reason ? "SUSPENDED" : "ACTIVE";
}

static struct json_value *add_account_row(struct entry row, const struct money_account *account)
{
	char iban[SANDBOX_IBAN_SIZE];
	desk_money_iban(account, iban);
	entry_add_text(row, "id", account->id);
	json_set_text(row.object, "merchant", account->merchant);
	entry_add_text(row, "user", account->uid);
	entry_add_text(row, "label", account->label);
	json_set_text(row.object, "currency", account->currency);
	json_set_amount(row.object, "balance", account->settled_amount - account->reserved_amount, account->currency);
	table_add_cell(row.table,
		       amount_text(row.cli, account->settled_amount - account->reserved_amount, account->currency));
	json_set_amount(row.object, "reserved", account->reserved_amount, account->currency);
	json_set_text(row.object, "state", account_state(account));
	table_add_styled(row.table, *account->suspension_reason ? CELL_WARNING : CELL_OK, account_state(account));
	JSON_SET(row.object, JSON_OR_NULL("suspended", account->suspension_reason), JSON_TEXT("iban", iban),
		 JSON_TEXT("wallet_address", desk_money_wallet(&row.cli->arena, account)),
		 JSON_TIME("created_at", account->created_at));
	return row.object;
}

#define TITLE_CELLS 12

static void print_time(struct cli *cli, const char *title, int64_t at)
{
	if (at != TIME_NONE)
		out_fact(&cli->out, TITLE_CELLS, title, time_text(&cli->arena, at));
}

/* Reads --limit and --after. */
static enum err read_filter(struct cli *cli, struct money_order_filter *filter, struct error *error)
{
	*filter = (struct money_order_filter){
		.state = "", .type = "", .until = TIME_NONE, .after = cli_option_text(cli, "after")
	};
	return cli_read_limit(cli, &filter->limit, error);
}

static enum err run_account_list(struct cli *cli, struct error *error)
{
	struct money_order_filter filter;
	struct money_account_list list;
	struct cli_rows rows;
	enum err err = read_filter(cli, &filter, error);
	if (!err)
		err = desk_money_accounts(cli->desk, &cli->arena, &filter, &list, error);
	if (err)
		return err;
	cli_rows_begin_unlimited(cli, "Account:36|User:8|Label:8|>Balance|State", &rows);
	for (size_t i = 0; i < list.count; i++)
		(void)add_account_row(cli_add_entry(cli, &rows), &list.items[i]);
	return cli_print_rows(cli, &rows, "id,merchant,user,label,currency,balance,reserved,state,iban,created_at",
			      list.more ? list.items[list.count - 1].id : "");
}

static enum err print_account(struct cli *cli, const char *id, struct error *error)
{
	struct money_account account;
	char iban[SANDBOX_IBAN_SIZE];
	enum err err = desk_money_account(cli->desk, &cli->arena, NULL, id, &account, error);
	if (err)
		return err;
	if (cli_is_json(cli))
		return cli_print_json(cli, add_account_row(cli_new_json_entry(cli), &account));
	desk_money_iban(&account, iban);
	OUT_FACTS(
		&cli->out, TITLE_CELLS, FACT("account", account.id), FACT("user", account.uid),
		FACT("merchant", account.merchant), FACT("label", account.label),
		FACT("balance", amount_text(cli, account.settled_amount - account.reserved_amount, account.currency)));
	if (account.reserved_amount)
		out_fact(&cli->out, TITLE_CELLS, "reserved",
			 amount_text(cli, account.reserved_amount, account.currency));
	OUT_FACTS(&cli->out, TITLE_CELLS, FACT("state", account_state(&account)),
		  FACT("suspended", account.suspension_reason), FACT("iban", iban),
		  FACT("wallet", desk_money_wallet(&cli->arena, &account)));
	print_time(cli, "opened", account.created_at);
	return ERR_OK;
}

static enum err run_account_show(struct cli *cli, struct error *error)
{
	return print_account(cli, parsed_argument(&cli->command_line, 1), error);
}

/* Whether delivery i belongs to another event than delivery i - 1. */
static bool is_first_event_delivery(const struct webhook_view *view, size_t i)
{
	return !i || strcmp(view->deliveries[i].id, view->deliveries[i - 1].id) != 0;
}

static struct json_value *webhooks_json(struct cli *cli, const struct webhook_view *view)
{
	struct json_value *out = json_new_array(), *event = NULL, *deliveries = NULL;
	for (size_t i = 0; i < view->count; i++) {
		if (is_first_event_delivery(view, i)) {
			event = json_new_object();
			deliveries = json_new_array();
			JSON_SET(event, JSON_TEXT("id", view->deliveries[i].id),
				 JSON_TEXT("type", view->deliveries[i].type),
				 JSON_TIME("created_at", view->deliveries[i].created_at),
				 JSON_VALUE("deliveries", deliveries));
			json_append(out, event);
		}
		json_append(deliveries, cli_delivery_json(cli, view, i));
	}
	return out;
}

static void print_webhooks(struct cli *cli, const struct webhook_view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		if (is_first_event_delivery(view, i))
			out_styled_line(&cli->out, CELL_TITLE, "%s  %s  %s", view->deliveries[i].type,
					time_text(&cli->arena, view->deliveries[i].created_at), view->deliveries[i].id);
		cli_print_delivery(cli, view, i);
	}
}

static enum err print_order(struct cli *cli, const char *id, struct error *error)
{
	struct money_order order;
	struct webhook_view webhooks;
	enum err err = desk_money_order(cli->desk, &cli->arena, id, &order, error);
	if (!err)
		err = desk_order_webhooks(cli->desk, &cli->arena, id, &webhooks, error);
	if (err)
		return err;
	if (cli_is_json(cli)) {
		struct json_value *out = money_order_write(&order);
		json_set(out, "webhooks", webhooks_json(cli, &webhooks));
		return cli_print_json(cli, out);
	}
	OUT_FACTS(&cli->out, TITLE_CELLS, FACT("order", order.id), FACT("type", order_type_text(order.type)),
		  FACT("state", order_state_text(order.state)), FACT("account", order.account), FACT("user", order.uid),
		  FACT("amount", amount_text(cli, order.amount, order.currency)));
	if (strcmp(order.currency, order.other_currency) != 0)
		out_fact(&cli->out, TITLE_CELLS, "exchange",
			 arena_printf(&cli->arena, "%s, at %s",
				      amount_text(cli, order.other_amount, order.other_currency), order.rate));
	OUT_FACTS(&cli->out, TITLE_CELLS, FACT("recipient", order.recipient), FACT("iban", order.iban),
		  FACT("address", order.address), FACT("holder", order.holder), FACT("bank", order.bank),
		  FACT("reference", order.reference), FACT("reason", order.reason));
	print_time(cli, "pending", order.created_at);
	print_time(cli, "processing", order.processing_at);
	print_time(cli, "ended", order.ended_at);
	print_webhooks(cli, &webhooks);
	return ERR_OK;
}

static CLI_WORDS(payin_words, "bank", "crypto", "card");

/* The order types of payins are in the same order as payin_words(). */
static enum err read_payin_type(struct cli *cli, enum order_type *out, struct error *error)
{
	const char *word = parsed_option_text(&cli->command_line, "type");
	size_t place = 0;
	enum err err = word ? cli_find_word(&(struct cli_allowed_words){ "type", "type of payin", payin_words }, word,
					    &place, error)
			    : ERR_OK;
	*out = (enum order_type)(ORDER_BANK_PAYIN + (int)place);
	return err;
}

static enum err run_fund(struct cli *cli, struct error *error)
{
	struct money_input input = { .account = parsed_argument(&cli->command_line, 0),
				     .amount = parsed_argument(&cli->command_line, 1),
				     .currency = parsed_option_text(&cli->command_line, "currency"),
				     .reason = parsed_option_text(&cli->command_line, "fail"),
				     .requested_action = ORDER_COMPLETE };
	struct use_out out;
	enum err err = read_payin_type(cli, &input.type, error);
	if (err)
		return err;
	if (input.reason && parsed_has_option(&cli->command_line, "hold"))
		return error_set(error, ERR_USAGE, "Use --fail or --hold, not both");
	if (input.reason && !*input.reason)
		return error_set(error, ERR_USAGE, "--fail needs a REASON, which is shown to the merchant");
	if (parsed_has_option(&cli->command_line, "hold"))
		input.requested_action = ORDER_PROCESS;
	if (input.reason)
		input.requested_action = ORDER_FAIL;
	err = cli_run_use_case(cli, &cli->arena, &(const struct use_in){ .verb = VERB_PAYIN, .money = &input }, &out,
			       error);
	return err ? err : print_order(cli, out.part_id, error);
}

static enum err change_order_state(struct cli *cli, enum verb verb, struct error *error)
{
	const struct use_in in = { .verb = verb,
				   .part = parsed_argument(&cli->command_line, 1),
				   .reason = verb == VERB_ORDER_COMPLETE ? "" : cli_option_text(cli, "reason") };
	struct use_out out;
	enum err err = cli_run_use_case(cli, &cli->arena, &in, &out, error);
	return err ? err : print_order(cli, out.part_id, error);
}

static enum err run_order_show(struct cli *cli, struct error *error)
{
	return print_order(cli, parsed_argument(&cli->command_line, 1), error);
}

static enum err run_order_list(struct cli *cli, struct error *error)
{
	const char *state = cli_option_text(cli, "state"), *account_id = cli_option_text(cli, "account");
	struct money_order_filter filter;
	struct money_account account;
	struct money_order_list list;
	struct cli_rows rows;
	enum order_state known;
	enum err err = read_filter(cli, &filter, error);
	if (!err && *state)
		err = CLI_WORD(order_state, state, &known, "state", "state", error);
	filter.state = state;
	if (!err && *account_id)
		err = desk_money_account(cli->desk, &cli->arena, NULL, account_id, &account, error);
	if (!err && *account_id)
		filter.account = account.row;
	if (!err)
		err = desk_money_orders(cli->desk, &cli->arena, &filter, &list, error);
	if (err)
		return err;
	cli_rows_begin_unlimited(cli, "Order:36|Type|State|>Amount|Since", &rows);
	for (size_t i = 0; i < list.count; i++) {
		const struct money_order *one = &list.items[i];
		json_append(rows.data, money_order_write(one));
		TABLE_ADD(rows.table, one->id, order_type_text(one->type), order_state_text(one->state),
			  amount_text(cli, one->amount, one->currency), time_text(&cli->arena, one->created_at));
	}
	return cli_print_rows(cli, &rows,
			      "id,type,state,account,merchant,user,currency,amount,recipient,reference,reason,"
			      "created_at,ended_at",
			      list.more ? list.items[list.count - 1].id : "");
}

static enum err run_ledger(struct cli *cli, struct error *error)
{
	struct money_order_filter filter;
	struct money_account account;
	struct ledger_entry_list list;
	struct cli_rows rows;
	enum err err = read_filter(cli, &filter, error);
	if (!err)
		err = desk_money_account(cli->desk, &cli->arena, NULL, parsed_argument(&cli->command_line, 0), &account,
					 error);
	if (!err) {
		filter.account = account.row;
		err = desk_money_entries(cli->desk, &cli->arena, &filter, &list, error);
	}
	if (err)
		return err;
	cli_rows_begin_unlimited(cli, "Time|Type|>Amount|>Balance|Order:36", &rows);
	for (size_t i = 0; i < list.count; i++) {
		const struct ledger_entry *one = &list.items[i];
		json_append(rows.data, ledger_entry_write(one));
		TABLE_ADD(rows.table, time_text(&cli->arena, one->created_at), order_type_text(one->type),
			  amount_text(cli, one->amount, one->currency), amount_text(cli, one->balance, one->currency),
			  one->order_id);
	}
	return cli_print_rows(cli, &rows, "id,order,type,currency,amount,balance,created_at",
			      list.more ? list.items[list.count - 1].id : "");
}

/* The actions of "sandbox account" and "sandbox order", in the order of the words of their first argument. */
struct money_action {
	bool needs_id;
	enum err (*run)(struct cli *cli, struct error *error); /* NULL: runs `verb` on the order */
	enum verb verb;
};
static const struct money_action account_actions[] = { { false, run_account_list, VERB_COUNT },
						       { true, run_account_show, VERB_COUNT } };
static const struct money_action order_actions_of[] = { { false, run_order_list, VERB_COUNT },
							{ true, run_order_show, VERB_COUNT },
							{ true, NULL, VERB_ORDER_COMPLETE },
							{ true, NULL, VERB_ORDER_FAIL },
							{ true, NULL, VERB_ORDER_CANCEL } };

static CLI_WORDS(account_words, "list", "show");

static CLI_WORDS(order_words, "list", "show", "complete", "fail", "cancel");

static enum err run_money_action(struct cli *cli, const struct money_action *actions,
				 const char *const *(*words)(size_t *count), struct error *error)
{
	const char *word = parsed_argument(&cli->command_line, 0);
	bool has_id = *parsed_argument(&cli->command_line, 1) != '\0';
	size_t place;
	enum err err = cli_find_word(&(struct cli_allowed_words){ "action", "action", words }, word, &place, error);
	if (err)
		return err;
	if (actions[place].needs_id != has_id)
		return error_set(error, ERR_USAGE, has_id ? "%s %s takes no id" : "%s %s needs an id",
				 cli->command_line.command->name, word);
	if (has_id && cli->out.format == OUT_CSV)
		return error_set(error, ERR_USAGE, "%s %s has no --csv form", cli->command_line.command->name, word);
	return actions[place].run ? actions[place].run(cli, error)
				  : change_order_state(cli, actions[place].verb, error);
}

static enum err run_account(struct cli *cli, struct error *error)
{
	return run_money_action(cli, account_actions, account_words, error);
}

static enum err run_order(struct cli *cli, struct error *error)
{
	return run_money_action(cli, order_actions_of, order_words, error);
}

#define ACCOUNT_ARGUMENT .name = "ACCOUNT", .help = "id of the account"
static const struct command rows[] = {
	{ .name = "sandbox account",
	  .summary = "Lists the accounts of a sandbox with their balances, or shows one account",
	  .details = "list prints the newest accounts first; show ACCOUNT prints the account's balance, state, "
		     "IBAN and wallet address.",
	  .example = "sandbox account list",
	  .flags = COMMAND_LIST,
	  .run = run_account,
	  .arguments = { { .name = "ACTION", .words = account_words, .help = "list or show" },
			 { .name = "ACCOUNT", .flags = ARGUMENT_OPTIONAL, .help = "for show: id of the account" } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "sandbox fund",
	  .summary = "Simulates a payin to an account of a sandbox",
	  .details = "The payin is completed at once, and its webhooks are sent; with --fail the payin fails, with "
		     "--hold it remains in processing. The currency of a crypto payin is USDC unless --currency "
		     "names another coin; coins and other currencies are exchanged at the sandbox's fixed rates.",
	  .verbs = { { VERB_PAYIN, "" } },
	  .example = "sandbox fund 0198c5d2-7a10-7c2e-9b1f-3d5e8a6c4b20 250.00 --currency EUR",
	  .run = run_fund,
	  .arguments = { { ACCOUNT_ARGUMENT }, { .name = "AMOUNT", .help = "amount above zero: 250 or 250.10" } },
	  .options = { { "type", "TYPE", 0, "bank (default), crypto or card", payin_words },
		       { "currency", "CODE", 0, "currency of the amount; default: the account's currency" },
		       { "fail", "REASON", 0, "the payin fails for this reason" },
		       { "hold", NULL, 0, "the payin remains in processing" } } },
	{ .name = "sandbox order",
	  .summary = "Lists or shows orders of a sandbox, or ends an order in processing",
	  .details = "list prints the newest orders first; show ORDER prints an order with its times and webhooks. "
		     "complete ORDER posts the order to the ledger; fail ORDER and cancel ORDER release the "
		     "reserved amount.",
	  .verbs = { { VERB_ORDER_COMPLETE, "" }, { VERB_ORDER_FAIL, "" }, { VERB_ORDER_CANCEL, "" } },
	  .role_limit = "for complete, fail and cancel (everyone may list and show)",
	  .example = "sandbox order list",
	  .flags = COMMAND_LIST,
	  .run = run_order,
	  .arguments = { { .name = "ACTION", .words = order_words, .help = "list, show, complete, fail or cancel" },
			 { .name = "ORDER",
			   .flags = ARGUMENT_OPTIONAL,
			   .help = "id of the order; required by every action except list" } },
	  .options = { { "account", "ID", 0, "for list: only orders of this account" },
		       { "state", "STATE", 0, "for list: only orders in this state", order_state_words },
		       { "reason", "TEXT", 0, "for fail and cancel: the reason, shown to the merchant" },
		       PAGE_OPTIONS } },
	{ .name = "sandbox ledger",
	  .summary = "Lists the ledger entries of a sandbox account, newest first",
	  .example = "sandbox ledger 0198c5d2-7a10-7c2e-9b1f-3d5e8a6c4b20",
	  .flags = COMMAND_LIST,
	  .run = run_ledger,
	  .arguments = { { ACCOUNT_ARGUMENT } },
	  .options = { PAGE_OPTIONS } },
};
const struct command_chapter commands_money = { COMMAND_CHAPTER("Sandbox", rows) };
