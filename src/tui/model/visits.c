#include "model/visits.h"

#include <string.h>

void visits_release(struct visits *visits)
{
	arena_release(&visits->arena);
	*visits = (struct visits){ 0 };
}

void visits_set_current(struct visits *visits, const char *id)
{
	if (strlen(id) >= UUID_TEXT_SIZE)
		return;
	for (size_t i = 0; i < visits->count; i++) {
		if (strcmp(visits->ids[i], id) != 0)
			continue;
		visits->current_index = i;
		return;
	}
	visits->current_index = visits->count;
	memcpy(ARENA_PUSH(&visits->arena, visits->ids, visits->count, visits->capacity), id, strlen(id) + 1);
}

const char *visits_move(struct visits *visits, bool forward)
{
	if (forward ? visits->current_index + 1 >= visits->count : !visits->current_index)
		return NULL;
	visits->current_index = forward ? visits->current_index + 1 : visits->current_index - 1;
	return visits->ids[visits->current_index];
}
