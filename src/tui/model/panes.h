/* How a screen's columns are divided among its panes (docs/decisions/0031). If a screen gets wider and keeps the
 * same panes, no pane gets narrower; every pane has at least its minimum width. Pure. */
#ifndef KYBDESK_TUI_PANES_H
#define KYBDESK_TUI_PANES_H

#include <stdbool.h>
#include <stddef.h>

/* Width of the line-by-line output for screen readers (linear.h), wider than any terminal. Nothing is cut at this
 * width, and panes are not side by side. */
#define SPOKEN_COLS 1000
#define TWO_PANES_COLS_MIN 120	 /* minimum width for two panes side by side */
#define THREE_PANES_COLS_MIN 160 /* minimum width for three panes: list, case and selected item */

/* Minimum widths of the panes. A tab next to the checklist is at least as wide as a usual terminal; the third pane
 * and the tab next to it are at least as wide as the smallest supported terminal. */
#define LIST_COLS_MIN 38
#define CHECKLIST_COLS_MIN 39
#define TAB_COLS_MIN 80
#define THIRD_PANE_COLS_MIN 60

bool has_panes(size_t cols); /* whether two or more panes are side by side */

/* Panes of the first screen, separated by a line of one cell. */
struct inbox_panes {
	size_t inboxes_cols; /* 0: the inboxes are in one line above the list */
	size_t list_cols;
};
struct inbox_panes inbox_panes(size_t cols);

/* Widths of the panes of an open case; 0: the screen does not have the pane. */
struct case_panes {
	size_t list_cols;
	size_t checklist_cols; /* 0: the checklist is above the tab */
	size_t tab_cols;
	size_t detail_cols; /* the third pane; 0: an opened item replaces the tab */
};
struct case_panes case_panes(size_t cols);

#endif
