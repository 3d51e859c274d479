/* Reports how much a test has tried. tests/reliability.py makes a report of these lines. */
#ifndef KYB_TESTS_TRIED_H
#define KYB_TESTS_TRIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Prints "tried SUITE::TEST: …" of the current test, and the build's name if KYBDESK_TEST_BUILD has one. Call it
 * once, at the end of the test, so that a failed test reports nothing. */
void tried(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool test_is_long(void); /* KYBDESK_TEST_LONG is set: try everything, not only a sample */
/* Seed for the random numbers of the current test, which should print it: KYBDESK_TEST_SEED if set; otherwise computed
 * from the name of the test and KYBDESK_TEST_DRAW, which `./dev test` computes from the sources, so that a run with the
 * same sources tries the same; otherwise from the clock. */
uint64_t test_seed(void);
/* Whether the current test tries the row at this index: in a long run each row, otherwise one of each `of` rows,
 * beginning at a random one. */
bool test_draws(size_t index, size_t of);

/* A test in parts, which run in parallel: NAME_1 calls run(0), and so on. */
#define TEST_PART(suite, name, number, run)                                                                            \
	Test(suite, name##_##number)                                                                                   \
	{                                                                                                              \
		run((number)-1);                                                                                       \
	}
#define TEST_IN_FOUR(suite, name, run)                                                                                 \
	TEST_PART(suite, name, 1, run)                                                                                 \
	TEST_PART(suite, name, 2, run) TEST_PART(suite, name, 3, run) TEST_PART(suite, name, 4, run)

#endif
