/* What the reviewer was shown of the documents: begins when a frame with the document was painted, and is recorded when
 * the document is closed. A killed program records nothing. */
#include "workbench.h"

#include <stdio.h>
#include <string.h>

static bool is_page_marked(const struct open_look *look, size_t page)
{
	return look->pages[page / 64] >> page % 64 & 1;
}

static void mark_page(struct open_look *look, size_t page)
{
	if (page < LOOK_PAGES_MAX)
		look->pages[page / 64] |= UINT64_C(1) << page % 64;
}

static int64_t count_pages(const struct open_look *look)
{
	int64_t pages = 0;
	for (size_t page = 0; page < LOOK_PAGES_MAX; page++)
		pages += is_page_marked(look, page);
	return pages;
}

/* The pages that were on the screen, such as "1-3,7". */
static const char *list_pages(struct arena *arena, const struct open_look *look)
{
	const char *list = "";
	for (size_t page = 1, last; page < LOOK_PAGES_MAX; page = last + 1) {
		last = page;
		if (!is_page_marked(look, page))
			continue;
		while (last + 1 < LOOK_PAGES_MAX && is_page_marked(look, last + 1))
			last++;
		list = last == page ? arena_printf(arena, "%s%s%zu", list, *list ? "," : "", page)
				    : arena_printf(arena, "%s%s%zu-%zu", list, *list ? "," : "", page, last);
	}
	return list;
}

/* The values that the file's own text was searched for. A recognised text is not evidence against a document, since
 * recognition fails for many readable ones. */
static void note_values(const struct job *job, struct look *look)
{
	const struct doc_search_values *values = &job->out.case_values;
	if (job->content.kind != CONTENT_TEXT || job->content.note[0])
		return;
	look->values_needed = look->values_found = look->values_unpainted = 0;
	look->is_uncompared = job->content.comparison == COMPARISON_PENDING;
	look->is_incomparable = job->content.comparison == COMPARISON_FAILED;
	look->is_too_old = false;
	for (size_t i = 0; i < values->count; i++) {
		bool period = values->items[i].kind == DOC_SEARCH_PERIOD, found = values->items[i].found;
		if (!values->items[i].required)
			continue;
		look->is_too_old |= period && !found && values->items[i].newest_date;
		look->values_needed += !period;
		look->values_found += !period && found;
		look->values_unpainted += !period && values->items[i].unpainted;
	}
}

/* The open look at the viewer's document; makes it. NULL: too many documents are open at once. */
static struct open_look *find_open_look(struct workbench *workbench, const char *session, const struct viewer *viewer)
{
	enum side side = viewer->side[0] ? SIDE_BACK : SIDE_FRONT;
	struct open_look *free_look = NULL;
	for (size_t i = 0; i < OPEN_LOOKS_MAX; i++) {
		struct open_look *one = &workbench->looks.open[i];
		if (!one->document_id[0])
			free_look = free_look ? free_look : one;
		else if (!strcmp(one->session_id, session) && !strcmp(one->document_id, viewer->document_id) &&
			 one->look.side == side)
			return one;
	}
	if (!free_look)
		return NULL;
	*free_look = (struct open_look){ .look = { .side = side, .shown_as = LOOK_NOTHING, .reader = "" } };
	memcpy(free_look->document_id, viewer->document_id, sizeof free_look->document_id);
	(void)snprintf(free_look->session_id, sizeof free_look->session_id, "%s", session);
	(void)snprintf(free_look->sha256, sizeof free_look->sha256, "%s", viewer->job->out.document.sha256);
	return free_look;
}

/* Marks the pages of the text's lines from byte `from` to byte `end`. */
static void mark_text_pages(const struct document_content *content, size_t from, size_t end, struct open_look *one)
{
	size_t page = 0, line = 0;
	for (size_t at = 0; at < end && at < content->text.len; at++) {
		while (page < content->page_end_count && content->page_ends[page] <= line)
			page++;
		if (at >= from && content->text.buf[at] != '\n' && content->text.buf[at] != ' ')
			mark_page(one, page + 1);
		line += content->text.buf[at] == '\n';
	}
}

static void note_pages(const struct viewer *viewer, struct open_look *one)
{
	const struct document_content *content = &viewer->job->content;
	one->look.page_count = (int64_t)content->page_count;
	if (viewer->drawn_job) {
		mark_page(one, viewer->drawn_job->picture_page);
	} else if (content->page_end_count && viewer->line_count && viewer->visible_row_count) {
		size_t last = viewer->top + viewer->visible_row_count;
		const struct viewer_line *end =
			&viewer->lines[(last < viewer->line_count ? last : viewer->line_count) - 1];
		mark_text_pages(content, viewer->lines[viewer->top].from, end->from + end->length, one);
	}
}

/* Notes what the frame has shown of one document, if its file or a sentence in place of the file was drawn. */
static void note_viewer(struct workbench *workbench, const char *session, struct viewer *viewer)
{
	bool drawn = viewer && viewer->was_drawn;
	if (viewer)
		viewer->was_drawn = false;
	if (!drawn || !viewer->document_id[0] || !viewer->job || viewer->problem || !viewer->job->out.document.sha256)
		return;
	const struct document_content *content =
		viewer->drawn_job ? &viewer->drawn_job->content : &viewer->job->content;
	if (content->kind == CONTENT_NONE && content->is_partial)
		return;
	struct open_look *one = find_open_look(workbench, session, viewer);
	if (!one)
		return;
	if (!one->since_ms)
		one->since_ms = workbench_monotonic_ms(workbench);
	bool spoken = workbench->surface.is_spoken;
	enum look_kind now = content->kind == CONTENT_TEXT		   ? LOOK_TEXT
			     : content->kind == CONTENT_PICTURE && !spoken ? LOOK_PICTURE
									   : LOOK_NOTHING;
	bool differs = now != LOOK_NOTHING && one->look.shown_as != LOOK_NOTHING && one->look.shown_as != now;
	one->look.shown_as = differs ? LOOK_BOTH : now == LOOK_NOTHING ? one->look.shown_as : now;
	if (now == LOOK_NOTHING)
		return;
	one->look.reader = viewer->job->content.reader;
	note_pages(viewer, one);
	note_values(viewer->job, &one->look);
}

void looks_note_frame(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	bool covered = workbench->dialog || workbench->help.is_open || workbench->palette.open;
	if (!screen || !screen->model.viewer || workbench->frame.readonly)
		return;
	struct viewer *const viewers[] = { screen->model.viewer, screen->model.viewer->second_viewer };
	for (size_t i = 0; i < 2; i++) {
		if (viewers[i] && covered)
			viewers[i]->was_drawn = false;
		note_viewer(workbench, screen->id, viewers[i]);
	}
}

void looks_end_interval(struct workbench *workbench)
{
	int64_t now = workbench_monotonic_ms(workbench);
	for (size_t i = 0; i < OPEN_LOOKS_MAX; i++) {
		struct open_look *one = &workbench->looks.open[i];
		if (one->since_ms)
			one->look.shown_ms += now - one->since_ms;
		one->since_ms = 0;
	}
}

static bool shows_document(const struct viewer *viewer, const struct open_look *one)
{
	return viewer && !strcmp(viewer->document_id, one->document_id) &&
	       (viewer->side[0] ? SIDE_BACK : SIDE_FRONT) == one->look.side;
}

/* What Esc closed is open until the stash is cleared: it may come back. */
static bool is_still_open(const struct workbench *workbench, const struct open_look *one)
{
	if (workbench->stash.item)
		return true;
	for (size_t i = 0; i < workbench->case_stack.count; i++) {
		const struct case_screen *screen = workbench->case_stack.cases[i];
		const struct viewer *viewer = screen->model.viewer;
		if (viewer && !strcmp(screen->id, one->session_id) &&
		    (shows_document(viewer, one) || shows_document(viewer->second_viewer, one)))
			return true;
	}
	return false;
}

/* Sends the look, and keeps a copy until the case is read again. */
static void send_look(struct workbench *workbench, struct open_look *one)
{
	struct job *job = job_new(JOB_LOOK);
	struct look *look = arena_alloc(&job->arena, sizeof *look);
	*look = one->look;
	look->pages = look->page_count ? count_pages(one) : 0;
	look->page_list = look->page_count ? list_pages(&job->arena, one) : NULL;
	look->sha256 = arena_strdup(&job->arena, one->sha256);
	job->session_id = arena_strdup(&job->arena, one->session_id);
	job->in.part = look->document_id = arena_strdup(&job->arena, one->document_id);
	job->in.look = look;
	struct open_look *sent = &workbench->looks.sent[workbench->looks.sent_count++ % SENT_LOOKS_MAX];
	*sent = *one;
	sent->look.pages = look->pages;
	one->document_id[0] = '\0';
	reader_request(workbench->reader, job);
}

void looks_send(struct workbench *workbench, bool also_open)
{
	for (size_t i = 0; i < OPEN_LOOKS_MAX; i++) {
		struct open_look *one = &workbench->looks.open[i];
		if (one->document_id[0] && (also_open || !is_still_open(workbench, one)))
			send_look(workbench, one);
	}
}

bool looks_receive(struct workbench *workbench, struct job *response)
{
	if (response->status) {
		workbench->looks.sent_count = 0; /* what is not on record does not count */
		REPORT_BAD(workbench, "What you were shown is not on record: %s",
			   response->error.message ? response->error.message : "the store did not take it");
	}
	workbench->stale_bits |= STALE_CASE; /* the case has a new look */
	return false;
}

void looks_find_grounds(struct workbench *workbench, const struct case_view *view, const struct document *document,
			struct look_grounds *out)
{
	struct arena *arena = &workbench->scratch;
	size_t count = 0;
	struct look *all = arena_alloc_array(arena, view->document_view_count + SENT_LOOKS_MAX, sizeof *all);
	for (size_t back = 1; back <= SENT_LOOKS_MAX && back <= workbench->looks.sent_count; back++) {
		struct open_look *one = &workbench->looks.sent[(workbench->looks.sent_count - back) % SENT_LOOKS_MAX];
		struct look *look = &all[count++];
		*look = one->look;
		look->document_id = one->document_id;
		look->sha256 = one->sha256;
		look->by = workbench->frame.actor;
	}
	for (size_t i = 0; i < view->document_view_count; i++)
		all[count++] = view->document_views[i];
	look_grounds_find(arena, all, count, document, workbench->frame.actor, out);
}
