/* snooze, link, delete: a case that waits, whoever is waited for, and what never came to anything. */
#include "bulk.h"
#include "kybdesk/desk/follow.h"
#include "kybdesk/desk/party.h"

/* A time or a day, or so long from now. */
static enum err read_until(const struct cli *cli, int64_t *until, struct error *error)
{
	const char *text = cli_text(cli, "until");
	int64_t span;
	if (time_parse(text, true, until, NULL) == ERR_OK)
		return ERR_OK;
	if (duration_parse(text, &span, NULL) == ERR_OK && span <= SNOOZE_MAX_MS) {
		*until = desk_now(cli->desk) + span;
		return ERR_OK;
	}
	return error_set_field(error, ERR_INVALID, "until",
			       "--until is '%s'; write a time like 2026-11-30T09:00:00Z, a day like 2026-11-30, or "
			       "how long, like 2d or 4h",
			       text);
}

static enum err snooze_one(struct cli *cli, struct arena *arena, const char *id, const void *context,
			   const char **note, struct error *error)
{
	const char *changed;
	const int64_t *until = context;
	(void)note;
	return until ? desk_snooze(cli->desk, arena, id, *until, cli_text(cli, "reason"), &changed, error)
		     : desk_snooze_end(cli->desk, arena, id, &changed, error);
}

static enum err snooze_all(struct cli *cli, bool end, struct error *error)
{
	int64_t until = 0;
	enum err err = end ? ERR_OK : read_until(cli, &until, error);
	const struct bulk bulk = { .verb = end ? "put back in the queue" : "taken out of the queue",
				   .one = snooze_one,
				   .context = end ? NULL : &until };
	return err ? err : bulk_run(cli, &bulk, error);
}

static enum err run_snooze(struct cli *cli, struct error *error)
{
	const char *reference = parsed_argument(&cli->parsed, 0), *id;
	bool end = parsed_has(&cli->parsed, "end"), bulk;
	int64_t until = 0;
	enum err err = bulk_wanted(cli, *reference != '\0', &bulk, error);
	if (err)
		return err;
	if (end == (parsed_has(&cli->parsed, "until") || parsed_has(&cli->parsed, "reason")))
		return error_set(error, ERR_USAGE, "say --until when and the --reason, or --end to take it back");
	if (bulk)
		return snooze_all(cli, end, error);
	if (end)
		err = desk_snooze_end(cli->desk, &cli->arena, reference, &id, error);
	else if (!(err = read_until(cli, &until, error)))
		err = desk_snooze(cli->desk, &cli->arena, reference, until, cli_text(cli, "reason"), &id, error);
	if (err)
		return err;
	if (end)
		return cli_case_result(cli, id, error, "back in the queue");
	return cli_case_result(cli, id, error, "out of the queue until %s", time_text(&cli->arena, until));
}

/* A session that had no link gets one. */
static enum err link_one(struct cli *cli, struct arena *arena, const char *id, const void *context,
			 const char **note, struct error *error)
{
	struct link_result link;
	const int64_t *days = context;
	enum err err = desk_link(cli->desk, arena, id, *days, &link, error);
	if (!err)
		*note = link.path;
	return err;
}

static enum err show_link(struct cli *cli, int64_t days, struct error *error)
{
	struct link_result link;
	enum err err;
	if (days || parsed_has(&cli->parsed, "filter") || !*parsed_argument(&cli->parsed, 0))
		return error_set(error, ERR_USAGE,
				 "link SESSION --show goes with no other option: it changes nothing");
	err = desk_link_show(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &link, error);
	if (!err)
		cli_link_result(cli, &link, "");
	return err;
}

static enum err run_link(struct cli *cli, struct error *error)
{
	int64_t days;
	bool bulk;
	enum err err = cli_number(cli, "extend", 1, 3650, 0, &days, error);
	if (!err && parsed_has(&cli->parsed, "show"))
		return show_link(cli, days, error);
	if (!err)
		err = bulk_wanted(cli, *parsed_argument(&cli->parsed, 0) != '\0', &bulk, error);
	if (!err && bulk && days == 0)
		return error_set(error, ERR_USAGE,
				 "link --filter goes with --extend DAYS; new links are made one by one");
	if (!err && bulk)
		return bulk_run(cli, &(struct bulk){ "extended", link_one, &days }, error);
	return err ? err : cli_link(cli, parsed_argument(&cli->parsed, 0), days, error);
}

static enum err run_delete(struct cli *cli, struct error *error)
{
	struct delete_result result;
	enum err err =
		desk_session_delete(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &result, error);
	if (err)
		return err;
	if (!cli_json(cli)) {
		out_line(&cli->out, "deleted: %s, with %zu subsessions, %lld parties and %lld documents", result.id,
			 result.count - 1, (long long)result.parties, (long long)result.documents);
		return ERR_OK;
	}
	struct json_value *out = json_new_object(), *ids = json_new_array();
	for (size_t i = 0; i < result.count; i++)
		json_append(ids, json_new_string(result.ids[i]));
	json_set(out, "deleted", ids);
	json_set_int(out, "parties", result.parties);
	json_set_int(out, "documents", result.documents);
	out_json(&cli->out, out);
	return ERR_OK;
}

const struct command commands_follow[] = {
	{ .name = "snooze",
	  .summary = "Takes a case out of the queue until a time",
	  .details = "It comes back before that when what it waits for changes.",
	  .role = "reviewer",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_snooze,
	  .arguments = { BULK_SESSION_ARGUMENT },
	  .options = { { "until", 0, "TIME", 0, NULL, "a time, a day, or how long: 2d, 4h" },
		       { "reason", 0, "TEXT", 0, NULL, "why, in ten characters or more" },
		       { "end", 0, NULL, 0, NULL, "put it back now" },
		       BULK_OPTIONS } },
	{ .name = "link",
	  .summary = "Shows a new access link of a session, or extends the present one",
	  .details = "The one before a new link opens nothing any more. --show shows the present one as it is; the "
		     "trail says who looked.",
	  .role = "reviewer",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_link,
	  .arguments = { BULK_SESSION_ARGUMENT },
	  .options = { { "extend", 0, "DAYS", 0, NULL, "so many days more, 1 to 3650; the link stays the same" },
		       { "show", 0, NULL, 0, NULL, "the present link, which stays as it is" },
		       BULK_OPTIONS } },
	{ .name = "delete",
	  .summary = "Erases a session that was never handed in, with its subsessions",
	  .details = "Whatever was handed in or decided is kept until its retention ends. The audit trail says "
		     "what went.",
	  .role = "lead",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_delete,
	  .arguments = { SESSION_ARGUMENT } },
};
