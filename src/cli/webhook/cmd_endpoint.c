/* endpoint add, list, edit, rotate, disable, enable, remove, test: manage webhook endpoints. */
#include "../cli_internal.h"
#include "kybdesk/domain/endpoint.h"

#define OVERLAP_DEFAULT_H 24
#define ENDPOINT_ARGUMENT "ENDPOINT", 0, "the endpoint: id or unique id prefix"

static void add_endpoint_members(struct json_value *object, const struct endpoint *endpoint)
{
	JSON_SET(object, JSON_TEXT("id", endpoint->id), JSON_TEXT("merchant", endpoint->merchant),
		 JSON_TEXT("url", endpoint->url),
		 JSON_VALUE("events", json_new_texts(endpoint->events, endpoint->event_count)));
}

static struct json_value *endpoint_json(const struct endpoint *endpoint)
{
	struct json_value *object = json_new_object();
	add_endpoint_members(object, endpoint);
	return JSON_SET(object, JSON_BOOL("disabled", endpoint->disabled),
			JSON_OR_NULL("disabled_reason", endpoint->disabled_reason),
			JSON_TIME("created_at", endpoint->created_at), JSON_INT("at_once", endpoint->max_concurrency),
			JSON_INT("per_minute", endpoint->deliveries_per_minute),
			JSON_TIME("held_until", endpoint->paused_until),
			JSON_TIME("old_secret_until", endpoint->old_secret_until));
}

static enum err print_secret(struct cli *cli, const struct use_out *out, const char *name, const struct strbuf *secret)
{
	const struct endpoint *endpoint = &out->endpoint;
	if (out->is_proposal)
		return cli_print_proposal(cli, name);
	if (cli_is_json(cli)) {
		struct json_value *result = json_new_object();
		add_endpoint_members(result, endpoint);
		json_set_text(result, "secret", secret->buf);
		if (endpoint->old_secret_until != TIME_NONE)
			json_set_time(result, "old_secret_until", endpoint->old_secret_until);
		out_json(&cli->out, result);
		return ERR_OK;
	}
	out_line(&cli->out, "endpoint %s of %s: %s", endpoint->id, endpoint->merchant, endpoint->url);
	out_line(&cli->out, "secret, shown only once: %s", secret->buf);
	if (endpoint->old_secret_until != TIME_NONE)
		out_line(&cli->out, "the previous secret also signs until %s",
			 time_text(&cli->arena, endpoint->old_secret_until));
	return ERR_OK;
}

static enum err run_add(struct cli *cli, struct error *error)
{
	struct use_out out;
	struct strbuf secret = STRBUF_INIT;
	size_t count;
	const char **events = parsed_option_values(&cli->command_line, &cli->arena, "event", &count);
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_ADD, .part = cli_option_text(cli, "merchant"),
			       .url = cli_option_text(cli, "url"), .events = events, .event_count = count,
			       .content_out = &secret);
	if (!err)
		err = print_secret(cli, &out, cli_option_text(cli, "url"), &secret);
	strbuf_wipe(&secret);
	return err;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct endpoint *items;
	struct cli_rows rows;
	size_t count;
	enum err err = desk_endpoints(cli->desk, &cli->arena, cli_option_text(cli, "merchant"), &items, &count, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Id|Merchant:10|URL:16|Events:8|State:8", &rows);
	const char **ids = arena_alloc_array(&cli->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = items[i].id;
	size_t length = cli_short_id_length(ids, count);
	for (size_t i = 0; i < count; i++) {
		if (!cli_row_begin(&rows, items[i].id))
			continue;
		json_append(rows.data, endpoint_json(&items[i]));
		table_addf(rows.table, "%.*s", (int)length, items[i].id);
		TABLE_ADD(rows.table, items[i].merchant, items[i].url,
			  words_join(&cli->arena, items[i].events, items[i].event_count, ", "));
		if (items[i].disabled)
			table_add_styled(rows.table, CELL_WARNING,
					 arena_printf(&cli->arena, "disabled%s%s",
						      *items[i].disabled_reason ? ": " : "", items[i].disabled_reason));
		else if (items[i].paused_until > desk_now(cli->desk))
			table_add_styled(rows.table, CELL_WARNING,
					 arena_printf(&cli->arena, "failing; next attempt in %s",
						      duration_short_text(&cli->arena, items[i].paused_until -
											       desk_now(cli->desk))));
		else
			table_add_styled(rows.table, CELL_OK, "active");
	}
	return cli_rows_end(cli, &rows, "id,merchant,url,events,disabled,disabled_reason,created_at", error);
}

static enum err run_disable(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_DISABLE, .part = parsed_argument(&cli->command_line, 0),
			.reason = cli_option_text(cli, "reason"));
	if (err)
		return err;
	return cli_print_result(cli, endpoint_json(&out.endpoint),
				"endpoint %s (%s) is disabled; no more webhooks are sent to it%s", out.endpoint.id,
				out.endpoint.url,
				out.is_proposal ? "; it is confirmed when another admin runs the same command" : "");
}

static enum err run_remove(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_REMOVE, .part = parsed_argument(&cli->command_line, 0),
			.reason = cli_option_text(cli, "reason"));
	if (err || out.is_proposal)
		return err ? err : cli_print_proposal(cli, out.endpoint.id);
	return cli_print_result(cli, JSON_NEW(JSON_TEXT("id", out.endpoint.id), JSON_BOOL("removed", true)),
				"endpoint %s (%s) is removed; its events are kept", out.endpoint.id, out.endpoint.url);
}

static enum err run_edit(struct cli *cli, struct error *error)
{
	struct endpoint_change changes = { .url = parsed_option_text(&cli->command_line, "url") };
	struct use_out out;
	enum err err;
	changes.events = parsed_option_values(&cli->command_line, &cli->arena, "event", &changes.event_count);
	if ((err = cli_read_number(cli, "at-once", 0, ENDPOINT_CONCURRENCY_MAX, -1, &changes.max_concurrency, error)) ||
	    (err = cli_read_number(cli, "per-minute", 0, ENDPOINT_DELIVERIES_PER_MINUTE_MAX, -1,
				   &changes.deliveries_per_minute, error)) ||
	    (err = CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_EDIT, .part = parsed_argument(&cli->command_line, 0),
			   .changes = &changes)))
		return err;
	if (out.is_proposal)
		return cli_print_proposal(cli, out.endpoint.id);
	return cli_print_result(cli, endpoint_json(&out.endpoint), "endpoint %s of %s: %s, %s", out.endpoint.id,
				out.endpoint.merchant, out.endpoint.url,
				words_join(&cli->arena, out.endpoint.events, out.endpoint.event_count, ", "));
}

static enum err run_rotate(struct cli *cli, struct error *error)
{
	struct use_out out;
	struct strbuf secret = STRBUF_INIT;
	int64_t hours;
	enum err err = cli_read_number(cli, "overlap", 0, 24 * 30, OVERLAP_DEFAULT_H, &hours, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_ROTATE,
			      .part = parsed_argument(&cli->command_line, 0), .hours = hours, .content_out = &secret);
	if (!err)
		err = print_secret(cli, &out, out.endpoint.id, &secret);
	strbuf_wipe(&secret);
	return err;
}

static enum err run_enable(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_ENABLE, .part = parsed_argument(&cli->command_line, 0));
	if (err || out.is_proposal)
		return err ? err : cli_print_proposal(cli, out.endpoint.id);
	if (cli_is_json(cli)) {
		struct json_value *object = endpoint_json(&out.endpoint);
		json_set_int(object, "unsent", out.unsent_count);
		return cli_print_json(cli, object);
	}
	out_line(&cli->out, "endpoint %s (%s) is enabled", out.endpoint.id, out.endpoint.url);
	if (out.unsent_count)
		out_line(&cli->out,
			 "%lld webhook%s unsent; to send them: kybdesk webhook replay --endpoint %s --state unsent",
			 (long long)out.unsent_count, out.unsent_count == 1 ? " is" : "s are", out.endpoint.id);
	return ERR_OK;
}

/* Prints the endpoint's response if this run delivered the event. */
static enum err print_response(struct cli *cli, const char *event, struct error *error)
{
	struct webhook_view view;
	enum err err = desk_webhook(cli->desk, &cli->arena, event, &view, error);
	if (err)
		return err;
	const struct delivery_item *item = &view.deliveries[0];
	const struct delivery_attempt *attempt =
		view.attempt_counts[0] ? &view.attempts[0][view.attempt_counts[0] - 1] : NULL;
	bool arrived = item->state == DELIVERY_DELIVERED;
	if (cli_is_json(cli)) {
		struct json_value *object =
			JSON_NEW(JSON_TEXT("id", item->id), JSON_TEXT("state", delivery_state_text(item->state)));
		if (attempt)
			json_set(object, "attempt", cli_attempt_json(cli, attempt));
		out_json(&cli->out, object);
	} else if (arrived && attempt) {
		out_line(&cli->out, "%s was delivered: HTTP status %d after %lld ms", item->id, attempt->status,
			 (long long)attempt->duration_ms);
	} else {
		out_line(&cli->out, "%s was not delivered: %s", item->id,
			 attempt ? attempt->failure
				 : "another worker is sending the webhook; see its result with: kybdesk webhook "
				   "show");
		if (attempt && *attempt->response)
			out_line(&cli->out, "response: %s", attempt->response);
	}
	if (!arrived)
		cli->status = ERR_BLOCKED;
	return ERR_OK;
}

static enum err run_test(struct cli *cli, struct error *error)
{
	struct use_out out;
	struct deliver_totals totals;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_ENDPOINT_TEST, .part = parsed_argument(&cli->command_line, 0));
	if (!err && parsed_has_option(&cli->command_line, "queue")) {
		return cli_print_result(cli, JSON_NEW(JSON_TEXT("id", out.part_id)),
					"%s is queued for a delivery worker", out.part_id);
	}
	if (!err)
		err = cli_deliver(cli, true, NULL, &totals, error);
	return err ? err : print_response(cli, out.part_id, error);
}

static const struct command rows[] = {
	{ .name = "endpoint add",
	  .summary = "Adds a webhook endpoint of a merchant and prints its secret once",
	  .details = "The address must be https; in a sandbox store also http to this machine.",
	  .verbs = { { VERB_ENDPOINT_ADD, "" } },
	  .example = "endpoint add --merchant northwind-pay --url https://merchant.example/hook --event "
		     "kyc.state_updated",
	  .run = run_add,
	  .options = { { "merchant", "MERCHANT", OPTION_REQUIRED, "the merchant of the events" },
		       { "url", "URL", OPTION_REQUIRED, "the address of the receiver" },
		       { "event", "NAME", OPTION_REPEATABLE | OPTION_REQUIRED,
			 "an event name, or * for all; may be repeated", endpoint_event_names } } },
	{ .name = "endpoint list",
	  .summary = "Lists webhook endpoints, without their secrets",
	  .example = "endpoint list --merchant northwind-pay",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { { "merchant", "MERCHANT", 0, "only endpoints of this merchant" }, PAGE_OPTIONS } },
	{ .name = "endpoint disable",
	  .summary = "Disables an endpoint: no more webhooks are sent",
	  .details = "It acts at once. In production with several admins, doctor names the endpoint until another "
		     "admin confirms with the same command, or enables the endpoint.",
	  .verbs = { { VERB_ENDPOINT_DISABLE, "" } },
	  .example = "endpoint disable 0198c5d2 --reason 'Moved to another host'",
	  .run = run_disable,
	  .arguments = { { ENDPOINT_ARGUMENT } },
	  .options = { { "reason", "TEXT", 0, "why" } } },
	{ .name = "endpoint remove",
	  .summary = "Removes an endpoint; its events and deliveries are kept",
	  .verbs = { { VERB_ENDPOINT_REMOVE, "" } },
	  .example = "endpoint remove 0198c5d2 --reason 'Replaced'",
	  .run = run_remove,
	  .arguments = { { ENDPOINT_ARGUMENT } },
	  .options = { { "reason", "TEXT", 0, "why" } } },
	{ .name = "endpoint edit",
	  .summary = "Changes the address, events and limits of an endpoint",
	  .details = "Pending webhooks are sent to the new address. --event replaces the whole list of events.",
	  .verbs = { { VERB_ENDPOINT_EDIT, "" } },
	  .example = "endpoint edit 0198c5d2 --url https://merchant.example/hook2",
	  .run = run_edit,
	  .arguments = { { ENDPOINT_ARGUMENT } },
	  .options = { { "url", "URL", 0, "the address of the receiver" },
		       { "event", "NAME", OPTION_REPEATABLE, "an event name, or * for all; may be repeated",
			 endpoint_event_names },
		       { "at-once", "N", 0, "webhooks sent at the same time; 0: no separate limit" },
		       { "per-minute", "N", 0, "webhooks per minute; 0: no limit" } } },
	{ .name = "endpoint rotate",
	  .summary = "Creates a new secret of an endpoint and prints it once",
	  .details = "During the hours of --overlap each message is signed with both secrets, so that the receiver "
		     "can switch at any time. With --overlap 0 the old secret becomes invalid at once: use this if "
		     "the old secret has leaked.",
	  .verbs = { { VERB_ENDPOINT_ROTATE, "" } },
	  .example = "endpoint rotate 0198c5d2 --overlap 48",
	  .run = run_rotate,
	  .arguments = { { ENDPOINT_ARGUMENT } },
	  .options = { { "overlap", "HOURS", 0, "hours in which both secrets sign, at most 720; default: 24" } } },
	{ .name = "endpoint enable",
	  .summary = "Enables a disabled endpoint: webhooks are sent again",
	  .details =
		  "Events that waited when the endpoint was disabled, and events created while it was disabled, are "
		  "kept as unsent; send them with kybdesk webhook replay. In production with several admins, a second "
		  "admin confirms with the same command if two admins, or the merchant, disabled the endpoint.",
	  .verbs = { { VERB_ENDPOINT_ENABLE, "" } },
	  .example = "endpoint enable 0198c5d2",
	  .run = run_enable,
	  .arguments = { { ENDPOINT_ARGUMENT } } },
	{ .name = "endpoint test",
	  .summary = "Sends a test message to an endpoint and prints the response",
	  .details = "The message has the type endpoint.test, belongs to no case, is signed like every other message, "
		     "and is sent only once. Other due webhooks are sent, too. Exit code 4 if the message did not "
		     "arrive.",
	  .verbs = { { VERB_ENDPOINT_TEST, "" } },
	  .example = "endpoint test 0198c5d2",
	  .run = run_test,
	  .arguments = { { ENDPOINT_ARGUMENT } },
	  .options = { { "queue", NULL, 0, "let a running worker send the message; do not wait for the response" },
		       { CA_FILE_OPTION } } },
};
const struct command_chapter commands_endpoint = { COMMAND_CHAPTER("Webhook endpoints", rows) };
