/* The reference of all commands as Markdown (docs/commands.md) and as a manual page. */
#include "kybdesk/cli/usage.h"

#include <string.h>

static const struct {
	int code;
	const char *meaning, *name;
} statuses[] = {
	{ 0, "done", "" },
	{ 1, "unexpected failure", "internal" },
	{ 2, "wrong usage", "usage" },
	{ 3, "some or all of the input's lines were refused, the rest is stored; the result is printed", "" },
	{ 4, "a rule forbids it; blockers are listed", "blocked" },
	{ 5, "somebody else changed or holds it", "conflict" },
	{ 6, "no such thing", "not_found" },
	{ 7, "not allowed for this role", "forbidden" },
	{ 8, "the store is missing, locked too long, full, damaged or of a newer version", "store" },
	{ 9, "a value is not valid, or a file can't be read", "invalid" },
};
#define STATUS_COUNT (sizeof statuses / sizeof *statuses)

static const char *forms(unsigned flags)
{
	if (flags & COMMAND_CSV)
		return "table, `--json`, `--ndjson`, `--csv`";
	return flags & COMMAND_NO_JSON ? "as it is" : "text, `--json`";
}

/* Escapes '|', which would end a cell of a table. */
static void add_cell(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			strbuf_addch(out, '\\');
		strbuf_addch(out, *text);
	}
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
		    forms(command->flags));
	if (*command_second_person(command))
		strbuf_addf(out, "\n%s", command_second_person(command));
	strbuf_addch(out, '\n');
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
	strbuf_adds(out, "# Commands\n\nMade from the command table with `kybdesk info --reference markdown`; "
			 "a test keeps the two equal.\n\n## Options of every command\n\n| | |\n| --- | --- |\n");
	for (size_t i = 0; i < set->global_count; i++)
		markdown_option(out, &set->globals[i]);
	strbuf_adds(out, "\n## Exit codes\n\n| code | meaning | `error.code` |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < STATUS_COUNT; i++)
		strbuf_addf(out, "| %d | %s | %s |\n", statuses[i].code, statuses[i].meaning, statuses[i].name);
	for (size_t i = 0; i < set->chapter_count; i++) {
		strbuf_addf(out, "\n## %s\n", set->chapters[i]->title);
		for (size_t j = 0; j < set->chapters[i]->count; j++)
			markdown_command(out, &set->chapters[i]->commands[j]);
	}
}

void reference_keys(struct strbuf *out, const struct key_rows *rows)
{
	const char *group = "";
	strbuf_adds(out,
		    "# Keys\n\nEvery action of the workbench with its default keys, which you can change "
		    "([own-files.md](own-files.md)). Made from the table of\nactions with `kybdesk info "
		    "--reference keys`; a test keeps the two equal. With your own keys: `kybdesk config "
		    "keys`.\n\nIn a dialog `y` confirms on the buttons and Ctrl-Y in every field too, Esc closes, "
		    "Tab goes on; Left and Right or `h` and `l`\nmove between the buttons, Enter takes the one it "
		    "is on, PgDn and PgUp scroll. In a message to a client Enter breaks\na line, and Ctrl-O opens "
		    "your editor where that is allowed. These keys cannot be changed.\n");
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

/* Escapes hyphens, backslashes and leading dots for roff. */
static void add_roff(struct strbuf *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		strbuf_adds(out, "\\&");
	for (; *text; text++) {
		if (*text == '-')
			strbuf_adds(out, "\\-");
		else if (*text == '\\')
			strbuf_adds(out, "\\e");
		else if (*text == '`')
			strbuf_adds(out, "\\(aq");
		else
			strbuf_addch(out, *text);
	}
}

static void man_entry(struct strbuf *out, const char *left, const char *right)
{
	strbuf_adds(out, ".TP\n\\fB");
	add_roff(out, left);
	strbuf_adds(out, "\\fR\n");
	add_roff(out, right);
	strbuf_addch(out, '\n');
}

static void man_option(struct strbuf *out, const struct option_spec *spec)
{
	struct strbuf left = STRBUF_INIT;
	if (spec->letter)
		strbuf_addf(&left, "-%c, ", spec->letter);
	strbuf_addf(&left, "--%s", spec->name);
	if (spec->value)
		strbuf_addf(&left, " %s", spec->value);
	man_entry(out, left.buf, spec->help);
	strbuf_release(&left);
}

static void man_command(struct strbuf *out, const struct command *command)
{
	struct strbuf synopsis = STRBUF_INIT;
	struct arena arena = ARENA_INIT;

	usage_synopsis(&synopsis, command);
	strbuf_adds(out, ".SS \"");
	add_roff(out, command->name);
	strbuf_adds(out, "\"\n\\fB");
	add_roff(out, synopsis.buf);
	strbuf_adds(out, "\\fR\n.PP\n");
	add_roff(out, command->summary);
	strbuf_adds(out, ".\n");
	if (command->details) {
		add_roff(out, command->details);
		strbuf_addch(out, '\n');
	}
	strbuf_adds(out, "Who may: ");
	add_roff(out, command_roles_text(&arena, command));
	strbuf_adds(out, ".\n");
	add_roff(out, command_second_person(command));
	if (*command_second_person(command))
		strbuf_addch(out, '\n');
	for (size_t i = 0; i < command_argument_count(command); i++)
		man_entry(out, command->arguments[i].name, command->arguments[i].help);
	for (size_t i = 0; i < command_option_count(command); i++)
		man_option(out, &command->options[i]);
	strbuf_release(&synopsis);
	arena_release(&arena);
}

void reference_man(struct strbuf *out, const struct command_set *set)
{
	strbuf_adds(out, ".\\\" Made from the command table: kybdesk info --reference man\n"
			 ".TH KYBDESK 1 \"\" \"kybdesk " KYBDESK_VERSION "\" \"User Commands\"\n"
			 ".SH NAME\nkybdesk \\- back office for KYB and KYC reviews\n"
			 ".SH SYNOPSIS\n.B kybdesk\n[\\fIOPTION\\fR...]\n.br\n.B kybdesk\n"
			 "[\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
			 ".SH DESCRIPTION\nOn a terminal, kybdesk alone opens the workbench. "
			 "Everything that the workbench can do to data is also a command.\n"
			 "Sessions are named by their id, a unique beginning of it (four characters or more), "
			 "or their external reference.\n.SH OPTIONS\n");
	for (size_t i = 0; i < set->global_count; i++)
		man_option(out, &set->globals[i]);
	strbuf_adds(out, ".SH COMMANDS\n");
	const struct command *command;
	for (size_t i = 0; (command = command_at(set, i)); i++)
		man_command(out, command);
	strbuf_adds(out, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < STATUS_COUNT; i++) {
		char code[8] = { (char)('0' + statuses[i].code), '\0' };
		man_entry(out, code, statuses[i].meaning);
	}
	strbuf_adds(out,
		    ".SH FILES\n.TP\n$XDG_DATA_HOME/kybdesk/kybdesk.db\nthe store, unless \\-\\-store or "
		    "KYBDESK_STORE names another\n.TP\n$XDG_CONFIG_HOME/kybdesk/config.json\nthe "
		    "settings\n.TP\n$XDG_CONFIG_HOME/kybdesk/keys.json\nkeys of one's own for the "
		    "workbench\n.TP\n$XDG_CONFIG_HOME/kybdesk/views.json\nnamed lists "
		    "(views)\n.TP\n$XDG_CONFIG_HOME/kybdesk/themes/\nthemes of one's own, \\fINAME\\fR.json\n");
}
