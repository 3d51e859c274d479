/* Counts of a test, reported as the extent of its trials: tests/reliability.py makes docs/reliability.md from
 * them. */
#ifndef KYB_TESTS_TRIED_H
#define KYB_TESTS_TRIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Prints "tried SUITE::TEST: …" of the current test, and the build's name if KYBDESK_TEST_BUILD has one. Call it
 * once, at the test's end: a failed test has tried nothing. */
void tried(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool test_is_long(void); /* KYBDESK_TEST_LONG: all of it, where the ordinary run takes a sample */
/* Where the random numbers of the current test begin: KYBDESK_TEST_SEED; else from its name and KYBDESK_TEST_DRAW, which
 * `./dev test` takes from the sources, so that the same sources are tried in the same way; else from the clock. The
 * test prints it. */
uint64_t test_seed(void);
/* Whether the current test tries the row at this index: in a long run each, otherwise one row of so many, counted from a
 * drawn one. */
bool test_draws(size_t index, size_t of);

/* A test in parts, which run beside each other: NAME_1 calls run(0), and so on. */
#define TEST_PART(suite, name, number, run)                                                                        \
	Test(suite, name##_##number)                                                                               \
	{                                                                                                          \
		run((number)-1);                                                                                   \
	}
#define TEST_IN_FOUR(suite, name, run)                                                                             \
	TEST_PART(suite, name, 1, run)                                                                             \
	TEST_PART(suite, name, 2, run) TEST_PART(suite, name, 3, run) TEST_PART(suite, name, 4, run)

#endif
