/* A page of a case: a title and rows. This file also has the pages of audit records and of corrections. */
#include "kybdesk/desk/changes.h"
#include "model/case_model.h"
#include "model/page.h"

#include <stdlib.h>
#include <string.h>

struct page *page_new(const struct page_spec *spec, const char *ref)
{
	struct page *page = xcalloc(1, sizeof *page);
	page->spec = spec;
	page->ref = xstrdup(ref);
	page->title = "";
	return page;
}

void page_free(struct page *page)
{
	while (page) {
		struct page *parent_page = page->parent_page;
		free(page->ref);
		free(page);
		page = parent_page;
	}
}

/* Keeps the cursor on a row of the page that is not a heading; a heading cannot be selected. */
static void clamp_cursor(struct page *page)
{
	size_t count = page->grid.row_count;
	if (page->cursor >= count)
		page->cursor = count ? count - 1 : 0;
	if (page->cursor < count && page->grid.rows[page->cursor].kind == ROW_HEADING)
		grid_move(&page->grid, &page->cursor, 1);
}

static void begin_facts(struct grid *grid)
{
	GRID_LIST(grid, facts_columns, NULL);
	grid->hides_column_titles = grid->overflows = true;
}

void page_fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct grid *grid = &page->grid;
	grid_init(grid, &job->arena, frame);
	begin_facts(grid);
	page->title = "";
	if (!page->spec->fill(page, job)) {
		begin_facts(grid);
		grid->empty_text = "This item is no longer in the case; Esc goes back.";
	}
	clamp_cursor(page);
}

void page_set_title(struct page *page, const char *head, const char *format, ...)
{
	const char *text;
	ARENA_VPRINTF(text, page->grid.arena, format);
	page->title = grid_printf(&page->grid, "%s %s %s", head, grid_glyph(&page->grid, GLYPH_DOT), text);
}

void page_move(struct page *page, long rows)
{
	grid_move(&page->grid, &page->cursor, rows);
}

const struct grid_row *page_row(const struct page *page)
{
	return page->cursor < page->grid.row_count ? &page->grid.rows[page->cursor] : NULL;
}

bool page_find_for_row(const struct grid_row *row, struct job *job, const struct page_spec **spec, const char **ref)
{
	/* The page for each kind of row. A hit has no separate page: its row has the page of its check. */
	static const struct page_spec *const pages[] = {
		[ROW_PARTY] = &party_page, [ROW_CHECK] = &check_page,		[ROW_HIT] = &check_page,
		[ROW_EVENT] = &event_page, [ROW_CORRECTION] = &correction_page, [ROW_DOCUMENT] = &document_page,
	};
	const struct check *check = NULL;
	*spec = row->kind < sizeof pages / sizeof *pages ? pages[row->kind] : NULL;
	*ref = row->ref;
	if (row->kind == ROW_HIT)
		*ref = case_hit(&job->view.file, row->ref, &check) ? check_kind_text(check->kind) : "";
	return *spec && (row->kind != ROW_HIT || check);
}

void page_draw(struct page *page, struct surface *surface, struct box box, enum grid_style cursor_style,
	       enum zone_kind zone)
{
	const struct grid_row *row = page_row(page);
	if (box.rows < 4 || box.cols < 4)
		return;
	surface_put(surface, box.row, box.col + 1, box.cols - 2, THEME_TITLE, page->title);
	surface_draw_rule(surface, box.row + 1, box.col, box.cols, THEME_BORDER);
	page->visible_row_count = grid_pane_draw(
		&(const struct grid_pane){ .grid = &page->grid,
					   .cursor = page->cursor,
					   .top = &page->top,
					   .detail = row && cursor_style != GRID_NO_CURSOR ? row->detail : "",
					   .cursor_style = cursor_style,
					   .zone = zone },
		surface, box_skip_rows(box, 2));
}

/* --- the audit record of a timeline row: event, subject, and the raw record, byte for byte --- */

static const struct audit_event *find_event(const struct job *job, const char *number, struct arena *arena)
{
	for (size_t i = 0; i < job->audit.count; i++)
		if (!strcmp(arena_printf(arena, "%lld", (long long)job->audit.items[i].seq), number))
			return &job->audit.items[i];
	return NULL;
}

/* Adds the items that the record is about, as rows that Enter opens. */
static void add_subject_lines(struct grid *grid, const struct case_view *view, const struct audit_event *item)
{
	const struct document *document = case_document(&view->file, event_member(grid->arena, item, "document"));
	const struct party *party = case_party(&view->file, event_member(grid->arena, item, "party"));
	const struct hit *hit = case_hit(&view->file, event_member(grid->arena, item, "hit"), NULL);
	struct item_row {
		enum row_kind kind;
		const char *label, *ref, *value;
	} rows[] = {
		{ ROW_DOCUMENT, "document", document ? document->id : "",
		  document ? grid_printf(grid, "%s, %s", profile_document_title(view->profile, document->type),
					 document->file_name)
			   : "" },
		{ ROW_PARTY, "party", party ? party->id : "", party ? party->name : "" },
		{ ROW_HIT, "hit", hit ? hit->id : "", hit ? grid_printf(grid, "%s on %s", hit->name, hit->list) : "" },
		{ ROW_CHECK, "check", event_member(grid->arena, item, "check"),
		  event_member(grid->arena, item, "check") },
		{ ROW_CORRECTION, "correction", event_member(grid->arena, item, "correction"),
		  event_member(grid->arena, item, "correction") },
	};
	bool headed = false;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!rows[i].ref[0])
			continue;
		facts_add_heading_once(grid, &headed, "Items");
		facts_add_link(grid, rows[i].kind, rows[i].ref, rows[i].label, rows[i].value);
	}
}

static void add_change_lines(struct grid *grid, const struct audit_event *item)
{
	static const struct {
		const char *label, *before, *after;
	} pairs[] = { { "state", "from", "to" },
		      { "level", "level_from", "level_to" },
		      { "basis", "basis_before", "basis_sha256" },
		      { "url", "url_before", "url" } };
	bool headed = false;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const char *before = event_member(grid->arena, item, pairs[i].before);
		const char *after = event_member(grid->arena, item, pairs[i].after);
		if (!before[0] || !after[0])
			continue;
		if (!headed) {
			facts_add_heading(grid, "Changes");
			facts_add_pair_titles(grid, "before", "after");
		}
		headed = true;
		facts_add_pair(grid, &(const struct facts_pair){ pairs[i].label, before, after,
								 strcmp(before, after) != 0, "" });
	}
}

static bool fill_event(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	const struct audit_event *item = find_event(job, page->ref, grid->arena);
	if (!item)
		return false;
	const char *sentence = event_sentence(grid->arena, &job->view, item, grid->frame);
	page_set_title(page, grid_printf(grid, "Record %lld", (long long)item->seq), "%s",
		       job->view.file.session.subject.name);
	facts_add_heading(grid, "Event");
	facts_line(grid, "who", grid_printf(grid, "%s, %s", item->actor, item->role));
	facts_line(grid, "what", sentence);
	facts_add_time(grid, "when", item->at);
	add_subject_lines(grid, &job->view, item);
	add_change_lines(grid, item);
	facts_add_heading(grid, "Record");
	facts_line(grid, "number", grid_printf(grid, "%lld", (long long)item->seq));
	facts_line(grid, "audit word", item->action);
	if (item->session_version)
		facts_line(grid, "version of the case", grid_printf(grid, "%lld", (long long)item->session_version));
	facts_add_hash(grid, "hash", item->hash);
	facts_add_record(grid, item);
	return true;
}

const struct page_spec event_page = { .fill = fill_event };

/* --- a correction: the request, its reason and author, and the client's response, before and after --- */

static bool fill_correction(struct page *page, struct job *job)
{
	const struct correction *correction = case_correction(&job->view.file, page->ref);
	struct grid *grid = &page->grid;
	struct change *changes;
	if (!correction)
		return false;
	size_t count = correction_changes(grid->arena, &job->view, correction, &changes), shown = 0;
	const struct {
		const char *label;
		int64_t at;
	} times[] = { { "requested", correction->requested_at },
		      { "answered", correction->answered_at },
		      { "closed", correction->closed_at } };
	page_set_title(page,
		       grid_printf(grid, "Correction of %s, round %lld",
				   profile_step_title(job->view.profile, correction->step_id),
				   (long long)correction->round),
		       "%s", job->view.file.session.subject.name);
	facts_add_heading(grid, "Request");
	facts_line(grid, "state", correction_state_text(correction->state));
	facts_line(grid, "items", correction_items_text(grid->arena, &job->view, correction));
	facts_line(grid, "message", correction->message);
	facts_line(grid, "by", correction->requested_by);
	facts_line(grid, "imported by", correction->imported_by);
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		facts_line(grid, times[i].label, grid_time(grid, times[i].at));
	if (correction->state == CORRECTION_ACCEPTED && !correction->standing.valid)
		facts_line(grid, "acceptance",
			   grid_printf(grid, "invalid: its basis has changed: %s", correction->standing.change_text));
	facts_add_heading(grid, "Client's answer");
	for (size_t i = 0; i < count; i++) {
		if (!changes[i].has_response)
			continue;
		if (!shown++)
			facts_add_pair_titles(grid, "before", "after");
		facts_add_pair(grid, &(const struct facts_pair){
					     changes[i].name, changes[i].before, changes[i].after, changes[i].changed,
					     changes[i].changed && !strcmp(changes[i].before, changes[i].after)
						     ? "another file with the same name"
						     : "" });
	}
	if (!shown)
		facts_line(grid, "answer",
			   correction->state == CORRECTION_OPEN ? "none yet" : "no values or files recorded");
	return true;
}

const struct page_spec correction_page = { .fill = fill_correction };
