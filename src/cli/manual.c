/* Manual pages, and the reference as Markdown, generated from the command table and the table of keys. */
#include "usage.h"

#include <ctype.h>
#include <string.h>

/* man(7) advises against longer lines. */
#define LINE_BYTES_MAX 74

static const struct {
	int code;
	const char *meaning, *name; /* name: error.code in JSON; "": no error */
} statuses[] = {
	{ 0, "done", "" },
	{ 1, "unexpected failure", "internal" },
	{ 2, "wrong usage", "usage" },
	{ 3, "some or all lines of the input were refused; the other lines are stored; the result is printed", "" },
	{ 4, "a rule does not allow the change; the blockers are listed", "blocked" },
	{ 5, "another person or program changed or holds the object", "conflict" },
	{ 6, "the named object does not exist", "not_found" },
	{ 7, "the role does not allow the command", "forbidden" },
	{ 8, "the store is missing, locked too long, full, damaged or of a newer version", "store" },
	{ 9, "a value is not valid, or a file cannot be read", "invalid" },
};
#define STATUS_COUNT (sizeof statuses / sizeof *statuses)

static void add_escaped(struct strbuf *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (text[i] == '-')
			strbuf_adds(out, "\\-");
		else if (text[i] == '\\')
			strbuf_adds(out, "\\e");
		else if (text[i] == '`')
			strbuf_adds(out, "\\(aq");
		else if (text[i] == '"')
			strbuf_adds(out, "\\(dq");
		else
			strbuf_addch(out, text[i]);
	}
}

/* Adds `text` as lines of man(7), at least one for each sentence, in the font `font` ("": unchanged). */
static void add_lines(struct strbuf *out, const char *text, const char *font)
{
	struct strbuf word = STRBUF_INIT;
	size_t column = 0;
	bool sentence_end = false;

	strbuf_adds(out, font);
	for (const char *at = text + strspn(text, " \n"); *at; at += strspn(at, " \n")) {
		size_t length = strcspn(at, " \n");
		strbuf_reset(&word);
		add_escaped(&word, at, length);
		if (column > 0 && (sentence_end || column + 1 + word.len > LINE_BYTES_MAX)) {
			strbuf_addch(out, '\n');
			column = 0;
		}
		if (column > 0)
			strbuf_addch(out, ' ');
		else if (*word.buf == '.' || *word.buf == '\'')
			/* Without "\&" a leading dot or quote would begin a command of man(7). */
			strbuf_adds(out, "\\&");
		strbuf_adds(out, word.buf);
		column += word.len + 1;
		sentence_end = length > 1 && strchr(".?!", at[length - 1]);
		at += length;
	}
	strbuf_adds(out, *font ? "\\fR\n" : "\n");
	strbuf_release(&word);
}

static void add_entry(struct strbuf *out, const char *left, const char *right)
{
	strbuf_adds(out, ".TP\n");
	add_lines(out, left, "\\fB");
	add_lines(out, right, "");
}

static void add_option(struct strbuf *out, const struct option_spec *spec)
{
	struct strbuf left = STRBUF_INIT;

	if (spec->letter)
		strbuf_addf(&left, "-%c, ", spec->letter);
	strbuf_addf(&left, "--%s", spec->name);
	if (spec->value_placeholder)
		strbuf_addf(&left, " %s", spec->value_placeholder);
	add_entry(out, left.buf, spec->help);
	strbuf_release(&left);
}

static void add_title(struct strbuf *out, const char *name)
{
	strbuf_adds(out, ".\\\" Made from the command table: kybdesk info --reference man\n.TH ");
	for (const char *at = name; *at; at++)
		strbuf_addch(out, (char)toupper((unsigned char)*at));
	strbuf_addf(out, " 1 %s \"kybdesk %s\" \"User Commands\"\n", KYBDESK_RELEASED, KYBDESK_RELEASE);
}

const char *manual_name(struct arena *arena, const struct command *command)
{
	char *name = arena_printf(arena, "kybdesk-%s", command->name);

	for (char *at = name; *at; at++)
		if (*at == ' ')
			*at = '-';
	return name;
}

static void add_exit_statuses(struct strbuf *out)
{
	strbuf_adds(out, ".SH EXIT STATUS\n");
	for (size_t i = 0; i < STATUS_COUNT; i++) {
		char code[8] = { (char)('0' + statuses[i].code), '\0' };
		add_entry(out, code, statuses[i].meaning);
	}
}

static void add_arguments_and_options(struct strbuf *out, const struct command *command)
{
	if (command_argument_count(command) > 0)
		strbuf_adds(out, ".SH ARGUMENTS\n");
	for (size_t i = 0; i < command_argument_count(command); i++)
		add_entry(out, command->arguments[i].name, command->arguments[i].help);
	strbuf_adds(out, ".SH OPTIONS\n");
	for (size_t i = 0; i < command_option_count(command); i++)
		add_option(out, &command->options[i]);
	if (command_option_count(command) > 0)
		strbuf_adds(out, ".PP\n");
	strbuf_adds(out, "The options of every command are in\n.BR kybdesk (1).\n");
}

void manual_write_command(struct strbuf *out, const struct command *command)
{
	struct arena arena = ARENA_INIT;
	struct strbuf synopsis = STRBUF_INIT;
	const char *name = manual_name(&arena, command);

	add_title(out, name);
	strbuf_adds(out, ".SH NAME\n");
	add_escaped(out, name, strlen(name));
	strbuf_adds(out, " \\-\n");
	add_lines(out, command->summary, "");
	strbuf_adds(out, ".SH SYNOPSIS\n");
	usage_write_synopsis(&synopsis, command);
	add_lines(out, synopsis.buf, "\\fB");
	strbuf_adds(out, ".SH DESCRIPTION\n");
	add_lines(out, arena_printf(&arena, "%s.", command->summary), "");
	if (command->details)
		add_lines(out, command->details, "");
	strbuf_adds(out, ".PP\n");
	add_lines(out, arena_printf(&arena, "Who may: %s.", command_roles_text(&arena, command)), "");
	if (*command_approval_text(command))
		add_lines(out, command_approval_text(command), "");
	add_arguments_and_options(out, command);
	strbuf_adds(out, ".SH EXAMPLES\n");
	add_lines(out, arena_printf(&arena, "kybdesk %s", command->example), "\\fB");
	add_exit_statuses(out);
	strbuf_adds(out, ".SH SEE ALSO\n.BR kybdesk (1),\n.BR kybdesk\\-config (5),\n.BR kybdesk\\-filter (7)\n");
	strbuf_release(&synopsis);
	arena_release(&arena);
}

static const char opening[] = ".SH NAME\nkybdesk \\- back office for KYB and KYC reviews\n"
			      ".SH SYNOPSIS\n.B kybdesk\n[\\fIOPTION\\fR...]\n.br\n.B kybdesk\n"
			      "[\\fIOPTION\\fR...] \\fICOMMAND\\fR [\\fIARGUMENT\\fR...]\n"
			      ".SH DESCRIPTION\nOn a terminal, kybdesk without a command opens the workbench.\n"
			      "Every change of data in the workbench is also available as a command.\n"
			      "A session is named by its id, a unique prefix of the id (at least "
			      "four\ncharacters), or its external reference.\n.SH OPTIONS\n";

static const char closing[] =
	".SH FILES\n.TP\n$XDG_DATA_HOME/kybdesk/kybdesk.db\nthe store, unless \\-\\-store or KYBDESK_STORE names "
	"another\n"
	".TP\n$XDG_CONFIG_HOME/kybdesk/config.json\nthe settings:\n.BR kybdesk\\-config (5)\n"
	".TP\n$XDG_CONFIG_HOME/kybdesk/keys.json\nyour own keys for the workbench\n"
	".TP\n$XDG_CONFIG_HOME/kybdesk/views.json\nyour own views (named filters)\n"
	".TP\n$XDG_CONFIG_HOME/kybdesk/themes/\nyour own themes, \\fINAME\\fR.json\n"
	".TP\n/etc/default/kybdesk\nthe store of this machine, for its services and for commands that name no other\n"
	".TP\n/etc/kybdesk/hooks.d/\nprograms that run on events: hook run\n"
	".TP\n/var/lib/kybdesk/\nhome of the account kybdesk, with the machine's store, its documents and backups\n"
	".TP\n/usr/share/doc/kybdesk/\nthe manual: operating.md to run a desk, using.md for reviewers,\nexamples/ for "
	"sshd and proxies\n"
	".SH SEE ALSO\n.BR kybdesk\\-config (5),\n.BR kybdesk\\-profile (5),\n.BR kybdesk\\-filter (7)\n";

void manual_write_program(struct strbuf *out, const struct command_set *set)
{
	struct arena arena = ARENA_INIT;

	add_title(out, "kybdesk");
	strbuf_adds(out, opening);
	for (size_t i = 0; i < set->global_option_count; i++)
		add_option(out, &set->global_options[i]);
	strbuf_adds(out, ".SH COMMANDS\nEach command has its own page:\n.BR kybdesk\\-show (1)\n"
			 "describes\n.BR \"kybdesk show\" .\n");
	for (size_t i = 0; i < set->chapter_count; i++) {
		const struct command_chapter *chapter = set->chapters[i];
		strbuf_adds(out, ".SS ");
		add_lines(out, chapter->title, "");
		for (size_t j = 0; j < chapter->count; j++)
			add_entry(out, chapter->commands[j].name, chapter->commands[j].summary);
	}
	add_exit_statuses(out);
	strbuf_adds(out, closing);
	arena_release(&arena);
}

/* --- the pages of commands and of keys --- */

static const char *output_formats(unsigned flags)
{
	if (flags & COMMAND_LIST)
		return "table, `--json`, `--ndjson`, `--csv`";
	return flags & COMMAND_NO_JSON ? "text or bytes, without `--json`" : "text, `--json`";
}

/* Escapes '|', which would end a cell of a table. */
static void add_cell(struct strbuf *out, const char *text)
{
	completion_escape(out, text, "|");
}

static void write_markdown_option(struct strbuf *out, const struct option_spec *spec)
{
	strbuf_adds(out, "| `");
	if (spec->letter)
		strbuf_addf(out, "-%c`, `", spec->letter);
	strbuf_addf(out, "--%s", spec->name);
	if (spec->value_placeholder)
		strbuf_adds(out, " ");
	add_cell(out, spec->value_placeholder ? spec->value_placeholder : "");
	strbuf_adds(out, "` | ");
	add_cell(out, spec->help);
	strbuf_adds(out, " |\n");
}

static void write_markdown_command(struct strbuf *out, const struct command *command)
{
	struct arena arena = ARENA_INIT;

	strbuf_addf(out, "\n### %s\n\n```\n", command->name);
	usage_write_synopsis(out, command);
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
		write_markdown_option(out, &command->options[i]);
}

void write_reference_markdown(struct strbuf *out, const struct command_set *set)
{
	strbuf_adds(out,
		    "# Commands\n\nThis page is generated from the command table with `kybdesk info --reference "
		    "markdown`; a test keeps the two equal.\n\n## Options of every command\n\n| | |\n| --- | --- |\n");
	for (size_t i = 0; i < set->global_option_count; i++)
		write_markdown_option(out, &set->global_options[i]);
	strbuf_adds(out, "\n## Exit codes\n\n| code | meaning | `error.code` |\n| --- | --- | --- |\n");
	for (size_t i = 0; i < STATUS_COUNT; i++)
		strbuf_addf(out, "| %d | %s | %s |\n", statuses[i].code, statuses[i].meaning, statuses[i].name);
	for (size_t i = 0; i < set->chapter_count; i++) {
		strbuf_addf(out, "\n## %s\n", set->chapters[i]->title);
		for (size_t j = 0; j < set->chapters[i]->count; j++)
			write_markdown_command(out, &set->chapters[i]->commands[j]);
	}
}

void write_reference_keys(struct strbuf *out, const struct key_binding_rows *rows)
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
		strbuf_addf(out, "%s`%s` | %s | ", *row->keys ? " | " : "| ", row->action, row->contexts);
		add_cell(out, row->description);
		strbuf_adds(out, " |\n");
	}
}
