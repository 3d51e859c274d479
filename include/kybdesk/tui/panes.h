/*
 * How a screen's columns are shared among what stands side by side (workbench.md "Layout", decision 31): where a width shows
 * the same panes as a narrower one, none of them is narrower, and no pane has ever less than its least. Pure.
 */
#ifndef KYBDESK_TUI_PANES_H
#define KYBDESK_TUI_PANES_H

#include <stdbool.h>
#include <stddef.h>

/* Heard, not seen (linear.h): nothing is cut to fit, and nothing stands side by side. No terminal is as wide. */
#define SPOKEN_COLS 1000
#define WIDE_COLS 120  /* from here on: panes side by side */
#define THREE_COLS 160 /* from here on: list, case and what is selected */

/* Cells that a pane has at least where it is there: a tab what a usual terminal has, beside two others what the smallest. */
#define LIST_COLS_LEAST 38
#define CHECKLIST_COLS_LEAST 39
#define TAB_COLS_LEAST 80
#define THIRD_COLS_LEAST 60

bool has_panes(size_t cols); /* several, side by side */

/* Of the first screen. Between two panes stands a line of one cell. */
struct inbox_panes {
	size_t inboxes; /* 0: they are a strip above the list */
	size_t list;
};
struct inbox_panes inbox_panes(size_t cols);

/* Of an open case; 0: it is no pane of its own. */
struct case_panes {
	size_t list;
	size_t checklist; /* 0: it stands above the tab */
	size_t tab;
	size_t detail; /* 0: what is opened takes the tab's place */
};
struct case_panes case_panes(size_t cols);

#endif
