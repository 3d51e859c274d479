/* Endpoints and deliveries, as an administrator and a case see them. */
#include "use/caller.h"
#include "kybdesk/base/digest.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/store/outbox.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_BYTES 32

static enum err events_check(const char *const *events, size_t count, struct error *error)
{
	if (!count)
		return error_set_field(error, ERR_INVALID, "event",
				       "an endpoint subscribes to at least one event, or to * for all");
	for (size_t i = 0; i < count; i++) {
		enum err err = endpoint_event_check(events[i], error);
		if (err)
			return err;
		for (size_t j = 0; j < i; j++)
			if (!strcmp(events[i], events[j]))
				return error_set_field(error, ERR_INVALID, "event", "'%s' stands twice", events[i]);
	}
	return ERR_OK;
}

static void make_secret(const struct desk *desk, struct strbuf *secret)
{
	uint8_t bytes[SECRET_BYTES];

	world_random(desk->world, bytes, sizeof bytes);
	strbuf_reset(secret);
	strbuf_adds(secret, "whsec_");
	base64_encode(secret, bytes, sizeof bytes);
	secret_wipe(bytes, sizeof bytes);
}

/* Reads part: the merchant; url, events, event_count; into: the secret, this once (wipe it). */
enum err use_endpoint_add(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	const struct use_in *in = use->in;
	char id[UUID_TEXT_SIZE];
	enum err err = caller_check_merchant(use->desk, in->part ? in->part : "", "merchant",
					     in->part ? in->part : "", error);

	if (!err)
		err = endpoint_url_check(in->url ? in->url : "", use->desk->store->sandbox, error);
	if (!err)
		err = events_check(in->events, in->event_count, error);
	if (err)
		return err;
	uuid_new(use->desk->world, id);
	*out = (struct endpoint){ .id = arena_strdup(use->arena, id),
				  .merchant = arena_strdup(use->arena, in->part ? in->part : ""),
				  .url = arena_strdup(use->arena, in->url),
				  .disabled_reason = "",
				  .created_at = use->now };
	out->events = arena_alloc_array(use->arena, in->event_count, sizeof *out->events);
	for (size_t i = 0; i < in->event_count; i++)
		out->events[i] = arena_strdup(use->arena, in->events[i]);
	out->event_count = in->event_count;
	make_secret(use->desk, in->into);
	json_set_text(use->detail, "endpoint", out->id);
	json_set_text(use->detail, "merchant", out->merchant);
	json_set_text(use->detail, "url", out->url);
	err = store_endpoint_insert(use->desk->store, out, in->into->buf, out->created_at, error);
	if (err)
		strbuf_wipe(in->into);
	return err;
}

enum err desk_endpoints(struct desk *desk, struct arena *arena, const char *merchant, struct endpoint **items,
			size_t *count, struct error *error)
{
	struct endpoint_list found = { 0 };
	enum err err = store_endpoint_list(desk->store, arena, merchant, &found, error);

	*items = found.items;
	*count = found.count;
	return err;
}

/* Reads part: the endpoint; reason. */
enum err use_endpoint_disable(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	const char *reason = use->in->reason ? use->in->reason : "";
	enum err err =
		store_endpoint_find(use->desk->store, use->arena, use->in->part ? use->in->part : "", out, error);

	if (!err)
		err = caller_check_merchant(use->desk, out->merchant, "endpoint", use->in->part, error);
	if (!err && out->disabled)
		err = error_set(error, ERR_BLOCKED, "The endpoint %s is disabled already%s%s", out->id,
				*out->disabled_reason ? ": " : "", out->disabled_reason);
	if (err)
		return err;
	out->disabled = true;
	out->disabled_reason = arena_strdup(use->arena, reason);
	json_set_text(use->detail, "endpoint", out->id);
	json_set_text(use->detail, "reason", reason);
	return store_endpoint_disable(use->desk->store, out->row, reason, use->now, error);
}

static enum err cursor_read(const char *after, int64_t *row, struct error *error)
{
	char *end;

	*row = 0;
	if (!after || !*after)
		return ERR_OK;
	*row = strtoll(after, &end, 10);
	if (*end || *row <= 0)
		return error_set_field(error, ERR_INVALID, "after",
				       "'%s' is no cursor; take the one printed as next", after);
	return ERR_OK;
}

enum err desk_webhooks(struct desk *desk, struct arena *arena, const struct webhook_query *query,
		       struct delivery_item **items, size_t *count, const char **next, struct error *error)
{
	struct delivery_filter filter = { .session_id = "",
					  .merchant = query->merchant ? query->merchant : "",
					  .states = query->states,
					  .limit = query->limit + 1,
					  .now = desk_now(desk) };
	struct delivery_list found;
	int64_t row;
	struct session session;
	enum err err = cursor_read(query->after, &filter.after, error);

	*next = "";
	if (err)
		return err;
	if (query->session && *query->session) {
		err = store_session_find(desk->store, query->session, &row, error);
		if (!err)
			err = store_session_load(desk->store, arena, row, &session, error);
		if (err)
			return err;
		filter.session_id = session.id;
	}
	err = store_delivery_list(desk->store, arena, &filter, &found, error);
	*items = found.items;
	*count = found.count;
	if (!err && *count > query->limit) {
		*count = query->limit;
		*next = arena_printf(arena, "%lld", (long long)(*items)[*count - 1].row);
	}
	return err;
}

enum err desk_webhook(struct desk *desk, struct arena *arena, const char *reference, struct webhook_view *out,
		      struct error *error)
{
	struct stored_event event;
	struct strbuf body = STRBUF_INIT;
	enum err err = store_event_find(desk->store, arena, reference, desk_now(desk), &event, error);

	/* Nobody who looks needs what lets a client in. */
	if (!err)
		err = link_placeholders_fill(&body, event.body, event.body_length,
					     &(struct link_places){ event.link_mark, NULL,
								    event.count ? event.items[0].session_id : "" },
					     error);
	if (!err) {
		out->deliveries = event.items;
		out->count = event.count;
		out->body_length = body.len;
		out->body = strbuf_to_arena(&body, arena);
	}
	strbuf_release(&body);
	if (err)
		return err;
	out->attempts = arena_alloc_array(arena, out->count, sizeof *out->attempts);
	out->attempt_counts = arena_alloc_array(arena, out->count, sizeof *out->attempt_counts);
	for (size_t i = 0; i < out->count && !err; i++) {
		struct delivery_attempts made = { 0 };

		err = store_delivery_attempts(desk->store, arena, out->deliveries[i].row, &made, error);
		out->attempts[i] = made.items;
		out->attempt_counts[i] = made.count;
	}
	return err;
}

enum err desk_webhook_counts(struct desk *desk, int64_t *due, int64_t *dead, struct error *error)
{
	return store_delivery_counts(desk->store, desk_now(desk), due, dead, error);
}
