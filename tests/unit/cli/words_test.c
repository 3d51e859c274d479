/* Usage, completion and reference come from the table, all of it. */
#include "kybdesk/cli/usage.h"
#include "support/leak.h"

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
	usage_program(&text, command_set());
	expect_all_commands("");
}

Test(words, the_synopsis_shows_what_is_needed_and_what_may_be_left_out)
{
	usage_synopsis(&text, command_find(command_set(), "reject"));
	cr_assert_str_eq(text.buf, "kybdesk reject SESSION --reason CODE [--message TEXT] [--retryable] [--final] "
				   "[--note TEXT] [--grace SECONDS] [--expect-version N]");
}

Test(words, a_groups_usage_names_its_commands_only)
{
	usage_group(&text, command_set(), "party");
	cr_expect(strstr(text.buf, "party tree"));
	cr_expect_null(strstr(text.buf, "document"));
}

Test(words, a_commands_usage_names_its_options_and_the_global_ones)
{
	usage_command(&text, command_set(), command_find(command_set(), "list"));
	cr_expect(strstr(text.buf, "--filter QUERY"));
	cr_expect(strstr(text.buf, "--store PATH"));
}

Test(words, the_markdown_reference_has_every_command_and_exit_code)
{
	reference_markdown(&text, command_set());
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
	manual_program(&text, command_set());
	expect_known_requests();
	cr_expect(strstr(text.buf, "\\fBdocument accept\\fR\n"), "%s", text.buf);
}

Test(words, each_command_has_a_page_with_its_options)
{
	struct arena arena = ARENA_INIT;
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		strbuf_reset(&text);
		manual_command(&text, command);
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

Test(words, every_shells_completion_has_every_command)
{
	static const enum completion_shell shells[] = { SHELL_BASH, SHELL_ZSH, SHELL_FISH };
	for (size_t i = 0; i < 3; i++) {
		strbuf_reset(&text);
		completion_write(&text, command_set(), shells[i]);
		expect_all_commands("/");
	}
}
