#include "cli_commands.h"

#include "command.h"

bool cli_command_at(size_t index, struct cli_command *out)
{
	const struct command *command = command_at(command_set(), index);
	if (!command)
		return false;
	*out = (struct cli_command){ command->name, command_verb_count(command) };
	return true;
}
