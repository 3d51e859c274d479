/* The CLI's commands, for tests of the screen: CLI and screen each define a tag `command`; no file can include both. */
#ifndef KYB_TESTS_UNIT_TUI_CLI_COMMANDS_H
#define KYB_TESTS_UNIT_TUI_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>

struct cli_command {
	const char *name; /* "document accept" */
	size_t use_count; /* of verbs */
};
bool cli_command_at(size_t index, struct cli_command *out); /* false if index is beyond the last command */

#endif
