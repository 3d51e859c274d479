/* A merchant's own webhook endpoints. */
#include "kybdesk/domain/endpoint.h"
#include "encode.h"
#include "generic/generic.h"
#include "shape.h"

#define OVERLAP_DEFAULT_H 24

/* secret: shown once; NULL: not shown. */
static struct json_value *endpoint_json(const struct endpoint *endpoint, const struct strbuf *secret)
{
	struct json_value *out =
		BODY("Endpoint", AS_TEXT(endpoint->id), AS_TEXT(endpoint->url),
		     json_texts(endpoint->events, endpoint->event_count), AS_BOOL(!endpoint->disabled),
		     AS_TEXT(endpoint->disabled ? endpoint->disabled_reason : ""), AS_TIME(endpoint->held_until),
		     AS_TIME(endpoint->old_secret_until), AS_TIME(endpoint->created_at));

	if (secret)
		json_set_text(out, "secret", secret->buf);
	return out;
}

static enum err answer_endpoint(struct request *r, int status, const char *id, const struct strbuf *secret,
				struct error *error)
{
	struct endpoint endpoint;
	enum err err = desk_outside_endpoint(r->desk, &r->arena, id, &endpoint, error);

	return err ? err : answer_json(r, status, endpoint_json(&endpoint, secret));
}

static enum err handle_create(struct request *r, struct error *error)
{
	struct strbuf secret = STRBUF_INIT;
	struct endpoint endpoint;
	enum err err = endpoint_new(r, &secret, &endpoint, error);

	if (!err)
		err = answer_endpoint(r, 201, endpoint.id, &secret, error);
	strbuf_wipe(&secret);
	return err;
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct endpoint *items;
	size_t count;
	enum err err = desk_outside_endpoints(r->desk, &r->arena, &items, &count, error);

	if (err)
		return err;
	JSON_LIST(data, i, count, endpoint_json(&items[i], NULL));
	return answer_json(r, 200, BODY("Endpoints", data));
}

static enum err handle_get(struct request *r, struct error *error)
{
	return answer_endpoint(r, 200, r->arguments[0], NULL, error);
}

static enum err handle_change(struct request *r, struct error *error)
{
	const char *events[BODY_EVENTS_MAX];
	struct endpoint_change changes = {
		.url = body_text(r, "url"), .events = events, .at_once = -1, .per_minute = -1
	};
	enum err err;

	if (body_value(r, "events"))
		changes.event_count = body_events(r, events);
	if (body_value(r, "enabled"))
		changes.enabled = body_bool(r, "enabled", false) ? CHOICE_YES : CHOICE_NO;
	err = request_check(r, error);
	if (!err && !changes.url && !changes.event_count && changes.enabled == CHOICE_DEFAULT)
		err = error_set(error, ERR_INVALID, "Nothing to change; send url, events or enabled");
	if (!err)
		err = API_RUN(r, error, .verb = VERB_ENDPOINT_EDIT, .part = r->arguments[0], .changes = &changes);
	if (err)
		request_place(error, "event", "events");
	return err ? err : answer_endpoint(r, 200, r->arguments[0], NULL, error);
}

static enum err handle_delete(struct request *r, struct error *error)
{
	enum err err = API_RUN(r, error, .verb = VERB_ENDPOINT_REMOVE, .part = r->arguments[0],
			       .reason = ENDPOINT_REMOVED_BY_MERCHANT);

	return err ? err : answer_nothing(r, 204);
}

static enum err handle_rotate(struct request *r, struct error *error)
{
	int64_t hours = body_int(r, "overlap_hours", OVERLAP_DEFAULT_H);
	struct strbuf secret = STRBUF_INIT;
	enum err err = request_check(r, error);

	if (!err)
		err = API_RUN(r, error, .verb = VERB_ENDPOINT_ROTATE, .part = r->arguments[0], .hours = hours,
			      .into = &secret);
	if (!err)
		err = answer_endpoint(r, 200, r->arguments[0], &secret, error);
	strbuf_wipe(&secret);
	return err;
}

#define ENDPOINTS "/v1/webhook_endpoints"

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = ENDPOINTS, .takes = "EndpointNew", .response = "201:EndpointWithSecret",
	  .verb = VERB_ENDPOINT_ADD, .answer = handle_create,
	  .summary = "Create a webhook endpoint; only this response shows its secret" },
	{ ROUTE_READ, .path = ENDPOINTS, .response = "200:Endpoints", .answer = handle_list,
	  .summary = "List the webhook endpoints, oldest first" },
	{ ROUTE_READ, .path = ENDPOINTS "/{endpoint_id}", .response = "200:Endpoint", .answer = handle_get,
	  .summary = "Get a webhook endpoint" },
	{ ROUTE_CHANGE, .path = ENDPOINTS "/{endpoint_id}", .takes = "EndpointChange", .response = "200:Endpoint",
	  .verb = VERB_ENDPOINT_EDIT, .answer = handle_change,
	  .summary = "Change the address or the events of a webhook endpoint, or disable or enable it" },
	{ ROUTE_DELETE, .path = ENDPOINTS "/{endpoint_id}", .response = "204", .verb = VERB_ENDPOINT_REMOVE,
	  .answer = handle_delete,
	  .summary = "Delete a webhook endpoint; its pending deliveries are kept as unsent" },
	{ ROUTE_CREATE, .path = ENDPOINTS "/{endpoint_id}/rotate_secret", .takes = "SecretRotation",
	  .response = "200:EndpointWithSecret", .verb = VERB_ENDPOINT_ROTATE, .answer = handle_rotate,
	  .summary = "Create a new secret; the previous secret also signs for overlap_hours" },
};
const struct routes routes_endpoints = { rows, sizeof rows / sizeof *rows, DIALECT_GENERIC };
