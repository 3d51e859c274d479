/* A merchant's own events, their deliveries, and their replay. */
#include "kybdesk/base/text.h"
#include "kybdesk/domain/endpoint.h"
#include "generic/generic.h"
#include "shape.h"
#include "encode.h"

#include <string.h>

#define PAGE_SIZE_MAX 100

static const char *read_event_type(struct request *r)
{
	const char *type = request_query(r, "type");
	size_t count;
	const char *const *names = endpoint_event_names(&count);

	if (type && !texts_contain(names, count, type) && strcmp(type, ENDPOINT_TEST_EVENT) != 0)
		request_add_fault(r, "type", "\"%s\" is not an event name such as kyc.state_updated", type);
	return type;
}

static struct json_value *event_json(const struct event_item *item)
{
	return BODY(Event, .id = AS_TEXT(item->id), .type = AS_TEXT(item->type),
		    .session_id = AS_TEXT(item->session_id), .created_at = AS_TIME(item->created_at),
		    .payload = AS_RAW(item->body));
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct external_event_query query = { .session_id = request_query(r, "session_id"),
					      .type = read_event_type(r),
					      .from = request_time(r, "created_from"),
					      .until = request_time(r, "created_to"),
					      .delivered = request_query(r, "delivered"),
					      .after = request_query(r, "cursor"),
					      .limit = (size_t)request_int(r, "limit", 1, PAGE_SIZE_MAX, 20) };
	struct external_event_page page;
	char id[UUID_TEXT_SIZE];
	enum err err;

	if (query.session_id && !uuid_normalise(query.session_id, id))
		request_add_fault(r, "session_id", "\"%s\" is not a session id", query.session_id);
	else if (query.session_id)
		query.session_id = id;
	(void)request_bool(r, "delivered");
	err = request_check_faults(r, error);
	if (!err)
		err = desk_external_events(r->desk, &r->arena, &query, &page, error);
	if (err)
		return err;
	JSON_LIST(data, i, page.count, event_json(&page.items[i]));
	return answer_json(r, 200, BODY(Events, .data = data, .next_cursor = AS_TEXT(page.next)));
}

static enum err handle_get(struct request *r, struct error *error)
{
	struct event_item item;
	enum err err = desk_external_event(r->desk, &r->arena, r->arguments[0], &item, error);

	return err ? err : answer_json(r, 200, event_json(&item));
}

static struct json_value *attempt_json(struct request *r, const struct delivery_attempt *attempt)
{
	/* Makes the texts valid UTF-8, because a receiver's response may contain any bytes. */
	return BODY(DeliveryAttempt, .number = AS_INT(attempt->number), .started_at = AS_TIME(attempt->started_at),
		    .duration_ms = AS_INT(attempt->duration_ms),
		    .status = attempt->status ? AS_INT(attempt->status) : AS_NULL,
		    .failure = AS_TEXT(text_safe_copy(&r->arena, attempt->failure, TEXT_UTF8)),
		    .response = AS_TEXT(text_safe_copy(&r->arena, attempt->response, TEXT_UTF8)));
}

static struct json_value *delivery_json(struct request *r, const struct webhook_view *view, size_t at)
{
	const struct delivery_item *item = &view->deliveries[at];

	JSON_LIST(attempts, i, view->attempt_counts[at], attempt_json(r, &view->attempts[at][i]));
	return BODY(Delivery, .id = AS_TEXT(item->delivery_id), .endpoint_id = AS_TEXT(item->endpoint_id),
		    .url = AS_TEXT(item->endpoint_url), .state = AS_TEXT(delivery_state_text(item->state)),
		    .explanation = AS_TEXT(item->note), .created_at = AS_TIME(item->created_at),
		    .next_attempt_at = AS_TIME(item->next_at), .finished_at = AS_TIME(item->finished_at),
		    .attempts = attempts);
}

static enum err handle_deliveries(struct request *r, struct error *error)
{
	struct webhook_view view;
	enum err err = desk_webhook(r->desk, &r->arena, r->arguments[0], &view, error);

	if (err)
		return err;
	JSON_LIST(data, i, view.count, delivery_json(r, &view, i));
	return answer_json(r, 200, BODY(Deliveries, .data = data));
}

static enum err handle_replay_events(struct request *r, struct error *error)
{
	const char *event = r->arguments[0];
	const struct replay_request replay = { .event = event, .until = TIME_NONE, .expected_count = -1 };
	struct use_out out;
	enum err err = API_DO(r, &out, error, .verb = VERB_WEBHOOK_REPLAY, .replay = &replay);

	return err ? err
		   : answer_json(r, 202,
				 BODY(Replayed, .event_id = AS_TEXT(event),
				      .deliveries = AS_INT(out.replay_totals.deliveries)));
}

static const struct route rows[] = {
	{ ROUTE_READ, .path = "/v1/events",
	  .query = "type:text session_id:uuid created_from:time created_to:time delivered:bool limit:int cursor:text",
	  .response = "200:Events", .handle = handle_list,
	  .summary = "List the merchant's events, newest first, with filters and pages" },
	{ ROUTE_READ, .path = "/v1/events/{event}", .response = "200:Event", .handle = handle_get,
	  .summary = "Get an event with its payload" },
	{ ROUTE_READ, .path = "/v1/events/{event}/deliveries", .response = "200:Deliveries",
	  .handle = handle_deliveries, .summary = "List the deliveries of an event, each with its attempts" },
	{ ROUTE_CREATE, .path = "/v1/events/{event}/replay", .response = "202:Replayed", .verb = VERB_WEBHOOK_REPLAY,
	  .handle = handle_replay_events, .summary = "Send an event again, with the same id and payload" },
};
const struct routes routes_events = { rows, sizeof rows / sizeof *rows, DIALECT_GENERIC };

/* --- a merchant's own webhook endpoints --- */

#define OVERLAP_DEFAULT_H 24

/* secret: NULL except in the response that creates the secret. */
static struct json_value *endpoint_json(const struct endpoint *endpoint, const struct strbuf *secret)
{
	struct json_value *out = BODY(Endpoint, .id = AS_TEXT(endpoint->id), .url = AS_TEXT(endpoint->url),
				      .events = json_new_texts(endpoint->events, endpoint->event_count),
				      .enabled = AS_BOOL(!endpoint->disabled),
				      .disabled_reason = AS_TEXT(endpoint->disabled ? endpoint->disabled_reason : ""),
				      .paused_until = AS_TIME(endpoint->paused_until),
				      .previous_secret_until = AS_TIME(endpoint->old_secret_until),
				      .created_at = AS_TIME(endpoint->created_at));

	if (secret)
		json_set_text(out, "secret", secret->buf);
	return out;
}

static enum err answer_endpoint(struct request *r, int status, const char *id, const struct strbuf *secret,
				struct error *error)
{
	struct endpoint endpoint;
	enum err err = desk_external_endpoint(r->desk, &r->arena, id, &endpoint, error);

	return err ? err : answer_json(r, status, endpoint_json(&endpoint, secret));
}

static enum err handle_create(struct request *r, struct error *error)
{
	struct strbuf secret = STRBUF_INIT;
	struct endpoint endpoint;
	enum err err = endpoint_add_from_body(r, &secret, &endpoint, error);

	if (!err)
		err = answer_endpoint(r, 201, endpoint.id, &secret, error);
	strbuf_wipe(&secret);
	return err;
}

static enum err handle_endpoints(struct request *r, struct error *error)
{
	struct endpoint *items;
	size_t count;
	enum err err = desk_external_endpoints(r->desk, &r->arena, &items, &count, error);

	if (err)
		return err;
	JSON_LIST(data, i, count, endpoint_json(&items[i], NULL));
	return answer_json(r, 200, BODY(Endpoints, .data = data));
}

static enum err handle_endpoint(struct request *r, struct error *error)
{
	return answer_endpoint(r, 200, r->arguments[0], NULL, error);
}

static enum err handle_change_endpoint(struct request *r, struct error *error)
{
	const char *events[BODY_EVENTS_MAX];
	struct endpoint_change changes = {
		.url = body_text(r, "url"), .events = events, .max_concurrency = -1, .deliveries_per_minute = -1
	};
	enum err err;

	if (body_value(r, "events"))
		changes.event_count = body_event_names(r, events);
	if (body_value(r, "enabled"))
		changes.enabled = body_bool(r, "enabled", false) ? CHOICE_YES : CHOICE_NO;
	err = request_check_faults(r, error);
	if (!err && !changes.url && !changes.event_count && changes.enabled == CHOICE_DEFAULT)
		err = error_set(error, ERR_INVALID, "Nothing to change; send url, events or enabled");
	if (!err)
		err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_ENDPOINT_EDIT, .part = r->arguments[0],
					   .changes = &changes);
	if (err)
		request_rename_field(error, "event", "events");
	return err ? err : answer_endpoint(r, 200, r->arguments[0], NULL, error);
}

static enum err handle_delete(struct request *r, struct error *error)
{
	enum err err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_ENDPOINT_REMOVE, .part = r->arguments[0],
					    .reason = ENDPOINT_REMOVED_BY_MERCHANT);

	return err ? err : answer_empty(r, 204);
}

static enum err handle_rotate_secret(struct request *r, struct error *error)
{
	int64_t hours = body_int(r, "overlap_hours", OVERLAP_DEFAULT_H);
	struct strbuf secret = STRBUF_INIT;
	enum err err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_ENDPOINT_ROTATE, .part = r->arguments[0],
					    .hours = hours, .content_out = &secret);

	if (!err)
		err = answer_endpoint(r, 200, r->arguments[0], &secret, error);
	strbuf_wipe(&secret);
	return err;
}

/* Sends again what the endpoint missed: by default its dead and unsent events. */
static enum err handle_replay_endpoint(struct request *r, struct error *error)
{
	const char *since = body_require_text(r, "since"), *until = body_text(r, "until"),
		   *state = body_text(r, "state");
	struct replay_request replay = { .endpoint = r->arguments[0],
					 .from = *since ? request_parse_time(r, "since", since) : 0,
					 .until = until ? request_parse_time(r, "until", until) : TIME_NONE,
					 .states = 1u << DELIVERY_DEAD | 1u << DELIVERY_UNSENT,
					 .expected_count = -1 };
	enum delivery_state one = DELIVERY_DELIVERED;
	struct use_out out;
	enum err err;

	if (state && delivery_state_parse(state, &one) && (replay.states | 1u << DELIVERY_DELIVERED) & 1u << one)
		replay.states = 1u << one;
	else if (state)
		request_add_fault(r, "state", "\"%s\" cannot be sent again; use delivered, dead or unsent", state);
	err = API_DO(r, &out, error, .verb = VERB_WEBHOOK_REPLAY, .replay = &replay);
	return err ? err
		   : answer_json(r, 202,
				 BODY(EndpointReplayed, .events = AS_INT(out.replay_totals.events),
				      .deliveries = AS_INT(out.replay_totals.deliveries)));
}

#define ENDPOINTS_PATH "/v1/webhook_endpoints"

static const struct route endpoint_rows[] = {
	{ ROUTE_CREATE, .path = ENDPOINTS_PATH, .body_shape = "EndpointNew", .response = "201:EndpointWithSecret",
	  .verb = VERB_ENDPOINT_ADD, .handle = handle_create,
	  .summary = "Create a webhook endpoint; only this response shows its secret" },
	{ ROUTE_READ, .path = ENDPOINTS_PATH, .response = "200:Endpoints", .handle = handle_endpoints,
	  .summary = "List the webhook endpoints, oldest first" },
	{ ROUTE_READ, .path = ENDPOINTS_PATH "/{endpoint_id}", .response = "200:Endpoint", .handle = handle_endpoint,
	  .summary = "Get a webhook endpoint" },
	{ ROUTE_CHANGE, .path = ENDPOINTS_PATH "/{endpoint_id}", .body_shape = "EndpointChange",
	  .response = "200:Endpoint", .verb = VERB_ENDPOINT_EDIT, .handle = handle_change_endpoint,
	  .summary = "Change the address or the events of a webhook endpoint, or disable or enable it" },
	{ ROUTE_DELETE, .path = ENDPOINTS_PATH "/{endpoint_id}", .response = "204", .verb = VERB_ENDPOINT_REMOVE,
	  .handle = handle_delete, .summary = "Delete a webhook endpoint; its pending deliveries are kept as unsent" },
	{ ROUTE_CREATE, .path = ENDPOINTS_PATH "/{endpoint_id}/replay", .body_shape = "EndpointReplay",
	  .response = "202:EndpointReplayed", .verb = VERB_WEBHOOK_REPLAY, .handle = handle_replay_endpoint,
	  .summary = "Send again what the endpoint missed since a time, in one call after an outage" },
	{ ROUTE_CREATE, .path = ENDPOINTS_PATH "/{endpoint_id}/rotate_secret", .body_shape = "SecretRotation",
	  .response = "200:EndpointWithSecret", .verb = VERB_ENDPOINT_ROTATE, .handle = handle_rotate_secret,
	  .summary = "Create a new secret; the previous secret also signs during \"overlap_hours\"" },
};
const struct routes routes_endpoints = { endpoint_rows, sizeof endpoint_rows / sizeof *endpoint_rows, DIALECT_GENERIC };
