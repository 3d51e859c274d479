/* Runs the services under the restrictions of their systemd units, but without systemd. */
#include "support/needs.h"
#include "support/process.h"

#include <stdio.h>
#include <stdlib.h>

static char *root;
static struct process_result said;

static int shell(const char *line)
{
	const char *const argv[] = { "sh", "-c", line, NULL };
	static const char *const environment[] = { "B=" KYB_BUILD_DIR, "S=" KYB_SOURCE_DIR, "KYBDESK_STORE",  "DESTDIR",
						   "XDG_CONFIG_HOME",  "XDG_DATA_HOME",	    "XDG_STATE_HOME", NULL };
	const struct process_options options = {
		.argv = argv, .environment = environment, .folder = root, .timeout_ms = 240000
	};

	process_run(&options, &said);
	return said.status;
}

static void tear_down(void)
{
	temp_folder_remove(root);
}
TestSuite(confined, .fini = tear_down, .timeout = 300);

Test(confined, the_services_work_under_the_restrictions_of_their_units)
{
	root = temp_folder_make();
	if (shell("test -x /usr/bin/systemd-analyze && sh \"$S/tests/operating/confined.sh\" --check") != 0) {
		tear_down(); /* Criterion does not call it for a skipped test */
		cr_skip_test("needs root who may mount, systemd-analyze and python3-seccomp; ./dev test installs it");
	}
	cr_assert_eq(shell("DESTDIR=$PWD cmake --install \"$B\" --prefix /usr"), 0, "%s", said.err);
	cr_assert_eq(shell("sh \"$S/tests/operating/confined.sh\" \"$PWD\" \"$S\""), 0, "%s%s", said.out, said.err);
	cr_expect_str_eq(said.out, "serve: answers, writes, takes a document\n"
				   "deliver and hook: an event reached the program\n"
				   "backup: a file\n");
	/* The script fails for a setting that it does not know, and if a restriction is missing. */
	cr_assert_eq(shell("sed -i 's/^LockPersonality=yes/ProtectEverything=yes/' "
			   "usr/lib/systemd/system/kybdesk-serve.service"),
		     0);
	cr_expect_neq(shell("rm -r var; sh \"$S/tests/operating/confined.sh\" \"$PWD\" \"$S\""), 0);
	cr_expect(strstr(said.err, "ProtectEverything=yes: unknown here"), "%s", said.err);
	cr_assert_eq(shell("sed -i '/^ProtectEverything/d' usr/lib/systemd/system/kybdesk-serve.service"), 0);
	cr_expect_neq(shell("rm -r var; sh \"$S/tests/operating/confined.sh\" \"$PWD\" \"$S\""), 0);
	cr_expect(strstr(said.err, "not refused: another personality"), "%s", said.err);
}
