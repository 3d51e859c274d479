#include "kybdesk/tui/visits.h"

#include "kybdesk/base/arena.h"

#include <stdlib.h>
#include <string.h>

void visits_release(struct visits *visits)
{
	free(visits->ids);
	*visits = (struct visits){ 0 };
}

void visits_set_current(struct visits *visits, const char *id)
{
	if (strlen(id) >= UUID_TEXT_SIZE)
		return;
	for (size_t i = 0; i < visits->count; i++) {
		if (strcmp(visits->ids[i], id) != 0)
			continue;
		visits->at = i;
		return;
	}
	if (visits->count == visits->capacity) {
		visits->capacity = visits->capacity ? visits->capacity * 2 : 16;
		visits->ids = xrealloc_array(visits->ids, visits->capacity, sizeof *visits->ids);
	}
	memcpy(visits->ids[visits->count], id, strlen(id) + 1);
	visits->at = visits->count++;
}

const char *visits_forward(struct visits *visits)
{
	return visits->at + 1 < visits->count ? visits->ids[++visits->at] : NULL;
}

const char *visits_backward(struct visits *visits)
{
	return visits->at && visits->count ? visits->ids[--visits->at] : NULL;
}
