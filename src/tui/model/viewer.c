#include "model/viewer.h"

#include <stdlib.h>
#include <string.h>

#define SUMMARY_ROWS 2
#define HIGH_BOX_SUMMARY_ROWS_MAX 4 /* maximum rows of the summary if its box has HIGH_BOX_ROWS_MIN rows or more */
#define HIGH_BOX_ROWS_MIN 30
#define PAN_CELLS 8

struct viewer *viewer_new(const char *document, const char *title)
{
	struct viewer *viewer = xcalloc(1, sizeof *viewer);
	if (strlen(document) < sizeof viewer->document_id)
		memcpy(viewer->document_id, document, strlen(document) + 1);
	viewer->side = "";
	viewer->zoom = 1;
	viewer->title = xstrdup(title);
	strbuf_init(&viewer->search_text);
	strbuf_init(&viewer->ticked_values);
	return viewer;
}

void viewer_free(struct viewer *viewer)
{
	if (!viewer)
		return;
	viewer_close_neighbour(viewer);
	strbuf_wipe(&viewer->ticked_values);
	job_free(viewer->job);
	job_free(viewer->drawn_job);
	free(viewer->title);
	free(viewer->problem);
	free(viewer->newest_note);
	free(viewer->lines);
	strbuf_wipe(&viewer->search_text);
	arena_release(&viewer->match_arena);
	free(viewer);
}

static const struct document_content *text_of(const struct viewer *viewer)
{
	return viewer->drawn_job ? &viewer->drawn_job->content : viewer->job ? &viewer->job->content : NULL;
}

/* Takes a new drawing of the open document: in another size, or of one page. The values that were found before stay
 * valid. */
static void set_drawn_picture(struct viewer *viewer, struct job *response)
{
	viewer->pending = false;
	viewer->wrapped_cols = 0;
	if (response->picture_page) {
		job_free(viewer->drawn_job);
		viewer->drawn_job = response;
		return;
	}
	if (response->content.kind == CONTENT_PICTURE) {
		struct document_content *shown = &viewer->job->content, old = *shown;
		shown->text = response->content.text;
		shown->picture = response->content.picture;
		shown->is_truncated = response->content.is_truncated;
		response->content.text = old.text;
		response->content.picture = old.picture;
	}
	job_free(response);
}

/* Takes the comparison of the values with the pages of the shown text. */
static void take_comparison(struct viewer *viewer, struct job *response)
{
	struct doc_search_values *values = &viewer->job->out.case_values;
	for (size_t i = 0; i < values->count && i < response->out.case_values.count; i++) {
		values->items[i].found = response->out.case_values.items[i].found;
		values->items[i].unpainted = response->out.case_values.items[i].unpainted;
	}
	viewer->job->content.comparison = response->content.comparison;
	viewer->job->content.is_partial = viewer->pending = false;
	job_free(response);
}

void viewer_take_response(struct viewer *viewer, struct job *response)
{
	if (viewer->job && response->is_reload) {
		set_drawn_picture(viewer, response);
		return;
	}
	if (viewer->job && response->content.comparison > COMPARISON_PENDING) {
		take_comparison(viewer, response);
		return;
	}
	if (!viewer->job || !viewer->job->content.is_partial)
		viewer->top = 0;
	viewer->pending = response->content.is_partial;
	if (viewer->job && response->content.kind == CONTENT_PICTURE && !response->content.picture) {
		response->content.picture = viewer->job->content.picture;
		viewer->job->content.picture = NULL;
	}
	job_free(viewer->job);
	viewer->job = response;
	viewer->wrapped_cols = 0;
	viewer->matches = (struct doc_search_spans){ 0 };
}

bool viewer_is_complete(const struct viewer *viewer)
{
	return viewer->problem || (viewer->job && !viewer->job->content.is_partial && !viewer->pending);
}

static void add_line(struct viewer *viewer, size_t from, size_t length)
{
	if (viewer->line_count == viewer->line_capacity) {
		viewer->line_capacity = viewer->line_capacity ? viewer->line_capacity * 2 : 256;
		viewer->lines = xrealloc_array(viewer->lines, viewer->line_capacity, sizeof *viewer->lines);
	}
	viewer->lines[viewer->line_count++] = (struct viewer_line){ from, length };
}

/* Wraps one line of the document, at spaces if possible. */
static void wrap_line(struct viewer *viewer, const char *text, size_t from, size_t length, size_t cols)
{
	size_t end = from + length;
	do {
		size_t fits = text_prefix_for_width(text + from, end - from, cols, NULL), shown = fits;
		if (from + fits < end) {
			while (shown && text[from + shown] != ' ')
				shown--;
			if (!shown)
				shown = fits ? fits : text_next_grapheme(text + from, end - from, 0);
		}
		add_line(viewer, from, shown);
		from += shown;
		while (shown && from < end && text[from] == ' ')
			from++;
	} while (from < end);
}

static void wrap_lines(struct viewer *viewer, size_t cols)
{
	const struct document_content *text = text_of(viewer);
	size_t kept = viewer->top < viewer->line_count ? viewer->lines[viewer->top].from : 0;
	if (!text || viewer->wrapped_cols == cols)
		return;
	viewer->line_count = 0;
	viewer->longest_line_cells = 0;
	viewer->wrapped_cols = cols;
	for (size_t at = 0; at < text->text.len;) {
		const char *end = memchr(text->text.buf + at, '\n', text->text.len - at);
		size_t length = end ? (size_t)(end - text->text.buf) - at : text->text.len - at;
		if (text->kind == CONTENT_PICTURE) { /* lines of a picture are not wrapped */
			size_t cells = text_width_cells(text->text.buf + at, length);
			viewer->longest_line_cells =
				cells > viewer->longest_line_cells ? cells : viewer->longest_line_cells;
			add_line(viewer, at, length);
		} else {
			wrap_line(viewer, text->text.buf, at, length, cols);
		}
		at += length + 1;
	}
	while (viewer->top && viewer->top < viewer->line_count && viewer->lines[viewer->top].from > kept)
		viewer->top--;
	for (; viewer->top + 1 < viewer->line_count && viewer->lines[viewer->top + 1].from <= kept; viewer->top++)
		continue;
}

void viewer_scroll_rows(struct viewer *viewer, long rows)
{
	size_t last = sub_sat(viewer->line_count, viewer->visible_row_count);
	viewer->top = clamp_move(viewer->top < last ? viewer->top : last, rows, last + 1);
}

const struct job *viewer_picture_job(const struct viewer *viewer)
{
	const struct document_content *content = text_of(viewer);
	if (!content || content->kind != CONTENT_PICTURE)
		return NULL;
	return viewer->drawn_job ? viewer->drawn_job : viewer->job;
}

bool viewer_zoom(struct viewer *viewer, bool larger)
{
	size_t before = viewer->zoom, now = larger ? before + 1 : before - 1;
	if (!viewer_picture_job(viewer) || !now || now > ZOOM_MAX)
		return false;
	size_t middle_row = (viewer->top + viewer->visible_row_count / 2) * now / before,
	       middle_col = (viewer->hidden_left_cells + viewer->wrapped_cols / 2) * now / before;
	viewer->zoom = now;
	viewer->top = sub_sat(middle_row, viewer->visible_row_count / 2);
	viewer->hidden_left_cells = sub_sat(middle_col, viewer->wrapped_cols / 2);
	return true;
}

static void clamp_left_col(struct viewer *viewer)
{
	size_t last = sub_sat(viewer->longest_line_cells, viewer->wrapped_cols);
	viewer->hidden_left_cells = viewer->hidden_left_cells < last ? viewer->hidden_left_cells : last;
}

bool viewer_pan(struct viewer *viewer, bool right)
{
	size_t before = viewer->hidden_left_cells;
	if (!viewer_picture_job(viewer))
		return false;
	viewer->hidden_left_cells = right ? before + PAN_CELLS : sub_sat(before, PAN_CELLS);
	clamp_left_col(viewer);
	return viewer->hidden_left_cells != before;
}

bool viewer_next_page(struct viewer *viewer)
{
	const struct job *job = viewer->job;
	if (!job || !job->content.page_count || !job->bytes.len)
		return false;
	viewer->picture_page = viewer->picture_page < job->content.page_count ? viewer->picture_page + 1 : 0;
	viewer->top = viewer->hidden_left_cells = 0;
	viewer->wrapped_cols = 0;
	if (!viewer->picture_page) {
		job_free(viewer->drawn_job);
		viewer->drawn_job = NULL;
	}
	return true;
}

static void scroll_to_match(struct viewer *viewer)
{
	size_t line = 0, at = viewer->matches.items[viewer->match].from;
	while (line + 1 < viewer->line_count && viewer->lines[line + 1].from <= at)
		line++;
	if (line >= viewer->top && line < viewer->top + viewer->visible_row_count)
		return;
	viewer->top = sub_sat(line, viewer->visible_row_count / 3);
	viewer_scroll_rows(viewer, 0);
}

bool viewer_search(struct viewer *viewer, const char *wanted)
{
	const struct document_content *text = text_of(viewer);
	size_t from = viewer->top < viewer->line_count ? viewer->lines[viewer->top].from : 0;
	arena_reset(&viewer->match_arena);
	viewer->matches = (struct doc_search_spans){ 0 };
	if (wanted != viewer->search_text.buf) {
		strbuf_reset(&viewer->search_text);
		strbuf_adds(&viewer->search_text, wanted);
	}
	if (text && text->kind == CONTENT_TEXT)
		doc_search_find_text(&viewer->match_arena, &(struct doc_search_text){ text->text.buf, text->text.len },
				     viewer->search_text.buf, &viewer->matches);
	if (!viewer->matches.count)
		return false;
	viewer->match = 0;
	while (viewer->match < viewer->matches.count && viewer->matches.items[viewer->match].from < from)
		viewer->match++;
	viewer->match %= viewer->matches.count;
	scroll_to_match(viewer);
	return true;
}

bool viewer_next_match(struct viewer *viewer, bool forward)
{
	size_t count = viewer->matches.count;
	if (!count)
		return false;
	viewer->match = (viewer->match + (forward ? 1 : count - 1)) % count;
	scroll_to_match(viewer);
	return true;
}

/* The names of required values that the document does not show. If no date of a required period is found, also
 * names the newest date in the document before this period. */
static char *missing_values_text(struct arena *arena, const struct doc_search_values *values, bool unpainted)
{
	char *missing = arena_strdup(arena, "");
	for (size_t i = 0; i < values->count; i++) {
		const struct doc_search_value *value = &values->items[i];
		const char *newest = "";
		if (!value->required || value->found || value->unpainted != unpainted)
			continue;
		if (value->newest_date)
			newest = arena_printf(arena, " (the newest is %04u-%02u-%02u)", value->newest_date / 10000,
					      value->newest_date / 100 % 100, value->newest_date % 100);
		missing = arena_printf(arena, "%s%s%s%s", missing, missing[0] ? ", " : "", value->name, newest);
	}
	return missing;
}

/* A sentence with the number of found values, and the names of missing values. *all: all required values were found. */
static char *summary(struct arena *arena, const struct viewer *viewer, bool *all)
{
	const struct document_content *text = text_of(viewer);
	const struct doc_search_values *values = &viewer->job->out.case_values;
	size_t found = 0, required = 0, of_case = 0;
	*all = false;
	bool picture = text->kind == CONTENT_PICTURE;
	if (picture && !text->is_text_compared)
		return arena_strdup(arena, text->note);
	for (size_t i = 0; i < values->count; i++) {
		/* A period is a requirement of the workflow, not a value of the case */
		bool period = values->items[i].kind == DOC_SEARCH_PERIOD;
		found += values->items[i].found && !period;
		of_case += !period;
		required += values->items[i].required;
	}
	static const char *const comparisons[COMPARISON_FAILED + 1] = {
		[COMPARISON_PENDING] = ". Not compared with the pages yet",
		[COMPARISON_FAILED] = ". The values could not be compared with the pages",
	};
	const char *missing = missing_values_text(arena, values, false),
		   *unpainted = missing_values_text(arena, values, true), *more = comparisons[text->comparison];
	*all = required && !missing[0] && !unpainted[0] && !more;
	more = unpainted[0] ? arena_printf(arena, ". Not visible on the page: %s", unpainted) : more ? more : "";
	const char *begin = picture ? arena_printf(arena, "%s: %zu of %zu found", text->note, found, of_case)
				    : arena_printf(arena, "Marked: %zu of %zu", found, of_case);
	if (missing[0])
		return arena_printf(arena, "%s%s. Not found: %s", begin, more, missing);
	return arena_printf(arena, "%s%s", begin, *all ? ". All required values found" : more);
}

static size_t draw_value_summary(const struct viewer *viewer, struct surface *surface, struct box box)
{
	bool all;
	size_t count = 0, most = box.rows >= HIGH_BOX_ROWS_MIN ? HIGH_BOX_SUMMARY_ROWS_MAX : SUMMARY_ROWS,
	       cells = box.cols - 2;
	char **lines = surface_wrap_text(surface, summary(&surface->arena, viewer, &all), cells, &count);
	size_t rows = count < most ? count : most;
	for (size_t i = 0; i < rows; i++) {
		const char *line = lines[i];
		/* If not all lines fit, appends the next line to the last visible line. This line is then too long,
		 * so it ends with the cut mark. */
		if (i + 1 == rows && rows < count)
			line = arena_printf(&surface->arena, "%s %s", lines[i], lines[i + 1]);
		surface_put(surface, box.row + i, box.col + 1, cells, all ? THEME_OK : THEME_WARNING, line);
	}
	return rows;
}

/* Colours the part of a mark that is within the line. */
static void highlight_mark(struct surface *surface, struct box at, const char *text, const struct viewer_line *line,
			   const struct doc_search_span *mark, enum theme_role role)
{
	size_t from = mark->from > line->from ? mark->from - line->from : 0;
	size_t end = mark->from + mark->length - line->from;
	if (end > line->length)
		end = line->length;
	size_t before = text_width_cells(text + line->from, from);
	size_t cells = text_width_cells(text + line->from + from, end - from);
	if (before >= at.cols)
		return;
	surface_restyle(surface,
			(struct box){ at.row, at.col + before, 1, cells < at.cols - before ? cells : at.cols - before },
			role, CELL_UNDERLINE | CELL_BOLD);
}

/* Index of the first mark that ends after the byte `at`. */
static size_t first_mark_after(const struct doc_search_spans *marks, size_t at)
{
	size_t low = 0, high = marks->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (marks->items[middle].from + marks->items[middle].length <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void draw_line(const struct viewer *viewer, struct surface *surface, struct box at,
		      const struct viewer_line *line)
{
	const struct document_content *text = text_of(viewer);
	const char *bytes = text->text.buf;
	size_t before =
		text->kind == CONTENT_PICTURE && viewer->hidden_left_cells
			? text_prefix_for_width(bytes + line->from, line->length, viewer->hidden_left_cells, NULL)
			: 0;
	/* A picture can be wider than the box, and is then moved sideways. So a line of a picture is shortened
	 * without a cut mark. */
	size_t shown = text->kind == CONTENT_PICTURE ? text_prefix_for_width(bytes + line->from + before,
									     line->length - before, at.cols, NULL)
						     : line->length;
	surface_put(surface, at.row, at.col, at.cols, THEME_TEXT,
		    arena_strndup(&surface->arena, bytes + line->from + before, shown));
	size_t end = line->from + line->length;
	for (size_t i = first_mark_after(&text->marked_spans, line->from);
	     i < text->marked_spans.count && text->marked_spans.items[i].from < end; i++)
		highlight_mark(surface, at, bytes, line, &text->marked_spans.items[i], THEME_OK);
	for (size_t i = first_mark_after(&viewer->matches, line->from);
	     i < viewer->matches.count && viewer->matches.items[i].from < end; i++) {
		highlight_mark(surface, at, bytes, line, &viewer->matches.items[i],
			       i == viewer->match ? THEME_SELECTION : THEME_MARK);
		if (i == viewer->match)
			surface_set_focus(surface, at);
	}
}

static void draw_title(const struct viewer *viewer, struct surface *surface, struct box box)
{
	struct arena *arena = &surface->arena;
	const struct document_content *text = text_of(viewer);
	const char *place = "";
	size_t seen = viewer->top + viewer->visible_row_count;
	if (text && viewer->line_count > viewer->visible_row_count)
		place = arena_printf(arena, "  %zu-%zu of %zu%s", viewer->top + 1,
				     seen < viewer->line_count ? seen : viewer->line_count, viewer->line_count,
				     text->is_truncated ? ", cut" : "");
	else if (text && text->is_truncated)
		place = "  cut off: the text is longer";
	if (viewer->zoom > 1 && viewer_picture_job(viewer))
		place = arena_printf(arena, "  %zu%s%s", viewer->zoom, glyph_text(surface->mode, GLYPH_TIMES), place);
	if (viewer->picture_page && !(viewer->drawn_job && viewer->drawn_job->picture_page == viewer->picture_page))
		place = arena_printf(arena, "  drawing page %zu", viewer->picture_page);
	else if (viewer->picture_page)
		place = arena_printf(arena, "  page %zu of %zu%s", viewer->picture_page,
				     viewer->job->content.page_count, place);
	size_t cells = strlen(place), room = box.cols > cells + 2 ? box.cols - cells - 2 : 0;
	const char *title = viewer->title, *dot = " · ";
	size_t rest = viewer->case_name_length + strlen(dot);
	if (viewer->case_name_length && viewer_is_pair(viewer))
		title = arena_printf(arena, "%s%s%.*s", title + rest, dot, (int)viewer->case_name_length, title);
	else if (viewer->case_name_length && viewer->is_second_viewer)
		title += rest;
	surface_put(surface, box.row, box.col + 1, room, THEME_TITLE, title);
	surface_put(surface, box.row, box.col + box.cols - cells - 1, cells, THEME_MUTED, place);
}

/* Puts the picture's pixels over the characters of the picture, with the same position and limits. */
static void draw_picture(const struct viewer *viewer, struct surface *surface, struct box area)
{
	size_t rows = viewer->line_count - viewer->top, cols = viewer->longest_line_cells - viewer->hidden_left_cells;
	area.rows = rows < area.rows ? rows : area.rows;
	area.cols = cols < area.cols ? cols : area.cols;
	surface_add_picture(surface, &(const struct surface_picture){
					     .box = area,
					     .data = text_of(viewer)->picture,
					     .part = { viewer->top, viewer->hidden_left_cells, area.rows, area.cols },
					     .whole_rows = viewer->line_count,
					     .whole_cols = viewer->longest_line_cells });
}

void viewer_draw(struct viewer *viewer, struct surface *surface, struct box box)
{
	const struct document_content *text = text_of(viewer);
	if (box.rows < 6 || box.cols < 20)
		return;
	viewer->was_drawn = true;
	size_t used = 1;
	if (viewer->newest_note)
		surface_put(surface, box.row + used++, box.col + 1, box.cols - 2, THEME_ACCENT, viewer->newest_note);
	if (text && text->kind == CONTENT_TEXT && text->note[0])
		surface_put(surface, box.row + used++, box.col + 1, box.cols - 2, THEME_WARNING, text->note);
	const char *marks = text && text->kind != CONTENT_NONE ? viewer->job->out.document.marks : NULL;
	if (marks && *marks) /* what is shown may be not all that there is */
		surface_put(surface, box.row + used++, box.col + 1, box.cols - 2, THEME_WARNING,
			    arena_printf(&surface->arena, "The file %s%s%s", file_marks_text(&surface->arena, marks),
					 *viewer->job->content.attachments ? ": " : "",
					 viewer->job->content.attachments));
	if (text && text->kind != CONTENT_NONE && !viewer->job->program_arguments && !viewer->drawn_job)
		used += draw_value_summary(viewer, surface,
					   (struct box){ box.row + used, box.col, box.rows, box.cols });
	surface_draw_rule(surface, box.row + used++, box.col, box.cols, THEME_BORDER);
	struct box area = { box.row + used, box.col + 1, sub_sat(box.rows, used), box.cols - 2 };
	viewer->visible_row_count = area.rows;
	surface->screen_reader.is_temporary_frame |=
		(!text || (text->kind == CONTENT_NONE && text->is_partial)) && !viewer->problem;
	if (!text || text->kind == CONTENT_NONE) {
		draw_title(viewer, surface, box);
		surface_put_lines(surface, area, viewer->problem ? THEME_DANGER : THEME_TEXT,
				  viewer->problem	   ? viewer->problem
				  : text		   ? text->note
				  : viewer->document_id[0] ? "Opening the document; Esc goes back at once"
							   : "The command is running; Esc ends it");
		return;
	}
	wrap_lines(viewer, area.cols);
	viewer_scroll_rows(viewer, 0);
	clamp_left_col(viewer);
	draw_title(viewer, surface, box);
	if (surface->is_spoken && text->kind == CONTENT_PICTURE) {
		surface_put_lines(surface, (struct box){ area.row, area.col + 1, area.rows, area.cols - 2 }, THEME_TEXT,
				  "A picture cannot be read out here; save the file: kybdesk document save.");
		return;
	}
	for (size_t i = 0; i < area.rows && viewer->top + i < viewer->line_count; i++)
		draw_line(viewer, surface, box_row(area, i), &viewer->lines[viewer->top + i]);
	if (text->kind == CONTENT_PICTURE && text->picture)
		draw_picture(viewer, surface, area);
}
