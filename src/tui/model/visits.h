/* History for the keys n and N: the cases that the reviewer visited while stepping through the list, in order. n
 * moves forward, N moves back, and both stop at the ends of the history. Pure. */
#ifndef KYBDESK_TUI_VISITS_H
#define KYBDESK_TUI_VISITS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/uuid.h"

struct visits {
	struct arena arena;
	char (*ids)[UUID_TEXT_SIZE]; /* in the arena */
	size_t count, capacity;
	size_t current_index; /* index of the current case, or of the last visited case */
	bool has_reached_end; /* the last search found no further case, so the next n begins a new history */
};
void visits_release(struct visits *visits); /* clears the history; also called when another list is shown */
/* Sets the current case: finds the case in the history, or appends it. */
void visits_set_current(struct visits *visits, const char *id);
/* The next or previous case of the history; NULL: the history ends. If it ends on a move forward, the caller must
 * search for a further case. */
const char *visits_move(struct visits *visits, bool forward);

#endif
