/* template list, template show, template set, template remove; and the text of a template for a case. */
#include "../cli_internal.h"

static const char *languages_text(struct arena *arena, const struct message_template *of)
{
	const char *text = "";

	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (*of->texts[i])
			text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "", language_text((enum language)i));
	return text;
}

static struct json_value *add_template_row(struct entry row, const struct message_template *of)
{
	struct json_value *messages = json_new_object();

	entry_add_text(row, "name", of->name);
	json_set_text_or_null(row.object, "reason", of->reason);
	table_add_cell(row.table, *of->reason ? of->reason : TEMPLATE_ALL);
	for (int i = 0; i < LANGUAGE_COUNT; i++)
		if (*of->texts[i])
			json_set_text(messages, language_text((enum language)i), of->texts[i]);
	json_set(row.object, "messages", messages);
	table_add_cell(row.table, languages_text(&row.cli->arena, of));
	json_set_time(row.object, "changed_at", of->changed_at);
	table_add_cell(row.table, cli_time_text(row.cli, of->changed_at));
	entry_add_text(row, "changed_by", of->changed_by);
	return row.object;
}

static enum err run_list(struct cli *cli, struct error *error)
{
	struct message_templates all;
	struct cli_rows rows;
	enum err err = desk_templates(cli->desk, &cli->arena, &all, error);

	if (err)
		return err;
	cli_rows_begin(cli, "Name:10|Reason:8|Languages|Changed|By", &rows);
	for (size_t i = 0; i < all.count; i++)
		if (cli_row_begin(&rows, all.items[i].name))
			(void)add_template_row(cli_add_entry(cli, &rows), &all.items[i]);
	return cli_rows_end(cli, &rows, "name,reason,changed_at,changed_by", error);
}

static enum err parse_language(const char *word, enum language otherwise, enum language *out, struct error *error)
{
	*out = otherwise;
	return word ? CLI_WORD(language, word, out, "language", "language", error) : ERR_OK;
}

/* The titles of these document types as one text. */
static const char *document_titles(struct arena *arena, const struct profile *profile, const char *const *types,
				   size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s", text, *text ? ", " : "",
				    profile_document_title(profile, types[i]));
	return text;
}

struct filled_template {
	enum language language;
	const char *text;
};

static enum err fill_template(struct cli *cli, const struct message_template *of, const struct message_request *use,
			      struct filled_template *out, struct error *error)
{
	enum language languages[LANGUAGE_COUNT], client;
	struct message_values values;
	struct case_view view;
	enum err err = desk_case(cli->desk, &cli->arena, use->session, false, &view, error);

	if (!err)
		err = parse_language(use->language, language_of_country(view.file.session.subject.country), &client,
				     error);
	if (err)
		return err;
	message_values_fill(&cli->arena, &view.file, view.profile, desk_now(cli->desk), &values);
	if (use->type_count)
		values.document = document_titles(&cli->arena, view.profile, use->types, use->type_count);
	(void)template_languages(of, client, languages);
	if (use->language && languages[0] != client)
		return error_set_field(error, ERR_NOT_FOUND, "language",
				       "The template %s has no text in the language \"%s\"", of->name,
				       language_text(client));
	out->language = languages[0];
	out->text = message_fill(&cli->arena, of->texts[languages[0]], &values);
	return ERR_OK;
}

static enum err find_template(struct cli *cli, const char *name, const struct message_template **out,
			      struct error *error)
{
	struct message_templates all;
	enum err err = desk_templates(cli->desk, &cli->arena, &all, error);

	return err ? err : template_find(&all, name, out, error);
}

enum err cli_fill_message(struct cli *cli, const struct message_request *use, const char **out, struct error *error)
{
	const struct message_template *of;
	struct filled_template filled_template;
	enum err err = find_template(cli, use->template, &of, error);

	if (!err)
		err = fill_template(cli, of, use, &filled_template, error);
	if (!err)
		*out = filled_template.text;
	return err;
}

static enum err show_filled_template(struct cli *cli, const struct message_template *of, const char *session,
				     struct error *error)
{
	struct filled_template filled_template;
	enum err err = fill_template(
		cli, of,
		&(struct message_request){ .session = session,
					   .language = parsed_option_text(&cli->command_line, "language") },
		&filled_template, error);

	if (err)
		return err;
	if (cli_is_json(cli)) {
		out_json(&cli->out,
			 JSON_NEW(JSON_TEXT("name", of->name),
				  JSON_TEXT("language", language_text(filled_template.language)),
				  JSON_TEXT("message", filled_template.text),
				  JSON_OR_NULL("unfilled", message_find_variable(&cli->arena, filled_template.text))));
	} else {
		out_paragraph(&cli->out, 0, "%s", filled_template.text);
	}
	return ERR_OK;
}

static enum err run_show(struct cli *cli, struct error *error)
{
	const char *session = parsed_option_text(&cli->command_line, "session");
	const struct message_template *of;
	enum language only;
	enum err err = find_template(cli, parsed_argument(&cli->command_line, 0), &of, error);

	if (!err && session)
		return show_filled_template(cli, of, session, error);
	if (!err)
		err = parse_language(parsed_option_text(&cli->command_line, "language"), LANGUAGE_EN, &only, error);
	if (err)
		return err;
	if (cli_is_json(cli))
		return cli_print_json(cli, add_template_row(cli_new_json_entry(cli), of));
	out_line(&cli->out, "%s: reason %s, changed %s by %s", of->name, *of->reason ? of->reason : TEMPLATE_ALL,
		 cli_time_text(cli, of->changed_at), of->changed_by);
	for (int i = 0; i < LANGUAGE_COUNT; i++) {
		if (!*of->texts[i] || (parsed_has_option(&cli->command_line, "language") && i != (int)only))
			continue;
		out_line(&cli->out, "%s", language_text((enum language)i));
		out_paragraph(&cli->out, 4, "%s", of->texts[i]);
	}
	return ERR_OK;
}

static enum err show_template_change(struct cli *cli, const char *name, const char *done, struct error *error)
{
	struct message_templates all;
	const struct message_template *of = NULL;
	enum err err = desk_templates(cli->desk, &cli->arena, &all, error);

	for (size_t i = 0; !err && i < all.count; i++)
		if (!strcmp(all.items[i].name, name))
			of = &all.items[i];
	if (err)
		return err;
	if (!cli_is_json(cli)) {
		out_line(&cli->out, "template %s %s%s%s", name, done, of ? "; languages: " : "",
			 of ? languages_text(&cli->arena, of) : "");
		return ERR_OK;
	}
	struct json_value *object = of ? add_template_row(cli_new_json_entry(cli), of) : json_new_object();
	if (!of)
		json_set_text(object, "name", name);
	if (!of)
		json_set_bool(object, "removed", true);
	return cli_print_json(cli, object);
}

static enum err run_set(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_TEMPLATE_SET, .part = name,
			       .text = parsed_argument(&cli->command_line, 1), .type = cli_option_text(cli, "language"),
			       .reason = cli_option_text(cli, "reason"));

	if (!err && out.is_proposal)
		return cli_print_proposal(cli, name);
	return err ? err
		   : show_template_change(cli, name, *out.audit_action ? "is set" : "has this text already", error);
}

static enum err run_remove(struct cli *cli, struct error *error)
{
	const char *name = parsed_argument(&cli->command_line, 0);
	struct use_out out;
	enum err err = CLI_RUN(cli, &out, error, .verb = VERB_TEMPLATE_REMOVE, .part = name,
			       .type = cli_option_text(cli, "language"));

	if (!err && out.is_proposal)
		return cli_print_proposal(cli, name);
	return err ? err : show_template_change(cli, name, "is removed", error);
}

#define NAME_ARGUMENT "TEMPLATE", 0, "the name of the template"

static const struct command rows[] = {
	{ .name = "template list",
	  .summary = "Lists the templates of messages to clients",
	  .example = "template list",
	  .flags = COMMAND_LIST,
	  .run = run_list,
	  .options = { PAGE_OPTIONS } },
	{ .name = "template show",
	  .summary = "Shows a template, or its message for a case",
	  .details = "With --session the variables are replaced by the values of the case, in the language of the "
		     "client's country if the template has a text in that language, otherwise in English. A "
		     "variable without a value remains in the text.",
	  .example = "template show reminder --session RAL-2032",
	  .run = run_show,
	  .arguments = { { NAME_ARGUMENT } },
	  .options = { { "session", "SESSION", 0, "the message for this case" },
		       { "language", "LANGUAGE", 0, "only the text in this language", language_words } } },
	{ .name = "template set",
	  .summary = "Sets the text of a template in one language",
	  .details = "A new name creates a template. Variables: {subject}, {reference}, {merchant}, {document} "
		     "(the documents that are requested again, or were rejected) and {due} (the day on which the "
		     "client's link expires). The audit log records the SHA-256 of the old and the new text.",
	  .verbs = { { VERB_TEMPLATE_SET, "" } },
	  .example = "template set reminder '{document} is still missing. Please upload it by {due}.' --language en",
	  .run = run_set,
	  .arguments = { { NAME_ARGUMENT }, { "TEXT", 0, "the message, with variables" } },
	  .options = { { OVERRIDE_OPTION },
		       { "language", "LANGUAGE", 0, "the language of the text; default: en", language_words },
		       { "reason", "CODE", 0,
			 "the session or document reason of the template, or all; default: unchanged, for a new "
			 "template all" } } },
	{ .name = "template remove",
	  .summary = "Removes a template, or its text in one language",
	  .verbs = { { VERB_TEMPLATE_REMOVE, "" } },
	  .example = "template remove reminder --language de",
	  .run = run_remove,
	  .arguments = { { NAME_ARGUMENT } },
	  .options = { { "language", "LANGUAGE", 0, "remove only the text in this language", language_words } } },
};
const struct command_chapter commands_template = { COMMAND_CHAPTER("Templates", rows) };
