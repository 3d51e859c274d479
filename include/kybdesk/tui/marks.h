/*
 * Marked cases (workbench.md "Bulk"): chosen one by one, as a range of the list, or as everything that the list
 * matches; they stay marked while other lists are looked at. Pure.
 */
#ifndef KYBDESK_TUI_MARKS_H
#define KYBDESK_TUI_MARKS_H

#include "kybdesk/base/uuid.h"
#include "kybdesk/domain/session.h"

#define MARKS_MAX 1000 /* what one person can be said to have chosen */
struct mark {
	char id[UUID_TEXT_SIZE];
	char *name, *reference; /* malloc'd; reference "" none */
};
struct marks {
	struct mark *items; /* malloc'd, in the order of marking */
	size_t count, capacity;
};
void marks_release(struct marks *marks); /* also: none is marked any more */
bool marks_has(const struct marks *marks, const char *id);
/* False: there are MARKS_MAX already. One that is marked stays so. */
bool marks_add(struct marks *marks, const struct session_item *item);
void marks_drop(struct marks *marks, const char *id);

#endif
