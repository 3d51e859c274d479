/* Pages by cursor show each case once, also while another process decides cases. */
#include "expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES 240

static void make(void)
{
	char *text = NULL;
	size_t length = 0;
	FILE *lines = open_memstream(&text, &length);
	DONE("init", "--sandbox");
	for (int i = 0; i < CASES; i++) {
		char reference[32], name[64];
		(void)snprintf(reference, sizeof reference, "PAGE-%03d", i);
		(void)snprintf(name, sizeof name, "Person %d", i * 7919 % CASES);
		(void)fputs(person_line(reference, name), lines);
	}
	(void)fclose(lines);
	box_import(&box, text);
	free(text);
}

static void set_up(void)
{
	box_world(&box, "pages", make);
}
TestSuite(pages, .init = set_up, .fini = box_tear_down);

/* Reads all pages; counts how often each case was seen. */
static void walk(const char *sort, unsigned char seen[CASES])
{
	char cursor[512] = "";
	do {
		const char *words[] = { "--json", "list", "--sort", sort, "--limit", "17", *cursor ? "--after" : NULL,
					cursor,	  NULL };
		json_decref(box.json);
		cr_assert_eq(box_run_words(&box, words, NULL, 0), 0, "%s", box.last.out);
		box.json = json_loads(box.last.out, 0, NULL);
		const json_t *data = json_path(box.json, "data");
		for (size_t i = 0; i < json_array_size(data); i++)
			seen[atoi(json_path_text(json_array_get(data, i), "external_ref") + 5)]++;
		(void)snprintf(cursor, sizeof cursor, "%s", json_path_text(box.json, "next"));
	} while (*cursor);
}

static void expect_each_once(const char *sort)
{
	unsigned char seen[CASES] = { 0 };
	walk(sort, seen);
	for (int i = 0; i < CASES; i++)
		cr_expect_eq(seen[i], 1, "sorted by %s, case %d was seen %d times", sort, i, seen[i]);
}

Test(pages, each_sort_visits_each_case_once)
{
	static const char *const sorts[] = { "due", "-due", "updated", "-updated", "risk", "-risk", "name", "-name" };
	for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
		expect_each_once(sorts[i]);
}

Test(pages, each_case_is_visited_once_while_another_process_decides)
{
	const char *const argv[] = {
		"sh", "-c",
		"i=0; while [ $i -lt 60 ]; do \"$K\" --as bob approve PAGE-$(printf %03d $((i * 4))) "
		">/dev/null 2>&1; i=$((i + 1)); done",
		NULL
	};
	char program[512];
	(void)snprintf(program, sizeof program, "K=%s", KYB_PROGRAM);
	box_environment(&box, program);
	struct process_options options = { .argv = argv,
					   .environment = (const char *const *)box.lines,
					   .folder = box.folder };
	struct process *decider = process_start(&options);
	for (int round = 0; round < 3; round++)
		expect_each_once("name");
	cr_assert(process_wait(decider, 60000, NULL));
	process_free(decider);
	GIVES(("inbox"), "inboxes.approved = 60");
	cr_expect_eq(json_path_int(box.json, "total"), CASES);
}
