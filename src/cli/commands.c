/* The whole command table, in the order of the help. */
#include "cli_internal.h"

#define CHAPTER(name) &commands_##name,
static const struct command_chapter *const chapters[] = { CHAPTERS(CHAPTER) };

static const struct option_spec global_options[] = {
	{ "store", "PATH", OPTION_LAST_WINS | OPTION_PATH | OPTION_NOT_IN_SSH_SESSION,
	  "the path or address of the store; environment variable: KYBDESK_STORE", NULL, 0 },
	{ "as", "NAME", OPTION_LAST_WINS | OPTION_NOT_IN_SSH_SESSION,
	  "the acting reviewer: any name in a sandbox store, otherwise only your own name; environment variable: "
	  "KYBDESK_REVIEWER",
	  NULL, 0 },
	{ "json", NULL, OPTION_LAST_WINS, "print one JSON value", NULL, 0 },
	{ "ndjson", NULL, OPTION_LAST_WINS, "for lists: print one line of JSON for each entry", NULL, 0 },
	{ "csv", NULL, OPTION_LAST_WINS, "for lists: print comma-separated values; the first line names the columns",
	  NULL, 0 },
	{ "no-color", NULL, OPTION_LAST_WINS, "do not use colours; environment variable: NO_COLOR", NULL, 0 },
	{ "theme", "NAME", OPTION_LAST_WINS,
	  "colours of the workbench; default: dark, or the theme terminal if the terminal has fewer than 256 colours; "
	  "in the workbench, type :theme; environment variable: KYBDESK_THEME",
	  NULL, 0 },
	{ "readonly", NULL, OPTION_LAST_WINS, "do not change the store", NULL, 0 },
	{ "no-mouse", NULL, OPTION_LAST_WINS, "the workbench does not use the mouse", NULL, 0 },
	{ "accessible", NULL, OPTION_LAST_WINS,
	  "the workbench for a screen reader: one plain line for each change, without boxes and redrawing; on if "
	  "the environment variable TERM is dumb",
	  NULL, 0 },
	{ "quiet", NULL, OPTION_LAST_WINS, "print fewer messages on standard error", NULL, 0 },
	{ "verbose", NULL, OPTION_LAST_WINS, "print more messages on standard error", NULL, 0 },
	{ "help", NULL, OPTION_LAST_WINS, "print this help", NULL, 'h' },
	{ "version", NULL, OPTION_LAST_WINS, "print the version of the program", NULL, 0 },
};

static const struct command_set set = { global_options, sizeof global_options / sizeof *global_options, chapters,
					sizeof chapters / sizeof *chapters };

const struct command_set *command_set(void)
{
	return &set;
}
