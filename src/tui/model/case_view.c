/* A case on the screen: header, checklist, tabs. */
#include "model/case_model.h"
#include "kybdesk/domain/due.h"

#include <string.h>

#define HEADER_ROWS 4 /* rows of the header and of the line below it; a banner adds one row */
#define RISK_BAR_CELLS 10
#define LIST_NAME_CELLS_MIN 14 /* minimum cells for the name of the list that the case was opened from */
#define NAME_CELLS_MIN 12      /* minimum cells of a name in a sentence */
#define CHECKLIST_ROWS_NARROW 6
#define CUT_MARK_CELLS 2 /* cells for a blank and GLYPH_CUT */
/* Maximum rows of a page's preview. The limit is low, since a slow connection transfers these rows whenever the
 * cursor stops. */
#define SIDE_PREVIEW_ROWS_MAX 16

/* Draws a left and a right text in one row; the left text is cut if needed. */
static void put_left_right(struct surface *surface, struct box box, const char *left, const char *right)
{
	size_t cells = surface_text_width(surface, right), width = sub_sat(box.cols, 2);
	if (cells > width / 2 + width / 4)
		cells = width / 2 + width / 4;
	surface_put(surface, box.row, box.col + 1, sub_sat(width, cells + (cells ? 2 : 0)), THEME_TITLE, left);
	surface_put_aligned(surface, box.row, box.col + 1 + sub_sat(width, cells), cells, THEME_MUTED, TEXT_RIGHT,
			    right);
}

static void draw_position(struct surface *surface, struct box box, const struct frame *frame,
			  const struct session *session, const struct case_position *place)
{
	struct arena *arena = &surface->arena;
	char *left = arena_printf(arena, "%s %s", glyph_text(frame->mode, GLYPH_BACK), place->opened_from);
	if (place->position > 0 && place->total >= place->position)
		left = arena_printf(arena, "%s  %s of %s", left, number_text(arena, place->position),
				    number_text(arena, place->total));
	struct row_piece right[] = {
		{ frame->readonly ? "READ ONLY" : "", "", THEME_HEADER, 0 },
		{ frame->sandbox ? "SANDBOX" : "", "    ", THEME_HEADER, 0 },
		{ frame->actor, "    ", THEME_HEADER, 0 },
		{ claim_holder_text(arena, session, frame->actor, frame->now), "    ", THEME_HEADER, 1 },
		{ surface->is_spoken ? "" : time_clock_text(arena, frame->now, frame->clock_offset_minutes), "    ",
		  THEME_HEADER, 2 },
	};
	size_t count = sizeof right / sizeof right[0], room = sub_sat(box.cols, 2),
	       wanted = surface_text_width(surface, left);
	/* The left text, which has the list's name, is cut to `least` cells before a piece of the right text is
	 * dropped. */
	size_t least = wanted < LIST_NAME_CELLS_MIN ? wanted : LIST_NAME_CELLS_MIN;
	size_t cells = drop_pieces_to_fit(surface, right, count, sub_sat(room, least + 2));
	surface_fill(surface, box_row(box, 0), THEME_HEADER);
	surface_put(surface, box.row, box.col + 1, sub_sat(room, cells + 2), THEME_HEADER, left);
	struct pen pen = pen_at(surface, box.row, box.col + 1 + sub_sat(room, cells), cells);
	put_pieces(&pen, right, count);
}

static char *join_parts(struct arena *arena, const char *const *parts, size_t count)
{
	char *text = arena_strdup(arena, "");
	for (size_t i = 0; i < count; i++)
		if (parts[i][0])
			text = arena_printf(arena, "%s%s%s", text, text[0] ? " · " : "", parts[i]);
	return text;
}

static void draw_status_row(struct surface *surface, size_t row, struct box box, const struct frame *frame,
			    const struct case_view *view)
{
	struct arena *arena = &surface->arena;
	const struct session *session = &view->file.session;
	size_t rounds = 0;
	for (size_t i = 0; i < view->file.correction_count; i++)
		if (view->file.corrections[i].round > (int64_t)rounds)
			rounds = (size_t)view->file.corrections[i].round;
	const char *returned = session->returned && rounds ? arena_printf(arena, "RETURNED ×%zu", rounds)
			       : session->returned	   ? "RETURNED"
							   : "";
	const char *sent =
		session->submitted_at == TIME_NONE
			? ""
			: arena_printf(arena, "submitted %s", time_day_text(arena, session->submitted_at, frame->now));
	static const enum theme_role due_roles[] = { [DUE_STATE_ON_TIME] = THEME_TEXT,
						     [DUE_STATE_SOON] = THEME_WARNING,
						     [DUE_STATE_URGENT] = THEME_DANGER,
						     [DUE_STATE_OVERDUE] = THEME_DANGER };
	const struct session *dues = due_session(view);
	enum due_state due = dues->due_paused_at == TIME_NONE
				     ? due_state(dues->due_at, view->profile ? view->profile->review_ms : 0, frame->now)
				     : DUE_STATE_ON_TIME;
	bool risk = session->risk_score != RISK_NONE;
	const char *level = session->subject.level;
	struct row_piece pieces[] = {
		{ session_status_title_upper(arena, session->status), "", session_status_role(session->status), 0 },
		{ level[0] ? "level" : "", "   ", THEME_MUTED, 4 },
		{ level, " ", THEME_TITLE, 3 },
		{ risk ? arena_printf(arena, "risk %d", session->risk_score) : "", "   ",
		  session->risk_score >= 70 ? THEME_WARNING : THEME_TEXT, 2 },
		{ risk ? glyph_bar(arena, frame->mode, session->risk_score, 100,
				   box.cols >= 100 ? RISK_BAR_CELLS : RISK_BAR_CELLS / 2)
		       : "",
		  " ", session->risk_score >= 70 ? THEME_WARNING : THEME_ACCENT, 6 },
		{ sent, "   ", THEME_MUTED, 5 },
		{ due_time_text(arena, view, frame->now), " · ", due_roles[due], 0 },
	};
	size_t count = sizeof pieces / sizeof pieces[0], mark_cells = surface_text_width(surface, returned);
	size_t room = sub_sat(sub_sat(box.cols, 2), mark_cells ? mark_cells + 2 : 0);
	(void)drop_pieces_to_fit(surface, pieces, count, room);
	struct pen pen = pen_at(surface, row, box.col + 1, room);
	put_pieces(&pen, pieces, count);
	if (mark_cells)
		surface_put_aligned(surface, row, pen.end, mark_cells + 2, THEME_MARK, TEXT_RIGHT, returned);
}

/* Draws the subject, the state, the banner if any, and a horizontal line; returns the number of rows. */
static size_t draw_header(struct surface *surface, struct box box, const struct frame *frame,
			  const struct case_view *view)
{
	struct arena *arena = &surface->arena;
	const struct session *session = &view->file.session;
	const char *parts[] = { session->external_ref, session->workflow, session->subject.country, session->merchant };
	size_t count = box.cols >= 100 ? 4 : 3;
	put_left_right(surface, box, session->subject.name, join_parts(arena, parts, count));
	draw_status_row(surface, box.row + 1, box, frame, view);
	const char *banner = case_banner(arena, view, frame);
	size_t rows = banner[0] ? 3 : 2;
	if (banner[0]) {
		struct box line = box_row(box, 2);
		surface_fill(surface, line, THEME_DANGER);
		surface_put(surface, line.row, line.col + 1, sub_sat(line.cols, 2), THEME_DANGER, banner);
		surface_restyle(surface, line, THEME_DANGER, CELL_REVERSE | CELL_BOLD);
	}
	surface_draw_rule(surface, box.row + rows, box.col, box.cols, THEME_BORDER);
	return rows + 1;
}

/* Shortens a long name in a sentence, so that the text after the name stays visible. */
static const char *shorten_name(struct surface *surface, const char *sentence, const char *name, size_t width)
{
	const char *at = name[0] ? strstr(sentence, name) : NULL;
	size_t all = surface_text_width(surface, sentence), cells = surface_text_width(surface, name);
	if (!at || all <= width || cells <= NAME_CELLS_MIN)
		return sentence;
	size_t over = all - width, room = cells > over + NAME_CELLS_MIN ? cells - over : NAME_CELLS_MIN;
	return arena_printf(&surface->arena, "%.*s%s%s", (int)(at - sentence), sentence,
			    surface_fit_text(surface, name, room), at + strlen(name));
}

/* Shortens a sentence to one row: cuts the sentence after the last clause that fits, never inside a word, and puts
 * GLYPH_CUT at the right end. The cut part explains how to resolve the condition. While the cursor is on the row,
 * the full sentence is shown below the tab or in the third pane. */
static const char *shorten_to_row(struct surface *surface, const struct case_file *file,
				  const struct checklist_item *item, size_t width)
{
	struct arena *arena = &surface->arena;
	const char *sentence = item->message, *clause = NULL;
	if (surface_text_width(surface, sentence) <= width)
		return sentence;
	for (const char *at = strpbrk(sentence, ";:"); at; at = strpbrk(at + 1, ";:")) {
		const char *part = arena_strndup(arena, sentence, (size_t)(at - sentence));
		if (at[1] == ' ' && surface_text_width(surface, part) + CUT_MARK_CELLS <= width)
			clause = part;
	}
	const struct party *party = case_party(file, item->ref);
	const struct hit *hit = case_hit(file, item->ref, NULL);
	if (!clause)
		return shorten_name(surface, sentence,
				    party ? party->name
				    : hit ? hit->name
					  : file->session.subject.name,
				    width);
	return arena_printf(arena, "%s%*s%s", clause, (int)(width - surface_text_width(surface, clause) - 1), "",
			    glyph_text(surface->mode, GLYPH_CUT));
}

/* Draws one condition in one row or, if `wrap` is set, in as many rows as its sentence needs. Returns the number of
 * rows; if the box has no rows, draws nothing. */
static size_t draw_condition(struct case_model *model, struct surface *surface, struct box box, size_t index, bool wrap)
{
	const struct checklist_item *item = case_model_condition(model, index);
	if (!item)
		return 0;
	bool here = model->pane == PANE_CHECKLIST && index == model->checklist_cursor;
	const struct case_file *file = &model->job->view.file;
	struct arena *arena = &surface->arena;
	const char *where = item->met || item->tab < TAB_SUMMARY || item->tab > TAB_WEBHOOKS
				    ? ""
				    : arena_printf(arena, "%s %d", glyph_text(surface->mode, GLYPH_ARROW), item->tab);
	size_t cells = surface_text_width(surface, where), rows = 1,
	       width = sub_sat(box.cols, 3 + (cells ? cells + 1 : 0));
	char **lines = NULL;
	if (wrap)
		lines = surface_wrap_text(surface, item->message, width, &rows);
	if (box.rows) {
		surface_draw_pointer(surface, box.row, box.col, here && case_model_focus(model) == FOCUS_CASE);
		surface_put(surface, box.row, box.col + 1, 1, item->met ? THEME_OK : THEME_DANGER,
			    glyph_text(surface->mode, item->met ? GLYPH_MET : GLYPH_UNMET));
		for (size_t i = 0; i < rows && i < box.rows; i++)
			surface_put(surface, box.row + i, box.col + 3, width, item->met ? THEME_MUTED : THEME_TEXT,
				    lines ? lines[i] : shorten_to_row(surface, file, item, width));
		surface_put(surface, box.row, box.col + sub_sat(box.cols, cells), cells, THEME_MUTED, where);
		box.rows = rows < box.rows ? rows : box.rows;
		if (here && case_model_focus(model) == FOCUS_CASE) {
			surface_select_box(surface, box);
			surface_set_focus(surface, box_row(box, 0));
		}
		surface_add_zone(surface, box, ZONE_CHECKLIST, index);
	}
	return rows;
}

static const char *decision_text(const struct session *session) /* "" none */
{
	return session->status == SESSION_APPROVED ? "Approved" : session->status == SESSION_REJECTED ? "Rejected" : "";
}

static const char *checklist_title(struct arena *arena, const struct case_model *model)
{
	const char *decision = decision_text(&model->job->view.file.session);
	if (*decision)
		return decision;
	return case_model_unmet_count(model) ? "Before you can approve"
					     : all_conditions_met_text(arena, &model->job->view);
}

static void draw_checklist(struct case_model *model, struct surface *surface, struct box box)
{
	struct arena *arena = &surface->arena;
	const char *title = checklist_title(arena, model);
	size_t count = model->job->view.checklist_count, rows = sub_sat(box.rows, 1);
	surface_put(surface, box.row, box.col + 1, sub_sat(box.cols, 1), THEME_TITLE, title);
	/* While a tab has the focus, the list of conditions starts at its top, where the unmet conditions are. */
	model->checklist_top = model->pane == PANE_CHECKLIST
				       ? scrolled_top(model->checklist_top, model->checklist_cursor, rows, count)
				       : 0;
	/* Wraps the sentences of all conditions if the box has enough rows. */
	size_t needed_rows = 0;
	for (size_t i = 0; i < count; i++)
		needed_rows += draw_condition(model, surface, (struct box){ 0, 0, 0, box.cols }, i, true);
	bool wrap = needed_rows <= rows;
	if (wrap)
		model->checklist_top = 0;
	for (size_t i = model->checklist_top, at = 0; at < rows && i < count; i++)
		at += draw_condition(model, surface,
				     (struct box){ box.row + 1 + at, box.col, wrap ? sub_sat(rows, at) : 1, box.cols },
				     i, wrap);
	size_t unmet = case_model_unmet_count(model), seen = model->checklist_top + rows;
	size_t room = sub_sat(box.cols, 3 + surface_text_width(surface, title));
	const char *more = unmet && seen >= unmet ? arena_printf(arena, "%zu condition%s met", count - seen,
								 count - seen == 1 ? "" : "s")
						  : arena_printf(arena, "%zu more below", count - seen);
	if (surface_text_width(surface, more) > room)
		more = arena_printf(arena, seen >= unmet ? "%zu met" : "%zu more", count - seen);
	if (rows && seen < count)
		surface_put_aligned(surface, box.row, box.col, sub_sat(box.cols, 1), THEME_MUTED, TEXT_RIGHT, more);
}

/* Draws one line in place of the checklist, if all conditions are met or the case is decided. */
static void draw_folded_checklist(struct case_model *model, struct surface *surface, struct box box)
{
	const struct case_view *view = &model->job->view;
	const struct session *session = &view->file.session;
	struct pen pen = pen_at(surface, box.row, box.col + 1, sub_sat(box.cols, 2));
	if (*decision_text(session)) {
		pen_put(&pen, session_status_role(session->status),
			glyph_text(surface->mode, session_status_glyph(session->status)));
		pen_format(&pen, THEME_TEXT, " %s", decision_text(session));
		if (session->decided_by[0])
			pen_format(&pen, THEME_TEXT, " by %s", session->decided_by);
		if (session->decision_reason[0])
			pen_format(&pen, THEME_MUTED, ": %s", session->decision_reason);
		return;
	}
	pen_put(&pen, THEME_OK, glyph_text(surface->mode, GLYPH_MET));
	draw_all_conditions_met(&pen, view);
}

static bool is_checklist_folded(const struct case_model *model)
{
	return !case_model_unmet_count(model) || *decision_text(&model->job->view.file.session);
}

/* Names of the tabs in NAMES_COUNT forms, the widest form first. */
#define NAMES_COUNT 3
static const char *const names[][NAMES_COUNT] = {
	[TAB_SUMMARY] = { "Summary", "Summary", "Sum" },      [TAB_DOCUMENTS] = { "Documents", "Docs", "Doc" },
	[TAB_PARTIES] = { "Parties", "Parties", "Par" },      [TAB_CHECKS] = { "Checks", "Checks", "Chk" },
	[TAB_CORRECTIONS] = { "Corrections", "Corr", "Cor" }, [TAB_TIMELINE] = { "Timeline", "Time", "Tim" },
	[TAB_WEBHOOKS] = { "Webhooks", "Hooks", "Hks" },
};

static size_t unmet_count(const struct case_model *model, enum case_tab tab)
{
	const struct case_view *view = &model->job->view;
	size_t count = 0;
	for (size_t i = 0; i < view->checklist_count; i++)
		count += !view->checklist[i].met && view->checklist[i].tab == tab;
	return count;
}

struct tab_strip {
	const struct case_model *model;
	struct arena *arena;
	enum text_mode mode;
	bool is_case_decided;
};

/* The mark with the number of unmet conditions of a tab, like " ✗4"; "": the tab has no unmet condition, or the
 * case is decided. */
static const char *unmet_mark(const struct tab_strip *tab_strip, enum case_tab tab)
{
	size_t count = tab_strip->is_case_decided ? 0 : unmet_count(tab_strip->model, tab);
	return count ? arena_printf(tab_strip->arena, " %s%zu", glyph_text(tab_strip->mode, GLYPH_UNMET), count) : "";
}

static size_t needed_cells(const struct tab_strip *tab_strip, struct surface *surface, size_t name)
{
	size_t cells = 0;
	for (enum case_tab tab = TAB_SUMMARY; tab <= TAB_WEBHOOKS; tab++)
		cells += strlen(names[tab][name]) + surface_text_width(surface, unmet_mark(tab_strip, tab)) + 4;
	return cells - 1;
}

static void draw_tabs(struct case_model *model, struct surface *surface, struct box box)
{
	struct arena *arena = &surface->arena;
	const struct tab_strip tab_strip = { model, arena, surface->mode,
					     session_status_is_decided(model->job->view.file.session.status) };
	struct pen pen = pen_at(surface, box.row, box.col, box.cols);
	size_t name = 0;
	while (name + 1 < NAMES_COUNT && needed_cells(&tab_strip, surface, name) > box.cols)
		name++;
	for (enum case_tab tab = TAB_SUMMARY; tab <= TAB_WEBHOOKS; tab++) {
		bool here = tab == model->tab;
		size_t from = pen.col;
		pen_format(&pen, here ? THEME_TITLE : THEME_MUTED, " %d %s", (int)tab, names[tab][name]);
		if (here)
			surface_restyle(surface, (struct box){ box.row, from + 1, 1, pen.col - from - 1 },
					model->pane == PANE_TAB ? THEME_ACCENT : THEME_TITLE,
					CELL_UNDERLINE | CELL_BOLD);
		pen_put(&pen, THEME_DANGER, unmet_mark(&tab_strip, tab));
		if (here)
			surface->screen_reader.title = (struct box){ box.row, from, 1, pen.col - from };
		surface_add_zone(surface, (struct box){ box.row, from, 1, pen.col - from }, ZONE_TAB, (size_t)tab);
		pen.col++;
	}
}

static void draw_tab(struct case_model *model, struct surface *surface, struct box box)
{
	size_t index = (size_t)model->tab - TAB_SUMMARY;
	size_t blank = box.rows > 12 && !case_model_grid(model)->card_count ? 1 : 0;
	/* The row's detail is below the grid or, in a layout with three panes, in the third pane. */
	const char *detail = model->has_third_pane ? "" : case_model_selected_text(model);
	draw_tabs(model, surface, box);
	bool focused = model->pane == PANE_TAB && case_model_focus(model) == FOCUS_CASE;
	if (model->tab == TAB_PARTIES && model->shows_chart && model->job->tree_count && !surface->is_spoken) {
		const struct chart chart = { .job = model->job,
					     .grid = case_model_grid(model),
					     .cursor = model->cursors[index],
					     .top = &model->chart_first_line,
					     .focused = focused };
		model->visible_row_count = chart_draw(&chart, surface, box_skip_rows(box, 1));
		return;
	}
	model->visible_row_count =
		grid_pane_draw(&(const struct grid_pane){ .grid = case_model_grid(model),
							  .cursor = model->cursors[index],
							  .top = &model->tops[index],
							  .detail = detail,
							  .cursor_style = focused ? GRID_FOCUSED : GRID_UNFOCUSED,
							  .zone = ZONE_GRID },
			       surface, box_skip_rows(box, 1 + blank));
}

/* Draws the open document or page. */
static void draw_open_item(struct case_model *model, struct surface *surface, struct box box)
{
	bool focused = case_model_focus(model) == FOCUS_ITEM;
	if (model->viewer)
		viewer_draw(model->viewer, surface, box);
	else
		page_draw(model->page, surface, box, focused ? GRID_FOCUSED : GRID_UNFOCUSED,
			  model->has_third_pane ? ZONE_DETAIL : ZONE_GRID);
	if (model->has_third_pane && focused)
		surface_restyle(surface, (struct box){ box.row, box.col + 1, 1, sub_sat(box.cols, 2) }, THEME_ACCENT,
				CELL_BOLD);
}

static void draw_open_item_or_tab(struct case_model *model, struct surface *surface, struct box box)
{
	if (model->viewer || model->page)
		draw_open_item(model, surface, box);
	else
		draw_tab(model, surface, box);
}

static void draw_pane_border(struct surface *surface, struct box box, size_t col)
{
	surface_draw_border(surface, box, col);
	if (box.row)
		surface_put(surface, box.row - 1, col, 1, THEME_BORDER, glyph_text(surface->mode, GLYPH_CROSS_DOWN));
}

/* Draws the checklist above the tab. */
static void draw_stacked_panes(struct case_model *model, struct surface *surface, struct box below)
{
	const struct case_view *view = &model->job->view;
	size_t rows = 1;
	if (is_checklist_folded(model) && model->pane == PANE_TAB) {
		draw_folded_checklist(model, surface, below);
	} else {
		size_t unmet = case_model_unmet_count(model);
		/* Met conditions are shown only while the cursor of the checklist is below the last unmet condition. */
		bool folded = unmet && (model->pane != PANE_CHECKLIST || model->checklist_cursor < unmet);
		size_t wanted = folded ? unmet : view->checklist_count;
		size_t most = below.rows / 3;
		if (surface->is_spoken) /* screen reader: the number of rows does not depend on the cursor */
			wanted = unmet ? unmet : 1;
		else if (!model->has_third_pane && most > CHECKLIST_ROWS_NARROW)
			most = CHECKLIST_ROWS_NARROW;
		rows = 1 + (wanted < most ? wanted : most);
		draw_checklist(model, surface, (struct box){ below.row, below.col, rows, below.cols });
	}
	surface_draw_rule(surface, below.row + rows, below.col, below.cols, THEME_BORDER);
	draw_tab(model, surface, box_skip_rows(below, rows + 1));
}

/* Draws two panes side by side: the checklist on one side, the tab or the open item on the other. */
static void draw_two_panes(struct case_model *model, struct surface *surface, struct box below,
			   const struct case_panes *panes)
{
	struct box left = { below.row, below.col, below.rows, sub_sat(panes->checklist_cols, 1) };
	struct box right = { below.row, below.col + panes->checklist_cols + 1, below.rows, panes->tab_cols };
	if (is_checklist_folded(model) && model->pane != PANE_CHECKLIST && model->job->view.checklist_count == 0)
		draw_folded_checklist(model, surface, below);
	else
		draw_checklist(model, surface, left);
	draw_pane_border(surface, below, below.col + panes->checklist_cols);
	draw_open_item_or_tab(model, surface, right);
}

/* Draws a preview of the selected item: the start of its page, and below the page the detail of the row or the
 * sentence of the condition. */
static void draw_side_preview(struct case_model *model, struct surface *surface, struct box box)
{
	size_t count = 0, width = sub_sat(box.cols, 3);
	char **lines = surface_wrap_text(surface, model->preview_sentence, width, &count);
	size_t rows = model->side_page ? model->side_page->grid.row_count + 2 : 0, room = sub_sat(box.rows, count + 1);
	size_t most = room < SIDE_PREVIEW_ROWS_MAX ? room : SIDE_PREVIEW_ROWS_MAX;
	struct box page = { box.row, box.col, rows > most ? sub_sat(most, 1) : most, box.cols };
	if (model->side_page && page.rows > 3) {
		page_draw(model->side_page, surface, page, GRID_NO_CURSOR, ZONE_DETAIL);
		if (rows > most)
			surface_put(surface, page.row + page.rows, box.col + 2, width, THEME_MUTED,
				    arena_printf(&surface->arena, "%zu more rows: Tab", rows - page.rows));
	}
	for (size_t i = 0; i < count && i < box.rows; i++)
		surface_put(surface, box.row + sub_sat(box.rows, count) + i, box.col + 2, width, THEME_MUTED, lines[i]);
}

struct drawing {
	struct case_model *model;
	struct surface *surface;
	const struct frame *frame;
	const struct case_position *position;
};

/* Draws the third pane: the open item, else a preview of the selected item. While the list has the focus, draws the
 * case under the list's cursor. */
static void draw_detail(const struct drawing *drawing, struct box box)
{
	struct case_model *model = drawing->model;
	struct surface *surface = drawing->surface;
	const struct frame *frame = drawing->frame;
	struct box inner = { box.row, box.col + 1, box.rows, sub_sat(box.cols, 2) };
	if (case_model_focus(model) == FOCUS_LIST) {
		if (drawing->position->preview)
			preview_draw(drawing->position->preview, surface, inner, frame);
		return;
	}
	if (!model->preview_sentence)
		case_model_update_preview(model, frame);
	if (model->viewer || model->page)
		draw_open_item(model, surface, box);
	else
		draw_side_preview(model, surface, box);
}

static void draw_three_panes(const struct drawing *drawing, struct box below, const struct case_panes *panes)
{
	struct box detail = { below.row, below.col + panes->tab_cols + 1, below.rows, panes->detail_cols };
	drawing->surface->has_split_panes = true;
	below.cols = panes->tab_cols;
	draw_stacked_panes(drawing->model, drawing->surface, below);
	draw_pane_border(drawing->surface, below, below.col + panes->tab_cols);
	draw_detail(drawing, detail);
}

static void draw_focus_mark(struct surface *surface, struct box box, bool focused)
{
	if (!focused || !box.rows)
		return;
	surface_draw_pointer(surface, box.row, box.col, true);
	surface_restyle(surface, box_row(box, 0), THEME_ACCENT, CELL_BOLD);
}

static void draw_viewer_pair(struct viewer *viewer, struct surface *surface, struct box box)
{
	struct pair_boxes boxes;
	viewer_pair_boxes(viewer, box, surface->is_spoken, &boxes);
	if (boxes.first.rows)
		viewer_draw(viewer, surface, boxes.first);
	if (boxes.second.rows && viewer->form)
		page_draw(viewer->form, surface, boxes.second,
			  viewer->is_neighbour_focused ? GRID_FOCUSED : GRID_UNFOCUSED, ZONE_GRID);
	else if (boxes.second.rows)
		viewer_draw(viewer->second_viewer, surface, boxes.second);
	draw_focus_mark(surface, boxes.first, !viewer->is_neighbour_focused);
	draw_focus_mark(surface, boxes.second, viewer->is_neighbour_focused);
	if (boxes.is_stacked) {
		if (boxes.first.rows && boxes.second.rows)
			surface_draw_rule(surface, boxes.second.row - 1, box.col, box.cols, THEME_BORDER);
		return;
	}
	surface->has_split_panes = true;
	surface_draw_border(surface, box, boxes.second.col - 1);
}

void case_draw(struct case_model *model, struct surface *surface, struct box box, const struct frame *frame,
	       const struct case_position *place)
{
	const struct case_panes panes = case_panes(box.cols);
	if (!model->job || box.rows < HEADER_ROWS + 2)
		return;
	const struct case_view *view = &model->job->view;
	case_model_set_panes(model, panes.detail_cols > 0);
	draw_position(surface, box, frame, &view->file.session, place);
	if (model->viewer && viewer_is_pair(model->viewer)) {
		size_t used = 1 + (has_panes(box.cols) ? draw_header(surface, box_skip_rows(box, 1), frame, view) : 0);
		draw_viewer_pair(model->viewer, surface, box_skip_rows(box, used));
		return;
	}
	if ((model->viewer || model->page) && !panes.checklist_cols && !panes.detail_cols) {
		draw_open_item(model, surface, box_skip_rows(box, 1));
		return;
	}
	size_t list = panes.list_cols ? panes.list_cols + 1 : 0;
	struct box right = { box.row + 1, box.col + list, HEADER_ROWS - 1, sub_sat(box.cols, list) };
	size_t header = 1 + draw_header(surface, right, frame, view);
	struct box below = { box.row + header, right.col, sub_sat(box.rows, header), right.cols };
	if (panes.detail_cols)
		draw_three_panes(&(const struct drawing){ model, surface, frame, place }, below, &panes);
	else if (panes.checklist_cols)
		draw_two_panes(model, surface, below, &panes);
	else
		draw_stacked_panes(model, surface, below);
}
