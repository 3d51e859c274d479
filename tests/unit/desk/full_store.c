/* A store in which every verb was used once, on its case of the matrix. */
#include "matrix_cases.h"

enum capacity matrix_capacity(enum verb verb)
{
	static const enum capacity order[] = { CAPACITY_CLIENT, CAPACITY_MERCHANT, CAPACITY_PROVIDER, CAPACITY_INTAKE,
					       CAPACITY_SYSTEM };

	for (size_t i = 0; !*verb_rows[verb].least && i < sizeof order / sizeof *order; i++)
		if (verb_rows[verb].capacities & (1u << order[i]))
			return order[i];
	return CAPACITY_STAFF;
}

struct desk *matrix_desk(struct fixture *f, enum verb verb)
{
	const char *least = verb_rows[verb].least;

	if (!strcmp(least, "admin") || matrix_capacity(verb) == CAPACITY_SYSTEM)
		return f->ada;
	return !strcmp(least, "lead") ? f->lea : f->rita;
}

void matrix_use_every_verb(struct fixture *f)
{
	struct use_out out;

	for (unsigned v = 0; v < VERB_COUNT; v++) {
		enum verb verb = (enum verb)v;
		struct cell cell = { .f = f,
				     .by = matrix_desk(f, verb),
				     .number = v + 1,
				     .ref = arena_printf(&f->arena, "V%u", v + 1),
				     .in = { .verb = verb, .capacity = matrix_capacity(verb) } };

		cell.in.session = cell.ref;
		matrix_arrange(&cell);
		cr_assert_eq(desk_do(cell.by, &f->arena, &cell.in, &out, &f->error), ERR_OK, "%s: %s",
			     use_cases[verb].audit_action, f->error.message);
	}
	matrix_cases_release();
}
