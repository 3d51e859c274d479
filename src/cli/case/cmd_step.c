/* step edit: a reviewer corrects values of the client; the audit log names the reviewer. */
#include "../cli_internal.h"

static enum err run_edit(struct cli *cli, struct error *error)
{
	const char *step = parsed_argument(&cli->parsed, 1), *fields;
	struct use_out out;
	enum err err = cli_fields(cli, &fields, error);
	if (!err && !fields)
		err = error_set(error, ERR_USAGE, "nothing to change: use --field NAME=VALUE");
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_STEP_EDIT, .part = step, .fields_json = fields,
			      .reason = cli_text(cli, "reason"));
	return err ? err : cli_case_result(cli, out.id, error, "the step %s is changed", step);
}

static const struct command rows[] = {
	{ .name = "step edit",
	  .summary = "Changes values of a step; the audit log records hashes of the old and new values",
	  .details = "NAME may be a path: owner.addresses[0].city. The index after the last element adds an "
		     "element. A value that breaks a rule of the workflow is refused.",
	  .uses = { { VERB_STEP_EDIT, "" } },
	  .example = "step edit RAL-2032 business_information --field company_name='Juniper Trading Ltd' --reason "
		     "'Typing error of the client'",
	  .run = run_edit,
	  .arguments = { { SESSION_ARGUMENT }, { "STEP", 0, "the step's id" } },
	  .options = { { FIELD_OPTION },
		       { JSON_FIELDS_OPTION },
		       { "reason", "TEXT", 0,
			 "the reason, at least ten characters; required after the session is submitted" } } },
};
const struct command_chapter commands_step = { COMMAND_CHAPTER("Steps", rows) };
