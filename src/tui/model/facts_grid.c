/* Labels and values in two columns: the summary of a case, and its pages; and parts that several pages share. */
#include "kybdesk/tui/page.h"

#include "kybdesk/codec/json.h"

#include <string.h>

#define FIELD_DEPTH_MAX 4
#define VALUE_SHORT 36 /* a text of this many bytes fits at any width */

enum summary_column { S_LABEL, S_VALUE, S_MARK, S_AFTER };
const struct grid_column facts_columns[FACTS_COLUMN_COUNT] = {
	[S_LABEL] = { "", 19, 28, TEXT_LEFT, false, 0, true },
	[S_VALUE] = { "", 12, 200, TEXT_LEFT, true, 0, false },
	/* For pages with old and new values; the columns are hidden if empty. */
	[S_MARK] = { "", 1, 2, TEXT_LEFT, false, 2, true },
	[S_AFTER] = { "", 10, 200, TEXT_LEFT, true, 1, false },
};

void facts_begin(struct grid *grid)
{
	*grid = (struct grid){
		.columns = facts_columns, .column_count = FACTS_COLUMN_COUNT, .untitled = true, .flows = true
	};
}

void facts_heading(struct grid *grid, struct arena *arena, const char *text)
{
	if (grid->row_count)
		grid_cell(grid_add(grid, arena, ROW_HEADING, ""), S_LABEL, THEME_MUTED, "");
	grid_cell(grid_add(grid, arena, ROW_HEADING, ""), S_LABEL, THEME_TITLE, text);
}

void facts_first_heading(struct grid *grid, struct arena *arena, bool *headed, const char *text)
{
	if (!*headed)
		facts_heading(grid, arena, text);
	*headed = true;
}

struct grid_row *facts_line(struct grid *grid, struct arena *arena, const char *label, const char *value)
{
	if (!value[0])
		return NULL;
	struct grid_row *row = grid_add(grid, arena, ROW_PLAIN, "");
	grid_cell(row, S_LABEL, THEME_MUTED, label);
	grid_cell(row, S_VALUE, THEME_TEXT, value);
	/* A value that may be cut is shown in full below the grid. */
	row->detail = strlen(value) > VALUE_SHORT ? value : "";
	return row;
}

struct grid_row *facts_link(struct grid *grid, struct arena *arena, enum row_kind kind, const char *ref,
			    const char *label, const char *value)
{
	struct grid_row *row = facts_line(grid, arena, label, value);
	if (!row)
		return NULL;
	row->kind = kind;
	row->ref = ref;
	row->detail = arena_printf(arena, "%s. Enter opens it", value);
	return row;
}

/* A hash fits at any width in two halves. */
void facts_hash(struct grid *grid, struct arena *arena, const char *label, const char *hash)
{
	facts_line(grid, arena, label, arena_printf(arena, "%.32s", hash));
	facts_line(grid, arena, " ", strlen(hash) > 32 ? hash + 32 : "");
}

void facts_moment(struct grid *grid, struct arena *arena, const char *label, int64_t at, const struct frame *frame)
{
	if (at != TIME_NONE)
		facts_line(grid, arena, label,
			   arena_printf(arena, "%s %s %s", when_text(arena, at, frame),
					glyph_text(frame->mode, GLYPH_DOT), time_text(arena, at)));
}

void facts_recorded(struct grid *grid, struct arena *arena, const struct audit_event *item)
{
	facts_heading(grid, arena, "Details as hashed");
	facts_json(grid, arena, item->detail);
	facts_line(grid, arena, "in one line", item->detail);
}

void facts_pair_titles(struct grid *grid, struct arena *arena, const char *before, const char *after)
{
	struct grid_row *row = grid_add(grid, arena, ROW_PLAIN, "");
	grid_cell(row, S_VALUE, THEME_TITLE, before);
	grid_cell(row, S_AFTER, THEME_TITLE, after);
}

void facts_pair(struct grid *grid, struct arena *arena, const struct facts_pair *pair, enum text_mode mode)
{
	const char *dash = glyph_text(mode, GLYPH_DASH);
	const char *before = pair->before[0] ? pair->before : dash, *after = pair->after[0] ? pair->after : dash;
	struct grid_row *row = grid_add(grid, arena, ROW_PLAIN, "");
	grid_cell(row, S_LABEL, THEME_MUTED, pair->label);
	grid_cell(row, S_VALUE, THEME_TEXT, before);
	grid_cell(row, S_MARK, pair->changed ? THEME_WARNING : THEME_MUTED,
		  glyph_text(mode, pair->changed ? GLYPH_DIFFERS : GLYPH_SAME));
	grid_cell(row, S_AFTER, pair->changed ? THEME_WARNING : THEME_TEXT, after);
	row->detail = arena_printf(arena, "%s: %s %s %s%s%s", pair->label, before,
				   glyph_text(mode, pair->changed ? GLYPH_DIFFERS : GLYPH_SAME), after,
				   pair->note[0] ? "; " : "", pair->note);
}

static const char *scalar(struct arena *arena, const struct json_value *value)
{
	const char *text = json_value_null(value) ? "" : json_text(value);
	return text ? arena_strdup(arena, text) : json_to_arena(arena, value);
}

/* Members of an object as lines; nested values are labelled with their path. */
static void members(struct grid *grid, struct arena *arena, const char *prefix, const struct json_value *value,
		    unsigned depth)
{
	bool list = json_is_array(value);
	const char *name = json_first_key(value);
	for (size_t i = 0; i < json_count(value); i++, name = json_next_key(value, name)) {
		const struct json_value *member = list ? json_at(value, i) : json_get(value, name);
		const char *key = list ? arena_printf(arena, "%zu", i + 1) : name;
		const char *label =
			prefix[0] ? arena_printf(arena, "%s.%s", prefix, key) : arena_strdup(arena, key);
		if ((json_is_object(member) || json_is_array(member)) && depth < FIELD_DEPTH_MAX)
			members(grid, arena, label, member, depth + 1);
		else
			facts_line(grid, arena, label, scalar(arena, member));
	}
}

void facts_json(struct grid *grid, struct arena *arena, const char *json)
{
	struct json_value *value = NULL;
	if (!json_read(json, strlen(json), &value, NULL))
		members(grid, arena, "", value, 0);
	json_free(value);
}

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
		facts_first_heading(grid, arena, &headed, "History");
		const char *text =
			arena_printf(arena, "%s %s", item->actor, event_sentence(arena, &job->view, item, frame));
		const char *number = arena_printf(arena, "%lld", (long long)item->seq);
		facts_link(grid, arena, ROW_EVENT, number, when_text(arena, item->at, frame), text)->detail =
			arena_printf(arena, "%s. Enter shows the record", text);
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
		facts_first_heading(grid, arena, &headed, "Notes");
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
