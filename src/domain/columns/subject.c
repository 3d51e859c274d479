/* The members of struct subject; in the store they are the session's, but for what belongs to the merchant's user. */
#include "columns/subject_columns.h"

#define OWNER struct subject

static const struct column columns[] = { SUBJECT_COLUMNS() };

COLUMN_TABLE(subject_columns, "session", "subject", columns);
