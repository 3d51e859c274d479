/* reasons list, reasons check, reasons install. */
#include "../cli_internal.h"

static struct json_value *reason_sets_json(const struct reason_set_info *infos)
{
	struct json_value *list = json_new_array();
	for (size_t set = 0; set < REASON_SET_COUNT; set++)
		json_append(list,
			    JSON_NEW(JSON_TEXT("set", reason_set_text((enum reason_set)set)),
				     JSON_INT("version", infos[set].version), JSON_TEXT("origin", infos[set].origin),
				     JSON_TEXT("sha256", infos[set].sha256),
				     JSON_TIME("installed_at", infos[set].installed_at),
				     JSON_OR_NULL("installed_by", infos[set].installed_by)));
	return list;
}

static void print_reason_sets(struct cli *cli, const struct reason_set_info *infos)
{
	for (size_t set = 0; set < REASON_SET_COUNT; set++)
		out_line(&cli->out, "%-8s version %lld, %s, %s", reason_set_text((enum reason_set)set),
			 (long long)infos[set].version, infos[set].origin, infos[set].sha256);
	out_bytes(&cli->out, "\n", 1);
}

static void add_reason_row(struct entry row, enum reason_set set, const struct reason *reason)
{
	bool restricted = reason->disclosure == DISCLOSURE_RESTRICTED;
	entry_add_text(row, "set", reason_set_text(set));
	entry_add_text(row, "code", reason->code);
	JSON_SET(row.object, JSON_TEXT("label", reason->label), JSON_TEXT("message", reason->message));
	table_add_styled(row.table, restricted ? CELL_WARNING : CELL_PLAIN, reason_public_code(reason));
	json_set_bool(row.object, "retryable", reason->retryable);
	table_add_cell(row.table, reason->retryable ? "yes" : "no");
	json_set_text(row.object, "disclosure", disclosure_text(reason->disclosure));
	table_add_cell(row.table, reason->label);
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct reason_set_info infos[REASON_SET_COUNT];
	struct cli_rows rows;
	enum err err = desk_reason_sets(cli->desk, &cli->arena, infos, error);
	if (err)
		return err;
	cli_rows_begin(cli, "Set|Code|Outside|Again|Meaning:12", &rows);
	const struct reasons *reasons = desk_reasons(cli->desk);
	for (size_t set = 0; set < REASON_SET_COUNT; set++)
		for (size_t i = 0; i < reasons->counts[set]; i++) {
			const struct reason *reason = &reasons->items[set][i];
			if (cli_row_begin(&rows, arena_printf(&cli->arena, "%s/%s",
							      reason_set_text((enum reason_set)set), reason->code)))
				add_reason_row(cli_add_entry(cli, &rows), (enum reason_set)set, reason);
		}
	rows.extra_data = json_new_object();
	json_set(rows.extra_data, "sets", reason_sets_json(infos));
	if (cli->out.format == OUT_TABLE && rows.begun && rows.limit)
		print_reason_sets(cli, infos);
	return cli_end_rule_rows(cli, &rows, "set,code,label,message,retryable,disclosure", error);
}

static enum err run_check(struct cli *cli, struct error *error)
{
	enum reason_set set;
	const char *path = parsed_argument(&cli->command_line, 0);
	enum err err = desk_reasons_check(&cli->arena, path, cli_option_text(cli, "set"), &set, error);
	if (err)
		return err;
	return cli_print_result(cli,
				JSON_NEW(JSON_TEXT("file", cli_safe_text(cli, path)),
					 JSON_TEXT("set", reason_set_text(set)), JSON_BOOL("valid", true)),
				"%s is a valid set of %s reasons", strcmp(path, "-") ? path : "Standard input",
				reason_set_text(set));
}

static enum err run_install(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_REASONS_INSTALL,
			       .part = parsed_argument(&cli->command_line, 0), .type = cli_option_text(cli, "set"));
	if (!err)
		cli_print_rule_change(cli, "set", &out);
	return err;
}

#define REASON_SET_OPTION "set", "SET", 0, "session, document or hit; default: from the file's name", reason_set_words

static const struct command rows[] = {
	{ .name = "reasons list",
	  .summary = "Lists the reasons in force, with the texts for clients",
	  .details = "The reasons installed in the store apply. Your own files and files in system folders apply "
		     "in a sandbox store only.",
	  .example = "reasons list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "reasons check",
	  .summary = "Finds the first mistake in a file of reasons, without a store",
	  .flags = COMMAND_NO_STORE | COMMAND_IN_SSH_SESSION,
	  .example = "reasons check session.json",
	  .run = run_check,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM,
			   "the reasons: session.json, document.json or hit.json; - is standard input, with "
			   "--set" } },
	  .options = { { REASON_SET_OPTION } } },
	{ .name = "reasons install",
	  .summary = "Installs a set of reasons",
	  .details = "A set is refused if reasons check finds a mistake, or if it lacks a reason that a workflow in "
		     "force names. The audit log records the SHA-256 of the old and the new text; all texts remain in "
		     "the store. SET@shipped is the set of this program, SET@VERSION a set that was in force before.",
	  .verbs = { { VERB_REASONS_INSTALL, "" } },
	  .example = "reasons install session.json",
	  .run = run_install,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM | PATH_RULE,
			   "the reasons: a file (with a folder or the extension .json), SET@shipped, SET@VERSION "
			   "or SET@SHA256" } },
	  .options = { { REASON_SET_OPTION } } },
};
const struct command_chapter commands_reasons = { COMMAND_CHAPTER("Reasons", rows) };
