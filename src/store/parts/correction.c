#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, UPDATE, LOAD };
static const struct row_sql statements[] = {
	[INSERT] = ROW_INSERT_INTO(correction_columns, "correction.insert", "session_id"),
	[UPDATE] = ROW_UPDATE_OF(correction_columns, "correction.update"),
	[LOAD] =
		ROWS_OF(correction_columns, "correction.load", "FROM correction WHERE session_id = $1 ORDER BY id"),
};
const struct sql_list correction_sql = SQL_LIST_MADE(statements);

enum err store_correction_insert(struct store *store, int64_t session, struct correction *correction,
				 struct error *error)
{
	return row_insert(store, &statements[INSERT], PARAMS(db_int(session)), correction, error);
}

enum err store_correction_update(struct store *store, const struct correction *correction, struct error *error)
{
	return row_write(store, &statements[UPDATE], PARAMS(db_int(correction->row)), correction, error);
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	return rows_read(reader, query, (void **)&out->corrections, &out->correction_count, error);
}

const struct case_part part_corrections = { &statements[LOAD], read_part };
