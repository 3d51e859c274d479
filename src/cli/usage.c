#include "usage.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define HELP_WIDTH_CELLS 90

static void add_option(struct strbuf *out, const struct option_spec *spec)
{
	bool required = spec->flags & OPTION_REQUIRED;
	strbuf_addf(out, " %s--%s", required ? "" : "[", spec->name);
	if (spec->value_placeholder)
		strbuf_addf(out, " %s", spec->value_placeholder);
	strbuf_adds(out, required ? "" : "]");
	if (spec->flags & OPTION_REPEATABLE)
		strbuf_adds(out, "...");
}

void usage_write_synopsis(struct strbuf *out, const struct command *command)
{
	strbuf_addf(out, "kybdesk %s", command->name);
	for (size_t i = 0; i < command_argument_count(command); i++) {
		bool optional = command->arguments[i].flags & ARGUMENT_OPTIONAL;
		strbuf_addf(out, optional ? " [%s]" : " %s", command->arguments[i].name);
	}
	for (size_t i = 0; i < command_option_count(command); i++)
		add_option(out, &command->options[i]);
}

/* Adds " LEFT right"; the right text is wrapped in its own column. */
static void add_entry(struct strbuf *out, const char *left, size_t left_cells, const char *right)
{
	struct arena arena = ARENA_INIT;
	size_t count = 0;
	char **lines = text_wrap(&arena, right, HELP_WIDTH_CELLS - left_cells - 4, &count);
	strbuf_adds(out, "  ");
	strbuf_adds(out, left);
	if (strlen(left) <= left_cells)
		strbuf_addn(out, ' ', left_cells - strlen(left));
	for (size_t i = 0; i < count; i++) {
		if (i > 0 || strlen(left) > left_cells) {
			strbuf_addch(out, '\n');
			strbuf_addn(out, ' ', left_cells + 2);
		}
		strbuf_addf(out, "  %s", lines[i]);
	}
	strbuf_addch(out, '\n');
	arena_release(&arena);
}

static void add_options(struct strbuf *out, const struct option_spec *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct strbuf left = STRBUF_INIT;
		if (options[i].letter)
			strbuf_addf(&left, "-%c, ", options[i].letter);
		strbuf_addf(&left, "--%s", options[i].name);
		if (options[i].value_placeholder)
			strbuf_addf(&left, " %s", options[i].value_placeholder);
		add_entry(out, left.buf, 22, options[i].help);
		strbuf_release(&left);
	}
}

static void add_chapter(struct strbuf *out, const struct command_chapter *chapter)
{
	strbuf_addf(out, "\n%s\n", chapter->title);
	for (size_t i = 0; i < chapter->count; i++)
		add_entry(out, chapter->commands[i].name, 18, chapter->commands[i].summary);
}

static bool is_group_listed(const struct command_chapter *chapter, size_t at)
{
	size_t length = strcspn(chapter->commands[at].name, " ");

	for (size_t i = 0; i < at; i++)
		if (strcspn(chapter->commands[i].name, " ") == length &&
		    strncmp(chapter->commands[i].name, chapter->commands[at].name, length) == 0)
			return true;
	return false;
}

/* Adds for example "Deciding   approve, reject, note": each group of commands only once, by its first word. */
static void add_first_words(struct strbuf *out, const struct command_chapter *chapter)
{
	struct strbuf words = STRBUF_INIT;

	for (size_t i = 0; i < chapter->count; i++) {
		const char *name = chapter->commands[i].name;

		if (!is_group_listed(chapter, i))
			strbuf_addf(&words, "%s%.*s", words.len ? ", " : "", (int)strcspn(name, " "), name);
	}
	add_entry(out, chapter->title, 24, words.buf);
	strbuf_release(&words);
}

static void add_program_help(struct strbuf *out, const struct command_set *set, bool all)
{
	strbuf_adds(out, "kybdesk is a back office for KYB and KYC reviews of companies and people.\n\n"
			 "usage: kybdesk [OPTION...]                 opens the workbench, on a terminal\n"
			 "       kybdesk [OPTION...] COMMAND ...     runs one command\n");
	strbuf_adds(out, all ? "" : "\nCommands\n");
	for (size_t i = 0; i < set->chapter_count; i++)
		(all ? add_chapter : add_first_words)(out, set->chapters[i]);
	if (all) {
		strbuf_adds(out, "\nOptions of every command\n");
		add_options(out, set->global_options, set->global_option_count);
	}
	strbuf_adds(out, "\nHelp for one command or group: kybdesk help COMMAND. List all: kybdesk help all\n");
}

static void add_group_help(struct strbuf *out, const struct command_set *set, const char *group)
{
	size_t length = strlen(group);
	const struct command *command;
	strbuf_addf(out, "usage: kybdesk %s COMMAND ...\n\n", group);
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strncmp(command->name, group, length) == 0 && command->name[length] == ' ')
			add_entry(out, command->name, 18, command->summary);
	strbuf_addf(out, "\nHelp for a command: kybdesk %s COMMAND --help\n", group);
}

static void add_command_help(struct strbuf *out, const struct command_set *set, const struct command *command)
{
	struct arena arena = ARENA_INIT;
	strbuf_adds(out, "usage: ");
	usage_write_synopsis(out, command);
	strbuf_addf(out, "\n\n%s\n", command->summary);
	if (command->details) {
		size_t count = 0;
		char **lines = text_wrap(&arena, command->details, HELP_WIDTH_CELLS, &count);
		strbuf_addch(out, '\n');
		for (size_t i = 0; i < count; i++)
			strbuf_addf(out, "%s\n", lines[i]);
	}
	strbuf_addf(out, "\nWho may: %s\n", command_roles_text(&arena, command));
	if (*command_approval_text(command))
		strbuf_addf(out, "%s\n", command_approval_text(command));
	if (command_argument_count(command) > 0)
		strbuf_adds(out, "\nArguments\n");
	for (size_t i = 0; i < command_argument_count(command); i++)
		add_entry(out, command->arguments[i].name, 22, command->arguments[i].help);
	if (command_option_count(command) > 0)
		strbuf_adds(out, "\nOptions\n");
	add_options(out, command->options, command_option_count(command));
	strbuf_adds(out, "\nOptions of every command\n");
	add_options(out, set->global_options, set->global_option_count);
	strbuf_addf(out, "\nExample\n  kybdesk %s\n", command->example);
	arena_release(&arena);
}

void usage_write_help(struct strbuf *out, const struct command_line *command_line)
{
	if (command_line->command)
		add_command_help(out, command_line->set, command_line->command);
	else if (command_line->group)
		add_group_help(out, command_line->set, command_line->group);
	else
		add_program_help(out, command_line->set, command_line->is_help_all);
}
