/* Commands of the screen: each has one row in actions.h, with its key, name and help, contexts, verb and function.
 * Help, the bottom bar and the palette are made from the rows. Finding the command of a key is pure. */
#ifndef KYBDESK_TUI_KEYMAP_H
#define KYBDESK_TUI_KEYMAP_H

#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/types.h"
#include "input/key.h"
#include "model/surface.h"

/* clang-format off */
enum command {
	COMMAND_NONE,
#define ACTION(command, ...) COMMAND_##command,
#define UNBOUND ACTION
#include "input/actions.h"
	COMMAND_COUNT
};
/* clang-format on */

/* Key contexts, as bits. Each row has the constant, the name in keys.md, and the end of a sentence that begins with
 * "only". The parties tab is a context within the case: a key of the parties tab takes precedence over the same key
 * of the case. */
/* clang-format off */
#define BOARD_PLACES(X)                                                                                            \
	X(SANDBOX, "sandbox", "on the screen :sandbox")                                                            \
	X(MERCHANTS, "merchants", "on the screen :merchants")                                                      \
	X(WEBHOOKS, "webhooks", "on the screen :webhooks")                                                         \
	X(FIGURES, "figures", "on the screen :stats")                                                              \
	X(AUDIT, "audit", "on the screen :audit")                                                                  \
	X(TEMPLATES, "templates", "on the screen :templates")
#define PLACES(X)                                                                                                  \
	X(INBOX, "list", "in the list")                                                                            \
	X(CASE, "case", "in an open case")                                                                         \
	X(PARTIES, "parties", "in the parties tab of a case (3)")                                                  \
	X(HITS, "hits", "in the checks tab of a case (4)")                                                         \
	X(VIEWER, "document", "in an open document")                                                               \
	X(PAGE, "page", "on a page of a case")                                                                     \
	X(LIST, "list beside", "in the list next to a case")                                                       \
	BOARD_PLACES(X)                                                                                            \
	X(HELP, "help", "in the help")
#define PLACE_NUMBER(name, ...) PLACE_NUMBER_##name,
#define PLACE_BIT(name, ...) PLACE_##name = 1 << PLACE_NUMBER_##name,
#define PLACE_OR(name, ...) | PLACE_##name
enum key_context_id { PLACES(PLACE_NUMBER) PLACE_COUNT };
enum key_context {
	PLACES(PLACE_BIT)
	/* Added to other contexts if single_keys is off: a plain character then works only after Ctrl-X. */
	PLACE_LEADER = 1 << PLACE_COUNT
};
#define PLACE_BOARDS (0 BOARD_PLACES(PLACE_OR))
#define PLACE_EVERYWHERE (0 PLACES(PLACE_OR))
/* clang-format on */

#define PLACE_WORK (PLACE_INBOX | PLACE_CASE)
#define PLACE_REVIEW (PLACE_WORK | PLACE_VIEWER) /* for review: the list, a case, its open document */
#define PLACE_IN_CASE (PLACE_CASE | PLACE_PAGE)
#define PLACE_DOCUMENTS (PLACE_CASE | PLACE_VIEWER)
#define PLACE_ANY_CASE (PLACE_IN_CASE | PLACE_VIEWER)
#define PLACE_NOTABLE (PLACE_REVIEW | PLACE_PAGE)
#define PLACE_OWNERS (PLACE_CASE | PLACE_PARTIES)
#define PLACE_MARKED (PLACE_INBOX | PLACE_HITS) /* where rows can be marked */
#define PLACE_DESK (PLACE_WORK | PLACE_BOARDS)
#define PLACE_OPENS (PLACE_DESK | PLACE_PAGE | PLACE_LIST)
#define PLACE_CLOSES (PLACE_EVERYWHERE & ~(unsigned)(PLACE_INBOX | PLACE_PARTIES | PLACE_HITS))
#define PLACE_PANES (PLACE_REVIEW | PLACE_PAGE | PLACE_LIST) /* contexts of the panes that can be side by side */

enum command_group {
	GROUP_MOVE,
	GROUP_LOOK,
	GROUP_DECIDE,
	GROUP_CASE,
	GROUP_PARTIES,
	GROUP_MORE,
	GROUP_BOARDS,
	GROUP_PROGRAM
};
#define COMMAND_GROUP_COUNT (GROUP_PROGRAM + 1)
const char *command_group_title(enum command_group group);
/* The kind of row that must be under the cursor: a party, a document, or any row. */
enum command_target { TARGET_CASE, TARGET_PARTY, TARGET_DOCUMENT };

struct workbench; /* screen/workbench.h */
struct dialog_spec;
struct board_spec;
/* A request to run a command, by its key or by its name in the palette. */
struct command_request {
	enum command command;
	/* COMMAND_CHOOSE: the digit 1..9; COMMAND_RUN: number of the user's command, from 1; 0: named by `argument` */
	size_t number;
	const char *argument; /* text after the command's name in the palette, "" none */
};

#define ARGUMENT_WORDS_MAX 32
struct command_spec {
	const char *name; /* name in the palette and in the key file, like "approve" */
	const char *help; /* description of the command: a sentence without a full stop */
	enum command_group group;
	unsigned contexts; /* contexts in which the palette offers the command, bits of enum key_context */
	/* Verb that the command runs; the verb defines the allowed roles. VERB_COUNT: no verb, or several verbs */
	enum verb verb;
	enum role min_role;   /* minimum role if `verb` is VERB_COUNT; ROLE_VIEWER: any role */
	bool changes_data;    /* unavailable with --readonly */
	const char *arg_name; /* name of the argument in the palette, like "text"; "" none */
	/* Suggested arguments for the palette; NULL: free text. Returns the count, at most ARGUMENT_WORDS_MAX. */
	size_t (*list_arguments)(const struct workbench *workbench, const char **words);
	const struct dialog_spec
		*opened_dialog; /* the dialog that the command or its entry of the MORE menu opens; NULL: none */
	const struct board_spec *shown_board; /* the board, if the command only opens a board; else NULL */
	/* Board of the item that the argument names; opens above the board `shown_board`; NULL none */
	const struct board_spec *item_board;
	/* The next three members are only for entries of the MORE menu (more.c), the commands of GROUP_MORE. */
	/* Start of the message, before the case's name; NULL: the entry opens the dialog `opened_dialog` */
	const char *message_start;
	enum command_target target; /* kind of row that must be under the cursor */
	const char *label;	    /* text of the entry; NULL: the text is `help` */
	void (*run)(struct workbench *workbench);
	/* If set, is called instead of `run`, with the request */
	void (*order)(struct workbench *workbench, const struct command_request *order);
};
const struct command_spec *command_spec(enum command command);
bool is_command_allowed(enum command command, enum role role, bool readonly);
/* The minimum role that may run the command. */
enum role command_role(enum command command);

struct binding {
	unsigned contexts;
	enum press press;
	uint32_t letter;      /* letter of PRESS_CHAR and PRESS_CTRL */
	uint32_t next_letter; /* second character of a pair like "g g"; 0: a single key */
	enum command command;
	unsigned own_command_number; /* COMMAND_RUN: the number of the user's command, from 1 */
};
/* The bindings in use: the shipped ones, or the ones set by keymap_activate(). */
const struct binding *keymap_bindings(size_t *count);
/* The bindings of the program, without the user's own keys. */
const struct binding *keymap_defaults(size_t *count);
/* Replaces the bindings in use (borrowed); NULL: restores the shipped ones. Call it before the first thread is
 * created. */
void keymap_activate(const struct binding *bindings, size_t count);
/* Contexts in which a user-defined key of the command works; 0: the command cannot have such a key. */
unsigned keymap_contexts(enum command command);

/* Without single keys (WCAG 2.1.4) a plain character triggers a command only directly after Ctrl-X, so that
 * dictation or an accidental key press triggers none. Other keys, and typing in a field, are not affected. */
#define LEADER_LETTER 'x'
#define LEADER_NAME "Ctrl-X"
enum leader_result {
	LEADER_NONE,	/* the key has its normal meaning */
	LEADER_WAITING, /* the key was the leader: the next key is a command */
	LEADER_REFUSED	/* a plain character without the leader: has no effect */
};
/* *waiting: the previous key was the leader; the caller keeps the value between calls. typing: the key goes to a
 * field, where characters are text. */
enum leader_result keymap_apply_leader(const struct key *key, bool single_keys, bool typing, bool *waiting);
/* *pending: the first character of an incomplete pair, 0 none; the caller keeps the value between calls. *digit is
 * set for COMMAND_CHOOSE (1..9), and for COMMAND_RUN to the number of the user's command. */
enum command keymap_lookup(const struct key *key, unsigned contexts, uint32_t *pending, size_t *digit);
/* Lists the keys of a command that work in these contexts, like "j, Down"; with PLACE_LEADER like "Down, Ctrl-X j".
 * The text is in the arena. */
char *keymap_list_keys(struct arena *arena, enum command command, unsigned contexts);
/* The first key that keymap_list_keys() would list. */
char *keymap_first_key(struct arena *arena, enum command command, unsigned contexts);
/* The command's first key in any context, for a sentence; if the command has no key, its name in the palette, like
 * ":bulk". */
char *keymap_key_or_name(struct arena *arena, enum command command);
/* The binding as text, like "g g" or "Ctrl-P". */
char *binding_text(struct arena *arena, const struct binding *binding);

/* The bottom bars: each lists the keys that the reviewer may need next, the most useful key first. */
enum bar {
	BAR_INBOX,
	BAR_INBOX_EMPTY,
	BAR_INBOXES,   /* focus on the inboxes pane */
	BAR_LIST,      /* focus on the list next to an open case */
	BAR_CHECKLIST, /* cursor on a blocker */
	BAR_CASE,
	BAR_DOCUMENT,
	BAR_DOCUMENT_REJECTED,
	BAR_VIEWER_WAITING, /* the document is still being loaded */
	BAR_VIEWER,
	BAR_PAIR, /* two documents */
	BAR_FORM, /* a document and its form */
	BAR_PAGE,
	BAR_PAGE_PARTY,
	BAR_EVENT,
	BAR_PARTIES, /* the parties tab without a party under the cursor */
	BAR_PARTY,
	BAR_PARTY_NO_KYC,
	BAR_PARTY_NEEDS_NO_KYC, /* a party that needs no KYC and has none */
	BAR_HIT,
	BAR_CORRECTION
};
struct bar_entry {
	enum command command;
	const char *label;
	bool hide_if_decided; /* hidden if the case is decided */
};
/* clang-format off */
#define BAR_ENTRY(command, label) { COMMAND_##command, label, false }
#define BAR_OPEN BAR_ENTRY(OPEN, "open")
#define BAR_BACK BAR_ENTRY(BACK, "back")
/* Use at file scope: the entries of one bar; the list ends at the first entry without a label. */
#define BAR(...) (const struct bar_entry[]){ __VA_ARGS__, { COMMAND_NONE, NULL, false } }
/* clang-format on */
struct bar_state {
	enum bar bar;
	const struct bar_entry *entries; /* entries to show instead of the entries of `bar`; NULL: entries of `bar` */
	unsigned contexts;
	enum role role;
	bool readonly;
	bool is_case_decided; /* the case needs no further decision */
	bool shows_back;      /* show the entry of COMMAND_BACK */
};
void key_bar_draw(struct surface *surface, size_t row, const struct bar_state *state);

#endif
