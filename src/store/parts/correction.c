#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

ROW_STATEMENT(sql_insert, ROW_INSERT, correction_columns, "correction.insert", "{made}", .keys = "session_id",
	      .key_count = 1);
ROW_STATEMENT(sql_update, ROW_UPDATE, correction_columns, "correction.update", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_load, ROW_SELECT, correction_columns, "correction.load",
	      "FROM correction WHERE session_id = $1 ORDER BY id");

enum err store_correction_insert(struct store *store, int64_t session, struct correction *correction,
				 struct error *error)
{
	return row_insert(store, &sql_insert, PARAMS(db_int(session)), correction, error);
}

enum err store_correction_update(struct store *store, const struct correction *correction, struct error *error)
{
	return row_write(store, &sql_update, PARAMS(db_int(correction->row)), correction, error);
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	return rows_read(reader, query, (void **)&out->corrections, &out->correction_count, error);
}

const struct case_part part_corrections = { &sql_load, read_part };
