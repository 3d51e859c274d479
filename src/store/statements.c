#include "statements.h"

const struct sql_list *const *store_statements(size_t *count)
{
	static const struct sql_list *const lists[] = { &store_sql };
	*count = sizeof lists / sizeof lists[0];
	return lists;
}
