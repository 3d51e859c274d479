/* The members of struct subject. The store has them in the session's row, except the members of the merchant's user. */
#include "columns/subject_columns.h"

#define OWNER struct subject

static const struct column columns[] = { SUBJECT_COLUMNS() };

COLUMN_TABLE(subject_columns, "session", "subject", columns);
