/* A merchant's own events, their deliveries, and their replay. */
#include "kybdesk/base/text.h"
#include "kybdesk/domain/endpoint.h"
#include "generic/generic.h"

#include <string.h>

#define PAGE_MAX 100

static const char *query_type(struct request *r)
{
	const char *type = request_query(r, "type");
	size_t count;
	const char *const *names = endpoint_event_names(&count);

	for (size_t i = 0; type && i < count; i++) {
		if (!strcmp(names[i], type))
			return type;
	}
	if (type && strcmp(type, ENDPOINT_TEST_EVENT) != 0)
		request_fault(r, "type", "\"%s\" is not an event name such as kyc.state_updated", type);
	return type;
}

static struct json_value *event_json(const struct event_item *item)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", item->id);
	json_set_text(out, "type", item->type);
	json_set_text_or_null(out, "session_id", item->session_id);
	json_set_time(out, "created_at", item->created_at);
	json_set_raw(out, "payload", item->body);
	return out;
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct outside_event_query query = { .session_id = request_query(r, "session_id"),
					     .type = query_type(r),
					     .from = request_time(r, "created_from"),
					     .until = request_time(r, "created_to"),
					     .after = request_query(r, "cursor"),
					     .limit = (size_t)request_int(r, "limit", 1, PAGE_MAX, 20) };
	struct outside_event_page page;
	struct json_value *body;
	char id[UUID_TEXT_SIZE];
	enum err err;

	if (query.session_id && !uuid_normalise(query.session_id, id))
		request_fault(r, "session_id", "\"%s\" is not a session id", query.session_id);
	else if (query.session_id)
		query.session_id = id;
	err = request_check(r, error);
	if (!err)
		err = desk_outside_events(r->desk, &r->arena, &query, &page, error);
	if (err)
		return err;
	body = json_new_object();
	JSON_SET_EACH(body, "data", i, page.count, event_json(&page.items[i]));
	json_set_text_or_null(body, "next_cursor", page.next);
	return answer_json(r, 200, body);
}

static enum err handle_get(struct request *r, struct error *error)
{
	struct event_item item;
	enum err err = desk_outside_event(r->desk, &r->arena, r->arguments[0], &item, error);

	return err ? err : answer_json(r, 200, event_json(&item));
}

static struct json_value *attempt_json(struct request *r, const struct delivery_attempt *attempt)
{
	struct json_value *out = json_new_object();

	json_set_int(out, "number", attempt->number);
	json_set_time(out, "started_at", attempt->started_at);
	json_set_int(out, "duration_ms", attempt->duration_ms);
	if (attempt->status)
		json_set_int(out, "status", attempt->status);
	else
		json_set_null(out, "status");
	json_set_text_or_null(out, "failure", text_safe(&r->arena, attempt->failure, TEXT_UTF8));
	/* A receiver's response may hold any bytes. */
	json_set_text_or_null(out, "response", text_safe(&r->arena, attempt->response, TEXT_UTF8));
	return out;
}

static struct json_value *delivery_json(struct request *r, const struct webhook_view *view, size_t at)
{
	const struct delivery_item *item = &view->deliveries[at];
	struct json_value *out = json_new_object();

	json_set_text(out, "id", item->delivery);
	json_set_text_or_null(out, "endpoint_id", item->endpoint_id);
	json_set_text_or_null(out, "url", item->endpoint_url);
	json_set_text(out, "state", delivery_state_text(item->state));
	json_set_text_or_null(out, "explanation", item->note);
	json_set_time(out, "created_at", item->created_at);
	json_set_time(out, "next_attempt_at", item->next_at);
	json_set_time(out, "finished_at", item->finished_at);
	JSON_SET_EACH(out, "attempts", i, view->attempt_counts[at], attempt_json(r, &view->attempts[at][i]));
	return out;
}

static enum err handle_deliveries(struct request *r, struct error *error)
{
	struct webhook_view view;
	struct json_value *body;
	enum err err = desk_outside_deliveries(r->desk, &r->arena, r->arguments[0], &view, error);

	if (err)
		return err;
	body = json_new_object();
	JSON_SET_EACH(body, "data", i, view.count, delivery_json(r, &view, i));
	return answer_json(r, 200, body);
}

static enum err handle_replay(struct request *r, struct error *error)
{
	const struct replay_request replay = { .event = r->arguments[0], .until = TIME_NONE, .expected = -1 };
	struct json_value *body;
	struct use_out out;
	enum err err = API_DO(r, &out, error, .verb = VERB_WEBHOOK_REPLAY, .replay = &replay);

	if (err)
		return err;
	body = json_new_object();
	json_set_text(body, "event_id", r->arguments[0]);
	json_set_int(body, "deliveries", out.replayed.deliveries);
	return answer_json(r, 202, body);
}

static const struct route rows[] = {
	{ ROUTE_READ, .path = "/v1/events",
	  .query = "type:text session_id:uuid created_from:time created_to:time limit:int cursor:text",
	  .response = "200:Events", .answer = handle_list,
	  .summary = "List the merchant's events, newest first, with filters and pages" },
	{ ROUTE_READ, .path = "/v1/events/{event}", .response = "200:Event", .answer = handle_get,
	  .summary = "Get an event with its payload" },
	{ ROUTE_READ, .path = "/v1/events/{event}/deliveries", .response = "200:Deliveries",
	  .answer = handle_deliveries, .summary = "List the deliveries of an event, each with its attempts" },
	{ ROUTE_CREATE, .path = "/v1/events/{event}/replay", .response = "202:Replayed",
	  .verb = VERB_WEBHOOK_REPLAY, .answer = handle_replay,
	  .summary = "Send an event again, with the same id and payload" },
};
const struct routes routes_events = { rows, sizeof rows / sizeof *rows, DIALECT_GENERIC };
