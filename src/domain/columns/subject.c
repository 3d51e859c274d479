/* The members of struct subject. The store keeps them in the session, except the members of the merchant's user. */
#include "columns/subject_columns.h"

#define OWNER struct subject

static const struct column columns[] = { SUBJECT_COLUMNS() };

COLUMN_TABLE(subject_columns, "session", "subject", columns);
