/* Opens a document in another program, if allowed. The audit log records it. The workbench deletes the copy at exit. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(screen_outside, .init = bench_set_up_samples, .fini = bench_tear_down);

static void quiet(void)
{
	RESTS(terminal);
}

/* Opens the documents of Juniper Bakery and presses `O`. open_with NULL: not configured. */
static void ask_outside(const char *open_with)
{
	char config[600];

	if (open_with) {
		(void)snprintf(config, sizeof config, "{\"open_with\": \"%s\"}", open_with);
		bench_configure(&bench, config);
	}
	terminal = bench_start(&bench, "ana", 24, 100, "C.UTF-8", NULL);
	SEES(terminal, "most urgent first");
	quiet();
	TYPES(terminal, "/juniper\r", "1 case ");
	quiet();
	TYPES(terminal, "\r", "Before you can approve");
	quiet();
	TYPES(terminal, "2", "Look for: the full legal name");
	quiet();
	TYPES(terminal, "O", "Open outside a document of");
	quiet();
}

static char *made(const char *name, size_t *length)
{
	char *path = temp_path(bench.folder, name), *text = NULL;

	for (int i = 0; i < 400 && !(text = temp_read(path, length)); i++)
		test_sleep_ms(50);
	cr_assert(text, "%s was not made", path);
	return test_keep(text);
}

/* Writes the other program, a script: it copies the file, and records its arguments and the file's mode. */
static char *write_viewer(void)
{
	char *path = temp_path(bench.folder, "viewer");
	static const char text[] = "#!/bin/sh\n"
				   "cp -p \"$1\" seen.part\n"
				   "printf '%s %s %s' \"$#\" \"$(stat -c %a \"$1\")\" \"$1\" >how.part\n"
				   "mv seen.part seen; mv how.part how\n";

	temp_write(path, text, sizeof text - 1);
	cr_assert_eq(chmod(path, 0755), 0);
	return path;
}

static void leave(void)
{
	TYPES(terminal, "q", "most urgent first");
	quiet();
	QUITS(terminal);
}

Test(screen_outside, the_program_gets_the_file_and_it_goes_with_the_workbench)
{
	char *viewer = write_viewer(), *saved = temp_path(bench.folder, "saved");
	size_t seen_length, kept_length, length;
	char path[400] = "";

	ask_outside(viewer);
	SEES(terminal, "A copy of the file");
	TYPES(terminal, "y", "Opened Memorandum and articles of");
	char *seen = made("seen", &seen_length);
	char *how = made("how", &length);
	cr_assert_eq(sscanf(how, "1 600 %399s", path), 1, "%s", how);
	cr_expect_eq(access(path, R_OK), 0, "%s", path);
	cr_assert_eq(bench_run(&bench, "document", "save", "RAL-2032", "MEMORANDUM_ARTICLES", "-o", saved, NULL), 0,
		     "%s", bench.last.err);
	char *kept = temp_read(saved, &kept_length);
	cr_assert(kept);
	cr_expect_eq(seen_length, kept_length);
	cr_expect(seen_length == kept_length && !memcmp(seen, kept, kept_length));
	leave();
	cr_expect_neq(access(path, F_OK), 0, "%s is left behind", path);
	*strrchr(path, '/') = '\0';
	cr_expect_neq(access(path, F_OK), 0, "%s is left behind", path);
	cr_assert_eq(bench_run(&bench, "audit", "list", "RAL-2032", "--csv", NULL), 0);
	const char *first = strstr(bench.last.out, "document.save");
	cr_expect(first && strstr(first + 1, "document.save"), "%s", bench.last.out);
}

Test(screen_outside, nothing_leaves_where_no_program_is_named)
{
	ask_outside(NULL);
	SEES(terminal, "No program for documents is set");
	terminal_type(terminal, "y");
	quiet();
	cr_assert_eq(bench_run(&bench, "audit", "list", "RAL-2032", "--csv", NULL), 0);
	cr_expect_null(strstr(bench.last.out, "document.save"), "%s", bench.last.out);
}

/* Over SSH, the other program would open the document on a machine that the user does not see. */
Test(screen_outside, nothing_is_opened_on_the_far_side_of_a_line)
{
	char *viewer = write_viewer(), *seen = temp_path(bench.folder, "seen");

	bench_environment(&bench, "SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22");
	ask_outside(viewer);
	SEES(terminal, "on the wrong machine");
	terminal_type(terminal, "y");
	quiet();
	CLOSES(terminal, ESC, "Open outside a document of");
	quiet();
	leave();
	cr_expect_neq(access(seen, F_OK), 0);
}

Test(screen_outside, a_program_that_is_not_there_is_said)
{
	ask_outside("/nowhere/viewer");
	TYPES(terminal, "y", "cannot be started: No such file");
	quiet();
	CLOSES(terminal, ESC, "Open outside a document of");
	quiet();
	leave();
}
