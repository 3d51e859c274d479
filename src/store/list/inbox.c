#include "kybdesk/store/list.h"
#include "statements.h"

static const struct sql statements[] = {
	{ "inbox.counts", "SELECT compliance_status, sessions FROM inbox_count" },
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
