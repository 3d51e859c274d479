#include "model/marks.h"

#include <string.h>

void marked_cases_release(struct marked_cases *marks)
{
	arena_release(&marks->arena);
	*marks = (struct marked_cases){ 0 };
}

static size_t find(const struct marked_cases *marks, const char *id)
{
	size_t at = 0;
	while (at < marks->count && strcmp(marks->items[at].id, id) != 0)
		at++;
	return at;
}

bool marked_cases_has(const struct marked_cases *marks, const char *id)
{
	return find(marks, id) < marks->count;
}

bool marked_cases_add(struct marked_cases *marks, const struct session_item *item)
{
	if (marked_cases_has(marks, item->id))
		return true;
	if (marks->count == MARKED_CASES_MAX || strlen(item->id) >= UUID_TEXT_SIZE)
		return false;
	struct marked_case *mark = ARENA_PUSH(&marks->arena, marks->items, marks->count, marks->capacity);
	*mark = (struct marked_case){ .name = arena_strdup(&marks->arena, item->subject_name),
				      .reference = arena_strdup(&marks->arena, item->external_ref) };
	memcpy(mark->id, item->id, strlen(item->id) + 1);
	return true;
}

void marked_cases_drop(struct marked_cases *marks, const char *id)
{
	size_t at = find(marks, id);
	if (at == marks->count)
		return;
	memmove(&marks->items[at], &marks->items[at + 1], (marks->count - at - 1) * sizeof *marks->items);
	marks->count--;
}
