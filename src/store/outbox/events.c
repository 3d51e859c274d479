/* A merchant's own events, as the merchant may see them. */
#include "outbox_rows.h"
#include "columns.h"

#include <string.h>

/* $1 merchant, $2 now */
#define JOIN_VISIBLE_EVENTS                                                                                            \
	"LEFT JOIN session AS s ON s.id = ev.session_id LEFT JOIN decision AS c ON c.id = ev.decision_id "             \
	"WHERE ev.merchant_id = $1 AND (c.id IS NULL OR (c.undone = 0 AND "                                            \
	"(c.held_until IS NULL OR c.held_until <= $2))) AND (s.id IS NULL OR s.hidden = 0) "
STATEMENT(sql_events_after, "events.after",
	  "SELECT ev.created_at, ev.id FROM outbox_event AS ev " JOIN_VISIBLE_EVENTS "AND ev.uuid = $3");

/* $3 from, $4 until, $5 and $6 the key of the previous page's last row, $7 limit */
#define EVENTS "SELECT ev.uuid, ev.type, s.uuid, ev.created_at, ev.body, ev.link_mark FROM outbox_event AS ev "
#define PAGE_CONDITION "AND ev.created_at >= $3 AND ev.created_at < $4 AND (ev.created_at, ev.id) < ($5, $6) "
#define FIXED_PARAMS 7

/* A delivery of the event that its endpoint never received; for a delivery without an endpoint, or with a removed one, any
 * endpoint counts. */
#define MISSED_DELIVERY                                                                                                \
	"SELECT 1 FROM delivery AS d {by delivery_event} LEFT JOIN endpoint AS e ON e.id = d.endpoint_id WHERE "       \
	"d.event_id = ev.id AND "                                                                                      \
	"d.state NOT IN ('delivered', 'cancelled') AND NOT EXISTS (SELECT 1 FROM delivery AS o {by delivery_event} "   \
	"WHERE o.event_id = "                                                                                          \
	"ev.id AND o.state = 'delivered' AND (o.endpoint_id = d.endpoint_id OR e.id IS NULL OR e.removed_at IS NOT "   \
	"NULL))"

struct list_position {
	int64_t created_at, row;
};

static bool is_filter_set(const char *text)
{
	return text && *text;
}

static enum err find_list_position(struct store *store, const struct event_filter *filter, struct list_position *out,
				   struct error *error)
{
	struct query *query = NULL;
	enum err err;

	*out = (struct list_position){ INT64_MAX, INT64_MAX };
	if (!is_filter_set(filter->after))
		return ERR_OK;
	err = db_select(store->db, &sql_events_after,
			PARAMS(db_int(filter->merchant), db_int(filter->now), db_text(filter->after)), &query, error);
	if (query_fetch_row(&query, &err, error))
		*out = (struct list_position){ row_int(query, 0), row_int(query, 1) };
	else if (!err)
		err = error_set_field(error, ERR_INVALID, "cursor",
				      "\"%s\" is not a cursor of this list; use the next_cursor of the previous page",
				      filter->after);
	query_end(query);
	return err;
}

static void write_list_sql(struct strbuf *out, const struct event_filter *filter)
{
	int next = FIXED_PARAMS;

	strbuf_adds(out, EVENTS);
	if (is_filter_set(filter->session_id))
		strbuf_adds(out, "{by outbox_event_session} ");
	else if (!is_filter_set(filter->id))
		strbuf_adds(out, "{by outbox_event_merchant} ");
	strbuf_adds(out, JOIN_VISIBLE_EVENTS PAGE_CONDITION);
	if (is_filter_set(filter->id))
		strbuf_addf(out, "AND ev.uuid = $%d ", ++next);
	if (is_filter_set(filter->session_id))
		strbuf_addf(out, "AND ev.session_id = (SELECT id FROM session WHERE uuid = $%d) ", ++next);
	if (is_filter_set(filter->type))
		strbuf_addf(out, "AND ev.type = $%d ", ++next);
	if (is_filter_set(filter->delivered))
		strbuf_addf(out, "AND %sEXISTS (" MISSED_DELIVERY ") ",
			    strcmp(filter->delivered, "true") ? "" : "NOT ");
	strbuf_adds(out, "ORDER BY ev.created_at DESC, ev.id DESC LIMIT $7");
}

static void bind_filter(struct query *query, const struct event_filter *filter,
			const struct list_position *list_position)
{
	int next = FIXED_PARAMS;

	query_bind(query, PARAMS(db_int(filter->merchant), db_int(filter->now), db_int(filter->from),
				 db_int(filter->until ? filter->until : INT64_MAX), db_int(list_position->created_at),
				 db_int(list_position->row),
				 db_int(filter->limit > INT32_MAX ? INT32_MAX : (int64_t)filter->limit)));
	if (is_filter_set(filter->id))
		query_bind_text(query, ++next, filter->id);
	if (is_filter_set(filter->session_id))
		query_bind_text(query, ++next, filter->session_id);
	if (is_filter_set(filter->type))
		query_bind_text(query, ++next, filter->type);
}

static void read_event(struct query *query, struct arena *arena, struct event_item *out)
{
	const void *bytes;

	*out = (struct event_item){ .id = row_text(query, 0, arena),
				    .type = row_text(query, 1, arena),
				    .session_id = row_text(query, 2, arena),
				    .created_at = row_time(query, 3),
				    .link_mark = row_text(query, 5, arena) };
	bytes = row_blob(query, 4, arena, &out->body_length);
	out->body = arena_strndup(arena, bytes, out->body_length);
}

enum err store_event_list(struct store *store, struct arena *arena, const struct event_filter *filter,
			  struct event_list *out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct query *query = NULL;
	struct list_position list_position;
	size_t capacity = 0;
	enum err err = find_list_position(store, filter, &list_position, error);

	*out = (struct event_list){ 0 };
	if (err)
		return err;
	write_list_sql(&text, filter);
	err = db_query_text(store->db, "events.list", text.buf, &query, error);
	if (!err)
		bind_filter(query, filter, &list_position);
	while (!err && query_fetch_row(&query, &err, error))
		read_event(query, arena, ARENA_PUSH(arena, out->items, out->count, capacity));
	query_end(query);
	strbuf_release(&text);
	return err;
}
