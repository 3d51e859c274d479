#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

STATEMENT(sql_delete, "document.delete", "DELETE FROM document WHERE id = $1");

ROW_STATEMENT(sql_insert, ROW_INSERT, document_columns, "document.insert", "{made}", .keys = "session_id",
	      .key_count = 1);
ROW_STATEMENT(sql_update, ROW_UPDATE, document_columns, "document.update", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_load, ROW_SELECT, document_columns, "document.load",
	      "FROM document WHERE session_id = $1 ORDER BY id");

static enum err claim_sides(struct store *store, const struct document *document, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < document_side_count(document); i++)
		err = bytes_hold(store, document_side(document, i).sha256, error);
	return err;
}

enum err store_document_insert(struct store *store, int64_t session, struct document *document, struct error *error)
{
	enum err err = claim_sides(store, document, error);

	return err ? err : row_insert(store, &sql_insert, PARAMS(db_int(session)), document, error);
}

enum err store_document_update(struct store *store, const struct document *document, struct error *error)
{
	enum err err = claim_sides(store, document, error);

	return err ? err : row_write(store, &sql_update, PARAMS(db_int(document->row)), document, error);
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	return rows_read(reader, query, (void **)&out->documents, &out->document_count, error);
}

const struct case_part part_documents = { &sql_load, read_part };

enum err store_document_delete(struct store *store, int64_t row, struct error *error)
{
	return db_run(store->db, &sql_delete, PARAMS(db_int(row)), error);
}
