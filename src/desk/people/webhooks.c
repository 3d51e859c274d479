/* Endpoints and deliveries: their administration, and the view of the deliveries of a case. */
#include "use/use.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/outside.h"
#include "kybdesk/domain/endpoint.h"
#include "kybdesk/store/money.h"
#include "kybdesk/store/outbox.h"

#include <stdlib.h>

#define SECRET_BYTES 32
#define ROTATION_HOURS_MAX (24 * 30)

static enum err check_event_names(const char *const *events, size_t count, struct error *error)
{
	if (!count)
		return error_invalid(error, "event", "an endpoint needs at least one event, or * for all");
	for (size_t i = 0; i < count; i++) {
		enum err err = endpoint_event_check(events[i], error);
		if (err)
			return err;
		if (texts_contain(events, i, events[i]))
			return error_invalid(error, "event", "'%s' is listed twice", events[i]);
	}
	return ERR_OK;
}

static enum err limit_check(const char *field, int64_t value, int64_t most, struct error *error)
{
	if (value <= most)
		return ERR_OK;
	return error_invalid(error, field, "%lld is too high: at most %lld, or 0 for no limit", (long long)value,
			     (long long)most);
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

static void copy_event_names(struct use *use, struct endpoint *out, const char *const *events, size_t count)
{
	out->events = arena_alloc_array(use->arena, count, sizeof *out->events);
	out->event_count = count;
	for (size_t i = 0; i < count; i++)
		out->events[i] = arena_strdup(use->arena, events[i]);
	json_set(use->detail, "events", json_new_texts(events, count));
}

/* Refuses a URL that every delivery would refuse. A hook, an endpoint of the desk itself, has its own check. */
static enum err check_url(const struct use *use, const char *url, struct error *error)
{
	const char *hook = caller_is_external(use->desk) ? NULL : endpoint_hook_name(url);
	bool sandbox = use->desk->store->sandbox;
	enum err err;

	if (hook)
		return endpoint_hook_check(hook, error);
	err = endpoint_url_check(url, sandbox, error);
	return err ? err : endpoint_address_check(url, sandbox, error);
}

/* Limits the endpoints that a merchant can add over the API, since every event is written for every endpoint. */
static enum err check_count(const struct use *use, struct error *error)
{
	struct endpoint_list found = { 0 };
	enum err err = ERR_OK;

	if (!caller_is_external(use->desk))
		return ERR_OK;
	err = store_endpoint_list(use->desk->store, use->arena, use->in->part, &found, error);
	if (!err && found.count >= ENDPOINTS_OF_MERCHANT_MAX)
		err = error_set(error, ERR_BLOCKED, "The merchant has %zu endpoints, the maximum; delete one first",
				found.count);
	return err;
}

/* Reads in->part: the merchant; in->url, in->events, in->event_count. Appends the secret to in->content_out, which
 * the calling function wipes; no later call returns the secret. */
enum err use_endpoint_add(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	const struct use_in *in = use->in;
	char id[UUID_TEXT_SIZE];
	enum err err = caller_check_merchant(use->desk, in->part, "merchant", in->part, error);

	if (!err)
		err = check_url(use, in->url, error);
	if (!err)
		err = check_event_names(in->events, in->event_count, error);
	if (!err)
		err = check_count(use, error);
	if (err)
		return err;
	JSON_ADD(use->detail, { "merchant", AS_TEXT(in->part) }, { "url", AS_TEXT(in->url) });
	copy_event_names(use, out, in->events, in->event_count);
	err = use_offer(use, arena_printf(use->arena, "%s %s", in->part, in->url), error);
	if (err || use->out->is_proposal)
		return err;
	uuid_new(use->desk->world, id);
	*out = (struct endpoint){ .id = arena_strdup(use->arena, id),
				  .merchant = arena_strdup(use->arena, in->part),
				  .url = arena_strdup(use->arena, in->url),
				  .disabled_reason = "",
				  .events = out->events,
				  .event_count = out->event_count,
				  .created_at = use->now };
	out->paused_until = out->old_secret_until = TIME_NONE;
	make_secret(use->desk, in->content_out);
	json_set_text(use->detail, "endpoint", out->id);
	err = store_endpoint_write(use->desk->store, out, in->content_out->buf, error);
	if (err)
		strbuf_wipe(in->content_out);
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

#define DISABLED_BY_DESK_TEXT "Disabled by the desk"

/* Finds the named endpoint if the caller may know it. For another merchant's endpoint, the error is the same as for
 * an unknown endpoint. */
static enum err find_callers_endpoint(struct desk *desk, struct arena *arena, const char *reference,
				      struct endpoint *out, struct error *error)
{
	struct error unseen = { 0 };
	enum err err;

	if (!desk->caller)
		return store_endpoint_find(desk->store, arena, reference, out, error);
	err = store_endpoint_find(desk->store, arena, reference, out, &unseen);
	if (err && err != ERR_NOT_FOUND)
		error_move(error, &unseen);
	error_release(&unseen);
	if (err && err != ERR_NOT_FOUND)
		return err;
	if (!err && endpoint_hook_name(out->url))
		err = ERR_NOT_FOUND;
	return caller_check_merchant(desk, err ? "" : out->merchant, "endpoint", reference, error);
}

/* Finds the endpoint of in->part if the caller may know the endpoint. */
static enum err find_endpoint(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	const char *reference = use->in->part;
	enum err err = find_callers_endpoint(use->desk, use->arena, reference, out, error);

	if (!err)
		json_set_text(use->detail, "endpoint", out->id);
	return err;
}

/* Whether the desk's staff disabled the endpoint: a merchant can neither enable it again nor read the reason. */
static bool is_disabled_by_staff(const struct endpoint *endpoint)
{
	return endpoint->disabled && !endpoint->is_auto_disabled &&
	       strcmp(endpoint->disabled_reason, ENDPOINT_DISABLED_BY_MERCHANT) != 0 &&
	       strcmp(endpoint->disabled_reason, ENDPOINT_REMOVED_BY_MERCHANT) != 0;
}

enum err desk_external_endpoint(struct desk *desk, struct arena *arena, const char *id, struct endpoint *out,
				struct error *error)
{
	enum err err = find_callers_endpoint(desk, arena, id, out, error);

	if (!err && is_disabled_by_staff(out))
		out->disabled_reason = DISABLED_BY_DESK_TEXT;
	return err;
}

enum err desk_external_endpoints(struct desk *desk, struct arena *arena, struct endpoint **items, size_t *count,
				 struct error *error)
{
	struct endpoint_list found = { 0 };
	enum err err = store_endpoint_list(desk->store, arena, desk->caller->merchant, &found, error);

	*items = found.items;
	*count = 0;
	for (size_t i = 0; i < found.count; i++) {
		if (endpoint_hook_name(found.items[i].url))
			continue;
		if (is_disabled_by_staff(&found.items[i]))
			found.items[i].disabled_reason = DISABLED_BY_DESK_TEXT;
		found.items[(*count)++] = found.items[i];
	}
	return err;
}

static enum err refuse_disabled_endpoint(const struct endpoint *endpoint, struct error *error)
{
	return error_set(error, ERR_BLOCKED,
			 "The endpoint %s was disabled by the desk; ask an admin of the desk to enable it",
			 endpoint->id);
}

static enum err set_endpoint_state(struct use *use, enum endpoint_move to, const char *reason, struct error *error)
{
	struct endpoint_switch how = { .to = to, .row = use->out->endpoint.row, .reason = reason, .now = use->now };
	enum err err = store_endpoint_set_state(use->desk->store, &how, error);

	use->out->unsent_count = how.unsent_count;
	return err;
}

/* Reads in->part: the endpoint; in->reason. Acts at once: nothing leaves while a second admin's confirmation waits,
 * and the events stay unsent. The confirmation may have another reason. */
enum err use_endpoint_disable(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	const char *reason = use->in->reason;
	enum err err = find_endpoint(use, error);

	if (!err)
		err = use_offer(use, out->id, error);
	if (!err && out->disabled && use->ends_offer) {
		json_set_text(use->detail, "reason", reason);
		return ERR_OK;
	}
	if (!err && is_disabled_by_staff(out) && caller_is_external(use->desk))
		err = refuse_disabled_endpoint(out, error);
	else if (!err && out->disabled)
		err = error_set(error, ERR_BLOCKED, "The endpoint %s is disabled already%s%s", out->id,
				*out->disabled_reason ? ": " : "", out->disabled_reason);
	if (err)
		return err;
	out->disabled = true;
	out->disabled_reason = arena_strdup(use->arena, reason);
	json_set_text(use->detail, "reason", reason);
	return set_endpoint_state(use, ENDPOINT_DISABLE, reason, error);
}

/* Reads in->part: the endpoint; in->reason. Its deliveries and events stay. */
enum err use_endpoint_remove(struct use *use, struct error *error)
{
	const char *reason = use->in->reason && *use->in->reason ? use->in->reason : "removed";
	enum err err = find_endpoint(use, error);

	if (!err)
		err = use_offer(use, use->out->endpoint.id, error);
	json_set_text(use->detail, "reason", reason);
	for (enum verb verb = VERB_ENDPOINT_DISABLE; !err && !use->out->is_proposal && verb < VERB_ENDPOINT_REMOVE;
	     verb++)
		err = use_offer_withdraw(use, verb, use->out->endpoint.id, error);
	return err || use->out->is_proposal ? err : set_endpoint_state(use, ENDPOINT_REMOVE, reason, error);
}

static enum err enable_endpoint(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;

	if (is_disabled_by_staff(out) && caller_is_external(use->desk))
		return refuse_disabled_endpoint(out, error);
	json_set_text(use->detail, "was_disabled", out->disabled_reason);
	out->disabled = out->is_auto_disabled = false;
	out->disabled_reason = "";
	out->paused_until = TIME_NONE;
	return set_endpoint_state(use, ENDPOINT_ENABLE, "", error);
}

/* Enables or disables an endpoint for use_endpoint_edit(), so that one request changes everything or nothing. */
static enum err set_endpoint_enabled(struct use *use, bool enabled, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;

	json_set_bool(use->detail, "enabled", enabled);
	if (enabled == !out->disabled)
		return ERR_OK;
	if (enabled)
		return enable_endpoint(use, error);
	out->disabled = true;
	out->disabled_reason = caller_is_external(use->desk) ? ENDPOINT_DISABLED_BY_MERCHANT : "";
	return set_endpoint_state(use, ENDPOINT_DISABLE, out->disabled_reason, error);
}

/* Reads in->part: the endpoint; in->changes. If the URL changes, pending deliveries go to the new URL. */
enum err use_endpoint_edit(struct use *use, struct error *error)
{
	static const struct endpoint_change nothing = { .enabled = CHOICE_DEFAULT,
							.max_concurrency = -1,
							.deliveries_per_minute = -1 };
	const struct endpoint_change *changes = use->in->changes ? use->in->changes : &nothing;
	struct endpoint *out = &use->out->endpoint;
	enum err err;

	if (!changes->url && !changes->event_count && changes->max_concurrency < 0 &&
	    changes->deliveries_per_minute < 0 && changes->enabled == CHOICE_DEFAULT)
		return error_set(error, ERR_USAGE, "Nothing to change; use at least one option");
	err = changes->url ? check_url(use, changes->url, error) : ERR_OK;
	if (!err && changes->event_count)
		err = check_event_names(changes->events, changes->event_count, error);
	if (!err)
		err = limit_check("at-once", changes->max_concurrency, ENDPOINT_CONCURRENCY_MAX, error);
	if (!err)
		err = limit_check("per-minute", changes->deliveries_per_minute, ENDPOINT_DELIVERIES_PER_MINUTE_MAX,
				  error);
	if (!err)
		err = find_endpoint(use, error);
	if (err)
		return err;
	if (changes->url) {
		JSON_ADD(use->detail, { "url_before", AS_TEXT(out->url) }, { "url", AS_TEXT(changes->url) });
		out->url = arena_strdup(use->arena, changes->url);
	}
	if (changes->event_count)
		copy_event_names(use, out, changes->events, changes->event_count);
	if (changes->max_concurrency >= 0)
		json_set_int(use->detail, "at_once", out->max_concurrency = changes->max_concurrency);
	if (changes->deliveries_per_minute >= 0)
		json_set_int(use->detail, "per_minute", out->deliveries_per_minute = changes->deliveries_per_minute);
	err = use_offer(use, out->id, error);
	if (err || use->out->is_proposal)
		return err;
	err = store_endpoint_write(use->desk->store, out, NULL, error);
	return err || changes->enabled == CHOICE_DEFAULT
		       ? err
		       : set_endpoint_enabled(use, changes->enabled == CHOICE_YES, error);
}

/* Reads in->part: the endpoint; in->hours: how long the old secret also signs. Appends the new secret to
 * in->content_out, which the calling function wipes; no later call returns the secret. */
enum err use_endpoint_rotate(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	int64_t hours = use->in->hours;
	enum err err;

	if (hours < 0 || hours > ROTATION_HOURS_MAX)
		return error_invalid(error, "overlap", "the overlap of the two secrets must be 0 to %d hours",
				     ROTATION_HOURS_MAX);
	err = find_endpoint(use, error);
	if (err)
		return err;
	json_set_int(use->detail, "overlap_hours", hours);
	err = use_offer(use, out->id, error);
	if (err || use->out->is_proposal)
		return err;
	out->old_secret_until = hours ? use->now + hours * 3600000 : TIME_NONE;
	make_secret(use->desk, use->in->content_out);
	err = store_endpoint_write(use->desk->store, out, use->in->content_out->buf, error);
	if (err)
		strbuf_wipe(use->in->content_out);
	return err;
}

/* Reads in->part: the endpoint. Events that occurred while the endpoint was disabled are not sent until a replay. One
 * admin is enough if nobody has confirmed that it was disabled, or if the failures of deliveries disabled it. */
enum err use_endpoint_enable(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	enum err err = find_endpoint(use, error);

	if (!err && !out->disabled)
		err = error_set(error, ERR_BLOCKED, "The endpoint %s is not disabled", out->id);
	if (!err)
		err = use_offer_withdraw(use, VERB_ENDPOINT_DISABLE, out->id, error);
	if (!err && !use->ends_offer && !out->is_auto_disabled)
		err = use_offer(use, out->id, error);
	return err || use->out->is_proposal ? err : enable_endpoint(use, error);
}

/* Reads in->part: the endpoint. Sends a test message without a case, independent of the endpoint's subscriptions.
 * The message is tried only once. */
enum err use_endpoint_test(struct use *use, struct error *error)
{
	struct endpoint *out = &use->out->endpoint;
	struct new_event event = { .type = ENDPOINT_TEST_EVENT, .now = use->now, .due_at = use->now };
	struct json_value *body, *data;
	struct merchant merchant;
	enum err err = find_endpoint(use, error);

	if (!err && out->disabled)
		err = error_set(error, ERR_BLOCKED,
				"The endpoint %s is disabled%s%s; enable it first: kybdesk endpoint enable", out->id,
				*out->disabled_reason ? ": " : "", out->disabled_reason);
	if (!err)
		err = store_merchant_find(use->desk->store, use->arena, out->merchant, &merchant, error);
	if (err)
		return err;
	body = json_new_object();
	data = json_new_object();
	JSON_ADD(body, { "type", AS_TEXT(event.type) }, { "timestamp", AS_TIME(use->now) });
	json_set_text(data, "endpoint", out->id);
	json_set(body, "data", data);
	event.merchant_row = merchant.row;
	event.body = json_move_to_arena(use->arena, body);
	event.length = strlen(event.body);
	use->desk->wrote_event = true;
	event.endpoint_row = out->row;
	err = store_event_insert(use->desk->store, &event, error);
	use->out->part_id = arena_strdup(use->arena, event.id);
	return err;
}

/* Converts the references of a replay request to rows of the store. */
static enum err replay_filter(struct desk *desk, struct arena *arena, const struct replay_request *request,
			      struct replay_filter *out, struct error *error)
{
	struct endpoint endpoint;
	struct stored_event event;
	enum err err = ERR_OK;

	*out = (struct replay_filter){ .merchant = desk->caller ? desk->caller->merchant : request->merchant,
				       .type = request->type,
				       .from = request->from,
				       .until = request->until,
				       .states = request->states,
				       .by_merchant = desk->caller != NULL,
				       .now = desk_now(desk) };
	if (request->event && *request->event) {
		err = store_event_find(desk->store, arena, request->event, out->now, &event, error);
		if (!err && event.count)
			out->event_id = event.items[0].id;
	}
	if (!err && request->session && *request->session)
		err = store_session_find(desk->store, request->session, &out->session, error);
	if (!err && request->endpoint && *request->endpoint) {
		err = store_endpoint_find(desk->store, arena, request->endpoint, &endpoint, error);
		out->endpoint = err ? 0 : endpoint.row;
	}
	if (!err && request->type && *request->type)
		err = endpoint_event_check(request->type, error);
	return err;
}

enum err desk_webhook_replay_preview(struct desk *desk, struct arena *arena, const struct replay_request *request,
				     struct replay_counts *out, struct error *error)
{
	struct replay_filter filter;
	enum err err = replay_filter(desk, arena, request, &filter, error);

	*out = (struct replay_counts){ 0 };
	filter.count_only = true;
	return err ? err : store_delivery_replay(desk->store, arena, &filter, out, error);
}

/* Refuses to replay the requested event, and explains why no delivery of it can be replayed. */
static enum err refuse_replay(const struct replay_request *request, const struct replay_counts *counts,
			      struct error *error)
{
	const char *why = counts->in_progress_count ? "the delivery is in progress; its next attempt is automatic"
			  : counts->disabled	    ? "the endpoint is disabled; enable it, then replay the event"
			  : counts->unsubscribed    ? "no endpoint of the merchant is subscribed to this event; "
						      "subscribe one, then replay the event"
			  : request->states ? "no delivery of the event has the chosen state; choose another state"
					    : "the decision was undone, so the event was never sent";

	return error_set(error, ERR_BLOCKED, "The event %s is not sent again: %s", request->event, why);
}

/* Reads in->replay. The event keeps its id and its bytes; only its delivery is new. */
enum err use_webhook_replay(struct use *use, struct error *error)
{
	const struct replay_request *request = use->in->replay;
	bool one = request->event && *request->event;
	struct replay_filter filter;
	struct replay_counts counts = { 0 };
	struct event_item event;
	struct endpoint endpoint;
	enum err err = ERR_OK;

	if (use->desk->caller && request->endpoint)
		err = find_callers_endpoint(use->desk, use->arena, request->endpoint, &endpoint, error);
	else if (use->desk->caller)
		err = desk_external_event(use->desk, use->arena, one ? request->event : "", &event, error);
	if (!err && use->desk->caller && request->endpoint && endpoint.disabled)
		err = is_disabled_by_staff(&endpoint)
			      ? refuse_disabled_endpoint(&endpoint, error)
			      : error_set(error, ERR_BLOCKED,
					  "The endpoint is disabled; enable it, then replay its events");
	if (!err)
		err = replay_filter(use->desk, use->arena, request, &filter, error);
	if (!err)
		err = store_delivery_replay(use->desk->store, use->arena, &filter, &counts, error);
	if (!err && one && !counts.deliveries)
		err = refuse_replay(request, &counts, error);
	if (!err && request->expected_count >= 0 && counts.deliveries != request->expected_count)
		err = error_set_field(error, ERR_CONFLICT, "expect",
				      "%lld deliveries would be sent again, not %lld as expected; nothing was done",
				      (long long)counts.deliveries, (long long)request->expected_count);
	if (err)
		return err;
	use->out->replay_totals = counts;
	use->desk->wrote_event = use->desk->wrote_event || counts.deliveries > 0;
	if (filter.event_id)
		json_set_text(use->detail, "event", filter.event_id);
	if (request->endpoint && *request->endpoint)
		json_set_text(use->detail, "endpoint", request->endpoint);
	JSON_ADD(use->detail, { "events", AS_INT(counts.events) }, { "deliveries", AS_INT(counts.deliveries) });
	return ERR_OK;
}

enum err cursor_parse(const char *after, int64_t *row, struct error *error)
{
	char *end;

	*row = 0;
	if (!after || !*after)
		return ERR_OK;
	*row = strtoll(after, &end, 10);
	if (*end || *row <= 0)
		return error_invalid(error, "after", "\"%s\" is not a cursor; use the cursor from the previous page",
				     after);
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
	enum err err = cursor_parse(query->after, &filter.after_row, error);

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

static enum err read_attempts(struct desk *desk, struct arena *arena, struct webhook_view *out, struct error *error)
{
	enum err err = ERR_OK;

	out->attempts = arena_alloc_array(arena, out->count, sizeof *out->attempts);
	out->attempt_counts = arena_alloc_array(arena, out->count, sizeof *out->attempt_counts);
	for (size_t i = 0; i < out->count && !err; i++) {
		struct delivery_attempts made = { 0 };

		err = store_delivery_attempt_list(desk->store, arena, out->deliveries[i].row, &made, error);
		out->attempts[i] = made.items;
		out->attempt_counts[i] = made.count;
	}
	return err;
}

/* The note without internal details, such as the reason why the desk's staff disabled an endpoint. */
static const char *public_note_text(const struct delivery_item *item)
{
	static const char *const open[] = { "no endpoint of the merchant is subscribed",
					    "the merchant has no endpoint" };

	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		if (!strncmp(item->note, open[i], strlen(open[i])))
			return item->note;
	}
	return item->state == DELIVERY_UNSENT ? "the endpoint is disabled" : "";
}

/* Removes the desk's own endpoints (hooks) from the view. */
static void drop_hook_deliveries(struct webhook_view *view)
{
	size_t count = 0;

	for (size_t i = 0; i < view->count; i++) {
		if (endpoint_hook_name(view->deliveries[i].endpoint_url))
			continue;
		view->deliveries[count] = view->deliveries[i];
		view->attempts[count] = view->attempts[i];
		view->attempt_counts[count++] = view->attempt_counts[i];
	}
	view->count = count;
}

/* Hides from a merchant the data that only the desk's staff may read. */
static void hide_staff_details(const struct desk *desk, struct webhook_view *view)
{
	drop_hook_deliveries(view);
	for (size_t i = 0; i < view->count; i++) {
		view->deliveries[i].note = public_note_text(&view->deliveries[i]);
		for (size_t j = 0; desk_is_sandbox(desk) && j < view->attempt_counts[i]; j++)
			view->attempts[i][j].response = "";
	}
}

enum err desk_webhook(struct desk *desk, struct arena *arena, const char *reference, struct webhook_view *out,
		      struct error *error)
{
	struct stored_event event;
	struct event_item own;
	struct strbuf body = STRBUF_INIT;
	enum err err = caller_check_reader(desk, error);

	if (!err && desk->caller)
		err = desk_external_event(desk, arena, reference, &own, error);
	if (!err)
		err = store_event_find(desk->store, arena, reference, desk_now(desk), &event, error);

	/* Removes the tokens of links, since a reader of the event must not get the client's access. */
	if (!err)
		err = link_placeholders_fill(
			&body, event.body, event.body_length,
			&(struct link_placeholder_values){ event.link_mark, NULL,
							   event.count ? event.items[0].session_id : "" },
			error);
	if (!err) {
		out->deliveries = event.items;
		out->count = event.count;
		out->body_length = body.len;
		out->body = strbuf_to_arena(&body, arena);
	}
	strbuf_release(&body);
	if (!err)
		err = read_attempts(desk, arena, out, error);
	if (!err && desk->caller)
		hide_staff_details(desk, out);
	return err;
}

enum err desk_order_webhooks(struct desk *desk, struct arena *arena, const char *order, struct webhook_view *out,
			     struct error *error)
{
	struct delivery_list found = { 0 };
	struct money_order loaded;
	enum err err = store_order_find(desk->store, arena, order, &loaded, error);

	*out = (struct webhook_view){ .body = "" };
	if (!err)
		err = caller_check_merchant(desk, loaded.merchant, "order", order, error);
	if (!err)
		err = store_delivery_list(
			desk->store, arena,
			&(const struct delivery_filter){ .order_row = loaded.row, .now = desk_now(desk) }, &found,
			error);
	out->deliveries = found.items;
	out->count = found.count;
	if (!err)
		err = read_attempts(desk, arena, out, error);
	if (!err)
		(void)mask_webhook(arena, out);
	return err;
}

enum err desk_webhook_counts(struct desk *desk, struct webhook_counts *out, struct error *error)
{
	return store_webhook_counts(desk->store, desk_now(desk), out, error);
}
