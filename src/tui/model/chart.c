#include "model/case_model.h"
#include "kybdesk/domain/percent_range.h"

#include <string.h>

#define EDGE_COLS 11 /* width from a box to the boxes of its owners, like "├─ 33.3 % ─" */
#define BOX_COLS_MIN 30
#define BOX_COLS_MAX 64
#define LEVELS_MAX 63 /* maximum number of levels, each with a bit in node.continued_level_bits */

/* One box; `line` and `lines` are its first line and its height, in lines of the whole chart, not rows of the
 * screen. */
struct node {
	size_t line, lines, level;
	uint64_t continued_level_bits; /* bit n: the line from a box of level n continues below this box */
	bool last, has_owners;	       /* `last`: no further owner of the same company follows below */
	const char *title, *facts, *state;
	enum theme_role role; /* colour of the text `state` */
};
struct drawing {
	struct surface *surface;
	struct box box;
	size_t top;    /* line of the chart that is drawn in the first row */
	size_t levels; /* number of levels with a column of their own; deeper boxes share the last column */
};

/* Column of the boxes of this level. */
static size_t col_of_level(const struct drawing *at, size_t level)
{
	return 1 + (level < at->levels ? level : at->levels) * EDGE_COLS;
}

static bool is_line_visible(const struct drawing *at, size_t line)
{
	return line >= at->top && line - at->top < at->box.rows;
}

static void put(const struct drawing *at, size_t line, size_t col, enum theme_role role, const char *text)
{
	if (is_line_visible(at, line) && col < at->box.cols)
		surface_put(at->surface, at->box.row + line - at->top, at->box.col + col, at->box.cols - col, role,
			    text);
}

static void put_glyph(const struct drawing *at, size_t line, size_t col, enum theme_role role, enum glyph glyph)
{
	put(at, line, col, role, glyph_text(at->surface->mode, glyph));
}

static void put_line(const struct drawing *at, size_t line, size_t from, size_t to, enum theme_role role)
{
	if (is_line_visible(at, line) && from < to && from < at->box.cols)
		surface_draw_rule(at->surface, at->box.row + line - at->top, at->box.col + from,
				  (to < at->box.cols ? to : at->box.cols) - from, role);
}

static const char *join_with_dot(struct arena *arena, enum text_mode mode, const char *before, const char *part)
{
	if (!part[0])
		return before;
	return before[0] ? arena_printf(arena, "%s %s %s", before, glyph_text(mode, GLYPH_DOT), part) : part;
}

/* The share that is not declared ("12 % not declared") in the company `ref`, or in the subject if `ref` is "". */
static const char *gap_text(struct arena *arena, const struct ownership_gap *gap, const char *ref)
{
	for (size_t i = 0; gap->is_computed && i < gap->layer_count; i++)
		if (!strcmp(gap->layers[i].ref, ref))
			return arena_printf(arena, "%s %% not declared", gap->layers[i].undeclared_percent);
	return "";
}

static void describe_subject(struct arena *arena, const struct case_view *view, enum text_mode mode, struct node *out)
{
	const struct session *session = &view->file.session;
	const char *gap = gap_text(arena, &view->gap, "");
	const char *sum = gap[0] ? gap : view->gap.is_computed ? "100 % declared" : "";
	out->title = session->subject.name;
	out->facts = join_with_dot(
		arena, mode, session->subject.country,
		session->risk_score == RISK_NONE ? "" : arena_printf(arena, "risk %d", session->risk_score));
	out->facts = join_with_dot(arena, mode, out->facts, session_status_title(session->status));
	out->state = sum;
	out->role = gap[0] ? THEME_WARNING : THEME_OK;
}

static void describe_party(struct arena *arena, const struct chart *chart, size_t row, enum text_mode mode,
			   struct node *out)
{
	const struct case_view *view = &chart->job->view;
	const struct ownership_line *line = &chart->job->tree[row];
	const struct party *party = &view->file.parties[line->party];
	bool verified =
		(view->is_party_verified && view->is_party_verified[line->party]) || party->verified_elsewhere_by[0];
	bool needed = view->profile && party_must_be_verified(party, view->profile);
	const char *kyc = party->verified_elsewhere_by[0] ? "verified elsewhere"
			  : party->session_id[0]
				  ? arena_printf(arena, "KYC %s", session_status_title(party->session_status))
			  : verified ? "verified"
			  : needed   ? "KYC needed"
				     : "no KYC needed";
	const char *gap = gap_text(arena, &view->gap, party->id);
	out->title = line->closes_cycle
			     ? arena_printf(arena, "%s %s owns itself", party->name, glyph_text(mode, GLYPH_RETURNED))
			     : party->name;
	out->facts = join_with_dot(arena, mode, party->country, party_roles_text(arena, party));
	if (party->effective_percent[0])
		out->facts = join_with_dot(arena, mode, arena_printf(arena, "%s %% in total", party->effective_percent),
					   out->facts);
	out->state = arena_printf(arena, "%s %s",
				  glyph_text(mode, verified ? GLYPH_MET
						   : needed ? GLYPH_UNMET
							    : GLYPH_DASH),
				  kyc);
	if (party->session_hit_open)
		out->state = join_with_dot(arena, mode, "! hit open", out->state);
	if (party->lacks_ubo_role)
		out->state = join_with_dot(arena, mode, "! undeclared beneficial owner", out->state);
	out->state = join_with_dot(arena, mode, out->state, gap);
	out->role = line->closes_cycle || party->session_hit_open	       ? THEME_DANGER
		    : gap[0] || party->lacks_ubo_role || (needed && !verified) ? THEME_WARNING
		    : verified						       ? THEME_OK
									       : THEME_MUTED;
}

/* Makes the subject's box and a box for each line of the tree, and sets the line of each box. */
static struct node *make_boxes(struct arena *arena, const struct chart *chart, enum text_mode mode)
{
	const struct job *job = chart->job;
	size_t count = job->tree_count + 1;
	struct node *nodes = arena_alloc_array(arena, count, sizeof *nodes);
	uint64_t open = 0;
	memset(nodes, 0, count * sizeof *nodes);
	describe_subject(arena, &job->view, mode, &nodes[0]);
	for (size_t i = count; i-- > 1;) {
		size_t depth = job->tree[i - 1].depth < LEVELS_MAX ? job->tree[i - 1].depth : LEVELS_MAX - 1;
		uint64_t bit = UINT64_C(1) << depth;
		nodes[i].level = depth + 1;
		nodes[i].last = !(open & bit);
		nodes[i].continued_level_bits = open & (bit - 1);
		nodes[i].has_owners = open & bit << 1;
		open = (open & (bit - 1)) | bit;
		describe_party(arena, chart, i - 1, mode, &nodes[i]);
	}
	nodes[0].has_owners = count > 1;
	for (size_t i = 0, line = 0; i < count; i++) {
		nodes[i].line = line;
		nodes[i].lines = 2u + (nodes[i].facts[0] ? 1 : 0) + (nodes[i].state[0] ? 1 : 0);
		line += nodes[i].lines;
	}
	return nodes;
}

/* Draws the edge from the box to the box of the owned company, with the declared share, and the vertical lines of
 * other edges that pass these lines. */
static void draw_edge(const struct drawing *at, const struct node *node, const char *percent)
{
	size_t trunk = col_of_level(at, node->level - 1) + 2, end = col_of_level(at, node->level);
	for (size_t line = node->line; line < node->line + node->lines; line++) {
		for (size_t level = 0; level + 1 < node->level && level < at->levels; level++)
			if (node->continued_level_bits >> level & 1)
				put_glyph(at, line, col_of_level(at, level) + 2, THEME_BORDER, GLYPH_VERTICAL);
		if (end > trunk && (!node->last || line <= node->line))
			put_glyph(at, line, trunk, THEME_BORDER, GLYPH_VERTICAL);
	}
	if (end <= trunk) /* both boxes are in the last column, so the edge has no cells */
		return;
	put_glyph(at, node->line + 1, trunk, THEME_BORDER, node->last ? GLYPH_CORNER_BOTTOM_LEFT : GLYPH_TEE_RIGHT);
	put_line(at, node->line + 1, trunk + 1, end, THEME_BORDER);
	if (percent[0] && is_line_visible(at, node->line))
		surface_put(at->surface, at->box.row + node->line - at->top, at->box.col + trunk + 1,
			    sub_sat(end, trunk + 1), THEME_TEXT, percent);
}

static const char *shorten_text(struct surface *surface, const char *text, size_t cells)
{
	return surface_text_width(surface, text) > cells ? surface_fit_text(surface, text, cells) : text;
}

static void draw_box(const struct drawing *at, const struct node *node, bool here, bool edge)
{
	size_t col = col_of_level(at, node->level), width = sub_sat(at->box.cols, col + 1), line = node->line;
	enum theme_role border = here ? THEME_ACCENT : THEME_BORDER;
	width = width > BOX_COLS_MAX ? BOX_COLS_MAX : width;
	size_t right = col + width - 1, bottom = line + node->lines - 1;
	if (width < 6)
		return;
	put_glyph(at, line, col, border, GLYPH_CORNER_TOP_LEFT);
	put_line(at, line, col + 1, right, border);
	put_glyph(at, line, right, border, GLYPH_CORNER_TOP_RIGHT);
	put(at, line, col + 2, THEME_TITLE,
	    arena_printf(&at->surface->arena, " %s ", shorten_text(at->surface, node->title, width - 6)));
	for (size_t i = line + 1; i < bottom; i++) {
		bool first = i == line + 1, facts = first && node->facts[0];
		const char *text = facts ? node->facts : node->state;
		put_glyph(at, i, col, border, first && edge ? GLYPH_TEE_LEFT : GLYPH_VERTICAL);
		put(at, i, col + 2, facts ? THEME_TEXT : node->role, shorten_text(at->surface, text, width - 4));
		put_glyph(at, i, right, border, GLYPH_VERTICAL);
	}
	put_glyph(at, bottom, col, border, GLYPH_CORNER_BOTTOM_LEFT);
	put_line(at, bottom, col + 1, right, border);
	put_glyph(at, bottom, right, border, GLYPH_CORNER_BOTTOM_RIGHT);
	if (node->has_owners)
		put_glyph(at, bottom, col + 2, border, GLYPH_CROSS_DOWN);
}

/* The part of the surface that shows `lines` lines of the chart, from the line `line` on. */
static struct box visible_box(const struct drawing *at, size_t line, size_t lines)
{
	size_t from = sub_sat(line, at->top), end = sub_sat(line + lines, at->top);
	end = end < at->box.rows ? end : at->box.rows;
	return (struct box){ at->box.row + from, at->box.col, sub_sat(end, from), at->box.cols };
}

static void draw_row_below(const struct drawing *at, const struct chart *chart, size_t index, size_t line)
{
	const struct grid_row *row = &chart->grid->rows[index];
	const char *text = row->cells[0].text ? row->cells[0].text : "";
	put(at, line, row->kind == ROW_HEADING ? 1 : 3, row->kind == ROW_HEADING ? THEME_TITLE : THEME_MUTED, text);
}

size_t chart_draw(const struct chart *chart, struct surface *surface, struct box box)
{
	struct arena *arena = &surface->arena;
	const struct grid *grid = chart->grid;
	size_t boxes = chart->job->tree_count, rest = sub_sat(grid->row_count, boxes);
	struct node *nodes = make_boxes(arena, chart, surface->mode);
	size_t end = nodes[boxes].line + nodes[boxes].lines;
	struct drawing at = { .surface = surface, .box = box };
	at.levels = sub_sat(box.cols, BOX_COLS_MIN + 2) / EDGE_COLS;
	/* Scrolls so that the cursor's box is visible, or its first lines if the box does not fit. If the cursor is
	 * on the first party, the subject's box is visible, too, if both boxes fit. */
	bool of_box = chart->cursor < boxes;
	size_t line = of_box ? nodes[chart->cursor + 1].line : end + chart->cursor - boxes;
	size_t lines = of_box ? nodes[chart->cursor + 1].lines : 1;
	lines = lines < box.rows ? lines : box.rows;
	*chart->top = scrolled_top(*chart->top, chart->cursor ? line : 0, box.rows, end + rest);
	*chart->top = at.top = scrolled_top(*chart->top, line + (lines ? lines - 1 : 0), box.rows, end + rest);
	for (size_t i = 0; i <= boxes; i++) {
		const struct node *node = &nodes[i];
		bool here = i && i - 1 == chart->cursor && chart->focused;
		if (node->line + node->lines <= at.top || node->line >= at.top + box.rows)
			continue;
		if (i)
			draw_edge(&at, node,
				  chart->job->tree[i - 1].percent[0]
					  ? arena_printf(arena,
							 percent_range_is_range(chart->job->tree[i - 1].percent)
								 ? " %s"
								 : " %s %%",
							 chart->job->tree[i - 1].percent)
					  : "");
		draw_box(&at, node, here, i > 0 && col_of_level(&at, node->level) > col_of_level(&at, node->level - 1));
		struct box sight = visible_box(&at, node->line, node->lines);
		if (i)
			surface_add_zone(surface, sight, ZONE_GRID, i - 1);
		if (here && sight.rows) {
			size_t name = surface_text_width(surface, node->title) + 2;
			size_t most = sub_sat(box.cols, col_of_level(&at, node->level) + 5);
			most = most < BOX_COLS_MAX - 4 ? most : BOX_COLS_MAX - 4;
			struct box title = { sight.row, box.col + col_of_level(&at, node->level) + 2, 1,
					     name < most ? name : most };
			surface_draw_pointer(surface, sight.row, box.col, true);
			surface_restyle(surface, title, THEME_SELECTION, 0);
			surface_set_focus(surface, (struct box){ sight.row, box.col, 1, box.cols });
		}
	}
	for (size_t i = 0; i < rest; i++) {
		draw_row_below(&at, chart, boxes + i, end + i);
		struct box sight = visible_box(&at, end + i, 1);
		if (boxes + i == chart->cursor && sight.rows && chart->focused) {
			surface_draw_pointer(surface, sight.row, box.col, true);
			surface_set_focus(surface, sight);
		}
		if (sight.rows)
			surface_add_zone(surface, sight, ZONE_GRID, boxes + i);
	}
	return box.rows / 4 ? box.rows / 4 : 1;
}
