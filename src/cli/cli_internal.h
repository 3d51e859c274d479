/* Shared by the command functions; private to src/cli. */
#ifndef KYBDESK_CLI_INTERNAL_H
#define KYBDESK_CLI_INTERNAL_H

#include "kybdesk/cli/cli.h"
#include "kybdesk/cli/command.h"
#include "kybdesk/cli/out.h"
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/desk/checkpoint.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/settings/settings.h"
#include "kybdesk/desk/rules.h"

/* A command line being run. Strings and results live in the arena. */
struct cli {
	const struct world *world;
	const struct cli_front_ends *front_ends;
	struct arena arena;
	struct parsed parsed;
	struct settings settings;
	struct out out;
	struct log log;
	struct json_value *upgrade; /* plan of upgrade --json */
	struct desk *desk;	    /* open, except with COMMAND_NO_STORE */
	enum err status;	    /* exit status of a command that printed its result but found faults */
	int exit_status;	    /* of a workbench or demo; 0: use status */
	bool to_people;		    /* standard error is a terminal, without --quiet */
	enum text_mode mode;
	bool without_locale;			      /* no UTF-8 locale is installed, not reported yet */
	const char *session_reviewer, *session_store; /* of a session over SSH; NULL: none */
};

/* The parts of the command table, one for each cmd_*.c, which ends with COMMAND_CHAPTER("Deciding", rows). */
extern const struct command_chapter commands_store, commands_inbox, commands_session, commands_claim,
	commands_decide, commands_process, commands_document, commands_step, commands_party, commands_subsession,
	commands_suspicion, commands_retention, commands_money, commands_follow, commands_duplicate, commands_check,
	commands_subject, commands_alert, commands_report, commands_judgement, commands_endpoint, commands_webhook,
	commands_receive, commands_hook, commands_serve, commands_audit, commands_checkpoint, commands_evidence,
	commands_admin, commands_merchant, commands_access, commands_workflow, commands_reasons, commands_copy,
	commands_grants, commands_config, commands_export, commands_info, commands_figures, commands_template;
#define COMMAND_CHAPTER(title, rows)                                                                               \
	{                                                                                                          \
		(title), (rows), sizeof(rows) / sizeof *(rows)                                                     \
	}

#define SESSION_ARGUMENT                                                                                           \
	{                                                                                                          \
		"SESSION", 0, NULL, "the session: id, unique id prefix, or external reference"                     \
	}
#define LIMIT_OPTION                                                                                               \
	{                                                                                                          \
		"limit", 0, "N", 0, NULL, "at most N entries, 1 to 1000 (50)"                                      \
	}
#define AFTER_OPTION                                                                                               \
	{                                                                                                          \
		"after", 0, "CURSOR", 0, NULL, "start after this cursor of the previous page"                      \
	}
#define GRACE_OPTION                                                                                               \
	{                                                                                                          \
		"grace", 0, "SECONDS", 0, NULL,                                                                    \
			"time to hold the webhook for undo, at most 3600 (10); 0: send at once, no undo"           \
	}
#define EXPECT_VERSION_OPTION                                                                                      \
	{                                                                                                          \
		"expect-version", 0, "N", 0, NULL, "refuse when the session is no longer at version N"             \
	}

/* Option of commands that run long; cli.c reads it for each of them. */
#define LOG_OPTION                                                                                                 \
	{                                                                                                          \
		"log", 0, "FORMAT", 0, cli_log_words,                                                              \
			"lines on standard error as text (the default) or json: one object for each, with "        \
			"time, level and message"                                                                  \
	}
const char *const *cli_log_words(size_t *count);
#define FOR_OPTION                                                                                                 \
	{                                                                                                          \
		"for", 0, "WHOM", 0, cli_for_words,                                                                \
			"acting role: intake (sends no webhooks); in a sandbox also client "                       \
			"or merchant"                                                                              \
	}
#define FIELD_OPTION                                                                                               \
	{                                                                                                          \
		"field", 0, "NAME=VALUE", OPTION_MANY, NULL,                                                       \
			"a field and its text; NAME:=JSON for a number, true, a list; NAME:=null clears it"        \
	}
#define JSON_FIELDS_OPTION                                                                                         \
	{                                                                                                          \
		"json-fields", 0, "FILE", OPTION_PATH | PATH_STREAM, NULL,                                         \
			"the fields as one JSON object in a file"                                                  \
	}

/* fields.c: --for; `otherwise` if absent. */
const char *const *cli_for_words(size_t *count);
enum err cli_for(const struct cli *cli, enum capacity otherwise, enum capacity *out,
		 struct error *error) KYB_MUST_USE;
/* --field and --json-fields as one JSON object; NULL: neither is present. */
enum err cli_fields(struct cli *cli, const char **out, struct error *error) KYB_MUST_USE;
/* The text of the file that an option names; NULL: absent option. */
enum err cli_json_file(struct cli *cli, const char *option, const char **out, struct error *error) KYB_MUST_USE;

/* cli.c */
/* Parses and runs one command line; of a session, if cli->session_reviewer is set. */
enum err cli_run(struct cli *cli, int argc, char *const *argv, struct error *error) KYB_MUST_USE;
/* Opens the desk on another store than the settings': its path or address. */
enum err cli_open_store(struct cli *cli, const char *path, bool readonly, struct error *error) KYB_MUST_USE;
enum err cli_open_desk(struct cli *cli, struct error *error) KYB_MUST_USE;

/* value.c: runs a use case. One that the command does not list among its uses is a BUG, so that help is complete. */
enum err cli_do(struct cli *cli, struct arena *arena, const struct use_in *in, struct use_out *out,
		struct error *error) KYB_MUST_USE;
/* As cli_do(), for the case in the command's first argument. */
#define CLI_DO(cli, out, error, ...)                                                                               \
	cli_do((cli), &(cli)->arena,                                                                               \
	       &(const struct use_in){ .session = parsed_argument(&(cli)->parsed, 0), __VA_ARGS__ }, (out),        \
	       (error))
/* options as numbers and words, pages of short lists */
bool cli_json(const struct cli *cli);
/* The setting for display: an address may contain a password. */
const char *cli_shown_setting(struct cli *cli, enum setting_id id);
/* Digits alone, from least to most; false: *out is unchanged. */
bool cli_whole(const char *text, int64_t least, int64_t most, int64_t *out);
/* An integer option; fallback if absent. ERR_INVALID: not an integer from least to most. */
enum err cli_number(const struct cli *cli, const char *option, int64_t least, int64_t most, int64_t fallback,
		    int64_t *out, struct error *error) KYB_MUST_USE;
enum err cli_limit(const struct cli *cli, size_t *limit, struct error *error) KYB_MUST_USE;
/* An option with a time, a date, or a duration before now; `otherwise` if absent. */
enum err cli_since(const struct cli *cli, const char *option, int64_t otherwise, int64_t *at,
		   struct error *error) KYB_MUST_USE;
/* "" when the option is absent. */
const char *cli_text(const struct cli *cli, const char *option);
/* The allowed words of an option or argument. */
struct cli_words {
	const char *field, *kind; /* "state", "state of a delivery" */
	const char *const *(*words)(size_t *count);
};
/* ERR_INVALID: Unknown KIND "x", with the words that are allowed, for the option or argument `field`. */
enum err cli_unknown_word(const char *field, const char *kind, const char *word,
			  const char *const *(*words)(size_t *count), struct error *error);
/* Parses a word of an enum; ERR_INVALID as cli_unknown_word(). */
#define CLI_WORD(type, word, out, field, kind, error)                                                              \
	(type##_parse((word), (out)) ? ERR_OK : cli_unknown_word((field), (kind), (word), type##_words, (error)))
/* The place of the word among the allowed ones. */
enum err cli_place(const struct cli_words *among, const char *word, size_t *out, struct error *error) KYB_MUST_USE;
/* The places of an option's words as bits, added to *bits. */
enum err cli_bits(struct cli *cli, const struct cli_words *among, unsigned *bits, struct error *error) KYB_MUST_USE;
/* The words of the bits, with ", " between them. */
const char *cli_bits_text(struct arena *arena, unsigned bits, const char *const *(*words)(size_t *count));
const char *cli_texts_text(struct arena *arena, const char *const *texts, size_t count);
const char *cli_arrow(const struct cli *cli);
/* Length of the shortest prefix, at least eight characters, that distinguishes these ids. */
size_t cli_short_length(const char *const *ids, size_t count);
/* ids[at]; on a terminal its shortest distinguishing prefix, which commands accept as well. */
const char *cli_short_id(struct cli *cli, const char *const *ids, size_t count, size_t at);
/* RFC 3339; on a terminal to the second with a space. */
const char *cli_when(struct cli *cli, int64_t ms);
/* A number; null for the value `none`. */
void cli_set_number(struct json_value *object, const char *key, int64_t value, int64_t none);

/* output_file.c: checks that -o may write this file. Refused: a device, a link, a folder, a part of the store, and
 * without --force an existing file. "-" is standard output, which --json excludes; `what` names the output in the
 * message. */
enum err cli_check_output(struct cli *cli, const char *path, const char *what, struct error *error) KYB_MUST_USE;

/* cmd_checkpoint.c: a key's file, public or signing (secret: wipe it). */
enum err cli_read_key(struct cli *cli, const char *path, struct signed_note_key *out,
		      struct error *error) KYB_MUST_USE;
/* cli_read_keys(): the keys of all options --key, to verify with; a signing key also verifies. cli_read_checkpoints():
 * the files of all options --checkpoint. */
enum err cli_read_keys(struct cli *cli, struct checkpoint_input *out, struct error *error) KYB_MUST_USE;
enum err cli_read_checkpoints(struct cli *cli, struct checkpoint_input *out, struct error *error) KYB_MUST_USE;

/* rows.c: a page of a list in the form that was asked for: a table, --json, --ndjson or --csv. */
struct cli_page {
	struct json_value *data;   /* of cli_page_data(); cli_page() frees it */
	const struct table *table; /* NULL: the caller prints its own */
	const char *csv;	   /* members of the objects, the columns of --csv: "name,role"; NULL: no --csv */
	const char *next;	   /* the cursor of the next page; "" at the end */
	struct json_value *also;   /* more members of the object that --json prints, freed as well; or NULL */
};
void cli_page(struct cli *cli, const struct cli_page *page);
/* An array, for the objects of the page; NULL: a table is printed. */
struct json_value *cli_page_data(const struct cli *cli);
/* An entry of a list: the members of an object beside the cells of a table's row, of which one is printed. */
struct entry {
	struct cli *cli;
	struct json_value *object;
	struct table *table;
};
void entry_text(struct entry row, const char *member, const char *text);
void entry_shown(struct entry row, const char *member, const char *text, const char *cell);
void entry_number(struct entry row, const char *member, int64_t value);
void entry_time(struct entry row, const char *member, int64_t ms); /* TIME_NONE: null and "-" */
/* A list in memory. cli_rows() begins it; for each entry, if cli_row() says that the page of --limit and --after has it,
 * the caller fills cli_entry(), or adds an object to `data`; cli_rows_end() prints. A key names an entry and outlives the
 * rows. Without columns the caller prints its own table after cli_rows_end(). */
struct cli_rows {
	struct json_value *data, *also;
	struct table *table; /* NULL: no columns */
	const char *after, *last;
	size_t limit, count;
	bool begun, more;
};
enum err cli_rows(struct cli *cli, const struct table_column *columns, size_t count, struct cli_rows *out,
		  struct error *error) KYB_MUST_USE;
/* The same for entries that are all shown: the caller prints `data` or `table`. */
void cli_rows_all(struct cli *cli, const struct table_column *columns, size_t count, struct cli_rows *out);
bool cli_row(struct cli_rows *rows, const char *key);
struct entry cli_entry(struct cli *cli, const struct cli_rows *rows);
/* An entry that is only an object. */
struct entry cli_single(struct cli *cli);
enum err cli_rows_end(struct cli *cli, const struct cli_rows *rows, const char *csv,
		      struct error *error) KYB_MUST_USE;
/* The columns of sessions. */
const char *cli_session_csv(struct cli *cli);

/* report.c: common parts of results */
void cli_error_print(struct cli *cli, const struct error *error);
/* A list in the session document: one page, its entries named by one of their members. */
struct cli_parts {
	const char *member, *key, *csv; /* csv: as in cli_page */
	void (*show)(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
};
/* Of the session in the command's first argument. */
enum err cli_part_list(struct cli *cli, const struct cli_parts *parts, struct error *error) KYB_MUST_USE;
/* A JSON value as plain text: strings unquoted, null as ""; lives as long as the value or the arena. */
const char *cli_value_text(struct cli *cli, const struct json_value *value);
struct json_value *cli_case_json(struct cli *cli, const struct case_view *view);
/* Prints the current session: the document with --json, otherwise "REF NAME: sentence". */
enum err cli_case_result(struct cli *cli, const char *id, struct error *error, const char *format, ...) KYB_MUST_USE
	KYB_PRINTF(4, 5);
/* Prints the object with --json, otherwise the sentence; frees the object. ERR_OK. */
enum err cli_result(struct cli *cli, struct json_value *object, const char *format, ...) KYB_PRINTF(3, 4);
/* "RAL-2031 Harbour Lane Trading Ltd" */
const char *cli_label(struct cli *cli, const struct session *session);
const char *cli_reference(const struct session *session);

/* cmd_decide.c: prints the decision, its changes, its webhooks, and how to undo it. */
enum err cli_decision_result(struct cli *cli, const struct use_out *out, struct error *error) KYB_MUST_USE;
/* Runs a command that is its first use and no more: on the case of the first argument, with the part of the second, --for
 * and --reason, as far as the command has them. Prints its `done`. */
enum err cli_use(struct cli *cli, struct error *error) KYB_MUST_USE;

/* show.c */
void cli_show(struct cli *cli, const struct case_view *view);
void cli_show_documents(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
void cli_show_parties(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
/* Runs timed work (time-outs, expiries, reminders) before a read; three reads if nothing is due. */
void cli_tick(struct cli *cli);
/* show_details.c: all details, below the tables. */
void cli_show_members(struct cli *cli, size_t indent_cells, const struct json_value *object);
void cli_show_subject_details(struct cli *cli, const struct session *session);
void cli_show_results(struct cli *cli, const struct session *session);
void cli_show_party_details(struct cli *cli, const struct case_view *view);
void cli_show_check_details(struct cli *cli, const struct case_view *view);
void cli_show_checks(struct cli *cli, const struct case_view *view, size_t from, size_t to, size_t indent_cells);
/* cmd_subsession.c: a link, its expiry, and a remark on it, "" none. */
struct link_result;
void cli_link_result(struct cli *cli, const struct use_out *result, const char *hint);
/* Creates or extends a link, and prints it. */
enum err cli_link(struct cli *cli, const char *session_id, int64_t extend_days, struct error *error) KYB_MUST_USE;
/* related.c: duplicates, removed parties and the like, as members of the case's document and as lines. */
void cli_related_json(struct json_value *document, const struct case_view *view);
void cli_related_lines(struct cli *cli, const struct case_view *view);
struct json_value *cli_legal_hold_json(const struct legal_hold *hold);
void cli_duplicate_tables(struct cli *cli, const struct case_view *view);
/* cmd_judgement.c */
struct json_value *cli_judgements_json(const struct case_view *view, bool changed_only);
void cli_show_judgements(struct cli *cli, const struct case_view *view);

struct json_value *cli_duplicate_json(const struct duplicate *duplicate);
/* cmd_workflow.c: notices about the rules, and the installed rule (kind: the key of its name). */
struct json_value *cli_rule_notices_json(const struct rule_notice *items, size_t count);
void cli_rule_notices(struct cli *cli, const struct rule_notice *items, size_t count);
/* A new key, once, in every output format; then: the end of the warning behind it. */
void cli_print_key(struct cli *cli, struct json_value *object, const char *then);
enum err cli_offered(struct cli *cli,
		     const char *name); /* cmd_admin.c: the change waits for a second admin; ERR_OK */
void cli_rule_change(struct cli *cli, const char *kind, const struct use_out *out);
/* workflow_try.c */
enum err cli_workflow_try(struct cli *cli, struct error *error) KYB_MUST_USE;
/* workflow_page.c */
void cli_workflow_page(struct cli *cli, const struct profile *profile);
/* workflow_json.c */
struct json_value *cli_workflow_json(const struct profile *profile);
/* Requirements of the profile that this version does not enforce: a section of the page, and a list of keys. */
void cli_workflow_not_enforced(struct cli *cli, const struct profile *profile);
struct json_value *cli_workflow_not_enforced_json(const struct profile *profile);
/* list.c */
enum cell_style inbox_style(enum inbox inbox);
void cli_list_table(struct cli *cli, const struct session_item *items, size_t count);

/* For commands that hide a hit or a restricted rejection. */
#define CARE_REASON_OPTION                                                                                         \
	{                                                                                                          \
		"reason", 0, "TEXT", 0, NULL,                                                                      \
			"the reason, at least ten characters; required from a lead if a KYC with an open or "      \
			"confirmed hit, or a restricted rejection, is affected"                                    \
	}

#endif
