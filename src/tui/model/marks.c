#include "kybdesk/tui/marks.h"

#include <stdlib.h>
#include <string.h>

static void free_mark(struct mark *mark)
{
	free(mark->name);
	free(mark->reference);
}

void marks_release(struct marks *marks)
{
	for (size_t i = 0; i < marks->count; i++)
		free_mark(&marks->items[i]);
	free(marks->items);
	*marks = (struct marks){ 0 };
}

static size_t find(const struct marks *marks, const char *id)
{
	size_t at = 0;
	while (at < marks->count && strcmp(marks->items[at].id, id) != 0)
		at++;
	return at;
}

bool marks_has(const struct marks *marks, const char *id)
{
	return find(marks, id) < marks->count;
}

bool marks_add(struct marks *marks, const struct session_item *item)
{
	if (marks_has(marks, item->id))
		return true;
	if (marks->count == MARKS_MAX || strlen(item->id) >= UUID_TEXT_SIZE)
		return false;
	if (marks->count == marks->capacity) {
		marks->capacity = marks->capacity ? marks->capacity * 2 : 16;
		marks->items = xrealloc_array(marks->items, marks->capacity, sizeof *marks->items);
	}
	struct mark *mark = &marks->items[marks->count++];
	*mark = (struct mark){ .name = xstrdup(item->subject_name), .reference = xstrdup(item->external_ref) };
	memcpy(mark->id, item->id, strlen(item->id) + 1);
	return true;
}

void marks_drop(struct marks *marks, const char *id)
{
	size_t at = find(marks, id);
	if (at == marks->count)
		return;
	free_mark(&marks->items[at]);
	memmove(&marks->items[at], &marks->items[at + 1], (marks->count - at - 1) * sizeof *marks->items);
	marks->count--;
}
