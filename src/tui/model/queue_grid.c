/* The queue's columns. */
#include "kybdesk/tui/queue.h"

#include "kybdesk/domain/due.h"
#include "kybdesk/domain/list_column.h"
#include "kybdesk/domain/profile.h"

#include <string.h>

/* The second column (marks) exists only in the workbench; the other columns are the same in every list. */
#define MARKS 1
#define REFERENCE (LIST_REFERENCE + (LIST_REFERENCE >= MARKS))
#define WORKFLOW_CELLS_MIN 4
#define SHOWN_COUNT (LIST_COLUMN_COUNT + 1)
_Static_assert(SHOWN_COUNT <= GRID_COLUMNS_MAX, "a grid has room for every column");

static enum list_column column_at(size_t place)
{
	return (enum list_column)(place - (place > MARKS));
}

static enum theme_role role_of(enum list_tone tone)
{
	static const enum theme_role roles[] = { [TONE_PLAIN] = THEME_TEXT,
						 [TONE_MUTED] = THEME_MUTED,
						 [TONE_OK] = THEME_OK,
						 [TONE_WARNING] = THEME_WARNING,
						 [TONE_DANGER] = THEME_DANGER };
	return roles[tone];
}

const char *queue_sort_title(enum sort_key sort)
{
	static const char *const titles[] = { [SORT_DUE] = "most urgent first",
					      [SORT_UPDATED] = "last changed first",
					      [SORT_RISK] = "highest risk first",
					      [SORT_NAME] = "by name" };
	WORDS_HOLD(titles, SORT_KEY_WORDS);
	return titles[sort];
}

static bool is_snoozed(const struct session_item *item, int64_t now)
{
	return item->snoozed_until != TIME_NONE && item->snoozed_until > now;
}

char *marks_text(struct arena *arena, const struct session_item *item, const struct frame *frame)
{
	const char *held = !item->assignee[0]			  ? ""
			   : strcmp(item->assignee, frame->actor) ? MARK_HELD_BY_OTHER
								  : glyph_text(frame->mode, GLYPH_BULLET);
	const char *rests = status_is_decided(item->status)	  ? ""
			    : is_snoozed(item, frame->now)	  ? MARK_SNOOZED
			    : item->waiting || item->unresponsive ? MARK_WAITING
								  : "";
	return arena_printf(arena, "%s%s%s%s", held, rests,
			    item->returned ? glyph_text(frame->mode, GLYPH_RETURNED) : "",
			    item->noted ? MARK_NOTED : "");
}

/* The text of the cell as in every list; due and risk also get a mark, since colour alone is not enough. */
static const char *cell_text(struct arena *arena, enum list_column column, const struct session_item *item,
			     const struct list_value *value, const struct frame *frame)
{
	enum text_mode mode = frame->mode;

	if (column == LIST_WORKFLOW && *item->short_workflow)
		return item->short_workflow;
	if (!value->text[0])
		return glyph_text(mode, GLYPH_DASH);
	if (column == LIST_DUE && due_is_over(item->status, item->due_at, item->due_paused, frame->now))
		return arena_printf(arena, "! %s", value->text);
	if (column == LIST_RISK)
		return arena_printf(arena, "%s %s", value->text, glyph_level(mode, item->risk_score, 100));
	return value->text;
}

static void session_row(struct grid_row *row, struct arena *arena, const struct session_item *item,
			const struct frame *frame, const size_t widths[GRID_COLUMNS_MAX])
{
	for (size_t c = 0; c < SHOWN_COUNT; c++) {
		if (!widths[c])
			continue;
		if (c == MARKS) {
			grid_cell(row, c, THEME_MARK, marks_text(arena, item, frame));
			continue;
		}
		const struct list_value value = list_value(arena, column_at(c), item, frame->now);
		grid_cell(row, c, role_of(value.tone), cell_text(arena, column_at(c), item, &value, frame));
	}
}

static struct grid_column column_of(size_t place, bool states)
{
	const enum list_column column = column_at(place);

	if (place == MARKS)
		return (struct grid_column){ "Now", 3, 4, TEXT_LEFT, false, 0, false };
	const struct list_column_spec *spec = list_column_spec(column);
	/* If all rows are of one inbox, the title shows the status once. */
	bool shown_here = column != LIST_STATUS || states;
	size_t min = shown_here ? spec->min : 0, max = shown_here ? spec->max : 0;
	if (column == LIST_WORKFLOW) { /* short titles (profile.h) fit whole */
		min = WORKFLOW_CELLS_MIN;
		max = PROFILE_SHORT_TITLE_MAX;
	}
	enum text_align align = spec->number ? TEXT_RIGHT : TEXT_LEFT;
	return (struct grid_column){ spec->short_title,		  min,	       max,  align,
				     spec->stretch && shown_here, spec->leave, false };
}

struct grid queue_grid(const struct queue *queue, struct arena *arena, const struct frame *frame,
		       struct surface *surface, struct box box)
{
	size_t widths[GRID_COLUMNS_MAX], rows = box.rows ? box.rows - 1 : 0;
	struct grid_column *columns = arena_alloc_array(arena, SHOWN_COUNT, sizeof *columns);
	bool states = queue->in_view || queue_is_everywhere(queue);
	for (size_t c = 0; c < SHOWN_COUNT; c++)
		columns[c] = column_of(c, states);
	struct grid grid = {
		.columns = columns, .column_count = SHOWN_COUNT, .fixed = true, .ends = REFERENCE + 1
	};
	grid_layout(&grid, surface, surface->still ? SIZE_MAX : box.cols, widths);
	for (size_t i = queue->top; i < queue->top + rows; i++) {
		const struct session_item *item = queue_item(queue, i);
		if (!item)
			break;
		struct grid_row *row = grid_add(&grid, arena, ROW_SESSION, item->id);
		row->marked = queue->marks && marks_has(queue->marks, item->id);
		session_row(row, arena, item, frame, widths);
	}
	return grid;
}
