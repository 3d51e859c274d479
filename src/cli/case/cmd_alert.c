/* alert: lists and closes alerts, which ask a lead to decide about a user's level. */
#include "../cli_internal.h"
#include "kybdesk/desk/subject.h"

static void add_alert_row(struct entry row, const struct alert *alert)
{
	JSON_SET(row.object, JSON_TEXT("kind", alert_kind_text(alert->kind)), JSON_TEXT("session", alert->session_id),
		 JSON_TEXT("external_ref", alert->external_ref));
	table_add_cell(row.table, *alert->external_ref ? alert->external_ref : alert->session_id);
	JSON_SET(row.object, JSON_TEXT("merchant", alert->merchant), JSON_TEXT("subject", alert->uid));
	entry_add_text(row, "name", alert->name);
	entry_add_time(row, "at", alert->raised_at);
	table_add_styled(row.table, CELL_DANGER, alert_sentence(alert->kind));
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct alert_page page;
	struct cli_rows rows;
	size_t limit;
	enum err err = cli_read_limit(cli, &limit, error);
	if (!err)
		err = desk_alerts(cli->desk, &cli->arena, cli_option_text(cli, "after"), limit, &page, error);
	if (err)
		return err;
	cli_rows_begin_unlimited(cli, "Session:8|Name:12|Since|:20", &rows);
	for (size_t i = 0; i < page.count; i++)
		add_alert_row(cli_add_entry(cli, &rows), &page.items[i]);
	return cli_print_rows(cli, &rows, "kind,session,external_ref,merchant,subject,name,at", page.next);
}

static const struct command rows[] = {
	{ .name = "alert list",
	  .summary = "Lists the open alerts, oldest first",
	  .details = "An alert is raised when a case is rejected for a restricted reason but the user keeps its "
		     "level, or when the basis of an approval changes. A lead decides what to do about the level, "
		     "and closes the alert.",
	  .example = "alert list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "alert close",
	  .summary = "Closes the open alerts of a session",
	  .details =
		  "In production, each hit and result that raised the alert of an approved case is judged first, and "
		  "the lead who closes it has not approved, rejected, reported or judged anything of it, unless "
		  "the desk has no such lead.",
	  .verbs = { { VERB_ALERT_CLOSE, "" } },
	  .example = "alert close RAL-2001 --reason 'The hit is another person'",
	  .done_message = "the alerts are closed",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { REASON_OPTION } } },
};
const struct command_chapter commands_alert = { COMMAND_CHAPTER("Alerts", rows) };
