#include "kybdesk/tui/walk.h"

#include "kybdesk/base/arena.h"

#include <stdlib.h>
#include <string.h>

void walk_release(struct walk *walk)
{
	free(walk->ids);
	*walk = (struct walk){ 0 };
}

void walk_at(struct walk *walk, const char *id)
{
	if (strlen(id) >= UUID_TEXT_SIZE)
		return;
	for (size_t i = 0; i < walk->count; i++) {
		if (strcmp(walk->ids[i], id) != 0)
			continue;
		walk->at = i;
		return;
	}
	if (walk->count == walk->capacity) {
		walk->capacity = walk->capacity ? walk->capacity * 2 : 16;
		walk->ids = xrealloc_array(walk->ids, walk->capacity, sizeof *walk->ids);
	}
	memcpy(walk->ids[walk->count], id, strlen(id) + 1);
	walk->at = walk->count++;
}

const char *walk_forward(struct walk *walk)
{
	return walk->at + 1 < walk->count ? walk->ids[++walk->at] : NULL;
}

const char *walk_backward(struct walk *walk)
{
	return walk->at && walk->count ? walk->ids[--walk->at] : NULL;
}
