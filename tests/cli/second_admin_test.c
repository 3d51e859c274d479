/* Two admins at the front end of commands: the user that runs the tests, and "other". */
#include "attack_cases.h"

#include <stdlib.h>

static void set_up(void)
{
	box_open_bare(&box);
	attack_in_production(&box);
	DONE(&box, "reviewer", "add", "other", "--role", "admin");
}
TestSuite(second_admin_commands, .init = set_up, .fini = box_tear_down);

static void expect_waits(void)
{
	cr_expect(strstr(box.last.out, "takes effect when another admin runs the same command"), "%s%s",
		  box.last.out, box.last.err);
}

Test(second_admin_commands, a_person_comes_by_two_admins)
{
	cr_assert_eq(box_json(&box, "reviewer", "add", "zoe", "--role", "lead", NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(json_path_text(box.json, "name"), "zoe");
	cr_expect(json_is_true(json_path(box.json, "offered")), "%s", box.last.out);
	DONE(&box, "reviewer", "add", "zoe", "--role", "lead");
	expect_waits();
	DONE(&box, "reviewer", "list");
	cr_expect_null(strstr(box.last.out, "zoe"), "%s", box.last.out);
	DONE(&box, "doctor");
	cr_expect(strstr(box.last.out, "to add reviewers: reviewer zoe, role lead, supervised false"), "%s",
		  box.last.out);
	box_as(&box, "other");
	DONE(&box, "reviewer", "add", "zoe", "--role", "viewer");
	expect_waits();
	box_as(&box, NULL);
	DONE(&box, "reviewer", "add", "zoe", "--role", "viewer");
	cr_expect_str_eq(box.last.out, "zoe is a viewer now\n");
	DONE(&box, "audit", "verify");
}

Test(second_admin_commands, a_key_is_shown_to_the_second)
{
	static const char *const commands[] = { "reviewer key other", "merchant key shop" };

	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		char line[64];

		(void)snprintf(line, sizeof line, "\"$K\" %s", commands[i]);
		cr_assert_eq(box_shell(&box, line), 0, "%s", box.last.err);
		cr_expect_null(strstr(box.last.out, "api_key"), "%s", box.last.out);
		expect_waits();
		box_as(&box, "other");
		cr_assert_eq(box_shell(&box, line), 0, "%s", box.last.err);
		cr_expect(strstr(box.last.out, "api_key"), "%s", box.last.out);
		box_as(&box, NULL);
	}
}

Test(second_admin_commands, disabling_the_other_does_not_help)
{
	DONE(&box, "reviewer", "disable", "other");
	DONE(&box, "store", "set", "public_url", "https://elsewhere.example");
	expect_waits();
	DONE(&box, "store", "show");
	cr_expect(strstr(box.last.out, "https://desk.example"), "%s", box.last.out);
	DONE(&box, "reviewer", "add", "zoe", "--role", "admin");
	expect_waits();
	DONE(&box, "reasons", "install", "session@shipped");
	cr_expect(strstr(box.last.out, "already in force"), "%s", box.last.out);
}

Test(second_admin_commands, who_is_disabled_confirms_nothing)
{
	DONE(&box, "reviewer", "add", "zoe", "--role", "lead");
	DONE(&box, "reviewer", "disable", "other");
	box_as(&box, "other");
	REFUSED(&box, 7, "reviewer", "add", "zoe", "--role", "lead");
	box_as(&box, NULL);
}

Test(second_admin_commands, help_says_so)
{
	DONE(&box, "reviewer", "role", "--help");
	cr_expect(strstr(box.last.out, "when a second admin runs the same command"), "%s", box.last.out);
	DONE(&box, "reviewer", "disable", "--help");
	cr_expect_null(strstr(box.last.out, "when a second admin runs"), "%s", box.last.out);
}
