/* Exchange of a key for a token, and the webhook endpoints of a merchant. */
#include "encode.h"
#include "kybdesk/domain/endpoint.h"
#include "ralio/ralio.h"
#include "shape.h"

static enum err handle_login(struct request *r, struct error *error)
{
	const struct login login = { .api_code = body_require_text(r, "api_code"),
				     .api_key = body_require_text(r, "api_key") };
	struct strbuf token = STRBUF_INIT;
	int64_t expires_at = TIME_NONE;
	enum err err = request_check_faults(r, error);

	if (!err)
		err = desk_login(r->desk, &login, &token, &expires_at, error);
	if (!err && !token.len) {
		r->answer.delayed = true;
		err = request_refuse(r, 401, "unauthorized", error, "api_code and api_key do not match");
	}
	if (!err)
		err = answer_json(r, 200, BODY(Token, .token = AS_TEXT(token.buf), .expiresAt = AS_TIME(expires_at)));
	strbuf_wipe(&token);
	return err;
}

static struct json_value *endpoint_json(const struct endpoint *endpoint)
{
	return BODY(Webhook, .id = AS_TEXT(endpoint->id), .url = AS_TEXT(endpoint->url),
		    .events = json_new_texts(endpoint->events, endpoint->event_count),
		    .enabled = AS_BOOL(!endpoint->disabled), .createdAt = AS_TIME(endpoint->created_at));
}

static enum err handle_add_endpoint(struct request *r, struct error *error)
{
	struct strbuf secret = STRBUF_INIT;
	struct endpoint endpoint;
	struct json_value *body;
	enum err err = endpoint_add_from_body(r, &secret, &endpoint, error);

	if (!err) {
		body = endpoint_json(&endpoint);
		json_set_text(body, "secret", secret.buf);
		err = answer_json(r, 201, body);
	}
	strbuf_wipe(&secret);
	return err;
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct json_value *data;
	struct endpoint *items;
	size_t count;
	enum err err = desk_external_endpoints(r->desk, &r->arena, &items, &count, error);

	if (err)
		return err;
	data = json_new_array();
	for (size_t i = 0; i < count; i++)
		if (!items[i].disabled)
			json_append(data, endpoint_json(&items[i]));
	return answer_json(r, 200, BODY(Webhooks, .data = data));
}

static enum err handle_remove_endpoint(struct request *r, struct error *error)
{
	enum err err = API_DO_IGNORE_RESULT(r, error, .verb = VERB_ENDPOINT_DISABLE, .part = r->arguments[0],
					    .reason = ENDPOINT_REMOVED_BY_MERCHANT);

	return err ? err : answer_empty(r, 204);
}

static const struct route rows[] = {
	{ ROUTE_POST(PERMIT_NOT_NEEDED), .path = "/api/v1/auth/login", .body_shape = "Login", .response = "200:Token",
	  .verb = READ_ONLY, .failed_login_member = "api_code", .handle = handle_login,
	  .summary = "Exchange an API key for a temporary token" },
	{ ROUTE_CREATE, .path = "/api/v1/webhooks", .body_shape = "WebhookNew", .response = "201:WebhookWithSecret",
	  .verb = VERB_ENDPOINT_ADD, .handle = handle_add_endpoint,
	  .summary = "Register an endpoint; only this response shows its secret" },
	{ ROUTE_READ, .path = "/api/v1/webhooks", .response = "200:Webhooks", .handle = handle_list,
	  .summary = "List the endpoints" },
	{ ROUTE_DELETE, .path = "/api/v1/webhooks/{webhookId}", .response = "204", .verb = VERB_ENDPOINT_DISABLE,
	  .handle = handle_remove_endpoint, .summary = "Remove an endpoint" },
};
const struct routes routes_ralio_login = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
