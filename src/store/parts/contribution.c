#include "kybdesk/store/contribution.h"
#include "rows.h"
#include "columns.h"

#include <stdlib.h>
#include <string.h>

#define INSERT_CONTRIBUTION(owner)                                                                                     \
	"INSERT INTO contribution (" owner ", actor, what, part, material, at) VALUES ($1, $2, $3, $4, $5, $6) "       \
	"ON CONFLICT (" owner ", actor, what, part) DO UPDATE SET at = CASE WHEN excluded.part = '" PART_LINK "' "     \
	"THEN contribution.at ELSE excluded.at END"
#define SELECT_CONTRIBUTIONS                                                                                           \
	"SELECT c.actor, c.what, c.part, c.material, c.at, s.uuid FROM session s {then} contribution c "
STATEMENT(sql_note_session, "contribution.note_session", INSERT_CONTRIBUTION("session_id"));
STATEMENT(sql_note_subject, "contribution.note_subject", INSERT_CONTRIBUTION("subject_id"));
STATEMENT(sql_of, "contribution.of",
	  SELECT_CONTRIBUTIONS "ON c.session_id = s.id WHERE s.id = $1 UNION ALL " SELECT_CONTRIBUTIONS
			       "ON c.subject_id = s.subject_id WHERE s.id = $1");
STATEMENT(sql_above, "contribution.above", "SELECT parent_id FROM session WHERE id = $1 AND parent_id IS NOT NULL");
STATEMENT(sql_below, "contribution.below",
	  "SELECT id FROM session WHERE parent_id = $1 UNION ALL SELECT subsession_id FROM party WHERE session_id "
	  "= $1 AND subsession_id IS NOT NULL");
STATEMENT(sql_end_links, "contribution.end_links",
	  "DELETE FROM contribution WHERE session_id = $1 AND part = '" PART_LINK
	  "' AND at > (SELECT coalesce(max(c.at), 0) FROM contribution c WHERE c.session_id = $1 AND c.actor = $2)");

enum err store_contribution_record(struct store *store, const struct contribution *contribution, struct error *error)
{
	const struct contribution *c = contribution;
	bool of_session = c->session_row != 0;

	return db_run(store->db, of_session ? &sql_note_session : &sql_note_subject,
		      PARAMS(db_int(of_session ? c->session_row : c->subject_row), db_text(c->actor),
			     db_text(c->audit_action), db_text(c->part), db_text(material_text(c->material)),
			     db_int(c->at)),
		      error);
}

struct listing {
	struct store *store;
	struct arena *arena;
	struct contribution_list *out;
	size_t capacity;
};

static enum err add_session(struct listing *listing, int64_t session, bool data_alone, struct error *error)
{
	struct arena *arena = listing->arena;
	struct query *query = NULL;
	enum err err = db_select(listing->store->db, &sql_of, PARAMS(db_int(session)), &query, error);

	while (query_fetch_row(&query, &err, error)) {
		struct contribution item = { .actor = row_text(query, 0, arena),
					     .audit_action = row_text(query, 1, arena),
					     .part = row_text(query, 2, arena),
					     .at = row_int(query, 4),
					     .session_id = row_text(query, 5, arena),
					     .done_text = "" };

		if (!material_parse(row_text_view(query, 3), &item.material))
			err = report_damaged_row(listing->store, "contribution", session, "material", error);
		else if (item.material == MATERIAL_DATA || !data_alone)
			*ARENA_PUSH(arena, listing->out->items, listing->out->count, listing->capacity) = item;
	}
	return err;
}

/* Runs the statement for `session` and for each session found, and adds the contributions of each found session
 * once. With sql_below, also adds the contributions of `session`. */
static enum err add_linked_contributions(struct listing *listing, const struct sql *sql, int64_t session,
					 struct error *error)
{
	const struct column_query neighbours = { listing->store, sql, listing->arena };
	struct row_list seen = { 0 };
	size_t capacity = 0;
	enum err err = ERR_OK;

	*ARENA_PUSH(listing->arena, seen.items, seen.count, capacity) = session;
	for (size_t at = 0; !err && at < seen.count; at++) {
		struct row_list next = { 0 };

		if (at || sql == &sql_below)
			err = add_session(listing, seen.items[at], sql == &sql_above, error);
		if (!err)
			err = row_list_load(&neighbours, PARAMS(db_int(seen.items[at])), &next, error);
		for (size_t i = 0; !err && i < next.count; i++) {
			bool known = false;

			for (size_t s = 0; s < seen.count; s++)
				known = known || seen.items[s] == next.items[i];
			if (!known)
				*ARENA_PUSH(listing->arena, seen.items, seen.count, capacity) = next.items[i];
		}
	}
	return err;
}

static int compare_times(const void *a, const void *b)
{
	const struct contribution *one = a, *other = b;
	int order = (one->at > other->at) - (one->at < other->at);

	if (!order)
		order = strcmp(one->actor, other->actor);
	if (!order)
		order = strcmp(one->audit_action, other->audit_action);
	return order ? order : strcmp(one->part, other->part);
}

enum err store_contribution_list(struct store *store, struct arena *arena, int64_t session,
				 struct contribution_list *out, struct error *error)
{
	struct listing listing = { .store = store, .arena = arena, .out = out };
	enum err err;

	*out = (struct contribution_list){ 0 };
	err = add_linked_contributions(&listing, &sql_below, session, error);
	if (!err)
		err = add_linked_contributions(&listing, &sql_above, session, error);
	if (!err && out->count)
		qsort(out->items, out->count, sizeof *out->items, compare_times);
	return err;
}

enum err store_contribution_end_links(struct store *store, int64_t session, const char *client, struct error *error)
{
	return db_run(store->db, &sql_end_links, PARAMS(db_int(session), db_text(client)), error);
}
