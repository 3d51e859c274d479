/* The queue's columns. */
#include "kybdesk/tui/queue.h"

#include "kybdesk/domain/due.h"

#include <string.h>

enum queue_column { Q_DUE, Q_MARKS, Q_SUBJECT, Q_COUNTRY, Q_FLOW, Q_RISK, Q_DOCS, Q_PARTIES, Q_HOLDER, Q_COUNT };

static const struct grid_column columns[Q_COUNT] = {
	[Q_DUE] = { "Due", 7, 7, TEXT_RIGHT, false, 0 },
	[Q_MARKS] = { "Now", 3, 4, TEXT_LEFT, false, 0 },
	[Q_SUBJECT] = { "Subject", 16, 44, TEXT_LEFT, true, 0 },
	[Q_COUNTRY] = { "Cty", 3, 3, TEXT_LEFT, false, 3 },
	[Q_FLOW] = { "Flow", 9, 18, TEXT_LEFT, false, 5 },
	[Q_RISK] = { "Risk", 5, 5, TEXT_RIGHT, false, 1 },
	[Q_DOCS] = { "Docs", 4, 5, TEXT_RIGHT, false, 2 },
	[Q_PARTIES] = { "Parties", 7, 7, TEXT_RIGHT, false, 4 },
	[Q_HOLDER] = { "Holder", 6, 10, TEXT_LEFT, false, 6 },
};

const char *queue_sort_title(enum sort_key sort)
{
	switch (sort) {
	case SORT_DUE:
		return "most urgent first";
	case SORT_UPDATED:
		return "last changed first";
	case SORT_RISK:
		return "highest risk first";
	case SORT_NAME:
		return "by name";
	}
	return "";
}

static bool is_open(enum session_status status)
{
	return status != SESSION_APPROVED && status != SESSION_REJECTED;
}

char *due_text(struct arena *arena, const struct session_item *item, int64_t now, bool *over)
{
	bool paused = item->waiting || item->status == SESSION_AWAITING_CLIENT_CORRECTION;
	*over = due_is_over(item->status, item->due_at, paused, now);
	if (!is_open(item->status) || item->due_at == TIME_NONE)
		return arena_strdup(arena, "");
	if (item->waiting && !*over)
		return arena_strdup(arena, "wait");
	return duration_short(arena, item->due_at - now);
}

static enum theme_role share_role(int64_t part, int64_t whole)
{
	return whole && part >= whole ? THEME_OK : THEME_TEXT;
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
	const char *rests = !is_open(item->status)		  ? ""
			    : is_snoozed(item, frame->now)	  ? MARK_SNOOZED
			    : item->waiting || item->unresponsive ? MARK_WAITING
								  : "";
	return arena_printf(arena, "%s%s%s%s", held, rests,
			    item->returned ? glyph_text(frame->mode, GLYPH_RETURNED) : "",
			    item->noted ? MARK_NOTED : "");
}

static void session_row(struct grid_row *row, struct arena *arena, const struct session_item *item,
			const struct frame *frame)
{
	bool over;
	enum text_mode mode = frame->mode;
	const char *due = due_text(arena, item, frame->now, &over);
	const char *dash = glyph_text(mode, GLYPH_DASH);
	grid_cell(row, Q_DUE, over ? THEME_DANGER : THEME_TEXT,
		  arena_printf(arena, "%s%s", over ? "! " : "", due[0] ? due : dash));
	grid_cell(row, Q_MARKS, THEME_MARK, marks_text(arena, item, frame));
	grid_cell(row, Q_SUBJECT, THEME_TEXT, item->subject_name);
	grid_cell(row, Q_COUNTRY, THEME_MUTED, item->country[0] ? item->country : dash);
	grid_cell(row, Q_FLOW, THEME_MUTED, item->workflow);
	grid_cell(row, Q_RISK, item->risk_score >= 70 ? THEME_WARNING : THEME_TEXT,
		  item->risk_score == RISK_NONE ? dash
						: arena_printf(arena, "%d %s", item->risk_score,
							       glyph_level(mode, item->risk_score, 100)));
	grid_cell(row, Q_DOCS, share_role(item->documents_accepted, item->documents_total),
		  item->documents_total ? arena_printf(arena, "%lld/%lld", (long long)item->documents_accepted,
						       (long long)item->documents_total)
					: dash);
	grid_cell(row, Q_PARTIES, share_role(item->parties_verified, item->parties_total),
		  item->parties_total ? arena_printf(arena, "%lld/%lld", (long long)item->parties_verified,
						     (long long)item->parties_total)
				      : dash);
	grid_cell(row, Q_HOLDER, THEME_MUTED, item->assignee[0] ? item->assignee : dash);
}

void queue_grid(const struct queue *queue, struct arena *arena, const struct frame *frame, size_t from,
		size_t count, struct grid *grid)
{
	*grid = (struct grid){ .columns = columns, .column_count = Q_COUNT, .fixed = true };
	for (size_t i = from; i < from + count; i++) {
		const struct session_item *item = queue_item(queue, i);
		if (!item)
			break;
		session_row(grid_add(grid, arena, ROW_SESSION, item->id), arena, item, frame);
	}
}
