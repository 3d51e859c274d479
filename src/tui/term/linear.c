#include "linear.h"
#include "paint.h"

#include "kybdesk/base/arena.h"

#include <stdlib.h>
#include <string.h>

#define PART_HASHES_MAX 512
#define CELL_POINTS 8

struct line {
	const char *text;
	size_t row;
	enum zone_kind zone;
	bool is_edge_row;	/* the line is the first or last row of the screen */
	bool has_tabs;		/* the line has the title of the current tab or list */
	bool has_column_titles; /* the line has the column titles of a list */
	bool is_status_row, is_detail;
};
struct linear_frame {
	struct arena arena;
	uint64_t screen_hash, tab_or_list_id;
	bool has_overlay, is_temporary_frame, is_list_loading;
	struct line *lines;
	size_t count, capacity;
	const char *title, *focus, *label, *field, *detail; /* NULL none */
	size_t focus_row, focus_index, field_row;
	enum zone_kind focus_zone;
};

static void frame_free(struct linear_frame *frame)
{
	if (!frame)
		return;
	arena_release(&frame->arena);
	free(frame);
}

static void frame_replace(struct linear_frame **place, struct linear_frame *frame)
{
	if (*place != frame)
		frame_free(*place);
	*place = frame;
}

void linear_forget_frames(struct linear *linear)
{
	frame_replace(&linear->spoken_frame, NULL);
	frame_replace(&linear->frame_before_dialog, NULL);
	linear->part_hash_count = 0;
}

void linear_release(struct linear *linear)
{
	linear_forget_frames(linear);
	frame_replace(&linear->unspoken_frame, NULL);
	free(linear->part_hashes);
	*linear = (struct linear){ 0 };
}

/* The line that is being made from a row. A row has several parts if more than one blank separates them. */
struct builder {
	const struct surface *surface;
	size_t titles_row; /* row with the column titles; 0: none */
	struct strbuf line, part;
	size_t from, end;   /* columns of the current part */
	bool is_typed_text; /* the current part is text in a field */
	bool has_buttons;
};

static bool is_blank(const struct cell *cell)
{
	return cell->width == 1 && cell->length == 1 && cell->text[0] == ' ';
}

/* Adds the title of the part's column, which is spoken before a part without letters, like a number. */
static void add_title(struct builder *builder)
{
	const struct surface *surface = builder->surface;
	size_t row = builder->titles_row, from = builder->from, end = builder->end;
	while (from < end && is_blank(surface_cell(surface, row, from)))
		from++;
	if (from == end)
		return;
	while (from && !is_blank(surface_cell(surface, row, from - 1)))
		from--;
	for (; from < surface->cols && !is_blank(surface_cell(surface, row, from)); from++) {
		const struct cell *cell = surface_cell(surface, row, from);
		strbuf_add(&builder->line, cell->text, cell->length);
	}
	strbuf_addch(&builder->line, ' ');
}

static bool has_letters(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80 || (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z'))
			return true;
	return false;
}

/* Words that are spoken for a mark at the start of a part. */
static const struct {
	const char *mark, *words;
} before[] = { { "[x] ", "checked: " },
	       { "[ ] ", "not checked: " },
	       { "(*) ", "chosen: " },
	       { "( ) ", "not chosen: " },
	       { "! ", "attention: " } };

static void flush_part(struct builder *builder)
{
	while (builder->part.len && builder->part.buf[builder->part.len - 1] == ' ')
		strbuf_truncate(&builder->part, builder->part.len - 1);
	size_t length = builder->part.len;
	const char *text = builder->part.buf, *words = "";
	bool button = builder->has_buttons && length > 2 && text[0] == '[' && text[length - 1] == ']';
	if (button) { /* omits brackets: they mark the focused button, which is spoken separately, too */
		strbuf_truncate(&builder->part, length - 1);
		text++;
	}
	for (size_t i = 0; !builder->is_typed_text && !button && i < sizeof before / sizeof *before; i++)
		if (!strncmp(text, before[i].mark, strlen(before[i].mark))) {
			words = before[i].words;
			text += strlen(before[i].mark);
			break;
		}
	if (builder->is_typed_text && !length)
		text = "empty";
	else if (!strcmp(text, "—") || !strcmp(text, "-"))
		text = "none";
	size_t colon = strlen(text) > 3 ? strlen(text) - 3 : 0;
	bool nothing = !builder->is_typed_text && colon && !strcmp(text + colon, "—") && text[colon - 1] == ' ';
	bool bare = builder->titles_row && *text && (!has_letters(text) || !strcmp(text, "none"));
	if (builder->line.len && *text) {
		bool ends = builder->line.buf[builder->line.len - 1] == ':';
		strbuf_adds(&builder->line, ends ? " " : builder->is_typed_text ? ": " : ", ");
	}
	if (bare)
		add_title(builder);
	strbuf_adds(&builder->line, words);
	strbuf_add(&builder->line, text, nothing ? colon : strlen(text));
	strbuf_adds(&builder->line, nothing ? "none" : "");
	strbuf_reset(&builder->part);
	builder->is_typed_text = false;
}

/* The words that are spoken for a mark of the program, instead of the mark itself. NULL: the character is not a
 * mark. */
static const char *spoken_words(wchar_t point)
{
	static const struct {
		wchar_t point;
		const char *words;
	} marks[] = { { L'✓', "ok" },	      { L'✗', "not ok " }, { L'→', "to" },	{ L'‹', "from" },
		      { L'↩', "returned" },   { L'├', "below: " }, { L'└', "below: " }, { L'↑', "more above" },
		      { L'↓', "more below" }, { L'·', "," },	   { L'●', "" } };
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (marks[i].point == point)
			return marks[i].words;
	/* Characters that draw lines and bars are not spoken: the number of a bar is next to the bar. */
	return point >= 0x2500 && point <= 0x259f ? "" : NULL;
}

static void add_cell(struct builder *builder, const struct cell *cell)
{
	wchar_t points[CELL_POINTS + 1];
	size_t count = cell_decode(cell, builder->surface->mode, points, CELL_POINTS);
	const char *words = count == 1 && !builder->is_typed_text ? spoken_words(points[0]) : NULL;
	if (words && points[0] == L'·') { /* the mark "·" is spoken as a comma after the previous word */
		if (builder->part.len && builder->part.buf[builder->part.len - 1] == ' ')
			strbuf_truncate(&builder->part, builder->part.len - 1);
		strbuf_adds(&builder->part, builder->part.len ? words : "");
		return;
	}
	if (words && *words && builder->part.len && builder->part.buf[builder->part.len - 1] != ' ')
		strbuf_addch(&builder->part, ' ');
	if (words)
		strbuf_adds(&builder->part, words);
	else
		strbuf_add(&builder->part, cell->text, cell->length);
}

/* The first clickable zone in these columns of a row; a zone of the kind ZONE_NONE if the columns have none. */
static const struct zone *zone_at(const struct surface *surface, size_t row, size_t from, size_t end)
{
	static const struct zone none = { .kind = ZONE_NONE };
	const struct zone *zone = NULL;
	for (size_t col = from; col < end && !zone; col++)
		zone = surface_zone_at(surface, row, col);
	return zone ? zone : &none;
}

/* The text that is spoken for a row, or for a part of a row; "" none. */
static char *line_text(struct arena *arena, const struct surface *surface, size_t row, size_t from, size_t end)
{
	size_t titles = surface->screen_reader.column_titles_row, gap = 0;
	enum zone_kind zone = zone_at(surface, row, from, end)->kind;
	struct builder builder = { .surface = surface, .line = STRBUF_INIT, .part = STRBUF_INIT };
	builder.has_buttons = zone == ZONE_BUTTON;
	builder.titles_row = row > titles && (zone == ZONE_QUEUE || zone == ZONE_GRID) ? titles : 0;
	for (size_t col = from; col < end; col++) {
		const struct cell *cell = surface_cell(surface, row, col);
		bool typed = cell->role == THEME_FIELD;
		if (typed != builder.is_typed_text) {
			if (builder.part.len || builder.is_typed_text)
				flush_part(&builder);
			builder.is_typed_text = typed;
			gap = 0;
		}
		if (cell->is_ornament || (!typed && is_blank(cell))) {
			gap += cell->is_ornament ? 2 : 1;
			continue;
		}
		if (gap > 1 && builder.part.len)
			flush_part(&builder);
		else if (gap && builder.part.len && builder.part.buf[builder.part.len - 1] != ' ')
			strbuf_addch(&builder.part, ' ');
		gap = 0;
		if (!builder.part.len)
			builder.from = col;
		builder.end = col + 1;
		if (cell->width)
			add_cell(&builder, cell);
	}
	if (builder.part.len || builder.is_typed_text)
		flush_part(&builder);
	char *text = strbuf_to_arena(&builder.line, arena);
	strbuf_release(&builder.line);
	strbuf_release(&builder.part);
	return text;
}

static const char *box_text(struct arena *arena, const struct surface *surface, const struct box *box)
{
	const char *text = box->rows ? line_text(arena, surface, box->row, box->col, box->col + box->cols) : "";
	return *text ? text : NULL;
}

static bool box_has_row(const struct box *box, size_t row)
{
	return row >= box->row && row - box->row < box->rows;
}

static void add_lines(struct linear_frame *frame, const struct surface *surface, const struct box *box)
{
	const struct screen_reader_data *screen_reader = &surface->screen_reader;
	for (size_t row = 0; row < surface->rows; row++) {
		bool inside = box_has_row(box, row), covered = inside && box->rows < surface->rows,
		     news = screen_reader->has_status_row && row == screen_reader->status_row && !covered;
		if (!inside && !news)
			continue;
		size_t from = inside ? box->col : 0, end = inside ? box->col + box->cols : surface->cols;
		const char *text = line_text(&frame->arena, surface, row, from, end);
		if (!*text)
			continue;
		*ARENA_PUSH(&frame->arena, frame->lines, frame->count, frame->capacity) =
			(struct line){ .text = text,
				       .row = row,
				       .zone = zone_at(surface, row, from, end)->kind,
				       .is_edge_row = row == 0 || row + 1 == surface->rows,
				       .has_tabs = screen_reader->title.rows && screen_reader->title.row == row,
				       .has_column_titles = screen_reader->column_titles_row &&
							    screen_reader->column_titles_row == row,
				       .is_status_row = news,
				       .is_detail = box_has_row(&screen_reader->detail, row) };
	}
}

/* Joins the lines of the selected item's explanation into one sentence. */
static const char *detail_text(struct linear_frame *frame)
{
	const char *whole = NULL;
	for (size_t i = 0; i < frame->count; i++)
		if (frame->lines[i].is_detail)
			whole = whole ? arena_printf(&frame->arena, "%s %s", whole, frame->lines[i].text)
				      : frame->lines[i].text;
	return whole;
}

static struct linear_frame *make_frame(const struct surface *surface)
{
	const struct screen_reader_data *screen_reader = &surface->screen_reader;
	const struct box *focus = &screen_reader->focus;
	struct linear_frame *frame = xcalloc(1, sizeof *frame);
	frame->screen_hash = screen_reader->screen_hash;
	frame->tab_or_list_id = screen_reader->tab_or_list_id;
	frame->is_temporary_frame = screen_reader->is_temporary_frame;
	frame->is_list_loading = screen_reader->is_list_loading;
	frame->has_overlay = screen_reader->overlay.rows > 0;
	struct box box =
		frame->has_overlay ? screen_reader->overlay : (struct box){ 0, 0, surface->rows, surface->cols };
	add_lines(frame, surface, &box);
	frame->title = box_text(&frame->arena, surface, &screen_reader->title);
	frame->focus = box_text(&frame->arena, surface, focus);
	frame->label = box_text(&frame->arena, surface, &screen_reader->label);
	frame->detail = detail_text(frame);
	const struct zone *zone = zone_at(surface, focus->row, focus->col, focus->col + focus->cols);
	frame->focus_zone = zone->kind;
	frame->focus_row = focus->row;
	/* The index identifies the selected item. But in a queue, rows above the case may be added or removed, so
	 * the text identifies the case. */
	frame->focus_index = zone->kind == ZONE_NONE ? focus->row : zone->kind == ZONE_QUEUE ? 0 : zone->index;
	frame->field_row = surface->cursor_row;
	if (surface->is_cursor_shown)
		frame->field = line_text(&frame->arena, surface, surface->cursor_row, box.col, box.col + box.cols);
	return frame;
}

/* Whether the part was spoken before; remembers the part. Only the last PART_HASHES_MAX parts are remembered. */
static bool is_part_repeated(struct linear *linear, const char *part, size_t length)
{
	uint64_t sum = hash_add_bytes(HASH_BEGIN, part, length);
	for (size_t i = 0; i < linear->part_hash_count && i < PART_HASHES_MAX; i++)
		if (linear->part_hashes[i] == sum)
			return true;
	if (!linear->part_hashes)
		linear->part_hashes = xcalloc(PART_HASHES_MAX, sizeof *linear->part_hashes);
	linear->part_hashes[linear->part_hash_count++ % PART_HASHES_MAX] = sum;
	return false;
}

/* How the user came from the previous frame to the current one. */
enum arrival {
	ARRIVAL_NEW_SCREEN,    /* a screen or dialog was opened */
	ARRIVAL_DIALOG_CLOSED, /* the dialog above this screen was closed */
	ARRIVAL_OTHER_TAB,     /* the same screen shows another tab or list */
	ARRIVAL_SAME_TAB       /* the same screen, tab and list */
};

struct speaker {
	struct linear *linear;
	const struct linear_frame *now, *last; /* last: the earlier frame to compare with, NULL none */
	struct strbuf *out;
	size_t last_line; /* position in `out` of the last line that was spoken */
};

/* Speaks a text. what: a label that is spoken before the text; "" none. */
static void speak_with_label(struct speaker *speaker, const char *what, const char *text)
{
	speaker->last_line = speaker->out->len;
	strbuf_addf(speaker->out, "%s%s%s\r\n", what, *what ? ": " : "", text);
}

static void speak_text(struct speaker *speaker, const char *text)
{
	speak_with_label(speaker, "", text);
}

/* Whether the zone is a row of a list, through which the cursor moves row by row. */
static bool is_list_zone(enum zone_kind zone)
{
	return zone == ZONE_QUEUE || zone == ZONE_GRID || zone == ZONE_CHECKLIST || zone == ZONE_FIELD ||
	       zone == ZONE_ACTION;
}

static bool is_in_last_line(const struct speaker *speaker, const char *text)
{
	return speaker->out->len && strstr(speaker->out->buf + speaker->last_line, text);
}

/* Length of the first part of a line: up to the next ", ". */
static size_t part_length(const char *text)
{
	const char *end = strstr(text, ", ");
	return end ? (size_t)(end - text) : strlen(text);
}

/* Whether the earlier frame had this text as a line, or at the start of a line. */
static bool frame_has_text(const struct linear_frame *last, const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; last && i < last->count; i++)
		if (!strncmp(last->lines[i].text, text, length) &&
		    (!last->lines[i].text[length] || !strncmp(last->lines[i].text + length, ", ", 2)))
			return true;
	return false;
}

/* The line of the earlier frame that has the same first part as this text, NULL none. */
static const char *previous_line(const struct linear_frame *last, const char *text)
{
	size_t first = part_length(text);
	for (size_t i = 0; last && text[first] && i < last->count; i++)
		if (part_length(last->lines[i].text) == first && !strncmp(last->lines[i].text, text, first))
			return last->lines[i].text;
	return NULL;
}

static bool has_line_part(const char *text, const char *part, size_t length)
{
	for (; *text; text += part_length(text), text += *text ? 2 : 0)
		if (part_length(text) == length && !strncmp(text, part, length))
			return true;
	return false;
}

/* Speaks only the new parts of a line: the parts that are not in `prior`; if prior is NULL, the parts that were
 * never spoken. */
static void speak_parts(struct speaker *speaker, const char *text, const char *prior)
{
	struct strbuf fresh = STRBUF_INIT;
	for (const char *part = text; *part;) {
		size_t length = part_length(part);
		if (prior ? !has_line_part(prior, part, length) : !is_part_repeated(speaker->linear, part, length)) {
			strbuf_adds(&fresh, fresh.len ? ", " : "");
			strbuf_add(&fresh, part, length);
		}
		part += length;
		part += *part ? 2 : 0;
	}
	if (fresh.len)
		speak_text(speaker, fresh.buf);
	strbuf_release(&fresh);
}

/* Speaks the changed parts of a line, such as a counter or a state. But a row of a list is spoken completely. */
static void speak_changed_parts(struct speaker *speaker, const struct line *line)
{
	const char *prior = is_list_zone(line->zone) ? NULL : previous_line(speaker->last, line->text);
	if (prior || (speaker->last && line->zone == ZONE_BUTTON))
		speak_parts(speaker, line->text, prior);
	else
		speak_text(speaker, line->text);
}

static bool has_focus_moved(const struct linear_frame *now, const struct linear_frame *last)
{
	return now->focus && (!last || !last->focus || last->focus_zone != now->focus_zone ||
			      last->focus_index != now->focus_index || strcmp(last->focus, now->focus) != 0);
}

/* Whether the edited field has newly got the focus, or its text has changed. */
static bool has_field_changed(const struct linear_frame *now, const struct linear_frame *last)
{
	return now->field &&
	       (!last || !last->field || last->field_row != now->field_row || strcmp(last->field, now->field) != 0);
}

static bool is_same_field(const struct linear_frame *now, const struct linear_frame *last)
{
	return last && last->label && now->label && now->focus_index == last->focus_index &&
	       !strcmp(now->label, last->label);
}

/* Whether the focus has moved, or the label of the selected item has changed (it may contain a search text). */
static bool has_focus_changed(const struct linear_frame *now, const struct linear_frame *last)
{
	return has_focus_moved(now, last) || (now->focus && now->label && !is_same_field(now, last));
}

/* Whether the line is not spoken because it is a row of a list. In queues and lists of actions, only the row under
 * the cursor is spoken. In other lists, this applies only if the tab is the same and the focus has changed. */
static bool is_skipped_row(const struct speaker *speaker, const struct line *line, enum arrival arrival)
{
	if (line->zone == ZONE_QUEUE || line->zone == ZONE_ACTION)
		return true;
	return arrival == ARRIVAL_SAME_TAB && is_list_zone(line->zone) &&
	       has_focus_changed(speaker->now, speaker->last);
}

static void speak_status_news(struct speaker *speaker)
{
	/* Compares with the frame that was spoken last, even if a dialog was opened or closed in between. */
	const struct linear_frame *now = speaker->now;
	for (size_t i = 0; i < now->count; i++)
		if (now->lines[i].is_status_row && !frame_has_text(speaker->linear->spoken_frame, now->lines[i].text))
			speak_text(speaker, now->lines[i].text);
}

/* Speaks a line that several screens have: the first and last row, the tabs, the column titles. Only new parts are
 * spoken, and only when the screen opens or changes, or the rows of a list arrive. False: the line is of another kind. */
static bool speak_shared_line(struct speaker *speaker, const struct line *line, enum arrival arrival)
{
	if (!line->is_edge_row && !line->has_tabs && !line->has_column_titles)
		return false;
	bool rows_arrived = speaker->last && speaker->last->is_list_loading && !speaker->now->is_list_loading;
	if (arrival == ARRIVAL_SAME_TAB && !rows_arrived)
		return true;
	if (line->is_edge_row || arrival == ARRIVAL_NEW_SCREEN || line->has_column_titles)
		speak_parts(speaker, line->text, NULL);
	if (line->has_tabs && arrival != ARRIVAL_DIALOG_CLOSED && arrival != ARRIVAL_SAME_TAB)
		speak_with_label(speaker, "here", speaker->now->title);
	return true;
}

/* Speaks the explanation of the selected item. While the cursor moves quickly, only the rows are spoken; the
 * explanation follows when the cursor has stopped. */
static void speak_item_detail(struct speaker *speaker, enum arrival arrival)
{
	const struct linear_frame *now = speaker->now, *last = speaker->last;
	if (!now->detail || (last && last->detail && !strcmp(last->detail, now->detail)))
		return;
	if (arrival == ARRIVAL_SAME_TAB && has_focus_moved(now, last))
		speaker->linear->detail_pending = true;
	else
		speak_text(speaker, now->detail);
}

static void speak_line(struct speaker *speaker, const struct line *line, enum arrival arrival)
{
	const struct linear_frame *now = speaker->now;
	bool opens = arrival == ARRIVAL_NEW_SCREEN;
	if (line->is_status_row || line->is_detail || speak_shared_line(speaker, line, arrival))
		return;
	if (now->field && line->row == now->field_row) {
		if (has_field_changed(now, speaker->last))
			speak_text(speaker, line->text);
	} else if ((arrival == ARRIVAL_SAME_TAB || arrival == ARRIVAL_DIALOG_CLOSED) && now->focus &&
		   line->row == now->focus_row && line->zone != ZONE_BUTTON) {
		return; /* the row with the focus is spoken last, by speak_focus() */
	} else if (!is_skipped_row(speaker, line, arrival) && (opens || !frame_has_text(speaker->last, line->text))) {
		speak_changed_parts(speaker, line);
	}
}

/* Whether the field that had the focus was closed, so that the selected item must be spoken again. */
static bool has_field_closed(const struct linear_frame *now, const struct linear_frame *last)
{
	return !now->field && last && last->field;
}

/* Speaks the selected item at the end: the row under the cursor, or the button that has the focus. */
static void speak_focus(struct speaker *speaker, enum arrival arrival)
{
	const struct linear_frame *now = speaker->now;
	bool listed = now->focus_zone == ZONE_GRID || now->focus_zone == ZONE_CHECKLIST;
	if (!now->focus || (now->field && now->field_row == now->focus_row))
		return;
	if (arrival != ARRIVAL_SAME_TAB && listed)
		speak_with_label(speaker, "cursor", now->focus);
	else if (arrival == ARRIVAL_SAME_TAB && !has_focus_changed(now, speaker->last) &&
		 !has_field_closed(now, speaker->last))
		return;
	else if (now->focus_zone == ZONE_BUTTON)
		speak_with_label(speaker, "here", now->focus);
	else if (now->label && !is_same_field(now, speaker->last))
		speak_with_label(speaker, now->label, now->focus);
	else if (!is_in_last_line(speaker, now->focus))
		speak_text(speaker, now->focus);
}

/* Finds how the user came to the frame `now`; *last becomes the earlier frame to compare with, NULL none. */
static enum arrival find_arrival(const struct linear *linear, const struct linear_frame *now,
				 const struct linear_frame **last)
{
	const struct linear_frame *spoken = linear->spoken_frame, *under = linear->frame_before_dialog;
	*last = NULL;
	if (spoken && spoken->screen_hash == now->screen_hash && spoken->has_overlay == now->has_overlay) {
		*last = spoken;
		return spoken->tab_or_list_id == now->tab_or_list_id ? ARRIVAL_SAME_TAB : ARRIVAL_OTHER_TAB;
	}
	if (now->has_overlay || !under || under->screen_hash != now->screen_hash)
		return ARRIVAL_NEW_SCREEN;
	*last = under;
	return under->tab_or_list_id == now->tab_or_list_id ? ARRIVAL_DIALOG_CLOSED : ARRIVAL_OTHER_TAB;
}

static void speak_pending_frame(struct linear *linear, int64_t now_ms, struct strbuf *out)
{
	const struct linear_frame *now = linear->unspoken_frame, *spoken = linear->spoken_frame;
	if (!now)
		return;
	struct strbuf lines = STRBUF_INIT;
	struct speaker speaker = { .linear = linear, .now = now, .out = &lines };
	enum arrival arrival = find_arrival(linear, now, &speaker.last);
	linear->detail_pending &= arrival == ARRIVAL_SAME_TAB;
	speak_status_news(&speaker);
	for (size_t i = 0; i < now->count; i++)
		speak_line(&speaker, &now->lines[i], arrival);
	speak_item_detail(&speaker, arrival);
	speak_focus(&speaker, arrival);
	if (linear->detail_pending && has_focus_moved(now, speaker.last))
		linear->detail_ms = now_ms + LINEAR_PAUSE_MS;
	if (lines.len && now->is_temporary_frame)
		linear->progress_spoken_ms = now_ms;
	linear->byte_count += lines.len;
	strbuf_add(out, lines.buf, lines.len);
	strbuf_release(&lines);
	if (now->has_overlay && spoken && !spoken->has_overlay) {
		frame_replace(&linear->frame_before_dialog, linear->spoken_frame);
		linear->spoken_frame = NULL;
	} else if (!now->has_overlay) {
		frame_replace(&linear->frame_before_dialog, NULL);
	}
	frame_replace(&linear->spoken_frame, linear->unspoken_frame);
	linear->unspoken_frame = NULL;
}

static bool continues_typing(const struct linear_frame *now, const struct linear_frame *prior)
{
	return now->field && prior && prior->field && prior->screen_hash == now->screen_hash &&
	       prior->field_row == now->field_row;
}

/* If the user typed text and left the field without a pause, the text was not spoken yet: speaks it first. */
static void speak_typed_text(struct linear *linear, int64_t now_ms, const struct linear_frame *now, struct strbuf *out)
{
	if (linear->due_ms && linear->unspoken_frame && linear->unspoken_frame->field &&
	    !continues_typing(now, linear->unspoken_frame))
		speak_pending_frame(linear, now_ms, out);
}

void linear_update(struct linear *linear, const struct surface *surface, int64_t now_ms, struct strbuf *out)
{
	struct linear_frame *now = make_frame(surface);
	const struct linear_frame *prior = linear->unspoken_frame ? linear->unspoken_frame : linear->spoken_frame;
	int64_t due_ms = now_ms + LINEAR_PROGRESS_MIN_MS;
	int64_t again_ms = linear->progress_spoken_ms ? linear->progress_spoken_ms + LINEAR_PROGRESS_EVERY_MS : 0;
	bool on = continues_typing(now, prior);
	/* While a newly opened list is being read, its frame is held back like a progress message, until the rows
	 * arrive. While the spoken list is read again, cursor movement is still spoken. */
	now->is_temporary_frame |= now->is_list_loading && linear->spoken_frame &&
				   linear->spoken_frame->tab_or_list_id != now->tab_or_list_id;
	speak_typed_text(linear, now_ms, now, out);
	if (on && strcmp(now->field, prior->field) != 0)
		linear->due_ms = now_ms + LINEAR_PAUSE_MS;
	else if (now->is_temporary_frame && !linear->due_ms)
		linear->due_ms = due_ms > again_ms ? due_ms : again_ms;
	else if (!now->is_temporary_frame && !(on && linear->due_ms))
		linear->due_ms = 0;
	frame_replace(&linear->unspoken_frame, now);
	if (!linear->due_ms)
		speak_pending_frame(linear, now_ms, out);
}

int64_t linear_due_ms(const struct linear *linear)
{
	int64_t detail = linear->detail_pending ? linear->detail_ms : 0;
	return !linear->due_ms || (detail && detail < linear->due_ms) ? detail : linear->due_ms;
}

void linear_speak(struct linear *linear, int64_t now_ms, bool all, struct strbuf *out)
{
	if (linear->due_ms && (all || linear->due_ms <= now_ms)) {
		linear->due_ms = 0;
		speak_pending_frame(linear, now_ms, out);
	}
	if (!linear->detail_pending || (!all && linear->detail_ms > now_ms))
		return;
	linear->detail_pending = false;
	if (linear->spoken_frame && linear->spoken_frame->detail) {
		strbuf_addf(out, "%s\r\n", linear->spoken_frame->detail);
		linear->byte_count += strlen(linear->spoken_frame->detail) + 2;
	}
}
