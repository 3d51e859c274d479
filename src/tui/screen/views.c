/* Views, which are lists with a name: opened, saved and deleted by name in the palette. */
#include "workbench.h"

#include <string.h>
#include <strings.h>

static char *without_ends(struct arena *arena, const char *text)
{
	text += strspn(text, " ");
	size_t length = strlen(text);
	while (length && text[length - 1] == ' ')
		length--;
	return arena_strndup(arena, text, length);
}

/* Drops the counts of own views: they belong to the previous views. */
static void drop_view_counts(struct workbench *workbench)
{
	struct job_counts *counts = &workbench->frame.counts;
	if (counts->view_count > VIEW_SHIPPED_COUNT)
		counts->view_count = VIEW_SHIPPED_COUNT;
	workbench->inbox.views_changed++;
	workbench->stale |= STALE_COUNTS | STALE_PAINT;
}

static void report(struct workbench *workbench, struct error *error)
{
	REPORT_BAD(workbench, "%s", error->message);
	error_release(error);
}

static size_t names_from(const struct workbench *workbench, size_t first, const char **words)
{
	const struct views *views = &workbench->inbox.views;
	for (size_t i = first; i < views->count; i++)
		words[i - first] = views->items[i].name;
	return views->count - first;
}
_Static_assert(VIEWS_MAX <= ARGUMENT_WORDS_MAX, "every view can be offered");

size_t view_names(const struct workbench *workbench, const char **words)
{
	return names_from(workbench, 0, words);
}

size_t own_view_names(const struct workbench *workbench, const char **words)
{
	return names_from(workbench, VIEW_SHIPPED_COUNT, words);
}

void view_open(struct workbench *workbench, const struct order *order)
{
	struct error error = { 0 };
	struct arena arena = ARENA_INIT;
	if (!*order->argument) {
		palette_open_with(workbench, "view ");
		return;
	}
	char *name = without_ends(&arena, order->argument);
	const struct view *view = views_find(&workbench->inbox.views, name, &error);
	if (!view) {
		report(workbench, &error);
	} else {
		inbox_choose(workbench, INBOX_COUNT + (size_t)(view - workbench->inbox.views.items));
		workbench->inbox.view.inboxes_focused = false;
	}
	arena_release(&arena);
}

void view_due(struct workbench *workbench)
{
	view_open(workbench, &(const struct order){ .command = COMMAND_VIEW, .argument = "overdue" });
}

void view_keep(struct workbench *workbench, const struct order *order)
{
	struct error error = { 0 };
	struct arena arena = ARENA_INIT;
	bool replaced = false;
	if (!*order->argument) {
		palette_open_with(workbench, "keep-view ");
		return;
	}
	char *name = without_ends(&arena, order->argument);
	const struct view view = { .name = name,
				   .filter = queue_filter_text(&workbench->inbox.queue, &arena),
				   .sort = workbench->inbox.queue.sort,
				   .nothing = "" };
	if (views_keep(&workbench->inbox.views, &view, &replaced, &error)) {
		report(workbench, &error);
	} else {
		drop_view_counts(workbench);
		REPORT_GOOD(workbench, "%s as the view \"%s\": %s", replaced ? "Saved again" : "Saved", name,
			    view.filter);
	}
	arena_release(&arena);
}

void view_forget(struct workbench *workbench, const struct order *order)
{
	struct error error = { 0 };
	struct arena arena = ARENA_INIT;
	if (!*order->argument) {
		if (workbench->inbox.views.count > VIEW_SHIPPED_COUNT)
			palette_open_with(workbench, "forget-view ");
		else
			REPORT(workbench, "You have no view of your own; %s saves the list as a view",
			       key_for(workbench, COMMAND_VIEW_KEEP));
		return;
	}
	char *name = without_ends(&arena, order->argument);
	if (views_forget(&workbench->inbox.views, name, &error)) {
		report(workbench, &error);
	} else {
		bool shown = workbench->inbox.queue.in_view && !strcasecmp(workbench->inbox.queue.view_name, name);
		drop_view_counts(workbench);
		REPORT_GOOD(workbench, "Deleted the view \"%s\"", name);
		if (shown)
			inbox_choose(workbench, (size_t)workbench->inbox.queue.inbox);
	}
	arena_release(&arena);
}

void views_request_counts(struct workbench *workbench)
{
	const struct views *views = &workbench->inbox.views;
	struct job *job = job_new(JOB_COUNTS);
	job->ticket = workbench->inbox.views_changed;
	job->view_filters = arena_alloc_array(&job->arena, views->count, sizeof *job->view_filters);
	job->view_count = views->count;
	for (size_t i = 0; i < views->count; i++)
		job->view_filters[i] = arena_strdup(&job->arena, views->items[i].filter);
	held_request(workbench, job);
	reader_request(workbench->reader, job);
}

/* In a session over SSH the drawing thread has no store: it keeps the text, and the reader thread stores changes. */
static enum err get_views(void *context, enum own_kind kind, struct strbuf *out, struct error *error)
{
	const struct workbench *workbench = context;
	(void)kind;
	(void)error;
	strbuf_add(out, workbench->inbox.own_views.buf, workbench->inbox.own_views.len);
	return ERR_OK;
}

static enum err put_views(void *context, enum own_kind kind, const struct own_change *change, struct error *error)
{
	struct workbench *workbench = context;
	struct job *job;
	(void)kind;
	if (workbench->frame.readonly)
		return error_set(error, ERR_FORBIDDEN, "The store is open for reading only; views are not saved");
	job = job_new(JOB_DRAFT);
	job->reference = arena_strdup(&job->arena, change->before);
	job->what = arena_strdup(&job->arena, change->after);
	strbuf_reset(&workbench->inbox.own_views);
	strbuf_adds(&workbench->inbox.own_views, change->after);
	reader_request(workbench->reader, job);
	return ERR_OK;
}

void views_take(struct workbench *workbench, const char *text)
{
	struct error error = { 0 };

	if (workbench->inbox.own_views.len && !strcmp(workbench->inbox.own_views.buf, text))
		return;
	strbuf_reset(&workbench->inbox.own_views);
	strbuf_adds(&workbench->inbox.own_views, text);
	if (views_read(&workbench->inbox.views, &error))
		own_files_fault(workbench, error.message);
	error_release(&error);
	drop_view_counts(workbench);
}

void views_prepare(struct workbench *workbench)
{
	struct error error = { 0 };
	views_init(&workbench->inbox.views, workbench->options.settings);
	if (workbench->frame.session) {
		workbench->inbox.own_store = (struct own_store){ get_views, put_views, workbench };
		workbench->inbox.views.text.store = &workbench->inbox.own_store;
	}
	if (views_read(&workbench->inbox.views, &error))
		own_files_fault(workbench, error.message);
	error_release(&error);
}
