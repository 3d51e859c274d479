/* The commands of the command line, for tests of the screen: both have a type of this name. */
#ifndef KYB_TESTS_UNIT_TUI_CLI_COMMANDS_H
#define KYB_TESTS_UNIT_TUI_CLI_COMMANDS_H

#include "kybdesk/desk/verbs.h"

#define CLI_USES_MAX 8
struct cli_command {
	const char *name; /* "document accept" */
	struct cli_run_first_verb {
		enum verb verb;
		const char *with; /* its option, "" none */
	} uses[CLI_USES_MAX];	  /* as staff */
	size_t use_count;
};
bool cli_command_at(size_t index, struct cli_command *out); /* false behind the last */

#endif
