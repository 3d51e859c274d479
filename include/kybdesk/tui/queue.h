/*
 * The queue: one inbox or view under a filter, in an order, as a window of at
 * most LIST_WINDOW_PAGES pages around the cursor, read by keyset from the
 * start or from the end. The cursor follows its case by id, not its row.
 * Pure: it makes requests and takes answers; somebody else carries them.
 */
#ifndef KYBDESK_TUI_QUEUE_H
#define KYBDESK_TUI_QUEUE_H

#include "kybdesk/domain/view.h"
#include "kybdesk/tui/frame.h"
#include "kybdesk/tui/grid.h"
#include "kybdesk/tui/marks.h"
#include "kybdesk/tui/job.h"

struct queue {
	enum inbox inbox; /* of a list that is an inbox */
	bool in_view;
	char *view_name, *view_filter; /* of a view: copies; "" of an inbox */
	const char *view_nothing;      /* constant: what an empty one says */
	struct strbuf filter;	       /* as typed, valid */
	char *filters[INBOX_COUNT];    /* of the inboxes that are not shown; NULL none */
	enum sort_key sort;
	enum sort_key inbox_sort;  /* a view has its own order; the inboxes keep theirs */
	const struct marks *marks; /* NULL: nothing can be marked */
	struct job *shown;	   /* the window's answer */
	bool from_end;
	size_t first_page; /* of the window */
	char **starts;	   /* cursor of each page up to the window's last one */
	size_t start_count, start_capacity;
	size_t cursor, top; /* rows of the window, as shown */
	size_t rows_shown;  /* at once; 0: it has not been drawn yet */
	char cursor_id[UUID_TEXT_SIZE];
	uint64_t ticket; /* of the answer that is awaited; older ones are dropped */
	bool waiting;
	bool searching; /* a part of the answer has come, and the rest is being looked for */
	bool to_first;	/* the next answer puts the cursor on its first row */
	bool to_last;
};
void queue_init(struct queue *queue);
void queue_release(struct queue *queue);

size_t queue_count(const struct queue *queue); /* rows in the window */
const struct session_item *queue_item(const struct queue *queue, size_t row);
const struct session_item *queue_current(const struct queue *queue); /* NULL when empty */
/* Place among all that match, from 1; 0 when it can't be known. */
int64_t queue_position(const struct queue *queue, size_t row);

/* Each makes the request that shows what is asked for; NULL when nothing has to be read. */
struct job *queue_reload(struct queue *queue);
struct job *queue_choose(struct queue *queue, enum inbox inbox);
struct job *queue_choose_view(struct queue *queue, const struct view *view);
/* What is typed is read first, so that a mistake in it is told by its own place. ERR_INVALID also when the two together are too long. */
enum err queue_check(const char *view_filter, const char *typed, struct error *error) KYB_MUST_USE;
/* What the list shows now, in the filter language: inbox or view, and what was typed. In the arena. */
char *queue_filter_text(const struct queue *queue, struct arena *arena);
struct job *queue_filter(struct queue *queue, const char *filter);
struct job *queue_sort(struct queue *queue); /* the next order */
struct job *queue_move(struct queue *queue, long rows);
struct job *queue_to(struct queue *queue, bool last);
/* Everything that it matches, as far as MARKS_MAX. */
struct job *queue_matching(const struct queue *queue);
/* The row of a case; queue_count() when it is not in the window. */
size_t queue_row(const struct queue *queue, const char *id);
/* The cursor goes to a case of the window, where it is one. */
void queue_follow(struct queue *queue, const char *id);
/* What is asked for is not wanted any more: what has come of it stays. */
void queue_give_up(struct queue *queue);
/* Not all of the list was looked at: there may be more than it shows. */
bool queue_is_partial(const struct queue *queue);
/* Of another inbox come first as many rows as are shown, since each lies on pages of its own of the store; then it is
 * reloaded whole. */
bool queue_is_begun(const struct queue *queue);
/* True: it is shown, and the queue's. False when it was for an older question or failed: it stays the caller's; so does a part of an
 * answer where all of the same list is shown, which would lose rows for a moment. */
bool queue_answer(struct queue *queue, struct job *answer);
/* What `next` and its query mean here. */
void queue_next_query(const struct queue *queue, struct arena *arena, struct list_query *query);

/* The visible rows as a grid in the arena. */
void queue_grid(const struct queue *queue, struct arena *arena, const struct frame *frame, size_t from,
		size_t count, struct grid *grid);
/* Held, snoozed or waiting, returned, noted: a sign for each, "" none; help says what each means. */
#define MARK_HELD_BY_OTHER "o"
#define MARK_SNOOZED "z"
#define MARK_WAITING "w"
#define MARK_NOTED "m"
char *marks_text(struct arena *arena, const struct session_item *item, const struct frame *frame);
const char *queue_sort_title(enum sort_key sort);
/* "2h", "!" … of one row; in the arena. */

#endif
