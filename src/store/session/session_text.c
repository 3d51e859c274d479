/*
 * The full-text row of a session: one for each. SQLite's index writes what is new to the disk before each statement that
 * may have to be taken back, so an import's rows wait here for its commit, and are written one behind the other.
 */
#include "rows.h"
#include "statements.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/session.h"

#include <stdlib.h>
#include <string.h>

enum { LOAD, INSERT, UPDATE };
static const struct sql statements[] = {
	[LOAD] = { "session_text.load", "SELECT body FROM session_text WHERE {text_id} = $1" },
	[INSERT] = { "session_text.insert", "INSERT INTO session_text ({text_id}, body) VALUES ($1, $2)" },
	[UPDATE] = { "session_text.update", "UPDATE session_text SET body = $2 WHERE {text_id} = $1" },
};
const struct sql_list session_text_sql = SQL_LIST(statements);

static void add(struct strbuf *out, const char *text)
{
	if (!text || !*text)
		return;
	if (out->len > 0 && out->buf[out->len - 1] != ' ')
		strbuf_addch(out, ' ');
	text_tokens(out, text, strlen(text));
}

static void make_body(struct strbuf *out, const struct case_file *file)
{
	const struct session *session = &file->session;
	add(out, session->subject.name);
	add(out, session->external_ref);
	add(out, session->subject.tax_id);
	add(out, session->subject.registration_number);
	add(out, session->subject.uid);
	add(out, session->subject.email);
	for (size_t i = 0; i < file->party_count; i++) {
		add(out, file->parties[i].name);
		add(out, file->parties[i].tax_id);
		add(out, file->parties[i].registration_number);
	}
}

struct waiting_text {
	int64_t session;
	const char *body;
};

struct waiting_texts {
	struct arena arena;
	struct waiting_text *items;
	size_t count, capacity;
};

static enum err write_text(struct store *store, int64_t session, const char *body, struct error *error)
{
	struct query *query = NULL;
	bool found = false;
	bool same = false;
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	err = query_next(query, &found, error);
	if (!err && found)
		same = strcmp(row_view(query, 0), body) == 0;
	query_end(query);
	if (err || same)
		return err;
	err = db_query(store->db, &statements[found ? UPDATE : INSERT], &query, error);
	if (err)
		return err;
	query_int(query, 1, session);
	query_text(query, 2, body);
	return query_run(query, error);
}

/* The last word on a session counts. */
static void wait_for_commit(struct waiting_texts *texts, int64_t session, const char *body)
{
	struct waiting_text *text = NULL;

	for (size_t i = texts->count; i > 0 && !text; i--)
		if (texts->items[i - 1].session == session)
			text = &texts->items[i - 1];
	if (!text)
		text = ARENA_PUSH(&texts->arena, texts->items, texts->count, texts->capacity);
	text->session = session;
	text->body = arena_strdup(&texts->arena, body);
}

enum err store_session_index_text(struct store *store, const struct case_file *file, struct error *error)
{
	struct strbuf body = STRBUF_INIT;
	enum err err = ERR_OK;

	make_body(&body, file);
	if (store->texts)
		wait_for_commit(store->texts, file->session.row, body.buf);
	else
		err = write_text(store, file->session.row, body.buf, error);
	strbuf_release(&body);
	return err;
}

void texts_wait(struct store *store)
{
	if (!store->texts)
		store->texts = xcalloc(1, sizeof *store->texts);
}

void texts_wait_no_more(struct store *store)
{
	if (store->texts)
		arena_release(&store->texts->arena);
	free(store->texts);
	store->texts = NULL;
}

void texts_forget(struct store *store)
{
	struct waiting_texts *texts = store->texts;

	if (!texts)
		return;
	arena_reset(&texts->arena);
	texts->items = NULL;
	texts->count = texts->capacity = 0;
}

enum err texts_write(struct store *store, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && store->texts && i < store->texts->count; i++)
		err = write_text(store, store->texts->items[i].session, store->texts->items[i].body, error);
	texts_forget(store);
	return err;
}
