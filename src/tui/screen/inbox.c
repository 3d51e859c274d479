/* The first screen: the inboxes and the list of cases. */
#include "workbench.h"

#include <string.h>

void inbox_request(struct workbench *workbench, struct job *job)
{
	if (!job)
		return;
	workbench->inbox.requested_ms = workbench_monotonic(workbench);
	workbench->stale &= ~(unsigned)STALE_LIST; /* the current list is read */
	reader_request(workbench->reader, job);
}

bool inbox_continue_search(struct workbench *workbench)
{
	struct queue *queue = &workbench->inbox.queue;
	if (!queue_is_begun(queue) || queue->waiting || workbench->inbox.problem)
		return false;
	inbox_request(workbench, queue_reload(queue));
	return true;
}

void inbox_choose(struct workbench *workbench, size_t entry)
{
	const struct views *views = &workbench->inbox.views;
	struct queue *queue = &workbench->inbox.queue;
	struct error error = { 0 };
	if (entry >= inbox_entries(views))
		return;
	visits_release(&workbench->visits); /* visits belong to the previous list */
	const struct view *view = entry < INBOX_COUNT ? NULL : &views->items[entry - INBOX_COUNT];
	if (!view)
		inbox_request(workbench, queue_choose(queue, (enum inbox)entry));
	else if (!queue_check(view->filter, "", &error))
		inbox_request(workbench, queue_choose_view(queue, view));
	else
		REPORT_BAD(workbench, "%s: %s", view->name, error.message);
	error_release(&error);
}

static void move_entry(struct workbench *workbench, bool forward)
{
	size_t entries = inbox_entries(&workbench->inbox.views);
	size_t entry = inbox_entry(&workbench->inbox.queue, &workbench->inbox.views);
	inbox_choose(workbench, (entry + (forward ? 1 : entries - 1)) % entries);
}

/* Moves in the list of inboxes, which has no pages. */
static void move_entries(struct workbench *workbench, long rows)
{
	if (rows == 1 || rows == -1)
		move_entry(workbench, rows > 0);
	else if (rows == MOVE_ALL || rows == -MOVE_ALL)
		inbox_choose(workbench, rows < 0 ? 0 : inbox_entries(&workbench->inbox.views) - 1);
}

void inbox_move(struct workbench *workbench, long rows)
{
	struct queue *queue = &workbench->inbox.queue;
	if (workbench->inbox.view.inboxes_focused) {
		move_entries(workbench, rows);
		return;
	}
	if (rows == MOVE_ALL || rows == -MOVE_ALL)
		inbox_request(workbench, queue_to(queue, rows > 0));
	else
		inbox_request(workbench, queue_move(queue, rows));
	preview_schedule(workbench);
}

static void inbox_open_selected(struct workbench *workbench)
{
	const struct session_item *item = queue_current(&workbench->inbox.queue);
	if (workbench->inbox.view.inboxes_focused)
		workbench->inbox.view.inboxes_focused = false;
	else if (item)
		case_open(workbench, item->id, item->subject_name, false);
	else
		REPORT(workbench, "No case here");
}

void inbox_apply_filter(struct workbench *workbench)
{
	struct error error = { 0 };
	const char *text = workbench->prompt.editor.text.buf;
	if (queue_check(workbench->inbox.queue.view_filter, text, &error)) {
		prompt_refuse(&workbench->prompt, error.message);
	} else {
		prompt_history_add(&workbench->history, text);
		typing_end(workbench);
		/* If the list was filtered during typing, it has this filter already. */
		if (strcmp(text, workbench->inbox.queue.filter.buf) != 0 || workbench->stack.count) {
			visits_release(&workbench->visits);
			inbox_request(workbench, queue_filter(&workbench->inbox.queue, text));
		}
		workbench->inbox.view.inboxes_focused = false;
		prompt_close(&workbench->prompt);
		case_close_all(workbench); /* a filter entered in a case shows the list */
	}
	error_release(&error);
}

static const char *value_of(const struct session_item *item, enum filter_key key)
{
	switch ((int)key) {
	case FILTER_MERCHANT:
		return item->merchant;
	case FILTER_COUNTRY:
		return item->country;
	case FILTER_WORKFLOW:
		return item->workflow;
	case FILTER_ASSIGNEE:
		return item->assignee;
	case FILTER_LEVEL:
		return item->level;
	default:
		return "";
	}
}

/* Suggests values for a filter: the values of the cases that the list has read. */
static size_t shown_values(void *context, enum filter_key key, const char *values[], size_t most)
{
	const struct queue *queue = &((const struct workbench *)context)->inbox.queue;
	size_t count = 0;

	for (size_t row = 0; row < queue_count(queue) && count < most; row++)
		values[count++] = value_of(queue_item(queue, row), key);
	return count;
}

void inbox_filter(struct workbench *workbench, const struct order *order)
{
	typing_begin(workbench);
	prompt_open(&workbench->prompt, PROMPT_FILTER, "filter: ", order->argument, &workbench->history);
	workbench->prompt.values = shown_values;
	workbench->prompt.context = workbench;
	prompt_offer(&workbench->prompt, workbench->inbox.queue.filter.buf);
	if (order->argument[0])
		inbox_apply_filter(workbench);
}

void inbox_sort(struct workbench *workbench)
{
	inbox_request(workbench, queue_sort(&workbench->inbox.queue));
}

/* The first screen is always on. */
static bool inbox_on(const struct workbench *workbench)
{
	(void)workbench;
	return true;
}

struct inbox_view *inbox_prepare(struct workbench *workbench)
{
	struct inbox_view *view = &workbench->inbox.view;
	view->queue = &workbench->inbox.queue;
	view->views = &workbench->inbox.views;
	view->preview = preview_shown(workbench);
	view->problem = workbench->inbox.problem;
	view->away = view->nowhere = false;
	return view;
}

static void inbox_paint(struct workbench *workbench, struct surface *surface, struct box box)
{
	inbox_draw(inbox_prepare(workbench), surface, box, &workbench->frame);
}

static void inbox_bar(struct workbench *workbench, struct bar_state *state)
{
	const struct session_item *item = queue_current(&workbench->inbox.queue);
	state->bar = workbench->inbox.view.inboxes_focused ? BAR_INBOXES : item ? BAR_INBOX : BAR_INBOX_EMPTY;
	state->decided = item && status_is_decided(item->status);
}

size_t inbox_page(const struct workbench *workbench)
{
	return workbench->inbox.view.page;
}

static void inbox_pane(struct workbench *workbench, bool forward)
{
	(void)forward;
	workbench->inbox.view.inboxes_focused = !workbench->inbox.view.inboxes_focused;
}

static void inbox_number(struct workbench *workbench, size_t number)
{
	inbox_choose(workbench, number - 1);
}

static void clear_filter(struct workbench *workbench)
{
	stash_filter(workbench);
	visits_release(&workbench->visits);
	inbox_request(workbench, queue_filter(&workbench->inbox.queue, ""));
	if (!status_undo_seconds(&workbench->status, workbench_now(workbench)))
		REPORT(workbench, "Filter cleared: every case of this list is shown");
}

/* On the first screen, Esc cancels a running search; if none is running, it clears the filter. */
static void inbox_back(struct workbench *workbench)
{
	if (!workbench->inbox.view.slow && !workbench->inbox.queue.searching) {
		if (workbench->inbox.queue.filter.len)
			clear_filter(workbench);
		return;
	}
	reader_cancel(workbench->reader, JOB_LIST);
	queue_cancel(&workbench->inbox.queue);
	workbench->stale &= ~(unsigned)STALE_LIST; /* prevents an immediate restart of the search */
	workbench->inbox.view.slow = false;
	REPORT(workbench, "The search was cancelled");
}

static void inbox_leave(struct workbench *workbench)
{
	workbench->quit = true;
}

bool inbox_click_row(struct workbench *workbench, const struct zone *zone)
{
	size_t index = zone->index + workbench->inbox.queue.top;
	bool again = index == workbench->inbox.queue.cursor;
	inbox_request(workbench,
		      queue_move(&workbench->inbox.queue, (long)index - (long)workbench->inbox.queue.cursor));
	workbench->inbox.view.inboxes_focused = false;
	preview_schedule(workbench);
	return again;
}

static void inbox_click(struct workbench *workbench, const struct zone *zone)
{
	if (zone->kind == ZONE_INBOX)
		inbox_choose(workbench, zone->index);
	else if (zone->kind == ZONE_QUEUE && inbox_click_row(workbench, zone))
		inbox_open_selected(workbench);
}

const struct screen_ops inbox_screen = { .on = inbox_on,
					 .place = PLACE_INBOX,
					 .draw = inbox_paint,
					 .bar = inbox_bar,
					 .page = inbox_page,
					 .move = inbox_move,
					 .sideways = move_entry,
					 .pane = inbox_pane,
					 .choose = inbox_number,
					 .open = inbox_open_selected,
					 .back = inbox_back,
					 .leave = inbox_leave,
					 .click = inbox_click };
