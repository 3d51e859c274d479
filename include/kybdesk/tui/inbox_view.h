/*
 * The first screen: inboxes and views on the left, the queue, and the preview of a case. Draws a struct inbox_view,
 * which borrows its parts. Pure, except that drawing sets `page`.
 */
#ifndef KYBDESK_TUI_INBOX_VIEW_H
#define KYBDESK_TUI_INBOX_VIEW_H

#include "kybdesk/tui/case_model.h"
#include "kybdesk/tui/queue.h"

/* Entries of the left pane: the inboxes in their order, then the views. */
size_t inbox_entries(const struct views *views);
/* The entry shown; inbox_entries() for a view that was deleted. */
size_t inbox_entry(const struct queue *queue, const struct views *views);

struct inbox_view {
	struct queue *queue;
	const struct views *views;
	const struct case_view *preview; /* NULL: none yet */
	bool inboxes_focused;
	bool slow;	     /* reading takes long: the list says so, and how to cancel */
	const char *problem; /* why the list could not be read, NULL none */
	size_t page;	     /* out: visible rows */
	bool away;	     /* an open case next to the list has the focus */
	bool nowhere;	     /* the open case is not in the list */
};
/* Title of the list: its inbox or view. */
const char *queue_title(const struct queue *queue);
/* Draws only the list and its title, next to an open case. */
void inbox_draw_list(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame);
void inbox_draw(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame);

#endif
