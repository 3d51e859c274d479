/* The cards of the summary with the evidence for a decision. */
#ifndef KYBDESK_TUI_GLANCE_H
#define KYBDESK_TUI_GLANCE_H

#include "model/grid.h"
#include "model/case_model.h"

/* Adds each card that has rows. The card of duplicates has only cases that the reviewer may know about
 * (duplicate_is_shown()). */
void glance_add_cards(struct grid *grid, const struct job *job);

#endif
