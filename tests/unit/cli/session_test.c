/* SSH sessions: splitting a command line into words, and the commands that the table of commands allows. */
#include "session.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct error error;

static void tear_down(void)
{
	error_release(&error);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(ssh_words, .fini = tear_down);
TestSuite(session_table, .fini = tear_down);

/* Returns the words of the line, each in brackets; on an error its code. */
static const char *split(const char *line)
{
	struct ssh_words words;
	const char *text = "";
	error_release(&error);
	if (ssh_split_line(&arena, line, &words, &error))
		return arena_printf(&arena, "error %d", (int)error.code);
	cr_assert_null(words.items[words.count]);
	cr_assert_str_eq(words.items[0], "kybdesk");
	for (size_t i = 1; i < words.count; i++)
		text = arena_printf(&arena, "%s[%s]", text, words.items[i]);
	return text;
}

Test(ssh_words, words_stand_between_blanks)
{
	cr_expect_str_eq(split(""), "");
	cr_expect_str_eq(split(" \t "), "");
	cr_expect_str_eq(split("  list\t--json  "), "[list][--json]");
}

Test(ssh_words, quotes_and_backslashes_keep_blanks)
{
	cr_expect_str_eq(split("show 'RAL 1'"), "[show][RAL 1]");
	cr_expect_str_eq(split("a\"b c\"d 'e'\\''f'"), "[ab cd][e'f]");
	cr_expect_str_eq(split("'' \"\""), "[][]");
	cr_expect_str_eq(split("a\\ b \\\\ \\'"), "[a b][\\][']");
	cr_expect_str_eq(split("\"a \\\" b \\\\ \\n\""), "[a \" b \\ \\n]");
	cr_expect_str_eq(split("'a\nb' \"c\nd\""), "[a\nb][c\nd]");
}

Test(ssh_words, nothing_of_a_shell_has_a_meaning)
{
	cr_expect_str_eq(split("list; sh $(id) `id` $HOME ~ * ? {a,b} >x <y | sh && sh &"),
			 "[list;][sh][$(id)][`id`][$HOME][~][*][?][{a,b}][>x][<y][|][sh][&&][sh][&]");
	cr_expect_str_eq(split("\"$(id) `id` $HOME\""), "[$(id) `id` $HOME]");
	cr_expect_str_eq(split("# a"), "[#][a]");
}

Test(ssh_words, what_is_unfinished_or_has_lines_is_refused)
{
	static const char *const lines[] = { "'",    "\"",     "show 'a", "show \"a\\\"", "show a\\",
					     "a\nb", "list\n", "a\\\nb",  "list\rshow",	  "list \n sh" };
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		const char *wanted = arena_printf(&arena, "error %d", (int)ERR_USAGE);
		cr_expect_str_eq(split(lines[i]), wanted, "%s", lines[i]);
	}
}

Test(ssh_words, too_many_words_are_refused)
{
	struct strbuf line = STRBUF_INIT;
	for (int i = 0; i < SSH_WORDS_MAX; i++)
		strbuf_adds(&line, "a ");
	cr_expect_neq(*split(line.buf), 'e');
	strbuf_adds(&line, "a");
	cr_expect_eq(*split(line.buf), 'e');
	strbuf_release(&line);
}

/* --- the table --- */

static enum err check(const struct command *command, const struct option_spec *option, const char *value,
		      size_t arguments, const char *argument)
{
	struct option_value item = { option, value };
	const char *words[COMMAND_ARGUMENTS_MAX];
	struct command_line command_line = { .set = command_set(),
					     .command = command,
					     .options = &item,
					     .option_count = option != NULL,
					     .arguments = words,
					     .argument_count = arguments };
	for (size_t i = 0; i < arguments; i++)
		words[i] = i + 1 == arguments ? argument : "-";
	error_release(&error);
	return ssh_check_command(&command_line, &error);
}

/* Whether this placeholder stands for a path: an SSH session accepts the path if its row lacks the path flag. */
static bool sounds_like_path(const char *name)
{
	static const char *const names[] = { "FILE", "PATH", "FOLDER", "DIR", "KEYFILE", "DIRECTORY", "STORE", "TO" };
	for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static void walk_options(const struct command *command)
{
	for (size_t i = 0; i < command_option_count(command); i++) {
		const struct option_spec *option = &command->options[i];
		bool path = option->flags & OPTION_PATH;
		cr_expect(path || !sounds_like_path(option->value_placeholder), "%s --%s takes a path: OPTION_PATH",
			  command->name, option->name);
		if (!path || !ssh_allows_command(command))
			continue;
		cr_expect_eq(check(command, option, "/etc/passwd", 0, ""), ERR_FORBIDDEN, "%s --%s", command->name,
			     option->name);
		cr_expect_eq(check(command, option, "x", 0, ""), option->flags & PATH_RULE ? ERR_OK : ERR_FORBIDDEN,
			     "%s --%s", command->name, option->name);
		cr_expect_eq(check(command, option, "-", 0, ""), option->flags & PATH_STREAM ? ERR_OK : ERR_FORBIDDEN,
			     "%s --%s", command->name, option->name);
	}
}

static void walk_arguments(const struct command *command)
{
	for (size_t i = 0; i < command_argument_count(command); i++) {
		const struct argument_spec *argument = &command->arguments[i];
		bool path = argument->flags & ARGUMENT_PATH;
		cr_expect(path || !sounds_like_path(argument->name), "%s %s is a path: ARGUMENT_PATH", command->name,
			  argument->name);
		if (!path || !ssh_allows_command(command))
			continue;
		cr_expect_eq(check(command, NULL, NULL, i + 1, "./x.json"), ERR_FORBIDDEN, "%s %s", command->name,
			     argument->name);
		cr_expect_eq(check(command, NULL, NULL, i + 1, "x.json"), ERR_FORBIDDEN, "%s %s", command->name,
			     argument->name);
		cr_expect_eq(check(command, NULL, NULL, i + 1, "x"),
			     argument->flags & PATH_RULE ? ERR_OK : ERR_FORBIDDEN, "%s %s", command->name,
			     argument->name);
		cr_expect_eq(check(command, NULL, NULL, i + 1, "-"),
			     argument->flags & PATH_STREAM ? ERR_OK : ERR_FORBIDDEN, "%s %s", command->name,
			     argument->name);
	}
}

Test(session_table, no_path_of_any_command_is_taken)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		walk_options(command);
		walk_arguments(command);
	}
}

/* An SSH session refuses a new command that opens no store until the command's row has COMMAND_IN_SSH_SESSION. */
Test(session_table, these_commands_do_not_exist_in_a_session)
{
	static const char *const refused[] = {
		"init",		  "demo",  "upgrade",	"webhook deliver", "webhook verify",
		"webhook listen", "serve", "audit key", "access keys",	   "session",
		"restore",	  "copy",  "info",	"grants",	   "hook run",
	};
	const size_t count = sizeof refused / sizeof *refused;
	const struct command *command;
	size_t found = 0;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		bool wanted = false;
		for (size_t j = 0; j < count; j++)
			wanted = wanted || !strcmp(refused[j], command->name);
		found += wanted;
		cr_expect_neq(ssh_allows_command(command), wanted, "%s", command->name);
		if (wanted) {
			cr_expect_eq(check(command, NULL, NULL, 0, ""), ERR_FORBIDDEN);
			cr_expect(strstr(error.message, command->name));
		}
	}
	cr_expect_eq(found, count);
}

Test(session_table, a_backup_has_nowhere_to_go)
{
	static const char *const commands[] = { "backup", "store move" };
	for (size_t i = 0; i < 2; i++)
		cr_expect_eq(check(command_find(command_set(), commands[i]), NULL, NULL, 1, "-"), ERR_FORBIDDEN);
}

Test(session_table, store_and_actor_are_not_chosen)
{
	const struct command_set *set = command_set();
	for (size_t i = 0; i < set->global_option_count; i++) {
		const struct option_spec *option = &set->global_options[i];
		bool chosen = !strcmp(option->name, "store") || !strcmp(option->name, "as");
		cr_expect_eq(check(NULL, option, "-", 0, ""), chosen ? ERR_FORBIDDEN : ERR_OK, "%s", option->name);
		cr_expect_eq(check(command_find(set, "list"), option, "x", 0, ""), chosen ? ERR_FORBIDDEN : ERR_OK,
			     "%s", option->name);
	}
}
