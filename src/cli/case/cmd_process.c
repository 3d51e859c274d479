/* process, validate: evaluate a case by its results and its workflow's rules. */
#include "../cli_internal.h"

static struct json_value *validation_json(const struct use_out *validation)
{
	const struct rule_failure *items = validation->failures.items;
	struct json_value *out = json_new_object();
	JSON_SET_EACH(out, "failures", i, validation->failures.count,
		      JSON_NEW(JSON_TEXT("path", items[i].path), JSON_TEXT("rule", items[i].rule),
			       JSON_TEXT("found", items[i].found_text), JSON_TEXT("allowed", items[i].allowed_text),
			       JSON_TEXT("message", items[i].message)));
	return JSON_SET(out,
			JSON_VALUE("checks_asked", json_new_words(validation->requested_check_bits, check_kind_words)));
}

static void print_validation(struct cli *cli, const struct case_view *view, const struct use_out *validation)
{
	const char *label = cli_session_label(cli, &view->file.session);
	if (!validation->failures.count)
		out_line(&cli->out, "%s: all rules of the workflow %s are met", label, view->profile->name);
	else
		out_line(&cli->out, "%s: %zu rules of the workflow %s are not met", label, validation->failures.count,
			 view->profile->name);
	for (size_t i = 0; i < validation->failures.count; i++)
		out_paragraph(&cli->out, 2, "%s: %s", validation->failures.items[i].path,
			      validation->failures.items[i].message);
	for (unsigned kind = 0; kind < CHECK_KIND_COUNT; kind++)
		if (validation->requested_check_bits >> kind & 1)
			out_line(&cli->out, "  the %s check is requested again",
				 check_kind_text((enum check_kind)kind));
	if (view->file.check_count)
		cli_show_checks(cli, view, 0, view->file.check_count, 2);
}

static const char *validation_text(struct arena *arena, const struct use_out *out)
{
	if (!out->failures.count)
		return "";
	return arena_printf(arena, "%zu rules of the workflow are not met", out->failures.count);
}

static enum err run_validate(struct cli *cli, struct error *error)
{
	const struct use_in in = { .verb = VERB_VALIDATE, .session = parsed_argument(&cli->command_line, 0) };
	struct use_out validation;
	struct case_view view;
	bool is_bulk;
	enum err err = bulk_check_options(cli, *in.session != '\0', &is_bulk, error);
	if (err)
		return err;
	if (is_bulk)
		return bulk_run(cli,
				&(struct bulk_change){ .done_phrase = "validated", .in = &in, .note = validation_text },
				error);
	err = cli_run_use_case(cli, &cli->arena, &in, &validation, error);
	if (err || (err = desk_case(cli->desk, &cli->arena, validation.id, false, &view, error)))
		return err;
	if (cli_is_json(cli)) {
		struct json_value *document = cli_case_json(cli, &view);
		json_set(document, "validation", validation_json(&validation));
		out_json(&cli->out, document);
	} else {
		print_validation(cli, &view, &validation);
	}
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "process",
	  .summary = "Starts processing of a case; the results decide the next status",
	  .details = "The system then approves the case (if the results and the gate allow it), rejects it, moves "
		     "it to manual review, or waits for missing results. A case already in processing is evaluated "
		     "again.",
	  .verbs = { { VERB_PROCESS, "" } },
	  .example = "process RAL-2032",
	  .arguments = { { SESSION_ARGUMENT } },
	  .options = { { EXPECT_VERSION_OPTION } } },
	{ .name = "validate",
	  .summary = "Validates a case against its workflow's rules and requests missing checks again",
	  .details = "The status is unchanged. Checks that are missing, ended with an error or timeout, or are too "
		     "old become pending.",
	  .verbs = { { VERB_VALIDATE, "" } },
	  .example = "validate --filter 'inbox:manual_review' --dry-run",
	  .run = run_validate,
	  .arguments = { { BULK_SESSION_ARGUMENT } },
	  .options = { BULK_OPTIONS } },
};
const struct command_chapter commands_process = { COMMAND_CHAPTER("Processing", rows) };
