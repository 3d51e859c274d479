#include "kybdesk/store/suspicion.h"
#include "rows.h"
#include "statements.h"

#include <string.h>

enum { RAISE, OPEN_OF, ADD, CLOSE, LIST, LIST_OF_SESSION, ENTRIES, ALLOWS, STANDING };
#define FROM                                                                                                       \
	"SELECT u.id, u.session_id, s.uuid, s.external_ref, s.subject_name, u.cause, u.opened_by, u.opened_at, "   \
	"u.due_at, u.closed_at, u.closed_by, u.filed FROM suspicion u JOIN session s ON s.id = u.session_id "
enum column {
	ROW_ID,
	SESSION,
	SESSION_ID,
	REF,
	NAME,
	CAUSE,
	OPENED_BY,
	OPENED_AT,
	DUE_AT,
	CLOSED_AT,
	CLOSED_BY,
	FILED
};
static const struct sql statements[] = {
	[RAISE] = { "suspicion.raise", "INSERT INTO suspicion (session_id, cause, opened_by, opened_at, due_at) "
				       "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (session_id) WHERE closed_at IS "
				       "NULL DO NOTHING" },
	[OPEN_OF] = { "suspicion.open_of", "SELECT id FROM suspicion WHERE session_id = $1 AND closed_at IS NULL" },
	[ADD] = { "suspicion.add", "INSERT INTO suspicion_entry (suspicion_id, at, actor, act, about, text) VALUES "
				   "($1, $2, $3, $4, $5, $6)" },
	[CLOSE] = { "suspicion.close",
		    "UPDATE suspicion SET closed_at = $2, closed_by = $3, filed = $4 WHERE id = $1" },
	[LIST] = { "suspicion.list", FROM "WHERE u.closed_at IS NULL ORDER BY u.due_at, u.id" },
	[LIST_OF_SESSION] = { "suspicion.list_of_session", FROM "WHERE u.session_id = $1 ORDER BY u.id" },
	[ENTRIES] = { "suspicion.entries", "SELECT id, at, actor, act, about, text FROM suspicion_entry "
					   "WHERE suspicion_id = $1 ORDER BY id" },
	[ALLOWS] = { "suspicion.allows", "SELECT act FROM suspicion_entry WHERE suspicion_id = $1 AND about = $2 "
					 "ORDER BY id DESC LIMIT 1" },
	[STANDING] = { "suspicion.standing",
		       "SELECT session_id, closed_at, closed_by FROM suspicion WHERE session_id = $1 UNION ALL "
		       "SELECT u.session_id, u.closed_at, u.closed_by FROM party p JOIN suspicion u ON "
		       "u.session_id = p.subsession_id WHERE p.session_id = $1 AND p.removed_at IS NULL" },
};
const struct sql_list suspicion_sql = SQL_LIST(statements);

enum err store_suspicion_raise(struct store *store, struct suspicion *suspicion, struct error *error)
{
	enum err err = db_run(store->db, &statements[RAISE],
			      PARAMS(db_int(suspicion->session_row),
				     db_text(suspicion_cause_text(suspicion->cause)), db_text(suspicion->opened_by),
				     db_int(suspicion->opened_at), db_int(suspicion->due_at)),
			      error);

	if (err)
		return err;
	return db_number(store->db, &statements[OPEN_OF], PARAMS(db_int(suspicion->session_row)), &suspicion->row,
			 error);
}

enum err store_suspicion_add(struct store *store, int64_t suspicion, const struct suspicion_entry *entry,
			     struct error *error)
{
	return db_run(store->db, &statements[ADD],
		      PARAMS(db_int(suspicion), db_int(entry->at), db_text(entry->actor),
			     db_text(suspicion_act_text(entry->act)), db_text(entry->about), db_text(entry->text)),
		      error);
}

enum err store_suspicion_close(struct store *store, const struct suspicion *suspicion, struct error *error)
{
	return db_run(store->db, &statements[CLOSE],
		      PARAMS(db_int(suspicion->row), db_int(suspicion->closed_at), db_text(suspicion->closed_by),
			     db_int(suspicion->filed)),
		      error);
}

static enum err read_row(const struct store *store, const struct query *query, struct arena *arena,
			 struct suspicion *out, struct error *error)
{
	*out = (struct suspicion){ .row = row_int(query, ROW_ID),
				   .session_row = row_int(query, SESSION),
				   .session_id = row_text(query, SESSION_ID, arena),
				   .external_ref = row_text(query, REF, arena),
				   .name = row_text(query, NAME, arena),
				   .opened_by = row_text(query, OPENED_BY, arena),
				   .opened_at = row_time(query, OPENED_AT),
				   .due_at = row_time(query, DUE_AT),
				   .closed_at = row_time(query, CLOSED_AT),
				   .closed_by = row_text(query, CLOSED_BY, arena),
				   .filed = row_int(query, FILED) != 0 };
	if (!suspicion_cause_parse(row_view(query, CAUSE), &out->cause))
		return row_damaged(store, "suspicion", out->row, "cause", error);
	return ERR_OK;
}

static enum err read_entries(struct store *store, struct arena *arena, struct suspicion *of, struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err = db_select(store->db, &statements[ENTRIES], PARAMS(db_int(of->row)), &query, error);

	while (query_row(query, &err, error)) {
		struct suspicion_entry *entry = ARENA_PUSH(arena, of->entries, of->entry_count, capacity);

		*entry = (struct suspicion_entry){ .at = row_time(query, 1),
						   .actor = row_text(query, 2, arena),
						   .about = row_text(query, 4, arena),
						   .text = row_text(query, 5, arena) };
		if (!suspicion_act_parse(row_view(query, 3), &entry->act))
			err = row_damaged(store, "suspicion_entry", row_int(query, 0), "act", error);
	}
	query_end(query);
	return err;
}

enum err store_suspicion_list(struct store *store, struct arena *arena, int64_t session, struct suspicion_list *out,
			      struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	enum err err =
		session ? db_select(store->db, &statements[LIST_OF_SESSION], PARAMS(db_int(session)), &query, error)
			: db_query(store->db, &statements[LIST], &query, error);

	*out = (struct suspicion_list){ 0 };
	while (query_row(query, &err, error))
		err = read_row(store, query, arena, ARENA_PUSH(arena, out->items, out->count, capacity), error);
	query_end(query);
	for (size_t i = 0; !err && session && i < out->count; i++)
		err = read_entries(store, arena, &out->items[i], error);
	return err;
}

enum err store_suspicion_allows(struct store *store, int64_t suspicion, const char *person, bool *allowed,
				struct error *error)
{
	struct query *query = NULL;
	enum suspicion_act act = SUSPICION_REVOKE;
	enum err err = db_select(store->db, &statements[ALLOWS], PARAMS(db_int(suspicion), db_text(person)), &query,
				 error);

	if (query_row(query, &err, error) && !suspicion_act_parse(row_view(query, 0), &act))
		err = row_damaged(store, "suspicion_entry", suspicion, "act", error);
	query_end(query);
	*allowed = !err && act == SUSPICION_ALLOW;
	return err;
}

enum err suspicion_send_standing(struct store *store, int64_t session, struct query **out, struct error *error)
{
	enum err err = db_select(store->db, &statements[STANDING], PARAMS(db_int(session)), out, error);

	return err ? err : query_send(*out, error);
}

enum err suspicion_read_standing(struct query *sent, int64_t session, const char *person,
				 struct suspicion_standing *out, struct error *error)
{
	enum err err = ERR_OK;

	*out = (struct suspicion_standing){ .closed_at = TIME_NONE };
	while (query_row(sent, &err, error)) {
		out->own = out->own || row_int(sent, 0) == session;
		if (row_is_null(sent, 1))
			out->open = true;
		else if (*person && !strcmp(row_view(sent, 2), person))
			out->closed_at = row_time(sent, 1);
	}
	return err;
}

enum err store_suspicion_standing(struct store *store, int64_t session, const char *person,
				  struct suspicion_standing *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = suspicion_send_standing(store, session, &query, error);

	if (!err)
		err = suspicion_read_standing(query, session, person, out, error);
	query_end(query);
	return err;
}
