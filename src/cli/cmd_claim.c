/* claim, release, assign: who holds a case. */
#include "cli_internal.h"
#include "kybdesk/desk/claim.h"

static enum err run_claim(struct cli *cli, struct error *error)
{
	const char *reference = parsed_argument(&cli->parsed, 0), *actor = desk_actor(cli->desk), *id;
	enum err err = parsed_has(&cli->parsed, "take-over")
			       ? desk_assign(cli->desk, &cli->arena, reference, actor, &id, error)
			       : desk_claim(cli->desk, &cli->arena, reference, &id, error);
	if (err)
		return err;
	return cli_case_result(cli, id, error, "you hold it");
}

static enum err run_release(struct cli *cli, struct error *error)
{
	const char *id;
	enum err err = desk_release(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &id, error);
	if (err)
		return err;
	return cli_case_result(cli, id, error, "nobody holds it");
}

static enum err run_assign(struct cli *cli, struct error *error)
{
	const char *id, *name = parsed_argument(&cli->parsed, 1);
	enum err err = desk_assign(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), name, &id, error);
	if (err)
		return err;
	return cli_case_result(cli, id, error, "%s holds it", name);
}

const struct command commands_claim[] = {
	{ .name = "claim",
	  .summary = "Takes a case to work on it; ends by itself after 30 idle minutes",
	  .role = "reviewer; --take-over: lead",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_claim,
	  .arguments = { SESSION_ARGUMENT },
	  .options = { { "take-over", 0, NULL, 0, NULL, "take it from whoever holds it" } } },
	{ .name = "release",
	  .summary = "Gives a case back to the queue",
	  .role = "the holder, lead",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_release,
	  .arguments = { SESSION_ARGUMENT } },
	{ .name = "assign",
	  .summary = "Gives a case to a reviewer; it does not end by itself",
	  .role = "lead",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_assign,
	  .arguments = { SESSION_ARGUMENT, { "NAME", 0, NULL, "the reviewer" } } },
};
