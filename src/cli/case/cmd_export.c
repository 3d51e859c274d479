/* export: prints cases as session documents, or in the formats of other programs. */
#include "../cli_internal.h"
#include "kybdesk/codec/exchange.h"
#include "kybdesk/desk/link.h"

enum export_format { EXPORT_SESSIONS, EXPORT_BODS, EXPORT_FTM };

struct export_run {
	struct cli *cli;
	enum export_format format;
	bool reveal;
	const char *publisher_url;
	struct arena ids_arena, arena; /* arena: memory for one case */
	const char **ids;
	size_t count, capacity;
	bool begun; /* with --json: an element of the array was printed */
};

static enum err append_case_id(void *context, const struct session_item *item, struct error *error)
{
	struct export_run *export_run = context;

	(void)error;
	*ARENA_PUSH(&export_run->ids_arena, export_run->ids, export_run->count, export_run->capacity) =
		arena_strdup(&export_run->ids_arena, item->id);
	return ERR_OK;
}

static enum err find_cases(struct export_run *export_run, struct error *error)
{
	struct cli *cli = export_run->cli;
	struct list_query query = { .sort = SORT_NAME };
	const char *session = parsed_argument(&cli->command_line, 0);
	enum err err;

	if (*session) {
		if (parsed_has_option(&cli->command_line, "filter") || parsed_has_option(&cli->command_line, "inbox") ||
		    parsed_has_option(&cli->command_line, "view"))
			return error_set(error, ERR_USAGE,
					 "Give a session, or choose cases with --filter, --inbox and --view; not both");
		*ARENA_PUSH(&export_run->ids_arena, export_run->ids, export_run->count, export_run->capacity) = session;
		return ERR_OK;
	}
	err = cli_read_query(cli, &query, error);
	return err ? err : desk_list_each(cli->desk, &query, append_case_id, export_run, error);
}

static void print_value(struct export_run *export_run, const struct json_value *value)
{
	struct cli *cli = export_run->cli;
	struct strbuf text = STRBUF_INIT;

	if (cli_is_json(cli))
		strbuf_adds(&text, export_run->begun ? ",\n" : "[\n");
	export_run->begun = true;
	json_write(&text, value, JSON_COMPACT_LAYOUT, !cli_is_json(cli));
	out_bytes(&cli->out, text.buf, text.len);
	strbuf_release(&text);
}

static void print_case(struct export_run *export_run, const struct case_view *view)
{
	const struct exchange_case from = { .file = &view->file,
					    .is_party_verified = view->is_party_verified,
					    .gap = &view->gap,
					    .countries = desk_countries(export_run->cli->desk),
					    .publisher_url = export_run->publisher_url,
					    .now = desk_now(export_run->cli->desk) };
	struct json_value *values;

	if (export_run->format == EXPORT_SESSIONS) {
		values = cli_case_json(export_run->cli, view);
		print_value(export_run, values);
	} else {
		values = export_run->format == EXPORT_BODS ? bods_write(&export_run->arena, &from)
							   : ftm_write(&export_run->arena, &from);
		for (size_t i = 0; i < json_count(values); i++)
			print_value(export_run, json_at(values, i));
	}
	json_free(values);
}

/* Reads the publisher's address from the setting public_url ("": not set), because BODS requires a URI for the
 * publisher. */
static enum err read_publisher(struct export_run *export_run, struct error *error)
{
	struct cli *cli = export_run->cli;
	struct store_setting *settings;
	size_t count;
	enum err err = desk_store_settings(cli->desk, &cli->arena, &settings, &count, error);

	export_run->publisher_url = "";
	for (size_t i = 0; !err && i < count; i++)
		if (!strcmp(settings[i].name, STORE_SETTING_PUBLIC_URL) && !settings[i].is_default)
			export_run->publisher_url = settings[i].value;
	return err;
}

static enum err export_all_cases(struct export_run *export_run, struct error *error)
{
	struct cli *cli = export_run->cli;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && !cli->out.write_errno && i < export_run->count; i++) {
		struct case_view view;

		err = desk_case(cli->desk, &export_run->arena, export_run->ids[i], export_run->reveal, &view, error);
		/* Skips a case that was deleted after the list was read. */
		if (err == ERR_NOT_FOUND && !*parsed_argument(&cli->command_line, 0)) {
			error_release(error);
			*error = (struct error){ 0 };
			err = ERR_OK;
			continue;
		}
		if (!err)
			print_case(export_run, &view);
		arena_reset(&export_run->arena);
	}
	if (!err && cli_is_json(cli))
		out_bytes(&cli->out, export_run->begun ? "\n]\n" : "[]\n", 3);
	return err;
}

static enum err run_export(struct cli *cli, struct error *error)
{
	bool bods = parsed_has_option(&cli->command_line, "bods"), ftm = parsed_has_option(&cli->command_line, "ftm");
	struct export_run export_run = { .cli = cli,
					 .format = bods	 ? EXPORT_BODS
						   : ftm ? EXPORT_FTM
							 : EXPORT_SESSIONS,
					 .reveal = parsed_has_option(&cli->command_line, "reveal"),
					 .ids_arena = ARENA_INIT,
					 .arena = ARENA_INIT };
	enum err err;

	if (bods && ftm)
		return error_set(error, ERR_USAGE, "Use only one of --bods and --ftm");
	err = find_cases(&export_run, error);
	if (!err)
		err = read_publisher(&export_run, error);
	if (!err)
		err = export_all_cases(&export_run, error);
	arena_release(&export_run.arena);
	arena_release(&export_run.ids_arena);
	return err;
}

static const struct command rows[] = {
	{ .name = "export",
	  .summary = "Prints cases as lines of JSON: session documents, or formats of other programs",
	  .details = "By default each line is a session document, as show --json prints it. --bods prints statements "
		     "of the Beneficial Ownership Data Standard 0.4: the business, its owners, and each share. --ftm "
		     "prints entities of FollowTheMoney. --json prints one array. The ids of a case are the same in "
		     "every export. Personal data is masked, and masked birth dates are left out; --reveal prints "
		     "them, and the audit log records each revealed case. docs/data.md lists the members.",
	  .verbs = { { VERB_REVEAL, "--reveal" } },
	  .role_limit = "the holder of the case, or a lead",
	  .flags = COMMAND_LONG | COMMAND_RUNS_DUE_WORK,
	  .example = "export RAL-2032 --bods >owners.ndjson",
	  .run = run_export,
	  .arguments = { { "SESSION", ARGUMENT_OPTIONAL, "only this session; default: all matching cases" } },
	  .options = { { INBOX_OPTION },
		       { FILTER_OPTION },
		       { VIEW_OPTION },
		       { "bods", NULL, 0, "statements of the Beneficial Ownership Data Standard 0.4" },
		       { "ftm", NULL, 0, "entities of FollowTheMoney" },
		       { "reveal", NULL, 0, "show personal data unmasked; the audit log records each case" } } },
};
const struct command_chapter commands_export = { COMMAND_CHAPTER("Data for other programs", rows) };
