/* Parts that several pages share: a judgement with its evidence, and a history. */
#include "kybdesk/tui/page.h"
#include "kybdesk/tui/sentence.h"

#include <string.h>

const struct judgement *case_judgement(const struct case_view *view, enum judgement_kind kind, const char *ref)
{
	for (size_t i = 0; i < view->judgements.count; i++)
		if (view->judgements.items[i].kind == kind && !strcmp(view->judgements.items[i].ref, ref))
			return &view->judgements.items[i];
	return NULL;
}

void facts_judgement(struct grid *grid, struct arena *arena, const struct judgement *judgement,
		     const struct frame *frame)
{
	struct facts_line *lines;
	const char *when = when_text(arena, judgement->at, frame);
	size_t count =
		judgement->basis[0] ? facts_side_by_side(arena, judgement->basis, judgement->now, &lines) : 0;
	/* Other screens start a sentence with this text, so it may end with a comma. */
	size_t length = strlen(judgement->what);
	facts_line(grid, arena, "judged",
		   arena_strndup(arena, judgement->what,
				 length && judgement->what[length - 1] == ',' ? length - 1 : length));
	facts_line(grid, arena, "when", when);
	facts_line(grid, arena, "valid",
		   judgement->valid	   ? "yes: its basis has not changed"
		   : judgement->refused[0] ? judgement->refused
		   : judgement->basis[0]   ? "no: its basis has changed; confirm or judge again"
					   : "no: its basis is unknown");
	if (count)
		facts_pair_titles(grid, arena, "based on", "now");
	for (size_t i = 0; i < count; i++) {
		if (lines[i].same && !strcmp(lines[i].now, "nothing"))
			continue;
		facts_pair(grid, arena,
			   &(const struct facts_pair){ lines[i].title, lines[i].before, lines[i].now,
						       !lines[i].same,
						       lines[i].hidden ? "the masked parts differ" : "" },
			   frame->mode);
	}
}

void facts_history(struct grid *grid, struct job *job, const struct frame *frame, const char *member,
		   const char *value)
{
	struct arena *arena = &job->arena;
	bool headed = false;
	for (size_t i = 0; i < job->audit.count; i++) {
		const struct audit_event *item = &job->audit.items[i];
		if (strcmp(event_member(arena, item, member), value) != 0)
			continue;
		if (!headed)
			facts_heading(grid, arena, "History");
		headed = true;
		const char *text =
			arena_printf(arena, "%s %s", item->actor, event_sentence(arena, &job->view, item, frame));
		struct grid_row *row = facts_line(grid, arena, when_text(arena, item->at, frame), text);
		row->kind = ROW_EVENT;
		row->ref = arena_printf(arena, "%lld", (long long)item->seq);
		row->detail = arena_printf(arena, "%s. Enter shows the record", text);
	}
}

static bool is_on(const struct note *note, const char *item)
{
	return item[0] && (!strcmp(note->document, item) || !strcmp(note->hit, item));
}

void facts_notes(struct grid *grid, struct arena *arena, const struct case_file *file, const char *item,
		 const struct frame *frame)
{
	bool headed = false;
	for (size_t i = file->note_count; i-- > 0;) {
		const struct note *note = &file->notes[i];
		if (!is_on(note, item))
			continue;
		if (!headed)
			facts_heading(grid, arena, "Notes");
		headed = true;
		struct grid_row *row = facts_line(
			grid, arena, arena_printf(arena, "%s %s", when_text(arena, note->at, frame), note->by),
			note->text);
		row->kind = ROW_NOTE;
		row->ref = arena_printf(arena, "%zu", i + 1);
	}
}

const char *note_on(struct arena *arena, const struct case_file *file, const char *item, const struct frame *frame)
{
	const struct note *last = NULL;
	size_t count = 0;
	for (size_t i = 0; i < file->note_count; i++)
		if (is_on(&file->notes[i], item)) {
			last = &file->notes[i];
			count++;
		}
	if (!last)
		return "";
	return arena_printf(arena, "Note of %s, %s: %s%s", last->by, when_text(arena, last->at, frame), last->text,
			    count > 1 ? arena_printf(arena, " (%zu more)", count - 1) : "");
}
