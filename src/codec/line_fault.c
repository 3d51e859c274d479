#include "kybdesk/codec/line_fault.h"

void line_fault_add(struct arena *arena, struct line_faults *faults, unsigned line, const char *what)
{
	(void)ARENA_PUSH(arena, faults->items, faults->count, faults->capacity);
	size_t at = faults->count - 1;
	for (; at && faults->items[at - 1].line > line; at--)
		faults->items[at] = faults->items[at - 1];
	faults->items[at] = (struct line_fault){ line, what };
}

char *line_fault_text(struct arena *arena, const char *path, const struct line_fault *fault)
{
	return fault->line ? arena_printf(arena, "%s, line %u: %s", path, fault->line, fault->what)
			   : arena_strdup(arena, fault->what);
}
