/* endpoint add, list, disable: where webhooks go. */
#include "cli_internal.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/domain/endpoint.h"

static void endpoint_members(struct json_value *object, const struct endpoint *endpoint)
{
	struct json_value *events = json_new_array();
	for (size_t i = 0; i < endpoint->event_count; i++)
		json_append(events, json_new_string(endpoint->events[i]));
	json_set_text(object, "id", endpoint->id);
	json_set_text(object, "merchant", endpoint->merchant);
	json_set_text(object, "url", endpoint->url);
	json_set(object, "events", events);
}

static struct json_value *endpoint_json(const struct endpoint *endpoint)
{
	struct json_value *object = json_new_object();
	endpoint_members(object, endpoint);
	json_set_bool(object, "disabled", endpoint->disabled);
	json_set_text_or_null(object, "disabled_reason", endpoint->disabled_reason);
	json_set_time(object, "created_at", endpoint->created_at);
	return object;
}

static enum err run_add(struct cli *cli, struct error *error)
{
	struct use_out out;
	const struct endpoint *endpoint = &out.endpoint;
	struct strbuf secret = STRBUF_INIT;
	size_t count;
	const char **events = parsed_all(&cli->parsed, &cli->arena, "event", &count);
	enum err err = CLI_DO(cli, &out, error, .verb = VERB_ENDPOINT_ADD, .part = cli_text(cli, "merchant"),
			      .url = cli_text(cli, "url"), .events = events, .event_count = count, .into = &secret);
	if (err)
		goto done;
	if (cli_json(cli)) {
		struct json_value *result = json_new_object();
		endpoint_members(result, endpoint);
		json_set_text(result, "secret", secret.buf);
		out_json(&cli->out, result);
	} else {
		out_line(&cli->out, "endpoint %s of %s: %s", endpoint->id, endpoint->merchant, endpoint->url);
		out_line(&cli->out, "secret, shown only now: %s", secret.buf);
	}
done:
	strbuf_wipe(&secret);
	return err;
}

static const char *event_list(struct arena *arena, const struct endpoint *endpoint)
{
	struct strbuf text = STRBUF_INIT;
	for (size_t i = 0; i < endpoint->event_count; i++)
		strbuf_addf(&text, "%s%s", i ? ", " : "", endpoint->events[i]);
	char *result = strbuf_to_arena(&text, arena);
	strbuf_release(&text);
	return result;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = {
		{ "Id", TEXT_LEFT, 0 },	    { "Merchant", TEXT_LEFT, 10 }, { "URL", TEXT_LEFT, 16 },
		{ "Events", TEXT_LEFT, 8 }, { "State", TEXT_LEFT, 8 },
	};
	struct endpoint *items;
	struct cli_slice slice;
	size_t count;
	enum err err = desk_endpoints(cli->desk, &cli->arena, cli_text(cli, "merchant"), &items, &count, error);
	if (err)
		return err;
	const char **ids = arena_alloc_array(&cli->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = items[i].id;
	if ((err = cli_slice(cli, ids, count, &slice, error)))
		return err;
	if (cli_json(cli)) {
		struct json_value *data = json_new_array();
		for (size_t i = slice.from; i < slice.to; i++)
			json_append(data, endpoint_json(&items[i]));
		cli_page_json(cli, data, slice.next);
		return ERR_OK;
	}
	size_t length = cli_short_length(ids, count);
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = slice.from; i < slice.to; i++) {
		table_addf(table, "%.*s", (int)length, items[i].id);
		table_add(table, items[i].merchant);
		table_add(table, items[i].url);
		table_add(table, event_list(&cli->arena, &items[i]));
		if (items[i].disabled)
			table_add_styled(table, CELL_WARNING,
					 arena_printf(&cli->arena, "disabled%s%s",
						      *items[i].disabled_reason ? ": " : "",
						      items[i].disabled_reason));
		else
			table_add_styled(table, CELL_OK, "active");
	}
	out_table(&cli->out, table, 0);
	cli_page_hint(cli, slice.next);
	return ERR_OK;
}

static enum err run_disable(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_DO(cli, &out, error, .verb = VERB_ENDPOINT_DISABLE,
			      .part = parsed_argument(&cli->parsed, 0), .reason = cli_text(cli, "reason"));
	if (err)
		return err;
	if (cli_json(cli))
		out_json(&cli->out, endpoint_json(&out.endpoint));
	else
		out_line(&cli->out, "endpoint %s (%s) is disabled; nothing more is sent there", out.endpoint.id,
			 out.endpoint.url);
	return ERR_OK;
}

const struct command commands_endpoint[] = {
	{ .name = "endpoint add",
	  .summary = "Adds a webhook endpoint of a merchant and prints its secret once",
	  .details = "https only; in a sandbox store also http to this machine.",
	  .uses = { { VERB_ENDPOINT_ADD, "" } },
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_add,
	  .options = { { "merchant", 0, "MERCHANT", OPTION_REQUIRED, NULL, "whose events" },
		       { "url", 0, "URL", OPTION_REQUIRED, NULL, "where to" },
		       { "event", 0, "NAME", OPTION_MANY | OPTION_REQUIRED, endpoint_event_names,
			 "an event name, or * for all; may be repeated" } } },
	{ .name = "endpoint list",
	  .summary = "Lists webhook endpoints, without their secrets",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_list,
	  .options = { { "merchant", 0, "MERCHANT", 0, NULL, "only of this one" }, LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "endpoint disable",
	  .summary = "Sends nothing more to an endpoint",
	  .uses = { { VERB_ENDPOINT_DISABLE, "" } },
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_disable,
	  .arguments = { { "ENDPOINT", 0, NULL, "its id or a unique beginning of it" } },
	  .options = { { "reason", 0, "TEXT", 0, NULL, "why" } } },
};
