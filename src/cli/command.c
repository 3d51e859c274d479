#include "command.h"

#include <string.h>

const struct command *command_at(const struct command_set *set, size_t index)
{
	for (size_t i = 0; i < set->chapter_count; i++) {
		if (index < set->chapters[i]->count)
			return &set->chapters[i]->commands[index];
		index -= set->chapters[i]->count;
	}
	return NULL;
}

const struct command *command_find(const struct command_set *set, const char *name)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

bool command_is_group(const struct command_set *set, const char *word)
{
	size_t length = strlen(word);
	const struct command *command;
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strncmp(command->name, word, length) == 0 && command->name[length] == ' ')
			return true;
	return false;
}

size_t command_option_count(const struct command *command)
{
	size_t count = 0;
	while (count < COMMAND_OPTIONS_MAX && command->options[count].name)
		count++;
	return count;
}

size_t command_argument_count(const struct command *command)
{
	size_t count = 0;
	while (count < COMMAND_ARGUMENTS_MAX && command->arguments[count].name)
		count++;
	return count;
}

size_t command_verb_count(const struct command *command)
{
	size_t count = 0;

	while (count < COMMAND_VERBS_MAX && command->verbs[count].option_name)
		count++;
	return count;
}

/* The lowest role that may run the use case, for example "lead". The role intake has no rank: if intake may run the
 * use case, the text names intake and the lowest ranked role. */
static const char *least_role(struct arena *arena, const struct command_verb *use)
{
	const char *const *words, *text = "";
	enum role role = ROLE_INTAKE;
	size_t count;

	words = assignable_role_words(&count);
	for (size_t i = 0; i < count && role == ROLE_INTAKE; i++) {
		enum role next;

		if (!role_parse(words[i], &next) || !use_case_allows(&use_cases[use->verb], use->capacity, next))
			continue;
		text = arena_printf(arena, "%s%s%s", text, *text ? " or " : "", words[i]);
		role = next;
	}
	return text;
}

static bool has_verb_without_option(const struct command *command)
{
	for (size_t i = 0; i < command_verb_count(command); i++) {
		if (!*command->verbs[i].option_name)
			return true;
	}
	return false;
}

const char *command_roles_text(struct arena *arena, const struct command *command)
{
	const char *alone = has_verb_without_option(command) ? "" : "anyone", *text = alone;

	for (size_t i = 0; i < command_verb_count(command); i++) {
		const struct command_verb *use = &command->verbs[i];
		const char *role = least_role(arena, use), *part;

		if (!*use->option_name)
			alone = role;
		else if (!strcmp(role, alone))
			continue;
		part = arena_printf(arena, "%s%s%s", use->option_name, *use->option_name ? ": " : "", role);
		if (!strstr(text, part))
			text = arena_printf(arena, "%s%s%s", text, *text ? "; " : "", part);
	}
	return command->role_limit ? arena_printf(arena, "%s; only %s", text, command->role_limit) : text;
}

const char *command_approval_text(const struct command *command)
{
	static const char *const sentences[] = {
		[MATERIAL_NONE] = "",
		[MATERIAL_VERDICT] =
			"In production, a colleague must approve the case after a verdict that favours approval.",
		[MATERIAL_DATA] = "In production, a colleague must decide a case that this command changed."
	};
	enum material most = MATERIAL_NONE;

	for (size_t i = 0; i < command_verb_count(command); i++) {
		const struct use_case *row = &use_cases[command->verbs[i].verb];
		enum material material = row->material;

		if (row->needs & NEED_SECOND_ADMIN && row->role == ROLE_LEAD)
			return "In production with several leads, the change takes effect when a second lead "
			       "runs the same command.";
		if (row->needs & NEED_SECOND_ADMIN)
			return "In production with several admins, the change takes effect when a second admin "
			       "runs the same command.";
		if (material == MATERIAL_DATA || !most)
			most = material;
	}
	return sentences[most];
}

bool command_uses_verb(const struct command *command, enum verb verb, enum capacity as)
{
	for (size_t i = 0; i < command_verb_count(command); i++) {
		const struct command_verb *use = &command->verbs[i];

		if (use->verb == verb && (use->capacity == CAPACITY_STAFF) == (as == CAPACITY_STAFF))
			return true;
	}
	return false;
}

const struct option_spec *parsed_option_at(const struct command_line *command_line, size_t index)
{
	size_t own = command_line->command ? command_option_count(command_line->command) : 0;
	if (index < own)
		return &command_line->command->options[index];
	return index - own < command_line->set->global_option_count ? &command_line->set->global_options[index - own]
								    : NULL;
}

bool parsed_accepts_option(const struct command_line *command_line, const char *name)
{
	const struct option_spec *spec;
	for (size_t i = 0; (spec = parsed_option_at(command_line, i)); i++)
		if (strcmp(spec->name, name) == 0)
			return true;
	return false;
}

const char *parsed_option_text(const struct command_line *command_line, const char *name)
{
	const char *value = NULL;
	for (size_t i = 0; i < command_line->option_count; i++)
		if (strcmp(command_line->options[i].spec->name, name) == 0)
			value = command_line->options[i].value;
	if (!value && !parsed_accepts_option(command_line, name))
		BUG("option --%s is not in the option table of the command '%s'", name,
		    command_line->command ? command_line->command->name : "");
	return value;
}

bool parsed_has_option(const struct command_line *command_line, const char *name)
{
	return parsed_option_text(command_line, name) != NULL;
}

const char **parsed_option_values(const struct command_line *command_line, struct arena *arena, const char *name,
				  size_t *count)
{
	const char **values = NULL;
	size_t capacity = 0;
	*count = 0;
	if (!parsed_has_option(command_line, name))
		return NULL;
	for (size_t i = 0; i < command_line->option_count; i++)
		if (strcmp(command_line->options[i].spec->name, name) == 0)
			*ARENA_PUSH(arena, values, *count, capacity) = command_line->options[i].value;
	return values;
}

const char *parsed_argument(const struct command_line *command_line, size_t index)
{
	return index < command_line->argument_count ? command_line->arguments[index] : "";
}
