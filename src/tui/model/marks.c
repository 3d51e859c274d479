#include "model/marks.h"

#include <string.h>

void marks_release(struct marks *marks)
{
	arena_release(&marks->arena);
	*marks = (struct marks){ 0 };
}

static size_t find(const struct marks *marks, const char *id)
{
	size_t at = 0;
	while (at < marks->count && strcmp(marks->items[at].id, id) != 0)
		at++;
	return at;
}

bool marks_have(const struct marks *marks, const char *id)
{
	return find(marks, id) < marks->count;
}

bool marks_add(struct marks *marks, const char *id, const char *name, const char *reference)
{
	if (marks_have(marks, id))
		return true;
	if (marks->count == MARKS_MAX || strlen(id) >= UUID_TEXT_SIZE)
		return false;
	struct mark *mark = ARENA_PUSH(&marks->arena, marks->items, marks->count, marks->capacity);
	*mark = (struct mark){ .name = arena_strdup(&marks->arena, name),
			       .reference = arena_strdup(&marks->arena, reference) };
	memcpy(mark->id, id, strlen(id) + 1);
	return true;
}

void marks_drop(struct marks *marks, const char *id)
{
	size_t at = find(marks, id);
	if (at == marks->count)
		return;
	memmove(&marks->items[at], &marks->items[at + 1], (marks->count - at - 1) * sizeof *marks->items);
	marks->count--;
}
