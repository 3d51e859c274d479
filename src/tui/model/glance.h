/* Cards of the summary with the facts behind a decision. Each function adds its card, or nothing. */
#ifndef KYBDESK_TUI_GLANCE_H
#define KYBDESK_TUI_GLANCE_H

#include "model/grid.h"
#include "model/case_model.h"

void glance_screening(struct grid *grid, const struct job *job);
void glance_risk(struct grid *grid, const struct job *job);
void glance_owners(struct grid *grid, const struct job *job);
void glance_documents(struct grid *grid, const struct job *job);
void glance_client(struct grid *grid, const struct job *job);
/* Only cases that the actor may know about (duplicate_is_shown()) */
void glance_duplicates(struct grid *grid, const struct job *job);
void glance_notes(struct grid *grid, const struct job *job);

#endif
