#include "model/queue.h"

#include <stdlib.h>
#include <string.h>

#define READ_AHEAD_ROWS 150 /* if the cursor is closer to the window's edge, the next window is requested */
#define FIRST_READ_ROWS 50  /* rows of the first read, if the number of visible rows is not known yet */

void queue_init(struct queue *queue)
{
	*queue = (struct queue){ .inbox = INBOX_MANUAL_REVIEW,
				 .view_name = xstrdup(""),
				 .view_filter = xstrdup(""),
				 .empty_view_text = "" };
	strbuf_init(&queue->filter);
}

static void clear_page_starts(struct queue *queue)
{
	for (size_t i = 0; i < queue->start_count; i++)
		free(queue->page_starts[i]);
	queue->start_count = 0;
}

void queue_release(struct queue *queue)
{
	job_free(queue->shown_response);
	clear_page_starts(queue);
	free(queue->page_starts);
	free(queue->view_name);
	free(queue->view_filter);
	for (size_t i = 0; i < INBOX_COUNT; i++)
		free(queue->inbox_filters[i]);
	strbuf_release(&queue->filter);
	*queue = (struct queue){ 0 };
	strbuf_init(&queue->filter);
}

static void set_page_start(struct queue *queue, size_t page, const char *after)
{
	if (page > queue->start_count)
		BUG("page %zu is set before page %zu", page, queue->start_count);
	HEAP_RESERVE(queue->page_starts, page, queue->start_capacity);
	if (page == queue->start_count)
		queue->start_count++;
	else
		free(queue->page_starts[page]);
	queue->page_starts[page] = xstrdup(after);
}

size_t queue_row_count(const struct queue *queue)
{
	size_t count = 0;
	for (size_t i = 0; queue->shown_response && i < queue->shown_response->page_count; i++)
		count += queue->shown_response->page[i].page.count;
	return count;
}

const struct session_item *queue_item(const struct queue *queue, size_t row)
{
	size_t count = queue_row_count(queue);
	if (row >= count)
		return NULL;
	size_t at = queue->reads_from_end ? count - 1 - row : row;
	for (size_t i = 0; i < queue->shown_response->page_count; i++) {
		if (at < queue->shown_response->page[i].page.count)
			return &queue->shown_response->page[i].page.items[at];
		at -= queue->shown_response->page[i].page.count;
	}
	return NULL;
}

const struct session_item *queue_current_item(const struct queue *queue)
{
	return queue_item(queue, queue->cursor);
}

int64_t queue_position(const struct queue *queue, size_t row)
{
	size_t count = queue_row_count(queue);
	if (row >= count)
		return 0;
	int64_t before = (int64_t)(queue->first_page * LIST_PAGE_ROWS);
	if (!queue->reads_from_end)
		return before + (int64_t)row + 1;
	if (queue->shown_response->total < 0 || queue->shown_response->is_total_capped)
		return 0;
	return queue->shown_response->total - before - (int64_t)(count - 1 - row);
}

bool queue_has_id_filter(const struct queue *queue)
{
	struct arena arena = ARENA_INIT;
	struct filter filter;
	bool named = false;

	if (filter_parse(&arena, queue->filter.buf, &filter, NULL))
		filter = (struct filter){ 0 };
	for (size_t i = 0; i < filter.count; i++)
		named |= filter.terms[i].key == FILTER_ID && !filter.terms[i].negated;
	arena_release(&arena);
	return named;
}

static void make_view_query(const struct queue *queue, struct arena *arena, struct list_query *query)
{
	*query = (struct list_query){ .sort = queue->sort,
				      .after = "",
				      .limit = LIST_PAGE_ROWS,
				      .use_short_titles = true,
				      .with_alerts = !queue->shows_view };
	bool everywhere = queue_has_id_filter(queue);
	if (!queue->shows_view && !everywhere)
		query->inboxes = 1u << queue->inbox;
	char *text = arena_printf(arena, "%s %s", queue->filter.buf, everywhere ? "" : queue->view_filter);
	/* Does not happen, since queue_validate_filter() has accepted the filter */
	if (filter_parse(arena, text, &query->filter, NULL))
		query->filter = (struct filter){ 0 };
}

void queue_make_next_query(const struct queue *queue, struct arena *arena, struct list_query *query)
{
	make_view_query(queue, arena, query);
	query->sort = SORT_DUE;
	unsigned open = 1u << INBOX_MANUAL_REVIEW | 1u << INBOX_COMPLETED;
	if (query->inboxes & open)
		query->inboxes &= open;
	else if (!queue->filter.len) /* 0: the next case is from any inbox with open work */
		query->inboxes = 0;
}

static struct job *make_window_request(struct queue *queue, size_t first_page, size_t pages)
{
	struct job *job = job_new(JOB_LIST);
	make_view_query(queue, &job->arena, &job->query);
	job->query.reverse = queue->reads_from_end;
	job->after = arena_strdup(&job->arena, first_page < queue->start_count ? queue->page_starts[first_page] : "");
	job->requested_page_count = pages;
	job->ticket = ++queue->ticket;
	job->first_page = first_page;
	queue->waiting = true;
	queue->is_searching = false;
	return job;
}

/* Row limit of the first read; 0: no limit. A filtered list has no limit, since it is searched only once, and shows
 * each match as it arrives. */
static size_t first_read_limit(const struct queue *queue)
{
	size_t rows = queue->rows_shown ? queue->rows_shown : FIRST_READ_ROWS;
	return queue->shows_view || queue->filter.len || rows >= LIST_PAGE_ROWS ? 0 : rows;
}

static struct job *make_edge_request(struct queue *queue, bool last)
{
	clear_page_starts(queue);
	queue->reads_from_end = last;
	queue->selects_first_row = !last;
	queue->selects_last_row = last;
	struct job *job = make_window_request(queue, 0, 1);
	job->row_limit = first_read_limit(queue);
	return job;
}

struct job *queue_reload(struct queue *queue)
{
	/* While a jump to the first or last row waits for its response, `shown_response` is still an older response,
	 * and the page positions of this older response were dropped. */
	if (queue->selects_first_row || queue->selects_last_row || !queue->shown_response)
		return make_edge_request(queue, queue->selects_last_row);
	size_t pages = queue->shown_response->page_count;
	return make_window_request(queue, queue->first_page, pages ? pages : 1);
}

static void set_view(struct queue *queue, const char *name, const char *filter)
{
	free(queue->view_name);
	free(queue->view_filter);
	queue->view_name = xstrdup(name);
	queue->view_filter = xstrdup(filter);
}

/* The typed filter of an inbox is kept for this inbox; the typed filter of a view is dropped when another list is
 * chosen. */
static void save_list_filter(struct queue *queue)
{
	if (!queue->shows_view) {
		free(queue->inbox_filters[queue->inbox]);
		queue->inbox_filters[queue->inbox] = xstrdup(queue->filter.buf);
	}
	strbuf_reset(&queue->filter);
}

struct job *queue_select_list(struct queue *queue, enum inbox inbox, const struct view *view)
{
	save_list_filter(queue);
	queue->shows_view = view;
	set_view(queue, view ? view->name : "", view ? view->filter : "");
	if (view) {
		queue->empty_view_text = view->empty_text;
	} else {
		if (queue->inbox_filters[inbox])
			strbuf_adds(&queue->filter, queue->inbox_filters[inbox]);
		queue->inbox = inbox;
	}
	queue->sort = view ? view->sort : queue->inbox_sort;
	return make_edge_request(queue, false);
}

enum err queue_validate_filter(const char *view_filter, const char *typed, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct filter filter;
	enum err err = filter_parse(&arena, arena_printf(&arena, "%s %s", typed, view_filter), &filter, error);
	arena_release(&arena);
	return err;
}

char *queue_filter_text(const struct queue *queue, struct arena *arena)
{
	const char *typed = queue->filter.buf, *gap = *typed ? " " : "";
	if (queue_has_id_filter(queue))
		return arena_strdup(arena, typed);
	if (queue->shows_view)
		return arena_printf(arena, "%s%s%s", queue->view_filter, gap, typed);
	return arena_printf(arena, "inbox:%s%s%s", inbox_text(queue->inbox), gap, typed);
}

struct job *queue_set_filter(struct queue *queue, const char *filter)
{
	strbuf_reset(&queue->filter);
	strbuf_adds(&queue->filter, filter);
	return make_edge_request(queue, false);
}

struct queue_cursor queue_cursor(const struct queue *queue)
{
	struct queue_cursor place = { .row = queue->cursor, .top = queue->top };
	const struct session_item *item = queue_current_item(queue);

	if (item && strlen(item->id) < sizeof place.id)
		memcpy(place.id, item->id, strlen(item->id) + 1);
	if (queue->shown_response && !queue->reads_from_end && !queue->first_page)
		place.page_count = queue->shown_response->page_count;
	return place;
}

struct job *queue_restore_cursor(struct queue *queue, const char *filter, const struct queue_cursor *place)
{
	struct job *job = queue_set_filter(queue, filter);

	if (!place->page_count || !place->id[0])
		return job;
	job->requested_page_count = place->page_count;
	job->row_limit = 0;
	queue->selects_first_row = false;
	queue->cursor = place->row;
	queue->top = place->top;
	memcpy(queue->cursor_id, place->id, sizeof queue->cursor_id);
	return job;
}

struct job *queue_use_next_sort(struct queue *queue)
{
	queue->sort = queue->sort == SORT_NAME ? SORT_DUE : (enum sort_key)(queue->sort + 1);
	if (!queue->shows_view)
		queue->inbox_sort = queue->sort;
	return make_edge_request(queue, false);
}

static void remember_cursor(struct queue *queue)
{
	const struct session_item *item = queue_current_item(queue);
	queue->cursor_id[0] = '\0';
	if (item && strlen(item->id) < sizeof queue->cursor_id)
		memcpy(queue->cursor_id, item->id, strlen(item->id) + 1);
}

/* If the cursor is near an edge of the window, and the list continues beyond this edge, requests a window that is
 * extended or moved by one page. */
static struct job *read_ahead(struct queue *queue)
{
	size_t count = queue_row_count(queue);
	if (!queue->shown_response || queue->waiting)
		return NULL;
	/* Row of the cursor in the order in which the rows were read */
	size_t at = queue->reads_from_end ? count - 1 - queue->cursor : queue->cursor;
	const struct job *shown = queue->shown_response;
	bool more = shown->page_count && shown->page[shown->page_count - 1].page.next[0];
	if (more && count - at <= READ_AHEAD_ROWS) {
		bool full = shown->page_count == LIST_WINDOW_PAGES;
		return make_window_request(queue, queue->first_page + (full ? 1 : 0),
					   full ? LIST_WINDOW_PAGES : shown->page_count + 1);
	}
	if (queue->first_page && at < READ_AHEAD_ROWS)
		return make_window_request(queue, queue->first_page - 1, LIST_WINDOW_PAGES);
	return NULL;
}

static struct job *move_to_end(struct queue *queue, bool last)
{
	size_t count = queue_row_count(queue);
	const struct job *shown = queue->shown_response;
	bool start_seen = !queue->first_page, end_seen = shown && !shown->partial && shown->page_count &&
							 !shown->page[shown->page_count - 1].page.next[0];
	if (queue->reads_from_end) {
		bool seen = start_seen;
		start_seen = end_seen;
		end_seen = seen;
	}
	if (last ? !end_seen : !start_seen)
		return make_edge_request(queue, last);
	queue->cursor = last && count ? count - 1 : 0;
	remember_cursor(queue);
	return NULL;
}

struct job *queue_move(struct queue *queue, long rows)
{
	size_t count = queue_row_count(queue);
	if (rows == MOVE_ALL || rows == -MOVE_ALL)
		return move_to_end(queue, rows > 0);
	if (!count)
		return NULL;
	queue->cursor = clamp_move(queue->cursor, rows, count);
	remember_cursor(queue);
	return read_ahead(queue);
}

struct job *queue_new_match_job(const struct queue *queue)
{
	struct job *job = job_new(JOB_FIND_MATCHES);
	make_view_query(queue, &job->arena, &job->query);
	return job;
}

size_t queue_find_row(const struct queue *queue, const char *id)
{
	size_t count = queue_row_count(queue), row = 0;
	while (row < count && strcmp(queue_item(queue, row)->id, id) != 0)
		row++;
	return row;
}

void queue_select(struct queue *queue, const char *id)
{
	size_t row = queue_find_row(queue, id);
	if (row == queue_row_count(queue))
		return;
	queue->cursor = row;
	remember_cursor(queue);
}

static void restore_cursor_row(struct queue *queue, size_t old_row, size_t old_top)
{
	size_t count = queue_row_count(queue);
	if (queue->selects_first_row || queue->selects_last_row) {
		queue->cursor = queue->selects_last_row ? sub_sat(count, 1) : 0;
		queue->top = 0;
		if (count || !queue->shown_response->partial)
			queue->selects_first_row = queue->selects_last_row = false;
	} else {
		size_t row = queue->cursor_id[0] ? queue_find_row(queue, queue->cursor_id) : count;
		queue->cursor = row < count ? row : old_row < count ? old_row : sub_sat(count, 1);
		/* The cursor keeps its row on the screen; the list scrolls instead. */
		queue->top = sub_sat(queue->cursor, sub_sat(old_row, old_top));
	}
	remember_cursor(queue);
}

bool queue_is_partial(const struct queue *queue)
{
	return queue->shown_response && queue->shown_response->partial;
}

bool queue_has_more_rows(const struct queue *queue)
{
	const struct job *shown = queue->shown_response;
	return shown && shown->row_limit && shown->page_count && shown->page[0].page.next[0];
}

void queue_cancel_reading(struct queue *queue)
{
	queue->ticket++; /* a response with an older ticket is dropped */
	queue->waiting = queue->is_searching = false;
	if (queue->shown_response)
		/* Makes queue_has_more_rows() false, so that the missing rows are not requested */
		queue->shown_response->row_limit = 0;
}

/* Whether the partial response has more rows of this list than the screen shows: the screen shows another list, or an
 * earlier part of the same search. */
static bool shows_more_rows(const struct queue *queue, const struct job *response)
{
	return !queue->shown_response || queue->selects_first_row || queue->selects_last_row ||
	       queue->shown_response->ticket == response->ticket;
}

bool queue_take_response(struct queue *queue, struct job *response)
{
	if (response->ticket != queue->ticket)
		return false;
	queue->waiting = queue->is_searching = response->partial;
	if (response->status || (response->partial && !shows_more_rows(queue, response)))
		return false;
	size_t old_row = queue->cursor, old_top = queue->top;
	job_free(queue->shown_response);
	queue->shown_response = response;
	queue->first_page = response->first_page;
	for (size_t i = 0; i < response->page_count; i++)
		set_page_start(queue, queue->first_page + i, response->page[i].after);
	restore_cursor_row(queue, old_row, old_top);
	return true;
}
