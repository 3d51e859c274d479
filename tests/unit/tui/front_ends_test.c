/* Every verb and every other command has an action on the screen, or a reason why it has none. */
#include "cli_commands.h"
#include "places.h"
#include "support/verb_rows.h"

static bool is_action(const char *name)
{
	for (int command = 0; command < COMMAND_COUNT; command++)
		if (!strcmp(command_spec((enum command)command)->name, name))
			return true;
	return false;
}

/* The first action that runs the verb; NULL: none. */
static const char *action_of(enum verb verb)
{
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].verb == verb)
			return command_spec(rows[i].command)->name;
	return NULL;
}

Test(entrances, every_verb_has_an_action_or_a_reason)
{
	for (int v = 0; v < VERB_COUNT; v++)
		cr_expect_neq(action_of((enum verb)v) != NULL, verb_rows[v].no_action != NULL,
			      "%s: an action, or why none", use_cases[v].audit_action);
	/* Each action with a verb has a row that tries the verb, by its key or by its name. */
	for (int c = 0; c < COMMAND_COUNT; c++) {
		const struct command_spec *spec = command_spec((enum command)c);
		bool found = spec->verb == NO_VERB;
		for (size_t i = 0; i < row_count; i++)
			found = found || (rows[i].command == (enum command)c && rows[i].verb == spec->verb);
		cr_expect(found, "%s is never tried for %s", spec->name, use_cases[spec->verb].audit_action);
	}
}

/* --- the commands --- */

#define ADMIN "about the desk, not about a case"
#define PROGRAM "about the program"

/* Commands without a verb: the action that shows the same on the screen, or the reason why there is none. */
static const struct other {
	const char *command, *action, *why;
} others[] = {
	{ "init", "", PROGRAM },
	{ "demo", "", PROGRAM },
	{ "store show", "", ADMIN },
	{ "inbox", "choose", "" },
	{ "list", "filter", "" },
	{ "document list", "choose", "" },
	{ "party list", "choose", "" },
	{ "party tree", "choose", "" },
	{ "subsession list", "choose", "" },
	{ "check list", "choose", "" },
	{ "subject list", "", ADMIN },
	{ "alert list", "filter", "" },
	{ "suspicion list", "", "a list apart, which shows up in no other" },
	{ "suspicion show", "choose", "" },
	{ "sandbox account", "sandbox", "" },
	{ "sandbox ledger", "sandbox", "" },
	{ "hold list", "", "a list apart; the summary of a case shows its own" },
	{ "endpoint list", "webhooks", "" },
	{ "webhook list", "webhooks", "" },
	{ "webhook deliver", "", "a sandbox's workbench delivers by itself; else a service does" },
	{ "webhook verify", "", ADMIN },
	{ "hook run", "", PROGRAM },
	{ "serve", "", PROGRAM },
	{ "offer list", "offers", "" },
	{ "stats", "stats", "" },
	{ "team", "team", "" },
	{ "audit list", "audit", "" },
	{ "audit show", "audit", "" },
	{ "audit export", "", ADMIN },
	{ "audit verify", "", ADMIN },
	{ "audit checkpoint", "", ADMIN },
	{ "audit key", "", ADMIN },
	{ "evidence verify", "", PROGRAM },
	{ "reviewer list", "assign", "" },
	{ "access list", "", ADMIN },
	{ "access keys", "", PROGRAM },
	{ "session", "", PROGRAM },
	{ "template list", "templates", "" },
	{ "template show", "templates", "" },
	{ "merchant list", "merchants", "" },
	{ "merchant key list", "merchants", "" },
	{ "workflow list", "", ADMIN },
	{ "workflow show", "", ADMIN },
	{ "workflow check", "", ADMIN },
	{ "workflow diff", "", ADMIN },
	{ "workflow try", "", ADMIN },
	{ "reasons list", "reject", "" },
	{ "reasons check", "", ADMIN },
	{ "upgrade", "", ADMIN },
	{ "grants", "", ADMIN },
	{ "info", "", PROGRAM },
	{ "config show", "", PROGRAM },
	{ "config set", "", PROGRAM },
	{ "config keys", "", PROGRAM },
	{ "config check", "", PROGRAM },
	{ "doctor", "", PROGRAM },
	{ "completion", "", PROGRAM },
};
#define OTHER_COUNT (sizeof others / sizeof others[0])

static const struct other *other_of(const char *command)
{
	for (size_t i = 0; i < OTHER_COUNT; i++)
		if (!strcmp(others[i].command, command))
			return &others[i];
	return NULL;
}

Test(entrances, every_command_has_an_action_or_a_reason)
{
	struct cli_command command;
	size_t explained = 0;
	for (size_t i = 0; cli_command_at(i, &command); i++) {
		const struct other *other = other_of(command.name);
		cr_expect_neq(command.use_count > 0, other != NULL, "%s: a verb, or a row here", command.name);
		if (!other)
			continue;
		explained++;
		cr_expect_neq(other->action[0] != 0, other->why[0] != 0, "%s: an action, or why not", command.name);
		cr_expect(!other->action[0] || is_action(other->action), "%s: there is no action %s", command.name,
			  other->action);
	}
	cr_expect_eq(explained, OTHER_COUNT, "a row is about a command that is not there");
}
