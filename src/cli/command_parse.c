/* Parses argv into command, options and arguments, by the command table only. */
#include "kybdesk/base/not_found.h"
#include "kybdesk/base/text.h"
#include "command.h"

#include <string.h>

struct parser {
	struct arena *arena;
	const struct command_set *set;
	int argc;
	char *const *argv;
	int at;
	struct command_line *out;
	struct error *error;
};

static const struct option_spec *find_option(const struct parser *parser, const char *name, size_t length)
{
	const struct option_spec *spec;
	for (size_t i = 0; (spec = parsed_option_at(parser->out, i)); i++)
		if (strlen(spec->name) == length && strncmp(spec->name, name, length) == 0)
			break;
	return spec;
}

static const struct option_spec *find_short_option(const struct parser *parser, char letter)
{
	const struct option_spec *spec;
	for (size_t i = 0; (spec = parsed_option_at(parser->out, i)); i++)
		if (spec->letter == letter)
			break;
	return spec;
}

static const char *nearest_option(const struct parser *parser, const char *name)
{
	const char **names = NULL;
	size_t count = 0, capacity = 0;
	const struct option_spec *spec;
	for (size_t i = 0; (spec = parsed_option_at(parser->out, i)); i++)
		*ARENA_PUSH(parser->arena, names, count, capacity) = spec->name;
	return text_find_nearest(name, names, count);
}

static const char *help_hint(const struct parser *parser)
{
	const char *topic = parser->out->command ? parser->out->command->name : parser->out->group;
	return arena_printf(parser->arena, "kybdesk %s%s--help", topic ? topic : "", topic ? " " : "");
}

static enum err unknown_option_error(const struct parser *parser, const char *name)
{
	const char *near = nearest_option(parser, name);
	const char *of = parser->out->command ? parser->out->command->name : "kybdesk";
	if (near)
		return error_set(parser->error, ERR_USAGE, "%s has no option --%s; did you mean --%s?", of, name, near);
	if (!parser->out->command)
		return error_set(parser->error, ERR_USAGE,
				 "--%s is not a global option; write options of a command after the command (see %s)",
				 name, help_hint(parser));
	return error_set(parser->error, ERR_USAGE, "%s has no option --%s; see %s", of, name, help_hint(parser));
}

static enum err add_option(struct parser *parser, const struct option_spec *spec, const char *value)
{
	struct command_line *out = parser->out;
	if (strcmp(spec->name, "help") == 0)
		out->help = true;
	if (strcmp(spec->name, "version") == 0)
		out->version = true;
	if (!(spec->flags & (OPTION_REPEATABLE | OPTION_LAST_WINS)))
		for (size_t i = 0; i < out->option_count; i++)
			if (out->options[i].spec == spec)
				return error_set(parser->error, ERR_USAGE,
						 "--%s is repeated; use this option only once", spec->name);
	if (!(spec->flags & OPTION_PATH) && !text_is_valid(value, strlen(value)))
		return error_set_field(parser->error, ERR_INVALID, spec->name, "the value of --%s is not valid UTF-8",
				       spec->name);
	*ARENA_PUSH(parser->arena, out->options, out->option_count, out->option_capacity) =
		(struct option_value){ spec, value };
	return ERR_OK;
}

/* An option cannot be the value of another option: "--sort --json" lacks a value. --name=value accepts any text. */
static bool looks_like_option(const struct parser *parser, const char *word)
{
	if (strncmp(word, "--", 2) != 0 || word[2] == '\0')
		return strcmp(word, "--") == 0;
	return find_option(parser, word + 2, strcspn(word + 2, "=")) != NULL;
}

static enum err add_option_value(struct parser *parser, const struct option_spec *spec)
{
	if (parser->at >= parser->argc || looks_like_option(parser, parser->argv[parser->at]))
		return error_set(parser->error, ERR_USAGE, "--%s needs a value: --%s %s", spec->name, spec->name,
				 spec->value_placeholder);
	return add_option(parser, spec, parser->argv[parser->at++]);
}

static enum err read_option(struct parser *parser, const char *word)
{
	const char *name = word + 2;
	size_t length = strcspn(name, "=");
	const struct option_spec *spec = find_option(parser, name, length);
	if (!spec)
		return unknown_option_error(parser, arena_strndup(parser->arena, name, length));
	if (name[length] != '=')
		return spec->value_placeholder ? add_option_value(parser, spec) : add_option(parser, spec, "");
	if (!spec->value_placeholder)
		return error_set(parser->error, ERR_USAGE, "--%s takes no value", spec->name);
	return add_option(parser, spec, name + length + 1);
}

/* Reads a short option: -o FILE, -oFILE or -h. */
static enum err read_short_option(struct parser *parser, const char *word)
{
	const struct option_spec *spec = find_short_option(parser, word[1]);
	if (!spec || (!spec->value_placeholder && word[2] != '\0'))
		return error_set(parser->error, ERR_USAGE, "%s is not an option; see %s", word, help_hint(parser));
	if (!spec->value_placeholder)
		return add_option(parser, spec, "");
	return word[2] != '\0' ? add_option(parser, spec, word + 2) : add_option_value(parser, spec);
}

/* The nearest command word: a first word, or with a group a second word of this group. */
static const char *nearest_command(const struct parser *parser, const char *group, const char *word)
{
	const char **names = NULL;
	size_t count = 0, capacity = 0, length = group ? strlen(group) : 0;
	const struct command *command;
	for (size_t i = 0; (command = command_at(parser->set, i)); i++) {
		if (!group)
			*ARENA_PUSH(parser->arena, names, count, capacity) =
				arena_strndup(parser->arena, command->name, strcspn(command->name, " "));
		else if (strncmp(command->name, group, length) == 0 && command->name[length] == ' ')
			*ARENA_PUSH(parser->arena, names, count, capacity) = command->name + length + 1;
	}
	return text_find_nearest(word, names, count);
}

static enum err read_command(struct parser *parser, const char *word)
{
	struct command_line *out = parser->out;
	const char *name = out->group ? arena_printf(parser->arena, "%s %s", out->group, word) : word;
	out->command = command_find(parser->set, name);
	if (out->command) {
		out->group = NULL;
		return ERR_OK;
	}
	/* "help list" means "list --help", as in many programs. */
	if (!out->group && !out->help && strcmp(word, "help") == 0) {
		out->help = true;
		return ERR_OK;
	}
	if (!out->group && out->help && strcmp(word, "all") == 0) {
		out->is_help_all = true;
		return ERR_OK;
	}
	if (!out->group && command_is_group(parser->set, word)) {
		out->group = word;
		return ERR_OK;
	}
	const char *near = nearest_command(parser, out->group, word);
	if (near)
		return error_set(parser->error, ERR_USAGE, "Unknown command \"%s\". Did you mean \"%s%s%s\"?", name,
				 out->group ? out->group : "", out->group ? " " : "", near);
	return error_unknown_word(
		parser->error, ERR_USAGE,
		&(struct unknown_name){ .kind = "command",
					.name = name,
					.hint = arena_printf(parser->arena, "List them with: %s", help_hint(parser)) });
}

/* Reads the next word of a longer command: the name of a command may start with the name of another command, as
 * "evidence verify" starts with "evidence". Returns false if no command has the longer name. */
static bool read_subcommand(const struct parser *parser, const char *word)
{
	const char *name = arena_printf(parser->arena, "%s %s", parser->out->command->name, word);
	const struct command *longer = command_find(parser->set, name);

	if (longer)
		parser->out->command = longer;
	return longer != NULL;
}

static enum err read_argument(struct parser *parser, const char *word)
{
	struct command_line *out = parser->out;
	if (out->argument_count == command_argument_count(out->command))
		return error_set(parser->error, ERR_USAGE, "unexpected argument '%s' of %s; see %s", word,
				 out->command->name, help_hint(parser));
	const struct argument_spec *spec = &out->command->arguments[out->argument_count];
	if (!(spec->flags & ARGUMENT_PATH) && !text_is_valid(word, strlen(word)))
		return error_set(parser->error, ERR_INVALID, "the argument %s is not valid UTF-8", spec->name);
	*ARENA_PUSH(parser->arena, out->arguments, out->argument_count, out->argument_capacity) = word;
	return ERR_OK;
}

static enum err check_required_args(const struct parser *parser)
{
	const struct command_line *out = parser->out;
	if (out->help || out->version || !out->command)
		return ERR_OK;
	if (out->argument_count < command_argument_count(out->command)) {
		const struct argument_spec *spec = &out->command->arguments[out->argument_count];
		if (!(spec->flags & ARGUMENT_OPTIONAL))
			return error_set(parser->error, ERR_USAGE, "%s needs %s (%s); see %s", out->command->name,
					 spec->name, spec->help, help_hint(parser));
	}
	for (size_t i = 0; i < command_option_count(out->command); i++) {
		const struct option_spec *spec = &out->command->options[i];
		if ((spec->flags & OPTION_REQUIRED) && !parsed_has_option(out, spec->name))
			return error_set(parser->error, ERR_USAGE, "%s needs --%s %s (%s)", out->command->name,
					 spec->name, spec->value_placeholder, spec->help);
	}
	return ERR_OK;
}

enum err command_parse(struct arena *arena, const struct command_set *set, int argc, char *const *argv,
		       struct command_line *out, struct error *error)
{
	struct parser parser = { arena, set, argc, argv, 1, out, error };
	bool options_ended = false;
	*out = (struct command_line){ .set = set };
	while (parser.at < argc) {
		const char *word = argv[parser.at++];
		enum err err;
		if (!options_ended && strcmp(word, "--") == 0) {
			options_ended = true;
			continue;
		}
		if (!options_ended && strncmp(word, "--", 2) == 0)
			err = read_option(&parser, word);
		else if (!options_ended && word[0] == '-' && word[1] != '\0')
			err = read_short_option(&parser, word);
		else if (!out->command)
			err = read_command(&parser, word);
		else if (out->argument_count || options_ended || !read_subcommand(&parser, word))
			err = read_argument(&parser, word);
		else
			err = ERR_OK;
		if (err)
			return err;
	}
	return check_required_args(&parser);
}
