/* snooze, link, delete: hide a case from the queue, renew a client's link, erase an unsubmitted case. */
#include "../cli_internal.h"

/* Reads --until: a time, a date, or a duration from now. */
static enum err read_until_time(const struct cli *cli, int64_t *until, struct error *error)
{
	const char *text = cli_option_text(cli, "until");
	int64_t span;
	if (time_parse(text, true, until, NULL) == ERR_OK)
		return ERR_OK;
	if (duration_parse(text, &span, NULL) == ERR_OK && span <= SNOOZE_MAX_MS) {
		*until = desk_now(cli->desk) + span;
		return ERR_OK;
	}
	return error_invalid(
		error, "until",
		"--until '%s' is not valid; write a time like 2026-11-30T09:00:00Z, a day like 2026-11-30, "
		"or a duration, like 2d or 4h",
		text);
}

static enum err run_snooze(struct cli *cli, struct error *error)
{
	bool end = parsed_has_option(&cli->command_line, "end"), is_bulk;
	struct use_in in = { .verb = end ? VERB_WAKE : VERB_SNOOZE,
			     .session = parsed_argument(&cli->command_line, 0),
			     .reason = cli_option_text(cli, "reason") };
	struct use_out out;
	enum err err = bulk_check_options(cli, *in.session != '\0', &is_bulk, error);
	if (err)
		return err;
	if (end == (parsed_has_option(&cli->command_line, "until") || parsed_has_option(&cli->command_line, "reason")))
		return error_set(error, ERR_USAGE, "Give --until and --reason, or --end to end the snooze");
	if (!end && (err = read_until_time(cli, &in.until, error)))
		return err;
	if (is_bulk)
		return bulk_run(
			cli,
			&(struct bulk_change){ .done_phrase = end ? "returned to the queue" : "hidden from the queue",
					       .in = &in },
			error);
	if ((err = cli_run_use_case(cli, &cli->arena, &in, &out, error)))
		return err;
	if (end)
		return cli_print_case_result(cli, out.id, error, "back in the queue");
	return cli_print_case_result(cli, out.id, error, "hidden from the queue until %s",
				     time_text(&cli->arena, in.until));
}

/* The remark after the case's name: the new link; "": the session already had a link. */
static const char *new_link_text(struct arena *arena, const struct use_out *out)
{
	(void)arena;
	return out->link;
}

static enum err show_link(struct cli *cli, int64_t days, struct error *error)
{
	struct use_out out;
	enum err err;
	if (days || parsed_has_option(&cli->command_line, "filter") || !*parsed_argument(&cli->command_line, 0))
		return error_set(error, ERR_USAGE,
				 "--show needs SESSION and cannot be combined with --extend or --filter");
	err = CLI_RUN(cli, &out, error, .verb = VERB_LINK_SHOW);
	if (!err)
		cli_print_link(cli, &out, "");
	return err;
}

static enum err run_link(struct cli *cli, struct error *error)
{
	struct use_in in = { .verb = VERB_LINK };
	bool is_bulk;
	enum err err = cli_read_number(cli, "extend", 1, EXTEND_DAYS_MAX, 0, &in.days, error);
	if (!err && parsed_has_option(&cli->command_line, "show"))
		return show_link(cli, in.days, error);
	if (!err)
		err = bulk_check_options(cli, *parsed_argument(&cli->command_line, 0) != '\0', &is_bulk, error);
	if (!err && is_bulk && in.days == 0)
		return error_set(error, ERR_USAGE,
				 "link --filter needs --extend DAYS; create new links for one session at a time");
	if (!err && is_bulk)
		return bulk_run(cli,
				&(struct bulk_change){ .done_phrase = "extended", .in = &in, .note = new_link_text },
				error);
	return err ? err : cli_renew_link(cli, parsed_argument(&cli->command_line, 0), in.days, error);
}

static enum err run_delete(struct cli *cli, struct error *error)
{
	struct use_out result;
	enum err err = CLI_RUN(cli, &result, error, .verb = VERB_DELETE, .reason = cli_option_text(cli, "reason"));
	if (err)
		return err;
	return cli_print_result(
		cli,
		JSON_NEW(JSON_VALUE("deleted", json_new_texts(result.erased_ids, result.erased_count)),
			 JSON_INT("parties", result.erased_parties), JSON_INT("documents", result.erased_documents)),
		"deleted: %s, with %zu subsessions, %lld parties and %lld documents", result.erased_ids[0],
		result.erased_count - 1, (long long)result.erased_parties, (long long)result.erased_documents);
}

static const struct command rows[] = {
	{ .name = "snooze",
	  .summary = "Hides a case from the queue until a given time",
	  .details = "The case returns earlier if the awaited change happens.",
	  .verbs = { { VERB_SNOOZE, "" }, { VERB_WAKE, "--end" } },
	  .example = "snooze RAL-2032 --until 2026-12-01 --reason 'The register answers next week'",
	  .run = run_snooze,
	  .arguments = { { BULK_SESSION_ARGUMENT } },
	  .options = { { "until", "TIME", 0, "a time, a day, or a duration: 2d, 4h" },
		       { "reason", "TEXT", 0, "the reason, at least ten characters" },
		       { "end", NULL, 0, "end the snooze now" },
		       BULK_OPTIONS } },
	{ .name = "link",
	  .summary = "Creates and shows a new access link of a session, or extends the current one",
	  .details = "A new link invalidates the previous one. --show prints the current link; the audit log "
		     "records the reviewer.",
	  .verbs = { { VERB_LINK, "" }, { VERB_LINK_SHOW, "--show" } },
	  .example = "link RAL-2061 --extend 7",
	  .run = run_link,
	  .arguments = { { BULK_SESSION_ARGUMENT } },
	  .options = { { "extend", "DAYS", 0, "days to add, 1 to 366; the link stays the same" },
		       { "show", NULL, 0, "print the current link, unchanged" },
		       BULK_OPTIONS } },
	{ .name = "delete",
	  .summary = "Erases a session that was never submitted, with its subsessions",
	  .details = "Submitted or decided sessions are kept until their retention ends. The audit log records "
		     "what was erased.",
	  .verbs = { { VERB_DELETE, "" } },
	  .example = "delete RAL-2060 --reason 'Test entry of the merchant'",
	  .run = run_delete,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { CONDITIONAL_REASON_OPTION } } },
};
const struct command_chapter commands_follow = { COMMAND_CHAPTER("Following up", rows) };
