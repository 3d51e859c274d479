/* `list --ndjson --all` prints the whole list as it was at one moment, even if the output is read slowly. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSONS 500
/* More bytes than a pipe and the program's own buffer hold: the program cannot end while nobody reads. */
#define LARGE (3 * 64 * 1024)

static void make(void)
{
	char *lines = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&lines, &length);

	DONE("init", "--sandbox");
	for (int i = 0; i < PERSONS; i++) {
		char reference[16], *line;

		snprintf(reference, sizeof reference, "P-%03d", i);
		line = person_line(reference, i % 5 ? "Ines Duarte" : "Mara Reis");
		fputs(line, file);
	}
	fclose(file);
	box_import(&box, lines);
	free(lines);
}

static void set_up(void)
{
	box_world(&box, "list-all", make);
}
TestSuite(list_all, .init = set_up, .fini = box_tear_down, .timeout = 120);

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; (text = strchr(text, '\n')); text++)
		count++;
	return count;
}

Test(list_all, everything_is_the_pages_one_after_the_other)
{
	static const char *const lists[] = { "", "--sort -name", "--filter mara",
					     "--inbox manual_review --sort updated", "--filter nobody" };
	static const size_t counts[] = { PERSONS, PERSONS, PERSONS / 5, PERSONS, 0 };

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		char line[512];

		snprintf(line, sizeof line,
			 "\"$K\" list --ndjson --all %s >all || exit; after=; while :; do "
			 "\"$K\" list --ndjson --limit 170 %s ${after:+--after $after} 2>hint || exit; "
			 "after=$(\"$K\" list --json --limit 170 %s ${after:+--after $after} | sed "
			 "'s/.*\"next\":\"\\{0,1\\}"
			 "\\([^\",}]*\\).*/\\1/'); [ \"$after\" != null ] || break; done >pages; cmp all pages && "
			 "cat all",
			 lists[i], lists[i], lists[i]);
		cr_assert_eq(box_shell(&box, line), 0, "%s: %s %s", lists[i], box.last.err, box.last.out);
		cr_expect_eq(count_lines(box.last.out), counts[i], "%s: %zu", lists[i], count_lines(box.last.out));
	}
}

Test(list_all, a_reader_that_leaves_early_is_a_quiet_end)
{
	DONE_SHELL("{ \"$K\" list --ndjson --all; echo $? >status; } | read line; "
		   "while ! [ -s status ]; do sleep 0.05; done; cat status");
	cr_expect_str_eq(box.last.out, "0\n");
	cr_expect_str_eq(box.last.err, "");
}

/* A case that another process imports during a slow read is not in the list. */
Test(list_all, what_comes_meanwhile_is_not_in_it)
{
	box_write(&box, "late.ndjson", person_line("LATE", "Aaron Late"));
	DONE_SHELL("mkfifo pipe; \"$K\" list --ndjson --all --sort name >pipe & exec 3<pipe; "
		   "IFS= read -r first <&3; \"$K\" import late.ndjson >said && "
		   "\"$K\" list --ndjson --sort name --limit 1 2>hint >now && "
		   "{ printf '%s\\n' \"$first\"; cat <&3; } >all; wait; cat all");
	cr_expect_eq(count_lines(box.last.out), PERSONS);
	cr_expect_gt(strlen(box.last.out), LARGE);
	PRINTS_NOT("Aaron Late");
	DONE_SHELL("cat now");
	PRINTS("Aaron Late");
}

Test(list_all, it_goes_with_lines_and_without_pages)
{
	static const char *const refused[] = { "list --all",
					       "list --all --json",
					       "list --all --csv",
					       "list --ndjson --all --limit 5",
					       "list --ndjson --all --after x",
					       "list --ndjson --all --summary" };

	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		char line[96];

		snprintf(line, sizeof line, "\"$K\" %s", refused[i]);
		cr_expect_eq(box_shell(&box, line), 2, "%s: %d %s", refused[i], box.last.status, box.last.err);
		cr_expect_not(strstr(box.last.out, "\"id\""), "%s", refused[i]);
	}
}
