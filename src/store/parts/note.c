#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

ROW_STATEMENT(sql_insert, ROW_INSERT, note_columns, "note.insert", "{made}", .keys = "session_id", .key_count = 1);
ROW_STATEMENT(sql_load, ROW_SELECT, note_columns, "note.load", "FROM note WHERE session_id = $1 ORDER BY id");

/* Notes of the session $1 and of the sessions below it with the open mention $2, "/ana/". */
#define MENTIONING                                                                                                 \
	" WHERE mentioned <> '' AND replace(mentioned, $2, '') <> mentioned AND session_id IN ("                   \
	"WITH RECURSIVE below (id) AS (SELECT CAST($1 AS BIGINT) UNION "                                           \
	"SELECT s.id FROM below JOIN session AS s ON s.parent_id = below.id) SELECT id FROM below)"
STATEMENT(sql_open_mentions, "note.mentions", "SELECT count(*) FROM note" MENTIONING);
STATEMENT(sql_answer, "note.answer", "UPDATE note SET mentioned = replace(mentioned, $2, '')" MENTIONING);
STATEMENT(sql_pin, "note.pin", "UPDATE note SET pinned_by = $2 WHERE id = $1");

enum err store_note_insert(struct store *store, int64_t session, struct note *note, struct error *error)
{
	return row_insert(store, &sql_insert, PARAMS(db_int(session)), note, error);
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	return rows_read(reader, query, (void **)&out->notes, &out->note_count, error);
}

const struct case_part part_notes = { &sql_load, read_part };

enum err store_note_answered(struct store *store, int64_t session, const char *reviewer, int64_t *count,
			     struct error *error)
{
	struct strbuf entry = STRBUF_INIT;
	enum err err;

	strbuf_addf(&entry, "/%s/", reviewer);
	err = db_number(store->db, &sql_open_mentions, PARAMS(db_int(session), db_text(entry.buf)), count, error);
	if (!err && *count)
		err = db_run(store->db, &sql_answer, PARAMS(db_int(session), db_text(entry.buf)), error);
	strbuf_release(&entry);
	return err;
}

enum err store_note_set_pinned(struct store *store, int64_t row, const char *by, struct error *error)
{
	return db_run(store->db, &sql_pin, PARAMS(db_int(row), db_text(by)), error);
}
