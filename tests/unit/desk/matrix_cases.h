/*
 * The cases of the rows of support/verb_rows.h: a row names the function that makes a case on which the verb succeeds.
 * A new verb needs a new function if no existing function fits.
 */
#ifndef KYB_TESTS_DESK_MATRIX_CASES_H
#define KYB_TESTS_DESK_MATRIX_CASES_H

#include "fixture.h"
#include "support/verb_rows.h"

struct cell {
	struct fixture *f;
	struct desk *by; /* the actor; rita if none is permitted */
	bool supervised; /* the actor decides nothing alone */
	const char *ref; /* reference of the cell's own case, such as "M12" */
	unsigned number;
	struct use_in in; /* verb, as and session are set; matrix_arrange() sets the rest */
};

/* Makes the case of the cell's verb, and sets in cell->in the values that the verb needs. */
void matrix_arrange(struct cell *cell);
#define EACH_ROW(verb)                                                                                                 \
	for (unsigned verb = 0; verb < VERB_COUNT; verb++)                                                             \
		if (matrix_tries((enum verb)verb))

void matrix_cases_release(void); /* frees the memory of all cases */
/* Whether this verb is to be tried: all are, unless KYBDESK_TEST_VERB names one ("APPROVE"; tests/mutants/roles.sh). */
bool matrix_tries(enum verb verb);

/* Runs another verb before the verb under test. */
struct use_out matrix_before(struct cell *cell, struct desk *desk, struct use_in in);
#define FIRST(desk, ...) matrix_before(cell, (desk), (struct use_in){ __VA_ARGS__ })
extern struct strbuf matrix_bytes; /* receives a secret */
/* Functions that several files use. */
void matrix_merchant(struct cell *cell);
void matrix_with_level(struct cell *cell);

/* full_store.c: a capacity that may use the verb, and the desk of an actor that may use it in this capacity. */
enum capacity matrix_capacity(enum verb verb);
struct desk *matrix_desk(struct fixture *f, enum verb verb);
/* Uses every verb once. */
void matrix_use_every_verb(struct fixture *f);

#endif
