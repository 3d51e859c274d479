/* The full-text row of a session: one for each. */
#include "statements.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/session.h"

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

enum err store_session_index_text(struct store *store, const struct case_file *file, struct error *error)
{
	struct query *query = NULL;
	struct strbuf body = STRBUF_INIT;
	bool found = false;
	bool same = false;
	make_body(&body, file);
	enum err err = db_query(store->db, &statements[LOAD], &query, error);
	if (err)
		goto out;
	query_int(query, 1, file->session.row);
	err = query_next(query, &found, error);
	if (!err && found)
		same = strcmp(row_view(query, 0), body.buf) == 0;
	query_end(query);
	if (err || same)
		goto out;
	err = db_query(store->db, &statements[found ? UPDATE : INSERT], &query, error);
	if (err)
		goto out;
	query_int(query, 1, file->session.row);
	query_text(query, 2, body.buf);
	err = query_run(query, error);
out:
	strbuf_release(&body);
	return err;
}
