#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, LOAD };
static const struct row_sql statements[] = {
	[INSERT] = { .sql = { "note.insert", "{made}" },
		     .verb = ROW_INSERT,
		     .table = &note_columns,
		     .keys = "session_id",
		     .key_count = 1 },
	[LOAD] = { .sql = { "note.load", "FROM note WHERE session_id = $1 ORDER BY id" },
		   .verb = ROW_SELECT,
		   .table = &note_columns },
};
const struct sql_list note_sql = SQL_LIST_MADE(statements);

enum err store_note_insert(struct store *store, int64_t session, struct note *note, struct error *error)
{
	return row_insert(store, &statements[INSERT], session, note, error);
}

enum err notes_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		    struct error *error)
{
	return rows_load(&(struct row_reader){ store, &statements[LOAD], arena }, session, (void **)&out->notes,
			 &out->note_count, error);
}
