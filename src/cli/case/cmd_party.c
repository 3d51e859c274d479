/* party: list, add, edit, remove and copy parties; ownership and undeclared owners. */
#include "../cli_internal.h"
#include "kybdesk/base/html.h"
#include "usage.h"

static enum err run_list(struct cli *cli, struct error *error)
{
	static const struct cli_part_list parts = {
		"parties", "id",
		"id,kind,name,roles,control_role,ownership_percent,effective_percent,"
		"beneficial_owner,owner_of,date_of_birth,country,tax_id",
		cli_show_parties
	};

	return cli_print_part_list(cli, &parts, error);
}

static void print_tree_json(struct cli *cli, const struct case_view *view, const struct ownership_line *lines,
			    size_t count)
{
	struct json_value *data = json_new_array();
	for (size_t i = 0; i < count; i++) {
		const struct party *party = &view->file.parties[lines[i].party];
		json_append(data,
			    JSON_NEW(JSON_TEXT("id", party->id), JSON_TEXT("name", party->name),
				     JSON_INT("depth", lines[i].depth), JSON_OR_NULL("percent", lines[i].percent),
				     JSON_OR_NULL("effective_percent", party->effective_percent),
				     JSON_BOOL("beneficial_owner", party->is_beneficial_owner),
				     JSON_BOOL("undeclared_owner", party->lacks_ubo_role),
				     JSON_OR_NULL("session_status",
						  *party->session_id ? session_status_text(party->session_status) : ""),
				     JSON_BOOL("cycle", lines[i].closes_cycle)));
	}
	out_json(&cli->out, JSON_NEW(JSON_TEXT("subject", view->file.session.subject.name), JSON_VALUE("data", data)));
}

static void add_branches(struct strbuf *out, const struct ownership_line *line, bool ascii)
{
	for (unsigned depth = 1; depth < line->depth && depth < 64; depth++)
		strbuf_adds(out, line->continued_level_bits >> depth & 1 ? (ascii ? "|  " : "│  ") : "   ");
	if (line->depth == 0)
		return;
	if (ascii)
		strbuf_adds(out, line->is_last_sibling ? "`- " : "|- ");
	else
		strbuf_adds(out, line->is_last_sibling ? "└─ " : "├─ ");
}

static void print_tree_table(struct cli *cli, const struct case_view *view, const struct ownership_line *lines,
			     size_t count)
{
	struct table *table = table_from(&cli->arena, "Party:20|Country|>Holds|>Effective|Roles:8|", cli->mode);
	for (size_t i = 0; i < count; i++) {
		const struct party *party = &view->file.parties[lines[i].party];
		struct strbuf name = STRBUF_INIT;
		add_branches(&name, &lines[i], cli->mode == TEXT_ASCII);
		strbuf_adds(&name, party->name);
		TABLE_ADD(table, name.buf, *party->country ? party->country : "-");
		table_addf(table, *lines[i].percent ? "%s%%" : "-", lines[i].percent);
		table_addf(table, *party->effective_percent ? "%s%%" : "-", party->effective_percent);
		table_add_cell(table, words_of_bits(&cli->arena, party->roles, party_role_words, ", "));
		if (lines[i].closes_cycle)
			table_add_styled(table, CELL_DANGER, "owns itself");
		else
			table_add_styled(table,
					 party->lacks_ubo_role || party->may_be_owner ? CELL_WARNING : CELL_PLAIN,
					 party->lacks_ubo_role	      ? "owner, not declared as owner"
					 : party->is_beneficial_owner ? "beneficial owner"
					 : party->may_be_owner	      ? "perhaps owner, not declared as owner"
								      : "");
		strbuf_release(&name);
	}
	out_styled_line(&cli->out, CELL_TITLE, "%s", view->file.session.subject.name);
	out_table(&cli->out, table, 0);
}

/* --- the tree as a picture: SVG for a report, DOT for Graphviz --- */

#define ROW_HEIGHT_PX 74
#define DEPTH_INDENT_PX 96
#define BOX_HEIGHT_PX 54
#define LETTER_WIDTH_PX 8 /* upper bound for the width of a monospaced letter */
#define BOX_WIDTH_MIN_PX 280

struct party_chart {
	struct arena *arena;
	const struct case_view *view; /* the case, with masked personal data */
	const struct ownership_line *lines;
	size_t count;
};

struct box_texts {
	const char *title, *facts, *state, *colour;
};

static const char *join_parts(struct arena *arena, const char *before, const char *part)
{
	return !part[0] ? before : before[0] ? arena_printf(arena, "%s · %s", before, part) : part;
}

static const char *ownership_gap_text(const struct party_chart *chart, const char *ref)
{
	const struct ownership_gap *gap = &chart->view->gap;
	for (size_t i = 0; gap->is_computed && i < gap->layer_count; i++)
		if (!strcmp(gap->layers[i].ref, ref))
			return arena_printf(chart->arena, "%s %% not declared", gap->layers[i].undeclared_percent);
	return "";
}

static struct box_texts subject_box_texts(const struct party_chart *chart)
{
	const struct session *session = &chart->view->file.session;
	const char *gap = ownership_gap_text(chart, "");
	struct box_texts box_texts = { .title = session->subject.name,
				       .facts = session->subject.country,
				       .state = session_status_title(session->status),
				       .colour = gap[0] ? "#b7791f" : "#444444" };
	if (session->risk_score != RISK_NONE)
		box_texts.facts = join_parts(chart->arena, box_texts.facts,
					     arena_printf(chart->arena, "risk %d", session->risk_score));
	box_texts.state = join_parts(chart->arena, box_texts.state,
				     gap[0]			    ? gap
				     : chart->view->gap.is_computed ? "100 % declared"
								    : "");
	return box_texts;
}

static struct box_texts party_box_texts(const struct party_chart *chart, size_t index, bool closes_cycle)
{
	const struct case_view *view = chart->view;
	const struct party *party = &view->file.parties[index];
	bool verified = (view->is_party_verified && view->is_party_verified[index]) || party->verified_elsewhere_by[0];
	bool needed = view->profile && party_must_be_verified(party, view->profile);
	const char *gap = ownership_gap_text(chart, party->id);
	struct box_texts box_texts = { .title = party->name };
	box_texts.facts = join_parts(chart->arena, party->country,
				     words_of_bits(chart->arena, party->roles, party_role_words, ", "));
	if (party->effective_percent[0])
		box_texts.facts =
			join_parts(chart->arena, arena_printf(chart->arena, "%s %% in total", party->effective_percent),
				   box_texts.facts);
	box_texts.state = party->verified_elsewhere_by[0] ? "verified elsewhere"
			  : party->session_id[0]
				  ? arena_printf(chart->arena, "KYC %s", session_status_title(party->session_status))
			  : verified ? "verified"
			  : needed   ? "KYC needed"
				     : "no KYC needed";
	box_texts.state = join_parts(chart->arena, closes_cycle ? "owns itself" : "", box_texts.state);
	box_texts.state = join_parts(chart->arena, box_texts.state, party->session_hit_open ? "hit open" : "");
	box_texts.state =
		join_parts(chart->arena, box_texts.state, party->lacks_ubo_role ? "not declared as owner" : "");
	box_texts.state = join_parts(chart->arena, box_texts.state, gap);
	box_texts.colour = closes_cycle || party->session_hit_open		      ? "#c53030"
			   : (needed && !verified) || gap[0] || party->lacks_ubo_role ? "#b7791f"
			   : verified						      ? "#2f855a"
										      : "#444444";
	return box_texts;
}

/* Replaces control characters by visible marks; the SVG and DOT writers escape other characters. */
static const char *display_text(const struct party_chart *chart, const char *text)
{
	return text_safe_copy(chart->arena, text, TEXT_UTF8);
}

static size_t box_width_px(const struct box_texts *box_texts)
{
	size_t most = BOX_WIDTH_MIN_PX;
	const char *texts[] = { box_texts->title, box_texts->facts, box_texts->state };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t px = text_width_cells(texts[i], strlen(texts[i])) * LETTER_WIDTH_PX + 24;
		most = px > most ? px : most;
	}
	return most;
}

static void add_svg_box(const struct party_chart *chart, struct strbuf *out, size_t depth, size_t row,
			struct box_texts box_texts)
{
	size_t x = 16 + depth * DEPTH_INDENT_PX, y = 16 + row * ROW_HEIGHT_PX;
	box_texts.title = display_text(chart, box_texts.title);
	box_texts.facts = display_text(chart, box_texts.facts);
	box_texts.state = display_text(chart, box_texts.state);
	html_add(out,
		 "<rect x=\"%zu\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"4\" fill=\"#ffffff\" stroke=\"%s\"/>\n", x,
		 y, box_width_px(&box_texts), BOX_HEIGHT_PX, box_texts.colour);
	html_add(out, "<text x=\"%zu\" y=\"%zu\" font-weight=\"bold\">%s</text>\n", x + 10, y + 17, box_texts.title);
	html_add(out, "<text x=\"%zu\" y=\"%zu\">%s</text>\n", x + 10, y + 33, box_texts.facts);
	html_add(out, "<text x=\"%zu\" y=\"%zu\" fill=\"%s\">%s</text>\n", x + 10, y + 48, box_texts.colour,
		 box_texts.state);
}

/* Draws a line from the box of the company above: down, then right to the party's box. */
static void add_svg_edge(struct strbuf *out, size_t depth, size_t above, size_t row, const char *percent)
{
	size_t x = 16 + depth * DEPTH_INDENT_PX + 24, from = 16 + above * ROW_HEIGHT_PX + BOX_HEIGHT_PX,
	       y = 16 + row * ROW_HEIGHT_PX + BOX_HEIGHT_PX / 2;
	html_add(out, "<path d=\"M%zu %zuV%zuH%zu\" fill=\"none\" stroke=\"#888888\"/>\n", x, from, y,
		 16 + (depth + 1) * DEPTH_INDENT_PX);
	if (percent[0])
		html_add(out, "<text x=\"%zu\" y=\"%zu\" font-size=\"11\">%s %%</text>\n", x + 4, y - 4, percent);
}

static void write_chart_svg(const struct party_chart *chart, struct strbuf *out)
{
	const struct case_view *view = chart->view;
	size_t width = 0;
	for (size_t i = 0; i <= chart->count; i++) {
		const struct ownership_line *line = i ? &chart->lines[i - 1] : NULL;
		struct box_texts box_texts =
			line ? party_box_texts(chart, line->party, line->closes_cycle) : subject_box_texts(chart);
		size_t right = 32 + (line ? line->depth + 1 : 0) * DEPTH_INDENT_PX + box_width_px(&box_texts);
		width = right > width ? right : width;
	}
	html_add(out,
		 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%zu\" font-family=\"monospace\" "
		 "font-size=\"13\">\n<title>Ownership of %s</title>\n<rect width=\"100%%\" height=\"100%%\" "
		 "fill=\"#ffffff\"/>\n",
		 width, 16 + (chart->count + 1) * ROW_HEIGHT_PX, display_text(chart, view->file.session.subject.name));
	add_svg_box(chart, out, 0, 0, subject_box_texts(chart));
	for (size_t i = 0; i < chart->count; i++) {
		const struct ownership_line *line = &chart->lines[i];
		size_t above = 0; /* the row of the company above; 0: the subject */
		for (size_t o = i; o-- > 0 && !above && line->depth;)
			above = chart->lines[o].depth + 1 == line->depth ? o + 1 : 0;
		add_svg_edge(out, line->depth, above, i + 1, line->percent);
		add_svg_box(chart, out, line->depth + 1, i + 1,
			    party_box_texts(chart, line->party, line->closes_cycle));
	}
	html_add(out, "</svg>\n");
}

/* --- DOT --- */

static void add_dot_text(const struct party_chart *chart, struct strbuf *out, const char *text)
{
	completion_escape(out, display_text(chart, text), "\"\\");
}

static void add_dot_node(const struct party_chart *chart, struct strbuf *out, size_t number, struct box_texts box_texts)
{
	const char *parts[] = { box_texts.title, box_texts.facts, box_texts.state };
	strbuf_addf(out, "  n%zu [color=\"%s\", label=\"", number, box_texts.colour);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		strbuf_adds(out, i && parts[i][0] ? "\\n" : "");
		add_dot_text(chart, out, parts[i]);
	}
	strbuf_adds(out, "\"];\n");
}

static bool is_in_cycle(const struct party_chart *chart, size_t party)
{
	for (size_t i = 0; i < chart->count; i++)
		if (chart->lines[i].party == party && chart->lines[i].closes_cycle)
			return true;
	return false;
}

/* The number of the DOT node for the party with this id; 0: the subject. */
static size_t node_number(const struct case_file *file, const char *id)
{
	const struct party *party = id[0] ? case_party(file, id) : NULL;
	return party ? (size_t)(party - file->parties) + 1 : 0;
}

static void write_chart_dot(const struct party_chart *chart, struct strbuf *out)
{
	const struct case_file *file = &chart->view->file;
	strbuf_adds(out, "digraph ownership {\n  rankdir=BT;\n  node [shape=box, fontname=\"monospace\"];\n");
	add_dot_node(chart, out, 0, subject_box_texts(chart));
	for (size_t i = 0; i < file->party_count; i++)
		add_dot_node(chart, out, i + 1, party_box_texts(chart, i, is_in_cycle(chart, i)));
	for (size_t i = 0; i < file->party_count; i++)
		for (size_t s = 0; s < file->parties[i].share_count; s++) {
			const struct party_share *share = &file->parties[i].shares[s];
			strbuf_addf(out, "  n%zu -> n%zu [label=\"", i + 1, node_number(file, share->owned_party_id));
			add_dot_text(chart, out, share->percent);
			strbuf_adds(out, " %\"];\n");
		}
	strbuf_adds(out, "}\n");
}

static void print_tree_chart(struct cli *cli, const struct party_chart *chart, bool svg)
{
	struct strbuf out = STRBUF_INIT;
	if (svg)
		write_chart_svg(chart, &out);
	else
		write_chart_dot(chart, &out);
	out_bytes(&cli->out, out.buf, out.len);
	strbuf_release(&out);
}

static enum err run_tree(struct cli *cli, struct error *error)
{
	struct case_view view;
	size_t count = 0;
	bool svg = parsed_has_option(&cli->command_line, "svg"), dot = parsed_has_option(&cli->command_line, "dot");
	if (svg + dot + cli_is_json(cli) > 1)
		return error_set(error, ERR_USAGE, "Use only one of --svg, --dot and --json");
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), false, &view, error);
	if (err)
		return err;
	struct ownership_line *lines = ownership_tree(&cli->arena, &view.file, &count);
	const struct party_chart chart = { &cli->arena, &view, lines, count };
	if (svg || dot)
		print_tree_chart(cli, &chart, svg);
	else if (cli_is_json(cli))
		print_tree_json(cli, &view, lines, count);
	else
		print_tree_table(cli, &view, lines, count);
	return ERR_OK;
}

/* --- changes --- */

static void set_candidates(struct json_value *party, const struct party_candidate *items, size_t count)
{
	JSON_SET_EACH(
		party, "candidates", i, count,
		JSON_NEW(JSON_TEXT("session", items[i].id), JSON_TEXT("external_ref", items[i].external_ref),
			 JSON_TEXT("workflow", items[i].workflow), JSON_TEXT("name", items[i].name),
			 JSON_TEXT("country", items[i].country), JSON_TEXT("date_of_birth", items[i].date_of_birth),
			 JSON_TEXT("approved_by", items[i].approved_by), JSON_TIME("approved_at", items[i].approved_at),
			 JSON_OR_NULL("parent_id", items[i].parent_id),
			 JSON_BOOL("fits", items[i].has_required_workflow)));
}

static enum err print_party(struct cli *cli, const struct use_out *out, const struct party_candidates *candidates,
			    struct error *error)
{
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, out->id, false, &view, error);
	if (err)
		return err;
	for (size_t i = 0; i < view.file.party_count; i++)
		if (strcmp(view.file.parties[i].id, out->part_id) == 0) {
			struct json_value *document = cli_case_json(cli, &view);
			struct json_value *party = json_clone(json_at(json_get(document, "parties"), i));
			if (candidates->count)
				set_candidates(party, candidates->items, candidates->count);
			out_json(&cli->out, party);
			json_free(document);
			return ERR_OK;
		}
	return error_set(error, ERR_CONFLICT, "party %s was added, but another change has removed it", out->part_id);
}

/* Reads the party's roles and ownership; NULL for absent options. */
static enum err read_roles_and_shares(struct cli *cli, struct party_input *input, struct error *error)
{
	*input = (struct party_input){ .control_role = parsed_option_text(&cli->command_line, "control-role"),
				       .percent = parsed_option_text(&cli->command_line, "percent"),
				       .owned_party = parsed_option_text(&cli->command_line, "owner-of") };
	if (input->owned_party && strcmp(input->owned_party, "subject") == 0)
		input->owned_party = "";
	return cli_read_bits(cli, &(struct cli_allowed_words){ "role", "role of a party", party_role_words },
			     &input->roles, error);
}

/* Reads roles, ownership and identity of the party. */
static enum err read_party_input(struct cli *cli, struct party_input *input, struct error *error)
{
	enum err err = read_roles_and_shares(cli, input, error);
	input->name = parsed_option_text(&cli->command_line, "name");
	input->country = parsed_option_text(&cli->command_line, "country");
	input->date_of_birth = parsed_option_text(&cli->command_line, "birth");
	input->tax_id = parsed_option_text(&cli->command_line, "tax-id");
	input->registration_number = parsed_option_text(&cli->command_line, "registration");
	input->email = parsed_option_text(&cli->command_line, "email");
	input->phone = parsed_option_text(&cli->command_line, "phone");
	return err;
}

static enum err run_add(struct cli *cli, struct error *error)
{
	struct party_input input;
	struct party_candidates found = { 0 };
	struct use_out out;
	enum capacity as;
	const char *fields;
	enum err err;
	if ((err = read_party_input(cli, &input, error)) ||
	    (err = CLI_WORD(party_kind, cli_option_text(cli, "kind"), &input.kind, "kind", "kind of party", error)) ||
	    (err = cli_read_capacity(cli, CAPACITY_STAFF, &as, error)) ||
	    (err = cli_read_fields(cli, &fields, error)) ||
	    (err = CLI_RUN(cli, &out, error, .verb = VERB_PARTY_ADD, .capacity = as, .party = &input,
			   .fields_json = fields, .reason = cli_option_text(cli, "reason"))))
		return err;
	const struct candidate_query query = { .session = out.id, .party = out.part_id };
	if ((err = desk_party_candidates(cli->desk, &cli->arena, &query, &found, error)))
		return err;
	if (cli_is_json(cli))
		return print_party(cli, &out, &found, error);
	err = cli_print_case_result(cli, out.id, error, "party %s added, id %s%s%s", input.name, out.part_id,
				    *out.subsession_id ? ", to be verified by session " : "", out.subsession_id);
	for (size_t i = 0; !err && i < found.count; i++)
		if (found.items[i].has_required_workflow)
			out_line(&cli->out,
				 "%s was already verified, by session %s. Use that session with: kybdesk party "
				 "copy %s --from %s --party %s",
				 found.items[i].name, found.items[i].id, parsed_argument(&cli->command_line, 0),
				 found.items[i].id, out.part_id);
	return err;
}

static enum err run_edit(struct cli *cli, struct error *error)
{
	struct party_input input;
	struct use_out out;
	const char *party = parsed_argument(&cli->command_line, 1);
	enum err err = read_party_input(cli, &input, error);
	if (err)
		return err;
	if (!cli->command_line.option_count)
		return error_set(error, ERR_USAGE,
				 "nothing to change: use an option with a value, for example --percent 25");
	enum capacity as;
	const char *fields, *addresses;
	if ((err = cli_read_capacity(cli, CAPACITY_STAFF, &as, error)) ||
	    (err = cli_read_fields(cli, &fields, error)) ||
	    (err = cli_read_json_file(cli, "addresses", &addresses, error)))
		return err;
	err = CLI_RUN(cli, &out, error, .verb = VERB_PARTY_EDIT, .capacity = as, .part = party, .party = &input,
		      .fields_json = fields, .addresses_json = addresses, .reason = cli_option_text(cli, "reason"));
	return err ? err : cli_print_case_result(cli, out.id, error, "the party %s is changed", party);
}

static enum err run_party_own(struct cli *cli, struct error *error)
{
	const char *party = parsed_argument(&cli->command_line, 1), *of = cli_option_text(cli, "of");
	const char *percent = parsed_option_text(&cli->command_line, "percent");
	struct use_out out;
	bool end = parsed_has_option(&cli->command_line, "end");
	if (strcmp(of, "subject") == 0)
		of = "";
	if (end == (percent != NULL))
		return error_set(error, ERR_USAGE, "Set the share with --percent, or remove it with --end");
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_PARTY_OWN, .part = party, .related_ref = of,
			       .percent = end ? "" : percent, .reason = cli_option_text(cli, "reason"));
	if (err)
		return err;
	return end ? cli_print_case_result(cli, out.id, error, "the party %s no longer owns a share", party)
		   : cli_print_case_result(cli, out.id, error, "the party %s owns %s %% of the company", party,
					   percent);
}

static enum err run_verify(struct cli *cli, struct error *error)
{
	const char *party = parsed_argument(&cli->command_line, 1);
	bool elsewhere = parsed_has_option(&cli->command_line, "elsewhere"),
	     withdraw = parsed_has_option(&cli->command_line, "withdraw");
	struct use_out out;
	if (elsewhere == withdraw)
		return error_set(error, ERR_USAGE,
				 "Use --elsewhere with a --reason, or --withdraw to unmark the party");
	enum err err = CLI_RUN(cli, &out, error, .verb = withdraw ? VERB_PARTY_UNVERIFY : VERB_PARTY_VERIFY,
			       .part = party, .reason = cli_option_text(cli, "reason"));
	if (err)
		return err;
	return cli_print_case_result(cli, out.id, error,
				     withdraw ? "the party %s is no longer marked as verified elsewhere"
					      : "the party %s counts as verified elsewhere",
				     party);
}

static enum err run_answer_pair(struct cli *cli, struct error *error)
{
	const char *party = parsed_argument(&cli->command_line, 1), *other = parsed_argument(&cli->command_line, 2);
	const bool same = !strcmp(cli->command_line.command->name, "party same");
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = same ? VERB_PARTY_SAME : VERB_PARTY_OTHER, .part = party,
			       .related_ref = other, .reason = cli_option_text(cli, "reason"));

	return err ? err
		   : cli_print_case_result(cli, out.id, error,
					   same ? "the parties %s and %s are one" : "the parties %s and %s are others",
					   party, other);
}

static enum err run_copy(struct cli *cli, struct error *error)
{
	const struct party_candidates none = { 0 };
	struct party_input input;
	struct use_out out;
	const char *party = cli_option_text(cli, "party"), *from = cli_option_text(cli, "from");
	enum err err = read_roles_and_shares(cli, &input, error);
	if (err)
		return err;
	if (*party && (input.roles || input.percent || input.control_role || input.owned_party))
		return error_set(error, ERR_USAGE,
				 "With --party, leave out --role, --percent, --control-role and --owner-of; change the "
				 "existing party with: kybdesk party edit");
	if ((err = CLI_RUN(cli, &out, error, .verb = VERB_PARTY_COPY, .related_ref = from, .part = party,
			   .party = &input, .reason = cli_option_text(cli, "reason"))))
		return err;
	if (cli_is_json(cli))
		return print_party(cli, &out, &none, error);
	return cli_print_case_result(cli, out.id, error, "the party %s is verified by session %s", out.part_id, from);
}

static enum err run_party_gap(struct cli *cli, struct error *error)
{
	const char *reason = cli_option_text(cli, "reason"), *text = cli_option_text(cli, "text");
	struct use_out out;
	/* Without --text, a reason with a space is free text instead of a code. */
	if (strchr(reason, ' ') && !*text) {
		text = reason;
		reason = "other";
	}
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_PARTY_GAP, .reason = reason, .text = text);
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "the undeclared ownership is explained: %s", reason);
}

#define PARTY_DETAIL_OPTIONS                                                                                           \
	{ "tax-id", "NUMBER", 0, "tax id of the party" },                                                              \
		{ "registration", "NUMBER", 0, "registration number of the party" },                                   \
		{ "email", "ADDRESS", 0, "e-mail address of the party" },                                              \
	{                                                                                                              \
		"phone", "NUMBER", 0, "phone number of the party"                                                      \
	}

#define PERCENT_HELP "the percentage that the party owns, such as 25.5, or a range, such as >25-50"
static const struct command rows[] = {
	{ .name = "party list",
	  .summary = "Lists the related parties of a session",
	  .example = "party list RAL-2032",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { PAGE_OPTIONS } },
	{ .name = "party add",
	  .summary = "Adds a related party, and its subsession if the workflow requires one",
	  .verbs = { { VERB_PARTY_ADD, "" }, { VERB_PARTY_ADD, "--for", CAPACITY_INTAKE } },
	  .example = "party add RAL-2032 --name 'Mara Lindt' --kind individual --role ubo --percent "
		     "40 --reason 'In the register'",
	  .run = run_add,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "name", "NAME", OPTION_REQUIRED, "name of the party" },
		       { "kind", "KIND", OPTION_REQUIRED, "individual or company", party_kind_words },
		       { "role", "ROLE", OPTION_REPEATABLE | OPTION_REQUIRED,
			 "ubo, director, shareholder, authorised_signatory, representative, submerchant; may be "
			 "repeated",
			 party_role_words },
		       { "control-role", "TEXT", 0, "the position of control, for example CEO" },
		       { "percent", "P", 0, PERCENT_HELP },
		       { "owner-of", "PARTY", 0, "the company that is owned: a party; default: the subject" },
		       { "country", "COUNTRY", 0, "the country: two or three letters, or the English name" },
		       { "birth", "DATE", 0, "date of birth, YYYY-MM-DD" },
		       PARTY_DETAIL_OPTIONS,
		       { FIELD_OPTION },
		       { JSON_FIELDS_OPTION },
		       { CONDITIONAL_REASON_OPTION },
		       { ACTING_ROLE_OPTION } } },
	{ .name = "party edit",
	  .summary = "Changes a related party; omitted values are unchanged",
	  .details = "--percent \"\" removes the party's share; --owner-of subject makes the party an owner of the "
		     "subject itself. The identity of a party cannot change after its session is approved. For "
		     "--field see step edit.",
	  .verbs = { { VERB_PARTY_EDIT, "" }, { VERB_PARTY_EDIT, "--for", CAPACITY_INTAKE } },
	  .example = "party edit RAL-2032 0198c5d2 --percent 35 --reason 'Register extract of May'",
	  .run = run_edit,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { "name", "NAME", 0, "name of the party" },
		       { "role", "ROLE", OPTION_REPEATABLE, "a role; replaces all present roles; may be repeated",
			 party_role_words },
		       { "control-role", "TEXT", 0, "the position of control; \"\": no control" },
		       { "percent", "P", 0, PERCENT_HELP },
		       { "owner-of", "PARTY", 0, "the company that is owned: a party, or subject" },
		       { "country", "COUNTRY", 0, "the country: two or three letters, or the English name" },
		       { "birth", "DATE", 0, "date of birth, YYYY-MM-DD" },
		       PARTY_DETAIL_OPTIONS,
		       { FIELD_OPTION },
		       { JSON_FIELDS_OPTION },
		       { "addresses", "FILE", OPTION_PATH | PATH_STREAM,
			 "the party's addresses, as a JSON list in a file" },
		       { ACTING_ROLE_OPTION },
		       { "reason", "TEXT", 0,
			 "the reason, at least ten characters; required to change fields after the session is "
			 "submitted, and required from a lead to end the share of an owner with a hit or a "
			 "restricted rejection" } } },
	{ .name = "party own",
	  .summary = "Sets the share of a party in one company; other shares are unchanged",
	  .verbs = { { VERB_PARTY_OWN, "" } },
	  .example = "party own RAL-2032 0198c5d2 --of 0198c5d3 --percent 60",
	  .run = run_party_own,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { "of", "PARTY", OPTION_REQUIRED, "the company: a party, or subject" },
		       { "percent", "P", 0, PERCENT_HELP },
		       { "end", NULL, 0, "the party no longer owns a share" },
		       { CONDITIONAL_REASON_OPTION } } },
	{ .name = "party remove",
	  .summary = "Removes a related party; its record is kept, but the party no longer counts",
	  .verbs = { { VERB_PARTY_REMOVE, "" }, { VERB_PARTY_REMOVE, "--for", CAPACITY_INTAKE } },
	  .example = "party remove RAL-2032 0198c5d2 --reason 'Left the company in March'",
	  .done_message = "the party {} is removed; its record is kept",
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { "reason", "TEXT", 0,
			 "the reason, at least ten characters; required after the session is submitted, and "
			 "required from a lead if a KYC session of the party has an open or confirmed hit or a "
			 "restricted rejection" },
		       { ACTING_ROLE_OPTION } } },
	{ .name = "party verify",
	  .summary = "Marks a party as verified elsewhere: the party counts as verified",
	  .verbs = { { VERB_PARTY_VERIFY, "" }, { VERB_PARTY_UNVERIFY, "--withdraw" } },
	  .example = "party verify RAL-2032 0198c5d2 --elsewhere --reason 'Verified by our bank'",
	  .run = run_verify,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT } },
	  .options = { { "elsewhere", NULL, 0, "the party was verified outside this store" },
		       { "reason", "TEXT", 0, "where and how, at least ten characters" },
		       { "withdraw", NULL, 0, "unmark the party" } } },
	{ .name = "party same",
	  .summary = "Records that two parties are one person or company",
	  .details = "Of two parties that may be the same, no case is approved before somebody says so. Their shares "
		     "then add up, their roles are joined, and the verification of one serves both, unless one was "
		     "rejected. The record applies until a name, number, country or birth date of them changes.",
	  .verbs = { { VERB_PARTY_SAME, "" } },
	  .example = "party same RAL-2032 0198c5d2 0198c5d3 --reason 'One passport for both names'",
	  .run = run_answer_pair,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT }, { "OTHER", 0, "the other party" } },
	  .options = { { REASON_OPTION } } },
	{ .name = "party other",
	  .summary = "Records that two parties are two persons or companies",
	  .details = "See party same, which it replaces.",
	  .verbs = { { VERB_PARTY_OTHER, "" } },
	  .example = "party other RAL-2032 0198c5d2 0198c5d3 --reason 'Father and daughter'",
	  .run = run_answer_pair,
	  .arguments = { { SESSION_ARGUMENT }, { PARTY_ARGUMENT }, { "OTHER", 0, "the other party" } },
	  .options = { { REASON_OPTION } } },
	{ .name = "party copy",
	  .summary = "Adds or verifies a party by an approved KYC session of the same person",
	  .details = "The KYC session must belong to the same merchant; party add lists candidates. If the KYC "
		     "session is reopened later, the party is no longer verified.",
	  .verbs = { { VERB_PARTY_COPY, "" } },
	  .example = "party copy RAL-2032 --from RAL-2001 --reason 'The same owner'",
	  .run = run_copy,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "from", "SESSION", OPTION_REQUIRED, "the approved KYC session" },
		       { "party", "PARTY", 0, "the existing party of this person; default: a new party" },
		       { "role", "ROLE", OPTION_REPEATABLE, "a role of the new party; may be repeated",
			 party_role_words },
		       { "control-role", "TEXT", 0, "the position of control, for example CEO" },
		       { "percent", "P", 0, PERCENT_HELP },
		       { "owner-of", "PARTY", 0, "the company that is owned: a party; default: the subject" },
		       { CONDITIONAL_REASON_OPTION } } },
	{ .name = "party gap",
	  .summary = "Records why part of the ownership is not declared",
	  .details = "The explanation is valid until the undeclared share increases.",
	  .verbs = { { VERB_PARTY_GAP, "" } },
	  .example = "party gap RAL-2032 --reason dispersed --text 'No holder above 5 %'",
	  .run = run_party_gap,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "reason", "REASON", OPTION_REQUIRED,
			 "listed, state_owned, regulated, dispersed, or a text with spaces" },
		       { "text", "TEXT", 0, "details; required with the reason other" } } },
	{ .name = "party tree",
	  .summary = "Draws the ownership structure with effective shares",
	  .example = "party tree RAL-2032 --svg",
	  .run = run_tree,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "svg", NULL, 0, "print an SVG picture, for a report" },
		       { "dot", NULL, 0, "print a graph for Graphviz, each party once" } } },
};
const struct command_chapter commands_party = { COMMAND_CHAPTER("Parties", rows) };
