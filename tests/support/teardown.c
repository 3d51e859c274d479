/*
 * Criterion judges a test before its teardown: it prints a failed assertion, a leak, a crash or an exit in a `.fini`,
 * but does not count it. This file is linked into every test program: it makes such a test fail, in the summary and in
 * the exit status. So a teardown may assert like a test.
 * It also writes how long each test took, if KYBDESK_TEST_TIMES names a file.
 */
#include <criterion/criterion.h>
#include <criterion/hooks.h>

#include <stdio.h>
#include <stdlib.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* Turns the leak check off in the process that starts the tests: a leak there is Criterion's own (sometimes 48
 * bytes). Only the child processes, which run the tests, have boxfort's variable. */
int __lsan_is_turned_off(void)
{
	return getenv("BXFI_MAP") == NULL;
}
#endif

static const struct criterion_test_stats **ended; /* tests with a completed teardown */
static size_t ended_count, ended_size;

static bool has_ended(const struct criterion_test_stats *test)
{
	for (size_t i = 0; i < ended_count; i++) {
		if (ended[i] == test)
			return true;
	}
	return false;
}

ReportHook(POST_FINI)(struct criterion_test_stats *test)
{
	if (ended_count == ended_size) {
		ended_size = ended_size ? 2 * ended_size : 256;
		ended = realloc(ended, ended_size * sizeof *ended);
		if (!ended)
			abort();
	}
	ended[ended_count++] = test;
}

static const char *wrong_at_the_end(const struct criterion_test_stats *test)
{
	if (test->test_status != CR_STATUS_PASSED)
		return NULL;
	if (test->failed_asserts)
		return "an assertion failed while it was taken down";
	return has_ended(test) ? NULL : "it ended before it was taken down";
}

/* A line for each test, after the lines of other programs: seconds, suite/test. */
static void put_times(const struct criterion_global_stats *all, const char *path)
{
	FILE *file = path && *path ? fopen(path, "a") : NULL;

	for (struct criterion_suite_stats *suite = file ? all->suites : NULL; suite; suite = suite->next) {
		for (struct criterion_test_stats *test = suite->tests; test; test = test->next)
			fprintf(file, "%.3f %s/%s\n", (double)test->elapsed_time, test->test->category,
				test->test->name);
	}
	if (file)
		fclose(file);
}

ReportHook(POST_ALL)(struct criterion_global_stats *all)
{
	put_times(all, getenv("KYBDESK_TEST_TIMES"));
	for (struct criterion_suite_stats *suite = all->suites; suite; suite = suite->next) {
		for (struct criterion_test_stats *test = suite->tests; test; test = test->next) {
			const char *wrong = wrong_at_the_end(test);

			if (!wrong)
				continue;
			fprintf(stderr, "%s::%s failed: %s\n", test->test->category, test->test->name, wrong);
			test->test_status = CR_STATUS_FAILED;
			suite->tests_passed--;
			suite->tests_failed++;
			all->tests_passed--;
			all->tests_failed++;
		}
	}
	free(ended);
	ended = NULL;
	ended_count = ended_size = 0;
}
