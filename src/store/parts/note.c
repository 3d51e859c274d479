#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, LOAD };
static const struct sql statements[] = {
	[INSERT] = { "note.insert", "INSERT INTO note (session_id, text, written_by, written_at) "
				    "VALUES ($1, $2, $3, $4)" },
	[LOAD] = { "note.load",
		   "SELECT id, text, written_by, written_at FROM note WHERE session_id = $1 ORDER BY id" },
};
const struct sql_list note_sql = SQL_LIST(statements);

enum err store_note_insert(struct store *store, int64_t session, struct note *note, struct error *error)
{
	struct query *query = NULL;
	enum err err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_text(query, 2, note->text);
	query_text(query, 3, note->by);
	query_time(query, 4, note->at);
	err = query_run(query, error);
	if (!err)
		note->row = store->db->driver->last_row(store->db);
	return err;
}

enum err notes_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		    struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!(err = query_next(query, &row, error)) && row) {
		struct note *note = ARENA_PUSH(arena, out->notes, out->note_count, capacity);
		note->row = row_int(query, 0);
		note->text = row_text(query, 1, arena);
		note->by = row_text(query, 2, arena);
		note->at = row_time(query, 3);
	}
	query_end(query);
	return err;
}
