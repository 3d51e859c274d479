/*
 * One row per verb: the permitted roles, written down a second time, and a case on which the verb succeeds. The matrix
 * of matrix_test.c consists of these rows; a new verb needs one row and, if no setup fits, one function.
 */
#ifndef KYB_TESTS_DESK_MATRIX_CASES_H
#define KYB_TESTS_DESK_MATRIX_CASES_H

#include "fixture.h"

struct cell {
	struct fixture *f;
	struct desk *by; /* the actor; rita if none is permitted */
	bool supervised; /* they decide nothing alone */
	const char *ref; /* of a case to create, used by no other cell; "M12" */
	unsigned number;
	struct use_in in; /* verb, as and session are there; the rest is the row's */
};

struct matrix_row {
	enum verb verb;
	const char *least;  /* the least role of staff by the rules of the domain; "" nobody */
	const char *others; /* the capacities that do it beside staff, "client intake"; "" nobody */
	void (*arrange)(struct cell *cell);
	/* Of a verb of staff on a case, refused if: h a colleague holds the case, v its version has changed, d it is
	 * decided. r: needs a reason, R: needs one after submission. NULL: acts on no case. */
	const char *gates;
	enum material material; /* what staff contributes in this case; any other capacity but the system: data */
	const char *supervised; /* refusal of a supervised reviewer; NULL: allowed, like the colleagues */
};

extern const struct matrix_row matrix_rows[];
extern const size_t matrix_row_count;
/* matrix_admin.c: setups for rows on the whole store. */
void matrix_replayed(struct cell *cell);
void matrix_the_whole_store(struct cell *cell);
void matrix_setting(struct cell *cell);
void matrix_ssh_key(struct cell *cell); /* of the person in->part */
void matrix_copying(struct cell *cell);
void matrix_new_workflow(struct cell *cell);
void matrix_new_reasons(struct cell *cell);
void matrix_cases_release(void); /* frees their memory */
/* Whether this verb is to be tried: all are, unless KYBDESK_TEST_VERB names one ("APPROVE"; tests/mutants/roles.sh). */
bool matrix_tries(enum verb verb);

/* Another verb, before the one under test. */
struct use_out matrix_before(struct cell *cell, struct desk *desk, struct use_in in);
#define FIRST(desk, ...) matrix_before(cell, (desk), (struct use_in){ __VA_ARGS__ })
extern struct strbuf matrix_bytes; /* receives a secret */
void matrix_new_name(struct cell *cell);
void matrix_person(struct cell *cell);
void matrix_person_for_key(struct cell *cell);
void matrix_person_with_key(struct cell *cell);
void matrix_person_with_ssh_key(struct cell *cell);
void matrix_person_with_access(struct cell *cell);
void matrix_merchant(struct cell *cell);
void matrix_merchant_with_key(struct cell *cell);
void matrix_provider(struct cell *cell);
void matrix_provider_with_key(struct cell *cell);

/* full_store.c: the capacity that a row is done in, and the desk of its actor. */
enum capacity matrix_capacity(const struct matrix_row *row);
struct desk *matrix_desk(struct fixture *f, const struct matrix_row *row);
/* Uses every verb once. */
void matrix_use_every_verb(struct fixture *f);

void matrix_with_level(struct cell *cell);
/* matrix_admin.c: one side of two, a day ago */
void matrix_half_document(struct cell *cell);
void matrix_on_hold(struct cell *cell);
void matrix_template(struct cell *cell);
void matrix_with_template(struct cell *cell);
void matrix_noted(struct cell *cell);
void matrix_mentioned(struct cell *cell);
void matrix_own_command(struct cell *cell);
/* matrix_money.c */
void matrix_to_fund(struct cell *cell);
void matrix_to_transfer(struct cell *cell);
void matrix_to_pay_out(struct cell *cell);
void matrix_order_in_progress(struct cell *cell);

#endif
