/*
 * The memory of n and N (workbench.md "Every sentence can be acted on"): which cases were seen on the way through the
 * queue, in which order, so that n goes forward, N back, and the end is the end. Pure.
 */
#ifndef KYBDESK_TUI_WALK_H
#define KYBDESK_TUI_WALK_H

#include "kybdesk/base/uuid.h"

#include <stdbool.h>
#include <stddef.h>

struct walk {
	char (*ids)[UUID_TEXT_SIZE]; /* malloc'd */
	size_t count, capacity;
	size_t at;  /* of the case that is on the screen, or was last */
	bool ended; /* nothing was left: the next n begins again */
};
void walk_release(struct walk *walk); /* also to forget the way: another list is looked at */
/* The case is on the screen now: where the way has it, else at its end. */
void walk_at(struct walk *walk, const char *id);
const char *walk_forward(struct walk *walk); /* NULL: the way ends here, another case has to be found */
const char *walk_backward(struct walk *walk);

#endif
