/* The audit record of a timeline row: event, subject, and the raw record, byte for byte. */
#include "kybdesk/tui/page.h"

#include <string.h>

static const struct audit_event *event_of(const struct job *job, const char *number, struct arena *arena)
{
	for (size_t i = 0; i < job->audit.count; i++)
		if (!strcmp(arena_printf(arena, "%lld", (long long)job->audit.items[i].seq), number))
			return &job->audit.items[i];
	return NULL;
}

/* The subjects of the record, as rows that Enter opens. */
static void about_lines(struct grid *grid, struct arena *arena, const struct case_view *view,
			const struct audit_event *item)
{
	const struct document *document = case_document(&view->file, event_member(arena, item, "document"));
	const struct party *party = case_party(&view->file, event_member(arena, item, "party"));
	const struct hit *hit = case_hit(&view->file, event_member(arena, item, "hit"), NULL);
	struct row_of {
		enum row_kind kind;
		const char *label, *ref, *value;
	} rows[] = {
		{ ROW_DOCUMENT, "document", document ? document->id : "",
		  document ? arena_printf(arena, "%s %s", document->type, document->file_name) : "" },
		{ ROW_PARTY, "party", party ? party->id : "", party ? party->name : "" },
		{ ROW_HIT, "hit", hit ? hit->id : "",
		  hit ? arena_printf(arena, "%s on %s", hit->name, hit->list) : "" },
		{ ROW_CHECK, "check", event_member(arena, item, "check"), event_member(arena, item, "check") },
		{ ROW_CORRECTION, "correction", event_member(arena, item, "correction"),
		  event_member(arena, item, "correction") },
	};
	bool headed = false;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!rows[i].ref[0])
			continue;
		facts_first_heading(grid, arena, &headed, "Items");
		facts_link(grid, arena, rows[i].kind, rows[i].ref, rows[i].label, rows[i].value);
	}
}

static void change_lines(struct grid *grid, struct arena *arena, const struct audit_event *item,
			 enum text_mode mode)
{
	static const struct {
		const char *label, *before, *after;
	} pairs[] = { { "state", "from", "to" },
		      { "level", "level_from", "level_to" },
		      { "basis", "basis_before", "basis_sha256" },
		      { "url", "url_before", "url" } };
	bool headed = false;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const char *before = event_member(arena, item, pairs[i].before);
		const char *after = event_member(arena, item, pairs[i].after);
		if (!before[0] || !after[0])
			continue;
		if (!headed) {
			facts_heading(grid, arena, "Changes");
			facts_pair_titles(grid, arena, "before", "after");
		}
		headed = true;
		facts_pair(
			grid, arena,
			&(const struct facts_pair){ pairs[i].label, before, after, strcmp(before, after) != 0, "" },
			mode);
	}
}

static bool fill(struct page *page, struct job *job, const struct frame *frame)
{
	struct arena *arena = &job->arena;
	const struct audit_event *item = event_of(job, page->ref, arena);
	struct grid *grid = &page->grid;
	if (!item)
		return false;
	const char *sentence = event_sentence(arena, &job->view, item, frame);
	page->title = arena_printf(arena, "Record %lld %s %s", (long long)item->seq,
				   glyph_text(frame->mode, GLYPH_DOT), job->view.file.session.subject.name);
	facts_heading(grid, arena, "Event");
	facts_line(grid, arena, "who", arena_printf(arena, "%s, %s", item->actor, item->role));
	facts_line(grid, arena, "what", sentence);
	facts_moment(grid, arena, "when", item->at, frame);
	about_lines(grid, arena, &job->view, item);
	change_lines(grid, arena, item, frame->mode);
	facts_heading(grid, arena, "Record");
	facts_line(grid, arena, "number", arena_printf(arena, "%lld", (long long)item->seq));
	facts_line(grid, arena, "audit word", item->action);
	if (item->session_version)
		facts_line(grid, arena, "version of the case",
			   arena_printf(arena, "%lld", (long long)item->session_version));
	facts_hash(grid, arena, "hash", item->hash);
	facts_recorded(grid, arena, item);
	return true;
}

const struct page_spec event_page = { .fill = fill };
