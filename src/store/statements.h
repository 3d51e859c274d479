/*
 * Every named statement of the store stands in a section of the program, so that a test can read the plan of each.
 */
#ifndef KYBDESK_STORE_STATEMENTS_H
#define KYBDESK_STORE_STATEMENTS_H

#include "columns.h"

#define STATEMENT_IN(section_) __attribute__((section(section_), used, aligned(sizeof(void *))))
/* Several statements as one array. */
#define STATEMENTS(variable) static const struct sql variable[] STATEMENT_IN("kyb_statements")
#define ROW_STATEMENTS(variable) static const struct row_sql variable[] STATEMENT_IN("kyb_row_statements")
#define STATEMENT(variable, name_, text_)                                                                          \
	static const struct sql variable STATEMENT_IN("kyb_statements") = { (name_), text_ }
/* A statement generated from the columns of a table; further members of row_sql may follow the text. */
#define ROW_STATEMENT(variable, verb_, table_, name_, ...)                                                         \
	static const struct row_sql variable STATEMENT_IN("kyb_row_statements") = {                                \
		.verb = (verb_), .table = &(table_), .sql.name = (name_), .sql.text = __VA_ARGS__                  \
	}

/* Defined by the linker: the first statement of each section, and the end of the section. */
extern const struct sql __start_kyb_statements[], __stop_kyb_statements[];
extern const struct row_sql __start_kyb_row_statements[], __stop_kyb_row_statements[];
/* All statements, written or generated; the list and generated texts live in the arena. */
struct sql *store_statements(struct arena *arena, size_t *count);

/* Runs every statement of an array in its order, with the row as $1. */
enum err run_each(struct store *store, const struct sql *items, size_t count, int64_t row,
		  struct error *error) KYB_MUST_USE;
#define RUN_EACH(store, array, row, error)                                                                         \
	run_each((store), (array), sizeof(array) / sizeof(array)[0], (row), (error))

#endif
