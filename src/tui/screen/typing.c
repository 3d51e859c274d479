/* While a filter is typed, the list shows the matches after each pause; Esc restores the previous list. Not for screen
 * readers, which would read each list aloud. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

#define TYPING_REST_MS 60

static bool is_filtered_list(const struct workbench *workbench)
{
	const struct typing *typing = &workbench->inbox.typing;
	const struct queue *queue = &workbench->inbox.queue;

	return typing->before && top_screen(workbench) == &inbox_screen && typing->inbox == queue->inbox &&
	       typing->in_view == queue->in_view && typing->changes == workbench->inbox.views_changed &&
	       (!queue->in_view || !strcmp(typing->view, queue->view_name));
}

void typing_begin(struct workbench *workbench)
{
	struct typing *typing = &workbench->inbox.typing;
	const struct queue *queue = &workbench->inbox.queue;

	typing_end(workbench);
	if (workbench->surface.still || top_screen(workbench) != &inbox_screen)
		return;
	typing->before = xstrdup(queue->filter.buf);
	typing->view = xstrdup(queue->view_name ? queue->view_name : "");
	typing->in_view = queue->in_view;
	typing->inbox = queue->inbox;
	typing->changes = workbench->inbox.views_changed;
	typing->place = queue_place(queue);
}

void typing_end(struct workbench *workbench)
{
	free(workbench->inbox.typing.before);
	free(workbench->inbox.typing.view);
	workbench->inbox.typing = (struct typing){ 0 };
}

void typing_changed(struct workbench *workbench)
{
	if (workbench->prompt.kind == PROMPT_FILTER && is_filtered_list(workbench))
		workbench->inbox.typing.at_ms = workbench_monotonic(workbench) + TYPING_REST_MS;
}

void typing_due(struct workbench *workbench)
{
	const struct prompt *prompt = &workbench->prompt;
	const char *text = prompt->editor.text.buf;
	struct error error = { 0 };

	workbench->inbox.typing.at_ms = 0;
	if (!prompt->open || prompt->kind != PROMPT_FILTER || !is_filtered_list(workbench) ||
	    !strcmp(text, workbench->inbox.queue.filter.buf))
		return;
	/* "risk>" is an incomplete filter: Enter reports the error. */
	if (!queue_check(workbench->inbox.queue.view_filter, text, &error)) {
		visits_release(&workbench->visits);
		inbox_request(workbench, queue_filter(&workbench->inbox.queue, text));
	}
	error_release(&error);
}

void typing_cancelled(struct workbench *workbench)
{
	struct typing *typing = &workbench->inbox.typing;

	typing->at_ms = 0;
	if (is_filtered_list(workbench) && strcmp(typing->before, workbench->inbox.queue.filter.buf) != 0)
		inbox_request(workbench, queue_return(&workbench->inbox.queue, typing->before, &typing->place));
}
