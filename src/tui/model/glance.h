/* Cards of the summary with the facts behind a decision. */
#ifndef KYBDESK_TUI_GLANCE_H
#define KYBDESK_TUI_GLANCE_H

#include "model/grid.h"
#include "model/case_model.h"

/* Adds the cards that have something to show; of duplicates only cases that the actor may know about
 * (duplicate_is_shown()). */
void glance_cards(struct grid *grid, const struct job *job);

#endif
