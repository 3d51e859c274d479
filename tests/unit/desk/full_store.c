/* A store in which every verb was used once, on its case of the matrix. */
#include "matrix_cases.h"

enum capacity matrix_capacity(const struct matrix_row *row)
{
	for (unsigned i = 0; !*row->least && i < CAPACITY_COUNT; i++)
		if (!strncmp(row->others, capacity_text((enum capacity)i), strlen(capacity_text((enum capacity)i))))
			return (enum capacity)i;
	return CAPACITY_STAFF;
}

struct desk *matrix_desk(struct fixture *f, const struct matrix_row *row)
{
	if (!strcmp(row->least, "admin") || matrix_capacity(row) == CAPACITY_SYSTEM)
		return f->ada;
	return !strcmp(row->least, "lead") ? f->lea : f->rita;
}

void matrix_use_every_verb(struct fixture *f)
{
	struct use_out out;

	for (size_t i = 0; i < matrix_row_count; i++) {
		const struct matrix_row *row = &matrix_rows[i];
		struct cell cell = { .f = f,
				     .by = matrix_desk(f, row),
				     .number = (unsigned)i + 1,
				     .ref = arena_printf(&f->arena, "V%zu", i + 1),
				     .in = { .verb = row->verb, .as = matrix_capacity(row) } };

		cell.in.session = cell.ref;
		row->arrange(&cell);
		cr_assert_eq(desk_do(cell.by, &f->arena, &cell.in, &out, &f->error), ERR_OK, "%s: %s",
			     use_cases[row->verb].word, f->error.message);
	}
	matrix_cases_release();
}
