/*
 * The cases of the rows of support/verb_rows.h: a function for each makes a case on which the verb succeeds. A new verb
 * needs a function here if no other one fits.
 */
#ifndef KYB_TESTS_DESK_MATRIX_CASES_H
#define KYB_TESTS_DESK_MATRIX_CASES_H

#include "fixture.h"
#include "support/verb_rows.h"

struct cell {
	struct fixture *f;
	struct desk *by; /* the actor; rita if none is permitted */
	bool supervised; /* they decide nothing alone */
	const char *ref; /* of a case to create, used by no other cell; "M12" */
	unsigned number;
	struct use_in in; /* verb, as and session are there; the rest is the row's */
};

/* The case of the cell's verb, and what the verb needs of it in cell->in. */
void matrix_arrange(struct cell *cell);
#define EACH_ROW(verb)                                                                                             \
	for (unsigned verb = 0; verb < VERB_COUNT; verb++)                                                         \
		if (matrix_tries((enum verb)verb))

void matrix_cases_release(void); /* frees the memory of all cases */
/* Whether this verb is to be tried: all are, unless KYBDESK_TEST_VERB names one ("APPROVE"; tests/mutants/roles.sh). */
bool matrix_tries(enum verb verb);

/* Another verb, before the one under test. */
struct use_out matrix_before(struct cell *cell, struct desk *desk, struct use_in in);
#define FIRST(desk, ...) matrix_before(cell, (desk), (struct use_in){ __VA_ARGS__ })
extern struct strbuf matrix_bytes; /* receives a secret */
/* Cases of several files. */
void matrix_merchant(struct cell *cell);
void matrix_with_level(struct cell *cell);

/* full_store.c: the capacity that a verb is done in, and the desk of its actor. */
enum capacity matrix_capacity(enum verb verb);
struct desk *matrix_desk(struct fixture *f, enum verb verb);
/* Uses every verb once. */
void matrix_use_every_verb(struct fixture *f);

#endif
