#include "kybdesk/store/intake.h"
#include "rows.h"
#include "statements.h"

enum { NOTE, OF, LIST };
static const struct sql statements[] = {
	[NOTE] = { "intake.note",
		   "INSERT INTO session_intake (session_id, actor, what, at) VALUES ($1, $2, $3, $4) "
		   "ON CONFLICT (session_id, actor, what) DO UPDATE SET at = excluded.at" },
	/* Data submitted about a party counts for the parent case, too. */
	[OF] = { "intake.of", "SELECT 1 FROM session_intake WHERE actor = $2 AND session_id IN ($1, "
			      "(SELECT parent_id FROM session WHERE id = $1)) LIMIT 1" },
	[LIST] = { "intake.list", "SELECT actor, what, at FROM session_intake WHERE session_id = $1 "
				  "ORDER BY actor, what" },
};
const struct sql_list intake_sql = SQL_LIST(statements);

enum err store_intake_note(struct store *store, int64_t session, const struct intake *intake, struct error *error)
{
	return db_run(store->db, &statements[NOTE],
		      PARAMS(db_int(session), db_text(intake->actor), db_text(intake->what), db_int(intake->at)),
		      error);
}

enum err store_intake_of(struct store *store, int64_t session, const char *actor, bool *any, struct error *error)
{
	return db_finds(store->db, &statements[OF], PARAMS(db_int(session), db_text(actor)), any, error);
}

enum err store_intake_list(struct store *store, struct arena *arena, int64_t session, struct intake_list *out,
			   struct error *error)
{
	struct query *query = NULL;
	size_t capacity = 0;
	*out = (struct intake_list){ 0 };
	enum err err = db_select(store->db, &statements[LIST], PARAMS(db_int(session)), &query, error);

	while (query_row(query, &err, error))
		*ARENA_PUSH(arena, out->items, out->count, capacity) =
			(struct intake){ .actor = row_text(query, 0, arena),
					 .what = row_text(query, 1, arena),
					 .at = row_int(query, 2) };
	query_end(query);
	return err;
}
