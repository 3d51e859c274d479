#include "kybdesk/domain/due.h"
#include "kybdesk/domain/list_column.h"
#include "kybdesk/domain/profile.h"
#include "model/case_model.h"
#include "model/queue.h"
#include "input/keymap.h"

#include <string.h>

#define PREVIEW_ROWS_MIN 7
#define PREVIEW_ROWS_MAX 14

/* --- the columns --- */

/* Index of the column of marks, which only the workbench has; the other columns are the same in every list of the
 * program. */
#define MARK_COLUMN 1
#define REFERENCE_COLUMN (LIST_REFERENCE + (LIST_REFERENCE >= MARK_COLUMN))
#define WORKFLOW_CELLS_MIN 4
#define SHOWN_COLUMN_COUNT (LIST_COLUMN_COUNT + 1)
_Static_assert(SHOWN_COLUMN_COUNT <= GRID_COLUMNS_MAX, "a grid has room for every column");

static enum list_column column_at(size_t place)
{
	return (enum list_column)(place - (place > MARK_COLUMN));
}

static enum theme_role role_of_tone(enum list_tone tone)
{
	static const enum theme_role roles[] = { [TONE_PLAIN] = THEME_TEXT,
						 [TONE_MUTED] = THEME_MUTED,
						 [TONE_OK] = THEME_OK,
						 [TONE_WARNING] = THEME_WARNING,
						 [TONE_DANGER] = THEME_DANGER };
	return roles[tone];
}

static const char *queue_sort_title(enum sort_key sort)
{
	static const char *const titles[] = { [SORT_DUE] = "most urgent first",
					      [SORT_UPDATED] = "last changed first",
					      [SORT_RISK] = "highest risk first",
					      [SORT_NAME] = "by name" };
	WORDS_CHECK_TABLE(titles, SORT_KEY_WORDS);
	return titles[sort];
}

char *marks_text(struct arena *arena, const struct session_item *item, const struct frame *frame)
{
	const char *held = !item->assignee[0]			  ? ""
			   : strcmp(item->assignee, frame->actor) ? MARK_HELD_BY_OTHER
								  : glyph_text(frame->mode, GLYPH_BULLET);
	const char *rests = session_status_is_decided(item->status)				     ? ""
			    : (item->snoozed_until != TIME_NONE && item->snoozed_until > frame->now) ? MARK_SNOOZED
			    : item->waiting || item->unresponsive				     ? MARK_WAITING
												     : "";
	return arena_printf(arena, "%s%s%s%s", held, rests,
			    item->returned ? glyph_text(frame->mode, GLYPH_RETURNED) : "",
			    item->has_note ? MARK_NOTED : "");
}

/* The text of a cell is the same as in every list of the program, but the workflow has its short title, and an
 * overdue time, that of an alert and the risk also get a mark, since colour alone is not enough. */
static const char *cell_text(struct arena *arena, enum list_column column, const struct session_item *item,
			     const struct list_value *value, const struct frame *frame)
{
	enum text_mode mode = frame->mode;

	if (column == LIST_WORKFLOW && *item->short_workflow)
		return item->short_workflow;
	if (!value->text[0])
		return glyph_text(mode, GLYPH_DASH);
	if (column == LIST_DUE && (item->has_alert || case_is_overdue(item, frame->now)))
		return arena_printf(arena, "! %s", value->text);
	if (column == LIST_RISK)
		return arena_printf(arena, "%s %s", value->text, glyph_level(mode, item->risk_score, 100));
	return value->text;
}

static void fill_session_row(struct grid_row *row, struct arena *arena, const struct session_item *item,
			     const struct frame *frame, const size_t widths[GRID_COLUMNS_MAX])
{
	for (size_t c = 0; c < SHOWN_COLUMN_COUNT; c++) {
		if (!widths[c])
			continue;
		if (c == MARK_COLUMN) {
			grid_set_cell(row, c, THEME_MARK, marks_text(arena, item, frame));
			continue;
		}
		const struct list_value value = list_value(arena, column_at(c), item, frame->now);
		grid_set_cell(row, c, role_of_tone(value.tone), cell_text(arena, column_at(c), item, &value, frame));
	}
}

static struct grid_column make_grid_column(size_t place, bool states)
{
	const enum list_column column = column_at(place);

	if (place == MARK_COLUMN)
		return (struct grid_column){ "Now", 3, 4, TEXT_LEFT, false, 0, false };
	const struct list_column_spec *spec = list_column_spec(column);
	/* If all rows are of one inbox, the title shows the status, and the column of the status is hidden. */
	bool shown_here = column != LIST_STATUS || states;
	size_t min = shown_here ? spec->min_width : 0, max = shown_here ? spec->max_width : 0;
	if (column == LIST_WORKFLOW) { /* wide enough for every short title (profile.h) */
		min = WORKFLOW_CELLS_MIN;
		max = PROFILE_SHORT_TITLE_MAX;
	}
	enum text_align align = spec->is_right_aligned ? TEXT_RIGHT : TEXT_LEFT;
	return (struct grid_column){ spec->short_title, min,  max, align, spec->can_stretch && shown_here,
				     spec->hide_rank,	false };
}

struct grid queue_grid(const struct queue *queue, struct arena *arena, const struct frame *frame,
		       struct surface *surface, struct box box)
{
	size_t widths[GRID_COLUMNS_MAX], rows = box.rows ? box.rows - 1 : 0;
	struct grid_column *columns = arena_alloc_array(arena, SHOWN_COLUMN_COUNT, sizeof *columns);
	bool states = queue->shows_view || queue_has_id_filter(queue);
	for (size_t c = 0; c < SHOWN_COLUMN_COUNT; c++)
		columns[c] = make_grid_column(c, states);
	struct grid grid = { .arena = arena,
			     .columns = columns,
			     .column_count = SHOWN_COLUMN_COUNT,
			     .has_fixed_widths = true,
			     .middle_cut_column = REFERENCE_COLUMN + 1 };
	grid_compute_widths(&grid, surface, surface->is_spoken ? SIZE_MAX : box.cols, widths);
	for (size_t i = queue->top; i < queue->top + rows; i++) {
		const struct session_item *item = queue_item(queue, i);
		if (!item)
			break;
		struct grid_row *row = grid_add_row(&grid, ROW_SESSION, item->id);
		row->marked = queue->marked_cases && marks_have(queue->marked_cases, item->id);
		fill_session_row(row, arena, item, frame, widths);
	}
	return grid;
}

/* --- the screen --- */

size_t inbox_entry_count(const struct views *views)
{
	return INBOX_COUNT + views->count;
}

size_t inbox_entry_index(const struct queue *queue, const struct views *views)
{
	if (!queue->shows_view)
		return (size_t)queue->inbox;
	const struct view *view = view_by_name(views->items, views->count, queue->view_name);
	return INBOX_COUNT + (view ? (size_t)(view - views->items) : views->count);
}

const char *queue_title(const struct queue *queue)
{
	return queue->shows_view ? view_title(queue->view_name) : inbox_text(queue->inbox);
}

static const char *entry_title(const struct inbox_view *view, size_t entry)
{
	return entry < INBOX_COUNT ? inbox_text((enum inbox)entry)
				   : view_title(view->views->items[entry - INBOX_COUNT].name);
}

#define ALERTS_VIEW 2 /* the third view */
#define ALERTS_ENTRY (INBOX_COUNT + ALERTS_VIEW)

static enum theme_role entry_role(size_t entry, const struct frame *frame)
{
	bool alerts =
		entry == ALERTS_ENTRY && frame->counts.view_count > ALERTS_VIEW && frame->counts.views[ALERTS_VIEW] > 0;
	return entry < INBOX_COUNT ? inbox_role((enum inbox)entry) : alerts ? THEME_DANGER : THEME_TEXT;
}

/* The number of cases of an inbox or view; "" unknown. Inboxes are counted completely, views up to a limit. */
static const char *entry_count(struct arena *arena, const struct frame *frame, size_t entry)
{
	const struct job_counts *counts = &frame->counts;
	if (!frame->has_counts)
		return "";
	if (entry < INBOX_COUNT)
		return number_text(arena, counts->inboxes[entry]);
	size_t view = entry - INBOX_COUNT;
	if (view >= counts->view_count || counts->views[view] == COUNT_UNKNOWN)
		return "";
	return capped_count_text(arena, counts->views[view]);
}

static void draw_entry(const struct inbox_view *view, struct surface *surface, struct box box, size_t entry,
		       const struct frame *frame)
{
	bool here = inbox_entry_index(view->queue, view->views) == entry;
	const char *count = entry_count(&surface->arena, frame, entry);
	size_t cells = surface_text_width(surface, count);
	surface_draw_pointer(surface, box.row, box.col + 1, here && view->is_inbox_pane_focused);
	surface_put(surface, box.row, box.col + 3, sub_sat(box.cols, 5 + cells), entry_role(entry, frame),
		    entry_title(view, entry));
	surface_put_aligned(surface, box.row, box.col + sub_sat(box.cols, cells + 1), cells,
			    here ? THEME_TITLE : THEME_TEXT, TEXT_RIGHT, count);
	if (here && view->is_inbox_pane_focused)
		surface_select_box(surface, box);
	else if (here)
		surface_restyle(surface, (struct box){ box.row, box.col + 3, 1, sub_sat(box.cols, 4 + cells) },
				entry_role(entry, frame), CELL_BOLD);
	surface_add_zone(surface, box, ZONE_INBOX, entry);
}

/* The views mine, clean and overdue are shown even if they have no cases. */
static bool has_cases(const struct frame *frame, size_t at)
{
	return (at <= ALERTS_VIEW + 1 && at != ALERTS_VIEW) ||
	       (at < frame->counts.view_count && frame->counts.views[at] != 0);
}

/* Lists the entries that get a row in the pane. If the pane has too few rows, leaves out views that have no cases,
 * the last views first. Returns the number of entries. */
static size_t list_visible_entries(const struct inbox_view *view, const struct frame *frame, size_t rows, size_t *out)
{
	size_t entries = inbox_entry_count(view->views), here = inbox_entry_index(view->queue, view->views), count = 0;
	size_t excess = entries + 3 > rows && frame->has_counts ? entries + 3 - rows : 0;
	bool left_out[INBOX_COUNT + VIEWS_MAX] = { false };
	for (size_t entry = entries; excess && entry-- > INBOX_COUNT;) {
		left_out[entry] = entry != here && !has_cases(frame, entry - INBOX_COUNT);
		excess -= left_out[entry];
	}
	for (size_t entry = 0; entry < entries; entry++)
		if (!left_out[entry])
			out[count++] = entry;
	return count;
}

/* Draws the inboxes, a blank row, and the views; scrolls if they do not fit. */
static void draw_inboxes(const struct inbox_view *view, struct surface *surface, struct box box,
			 const struct frame *frame)
{
	size_t shown[INBOX_COUNT + VIEWS_MAX], lines = list_visible_entries(view, frame, box.rows, shown) + 3,
					       here = inbox_entry_index(view->queue, view->views), line = 0, top = 0;
	while (line + 3 < lines && shown[line] != here)
		line++;
	line += line < INBOX_COUNT ? 1 : 3;
	if (lines > box.rows && line >= box.rows)
		top = line + 1 - box.rows;
	for (size_t row = 0; row < box.rows && top + row < lines; row++) {
		size_t at = top + row;
		struct box one = { box.row + row, box.col, 1, box.cols };
		if (at == 0 || at == INBOX_COUNT + 2)
			surface_put(surface, one.row, one.col + 1, sub_sat(one.cols, 2), THEME_MUTED,
				    at ? "Views" : "Inboxes");
		else if (at != INBOX_COUNT + 1)
			draw_entry(view, surface, one, shown[at <= INBOX_COUNT ? at - 1 : at - 3], frame);
	}
}

/* Used without panes side by side: draws one line with the names and counts of all inboxes and of the current view.
 * If they do not fit, shortens names, but not the name of the current list. */
static void draw_inbox_strip(const struct inbox_view *view, struct surface *surface, struct box box,
			     const struct frame *frame)
{
	struct arena *arena = &surface->arena;
	size_t here = inbox_entry_index(view->queue, view->views), entries = INBOX_COUNT + view->queue->shows_view;
	size_t fixed_cells = 1, name_cells[INBOX_COUNT + 1] = { 0 };
	const char *counts[INBOX_COUNT + 1], *names[INBOX_COUNT + 1];
	for (size_t i = 0; i < entries; i++) {
		names[i] = i < INBOX_COUNT ? inbox_text((enum inbox)i) : view_title(view->queue->view_name);
		counts[i] = i < INBOX_COUNT && frame->has_counts
				    ? arena_printf(arena, "%lld", (long long)frame->counts.inboxes[i])
				    : entry_count(arena, frame, i < INBOX_COUNT ? i : here);
		fixed_cells += surface_text_width(surface, counts[i]) + 3;
		name_cells[i] = surface_text_width(surface, names[i]);
	}
	size_t shown = view->queue->shows_view ? INBOX_COUNT : here;
	for (;;) {
		size_t total = fixed_cells, longest = entries;
		for (size_t i = 0; i < entries; i++) {
			total += name_cells[i];
			if (i != shown && name_cells[i] > 2 &&
			    (longest == entries || name_cells[i] > name_cells[longest]))
				longest = i;
		}
		if (total <= box.cols || longest == entries)
			break;
		name_cells[longest]--;
	}
	size_t col = box.col + 1, end = box.col + box.cols;
	for (size_t i = 0; i < entries && col < end; i++) {
		size_t from = col;
		enum theme_role role = i == shown ? entry_role(i, frame) : THEME_MUTED;
		struct pen pen = pen_at(surface, box.row, col, sub_sat(end, col));
		pen.col += surface_put(surface, box.row, col, name_cells[i], role, names[i]);
		pen_format(&pen, i == shown ? THEME_TITLE : THEME_TEXT, " %s", counts[i]);
		struct box area = { box.row, from, 1, sub_sat(pen.col, from) };
		if (i == shown) {
			surface_restyle(surface, area, view->is_inbox_pane_focused ? THEME_SELECTION : role,
					CELL_BOLD | CELL_UNDERLINE);
			surface->screen_reader.title = area;
		}
		if (i == shown && view->is_inbox_pane_focused)
			surface_set_focus(surface, area);
		surface_add_zone(surface, area, ZONE_INBOX, i < INBOX_COUNT ? i : here);
		col = pen.col + 2;
	}
}

/* Used if no pane lists the views: draws the views that have cases, with their counts, at the right end of a line.
 * If not all views fit, draws the first ones. */
static void draw_views(const struct inbox_view *view, struct surface *surface, struct box box,
		       const struct frame *frame)
{
	struct arena *arena = &surface->arena;
	size_t which[VIEWS_MAX], cells[VIEWS_MAX], count = 0, taken = 0,
						   here = inbox_entry_index(view->queue, view->views);
	const char *texts[VIEWS_MAX];
	for (size_t i = 0; frame->has_counts && i < view->views->count; i++) {
		if (!has_cases(frame, i) || here == INBOX_COUNT + i) /* the line above shows this entry already */
			continue;
		texts[count] = arena_printf(arena, "%s %s", entry_title(view, INBOX_COUNT + i),
					    entry_count(arena, frame, INBOX_COUNT + i));
		cells[count] = surface_text_width(surface, texts[count]);
		if (box.cols < taken + cells[count] + 2)
			break;
		taken += cells[count] + 2;
		which[count++] = INBOX_COUNT + i;
	}
	size_t col = box.col + box.cols - taken + 2;
	for (size_t i = 0; i < count; i++) {
		surface_put(surface, box.row, col, cells[i], which[i] == ALERTS_ENTRY ? THEME_DANGER : THEME_MUTED,
			    texts[i]);
		surface_add_zone(surface, (struct box){ box.row, col, 1, cells[i] }, ZONE_INBOX, which[i]);
		col += cells[i] + 2;
	}
}

static void draw_queue_title(const struct inbox_view *view, struct surface *surface, struct box box,
			     const struct frame *frame)
{
	/* The list is in a pane next to the inboxes or a case: its title then has the list's name */
	bool named = box.cols < surface->cols;
	struct arena *arena = &surface->arena;
	const struct queue *queue = view->queue;
	size_t entry = inbox_entry_index(queue, view->views);
	struct pen pen = pen_at(surface, box.row, box.col + 1, sub_sat(box.cols, 2));
	int64_t total = queue->shown_response ? queue->shown_response->total : -1;
	const char *cases =
		total < 0 ? "reading"
			  : arena_printf(arena, "%s%s case%s", number_text(arena, total),
					 queue->shown_response->is_total_capped ? "+" : "", total == 1 ? "" : "s");
	const char *marked = queue->marked_cases && queue->marked_cases->count
				     ? arena_printf(arena, "%zu marked · ", queue->marked_cases->count)
				     : "";
	const char *text = arena_printf(arena, "%s%s · %s · filter: ", marked, cases,
					queue_has_id_filter(queue) ? "of all inboxes" : queue_sort_title(queue->sort));
	if (queue_is_partial(queue))
		text = arena_printf(
			arena,
			"scanned %s of %s%s%s · filter: ", number_text(arena, queue->shown_response->scanned_count),
			number_text(arena, queue->shown_response->scan_total), queue->waiting ? ", " : " · ",
			queue->waiting ? "Esc cancels" : queue_sort_title(queue->sort));
	else if (view->is_reading_slow)
		text = "searching, Esc cancels · filter: ";
	const char *filter = queue->filter.len ? queue->filter.buf : glyph_text(surface->mode, GLYPH_DASH);
	enum theme_role filter_role = queue->filter.len ? THEME_ACCENT : THEME_MUTED;
	if (named) {
		pen_put(&pen, entry_role(entry, frame), queue_title(queue));
		size_t cells = surface_text_width(surface, text) + surface_text_width(surface, filter),
		       gap = pen.col + 2;
		pen.col = pen.end > cells + gap ? pen.end - cells : gap;
	}
	pen_put(&pen, THEME_MUTED, text);
	pen_put(&pen, filter_role, filter);
	if (!named)
		draw_views(view, surface, (struct box){ box.row, pen.col, 1, sub_sat(pen.end, pen.col) }, frame);
}

static const char *empty_sentence(const struct queue *queue, struct arena *arena)
{
	if (queue_is_partial(queue))
		return queue->waiting ? "No case was found yet." : "No case was found before the search was cancelled.";
	if (queue->filter.len)
		return "No case matches this filter. Esc shows all cases again.";
	if (queue->shows_view && !strcmp(queue->view_name, "mine"))
		return arena_printf(arena, "%s Press %s to claim and open the most urgent one.", queue->empty_view_text,
				    keymap_key_or_name(arena, COMMAND_NEXT_CASE));
	if (queue->shows_view)
		return *queue->empty_view_text ? queue->empty_view_text : "No case is in this view now.";
	if (queue->inbox == INBOX_MANUAL_REVIEW)
		return "Nothing to review. Add new cases with: kybdesk import FILE";
	return "This inbox is empty. 1 to 7 choose another.";
}

static void draw_queue(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	struct arena *arena = &surface->arena;
	struct queue *queue = view->queue;
	size_t count = queue_row_count(queue), page = sub_sat(box.rows, 1);
	view->visible_row_count = queue->rows_shown = page;
	queue->top = scrolled_top(queue->top, queue->cursor, page, count);
	const struct grid grid = queue_grid(queue, arena, frame, surface, box);
	surface->screen_reader.is_temporary_frame |= (!queue->shown_response || queue->is_searching) && !view->problem;
	surface->screen_reader.is_list_loading = queue->waiting && !view->is_reading_slow;
	const struct box sentence = { box.row + 1, box.col + 2, sub_sat(box.rows, 1), sub_sat(box.cols, 4) };
	if (view->problem)
		surface_put_lines(surface, sentence, THEME_DANGER, view->problem);
	else if (!count && queue->shown_response)
		surface_put_lines(surface, sentence, THEME_MUTED, empty_sentence(queue, arena));
	else if (count)
		grid_draw(&grid, surface, box, 0, view->is_case_not_in_list ? SIZE_MAX : queue->cursor - queue->top,
			  !view->is_inbox_pane_focused && !view->is_case_focused, ZONE_QUEUE);
}

static void draw_two_panes(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	size_t left = inbox_panes(box.cols).inboxes_cols;
	draw_inboxes(view, surface, (struct box){ box.row, box.col, box.rows, left }, frame);
	surface_draw_border(surface, box, box.col + left);
	struct box right = { box.row, box.col + left + 1, box.rows, sub_sat(box.cols, left + 1) };
	size_t preview = box.rows / 3;
	preview = clamp(preview, PREVIEW_ROWS_MIN, PREVIEW_ROWS_MAX);
	size_t rows = sub_sat(right.rows, preview + 1);
	draw_queue_title(view, surface, right, frame);
	draw_queue(view, surface, (struct box){ right.row + 1, right.col, sub_sat(rows, 1), right.cols }, frame);
	surface_draw_rule(surface, right.row + rows, right.col, right.cols, THEME_BORDER);
	if (view->preview)
		preview_draw(view->preview, surface,
			     (struct box){ right.row + rows + 1, right.col + 1, preview, sub_sat(right.cols, 2) },
			     frame);
}

void inbox_draw_list(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	if (box.rows < 3)
		return;
	draw_queue_title(view, surface, box_row(box, 0), frame);
	draw_queue(view, surface, box_skip_rows(box, 1), frame);
}

void inbox_draw(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	if (box.rows < 5)
		return;
	frame_draw_header(frame, surface, box.row);
	struct box below = box_skip_rows(box, 1);
	if (has_panes(box.cols)) {
		draw_two_panes(view, surface, below, frame);
		return;
	}
	draw_inbox_strip(view, surface, below, frame);
	inbox_draw_list(view, surface, box_skip_rows(below, 1), frame);
}
