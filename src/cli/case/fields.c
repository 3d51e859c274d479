/* Reads the options for a client's input: the acting role (--for), and fields as NAME=VALUE or from a JSON file. */
#include "../cli_internal.h"

#define FIELDS_BYTES_MAX (1024 * 1024)

CLI_WORDS(cli_acting_role_words, "intake", "client", "merchant");

enum err cli_read_capacity(const struct cli *cli, enum capacity otherwise, enum capacity *out, struct error *error)
{
	const char *word = cli_option_text(cli, "for");

	*out = otherwise;
	if (!*word)
		return ERR_OK;
	if (capacity_parse(word, out) && capacity_is_submitter(*out))
		return ERR_OK;
	return cli_unknown_word_error("for", "acting role", word, cli_acting_role_words, error);
}

/* Adds a field from NAME=TEXT, or from NAME:=JSON for values other than text. */
static enum err add_field_pair(struct cli *cli, struct json_value *fields, const char *pair, struct error *error)
{
	const char *equals = strchr(pair, '=');
	bool raw = equals && equals > pair && equals[-1] == ':';
	struct json_value *checked = NULL;
	const char *name;
	enum err err = ERR_OK;

	if (!equals || equals == pair || (raw && equals - 1 == pair))
		return error_set(error, ERR_USAGE, "--field '%s' is not NAME=VALUE", pair);
	name = arena_strndup(&cli->arena, pair, (size_t)(equals - pair) - raw);
	if (!raw) {
		json_set_text(fields, name, equals + 1);
		return ERR_OK;
	}
	if (!strcmp(equals + 1, "null")) {
		json_set_null(fields, name);
		return ERR_OK;
	}
	/* A bare value is parsed as the only element of a list. */
	const char *list = arena_printf(&cli->arena, "[%s]", equals + 1);
	err = json_read(list, strlen(list), &checked, error);
	if (!err && json_count(checked) != 1)
		err = error_set(error, ERR_USAGE, "--field '%s': the text after := is not one JSON value", pair);
	if (!err)
		json_set(fields, name, json_clone(json_at(checked, 0)));
	json_free(checked);
	return err;
}

enum err cli_read_json_file(struct cli *cli, const char *option, const char **out, struct error *error)
{
	const char *path = parsed_option_text(&cli->command_line, option);
	struct strbuf text = STRBUF_INIT;
	enum err err = ERR_OK;

	*out = NULL;
	if (!path)
		return ERR_OK;
	err = file_read_input(path, FIELDS_BYTES_MAX, &text, error);
	if (!err)
		*out = strbuf_finish(&text, &cli->arena);
	return err;
}

enum err cli_read_fields(struct cli *cli, const char **out, struct error *error)
{
	size_t count = 0;
	const char **pairs = parsed_option_values(&cli->command_line, &cli->arena, "field", &count);
	struct json_value *fields;
	enum err err = cli_read_json_file(cli, "json-fields", out, error);

	if (!err && *out && count)
		return error_set(error, ERR_USAGE, "use --field or --json-fields, not both");
	if (err || !count)
		return err;
	fields = json_new_object();
	for (size_t i = 0; !err && i < count; i++)
		err = add_field_pair(cli, fields, pairs[i], error);
	*out = json_move_to_arena(&cli->arena, fields);
	return err;
}
