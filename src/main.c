/* Joins the command line and the workbench, which know nothing of each other. */
#include "kybdesk/cli/cli.h"
#include "kybdesk/tui/workbench.h"

#include <locale.h>

static int open_workbench(const struct cli_workbench *request, struct error *error)
{
	struct workbench_options options = { .settings = request->settings,
					     .world = request->world,
					     .readonly = request->readonly,
					     .demo = request->demo };
	return workbench_run(&options, error);
}

int main(int argc, char **argv)
{
	static const struct cli_doors doors = { .workbench = open_workbench, .screen_library = workbench_library };
	/* A locale that is not installed leaves "C", and ASCII marks. */
	if (!setlocale(LC_CTYPE, ""))
		(void)setlocale(LC_ALL, "C");
	return cli_main(argc, argv, world_real(), &doors);
}
