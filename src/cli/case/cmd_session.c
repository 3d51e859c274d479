/* session, step, correction: actions of clients and merchants, entered by intake; and step edit, by a reviewer. */
#include "../cli_internal.h"

static enum err import_case(struct cli *cli, struct use_in *in, struct use_out *out, struct error *error)
{
	enum err err = cli_read_verb_input(cli, in, error);

	return err ? err : cli_run_use_case(cli, &cli->arena, in, out, error);
}

static enum err read_subject(struct cli *cli, struct subject *subject, struct error *error)
{
	const char *kind = cli_option_text(cli, "subject-kind");

	*subject = (struct subject){ .uid = cli_option_text(cli, "uid"),
				     .name = cli_option_text(cli, "name"),
				     .country = cli_option_text(cli, "country"),
				     .level = "",
				     .registration_number = cli_option_text(cli, "registration"),
				     .tax_id = cli_option_text(cli, "tax-id"),
				     .date_of_birth = cli_option_text(cli, "birth"),
				     .incorporated_on = "",
				     .website = "",
				     .email = cli_option_text(cli, "email"),
				     .phone = cli_option_text(cli, "phone"),
				     .address_json = "{}" };
	return CLI_WORD(subject_kind, kind, &subject->kind, "subject-kind", "kind of subject", error);
}

static enum err run_open(struct cli *cli, struct error *error)
{
	struct subject subject;
	struct session_input input = { .workflow = parsed_argument(&cli->command_line, 0),
				       .merchant = cli_option_text(cli, "merchant"),
				       .external_ref = cli_option_text(cli, "ref"),
				       .kind = cli_option_text(cli, "kind"),
				       .subject = &subject,
				       .custom_tags_json = parsed_option_text(&cli->command_line, "tags") };
	struct use_in in = { .verb = VERB_SESSION_OPEN, .session = "", .open_input = &input };
	struct use_out out;
	int64_t risk = RISK_NONE;
	enum err err = read_subject(cli, &subject, error);

	if (!err)
		err = cli_read_number(cli, "risk", 0, 100, RISK_NONE, &risk, error);
	input.risk_score = (int)risk;
	if (!err)
		err = import_case(cli, &in, &out, error);
	if (err)
		return err;
	if (cli_is_json(cli))
		return cli_print_decision(cli, &out, error);
	err = cli_print_case_result(cli, out.id, error, "opened as session %s", out.id);
	if (!err)
		out_line(&cli->out, "the client's access link: %s", out.link);
	return err;
}

static enum err run_extend(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_EXTEND };
	struct use_out out;
	enum err err = cli_read_number(cli, "days", 1, EXTEND_DAYS_MAX, 0, &in.days, error);

	if (!err)
		err = import_case(cli, &in, &out, error);
	if (err)
		return err;
	return cli_print_case_result(cli, out.id, error, "the client has access until %s",
				     out.expires_at == TIME_NONE ? "the session is decided"
								 : time_text(&cli->arena, out.expires_at));
}

static enum err run_save(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_STEP_SAVE, .finish_step = parsed_has_option(&cli->command_line, "done") };
	struct use_out out;
	enum err err = cli_read_fields(cli, &in.fields_json, error);

	if (!err && !in.fields_json && !in.finish_step)
		err = error_set(error, ERR_USAGE,
				"nothing to save: use --field NAME=VALUE, --json-fields FILE or --done");
	if (!err)
		err = import_case(cli, &in, &out, error);
	return err ? err : cli_print_case_result(cli, out.id, error, "the step %s is saved", in.part);
}

static enum err run_answer(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_ANSWER, .text = cli_option_text(cli, "words") };
	struct use_out out;
	enum err err = import_case(cli, &in, &out, error);

	return err ? err : cli_print_case_result(cli, out.id, error, "correction %s is answered", in.part);
}

#define TRANSITION_COMMAND(word, reference, what, verb_)                                                               \
	{                                                                                                              \
		.name = (word), .summary = (what), .verbs = { { (verb_), "", CAPACITY_INTAKE } },                      \
		.example = word " " reference, .arguments = { { SESSION_ARGUMENT } }, .options = {                     \
			{ ACTING_ROLE_OPTION }                                                                         \
		}                                                                                                      \
	}

static const struct command rows[] = {
	{ .name = "session open",
	  .summary = "Opens a session to verify a subject under a workflow",
	  .details = "The session is a draft with the steps and tags of the workflow, and a link for the client. "
		     "If the merchant already has a user with this --uid, omitted values are copied from the "
		     "user's last session.",
	  .verbs = { { VERB_SESSION_OPEN, "", CAPACITY_INTAKE } },
	  .example = "session open ralio-kyb --merchant northwind-pay --subject-kind business --name 'Juniper "
		     "Trading Ltd' --ref RAL-9001",
	  .run = run_open,
	  .arguments = { { "WORKFLOW", 0, "a workflow that is installed in this store" } },
	  .options = { { "merchant", "MERCHANT", OPTION_REQUIRED, "the merchant of the user" },
		       { "subject-kind", "KIND", OPTION_REQUIRED, "business or individual", subject_kind_words },
		       { "uid", "UID", 0, "the merchant's own id of the user" },
		       { "name", "NAME", 0, "the subject's name; required for a new user" },
		       { "ref", "REF", 0, "the merchant's reference for the session" },
		       { "kind", "KIND", 0, "kyb or kyc, if the workflow has both", session_kind_words },
		       { "country", "COUNTRY", 0, "the country: two or three letters, or the English name" },
		       { "birth", "DATE", 0, "date of birth, YYYY-MM-DD" },
		       { "registration", "NUMBER", 0, "the registration number of a business" },
		       { "tax-id", "NUMBER", 0, "the tax id" },
		       { "email", "ADDRESS", 0, "e-mail" },
		       { "phone", "NUMBER", 0, "telephone" },
		       { "tags", "JSON", 0, "custom tags as a JSON object, in place of the workflow's tags" },
		       { "risk", "N", 0, "a risk score, 0 to 100" },
		       { ACTING_ROLE_OPTION } } },
	TRANSITION_COMMAND("session start", "RAL-2060", "Starts a draft session", VERB_START),
	{ .name = "step save",
	  .summary = "Saves fields of a step",
	  .details = "A value that breaks a rule of the workflow is refused; the message explains the rule. After "
		     "submission only the fields of an open correction can be changed.",
	  .verbs = { { VERB_STEP_SAVE, "", CAPACITY_INTAKE } },
	  .example = "step save RAL-2061 business_information --field company_name='Juniper Trading Ltd' --done",
	  .run = run_save,
	  .arguments = { { SESSION_ARGUMENT }, { "STEP", 0, "the step's id" } },
	  .options = { { FIELD_OPTION },
		       { JSON_FIELDS_OPTION },
		       { "done", NULL, 0, "mark the step as completed" },
		       { ACTING_ROLE_OPTION } } },
	TRANSITION_COMMAND("session complete", "RAL-2061", "Completes an active session", VERB_COMPLETE),
	{ .name = "session submit",
	  .summary = "Submits a session for review and freezes its contents",
	  .details = "All mandatory documents of the workflow must be uploaded. Submission is irreversible.",
	  .verbs = { { VERB_SUBMIT, "", CAPACITY_INTAKE } },
	  .example = "session submit RAL-2061",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { ACTING_ROLE_OPTION } } },
	{ .name = "correction answer",
	  .summary = "Answers an item of a correction with an explanation, in place of a new value",
	  .details = "An item with a new value, file or party needs no explanation.",
	  .verbs = { { VERB_ANSWER, "", CAPACITY_INTAKE } },
	  .example = "correction answer RAL-2050 0198c5d2 --words 'The bank sends the statement next week'",
	  .run = run_answer,
	  .arguments = { { SESSION_ARGUMENT }, { "CORRECTION", 0, "the correction: id or unique id prefix" } },
	  .options = { { "words", "TEXT", OPTION_REQUIRED, "the client's explanation" }, { ACTING_ROLE_OPTION } } },
	TRANSITION_COMMAND("correction hand-in", "RAL-2050", "Submits the corrections once every item is answered",
			   VERB_HAND_IN),
	TRANSITION_COMMAND("session resubmit", "RAL-2008", "Submits a rejected session again, as a new attempt",
			   VERB_RESUBMIT),
	{ .name = "session extend",
	  .summary = "Extends the access link of the client; the link itself is unchanged",
	  .verbs = { { VERB_EXTEND, "", CAPACITY_INTAKE } },
	  .example = "session extend RAL-2061 --days 7",
	  .run = run_extend,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "days", "N", OPTION_REQUIRED, "the number of days, 1 to 366" }, { ACTING_ROLE_OPTION } } },
	{ .name = "session hide",
	  .summary = "Hides a session from the merchant; nothing is erased",
	  .verbs = { { VERB_HIDE, "", CAPACITY_INTAKE } },
	  .example = "session hide RAL-2061",
	  .done_message = "hidden from the merchant",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { ACTING_ROLE_OPTION } } },
};
const struct command_chapter commands_session = { COMMAND_CHAPTER("Intake", rows) };

/* --- step edit: a reviewer corrects values of the client; the audit log names the reviewer --- */

static enum err run_edit(struct cli *cli, struct error *error)
{
	const char *step = parsed_argument(&cli->command_line, 1), *fields;
	struct use_out out;
	enum err err = cli_read_fields(cli, &fields, error);
	if (!err && !fields)
		err = error_set(error, ERR_USAGE, "nothing to change: use --field NAME=VALUE");
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_STEP_EDIT, .part = step, .fields_json = fields,
			      .reason = cli_option_text(cli, "reason"));
	return err ? err : cli_print_case_result(cli, out.id, error, "the step %s is changed", step);
}

static const struct command step_rows[] = {
	{ .name = "step edit",
	  .summary = "Changes values of a step; the audit log records hashes of the old and new values",
	  .details = "NAME may be a path: owner.addresses[0].city. The index after the last element adds an "
		     "element. A value that breaks a rule of the workflow is refused.",
	  .verbs = { { VERB_STEP_EDIT, "" } },
	  .example = "step edit RAL-2032 business_information --field company_name='Juniper Trading Ltd' --reason "
		     "'Typing error of the client'",
	  .run = run_edit,
	  .arguments = { { SESSION_ARGUMENT }, { "STEP", 0, "the step's id" } },
	  .options = { { FIELD_OPTION },
		       { JSON_FIELDS_OPTION },
		       { OVERRIDE_OPTION },
		       { "reason", "TEXT", 0,
			 "the reason, at least ten characters; required after the session is submitted" } } },
};
const struct command_chapter commands_step = { COMMAND_CHAPTER("Steps", step_rows) };
