/* The marked cases. The reviewer marks cases one by one, as a range of the list, or all cases of the list. The
 * marks stay when the screen shows another list. Pure. */
#ifndef KYBDESK_TUI_MARKS_H
#define KYBDESK_TUI_MARKS_H

#include "kybdesk/base/arena.h"
#include "kybdesk/base/uuid.h"
#include "kybdesk/domain/session.h"

#define MARKED_CASES_MAX 1000 /* maximum number of marked cases; no reviewer needs more */
struct marked_case {
	char id[UUID_TEXT_SIZE];
	const char *name, *reference; /* in the arena; reference "" none */
};
struct marked_cases {
	struct arena arena;
	struct marked_case *items; /* in the arena, in the order of marking */
	size_t count, capacity;
};
void marked_cases_release(struct marked_cases *marks); /* removes all marks and frees their memory */
bool marked_cases_has(const struct marked_cases *marks, const char *id);
/* Marks a case. False: the maximum MARKED_CASES_MAX is reached. Marking a marked case has no effect. */
bool marked_cases_add(struct marked_cases *marks, const struct session_item *item);
void marked_cases_drop(struct marked_cases *marks, const char *id);

#endif
