/* Steps, documents, corrections, notes, attempts, and signatures of decisions. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/store/parts.h"

/* --- steps --- */

enum { LOAD_PLACE };
ROW_STATEMENT(sql_insert_step, ROW_INSERT, step_columns, "step.insert", "{made}", .keys = "session_id, place",
	      .key_count = 2);
ROW_STATEMENT(sql_update_step, ROW_UPDATE, step_columns, "step.update", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_load_step, ROW_SELECT, step_columns, "step.load", "FROM step WHERE session_id = $1", .keys = "place",
	      .key_count = 1);

enum err store_step_insert(struct store *store, int64_t session, size_t place, struct step *step, struct error *error)
{
	return row_insert(store, &sql_insert_step, PARAMS(db_int(session), db_int((int64_t)place)), step, error);
}

enum err store_step_update(struct store *store, const struct step *step, struct error *error)
{
	return row_write(store, &sql_update_step, PARAMS(db_int(step->row)), step, error);
}

struct positioned_step {
	struct step step;
	int64_t place;
};

static enum err read_steps(const struct row_reader *reader, struct query *query, struct case_file *out,
			   struct error *error)
{
	struct positioned_step *items = NULL;
	size_t count = 0;
	size_t capacity = 0;
	enum err err = ERR_OK;
	while (query_fetch_row(&query, &err, error)) {
		(void)ARENA_PUSH(reader->arena, items, count, capacity);
		struct positioned_step item = { .place = row_int(query, LOAD_PLACE) };
		err = row_read(reader, query, &item.step, error);
		if (err)
			continue;
		/* The SELECT does not sort the steps. They are few, so they are sorted by position here. */
		size_t at = count - 1;
		for (; at > 0 && items[at - 1].place > item.place; at--)
			items[at] = items[at - 1];
		items[at] = item;
	}
	if (err)
		return err;
	out->step_count = count;
	out->steps = arena_alloc_array(reader->arena, count, sizeof *out->steps);
	for (size_t i = 0; i < count; i++)
		out->steps[i] = items[i].step;
	return ERR_OK;
}

const struct case_part part_steps = { .sql = &sql_load_step, .read = read_steps };

/* --- documents --- */

ROW_STATEMENT(sql_insert_document, ROW_INSERT, document_columns, "document.insert", "{made}", .keys = "session_id",
	      .key_count = 1);
ROW_STATEMENT(sql_update_document, ROW_UPDATE, document_columns, "document.update", "WHERE id = $1", .key_count = 1);
ROW_STATEMENT(sql_load_document, ROW_SELECT, document_columns, "document.load",
	      "FROM document WHERE session_id = $1 ORDER BY id");

static enum err confirm_side_bytes(struct store *store, const struct document *document, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < document_side_count(document); i++)
		err = bytes_confirm(store, document_side(document, i).sha256, error);
	return err;
}

enum err store_document_insert(struct store *store, int64_t session, struct document *document, struct error *error)
{
	enum err err = confirm_side_bytes(store, document, error);

	return err ? err : row_insert(store, &sql_insert_document, PARAMS(db_int(session)), document, error);
}

enum err store_document_update(struct store *store, const struct document *document, struct error *error)
{
	enum err err = confirm_side_bytes(store, document, error);

	return err ? err : row_write(store, &sql_update_document, PARAMS(db_int(document->row)), document, error);
}

const struct case_part part_documents = { &sql_load_document, NULL, CASE_LIST(documents, document_count) };

/* --- corrections --- */

ROW_STATEMENT(sql_insert_correction, ROW_INSERT, correction_columns, "correction.insert", "{made}",
	      .keys = "session_id", .key_count = 1);
ROW_STATEMENT(sql_update_correction, ROW_UPDATE, correction_columns, "correction.update", "WHERE id = $1",
	      .key_count = 1);
ROW_STATEMENT(sql_load_correction, ROW_SELECT, correction_columns, "correction.load",
	      "FROM correction WHERE session_id = $1 ORDER BY id");

enum err store_correction_insert(struct store *store, int64_t session, struct correction *correction,
				 struct error *error)
{
	return row_insert(store, &sql_insert_correction, PARAMS(db_int(session)), correction, error);
}

enum err store_correction_update(struct store *store, const struct correction *correction, struct error *error)
{
	return row_write(store, &sql_update_correction, PARAMS(db_int(correction->row)), correction, error);
}

const struct case_part part_corrections = { &sql_load_correction, NULL, CASE_LIST(corrections, correction_count) };

/* --- notes --- */

ROW_STATEMENT(sql_insert_note, ROW_INSERT, note_columns, "note.insert", "{made}", .keys = "session_id", .key_count = 1);
ROW_STATEMENT(sql_load_note, ROW_SELECT, note_columns, "note.load", "FROM note WHERE session_id = $1 ORDER BY id");

/* Notes with the open mention $2, like "/ana/", of the session $1 and of the sessions below this session. */
#define WHERE_MENTIONED                                                                                                \
	" WHERE mentioned <> '' AND replace(mentioned, $2, '') <> mentioned AND session_id IN ("                       \
	"WITH RECURSIVE below (id) AS (SELECT CAST($1 AS BIGINT) UNION "                                               \
	"SELECT s.id FROM below JOIN session AS s ON s.parent_id = below.id) SELECT id FROM below)"
STATEMENT(sql_open_mentions, "note.mentions", "SELECT count(*) FROM note" WHERE_MENTIONED);
STATEMENT(sql_answer, "note.answer", "UPDATE note SET mentioned = replace(mentioned, $2, '')" WHERE_MENTIONED);
STATEMENT(sql_pin, "note.pin", "UPDATE note SET pinned_by = $2 WHERE id = $1");

enum err store_note_insert(struct store *store, int64_t session, struct note *note, struct error *error)
{
	return row_insert(store, &sql_insert_note, PARAMS(db_int(session)), note, error);
}

const struct case_part part_notes = { &sql_load_note, NULL, CASE_LIST(notes, note_count) };

enum err store_note_mark_answered(struct store *store, int64_t session, const char *reviewer, int64_t *count,
				  struct error *error)
{
	struct strbuf entry = STRBUF_INIT;
	enum err err;

	strbuf_addf(&entry, "/%s/", reviewer);
	err = db_get_int(store->db, &sql_open_mentions, PARAMS(db_int(session), db_text(entry.buf)), count, error);
	if (!err && *count)
		err = db_run(store->db, &sql_answer, PARAMS(db_int(session), db_text(entry.buf)), error);
	strbuf_release(&entry);
	return err;
}

enum err store_note_set_pinned(struct store *store, int64_t row, const char *by, struct error *error)
{
	return db_run(store->db, &sql_pin, PARAMS(db_int(row), db_text(by)), error);
}

/* --- attempts --- */

ROW_STATEMENT(sql_insert_attempt, ROW_INSERT, attempt_columns, "processing.insert_attempt", NULL, .keys = "session_id",
	      .key_count = 1);
ROW_STATEMENT(sql_load_attempt, ROW_SELECT, attempt_columns, "processing.attempts",
	      "FROM attempt WHERE session_id = $1 ORDER BY number");

enum err store_attempt_insert(struct store *store, int64_t session, const struct attempt *attempt, struct error *error)
{
	return row_write(store, &sql_insert_attempt, PARAMS(db_int(session)), attempt, error);
}

enum err attempts_load(struct store *store, struct arena *arena, int64_t session, struct case_file *out,
		       struct error *error)
{
	/* Most sessions have only one attempt, which needs no query. */
	if (out->session.attempt_number <= 1)
		return ERR_OK;
	return rows_load(&(struct row_reader){ store, &sql_load_attempt, arena }, PARAMS(db_int(session)),
			 (void **)&out->attempts, &out->attempt_count, error);
}

/* --- signatures --- */

STATEMENT(sql_insert_signature, "signature.insert",
	  "INSERT INTO decision_signature (session_id, number, signed_text, signature, signer) VALUES ($1, $2, $3, "
	  "$4, $5)");
STATEMENT(sql_load_signature, "signature.load",
	  "SELECT signed_text, signature, signer FROM decision_signature WHERE session_id = $1 AND number = $2");

enum err store_signature_insert(struct store *store, int64_t session, int64_t number,
				const struct decision_signature *signature, struct error *error)
{
	return db_run(store->db, &sql_insert_signature,
		      PARAMS(db_int(session), db_int(number), db_text(signature->text), db_text(signature->armored),
			     db_text(signature->key)),
		      error);
}

enum err store_signature_load(struct store *store, struct arena *arena, int64_t session, int64_t number,
			      const struct decision_signature **out, struct error *error)
{
	struct query *query = NULL;
	enum err err =
		db_select(store->db, &sql_load_signature, PARAMS(db_int(session), db_int(number)), &query, error);

	*out = NULL;
	if (query_fetch_row(&query, &err, error)) {
		const struct decision_signature found = { .text = row_text(query, 0, arena),
							  .armored = row_text(query, 1, arena),
							  .key = row_text(query, 2, arena) };

		*out = arena_memdup(arena, &found, sizeof found);
	}
	query_end(query);
	return err;
}
