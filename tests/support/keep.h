/*
 * What a test allocates and needs no more has no release of its own: each test has its own process, which ends with it.
 * LeakSanitizer finds it reachable.
 */
#ifndef KYB_TESTS_KEEP_H
#define KYB_TESTS_KEEP_H

/* The same pointer, of malloc() or JSON, or NULL: lives until the process ends, and nobody frees it. */
void *test_keep(void *thing);
/* Frees it already now: for what is large, or of a loop without end. */
void test_drop(void *thing);
/* A text that is put together, kept. */
char *test_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
