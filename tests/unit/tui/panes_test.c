/*
 * Tests the widths of the panes on screens from 20 to 400 columns: the panes fill the screen, no pane is below
 * its minimum, and with the same panes a wider screen makes no pane narrower.
 */
#include "model/frame.h"

#include <criterion/criterion.h>

#define NARROWEST 20
#define WIDEST 400

static size_t filled(size_t pane)
{
	return pane ? pane + 1 : 0; /* with the border behind it */
}

static bool same_panes(const struct case_panes *a, const struct case_panes *b)
{
	return !a->list_cols == !b->list_cols && !a->checklist_cols == !b->checklist_cols &&
	       !a->detail_cols == !b->detail_cols;
}

static size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

Test(panes, of_a_case_fill_every_width_and_lose_nothing)
{
	struct case_panes before = { 0 };
	for (size_t cols = NARROWEST; cols <= WIDEST; cols++) {
		const struct case_panes panes = case_panes(cols);
		cr_expect_eq(filled(panes.list_cols) + filled(panes.checklist_cols) + panes.tab_cols +
				     (panes.detail_cols ? panes.detail_cols + 1 : 0),
			     cols, "%zu", cols);
		cr_expect_eq(panes.checklist_cols != 0, cols >= TWO_PANES_COLS_MIN && cols < THREE_PANES_COLS_MIN,
			     "%zu", cols);
		cr_expect_eq(panes.detail_cols != 0, cols >= THREE_PANES_COLS_MIN, "%zu", cols);
		cr_expect_eq(panes.list_cols != 0, cols >= THREE_PANES_COLS_MIN, "%zu", cols);
		if (panes.list_cols)
			cr_expect_geq(panes.list_cols, LIST_COLS_MIN, "%zu", cols);
		if (panes.checklist_cols)
			cr_expect_geq(panes.checklist_cols, CHECKLIST_COLS_MIN, "%zu", cols);
		if (panes.detail_cols)
			cr_expect_geq(panes.detail_cols, THIRD_PANE_COLS_MIN, "%zu", cols);
		cr_expect_geq(panes.tab_cols, at_most(cols, panes.detail_cols ? THIRD_PANE_COLS_MIN : TAB_COLS_MIN),
			      "%zu", cols);
		if (same_panes(&panes, &before)) {
			cr_expect_geq(panes.list_cols, before.list_cols, "%zu", cols);
			cr_expect_geq(panes.checklist_cols, before.checklist_cols, "%zu", cols);
			cr_expect_geq(panes.tab_cols, before.tab_cols, "%zu", cols);
			cr_expect_geq(panes.detail_cols, before.detail_cols, "%zu", cols);
		}
		before = panes;
	}
}

Test(panes, of_the_first_screen_fill_every_width_and_lose_nothing)
{
	struct inbox_panes before = { 0 };
	for (size_t cols = NARROWEST; cols <= WIDEST; cols++) {
		const struct inbox_panes panes = inbox_panes(cols);
		cr_expect_eq(filled(panes.inboxes_cols) + panes.list_cols, cols, "%zu", cols);
		cr_expect_eq(panes.inboxes_cols != 0, cols >= TWO_PANES_COLS_MIN, "%zu", cols);
		cr_expect_geq(panes.list_cols, at_most(cols, TAB_COLS_MIN), "%zu", cols);
		if (!panes.inboxes_cols == !before.inboxes_cols) {
			cr_expect_geq(panes.list_cols, before.list_cols, "%zu", cols);
			cr_expect_geq(panes.inboxes_cols, before.inboxes_cols, "%zu", cols);
		}
		before = panes;
	}
}

/* At 200 columns there is room for the list and two panes of 80 columns, the width of a usual terminal. */
Test(panes, at_200_columns_case_and_document_are_80_each)
{
	const struct case_panes panes = case_panes(200), least = case_panes(THREE_PANES_COLS_MIN);
	cr_expect_eq(panes.tab_cols, 80);
	cr_expect_eq(panes.detail_cols, 80);
	cr_expect_eq(panes.list_cols, LIST_COLS_MIN);
	cr_expect_eq(least.tab_cols, SCREEN_COLS_MIN);
	cr_expect_eq(least.detail_cols, SCREEN_COLS_MIN);
	cr_expect_eq(case_panes(TWO_PANES_COLS_MIN).tab_cols, TAB_COLS_MIN);
}
