#include "cli_commands.h"

#include "kybdesk/cli/command.h"

_Static_assert(COMMAND_USES_MAX <= CLI_USES_MAX, "every use of a command has room");

bool cli_command_at(size_t index, struct cli_command *out)
{
	const struct command *command = command_at(command_set(), index);
	if (!command)
		return false;
	*out = (struct cli_command){ .name = command->name };
	for (size_t i = 0; i < command_use_count(command); i++)
		if (command->uses[i].as == CAPACITY_STAFF)
			out->uses[out->use_count++] =
				(struct cli_run_first_verb){ command->uses[i].verb, command->uses[i].with };
	return true;
}
