/*
 * Tests that threads use shared memory only with its lock. The thread sanitizer cannot be combined with others or run
 * within a Criterion test, so this file starts programs that are built with it (tests/support/threads). ./dev test
 * --tsan runs the whole program under it.
 */
#include "support/leak.h"
#include "support/process.h"
#include "support/tried.h"

#include <string.h>

#define REPORT "WARNING: ThreadSanitizer: data race"

static const char *const environment[] = { "TSAN_OPTIONS=exitcode=66:halt_on_error=1", NULL };

TestSuite(threads, .timeout = 300);

Test(threads, of_the_workbenchs_reader_touch_nothing_without_its_lock)
{
	struct process_result result;
	process_call(&result, environment, NULL, KYB_THREADS_READER, NULL);
	cr_expect_eq(result.status, 0, "%s%s", result.out, result.err);
	cr_expect_str_eq(result.err, "");
	result.out[strcspn(result.out, "\n")] = '\0';
	tried("%s", result.out);
	NO_LEAKS();
}

Test(threads, a_lock_that_is_gone_is_noticed)
{
	struct process_result result;
	process_call(&result, environment, NULL, KYB_THREADS_PLANTED, NULL);
	cr_expect_eq(result.status, 66, "%d\n%s", result.status, result.out);
	cr_expect(strstr(result.err, REPORT), "%s", result.err);
	NO_LEAKS();
}
