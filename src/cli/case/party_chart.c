#include "party_chart.h"

#include "../cli_internal.h"
#include "kybdesk/base/html.h"
#include "kybdesk/cli/usage.h"

#include <string.h>

#define ROW_PX 74
#define STEP_PX 96
#define BOX_PX 54
#define CELL_PX 8 /* upper bound for the width of a monospaced letter */
#define BOX_PX_LEAST 280

struct words {
	const char *title, *facts, *state, *colour;
};

static const char *joined(struct arena *arena, const char *before, const char *part)
{
	return !part[0] ? before : before[0] ? arena_printf(arena, "%s · %s", before, part) : part;
}

static const char *gap_of(const struct party_chart *chart, const char *ref)
{
	const struct ownership_gap *gap = &chart->view->gap;
	for (size_t i = 0; gap->known && i < gap->layer_count; i++)
		if (!strcmp(gap->layers[i].ref, ref))
			return arena_printf(chart->arena, "%s %% not declared", gap->layers[i].undeclared);
	return "";
}

static struct words subject_words(const struct party_chart *chart)
{
	const struct session *session = &chart->view->file.session;
	const char *gap = gap_of(chart, "");
	struct words words = { .title = session->subject.name,
			       .facts = session->subject.country,
			       .state = session_status_title(session->status),
			       .colour = gap[0] ? "#b7791f" : "#444444" };
	if (session->risk_score != RISK_NONE)
		words.facts = joined(chart->arena, words.facts,
				     arena_printf(chart->arena, "risk %d", session->risk_score));
	words.state = joined(chart->arena, words.state,
			     gap[0]		      ? gap
			     : chart->view->gap.known ? "100 % declared"
						      : "");
	return words;
}

static struct words party_words(const struct party_chart *chart, size_t index, bool cycle)
{
	const struct case_view *view = chart->view;
	const struct party *party = &view->file.parties[index];
	bool verified = (view->verified && view->verified[index]) || party->verified_elsewhere_by[0];
	bool needed = view->profile && party_must_be_verified(party, view->profile);
	const char *gap = gap_of(chart, party->id);
	struct words words = { .title = party->name };
	words.facts =
		joined(chart->arena, party->country, cli_bits_text(chart->arena, party->roles, party_role_words));
	if (party->effective_percent[0])
		words.facts =
			joined(chart->arena, arena_printf(chart->arena, "%s %% in total", party->effective_percent),
			       words.facts);
	words.state = party->verified_elsewhere_by[0] ? "verified elsewhere"
		      : party->session_id[0]
			      ? arena_printf(chart->arena, "KYC %s", session_status_title(party->session_status))
		      : verified ? "verified"
		      : needed	 ? "KYC needed"
				 : "no KYC needed";
	words.state = joined(chart->arena, cycle ? "owns itself" : "", words.state);
	words.state = joined(chart->arena, words.state, party->session_hit_open ? "hit open" : "");
	words.state = joined(chart->arena, words.state, party->undeclared_owner ? "not declared as owner" : "");
	words.state = joined(chart->arena, words.state, gap);
	words.colour = cycle || party->session_hit_open				    ? "#c53030"
		       : (needed && !verified) || gap[0] || party->undeclared_owner ? "#b7791f"
		       : verified						    ? "#2f855a"
										    : "#444444";
	return words;
}

/* Replaces control characters by visible marks; the SVG and DOT writers escape other characters. */
static const char *plain(const struct party_chart *chart, const char *text)
{
	return text_safe(chart->arena, text, TEXT_UTF8);
}

static size_t width_of(const struct words *words)
{
	size_t most = BOX_PX_LEAST;
	const char *texts[] = { words->title, words->facts, words->state };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t px = text_width_cells(texts[i], strlen(texts[i])) * CELL_PX + 24;
		most = px > most ? px : most;
	}
	return most;
}

static void svg_box(const struct party_chart *chart, struct strbuf *out, size_t depth, size_t row,
		    struct words words)
{
	size_t x = 16 + depth * STEP_PX, y = 16 + row * ROW_PX;
	words.title = plain(chart, words.title);
	words.facts = plain(chart, words.facts);
	words.state = plain(chart, words.state);
	html_add(
		out,
		"<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"4\" fill=\"#ffffff\" stroke=\"%s\"/>\n",
		x, y, width_of(&words), BOX_PX, words.colour);
	html_add(out, "<text x=\"%zu\" y=\"%zu\" font-weight=\"bold\">%s</text>\n", x + 10, y + 17, words.title);
	html_add(out, "<text x=\"%zu\" y=\"%zu\">%s</text>\n", x + 10, y + 33, words.facts);
	html_add(out, "<text x=\"%zu\" y=\"%zu\" fill=\"%s\">%s</text>\n", x + 10, y + 48, words.colour,
		 words.state);
}

/* The line from the box of the company above, down and then right to the party's box. */
static void svg_edge(struct strbuf *out, size_t depth, size_t above, size_t row, const char *percent)
{
	size_t x = 16 + depth * STEP_PX + 24, from = 16 + above * ROW_PX + BOX_PX,
	       y = 16 + row * ROW_PX + BOX_PX / 2;
	html_add(out, "<path d=\"M%zu %zuV%zuH%zu\" fill=\"none\" stroke=\"#888888\"/>\n", x, from, y,
		 16 + (depth + 1) * STEP_PX);
	if (percent[0])
		html_add(out, "<text x=\"%zu\" y=\"%zu\" font-size=\"11\">%s %%</text>\n", x + 4, y - 4, percent);
}

void party_chart_svg(const struct party_chart *chart, struct strbuf *out)
{
	const struct case_view *view = chart->view;
	size_t width = 0;
	for (size_t i = 0; i <= chart->count; i++) {
		const struct ownership_line *line = i ? &chart->lines[i - 1] : NULL;
		struct words words = line ? party_words(chart, line->party, line->cycle) : subject_words(chart);
		size_t right = 32 + (line ? line->depth + 1 : 0) * STEP_PX + width_of(&words);
		width = right > width ? right : width;
	}
	html_add(out,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" font-family=\"monospace\" "
		 "font-size=\"13\">\n<title>Ownership of %s</title>\n<rect width=\"100%%\" height=\"100%%\" "
		 "fill=\"#ffffff\"/>\n",
		 width, 16 + (chart->count + 1) * ROW_PX, plain(chart, view->file.session.subject.name));
	svg_box(chart, out, 0, 0, subject_words(chart));
	for (size_t i = 0; i < chart->count; i++) {
		const struct ownership_line *line = &chart->lines[i];
		size_t above = 0; /* the row of the company above; 0: the subject */
		for (size_t o = i; o-- > 0 && !above && line->depth;)
			above = chart->lines[o].depth + 1 == line->depth ? o + 1 : 0;
		svg_edge(out, line->depth, above, i + 1, line->percent);
		svg_box(chart, out, line->depth + 1, i + 1, party_words(chart, line->party, line->cycle));
	}
	html_add(out, "</svg>\n");
}

/* --- DOT --- */

static void dot_text(const struct party_chart *chart, struct strbuf *out, const char *text)
{
	completion_escape(out, plain(chart, text), "\"\\");
}

static void dot_node(const struct party_chart *chart, struct strbuf *out, size_t number, struct words words)
{
	const char *parts[] = { words.title, words.facts, words.state };
	strbuf_addf(out, "  n%zu [color=\"%s\", label=\"", number, words.colour);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		strbuf_adds(out, i && parts[i][0] ? "\\n" : "");
		dot_text(chart, out, parts[i]);
	}
	strbuf_adds(out, "\"];\n");
}

static bool in_cycle(const struct party_chart *chart, size_t party)
{
	for (size_t i = 0; i < chart->count; i++)
		if (chart->lines[i].party == party && chart->lines[i].cycle)
			return true;
	return false;
}

/* The node of a party's id; 0: the subject. */
static size_t node_of(const struct case_file *file, const char *id)
{
	const struct party *party = id[0] ? case_party(file, id) : NULL;
	return party ? (size_t)(party - file->parties) + 1 : 0;
}

void party_chart_dot(const struct party_chart *chart, struct strbuf *out)
{
	const struct case_file *file = &chart->view->file;
	strbuf_adds(out, "digraph ownership {\n  rankdir=BT;\n  node [shape=box, fontname=\"monospace\"];\n");
	dot_node(chart, out, 0, subject_words(chart));
	for (size_t i = 0; i < file->party_count; i++)
		dot_node(chart, out, i + 1, party_words(chart, i, in_cycle(chart, i)));
	for (size_t i = 0; i < file->party_count; i++)
		for (size_t s = 0; s < file->parties[i].share_count; s++) {
			const struct party_share *share = &file->parties[i].shares[s];
			strbuf_addf(out, "  n%zu -> n%zu [label=\"", i + 1, node_of(file, share->of_party_id));
			dot_text(chart, out, share->percent);
			strbuf_adds(out, " %\"];\n");
		}
	strbuf_adds(out, "}\n");
}
