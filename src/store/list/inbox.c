#include "list/list_plan.h"
#include "statements.h"

static const struct sql statements[] = {
	{ "inbox.counts", "SELECT compliance_status, sessions FROM inbox_count" },
	/* As due_is_over() of domain/due.h, and as the filter due:over; the index session_overdue holds these rows alone. */
	{ "inbox.overdue", "SELECT count(*) FROM (SELECT 1 FROM session {by session_overdue} WHERE top = 1 "
			   "AND due_paused_at IS NULL AND "
			   "status NOT IN ('approved', 'rejected') AND due_key < $1 LIMIT $2) AS overdue" },
};
const struct sql_list inbox_sql = SQL_LIST(statements);

enum err store_inbox_counts(struct store *store, int64_t counts[INBOX_COUNT], struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[0], &query, error);

	for (size_t i = 0; i < INBOX_COUNT; i++)
		counts[i] = 0;
	while (!err && !(err = query_next(query, &row, error)) && row) {
		enum inbox inbox;

		if (inbox_parse(row_text(query, 0, &arena), &inbox))
			counts[inbox] = row_int(query, 1);
	}
	query_end(query);
	arena_release(&arena);
	return err;
}

bool list_is_overdue_only(const struct list_query *query)
{
	const struct filter_term *term = query->filter.terms;

	return query->filter.count == 1 && term->key == FILTER_DUE && !term->negated &&
	       term->compare == FILTER_EQUAL && !query->inboxes && !query->subsessions && !query->created_from &&
	       !query->created_to && !query->outside;
}

enum err list_overdue_count(struct store *store, int64_t now, int64_t most, int64_t *count, struct error *error)
{
	struct query *query = NULL;
	bool row = false;
	enum err err = db_query(store->db, &statements[1], &query, error);

	*count = 0;
	if (err)
		return err;
	query_int(query, 1, now);
	query_int(query, 2, most > 0 ? most : INT64_MAX);
	err = query_next(query, &row, error);
	if (!err && row)
		*count = row_int(query, 0);
	query_end(query);
	return err;
}
