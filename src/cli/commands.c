/* The whole table, in the order in which help shows it. */
#include "cli_internal.h"

#define CHAPTER(title, commands)                                                                                   \
	{                                                                                                          \
		(title), (commands), sizeof(commands) / sizeof *(commands)                                         \
	}

static const struct command_chapter chapters[] = {
	CHAPTER("Beginning", commands_store),
	CHAPTER("Looking", commands_inbox),
	CHAPTER("Bringing a case", commands_session),
	CHAPTER("Who holds a case", commands_claim),
	CHAPTER("Deciding", commands_decide),
	CHAPTER("Processing", commands_process),
	CHAPTER("Documents", commands_document),
	CHAPTER("Steps", commands_step),
	CHAPTER("Parties", commands_party),
	CHAPTER("Sessions of parties", commands_subsession),
	CHAPTER("Following up", commands_follow),
	CHAPTER("Duplicates", commands_duplicate),
	CHAPTER("Checks", commands_check),
	CHAPTER("Users of a merchant", commands_subject),
	CHAPTER("Alerts", commands_alert),
	CHAPTER("Reports of providers", commands_report),
	CHAPTER("Judgements", commands_judgement),
	CHAPTER("Webhook endpoints", commands_endpoint),
	CHAPTER("Deliveries", commands_webhook),
	CHAPTER("Receiving webhooks", commands_receive),
	CHAPTER("HTTP", commands_serve),
	CHAPTER("Audit trail", commands_audit),
	CHAPTER("Proving the audit log", commands_checkpoint),
	CHAPTER("People and merchants", commands_admin),
	CHAPTER("Workflows", commands_workflow),
	CHAPTER("Reasons", commands_reasons),
	CHAPTER("Backups and moving", commands_copy),
	CHAPTER("Files of one's own", commands_config),
	CHAPTER("This program", commands_info),
};

static const struct option_spec globals[] = {
	{ "store", 0, "PATH", OPTION_LAST_WINS | OPTION_PATH, NULL, "the store; also KYBDESK_STORE" },
	{ "as", 0, "NAME", OPTION_LAST_WINS, NULL,
	  "who acts; also KYBDESK_REVIEWER; another name only in a sandbox store" },
	{ "json", 0, NULL, OPTION_LAST_WINS, NULL, "one JSON value on standard output" },
	{ "ndjson", 0, NULL, OPTION_LAST_WINS, NULL, "list, audit list: one line of JSON for each entry" },
	{ "csv", 0, NULL, OPTION_LAST_WINS, NULL, "list, audit list: comma-separated values" },
	{ "no-color", 0, NULL, OPTION_LAST_WINS, NULL, "no colour; also NO_COLOR" },
	{ "theme", 0, "NAME", OPTION_LAST_WINS, NULL, "colours of the workbench; also KYBDESK_THEME" },
	{ "readonly", 0, NULL, OPTION_LAST_WINS, NULL, "open everything, change nothing" },
	{ "no-mouse", 0, NULL, OPTION_LAST_WINS, NULL, "the workbench leaves the mouse alone" },
	{ "accessible", 0, NULL, OPTION_LAST_WINS, NULL,
	  "the workbench for a screen reader: one plain line for each change, no boxes, no repainting; "
	  "TERM=dumb asks for it, too" },
	{ "quiet", 0, NULL, OPTION_LAST_WINS, NULL, "less on standard error" },
	{ "verbose", 0, NULL, OPTION_LAST_WINS, NULL, "more on standard error" },
	{ "help", 'h', NULL, OPTION_LAST_WINS, NULL, "this help" },
	{ "version", 0, NULL, OPTION_LAST_WINS, NULL, "the program's version" },
};

static const struct command_set set = { globals, sizeof globals / sizeof *globals, chapters,
					sizeof chapters / sizeof *chapters };

const struct command_set *command_set(void)
{
	return &set;
}
