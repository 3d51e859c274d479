/*
 * Shared by the fuzz targets. Each target gives bytes to one parser, as if they came from outside. In addition to the
 * sanitizers, it checks the parser's contract.
 */
#ifndef KYB_TESTS_FUZZ_H
#define KYB_TESTS_FUZZ_H

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/country.h"
#include "kybdesk/domain/reason.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Aborts if the condition is false, so that libFuzzer keeps the input. */
#define PROMISE(condition)                                                                                             \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			(void)fprintf(stderr, "%s:%d: broken promise: %s\n", __FILE__, __LINE__, #condition);          \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The built-in tables, read once. */
const struct countries *fuzz_countries(void);
const struct reasons *fuzz_reasons(void);
/* Checks that the error has this code and a sentence that can be shown. Releases the error. */
void fuzz_failed(enum err code, struct error *error);
/* Valid UTF-8 without characters that a terminal acts on or hides: an independent scan, not the one under test. */
void fuzz_is_harmless(const char *text, size_t length, bool lines);

#endif
