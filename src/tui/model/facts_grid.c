/* Rows with a label and a value, for the summary and the pages of a case; and groups of rows that several pages
 * share. */
#include "model/page.h"

#include "kybdesk/codec/json.h"

#include <string.h>

#define FIELD_DEPTH_MAX 4
#define SHORT_VALUE_BYTES_MAX 36 /* a value of at most this many bytes fits at any screen width */

enum summary_column { S_LABEL, S_VALUE, S_MARK, S_SECOND_VALUE };
const struct grid_column facts_columns[FACTS_COLUMN_COUNT] = {
	[S_LABEL] = { "", 19, 28, TEXT_LEFT, false, 0, true },
	[S_VALUE] = { "", 12, 200, TEXT_LEFT, true, 0, false },
	/* The next two columns are for a second value and a mark before this value; the columns are hidden if they
	 * are empty. */
	[S_MARK] = { "", 1, 2, TEXT_LEFT, false, 2, true },
	[S_SECOND_VALUE] = { "", 10, 200, TEXT_LEFT, true, 1, false },
};

void facts_add_heading(struct grid *grid, const char *text)
{
	if (grid->row_count)
		grid_set_cell(grid_add_row(grid, ROW_HEADING, ""), S_LABEL, THEME_MUTED, "");
	grid_set_cell(grid_add_row(grid, ROW_HEADING, ""), S_LABEL, THEME_TITLE, text);
}

void facts_add_heading_once(struct grid *grid, bool *headed, const char *text)
{
	if (!*headed)
		facts_add_heading(grid, text);
	*headed = true;
}

struct grid_row *facts_line(struct grid *grid, const char *label, const char *value)
{
	if (!value[0])
		return NULL;
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	grid_set_cell(row, S_LABEL, THEME_MUTED, label);
	grid_set_cell(row, S_VALUE, THEME_TEXT, value);
	/* A value that may be cut is shown in full below the grid. */
	row->detail = strlen(value) > SHORT_VALUE_BYTES_MAX ? value : "";
	return row;
}

struct grid_row *facts_add_link(struct grid *grid, enum row_kind kind, const char *ref, const char *label,
				const char *value)
{
	struct grid_row *row = facts_line(grid, label, value);
	if (!row)
		return NULL;
	row->kind = kind;
	row->ref = ref;
	row->detail = grid_printf(grid, "%s. Enter opens it", value);
	return row;
}

/* Adds a hash in two halves, each in a row, since a half fits at any screen width. */
void facts_add_hash(struct grid *grid, const char *label, const char *hash)
{
	facts_line(grid, label, grid_printf(grid, "%.32s", hash));
	facts_line(grid, " ", strlen(hash) > 32 ? hash + 32 : "");
}

void facts_add_time(struct grid *grid, const char *label, int64_t at)
{
	if (at != TIME_NONE)
		facts_line(grid, label,
			   grid_printf(grid, "%s %s %s", grid_time(grid, at), grid_glyph(grid, GLYPH_DOT),
				       time_text(grid->arena, at)));
}

void facts_add_record(struct grid *grid, const struct audit_event *item)
{
	facts_add_heading(grid, "Details as hashed");
	facts_add_json(grid, item->detail);
	facts_line(grid, "in one line", item->detail);
}

void facts_add_pair_titles(struct grid *grid, const char *before, const char *after)
{
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	grid_set_cell(row, S_VALUE, THEME_TITLE, before);
	grid_set_cell(row, S_SECOND_VALUE, THEME_TITLE, after);
}

void facts_add_pair(struct grid *grid, const struct facts_pair *pair)
{
	const char *dash = grid_glyph(grid, GLYPH_DASH);
	const char *before = pair->before[0] ? pair->before : dash, *after = pair->after[0] ? pair->after : dash;
	struct grid_row *row = grid_add_row(grid, ROW_PLAIN, "");
	grid_set_cell(row, S_LABEL, THEME_MUTED, pair->label);
	grid_set_cell(row, S_VALUE, THEME_TEXT, before);
	grid_set_cell(row, S_MARK, pair->changed ? THEME_WARNING : THEME_MUTED,
		      grid_glyph(grid, pair->changed ? GLYPH_DIFFERS : GLYPH_SAME));
	grid_set_cell(row, S_SECOND_VALUE, pair->changed ? THEME_WARNING : THEME_TEXT, after);
	row->detail = grid_printf(grid, "%s: %s %s %s%s%s", pair->label, before,
				  grid_glyph(grid, pair->changed ? GLYPH_DIFFERS : GLYPH_SAME), after,
				  pair->note[0] ? "; " : "", pair->note);
}

static const char *scalar_text(struct arena *arena, const struct json_value *value)
{
	const char *text = json_value_is_null(value) ? "" : json_text(value);
	return text ? arena_strdup(arena, text) : json_to_arena(arena, value);
}

/* Adds the members of an object as rows; a nested value is labelled with its path. */
static void add_members(struct grid *grid, const char *prefix, const struct json_value *value, unsigned depth)
{
	bool list = json_is_array(value);
	const char *name = json_first_key(value);
	for (size_t i = 0; i < json_count(value); i++, name = json_next_key(value, name)) {
		const struct json_value *member = list ? json_at(value, i) : json_get(value, name);
		const char *key = list ? grid_printf(grid, "%zu", i + 1) : name;
		const char *label =
			prefix[0] ? grid_printf(grid, "%s.%s", prefix, key) : arena_strdup(grid->arena, key);
		if ((json_is_object(member) || json_is_array(member)) && depth < FIELD_DEPTH_MAX)
			add_members(grid, label, member, depth + 1);
		else
			facts_line(grid, label, scalar_text(grid->arena, member));
	}
}

void facts_add_json(struct grid *grid, const char *json)
{
	struct json_value *value = NULL;
	if (!json_read(json, strlen(json), &value, NULL))
		add_members(grid, "", value, 0);
	json_free(value);
}

const struct judgement *case_judgement(const struct case_view *view, enum judgement_kind kind, const char *ref)
{
	for (size_t i = 0; i < view->judgements.count; i++)
		if (view->judgements.items[i].kind == kind && !strcmp(view->judgements.items[i].ref, ref))
			return &view->judgements.items[i];
	return NULL;
}

void facts_add_judgement(struct grid *grid, const struct judgement *judgement)
{
	struct facts_line *lines;
	const char *when = grid_time(grid, judgement->at);
	size_t count = judgement->basis[0]
			       ? facts_compare(grid->arena, judgement->basis, judgement->comparable_facts, &lines)
			       : 0;
	/* judgement->description may end with a comma, since other screens continue the sentence; the row omits the
	 * comma. */
	size_t length = strlen(judgement->description);
	facts_line(grid, "judged",
		   arena_strndup(grid->arena, judgement->description,
				 length && judgement->description[length - 1] == ',' ? length - 1 : length));
	facts_line(grid, "when", when);
	facts_line(grid, "valid",
		   judgement->valid		   ? "yes: its basis has not changed"
		   : judgement->confirm_refusal[0] ? judgement->confirm_refusal
		   : judgement->basis[0]	   ? "no: its basis has changed; confirm or judge again"
						   : "no: its basis is unknown");
	if (count)
		facts_add_pair_titles(grid, "based on", "now");
	for (size_t i = 0; i < count; i++) {
		if (lines[i].same && !strcmp(lines[i].current, "nothing"))
			continue;
		facts_add_pair(grid, &(const struct facts_pair){ lines[i].title, lines[i].before, lines[i].current,
								 !lines[i].same,
								 lines[i].hidden ? "the masked parts differ" : "" });
	}
}

void facts_add_history(struct grid *grid, const struct job *job, const char *member, const char *value)
{
	bool headed = false;
	for (size_t i = 0; i < job->audit.count; i++) {
		const struct audit_event *item = &job->audit.items[i];
		if (strcmp(event_member(grid->arena, item, member), value) != 0)
			continue;
		facts_add_heading_once(grid, &headed, "History");
		const char *text = grid_printf(grid, "%s %s", item->actor,
					       event_sentence(grid->arena, &job->view, item, grid->frame));
		const char *number = grid_printf(grid, "%lld", (long long)item->seq);
		facts_add_link(grid, ROW_EVENT, number, grid_time(grid, item->at), text)->detail =
			grid_printf(grid, "%s. Enter shows the record", text);
	}
}

static bool is_note_on_item(const struct note *note, const char *item)
{
	return item[0] && (!strcmp(note->document, item) || !strcmp(note->hit, item));
}

void facts_add_notes(struct grid *grid, const struct case_file *file, const char *item)
{
	bool headed = false;
	for (size_t i = file->note_count; i-- > 0;) {
		const struct note *note = &file->notes[i];
		if (!is_note_on_item(note, item))
			continue;
		facts_add_heading_once(grid, &headed, "Notes");
		struct grid_row *row =
			facts_line(grid, grid_printf(grid, "%s %s", grid_time(grid, note->at), note->by), note->text);
		row->kind = ROW_NOTE;
		row->ref = grid_printf(grid, "%zu", i + 1);
	}
}

const char *last_note_text(struct arena *arena, const struct case_file *file, const char *item,
			   const struct frame *frame)
{
	const struct note *last = NULL;
	size_t count = 0;
	for (size_t i = 0; i < file->note_count; i++)
		if (is_note_on_item(&file->notes[i], item)) {
			last = &file->notes[i];
			count++;
		}
	if (!last)
		return "";
	return arena_printf(arena, "Note of %s, %s: %s%s", last->by, date_time_text(arena, last->at, frame), last->text,
			    count > 1 ? arena_printf(arena, " (%zu more)", count - 1) : "");
}
