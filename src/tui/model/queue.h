/*
 * The queue: one inbox or view with a filter and an order, as a window of at most LIST_WINDOW_PAGES pages around
 * the cursor, read by keyset from the start or from the end. The cursor follows its case by id, not by row. Pure:
 * the functions make requests and take responses; the caller sends the requests.
 */
#ifndef KYBDESK_TUI_QUEUE_H
#define KYBDESK_TUI_QUEUE_H

#include "kybdesk/domain/view.h"
#include "model/frame.h"
#include "model/grid.h"
#include "model/marks.h"
#include "jobs/job.h"

struct queue {
	enum inbox inbox; /* valid if the list is an inbox */
	bool in_view;
	char *view_name, *view_filter; /* copies of a view's name and filter; "" for an inbox */
	const char *empty_view_text;   /* constant: text of an empty view */
	struct strbuf filter;	       /* the typed filter; queue_check() has accepted it */
	char *filters[INBOX_COUNT];    /* filters of the other inboxes; NULL none */
	enum sort_key sort;
	enum sort_key inbox_sort;  /* a view has its own order; the inboxes share this one */
	const struct marks *marks; /* NULL: marking is not possible */
	struct job *shown;	   /* response with the window's rows */
	bool from_end;
	size_t first_page; /* number of the window's first page */
	char **starts;	   /* value of list_query.after for each page, up to the window's last page */
	size_t start_count, start_capacity;
	size_t cursor, top; /* rows of the window, as shown */
	size_t rows_shown;  /* visible rows; 0: not drawn yet */
	char cursor_id[UUID_TEXT_SIZE];
	uint64_t ticket; /* ticket of the expected response; older responses are dropped */
	bool waiting;
	bool searching;	   /* a partial response has arrived; the search continues */
	bool select_first; /* the next response puts the cursor on the first row */
	bool select_last;
};
void queue_init(struct queue *queue);
void queue_release(struct queue *queue);

size_t queue_count(const struct queue *queue); /* rows in the window */
const struct session_item *queue_item(const struct queue *queue, size_t row);
const struct session_item *queue_current(const struct queue *queue); /* NULL when empty */
/* Position among all matches, from 1; 0 unknown. */
int64_t queue_position(const struct queue *queue, size_t row);

/* Each function changes the list and makes the request for its new content; NULL if nothing has to be read. */
struct job *queue_reload(struct queue *queue);
struct job *queue_choose(struct queue *queue, enum inbox inbox, const struct view *view); /* view NULL: the inbox */
/* Checks a view's filter together with the typed text. Parses the typed text alone first, so that the position of a
 * fault refers to the typed text. ERR_INVALID also if both together are too long. */
enum err queue_check(const char *view_filter, const char *typed, struct error *error) KYB_MUST_USE;
/* Whether the typed filter has an id: the case with this id is then found in any inbox, and the view's filter is
 * ignored. */
bool queue_has_id_filter(const struct queue *queue);
/* The list in the filter language: inbox or view, and the typed filter. In the arena. */
char *queue_filter_text(const struct queue *queue, struct arena *arena);
struct job *queue_filter(struct queue *queue, const char *filter);
/* The position of the cursor, for queue_return(). */
struct queue_cursor {
	char id[UUID_TEXT_SIZE]; /* id of the case; "" none */
	size_t pages, row,
		top; /* `pages`: pages of the window; 0: the window does not begin at the start of the list */
};
struct queue_cursor queue_cursor(const struct queue *queue);
/* As queue_filter(), and puts the cursor on the case of `place` if the list still has this case. */
struct job *queue_return(struct queue *queue, const char *filter, const struct queue_cursor *place);
struct job *queue_sort(struct queue *queue); /* changes to the next sort order */
#define MOVE_ALL 1000000L		     /* rows to the last row; -MOVE_ALL: to the first row */
struct job *queue_move(struct queue *queue, long rows);
/* The request for all matches, up to MARKS_MAX. */
struct job *queue_new_match_job(const struct queue *queue);
/* The row of a case; queue_count() if the case is not in the window. */
size_t queue_row(const struct queue *queue, const char *id);
/* Moves the cursor to a case if the window has this case. */
void queue_follow(struct queue *queue, const char *id);
/* Cancels the request; keeps the rows that have arrived. */
void queue_cancel(struct queue *queue);
/* Whether only a part of the list was scanned, so that it may have more rows. */
bool queue_is_partial(const struct queue *queue);
/* Whether only the visible rows were read. The first read of another inbox stops after these rows for speed, since
 * each row is on a different page of the store; afterwards the inbox is reloaded whole. */
bool queue_has_more_rows(const struct queue *queue);
/* True: shows the response and takes ownership. False: the response is outdated, failed, or partial while the whole
 * list is shown; the caller keeps ownership. */
bool queue_take_response(struct queue *queue, struct job *answer);
/* Sets the query that finds the next case to open, as this list suggests. */
void queue_next_query(const struct queue *queue, struct arena *arena, struct list_query *query);

/* The visible rows as a grid, in the arena; columns that do not fit into the box are empty. */
struct grid queue_grid(const struct queue *queue, struct arena *arena, const struct frame *frame,
		       struct surface *surface, struct box box);
/* Marks, one sign each: held, snoozed or waiting, returned, has a note; "" none. The help explains them. */
#define MARK_HELD_BY_OTHER "o"
#define MARK_SNOOZED "z"
#define MARK_WAITING "w"
#define MARK_NOTED "m"
char *marks_text(struct arena *arena, const struct session_item *item, const struct frame *frame);

/*
 * The first screen: inboxes and views on the left, the queue, and the preview of a case. Draws a struct inbox_view,
 * which borrows its parts. Pure, except that drawing sets `page`.
 */
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
	bool case_focused;   /* an open case next to the list has the focus */
	bool not_in_list;    /* the open case is not in the list */
};
/* Title of the list: its inbox or view. */
const char *queue_title(const struct queue *queue);
/* Draws only the list and its title, next to an open case. */
void inbox_draw_list(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame);
void inbox_draw(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame);

#endif
