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
	return !a->list == !b->list && !a->checklist == !b->checklist && !a->detail == !b->detail;
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
		cr_expect_eq(filled(panes.list) + filled(panes.checklist) + panes.tab +
				     (panes.detail ? panes.detail + 1 : 0),
			     cols, "%zu", cols);
		cr_expect_eq(panes.checklist != 0, cols >= WIDE_COLS && cols < THREE_COLS, "%zu", cols);
		cr_expect_eq(panes.detail != 0, cols >= THREE_COLS, "%zu", cols);
		cr_expect_eq(panes.list != 0, cols >= THREE_COLS, "%zu", cols);
		if (panes.list)
			cr_expect_geq(panes.list, LIST_COLS_LEAST, "%zu", cols);
		if (panes.checklist)
			cr_expect_geq(panes.checklist, CHECKLIST_COLS_LEAST, "%zu", cols);
		if (panes.detail)
			cr_expect_geq(panes.detail, THIRD_COLS_LEAST, "%zu", cols);
		cr_expect_geq(panes.tab, at_most(cols, panes.detail ? THIRD_COLS_LEAST : TAB_COLS_LEAST), "%zu",
			      cols);
		if (same_panes(&panes, &before)) {
			cr_expect_geq(panes.list, before.list, "%zu", cols);
			cr_expect_geq(panes.checklist, before.checklist, "%zu", cols);
			cr_expect_geq(panes.tab, before.tab, "%zu", cols);
			cr_expect_geq(panes.detail, before.detail, "%zu", cols);
		}
		before = panes;
	}
}

Test(panes, of_the_first_screen_fill_every_width_and_lose_nothing)
{
	struct inbox_panes before = { 0 };
	for (size_t cols = NARROWEST; cols <= WIDEST; cols++) {
		const struct inbox_panes panes = inbox_panes(cols);
		cr_expect_eq(filled(panes.inboxes) + panes.list, cols, "%zu", cols);
		cr_expect_eq(panes.inboxes != 0, cols >= WIDE_COLS, "%zu", cols);
		cr_expect_geq(panes.list, at_most(cols, TAB_COLS_LEAST), "%zu", cols);
		if (!panes.inboxes == !before.inboxes) {
			cr_expect_geq(panes.list, before.list, "%zu", cols);
			cr_expect_geq(panes.inboxes, before.inboxes, "%zu", cols);
		}
		before = panes;
	}
}

/* At 200 columns there is room for the list and two panes of 80 columns, the width of a usual terminal. */
Test(panes, at_200_columns_case_and_document_are_80_each)
{
	const struct case_panes panes = case_panes(200), least = case_panes(THREE_COLS);
	cr_expect_eq(panes.tab, 80);
	cr_expect_eq(panes.detail, 80);
	cr_expect_eq(panes.list, LIST_COLS_LEAST);
	cr_expect_eq(least.tab, LEAST_COLS);
	cr_expect_eq(least.detail, LEAST_COLS);
	cr_expect_eq(case_panes(WIDE_COLS).tab, TAB_COLS_LEAST);
}
