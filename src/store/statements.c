#include "statements.h"

const struct sql_list *const *store_statements(size_t *count)
{
	static const struct sql_list *const lists[] = {
		&store_sql,	 &session_load_sql, &session_write_sql, &session_find_sql, &session_text_sql,
		&subject_sql,	 &step_sql,	    &document_sql,	&bytes_sql,	   &party_sql,
		&check_sql,	 &correction_sql,   &decision_sql,	&note_sql,	   &link_sql,
		&reviewer_sql,	 &merchant_sql,	    &workflow_sql,	&list_sql,	   &list_plan_sql,
		&filter_sql,	 &inbox_sql,	    &audit_sql,		&endpoint_sql,	   &outbox_sql,
		&delivery_sql,	 &lease_sql,	    &duplicate_sql,	&follow_sql,	   &erase_sql,
		&processing_sql, &rules_sql
	};
	*count = sizeof lists / sizeof lists[0];
	return lists;
}
