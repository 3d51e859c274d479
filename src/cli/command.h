/* The command line as one table: every command with its options, arguments and function. Parsing, usage, completion
 * and the reference pages are made from it, so they always agree. The table is const; its strings are literals. */
#ifndef KYBDESK_CLI_COMMAND_H
#define KYBDESK_CLI_COMMAND_H

#include "kybdesk/base/arena.h"
#include "kybdesk/desk/verbs.h"

struct cli;

enum option_flags {
	OPTION_REPEATABLE = 1,	       /* may be repeated; without this flag, a repeated option is an error */
	OPTION_REQUIRED = 2,	       /* ERR_USAGE when absent */
	OPTION_PATH = 4,	       /* bytes of a file name; need not be UTF-8 */
	OPTION_LAST_WINS = 8,	       /* may be repeated; the last one counts (global options) */
	OPTION_NOT_IN_SSH_SESSION = 32 /* refused in a session over SSH */
};

struct option_spec {
	const char *name;	       /* without the dashes, for example "limit" */
	const char *value_placeholder; /* placeholder of the value in the usage ("N"); NULL: a flag without a value */
	unsigned flags;
	const char *help;
	const char *const *(*words)(size_t *count); /* accepted values, for completion; NULL: any value */
	char letter;				    /* 'o' for -o; 0: no short form */
};

enum argument_flags { ARGUMENT_OPTIONAL = 1, ARGUMENT_PATH = 2 };

/* In a session over SSH, paths in options and arguments are refused, with these exceptions. */
enum path_flags {
	PATH_STREAM = 64, /* "-" is standard input or output */
	PATH_RULE = 128	  /* a rule's name is allowed: without '/' and without the extension .json */
};

struct argument_spec {
	const char *name; /* "SESSION" */
	unsigned flags;
	const char *help;
	const char *const *(*words)(size_t *count);
};

/* A command without flags opens the store first, and prints text for people or, with --json, one JSON value. */
enum command_flags {
	COMMAND_NO_STORE = 1,
	COMMAND_NO_JSON = 2,	    /* prints bytes or a script, or opens the workbench */
	COMMAND_LIST = 4,	    /* also has --ndjson and --csv */
	COMMAND_NO_SETUP = 16,	    /* works even when the configuration file is broken */
	COMMAND_RUNS_DUE_WORK = 32, /* first runs due timed work: timeouts, expiries, reminders */
	/* Flags for a session over SSH (src/cli/session.c). A command with COMMAND_NO_STORE is allowed only with
	 * COMMAND_IN_SSH_SESSION; any other command is allowed unless it has COMMAND_ONLY_ON_SERVER. */
	COMMAND_IN_SSH_SESSION = 64,
	COMMAND_ONLY_ON_SERVER = 128,
	COMMAND_OWN_FILES =
		512,	   /* with the two flags: over SSH the store is opened, since it has the reviewer's texts */
	COMMAND_LONG = 256 /* reads or writes the whole store: its statements may take longer (base/wait.h) */
};

/* A verb that the command calls; the row of the verb in desk/verbs.h has the permitted roles. */
struct command_verb {
	enum verb verb;
	const char *option_name; /* the option that calls the verb; "": called without an option; NULL ends the list */
	/* the capacity: staff; or intake, which also stands for the other roles of --for */
	enum capacity capacity;
};

#define COMMAND_OPTIONS_MAX 16
#define COMMAND_VERBS_MAX 4
#define COMMAND_ARGUMENTS_MAX 3

struct command {
	const char *name;			      /* one word, or group and word: "document accept" */
	const char *summary;			      /* one line */
	const char *details;			      /* more text for --help; NULL: none */
	const char *example;			      /* example of a command line, without the program's name */
	struct command_verb verbs[COMMAND_VERBS_MAX]; /* verbs that change something; empty: read-only, for anyone */
	const char *role_limit; /* text of the help: a restriction of the permitted roles; NULL: none */
	/* For cli_run_first_verb(): the message after a success, in which {} stands for the second argument; NULL:
	 * the message of a decision. */
	const char *done_message;
	unsigned flags;
	enum err (*run)(struct cli *cli, struct error *error); /* NULL: cli_run_first_verb() */
	struct argument_spec arguments[COMMAND_ARGUMENTS_MAX]; /* ends with a NULL name */
	struct option_spec options[COMMAND_OPTIONS_MAX];       /* ends with a NULL name */
};

struct command_chapter {
	const char *title; /* heading in the help, for example "Deciding" */
	const struct command *commands;
	size_t count;
};

struct command_set {
	const struct option_spec *global_options;
	size_t global_option_count;
	const struct command_chapter *const *chapters;
	size_t chapter_count;
};

/* The command table of the program. */
const struct command_set *command_set(void);
/* The command at `index`, counted over all chapters; NULL after the last. */
const struct command *command_at(const struct command_set *set, size_t index);
const struct command *command_find(const struct command_set *set, const char *name);
/* Whether `word` is the first word of a command with several words ("document"). */
bool command_is_group(const struct command_set *set, const char *word);
size_t command_option_count(const struct command *command);
size_t command_argument_count(const struct command *command);
size_t command_verb_count(const struct command *command);
/* Permitted roles as help prints them, for example "reviewer; --take-over: lead". In the arena. */
const char *command_roles_text(struct arena *arena, const struct command *command);
/* A sentence of the help about the second person that the command's verbs require (desk/verbs.h, material and
 * NEED_SECOND_ADMIN); "": no second person is required. */
const char *command_approval_text(const struct command *command);
/* Whether the command lists this verb in `verbs`; all capacities other than staff are treated as the same. */
bool command_uses_verb(const struct command *command, enum verb verb, enum capacity as);

struct option_value {
	const struct option_spec *spec;
	const char *value; /* "" for flags */
};

struct command_line {
	const struct command_set *set;
	const struct command *command; /* NULL: none */
	const char *group;	       /* for example "document", if only the group was typed; else NULL */
	bool help, version;
	bool is_help_all;	      /* the command line is "help all" */
	struct option_value *options; /* the options in the order of the command line */
	size_t option_count, option_capacity;
	const char **arguments;
	size_t argument_count, argument_capacity;
};

/* Reads argv[1..]. Global options may come before or after the command; the command's own options come after the
 * command. Accepts --name=value and --name value; -- ends the options. ERR_USAGE: unknown (with the nearest known
 * word), missing or unexpected words. ERR_INVALID: text that is not UTF-8. With help or version set, missing
 * arguments are not an error. On failure *out has the words parsed before the error. */
enum err command_parse(struct arena *arena, const struct command_set *set, int argc, char *const *argv,
		       struct command_line *out, struct error *error);
/* The last value of an option; NULL if absent; "" for a flag. A name that is neither an option of the command nor a
 * global option is a BUG. */
const char *parsed_option_text(const struct command_line *command_line, const char *name);
bool parsed_has_option(const struct command_line *command_line, const char *name);
/* The options that the command line may have, by index: the command's, then the global ones; NULL after the last. */
const struct option_spec *parsed_option_at(const struct command_line *command_line, size_t index);
/* Whether the command has an option of this name, or a global option has this name. */
bool parsed_accepts_option(const struct command_line *command_line, const char *name);
/* All values of a repeated option, in order (arena array). */
const char **parsed_option_values(const struct command_line *command_line, struct arena *arena, const char *name,
				  size_t *count);
/* The argument at `index`; "" if absent. */
const char *parsed_argument(const struct command_line *command_line, size_t index);

#endif
