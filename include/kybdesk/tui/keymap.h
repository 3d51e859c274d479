/*
 * What can be done at the screen (workbench.md "Keys"): one row an action, with
 * its words, where it works, the verb that it leads to, and its function
 * (screen/actions.c); and the keys that stand for it. Help, the bottom bar and
 * the palette are made from both. Finding a key is pure.
 */
#ifndef KYBDESK_TUI_KEYMAP_H
#define KYBDESK_TUI_KEYMAP_H

#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/types.h"
#include "kybdesk/tui/key.h"
#include "kybdesk/tui/surface.h"

enum command {
	COMMAND_NONE,
	COMMAND_DOWN,
	COMMAND_UP,
	COMMAND_PAGE_DOWN,
	COMMAND_PAGE_UP,
	COMMAND_FIRST,
	COMMAND_LAST,
	COMMAND_LEFT,
	COMMAND_RIGHT,
	COMMAND_NEXT_PANE,
	COMMAND_PREVIOUS_PANE,
	COMMAND_CHOOSE, /* a digit: the inbox or tab of that number */
	COMMAND_OPEN,
	COMMAND_DETAILS, /* the page of the row under the cursor */
	COMMAND_HISTORY, /* the case before the record under the cursor */
	COMMAND_BACK,
	COMMAND_QUIT,
	COMMAND_NEXT_CASE,
	COMMAND_CASE_BEFORE,
	COMMAND_FILTER,
	COMMAND_SORT,
	COMMAND_VIEW,
	COMMAND_VIEW_KEEP,
	COMMAND_VIEW_FORGET,
	COMMAND_MARK,
	COMMAND_MARK_RANGE,
	COMMAND_MARK_ALL,
	COMMAND_UNMARK,
	COMMAND_BULK,
	COMMAND_APPROVE,
	COMMAND_REJECT,
	COMMAND_CORRECTIONS,
	COMMAND_SEARCH,
	COMMAND_MATCH_NEXT,
	COMMAND_MATCH_PREVIOUS,
	COMMAND_ACCEPT_ITEM,
	COMMAND_REJECT_ITEM,
	COMMAND_CLAIM,
	COMMAND_UNDO,
	COMMAND_UNDO_LIST,
	COMMAND_MORE,
	COMMAND_NOTE,
	COMMAND_SNOOZE,
	COMMAND_PARTY_ADD,
	COMMAND_PARTY_EDIT,
	COMMAND_PARTY_REMOVE,
	COMMAND_PARTY_KYC,
	COMMAND_PARTY_LINK,
	COMMAND_PARTY_VERIFY,
	COMMAND_REVEAL,
	/* Among what MORE offers; by name in the palette. */
	COMMAND_CONFIRM,
	COMMAND_ALERT_CLOSE,
	COMMAND_PROCESS,
	COMMAND_VALIDATE,
	COMMAND_ESCALATE,
	COMMAND_WITHDRAW,
	COMMAND_REACTIVATE,
	COMMAND_REOPEN,
	COMMAND_OPEN_OUTSIDE,
	COMMAND_DOCUMENT_SAVE,
	COMMAND_DOCUMENT_ADD,
	COMMAND_KYC_REMOVE,
	COMMAND_LINK_SHOW,
	COMMAND_ASSIGN,
	COMMAND_LINK_NEW,
	COMMAND_DELETE,
	COMMAND_COPY,
	COMMAND_PALETTE,
	COMMAND_HELP,
	COMMAND_REDRAW,
	COMMAND_SUSPEND
};
#define COMMAND_COUNT (COMMAND_SUSPEND + 1)

/* Where a key works, bits. The tab of parties is a place within the case, whose own keys come first. */
enum place {
	PLACE_INBOX = 1,
	PLACE_CASE = 2,
	PLACE_HELP = 4,
	PLACE_PARTIES = 8,
	/* Beside the others: single keys are switched off, a plain character works behind Ctrl-X only. */
	PLACE_LED = 16,
	PLACE_VIEWER = 32, /* an open document */
	PLACE_PAGE = 64,   /* of a party, a check, a correction, a document, a record */
	PLACE_LIST = 128   /* the list beside an open case */
};
#define PLACE_EVERYWHERE                                                                                           \
	(PLACE_INBOX | PLACE_CASE | PLACE_HELP | PLACE_PARTIES | PLACE_VIEWER | PLACE_PAGE | PLACE_LIST)

#define PLACE_WORK (PLACE_INBOX | PLACE_CASE)
#define PLACE_PANES (PLACE_WORK | PLACE_VIEWER | PLACE_PAGE | PLACE_LIST) /* those that stand side by side */

enum command_group { GROUP_MOVE, GROUP_LOOK, GROUP_DECIDE, GROUP_CASE, GROUP_PARTIES, GROUP_MORE, GROUP_PROGRAM };
#define COMMAND_GROUP_COUNT (GROUP_PROGRAM + 1)
const char *command_group_title(enum command_group group);

struct workbench; /* screen/workbench.h */
/* What was asked for: by a key, or by name in the palette. */
struct order {
	enum command command;
	size_t digit;	      /* of COMMAND_CHOOSE, 1..9 */
	const char *argument; /* what stood behind the name, "" nothing */
};

#define ARGUMENT_WORDS_MAX 32
struct command_spec {
	const char *name; /* for the palette and the key file: "approve" */
	const char *help; /* a sentence without a full stop */
	enum command_group group;
	unsigned where;	   /* bits of enum place: where it can be asked for by name */
	enum verb verb;	   /* who may is its row's to say; VERB_COUNT: it leads to none, or to several */
	enum role needs;   /* of one that leads to several; ROLE_VIEWER: anybody */
	bool changes;	   /* not with --readonly */
	const char *takes; /* an argument in the palette: "text"; "" none */
	/* What its argument may be, for the palette; NULL: anything. Returns the count, at most ARGUMENT_WORDS_MAX. */
	size_t (*words)(const struct workbench *workbench, const char **words);
	const char *offers; /* the code of what MORE offers (more.c), "" none */
	void (*run)(struct workbench *workbench, const struct order *order);
};
const struct command_spec *command_spec(enum command command);
bool command_allowed(enum command command, enum role role, bool readonly);
/* "in an open case": the first place where it can be asked for. */
const char *command_where(const struct command_spec *spec);
/* The least role that may. */
enum role command_role(enum command command);

struct binding {
	unsigned places;
	enum press press;
	uint32_t letter; /* of PRESS_CHAR and PRESS_CTRL */
	uint32_t then;	 /* a second character, "g g"; 0: none */
	enum command command;
};
/* Those that hold now. */
const struct binding *keymap_bindings(size_t *count);
/* Those of the program. */
const struct binding *keymap_shipped(size_t *count);
/* These hold from now on, and live as long as they do; NULL: those of the program. Before the first thread is made. */
void keymap_use(const struct binding *bindings, size_t count);
/* Where a command's key works that the user chose; 0: it takes none. */
unsigned keymap_places(enum command command);

/*
 * Without single keys (WCAG 2.1.4) a character does something only right behind Ctrl-X, so that neither dictation nor
 * a cat sets anything going. Keys that are no characters, and whatever is typed into a field, are as ever.
 */
#define LEADER_LETTER 'x'
#define LEADER_NAME "Ctrl-X"
enum led {
	LED_PASS,    /* the key means what it always means */
	LED_WAITING, /* it was the leader: the next one counts */
	LED_REFUSED  /* a plain character, which does nothing */
};
/* `waiting` is kept between calls. `typing`: the key goes into a field, where characters are text. */
enum led keymap_lead(const struct key *key, bool single_keys, bool typing, bool *waiting);
/* `pending` keeps the first character of a pair between calls. *digit is set for COMMAND_CHOOSE (1..9). */
enum command keymap_find(const struct key *key, unsigned places, uint32_t *pending, size_t *digit);
/* Keys of a command as words: "j, Down"; with PLACE_LED "Down, Ctrl-X j". In the arena; only those that work at
 * `places`. */
char *keymap_keys(struct arena *arena, enum command command, unsigned places);
/* The first of them. */
char *keymap_key(struct arena *arena, enum command command, unsigned places);
/* For a sentence: the first wherever it is, of one that has none what the palette calls it, ":bulk". */
char *keymap_text(struct arena *arena, enum command command);
/* "g g", "Ctrl-P" */
char *binding_text(struct arena *arena, const struct binding *binding);

/* What stands on the bottom bar: the next useful keys, most useful first. */
enum bar {
	BAR_INBOX,
	BAR_INBOX_EMPTY,
	BAR_INBOXES,   /* the pane of inboxes has the focus */
	BAR_LIST,      /* the list beside an open case has */
	BAR_CHECKLIST, /* the cursor is on what blocks */
	BAR_CASE,
	BAR_DOCUMENT,
	BAR_DOCUMENT_REJECTED,
	BAR_VIEWER_WAITING, /* it is being read */
	BAR_VIEWER,
	BAR_PAGE,
	BAR_PAGE_PARTY,
	BAR_EVENT,
	BAR_PARTIES, /* nothing under the cursor */
	BAR_PARTY,
	BAR_PARTY_NO_KYC,
	BAR_PARTY_DONE, /* without a KYC, and none is needed */
	BAR_HIT,
	BAR_CORRECTION
};
struct bar_state {
	enum bar bar;
	unsigned place;
	enum role role;
	bool readonly;
	bool decided; /* nothing is left to decide on the case */
	bool back;    /* there is something to go back to */
};
void bar_draw(struct surface *surface, size_t row, const struct bar_state *state);

#endif
