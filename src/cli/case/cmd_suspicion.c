/* suspicion: confidential records of cases that may have to be reported to the authorities. */
#include "../cli_internal.h"

static struct json_value *add_suspicion_row(struct entry row, const struct suspicion *suspicion)
{
	json_set_text(row.object, "session", suspicion->session_id);
	json_set_text(row.object, "external_ref", suspicion->external_ref);
	table_add_cell(row.table, *suspicion->external_ref ? suspicion->external_ref : suspicion->session_id);
	entry_add_text(row, "name", suspicion->name);
	json_set_text(row.object, "cause", suspicion_cause_text(suspicion->cause));
	json_set_text(row.object, "opened_by", suspicion->opened_by);
	entry_add_time(row, "opened_at", suspicion->opened_at);
	json_set_time(row.object, "due_at", suspicion->due_at);
	table_add_styled(row.table, suspicion->due_at < desk_now(row.cli->desk) ? CELL_DANGER : CELL_PLAIN,
			 time_text(&row.cli->arena, suspicion->due_at));
	table_add_cell(row.table, suspicion_cause_title(suspicion->cause));
	json_set_time(row.object, "closed_at", suspicion->closed_at);
	json_set_text_or_null(row.object, "closed_by", suspicion->closed_by);
	if (suspicion->closed_at == TIME_NONE)
		json_set_null(row.object, "filed");
	else
		json_set_bool(row.object, "filed", suspicion->filed);
	return row.object;
}

/* The person that closed it, how, when, and why. */
static void add_suspicion_end(struct entry row, const struct suspicion *suspicion)
{
	const char *why = "";
	for (size_t i = 0; i < suspicion->entry_count; i++)
		if (suspicion->entries[i].act == SUSPICION_CLOSE)
			why = suspicion->entries[i].text;
	table_add_cell(row.table, suspicion->opened_by);
	if (suspicion->closed_at == TIME_NONE)
		table_add_styled(row.table, CELL_WARNING, "open");
	else
		table_addf(row.table, "%s by %s, %s", suspicion->filed ? "filed" : "not filed", suspicion->closed_by,
			   time_text(&row.cli->arena, suspicion->closed_at));
	entry_add_text(row, "reason", why);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	const bool all = parsed_has_option(&cli->command_line, "all");
	struct suspicion_list list;
	struct cli_rows rows;
	enum err err = desk_suspicions(cli->desk, &cli->arena, all ? "" : NULL, &list, error);
	if (err)
		return err;
	cli_rows_begin(cli,
		       all ? "Session:8|Name:12|Since|Due|Cause:12|By|Closed|Why:12"
			   : "Session:8|Name:12|Since|Due|Cause:12",
		       &rows);
	for (size_t i = 0; i < list.count; i++)
		if (cli_row_begin(&rows, all ? arena_printf(&cli->arena, "%lld", (long long)list.items[i].row)
					     : list.items[i].session_id)) {
			struct entry row = cli_add_entry(cli, &rows);
			(void)add_suspicion_row(row, &list.items[i]);
			if (all)
				add_suspicion_end(row, &list.items[i]);
		}
	return cli_rows_end(
		cli, &rows,
		all ? "session,external_ref,name,cause,opened_by,opened_at,due_at,closed_at,closed_by,filed,reason"
		    : "session,external_ref,name,cause,opened_by,opened_at,due_at",
		error);
}

static void print_details(struct cli *cli, const struct suspicion *suspicion)
{
	out_line(&cli->out, "%s %s: %s, %s", *suspicion->external_ref ? suspicion->external_ref : suspicion->session_id,
		 suspicion->name,
		 suspicion->closed_at == TIME_NONE ? "open"
		 : suspicion->filed		   ? "filed"
						   : "not filed",
		 suspicion_cause_title(suspicion->cause));
	if (suspicion->closed_at == TIME_NONE)
		out_line(&cli->out, "  decide by %s", time_text(&cli->arena, suspicion->due_at));
	for (size_t i = 0; i < suspicion->entry_count; i++) {
		const struct suspicion_entry *entry = &suspicion->entries[i];
		out_line(&cli->out, "  %s %s%s%s", time_text(&cli->arena, entry->at),
			 suspicion_entry_text(&cli->arena, entry), *entry->text ? ": " : "", entry->text);
	}
}

/* Prints the same message for a case without a suspicion and for a person without access. */
static enum err run_show(struct cli *cli, struct error *error)
{
	struct suspicion_list list;
	const char *session = parsed_argument(&cli->command_line, 0);
	enum err err = desk_suspicions(cli->desk, &cli->arena, session, &list, error);
	if (!err && !list.count)
		err = error_set(error, ERR_NOT_FOUND, "%s has no suspicion that you may read", session);
	if (err)
		return err;
	if (cli_is_json(cli)) {
		struct json_value *data = json_new_array();
		for (size_t i = 0; i < list.count; i++) {
			struct json_value *object = add_suspicion_row(cli_new_json_entry(cli), &list.items[i]);
			const struct suspicion_entry *entries = list.items[i].entries;
			JSON_SET_EACH(object, "entries", j, list.items[i].entry_count,
				      JSON_NEW(JSON_TIME("at", entries[j].at), JSON_TEXT("actor", entries[j].actor),
					       JSON_TEXT("act", suspicion_act_text(entries[j].act)),
					       JSON_OR_NULL("about", entries[j].access_person),
					       JSON_OR_NULL("text", entries[j].text)));
			json_append(data, object);
		}
		cli_print_page(cli, &(struct cli_page){ .data = data, .next_cursor = "" });
		return ERR_OK;
	}
	for (size_t i = 0; i < list.count; i++)
		print_details(cli, &list.items[i]);
	return ERR_OK;
}

/* Prints the same output for a new suspicion and for a suspicion that was already open. Does not print the case,
 * which would show the legal hold. */
static enum err print_suspicion_result(struct cli *cli, const struct use_out *out, const char *sentence)
{
	return cli_print_result(cli, JSON_NEW(JSON_TEXT("session", out->id), JSON_BOOL("done", true)), "%s", sentence);
}

static enum err run_open(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_SUSPICION_OPEN, .reason = cli_option_text(cli, "reason"),
			       .part = cli_option_text(cli, "keep-from"));
	return err ? err
		   : print_suspicion_result(cli, &out,
					    "Reported. Leads can read the report. Do not inform the client.");
}

static enum err run_note(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_SUSPICION_NOTE, .text = parsed_argument(&cli->command_line, 1));
	return err ? err : print_suspicion_result(cli, &out, "Noted.");
}

static enum err run_access(struct cli *cli, struct error *error)
{
	const char *name = cli_option_text(cli, "add"), *remove = cli_option_text(cli, "remove");
	struct use_out out;
	if ((*name != '\0') == (*remove != '\0'))
		return error_set(error, ERR_USAGE, "suspicion access needs --add NAME or --remove NAME");
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_SUSPICION_ACCESS, .part = *name ? name : remove,
			       .revoke = *remove != '\0');
	return err ? err
		   : print_suspicion_result(cli, &out,
					    arena_printf(&cli->arena, "%s %s the suspicion.", *name ? name : remove,
							 *name ? "can read" : "can no longer read"));
}

static enum err run_close(struct cli *cli, struct error *error)
{
	bool filed = parsed_has_option(&cli->command_line, "filed");
	struct use_out out;
	if (filed == parsed_has_option(&cli->command_line, "not-filed"))
		return error_set(error, ERR_USAGE, "suspicion close needs either --filed or --not-filed");
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_SUSPICION_CLOSE, .filed = filed,
			       .reason = cli_option_text(cli, "reason"));
	return err ? err : print_suspicion_result(cli, &out, filed ? "Closed as filed." : "Closed as not filed.");
}

static const struct command rows[] = {
	{ .name = "suspicion open",
	  .summary = "Records that a case may have to be reported to the authorities",
	  .details = "Only leads and the people on the access list can read the suspicion; everyone else, "
		     "including the reporter, only sees that a lead holds the case. A confirmed sanctions match, "
		     "and a rejection for fraud or forgery, open a suspicion automatically. While a suspicion is "
		     "open, the case cannot be approved and its session cannot be erased.",
	  .verbs = { { VERB_SUSPICION_OPEN, "" } },
	  .example = "suspicion open RAL-2032 --reason 'Funds from an unknown third party'",
	  .run = run_open,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "keep-from", "NAME", 0, "a lead whom it is about, and who must not read it" },
		       { REASON_OPTION } } },
	{ .name = "suspicion list",
	  .summary = "Lists the open suspicions that you may read, earliest due date first",
	  .example = "suspicion list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { { "all", NULL, 0, "closed ones, too, oldest first: who closed them, filed or not, and why" },
		       PAGE_OPTIONS } },
	{ .name = "suspicion show",
	  .summary = "Shows the suspicions of a session that you may read, with their entries",
	  .example = "suspicion show RAL-2032",
	  .run = run_show,
	  .arguments = { { SESSION_ARGUMENT } } },
	{ .name = "suspicion note",
	  .summary = "Adds a note to the open suspicion of a session",
	  .verbs = { { VERB_SUSPICION_NOTE, "" } },
	  .role_limit = "leads, and the people on the access list",
	  .example = "suspicion note RAL-2032 'Asked the bank for the transfers'",
	  .run = run_note,
	  .arguments = { { SESSION_ARGUMENT }, { "TEXT", 0, "the note" } } },
	{ .name = "suspicion access",
	  .summary = "Adds a person to the access list of a suspicion, or removes one",
	  .details = "A lead whom the suspicion is about can be removed, too: for this lead it does not exist, and the "
		     "case is held by a lead. In production a second lead closes it then, not the one who removed "
		     "somebody. Who was removed can be added again.",
	  .verbs = { { VERB_SUSPICION_ACCESS, "" } },
	  .example = "suspicion access RAL-2032 --add ben",
	  .run = run_access,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "add", "NAME", 0, "a person to add to the access list" },
		       { "remove", "NAME", 0, "a person to remove from the access list" } } },
	{ .name = "suspicion close",
	  .summary = "Closes the suspicion of a session: filed with the authorities, or not",
	  .details = "The lead who closes the suspicion cannot approve the case. In production a lead who opened or "
		     "reported it needs a second lead, unless the desk has none.",
	  .verbs = { { VERB_SUSPICION_CLOSE, "" } },
	  .example = "suspicion close RAL-2032 --filed --reason 'Reported to the authority'",
	  .run = run_close,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "filed", NULL, 0, "the suspicion was reported to the authorities" },
		       { "not-filed", NULL, 0, "no report is needed" },
		       { REASON_OPTION } } },
};
const struct command_chapter commands_suspicion = { COMMAND_CHAPTER("Suspicions", rows) };
