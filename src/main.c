/* Connects the command line, the workbench and the server, which do not depend on each other. */
#include "kybdesk/api/serve.h"
#include "kybdesk/cli/cli.h"
#include "kybdesk/tui/workbench.h"

static int open_workbench(const struct cli_workbench *request, struct error *error)
{
	struct workbench_options options = { .settings = request->settings,
					     .world = request->world,
					     .readonly = request->readonly,
					     .demo = request->demo,
					     .tour = request->tour };
	return workbench_run(&options, error);
}

static enum err serve(const struct cli_server *request, struct error *error)
{
	const struct api_options options = { .store_path = settings_text(request->settings, SETTING_STORE),
					     .actor = settings_chosen(request->settings, SETTING_REVIEWER),
					     .listen = request->listen ? request->listen : API_LISTEN_DEFAULT,
					     .metrics = request->metrics,
					     .address_limit = request->address_limit,
					     .key_limit = request->key_limit,
					     .link_limit = request->link_limit,
					     .connection_limit = request->connection_limit,
					     .desks = request->desks,
					     .strict = request->strict,
					     .sandbox_delay_ms = request->sandbox_delay_ms,
					     .world = request->world,
					     .log = request->log,
					     .access_log = request->access_log,
					     .ready = request->ready,
					     .context = request->context };

	return api_serve(&options, error);
}

int main(int argc, char **argv)
{
	static const struct cli_front_ends front_ends = { .workbench = open_workbench,
							  .serve = serve,
							  .openapi = api_openapi,
							  .keys = workbench_keys,
							  .screen_library = workbench_library,
							  .http_library = api_library };
	return cli_main(argc, argv, world_real(), &front_ends);
}
