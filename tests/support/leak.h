/* Criterion's child processes end without the leak check, so each test calls it at its end or in its teardown
 * (teardown.c counts failures in teardowns). */
#ifndef KYB_TESTS_LEAK_H
#define KYB_TESTS_LEAK_H

#include <criterion/criterion.h>

#if defined(__SANITIZE_ADDRESS__)
#include "support/process.h"

#include <sanitizer/lsan_interface.h>
#define NO_LEAKS()                                                                                                     \
	do {                                                                                                           \
		test_wait_alone();                                                                                     \
		cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "memory leaks");                                   \
	} while (0)
#else
#define NO_LEAKS() ((void)0)
#endif

#endif
