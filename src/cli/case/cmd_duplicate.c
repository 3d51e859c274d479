/* duplicate: other sessions that may be from the same applicant. */
#include "../cli_internal.h"

static enum err run_list(struct cli *cli, struct error *error)
{
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0),
				 parsed_has(&cli->parsed, "reveal"), &view, error);
	if (err)
		return err;
	struct cli_rows rows;
	struct duplicate *shown = arena_alloc_array(&cli->arena, view.duplicate_count + 1, sizeof *shown);
	size_t count = 0;
	if ((err = cli_rows(cli, NULL, 0, &rows, error)))
		return err;
	for (size_t i = 0; i < view.duplicate_count; i++) {
		if (!cli_row(&rows, view.duplicates[i].id))
			continue;
		json_append(rows.data, cli_duplicate_json(&view.duplicates[i]));
		shown[count++] = view.duplicates[i];
	}
	err = cli_rows_end(cli, &rows, "id,external_ref,workflow,status,compliance_status,uid,same,open", error);
	if (err || cli->out.format != OUT_TABLE)
		return err;
	view.duplicates = shown;
	view.duplicate_count = count;
	if (!count)
		out_line(&cli->out, "%s: no possible duplicates", cli_label(cli, &view.file.session));
	cli_duplicate_tables(cli, &view);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "duplicate list",
	  .summary = "Compares a session with others that may be from the same applicant",
	  .details = "A session is a possible duplicate if it has the same registration number or tax id in the "
		     "same country (also one number equal to the other), the same user, the same name and a common "
		     "owner, or the same document as another subject. Sessions of other "
		     "merchants, and sessions with a restricted rejection, are shown only to leads; other "
		     "reviewers see that a lead holds the case.",
	  .uses = { { VERB_REVEAL, "--reveal" } },
	  .only = "the holder of the case, or a lead",
	  .example = "duplicate list RAL-2032",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { PAGE_OPTIONS, { REVEAL_OPTION } } },
	{ .name = "duplicate dismiss",
	  .summary = "Records that another session is not a duplicate",
	  .details = "The record applies to both sessions until more of their values are equal.",
	  .uses = { { VERB_DUPLICATE_DISMISS, "" } },
	  .example = "duplicate dismiss RAL-2032 RAL-2033 --reason 'Two companies at one address'",
	  .done = "{} is not a duplicate",
	  .arguments = { { SESSION_ARGUMENT }, { "OTHER", 0, "the other session" } },
	  .options = { { REASON_OPTION } } },
	{ .name = "duplicate link",
	  .summary = "Records that another session is from the same applicant",
	  .details = "Both sessions show the link. The link resolves the duplicate but decides neither session. It "
		     "applies until more of their values are equal; duplicate dismiss replaces it.",
	  .uses = { { VERB_DUPLICATE_LINK, "" } },
	  .example = "duplicate link RAL-2032 RAL-2033 --reason 'Applies again with a new address'",
	  .done = "{} is from the same applicant",
	  .arguments = { { SESSION_ARGUMENT }, { "OTHER", 0, "the other session" } },
	  .options = { { REASON_OPTION } } },
};
const struct command_chapter commands_duplicate = { COMMAND_CHAPTER("Duplicates", rows) };
