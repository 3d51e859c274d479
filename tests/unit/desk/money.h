/* Operations on the money of a sandbox, for tests of the desk. Each aborts the test if its action is refused. */
#ifndef KYB_TESTS_DESK_MONEY_H
#define KYB_TESTS_DESK_MONEY_H

#include "fixture.h"

#define money_must(call) cr_assert(!(call), "%s: %s", #call, f->error.message ? f->error.message : "")

static inline const char *money_open(struct fixture *f, const char *user, const char *currency, const char *label)
{
	struct use_out out;

	money_must(desk_do(f->lea, &f->arena,
			   &(const struct use_in){ .verb = VERB_ACCOUNT_OPEN,
						   .capacity = CAPACITY_MERCHANT,
						   .part = user,
						   .type = currency,
						   .text = label },
			   &out, &f->error));
	return out.part_id;
}

static inline const char *money_fund(struct fixture *f, const char *account, const char *amount)
{
	const struct money_input input = { .account = account, .amount = amount, .requested_action = ORDER_COMPLETE };
	struct use_out out;

	money_must(desk_do(f->lea, &f->arena, &(const struct use_in){ .verb = VERB_PAYIN, .money = &input }, &out,
			   &f->error));
	return out.part_id;
}

/* Pays out to a bank account. If the holder's name ends in "#hold", the order stays in processing. */
static inline const char *money_pay(struct fixture *f, const char *account, const char *amount, const char *holder)
{
	const struct money_input input = { .type = ORDER_BANK_PAYOUT,
					   .account = account,
					   .currency = "EUR",
					   .amount = amount,
					   .iban = "ES9121000418450200051332",
					   .holder = holder,
					   .bank = "Banco Santander",
					   .reference = "Rent of Jane",
					   .code = "123456" };
	struct use_out out;

	money_must(
		desk_do(f->lea, &f->arena,
			&(const struct use_in){ .verb = VERB_PAYOUT, .capacity = CAPACITY_MERCHANT, .money = &input },
			&out, &f->error));
	return out.part_id;
}

#endif
