#include "kybdesk/tui/paper.h"

#include <stdlib.h>
#include <string.h>

#define SUMMARY_ROWS 2
#define SUMMARY_ROWS_HIGH 4 /* from HIGH_ROWS on */
#define HIGH_ROWS 30

struct paper *paper_new(const char *document, const char *title)
{
	struct paper *paper = xcalloc(1, sizeof *paper);
	if (strlen(document) < sizeof paper->document)
		memcpy(paper->document, document, strlen(document) + 1);
	paper->title = xstrdup(title);
	strbuf_init(&paper->wanted);
	return paper;
}

void paper_free(struct paper *paper)
{
	if (!paper)
		return;
	work_free(paper->work);
	free(paper->title);
	free(paper->problem);
	free(paper->lines);
	strbuf_wipe(&paper->wanted);
	arena_release(&paper->search);
	free(paper);
}

static const struct paper_text *text_of(const struct paper *paper)
{
	return paper->work ? &paper->work->paper : NULL;
}

void paper_answer(struct paper *paper, struct work *answer)
{
	if (!paper->work || !paper->work->paper.coming)
		paper->top = 0;
	work_free(paper->work);
	paper->work = answer;
	paper->laid_cols = 0;
	paper->matches = (struct agree_marks){ 0 };
}

bool paper_is_whole(const struct paper *paper)
{
	return paper->problem || (paper->work && !paper->work->paper.coming);
}

static void add_line(struct paper *paper, size_t from, size_t length)
{
	if (paper->line_count == paper->line_capacity) {
		paper->line_capacity = paper->line_capacity ? paper->line_capacity * 2 : 256;
		paper->lines = xrealloc_array(paper->lines, paper->line_capacity, sizeof *paper->lines);
	}
	paper->lines[paper->line_count++] = (struct paper_line){ from, length };
}

/* One line of the document, broken at spaces where it must be. */
static void lay_line(struct paper *paper, const char *text, size_t from, size_t length, size_t cols)
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
		add_line(paper, from, shown);
		from += shown;
		while (shown && from < end && text[from] == ' ')
			from++;
	} while (from < end);
}

static void lay(struct paper *paper, size_t cols)
{
	const struct paper_text *text = text_of(paper);
	size_t kept = paper->top < paper->line_count ? paper->lines[paper->top].from : 0;
	if (!text || paper->laid_cols == cols)
		return;
	paper->line_count = 0;
	paper->laid_cols = cols;
	for (size_t at = 0; at < text->text.len;) {
		const char *end = memchr(text->text.buf + at, '\n', text->text.len - at);
		size_t length = end ? (size_t)(end - text->text.buf) - at : text->text.len - at;
		if (text->kind == PAPER_PICTURE) /* cut, not broken */
			add_line(paper, at, length);
		else
			lay_line(paper, text->text.buf, at, length, cols);
		at += length + 1;
	}
	while (paper->top && paper->top < paper->line_count && paper->lines[paper->top].from > kept)
		paper->top--;
	for (; paper->top + 1 < paper->line_count && paper->lines[paper->top + 1].from <= kept; paper->top++)
		continue;
}

static size_t last_top(const struct paper *paper)
{
	return paper->line_count > paper->page ? paper->line_count - paper->page : 0;
}

void paper_move(struct paper *paper, long rows)
{
	size_t step = (size_t)(rows < 0 ? -rows : rows), last = last_top(paper);
	if (rows < 0)
		paper->top = paper->top > step ? paper->top - step : 0;
	else
		paper->top = paper->top > last || last - paper->top < step ? last : paper->top + step;
}

static void show_match(struct paper *paper)
{
	size_t line = 0, at = paper->matches.items[paper->match].from;
	while (line + 1 < paper->line_count && paper->lines[line + 1].from <= at)
		line++;
	if (line >= paper->top && line < paper->top + paper->page)
		return;
	paper->top = line > paper->page / 3 ? line - paper->page / 3 : 0;
	paper_move(paper, 0);
}

bool paper_search(struct paper *paper, const char *wanted)
{
	const struct paper_text *text = text_of(paper);
	size_t from = paper->top < paper->line_count ? paper->lines[paper->top].from : 0;
	arena_reset(&paper->search);
	paper->matches = (struct agree_marks){ 0 };
	if (wanted != paper->wanted.buf) {
		strbuf_reset(&paper->wanted);
		strbuf_adds(&paper->wanted, wanted);
	}
	if (text && text->kind == PAPER_TEXT)
		agree_search(&paper->search, &(struct agree_text){ text->text.buf, text->text.len },
			     paper->wanted.buf, &paper->matches);
	if (!paper->matches.count)
		return false;
	for (paper->match = 0; paper->match + 1 < paper->matches.count; paper->match++)
		if (paper->matches.items[paper->match].from >= from)
			break;
	if (paper->matches.items[paper->match].from < from)
		paper->match = 0;
	show_match(paper);
	return true;
}

bool paper_next(struct paper *paper, bool forward)
{
	size_t count = paper->matches.count;
	if (!count)
		return false;
	paper->match = (paper->match + (forward ? 1 : count - 1)) % count;
	show_match(paper);
	return true;
}

/* What the document has to show and does not: its name; of a period also the newest date before it. */
static char *missing_text(struct arena *arena, const struct agree_values *values)
{
	char *missing = arena_strdup(arena, "");
	for (size_t i = 0; i < values->count; i++) {
		const struct agree_value *value = &values->items[i];
		const char *newest = "";
		if (!value->required || value->found)
			continue;
		if (value->newest)
			newest = arena_printf(arena, " (the newest is %04u-%02u-%02u)", value->newest / 10000,
					      value->newest / 100 % 100, value->newest % 100);
		missing = arena_printf(arena, "%s%s%s%s", missing, missing[0] ? ", " : "", value->what, newest);
	}
	return missing;
}

/* How many values are marked, and what is missing. */
static char *summary(struct arena *arena, const struct paper *paper, bool *all)
{
	const struct paper_text *text = text_of(paper);
	const struct agree_values *values = &paper->work->out.agrees;
	size_t found = 0, required = 0, of_case = 0;
	*all = false;
	bool picture = text->kind == PAPER_PICTURE;
	if (picture && !text->compared)
		return arena_strdup(arena, text->note);
	for (size_t i = 0; i < values->count; i++) {
		bool period = values->items[i].kind == AGREE_PERIOD; /* says nothing about the case */
		found += values->items[i].found && !period;
		of_case += !period;
		required += values->items[i].required;
	}
	const char *missing = missing_text(arena, values);
	*all = required && !missing[0];
	const char *begin = picture ? arena_printf(arena, "%s: %zu of %zu found", text->note, found, of_case)
				    : arena_printf(arena, "Marked: %zu of %zu", found, of_case);
	if (missing[0])
		return arena_printf(arena, "%s. Not found: %s", begin, missing);
	return arena_printf(arena, "%s%s", begin, *all ? ". All that it must show is there" : "");
}

static size_t draw_summary(const struct paper *paper, struct surface *surface, struct box box)
{
	struct arena arena = ARENA_INIT;
	bool all;
	size_t count = 0, most = box.rows >= HIGH_ROWS ? SUMMARY_ROWS_HIGH : SUMMARY_ROWS;
	char *safe = text_safe(&arena, summary(&arena, paper, &all), surface->mode);
	char **lines = text_wrap(&arena, safe, box.cols > 2 ? box.cols - 2 : 1, &count);
	size_t rows = count < most ? count : most;
	for (size_t i = 0; i < rows; i++) {
		const char *line = lines[i];
		/* What does not fit is cut with its mark, like every other text. */
		if (i + 1 == rows && rows < count)
			line = arena_printf(&arena, "%s %s", lines[i], lines[i + 1]);
		surface_put(surface, box.row + i, box.col + 1, box.cols > 2 ? box.cols - 2 : 1,
			    all ? THEME_OK : THEME_WARNING, line);
	}
	arena_release(&arena);
	return rows;
}

/* Colours the part of a mark that stands in the line. */
static void dye(struct surface *surface, struct box at, const char *text, const struct paper_line *line,
		const struct agree_mark *mark, enum theme_role role)
{
	size_t from = mark->from > line->from ? mark->from - line->from : 0;
	size_t end = mark->from + mark->length - line->from;
	if (end > line->length)
		end = line->length;
	size_t before = text_width_cells(text + line->from, from);
	size_t cells = text_width_cells(text + line->from + from, end - from);
	if (before >= at.cols)
		return;
	surface_dye(surface,
		    (struct box){ at.row, at.col + before, 1, cells < at.cols - before ? cells : at.cols - before },
		    role, CELL_UNDERLINE | CELL_BOLD);
}

/* The first mark that ends behind `at`. */
static size_t first_mark(const struct agree_marks *marks, size_t at)
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

static void draw_line(const struct paper *paper, struct surface *surface, struct box at,
		      const struct paper_line *line)
{
	const struct paper_text *text = text_of(paper);
	const char *bytes = text->text.buf;
	struct arena arena = ARENA_INIT;
	surface_put(surface, at.row, at.col, at.cols, THEME_TEXT,
		    arena_strndup(&arena, bytes + line->from, line->length));
	size_t end = line->from + line->length;
	for (size_t i = first_mark(&text->marks, line->from);
	     i < text->marks.count && text->marks.items[i].from < end; i++)
		dye(surface, at, bytes, line, &text->marks.items[i], THEME_OK);
	for (size_t i = first_mark(&paper->matches, line->from);
	     i < paper->matches.count && paper->matches.items[i].from < end; i++) {
		dye(surface, at, bytes, line, &paper->matches.items[i],
		    i == paper->match ? THEME_SELECTION : THEME_MARK);
		if (i == paper->match)
			surface_focus(surface, at);
	}
	arena_release(&arena);
}

static void draw_sentence(struct surface *surface, struct box box, enum theme_role role, const char *sentence)
{
	surface_lines(surface, (struct box){ box.row, box.col + 1, box.rows, box.cols - 2 }, role, sentence);
}

static void draw_title(const struct paper *paper, struct surface *surface, struct box box)
{
	struct arena arena = ARENA_INIT;
	const struct paper_text *text = text_of(paper);
	const char *place = "";
	size_t seen = paper->top + paper->page;
	if (text && paper->line_count > paper->page)
		place = arena_printf(&arena, "  %zu-%zu of %zu%s", paper->top + 1,
				     seen < paper->line_count ? seen : paper->line_count, paper->line_count,
				     text->cut ? ", cut" : "");
	else if (text && text->cut)
		place = "  cut: there is more of it";
	size_t cells = strlen(place), room = box.cols > cells + 2 ? box.cols - cells - 2 : 0;
	surface_put(surface, box.row, box.col + 1, room, THEME_TITLE, paper->title);
	surface_put(surface, box.row, box.col + box.cols - cells - 1, cells, THEME_MUTED, place);
	arena_release(&arena);
}

void paper_draw(struct paper *paper, struct surface *surface, struct box box)
{
	const struct paper_text *text = text_of(paper);
	if (box.rows < 6 || box.cols < 20)
		return;
	size_t used = 1;
	if (text && text->kind == PAPER_TEXT && text->note[0]) {
		surface_put(surface, box.row + used, box.col + 1, box.cols - 2, THEME_WARNING, text->note);
		used++;
	}
	if (text && text->kind != PAPER_NONE)
		used += draw_summary(paper, surface, (struct box){ box.row + used, box.col, box.rows, box.cols });
	surface_rule(surface, box.row + used, box.col, box.cols, THEME_BORDER);
	used++;
	struct box area = { box.row + used, box.col + 1, box.rows - used, box.cols - 2 };
	paper->page = area.rows;
	surface->aloud.passing |= (!text || (text->kind == PAPER_NONE && text->coming)) && !paper->problem;
	if (!text || text->kind == PAPER_NONE) {
		draw_title(paper, surface, box);
		draw_sentence(surface, (struct box){ area.row, box.col, area.rows, box.cols },
			      paper->problem ? THEME_DANGER : THEME_TEXT,
			      paper->problem ? paper->problem
			      : text	     ? text->note
					     : "Opening it; Esc goes back at once");
		return;
	}
	lay(paper, area.cols);
	paper_move(paper, 0);
	draw_title(paper, surface, box);
	if (surface->still && text->kind == PAPER_PICTURE) {
		draw_sentence(
			surface, area, THEME_TEXT,
			"What is to be seen in it cannot be told here: kybdesk document save writes the file.");
		return;
	}
	for (size_t i = 0; i < area.rows && paper->top + i < paper->line_count; i++)
		draw_line(paper, surface, (struct box){ area.row + i, area.col, 1, area.cols },
			  &paper->lines[paper->top + i]);
}
