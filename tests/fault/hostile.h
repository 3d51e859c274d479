/*
 * Text that wants to act on a terminal (tests/corpus/hostile_text.json), and an
 * own scan of what a terminal would act on or hide. The tables here are written
 * down anew from Unicode, not taken from the code under test.
 */
#ifndef KYB_TESTS_FAULT_HOSTILE_H
#define KYB_TESTS_FAULT_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>

struct hostile_text {
	const char *about;
	char *text; /* NUL-terminated; holds no NUL itself */
	size_t length;
};
struct hostile {
	struct hostile_text valid[96], invalid[32];
	size_t valid_count, invalid_count;
	void *root;
};
void hostile_load(struct hostile *hostile);
void hostile_release(struct hostile *hostile);

/* What is wrong with text that goes to a terminal, malloc'd with the place; NULL when nothing is. ascii: nothing but
 * ASCII may come. */
char *harm_in(const char *text, size_t length, bool ascii);
/* Whether a spreadsheet would compute one of the cells; the cell, malloc'd, or NULL. */
char *formula_in(const char *csv, size_t length);

#endif
