/*
 * Text that could act on a terminal (tests/corpus/hostile_text.json), and an independent scan for characters that a
 * terminal acts on or hides. The tables here are made from Unicode, not from the code under test.
 */
#ifndef KYB_TESTS_FAULT_HOSTILE_H
#define KYB_TESTS_FAULT_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>

struct hostile_text {
	const char *about;
	char *text; /* NUL-terminated; contains no other NUL */
	size_t length;
};
struct hostile {
	struct hostile_text valid[96], invalid[32];
	size_t valid_count, invalid_count;
	void *root;
};
void hostile_load(struct hostile *hostile);
void hostile_release(struct hostile *hostile);

/* Describes the first harmful character of the text and its position; NULL: none. ascii: only ASCII is allowed. */
char *harm_in(const char *text, size_t length, bool ascii);
/* A cell that a spreadsheet would compute; NULL: none. */
char *formula_in(const char *csv, size_t length);

#endif
