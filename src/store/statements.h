/*
 * Every named statement of the store, one list per file, so that a test can check the plan of each. A new file adds
 * its list here.
 */
#ifndef KYBDESK_STORE_STATEMENTS_H
#define KYBDESK_STORE_STATEMENTS_H

#include "kybdesk/store/db.h"

/* clang-format off */
#define STATEMENT_LISTS(X) \
	X(access_key) \
	X(account) \
	X(upgrade) \
	X(alert) \
	X(audit) \
	X(audit_compare) \
	X(bytes) \
	X(check) \
	X(contribution) \
	X(commitment) \
	X(commitment_list) \
	X(commitment_rows) \
	X(correction) \
	X(decision) \
	X(signature) \
	X(delivery) \
	X(document) \
	X(document_delete) \
	X(duplicate) \
	X(endpoint) \
	X(erase) \
	X(events) \
	X(figures) \
	X(filter) \
	X(follow) \
	X(inbox) \
	X(kept_answer) \
	X(kept_texts) \
	X(keys) \
	X(lease) \
	X(link) \
	X(list_plan) \
	X(measures) \
	X(merchant) \
	X(merchant_key) \
	X(money) \
	X(note) \
	X(note_change) \
	X(offer) \
	X(outbox) \
	X(own_text) \
	X(party) \
	X(person) \
	X(processing) \
	X(purge) \
	X(replay) \
	X(retention) \
	X(reviewer) \
	X(ruling) \
	X(rules) \
	X(session_find) \
	X(session_load) \
	X(session_text) \
	X(session_write) \
	X(settle) \
	X(take) \
	X(step) \
	X(info) \
	X(subject) \
	X(suspicion) \
	X(template) \
	X(workflow)
/* clang-format on */

#define DECLARE_LIST(name) extern const struct sql_list name##_sql;
STATEMENT_LISTS(DECLARE_LIST)
#undef DECLARE_LIST

const struct sql_list *const *store_statements(size_t *count);
/* The statements of a list, written or generated; a generated text lives in the arena. */
size_t sql_list_size(const struct sql_list *list);
struct sql sql_list_at(const struct sql_list *list, size_t at, struct arena *arena);

#endif
