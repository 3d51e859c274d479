/*
 * Memory that a test need not free: each test has its own process, which ends with the test. The memory stays
 * reachable, so that LeakSanitizer does not report it.
 */
#ifndef KYB_TESTS_KEEP_H
#define KYB_TESTS_KEEP_H

/* Keeps memory of malloc() or a JSON value until the process ends; returns the same pointer. NULL is fine. */
void *test_keep(void *thing);
/* Frees kept memory at once: for large memory, or in an endless loop. */
void test_drop(void *thing);
/* Formats a text, which is kept. */
char *test_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
