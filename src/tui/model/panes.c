#include "model/panes.h"

#define INBOXES_COLS 24 /* leaves 95 columns for the list if the screen has WIDE_COLS columns */
#define CHECKLIST_COLS_MOST 64
/* Width from which the list gets wider, too: tab and third pane are then as wide as a usual terminal */
#define ALL_COLS 200
#define LIST_COLS_MOST 95

bool has_panes(size_t cols)
{
	return cols >= WIDE_COLS && cols < SPOKEN_COLS;
}

struct inbox_panes inbox_panes(size_t cols)
{
	if (!has_panes(cols))
		return (struct inbox_panes){ .list = cols };
	return (struct inbox_panes){ .inboxes = INBOXES_COLS, .list = cols - INBOXES_COLS - 1 };
}

/* The checklist gets a third of the columns beyond WIDE_COLS, since its sentences are wrapped; the rows of the tab
 * are not. */
static struct case_panes two_panes(size_t cols)
{
	size_t checklist = CHECKLIST_COLS_LEAST + (cols - WIDE_COLS) / 3;
	if (checklist > CHECKLIST_COLS_MOST)
		checklist = CHECKLIST_COLS_MOST;
	return (struct case_panes){ .checklist = checklist, .tab = cols - checklist - 1 };
}

static struct case_panes three_panes(size_t cols)
{
	size_t list = LIST_COLS_LEAST + (cols > ALL_COLS ? (cols - ALL_COLS) / 4 : 0);
	if (list > LIST_COLS_MOST)
		list = LIST_COLS_MOST;
	size_t rest = cols - list - 2, tab = rest / 2;
	return (struct case_panes){ .list = list, .tab = tab, .detail = rest - tab };
}

struct case_panes case_panes(size_t cols)
{
	if (!has_panes(cols))
		return (struct case_panes){ .tab = cols };
	return cols < THREE_COLS ? two_panes(cols) : three_panes(cols);
}
