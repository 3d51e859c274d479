/*
 * Every named statement of the store, a list for each file, so that a test can
 * read the plan of each (quality.md: no scan). A new file adds its list here
 * and in statements.c.
 */
#ifndef KYBDESK_STORE_STATEMENTS_H
#define KYBDESK_STORE_STATEMENTS_H

#include "kybdesk/store/db.h"

extern const struct sql_list store_sql;

const struct sql_list *const *store_statements(size_t *count);

#endif
