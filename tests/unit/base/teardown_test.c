/* A failure in a test's teardown makes the test program fail (support/teardown.c): runs a program with such tests. */
#include "support/forked.h"
#include "support/leak.h"
#include "support/process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void expect_end(const char *tests, int status, const char *sum)
{
	/* Unset: with this variable, a Criterion program would run as a child with a single test. */
	static const char *const environment[] = { "BXFI_MAP", NULL };
	struct process_result result;

	process_call(&result, environment, NULL, KYB_PLANTED_TEARDOWN, "-j1", "--ascii", "--color=never", "--filter",
		     tests, NULL);
	cr_expect_eq(result.status, status, "%s: ended with %d: %s", tests, result.status, result.err);
	cr_expect_not_null(strstr(result.err, sum), "%s: no %s in: %s", tests, sum, result.err);
	NO_LEAKS();
}

static void expect_failure(const char *test)
{
	expect_end(test, 1, "Tested: 1 | Passing: 0 | Failing: 1 |");
}

Test(teardown, one_that_goes_well_passes)
{
	expect_end("good/*", 0, "Tested: 1 | Passing: 1 | Failing: 0 |");
}

Test(teardown, a_failed_assertion_counts)
{
	expect_failure("bad/expect");
	expect_failure("bad/assert");
}

#if defined(__SANITIZE_ADDRESS__)
Test(teardown, a_leak_counts)
{
	expect_failure("bad/leak");
}

/* A program that tests start leaves out the leak check only if no block is allocated at its end. */
static void expect_leak_check(void)
{
	struct process_result result;

	process_call(&result, NULL, NULL, KYB_PLANTED_LEAK, "lost", NULL);
	cr_expect_neq(result.status, 0);
	cr_expect_not_null(strstr(result.err, "LeakSanitizer"), "%s", result.err);
	process_call(&result, NULL, NULL, KYB_PLANTED_LEAK, NULL);
	cr_expect_eq(result.status, 0, "%s", result.err);
}

Test(teardown, a_lost_byte_of_a_started_program_counts)
{
	expect_leak_check();
	cr_expect_eq(forked_count, 0);
}

/* Also where SQLite's memory is not the sanitizer's (sanitizer/sqlite_memory.c). */
Test(teardown, a_lost_statement_counts)
{
	static const char *const options[][2] = { { "ASAN_OPTIONS=sqlite_memory=libc", "SqliteSanitizer: " },
						  { "ASAN_OPTIONS=exitcode=23", "LeakSanitizer: " } };
	struct process_result result;

	for (int i = 0; i < 2; i++) {
		const char *const environment[] = { options[i][0], NULL };

		process_call(&result, environment, NULL, KYB_PLANTED_LEAK, "statement", NULL);
		cr_expect_eq(result.status, 23, "%s: %d", options[i][0], result.status);
		cr_expect_not_null(strstr(result.err, options[i][1]), "%s", result.err);
	}
}

Test(teardown, a_lost_byte_of_a_copied_program_counts)
{
	forked_program = KYB_PLANTED_LEAK;
	expect_leak_check();
	cr_expect_eq(forked_count, 2);
}

static void expect_place(const char *line, unsigned copies)
{
	const char *argv[] = { KYB_PLANTED_LEAK, NULL };
	const char *environment[] = { "PLANTED=x", line, NULL };
	struct process_options options = { .argv = argv, .environment = environment, .folder = "/usr" };
	struct process_result result;
	unsigned before = forked_count;

	process_run(&options, &result);
	cr_expect_eq(result.status, 0, "%s", result.err);
	cr_expect_str_eq(result.out, test_text("/usr x %d 1 1 %s\n", (int)getpid(), KYB_PLANTED_LEAK));
	cr_expect_eq(forked_count - before, copies, "%s", line ? line : "");
}

/* A copy has the folder, the environment, the parent and the group of one that was started; where the copy would differ
 * it is started. */
Test(teardown, a_copied_program_is_as_a_started_one)
{
	struct rlimit files;

	expect_place(NULL, 0);
	forked_program = KYB_PLANTED_LEAK;
	expect_place(NULL, 1);
	expect_place("LD_BIND_NOW=1", 0);
	expect_place("ASAN_OPTIONS=exitcode=98", 1); /* by a server of its own */
	expect_place("LD_PRELOAD=", 0);
	(void)umask(umask(0) ^ 1);
	expect_place(NULL, 0);
	(void)umask(umask(0) ^ 1);
	expect_place(NULL, 1);
	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur--;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	expect_place(NULL, 0);
}

/* Undefined behaviour raises a trap, since UBSan is built without messages of its own (CMakeLists.txt). */
Test(teardown, undefined_behaviour_counts)
{
	expect_failure("bad/overflow");
}
#endif

Test(teardown, a_crash_and_an_exit_count)
{
	expect_failure("bad/crash");
	expect_failure("bad/exit");
}

Test(teardown, a_crash_and_an_exit_before_the_test_count)
{
	expect_failure("bad/crash_before");
	expect_failure("bad/exit_before");
}

Test(teardown, what_failed_before_counts_once)
{
	expect_failure("bad/twice");
}
