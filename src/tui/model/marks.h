/* The marked cases of the list, or the marked hits of a case. The reviewer marks them one by one, as a range, or all
 * of the list. The marks stay when the screen shows another list. Pure. */
#ifndef KYBDESK_TUI_MARKS_H
#define KYBDESK_TUI_MARKS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/uuid.h"

#define MARKS_MAX 1000 /* maximum number of marks; no reviewer needs more */
struct mark {
	char id[UUID_TEXT_SIZE];
	const char *name, *reference; /* in the arena; reference "" none */
};
struct marks {
	struct arena arena;
	struct mark *items; /* in the arena, in the order of marking */
	size_t count, capacity;
};
void marks_release(struct marks *marks); /* removes all marks and frees their memory */
bool marks_have(const struct marks *marks, const char *id);
/* Marks a case or hit. False: the maximum MARKS_MAX is reached. Marking a marked one has no effect. */
bool marks_add(struct marks *marks, const char *id, const char *name, const char *reference);
void marks_drop(struct marks *marks, const char *id);

#endif
