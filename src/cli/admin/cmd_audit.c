/* audit list, audit show, audit export: print the audit log. */
#include "../cli_internal.h"

static struct json_value *item_json(const struct audit_event *item)
{
	return JSON_NEW(JSON_INT("seq", item->seq), JSON_TIME("at", item->at), JSON_TEXT("actor", item->actor),
			JSON_TEXT("action", item->action), JSON_OR_NULL("session_id", item->session_id),
			JSON_TEXT("hash", item->hash));
}

static const struct table *audit_table(struct cli *cli, const struct audit_event *items, size_t count)
{
	const char **ids = arena_alloc_array(&cli->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = *items[i].session_id ? items[i].session_id : "-";
	struct table *table = table_from(&cli->arena, ">Seq|At|Who:8|Action:12|Session|Detail:10", cli->mode);
	for (size_t i = 0; i < count; i++) {
		table_add_int(table, items[i].seq);
		table_add_cell(table, cli_time_text(cli, items[i].at));
		table_addf(table, "%s (%s)", items[i].actor, items[i].role);
		TABLE_ADD(table, items[i].action, cli_short_id(cli, ids, count, i), items[i].detail);
	}
	return table;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct audit_query query = { .session = parsed_argument(&cli->command_line, 0),
				     .actor = parsed_has_option(&cli->command_line, "mine")
						      ? desk_actor(cli->desk)
						      : cli_option_text(cli, "actor"),
				     .action = cli_option_text(cli, "action") };
	struct audit_page page;
	enum err err;
	if ((err = cli_read_time(cli, "since", 0, &query.since, error)) ||
	    (err = cli_read_time(cli, "until", 0, &query.until, error)) ||
	    (err = cli_read_limit(cli, &query.limit, error)) ||
	    (err = cli_read_number(cli, "after", 1, INT64_MAX, 0, &query.after_seq, error)) ||
	    (err = desk_audit_list(cli->desk, &cli->arena, &query, &page, error)))
		return err;
	const char *cursor =
		page.next_after_seq > 0 ? arena_printf(&cli->arena, "%lld", (long long)page.next_after_seq) : "";
	struct json_value *data = cli_new_page_data(cli);
	for (size_t i = 0; data && i < page.count; i++)
		json_append(data, item_json(&page.items[i]));
	cli_print_page(cli, &(struct cli_page){ data, data ? NULL : audit_table(cli, page.items, page.count),
						"seq,at,actor,action,session_id,hash", cursor, NULL });
	return ERR_OK;
}

static enum err run_show(struct cli *cli, struct error *error)
{
	const char *text = parsed_argument(&cli->command_line, 0);
	struct audit_event event;
	struct json_value *detail = NULL;
	int64_t seq = 0;
	enum err err = cli_parse_integer(text, 1, INT64_MAX, &seq)
			       ? ERR_OK
			       : error_invalid(error, "record", "\"%s\" is not the number of an audit record", text);
	if (!err)
		err = desk_audit_find_record(cli->desk, &cli->arena, seq, &event, error);
	if (err)
		return err;
	/* A detail that is not valid JSON is printed unchanged. */
	bool readable = json_read(event.detail, strlen(event.detail), &detail, NULL) == ERR_OK;
	if (cli_is_json(cli)) {
		struct json_value *object = item_json(&event);
		JSON_SET(object, JSON_TEXT("role", event.role),
			 JSON_INT_OR_NULL("session_version", event.session_version, 0));
		if (readable)
			json_set(object, "detail", detail);
		else
			json_set_text(object, "detail", event.detail);
		json_set_text_or_null(object, "rows_sha256", event.rows_hash);
		return cli_print_json(cli, object);
	}
	out_line(&cli->out, "record   %lld, %s", (long long)event.seq, event.action);
	out_line(&cli->out, "at       %s", time_text(&cli->arena, event.at));
	out_line(&cli->out, "by       %s (%s)", event.actor, event.role);
	if (*event.session_id)
		out_line(&cli->out, "session  %s, version %lld", event.session_id, (long long)event.session_version);
	if (readable)
		cli_show_members(cli, 0, detail);
	else
		out_line(&cli->out, "detail   %s", event.detail);
	out_line(&cli->out, "hash     %s", event.hash);
	json_free(detail);
	return ERR_OK;
}

static enum err run_export(struct cli *cli, struct error *error)
{
	return desk_audit_export(cli->desk, cli->out.fd, error);
}

static const struct command rows[] = {
	{ .name = "audit list",
	  .summary = "Prints a page of the audit log, newest first",
	  .details = "WORD is an action of the log, like document.open, or the first part of several actions, like "
		     "document.",
	  .example = "audit list --actor ana --action document --since 2d",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { "SESSION", ARGUMENT_OPTIONAL, "only records of this session" } },
	  .options = { { "actor", "NAME", 0, "only records of this person, API key or program" },
		       { "mine", NULL, 0, "only your own records, instead of --actor" },
		       { "action", "WORD", 0, "only this action, or all actions that begin with WORD and a dot" },
		       { "since", "TIME", 0,
			 "at this time or later; also today (in your time zone, TZ), or a duration before now, like "
			 "2d" },
		       { "until", "TIME", 0, "before this time" },
		       PAGE_OPTIONS } },
	{ .name = "audit show",
	  .summary = "Prints one record of the audit log in full",
	  .example = "audit show 62",
	  .run = run_show,
	  .arguments = { { "RECORD", 0, "the number of the record: the first column of audit list" } } },
	{ .name = "audit export",
	  .summary = "Prints every record as one line of JSON, oldest first",
	  .flags = COMMAND_LONG | COMMAND_NO_JSON,
	  .example = "audit export >audit.ndjson",
	  .run = run_export },
};
const struct command_chapter commands_audit = { COMMAND_CHAPTER("Audit log", rows) };
