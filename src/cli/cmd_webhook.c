/* webhook list, show, deliver. */
#include "columns.h"
#include "interrupt.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/follow.h"
#include "kybdesk/webhook/deliver.h"

#include <string.h>

static enum cell_style state_style(enum delivery_state state)
{
	switch (state) {
	case DELIVERY_DELIVERED:
		return CELL_OK;
	case DELIVERY_WAITING:
		return CELL_WARNING;
	case DELIVERY_DEAD:
		return CELL_DANGER;
	case DELIVERY_CANCELLED:
	case DELIVERY_UNSENT:
		return CELL_MUTED;
	case DELIVERY_HELD:
	case DELIVERY_DUE:
	case DELIVERY_LEASED:
		return CELL_PLAIN;
	}
	return CELL_PLAIN;
}

/* The members of cli.md, in its order. */
static struct json_value *item_json(const struct delivery_item *item)
{
	struct json_value *object = json_new_object();
	json_set_text(object, "id", item->id);
	json_set_text(object, "type", item->type);
	json_set_text_or_null(object, "session_id", item->session_id);
	json_set_text(object, "merchant", item->merchant);
	json_set_text(object, "state", delivery_state_text(item->state));
	json_set_int(object, "attempts", item->attempts);
	json_set_time(object, "created_at", item->created_at);
	json_set_time(object, "next_at", item->next_at);
	return object;
}

static enum err read_states(struct cli *cli, unsigned *states, struct error *error)
{
	size_t count = 0, word_count = 0;
	const char **texts = parsed_all(&cli->parsed, &cli->arena, "state", &count);
	for (size_t i = 0; i < count; i++) {
		enum delivery_state state;
		if (!delivery_state_parse(texts[i], &state)) {
			const char *const *words = delivery_state_words(&word_count);
			return cli_unknown_word("state", "state of a delivery", texts[i], words, word_count, error);
		}
		*states |= 1u << state;
	}
	return ERR_OK;
}

/* When it goes out next, as a reader counts it. */
static const char *next_text(struct cli *cli, const struct delivery_item *item)
{
	if (item->next_at == TIME_NONE)
		return "-";
	int64_t left = item->next_at - desk_now(cli->desk);
	const char *text = left > 0 ? duration_short(&cli->arena, left) : "now";
	return strcmp(text, "now") == 0 ? text : arena_printf(&cli->arena, "in %s", text);
}

static void print_table(struct cli *cli, const struct delivery_item *items, size_t count)
{
	static const struct table_column columns[] = {
		{ "Event", TEXT_LEFT, 0 },    { "Type", TEXT_LEFT, 20 },    { "State", TEXT_LEFT, 0 },
		{ "Tries", TEXT_RIGHT, 0 },   { "Made", TEXT_LEFT, 0 },	    { "Next", TEXT_LEFT, 0 },
		{ "Merchant", TEXT_LEFT, 8 }, { "Endpoint", TEXT_LEFT, 8 },
	};
	const char **ids = arena_alloc_array(&cli->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = items[i].id;
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = 0; i < count; i++) {
		table_add(table, cli_short_id(cli, ids, count, i));
		table_add(table, items[i].type);
		table_add_styled(table, state_style(items[i].state), delivery_state_text(items[i].state));
		table_add_int(table, items[i].attempts);
		table_add(table, cli_when(cli, items[i].created_at));
		table_add(table, next_text(cli, &items[i]));
		table_add(table, items[i].merchant);
		table_add(table, *items[i].endpoint_url ? items[i].endpoint_url : items[i].note);
	}
	out_table(&cli->out, table, 0);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct webhook_query query = { .session = cli_text(cli, "session"),
				       .merchant = cli_text(cli, "merchant"),
				       .after = cli_text(cli, "after") };
	struct delivery_item *items;
	const char *next;
	size_t count;
	enum err err;
	if ((err = read_states(cli, &query.states, error)) || (err = cli_limit(cli, &query.limit, error)) ||
	    (err = desk_webhooks(cli->desk, &cli->arena, &query, &items, &count, &next, error)))
		return err;
	if (cli_json(cli)) {
		struct json_value *data = json_new_array();
		for (size_t i = 0; i < count; i++)
			json_append(data, item_json(&items[i]));
		cli_page_json(cli, data, next);
		return ERR_OK;
	}
	print_table(cli, items, count);
	cli_page_hint(cli, next);
	return ERR_OK;
}

static struct json_value *attempt_json(struct arena *arena, const struct delivery_attempt *attempt)
{
	struct json_value *object = json_new_object();
	json_set_int(object, "number", attempt->number);
	json_set_time(object, "started_at", attempt->started_at);
	json_set_int(object, "duration_ms", attempt->duration_ms);
	if (attempt->status)
		json_set_int(object, "status", attempt->status);
	else
		json_set_null(object, "status");
	json_set_text_or_null(object, "failure", text_safe(arena, attempt->failure, TEXT_UTF8));
	/* A receiver's answer may be any bytes. */
	json_set_text_or_null(object, "response", text_safe(arena, attempt->response, TEXT_UTF8));
	return object;
}

static void view_json(struct cli *cli, const struct webhook_view *view)
{
	struct json_value *result = json_new_object(), *deliveries = json_new_array();
	const struct delivery_item *first = &view->deliveries[0];
	json_set_text(result, "id", first->id);
	json_set_text(result, "type", first->type);
	json_set_text_or_null(result, "session_id", first->session_id);
	json_set_text(result, "merchant", first->merchant);
	json_set_time(result, "created_at", first->created_at);
	for (size_t i = 0; i < view->count; i++) {
		const struct delivery_item *item = &view->deliveries[i];
		struct json_value *object = json_new_object(), *attempts = json_new_array();
		for (size_t j = 0; j < view->attempt_counts[i]; j++)
			json_append(attempts, attempt_json(&cli->arena, &view->attempts[i][j]));
		json_set_text_or_null(object, "id", item->delivery);
		json_set_text_or_null(object, "url", item->endpoint_url);
		json_set_text(object, "state", delivery_state_text(item->state));
		json_set_time(object, "next_at", item->next_at);
		json_set_text_or_null(object, "note", item->note);
		json_set(object, "attempts", attempts);
		json_append(deliveries, object);
	}
	json_set(result, "deliveries", deliveries);
	const char *body = arena_strndup(&cli->arena, view->body, view->body_length);
	if (json_text_is_valid(body, view->body_length, SESSION_DEPTH_MAX))
		json_set_raw(result, "body", body);
	else
		json_set_text(result, "body", text_safe(&cli->arena, body, TEXT_UTF8));
	out_json(&cli->out, result);
}

static void view_lines(struct cli *cli, const struct webhook_view *view)
{
	const struct delivery_item *first = &view->deliveries[0];
	out_styled_line(&cli->out, CELL_TITLE, "%s  %s", first->id, first->type);
	out_line(&cli->out, "session  %s (%s)", first->session_id, first->merchant);
	out_line(&cli->out, "made     %s", time_text(&cli->arena, first->created_at));
	for (size_t i = 0; i < view->count; i++) {
		const struct delivery_item *item = &view->deliveries[i];
		const char *url = *item->endpoint_url ? item->endpoint_url : "no endpoint";
		const char *next = item->next_at == TIME_NONE ? "" : time_text(&cli->arena, item->next_at);
		out_styled_line(&cli->out, state_style(item->state), "%-9s %s%s%s%s%s",
				delivery_state_text(item->state), url, *next ? ", next at " : "", next,
				*item->note ? ": " : "", item->note);
		for (size_t j = 0; j < view->attempt_counts[i]; j++) {
			const struct delivery_attempt *attempt = &view->attempts[i][j];
			const char *status =
				attempt->status ? arena_printf(&cli->arena, "%d", attempt->status) : "-";
			out_line(&cli->out, "  attempt %lld  %s  %lld ms  %s  %s%s%s", (long long)attempt->number,
				 time_text(&cli->arena, attempt->started_at), (long long)attempt->duration_ms,
				 status, attempt->failure, *attempt->failure && *attempt->response ? ": " : "",
				 attempt->response);
		}
	}
	out_line(&cli->out, "%.*s", (int)view->body_length, view->body);
}

static enum err run_show(struct cli *cli, struct error *error)
{
	struct webhook_view view;
	enum err err = desk_webhook(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &view, error);
	if (err)
		return err;
	if (view.count == 0)
		return error_set(error, ERR_INTERNAL, "event %s has no delivery rows",
				 parsed_argument(&cli->parsed, 0));
	if (cli_json(cli))
		view_json(cli, &view);
	else
		view_lines(cli, &view);
	return ERR_OK;
}

static void stop_worker(void *context)
{
	deliver_worker_stop(context);
}

/* What time brings about makes events too: whoever delivers sees to it. */
static void beat(void *context)
{
	cli_tick(context);
}

static enum err run_deliver(struct cli *cli, struct error *error)
{
	struct deliver_worker *worker = NULL;
	struct interrupt *interrupt = NULL;
	struct deliver_totals totals = { 0 };
	/* The worker writes through a connection of its own, which knows nothing of the desk's. */
	if (parsed_has(&cli->parsed, "readonly"))
		return error_set(error, ERR_FORBIDDEN, "Cannot deliver: the store is open for reading only");
	/* The times of a sandbox store are those of its own clock. */
	const struct world *world = desk_is_sandbox(cli->desk) ? world_sandbox() : cli->world;
	struct deliver_options options = { .store_path = settings_text(&cli->settings, SETTING_STORE),
					   .world = world,
					   .log = cli->log,
					   .drain = parsed_has(&cli->parsed, "drain") };
	/* The worker has its own connection beside the desk's. */
	options.beat = beat;
	options.beat_context = cli;
	enum err err = deliver_worker_new(&options, &worker, error);
	if (err || (err = interrupt_start(&interrupt, -1, NULL, stop_worker, worker, error)) ||
	    (err = deliver_worker_run(worker, &totals, error)))
		goto out;
	/* One line of JSON for people and programs alike (cli.md). */
	struct json_value *result = json_new_object();
	json_set_int(result, "delivered", totals.delivered);
	json_set_int(result, "failed", totals.failed);
	json_set_int(result, "waiting", totals.waiting);
	json_set_int(result, "dead", totals.dead);
	cli->out.format = OUT_NDJSON;
	out_json(&cli->out, result);
out:
	interrupt_end(interrupt);
	if (worker)
		deliver_worker_free(worker);
	return err;
}

const struct command commands_webhook[] = {
	{ .name = "webhook list",
	  .summary = "Lists deliveries, one for each event and endpoint, the newest first",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_list,
	  .options = { { "session", 0, "SESSION", 0, NULL, "only of this session" },
		       { "merchant", 0, "MERCHANT", 0, NULL, "only of this merchant" },
		       { "state", 0, "STATE", OPTION_MANY, delivery_state_words,
			 "only in this state; may be repeated" },
		       LIMIT_OPTION,
		       AFTER_OPTION } },
	{ .name = "webhook show",
	  .summary = "Shows an event: its body, its deliveries and every attempt",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_show,
	  .arguments = { { "EVENT", 0, NULL, "its id (evt_...), or a unique beginning of it" } } },
	{ .name = "webhook deliver",
	  .summary = "Sends what is due, until stopped",
	  .details = "Any number of these and of workbenches may run on one store. The result is one line of JSON: "
		     "delivered and failed of this run, waiting and dead in the store.",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_deliver,
	  .options = { { "drain", 0, NULL, 0, NULL, "end when nothing is due" } } },
};
