/*
 * The memory of n and N (workbench.md "Every sentence can be acted on"): which cases were seen on the way through the
 * queue, in which order, so that n goes forward, N back, and the end is the end. Pure.
 */
#ifndef KYBDESK_TUI_VISITS_H
#define KYBDESK_TUI_VISITS_H

#include "kybdesk/base/uuid.h"

#include <stdbool.h>
#include <stddef.h>

struct visits {
	char (*ids)[UUID_TEXT_SIZE]; /* malloc'd */
	size_t count, capacity;
	size_t at;  /* of the case that is on the screen, or was last */
	bool ended; /* nothing was left: the next n begins again */
};
void visits_release(struct visits *visits); /* also to forget the way: another list is looked at */
/* The case is on the screen now: where the way has it, else at its end. */
void visits_at(struct visits *visits, const char *id);
const char *visits_forward(struct visits *visits); /* NULL: the way ends here, another case has to be found */
const char *visits_backward(struct visits *visits);

#endif
