/* Shell completion, generated from the command table. */
#include "usage.h"

#include <string.h>

WORDS_DEFINE(completion_shell, COMPLETION_SHELL_WORDS)

WORDS_DEFINE(completion_values, COMPLETION_VALUES_WORDS)

static enum completion_values completion_values_of(const struct command *command, const char *placeholder)
{
	static const struct {
		const char *command; /* prefix of the command's name */
		const char *placeholder;
		enum completion_values values;
	} rows[] = {
		{ "", "SESSION", VALUES_REFERENCES },
		{ "", "OTHER", VALUES_REFERENCES },
		{ "", "MERCHANT", VALUES_MERCHANTS },
		{ "", "WORKFLOW", VALUES_WORKFLOWS },
		{ "workflow show", "NAME", VALUES_WORKFLOWS },
		{ "reviewer", "NAME", VALUES_REVIEWERS },
		{ "access", "NAME", VALUES_REVIEWERS },
		{ "assign", "NAME", VALUES_REVIEWERS },
		{ "refer", "NAME", VALUES_REVIEWERS },
		{ "audit", "NAME", VALUES_REVIEWERS },
		{ "suspicion access", "NAME", VALUES_REVIEWERS },
		{ "reject", "CODE", VALUES_REASONS_SESSION },
		{ "document reject", "CODE", VALUES_REASONS_DOCUMENT },
		{ "check resolve", "CODE", VALUES_REASONS_HIT },
		{ "template set", "CODE", VALUES_REASONS_SESSION },
		{ "", "TEMPLATE", VALUES_TEMPLATES },
	};
	for (size_t i = 0; command && placeholder && i < sizeof rows / sizeof *rows; i++)
		if (strncmp(command->name, rows[i].command, strlen(rows[i].command)) == 0 &&
		    strcmp(placeholder, rows[i].placeholder) == 0)
			return rows[i].values;
	return VALUES_NONE;
}

void completion_quote(struct strbuf *out, const char *text)
{
	strbuf_addch(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			strbuf_adds(out, "'\\''");
		else
			strbuf_addch(out, *text);
	}
	strbuf_addch(out, '\'');
}

void completion_escape(struct strbuf *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			strbuf_addch(out, '\\');
		strbuf_addch(out, *text);
	}
}

static void add_words(struct strbuf *out, const char *const *(*words_of)(size_t *count))
{
	size_t count = 0;
	const char *const *words = words_of(&count);
	for (size_t i = 0; i < count; i++)
		strbuf_addf(out, "%s%s", i ? " " : "", words[i]);
}

static void add_option_names(struct strbuf *out, const struct option_spec *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		strbuf_addf(out, "--%s ", options[i].name);
}

static bool is_first_command_of_group(const struct command_set *set, size_t index)
{
	const char *name = command_at(set, index)->name;
	size_t length = strcspn(name, " ") + 1;
	for (size_t i = 0; i < index; i++)
		if (strncmp(command_at(set, i)->name, name, length) == 0)
			return false;
	return true;
}

static void add_first_words(struct strbuf *out, const struct command_set *set)
{
	const struct command *command;
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strchr(command->name, ' ') ? is_first_command_of_group(set, i)
					       : !command_is_group(set, command->name))
			strbuf_addf(out, "%.*s ", (int)strcspn(command->name, " "), command->name);
}

/* For each command that begins with the first `length` bytes of `name` and a space, adds the remaining words ("key add"
 * of "merchant key add" for "merchant"). Separates the commands by `between`. Returns whether such commands exist. */
static bool add_subcommands(struct strbuf *out, const struct command_set *set, const char *name, size_t length,
			    const char *between)
{
	bool any = false;
	const struct command *command;
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strncmp(command->name, name, length) == 0 && command->name[length] == ' ') {
			strbuf_addf(out, "%s%s", any ? between : "", command->name + length + 1);
			any = true;
		}
	return any;
}

/* Adds the second words of the commands in the group of the command `name`. */
static void add_second_words(struct strbuf *out, const struct command_set *set, const char *name)
{
	if (add_subcommands(out, set, name, strcspn(name, " "), " "))
		strbuf_addch(out, ' ');
}

/* Adds the third words of the commands that start with the two words `name`. Returns whether such commands exist. */
static bool add_third_words(struct strbuf *out, const struct command_set *set, const char *name, const char *between)
{
	return strchr(name, ' ') && add_subcommands(out, set, name, strlen(name), between);
}

static void write_bash_third_words(struct strbuf *out, const struct command_set *set)
{
	struct strbuf words = STRBUF_INIT;
	const struct command *command;
	for (size_t i = 0; (command = command_at(set, i)); i++) {
		strbuf_reset(&words);
		if (add_third_words(&words, set, command->name, "|"))
			strbuf_addf(out, "\t\t\t'%s') case $word in %s) command=\"$command $word\" ;; esac ;;\n",
				    command->name, words.buf);
	}
	strbuf_release(&words);
}

/* command: the option's command; NULL: a global option. */
static void write_bash_value(struct strbuf *out, const struct command *command, const struct option_spec *spec)
{
	enum completion_values values = completion_values_of(command, spec->value_placeholder);

	if (!spec->value_placeholder)
		return;
	if (command)
		strbuf_addf(out, "\t\"%s:--%s\")\n", command->name, spec->name);
	else
		strbuf_addf(out, "\t*:--%s)\n", spec->name);
	if (spec->words) {
		strbuf_adds(out, "\t\tCOMPREPLY=($(compgen -W '");
		add_words(out, spec->words);
		strbuf_adds(out, "' -- \"$cur\")) ;;\n");
	} else if (spec->flags & OPTION_PATH) {
		strbuf_adds(out, "\t\tCOMPREPLY=($(compgen -f -- \"$cur\")) ;;\n");
	} else if (values != VALUES_NONE) {
		strbuf_addf(out, "\t\t_kybdesk_values %s ;;\n", completion_values_text(values));
	} else {
		strbuf_adds(out, "\t\tCOMPREPLY=() ;;\n");
	}
}

static void write_bash_command(struct strbuf *out, const struct command_set *set, const struct command *command)
{
	struct strbuf values = STRBUF_INIT;
	bool paths = false;
	strbuf_addf(out, "\t\"%s\") words='", command->name);
	if (add_third_words(out, set, command->name, " "))
		strbuf_addch(out, ' ');
	for (size_t i = 0; i < command_argument_count(command); i++) {
		enum completion_values of = completion_values_of(command, command->arguments[i].name);

		paths |= (command->arguments[i].flags & ARGUMENT_PATH) != 0;
		if (of != VALUES_NONE)
			strbuf_addf(&values, " %s", completion_values_text(of));
		if (!command->arguments[i].words)
			continue;
		add_words(out, command->arguments[i].words);
		strbuf_addch(out, ' ');
	}
	add_option_names(out, command->options, command_option_count(command));
	add_option_names(out, set->global_options, set->global_option_count);
	strbuf_addf(out, "'%s; values='%s' ;;\n", paths ? "; files=1" : "", values.buf);
	strbuf_release(&values);
}

static void write_bash_completion(struct strbuf *out, const struct command_set *set)
{
	const struct command *command;
	strbuf_adds(out,
		    "# bash completion for kybdesk: source <(kybdesk completion bash)\n_kybdesk_values()\n{\n"
		    "\tlocal value\n\twhile IFS= read -r value; do\n"
		    "\t\t[[ $value == \"$cur\"* ]] && COMPREPLY+=(\"$value\")\n"
		    "\tdone < <(\"${COMP_WORDS[0]}\" completion bash --values \"$1\" 2>/dev/null)\n}\n_kybdesk()\n{\n"
		    "\tlocal cur prev command= i word words= files= values=\n\tCOMPREPLY=()\n"
		    "\tcur=${COMP_WORDS[COMP_CWORD]}\n\tprev=${COMP_WORDS[COMP_CWORD-1]}\n"
		    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tword=${COMP_WORDS[i]}\n\t\tcase $word in\n\t\t");
	/* options that have a value, so that the script does not read the value as the command */
	for (size_t i = 0; i < set->global_option_count; i++)
		if (set->global_options[i].value_placeholder)
			strbuf_addf(out, "%s--%s", i ? "|" : "", set->global_options[i].name);
	strbuf_adds(out, ") ((i++)) ;;\n\t\t-*) ;;\n\t\t*)\n\t\t\tcase ${command:-$word} in\n\t\t\t");
	bool any = false;
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strchr(command->name, ' ') && is_first_command_of_group(set, i)) {
			strbuf_addf(out, "%s%.*s", any ? "|" : "", (int)strcspn(command->name, " "), command->name);
			any = true;
		}
	strbuf_adds(out, ") command=\"${command:+$command }$word\" ;;\n");
	write_bash_third_words(out, set);
	strbuf_adds(out, "\t\t\t*) [ -n \"$command\" ] || command=$word ;;\n\t\t\tesac ;;\n\t\tesac\n\tdone\n"
			 "\tcase \"$command:$prev\" in\n");
	for (size_t i = 0; (command = command_at(set, i)); i++)
		for (size_t j = 0; j < command_option_count(command); j++)
			write_bash_value(out, command, &command->options[j]);
	for (size_t i = 0; i < set->global_option_count; i++)
		write_bash_value(out, NULL, &set->global_options[i]);
	strbuf_adds(out, "\t*)\n\tcase $command in\n\t'') words='");
	add_first_words(out, set);
	add_option_names(out, set->global_options, set->global_option_count);
	strbuf_adds(out, "' ;;\n");
	for (size_t i = 0; (command = command_at(set, i)); i++) {
		if (strchr(command->name, ' ') && is_first_command_of_group(set, i)) {
			strbuf_addf(out, "\t%.*s) words='", (int)strcspn(command->name, " "), command->name);
			add_second_words(out, set, command->name);
			strbuf_adds(out, "' ;;\n");
		}
		write_bash_command(out, set, command);
	}
	strbuf_adds(out, "\tesac\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
			 "\tfor word in $values; do _kybdesk_values \"$word\"; done\n"
			 "\tif [ -n \"$files\" ]; then COMPREPLY+=($(compgen -f -- \"$cur\")); fi ;;\n\tesac\n}\n"
			 "complete -o filenames -F _kybdesk kybdesk\n");
}

static void write_zsh_text(struct strbuf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			strbuf_addch(out, '\\');
		if (*text == '\'')
			strbuf_adds(out, "'\\''");
		else
			strbuf_addch(out, *text);
	}
}

/* Adds the accepted values, and the quote that ends the word. */
static void write_zsh_values(struct strbuf *out, const char *const *(*words)(size_t *count), bool path,
			     enum completion_values values)
{
	if (values != VALUES_NONE) {
		strbuf_addf(out, " _kybdesk_values %s", completion_values_text(values));
	} else if (words) {
		strbuf_addch(out, '(');
		add_words(out, words);
		strbuf_addch(out, ')');
	} else if (path) {
		strbuf_adds(out, "_files");
	}
	strbuf_addch(out, '\'');
}

static void write_zsh_option(struct strbuf *out, const struct command *command, const struct option_spec *spec)
{
	strbuf_addf(out, " '%s--%s[", spec->flags & OPTION_REPEATABLE ? "*" : "", spec->name);
	write_zsh_text(out, spec->help);
	strbuf_adds(out, "]");
	if (spec->value_placeholder) {
		strbuf_adds(out, ":");
		write_zsh_text(out, spec->value_placeholder);
		strbuf_adds(out, ":");
	}
	write_zsh_values(out, spec->words, spec->flags & OPTION_PATH,
			 completion_values_of(command, spec->value_placeholder));
}

static void write_zsh_command(struct strbuf *out, const struct command_set *set, const struct command *command)
{
	strbuf_addf(out, "\t\"%s\") _arguments", command->name);
	for (size_t i = 0; i < command_option_count(command); i++)
		write_zsh_option(out, command, &command->options[i]);
	for (size_t i = 0; i < set->global_option_count; i++)
		write_zsh_option(out, NULL, &set->global_options[i]);
	for (size_t i = 0; i < command_argument_count(command); i++) {
		const struct argument_spec *spec = &command->arguments[i];
		strbuf_addf(out, " '%s:%s:", spec->flags & ARGUMENT_OPTIONAL ? ":" : "", spec->name);
		write_zsh_values(out, spec->words, spec->flags & ARGUMENT_PATH,
				 completion_values_of(command, spec->name));
	}
	strbuf_adds(out, " ;;\n");
}

static void write_zsh_completion(struct strbuf *out, const struct command_set *set)
{
	const struct command *command;
	strbuf_adds(out, "#compdef kybdesk\n_kybdesk_values()\n{\n"
			 "\tcompadd -- ${(f)\"$(kybdesk completion zsh --values $1 "
			 "2>/dev/null)\"}\n}\n_kybdesk()\n{\n\tlocal command=$words[2]\n\tif (( CURRENT == 2 )); then\n"
			 "\t\tcompadd -- ");
	add_first_words(out, set);
	strbuf_adds(out, "\n\t\treturn\n\tfi\n\tcase $command in\n");
	for (size_t i = 0; (command = command_at(set, i)); i++)
		if (strchr(command->name, ' ') && is_first_command_of_group(set, i)) {
			strbuf_addf(out, "\t%.*s)\n\t\tif (( CURRENT == 3 )); then compadd -- ",
				    (int)strcspn(command->name, " "), command->name);
			add_second_words(out, set, command->name);
			strbuf_adds(out,
				    "; return; fi\n\t\tcommand=\"$words[2] $words[3]\"; shift words; (( CURRENT-- )) "
				    ";;\n");
		}
	strbuf_adds(out, "\tesac\n\tshift words; (( CURRENT-- ))\n\tcase $command in\n");
	for (size_t i = 0; (command = command_at(set, i)); i++)
		write_zsh_command(out, set, command);
	strbuf_adds(out, "\tesac\n}\ncompdef _kybdesk kybdesk\n");
}

/* Adds " -a '(kybdesk …)'": fish runs this command to complete a word. */
static void write_fish_values(struct strbuf *out, enum completion_values values)
{
	if (values != VALUES_NONE)
		strbuf_addf(out, " -a '(kybdesk completion fish --values %s 2>/dev/null)'",
			    completion_values_text(values));
}

static void write_fish_option(struct strbuf *out, const char *condition, const struct command *command,
			      const struct option_spec *spec)
{
	strbuf_adds(out, "complete -c kybdesk -f");
	if (condition) {
		strbuf_adds(out, " -n ");
		completion_quote(out, condition);
	}
	strbuf_addf(out, " -l %s", spec->name);
	if (spec->letter)
		strbuf_addf(out, " -s %c", spec->letter);
	if (spec->value_placeholder)
		strbuf_adds(out, spec->flags & OPTION_PATH ? " -r -F" : " -x");
	if (spec->words) {
		strbuf_adds(out, " -a '");
		add_words(out, spec->words);
		strbuf_adds(out, "'");
	}
	write_fish_values(out, completion_values_of(command, spec->value_placeholder));
	strbuf_adds(out, " -d ");
	completion_quote(out, spec->help);
	strbuf_adds(out, "\n");
}

static void write_fish_condition(struct strbuf *out, const char *name)
{
	const char *space = strchr(name, ' ');
	if (!space)
		strbuf_addf(out, "__fish_seen_subcommand_from %s", name);
	else
		strbuf_addf(out, "__fish_seen_subcommand_from %.*s; and __fish_seen_subcommand_from %s",
			    (int)(space - name), name, space + 1);
}

static void write_fish_completion(struct strbuf *out, const struct command_set *set)
{
	const struct command *command;
	strbuf_adds(out, "# fish completion for kybdesk: kybdesk completion fish | source\n");
	for (size_t i = 0; i < set->global_option_count; i++)
		write_fish_option(out, NULL, NULL, &set->global_options[i]);
	for (size_t i = 0; (command = command_at(set, i)); i++) {
		struct strbuf condition = STRBUF_INIT;
		int first = (int)strcspn(command->name, " ");
		if (command->name[first] == '\0') {
			strbuf_addf(out, "complete -c kybdesk -f -n __fish_use_subcommand -a %s -d ", command->name);
		} else {
			if (is_first_command_of_group(set, i))
				strbuf_addf(out, "complete -c kybdesk -f -n __fish_use_subcommand -a %.*s\n", first,
					    command->name);
			strbuf_addf(out, "complete -c kybdesk -f -n '__fish_seen_subcommand_from %.*s' -a %s -d ",
				    first, command->name, command->name + first + 1);
		}
		completion_quote(out, command->summary);
		strbuf_addch(out, '\n');
		write_fish_condition(&condition, command->name);
		for (size_t j = 0; j < command_option_count(command); j++)
			write_fish_option(out, condition.buf, command, &command->options[j]);
		for (size_t j = 0; j < command_argument_count(command); j++) {
			enum completion_values values = completion_values_of(command, command->arguments[j].name);

			if (values == VALUES_NONE)
				continue;
			strbuf_addf(out, "complete -c kybdesk -f -n '%s'", condition.buf);
			write_fish_values(out, values);
			strbuf_addch(out, '\n');
		}
		strbuf_release(&condition);
	}
}

void completion_write(struct strbuf *out, const struct command_set *set, enum completion_shell shell)
{
	static void (*const writers[])(struct strbuf * out,
				       const struct command_set *set) = { [SHELL_BASH] = write_bash_completion,
									  [SHELL_ZSH] = write_zsh_completion,
									  [SHELL_FISH] = write_fish_completion };
	writers[shell](out, set);
}
