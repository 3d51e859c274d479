/* duplicate: other sessions that may be from the same applicant. */
#include "../cli_internal.h"

static void add_pair_row(struct table *table, const char *title, const char *mine, const char *theirs)
{
	if (!*mine && !*theirs)
		return;
	TABLE_ADD(table, title, *mine ? mine : "-", *theirs ? theirs : "-");
}

static void add_pair_rows(struct cli *cli, struct table *table, const struct session *session,
			  const struct duplicate *duplicate)
{
	const struct subject *subject = &session->subject;
	add_pair_row(table, "name", subject->name, duplicate->name);
	add_pair_row(table, "country", subject->country, duplicate->country);
	add_pair_row(table, "registration number", subject->registration_number, duplicate->registration_number);
	add_pair_row(table, "tax id", subject->tax_id, duplicate->tax_id);
	add_pair_row(table, "born", subject->date_of_birth, duplicate->date_of_birth);
	add_pair_row(table, "incorporated", subject->incorporated_on, duplicate->incorporated_on);
	add_pair_row(table, "user", subject->uid, duplicate->uid);
	if (*duplicate->merchant)
		add_pair_row(table, "merchant", session->merchant, duplicate->merchant);
	add_pair_row(table, "workflow", session->workflow, duplicate->workflow);
	add_pair_row(table, "status", session_status_text(session->status), session_status_text(duplicate->status));
	add_pair_row(table, "submitted",
		     session->submitted_at == TIME_NONE ? "" : time_text(&cli->arena, session->submitted_at),
		     duplicate->submitted_at == TIME_NONE ? "" : time_text(&cli->arena, duplicate->submitted_at));
}

static void show_duplicates(struct cli *cli, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	for (size_t i = 0; i < view->duplicate_count; i++) {
		const struct duplicate *duplicate = &view->duplicates[i];
		const char *name = *duplicate->external_ref ? duplicate->external_ref : duplicate->id;
		const struct table_column columns[] = { { "", TEXT_LEFT, 0 },
							{ cli_session_reference(session), TEXT_LEFT, 10 },
							{ name, TEXT_LEFT, 10 } };
		struct table *table = table_new(&cli->arena, columns, 3, cli->mode);
		add_pair_rows(cli, table, session, duplicate);
		if (i)
			out_bytes(&cli->out, "\n", 1);
		out_table(&cli->out, table, 0);
		out_line(&cli->out, "the same: %s", duplicate_reasons(&cli->arena, duplicate->same_bits));
		if (*duplicate->dismissed_by)
			out_line(&cli->out, "%s by %s: %s%s",
				 duplicate_is_linked(duplicate) ? "linked as the same applicant" : "dismissed",
				 duplicate->dismissed_by, duplicate->dismissed_reason,
				 duplicate_is_open(duplicate) ? " (outdated: more values are equal now)" : "");
	}
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0),
				 parsed_has_option(&cli->command_line, "reveal"), &view, error);
	if (err)
		return err;
	struct cli_rows rows;
	struct duplicate *shown = arena_alloc_array(&cli->arena, view.duplicate_count + 1, sizeof *shown);
	size_t count = 0;
	cli_rows_begin(cli, NULL, &rows);
	for (size_t i = 0; i < view.duplicate_count; i++) {
		if (!cli_row_begin(&rows, view.duplicates[i].id))
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
		out_line(&cli->out, "%s: no possible duplicates", cli_session_label(cli, &view.file.session));
	show_duplicates(cli, &view);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "duplicate list",
	  .summary = "Compares a session with others that may be from the same applicant",
	  .details = "A session is a possible duplicate if it has the same registration number or tax id in the "
		     "same country (or the registration number of one session is the tax id of the other session), "
		     "the same user, the same name (in any spelling) and a common owner or, of persons, birth date, "
		     "or the same document as another subject. "
		     "Sessions of other merchants, and sessions with a restricted rejection, are shown only to "
		     "leads; other reviewers see that a lead holds the case.",
	  .verbs = { { VERB_REVEAL, "--reveal" } },
	  .role_limit = "the holder of the case, or a lead",
	  .example = "duplicate list RAL-2032",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { PAGE_OPTIONS, { REVEAL_OPTION } } },
	{ .name = "duplicate dismiss",
	  .summary = "Records that another session is not a duplicate",
	  .details = "The record applies to both sessions until more of their values are equal.",
	  .verbs = { { VERB_DUPLICATE_DISMISS, "" } },
	  .example = "duplicate dismiss RAL-2032 RAL-2033 --reason 'Two companies at one address'",
	  .done_message = "{} is not a duplicate",
	  .arguments = { { SESSION_ARGUMENT }, { "OTHER", 0, "the other session" } },
	  .options = { { REASON_OPTION } } },
	{ .name = "duplicate link",
	  .summary = "Records that another session is from the same applicant",
	  .details = "Both sessions show the link. The link resolves the duplicate but decides neither session. It "
		     "applies until more of their values are equal; duplicate dismiss replaces it.",
	  .verbs = { { VERB_DUPLICATE_LINK, "" } },
	  .example = "duplicate link RAL-2032 RAL-2033 --reason 'Applies again with a new address'",
	  .done_message = "{} is from the same applicant",
	  .arguments = { { SESSION_ARGUMENT }, { "OTHER", 0, "the other session" } },
	  .options = { { REASON_OPTION } } },
};
const struct command_chapter commands_duplicate = { COMMAND_CHAPTER("Duplicates", rows) };
