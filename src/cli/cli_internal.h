/* Shared by the command functions; private to src/cli. */
#ifndef KYBDESK_CLI_INTERNAL_H
#define KYBDESK_CLI_INTERNAL_H

#include "kybdesk/base/file.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/webhook/deliver.h"
#include "kybdesk/cli/cli.h"
#include "command.h"
#include "out/out.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/desk/checkpoint.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/settings/settings.h"
#include "kybdesk/desk/rules.h"

#include <string.h>

/* A command line being run. Strings and results live in the arena. */
struct cli {
	const struct world *world;
	const struct cli_front_ends *front_ends;
	struct arena arena;
	struct command_line command_line;
	struct settings settings;
	struct output out;
	struct log log;
	struct json_value *upgrade_plan; /* the plan of an upgrade, for upgrade --json */
	struct desk *desk;		 /* open, unless the command has COMMAND_NO_STORE */
	enum err status;		 /* exit status of a command that printed its result and found faults */
	int exit_status;		 /* exit status of a workbench or demo; 0: use `status` */
	bool is_interactive;		 /* standard error is a terminal, and --quiet is absent */
	enum text_mode mode;
	bool lacks_utf8_locale;		      /* no UTF-8 locale is installed: set_up_cli() prints a warning */
	const char *ssh_reviewer, *ssh_store; /* reviewer and store of a session over SSH; NULL: not an SSH session */
	struct own_text_store own_texts;      /* over SSH: what a local reviewer has in files */
};

/* The parts of the command table, in the order of the help: each cmd_*.c defines one, with
 * { COMMAND_CHAPTER("Deciding", rows) }. */
/* clang-format off */
#define CHAPTERS(X) \
	X(store) X(inbox) X(session) X(claim) X(decide) X(process) X(document) X(step) X(party) \
	X(subsession) X(suspicion) X(retention) X(money) X(follow) X(duplicate) X(check) X(subject) \
	X(alert) X(report) X(judgement) X(endpoint) X(webhook) X(receive) X(hook) X(serve) X(figures) \
	X(audit) X(checkpoint) X(evidence) X(admin) X(merchant) X(access) X(workflow) X(reasons) \
	X(template) X(copy) X(grants) X(config) X(export) X(info)
/* clang-format on */
#define DECLARE_CHAPTER(name) extern const struct command_chapter commands_##name;
CHAPTERS(DECLARE_CHAPTER)
#define COMMAND_CHAPTER(title, rows) (title), (rows), sizeof(rows) / sizeof *(rows)

#define SESSION_ARGUMENT "SESSION", 0, "the session: id, unique id prefix, or external reference"
#define PARTY_ARGUMENT "PARTY", 0, "the party: id, unique id prefix, or exact name"
#define REASON_OPTION "reason", "TEXT", OPTION_REQUIRED, "the reason, at least ten characters"
#define REVEAL_OPTION "reveal", NULL, 0, "show personal data unmasked; the audit log records it"
#define LIMIT_OPTION "limit", "N", 0, "at most N entries, 1 to 1000; default: 50"
#define AFTER_OPTION "after", "CURSOR", 0, "the cursor that the previous page printed"
#define PAGE_OPTIONS                                                                                                   \
	{ LIMIT_OPTION },                                                                                              \
	{                                                                                                              \
		AFTER_OPTION                                                                                           \
	}
#define GRACE_OPTION                                                                                                   \
	"grace", "SECONDS", 0, "time to undo before the webhook is sent, at most 3600 (default: 10); 0: no undo"
#define EXPECT_VERSION_OPTION "expect-version", "N", 0, "refuse if the session is no longer at version N"
/* Read by cli_run_use_case(). */
#define OVERRIDE_OPTION                                                                                                \
	"override", "REASON", 0, "by a lead: send a text that names a list, a hit, a suspicion or a report; recorded"
#define NOTE_OPTION "note", "TEXT", 0, "an internal note, kept with the decision"

/* Defines a function that returns these words, for the values of an option or argument. */
#define CLI_WORDS(name, ...)                                                                                           \
	const char *const *name(size_t *count)                                                                         \
	{                                                                                                              \
		static const char *const words[] = { __VA_ARGS__ };                                                    \
		*count = sizeof words / sizeof *words;                                                                 \
		return words;                                                                                          \
	}                                                                                                              \
	_Static_assert(sizeof #name, "for the semicolon")

/* Option of long-running commands; cli.c reads this option for all commands. */
#define LOG_OPTION                                                                                                     \
	"log", "FORMAT", 0,                                                                                            \
		"format of lines on standard error: text (default) or json, one object per line with "                 \
		"time, level and message",                                                                             \
		cli_log_words
const char *const *cli_log_words(size_t *count);
#define ACTING_ROLE_OPTION                                                                                             \
	"for", "ROLE", 0, "acting role: intake (sends no webhooks); in a sandbox store also client or merchant",       \
		cli_acting_role_words
#define FIELD_OPTION                                                                                                   \
	"field", "NAME=VALUE", OPTION_REPEATABLE,                                                                      \
		"a field and its text; NAME:=JSON for a number, true, a list; NAME:=null clears the field"
#define JSON_FIELDS_OPTION "json-fields", "FILE", OPTION_PATH | PATH_STREAM, "the fields as one JSON object in a file"

/* fields.c. cli_acting_role_words(): the words of --for. cli_read_capacity(): the capacity that --for names, or
 * `otherwise` if the option is absent. */
const char *const *cli_acting_role_words(size_t *count);
enum err cli_read_capacity(const struct cli *cli, enum capacity otherwise, enum capacity *out, struct error *error);
/* The fields of --field and --json-fields as one JSON object; NULL: neither option is present. */
enum err cli_read_fields(struct cli *cli, const char **out, struct error *error);
/* The text of the file that an option names; NULL: the option is absent. */
enum err cli_read_json_file(struct cli *cli, const char *option, const char **out, struct error *error);

/* cli.c */
/* Like settings_read(), but options of the command line override all other sources. */
enum err settings_from_options(struct arena *arena, const struct world *world, const struct command_line *command_line,
			       struct settings *out, struct error *error);
/* Parses and runs one command line; with the limits of a session over SSH if cli->ssh_reviewer is set. */
enum err cli_run(struct cli *cli, int argc, char *const *argv, struct error *error);
/* Options with the store and the reviewer of the settings. */
struct desk_options cli_desk_options(struct cli *cli);
/* Opens the desk on the store with this path or address, not on the store of the settings. */
enum err cli_open_store(struct cli *cli, const char *path, bool readonly, struct error *error);
enum err cli_open_desk(struct cli *cli, struct error *error);

/* value.c: runs a use case. If the command's table row does not list the use case in `verbs`, the call is a BUG, so
 * that the help is complete. */
enum err cli_run_use_case(struct cli *cli, struct arena *arena, const struct use_in *in, struct use_out *out,
			  struct error *error);
/* Like cli_run_use_case(), for the case in the first argument of the command. */
#define CLI_RUN(cli, out, error, ...)                                                                                  \
	cli_run_use_case((cli), &(cli)->arena,                                                                         \
			 &(const struct use_in){ .session = parsed_argument(&(cli)->command_line, 0), __VA_ARGS__ },   \
			 (out), (error))
/* value.c: reads options as numbers and words, and shortens ids. */
bool cli_is_json(const struct cli *cli);
/* The value of a setting for display: a password in an address is hidden. */
const char *cli_setting_text(struct cli *cli, enum setting_id id);
/* Parses digits only; false: not a number from least to most, and *out is unchanged. */
bool cli_parse_integer(const char *text, int64_t least, int64_t most, int64_t *out);
/* Reads an integer option; `fallback` if absent. ERR_INVALID: not an integer from least to most. */
enum err cli_read_number(const struct cli *cli, const char *option, int64_t least, int64_t most, int64_t fallback,
			 int64_t *out, struct error *error);
enum err cli_read_limit(const struct cli *cli, size_t *limit, struct error *error);
/* Reads an option with a time, a date, or a duration before now; `otherwise` if absent. */
enum err cli_read_time(const struct cli *cli, const char *option, int64_t otherwise, int64_t *at, struct error *error);
/* The value of an option; "" if the option is absent. */
const char *cli_option_text(const struct cli *cli, const char *option);
/* The allowed words of an option or argument. */
struct cli_allowed_words {
	const char *field, *kind; /* for example "state" and "state of a delivery" */
	const char *const *(*words)(size_t *count);
};
/* Returns ERR_INVALID: Unknown KIND "x", with the allowed words; `field` is the option or argument. */
enum err cli_unknown_word_error(const char *field, const char *kind, const char *word,
				const char *const *(*words)(size_t *count), struct error *error);
/* Parses a word of an enum; ERR_INVALID with the message of cli_unknown_word_error(). */
#define CLI_WORD(type, word, out, field, kind, error)                                                                  \
	(type##_parse((word), (out)) ? ERR_OK : cli_unknown_word_error((field), (kind), (word), type##_words, (error)))
/* Sets *out to the index of the word in the allowed words. */
enum err cli_find_word(const struct cli_allowed_words *among, const char *word, size_t *out, struct error *error);
/* Sets one bit in *bits for each word of the option: bit number n for the allowed word with index n. */
enum err cli_read_bits(struct cli *cli, const struct cli_allowed_words *among, unsigned *bits, struct error *error);
/* The words of the set bits, separated by ", ". */
const char *cli_arrow(const struct cli *cli);
/* The text as valid UTF-8 without control characters, for JSON. */
const char *cli_safe_text(struct cli *cli, const char *text);
/* Length of the shortest prefix, at least eight characters, that distinguishes these ids. */
size_t cli_short_id_length(const char *const *ids, size_t count);
/* The id ids[at]; on a terminal only its shortest distinguishing prefix, which commands also accept. */
const char *cli_short_id(struct cli *cli, const char *const *ids, size_t count, size_t at);
/* A time as RFC 3339; on a terminal as "2026-11-30 09:00:00". */
const char *cli_time_text(struct cli *cli, int64_t ms);

/* output_file.c: checks that -o may write this file. Refuses devices, links, folders and parts of the store;
 * also existing files, unless --force is present. "-" is standard output, which cannot be combined with --json.
 * `what` names the output in the message. */
enum err cli_check_output_path(struct cli *cli, const char *path, const char *what, struct error *error);

/* cmd_checkpoint.c: reads the file of a public or signing key (a signing key is secret: wipe *out). */
enum err cli_read_key(struct cli *cli, const char *path, struct signed_note_key *out, struct error *error);
/* cli_read_keys(): reads the keys of all options --key, for verification; a signing key can verify, too.
 * cli_read_checkpoints(): reads the files of all options --checkpoint. */
enum err cli_read_keys(struct cli *cli, struct checkpoint_input *out, struct error *error);
enum err cli_read_checkpoints(struct cli *cli, struct checkpoint_input *out, struct error *error);

/* rows.c: JSON objects in one expression: JSON_NEW(JSON_TEXT("id", id), JSON_TIME("at", at)). */
struct object_member {
	const char *key;
	struct json_value *value;
};
#define JSON_VALUE(name, from) ((struct object_member){ (name), (from) }) /* takes ownership */
#define JSON_TEXT(name, from) JSON_VALUE(name, json_new_string(from))
#define JSON_OR_NULL(name, from) JSON_VALUE(name, cli_json_or_null(from)) /* "": null */
#define JSON_INT(name, from) JSON_VALUE(name, json_new_int((int64_t)(from)))
/* A member with an integer; the value is null if the number equals `none`. */
#define JSON_INT_OR_NULL(name, from, none) JSON_VALUE(name, (from) == (none) ? json_new_null() : json_new_int(from))
#define JSON_BOOL(name, from) JSON_VALUE(name, json_new_bool(from))
#define JSON_TIME(name, from) JSON_VALUE(name, json_new_time(from))
struct json_value *cli_json_or_null(const char *text);
/* Adds members to an object, and returns it; JSON_NEW() makes the object. The texts are copied. */
#define JSON_SET(object, ...) json_set_members((object), (const struct object_member[]){ __VA_ARGS__, { .key = NULL } })
#define JSON_NEW(...) JSON_SET(json_new_object(), __VA_ARGS__)
/* The last member of `members` has the key NULL. */
struct json_value *json_set_members(struct json_value *object, const struct object_member *members);

/* rows.c: prints a page of a list as a table, --json, --ndjson or --csv. */
struct cli_page {
	struct json_value *data;   /* from cli_new_page_data(); cli_print_page() frees it */
	const struct table *table; /* NULL: the caller prints its own table */
	const char *csv_columns;   /* members of the objects as columns, for example "name,role"; NULL: no --csv */
	const char *next_cursor;   /* the cursor of the next page; "" at the end */
	struct json_value
		*extra_data; /* more members of the object that --json prints; cli_print_page() frees it; NULL: none */
};
void cli_print_page(struct cli *cli, const struct cli_page *page);
/* A new array for the objects of the page; NULL if a table is printed. */
struct json_value *cli_new_page_data(const struct cli *cli);
/* An entry of a list: members of a JSON object and cells of a table row; only one of the two is printed. */
struct entry {
	struct cli *cli;
	struct json_value *object;
	struct table *table;
};
void entry_add_text(struct entry row, const char *member, const char *text);
void entry_add_cell(struct entry row, const char *member, const char *text, const char *cell);
void entry_add_number(struct entry row, const char *member, int64_t value);
void entry_add_time(struct entry row, const char *member, int64_t ms); /* TIME_NONE: null in JSON, "-" in the table */
/* A list in memory. cli_rows_begin() begins the list, with the columns of table_from(). The caller calls
 * cli_row_begin() for each entry. If cli_row_begin() returns true, the entry is in the page of --limit and --after, and
 * the caller fills the entry of cli_add_entry() or adds an object to `data`. cli_rows_end() prints the page, or refuses
 * --limit or --after. A key identifies an entry and must outlive the rows. Without columns the caller prints its own
 * table after cli_rows_end(). */
struct cli_rows {
	struct json_value *data, *extra_data;
	struct table *table; /* NULL: the list has no columns */
	const char *after, *last_key;
	size_t limit, count;
	bool begun, has_more;
};
void cli_rows_begin(struct cli *cli, const char *columns, struct cli_rows *out);
/* Like cli_rows_begin(), but without pages of its own: all entries are shown. cli_print_rows() prints them with the
 * cursor of the next page, or the caller prints `data` or `table`. */
void cli_rows_begin_unlimited(struct cli *cli, const char *columns, struct cli_rows *out);
enum err cli_print_rows(struct cli *cli, const struct cli_rows *rows, const char *csv_columns, const char *next_cursor);
bool cli_row_begin(struct cli_rows *rows, const char *key);
struct entry cli_add_entry(struct cli *cli, const struct cli_rows *rows);
/* An entry that is only a JSON object, without table cells. */
struct entry cli_new_json_entry(struct cli *cli);
enum err cli_rows_end(struct cli *cli, const struct cli_rows *rows, const char *csv_columns, struct error *error);
/* The columns of --csv in lists of sessions. */
const char *cli_session_csv_names(struct cli *cli);

/* report.c: common parts of results */
void cli_print_error(struct cli *cli, const struct error *error);
/* A list in the session document, printed as one page; the member `key` identifies an entry. */
struct cli_part_list {
	const char *member, *key, *csv_columns; /* csv_columns: as in cli_page */
	void (*show)(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
};
/* Prints the list of the session in the first argument of the command. */
enum err cli_print_part_list(struct cli *cli, const struct cli_part_list *parts, struct error *error);
/* A JSON value as plain text: strings without quotes, null as ""; valid as long as the value and the arena. */
const char *cli_value_text(struct cli *cli, const struct json_value *value);
struct json_value *cli_case_json(struct cli *cli, const struct case_view *view);
/* Prints the current session: the session document with --json, otherwise "REF NAME: sentence". */
enum err cli_print_case_result(struct cli *cli, const char *id, struct error *error, const char *format, ...)
	KYB_PRINTF(4, 5);
/* Prints the object with --json, otherwise the sentence; frees the object. Always returns ERR_OK. */
enum err cli_print_result(struct cli *cli, struct json_value *object, const char *format, ...) KYB_PRINTF(3, 4);
/* Prints the value; always returns ERR_OK. */
enum err cli_print_json(struct cli *cli, struct json_value *value);
/* The reference and the name of a session, for example "RAL-2031 Harbour Lane Trading Ltd". */
const char *cli_session_label(struct cli *cli, const struct session *session);
const char *cli_session_reference(const struct session *session);

/* cmd_decide.c: prints the decision, its changes, its webhooks, and how to undo it. */
enum err cli_print_decision(struct cli *cli, const struct use_out *out, struct error *error);
/* Reads into *in the inputs that the command accepts: the case in the first argument (unless in->session is set),
 * the part in the second argument, --for, --reason, --note, --grace and --expect-version. */
enum err cli_read_verb_input(struct cli *cli, struct use_in *in, struct error *error);
/* Runs a command without `run`: calls its first verb, with the input of cli_read_verb_input(). Prints the command's
 * done_message. */
enum err cli_run_first_verb(struct cli *cli, struct error *error);

/* show.c */
/* Prints the case as text or JSON; always returns ERR_OK. */
enum err cli_show_case(struct cli *cli, const struct case_view *view);
void cli_show_documents(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
void cli_show_parties(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
void cli_show_checks(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
/* Prints members by name and elements by number, each on its own line; nested values are indented. */
void cli_show_members(struct cli *cli, size_t indent_cells, const struct json_value *object);
/* Runs timed work that is due (timeouts, expiries, reminders). If nothing is due, costs one read for each kind of
 * timed work. */
void cli_run_due_work(struct cli *cli);
/* cmd_subsession.c: prints a link, its expiry, and a hint ("": no hint). */
void cli_print_link(struct cli *cli, const struct use_out *link, const char *hint);
/* Creates or extends a link, and prints it. */
enum err cli_renew_link(struct cli *cli, const char *session_id, int64_t extend_days, struct error *error);
/* related.c. cli_print_related(): prints duplicates, removed parties, retention and so on. cli_legal_hold_json():
 * one legal hold as JSON. */
void cli_print_related(struct cli *cli, const struct case_view *view);
struct json_value *cli_legal_hold_json(const struct legal_hold *hold);
/* cmd_judgement.c */
struct json_value *cli_judgements_json(const struct case_view *view, bool changed_only);

struct json_value *cli_duplicate_json(const struct duplicate *duplicate);
/* cmd_workflow.c: ends a list of rules like cli_rows_end(), with the notices about rules. cli_print_rule_change() prints the result of an installation;
 * kind: the JSON member with the name of the rules. */
enum err cli_end_rule_rows(struct cli *cli, struct cli_rows *rows, const char *fields, struct error *error);
void cli_hint(struct cli *cli, const char *text); /* prints a line on standard error, unless --quiet */
/* Prints a new key as JSON in every output format. The warning on standard error ends with `then`. */
void cli_print_new_key(struct cli *cli, struct json_value *object, const char *then);
enum err
cli_print_proposal(struct cli *cli,
		   const char *name); /* cmd_admin.c: prints that the change waits for a second admin; returns ERR_OK */
void cli_print_rule_change(struct cli *cli, const char *kind, const struct use_out *out);
/* workflow_page.c */
void cli_print_workflow(struct cli *cli, const struct profile *profile);
/* Prints the requirements of the profile that this version does not enforce, under a heading; without such
 * requirements, prints nothing. */
void cli_print_unenforced_keys(struct cli *cli, const struct profile *profile);
/* list.c */
enum cell_style inbox_style(enum inbox inbox);
void cli_print_case_table(struct cli *cli, const struct session_item *items, size_t count);

/* cmd_template.c: the message of a template for a case. */
struct message_request {
	const char *template, *session;
	const char *language;	  /* NULL: the client's language, if the template has it */
	const char *const *types; /* types for the variable {document}; type_count 0: the rejected documents */
	size_t type_count;
};
/* ERR_NOT_FOUND: the template does not exist, or has no text in this language. */
enum err cli_fill_message(struct cli *cli, const struct message_request *use, const char **out, struct error *error);
/* cmd_inbox.c: reads the options that choose cases into *query; --view also sets the order. */
enum err cli_read_query(struct cli *cli, struct list_query *query, struct error *error);
#define INBOX_OPTION "inbox", "INBOX", OPTION_REPEATABLE, "only this inbox; may be repeated", inbox_words
#define FILTER_OPTION "filter", "QUERY", 0, "only matching cases: words, key:value, key>value, key<value, -key:value"
#define VIEW_OPTION "view", "NAME", 0, "a named view: mine, overdue, waiting, held, or a view of your own"

/* sandbox/demo.c: creates a store in a private folder, imports the samples, and opens the workbench on this store.
 * Without a terminal, prints the inbox and the list instead, or only runs the server of --serve. Removes the
 * folder, also after a signal or a crash, because a child process does the work. */
enum err demo_run(struct cli *cli, struct error *error);

/* Option of commands that can hide a KYC's open or confirmed hit, or a KYC's restricted rejection. */
#define CONDITIONAL_REASON_OPTION                                                                                      \
	"reason", "TEXT", 0,                                                                                           \
		"the reason, at least ten characters; required from a lead if the change affects a KYC "               \
		"with an open or confirmed hit or a restricted rejection"

/* --- interrupt.c --- */

/* Stops a command cleanly on SIGINT, SIGTERM and SIGHUP, without a global flag: the signals are blocked, and one
 * thread waits for the signals. A second signal during the stop has no effect. */
struct interrupt;

/* input_fd: the input, or -1. For a pipe or terminal, where a read may block for ever, *read_fd is a pipe with the
 * same bytes, which ends at a signal or a read error (see interrupt_read_errno()). For a regular file or -1,
 * *read_fd is input_fd. on_signal (may be NULL) runs in the thread that waits for the signals. */
enum err interrupt_start(struct interrupt **out, int input_fd, int *read_fd, void (*on_signal)(void *context),
			 void *context, struct error *error);
bool interrupt_is_pending(const struct interrupt *interrupt);
/* errno of the failed read that ended the input early; 0: none. Valid after the end of the input was read. */
int interrupt_read_errno(const struct interrupt *interrupt);
/* Ends the thread and restores the signal mask. Accepts NULL. */
void interrupt_end(struct interrupt *interrupt);

/* --- out/progress.c: the progress of a long command, one line on standard error, updated every 200 ms --- */

struct progress {
	const struct world *world;
	struct output messages; /* on standard error; progress_clear() must precede any other message */
	int64_t shown_at;
	bool wanted, shown;
};

void progress_begin(struct progress *progress, const struct cli *cli, bool wanted);
void progress_show(struct progress *progress, const char *format, ...) KYB_PRINTF(2, 3);
void progress_clear(struct progress *progress);
/* Clears the progress, and writes pending output. A failed write does not fail the command. */
void progress_end(struct progress *progress);

/* --- case/bulk.c --- */

/* Runs one command on all cases that a filter matches. --dry-run tries the change and rolls it back; --expect N
 * refuses to run when the number of matches is not N. Each case is a transaction of its own: a refused case is
 * reported, and the remaining cases are processed. */
struct bulk_change {
	const char *done_phrase; /* completes "23 cases would be …", for example "assigned to ana" */
	const struct use_in *in; /* the change for each case; bulk_run() sets the session */
	/* Returns a remark to print after the case's name, allocated in the arena; "": no remark. NULL: no remarks. */
	const char *(*note)(struct arena *arena, const struct use_out *out);
};

#define BULK_OPTIONS                                                                                                   \
	{ "filter", "QUERY", 0, "in place of SESSION: every case that matches" },                                      \
		{ "dry-run", NULL, 0, "with --filter: try every case, print refusals, change nothing" },               \
	{                                                                                                              \
		"expect", "N", 0, "with --filter: change nothing unless exactly N cases match"                         \
	}
#define BULK_SESSION_ARGUMENT "SESSION", ARGUMENT_OPTIONAL, "the session: id, unique id prefix, or external reference"

/* *is_bulk: whether --filter is present instead of a session. ERR_USAGE: both are present, or neither. */
enum err bulk_check_options(const struct cli *cli, bool is_session_named, bool *is_bulk, struct error *error);
enum err bulk_run(struct cli *cli, const struct bulk_change *bulk_change, struct error *error);

/* --- admin/import_file.c: an import with progress, a rejects file and a clean stop --- */

#define IMPORT_CASES "cases"
#define IMPORT_BODS "bods"
struct import_input {
	const char *path;	  /* "-" is standard input */
	const char *rejects_file; /* file for refused lines; NULL: none */
	const char *format;	  /* IMPORT_CASES, IMPORT_BODS, or the name of a register */
	const char *session;	  /* IMPORT_BODS: the case that gets the imported owners */
	int64_t memory_mib;	  /* memory limit of the program; 0: the minimum */
};
/* Prints the result; sets cli->status when lines were refused. */
enum err cli_import(struct cli *cli, const struct import_input *input, struct error *error);

/* --- webhook/receive.c: a local receiver of webhooks, one request at a time --- */

/* Listens on 127.0.0.1. If *port is 0, picks a free port and stores its number in *port. -1: see errno. */
int receive_listen(unsigned *port);

struct received_request {
	struct strbuf text;		 /* the whole request; release it */
	size_t body_offset, body_length; /* offset of the body in the text, and its length */
};
/* receive_requests() handles requests until stop_fd is readable or closed, or until requests_left requests were
 * handled; requests_left < 0: no limit. */
struct receive_loop {
	int fd, stop_fd;
	int64_t requests_left;
	enum err (*handle)(void *context, int fd, const struct received_request *received, struct error *error);
	void *context;
};
/* Creates the descriptor that stops receive_requests(); -1: see errno. receive_stop() writes to this descriptor:
 * pass receive_stop() to interrupt_start(), with the address of stop_fd as the context. */
int receive_new_stop_fd(void);
void receive_stop(void *stop_fd);
enum err receive_requests(struct receive_loop *receive_loop, struct error *error);
/* Sends a status with a plain-text body ("": none). receive_requests() closes the connection afterwards. */
void receive_respond(int fd, int status, const char *body);
/* The event type in the message's body. */
const char *received_event_type(struct arena *arena, const struct received_request *received);

/* --- webhook/cmd_webhook.c: delivery workers and the output of deliveries --- */

#define CA_FILE_OPTION                                                                                                 \
	"ca-file", "FILE", OPTION_PATH, "trust the certificate authorities in this file, not those of the system"

/* Delivers webhooks until stopped; with `drain`, only until none is due. Regularly calls tick(cli), unless tick is
 * NULL. */
enum err cli_deliver(struct cli *cli, bool drain, void (*tick)(void *cli), struct deliver_totals *totals,
		     struct error *error);
struct json_value *cli_attempt_json(struct cli *cli, const struct delivery_attempt *attempt);
/* Delivery number i of a view with its attempts: as JSON, and as lines. */
struct json_value *cli_delivery_json(struct cli *cli, const struct webhook_view *view, size_t i);
void cli_print_delivery(struct cli *cli, const struct webhook_view *view, size_t i);

/* --- webhook/serve_delivery.c --- */

/* The delivery worker of the HTTP server, in a thread of the same process (docs/decisions/0006). The server's requests
 * and the worker's results are separate transactions of the store, so a failure of the server loses no result, and a
 * failure of the worker loses no request. A failed worker is started again; the server does not wait for the worker. */
struct serve_delivery;

/* The context of serve_report_ready(). */
struct serve_context {
	struct cli *cli;
	bool sends_webhooks;		 /* whether to send webhooks */
	const char *ca_file;		 /* NULL: the system's certificates */
	struct serve_delivery *delivery; /* NULL: not started */
};
/* The function for api_options.ready: called after the server accepts connections, while the server's signals are
 * blocked. Prints the addresses, and starts the delivery thread. */
void serve_report_ready(void *serve_context, const char *url, const char *metrics_url);
/* Ends the transfers in progress within two seconds, then the thread. Accepts NULL. */
void serve_delivery_stop(struct serve_delivery *delivery);

#endif
