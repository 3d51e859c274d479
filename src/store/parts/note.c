#include "columns.h"
#include "rows.h"
#include "statements.h"
#include "kybdesk/store/parts.h"

enum { INSERT, LOAD };
static const struct row_sql statements[] = {
	[INSERT] = ROW_INSERT_INTO(note_columns, "note.insert", "session_id"),
	[LOAD] = ROWS_OF(note_columns, "note.load", "FROM note WHERE session_id = $1 ORDER BY id"),
};
const struct sql_list note_sql = SQL_LIST_MADE(statements);

/* Notes of the session $1 and of the sessions below it with the open mention $2, "/ana/". */
#define MENTIONING                                                                                                 \
	" WHERE mentioned <> '' AND replace(mentioned, $2, '') <> mentioned AND session_id IN ("                   \
	"WITH RECURSIVE below (id) AS (SELECT CAST($1 AS BIGINT) UNION "                                           \
	"SELECT s.id FROM below JOIN session AS s ON s.parent_id = below.id) SELECT id FROM below)"
enum { OPEN_MENTIONS, ANSWER, PIN };
static const struct sql changes[] = {
	[OPEN_MENTIONS] = { "note.mentions", "SELECT count(*) FROM note" MENTIONING },
	[ANSWER] = { "note.answer", "UPDATE note SET mentioned = replace(mentioned, $2, '')" MENTIONING },
	[PIN] = { "note.pin", "UPDATE note SET pinned_by = $2 WHERE id = $1" },
};
const struct sql_list note_change_sql = SQL_LIST(changes);

enum err store_note_insert(struct store *store, int64_t session, struct note *note, struct error *error)
{
	return row_insert(store, &statements[INSERT], PARAMS(db_int(session)), note, error);
}

static enum err read_part(const struct row_reader *reader, struct query *query, struct case_file *out,
			  struct error *error)
{
	return rows_read(reader, query, (void **)&out->notes, &out->note_count, error);
}

const struct case_part part_notes = { &statements[LOAD], read_part };

enum err store_note_answered(struct store *store, int64_t session, const char *reviewer, int64_t *count,
			     struct error *error)
{
	struct strbuf entry = STRBUF_INIT;
	enum err err;

	strbuf_addf(&entry, "/%s/", reviewer);
	err = db_number(store->db, &changes[OPEN_MENTIONS], PARAMS(db_int(session), db_text(entry.buf)), count,
			error);
	if (!err && *count)
		err = db_run(store->db, &changes[ANSWER], PARAMS(db_int(session), db_text(entry.buf)), error);
	strbuf_release(&entry);
	return err;
}

enum err store_note_set_pinned(struct store *store, int64_t row, const char *by, struct error *error)
{
	return db_run(store->db, &changes[PIN], PARAMS(db_int(row), db_text(by)), error);
}
