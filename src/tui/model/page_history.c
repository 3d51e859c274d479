/* The pages that show a case at earlier times (desk/read.h): the case before a record of its audit log, or the
 * differences between the case at two records. The ref of a comparison names both records, like "62 71", or "62 0"
 * with 0 for the current case. */
#include "kybdesk/desk/read.h"
#include "model/page.h"

#include <stdlib.h>
#include <string.h>

/* Makes the case as it was before the record `seq`; 0: the current case. False: the audit log does not contain the
 * record. */
static bool make_state_before(struct job *job, int64_t seq, struct history *out)
{
	struct history_audit_log audit_log = { .items = job->audit.items, .count = job->audit.count };
	if (seq)
		audit_log.later_count = history_index(&audit_log, seq) + 1;
	if (audit_log.later_count > audit_log.count)
		return false;
	history_make(&job->arena, &job->view, &audit_log, out);
	return true;
}

static bool fill_history(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	struct history history;
	struct history_row *rows;
	int64_t seq = strtoll(page->ref, NULL, 10);
	if (!seq || !make_state_before(job, seq, &history))
		return false;
	size_t count = history_rows(grid->arena, &history, &rows);
	const char *when = grid_time(grid, history.next_record->at);
	const char *next = grid_printf(grid, "%s %s", history.next_record->actor,
				       event_sentence(grid->arena, &job->view, history.next_record, grid->frame));
	page->title = grid_printf(grid, "Snapshot of %s, before %s", when, next);
	facts_add_heading(grid, "Read-only history; Esc goes back to the current case");
	facts_line(grid, "before", next);
	for (size_t i = 0; i < count; i++) {
		if (rows[i].section[0])
			facts_add_heading(grid, rows[i].section);
		facts_line(grid, rows[i].label, rows[i].value);
	}
	return true;
}

const struct page_spec history_page = { .fill = fill_history };

static const char *state_time_text(struct arena *arena, const struct history *history, const struct frame *frame)
{
	return history->next_record ? arena_printf(arena, "%s, before record %lld",
						   date_time_text(arena, history->next_record->at, frame),
						   (long long)history->next_record->seq)
				    : "now";
}

static bool fill_compare(struct page *page, struct job *job)
{
	struct grid *grid = &page->grid;
	struct history earlier, later;
	struct history_change *changes;
	char *end = NULL;
	int64_t from = strtoll(page->ref, &end, 10), to = strtoll(end, NULL, 10);
	if (!make_state_before(job, from, &earlier) || !make_state_before(job, to, &later))
		return false;
	size_t count = history_changes(grid->arena, &earlier, &later, &changes);
	page_set_title(page, "Compared", "%zu difference%s", count, count == 1 ? "" : "s");
	facts_add_heading(grid, "Two moments of the case");
	facts_line(grid, "before", state_time_text(grid->arena, &earlier, grid->frame));
	facts_line(grid, "after", state_time_text(grid->arena, &later, grid->frame));
	if (!count)
		facts_line(grid, "differences", "none in the audit log");
	for (size_t i = 0; i < count; i++) {
		if (!i || strcmp(changes[i].section, changes[i - 1].section) != 0) {
			facts_add_heading(grid, changes[i].section);
			facts_add_pair_titles(grid, "before", "after");
		}
		facts_add_pair(grid, &(const struct facts_pair){ changes[i].label, changes[i].before, changes[i].after,
								 true, "" });
	}
	return true;
}

const struct page_spec compare_page = { .fill = fill_compare };
