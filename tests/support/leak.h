/* Criterion's child processes end without the leak check: each test calls it itself, at its end or where it is taken
 * down (teardown.c counts that). */
#ifndef KYB_TESTS_LEAK_H
#define KYB_TESTS_LEAK_H

#include <criterion/criterion.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#define NO_LEAKS() cr_assert_eq(__lsan_do_recoverable_leak_check(), 0, "memory leaks")
#else
#define NO_LEAKS() ((void)0)
#endif

#endif
