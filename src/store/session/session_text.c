/* The full-text row of a session, one per session. SQLite's full-text index writes new entries to the disk before
 * each statement that may be rolled back. So the rows of an import, and of an outer transaction (db_begin_hold()),
 * wait in memory until the commit, and are written together. */
#include "rows.h"
#include "columns.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/session.h"

#include <stdlib.h>
#include <string.h>

/* Returns no row if the session was deleted meanwhile. */
STATEMENT(sql_load, "session_text.load",
	  "SELECT (SELECT body FROM session_text WHERE {text_id} = $1) FROM session WHERE id = $1");
STATEMENT(sql_insert, "session_text.insert", "INSERT INTO session_text ({text_id}, body) VALUES ($1, $2)");
STATEMENT(sql_update, "session_text.update", "UPDATE session_text SET body = $2 WHERE {text_id} = $1");
STATEMENT(sql_without, "session_text.without",
	  "SELECT count(*) FROM session WHERE id NOT IN (SELECT {text_id} FROM session_text)");
STATEMENT(sql_without_session, "session_text.without_session",
	  "SELECT count(*) FROM session_text WHERE {text_id} NOT IN (SELECT id FROM session)");
STATEMENT(sql_delete_orphans, "session_text.delete_orphans",
	  "DELETE FROM session_text WHERE {text_id} NOT IN (SELECT id FROM session)");
STATEMENT(sql_next, "session_text.next", "SELECT id FROM session WHERE id > $1 ORDER BY id LIMIT 1");
STATEMENT(sql_empty, "session_text.empty",
	  "SELECT subject_name FROM session WHERE id IN (SELECT {text_id} FROM session_text WHERE body = '')");

static void add_tokens(struct strbuf *out, const char *text)
{
	if (!text || !*text)
		return;
	if (out->len > 0 && out->buf[out->len - 1] != ' ')
		strbuf_addch(out, ' ');
	text_add_tokens(out, text, strlen(text));
}

/* A value that readers see masked is one token, which only the whole value finds: a prefix would tell it digit by
 * digit. */
static void add_value(struct strbuf *out, const struct column_table *table, const char *name, const void *row,
		      bool of_business)
{
	const struct column *column = column_find(table, name);
	const char *text = column_text(column, row);

	if (!column_is_masked(column, of_business)) {
		add_tokens(out, text);
	} else if (text && *text) {
		strbuf_adds(out, " " WHOLE_TOKEN);
		text_add_unspaced(out, text);
	}
}

static void make_index_text(struct strbuf *out, const struct case_file *file)
{
	static const char *const of_subject[] = { "subject_name", "tax_id", "registration_number", "uid", "email" };
	static const char *const of_party[] = { "name", "tax_id", "registration_number" };
	const struct subject *subject = &file->session.subject;

	add_tokens(out, file->session.external_ref);
	for (size_t i = 0; i < sizeof of_subject / sizeof *of_subject; i++)
		add_value(out, &subject_columns, of_subject[i], subject, subject->kind == SUBJECT_BUSINESS);
	for (size_t p = 0; p < file->party_count; p++)
		for (size_t i = 0; i < sizeof of_party / sizeof *of_party; i++)
			add_value(out, &party_columns, of_party[i], &file->parties[p],
				  file->parties[p].kind == PARTY_COMPANY);
}

struct deferred_text {
	int64_t session;
	const char *body;
};

struct deferred_texts {
	struct arena arena;
	struct deferred_text *items;
	size_t count, capacity;
	size_t savepoint_counts[DB_HOLDS_MAX + 1]; /* number of waiting rows when the savepoint at this depth began */
	bool ends_with_hold;
};

static enum err write_index_text(struct store *store, int64_t session, const char *body, struct error *error)
{
	struct query *query = NULL;
	bool found = false, there = false, same = false;
	enum err err = db_select(store->db, &sql_load, PARAMS(db_int(session)), &query, error);

	there = query_fetch_row(&query, &err, error);
	if (!err && there) {
		found = !row_is_null(query, 0);
		same = found && strcmp(row_text_view(query, 0), body) == 0;
	}
	query_end(query);
	if (err || same || !there)
		return err;
	return db_run(store->db, found ? &sql_update : &sql_insert, PARAMS(db_int(session), db_text(body)), error);
}

/* Only the last text of a session is written. A text from before the open savepoint is kept, because it counts
 * again if the savepoint is rolled back. */
static void defer_session_text(struct deferred_texts *texts, size_t part, int64_t session, const char *body)
{
	struct deferred_text *text = NULL;

	for (size_t i = texts->count; i > part && !text; i--)
		if (texts->items[i - 1].session == session)
			text = &texts->items[i - 1];
	if (!text)
		text = ARENA_PUSH(&texts->arena, texts->items, texts->count, texts->capacity);
	text->session = session;
	text->body = arena_strdup(&texts->arena, body);
}

static size_t savepoint_first_text(const struct store *store)
{
	return store->db->depth > 1 ? store->texts->savepoint_counts[store->db->depth - 1] : 0;
}

enum err store_session_index_text(struct store *store, const struct case_file *file, struct error *error)
{
	struct strbuf body = STRBUF_INIT;
	enum err err = ERR_OK;

	make_index_text(&body, file);
	if (store->texts)
		defer_session_text(store->texts, savepoint_first_text(store), file->session.row, body.buf);
	else
		err = write_index_text(store, file->session.row, body.buf, error);
	strbuf_release(&body);
	return err;
}

void session_texts_defer(struct store *store)
{
	if (!store->texts)
		store->texts = xcalloc(1, sizeof *store->texts);
}

void session_texts_begin_hold(struct store *store)
{
	if (store->texts)
		return;
	session_texts_defer(store);
	store->texts->ends_with_hold = true;
}

void session_texts_end_hold(struct store *store)
{
	if (store->texts && store->texts->ends_with_hold)
		session_texts_end_defer(store);
}

void session_texts_begin_savepoint(struct store *store)
{
	if (store->texts)
		store->texts->savepoint_counts[store->db->depth - 1] = store->texts->count;
}

void session_texts_undo_savepoint(struct store *store)
{
	if (store->texts)
		store->texts->count = savepoint_first_text(store);
}

void session_texts_end_defer(struct store *store)
{
	if (store->texts)
		arena_release(&store->texts->arena);
	free(store->texts);
	store->texts = NULL;
}

void session_texts_discard(struct store *store)
{
	struct deferred_texts *texts = store->texts;

	if (!texts)
		return;
	arena_reset(&texts->arena);
	texts->items = NULL;
	texts->count = texts->capacity = 0;
}

enum err session_texts_write(struct store *store, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && store->texts && i < store->texts->count; i++)
		err = write_index_text(store, store->texts->items[i].session, store->texts->items[i].body, error);
	session_texts_discard(store);
	return err;
}

/* --- checks that the full-text index is complete --- */

struct index_check {
	struct store *store;
	struct arena *arena;
	const char **problems;
	size_t count, capacity;
};

static void report_index_problem(struct index_check *index_check, int64_t sessions, const char *what)
{
	if (sessions)
		*ARENA_PUSH(index_check->arena, index_check->problems, index_check->count, index_check->capacity) =
			arena_printf(index_check->arena, "the search index %s: %lld", what, (long long)sessions);
}

/* Counts sessions with an empty full-text row, but with words in their name. */
static enum err count_empty_texts(struct index_check *index_check, int64_t *count, struct error *error)
{
	struct query *query = NULL;
	struct strbuf words = STRBUF_INIT;
	*count = 0;
	enum err err = db_select(index_check->store->db, &sql_empty, NULL, &query, error);

	while (query_fetch_row(&query, &err, error)) {
		strbuf_reset(&words);
		add_tokens(&words, row_text_view(query, 0));
		*count += words.len > 0;
	}
	strbuf_release(&words);
	return err;
}

static enum err check_index(struct index_check *index_check, bool *whole, struct error *error)
{
	enum err err;

	*whole = true;
	if (index_check->store->readonly || !index_check->store->db->driver->check_text_index)
		return ERR_OK;
	err = store_begin(index_check->store, STORE_WRITE, error);
	if (err)
		return err;
	err = index_check->store->db->driver->check_text_index(index_check->store->db, whole, error);
	store_rollback(index_check->store);
	if (!err && !*whole)
		*ARENA_PUSH(index_check->arena, index_check->problems, index_check->count, index_check->capacity) =
			"the search index does not match the words of the sessions";
	return err;
}

enum err store_text_index_check(struct store *store, struct arena *arena, const char ***problems, size_t *count,
				struct error *error)
{
	struct index_check index_check = { .store = store, .arena = arena };
	int64_t rows = 0;
	bool whole = true;
	enum err err = check_index(&index_check, &whole, error);

	if (!err && whole) {
		err = db_get_int(store->db, &sql_without, NULL, &rows, error);
		report_index_problem(&index_check, rows, "lacks sessions");
	}
	if (!err && whole) {
		err = db_get_int(store->db, &sql_without_session, NULL, &rows, error);
		report_index_problem(&index_check, rows, "has entries of sessions that do not exist");
	}
	if (!err && whole) {
		err = count_empty_texts(&index_check, &rows, error);
		report_index_problem(&index_check, rows, "has empty entries for sessions that have a name");
	}
	*problems = index_check.problems;
	*count = index_check.count;
	return err;
}

/* --- rebuild --- */

enum err store_text_index_rebuild(struct store *store, int64_t *sessions, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct case_file file;
	int64_t row = 0;
	/* First rebuilds the index, because the next statements use it. */
	enum err err = store->db->driver->rebuild_text_index ? store->db->driver->rebuild_text_index(store->db, error)
							     : ERR_OK;

	if (!err)
		err = db_run(store->db, &sql_delete_orphans, NULL, error);
	*sessions = 0;
	while (!err && !(err = db_get_int(store->db, &sql_next, PARAMS(db_int(row)), &row, error)) && row) {
		err = store_case_load(store, &arena, row, &file, error);
		if (!err)
			err = store_session_index_text(store, &file, error);
		arena_reset(&arena);
		(*sessions)++;
	}
	arena_release(&arena);
	return err;
}
