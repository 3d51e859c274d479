/*
 * The ownership tree as a chart: one box for the subject and for each party, and an edge with the declared share
 * from each owner to the company. The boxes have the order of the tab's rows, so that the tab's cursor and keys
 * work on boxes. Pure.
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
/* Draws the part of the chart that contains the cursor's box; returns the number of boxes that fit. */
size_t chart_draw(const struct chart *chart, struct surface *surface, struct box box);

#endif
