/* webhook list, webhook show, webhook replay, webhook deliver. */
#include "../cli_internal.h"
#include "kybdesk/domain/endpoint.h"

static enum cell_style state_style(enum delivery_state state)
{
	static const enum cell_style styles[] = {
		[DELIVERY_HELD] = CELL_PLAIN,	   [DELIVERY_DUE] = CELL_PLAIN,	   [DELIVERY_LEASED] = CELL_PLAIN,
		[DELIVERY_WAITING] = CELL_WARNING, [DELIVERY_DELIVERED] = CELL_OK, [DELIVERY_DEAD] = CELL_DANGER,
		[DELIVERY_CANCELLED] = CELL_MUTED, [DELIVERY_UNSENT] = CELL_MUTED
	};
	return styles[state];
}

/* The order of members is the order of columns in --csv. */
static struct json_value *item_json(const struct delivery_item *item)
{
	return JSON_NEW(JSON_TEXT("id", item->id), JSON_TEXT("type", item->type),
			JSON_OR_NULL("session_id", item->session_id), JSON_TEXT("merchant", item->merchant),
			JSON_TEXT("state", delivery_state_text(item->state)), JSON_INT("attempts", item->attempts),
			JSON_TIME("created_at", item->created_at), JSON_TIME("next_at", item->next_at));
}

static enum err read_states(struct cli *cli, unsigned *states, struct error *error)
{
	return cli_read_bits(cli, &(struct cli_allowed_words){ "state", "state of a delivery", delivery_state_words },
			     states, error);
}

/* A time relative to now: "in 5m", "5m ago", "now". */
static const char *relative_time_text(struct cli *cli, int64_t at)
{
	int64_t left = at - desk_now(cli->desk);
	const char *text = duration_short_text(&cli->arena, left < 0 ? -left : left);
	if (!strcmp(text, "now"))
		return text;
	return arena_printf(&cli->arena, left < 0 ? "%s ago" : "in %s", text);
}

/* Time of the next attempt, or the final state and its time, for display. */
static const char *delivery_time_text(struct cli *cli, const struct delivery_item *item)
{
	struct arena *arena = &cli->arena;
	bool paused = item->endpoint_paused_until > desk_now(cli->desk);
	if (paused && item->next_at < item->endpoint_paused_until)
		return arena_printf(arena, "%s, the endpoint is failing",
				    relative_time_text(cli, item->endpoint_paused_until));
	switch (item->state) {
	case DELIVERY_HELD:
		return arena_printf(arena, "%s, after the grace time", relative_time_text(cli, item->next_at));
	case DELIVERY_DUE:
		return "now";
	case DELIVERY_LEASED:
		return "being sent";
	case DELIVERY_WAITING:
		return arena_printf(arena, "%s, attempt %lld of %d", relative_time_text(cli, item->next_at),
				    (long long)item->attempts + 1, DELIVER_ATTEMPTS_MAX);
	case DELIVERY_DELIVERED:
		return arena_printf(arena, "delivered %s", relative_time_text(cli, item->finished_at));
	case DELIVERY_DEAD:
		return arena_printf(arena, "given up %s", relative_time_text(cli, item->finished_at));
	case DELIVERY_CANCELLED:
		return arena_printf(arena, "cancelled %s", relative_time_text(cli, item->finished_at));
	case DELIVERY_UNSENT:
		return "not sent";
	}
	BUG("%u is not a state of a delivery", (unsigned)item->state);
}

static const struct table *delivery_table(struct cli *cli, const struct delivery_item *items, size_t count)
{
	const char **ids = arena_alloc_array(&cli->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = items[i].id;
	struct table *table =
		table_from(&cli->arena, "Event|Type:20|State|>Tries|Made|When|Merchant:8|Endpoint:8", cli->mode);
	for (size_t i = 0; i < count; i++) {
		TABLE_ADD(table, cli_short_id(cli, ids, count, i), items[i].type);
		table_add_styled(table, state_style(items[i].state), delivery_state_text(items[i].state));
		table_add_int(table, items[i].attempts);
		TABLE_ADD(table, cli_time_text(cli, items[i].created_at), delivery_time_text(cli, &items[i]),
			  items[i].merchant, *items[i].endpoint_url ? items[i].endpoint_url : items[i].note);
	}
	return table;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct webhook_query query = { .session = cli_option_text(cli, "session"),
				       .merchant = cli_option_text(cli, "merchant"),
				       .after = cli_option_text(cli, "after") };
	struct delivery_item *items;
	const char *next;
	size_t count;
	enum err err;
	if ((err = read_states(cli, &query.states, error)) || (err = cli_read_limit(cli, &query.limit, error)) ||
	    (err = desk_webhooks(cli->desk, &cli->arena, &query, &items, &count, &next, error)))
		return err;
	struct json_value *data = cli_new_page_data(cli);
	for (size_t i = 0; data && i < count; i++)
		json_append(data, item_json(&items[i]));
	cli_print_page(cli, &(struct cli_page){ data, data ? NULL : delivery_table(cli, items, count),
						"id,type,session_id,merchant,state,attempts,created_at,next_at", next,
						NULL });
	return ERR_OK;
}

/* Makes the texts valid UTF-8, because the response of a receiver may contain any bytes. */
struct json_value *cli_attempt_json(struct cli *cli, const struct delivery_attempt *attempt)
{
	return JSON_NEW(JSON_INT("number", attempt->number), JSON_TIME("started_at", attempt->started_at),
			JSON_INT("duration_ms", attempt->duration_ms), JSON_INT_OR_NULL("status", attempt->status, 0),
			JSON_OR_NULL("failure", cli_safe_text(cli, attempt->failure)),
			JSON_OR_NULL("response", cli_safe_text(cli, attempt->response)));
}

struct json_value *cli_delivery_json(struct cli *cli, const struct webhook_view *view, size_t i)
{
	const struct delivery_item *item = &view->deliveries[i];
	struct json_value *object =
		JSON_NEW(JSON_OR_NULL("id", item->delivery_id), JSON_OR_NULL("url", item->endpoint_url),
			 JSON_TEXT("state", delivery_state_text(item->state)), JSON_TIME("next_at", item->next_at),
			 JSON_OR_NULL("note", item->note));
	JSON_SET_EACH(object, "attempts", j, view->attempt_counts[i], cli_attempt_json(cli, &view->attempts[i][j]));
	return object;
}

static void print_webhook_json(struct cli *cli, const struct webhook_view *view, bool masked)
{
	const struct delivery_item *first = &view->deliveries[0];
	struct json_value *result =
		JSON_NEW(JSON_TEXT("id", first->id), JSON_TEXT("type", first->type),
			 JSON_OR_NULL("session_id", first->session_id), JSON_TEXT("merchant", first->merchant),
			 JSON_TIME("created_at", first->created_at));
	JSON_SET_EACH(result, "deliveries", i, view->count, cli_delivery_json(cli, view, i));
	const char *body = arena_strndup(&cli->arena, view->body, view->body_length);
	if (json_text_is_valid(body, view->body_length, SESSION_DEPTH_MAX))
		json_set_raw(result, "body", body);
	else
		json_set_text(result, "body", cli_safe_text(cli, body));
	json_set_bool(result, "masked", masked);
	out_json(&cli->out, result);
}

void cli_print_delivery(struct cli *cli, const struct webhook_view *view, size_t i)
{
	const struct delivery_item *item = &view->deliveries[i];
	const char *url = *item->endpoint_url ? item->endpoint_url : "no endpoint";
	const char *next = item->next_at == TIME_NONE ? "" : time_text(&cli->arena, item->next_at);
	out_styled_line(&cli->out, state_style(item->state), "%-9s %s%s%s%s%s", delivery_state_text(item->state), url,
			*next ? ", next at " : "", next, *item->note ? ": " : "", item->note);
	for (size_t j = 0; j < view->attempt_counts[i]; j++) {
		const struct delivery_attempt *attempt = &view->attempts[i][j];
		const char *status = attempt->status ? arena_printf(&cli->arena, "%d", attempt->status) : "-";
		out_line(&cli->out, "  attempt %lld  %s  %lld ms  %s  %s%s%s", (long long)attempt->number,
			 time_text(&cli->arena, attempt->started_at), (long long)attempt->duration_ms, status,
			 attempt->failure, *attempt->failure && *attempt->response ? ": " : "", attempt->response);
	}
}

static void print_webhook_view(struct cli *cli, const struct webhook_view *view, bool masked)
{
	const struct delivery_item *first = &view->deliveries[0];
	out_styled_line(&cli->out, CELL_TITLE, "%s  %s", first->id, first->type);
	out_line(&cli->out, "session  %s (%s)", first->session_id, first->merchant);
	out_line(&cli->out, "made     %s", time_text(&cli->arena, first->created_at));
	for (size_t i = 0; i < view->count; i++)
		cli_print_delivery(cli, view, i);
	out_line(&cli->out, "%.*s", (int)view->body_length, view->body);
	if (masked)
		out_styled_line(&cli->out, CELL_MUTED, "Personal data is masked; show it with --reveal.");
}

/* Reveals the case of the event, with the permission check and audit record of show --reveal. */
static enum err reveal_case(struct cli *cli, const struct delivery_item *event, struct error *error)
{
	struct case_view view;
	if (!*event->session_id)
		return error_set(error, ERR_INVALID, "Event %s does not belong to a case, so nothing can be revealed",
				 event->id);
	return desk_case(cli->desk, &cli->arena, event->session_id, true, &view, error);
}

static enum err run_show(struct cli *cli, struct error *error)
{
	struct webhook_view view;
	enum err err = desk_webhook(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), &view, error);
	if (err)
		return err;
	if (view.count == 0)
		return error_set(error, ERR_INTERNAL, "event %s has no deliveries",
				 parsed_argument(&cli->command_line, 0));
	bool masked = false;
	if (!parsed_has_option(&cli->command_line, "reveal"))
		masked = mask_webhook(&cli->arena, &view);
	else if ((err = reveal_case(cli, &view.deliveries[0], error)))
		return err;
	if (cli_is_json(cli))
		print_webhook_json(cli, &view, masked);
	else
		print_webhook_view(cli, &view, masked);
	return ERR_OK;
}

static void stop_worker(void *context)
{
	deliver_worker_stop(context);
}

/* Runs timed work (timeouts, expiries) during delivery, because timed work creates events. */
static void run_due_work(void *context)
{
	cli_run_due_work(context);
}

enum err cli_deliver(struct cli *cli, bool drain, void (*tick)(void *context), struct deliver_totals *totals,
		     struct error *error)
{
	struct deliver_worker *worker = NULL;
	struct interrupt *interrupt = NULL;
	*totals = (struct deliver_totals){ 0 };
	/* The worker opens the store by itself, without --readonly, so the command refuses this option. */
	if (parsed_has_option(&cli->command_line, "readonly"))
		return error_set(error, ERR_FORBIDDEN, "Cannot deliver webhooks with --readonly");
	/* A sandbox store may have a different clock (KYBDESK_TEST_NOW). */
	const struct world *world = desk_is_sandbox(cli->desk) ? world_sandbox() : cli->world;
	const struct deliver_options options = { .store_path = settings_text(&cli->settings, SETTING_STORE),
						 .world = world,
						 .log = cli->log,
						 .drain = drain,
						 .ca_file = parsed_option_text(&cli->command_line, "ca-file"),
						 .on_tick = tick,
						 .tick_context = cli };
	enum err err = deliver_worker_new(&options, &worker, error);
	if (!err)
		err = interrupt_start(&interrupt, -1, NULL, stop_worker, worker, error);
	if (!err)
		err = deliver_worker_run(worker, totals, error);
	interrupt_end(interrupt);
	deliver_worker_free(worker);
	return err;
}

static enum err run_deliver(struct cli *cli, struct error *error)
{
	struct deliver_totals totals;
	enum err err = cli_deliver(cli, parsed_has_option(&cli->command_line, "drain"), run_due_work, &totals, error);
	if (err)
		return err;
	/* The result is one line of JSON in every output format. */
	out_json_line(&cli->out, JSON_NEW(JSON_INT("delivered", totals.delivered), JSON_INT("failed", totals.failed),
					  JSON_INT("waiting", totals.waiting), JSON_INT("dead", totals.dead)));
	return ERR_OK;
}

static enum err read_replay(struct cli *cli, struct replay_request *out, struct error *error)
{
	const unsigned ended = 1u << DELIVERY_DELIVERED | 1u << DELIVERY_DEAD | 1u << DELIVERY_UNSENT;
	enum err err;
	*out = (struct replay_request){ .event = parsed_argument(&cli->command_line, 0),
					.session = cli_option_text(cli, "session"),
					.merchant = cli_option_text(cli, "merchant"),
					.endpoint = cli_option_text(cli, "endpoint"),
					.type = cli_option_text(cli, "event") };
	if ((err = read_states(cli, &out->states, error)) ||
	    (err = cli_read_time(cli, "since", 0, &out->from, error)) ||
	    (err = cli_read_time(cli, "until", TIME_NONE, &out->until, error)) ||
	    (err = cli_read_number(cli, "expect", 0, INT64_MAX, -1, &out->expected_count, error)))
		return err;
	if (out->states & ~ended)
		return error_invalid(error, "state",
				     "only deliveries in the state delivered, dead or unsent can be repeated; "
				     "others are sent automatically or were cancelled");
	if (*out->event)
		return ERR_OK;
	if (!*out->session && !*out->merchant && !*out->endpoint && !*out->type && !out->states && !out->from &&
	    out->until == TIME_NONE)
		return error_set(error, ERR_USAGE,
				 "Choose an event, or --session, --merchant, --endpoint, --event, --state, --since "
				 "or --until");
	/* If neither an event nor --state is present, only dead and unsent deliveries are replayed. */
	if (!out->states)
		out->states = 1u << DELIVERY_DEAD | 1u << DELIVERY_UNSENT;
	return ERR_OK;
}

static enum err run_replay(struct cli *cli, struct error *error)
{
	struct replay_request request;
	struct replay_counts done;
	struct use_out out;
	bool dry_run = parsed_has_option(&cli->command_line, "dry-run");
	enum err err = read_replay(cli, &request, error);
	if (!err && dry_run)
		err = desk_webhook_replay_preview(cli->desk, &cli->arena, &request, &done, error);
	else if (!err) {
		err = CLI_RUN(cli, &out, error, .verb = VERB_WEBHOOK_REPLAY, .replay = &request);
		done = out.replay_totals;
	}
	if (err)
		return err;
	if (cli_is_json(cli)) {
		out_json(&cli->out, JSON_NEW(JSON_INT("events", done.events), JSON_INT("deliveries", done.deliveries),
					     JSON_INT("under_way", done.in_progress_count),
					     JSON_INT("endpoint_disabled", done.disabled),
					     JSON_INT("nobody_subscribed", done.unsubscribed)));
		return ERR_OK;
	}
	out_line(&cli->out, "%lld event%s %s sent again, in %lld deliver%s", (long long)done.events,
		 done.events == 1 ? "" : "s",
		 dry_run	    ? "would be"
		 : done.events == 1 ? "is"
				    : "are",
		 (long long)done.deliveries, done.deliveries == 1 ? "y" : "ies");
	if (done.in_progress_count + done.disabled + done.unsubscribed)
		out_line(&cli->out,
			 "left out: %lld already being sent, %lld to a disabled endpoint, %lld without a subscriber",
			 (long long)done.in_progress_count, (long long)done.disabled, (long long)done.unsubscribed);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "webhook list",
	  .summary = "Lists deliveries, one for each event and endpoint, newest first",
	  .example = "webhook list --state dead",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { { "session", "SESSION", 0, "only deliveries of this session" },
		       { "merchant", "MERCHANT", 0, "only deliveries of this merchant" },
		       { "state", "STATE", OPTION_REPEATABLE, "only deliveries in this state; may be repeated",
			 delivery_state_words },
		       PAGE_OPTIONS } },
	{ .name = "webhook show",
	  .summary = "Shows an event: its body, its deliveries and every attempt",
	  .details = "Numbers and birth dates in the body and in JSON responses are masked as in show; --reveal shows "
		     "them to the holder of the case or to a lead, and is recorded in the audit log.",
	  .verbs = { { VERB_REVEAL, "--reveal" } },
	  .role_limit = "the holder of the case, or a lead",
	  .example = "webhook show 0198c5d2",
	  .run = run_show,
	  .arguments = { { "EVENT", 0, "the event: id (evt_...) or unique id prefix" } },
	  .options = { { REVEAL_OPTION } } },
	{ .name = "webhook deliver",
	  .summary = "Sends due webhooks, until stopped",
	  .details = "Several delivery workers and workbenches can run on one store. The result is one line of "
		     "JSON with counts: delivered and failed webhooks of this run, waiting and dead webhooks of "
		     "the store.",
	  .flags = COMMAND_ONLY_ON_SERVER,
	  .example = "webhook deliver --drain",
	  .run = run_deliver,
	  .options = { { "drain", NULL, 0, "end when no webhook is due" }, { LOG_OPTION }, { CA_FILE_OPTION } } },
	{ .name = "webhook replay",
	  .summary = "Sends an event, or all matching events, again with the same id and bytes",
	  .details = "Without EVENT: all dead or unsent deliveries that match every option; --state delivered "
		     "repeats delivered webhooks. Each delivery is sent to its original endpoint; an event without "
		     "a subscriber is sent to the current subscribers. Receivers detect repeated webhooks by the "
		     "webhook-id.",
	  .verbs = { { VERB_WEBHOOK_REPLAY, "" } },
	  .example = "webhook replay --merchant northwind-pay --state dead --since 2026-05-01 --dry-run",
	  .run = run_replay,
	  .arguments = { { "EVENT", ARGUMENT_OPTIONAL, "the event: id (evt_...) or unique id prefix" } },
	  .options = { { "session", "SESSION", 0, "only deliveries of this session" },
		       { "merchant", "MERCHANT", 0, "only deliveries of this merchant" },
		       { "endpoint", "ENDPOINT", 0, "only deliveries to this endpoint" },
		       { "event", "NAME", 0, "only events of this type", endpoint_event_names },
		       { "state", "STATE", OPTION_REPEATABLE,
			 "delivered, dead or unsent; may be repeated (default: dead and unsent)",
			 delivery_state_words },
		       { "since", "TIME", 0,
			 "events created at this time or later; also a duration before now, like 2d" },
		       { "until", "TIME", 0, "events created before this time" },
		       { "dry-run", NULL, 0, "print only the number of deliveries" },
		       { "expect", "N", 0, "send nothing unless exactly N deliveries match" } } },
};
const struct command_chapter commands_webhook = { COMMAND_CHAPTER("Deliveries", rows) };
