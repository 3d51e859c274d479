/* serve: runs the HTTP server. */
#include "../cli_internal.h"
#include "kybdesk/desk/sandbox.h"

#define LIMIT_MAX 1000000000

static enum err run_serve(struct cli *cli, struct error *error)
{
	const char *listen = parsed_option_text(&cli->command_line, "listen");
	struct serve_context serve_context = { .cli = cli,
					       .sends_webhooks = !parsed_has_option(&cli->command_line, "no-deliver"),
					       .ca_file = parsed_option_text(&cli->command_line, "ca-file") };
	struct api_options options = { .store_path = settings_text(&cli->settings, SETTING_STORE),
				       .actor = settings_text_if_set(&cli->settings, SETTING_REVIEWER),
				       .world = cli->world,
				       .log = cli->log,
				       .write_access_log = cli->log.level == LOG_VERBOSE ||
							   parsed_has_option(&cli->command_line, "access-log"),
				       .listen = listen ? listen : API_LISTEN_DEFAULT,
				       .metrics_listen = parsed_option_text(&cli->command_line, "metrics-listen"),
				       .strict = parsed_has_option(&cli->command_line, "strict"),
				       .ready = serve_report_ready,
				       .context = &serve_context };
	int64_t delay_s = 0, desks = 0;
	enum err err;

	if ((err = cli_read_number(cli, "sandbox-delay", 0, SANDBOX_DELAY_MAX_S, SANDBOX_DELAY_DEFAULT_MS / 1000,
				   &delay_s, error)) ||
	    (err = cli_read_number(cli, "address-limit", 0, LIMIT_MAX, -1, &options.address_limit, error)) ||
	    (err = cli_read_number(cli, "key-limit", 0, LIMIT_MAX, -1, &options.key_limit, error)) ||
	    (err = cli_read_number(cli, "link-limit", 0, LIMIT_MAX, -1, &options.link_limit, error)) ||
	    (err = cli_read_number(cli, "connection-limit", 0, LIMIT_MAX, -1, &options.connection_limit, error)) ||
	    (err = cli_read_number(cli, "store-connections", 1, API_DESKS_MAX, API_DESKS_MAX, &desks, error)))
		return err;
	options.sandbox_delay_ms = delay_s * 1000;
	options.desk_count = (size_t)desks;
	if (parsed_has_option(&cli->command_line, "readonly"))
		return error_set(error, ERR_USAGE, "serve changes the store and cannot run with --readonly");
	if (!serve_context.sends_webhooks && parsed_has_option(&cli->command_line, "deliver"))
		return error_set(error, ERR_USAGE, "Use --deliver or --no-deliver, not both");
	err = cli->front_ends->serve(&options, error);
	serve_delivery_stop(serve_context.delivery);
	return err;
}

static const struct command rows[] = {
	{ .name = "serve",
	  .summary = "Serves the HTTP API for merchants until stopped",
	  .details = "A merchant authenticates with an API key (kybdesk merchant key): Authorization: Bearer KEY. "
		     "docs/api.md describes the API. Put a TLS proxy in front of the server. SIGTERM stops the "
		     "server after it has responded to the open requests; with --verbose or --access-log each "
		     "response is logged on standard error. Behind proxies that the store trusts (setting "
		     "trusted_proxies, kybdesk store set), the client's address is read from their header. The "
		     "server also sends webhooks, as kybdesk webhook deliver does; several servers and workers can "
		     "run at the same time.",
	  .flags = COMMAND_NO_STORE,
	  .example = "serve --listen 127.0.0.1:8080",
	  .run = run_serve,
	  .options = { { "listen", "ADDRESS:PORT", 0,
			 "listen address; port 0: any free port (default: 127.0.0.1:8080)" },
		       { "metrics-listen", "ADDRESS:PORT", 0,
			 "also serve /metrics for Prometheus, only at this address and without authentication; "
			 "default: not served" },
		       { "address-limit", "N", 0,
			 "requests per minute from one address, 0: no limit (default: the store's address_limit, "
			 "12000); all clients behind an untrusted proxy have the proxy's address" },
		       { "key-limit", "N", 0,
			 "requests per minute with one API key, 0: no limit (default: the store's key_limit, "
			 "6000)" },
		       { "link-limit", "N", 0,
			 "requests per minute of one client session, 0: no limit (default: the store's link_limit, "
			 "300)" },
		       { "connection-limit", "N", 0, "open connections from one address, 0: no limit (default: 256)" },
		       { "store-connections", "N", 0,
			 "connections to the store, 1 to 16 (default: 16): the number of requests that run at the "
			 "same time; with fewer connections, a PostgreSQL server has more connections left for "
			 "reviewers" },
		       { "sandbox-delay", "SECONDS", 0,
			 "in a sandbox, seconds until a case with a subject name that ends in #approve, #reject, "
			 "#corrections, #expire, #remind, #error, #timeout or #hit gets that outcome (default: "
			 "3)" },
		       { LOG_OPTION },
		       { "access-log", NULL, 0,
			 "log each request: method, route, status, time, request id, merchant, client's address "
			 "and trace id; never values of the path" },
		       { "strict", NULL, 0,
			 "refuse unknown or repeated names in a query, a form or a JSON body; default: list them in a "
			 "response header" },
		       { "deliver", NULL, 0, "also send webhooks (default)" },
		       { "no-deliver", NULL, 0,
			 "send no webhooks; leave them to kybdesk webhook deliver or another server" },
		       { CA_FILE_OPTION } } },
};
const struct command_chapter commands_serve = { COMMAND_CHAPTER("HTTP server", rows) };
