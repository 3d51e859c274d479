/* A page of sessions as a table. */
#include "cli_internal.h"
#include "kybdesk/domain/due.h"

static const struct table_column columns[] = {
	{ "Due", TEXT_RIGHT, 0 },   { "Session", TEXT_LEFT, 10 }, { "Subject", TEXT_LEFT, 22 },
	{ "Cty", TEXT_LEFT, 0 },    { "Workflow", TEXT_LEFT, 9 }, { "Status", TEXT_LEFT, 13 },
	{ "Risk", TEXT_RIGHT, 0 },  { "Docs", TEXT_RIGHT, 0 },	  { "Parties", TEXT_RIGHT, 0 },
	{ "Holder", TEXT_LEFT, 6 },
};

enum cell_style inbox_style(enum inbox inbox)
{
	switch (inbox) {
	case INBOX_MANUAL_REVIEW:
	case INBOX_REMEDIATION:
		return CELL_WARNING;
	case INBOX_APPROVED:
		return CELL_OK;
	case INBOX_REJECTED:
		return CELL_DANGER;
	case INBOX_COMPLETED:
	case INBOX_PENDING:
	case INBOX_INCOMPLETE:
		return CELL_PLAIN;
	}
	return CELL_PLAIN;
}

static void add_due(struct cli *cli, struct table *table, const struct session_item *item, int64_t now)
{
	/* A decided case is no longer due, whenever it was. */
	if (item->due_at == TIME_NONE || item->status == SESSION_APPROVED || item->status == SESSION_REJECTED) {
		table_add(table, "-");
		return;
	}
	bool over = due_is_over(item->status, item->due_at, false, now);
	table_add_styled(table, over ? CELL_DANGER : CELL_PLAIN, duration_short(&cli->arena, item->due_at - now));
}

/* What keeps a case from being worked on, or asks for it; the status itself says who an undecided client is. */
static const char *standing(const struct session_item *item, int64_t now)
{
	bool in_queue = item->status == SESSION_MANUAL_REVIEW || item->status == SESSION_COMPLETED ||
			item->status == SESSION_PROCESSED;
	if (item->snoozed_until != TIME_NONE && item->snoozed_until > now)
		return ", snoozed";
	if (item->unresponsive)
		return ", unresponsive";
	if (in_queue && item->waiting)
		return ", waiting";
	return in_queue && item->returned ? ", returned" : "";
}

void cli_list_table(struct cli *cli, const struct session_item *items, size_t count)
{
	int64_t now = desk_now(cli->desk);
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = 0; i < count; i++) {
		const struct session_item *item = &items[i];
		add_due(cli, table, item, now);
		table_add(table, *item->external_ref ? item->external_ref : item->id);
		table_add(table, item->subject_name);
		table_add(table, *item->country ? item->country : "-");
		table_add(table, item->workflow);
		table_add_styled(
			table, inbox_style(session_status_inbox(item->status)),
			arena_printf(&cli->arena, "%s%s", session_status_text(item->status), standing(item, now)));
		if (item->risk_score == RISK_NONE)
			table_add(table, "-");
		else
			table_add_int(table, item->risk_score);
		table_addf(table, "%lld/%lld", (long long)item->documents_accepted,
			   (long long)item->documents_total);
		table_addf(table, "%lld/%lld", (long long)item->parties_verified, (long long)item->parties_total);
		table_add(table, *item->assignee ? item->assignee : "-");
	}
	out_table(&cli->out, table, 0);
}
