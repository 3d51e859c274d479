/*
 * History of n and N: the cases opened while stepping through the queue, in order. n moves forward, N moves back,
 * and both stop at the ends. Pure.
 */
#ifndef KYBDESK_TUI_VISITS_H
#define KYBDESK_TUI_VISITS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/uuid.h"

struct visits {
	struct arena arena;
	char (*ids)[UUID_TEXT_SIZE]; /* in the arena */
	size_t count, capacity;
	size_t at;	  /* index of the current or last case */
	bool reached_end; /* no further case was found: the next n starts again */
};
void visits_release(struct visits *visits); /* also called to clear the history for another list */
/* Sets the current case: moves to the case's position in the history, or appends it. */
void visits_set_current(struct visits *visits, const char *id);
/* NULL: the history ends there. If that happens on a move forward, the caller must find another case. */
const char *visits_move(struct visits *visits, bool forward);

#endif
