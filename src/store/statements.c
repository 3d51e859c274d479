#include "statements.h"
#include "columns.h"

const struct sql_list *const *store_statements(size_t *count)
{
	static const struct sql_list *const lists[] = {
		&store_sql,	 &session_load_sql, &session_write_sql, &session_find_sql, &session_text_sql,
		&subject_sql,	 &step_sql,	    &document_sql,	&bytes_sql,	   &party_sql,
		&check_sql,	 &correction_sql,   &decision_sql,	&note_sql,	   &link_sql,
		&reviewer_sql,	 &merchant_sql,	    &workflow_sql,	&list_sql,	   &list_plan_sql,
		&filter_sql,	 &inbox_sql,	    &audit_sql,		&endpoint_sql,	   &outbox_sql,
		&delivery_sql,	 &lease_sql,	    &duplicate_sql,	&follow_sql,	   &erase_sql,
		&processing_sql, &rules_sql,	    &alert_sql
	};
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
	made.text = strbuf_to_arena(&text, arena);
	strbuf_release(&text);
	return made;
}
