/* A reviewer's SSH session: `kybdesk session`, the forced command of OpenSSH, runs one command line, or opens the
 * workbench, as the reviewer of the presented key. It runs in the account that owns the store. Input of the reviewer
 * is never used in a shell, as a path of this machine, or in another program. */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER_ACCOUNT_HINT "; run it in the server's own account"

static bool is_rule_name(const char *value)
{
	size_t length = strlen(value);

	return !strchr(value, '/') && (length <= 5 || strcmp(value + length - 5, ".json") != 0);
}

static bool allows_path(unsigned flags, const char *value)
{
	return strcmp(value, "-") == 0 ? flags & PATH_STREAM : (flags & PATH_RULE) && is_rule_name(value);
}

static enum err refuse_path(unsigned flags, const char *what, const char *otherwise, struct error *error)
{
	if (flags & PATH_STREAM)
		return error_set(error, ERR_FORBIDDEN,
				 "An SSH session cannot read or write files of the server: use - for %s, which is "
				 "standard input or output",
				 what);
	return error_set(error, ERR_FORBIDDEN,
			 "An SSH session cannot read or write files of the server: leave out %s%s", what, otherwise);
}

static enum err check_options(const struct command_line *command_line, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < command_line->option_count; i++) {
		const struct option_spec *spec = command_line->options[i].spec;
		char name[64];

		(void)snprintf(name, sizeof name, "--%s", spec->name);
		if (spec->flags & OPTION_NOT_IN_SSH_SESSION)
			err = error_set(error, ERR_FORBIDDEN,
					"An SSH session has one store and one reviewer: %s is not allowed in an SSH "
					"session",
					name);
		else if ((spec->flags & OPTION_PATH) && !allows_path(spec->flags, command_line->options[i].value))
			err = refuse_path(spec->flags, name, "", error);
	}
	return err;
}

static enum err check_arguments(const struct command_line *command_line, struct error *error)
{
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < command_line->argument_count; i++) {
		const struct argument_spec *spec = &command_line->command->arguments[i];

		if ((spec->flags & ARGUMENT_PATH) && !allows_path(spec->flags, command_line->arguments[i]))
			err = refuse_path(spec->flags, spec->name, SERVER_ACCOUNT_HINT, error);
	}
	return err;
}

bool ssh_allows_command(const struct command *command)
{
	if (command->flags & COMMAND_ONLY_ON_SERVER)
		return false;
	return !(command->flags & COMMAND_NO_STORE) || (command->flags & COMMAND_IN_SSH_SESSION);
}

enum err ssh_check_command(const struct command_line *command_line, struct error *error)
{
	enum err err = check_options(command_line, error);

	if (!err && command_line->command && !ssh_allows_command(command_line->command))
		err = error_set(error, ERR_FORBIDDEN, "%s is not allowed in an SSH session" SERVER_ACCOUNT_HINT,
				command_line->command->name);
	return err || !command_line->command ? err : check_arguments(command_line, error);
}

/* --- the command line --- */

/* Appends the quoted text to the word. *at is after the opening quote, and on return after the closing quote. */
static enum err parse_quoted_text(const char **at, char quote, struct strbuf *word, struct error *error)
{
	for (; **at && **at != quote; ++*at) {
		if (quote == '"' && **at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\'))
			++*at;
		strbuf_addch(word, **at);
	}
	if (!**at)
		return error_set(error, ERR_USAGE,
				 "The command line has an opening %c without a closing quote; nothing was run", quote);
	++*at;
	return ERR_OK;
}

static enum err parse_word(const char **at, struct strbuf *word, struct error *error)
{
	enum err err = ERR_OK;

	while (!err && **at && !strchr(" \t\n\r", **at)) {
		char c = *(*at)++;

		if (c == '\'' || c == '"') {
			err = parse_quoted_text(at, c, word, error);
			continue;
		}
		if (c == '\\') {
			c = **at;
			if (!c || c == '\n' || c == '\r')
				return error_set(error, ERR_USAGE,
						 "The command line ends with a backslash; nothing was run");
			++*at;
		}
		strbuf_addch(word, c);
	}
	return err;
}

enum err ssh_split_line(struct arena *arena, const char *line, struct ssh_words *out, struct error *error)
{
	struct strbuf word = STRBUF_INIT;
	enum err err = ERR_OK;

	*out = (struct ssh_words){ 0 };
	*ARENA_PUSH(arena, out->items, out->count, out->capacity) = "kybdesk";
	for (const char *at = line + strspn(line, " \t"); !err && *at; at += strspn(at, " \t")) {
		if (*at == '\n' || *at == '\r')
			err = error_set(error, ERR_USAGE,
					"The command line has several lines, but an SSH session runs one command; "
					"nothing was run");
		else if (out->count > SSH_WORDS_MAX)
			err = error_set(error, ERR_USAGE, "The command line has more than %d words", SSH_WORDS_MAX);
		strbuf_reset(&word);
		if (!err)
			err = parse_word(&at, &word, error);
		if (!err)
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = arena_strdup(arena, word.buf);
	}
	*ARENA_PUSH(arena, out->items, out->count, out->capacity) = NULL;
	out->count--;
	strbuf_release(&word);
	return err;
}

/* --- the command --- */

/* Makes new files readable for this account only, and disables core dumps and tracing of this process. */
static enum err harden_process(struct error *error)
{
	const struct rlimit none = { 0, 0 };

	(void)umask(077);
	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || chdir("/") != 0)
		return error_set(error, ERR_INTERNAL, "The SSH session cannot be confined: %s", strerror(errno));
	return ERR_OK;
}

enum err ssh_run_session(struct cli *cli, struct error *error)
{
	const char *store = parsed_option_text(&cli->command_line, "store"), *line;
	struct ssh_words words = { 0 };
	enum err err = harden_process(error);

	cli->ssh_reviewer = parsed_option_text(&cli->command_line, "reviewer");
	if (!err && !store)
		err = error_set(error, ERR_USAGE,
				"kybdesk session needs --store PATH; print the complete command with: kybdesk access "
				"keys");
	if (err)
		return err;
	line = world_environment(cli->world, "SSH_ORIGINAL_COMMAND");
	line = arena_strdup(&cli->arena, line ? line : "");
	cli->ssh_store = store;
	cli->world = world_ssh_session();
	err = ssh_split_line(&cli->arena, line, &words, error);
	return err ? err : cli_run(cli, (int)words.count, (char *const *)words.items, error);
}
