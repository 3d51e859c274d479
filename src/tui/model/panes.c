#include "model/panes.h"

#define INBOXES_COLS 24 /* leaves 95 columns for the list if the screen has TWO_PANES_COLS_MIN columns */
#define CHECKLIST_COLS_MAX 64
/* From this screen width on, the list also gets wider: tab and third pane are as wide as a usual terminal by then */
#define LIST_WIDENS_COLS 200
#define LIST_COLS_MAX 95

bool has_panes(size_t cols)
{
	return cols >= TWO_PANES_COLS_MIN && cols < SPOKEN_COLS;
}

struct inbox_panes inbox_panes(size_t cols)
{
	if (!has_panes(cols))
		return (struct inbox_panes){ .list_cols = cols };
	return (struct inbox_panes){ .inboxes_cols = INBOXES_COLS, .list_cols = cols - INBOXES_COLS - 1 };
}

/* The checklist gets a third of the columns beyond TWO_PANES_COLS_MIN, since its sentences are wrapped; the rows of the
 * tab are not. */
static struct case_panes two_panes(size_t cols)
{
	size_t checklist = CHECKLIST_COLS_MIN + (cols - TWO_PANES_COLS_MIN) / 3;
	if (checklist > CHECKLIST_COLS_MAX)
		checklist = CHECKLIST_COLS_MAX;
	return (struct case_panes){ .checklist_cols = checklist, .tab_cols = cols - checklist - 1 };
}

static struct case_panes three_panes(size_t cols)
{
	size_t list = LIST_COLS_MIN + (cols > LIST_WIDENS_COLS ? (cols - LIST_WIDENS_COLS) / 4 : 0);
	if (list > LIST_COLS_MAX)
		list = LIST_COLS_MAX;
	size_t rest = cols - list - 2, tab = rest / 2;
	return (struct case_panes){ .list_cols = list, .tab_cols = tab, .detail_cols = rest - tab };
}

struct case_panes case_panes(size_t cols)
{
	if (!has_panes(cols))
		return (struct case_panes){ .tab_cols = cols };
	return cols < THREE_PANES_COLS_MIN ? two_panes(cols) : three_panes(cols);
}
