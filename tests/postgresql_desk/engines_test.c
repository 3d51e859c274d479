/*
 * One script of calls and of commands on a store in a file and on a store on a server (tests/stranger/engines.py): the
 * answers are the same. An ordinary run draws a part of the commands; a long run takes all, and then each operation of
 * the API and each command of the table has succeeded and was refused at least once.
 */
#include "cli/box.h"
#include "support/tried.h"
#include "support/verb_rows.h"

#include <stdio.h>
#include <sys/wait.h>

static void set_up(void)
{
	box_open_bare(&box);
}

TestSuite(engines, .init = set_up, .fini = box_tear_down);

static void play(const char *words)
{
	char line[600];
	FILE *out = popen(test_text("PYTHONDONTWRITEBYTECODE=1 python3 '%s/tests/stranger/engines.py' '%s' %s 2>&1",
				    KYB_SOURCE_DIR, KYB_PROGRAM, words),
			  "r");

	cr_assert(out);
	while (fgets(line, sizeof line, out))
		fprintf(stderr, "engines: %s", line);
	int status = pclose(out);
	cr_expect(WIFEXITED(status) && !WEXITSTATUS(status), "%s: %d", words, status);
}

Test(engines, answer_each_call_alike)
{
	play("calls");
}

/* Writes the rows of verb_rows.h for the script, which plays the drawn ones of this part. */
#define PARTS 2
static void write_rows(size_t part)
{
	json_t *rows = json_array();
	size_t index = 0;

	for (unsigned verb = 0; verb < VERB_COUNT; verb++)
		for (size_t i = 0; i < VERB_COMMANDS_MAX && verb_rows[verb].commands[i].line; i++, index++) {
			const struct verb_command *is = &verb_rows[verb].commands[i];
			bool drawn = index % PARTS == part && test_draws(index / PARTS, 5);

			json_array_append_new(rows,
					      json_pack("{s:s,s:s?,s:s?,s:b,s:b}", "line", is->line, "before",
							is->before, "id", is->id, "own", is->own, "drawn", drawn));
		}
	json_t *all =
		json_pack("{s:o,s:b,s:s}", "rows", rows, "reads", part == PARTS, "files", box_path(&box, "files"));
	cr_assert_eq(json_dump_file(all, box_path(&box, "rows.json"), 0), 0);
	json_decref(all);
}

static void do_commands(size_t part)
{
	cr_assert_eq(box_shell(&box, "mkdir files"), 0);
	box_write_files(&box);
	box_write(&box, "files/cases.ndjson", company_line("RAL-1"));
	cr_assert_eq(box_shell(&box, "cp a.pdf files/"), 0);
	write_rows(part);
	play(test_text("commands '%s'", box_path(&box, "rows.json")));
}
TEST_PART(engines, do_each_command_alike, 1, do_commands)
TEST_PART(engines, do_each_command_alike, 2, do_commands)
TEST_PART(engines, do_each_command_alike, 3, do_commands) /* of the commands that change nothing */
