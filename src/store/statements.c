#include "statements.h"
#include "columns.h"

#define LIST_ADDRESS(name) &name##_sql,
const struct sql_list *const *store_statements(size_t *count)
{
	static const struct sql_list *const lists[] = { STATEMENT_LISTS(LIST_ADDRESS) };
	*count = sizeof lists / sizeof lists[0];
	return lists;
}

size_t sql_list_size(const struct sql_list *list)
{
	return list->count + list->row_count;
}

struct sql sql_list_at(const struct sql_list *list, size_t at, struct arena *arena)
{
	struct strbuf text = STRBUF_INIT;

	if (at < list->count)
		return list->items[at];
	struct sql made = list->rows[at - list->count].sql;
	row_sql_write(&list->rows[at - list->count].sql, &text);
	made.text = strbuf_finish(&text, arena);
	return made;
}
