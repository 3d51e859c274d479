/* claim, release, assign: change the holder of a case. */
#include "../cli_internal.h"

static enum err run_claim(struct cli *cli, struct error *error)
{
	bool take_over = parsed_has_option(&cli->command_line, "take-over");
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = take_over ? VERB_ASSIGN : VERB_CLAIM, .part = desk_actor(cli->desk));
	return err ? err : cli_print_case_result(cli, out.id, error, "you hold the case");
}

/* Runs assign --filter, with the reviewer as the only argument. */
static enum err assign_all_cases(struct cli *cli, struct error *error)
{
	const struct use_in in = { .verb = VERB_ASSIGN, .part = parsed_argument(&cli->command_line, 0) };
	if (!*in.part)
		return error_set(error, ERR_USAGE, "assign --filter needs NAME, the reviewer");
	return bulk_run(
		cli,
		&(struct bulk_change){ .done_phrase = arena_printf(&cli->arena, "assigned to %s", in.part), .in = &in },
		error);
}

static enum err run_assign(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	bool is_bulk;
	enum err err = bulk_check_options(cli, *name != '\0' || !parsed_has_option(&cli->command_line, "filter"),
					  &is_bulk, error);
	if (err)
		return err;
	if (is_bulk)
		return assign_all_cases(cli, error);
	if (!*name)
		return error_set(
			error, ERR_USAGE,
			"assign needs SESSION and NAME, or --filter for several cases; see kybdesk assign --help");
	err = CLI_RUN(cli, &out, error, .verb = VERB_ASSIGN, .part = name);
	return err ? err : cli_print_case_result(cli, out.id, error, "%s holds the case", name);
}

static enum err run_refer(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_REFER, .part = cli_option_text(cli, "to"),
			       .reason = cli_option_text(cli, "reason"));
	return err ? err : cli_print_case_result(cli, out.id, error, "%s holds the case", out.part_id);
}

static const struct command rows[] = {
	{ .name = "claim",
	  .summary = "Claims a case to work on it; the claim ends after 30 idle minutes",
	  .verbs = { { VERB_CLAIM, "" }, { VERB_ASSIGN, "--take-over" } },
	  .example = "claim RAL-2032",
	  .run = run_claim,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "take-over", NULL, 0, "take the case over from its holder" } } },
	{ .name = "release",
	  .summary = "Releases a case to the queue",
	  .verbs = { { VERB_RELEASE, "" } },
	  .role_limit = "the holder, or a lead",
	  .example = "release RAL-2032",
	  .done_message = "nobody holds the case",
	  .arguments = { { SESSION_ARGUMENT } } },
	{ .name = "assign",
	  .summary = "Assigns a case to a reviewer, without a time limit",
	  .verbs = { { VERB_ASSIGN, "" } },
	  .example = "assign RAL-2032 ana",
	  .run = run_assign,
	  .arguments = { { BULK_SESSION_ARGUMENT },
			 { "NAME", ARGUMENT_OPTIONAL, "the reviewer; with --filter the only argument" } },
	  .options = { BULK_OPTIONS } },
	{ .name = "refer",
	  .summary = "Refers a case to a colleague or a lead, with a reason",
	  .details = "The colleague holds the case until the colleague or a lead releases it. The reason is added "
		     "as a note.",
	  .verbs = { { VERB_REFER, "" } },
	  .example = "refer RAL-2032 --to lead --reason 'The ownership chain has a trust'",
	  .run = run_refer,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "to", "NAME", OPTION_REQUIRED, "a reviewer, or lead: the lead with the fewest cases" },
		       { REASON_OPTION } } },
};
const struct command_chapter commands_claim = { COMMAND_CHAPTER("Claims", rows) };
