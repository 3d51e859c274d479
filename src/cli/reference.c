/* The reference of all commands as Markdown (docs/commands.md), and of all keys. */
#include "usage.h"

#include <string.h>

static const char *output_formats(unsigned flags)
{
	if (flags & COMMAND_LIST)
		return "table, `--json`, `--ndjson`, `--csv`";
	return flags & COMMAND_NO_JSON ? "unchanged bytes or text" : "text, `--json`";
}

/* Escapes '|', which would end a cell of a table. */
static void add_cell(struct strbuf *out, const char *text)
{
	completion_escape(out, text, "|");
}

static void markdown_option(struct strbuf *out, const struct option_spec *spec)
{
	strbuf_adds(out, "| `");
	if (spec->letter)
		strbuf_addf(out, "-%c`, `", spec->letter);
	strbuf_addf(out, "--%s", spec->name);
	if (spec->value)
		strbuf_adds(out, " ");
	add_cell(out, spec->value ? spec->value : "");
	strbuf_adds(out, "` | ");
	add_cell(out, spec->help);
	strbuf_adds(out, " |\n");
}

static void markdown_command(struct strbuf *out, const struct command *command)
{
	struct arena arena = ARENA_INIT;

	strbuf_addf(out, "\n### %s\n\n```\n", command->name);
	usage_synopsis(out, command);
	strbuf_addf(out, "\n```\n\n%s.", command->summary);
	if (command->details)
		strbuf_addf(out, " %s", command->details);
	strbuf_addf(out, "\n\nWho may: %s. Prints: %s.", command_roles_text(&arena, command),
		    output_formats(command->flags));
	if (*command_approval_text(command))
		strbuf_addf(out, "\n%s", command_approval_text(command));
	strbuf_addf(out, "\n\n    kybdesk %s\n", command->example);
	arena_release(&arena);
	if (command_argument_count(command) + command_option_count(command) == 0)
		return;
	strbuf_adds(out, "\n| | |\n| --- | --- |\n");
	for (size_t i = 0; i < command_argument_count(command); i++) {
		strbuf_addf(out, "| `%s` | ", command->arguments[i].name);
		add_cell(out, command->arguments[i].help);
		strbuf_adds(out, " |\n");
	}
	for (size_t i = 0; i < command_option_count(command); i++)
		markdown_option(out, &command->options[i]);
}

void reference_markdown(struct strbuf *out, const struct command_set *set)
{
	const struct exit_status *status;

	strbuf_adds(
		out,
		"# Commands\n\nThis page is generated from the command table with `kybdesk info --reference "
		"markdown`; a test keeps the two equal.\n\n## Options of every command\n\n| | |\n| --- | --- |\n");
	for (size_t i = 0; i < set->global_count; i++)
		markdown_option(out, &set->globals[i]);
	strbuf_adds(out, "\n## Exit codes\n\n| code | meaning | `error.code` |\n| --- | --- | --- |\n");
	for (size_t i = 0; (status = exit_status_at(i)); i++)
		strbuf_addf(out, "| %d | %s | %s |\n", status->code, status->meaning, status->name);
	for (size_t i = 0; i < set->chapter_count; i++) {
		strbuf_addf(out, "\n## %s\n", set->chapters[i]->title);
		for (size_t j = 0; j < set->chapters[i]->count; j++)
			markdown_command(out, &set->chapters[i]->commands[j]);
	}
}

void reference_keys(struct strbuf *out, const struct key_rows *rows)
{
	const char *group = "";
	strbuf_adds(out, "# Keys\n\nEvery action of the workbench with its default keys. You can change the keys "
			 "([own-files.md](own-files.md)). This page\nis generated from the table of actions with "
			 "`kybdesk info --reference keys`; a test keeps the two equal. Print the list\nwith your "
			 "own keys: `kybdesk config keys`.\n\nIn a dialog `y` confirms if a button has the focus, "
			 "and Ctrl-Y confirms in every field. Esc closes the dialog, Tab moves\nto the next field. "
			 "Left and Right, or `h` and `l`, move between the buttons; Enter presses the focused "
			 "button. PgDn and\nPgUp scroll. In a message to a client, Enter starts a new line, and "
			 "Ctrl-O opens your editor if it is allowed. These\nkeys cannot be changed.\n");
	for (size_t i = 0; i < rows->count; i++) {
		const struct key_row *row = &rows->items[i];
		if (strcmp(group, row->group) != 0)
			strbuf_addf(out, "\n## %s\n\n| Keys | Action | Where | What |\n| --- | --- | --- | --- |\n",
				    row->group);
		group = row->group;
		strbuf_adds(out, "| ");
		add_cell(out, row->keys);
		strbuf_addf(out, "%s`%s` | %s | ", *row->keys ? " | " : "| ", row->action, row->where);
		add_cell(out, row->what);
		strbuf_adds(out, " |\n");
	}
}
