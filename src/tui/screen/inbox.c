/* The first screen: the inboxes, the views, and the list of cases. A view is a list with a name; the palette opens,
 * saves and deletes views by their names. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

void inbox_request_list(struct workbench *workbench, struct job *job)
{
	if (!job)
		return;
	workbench->inbox.requested_ms = workbench_monotonic_ms(workbench);
	workbench->stale_bits &= ~(unsigned)STALE_LIST; /* this request reads the newest state of the list */
	reader_request(workbench->reader, job);
}

bool inbox_continue_search(struct workbench *workbench)
{
	struct queue *queue = &workbench->inbox.queue;
	if (!queue_has_more_rows(queue) || queue->waiting || workbench->inbox.problem)
		return false;
	inbox_request_list(workbench, queue_reload(queue));
	return true;
}

void inbox_choose_entry(struct workbench *workbench, size_t entry)
{
	const struct views *views = &workbench->inbox.views;
	struct queue *queue = &workbench->inbox.queue;
	struct error error = { 0 };
	if (entry >= inbox_entry_count(views))
		return;
	visits_release(&workbench->visits); /* the visited cases belong to the previous list */
	const struct view *view = entry < INBOX_COUNT ? NULL : &views->items[entry - INBOX_COUNT];
	if (!view || !queue_validate_filter(view->filter, "", &error))
		inbox_request_list(workbench, queue_select_list(queue, (enum inbox)entry, view));
	else
		REPORT_BAD(workbench, "%s: %s", view->name, error.message);
	error_release(&error);
}

static void choose_adjacent_entry(struct workbench *workbench, bool forward)
{
	size_t entries = inbox_entry_count(&workbench->inbox.views);
	size_t entry = inbox_entry_index(&workbench->inbox.queue, &workbench->inbox.views);
	inbox_choose_entry(workbench, (entry + (forward ? 1 : entries - 1)) % entries);
}

/* Moves the cursor in the list of inboxes and views. Page keys have no effect here. */
static void move_by_entries(struct workbench *workbench, long rows)
{
	if (rows == 1 || rows == -1)
		choose_adjacent_entry(workbench, rows > 0);
	else if (rows == MOVE_ALL || rows == -MOVE_ALL)
		inbox_choose_entry(workbench, rows < 0 ? 0 : inbox_entry_count(&workbench->inbox.views) - 1);
}

void inbox_move_cursor(struct workbench *workbench, long rows)
{
	if (workbench->inbox.view.is_inbox_pane_focused) {
		move_by_entries(workbench, rows);
		return;
	}
	inbox_request_list(workbench, queue_move(&workbench->inbox.queue, rows));
	preview_schedule(workbench);
}

static void inbox_open_selected(struct workbench *workbench)
{
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	if (workbench->inbox.view.is_inbox_pane_focused)
		workbench->inbox.view.is_inbox_pane_focused = false;
	else if (item)
		case_open(workbench, item->id, item->subject_name, false);
	else
		REPORT(workbench, "No case here");
}

static void filter_list(struct workbench *workbench, const char *filter)
{
	visits_release(&workbench->visits);
	inbox_request_list(workbench, queue_set_filter(&workbench->inbox.queue, filter));
}

void inbox_apply_filter(struct workbench *workbench)
{
	struct error error = { 0 };
	const char *text = workbench->prompt.editor.text.buf;
	if (queue_validate_filter(workbench->inbox.queue.view_filter, text, &error)) {
		prompt_set_problem(&workbench->prompt, error.message);
	} else {
		prompt_history_add(&workbench->prompt_history, text);
		typing_end(workbench);
		/* If the list was filtered during typing, it already shows the cases of this filter. */
		if (strcmp(text, workbench->inbox.queue.filter.buf) != 0 || workbench->case_stack.count)
			filter_list(workbench, text);
		workbench->inbox.view.is_inbox_pane_focused = false;
		prompt_close(&workbench->prompt);
		/* If the filter was entered in an open case, closes the case to show the list */
		case_views_close_all(workbench);
	}
	error_release(&error);
}

/* --- the list shows the cases of the typed filter after each pause in typing; not for screen readers --- */

#define TYPING_PAUSE_MS 60

static bool is_filtered_list(const struct workbench *workbench)
{
	const struct typing *typing = &workbench->inbox.typing;
	const struct queue *queue = &workbench->inbox.queue;

	return typing->filter_before && top_screen(workbench) == &inbox_screen && typing->inbox == queue->inbox &&
	       typing->shows_view == queue->shows_view && typing->views_version == workbench->inbox.views_version &&
	       (!queue->shows_view || !strcmp(typing->view_name, queue->view_name));
}

static void typing_begin(struct workbench *workbench)
{
	struct typing *typing = &workbench->inbox.typing;
	const struct queue *queue = &workbench->inbox.queue;

	typing_end(workbench);
	if (workbench->surface.is_spoken || top_screen(workbench) != &inbox_screen)
		return;
	typing->filter_before = xstrdup(queue->filter.buf);
	typing->view_name = xstrdup(queue->view_name ? queue->view_name : "");
	typing->shows_view = queue->shows_view;
	typing->inbox = queue->inbox;
	typing->views_version = workbench->inbox.views_version;
	typing->cursor = queue_cursor(queue);
}

void typing_end(struct workbench *workbench)
{
	free(workbench->inbox.typing.filter_before);
	free(workbench->inbox.typing.view_name);
	workbench->inbox.typing = (struct typing){ 0 };
}

void apply_typed_filter(struct workbench *workbench)
{
	const struct prompt *prompt = &workbench->prompt;
	const char *text = prompt->editor.text.buf;

	workbench->inbox.typing.apply_at_ms = 0;
	if (!prompt->open || prompt->kind != PROMPT_FILTER || !is_filtered_list(workbench) ||
	    !strcmp(text, workbench->inbox.queue.filter.buf))
		return;
	/* While the filter is incomplete, like "risk>", the list stays as it is; the key Enter then reports the
	 * error. */
	if (!queue_validate_filter(workbench->inbox.queue.view_filter, text, NULL))
		filter_list(workbench, text);
}

void typing_handle_edit(struct workbench *workbench, bool cancelled)
{
	struct typing *typing = &workbench->inbox.typing;

	if (cancelled)
		typing->apply_at_ms = 0;
	if (!is_filtered_list(workbench))
		return;
	if (!cancelled && workbench->prompt.kind == PROMPT_FILTER)
		typing->apply_at_ms = workbench_monotonic_ms(workbench) + TYPING_PAUSE_MS;
	else if (cancelled && strcmp(typing->filter_before, workbench->inbox.queue.filter.buf) != 0)
		inbox_request_list(workbench, queue_restore_cursor(&workbench->inbox.queue, typing->filter_before,
								   &typing->cursor));
}

/* --- the line in which a filter is typed --- */

/* The case's value for this filter key; "": no values are suggested for the key. */
static const char *filter_value(const struct session_item *item, enum filter_key key)
{
	const char *const values[] = { [FILTER_MERCHANT] = item->merchant,
				       [FILTER_COUNTRY] = item->country,
				       [FILTER_WORKFLOW] = item->workflow,
				       [FILTER_ASSIGNEE] = item->assignee,
				       [FILTER_LEVEL] = item->level };
	return (size_t)key < sizeof values / sizeof values[0] && values[key] ? values[key] : "";
}

/* Suggests values for a filter key: the values of the cases that were read for the list. */
static size_t suggest_shown_values(void *context, enum filter_key key, const char *values[], size_t most)
{
	const struct queue *queue = &((const struct workbench *)context)->inbox.queue;
	size_t count = 0;

	for (size_t row = 0; row < queue_row_count(queue) && count < most; row++)
		values[count++] = filter_value(queue_item(queue, row), key);
	return count;
}

/* Makes the first press of the key Up restore this text, the current filter with its values; the history has only
 * the keys of older filters. */
static void prompt_offer_text(struct prompt *prompt, const char *text)
{
	if (!*text)
		return;
	prompt->offered_text = arena_strdup(&prompt->arena, text);
	prompt->history_entry_at++;
}

void inbox_edit_filter(struct workbench *workbench, const struct command_request *order)
{
	typing_begin(workbench);
	prompt_open(&workbench->prompt, PROMPT_FILTER, "filter", order->argument, &workbench->prompt_history);
	workbench->prompt.values = suggest_shown_values;
	workbench->prompt.context = workbench;
	prompt_offer_text(&workbench->prompt, workbench->inbox.queue.filter.buf);
	if (order->argument[0])
		inbox_apply_filter(workbench);
}

void inbox_sort(struct workbench *workbench)
{
	inbox_request_list(workbench, queue_use_next_sort(&workbench->inbox.queue));
}

struct inbox_view *inbox_update_view(struct workbench *workbench)
{
	struct inbox_view *view = &workbench->inbox.view;
	view->queue = &workbench->inbox.queue;
	view->views = &workbench->inbox.views;
	view->preview = preview_shown_view(workbench);
	view->problem = workbench->inbox.problem;
	view->is_case_focused = view->is_case_not_in_list = false;
	return view;
}

static void inbox_paint(struct workbench *workbench, struct surface *surface, struct box box)
{
	inbox_draw(inbox_update_view(workbench), surface, box, &workbench->frame);
}

static void inbox_fill_bar(struct workbench *workbench, struct bar_state *state)
{
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	state->bar = workbench->inbox.view.is_inbox_pane_focused ? BAR_INBOXES : item ? BAR_INBOX : BAR_INBOX_EMPTY;
	state->is_case_decided = item && session_status_is_decided(item->status);
}

static size_t inbox_page_rows(const struct workbench *workbench)
{
	return workbench->inbox.view.visible_row_count;
}

static void inbox_switch_pane(struct workbench *workbench, bool forward)
{
	(void)forward;
	workbench->inbox.view.is_inbox_pane_focused = !workbench->inbox.view.is_inbox_pane_focused;
}

static void inbox_choose_number(struct workbench *workbench, size_t number)
{
	inbox_choose_entry(workbench, number - 1);
}

static void clear_filter(struct workbench *workbench)
{
	stash_begin(workbench)->filter = xstrdup(workbench->inbox.queue.filter.buf);
	filter_list(workbench, "");
	if (!status_undo_seconds(&workbench->status, workbench_now_ms(workbench)))
		REPORT(workbench, "Filter cleared: every case of this list is shown");
}

/* For the key Esc on the first screen: cancels a running search; if no search is running, clears the filter. */
static void inbox_go_back(struct workbench *workbench)
{
	if (!workbench->inbox.view.is_reading_slow && !workbench->inbox.queue.is_searching) {
		if (workbench->inbox.queue.filter.len)
			clear_filter(workbench);
		return;
	}
	reader_cancel(workbench->reader, JOB_LIST);
	queue_cancel_reading(&workbench->inbox.queue);
	workbench->stale_bits &= ~(unsigned)STALE_LIST; /* otherwise the search would start again at once */
	workbench->inbox.view.is_reading_slow = false;
	REPORT(workbench, "The search was cancelled");
}

static void quit_from_inbox(struct workbench *workbench)
{
	workbench->quit = true;
}

bool inbox_click_row(struct workbench *workbench, const struct zone *zone)
{
	size_t index = zone->index + workbench->inbox.queue.top;
	bool again = index == workbench->inbox.queue.cursor;
	inbox_request_list(workbench,
			   queue_move(&workbench->inbox.queue, (long)index - (long)workbench->inbox.queue.cursor));
	workbench->inbox.view.is_inbox_pane_focused = false;
	preview_schedule(workbench);
	return again;
}

static void inbox_click(struct workbench *workbench, const struct zone *zone)
{
	if (zone->kind == ZONE_INBOX)
		inbox_choose_entry(workbench, zone->index);
	else if (zone->kind == ZONE_QUEUE && inbox_click_row(workbench, zone))
		inbox_open_selected(workbench);
}

const struct screen_ops inbox_screen = { .fixed_contexts = PLACE_INBOX,
					 .draw = inbox_paint,
					 .fill_bar = inbox_fill_bar,
					 .page_rows = inbox_page_rows,
					 .move = inbox_move_cursor,
					 .move_sideways = choose_adjacent_entry,
					 .switch_pane = inbox_switch_pane,
					 .choose = inbox_choose_number,
					 .open = inbox_open_selected,
					 .go_back = inbox_go_back,
					 .leave = quit_from_inbox,
					 .click = inbox_click };

/* --- the list next to an open case, while the list has the focus; the keys for decisions do not work --- */

static bool is_list_active(const struct workbench *workbench)
{
	return workbench->case_stack.count && case_model_focus(&top_case(workbench)->model) == FOCUS_LIST;
}

static void list_fill_bar(struct workbench *workbench, struct bar_state *state)
{
	(void)workbench;
	state->bar = BAR_LIST;
	state->shows_back = true;
}

/* Opens the case under the cursor of the list. If this case is open already, only moves the focus to it. */
static void list_open_case(struct workbench *workbench)
{
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	top_case(workbench)->model.is_list_focused = false;
	if (item && strcmp(item->id, top_case(workbench)->id) != 0)
		case_open(workbench, item->id, item->subject_name, false);
}

static void list_drop_focus(struct workbench *workbench)
{
	top_case(workbench)->model.is_list_focused = false;
}

const struct screen_ops list_screen = { .is_active = is_list_active,
					.fixed_contexts = PLACE_LIST,
					.draw = case_paint,
					.fill_bar = list_fill_bar,
					.page_rows = inbox_page_rows,
					.move = inbox_move_cursor,
					.switch_pane = case_pane,
					.open = list_open_case,
					.go_back = list_drop_focus,
					.leave = list_drop_focus,
					.click = case_click };

/* --- views --- */

static char *trim_spaces(struct arena *arena, const char *text)
{
	text += strspn(text, " ");
	size_t length = strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	return arena_strndup(arena, text, length);
}

/* Call after a change of the user's views: drops the counts, which belong to the previous views. */
static void drop_view_counts(struct workbench *workbench)
{
	struct job_counts *counts = &workbench->frame.counts;
	if (counts->view_count > VIEW_SHIPPED_COUNT)
		counts->view_count = VIEW_SHIPPED_COUNT;
	workbench->inbox.views_version++;
	workbench->stale_bits |= STALE_COUNTS | STALE_PAINT;
}

static void report(struct workbench *workbench, struct error *error)
{
	REPORT_BAD(workbench, "%s", error->message);
	error_release(error);
}

static size_t list_view_names(const struct workbench *workbench, size_t first, const char **words)
{
	const struct views *views = &workbench->inbox.views;
	for (size_t i = first; i < views->count; i++)
		words[i - first] = views->items[i].name;
	return views->count - first;
}
_Static_assert(VIEWS_MAX <= ARGUMENT_WORDS_MAX, "the list of words has room for the name of every view");

size_t view_names(const struct workbench *workbench, const char **words)
{
	return list_view_names(workbench, 0, words);
}

size_t own_view_names(const struct workbench *workbench, const char **words)
{
	return list_view_names(workbench, VIEW_SHIPPED_COUNT, words);
}

void view_open(struct workbench *workbench, const struct command_request *order)
{
	struct error error = { 0 };
	if (!*order->argument) {
		palette_open_with_text(workbench, "view ");
		return;
	}
	char *name = trim_spaces(&workbench->scratch, order->argument);
	const struct view *view = views_find(&workbench->inbox.views, name, &error);
	if (!view) {
		report(workbench, &error);
	} else {
		inbox_choose_entry(workbench, INBOX_COUNT + (size_t)(view - workbench->inbox.views.items));
		workbench->inbox.view.is_inbox_pane_focused = false;
	}
}

void view_open_overdue(struct workbench *workbench)
{
	view_open(workbench, &(const struct command_request){ .command = COMMAND_VIEW, .argument = "overdue" });
}

void view_save(struct workbench *workbench, const struct command_request *order)
{
	struct error error = { 0 };
	bool replaced = false;
	if (!*order->argument) {
		palette_open_with_text(workbench, "keep-view ");
		return;
	}
	char *name = trim_spaces(&workbench->scratch, order->argument);
	const struct view view = { .name = name,
				   .filter = queue_filter_text(&workbench->inbox.queue, &workbench->scratch),
				   .sort = workbench->inbox.queue.sort,
				   .empty_text = "" };
	if (views_save(&workbench->inbox.views, &view, &replaced, &error)) {
		report(workbench, &error);
	} else {
		drop_view_counts(workbench);
		REPORT_GOOD(workbench, "%s as the view \"%s\": %s", replaced ? "Saved again" : "Saved", name,
			    view.filter);
	}
}

void view_delete(struct workbench *workbench, const struct command_request *order)
{
	struct error error = { 0 };
	if (!*order->argument) {
		if (workbench->inbox.views.count > VIEW_SHIPPED_COUNT)
			palette_open_with_text(workbench, "forget-view ");
		else
			REPORT(workbench, "You have no view of your own; %s saves the list as a view",
			       key_name_for(workbench, COMMAND_VIEW_KEEP));
		return;
	}
	char *name = trim_spaces(&workbench->scratch, order->argument);
	if (views_forget(&workbench->inbox.views, name, &error)) {
		report(workbench, &error);
	} else {
		bool shown = workbench->inbox.queue.shows_view && !strcasecmp(workbench->inbox.queue.view_name, name);
		drop_view_counts(workbench);
		REPORT_GOOD(workbench, "Deleted the view \"%s\"", name);
		if (shown)
			inbox_choose_entry(workbench, (size_t)workbench->inbox.queue.inbox);
	}
}

/* In a session over SSH the drawing thread cannot use the store: the workbench keeps the text of the views, and the
 * reader thread stores changes. */
static enum err get_views(void *context, enum own_text_kind kind, struct strbuf *out, struct error *error)
{
	const struct workbench *workbench = context;
	(void)kind;
	(void)error;
	strbuf_add(out, workbench->inbox.own_views_text.buf, workbench->inbox.own_views_text.len);
	return ERR_OK;
}

static enum err put_views(void *context, enum own_text_kind kind, const struct own_text_change *change,
			  struct error *error)
{
	struct workbench *workbench = context;
	struct job *job;
	(void)kind;
	if (workbench->frame.readonly)
		return error_set(error, ERR_FORBIDDEN, "The store is open for reading only; views are not saved");
	job = job_new(JOB_DRAFT);
	job->reference = arena_strdup(&job->arena, change->before);
	job->extra_text = arena_strdup(&job->arena, change->after);
	strbuf_reset(&workbench->inbox.own_views_text);
	strbuf_adds(&workbench->inbox.own_views_text, change->after);
	reader_request(workbench->reader, job);
	return ERR_OK;
}

static void read_views(struct workbench *workbench)
{
	struct error error = { 0 };
	if (views_read(&workbench->inbox.views, &error))
		own_files_add_fault(workbench, error.message);
	error_release(&error);
}

void views_set_text(struct workbench *workbench, const char *text)
{
	if (workbench->inbox.own_views_text.len && !strcmp(workbench->inbox.own_views_text.buf, text))
		return;
	strbuf_reset(&workbench->inbox.own_views_text);
	strbuf_adds(&workbench->inbox.own_views_text, text);
	read_views(workbench);
	drop_view_counts(workbench);
}

void views_prepare(struct workbench *workbench)
{
	views_init(&workbench->inbox.views, workbench->options.settings);
	if (workbench->frame.is_session_program) {
		workbench->inbox.own_text_store = (struct own_text_store){ get_views, put_views, workbench };
		workbench->inbox.views.text.store = &workbench->inbox.own_text_store;
	}
	read_views(workbench);
}
