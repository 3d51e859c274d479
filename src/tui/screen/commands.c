/* The table of all commands, one for each action of actions.h. */
#include "workbench.h"

_Static_assert(OWN_COMMANDS_MAX <= ARGUMENT_WORDS_MAX, "the palette offers every command");

static size_t own_command_names(const struct workbench *workbench, const char **words)
{
	for (size_t i = 0; i < workbench->own_settings.commands.count; i++)
		words[i] = workbench->own_settings.commands.items[i].name;
	return workbench->own_settings.commands.count;
}

/* clang-format off */
static const struct command_spec specs[COMMAND_COUNT] = {
	[COMMAND_NONE] = { .name = "none", .help = "", .group = GROUP_PROGRAM, .verb = VERB_COUNT, .arg_name = "" },
#define ACTION(command, key, name_, help_, group_, where_, verb_, needs_, changes_, kind, function, ...)  \
	[COMMAND_##command] = { .name = name_, .help = help_, .group = group_, .contexts = where_, .verb = verb_,     \
				.min_role = needs_, .changes_data = changes_, .kind = function, __VA_ARGS__ },
#define UNBOUND ACTION
#include "input/actions.h"
};
/* clang-format on */

const struct command_spec *command_spec(enum command command)
{
	if ((size_t)command >= COMMAND_COUNT)
		BUG("%u is not a command", (unsigned)command);
	return &specs[command];
}

enum role command_role(enum command command)
{
	const struct command_spec *spec = command_spec(command);
	return spec->verb < VERB_COUNT ? use_cases[spec->verb].role : spec->min_role;
}

bool is_command_allowed(enum command command, enum role role, bool readonly)
{
	const struct command_spec *spec = command_spec(command);
	if (readonly && spec->changes_data)
		return false;
	return spec->verb < VERB_COUNT ? use_case_allows(&use_cases[spec->verb], CAPACITY_STAFF, role)
				       : role_at_least(role, spec->min_role);
}
