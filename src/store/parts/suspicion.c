#include "kybdesk/store/suspicion.h"
#include "rows.h"
#include "columns.h"
#include "kybdesk/domain/column_define.h"

#include <string.h>

/* clang-format off */
#define OWNER struct suspicion
static const struct column columns[] = {
	ROW(row, "u.id", NULL, COLUMN_KEY),
	ROW(session_row, "u.session_id", NULL, 0),
	TEXT(session_id, "s.uuid", NULL, 0),
	TEXT(external_ref, "s.external_ref", NULL, 0),
	TEXT(name, "s.subject_name", NULL, 0),
	ENUM(cause, "u.cause", NULL, suspicion_cause, 0),
	TEXT(opened_by, "u.opened_by", NULL, 0),
	TIME(opened_at, "u.opened_at", NULL, 0),
	TIME(due_at, "u.due_at", NULL, 0),
	TIME(closed_at, "u.closed_at", NULL, 0),
	TEXT(closed_by, "u.closed_by", NULL, 0),
	BOOL(filed, "u.filed", NULL, 0),
};
static COLUMN_TABLE(table, "suspicion", "suspicion", columns);
#undef OWNER

#define OWNER struct suspicion_entry
static const struct column of_entry[] = {
	TIME(at, "at", NULL, 0),
	TEXT(actor, "actor", NULL, 0),
	ENUM(act, "act", NULL, suspicion_act, 0),
	TEXT(access_person, "about", NULL, 0),
	TEXT(text, "text", NULL, 0),
};
static COLUMN_TABLE(entries, "suspicion_entry", "suspicion_entry", of_entry);
/* clang-format on */
#define FROM "FROM suspicion u JOIN session s ON s.id = u.session_id "
ROW_STATEMENT(sql_list, ROW_SELECT, table, "suspicion.list", FROM "WHERE u.closed_at IS NULL ORDER BY u.due_at, u.id");
ROW_STATEMENT(sql_list_all, ROW_SELECT, table, "suspicion.list_all", FROM "ORDER BY u.id");
ROW_STATEMENT(sql_list_of_session, ROW_SELECT, table, "suspicion.list_of_session",
	      FROM "WHERE u.session_id = $1 ORDER BY u.id");
ROW_STATEMENT(sql_add, ROW_INSERT, entries, "suspicion.add", NULL, .keys = "suspicion_id", .key_count = 1);
ROW_STATEMENT(sql_entries, ROW_SELECT, entries, "suspicion.entries",
	      "FROM suspicion_entry WHERE suspicion_id = $1 ORDER BY id", .keys = "id", .key_count = 1);
STATEMENT(sql_raise, "suspicion.raise",
	  "INSERT INTO suspicion (session_id, cause, opened_by, opened_at, due_at) VALUES ($1, $2, $3, $4, $5) ON "
	  "CONFLICT (session_id) WHERE closed_at IS NULL DO NOTHING");
STATEMENT(sql_open_of, "suspicion.open_of", "SELECT id FROM suspicion WHERE session_id = $1 AND closed_at IS NULL");
STATEMENT(sql_close, "suspicion.close",
	  "UPDATE suspicion SET closed_at = $2, closed_by = $3, filed = $4 WHERE id = $1");
STATEMENT(sql_allows, "suspicion.allows",
	  "SELECT act FROM suspicion_entry WHERE suspicion_id = $1 AND about = $2 ORDER BY id DESC LIMIT 1");
#define STANDING                                                                                                       \
	"SELECT u.session_id, u.closed_at, u.closed_by, (SELECT act FROM suspicion_entry WHERE suspicion_id = u.id "   \
	"AND about = $2 ORDER BY id DESC LIMIT 1) FROM "
STATEMENT(sql_standing, "suspicion.standing",
	  STANDING "suspicion u WHERE u.session_id = $1 UNION ALL " STANDING
		   "party p JOIN suspicion u ON u.session_id = p.subsession_id WHERE p.session_id = $1 AND "
		   "p.removed_at IS NULL");

enum err store_suspicion_put(struct store *store, struct suspicion *suspicion, struct error *error)
{
	const struct suspicion *s = suspicion;
	enum err err;

	if (s->row)
		return db_run(store->db, &sql_close,
			      PARAMS(db_int(s->row), db_int(s->closed_at), db_text(s->closed_by), db_int(s->filed)),
			      error);
	err = db_run(store->db, &sql_raise,
		     PARAMS(db_int(s->session_row), db_text(suspicion_cause_text(s->cause)), db_text(s->opened_by),
			    db_int(s->opened_at), db_int(s->due_at)),
		     error);
	return err ? err : db_get_int(store->db, &sql_open_of, PARAMS(db_int(s->session_row)), &suspicion->row, error);
}

enum err store_suspicion_add_entry(struct store *store, int64_t suspicion, const struct suspicion_entry *entry,
				   struct error *error)
{
	return row_write(store, &sql_add, PARAMS(db_int(suspicion)), entry, error);
}

enum err store_suspicion_list(struct store *store, struct arena *arena, int64_t session, struct suspicion_list *out,
			      struct error *error)
{
	const struct row_reader reader = { store,
					   session == SUSPICIONS_ALL ? &sql_list_all
					   : session		     ? &sql_list_of_session
								     : &sql_list,
					   arena };
	const struct row_reader of_entries = { store, &sql_entries, arena };
	enum err err = rows_load(&reader, session > 0 ? PARAMS(db_int(session)) : NULL, (void **)&out->items,
				 &out->count, error);

	for (size_t i = 0; !err && session && i < out->count; i++) {
		struct suspicion *of = &out->items[i];

		err = rows_load(&of_entries, PARAMS(db_int(of->row)), (void **)&of->entries, &of->entry_count, error);
	}
	return err;
}

enum err store_suspicion_check_access(struct store *store, int64_t suspicion, const char *person, bool *allowed,
				      struct error *error)
{
	struct query *query = NULL;
	enum suspicion_act act = *allowed ? SUSPICION_ALLOW : SUSPICION_REVOKE;
	enum err err = db_select(store->db, &sql_allows, PARAMS(db_int(suspicion), db_text(person)), &query, error);

	if (query_fetch_row(&query, &err, error) && !suspicion_act_parse(row_text_view(query, 0), &act))
		err = report_damaged_row(store, "suspicion_entry", suspicion, "act", error);
	query_end(query);
	*allowed = !err && act == SUSPICION_ALLOW;
	return err;
}

enum err suspicion_send_query(struct store *store, int64_t session, const char *person, struct query **out,
			      struct error *error)
{
	enum err err = db_select(store->db, &sql_standing, PARAMS(db_int(session), db_text(person)), out, error);

	return err ? err : query_send(*out, error);
}

enum err suspicion_read_state(struct query **sent, int64_t session, const char *person, struct suspicion_state *out,
			      struct error *error)
{
	enum err err = ERR_OK;

	*out = (struct suspicion_state){ .closed_at = TIME_NONE };
	while (query_fetch_row(sent, &err, error)) {
		const char *act = row_is_null(*sent, 3) ? "" : row_text_view(*sent, 3);
		const bool kept = !strcmp(act, suspicion_act_text(SUSPICION_REVOKE)), open = row_is_null(*sent, 1);

		out->session_has_suspicion = out->session_has_suspicion || row_int(*sent, 0) == session;
		out->open = out->open || open;
		out->is_kept = out->is_kept || kept;
		out->is_open_unkept = out->is_open_unkept || (open && !kept);
		out->is_open_allowed = out->is_open_allowed || (open && !kept && *act);
		if (!open && *person && !strcmp(row_text_view(*sent, 2), person) && row_time(*sent, 1) > out->closed_at)
			out->closed_at = row_time(*sent, 1);
	}
	return err;
}

enum err store_suspicion_state_read(struct store *store, int64_t session, const char *person,
				    struct suspicion_state *out, struct error *error)
{
	struct query *query = NULL;
	enum err err = suspicion_send_query(store, session, person, &query, error);

	if (!err)
		err = suspicion_read_state(&query, session, person, out, error);
	query_end(query);
	return err;
}
