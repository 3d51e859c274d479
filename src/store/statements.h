/*
 * Every named statement of the store, a list for each file, so that a test can
 * read the plan of each (quality.md: no scan). A new file adds its list here
 * and in statements.c.
 */
#ifndef KYBDESK_STORE_STATEMENTS_H
#define KYBDESK_STORE_STATEMENTS_H

#include "kybdesk/store/db.h"

extern const struct sql_list store_sql, bytes_sql, session_load_sql, session_write_sql, session_find_sql,
	session_text_sql, subject_sql, step_sql, document_sql, party_sql, check_sql, correction_sql, decision_sql,
	note_sql, link_sql, reviewer_sql, merchant_sql, workflow_sql, list_sql, list_plan_sql, filter_sql,
	inbox_sql, audit_sql, endpoint_sql, outbox_sql, delivery_sql, lease_sql, duplicate_sql, follow_sql,
	erase_sql, processing_sql, rules_sql, alert_sql;

const struct sql_list *const *store_statements(size_t *count);
/* A list's statements, written down or made; the text lives in the arena. */
size_t sql_list_size(const struct sql_list *list);
struct sql sql_list_at(const struct sql_list *list, size_t at, struct arena *arena);

#endif
