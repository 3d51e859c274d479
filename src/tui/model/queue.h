/* The queue: one inbox or view, with a filter and a sort order. The queue holds a window of at most
 * LIST_WINDOW_PAGES pages around the cursor, read by keyset from the start or from the end of the list. If rows
 * change, the cursor stays on its case, which it finds by id. Pure: the functions make requests and take responses;
 * the caller sends the requests. */
#ifndef KYBDESK_TUI_QUEUE_H
#define KYBDESK_TUI_QUEUE_H

#include "kybdesk/domain/view.h"
#include "model/frame.h"
#include "model/grid.h"
#include "model/marks.h"
#include "jobs/job.h"

struct queue {
	enum inbox inbox; /* valid unless the list is a view */
	bool shows_view;
	char *view_name, *view_filter; /* copies of a view's name and filter; "" for an inbox */
	const char *empty_view_text;   /* constant: text shown if the view has no cases */
	struct strbuf filter;	       /* the filter that the reviewer typed; queue_validate_filter() has accepted it */
	char *inbox_filters[INBOX_COUNT]; /* typed filters of the inboxes that are not shown; NULL none */
	enum sort_key sort;
	enum sort_key inbox_sort;	  /* the sort order that all inboxes share; a view has its own order */
	const struct marks *marked_cases; /* the marked cases; NULL: cases cannot be marked */
	struct job *shown_response;	  /* the response that has the window's rows */
	bool reads_from_end;
	size_t first_page;  /* number of the window's first page */
	char **page_starts; /* value of list_query.after for each page, up to the window's last page */
	size_t start_count, start_capacity;
	size_t cursor, top; /* cursor and first visible row, as indexes of the window's rows */
	size_t rows_shown;  /* number of visible rows; 0: the list was not drawn yet */
	char cursor_id[UUID_TEXT_SIZE];
	uint64_t ticket; /* ticket of the expected response; older responses are dropped */
	bool waiting;
	bool is_searching;	/* a partial response has arrived; the search continues */
	bool selects_first_row; /* the next response puts the cursor on the first row */
	bool selects_last_row;
};
void queue_init(struct queue *queue);
void queue_release(struct queue *queue);

size_t queue_row_count(const struct queue *queue); /* number of rows in the window */
const struct session_item *queue_item(const struct queue *queue, size_t row);
/* The case under the cursor; NULL: the window has no rows */
const struct session_item *queue_current_item(const struct queue *queue);
/* Position of the row among all cases of the list, from 1; 0 unknown. */
int64_t queue_position(const struct queue *queue, size_t row);

/* A function below that returns a job changes the list, and returns the request for the list's new rows, unless its
 * comment says otherwise. NULL: no rows need to be read. */
struct job *queue_reload(struct queue *queue);
/* Chooses the view; view NULL: chooses the inbox */
struct job *queue_select_list(struct queue *queue, enum inbox inbox, const struct view *view);
/* Checks a view's filter together with the typed text. The typed text comes first, so that the position of a fault
 * in it refers to the typed text. ERR_INVALID: one text has a fault, or both texts together are too long. */
enum err queue_validate_filter(const char *view_filter, const char *typed, struct error *error);
/* Whether the typed filter has an id. The list then searches the case with this id in all inboxes, and ignores the
 * view's filter. */
bool queue_has_id_filter(const struct queue *queue);
/* The list as a text in the filter language: the inbox or view, and the typed filter. The text is in the arena. */
char *queue_filter_text(const struct queue *queue, struct arena *arena);
struct job *queue_set_filter(struct queue *queue, const char *filter);
/* The position of the cursor, for queue_restore_cursor(). */
struct queue_cursor {
	char id[UUID_TEXT_SIZE]; /* id of the case; "" none */
	size_t page_count; /* number of pages of the window; 0: the window does not begin at the start of the list */
	size_t row, top;
};
struct queue_cursor queue_cursor(const struct queue *queue);
/* Sets the filter as queue_set_filter() does; the response then puts the cursor on the case of `place`, if the list
 * still has this case, or on the first row if place->page_count is 0. */
struct job *queue_restore_cursor(struct queue *queue, const char *filter, const struct queue_cursor *place);
struct job *queue_use_next_sort(struct queue *queue); /* changes to the next sort order */
#define MOVE_ALL 1000000L /* as `rows`, moves to the last row; -MOVE_ALL moves to the first row */
struct job *queue_move(struct queue *queue, long rows);
/* The request for all cases of the list, at most MARKS_MAX. */
struct job *queue_new_match_job(const struct queue *queue);
/* The row of a case in the window; queue_row_count(): the window does not have the case. */
size_t queue_find_row(const struct queue *queue, const char *id);
/* Moves the cursor to a case if the window has this case. */
void queue_select(struct queue *queue, const char *id);
/* Cancels the running request of the list; the rows that have arrived stay. */
void queue_cancel_reading(struct queue *queue);
/* Whether the search has not scanned all cases, so that the list may have more rows. */
bool queue_is_partial(const struct queue *queue);
/* Whether only the first rows of an inbox were read, as many as are visible. The first read of an inbox stops after
 * these rows to be fast, since each row is on a different page of the store. After the first frame, the caller must
 * reload the inbox to get the other rows. */
bool queue_has_more_rows(const struct queue *queue);
/* True: the queue shows the response and takes ownership. False: the response is outdated, has an error, or is
 * partial while the whole list is already shown; the caller keeps ownership. */
bool queue_take_response(struct queue *queue, struct job *response);
/* Fills the query that finds the next case to open: within the inbox or view and the filter of this list, the most
 * urgent case first. For an inbox without open work and without a filter: within the inboxes with open work. */
void queue_make_next_query(const struct queue *queue, struct arena *arena, struct list_query *query);

/* The visible rows as a grid, in the arena. Columns that do not fit into the box have no texts. */
struct grid queue_grid(const struct queue *queue, struct arena *arena, const struct frame *frame,
		       struct surface *surface, struct box box);
/* The marks of a case, one character each, for: held; snoozed or waiting; returned; has a note. "": the case has no
 * marks. The help explains the marks. */
#define MARK_HELD_BY_OTHER "o"
#define MARK_SNOOZED "z"
#define MARK_WAITING "w"
#define MARK_NOTED "m"
char *marks_text(struct arena *arena, const struct session_item *item, const struct frame *frame);

/* The first screen: inboxes and views on the left, the queue, and the preview of a case. inbox_draw() draws a struct
 * inbox_view, which borrows its parts. Pure, except that drawing sets `visible_row_count` and scrolls the queue. */
/* Number of entries in the left pane: first the inboxes, then the views. */
size_t inbox_entry_count(const struct views *views);
/* Index of the entry that the queue shows; inbox_entry_count(): a view that was deleted. */
size_t inbox_entry_index(const struct queue *queue, const struct views *views);

struct inbox_view {
	struct queue *queue;
	const struct views *views;
	const struct case_view *preview; /* the case to preview; NULL: not read yet */
	bool is_inbox_pane_focused;
	bool is_reading_slow;	  /* reading the list takes long: the title says so, and names the key that cancels */
	const char *problem;	  /* why the list could not be read, NULL none */
	size_t visible_row_count; /* out: number of visible rows */
	bool is_case_focused;	  /* an open case next to the list has the focus */
	bool is_case_not_in_list; /* the open case is not in the list */
};
/* Title of the list: the name of its inbox or view. */
const char *queue_title(const struct queue *queue);
/* Draws only the list with its title, for the pane next to an open case. */
void inbox_draw_list(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame);
void inbox_draw(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame);

#endif
