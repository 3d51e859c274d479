/* Boards of the webhooks: all endpoints; the next, abandoned and sent deliveries; one event with its delivery
 * attempts. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define OPEN_DELIVERIES_MAX 200
#define ENDED_DELIVERIES_MAX 50
#define BIT(state) (1u << DELIVERY_##state)

/* --- the list --- */

struct part {
	const char *title;
	unsigned states;
	size_t limit;
	struct delivery_item *items;
	size_t count;
};
#define PART_COUNT 3
struct webhooks_data {
	struct endpoint *endpoints;
	size_t endpoint_count;
	struct part parts[PART_COUNT];
};

static int compare_next_attempts(const void *a, const void *b)
{
	const struct delivery_item *x = a, *y = b;
	return x->next_at < y->next_at ? -1 : x->next_at > y->next_at;
}

static enum err webhooks_read(struct desk *desk, struct job *job)
{
	static const struct part parts[PART_COUNT] = {
		{ "Due next", BIT(HELD) | BIT(DUE) | BIT(LEASED) | BIT(WAITING), OPEN_DELIVERIES_MAX, NULL, 0 },
		{ "Given up, or without an endpoint: can be replayed", BIT(DEAD) | BIT(UNSENT), ENDED_DELIVERIES_MAX,
		  NULL, 0 },
		{ "Recently sent", BIT(DELIVERED), ENDED_DELIVERIES_MAX, NULL, 0 },
	};
	struct webhooks_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	enum err err = desk_endpoints(desk, &job->arena, "", &found->endpoints, &found->endpoint_count, &job->error);
	for (size_t i = 0; !err && i < PART_COUNT; i++) {
		struct part *part = &found->parts[i];
		const char *next;
		*part = parts[i];
		const struct webhook_query query = {
			.session = "", .merchant = "", .states = part->states, .after = "", .limit = part->limit
		};
		err = desk_webhooks(desk, &job->arena, &query, &part->items, &part->count, &next, &job->error);
	}
	if (!err && found->parts[0].count)
		qsort(found->parts[0].items, found->parts[0].count, sizeof *found->parts[0].items,
		      compare_next_attempts);
	return err;
}

struct endpoint_state_label {
	const char *text;
	enum theme_role role;
};

static const struct endpoint_state_label *state_of(const struct endpoint *endpoint, int64_t now)
{
	static const struct endpoint_state_label works = { "works", THEME_OK }, failing = { "failing", THEME_WARNING },
						 disabled = { "disabled", THEME_DANGER };
	bool held = endpoint->paused_until != TIME_NONE && endpoint->paused_until > now;
	return endpoint->disabled ? &disabled : held ? &failing : &works;
}

static const char *endpoint_events_text(struct arena *arena, const struct endpoint *endpoint)
{
	const char *text = words_join(arena, endpoint->events, endpoint->event_count, ", ");
	return !strcmp(text, "*") ? "all events" : text;
}

static void endpoint_row(struct grid *grid, const struct endpoint *endpoint)
{
	const struct endpoint_state_label *state = state_of(endpoint, grid->frame->now);
	bool failing = state->role == THEME_WARNING;
	struct grid_row *row = grid_add_row(grid, ROW_ENDPOINT, endpoint->id);
	row->detail = grid_printf(grid, "Endpoint of %s%s%s", endpoint->merchant,
				  endpoint->disabled_reason[0] ? ": " : "", endpoint->disabled_reason);
	grid_set_cell(row, W_CREATED, THEME_MUTED, grid_time(grid, endpoint->created_at));
	grid_set_cell(row, W_TYPE, THEME_TEXT, endpoint_events_text(grid->arena, endpoint));
	grid_set_cell(row, W_STATE, state->role, state->text);
	grid_set_cell(row, W_NEXT, THEME_MUTED,
		      failing ? duration_short_text(grid->arena, endpoint->paused_until - grid->frame->now) : "");
	grid_set_cell(row, W_ENDPOINT, THEME_TEXT, endpoint->url);
	grid_mark_address(row, W_ENDPOINT);
}

static bool webhooks_fill_page(struct page *page, struct job *job)
{
	const struct webhooks_data *found = job->board_data;
	struct grid *grid = &page->grid;
	page_set_title(page, "Webhooks", "%zu endpoint%s", found->endpoint_count,
		       found->endpoint_count == 1 ? "" : "s");
	begin_delivery_grid(grid, "No endpoint yet. Add one with: kybdesk endpoint add");
	if (found->endpoint_count)
		facts_add_heading(grid, "Endpoints");
	for (size_t i = 0; i < found->endpoint_count; i++)
		endpoint_row(grid, &found->endpoints[i]);
	for (size_t p = 0; p < PART_COUNT; p++) {
		const struct part *part = &found->parts[p];
		if (part->count)
			facts_add_heading(grid, part->title);
		for (size_t i = 0; i < part->count; i++)
			add_delivery_row(grid, &part->items[i]);
		if (part->count == part->limit)
			grid_set_cell(grid_add_row(grid, ROW_PLAIN, ""), W_TYPE, THEME_MUTED,
				      "More: kybdesk webhook list");
	}
	return true;
}

const struct board_spec webhooks_board = { BOARD("Webhooks", webhooks_read, webhooks_fill_page, WEBHOOKS, PLAIN),
					   .bar = BAR(BAR_OPEN, BAR_ENTRY(REPLAY, "send again"), BAR_BACK) };

/* --- one endpoint --- */

static enum err endpoint_read(struct desk *desk, struct job *job)
{
	struct endpoint *endpoints;
	size_t count;
	enum err err = desk_endpoints(desk, &job->arena, "", &endpoints, &count, &job->error);
	for (size_t i = 0; !err && i < count; i++)
		if (!strcmp(endpoints[i].id, job->in.part))
			job->board_data = &endpoints[i];
	return err || job->board_data ? err : error_set(&job->error, ERR_NOT_FOUND, "The endpoint was removed");
}

static bool endpoint_fill_page(struct page *page, struct job *job)
{
	const struct endpoint *endpoint = job->board_data;
	struct grid *grid = &page->grid;
	const struct endpoint_state_label *state = state_of(endpoint, grid->frame->now);
	bool failing = state->role == THEME_WARNING;
	page_set_title(page, "Endpoint", "%s", endpoint->merchant);
	facts_add_heading(grid, "Endpoint");
	facts_line(grid, "state", state->text);
	facts_line(grid, "because", endpoint->disabled_reason);
	facts_line(grid, "next attempt", failing ? grid_time(grid, endpoint->paused_until) : "");
	facts_line(grid, "merchant", endpoint->merchant);
	facts_line(grid, "url", endpoint->url);
	facts_line(grid, "events", endpoint_events_text(grid->arena, endpoint));
	facts_line(grid, "at once",
		   endpoint->max_concurrency ? grid_printf(grid, "%lld", (long long)endpoint->max_concurrency) : "");
	facts_line(grid, "per minute",
		   endpoint->deliveries_per_minute
			   ? grid_printf(grid, "%lld", (long long)endpoint->deliveries_per_minute)
			   : "");
	facts_line(grid, "old secret until",
		   endpoint->old_secret_until != TIME_NONE && endpoint->old_secret_until > grid->frame->now
			   ? grid_time(grid, endpoint->old_secret_until)
			   : "");
	facts_line(grid, "added", grid_time(grid, endpoint->created_at));
	facts_line(grid, "id", endpoint->id);
	return true;
}

const struct board_spec endpoint_board = { BOARD("Endpoint", endpoint_read, endpoint_fill_page, WEBHOOKS, ENDPOINT),
					   .bar = BAR(BAR_BACK) };

/* --- one event --- */

struct webhook_data {
	struct webhook_view view;
	/* Number of deliveries that a replay would create, and number that it would skip */
	struct replay_counts replays;
};

static struct replay_request make_replay_request(const char *event)
{
	return (struct replay_request){ .event = event,
					.session = "",
					.merchant = "",
					.endpoint = "",
					.type = "",
					.until = TIME_NONE,
					.expected_count = -1 };
}

static enum err webhook_read(struct desk *desk, struct job *job)
{
	struct webhook_data *found = job->board_data = arena_alloc(&job->arena, sizeof *found);
	const struct replay_request request = make_replay_request(job->in.part);
	enum err err = desk_webhook(desk, &job->arena, job->in.part, &found->view, &job->error);
	if (!err)
		(void)mask_webhook(&job->arena, &found->view);
	return err ? err : desk_webhook_replay_preview(desk, &job->arena, &request, &found->replays, &job->error);
}

static void add_delivery_facts(struct grid *grid, const struct delivery_item *item)
{
	facts_add_heading(grid, item->endpoint_url[0] ? item->endpoint_url : "Without an endpoint");
	facts_line(grid, "state", delivery_state_text(item->state));
	facts_line(grid, "because", item->note);
	facts_line(grid, "next", grid_time(grid, item->next_at));
	facts_line(grid, "ended", grid_time(grid, item->finished_at));
}

/* Omits the body of the event, which may have the name of a person. `kybdesk webhook show` prints the body. */
static bool webhook_fill_page(struct page *page, struct job *job)
{
	const struct webhook_data *found = job->board_data;
	const struct webhook_view *view = &found->view;
	struct grid *grid = &page->grid;
	const char *dot = grid_glyph(grid, GLYPH_DOT);
	if (!view->count)
		return false;
	const struct delivery_item *first = &view->deliveries[0];
	page_set_title(page, first->type, "%s", first->merchant);
	facts_add_heading(grid, "Event");
	facts_line(grid, "id", first->id);
	facts_add_link(grid, ROW_SESSION, first->session_id, "case", first->session_id);
	facts_line(grid, "created", grid_time(grid, first->created_at));
	for (size_t i = 0; i < view->count; i++) {
		add_delivery_facts(grid, &view->deliveries[i]);
		for (size_t a = 0; a < view->attempt_counts[i]; a++) {
			const struct delivery_attempt *attempt = &view->attempts[i][a];
			facts_line(grid, grid_printf(grid, "attempt %lld", (long long)attempt->number),
				   grid_printf(grid, "%s %s %lld ms %s %s %s%s%s", grid_time(grid, attempt->started_at),
					       dot, (long long)attempt->duration_ms, dot,
					       attempt->status ? grid_printf(grid, "HTTP %d", attempt->status)
							       : "no response",
					       attempt->failure, attempt->response[0] ? ": " : "", attempt->response));
		}
	}
	return true;
}

const struct board_spec webhook_board = { BOARD("Webhook", webhook_read, webhook_fill_page, WEBHOOKS, DELIVERY),
					  .bar = BAR(BAR_ENTRY(REPLAY, "send again"), BAR_OPEN, BAR_BACK) };

/* --- replay --- */

static bool replay_prepare_job(struct dialog *dialog, struct job *job)
{
	const struct webhook_data *found = dialog->response->board_data;
	struct replay_request *request = arena_alloc(&job->arena, sizeof *request);
	*request = make_replay_request(job->in.part);
	request->expected_count = found->replays.deliveries; /* the number of deliveries that the dialog has shown */
	job->in.replay = request;
	return true;
}

static const struct dialog_form replay_form = {
	.confirm_label = "send it again",
	.ui_action = UI_ACTION(.verb = VERB_WEBHOOK_REPLAY, .message_start = "Sent again:"),
	.prepare_job = replay_prepare_job,
};

static const struct dialog_form *replay_fill_form(struct dialog *dialog)
{
	const struct webhook_data *found = dialog->response->board_data;
	const struct replay_counts *replays = &found->replays;
	for (size_t i = 0; i < found->view.count; i++) {
		const struct delivery_item *item = &found->view.deliveries[i];
		if (!i)
			dialog_set_name(dialog, arena_printf(&dialog->arena, "%s to %s", item->type, item->merchant));
		DIALOG_LINE(dialog, delivery_state_text(item->state), THEME_TEXT, "%s",
			    item->endpoint_url[0] ? item->endpoint_url : item->note);
	}
	if (!replays->deliveries)
		return dialog_show_notice(
			dialog, replays->in_progress_count ? "The webhook is on its way: the next attempt is automatic."
				: replays->disabled
					? "The endpoint is disabled: enable it with kybdesk endpoint "
					  "enable, then replay the webhook."
					: "No endpoint of the merchant is subscribed, or the event was cancelled.");
	DIALOG_LINE(dialog, "then", THEME_TITLE, "%lld deliver%s at once, with the same id and the same bytes.",
		    (long long)replays->deliveries, replays->deliveries == 1 ? "y" : "ies");
	dialog_add_line(dialog, "", THEME_MUTED, "A receiver recognizes a repeated webhook by the webhook-id.");
	return &replay_form;
}

const struct dialog_spec replay_dialog = { BOARD_DIALOG(&webhook_board, "Send again", replay_fill_form),
					   .item_kind = ROW_DELIVERY, .noun = "webhook" };
