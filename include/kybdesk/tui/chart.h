/*
 * The tree of ownership as a chart: a box for the subject and for each party, an edge with the declared share between
 * owner and company, in the order of the tab's rows, so that the cursor and the keys of the tab work on boxes. Pure.
 */
#ifndef KYBDESK_TUI_CHART_H
#define KYBDESK_TUI_CHART_H

#include "kybdesk/tui/frame.h"
#include "kybdesk/tui/grid.h"

struct chart {
	const struct job *job;
	const struct grid *grid; /* grid of the tab: first the rows of the tree, then other rows */
	size_t cursor, *top;	 /* top: the first line shown */
	bool focused;
};
/* Draws the part with the cursor's box; returns the boxes that fit. */
size_t chart_draw(const struct chart *chart, struct surface *surface, struct box box);

#endif
