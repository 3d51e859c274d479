/* The case as it once stood, before a record of its trail (desk/past.h). */
#include "kybdesk/desk/past.h"
#include "kybdesk/tui/page.h"
#include "kybdesk/tui/sentence.h"

#include <stdlib.h>

static bool fill(struct page *page, struct work *work, const struct frame *frame)
{
	struct arena *arena = &work->arena;
	struct past_trail trail = { .items = work->audit, .count = work->audit_count };
	struct past past;
	struct past_row *rows;
	trail.undone = past_place(&trail, strtoll(page->ref, NULL, 10)) + 1;
	if (trail.undone > trail.count)
		return false;
	past_make(arena, &work->view, &trail, &past);
	size_t count = past_rows(arena, &past, &rows);
	const char *when = when_text(arena, past.before->at, frame->now, frame->clock_offset_minutes);
	const char *next = arena_printf(arena, "%s %s", past.before->actor,
					event_sentence(arena, &work->view, past.before, frame));
	page->title = arena_printf(arena, "As it stood on %s, before %s", when, next);
	facts_heading(&page->grid, arena, "To look at only: nothing can be changed here, Esc goes back to today");
	facts_line(&page->grid, arena, "before", next);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].section[0])
			facts_heading(&page->grid, arena, rows[i].section);
		facts_line(&page->grid, arena, rows[i].label, rows[i].value);
	}
	return true;
}

const struct page_spec past_page = { .fill = fill };
