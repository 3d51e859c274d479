/* Two admins at the front end of commands: the user that runs the tests, and "other". */
#include "expect.h"
#include "attack_cases.h"

#include <stdlib.h>

static void set_up(void)
{
	box_open_bare(&box);
	attack_in_production(&box);
	DONE("reviewer", "add", "other", "--role", "admin");
}
TestSuite(second_admin_commands, .init = set_up, .fini = box_tear_down);

static void expect_waits(void)
{
	PRINTS("takes effect when another admin runs the same command");
}

Test(second_admin_commands, a_person_comes_by_two_admins)
{
	GIVES(("reviewer", "add", "zoe", "--role", "lead"), "name: zoe", "offered = true");
	DONE("reviewer", "add", "zoe", "--role", "lead");
	expect_waits();
	DONE("reviewer", "list");
	PRINTS_NOT("zoe");
	TELLS(("doctor"), "to add reviewers: reviewer zoe, role lead, supervised false");
	DONE("offer", "list", "--mine");
	PRINTS_NOT("zoe");
	TELLS(("offer", "list"), "add reviewers: reviewer zoe, role lead, supervised false");
	PRINTS_NOT("waits for you");
	box_as(&box, "other");
	TELLS(("offer", "list", "--mine"), "waits for you");
	DONE("reviewer", "add", "zoe", "--role", "viewer");
	expect_waits();
	box_as(&box, NULL);
	DONE("reviewer", "add", "zoe", "--role", "viewer");
	cr_expect_str_eq(box.last.out, "zoe is a viewer now\n");
	DONE("audit", "verify");
}

Test(second_admin_commands, a_key_is_shown_to_the_second)
{
	static const char *const commands[] = { "reviewer key other", "merchant key shop" };

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char line[64];

		(void)snprintf(line, sizeof line, "\"$K\" %s", commands[i]);
		DONE_SHELL(line);
		PRINTS_NOT("api_key");
		expect_waits();
		box_as(&box, "other");
		DONE_SHELL(line);
		PRINTS("api_key");
		box_as(&box, NULL);
	}
}

/* An address, a secret and a text to clients reach the outside world. */
Test(second_admin_commands, what_leaves_the_desk_needs_two)
{
	static const char *const commands[] = {
		"endpoint add --merchant shop --url https://shop.example/hook --event '*'",
		"endpoint rotate https://shop.example/hook",
		"endpoint edit https://shop.example/hook --url https://shop.example/hook2",
		"template set hello 'Please send page 2.'",
		"template remove hello",
		"merchant add shops",
		"endpoint remove https://shop.example/hook2",
	};

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char line[160];

		(void)snprintf(line, sizeof line, "\"$K\" %s", commands[i]);
		DONE_SHELL(line);
		PRINTS(i == 3 || i == 4 ? "when another lead runs the same command"
					: "when another admin runs the same command");
		PRINTS_NOT("whsec_");
		box_as(&box, "other");
		DONE_SHELL(line);
		PRINTS_NOT("is proposed");
		if (i < 2)
			PRINTS("secret, shown only once: whsec_");
		box_as(&box, NULL);
	}
}

Test(second_admin_commands, a_disabled_endpoint_is_named_until_confirmed)
{
	static const char add[] = "\"$K\" endpoint add --merchant shop --url https://shop.example/hook --event '*'";

	DONE_SHELL(add);
	box_as(&box, "other");
	DONE_SHELL(add);
	DONE("endpoint", "disable", "https://shop.example/hook", "--reason", "Leaked");
	PRINTS("is disabled; no more webhooks are sent to it; it is confirmed when another admin");
	TELLS(("endpoint", "list"), "disabled: Leaked");
	box_as(&box, NULL);
	TELLS(("doctor"), "it acts already; it is confirmed when another admin runs the same command");
	DONE("endpoint", "disable", "https://shop.example/hook");
	PRINTS_NOT("it is confirmed when");
	DONE("doctor");
	PRINTS_NOT("it acts already");
}

Test(second_admin_commands, disabling_the_other_does_not_help)
{
	DONE("reviewer", "disable", "other");
	DONE("store", "set", "public_url", "https://elsewhere.example");
	expect_waits();
	TELLS(("store", "show"), "https://desk.example");
	DONE("reviewer", "add", "zoe", "--role", "admin");
	expect_waits();
	TELLS(("reasons", "install", "session@shipped"), "already in force");
}

Test(second_admin_commands, who_is_disabled_confirms_nothing)
{
	DONE("reviewer", "add", "zoe", "--role", "lead");
	DONE("reviewer", "disable", "other");
	box_as(&box, "other");
	ENDS(7, "reviewer", "add", "zoe", "--role", "lead");
	box_as(&box, NULL);
}

Test(second_admin_commands, help_says_so)
{
	TELLS(("reviewer", "role", "--help"), "when a second admin runs the same command");
	DONE("reviewer", "disable", "--help");
	PRINTS_NOT("when a second admin runs");
}

/* Each line of a file is a result; good lines are kept. With two admins each is a proposal. */
Test(second_admin_commands, people_of_a_file_are_proposed_one_by_one)
{
	DONE_SHELL("printf 'name,role\\nzoe,lead\\n' >people.csv");
	GIVES(("reviewer", "add", "--file", "people.csv"), "added = 0", "proposed = 1", "refused = 0",
	      "lines[0].line = 2", "lines[0].name: zoe", "lines[0].result: proposed");
}

Test(second_admin_commands, a_floor_of_all_approvals_comes_by_two_admins)
{
	DONE("store", "set", "highest_risk", "80,unscored");
	expect_waits();
	TELLS(("doctor"), "the floor highest_risk of all approvals is off");
	box_as(&box, "other");
	DONE("store", "set", "highest_risk", "80,unscored");
	TELLS(("doctor"), "floors of all approvals: highest_risk 80,unscored");
	DONE("store", "set", "highest_risk", "");
	expect_waits();
	TELLS(("doctor"), "floors of all approvals: highest_risk 80,unscored");
}
