/* party list, add, tree; subsession list, add. */
#include "cli_internal.h"
#include "kybdesk/desk/review.h"
#include "kybdesk/domain/ownership.h"

#include <string.h>

static enum err run_list(struct cli *cli, struct error *error)
{
	struct case_view view;
	struct cli_slice slice;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), false, &view, error);
	if (err)
		return err;
	const char **ids = arena_alloc_array(&cli->arena, view.file.party_count + 1, sizeof *ids);
	for (size_t i = 0; i < view.file.party_count; i++)
		ids[i] = view.file.parties[i].id;
	if ((err = cli_slice(cli, ids, view.file.party_count, &slice, error)))
		return err;
	if (cli_json(cli)) {
		struct json_value *document = cli_case_json(cli, &view), *data = json_new_array();
		const struct json_value *parties = json_get(document, "parties");
		for (size_t i = slice.from; i < slice.to; i++)
			json_append(data, json_copy(json_at(parties, i)));
		json_free(document);
		cli_page_json(cli, data, slice.next);
		return ERR_OK;
	}
	cli_show_parties(cli, &view, slice.from, slice.to, 0);
	cli_page_hint(cli, slice.next);
	return ERR_OK;
}

static void tree_json(struct cli *cli, const struct case_view *view, const struct ownership_line *lines,
		      size_t count)
{
	struct json_value *result = json_new_object(), *data = json_new_array();
	for (size_t i = 0; i < count; i++) {
		const struct party *party = &view->file.parties[lines[i].party];
		struct json_value *line = json_new_object();
		json_set_text(line, "id", party->id);
		json_set_text(line, "name", party->name);
		json_set_int(line, "depth", lines[i].depth);
		json_set_text_or_null(line, "percent", lines[i].percent);
		json_set_text_or_null(line, "effective_percent", party->effective_percent);
		json_set_bool(line, "beneficial_owner", party->beneficial_owner);
		json_set_bool(line, "cycle", lines[i].cycle);
		json_append(data, line);
	}
	json_set_text(result, "subject", view->file.session.subject.name);
	json_set(result, "data", data);
	out_json(&cli->out, result);
}

static void add_branches(struct strbuf *out, const struct ownership_line *line, bool ascii)
{
	for (unsigned depth = 1; depth < line->depth && depth < 64; depth++)
		strbuf_adds(out, line->open_levels >> depth & 1 ? (ascii ? "|  " : "│  ") : "   ");
	if (line->depth == 0)
		return;
	if (ascii)
		strbuf_adds(out, line->last_sibling ? "`- " : "|- ");
	else
		strbuf_adds(out, line->last_sibling ? "└─ " : "├─ ");
}

static void tree_table(struct cli *cli, const struct case_view *view, const struct ownership_line *lines,
		       size_t count)
{
	static const struct table_column columns[] = {
		{ "Party", TEXT_LEFT, 20 },	{ "Country", TEXT_LEFT, 0 }, { "Holds", TEXT_RIGHT, 0 },
		{ "Effective", TEXT_RIGHT, 0 }, { "Roles", TEXT_LEFT, 8 },   { "", TEXT_LEFT, 0 },
	};
	struct table *table = table_new(&cli->arena, columns, sizeof columns / sizeof *columns, cli->mode);
	for (size_t i = 0; i < count; i++) {
		const struct party *party = &view->file.parties[lines[i].party];
		struct strbuf name = STRBUF_INIT;
		add_branches(&name, &lines[i], cli->mode == TEXT_ASCII);
		strbuf_adds(&name, party->name);
		table_add(table, name.buf);
		table_add(table, *party->country ? party->country : "-");
		table_addf(table, *lines[i].percent ? "%s%%" : "-", lines[i].percent);
		table_addf(table, *party->effective_percent ? "%s%%" : "-", party->effective_percent);
		table_add(table, cli_roles_text(&cli->arena, party->roles));
		if (lines[i].cycle)
			table_add_styled(table, CELL_DANGER, "owns itself");
		else
			table_add(table, party->beneficial_owner ? "beneficial owner" : "");
		strbuf_release(&name);
	}
	out_styled_line(&cli->out, CELL_TITLE, "%s", view->file.session.subject.name);
	out_table(&cli->out, table, 0);
}

static enum err run_tree(struct cli *cli, struct error *error)
{
	struct case_view view;
	size_t count = 0;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), false, &view, error);
	if (err)
		return err;
	struct ownership_line *lines = ownership_tree(&cli->arena, &view.file, &count);
	if (cli_json(cli))
		tree_json(cli, &view, lines, count);
	else
		tree_table(cli, &view, lines, count);
	return ERR_OK;
}

static enum err read_roles(struct cli *cli, unsigned *roles, struct error *error)
{
	size_t count = 0, word_count = 0;
	const char **texts = parsed_all(&cli->parsed, &cli->arena, "role", &count);
	for (size_t i = 0; i < count; i++) {
		enum party_role role;
		if (!party_role_parse(texts[i], &role)) {
			const char *const *words = party_role_words(&word_count);
			return cli_unknown_word("role", "role of a party", texts[i], words, word_count, error);
		}
		*roles |= 1u << role;
	}
	return ERR_OK;
}

static enum err print_added(struct cli *cli, const char *id, const char *party_id, struct error *error)
{
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, id, false, &view, error);
	if (err)
		return err;
	for (size_t i = 0; i < view.file.party_count; i++)
		if (strcmp(view.file.parties[i].id, party_id) == 0) {
			struct json_value *document = cli_case_json(cli, &view);
			out_json(&cli->out, json_copy(json_at(json_get(document, "parties"), i)));
			json_free(document);
			return ERR_OK;
		}
	return error_set(error, ERR_CONFLICT, "party %s was added, and removed again meanwhile", party_id);
}

static enum err run_add(struct cli *cli, struct error *error)
{
	struct party_input input = { .name = cli_text(cli, "name"),
				     .control_role = cli_text(cli, "control-role"),
				     .percent = cli_text(cli, "percent"),
				     .country = cli_text(cli, "country"),
				     .date_of_birth = cli_text(cli, "birth"),
				     .owner_of = cli_text(cli, "owner-of") };
	const char *id, *party_id, *subsession_id;
	size_t word_count = 0;
	enum err err = read_roles(cli, &input.roles, error);
	if (err)
		return err;
	if (!party_kind_parse(cli_text(cli, "kind"), &input.kind)) {
		const char *const *words = party_kind_words(&word_count);
		return cli_unknown_word("kind", "kind of party", cli_text(cli, "kind"), words, word_count, error);
	}
	if ((err = desk_party_add(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &input, &id, &party_id,
				  &subsession_id, error)))
		return err;
	if (cli_json(cli))
		return print_added(cli, id, party_id, error);
	return cli_case_result(cli, id, error, "%s is a party now, %s%s%s", input.name, party_id,
			       *subsession_id ? ", to be verified by session " : "", subsession_id);
}

static enum err run_subsession_list(struct cli *cli, struct error *error)
{
	struct session_item *items;
	size_t count;
	struct cli_slice slice;
	enum err err =
		desk_subsessions(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), &items, &count, error);
	if (err)
		return err;
	const char **ids = arena_alloc_array(&cli->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = items[i].id;
	if ((err = cli_slice(cli, ids, count, &slice, error)))
		return err;
	if (cli_json(cli)) {
		struct json_value *data = json_new_array();
		for (size_t i = slice.from; i < slice.to; i++)
			json_append(data, session_item_write(&items[i]));
		cli_page_json(cli, data, slice.next);
		return ERR_OK;
	}
	cli_list_table(cli, items + slice.from, slice.to - slice.from);
	cli_page_hint(cli, slice.next);
	return ERR_OK;
}

static enum err run_subsession_add(struct cli *cli, struct error *error)
{
	const char *id, *subsession_id;
	enum err err = desk_subsession_add(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0),
					   parsed_argument(&cli->parsed, 1), &id, &subsession_id, error);
	if (err)
		return err;
	return cli_case_result(cli, subsession_id, error, "made to verify the party, session %s", subsession_id);
}

const struct command commands_party[] = {
	{ .name = "party list",
	  .summary = "Lists the related parties of a session",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_list,
	  .arguments = { SESSION_ARGUMENT },
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "party add",
	  .summary = "Adds a related party, and its subsession where it must be verified by one",
	  .role = "reviewer",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_add,
	  .arguments = { SESSION_ARGUMENT },
	  .options = { { "name", 0, "NAME", OPTION_REQUIRED, NULL, "its name" },
		       { "kind", 0, "KIND", OPTION_REQUIRED, party_kind_words, "individual or company" },
		       { "role", 0, "ROLE", OPTION_MANY | OPTION_REQUIRED, party_role_words,
			 "ubo, director, shareholder, authorised_signatory, representative, submerchant; may be "
			 "repeated" },
		       { "control-role", 0, "TEXT", 0, NULL, "how it controls the business, for example CEO" },
		       { "percent", 0, "P", 0, NULL, "what it owns, for example 25.5" },
		       { "owner-of", 0, "PARTY", 0, NULL, "of which party it owns that (the subject)" },
		       { "country", 0, "COUNTRY", 0, NULL, "two or three letters, or the English name" },
		       { "birth", 0, "DATE", 0, NULL, "date of birth, YYYY-MM-DD" } } },
	{ .name = "party tree",
	  .summary = "Draws who owns whom, with what each effectively holds",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_tree,
	  .arguments = { SESSION_ARGUMENT } },
	{ .name = "subsession list",
	  .summary = "Lists the subsessions that verify a session's parties",
	  .role = "anyone",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_subsession_list,
	  .arguments = { SESSION_ARGUMENT },
	  .options = { LIMIT_OPTION, AFTER_OPTION } },
	{ .name = "subsession add",
	  .summary = "Makes the subsession that verifies a party",
	  .role = "reviewer",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_subsession_add,
	  .arguments = { SESSION_ARGUMENT, { "PARTY", 0, NULL, "its id or a unique beginning of it" } } },
};
