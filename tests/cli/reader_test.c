/* What a person or a script meets: whole values in pipes, each thing said once, nothing assumed from nothing. */
#include "box.h"

#include <stdlib.h>
#include <string.h>

static struct box box;

static void set_up(void)
{
	box_open(&box);
}
static void tear_down(void)
{
	box_close(&box);
}
TestSuite(reader, .init = set_up, .fini = tear_down);

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;
	for (; (text = strstr(text, part)); text += strlen(part))
		count++;
	return count;
}

Test(reader, a_pipe_gets_names_and_ids_whole)
{
	const char *name = "Gesellschaft zur Förderung der hanseatischen Binnenschifffahrt von 1871 mbH";
	char *line = person_line("IND-1", name);
	box_import(&box, line);
	free(line);
	cr_assert_eq(box_run(&box, "list", NULL), 0);
	cr_expect(strstr(box.last.out, name), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "IND-1", NULL), 0);
	const char *id = json_path_text(box.json, "id");
	cr_assert_eq(box_run(&box, "audit", "list", NULL), 0);
	cr_expect(strstr(box.last.out, id), "%s", box.last.out);
}

Test(reader, a_single_blocker_that_names_nothing_else_is_said_once)
{
	box_import_person(&box, "IND-1");
	cr_assert_eq(box_run(&box, "undo", "IND-1", NULL), 4);
	cr_expect_eq(count_of(box.last.err, "no decision to take back"), 1, "%s", box.last.err);
}

Test(reader, an_empty_store_option_is_no_default_store)
{
	cr_expect_eq(box_run(&box, "--store", "", "inbox", NULL), 9, "%s", box.last.out);
	cr_expect_str_eq(box.last.out, "");
	cr_expect_eq(box_run(&box, "--as=", "inbox", NULL), 9);
	cr_expect_eq(box_json(&box, "--store", "", "inbox", NULL), 9);
	cr_expect_str_eq(json_path_text(box.json, "error.field"), "store");
}

Test(reader, info_names_every_library)
{
	static const char *const names[] = {
		"SQLite ", "jansson ", "OpenSSL ", "utf8proc ", "libcurl", "ncurses "
	};
	cr_assert_eq(box_json(&box, "info", NULL), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_expect(strstr(json_path_text(box.json, "libraries"), names[i]), "%s in %s", names[i],
			  json_path_text(box.json, "libraries"));
}

Test(reader, the_demo_in_a_pipe_lists_what_is_to_review_the_most_urgent_first)
{
	cr_assert_eq(box_run(&box, "demo", NULL), 0, "%s", box.last.err);
	const char *list = strstr(box.last.out, "Session");
	cr_assert(list, "%s", box.last.out);
	cr_expect_gt(count_of(list, "manual_review"), 10);
	cr_expect_eq(count_of(list, "approved"), 0);
	const char *first = strchr(list, '\n') + 1;
	cr_expect_eq(first[strspn(first, " ")], '-', "overdue comes first: %.60s", first);
}

Test(reader, endpoints_are_an_admins_also_in_a_sandbox)
{
	box_import_person(&box, "IND-1");
	cr_expect_eq(box_run(&box, "--as", "lena", "endpoint", "add", "--merchant", "shop", "--url",
			     "https://a.example/", "--event", "*", NULL),
		     7);
	cr_assert_eq(box_json(&box, "endpoint", "add", "--merchant", "shop", "--url", "https://a.example/",
			      "--event", "*", NULL),
		     0, "%s", box.last.out);
	char *id = strdup(json_path_text(box.json, "id"));
	cr_expect_eq(box_run(&box, "--as", "lena", "endpoint", "disable", id, NULL), 7);
	cr_expect_eq(box_run(&box, "endpoint", "disable", id, NULL), 0);
	cr_expect_eq(box_run(&box, "endpoint", "disable", id, NULL), 4);
	cr_expect_null(strstr(box.last.err, "already:"), "%s", box.last.err);
	free(id);
}

Test(reader, a_role_is_told_with_its_article)
{
	cr_assert_eq(box_run(&box, "reviewer", "add", "ada", "--role", "admin", NULL), 0);
	cr_expect_str_eq(box.last.out, "ada is an admin now\n");
}
