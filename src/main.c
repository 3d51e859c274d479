/* Connects the command line, the workbench and the server, which do not depend on each other. */
#include "kybdesk/api/serve.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/cli/cli.h"
#include "kybdesk/tui/workbench.h"

#include <sys/single_threaded.h>

int main(int argc, char **argv)
{
	static const struct cli_front_ends front_ends = { .workbench = workbench_run,
							  .serve = api_serve,
							  .openapi = api_write_openapi,
							  .keys = workbench_fill_keys,
							  .screen_library = workbench_library,
							  .http_library = api_library_version };
	const int status = cli_main(argc, argv, world_real(), &front_ends);

	if (__libc_single_threaded)
		arena_release_lasting();
	return status;
}
