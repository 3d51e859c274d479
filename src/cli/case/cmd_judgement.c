/* confirm: lists and confirms judgements that are based on facts that have changed. */
#include "../cli_internal.h"

static struct json_value *judgement_json(const struct judgement *judgement, struct arena *arena)
{
	struct json_value *out = JSON_NEW(
		JSON_TEXT("kind", judgement_kind_text(judgement->kind)), JSON_OR_NULL("ref", judgement->ref),
		JSON_TEXT("what", judgement->description), JSON_OR_NULL("by", judgement->by),
		JSON_TIME("at", judgement->at), JSON_OR_NULL("basis_sha256", facts_sha256(arena, judgement->basis)),
		JSON_BOOL("stands", judgement->valid));
	if (!judgement->valid)
		JSON_SET(out, JSON_TEXT("sentence", judgement_sentence(arena, judgement)),
			 JSON_OR_NULL("changed", judgement->change_text),
			 JSON_BOOL("confirmable", !*judgement->confirm_refusal),
			 JSON_TEXT("role", role_text(judgement->role)));
	return out;
}

struct json_value *cli_judgements_json(const struct case_view *view, bool changed_only)
{
	struct json_value *list = json_new_array();
	struct arena arena = ARENA_INIT;
	for (size_t i = 0; i < view->judgements.count; i++)
		if (!changed_only || !view->judgements.items[i].valid)
			json_append(list, judgement_json(&view->judgements.items[i], &arena));
	arena_release(&arena);
	return list;
}

static enum err list_changed_judgements(struct cli *cli, const char *session, struct error *error)
{
	struct case_view view;
	size_t changed = 0;
	enum err err = desk_case(cli->desk, &cli->arena, session, false, &view, error);
	if (err)
		return err;
	if (cli_is_json(cli))
		return cli_print_json(cli, cli_judgements_json(&view, true));
	for (size_t i = 0; i < view.judgements.count; i++) {
		const struct judgement *judgement = &view.judgements.items[i];
		if (judgement->valid)
			continue;
		changed++;
		out_line(&cli->out, "%s:%s", judgement_kind_text(judgement->kind), judgement->ref);
		out_paragraph(&cli->out, 4, "%s", judgement_sentence(&cli->arena, judgement));
		if (judgement->role != ROLE_REVIEWER && !*judgement->confirm_refusal)
			out_paragraph(&cli->out, 4, "A %s can confirm this judgement", role_text(judgement->role));
	}
	if (!changed)
		out_line(&cli->out, "%s: every judgement is based on current data",
			 cli_session_label(cli, &view.file.session));
	return ERR_OK;
}

static enum err run_confirm(struct cli *cli, struct error *error)
{
	size_t count = 0;
	const char **refs = parsed_option_values(&cli->command_line, &cli->arena, "only", &count);
	bool all = parsed_has_option(&cli->command_line, "all");
	struct use_out out;
	if (all && count)
		return error_set(error, ERR_USAGE, "use --all or --only, not both");
	if (!all && !count)
		return list_changed_judgements(cli, parsed_argument(&cli->command_line, 0), error);
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_CONFIRM, .all = all, .refs = refs, .ref_count = count);
	if (!err && !cli_is_json(cli))
		for (size_t i = 0; i < out.unconfirmed_count; i++)
			out_styled_line(&cli->out, CELL_WARNING, "not confirmed: %s", out.unconfirmed_sentences[i]);
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "%lld judgement%s confirmed",
					   (long long)out.confirmed_count, out.confirmed_count == 1 ? " is" : "s are");
}

static const struct command rows[] = {
	{ .name = "confirm",
	  .summary = "Confirms judgements that are based on changed facts",
	  .details = "Without --all or --only: lists these judgements and their changed facts. The reviewer who "
		     "confirms a judgement becomes responsible for it. A judgement that only a lead may make can "
		     "only be confirmed by a lead.",
	  .verbs = { { VERB_CONFIRM, "" } },
	  .role_limit = "a lead if the judgement needs a lead",
	  .example = "confirm RAL-2032 --all",
	  .run = run_confirm,
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { "all", NULL, 0, "confirm all judgements that you may confirm" },
		       { "only", "REF", OPTION_REPEATABLE,
			 "confirm this judgement: KIND:ID as listed, an id, or a unique id prefix; may be "
			 "repeated" } } },
};
const struct command_chapter commands_judgement = { COMMAND_CHAPTER("Judgements", rows) };
