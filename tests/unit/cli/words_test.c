/* Help, completion and reference contain every row of the table of commands. */
#include "usage.h"
#include "support/leak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct strbuf text;

static void set_up(void)
{
	strbuf_init(&text);
}

static void tear_down(void)
{
	strbuf_release(&text);
	NO_LEAKS();
}
TestSuite(words, .init = set_up, .fini = tear_down);

static void expect_all_commands(const char *separator)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		const char *space = strchr(command->name, ' ');
		cr_expect(strstr(text.buf, space && *separator == '/' ? space + 1 : command->name), "%s is missing",
			  command->name);
	}
}

Test(words, the_programs_usage_names_every_command)
{
	usage_write_help(&text, &(struct command_line){ .set = command_set(), .is_help_all = true });
	expect_all_commands("");
	/* Without "all" the help fits on one screen and has the first word of each command. */
	strbuf_reset(&text);
	usage_write_help(&text, &(struct command_line){ .set = command_set() });
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		char first[32];
		(void)snprintf(first, sizeof first, "%.*s", (int)strcspn(command->name, " "), command->name);
		cr_expect(strstr(text.buf, first), "%s is missing", command->name);
	}
	size_t lines = 0;
	for (const char *at = text.buf; (at = strchr(at, '\n')); at++)
		lines++;
	cr_expect_leq(lines, 50);
}

Test(words, the_synopsis_shows_what_is_needed_and_what_may_be_left_out)
{
	usage_write_synopsis(&text, command_find(command_set(), "reject"));
	cr_assert_str_eq(text.buf, "kybdesk reject SESSION --reason CODE [--message TEXT] [--template TEMPLATE] "
				   "[--retryable] [--final] [--override REASON] "
				   "[--note TEXT] [--grace SECONDS] [--expect-version N]");
}

Test(words, a_groups_usage_names_its_commands_only)
{
	usage_write_help(&text, &(struct command_line){ .set = command_set(), .group = "party" });
	cr_expect(strstr(text.buf, "party tree"));
	cr_expect_null(strstr(text.buf, "document"));
}

Test(words, a_commands_usage_names_its_options_and_the_global_ones)
{
	usage_write_help(
		&text, &(struct command_line){ .set = command_set(), .command = command_find(command_set(), "list") });
	cr_expect(strstr(text.buf, "--filter QUERY"));
	cr_expect(strstr(text.buf, "--store PATH"));
}

Test(words, the_markdown_reference_has_every_command_and_exit_code)
{
	write_reference_markdown(&text, command_set());
	expect_all_commands("");
	cr_expect(strstr(text.buf, "| 7 |"));
}

static void expect_known_requests(void)
{
	static const char *const requests[] = { ".TH ", ".SH ", ".SS ",	 ".TP\n", ".PP\n",
						".B ",	".BR ", ".br\n", ".\\\"" };
	for (const char *line = text.buf; *line; line += strcspn(line, "\n") + 1) {
		bool known = *line != '.' && *line != '\'' && *line != '\n';
		for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
			known |= strncmp(line, requests[i], strlen(requests[i])) == 0;
		cr_expect(known, "%.40s", line);
		cr_expect_leq(strcspn(line, "\n"), 80, "%.80s", line);
	}
}

Test(words, the_manual_has_every_command_and_no_stray_request)
{
	manual_write_program(&text, command_set());
	expect_known_requests();
	cr_expect(strstr(text.buf, "\\fBdocument accept\\fR\n"), "%s", text.buf);
}

Test(words, each_command_has_a_page_with_its_options)
{
	struct arena arena = ARENA_INIT;
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		strbuf_reset(&text);
		manual_write_command(&text, command);
		expect_known_requests();
		for (size_t j = 0; j < command_option_count(command); j++) {
			struct strbuf name = STRBUF_INIT;
			for (const char *at = command->options[j].name; *at; at++)
				strbuf_addf(&name, *at == '-' ? "\\-" : "%c", *at);
			cr_expect(strstr(text.buf, name.buf), "%s: %s", command->name, name.buf);
			strbuf_release(&name);
		}
	}
	cr_expect_str_eq(manual_name(&arena, command_find(command_set(), "document accept")),
			 "kybdesk-document-accept");
	arena_release(&arena);
}

/* Splits a line as a shell does; a redirection ends it. */
static int split(char *line, char *words[], int most)
{
	int count = 0;
	for (char *at = line; *at && *at != '>' && count < most;) {
		char *to = words[count++] = at, quote = '\0';
		for (; *at && (quote || *at != ' '); at++) {
			if (*at == '\'' && (!quote || quote == *at))
				quote = quote ? '\0' : *at;
			else
				*to++ = *at;
		}
		at += *at == ' ';
		*to = '\0';
	}
	return count;
}

static bool is_word(const char *const *(*words_of)(size_t *count), const char *value)
{
	size_t count;
	const char *const *words = words_of(&count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], value) == 0)
			return true;
	return false;
}

/* The example in each command's help parses as that command, and its values are words that the command knows. */
Test(words, each_command_has_an_example_that_it_accepts)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		struct arena arena = ARENA_INIT;
		struct error error = { 0 };
		struct command_line command_line;
		char *words[24] = { (char *)(uintptr_t) "kybdesk" };
		cr_assert(command->example, "%s has no example", command->name);
		char *line = arena_strdup(&arena, command->example);
		int count = split(line, words + 1, 23) + 1;
		cr_assert_eq(command_parse(&arena, command_set(), count, words, &command_line, &error), ERR_OK,
			     "%s: %s", command->example, error.message);
		cr_expect_eq(command_line.command, command, "%s: %s", command->name, command->example);
		for (size_t j = 0; j < command_line.option_count; j++)
			cr_expect(!command_line.options[j].spec->words ||
					  is_word(command_line.options[j].spec->words, command_line.options[j].value),
				  "%s", command->example);
		for (size_t j = 0; j < command_line.argument_count; j++)
			cr_expect(!command->arguments[j].words ||
					  is_word(command->arguments[j].words, command_line.arguments[j]),
				  "%s", command->example);
		strbuf_reset(&text);
		usage_write_help(&text, &(struct command_line){ .set = command_set(), .command = command });
		cr_expect(strstr(text.buf, command->example));
		error_release(&error);
		arena_release(&arena);
	}
}

Test(words, every_shells_completion_has_every_command)
{
	static const enum completion_shell shells[] = { SHELL_BASH, SHELL_ZSH, SHELL_FISH };
	for (size_t i = 0; i < 3; i++) {
		strbuf_reset(&text);
		completion_write(&text, command_set(), shells[i]);
		expect_all_commands("/");
	}
}

/* Whether the values of the option are in the store: sessions, merchants, workflows, reasons, reviewers. */
static bool is_of_the_store(const struct command *command, const struct option_spec *option)
{
	const char *value = option->value_placeholder ? option->value_placeholder : "";

	if (!strcmp(value, "SESSION") || !strcmp(value, "MERCHANT") || !strcmp(value, "WORKFLOW"))
		return true;
	if (!strcmp(value, "CODE"))
		return !strcmp(option->name, "reason");
	/* Only sshd runs the command "session", so its NAME is not completed. */
	return !strcmp(value, "NAME") && strcmp(command->name, "session") != 0 &&
	       (strstr(option->help, "reviewer") || strstr(option->help, "person"));
}

Test(words, options_with_values_of_the_store_complete_them)
{
	const struct command *command;
	size_t tried = 0;

	strbuf_reset(&text);
	completion_write(&text, command_set(), SHELL_FISH);
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		for (size_t j = 0; j < command_option_count(command); j++) {
			const struct option_spec *option = &command->options[j];
			char *line = NULL;

			if (!is_of_the_store(command, option))
				continue;
			tried++;
			cr_assert_gt(asprintf(&line, " -l %s -x -a '(kybdesk completion fish --values ", option->name),
				     0);
			bool found = false;
			for (const char *at = text.buf; !found && (at = strstr(at, line)); at++) {
				const char *help = strstr(at, "-d '"), *end = strchr(at, '\n');

				found = help && help < end && !strncmp(help + 4, option->help, 12);
			}
			cr_expect(found, "%s --%s", command->name, option->name);
			free(line);
		}
	}
	cr_expect_geq(tried, 15, "%zu", tried);
}

Test(words, every_list_prints_csv)
{
	const struct command *command;
	size_t lists = 0;

	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		const char *last = strrchr(command->name, ' ');

		if (strcmp(last ? last + 1 : command->name, "list") != 0)
			continue;
		cr_expect(command->flags & COMMAND_LIST, "%s", command->name);
		lists++;
	}
	cr_expect_geq(lists, 19, "%zu", lists);
}
