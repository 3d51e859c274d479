/* claim, release, assign: who holds a case. */
#include "bulk.h"
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

static enum err assign_one(struct cli *cli, struct arena *arena, const char *id, const void *context,
			   const char **note, struct error *error)
{
	const char *assigned;
	(void)note;
	return desk_assign(cli->desk, arena, id, context, &assigned, error);
}

/* With --filter the reviewer is the only word. */
static enum err assign_all(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->parsed, 0);
	const struct bulk bulk = { .verb = arena_printf(&cli->arena, "assigned to %s", name),
				   .one = assign_one,
				   .context = name };
	if (!*name)
		return error_set(error, ERR_USAGE, "assign --filter needs NAME: the reviewer");
	return bulk_run(cli, &bulk, error);
}

static enum err run_assign(struct cli *cli, struct error *error)
{
	const char *id, *name = parsed_argument(&cli->parsed, 1);
	bool bulk;
	enum err err = bulk_wanted(cli, *name != '\0' || !parsed_has(&cli->parsed, "filter"), &bulk, error);
	if (err)
		return err;
	if (bulk)
		return assign_all(cli, error);
	if (!*name)
		return error_set(
			error, ERR_USAGE,
			"assign needs SESSION and NAME, or --filter for several; see kybdesk assign --help");
	err = desk_assign(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), name, &id, error);
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
	  .arguments = { BULK_SESSION_ARGUMENT,
			 { "NAME", ARGUMENT_OPTIONAL, NULL, "the reviewer; with --filter the only word" } },
	  .options = { BULK_OPTIONS } },
};
