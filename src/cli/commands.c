/* The whole command table, in the order of the help. */
#include "cli_internal.h"

static const struct command_chapter *const chapters[] = {
	&commands_store,     &commands_inbox,	  &commands_session,	&commands_claim,    &commands_decide,
	&commands_process,   &commands_document,  &commands_step,	&commands_party,    &commands_subsession,
	&commands_suspicion, &commands_retention, &commands_money,	&commands_follow,   &commands_duplicate,
	&commands_check,     &commands_subject,	  &commands_alert,	&commands_report,   &commands_judgement,
	&commands_endpoint,  &commands_webhook,	  &commands_receive,	&commands_hook,	    &commands_serve,
	&commands_figures,   &commands_audit,	  &commands_checkpoint, &commands_evidence, &commands_admin,
	&commands_merchant,  &commands_access,	  &commands_workflow,	&commands_reasons,  &commands_template,
	&commands_copy,	     &commands_grants,	  &commands_config,	&commands_export,   &commands_info,
};

static const struct option_spec globals[] = {
	{ "store", 0, "PATH", OPTION_LAST_WINS | OPTION_PATH | OPTION_NOT_IN_SESSION, NULL,
	  "the path or address of the store; also KYBDESK_STORE" },
	{ "as", 0, "NAME", OPTION_LAST_WINS | OPTION_NOT_IN_SESSION, NULL,
	  "the acting reviewer; also KYBDESK_REVIEWER; another person only in a sandbox store" },
	{ "json", 0, NULL, OPTION_LAST_WINS, NULL, "print one JSON value" },
	{ "ndjson", 0, NULL, OPTION_LAST_WINS, NULL, "for lists: print one line of JSON for each entry" },
	{ "csv", 0, NULL, OPTION_LAST_WINS, NULL,
	  "for lists: print comma-separated values; the first line names the columns" },
	{ "no-color", 0, NULL, OPTION_LAST_WINS, NULL, "no colour; also NO_COLOR" },
	{ "theme", 0, "NAME", OPTION_LAST_WINS, NULL,
	  "colours of the workbench; default: dark, or terminal below 256 colours; also :theme in the workbench, "
	  "KYBDESK_THEME" },
	{ "readonly", 0, NULL, OPTION_LAST_WINS, NULL, "do not change the store" },
	{ "no-mouse", 0, NULL, OPTION_LAST_WINS, NULL, "the workbench does not use the mouse" },
	{ "accessible", 0, NULL, OPTION_LAST_WINS, NULL,
	  "the workbench for a screen reader: one plain line for each change, without boxes and redrawing; also "
	  "TERM=dumb" },
	{ "quiet", 0, NULL, OPTION_LAST_WINS, NULL, "print fewer messages on standard error" },
	{ "verbose", 0, NULL, OPTION_LAST_WINS, NULL, "print more messages on standard error" },
	{ "help", 'h', NULL, OPTION_LAST_WINS, NULL, "print this help" },
	{ "version", 0, NULL, OPTION_LAST_WINS, NULL, "print the version of the program" },
};

static const struct command_set set = { globals, sizeof globals / sizeof *globals, chapters,
					sizeof chapters / sizeof *chapters };

const struct command_set *command_set(void)
{
	return &set;
}
