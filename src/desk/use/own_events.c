/* The merchant's own events that it may see, for reading and for a replay. */
#include "desk_private.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/outside.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/domain/link_token.h"
#include "kybdesk/store/outbox.h"

#include <string.h>

#define EVENT_ID_LENGTH 36 /* "evt_" and 32 hex digits */

static bool is_merchant(const struct desk *desk)
{
	return desk->caller && desk->caller->as == CAPACITY_MERCHANT;
}

/* Removes the tokens of links: the merchant reads the present link from the session. */
static enum err mask_links(struct arena *arena, struct event_item *item, struct error *error)
{
	struct strbuf body = STRBUF_INIT;
	enum err err =
		link_placeholders_fill(&body, item->body, item->body_length,
				       &(struct link_places){ item->link_mark, NULL, item->session_id }, error);

	if (!err) {
		item->body_length = body.len;
		item->body = strbuf_to_arena(&body, arena);
	}
	strbuf_release(&body);
	return err;
}

enum err desk_outside_event(struct desk *desk, struct arena *arena, const char *id, struct event_item *out,
			    struct error *error)
{
	struct event_filter filter = { .id = id, .limit = 1, .now = desk_now(desk) };
	struct event_list found = { 0 };
	enum err err = ERR_OK;

	if (is_merchant(desk) && strlen(id) == EVENT_ID_LENGTH) {
		filter.merchant = desk->caller->merchant_row;
		err = store_event_list(desk->store, arena, &filter, &found, error);
	}
	if (err)
		return err;
	if (!found.count)
		return error_set(error, ERR_NOT_FOUND, "Unknown event \"%s\"", id);
	*out = found.items[0];
	return mask_links(arena, out, error);
}

enum err desk_outside_events(struct desk *desk, struct arena *arena, const struct outside_event_query *query,
			     struct outside_event_page *out, struct error *error)
{
	struct event_filter filter = { .session_id = query->session_id,
				       .type = query->type,
				       .from = query->from,
				       .until = query->until,
				       .after = query->after,
				       .limit = query->limit + 1,
				       .now = desk_now(desk) };
	struct event_list found = { 0 };
	enum err err = ERR_OK;

	*out = (struct outside_event_page){ .next = "" };
	if (is_merchant(desk)) {
		filter.merchant = desk->caller->merchant_row;
		err = store_event_list(desk->store, arena, &filter, &found, error);
	}
	out->items = found.items;
	out->count = found.count < query->limit ? found.count : query->limit;
	if (!err && found.count > query->limit)
		out->next = found.items[out->count - 1].id;
	for (size_t i = 0; !err && i < out->count; i++)
		err = mask_links(arena, &out->items[i], error);
	return err;
}

/* A note can hold the reason why the desk's staff disabled an endpoint. */
static const char *public_note(const struct delivery_item *item)
{
	static const char *const open[] = { "no endpoint of the merchant is subscribed",
					    "the merchant has no endpoint" };

	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		if (!strncmp(item->note, open[i], strlen(open[i])))
			return item->note;
	}
	return item->state == DELIVERY_UNSENT ? "the endpoint is disabled" : "";
}

/* Removes the desk's own endpoints. */
static void leave_hooks_out(struct webhook_view *view)
{
	size_t count = 0;

	for (size_t i = 0; i < view->count; i++) {
		if (endpoint_hook(view->deliveries[i].endpoint_url))
			continue;
		view->deliveries[count] = view->deliveries[i];
		view->attempts[count] = view->attempts[i];
		view->attempt_counts[count++] = view->attempt_counts[i];
	}
	view->count = count;
}

enum err desk_outside_deliveries(struct desk *desk, struct arena *arena, const char *id, struct webhook_view *out,
				 struct error *error)
{
	struct event_item event;
	enum err err = desk_outside_event(desk, arena, id, &event, error);

	if (!err)
		err = desk_webhook(desk, arena, event.id, out, error);
	if (!err)
		leave_hooks_out(out);
	for (size_t i = 0; !err && i < out->count; i++) {
		out->deliveries[i].note = public_note(&out->deliveries[i]);
		for (size_t j = 0; desk_is_sandbox(desk) && j < out->attempt_counts[i]; j++)
			out->attempts[i][j].response = "";
	}
	return err;
}
