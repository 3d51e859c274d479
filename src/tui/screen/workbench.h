/*
 * The running workbench, shared by the files of src/tui/screen and the loop. Screens change the workbench
 * and mark data as stale; the loop requests stale data, paints, and waits.
 */
#ifndef KYBDESK_TUI_SCREEN_WORKBENCH_H
#define KYBDESK_TUI_SCREEN_WORKBENCH_H

#include "../term/tty.h"
#include "../jobs/reader.h"
#include "dialogs.h"
#include "screen/board.h"
#include "model/case_model.h"
#include "input/decoder.h"
#include "model/queue.h"
#include "input/keymap.h"
#include "model/marks.h"
#include "input/own_keys.h"
#include "input/prompt.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/settings/themes.h"
#include "model/visits.h"
#include "kybdesk/tui/workbench.h"

enum stale {
	STALE_COUNTS = 1,
	STALE_LIST = 2,
	STALE_CASE = 4,
	STALE_PREVIEW = 8,
	STALE_PAINT = 16,
	STALE_BOARD = 32
};
#define STALE_DATA (STALE_COUNTS | STALE_LIST | STALE_CASE | STALE_PREVIEW | STALE_BOARD)

#define CASE_STACK_MAX 8
#define PREVIEW_REST_MS 150
#define SLOW_LIST_MS 300

struct case_screen {
	char id[UUID_TEXT_SIZE];
	char *name;
	struct case_model model;
	uint64_t ticket;
	int64_t opened_ms;  /* monotonic */
	bool reveal_next;   /* the next read reveals the personal data */
	bool revealed;	    /* a dialog of the case has revealed the personal data */
	bool found_by_next; /* claimed by the key n; the reviewer has not worked on the case yet */
	char *problem;	    /* why the case cannot be read; NULL none */
};

#define DRAFTS_MAX 16

/* The palette, which the key ":" opens (palette.c): the typed text, and the selected match. */
struct palette {
	bool open;
	struct editor editor;
	size_t cursor;
};

/* The themes by name (own_files.c). While the palette offers themes, the shown theme may differ from the kept
 * theme. */
struct theme_choice {
	const char *kept, *shown;
	struct theme *theme; /* the kept theme */
	const char *names[ARGUMENT_WORDS_MAX];
	struct theme *themes[ARGUMENT_WORDS_MAX]; /* NULL: not read yet */
	size_t count;
};

/* The item that the last key closed, if this key was Esc (keys.c). */
struct stash {
	int64_t until_ms; /* monotonic; 0: empty */
	struct dialog *dialog;
	struct prompt prompt;
	struct palette palette;
	char *filter; /* filter of the list; NULL: not cleared */
	/* A closed screen and the item that its detach() returned (NULL: none); then the id of the top case (""
	 * none) and the number of open cases. */
	const struct screen_ops *screen;
	void *item;
	char open_in[UUID_TEXT_SIZE];
	size_t depth;
};

/*
 * A screen: one file, and one name in SCREENS. The uppermost active screen gets the input and is drawn. A function
 * that is NULL is not supported.
 */
struct screen_ops {
	/* Whether the screen is active. NULL: active if front() returns a page, or if front is NULL. */
	bool (*on)(const struct workbench *workbench);
	unsigned place; /* key contexts: bits of enum place; 0: places() returns them */
	unsigned (*places)(const struct workbench *workbench);
	/* Draws the rows above the status line; all rows if `bar` is NULL. */
	void (*draw)(struct workbench *workbench, struct surface *surface, struct box box);
	/* Sets the state of the bar with the keys, in the last row. */
	void (*bar)(struct workbench *workbench, struct bar_state *state);
	/* The page in which the cursor moves. If there is none, page() and move() are called in its place. */
	struct page *(*front)(const struct workbench *workbench);
	size_t (*page)(const struct workbench *workbench);    /* rows of a page */
	void (*move)(struct workbench *workbench, long rows); /* rows MOVE_ALL: moves to the end */
	void (*sideways)(struct workbench *workbench, bool right);
	void (*pane)(struct workbench *workbench, bool forward);    /* NULL: the screen has one pane */
	void (*choose)(struct workbench *workbench, size_t number); /* 1..9 */
	void (*open)(struct workbench *workbench);
	void (*back)(struct workbench *workbench);  /* key Esc; NULL: stash_screen() */
	void (*leave)(struct workbench *workbench); /* key q; NULL: discards the item of detach() */
	/* detach() closes the screen and returns the open item; reattach() opens this item again (false:
	 * impossible); discard() frees it. */
	void *(*detach)(struct workbench *workbench);
	bool (*reattach)(struct workbench *workbench, const struct stash *stash);
	void (*discard)(struct workbench *workbench, void *item);
	/* Adds the identity of the open item for screen readers (scene_add()); NULL: the identity of the case or
	 * list below. */
	uint64_t (*scene)(const struct workbench *workbench, uint64_t scene);
	void (*click)(struct workbench *workbench, const struct zone *zone);
};
/* The screens, uppermost first; the last screen is always active. */
#define SCREENS(X) X(help) X(board) X(list) X(viewer) X(page) X(case) X(inbox)
#define SCREEN_DECLARE(name) extern const struct screen_ops name##_screen;
SCREENS(SCREEN_DECLARE)
#undef SCREEN_DECLARE

/* tour.c */
struct tour {
	bool on;
	size_t step;	    /* equal to the number of steps: the tour is over */
	bool confirm_leave; /* the tour asks whether to leave */
	bool wrong_key;	    /* the last key was not the key of the step */
};

/* The list as it was before its filter was typed. */
struct typing {
	char *before; /* the filter; NULL: the list does not follow the typing */
	char *view;
	enum inbox inbox;
	bool in_view;
	uint64_t changes; /* views_changed */
	struct queue_cursor place;
	int64_t at_ms; /* monotonic; end of a pause in typing, 0 none */
};

/* The case under the cursor of the list (preview.c). */
struct preview {
	char id[UUID_TEXT_SIZE]; /* id of the case that was read or requested; "" none */
	/* When to read the case, show it, and read it again after it was opened; monotonic, 0 none. */
	int64_t read_at_ms, show_at_ms, again_at_ms;
	struct case_model model; /* model of the case; its job is NULL: not read, or changed since */
	struct job *shown;	 /* shown next to the list, perhaps still the previous case; NULL none */
};

/* The case that a note is about, and its document or hit. */
struct note_target {
	char id[UUID_TEXT_SIZE];   /* id of the case */
	char item[UUID_TEXT_SIZE]; /* id of the document or hit; "": the note is about the case */
	bool is_hit;
};

/* The user's own keys, theme and commands. */
struct own_settings {
	struct arena arena;
	const char *key_names[COMMAND_COUNT]; /* names of keys that key_for() has looked up */
	struct theme_choice theme;
	struct own_commands commands;
	const char **faults; /* faults in these files and in the views; live as long as the program */
	size_t fault_count, fault_capacity;
};

struct inbox_state {
	struct queue queue;
	struct views views;
	uint64_t views_changed;	 /* number of changes of the views; counts of an older number do not match */
	struct strbuf own_views; /* text of the views in the store, for a session over SSH */
	struct own_store own_store;
	struct inbox_view view;
	struct marks marks;
	char mark_from[UUID_TEXT_SIZE]; /* start of a range: the last marked case */
	_Atomic size_t bulk_done;	/* progress of the reader's bulk change */
	struct preview preview;
	struct typing typing;
	int64_t requested_ms;
	char *problem; /* why the list was not read; NULL none */
};

/* The open cases: the last case is on the screen; if no case is open, the inbox. */
struct case_stack {
	struct case_screen *cases[CASE_STACK_MAX];
	size_t count;
	int64_t follow_at_ms; /* monotonic; when the third pane follows the resting cursor; 0 none */
	int64_t last_touch_ms;
	struct job *releases; /* pending releases of untouched cases */
};

/* The open boards, which cover the cases. */
struct board_stack {
	struct board *top; /* NULL none */
	/* Monotonic. again_at_ms: when a slow board is read again, 0: not scheduled; read_ms: time of the last
	 * reading. */
	int64_t again_at_ms, read_ms;
};

/* Texts that are not sent yet (drafts.c). */
struct draft_state {
	struct dialog *dialogs[DRAFTS_MAX]; /* the newest last */
	size_t count;
	struct saved_drafts kept; /* texts of this run and earlier ones */
	const char *path;	  /* NULL: drafts are not stored; "": in the store */
	struct arena arena;
	int64_t save_at_ms;		  /* monotonic; end of a pause in typing, 0 none */
	char *note;			  /* draft of a note; NULL none */
	struct note_target draft_target;  /* case and item of `note` */
	struct note_target editor_target; /* case and item of the note that is being written */
};

struct help_state {
	bool on;
	size_t top, rows, page;
};

struct key_state {
	uint32_t first;	     /* first character of a key pair */
	bool leader_pressed; /* Ctrl-X was pressed: the next character is a key, if single keys are off */
};

/* What all screens share, and the state of each. */
struct workbench {
	struct workbench_options options;
	const struct world *world;
	struct frame frame;
	struct tty *tty;
	struct surface surface;
	struct picture_format pictures; /* format of pictures that the terminal supports */
	struct reader *reader;
	const char *store_path; /* the path of the reader's desk */
	bool begun;		/* begin_background() has run */
	struct delivery *_Atomic delivery;
	const struct reasons *reasons;
	const struct countries *own_countries; /* countries of a sandbox; NULL: the shipped ones */
	bool next_after_decision, single_keys;
	struct job *held; /* previous response of JOB_COUNTS, with the held cases; NULL: none yet */
	struct status status;
	unsigned stale;
	uint64_t tickets;
	bool quit;

	struct arena scratch; /* texts that are valid until the next frame is drawn */

	struct own_settings own;
	struct inbox_state inbox;
	struct case_stack stack;
	struct board_stack boards;
	struct dialog *dialog;
	struct draft_state drafts;
	struct visits visits; /* cases visited with n and N */
	struct prompt prompt;
	struct prompt_history history;
	struct palette palette;
	struct stash stash;
	struct tour tour;
	struct help_state help;
	struct key_state keys;
};

/* Shows a message in the status line. */
#define REPORT(workbench, ...) status_set(&(workbench)->status, STATUS_PLAIN, __VA_ARGS__)
#define REPORT_GOOD(workbench, ...) status_set(&(workbench)->status, STATUS_GOOD, __VA_ARGS__)
#define REPORT_BAD(workbench, ...) status_set(&(workbench)->status, STATUS_BAD, __VA_ARGS__)

struct case_screen *top_case(const struct workbench *workbench); /* NULL none */
uint64_t next_ticket(struct workbench *workbench);
int64_t workbench_now(const struct workbench *workbench);
int64_t workbench_monotonic(const struct workbench *workbench);
/* Requests stale data. */
void workbench_request_stale(struct workbench *workbench);
bool workbench_subject_or_report(struct workbench *workbench, const char **id, const char **name);
/* Sends a UI action on the case, with its name and reference for the announcement; counts as work on the case. */
void case_request(struct workbench *workbench, struct job *job, const char *id);

/* clang-format off */
/* The functions of the actions, each in the file of its subject. */
#define DECLARE_run(function) void function(struct workbench *workbench)
#define DECLARE_order(function) void function(struct workbench *workbench, const struct order *order)
#define ACTION(command, key, name, help, group, where, verb, needs, changes, kind, function, ...) DECLARE_##kind(function);
#define UNBOUND ACTION
#include "input/actions.h"
/* clang-format on */

/* palette.c */
void palette_open(struct workbench *workbench);
void palette_open_with(struct workbench *workbench, const char *text); /* `text` is typed already */
void palette_close(struct workbench *workbench);
void palette_key(struct workbench *workbench, const struct key *key);
void palette_draw(struct workbench *workbench, struct surface *surface);

/* tour.c: call only while workbench->tour.on. */
/* Call before the key is processed. True: the tour has consumed the key. */
bool tour_key(struct workbench *workbench, const struct key *key);
/* Draws the tour in place of the status line. */
void tour_draw(struct workbench *workbench, struct surface *surface, size_t row);

/* keys.c */
const struct screen_ops *top_screen(const struct workbench *workbench);
/* The uppermost active screen, from index `from` of SCREENS on; 1: the screen below the help. */
const struct screen_ops *screen_from(const struct workbench *workbench, size_t from);
/* Runs the command, or reports why the command is not allowed. */
void run_order(struct workbench *workbench, const struct order *order);
unsigned screen_contexts(const struct workbench *workbench, const struct screen_ops *screen);
unsigned current_contexts(const struct workbench *workbench);
unsigned leader_context(const struct workbench *workbench); /* PLACE_LEADER if single keys are off, else 0 */
/* Whether the reviewer may run the verb, by the desk's table. */
bool workbench_may(const struct workbench *workbench, enum verb verb);
/* As workbench_may(). If not allowed, the status line names the permitted roles, or reports that the store is
 * read-only. */
bool workbench_may_or_report(struct workbench *workbench, enum verb verb);
void workbench_key(struct workbench *workbench, const struct key *key);

/* inbox.c */
/* Prepares the state to draw. */
struct inbox_view *inbox_prepare(struct workbench *workbench);
void inbox_move(struct workbench *workbench, long rows);
/* Selects the clicked row of the list; true: the row was selected already. */
bool inbox_click_row(struct workbench *workbench, const struct zone *zone);
void inbox_request(struct workbench *workbench, struct job *job); /* accepts NULL */
/* Call after the first rows of a partial search are painted: requests the rest. False: no rows are missing. */
bool inbox_continue_search(struct workbench *workbench);
void inbox_choose(struct workbench *workbench, size_t entry);
void inbox_apply_filter(struct workbench *workbench);

/* Updates the list while the filter is typed. cancelled: by Esc; typing continues if a key restores the prompt. */
void typing_changed(struct workbench *workbench, bool cancelled);
void typing_due(struct workbench *workbench);
void typing_end(struct workbench *workbench);

/* holding.c: parses a number of days; "" and "0" mean no days; false: not a number. */
bool parse_days(const char *text, int64_t *days);
/* Parses the end of a period: "3" or "3d" is days from now; otherwise a date or a time. */
bool parse_until(const char *text, int64_t now, int64_t *until);

/* timers.c. Timers redraw only the clock's minute, the seconds of an undo, and the progress of a bulk change. */
struct timers {
	int64_t minute, undo_seconds; /* as last painted */
};
void timers_begin(const struct workbench *workbench, struct timers *timers);
/* Milliseconds until the next timer, 0 now; a minute at most. */
int timers_wait(const struct workbench *workbench);
void timers_due(struct workbench *workbench, struct timers *timers);
/* Extends the claim of an active reviewer, at most once a minute: the desk does not write more often. */
void claim_renew(struct workbench *workbench);
/* The open dialog, if the terminal has not shown it yet; NULL none. */
struct dialog *unarmed_dialog(const struct workbench *workbench);

/* bulk.c */
bool bulk_mark_found(struct workbench *workbench, struct job *answer); /* false: the response is not kept */

size_t view_names(const struct workbench *workbench, const char **words);
size_t own_view_names(const struct workbench *workbench, const char **words);
/* Reads the user's views; reports a mistake in the file as a fault and leaves the file unchanged. */
void views_prepare(struct workbench *workbench);
/* For a session over SSH: takes the views from the text in the store, including views saved by another workbench. */
void views_take(struct workbench *workbench, const char *text);

/* own_files.c */
/* Colours the screen with this theme, without keeping it; NULL: with the kept theme. */
void theme_preview(struct workbench *workbench, const char *name);
void themes_prepare(struct workbench *workbench, const char *name, struct theme *theme); /* the kept theme */
size_t theme_names(const struct workbench *workbench, const char **words);
/* Reads the user's files before the first frame; installs the table of keys. */
enum err own_files_read(struct workbench *workbench, struct theme_result *theme, struct error *error) KYB_MUST_USE;
void own_files_fault(struct workbench *workbench, const char *sentence);
void own_files_release(struct workbench *workbench);
/* The key of a command as text for messages (keymap_text()); lives as long as the workbench. */
const char *key_for(struct workbench *workbench, enum command command);

/* case.c */
bool case_is_revealed(const struct case_screen *screen); /* NULL: false */
/* Opens a case above the current one, or in place of all open cases. */
void case_open(struct workbench *workbench, const char *id, const char *name, bool on_top);
void case_close(struct workbench *workbench);
void case_close_all(struct workbench *workbench);
/* Time (monotonic) until which the previous screen stays, while a case is being read; 0: none. */
int64_t case_awaited_until(struct workbench *workbench);
/* Releases a case that was claimed for the reviewer but not worked on, unless another reviewer holds it by then. The
 * request waits for case_request_releases(), so that the next case is read first. */
void case_release_later(struct workbench *workbench, const char *id);
bool case_request_releases(struct workbench *workbench); /* requests the pending releases; false: none */
/* Passes the click to the item next to the case. */
void case_click(struct workbench *workbench, const struct zone *zone);
void case_pane(struct workbench *workbench, bool forward);
/* As case_pane(), from the open item; does nothing if the item is not next to its case. */
void open_pane(struct workbench *workbench, bool forward);
/* Call when the cursor has rested: shows the selection next to the case. */
void case_update_preview(struct workbench *workbench);
/* Draws the case as its screen does; an open document is drawn with its case. */
void case_paint(struct workbench *workbench, struct surface *surface, struct box box);
void case_fill_bar(struct workbench *workbench, struct bar_state *state);
void case_touch(struct workbench *workbench); /* call when the reviewer works on the case */
/* Runs Enter on a row of the case. */
void case_open_part(struct workbench *workbench, const struct grid_row *row);

/* drafts.c: if Esc closes a dialog, its texts return when the same dialog of the same case is opened again.
 * draft_keep() takes ownership of the dialog. */
void draft_keep(struct workbench *workbench, struct dialog *dialog); /* frees a dialog without text */
/* Returns the draft and frees the new dialog; without a draft, returns the new dialog, with kept texts of an earlier
 * run. */
struct dialog *draft_take(struct workbench *workbench, struct dialog *dialog);
/* outside.c: the folder of documents opened in other programs; removed with the workbench. */
void outside_prepare(struct workbench *workbench);
void outside_release(struct workbench *workbench);
/* Edits the focused multiline field in the user's editor. True: its text changed. */
bool message_edit_externally(struct workbench *workbench);
/* As draft_keep(), for a note; an empty note is dropped. */
void draft_keep_note(struct workbench *workbench, const struct note_target *place, const char *text);
void drafts_forget(struct workbench *workbench, const char *id); /* drops drafts of a case; NULL: of all cases */
/* Call after each edit: saves the texts when typing pauses. */
void drafts_schedule_save(struct workbench *workbench);
void drafts_save_open(struct workbench *workbench); /* saves the texts of the open dialog or line now */
void drafts_drop_sent(struct workbench *workbench, const struct dialog *dialog); /* saved texts; accepts NULL */

void note_save(struct workbench *workbench); /* saves the text of the line at the bottom */

/* preview.c */
void preview_schedule(struct workbench *workbench); /* call when the cursor may have moved */
void preview_reread(struct workbench *workbench);   /* call when the case may have changed */
/* Call when the times of struct preview are due: read the case under the cursor, show it, and read an opened case
 * again. */
void preview_read(struct workbench *workbench);
void preview_show(struct workbench *workbench);
void preview_mark_stale(struct workbench *workbench);
bool preview_receive(struct workbench *workbench, struct job *answer);	  /* true: kept */
const struct case_view *preview_shown(const struct workbench *workbench); /* NULL none */
void preview_release(struct workbench *workbench);

/* next.c: moves forwards and backwards through the queue. */
/* Fills the query for the next case: within the filter, without the cases seen before. */
void visit_query(struct workbench *workbench, struct job *job);
void visit_open_found(struct workbench *workbench, const struct job *job); /* opens the found case */

/* viewer.c: the open document of the case on the screen */
struct viewer *top_viewer(const struct workbench *workbench); /* NULL none */
void viewer_open(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row);
bool viewer_receive(struct workbench *workbench, struct job *answer); /* true: kept */
/* Takes the size of the terminal's cells; an open picture is drawn again if the size changed. */
void viewer_measure(struct workbench *workbench);
void viewer_find(struct workbench *workbench);
/* Call before a verdict: moves the cursor to the open document and closes it. False: the case no longer has it. */
bool viewer_close_judged(struct workbench *workbench);

/* page.c: the open page of the case on the screen */
/* The row under the cursor of the page, or of the tab; NULL none. */
const struct grid_row *current_row(const struct workbench *workbench);
/* The number of the open record, or of the record under the cursor; "" none. */
const char *current_record(const struct workbench *workbench);
struct page *top_page(const struct workbench *workbench); /* NULL none */
/* Opens a page above the current page, which is shown again when the new page closes. */
void page_open(struct workbench *workbench, const struct page_spec *spec, const char *ref);

/* board.c */
bool board_receive(struct workbench *workbench, struct job *answer); /* true: kept; the cursor stays on its item */
void board_free(struct board *board);				     /* also the boards under it; accepts NULL */
/* The item of this kind under the cursor, else the item of the board itself; "" none. */
const char *board_item(const struct board *board, enum row_kind kind);
/* Opens a dialog about an item of a board; part: a part of the item, "" none. */
void board_dialog(struct workbench *workbench, const struct dialog_spec *spec, const char *item, const char *part);

/* keys.c: Esc moves an item to the stash. The next key clears the stash; PRESS_UNESCAPE restores everything. */
struct stash *stash_begin(struct workbench *workbench); /* the stash, empty; the caller moves the item there */
void stash_dialog(struct workbench *workbench);
void stash_screen(struct workbench *workbench, const struct screen_ops *screen);
void stash_clear(struct workbench *workbench);

/* party_dialogs.c */
/* The party under the cursor. If none, returns NULL and reports this. */
const struct party *current_party(struct workbench *workbench);

/* blockers.c */
struct blocker_ctx;
struct blocker_resolve {
	bool (*open)(
		const struct blocker_ctx *at); /* false: opened nothing; NULL: Enter cannot resolve the blocker */
	const char *what;		       /* the action that Enter opens, or why Enter opens none */
};
extern const struct blocker_resolve blocker_resolves[BLOCKER_CODE_COUNT];
/* Enter on a condition; true: opened the action that resolves it. */
bool blocker_open(struct workbench *workbench, const struct checklist_item *item);

/* decide.c */
void decide_open(struct workbench *workbench, const struct dialog_spec *kind, const char *item,
		 const char *item_name);
/* As decide_open(), with a preselected part of the item: a field by its path in the step, or an entry of MORE. */
void decide_open_with_part(struct workbench *workbench, const struct dialog_spec *spec, const char *item,
			   const char *item_name, const char *wanted);
/* Shows the dialog, or instead its draft, if a draft is kept; takes ownership of the dialog. */
void decide_show(struct workbench *workbench, struct dialog *dialog);
/* Opens the dialog that follows `from`, about the same item; frees `from`. */
void decide_open_following(struct workbench *workbench, const struct dialog *from);
/* Shows the link in the dialog that requested it. False: the dialog is not open, or the response has no link. */
bool decide_show_link(struct workbench *workbench, const struct job *job);
bool decide_receive_candidates(struct workbench *workbench,
			       struct job *answer); /* false: the response is not kept */
void decide_key(struct workbench *workbench, const struct key *key);
bool decide_receive(struct workbench *workbench, struct job *answer); /* true: a dialog keeps the response */
void decide_close(struct workbench *workbench);
/* Releases the case if the dialog claimed it. Does not free the dialog. */
void decide_cancelled(struct workbench *workbench, struct dialog *dialog);
#define UNDO_APPROVAL "approval"
#define UNDO_FIRST "first approval"
#define UNDO_FIRST_REJECTION "first rejection"
#define UNDO_REJECTION "rejection"
#define UNDO_REQUEST "request"
/* UI actions that several files use. */
extern const struct ui_action release_ui_action, document_accept_ui_action;
/* Announces an action on a case; done and after as in struct announcement. */
void announce_done(struct workbench *workbench, const char *done, const char *name, const char *reference,
		   const char *after);

/* answers.c */
/* Announces the result of a UI action, with the texts of the action, and closes its dialog. */
void announce_result(struct workbench *workbench, const struct job *job);
/* Announces a decision, offers to undo it as `what`, and opens the next case or the parent. */
void announce_decided_case(struct workbench *workbench, const struct job *job, const char *done, const char *what);
/* The dialog that sent the UI action, if it is still open; NULL: closed, or another dialog. */
struct dialog *dialog_of_request(const struct workbench *workbench, const struct job *job);
/* Passes the response to its receiver, or frees it if no receiver is left. */
void workbench_receive(struct workbench *workbench, struct job *answer);

/* draw.c */
uint64_t scene_add(uint64_t scene, const char *text);
void workbench_draw(struct workbench *workbench, size_t rows, size_t cols);

#endif
