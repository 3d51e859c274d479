/* check list, check resolve, check accept, check judge, check waive. */
#include "../cli_internal.h"

static enum err run_list(struct cli *cli, struct error *error)
{
	return cli_print_part_list(
		cli,
		&(const struct cli_part_list){ "checks", "kind", "id,kind,status,score,checked_at", cli_show_checks },
		error);
}

static enum err run_resolve(struct cli *cli, struct error *error)
{
	bool match = parsed_has_option(&cli->command_line, "as-match"),
	     other = parsed_has_option(&cli->command_line, "as-false-positive"),
	     unknown = parsed_has_option(&cli->command_line, "as-undetermined");
	const char *hit = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	if (match + other + unknown != 1)
		return error_set(error, ERR_USAGE,
				 "The verdict is missing: give --as-match, --as-false-positive or --as-undetermined");
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_HIT_RESOLVE, .part = hit, .is_match = match,
			       .verdict = unknown ? RESULT_UNDETERMINED : RESULT_UNJUDGED,
			       .reason = cli_option_text(cli, "reason"), .note = cli_option_text(cli, "note"));
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "hit %s is %s", hit,
					   match     ? "a true match"
					   : unknown ? "undetermined"
						     : "a false positive");
}

static enum err run_waive(struct cli *cli, struct error *error)
{
	const char *text = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	enum check_kind kind;
	enum err err = CLI_WORD(check_kind, text, &kind, "kind", "kind of check", error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_CHECK_WAIVE, .check = kind,
			      .reason = cli_option_text(cli, "reason"));
	return err ? err : cli_print_case_result(cli, out.id, error, "check %s is waived", text);
}

static enum err run_judge(struct cli *cli, struct error *error)
{
	const char *result = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	enum result_verdict verdict;
	enum err err = CLI_WORD(result_verdict, cli_option_text(cli, "verdict"), &verdict, "verdict", "verdict", error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_RESULT_JUDGE, .part = result, .verdict = verdict,
			      .reason = cli_option_text(cli, "reason"));
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "result %s is judged: %s", result,
					   result_verdict_text(verdict));
}

#define HIT_ARGUMENT "HIT", 0, "the hit: id or unique id prefix"

static const struct command rows[] = {
	{ .name = "check list",
	  .summary = "Lists the checks of a session and their hits",
	  .example = "check list RAL-2032",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "check resolve",
	  .summary = "Decides whether a hit is the person or company of the case",
	  .details =
		  "Reasons for --as-match: same_person, other. Reasons for --as-false-positive: different_name, "
		  "different_birth_date, different_country, different_identifier, list_entry_removed, other. A "
		  "reason that contradicts the values on record is refused. Reason for --as-undetermined: other. For "
		  "a sanctions hit, first reveal the masked values (show --reveal), and add a --note of at least ten "
		  "characters. In production, a case with a sanctions hit without a verdict cannot be rejected; an "
		  "undetermined hit still blocks the approval.",
	  .verbs = { { VERB_HIT_RESOLVE, "" } },
	  .example = "check resolve RAL-2032 0198c5d2 --as-false-positive --reason different_birth_date",
	  .run = run_resolve,
	  .arguments = { { SESSION_ARGUMENT }, { HIT_ARGUMENT } },
	  .options = { { "as-match", NULL, 0, "the hit is the person or company of the case" },
		       { "as-false-positive", NULL, 0, "the hit is a different person or company" },
		       { "as-undetermined", NULL, 0, "the facts do not suffice; needs a note" },
		       { "reason", "CODE", OPTION_REQUIRED, "the reason code of the verdict" },
		       { "note", "TEXT", 0, "the basis of the verdict" } } },
	{ .name = "check accept",
	  .summary = "Accepts a confirmed PEP or adverse-media hit",
	  .verbs = { { VERB_HIT_ACCEPT, "" } },
	  .example = "check accept RAL-2032 0198c5d2 --reason 'Mentioned in the press, never charged'",
	  .done_message = "confirmed hit {} is accepted",
	  .arguments = { { SESSION_ARGUMENT }, { HIT_ARGUMENT } },
	  .options = { { REASON_OPTION } } },
	{ .name = "check judge",
	  .summary = "Decides about an adverse result of a screening that lists no hit",
	  .details =
		  "A failed screening counts until a person judges it; no later result ends it. cleared ends it; "
		  "confirmed leaves only a rejection; undetermined stays adverse. Only a lead clears a result of the "
		  "checks watchlist and ofac. A result of an approved or rejected case can be judged, too.",
	  .verbs = { { VERB_RESULT_JUDGE, "" } },
	  .example = "check judge RAL-2032 watchlist.2 --verdict cleared --reason 'Another person, born in 1961'",
	  .run = run_judge,
	  .arguments = { { SESSION_ARGUMENT }, { "RESULT", 0, "the result, as show prints it, such as watchlist.2" } },
	  .options = { { "verdict", "VERDICT", OPTION_REQUIRED, "cleared, confirmed or undetermined" },
		       { REASON_OPTION } } },
	{ .name = "check waive",
	  .summary = "Waives a check that the profile requires",
	  .verbs = { { VERB_CHECK_WAIVE, "" } },
	  .example = "check waive RAL-2032 adverse_media --reason 'The provider is out of service'",
	  .run = run_waive,
	  .arguments = { { SESSION_ARGUMENT }, { "KIND", 0, "the kind of check", check_kind_words } },
	  .options = { { REASON_OPTION } } },
};
const struct command_chapter commands_check = { COMMAND_CHAPTER("Checks", rows) };
