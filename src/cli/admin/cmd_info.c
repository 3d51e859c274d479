/* info, doctor, completion: print facts about the program and the store. */
#include "../cli_internal.h"
#include "kybdesk/base/confine.h"
#include "kybdesk/base/late.h"
#include "kybdesk/base/version.h"
#include "usage.h"

static CLI_WORDS(reference_words, "markdown", "man", "openapi", "keys");

static enum err print_reference_manual(struct cli *cli, const char *format, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct key_binding_rows keys;
	if (cli_is_json(cli) && strcmp(format, "openapi") != 0)
		return error_set(error, ERR_USAGE, "Only the openapi reference has a JSON form");
	if (strcmp(format, "markdown") == 0)
		write_reference_markdown(&text, command_set());
	else if (strcmp(format, "man") == 0)
		manual_write_program(&text, command_set());
	else if (strcmp(format, "openapi") == 0)
		cli->front_ends->openapi(&text);
	else if (strcmp(format, "keys") == 0) {
		cli->front_ends->keys(&cli->arena, NULL, &keys);
		write_reference_keys(&text, &keys);
	} else {
		return cli_unknown_word_error("reference", "format of the reference", format, reference_words, error);
	}
	out_bytes(&cli->out, text.buf, text.len);
	strbuf_release(&text);
	return ERR_OK;
}

static enum err write_man_page(struct cli *cli, const char *folder, const char *name, const struct strbuf *text,
			       struct error *error)
{
	const char *path = path_join(&cli->arena, folder, arena_printf(&cli->arena, "%s.1", name));

	return file_write_synced(path, text->buf, text->len, error);
}

/* Writes kybdesk.1 and the page of each command. */
static enum err write_manual(struct cli *cli, const char *folder, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	const struct command *command;
	enum err err;

	manual_write_program(&text, command_set());
	err = write_man_page(cli, folder, "kybdesk", &text, error);
	for (size_t i = 0; !err && (command = command_at(command_set(), i)); i++) {
		strbuf_reset(&text);
		manual_write_command(&text, command);
		err = write_man_page(cli, folder, manual_name(&cli->arena, command), &text, error);
	}
	strbuf_release(&text);
	return err;
}

/* Adds a fact to the object, and prints it as a line unless --json is present. */
static void add_info_line(struct cli *cli, struct json_value *object, const char *name, const char *value)
{
	json_set_text(object, name, cli_safe_text(cli, value));
	if (!cli_is_json(cli))
		out_line(&cli->out, "%-12s %s", name, value);
}

static const char *library_versions(struct cli *cli, bool open)
{
	struct arena *arena = &cli->arena;
	const char *screen = cli->front_ends->screen_library ? cli->front_ends->screen_library() : "", *missing;
	return arena_printf(arena, "%s%s%s, jansson %s, %s, %s, %s%s%s",
			    open ? desk_library_version(cli->desk, arena) : "", open ? "; " : "",
			    desk_library_version(NULL, arena), json_set_up(), base_library_versions(arena),
			    deliver_library_text(arena, &missing), cli->front_ends->http_library(arena),
			    *screen ? ", " : "", screen);
}

/* The workflows in force with their versions, and notices about their rules. */
static const char *workflow_versions_text(struct cli *cli)
{
	struct strbuf text = STRBUF_INIT;
	struct error why = { 0 };
	struct workflow_info *workflows;
	struct rule_notice *notices;
	size_t count, notice_count;
	enum err err = desk_workflows(cli->desk, &cli->arena, &workflows, &count, &why);
	if (!err)
		err = desk_rule_notices(cli->desk, &cli->arena, &notices, &notice_count, &why);
	for (size_t i = 0; !err && i < count; i++)
		strbuf_addf(&text, "%s%s version %lld", i ? ", " : "", workflows[i].name,
			    (long long)workflows[i].version);
	for (size_t i = 0; !err && i < notice_count; i++)
		strbuf_addf(&text, "; %s", notices[i].message);
	if (err)
		strbuf_adds(&text, why.message);
	const char *result = strbuf_finish(&text, &cli->arena);
	error_release(&why);
	return result;
}

static enum err run_info(struct cli *cli, struct error *error)
{
	const char *reference = parsed_option_text(&cli->command_line, "reference");
	const char *folder = parsed_option_text(&cli->command_line, "folder");
	struct error why = { 0 };
	if (folder && (!reference || strcmp(reference, "man") != 0))
		return error_set(error, ERR_USAGE, "--folder needs --reference man");
	if (folder)
		return write_manual(cli, folder, error);
	if (reference)
		return print_reference_manual(cli, reference, error);
	/* A bug report needs these facts even if the store cannot be opened. In that case the error is one of the
	 * facts. */
	bool open = cli_open_desk(cli, &why) == ERR_OK;
	const char *data =
		path_join(&cli->arena, xdg_folder(&cli->arena, cli->world, "XDG_DATA_HOME", ".local/share"), "kybdesk");
	struct json_value *object = json_new_object();
	add_info_line(cli, object, "version", program_version);
	add_info_line(cli, object, "store", cli_setting_text(cli, SETTING_STORE));
	if (open) {
		add_info_line(cli, object, "store_state", desk_is_sandbox(cli->desk) ? "sandbox" : "production");
		add_info_line(cli, object, "reviewer", desk_actor(cli->desk));
		add_info_line(cli, object, "role", role_text(desk_role(cli->desk)));
		add_info_line(cli, object, "rules", workflow_versions_text(cli));
	} else {
		add_info_line(cli, object, "store_state", arena_strdup(&cli->arena, why.message));
		add_info_line(cli, object, "reviewer", settings_text(&cli->settings, SETTING_REVIEWER));
	}
	add_info_line(cli, object, "libraries", library_versions(cli, open));
	const char *viewers = confine_missing_packages(&cli->arena), *cage = confine_missing();
	add_info_line(cli, object, "viewers",
		      *viewers ? arena_printf(&cli->arena, "missing: apt install %s", viewers) : "all are installed");
	add_info_line(cli, object, "confinement",
		      *cage ? arena_printf(&cli->arena, "this kernel lacks %s", cage) : "whole");
	add_info_line(cli, object, "config", cli->settings.config_path);
	add_info_line(cli, object, "data", data);
	add_info_line(cli, object, "encoding", cli->mode == TEXT_UTF8 ? "UTF-8" : "ASCII");
	if (cli_is_json(cli))
		out_json(&cli->out, object);
	else
		json_free(object);
	error_release(&why);
	return ERR_OK;
}

static const char *finding_text(struct arena *arena, const struct doctor_finding *finding)
{
	return *finding->advice ? arena_printf(arena, "%s: %s", finding->message, finding->advice) : finding->message;
}

/* Appends the findings about this machine to the findings about the store. */
static void add_machine_findings(struct cli *cli, struct doctor_finding **items, size_t *count)
{
	struct arena *arena = &cli->arena;
	const char *missing, *viewers = confine_missing_packages(arena), *cage = confine_missing();
	struct doctor_finding *longer = arena_alloc_array(arena, *count + 3, sizeof *longer);

	memcpy(longer, *items, *count * sizeof *longer);
	(void)deliver_library_text(arena, &missing);
	if (*missing)
		longer[(*count)++] = (struct doctor_finding){
			.message = arena_printf(
				arena,
				"The certificate authorities are missing (%s): webhooks to https:// addresses fail",
				missing),
			.advice = DELIVER_AUTHORITIES_HINT
		};
	if (*viewers)
		longer[(*count)++] = (struct doctor_finding){
			.message = "Some documents cannot be shown on this machine",
			.advice = arena_printf(arena, "install the programs that read them: apt install %s", viewers)
		};
	if (*cage)
		longer[(*count)++] = (struct doctor_finding){
			.message = arena_printf(arena,
						"This kernel cannot confine the programs that read documents: "
						"%s is missing",
						cage),
			.advice = "open documents on another machine (docs/workbench.md)"
		};
	*items = longer;
}

static enum err run_doctor(struct cli *cli, struct error *error)
{
	struct doctor_finding *items;
	size_t count, damaged = 0;
	enum err err = desk_run_doctor(cli->desk, &cli->arena, &items, &count, error);
	if (err)
		return err;
	add_machine_findings(cli, &items, &count);
	for (size_t i = 0; i < count; i++)
		damaged += items[i].is_damage;
	if (cli_is_json(cli) && damaged == 0) {
		struct json_value *object = JSON_NEW(JSON_BOOL("damaged", false));
		JSON_SET_EACH(object, "findings", i, count,
			      JSON_NEW(JSON_BOOL("damage", items[i].is_damage), JSON_TEXT("what", items[i].message),
				       JSON_OR_NULL("advice", items[i].advice)));
		out_json(&cli->out, object);
	}
	for (size_t i = 0; !cli_is_json(cli) && i < count; i++) {
		bool warning = *items[i].advice != '\0';
		out_styled_line(&cli->out,
				items[i].is_damage ? CELL_DANGER
				: warning	   ? CELL_WARNING
						   : CELL_OK,
				"%-8s %s",
				items[i].is_damage ? "damage"
				: warning	   ? "warning"
						   : "ok",
				finding_text(&cli->arena, &items[i]));
	}
	if (damaged == 0)
		return ERR_OK;
	err = error_set(error, ERR_STORE,
			"the store is damaged: %zu finding%s; stop using the store and restore a backup", damaged,
			damaged == 1 ? "" : "s");
	for (size_t i = 0; i < count; i++)
		if (items[i].is_damage)
			error_add_blocker(error, "damage", finding_text(&cli->arena, &items[i]), "");
	return err;
}

/* Whether the word has only characters without a special meaning in a shell, and does not start with "-". Merchants
 * choose references, so a reference may have other characters. */
static bool is_plain_word(const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	return *word && *word != '-' && word[strspn(word, plain)] == '\0';
}

static void add_value_line(struct strbuf *out, const char *word)
{
	if (is_plain_word(word))
		strbuf_addf(out, "%s\n", word);
}

static enum err add_reason_codes(struct cli *cli, enum reason_set set, struct strbuf *out, struct error *error)
{
	struct reason_set_info infos[REASON_SET_COUNT];
	/* Loads the reason sets in force, so that desk_reasons() returns them. */
	enum err err = desk_reason_sets(cli->desk, &cli->arena, infos, error);
	const struct reasons *reasons = desk_reasons(cli->desk);

	for (size_t i = 0; !err && i < reasons->counts[set]; i++)
		add_value_line(out, reasons->items[set][i].code);
	return err;
}

#define REFERENCES_MAX 1000

static enum err add_case_references(struct cli *cli, struct strbuf *out, struct error *error)
{
	struct list_query query = { .sort = SORT_UPDATED, .limit = REFERENCES_MAX, .after = "" };
	struct list_page page = { 0 };
	enum err err = desk_list(cli->desk, &cli->arena, &query, &page, error);

	for (size_t i = 0; !err && i < page.count; i++)
		add_value_line(out, page.items[i].external_ref);
	return err;
}

static enum err add_store_values(struct cli *cli, enum completion_values values, struct strbuf *out,
				 struct error *error)
{
	struct merchant_info *merchants;
	struct reviewer_info *reviewers;
	struct workflow_info *workflows;
	struct message_templates templates;
	size_t count = 0;
	enum err err = ERR_OK;

	switch (values) {
	case VALUES_REFERENCES:
		return add_case_references(cli, out, error);
	case VALUES_MERCHANTS:
		err = desk_merchants(cli->desk, &cli->arena, &merchants, &count, error);
		for (size_t i = 0; !err && i < count; i++)
			add_value_line(out, merchants[i].name);
		break;
	case VALUES_REVIEWERS:
		err = desk_reviewers(cli->desk, &cli->arena, &reviewers, &count, error);
		for (size_t i = 0; !err && i < count; i++)
			if (!reviewers[i].disabled)
				add_value_line(out, reviewers[i].name);
		break;
	case VALUES_WORKFLOWS:
		err = desk_workflows(cli->desk, &cli->arena, &workflows, &count, error);
		for (size_t i = 0; !err && i < count; i++)
			add_value_line(out, workflows[i].name);
		break;
	case VALUES_REASONS_SESSION:
		return add_reason_codes(cli, REASONS_SESSION, out, error);
	case VALUES_REASONS_DOCUMENT:
		return add_reason_codes(cli, REASONS_DOCUMENT, out, error);
	case VALUES_REASONS_HIT:
		return add_reason_codes(cli, REASONS_HIT, out, error);
	case VALUES_TEMPLATES:
		err = desk_templates(cli->desk, &cli->arena, &templates, error);
		for (size_t i = 0; !err && i < templates.count; i++)
			add_value_line(out, templates.items[i].name);
		break;
	}
	return err;
}

/* Prints values from the store, for example references of cases, for the completion script of the shell. */
static enum err print_store_values(struct cli *cli, const char *word, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum completion_values values;
	enum err err = CLI_WORD(completion_values, word, &values, "values", "list of values", error);

	if (!err)
		err = settings_from_options(&cli->arena, cli->world, &cli->command_line, &cli->settings, error);
	if (!err)
		err = cli_open_store(cli, settings_text(&cli->settings, SETTING_STORE), true, error);
	if (!err)
		err = add_store_values(cli, values, &text, error);
	if (!err)
		out_bytes(&cli->out, text.buf, text.len);
	strbuf_release(&text);
	return err;
}

static enum err run_completion(struct cli *cli, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum completion_shell shell;
	enum err err =
		CLI_WORD(completion_shell, parsed_argument(&cli->command_line, 0), &shell, "shell", "shell", error);
	if (err)
		return err;
	if (parsed_has_option(&cli->command_line, "values"))
		return print_store_values(cli, parsed_option_text(&cli->command_line, "values"), error);
	completion_write(&text, command_set(), shell);
	out_bytes(&cli->out, text.buf, text.len);
	strbuf_release(&text);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "info",
	  .summary = "Prints version, libraries, paths, store and role, for a bug report",
	  .flags = COMMAND_NO_STORE,
	  .example = "info --json",
	  .run = run_info,
	  .options = { { "reference", "FORMAT", 0,
			 "print a reference: of all commands (markdown or man), of the HTTP API (openapi), or of "
			 "the workbench's keys (keys)",
			 reference_words },
		       { "folder", "FOLDER", OPTION_PATH | OPTION_NOT_IN_SSH_SESSION,
			 "with --reference man: write kybdesk.1 and one page for each command into this "
			 "folder" } } },
	{ .name = "doctor",
	  .flags = COMMAND_LONG,
	  .summary = "Checks the store for damage (exit code 8) and for other problems",
	  .example = "doctor",
	  .run = run_doctor },
	{ .name = "completion",
	  .summary = "Prints the completion script of a shell",
	  .flags = COMMAND_NO_STORE | COMMAND_NO_JSON | COMMAND_NO_SETUP | COMMAND_IN_SSH_SESSION,
	  .example = "completion bash >/etc/bash_completion.d/kybdesk",
	  .run = run_completion,
	  .arguments = { { "SHELL", 0, "bash, zsh or fish", completion_shell_words } },
	  .options = { { "values", "KIND", OPTION_NOT_IN_SSH_SESSION,
			 "for the completion script: print words of the store, one per line: references (the 1,000 "
			 "last changed), merchants, reviewers, workflows, reasons-session, reasons-document, "
			 "reasons-hit or templates; words that need quotes in a shell are left out",
			 completion_values_words } } },
};
const struct command_chapter commands_info = { COMMAND_CHAPTER("This program", rows) };
