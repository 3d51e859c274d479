/* step: changing what a client said, by name and on record. */
#include "cli_internal.h"

#include <string.h>

/* "K=V": a text, "" ends it; "K:=JSON": true, a number, a list. */
static enum err read_field(struct cli *cli, const char *given, struct json_value *fields, struct error *error)
{
	const char *sign = strchr(given, '=');
	struct json_value *value = NULL;
	if (!sign || sign == given)
		return error_set_field(error, ERR_USAGE, "field", "--field takes NAME=VALUE, not \"%s\"", given);
	bool is_json = sign[-1] == ':';
	const char *name = arena_strndup(&cli->arena, given, (size_t)(sign - given) - is_json);
	if (is_json) {
		enum err err = json_read(sign + 1, strlen(sign + 1), &value, error);
		if (err) {
			error_prefix(error, "--field NAME:=VALUE takes JSON");
			return err;
		}
	}
	if (!*name) {
		json_free(value);
		return error_set_field(error, ERR_USAGE, "field", "--field takes NAME=VALUE, not \"%s\"", given);
	}
	if (value)
		json_set(fields, name, value);
	else if (sign[1])
		json_set_text(fields, name, sign + 1);
	else
		json_set_null(fields, name);
	return ERR_OK;
}

enum err cli_fields(struct cli *cli, const char **json, struct error *error)
{
	size_t count = 0;
	const char **given = parsed_all(&cli->parsed, &cli->arena, "field", &count);
	struct json_value *fields = json_new_object();
	struct strbuf text = STRBUF_INIT;
	enum err err = ERR_OK;
	*json = NULL;
	for (size_t i = 0; !err && i < count; i++)
		err = read_field(cli, given[i], fields, error);
	if (!err && count) {
		json_write(&text, fields, JSON_COMPACT_LAYOUT, false);
		*json = strbuf_to_arena(&text, &cli->arena);
	}
	strbuf_release(&text);
	json_free(fields);
	return err;
}

static enum err run_edit(struct cli *cli, struct error *error)
{
	const char *step = parsed_argument(&cli->parsed, 1), *fields;
	struct use_out out;
	enum err err = cli_fields(cli, &fields, error);
	if (!err)
		err = CLI_DO(cli, &out, error, .verb = VERB_STEP_EDIT, .part = step, .fields_json = fields,
			     .reason = cli_text(cli, "reason"));
	return err ? err : cli_case_result(cli, out.id, error, "the step %s is changed", step);
}

const struct command commands_step[] = {
	{ .name = "step edit",
	  .summary = "Changes values of a step, one by one; both sides go on record as hashes",
	  .details = "A name may be a path: owner.addresses[0].city; an element behind the last adds one. "
		     "NAME=VALUE is "
		     "a text, NAME:=VALUE is JSON (true, 12, a list), NAME= ends the value. A value that breaks a "
		     "rule of "
		     "the workflow is refused.",
	  .role = "reviewer",
	  .flags = COMMAND_STORE | COMMAND_JSON,
	  .run = run_edit,
	  .arguments = { SESSION_ARGUMENT, { "STEP", 0, NULL, "the step's id" } },
	  .options = { { "field", 0, "NAME=VALUE", OPTION_MANY | OPTION_REQUIRED, NULL,
			 "a field and its value; may be repeated" },
		       { "reason", 0, "TEXT", 0, NULL,
			 "why, in ten characters or more; needed once the session was handed in" } } },
};
