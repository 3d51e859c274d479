/* Cases of the matrix about the money of a sandbox. */
#include "matrix_cases.h"

static const char *opened_account(struct cell *cell)
{
	matrix_with_level(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_ACCOUNT_OPEN, .capacity = CAPACITY_MERCHANT, .part = cell->in.part,
		    .type = "EUR");
	return sql_text(cell->f, "SELECT uuid FROM account ORDER BY id DESC LIMIT 1");
}

static struct money_input *money_of(struct cell *cell, const char *account)
{
	struct money_input *input = arena_alloc(&cell->f->arena, sizeof *input);

	*input = (struct money_input){ .account = account,
				       .amount = "5",
				       .currency = "EUR",
				       .requested_action = ORDER_COMPLETE,
				       .iban = "ES9121000418450200051332",
				       .holder = "Jane Doe",
				       .code = "123456" };
	return input;
}

void matrix_to_fund(struct cell *cell)
{
	const char *account = opened_account(cell);

	cell->in.part = NULL;
	cell->in.type = NULL;
	cell->in.money = money_of(cell, account);
}

static void with_funds(struct cell *cell)
{
	matrix_to_fund(cell);
	(void)FIRST(cell->f->rita, .verb = VERB_PAYIN, .money = cell->in.money);
}

void matrix_to_transfer(struct cell *cell)
{
	struct money_input *input;

	with_funds(cell);
	input = money_of(cell, cell->in.money->account);
	input->type = ORDER_TRANSFER;
	(void)FIRST(cell->f->rita, .verb = VERB_ACCOUNT_OPEN, .capacity = CAPACITY_MERCHANT,
		    .part = arena_printf(&cell->f->arena, "biz-%s", cell->ref), .type = "EUR");
	input->recipient = sql_text(cell->f, "SELECT uuid FROM account ORDER BY id DESC LIMIT 1");
	cell->in.money = input;
}

void matrix_to_pay_out(struct cell *cell)
{
	struct money_input *input;

	with_funds(cell);
	input = money_of(cell, cell->in.money->account);
	input->type = ORDER_BANK_PAYOUT;
	cell->in.money = input;
}

void matrix_order_in_progress(struct cell *cell)
{
	struct money_input *input;

	matrix_to_fund(cell);
	input = money_of(cell, cell->in.money->account);
	input->requested_action = ORDER_PROCESS;
	(void)FIRST(cell->f->rita, .verb = VERB_PAYIN, .money = input);
	cell->in.money = NULL;
	cell->in.part = sql_text(cell->f, "SELECT uuid FROM money_order ORDER BY id DESC LIMIT 1");
}
