/* What a test counts, for whoever asks how much a promise was tried. */
#ifndef KYB_TESTS_TRIED_H
#define KYB_TESTS_TRIED_H

/* Prints "tried SUITE::TEST: …" of the test that runs. Once, at its end: a test that fails has tried nothing. */
void tried(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
