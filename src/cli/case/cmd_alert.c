/* alert: list and resolve alerts for a lead, raised instead of changing a level silently. */
#include "../cli_internal.h"
#include "kybdesk/desk/subject.h"

static struct json_value *alert_json(const struct alert *alert)
{
	struct json_value *object = json_new_object();
	json_set_text(object, "kind", alert_kind_text(alert->kind));
	json_set_text(object, "session", alert->session_id);
	json_set_text(object, "external_ref", alert->external_ref);
	json_set_text(object, "merchant", alert->merchant);
	json_set_text(object, "subject", alert->uid);
	json_set_text(object, "name", alert->name);
	json_set_time(object, "at", alert->raised_at);
	return object;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	static const struct table_column columns[] = { { "Session", TEXT_LEFT, 8 },
						       { "Name", TEXT_LEFT, 12 },
						       { "Since", TEXT_LEFT, 0 },
						       { "", TEXT_LEFT, 20 } };
	struct alert_page page;
	size_t limit;
	enum err err = cli_limit(cli, &limit, error);
	if (!err)
		err = desk_alerts(cli->desk, &cli->arena, cli_text(cli, "after"), limit, &page, error);
	if (err)
		return err;
	struct json_value *data = cli_page_data(cli);
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = 0; i < page.count; i++) {
		const struct alert *alert = &page.items[i];
		if (data) {
			json_append(data, alert_json(alert));
			continue;
		}
		table_add(table, *alert->external_ref ? alert->external_ref : alert->session_id);
		table_add(table, alert->name);
		table_add(table, time_text(&cli->arena, alert->raised_at));
		table_add_styled(table, CELL_DANGER, alert_sentence(alert->kind));
	}
	cli_page(cli, &(struct cli_page){ data, table, "kind,session,external_ref,merchant,subject,name,at",
					  page.next, NULL });
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "alert list",
	  .summary = "Lists the open alerts, oldest first",
	  .details = "Raised by a rejection for a restricted reason while the user keeps its level, or when the "
		     "basis of an approval changes. The level stays until a lead closes the alert.",
	  .example = "alert list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "alert close",
	  .summary = "Closes the open alerts of a session",
	  .uses = { { VERB_ALERT_CLOSE, "" } },
	  .example = "alert close RAL-2001 --reason 'The hit is another person'",
	  .run = cli_use,
	  .done = "its alerts are closed",
	  .arguments = { SESSION_ARGUMENT },
	  .options = { { "reason", 0, "TEXT", OPTION_REQUIRED, NULL, "why, in ten characters or more" } } },
};
const struct command_chapter commands_alert = COMMAND_CHAPTER("Alerts", rows);
