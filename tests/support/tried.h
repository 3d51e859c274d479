/* What a test counts, so that it can be told how much a promise was tried: docs/reliability.md is made of it
 * (tests/reliability.py). */
#ifndef KYB_TESTS_TRIED_H
#define KYB_TESTS_TRIED_H

#include <stdbool.h>

/* Prints "tried SUITE::TEST: …" of the test that runs, and how the program was built when KYBDESK_TEST_BUILD says it. Once, at
 * its end: a test that fails has tried nothing. */
void tried(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool test_is_long(void); /* KYBDESK_TEST_LONG: all of it, where the ordinary run takes a sample */

#endif
