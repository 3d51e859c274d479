/* A snapshot of the case before a record of its audit log (desk/history.h). */
#include "kybdesk/desk/history.h"
#include "kybdesk/tui/page.h"
#include "kybdesk/tui/sentence.h"

#include <stdlib.h>

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct arena *arena = &job->arena;
	struct history_audit_log audit_log = { .items = job->audit.items, .count = job->audit.count };
	struct history history;
	struct history_row *rows;
	audit_log.undone = history_place(&audit_log, strtoll(page->ref, NULL, 10)) + 1;
	if (audit_log.undone > audit_log.count)
		return false;
	history_make(arena, &job->view, &audit_log, &history);
	size_t count = history_rows(arena, &history, &rows);
	const char *when = when_text(arena, history.before->at, frame);
	const char *next = arena_printf(arena, "%s %s", history.before->actor,
					event_sentence(arena, &job->view, history.before, frame));
	page->title = arena_printf(arena, "Snapshot of %s, before %s", when, next);
	facts_heading(&page->grid, arena, "Read-only history; Esc goes back to the current case");
	facts_line(&page->grid, arena, "before", next);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].section[0])
			facts_heading(&page->grid, arena, rows[i].section);
		facts_line(&page->grid, arena, rows[i].label, rows[i].value);
	}
	return true;
}

const struct page_spec history_page = { .fill = fill };
