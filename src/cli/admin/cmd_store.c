/* init, demo, import, upgrade, store show, store set, store rebuild-search. */
#include "../cli_internal.h"
#include "kybdesk/base/version.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/codec/register_codec.h"
#include "kybdesk/desk/link.h"
#include "kybdesk/desk/copy.h"

static enum err show_settings(struct cli *cli, struct error *error)
{
	struct store_setting *items;
	size_t count;
	enum err err = desk_store_settings(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	if (cli_is_json(cli)) {
		struct json_value *object = JSON_NEW(JSON_TEXT("store", cli_safe_text(cli, desk_store_path(cli->desk))),
						     JSON_BOOL("sandbox", desk_is_sandbox(cli->desk)));
		for (size_t i = 0; i < count; i++)
			json_set_text_or_null(object, items[i].name, items[i].value);
		return cli_print_json(cli, object);
	}
	for (size_t i = 0; i < count; i++)
		out_line(&cli->out, "%s  %s%s  (%s)", items[i].name, *items[i].value ? items[i].value : "not set",
			 items[i].is_default ? ", the default" : "", items[i].meaning);
	return ERR_OK;
}

static enum err run_init(struct cli *cli, struct error *error)
{
	char *path;
	bool sandbox = parsed_has_option(&cli->command_line, "sandbox");
	const char *reviewer = settings_text(&cli->settings, SETTING_REVIEWER);
	const struct desk_options options = cli_desk_options(cli);
	if (parsed_has_option(&cli->command_line, "readonly"))
		return error_set(error, ERR_USAGE, "init creates a store and cannot run with --readonly");
	if (sandbox && cli->settings.is_store_of_machine)
		return error_set_field(error, ERR_USAGE, "store",
				       "%s is the store of this machine (%s), not for tests; name another: kybdesk "
				       "--store PATH init --sandbox",
				       settings_text(&cli->settings, SETTING_STORE),
				       cli->settings.items[SETTING_STORE].origin);
	enum err err = desk_init(&options, sandbox, &path, &cli->arena, error);
	if (err)
		return err;
	const char *floors = sandbox ? "none" : desk_shipped_floors(&cli->arena).text;
	return cli_print_result(cli,
				JSON_NEW(JSON_TEXT("store", cli_safe_text(cli, path)), JSON_BOOL("sandbox", sandbox),
					 JSON_TEXT("admin", reviewer), JSON_TEXT("floors", floors)),
				"%s is now an empty %sstore, and %s is its admin. Floors of all approvals: %s (kybdesk "
				"store set changes them)",
				path, sandbox ? "sandbox " : "", reviewer, floors);
}

static void print_plan(void *context, const struct upgrade_plan *plan)
{
	struct cli *cli = context;

	if (cli_is_json(cli)) {
		cli->upgrade_plan = JSON_NEW(JSON_INT("from", plan->from), JSON_INT("to", plan->to),
					     JSON_VALUE("migrations", json_new_texts(plan->steps, plan->count)),
					     JSON_OR_NULL("backup", cli_safe_text(cli, plan->backup)),
					     JSON_VALUE("alerts", json_new_texts(plan->alerts, plan->alert_count)));
		return;
	}
	out_line(&cli->out, "From schema %lld to %lld, in one transaction:", (long long)plan->from,
		 (long long)plan->to);
	for (size_t i = 0; i < plan->count; i++)
		out_line(&cli->out, "  %s", plan->steps[i]);
	for (size_t i = 0; i < plan->alert_count; i++)
		out_line(&cli->out, "%s %s",
			 i ? " " : "New alerts on approved cases with a failed screening:", plan->alerts[i]);
	if (*plan->backup)
		out_line(&cli->out, "Backup first: %s", plan->backup);
}

static enum err run_upgrade(struct cli *cli, struct error *error)
{
	struct desk_options options = cli_desk_options(cli);
	const struct upgrade_options how = { .dry_run = parsed_has_option(&cli->command_line, "dry-run"),
					     .has_backup = parsed_has_option(&cli->command_line, "backed-up"),
					     .on_plan = print_plan,
					     .context = cli };
	bool done = false;
	options.readonly = parsed_has_option(&cli->command_line, "readonly");
	enum err err = desk_upgrade(&options, &how, &done, error);
	struct json_value *plan = cli->upgrade_plan;

	cli->upgrade_plan = NULL;
	if (err) {
		json_free(plan);
		return err;
	}
	if (!plan)
		plan = json_new_object();
	json_set_bool(plan, "upgraded", done);
	json_set_text(plan, "program", program_version);
	if (how.dry_run && !cli_is_json(cli))
		out_line(&cli->out, "This program is kybdesk %s", program_version);
	return cli_print_result(cli, plan, "%s",
				done ? "The store is upgraded. Restart programs that were started before the upgrade"
				: how.dry_run ? "Nothing was changed"
					      : "The store is up to date; no upgrade is needed");
}

static enum err run_set(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0), *value = parsed_argument(&cli->command_line, 1);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_STORE_SET, .part = name, .text = value);
	if (err)
		return err;
	return out.is_proposal ? cli_print_proposal(cli, name) : show_settings(cli, error);
}

static enum err run_rebuild_search(struct cli *cli, struct error *error)
{
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_STORE_REBUILD_SEARCH);

	if (err)
		return err;
	return cli_print_result(cli, JSON_NEW(JSON_INT("sessions", out.sessions)),
				"The search index contains the words of %lld sessions", (long long)out.sessions);
}

static const char *const *import_format_words(size_t *count)
{
	static const char *words[2 + REGISTER_COUNT] = { IMPORT_CASES, IMPORT_BODS };

	memcpy(words + 2, register_names, sizeof register_names);
	*count = 2 + REGISTER_COUNT;
	return words;
}

static enum err check_import_format(struct import_input *input, struct error *error)
{
	size_t count;
	const char *const *words = import_format_words(&count);
	bool known = false;

	if (!*input->format)
		input->format = IMPORT_CASES;
	for (size_t i = 0; i < count; i++)
		known = known || !strcmp(words[i], input->format);
	if (known && !strcmp(input->format, IMPORT_BODS) != !!*input->session)
		return error_set_field(error, ERR_USAGE, "session", "--session can only be used with --format bods");
	return known ? ERR_OK
		     : error_set_field(error, ERR_USAGE, "format",
				       "Unknown format \"%s\". List them with: kybdesk import --help", input->format);
}

static enum err run_import(struct cli *cli, struct error *error)
{
	struct import_input input = { .path = parsed_argument(&cli->command_line, 0),
				      .rejects_file = parsed_option_text(&cli->command_line, "rejects"),
				      .format = cli_option_text(cli, "format"),
				      .session = cli_option_text(cli, "session") };
	enum err err = check_import_format(&input, error);
	if (!err)
		err = cli_read_number(cli, "memory", IMPORT_MEMORY_LEAST_MIB, IMPORT_MEMORY_MOST_MIB, 0,
				      &input.memory_mib, error);
	return err ? err : cli_import(cli, &input, error);
}

static const struct command rows[] = {
	{ .name = "init",
	  .summary = "Creates an empty store; the caller becomes its admin",
	  .details = "A sandbox store allows other reviewers with --as (an unknown name is added as a lead), "
		     "webhooks to this machine over http, and decisions on drafts.",
	  .flags = COMMAND_LONG | COMMAND_NO_STORE,
	  .example = "init --sandbox",
	  .run = run_init,
	  .options = { { "sandbox", NULL, 0, "create a sandbox store, for tests" } } },
	{ .name = "demo",
	  .summary = "Opens the workbench on a temporary store with sample cases",
	  .details = "A local receiver acts as the merchants' servers: it checks the signature of each webhook and "
		     "prints a summary at the end. If standard output is not a terminal, the demo prints its inbox "
		     "and list in place of the workbench, and approves one case. With --serve the HTTP API runs at "
		     "the same time as the workbench, and the merchants' keys are printed first.",
	  .flags = COMMAND_NO_STORE | COMMAND_NO_JSON,
	  .example = "demo --serve",
	  .run = demo_run,
	  .options = { { "tour", NULL, 0,
			 "guided tour of ten steps; each step waits for its key; Esc or q leaves the tour" },
		       { "serve", NULL, 0, "also serve the HTTP API" },
		       { "listen", "ADDRESS:PORT", 0,
			 "listen address; port 0: any free port (default: 127.0.0.1:8080)" } } },
	{ .name = "import",
	  .flags = COMMAND_LONG,
	  .summary = "Imports session documents (lines of JSON or one JSON array) or register data",
	  .details = "Each document is imported completely or not at all: a refused document is reported on "
		     "standard error with its line, and the exit code is 3. If the case exists, the check results "
		     "and hits of a refused document are still imported; the case's timeline lists the refused "
		     "parts. A hit on an approved case raises an alert; within the grace time the hit undoes the "
		     "approval. An import sends "
		     "no webhooks and makes no decisions. An interrupted import can be run again. With --format "
		     "gleif or companies-house the file is an extract of a company register: each entry becomes "
		     "register data of the business's case, and differences from the applicant's values are "
		     "marked; no case is created. With --format bods the persons and companies of BODS 0.4 "
		     "statements become related parties of the case in --session, by the rules of party add. "
		     "docs/data.md explains these formats.",
	  .verbs = { { VERB_SESSION_APPLY, "", CAPACITY_INTAKE },
		     { VERB_CHECK_REPORT, "", CAPACITY_INTAKE },
		     { VERB_PARTY_ADD, "" },
		     { VERB_PARTY_OWN, "" } },
	  .role_limit = "an admin if the session is already decided",
	  .example = "import cases.ndjson --rejects refused.ndjson",
	  .run = run_import,
	  .arguments = { { "FILE", ARGUMENT_PATH | PATH_STREAM, "the file; - is standard input" } },
	  .options = { { "rejects", "FILE", OPTION_PATH, "write refused lines, unchanged, to this file" },
		       { "format", "FORMAT", 0,
			 "cases (default): session documents; bods: owners of one case; gleif, companies-house: "
			 "entries of a company register",
			 import_format_words },
		       { "session", "SESSION", 0, "with --format bods: the case that the owners belong to" },
		       { "memory", "MIB", 0,
			 "memory limit, at least 32; more memory is faster for a large store; default: 32" } } },
	{ .name = "upgrade",
	  .summary = "Upgrades an older store to the schema of this program, after a backup",
	  .details = "Prints its plan, makes a backup in the store's folder (for a store on a server, the server's "
		     "administrator makes the backup), and runs all migrations in one transaction; the audit log "
		     "records it. Other commands never upgrade a production store: they refuse and list the admins. "
		     "A sandbox store is upgraded when it is next opened. docs/upgrade.md explains how to return to "
		     "the old version.",
	  .role_limit = "an admin of a production store",
	  .flags = COMMAND_LONG | COMMAND_NO_STORE,
	  .example = "upgrade --dry-run",
	  .run = run_upgrade,
	  .options = { { "dry-run", NULL, 0, "print the plan only" },
		       { "backed-up", NULL, 0, "for a store on a server: confirm that a backup was made" } } },
	{ .name = "store show",
	  .summary = "Shows the settings of the store",
	  .example = "store show --json",
	  .run = show_settings },
	{ .name = "store rebuild-search",
	  .summary = "Rebuilds the search index; the audit log records it",
	  .details = "Run this command if kybdesk doctor finds a damaged index. Changes of the store wait "
		     "meanwhile: a few seconds for ten thousand sessions.",
	  .verbs = { { VERB_STORE_REBUILD_SEARCH, "" } },
	  .example = "store rebuild-search",
	  .run = run_rebuild_search },
	{ .name = "store set",
	  .summary = "Changes a setting of the store; the audit log records it",
	  .details =
		  "store show lists the settings with their meaning and default; docs/operating.md says what each "
		  "accepts. An empty value restores the default. In production with several admins, two of them give "
		  "the same command.",
	  .verbs = { { VERB_STORE_SET, "" } },
	  .example = "store set public_url https://desk.example",
	  .run = run_set,
	  .arguments = { { "NAME", 0, "the setting, as store show names it" },
			 { "VALUE", 0,
			   "the new value, as the setting requires: an https:// address; workers or all; a folder; a "
			   "number; ISO 3166 codes separated by commas" } } },
};
const struct command_chapter commands_store = { COMMAND_CHAPTER("Stores", rows) };
