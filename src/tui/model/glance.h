/* Cards of the summary with the facts behind a decision. Each function adds its card, or nothing. */
#ifndef KYBDESK_TUI_GLANCE_H
#define KYBDESK_TUI_GLANCE_H

#include "kybdesk/tui/grid.h"
#include "kybdesk/tui/case_model.h"

struct glance {
	struct grid *grid;
	struct arena *arena;
	const struct job *job;
	const struct case_view *view; /* of the job */
	const struct frame *frame;
};
void glance_screening(const struct glance *at);
void glance_risk(const struct glance *at);
void glance_owners(const struct glance *at);
void glance_documents(const struct glance *at);
void glance_client(const struct glance *at);
/* Only cases that the actor may know about (duplicate_is_shown()) */
void glance_elsewhere(const struct glance *at);
void glance_notes(const struct glance *at);

#endif
