#include "kybdesk/tui/inbox_view.h"

#include <string.h>

#define INBOXES_COLS 24 /* what is left at WIDE_COLS shows the columns that narrower screens show */
#define PREVIEW_ROWS_MIN 7
#define PREVIEW_ROWS_MAX 14

static size_t less(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

size_t inbox_entry(const struct queue *queue)
{
	switch (queue->view) {
	case QUEUE_INBOX:
		return (size_t)queue->inbox;
	case QUEUE_MINE:
		return ENTRY_MINE;
	case QUEUE_OVERDUE:
		return ENTRY_OVERDUE;
	}
	return 0;
}

const char *inbox_entry_title(size_t entry)
{
	if (entry < INBOX_COUNT)
		return inbox_text((enum inbox)entry);
	return entry == ENTRY_MINE ? "mine" : "over due";
}

static enum theme_role entry_role(size_t entry)
{
	return entry < INBOX_COUNT ? inbox_role((enum inbox)entry) : THEME_TEXT;
}

static int64_t entry_count(const struct frame *frame, size_t entry)
{
	if (entry < INBOX_COUNT)
		return frame->counts.inboxes[entry];
	return entry == ENTRY_MINE ? frame->counts.mine : frame->counts.overdue;
}

static void draw_entry(const struct inbox_view *view, struct surface *surface, struct box box, size_t entry,
		       const struct frame *frame)
{
	struct arena arena = ARENA_INIT;
	bool here = inbox_entry(view->queue) == entry;
	const char *count = !frame->counts_known  ? ""
			    : entry < INBOX_COUNT ? number_text(&arena, entry_count(frame, entry))
						  : count_text(&arena, entry_count(frame, entry));
	size_t cells = surface_width(surface, count);
	surface_put(surface, box.row, box.col + 1, 1, THEME_ACCENT,
		    here ? glyph_text(surface->mode, GLYPH_CURSOR) : " ");
	surface_put(surface, box.row, box.col + 3, less(box.cols, 5 + cells), entry_role(entry),
		    inbox_entry_title(entry));
	surface_put_aligned(surface, box.row, box.col + less(box.cols, cells + 1), cells,
			    here ? THEME_TITLE : THEME_TEXT, TEXT_RIGHT, count);
	if (here && view->inboxes_focused)
		surface_dye(surface, box, THEME_SELECTION, 0);
	else if (here)
		surface_dye(surface, (struct box){ box.row, box.col + 3, 1, less(box.cols, 4 + cells) },
			    entry_role(entry), CELL_BOLD);
	surface_zone(surface, box, ZONE_INBOX, entry);
	arena_release(&arena);
}

static void draw_inboxes(const struct inbox_view *view, struct surface *surface, struct box box,
			 const struct frame *frame)
{
	size_t row = box.row, end = box.row + box.rows;
	surface_put(surface, row++, box.col + 1, less(box.cols, 2), THEME_MUTED, "Inboxes");
	for (size_t entry = 0; entry < INBOX_ENTRIES && row < end; entry++) {
		if (entry == INBOX_COUNT) {
			row++;
			if (row < end)
				surface_put(surface, row++, box.col + 1, less(box.cols, 2), THEME_MUTED, "Views");
		}
		if (row < end)
			draw_entry(view, surface, (struct box){ row++, box.col, 1, box.cols }, entry, frame);
	}
}

/* 80 columns: one line, the present inbox in full, the others as far as they fit, every count. */
static void draw_strip(const struct inbox_view *view, struct surface *surface, struct box box,
		       const struct frame *frame)
{
	struct arena arena = ARENA_INIT;
	size_t here = inbox_entry(view->queue), entries = here < INBOX_COUNT ? INBOX_COUNT : INBOX_COUNT + 1;
	size_t fixed = 1, name_cells[INBOX_ENTRIES] = { 0 };
	const char *counts[INBOX_ENTRIES];
	size_t which[INBOX_ENTRIES];
	for (size_t i = 0; i < entries; i++) {
		which[i] = i < INBOX_COUNT ? i : here;
		counts[i] = frame->counts_known
				    ? arena_printf(&arena, "%lld", (long long)entry_count(frame, which[i]))
				    : "";
		fixed += strlen(counts[i]) + 3;
		name_cells[i] = strlen(inbox_entry_title(which[i]));
	}
	for (;;) {
		size_t total = fixed, longest = entries;
		for (size_t i = 0; i < entries; i++) {
			total += name_cells[i];
			if (which[i] != here && name_cells[i] > 2 &&
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
		enum theme_role role = which[i] == here ? entry_role(which[i]) : THEME_MUTED;
		struct pen pen = pen_at(surface, box.row, col, less(end, col));
		pen.col += surface_put(surface, box.row, col, name_cells[i], role, inbox_entry_title(which[i]));
		pen_format(&pen, which[i] == here ? THEME_TITLE : THEME_TEXT, " %s", counts[i]);
		struct box area = { box.row, from, 1, less(pen.col, from) };
		if (which[i] == here)
			surface_dye(surface, area, view->inboxes_focused ? THEME_SELECTION : role,
				    CELL_BOLD | CELL_UNDERLINE);
		surface_zone(surface, area, ZONE_INBOX, which[i]);
		col = pen.col + 2;
	}
	arena_release(&arena);
}

/* Where no pane lists them: the views with their counts, at the right, as far as there is room. */
static void draw_views(const struct inbox_view *view, struct surface *surface, struct box box,
		       const struct frame *frame)
{
	struct arena arena = ARENA_INIT;
	size_t end = box.col + box.cols;
	for (size_t entry = INBOX_ENTRIES; frame->counts_known && entry-- > INBOX_COUNT;) {
		const char *text = arena_printf(&arena, "%s %s", inbox_entry_title(entry),
						count_text(&arena, entry_count(frame, entry)));
		size_t cells = surface_width(surface, text);
		bool here = inbox_entry(view->queue) == entry; /* it stands in the strip */
		if (here || end < box.col + cells + 2)
			continue;
		surface_put(surface, box.row, end - cells, cells, THEME_MUTED, text);
		surface_zone(surface, (struct box){ box.row, end - cells, 1, cells }, ZONE_INBOX, entry);
		end -= cells + 2;
	}
	arena_release(&arena);
}

static void draw_queue_title(const struct inbox_view *view, struct surface *surface, struct box box,
			     const struct frame *frame)
{
	bool named = box.cols < surface->cols; /* a pane beside the inboxes */
	struct arena arena = ARENA_INIT;
	const struct queue *queue = view->queue;
	size_t entry = inbox_entry(queue);
	struct pen pen = pen_at(surface, box.row, box.col + 1, less(box.cols, 2));
	int64_t total = queue->shown ? queue->shown->total : -1;
	const char *cases = total < 0 ? "reading"
				      : arena_printf(&arena, "%s%s case%s", number_text(&arena, total),
						     queue->shown->total_more ? "+" : "", total == 1 ? "" : "s");
	const char *text = arena_printf(&arena, "%s · %s · filter: ", cases, queue_sort_title(queue->sort));
	if (view->slow)
		text = "searching, Esc cancels · filter: ";
	const char *filter = queue->filter.len ? queue->filter.buf : glyph_text(surface->mode, GLYPH_DASH);
	enum theme_role filter_role = queue->filter.len ? THEME_ACCENT : THEME_MUTED;
	if (!named) {
		pen_put(&pen, THEME_MUTED, text);
		pen_put(&pen, filter_role, filter);
		draw_views(view, surface, (struct box){ box.row, pen.col, 1, less(pen.end, pen.col) }, frame);
		arena_release(&arena);
		return;
	}
	pen_put(&pen, entry_role(entry), inbox_entry_title(entry));
	size_t cells = surface_width(surface, text) + surface_width(surface, filter), gap = pen.col + 2;
	pen.col = pen.end > cells + gap ? pen.end - cells : gap;
	pen_put(&pen, THEME_MUTED, text);
	pen_put(&pen, filter_role, filter);
	arena_release(&arena);
}

static const char *empty_sentence(const struct queue *queue)
{
	if (queue->filter.len)
		return "No case matches this filter. Press / and Enter on an empty line to see all again.";
	if (queue->view == QUEUE_MINE)
		return "You hold no case. Press n to claim and open the most urgent one.";
	if (queue->view == QUEUE_OVERDUE)
		return "Nothing is over due.";
	if (queue->inbox == INBOX_MANUAL_REVIEW)
		return "Nothing waits for review. New cases come with: kybdesk import FILE";
	return "No case is here now. 1 to 7 choose another inbox.";
}

static void draw_queue(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	struct arena arena = ARENA_INIT;
	struct queue *queue = view->queue;
	size_t count = queue_count(queue), page = less(box.rows, 1);
	struct grid grid;
	view->page = page;
	queue->top = scroll_to(queue->top, queue->cursor, page, count);
	queue_grid(queue, &arena, frame, queue->top, page, &grid);
	size_t margin = less(box.cols, 4);
	if (view->problem)
		surface_put(surface, box.row + 1, box.col + 2, margin, THEME_DANGER, view->problem);
	else if (!count && queue->shown) {
		size_t lines = 0;
		char **text =
			text_wrap(&arena, text_safe(&arena, empty_sentence(queue), surface->mode), margin, &lines);
		for (size_t i = 0; i < lines; i++)
			surface_put(surface, box.row + 1 + i, box.col + 2, margin, THEME_MUTED, text[i]);
	} else if (count)
		grid_draw(&grid, surface, box, 0, queue->cursor - queue->top, !view->inboxes_focused, ZONE_QUEUE);
	arena_release(&arena);
}

static void draw_wide(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	size_t left = INBOXES_COLS;
	draw_inboxes(view, surface, (struct box){ box.row, box.col, box.rows, left }, frame);
	for (size_t row = box.row; row < box.row + box.rows; row++)
		surface_put(surface, row, box.col + left, 1, THEME_BORDER,
			    glyph_text(surface->mode, GLYPH_VERTICAL));
	struct box right = { box.row, box.col + left + 1, box.rows, less(box.cols, left + 1) };
	size_t preview = box.rows / 3;
	preview = preview < PREVIEW_ROWS_MIN   ? PREVIEW_ROWS_MIN
		  : preview > PREVIEW_ROWS_MAX ? PREVIEW_ROWS_MAX
					       : preview;
	size_t rows = less(right.rows, preview + 1);
	draw_queue_title(view, surface, right, frame);
	draw_queue(view, surface, (struct box){ right.row + 1, right.col, less(rows, 1), right.cols }, frame);
	surface_rule(surface, right.row + rows, right.col, right.cols, THEME_BORDER);
	if (view->preview)
		preview_draw(view->preview, surface,
			     (struct box){ right.row + rows + 1, right.col + 1, preview, less(right.cols, 2) },
			     frame);
}

void inbox_draw(struct inbox_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	if (box.rows < 5)
		return;
	frame_header(frame, surface, box.row);
	struct box below = { box.row + 1, box.col, box.rows - 1, box.cols };
	if (box.cols >= WIDE_COLS) {
		draw_wide(view, surface, below, frame);
		return;
	}
	draw_strip(view, surface, below, frame);
	draw_queue_title(view, surface, (struct box){ below.row + 1, below.col, 1, below.cols }, frame);
	draw_queue(view, surface, (struct box){ below.row + 2, below.col, below.rows - 2, below.cols }, frame);
}
