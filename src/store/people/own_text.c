#include "statements.h"
#include "kybdesk/store/own_text.h"

STATEMENT(sql_find, "own_text.find",
	  "SELECT value FROM reviewer_setting WHERE reviewer_id = $1 AND kind = $2 AND name = ''");
STATEMENT(sql_put, "own_text.put",
	  "INSERT INTO reviewer_setting (reviewer_id, kind, name, value, at) VALUES ($1, $2, '', $3, $4) ON "
	  "CONFLICT (reviewer_id, kind, name) DO UPDATE SET value = excluded.value, at = excluded.at");

enum err store_own_text_append(struct store *store, int64_t reviewer_row, const char *kind, struct strbuf *out,
			       struct error *error)
{
	struct query *query = NULL;
	enum err err = db_select(store->db, &sql_find, PARAMS(db_int(reviewer_row), db_text(kind)), &query, error);

	if (query_row(&query, &err, error))
		strbuf_adds(out, row_view(query, 0));
	query_end(query);
	return err;
}

enum err store_own_text_set(struct store *store, const struct own_text_row *row, struct error *error)
{
	return db_run(store->db, &sql_put,
		      PARAMS(db_int(row->reviewer_row), db_text(row->kind), db_text(row->text), db_int(row->at)),
		      error);
}
