/* argv → command, options, arguments. */
#include "command.h"
#include "support/leak.h"
#include "support/verb_rows.h"

#include <string.h>

static struct arena arena;
static struct command_line command_line;
static struct error error;

static enum err parse(char **argv)
{
	int argc = 0;
	while (argv[argc])
		argc++;
	return command_parse(&arena, command_set(), argc, argv, &command_line, &error);
}
#define PARSE(...) parse((char **)(const char *[]){ "kybdesk", __VA_ARGS__, NULL })

static void tear_down(void)
{
	error_release(&error);
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(command_parse, .fini = tear_down);

Test(command_parse, a_command_of_one_word_is_found)
{
	cr_assert_eq(PARSE("inbox"), ERR_OK);
	cr_assert_str_eq(command_line.command->name, "inbox");
}

Test(command_parse, a_command_of_two_words_is_found)
{
	cr_assert_eq(PARSE("document", "accept", "RAL-1", "NUMBER"), ERR_OK);
	cr_assert_str_eq(command_line.command->name, "document accept");
	cr_assert_str_eq(parsed_argument(&command_line, 1), "NUMBER");
}

Test(command_parse, global_options_stand_before_the_command)
{
	cr_assert_eq(PARSE("--store", "x.db", "inbox"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "store"), "x.db");
}

Test(command_parse, global_options_stand_between_group_and_command)
{
	cr_assert_eq(PARSE("document", "--json", "list", "RAL-1"), ERR_OK);
	cr_assert(parsed_has_option(&command_line, "json"));
}

Test(command_parse, global_options_stand_after_the_command)
{
	cr_assert_eq(PARSE("show", "RAL-1", "--as", "ana"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "as"), "ana");
}

Test(command_parse, the_last_of_a_repeated_global_option_counts)
{
	cr_assert_eq(PARSE("--as", "bo", "inbox", "--as=ana"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "as"), "ana");
}

Test(command_parse, a_value_may_follow_an_equals_sign)
{
	cr_assert_eq(PARSE("list", "--filter=risk>40"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "filter"), "risk>40");
}

Test(command_parse, a_value_may_begin_with_a_dash)
{
	cr_assert_eq(PARSE("list", "--sort", "-risk"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "sort"), "-risk");
}

Test(command_parse, a_value_after_an_equals_sign_may_look_like_an_option)
{
	cr_assert_eq(PARSE("approve", "RAL-1", "--note=--json"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "note"), "--json");
}

Test(command_parse, a_known_option_is_not_taken_for_a_value)
{
	cr_assert_eq(PARSE("list", "--sort", "--json"), ERR_USAGE);
	cr_assert(strstr(error.message, "--sort KEY"));
}

Test(command_parse, two_dashes_end_the_options)
{
	cr_assert_eq(PARSE("note", "RAL-1", "--", "--json"), ERR_OK);
	cr_assert_str_eq(parsed_argument(&command_line, 1), "--json");
	cr_assert_not(parsed_has_option(&command_line, "json"));
}

Test(command_parse, one_dash_is_an_argument)
{
	cr_assert_eq(PARSE("import", "-"), ERR_OK);
	cr_assert_str_eq(parsed_argument(&command_line, 0), "-");
}

Test(command_parse, repeated_options_keep_their_order)
{
	size_t count;
	cr_assert_eq(PARSE("corrections", "RAL-1", "--step", "a", "--message", "x", "--step", "b"), ERR_OK);
	const char **steps = parsed_option_values(&command_line, &arena, "step", &count);
	cr_assert_eq(count, 2);
	cr_assert_str_eq(steps[1], "b");
	cr_assert_str_eq(command_line.options[1].spec->name, "message");
}

Test(command_parse, an_option_of_one_command_twice_is_refused)
{
	cr_assert_eq(PARSE("reject", "RAL-1", "--reason", "other", "--reason", "expired"), ERR_USAGE);
}

Test(command_parse, letters_take_their_value_joined_or_apart)
{
	cr_assert_eq(PARSE("document", "save", "S", "D", "-oout.pdf"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "output"), "out.pdf");
	cr_assert_eq(PARSE("document", "save", "S", "D", "-o", "-"), ERR_OK);
	cr_assert_str_eq(parsed_option_text(&command_line, "output"), "-");
}

Test(command_parse, an_unknown_command_names_the_nearest)
{
	cr_assert_eq(PARSE("aprove", "RAL-1"), ERR_USAGE);
	cr_assert(strstr(error.message, "Unknown command \"aprove\". Did you mean \"approve\"?"), "%s", error.message);
}

Test(command_parse, an_unknown_second_word_names_the_nearest_of_its_group)
{
	cr_assert_eq(PARSE("document", "acept", "S"), ERR_USAGE);
	cr_assert(strstr(error.message, "Did you mean \"document accept\"?"), "%s", error.message);
}

Test(command_parse, an_unknown_option_names_the_nearest)
{
	cr_assert_eq(PARSE("list", "--fliter", "x"), ERR_USAGE);
	cr_assert(strstr(error.message, "--filter"), "%s", error.message);
}

Test(command_parse, options_are_not_shortened)
{
	cr_assert_eq(PARSE("list", "--filt", "x"), ERR_USAGE);
}

Test(command_parse, a_flag_takes_no_value)
{
	cr_assert_eq(PARSE("list", "--summary=yes"), ERR_USAGE);
}

Test(command_parse, a_missing_argument_is_named)
{
	cr_assert_eq(PARSE("note", "RAL-1"), ERR_USAGE);
	cr_assert(strstr(error.message, "TEXT"), "%s", error.message);
}

Test(command_parse, a_missing_required_option_is_named)
{
	cr_assert_eq(PARSE("reject", "RAL-1"), ERR_USAGE);
	cr_assert(strstr(error.message, "--reason"), "%s", error.message);
}

Test(command_parse, one_word_too_many_is_named)
{
	cr_assert_eq(PARSE("show", "RAL-1", "RAL-2"), ERR_USAGE);
	cr_assert(strstr(error.message, "RAL-2"), "%s", error.message);
}

Test(command_parse, help_needs_no_arguments)
{
	cr_assert_eq(PARSE("reject", "--help"), ERR_OK);
	cr_assert(command_line.help);
}

Test(command_parse, text_that_is_no_utf8_is_refused)
{
	cr_assert_eq(PARSE("show", "\xff\xfe"), ERR_INVALID);
}

Test(command_parse, a_files_name_may_be_any_bytes)
{
	cr_assert_eq(PARSE("import", "\xff.ndjson"), ERR_OK);
}

Test(command_parse, commands_of_later_are_unknown)
{
	static const char *const later[] = { "evidence", "backup", "restore" };
	for (size_t i = 0; i < sizeof later / sizeof *later; i++)
		cr_expect_eq(PARSE(later[i]), ERR_USAGE, "%s", later[i]);
}

Test(command_parse, every_command_has_words_for_people)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		cr_expect(command->summary && *command->summary, "%s", command->name);
		cr_expect(*command_roles_text(&arena, command), "%s: who may?", command->name);
		cr_expect(command->run || command_verb_count(command), "%s", command->name);
		cr_expect_eq(command_find(command_set(), command->name), command, "%s is there twice", command->name);
	}
}

Test(command_parse, no_command_hides_a_global_option)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(command_set(), i)); i++)
		for (size_t j = 0; j < command_option_count(command); j++)
			for (size_t k = 0; k < command_set()->global_option_count; k++)
				cr_expect_str_neq(command->options[j].name, command_set()->global_options[k].name, "%s",
						  command->name);
}

/* Roles come from verbs: a command without verbs, or with verbs only for options, only reads, so anyone may run it. */
Test(command_parse, only_a_command_without_a_verb_of_its_own_is_for_anyone)
{
	const struct command *command;

	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		bool changes = false;

		for (size_t j = 0; j < command_verb_count(command); j++)
			changes = changes || !*command->verbs[j].option_name;
		cr_expect_eq(!strncmp(command_roles_text(&arena, command), "anyone", 6), !changes, "%s", command->name);
	}
}

static bool is_requested(enum verb verb)
{
	const struct command *command;

	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		if (command_uses_verb(command, verb, CAPACITY_STAFF) ||
		    command_uses_verb(command, verb, CAPACITY_INTAKE))
			return true;
	}
	return false;
}

Test(command_parse, every_verb_has_a_command_or_a_reason_why_it_has_none)
{
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		const char *because = verb_rows[verb].no_command;

		cr_expect(because || is_requested((enum verb)verb), "no command has %s among its uses",
			  use_cases[verb].audit_action);
		cr_expect(!because || !is_requested((enum verb)verb), "%s has a command; it was said: %s",
			  use_cases[verb].audit_action, because);
	}
}

/* If the table does not allow a verb to an admin in the command's capacity, the command can never succeed. */
Test(command_parse, no_command_asks_for_what_its_row_lets_nobody_do)
{
	const struct command *command;

	for (size_t i = 0; (command = command_at(command_set(), i)); i++) {
		for (size_t use = 0; use < command_verb_count(command); use++)
			cr_expect(use_case_allows(&use_cases[command->verbs[use].verb], command->verbs[use].capacity,
						  ROLE_ADMIN),
				  "%s: %s", command->name, use_cases[command->verbs[use].verb].audit_action);
	}
}

Test(command_parse, who_may_is_what_the_use_case_says)
{
	struct arena arena = ARENA_INIT;
	static const char *const expected[][2] = {
		{ "approve", "reviewer" },
		{ "claim", "reviewer; --take-over: lead" },
		{ "undo", "reviewer; only the reviewer of the decision or verdict" },
		{ "show", "anyone; --reveal: reviewer; only the holder of the case, or a lead" },
		{ "document save", "reviewer" },
		{ "party add", "reviewer; --for: intake or reviewer" },
		{ "session start", "intake or reviewer" },
		{ "check report", "intake or reviewer" },
		{ "store set", "admin" },
		{ "list", "anyone" },
	};

	for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
		cr_expect_str_eq(command_roles_text(&arena, command_find(command_set(), expected[i][0])),
				 expected[i][1]);
	arena_release(&arena);
}
