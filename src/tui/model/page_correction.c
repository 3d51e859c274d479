/* A correction: the request, its reason and author, and the client's response, before and after. */
#include "kybdesk/desk/changes.h"
#include "kybdesk/tui/case_model.h"
#include "kybdesk/tui/page.h"

#include <string.h>

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct arena *arena = &job->arena;
	const struct correction *correction = case_correction(&job->view.file, page->ref);
	struct grid *grid = &page->grid;
	struct change *changes;
	if (!correction)
		return false;
	size_t count = correction_changes(arena, &job->view, correction, &changes), shown = 0;
	const struct {
		const char *label;
		int64_t at;
	} times[] = { { "requested", correction->asked_at },
		      { "answered", correction->answered_at },
		      { "closed", correction->closed_at } };
	page->title = arena_printf(arena, "Correction of %s, round %lld %s %s", correction->step_id,
				   (long long)correction->round, glyph_text(frame->mode, GLYPH_DOT),
				   job->view.file.session.subject.name);
	facts_heading(grid, arena, "Request");
	facts_line(grid, arena, "state", correction_state_text(correction->state));
	facts_line(grid, arena, "items", correction_items_text(arena, correction));
	facts_line(grid, arena, "message", correction->message);
	facts_line(grid, arena, "by", correction->asked_by);
	facts_line(grid, arena, "imported by", correction->source);
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		facts_line(grid, arena, times[i].label, when_text(arena, times[i].at, frame));
	if (correction->state == CORRECTION_ACCEPTED && !correction->standing.valid)
		facts_line(grid, arena, "acceptance",
			   arena_printf(arena, "invalid: its basis has changed: %s", correction->standing.changed));
	facts_heading(grid, arena, "Client's answer");
	for (size_t i = 0; i < count; i++) {
		if (!changes[i].came)
			continue;
		if (!shown++)
			facts_pair_titles(grid, arena, "before", "after");
		facts_pair(grid, arena,
			   &(const struct facts_pair){
				   changes[i].what, changes[i].before, changes[i].after, changes[i].changed,
				   changes[i].changed && !strcmp(changes[i].before, changes[i].after)
					   ? "another file with the same name"
					   : "" },
			   frame->mode);
	}
	if (!shown)
		facts_line(grid, arena, "answer",
			   correction->state == CORRECTION_OPEN ? "none yet" : "no values or files recorded");
	return true;
}

const struct page_spec correction_page = { .fill = fill };
