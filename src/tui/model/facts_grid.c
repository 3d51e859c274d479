/* Labels and values in two columns: the summary of a case, and its pages. */
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
	struct error error = { 0 };
	if (json_read(json, strlen(json), &value, &error) == ERR_OK)
		members(grid, arena, "", value, 0);
	json_free(value);
	error_release(&error);
}
