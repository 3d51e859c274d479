#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, UPDATE, LOAD };
enum load_column {
	LOAD_ROW,
	LOAD_UUID,
	LOAD_CATEGORY,
	LOAD_TYPE,
	LOAD_STEP,
	LOAD_SIDE,
	LOAD_FILE_NAME,
	LOAD_MEDIA_TYPE,
	LOAD_SIZE,
	LOAD_SHA256,
	LOAD_UPLOAD,
	LOAD_REVIEW,
	LOAD_REASON,
	LOAD_REVIEWED_BY,
	LOAD_REVIEWED_AT,
	LOAD_UPLOADED_AT,
	LOAD_EXPIRES_ON,
	LOAD_EXTRACTED,
	LOAD_REPLACES,
	LOAD_REPLACED
};
static const struct sql statements[] = {
	[INSERT] = { "document.insert",
		     "INSERT INTO document (category, type, step, side, file_name, media_type, size_bytes, sha256, "
		     "upload, review, review_reason, reviewed_by, reviewed_at, uploaded_at, expires_on, extracted, "
		     "replaces_id, replaced, session_id, uuid) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
		     "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20)" },
	[UPDATE] = { "document.update",
		     "UPDATE document SET category = $1, type = $2, step = $3, side = $4, file_name = $5, "
		     "media_type = $6, size_bytes = $7, sha256 = $8, upload = $9, review = $10, "
		     "review_reason = $11, reviewed_by = $12, reviewed_at = $13, uploaded_at = $14, "
		     "expires_on = $15, extracted = $16, replaces_id = $17, replaced = $18 WHERE id = $19" },
	[LOAD] = { "document.load",
		   "SELECT id, uuid, category, type, step, side, file_name, media_type, size_bytes, "
		   "sha256, upload, review, review_reason, reviewed_by, reviewed_at, uploaded_at, "
		   "expires_on, extracted, replaces_id, replaced "
		   "FROM document WHERE session_id = $1 ORDER BY id" },
};
const struct sql_list document_sql = SQL_LIST(statements);

static void bind(struct query *query, const struct document *document)
{
	query_text(query, 1, document->category);
	query_text(query, 2, document->type);
	query_text(query, 3, document->step_id);
	query_text(query, 4, document->side);
	query_text(query, 5, document->file_name);
	query_text(query, 6, document->media_type);
	query_int(query, 7, document->size_bytes);
	query_text(query, 8, document->sha256);
	query_text(query, 9, upload_state_text(document->upload));
	query_text(query, 10, review_state_text(document->review));
	query_text(query, 11, document->review_reason);
	query_text(query, 12, document->reviewed_by);
	query_time(query, 13, document->reviewed_at);
	query_time(query, 14, document->uploaded_at);
	query_time(query, 15, document->expires_on);
	query_text(query, 16, document->extracted_json);
	query_row_or_null(query, 17, document->replaces_row);
	query_int(query, 18, document->replaced);
}

enum err store_document_insert(struct store *store, int64_t session, struct document *document, struct error *error)
{
	struct query *query = NULL;
	enum err err = bytes_hold(store, document->sha256, error);
	if (!err)
		err = db_query(store->db, &statements[INSERT], &query, error);
	if (err)
		return err;
	bind(query, document);
	query_int(query, 19, session);
	query_text(query, 20, document->id);
	err = query_run(query, error);
	if (!err)
		document->row = store->db->driver->last_row(store->db);
	return err;
}

enum err store_document_update(struct store *store, const struct document *document, struct error *error)
{
	struct query *query = NULL;
	enum err err = bytes_hold(store, document->sha256, error);
	if (!err)
		err = db_query(store->db, &statements[UPDATE], &query, error);
	if (err)
		return err;
	bind(query, document);
	query_int(query, 19, document->row);
	return query_run(query, error);
}

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct document *document, struct error *error)
{
	document_init(document);
	document->row = row_int(query, LOAD_ROW);
	document->id = row_text(query, LOAD_UUID, arena);
	document->category = row_text(query, LOAD_CATEGORY, arena);
	document->type = row_text(query, LOAD_TYPE, arena);
	document->step_id = row_text(query, LOAD_STEP, arena);
	document->side = row_text(query, LOAD_SIDE, arena);
	document->file_name = row_text(query, LOAD_FILE_NAME, arena);
	document->media_type = row_text(query, LOAD_MEDIA_TYPE, arena);
	document->size_bytes = row_int(query, LOAD_SIZE);
	document->sha256 = row_text(query, LOAD_SHA256, arena);
	document->review_reason = row_text(query, LOAD_REASON, arena);
	document->reviewed_by = row_text(query, LOAD_REVIEWED_BY, arena);
	document->reviewed_at = row_time(query, LOAD_REVIEWED_AT);
	document->uploaded_at = row_time(query, LOAD_UPLOADED_AT);
	document->expires_on = row_time(query, LOAD_EXPIRES_ON);
	document->extracted_json = row_text(query, LOAD_EXTRACTED, arena);
	document->replaces_row = row_int(query, LOAD_REPLACES);
	document->replaced = row_int(query, LOAD_REPLACED) != 0;
	if (!upload_state_parse(row_view(query, LOAD_UPLOAD), &document->upload))
		return row_damaged(store, "document", document->row, "upload", error);
	if (!review_state_parse(row_view(query, LOAD_REVIEW), &document->review))
		return row_damaged(store, "document", document->row, "review", error);
	return ERR_OK;
}

enum err documents_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
			struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	bool row = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	while (!err && !(err = query_next(query, &row, error)) && row)
		err = read_row(store, query, arena,
			       ARENA_PUSH(arena, out->documents, out->document_count, capacity), error);
	query_end(query);
	return err;
}
