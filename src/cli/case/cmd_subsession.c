/* subsession: sessions that verify the parties of a session, and their access links. */
#include "../cli_internal.h"

static enum err run_subsession_list(struct cli *cli, struct error *error)
{
	struct session_item *items;
	size_t count;
	struct cli_rows rows;
	enum err err =
		desk_subsessions(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), &items, &count, error);
	if (err)
		return err;
	struct session_item *shown = arena_alloc_array(&cli->arena, count + 1, sizeof *shown);
	size_t kept = 0;
	cli_rows_begin(cli, NULL, &rows);
	for (size_t i = 0; i < count; i++) {
		if (!cli_row_begin(&rows, items[i].id))
			continue;
		json_append(rows.data, session_item_write(&items[i]));
		shown[kept++] = items[i];
	}
	err = cli_rows_end(cli, &rows, cli_session_csv_names(cli), error);
	if (!err && cli->out.format == OUT_TABLE)
		cli_print_case_table(cli, shown, kept);
	return err;
}

static enum err run_subsession_add(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err =
		CLI_RUN(cli, &out, error, .verb = VERB_SUBSESSION_ADD, .part = parsed_argument(&cli->command_line, 1),
			.reason = cli_option_text(cli, "reason"));
	if (err)
		return err;
	return cli_print_case_result(cli, out.subsession_id, error, "added to verify the party, session %s",
				     out.subsession_id);
}

enum err cli_renew_link(struct cli *cli, const char *session_id, int64_t extend_days, struct error *error)
{
	const struct use_in in = { .verb = VERB_LINK, .session = session_id, .days = extend_days };
	struct use_out link;
	enum err err = cli_run_use_case(cli, &cli->arena, &in, &link, error);
	if (err)
		return err;
	cli_print_link(cli, &link, "the previous link is now invalid");
	return ERR_OK;
}

void cli_print_link(struct cli *cli, const struct use_out *link, const char *hint)
{
	const char *until = link->expires_at == TIME_NONE ? "" : time_text(&cli->arena, link->expires_at);
	if (cli_is_json(cli)) {
		out_json(&cli->out, JSON_NEW(JSON_TEXT("id", link->id), JSON_OR_NULL("link", link->link),
					     JSON_TIME("expires_at", link->expires_at)));
		return;
	}
	if (*link->link) {
		out_line(&cli->out, "%s", link->link);
		if (*hint)
			out_line(&cli->out, "%s", hint);
	}
	if (*until)
		out_line(&cli->out, "valid until %s", until);
	else
		out_line(&cli->out, "valid without a time limit");
}

static enum err find_subsession(struct cli *cli, const char **id, struct error *error)
{
	const struct use_in in = { .session = parsed_argument(&cli->command_line, 0),
				   .part = parsed_argument(&cli->command_line, 1) };
	return desk_subsession_of(cli->desk, &cli->arena, &in, id, error);
}

static enum err run_link(struct cli *cli, struct error *error)
{
	const char *id;
	enum err err = find_subsession(cli, &id, error);
	return err ? err : cli_renew_link(cli, id, 0, error);
}

static enum err run_extend(struct cli *cli, struct error *error)
{
	const char *id;
	int64_t days;
	enum err err = cli_read_number(cli, "days", 1, EXTEND_DAYS_MAX, 0, &days, error);
	if (!err)
		err = find_subsession(cli, &id, error);
	return err ? err : cli_renew_link(cli, id, days, error);
}

static const struct command rows[] = {
	{ .name = "subsession list",
	  .summary = "Lists the subsessions that verify a session's parties",
	  .example = "subsession list RAL-2032",
	  .flags = COMMAND_LIST,
	  .run = run_subsession_list,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "subsession add",
	  .summary = "Adds a subsession to verify a party",
	  .verbs = { { VERB_SUBSESSION_ADD, "" } },
	  .example = "subsession add RAL-2032 0198c5d2",
	  .run = run_subsession_add,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { CONDITIONAL_REASON_OPTION } } },
	{ .name = "subsession link",
	  .summary = "Creates and shows a new access link of a party; the previous link becomes invalid",
	  .verbs = { { VERB_LINK, "" } },
	  .example = "subsession link RAL-2032 0198c5d2",
	  .run = run_link,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } } },
	{ .name = "subsession extend",
	  .summary = "Extends the access link of a party; the link itself is unchanged",
	  .verbs = { { VERB_LINK, "" } },
	  .example = "subsession extend RAL-2032 0198c5d2 --days 7",
	  .run = run_extend,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { "days", "N", OPTION_REQUIRED, "the number of days to add, 1 to 366" } } },
	{ .name = "subsession remove",
	  .summary = "Removes the subsession of a party, and erases it if it was never submitted",
	  .verbs = { { VERB_SUBSESSION_REMOVE, "" } },
	  .example = "subsession remove RAL-2032 0198c5d2 --reason 'No longer an owner'",
	  .done_message = "the session of the party {} is removed",
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { CONDITIONAL_REASON_OPTION } } },
};
const struct command_chapter commands_subsession = { COMMAND_CHAPTER("Sessions of parties", rows) };
