/* Surfaces as text, keys, and a made-up case for tests of view-models. */
#ifndef KYB_TESTS_TUI_SUPPORT_H
#define KYB_TESTS_TUI_SUPPORT_H

#include "model/case_model.h"
#include "../../../src/tui/screen/dialogs.h"
#include "model/queue.h"
#include "input/prompt.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support/leak.h"

#define TEST_NOW INT64_C(1793702400000) /* 2026-11-03T10:40:00Z */
#define HOUR_MS INT64_C(3600000)

struct stage {
	struct arena arena;
	struct surface surface;
	struct frame frame;
};
void stage_open(struct stage *stage, enum text_mode mode, size_t rows, size_t cols);
void stage_close(struct stage *stage);
const char *stage_row(struct stage *stage, size_t row);
/* The first row that holds the text, or -1. */
int stage_find(struct stage *stage, const char *text);
/* Checks that no row is wider than the screen and that every cell is drawn. */
void stage_check(struct stage *stage);

/* Expects the text to equal the file at `path`, or writes the file (KYBDESK_WRITE_FRAMES=1). */
void expect_kept(const char *path, const struct strbuf *is);

struct key key_char(char c);
struct key key_press(enum press press);

/* Harbour Lane: one document to review, one party with an open KYC, one hit. */
struct job *harbour_case(void);
/* A case that nothing blocks. */
struct job *clear_case(void);
/* "Old Owner", party-9: removed by ana with the reason "sold his share". */
void remove_an_owner(struct job *job);
struct job *list_answer(uint64_t ticket, size_t first, size_t count, bool more);

/* Name of a program that access() reports as missing, as if it were not installed; NULL: none (scan_test.c). */
extern const char *hidden_program;

#endif
