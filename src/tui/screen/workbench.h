/* The running workbench. The files of src/tui/screen and the loop (workbench.c) share it: screens change its
 * members and mark data as stale; the loop requests stale data, paints, and waits. */
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

enum stale_bits {
	STALE_COUNTS = 1,
	STALE_LIST = 2,
	STALE_CASE = 4,
	STALE_PREVIEW = 8,
	STALE_PAINT = 16,
	STALE_BOARD = 32
};
#define STALE_DATA (STALE_COUNTS | STALE_LIST | STALE_CASE | STALE_PREVIEW | STALE_BOARD)

#define CASE_STACK_MAX 8
#define PREVIEW_PAUSE_MS 150
#define SLOW_LIST_MS 300

struct case_screen {
	char id[UUID_TEXT_SIZE];
	char *name;
	struct case_model model;
	uint64_t ticket;
	int64_t opened_ms;	  /* monotonic */
	bool reveal_next_read;	  /* the next JOB_CASE reveals the personal data */
	bool is_revealing;	  /* that JOB_CASE is not answered yet */
	bool revealed;		  /* the personal data was revealed, which is on record, so the case stays revealed */
	bool claimed_by_next_key; /* claimed as the next case (next.c); the reviewer has not worked on it yet */
	char *problem;		  /* why the case cannot be read; NULL none */
};

#define DRAFTS_MAX 16

/* State of the palette, which the key ":" opens (palette.c): the typed text, and the selected row. */
struct palette {
	bool open;
	struct editor editor;
	size_t cursor;
};

/* The themes by name (own_files.c). The kept theme is the one in the configuration; while the palette lists themes,
 * the theme under the cursor is shown instead. */
struct theme_choice {
	const char *kept_name, *shown_name;
	struct theme *theme; /* the kept theme */
	const char *names[ARGUMENT_WORDS_MAX];
	struct theme *themes[ARGUMENT_WORDS_MAX]; /* the themes that were read; NULL: not read yet */
	size_t count;
};

/* The item that the last key has closed, if this key was Esc (keys.c). If the Esc was in fact the first byte of a key
 * sequence, the item is restored. */
struct stash {
	int64_t until_ms; /* monotonic time at which the stash is cleared; 0: the stash is empty */
	struct dialog *dialog;
	struct prompt prompt;
	struct palette palette;
	char *filter; /* filter of the list that Esc has cleared; NULL: the filter was not cleared */
	/* The next four members belong to a closed screen: the screen; the item that its detach() returned (NULL:
	 * none); the id of the case that was open then ("" none); and the number of open cases. */
	const struct screen_ops *screen;
	void *item;
	char open_case_id[UUID_TEXT_SIZE];
	size_t open_case_count;
};

/* A screen: each has one file, and its name in SCREENS. The uppermost active screen is drawn and gets the input. If
 * a function is NULL, the screen does not support it. */
struct screen_ops {
	/* Whether the screen is active. If `is_active` is NULL, the screen is active if front_page() returns a page; if
	 * `front_page` is NULL, too, the screen is always active. */
	bool (*is_active)(const struct workbench *workbench);
	unsigned fixed_contexts; /* key contexts of the screen, bits of enum key_context; 0: contexts() returns them */
	unsigned (*contexts)(const struct workbench *workbench);
	/* Draws the rows above the status line; if `fill_bar` is NULL, draws all rows of the screen. */
	void (*draw)(struct workbench *workbench, struct surface *surface, struct box box);
	/* Sets which keys the bottom bar shows, in the last row of the screen. */
	void (*fill_bar)(struct workbench *workbench, struct bar_state *state);
	/* The page in which the cursor moves; NULL: page_rows() and move() are called instead. */
	struct page *(*front_page)(const struct workbench *workbench);
	size_t (*page_rows)(const struct workbench *workbench); /* visible rows; a page key moves by one less */
	void (*move)(struct workbench *workbench, long rows);	/* moves the cursor; rows MOVE_ALL: to the last row */
	void (*move_sideways)(struct workbench *workbench, bool right);
	/* Moves the focus to another pane; NULL: the screen has only one pane */
	void (*switch_pane)(struct workbench *workbench, bool forward);
	void (*choose)(struct workbench *workbench, size_t number); /* 1..9 */
	void (*open)(struct workbench *workbench);
	void (*go_back)(struct workbench *workbench); /* runs the key Esc; NULL: stash_screen() does */
	/* Runs the key q; NULL: discard() frees the item that detach() returns */
	void (*leave)(struct workbench *workbench);
	/* detach() closes the screen and returns the item that it showed. reattach() opens this item again, and
	 * returns false if this is not possible. discard() frees the item. */
	void *(*detach)(struct workbench *workbench);
	bool (*reattach)(struct workbench *workbench, const struct stash *stash);
	void (*discard)(struct workbench *workbench, void *item);
	/* Adds the open item to the hash that identifies the screen for screen readers (screen_hash_add_text()).
	 * NULL: the hash of the case or list below the screen is used. */
	uint64_t (*add_to_hash)(const struct workbench *workbench, uint64_t screen_hash);
	void (*click)(struct workbench *workbench, const struct zone *zone);
};
/* All screens, uppermost first; the last one is always active. */
#define SCREENS(X) X(help) X(board) X(list) X(viewer) X(page) X(case) X(inbox)
#define SCREEN_DECLARE(name) extern const struct screen_ops name##_screen;
SCREENS(SCREEN_DECLARE)
#undef SCREEN_DECLARE

/* tour.c */
struct tour {
	bool is_active;
	size_t step;		 /* index of the current step; after the last step, the number of steps */
	bool awaits_exit_answer; /* the tour has asked whether to leave */
	bool is_wrong_key;	 /* the last key was not the key of the current step */
};

/* The list before the reviewer began to type a filter; Esc restores this list. */
struct typing {
	char *filter_before; /* filter of the list before the typing; NULL: the list does not follow the typing */
	char *view_name;
	enum inbox inbox;
	bool shows_view;
	uint64_t views_version; /* inbox_state.views_version when the typing began */
	struct queue_cursor cursor;
	int64_t apply_at_ms; /* monotonic time at which the list takes the typed filter, after a typing pause; 0 none */
};

/* Preview of the case under the cursor of the list (preview.c). */
struct preview {
	char id[UUID_TEXT_SIZE]; /* id of the case that was requested or read; "" none */
	/* Monotonic times, 0 none: when to read the case; when to show it next to the list; when to read an opened
	 * case again. */
	int64_t read_at_ms, show_at_ms, reread_at_ms;
	/* Model of the case; its member job is NULL if the case was not read, or has changed after it was read */
	struct case_model model;
	/* The response shown next to the list; it may still be the response of the previous case; NULL none */
	struct job *shown_response;
};

/* The subject of a note: a case, or a document or hit of the case. */
struct note_target {
	char id[UUID_TEXT_SIZE];   /* id of the case */
	char item[UUID_TEXT_SIZE]; /* id of the document or hit; "": the note is about the case */
	bool is_hit;
};

/* The user's own keys, theme and commands. */
struct own_settings {
	struct arena arena;
	const char *key_names[COMMAND_COUNT]; /* texts of keys, cached by key_name_for() */
	struct theme_choice theme;
	struct own_commands commands;
	/* Faults in the user's own files and in the views; the texts live as long as the program */
	const char **faults;
	size_t fault_count, fault_capacity;
};

struct inbox_state {
	struct queue queue;
	struct views views;
	/* Number of changes of the views so far; a JOB_COUNTS with a lower ticket has counts of other views */
	uint64_t views_version;
	struct strbuf own_views_text; /* for a session over SSH: text of the views as it is in the store */
	struct own_text_store own_text_store;
	struct inbox_view view;
	struct marks marked_cases;
	char range_start_case_id
		[UUID_TEXT_SIZE];	/* id of the case last marked or unmarked: the start of a range to mark */
	_Atomic size_t bulk_done_count; /* number of cases that the running change of several cases has done */
	struct preview preview;
	struct typing typing;
	int64_t requested_ms;
	char *problem; /* why the list cannot be read; NULL none */
};

/* The open cases. The last case is on the screen; if no case is open, the inbox is on the screen. */
struct case_stack {
	struct case_screen *cases[CASE_STACK_MAX];
	size_t count;
	int64_t preview_due_ms; /* monotonic time at which the third pane shows the newly selected item; 0 none */
	int64_t claim_renewed_ms;
	struct job *releases; /* requests to release cases on which the reviewer did not work; not sent yet */
};

/* The open boards; a board covers the cases. */
struct board_stack {
	struct board *top; /* NULL none */
	/* Monotonic times. reread_at_ms: when to read a slow board again, 0: not scheduled; last_read_ms: when the
	 * board was last read. */
	int64_t reread_at_ms, last_read_ms;
};

/* Drafts: texts that the reviewer has not sent yet (drafts.c). */
struct draft_state {
	struct dialog *dialogs[DRAFTS_MAX]; /* closed dialogs with text; the newest is the last one */
	size_t count;
	struct saved_drafts kept; /* texts that were saved in this run of the program and in earlier ones */
	const char *path;	  /* file of the saved texts; "": they are in the store; NULL: texts are not saved */
	struct arena arena;
	/* Monotonic time at which the texts are saved, after a pause in typing; 0 none */
	int64_t save_at_ms;
	char *note;			      /* text of an unfinished note; NULL none */
	struct note_target note_draft_target; /* subject of the unfinished note `note` */
	struct note_target editor_target;     /* subject of the note in the open input line */
};

struct help_state {
	bool is_open;
	size_t top, rows, visible_row_count;
};

struct key_state {
	uint32_t pending_letter; /* first character of an incomplete key pair; 0 none */
	bool leader_pressed;	 /* single_keys is off, and the leader key was pressed: the next character is a key */
};

/* Looks at documents (looks.c): the open ones, and copies of the last ones that were sent to be recorded, which count for
 * a verdict before the case is read again. */
#define LOOK_PAGES_MAX 256
#define OPEN_LOOKS_MAX 8
#define SENT_LOOKS_MAX 16
struct open_look {
	struct look look;					      /* its document_id, sha256 and by are not set */
	char session_id[UUID_TEXT_SIZE], document_id[UUID_TEXT_SIZE]; /* document_id: "" unless the place is taken */
	char sha256[SHA256_HEX_SIZE];
	int64_t since_ms;		     /* monotonic; 0: a key was pressed since the last frame */
	uint64_t pages[LOOK_PAGES_MAX / 64]; /* a bit for each page, by its number, that was on the screen */
};
struct look_state {
	struct open_look open[OPEN_LOOKS_MAX], sent[SENT_LOOKS_MAX];
	size_t sent_count; /* number of all looks that were sent; the last SENT_LOOKS_MAX are kept */
};

/* The data that all screens share, and the state of each screen. */
struct workbench {
	struct workbench_options options;
	const struct world *world;
	struct frame frame;
	struct tty *tty;
	struct surface surface;
	struct picture_format picture_format; /* the format of pictures that the terminal supports */
	struct reader *reader;
	const char *store_path;		/* path of the store that the reader's desk has opened */
	bool has_begun_background_work; /* begin_background_work() was called */
	struct delivery_thread *_Atomic delivery_thread;
	const struct reasons *reasons;
	const struct countries *own_countries; /* list of countries for a sandbox; NULL: the shipped list is used */
	bool next_after_decision, single_keys;
	/* The previous response of JOB_COUNTS, which has the cases that the reviewer holds; NULL: none yet */
	struct job *last_counts_response;
	struct status_line status;
	unsigned stale_bits;
	uint64_t last_ticket;
	int64_t silent_s; /* reader_silent_s() when the status line last showed it */
	bool quit;

	struct arena scratch; /* memory of texts that are needed only until the next frame is drawn */

	struct own_settings own_settings;
	struct inbox_state inbox;
	struct case_stack case_stack;
	struct board_stack boards;
	struct dialog *dialog;
	struct draft_state drafts;
	struct visits visits; /* the cases that the reviewer visited with the keys n and N */
	struct prompt prompt;
	struct prompt_history prompt_history;
	struct palette palette;
	struct stash stash;
	struct tour tour;
	struct help_state help;
	struct key_state keys;
	struct look_state looks;
};

/* Shows a message in the status line. */
#define REPORT(workbench, ...) status_set(&(workbench)->status, STATUS_PLAIN, __VA_ARGS__)
#define REPORT_GOOD(workbench, ...) status_set(&(workbench)->status, STATUS_GOOD, __VA_ARGS__)
#define REPORT_BAD(workbench, ...) status_set(&(workbench)->status, STATUS_BAD, __VA_ARGS__)

struct case_screen *top_case(const struct workbench *workbench); /* NULL none */
uint64_t next_ticket(struct workbench *workbench);
int64_t workbench_now_ms(const struct workbench *workbench);
int64_t workbench_monotonic_ms(const struct workbench *workbench);
/* Requests all data that is marked as stale. */
void workbench_request_stale(struct workbench *workbench);
bool workbench_current_case_or_report(struct workbench *workbench, const char **id, const char **name);
/* Sends a UI action on the case. The request gets the case's name and reference for the announcement, and the case
 * counts as worked on. */
void case_request(struct workbench *workbench, struct job *job, const char *id);

/* clang-format off */
/* Declarations of the functions of the actions; each function is in the file about its subject. */
#define DECLARE_run(function) void function(struct workbench *workbench)
#define DECLARE_order(function) void function(struct workbench *workbench, const struct command_request *order)
#define ACTION(command, key, name, help, group, where, verb, needs, changes, kind, function, ...) DECLARE_##kind(function);
#define UNBOUND ACTION
#include "input/actions.h"
/* clang-format on */

/* palette.c */
void palette_open(struct workbench *workbench);
/* The palette opens with `text` as if it was typed */
void palette_open_with_text(struct workbench *workbench, const char *text);
void palette_close(struct workbench *workbench);
void palette_handle_key(struct workbench *workbench, const struct key *key);
void palette_draw(struct workbench *workbench, struct surface *surface);

/* tour.c */
/* Call before the key is processed. Returns true if the key must not be processed further; false if no tour is on. */
bool tour_handle_key(struct workbench *workbench, const struct key *key);
/* Draws the current step of the tour in this row; call it only if workbench->tour.is_active is set. */
void tour_draw(struct workbench *workbench, struct surface *surface, size_t row);

/* keys.c */
const struct screen_ops *top_screen(const struct workbench *workbench);
/* The uppermost active screen of SCREENS, from the index `from` on; from 1: the uppermost screen below the help. */
const struct screen_ops *active_screen_from(const struct workbench *workbench, size_t from);
/* Runs the command; if the command is not allowed now, reports the reason in the status line. */
void run_command_request(struct workbench *workbench, const struct command_request *order);
unsigned screen_context_bits(const struct workbench *workbench, const struct screen_ops *screen);
unsigned current_context_bits(const struct workbench *workbench);
unsigned leader_context_bit(const struct workbench *workbench); /* PLACE_LEADER if single_keys is off, else 0 */
/* Whether the reviewer's role may run the verb, and the store is not read-only. */
bool workbench_may_run(const struct workbench *workbench, enum verb verb);
/* As workbench_may_run(). If the result is false, the status line names the lowest role that may run the verb, or
 * says that the store is read-only. */
bool workbench_may_run_or_report(struct workbench *workbench, enum verb verb);
void workbench_handle_key(struct workbench *workbench, const struct key *key);

/* inbox.c */
/* Updates the state of the first screen, and returns it for drawing. */
struct inbox_view *inbox_update_view(struct workbench *workbench);
void inbox_move_cursor(struct workbench *workbench, long rows);
/* Selects the row of the list that was clicked; true: the row was already selected, so the click opens the case. */
bool inbox_click_row(struct workbench *workbench, const struct zone *zone);
void inbox_request_list(struct workbench *workbench, struct job *job); /* accepts NULL */
/* Call after the first rows of an inbox were painted: requests the whole inbox. False: requested nothing. */
bool inbox_continue_search(struct workbench *workbench);
void inbox_choose_entry(struct workbench *workbench, size_t entry);
void inbox_apply_filter(struct workbench *workbench);

/* Call after each edit of the filter, so that the list follows the typing after a pause. cancelled: the key Esc has
 * closed the input line, so the list gets its previous filter; the line may still be restored. */
void typing_handle_edit(struct workbench *workbench, bool cancelled);
void apply_typed_filter(struct workbench *workbench);
void typing_end(struct workbench *workbench);

/* holding.c: parses a number of days; "" and "0" are 0 days; false: the text is not a number. */
bool parse_days(const char *text, int64_t *days);
/* Parses the end of a period: "3" or "3d" means 3 days from now; otherwise the text is a date or a time. */
bool parse_until_time(const char *text, int64_t now, int64_t *until);

/* timers.c: redraws the screen without an event when the minute of the clock, the seconds of an undo or the
 * progress of a change of several cases change, and when a list or the terminal is slow to respond. */
struct timers {
	int64_t minute, undo_seconds; /* values at the last call of timers_run_due() */
};
void timers_begin(const struct workbench *workbench, struct timers *timers);
/* Milliseconds until the next timer is due, at most a minute; 0: a timer is due now. */
int timers_wait_ms(const struct workbench *workbench);
void timers_run_due(struct workbench *workbench, struct timers *timers);
/* Extends the reviewer's claim of the open case; call it when the reviewer presses a key. Sends a request at most
 * once a minute, since the desk does not write the claim more often. */
void claim_renew(struct workbench *workbench);
/* The open dialog, if the terminal has not confirmed its display yet; NULL none. */
struct dialog *unconfirmed_dialog(const struct workbench *workbench);

/* bulk.c */
bool bulk_mark_matches(struct workbench *workbench, struct job *response); /* returns whether it keeps the response */

/* hits.c: adds a line to the preview for each hit that would be judged. */
void hits_add_preview(struct dialog *dialog);
/* The hits that the preview has shown, to be judged; in the arena. */
struct bulk *bulk_painted_hits(struct arena *arena, const struct bulk *tried);

size_t view_names(const struct workbench *workbench, const char **words);
size_t own_view_names(const struct workbench *workbench, const char **words);
/* Reads the user's views. A mistake in the file is reported as a fault; the file stays unchanged. */
void views_prepare(struct workbench *workbench);
/* For a session over SSH: replaces the views by the text in the store, which may have views saved by another
 * workbench. */
void views_set_text(struct workbench *workbench, const char *text);

/* own_files.c */
/* Colours the screen with this theme until another call; NULL: with the kept theme. */
void theme_preview(struct workbench *workbench, const char *name);
/* Sets the theme of the configuration and its name, as the kept theme */
void set_configured_theme(struct workbench *workbench, const char *name, struct theme *theme);
size_t theme_names(const struct workbench *workbench, const char **words);
/* Reads the user's own files before the first frame, and activates the user's keys. */
enum err own_files_read(struct workbench *workbench, struct theme_result *theme, struct error *error);
void own_files_add_fault(struct workbench *workbench, const char *sentence);
void own_files_release(struct workbench *workbench);
/* The key of a command as text for messages (keymap_key_or_name()); the text lives as long as the workbench. */
const char *key_name_for(struct workbench *workbench, enum command command);

/* case.c */
bool case_is_revealed(const struct case_screen *screen); /* NULL: false */
/* What a job revealed is on record, so its case shows it, also if a newer reading or another case took its place. */
void case_take_reveal(struct workbench *workbench, const struct job *response);
/* Opens a case. on_top: above the open cases; otherwise closes all open cases first. */
void case_open(struct workbench *workbench, const char *id, const char *name, bool on_top);
void case_close(struct workbench *workbench);
void case_views_close_all(struct workbench *workbench);
/* Monotonic time until which the previous screen stays on the terminal while the opened case is read; 0: no case is
 * being read for its first frame. */
int64_t case_paint_deadline_ms(struct workbench *workbench);
/* Prepares the release of a case that the reviewer has claimed but not worked on. case_request_releases() sends the
 * request, so that the next case is read first. If another reviewer holds the case by then, the request has no
 * effect. */
void case_release_later(struct workbench *workbench, const char *id);
bool case_request_releases(struct workbench *workbench); /* sends the prepared releases; false: none is prepared */
/* Handles a click on the open case, on the list next to it, or on its item in the third pane. */
void case_click(struct workbench *workbench, const struct zone *zone);
void case_pane(struct workbench *workbench, bool forward);
/* Moves the focus from the open item to another pane, as case_pane() does; has no effect if the item is not next to
 * its case. */
void item_switch_pane(struct workbench *workbench, bool forward);
/* Call when the cursor has stopped: shows the selected item in the third pane. */
void case_update_preview(struct workbench *workbench);
/* Draws the open case, with its open document or page; also used by the screens of documents and pages. */
void case_paint(struct workbench *workbench, struct surface *surface, struct box box);
void case_fill_bar(struct workbench *workbench, struct bar_state *state);
void case_mark_touched(struct workbench *workbench); /* call when the reviewer works on the open case */
/* Opens the item of a row of the case, as the key Enter does. */
void case_open_row_item(struct workbench *workbench, const struct grid_row *row);

/* drafts.c: if Esc closes a dialog, its texts are kept, and restored when the same dialog is opened again for the
 * same case. draft_keep_dialog() takes ownership of the dialog. */
void draft_keep_dialog(struct workbench *workbench,
		       struct dialog *dialog); /* if the dialog cannot be a draft, frees it */
/* Call when a dialog is opened. If a draft of the dialog is kept, frees the new dialog and returns the draft;
 * otherwise returns the new dialog, with the texts that an earlier run of the program saved. */
struct dialog *draft_restore(struct workbench *workbench, struct dialog *dialog);
/* outside.c: creates the folder for documents that are opened in other programs. external_open_release() removes
 * the folder. */
void external_open_prepare(struct workbench *workbench);
void external_open_release(struct workbench *workbench);
/* Opens the text of the focused multiline field in the user's editor. True: the user has changed the text. */
bool message_edit_externally(struct workbench *workbench);
/* Keeps the text of an unfinished note, as draft_keep_dialog() does for a dialog; text "": drops the kept text. */
void draft_keep_note(struct workbench *workbench, const struct note_target *place, const char *text);
/* Drops the drafts of one case; id NULL: frees the drafts of all cases, but saved texts stay saved */
void drafts_forget(struct workbench *workbench, const char *id);
/* Call after each edit of a text: the texts are saved after a pause in typing. */
void drafts_schedule_save(struct workbench *workbench);
void drafts_save_open_texts(struct workbench *workbench); /* saves the texts of the open dialog or input line at once */
/* Drops the saved texts of a dialog after its action; accepts NULL */
void drafts_drop_sent_text(struct workbench *workbench, const struct dialog *dialog);

void note_save(struct workbench *workbench); /* saves the text in the input line as a note */

/* preview.c */
void preview_schedule(struct workbench *workbench); /* call when the cursor of the list may have moved */
void preview_reread(struct workbench *workbench);   /* call when the case under the cursor may have changed */
/* Call each function when its time in struct preview is due: preview_read() reads the case under the cursor,
 * preview_show() shows it, preview_mark_stale() makes an opened case be read again. */
void preview_read(struct workbench *workbench);
void preview_show(struct workbench *workbench);
void preview_mark_stale(struct workbench *workbench);
bool preview_receive(struct workbench *workbench, struct job *response);       /* true: kept */
const struct case_view *preview_shown_view(const struct workbench *workbench); /* NULL none */
void preview_free(struct workbench *workbench);

/* next.c: moves forwards and backwards through the cases of the queue. */
/* Fills the query that finds the next case: within the filter of the queue, without the cases that the reviewer has
 * visited. */
void visit_set_query(struct workbench *workbench, struct job *job);
/* Opens the case that a JOB_UI_ACTION has found (job->next_case_id) */
void visit_open_found_case(struct workbench *workbench, const struct job *job);

/* viewer.c: functions for the open document of the case on the screen */
struct viewer *top_viewer(const struct workbench *workbench); /* NULL none */
void viewer_open(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row);
bool viewer_receive(struct workbench *workbench, struct job *response); /* true: kept */

/* looks.c */
void looks_note_frame(struct workbench *workbench);   /* call when a frame was painted */
void looks_end_interval(struct workbench *workbench); /* a key was pressed */
/* Sends the looks at documents that are no longer open, to be recorded. also_open: all; call it before a verdict that
 * counts them, and at the end. */
void looks_send(struct workbench *workbench, bool also_open);
bool looks_receive(struct workbench *workbench, struct job *response);
/* What an acceptance of the document lacks: looks of the case as it was read, and those sent since. */
void looks_find_grounds(struct workbench *workbench, const struct case_view *view, const struct document *document,
			struct look_grounds *out);
/* Reads the terminal's format of pictures. If it has changed, an open picture is drawn again. */
void viewer_update_format(struct workbench *workbench);
void viewer_apply_search(struct workbench *workbench);
/* Call before a verdict on the open document: moves the cursor of the tab to this document, and closes the
 * document. False: the case no longer has the document, or the viewer shows the output of a command. */
bool viewer_close_for_verdict(struct workbench *workbench);

/* page.c: functions for the open page of the case on the screen */
/* The row under the cursor: of the open page, or of the tab if no page is open; NULL none. */
const struct grid_row *current_row(const struct workbench *workbench);
/* The number of the audit record that is open or under the cursor, as text; "" none. */
const char *current_record_seq(const struct workbench *workbench);
struct page *top_page(const struct workbench *workbench); /* NULL none */
/* Opens a page above the open page, which is shown again when the new page is closed. */
void page_open(struct workbench *workbench, const struct page_spec *spec, const char *ref);

/* board.c */
/* Returns true if it keeps the response. The cursor stays on the same item. */
bool board_receive(struct workbench *workbench, struct job *response);
/* Also frees the boards below this board; accepts NULL */
void board_free(struct board *board);
/* The id of the item under the cursor if it is of this kind, else of the item that the board is about; "" none. */
const char *board_item_id(const struct board *board, enum row_kind kind);
/* Opens a dialog about an item of the open board. part: names a part of the item, "" none. */
void board_open_dialog(struct workbench *workbench, const struct dialog_spec *spec, const char *item, const char *part);

/* keys.c: if Esc closes an item, the item is moved to the stash. The next key clears the stash, but
 * PRESS_ESCAPE_CANCELLED restores the item. */
/* Returns the stash, which is empty; the caller moves the closed item there */
struct stash *stash_begin(struct workbench *workbench);
void stash_dialog(struct workbench *workbench);
void stash_screen(struct workbench *workbench, const struct screen_ops *screen);
void stash_clear(struct workbench *workbench);

/* party_dialogs.c */
/* The party under the cursor; NULL: the row under the cursor is not a party, and the status line says so. */
const struct party *current_party(struct workbench *workbench);

/* blockers.c */
struct blocker_ctx;
struct blocker_resolution {
	bool (*open)(const struct blocker_ctx
			     *at); /* returns false if it opened nothing; NULL: Enter cannot resolve the blocker */
	const char *action_text;   /* the action that Enter opens, or why Enter opens no action */
};
extern const struct blocker_resolution blocker_resolves[BLOCKER_CODE_COUNT];
/* Runs the key Enter on a condition; true: opened the action that resolves the condition. */
bool blocker_open(struct workbench *workbench, const struct checklist_item *item);

/* decide.c */
void decide_open_dialog(struct workbench *workbench, const struct dialog_spec *kind, const char *item,
			const char *item_name);
/* As decide_open_dialog(), but also preselects a part of the item: a field of a step, given by its path, or an
 * entry of the MORE dialog. */
void decide_open_with_choice(struct workbench *workbench, const struct dialog_spec *spec, const char *item,
			     const char *item_name, const char *wanted);
/* Shows the dialog. If a draft of this dialog is kept, shows the draft instead. Takes ownership of the dialog. */
void decide_show_dialog(struct workbench *workbench, struct dialog *dialog);
/* Opens the dialog from->next_dialog, about the same item; frees `from`. */
void decide_open_next_dialog(struct workbench *workbench, const struct dialog *from);
/* Shows the client's link in the dialog that requested it. False: this dialog is closed, or the response has no
 * link. */
bool decide_show_link(struct workbench *workbench, const struct job *job);
bool decide_receive_candidates(struct workbench *workbench,
			       struct job *response); /* returns whether it keeps the response */
void decide_handle_key(struct workbench *workbench, const struct key *key);
bool decide_receive(struct workbench *workbench, struct job *response); /* true: a dialog keeps the response */
void decide_close_dialog(struct workbench *workbench);
/* Releases the case if opening the dialog claimed it. The caller frees the dialog. */
void decide_release_claim(struct workbench *workbench, struct dialog *dialog);
#define UNDO_APPROVAL "approval"
#define UNDO_FIRST_APPROVAL "first approval"
#define UNDO_FIRST_REJECTION "first rejection"
#define UNDO_REJECTION "rejection"
#define UNDO_CORRECTION_REQUEST "request"
/* UI actions that more than one file uses. */
extern const struct ui_action release_ui_action, document_accept_ui_action;
/* Announces an action on a case in the status line; the message begins with `done` and ends with `after`. */
void announce_done_action(struct workbench *workbench, const char *done, const char *name, const char *reference,
			  const char *after);

/* responses.c */
/* Announces the result of a UI action with the texts of the action's row, and closes the dialog that sent the
 * action. */
void announce_result(struct workbench *workbench, const struct job *job);
/* Announces a decision, and offers to undo it: `what` is the name of the undo; "": offers no undo. Then opens the
 * parent case, the next case or the inbox. */
void announce_decided_case(struct workbench *workbench, const struct job *job, const char *done, const char *what);
/* The open dialog, if it has sent this UI action; otherwise NULL. */
struct dialog *dialog_of_request(const struct workbench *workbench, const struct job *job);
/* Passes the response to the screen or dialog that needs it. If none needs it any more, frees the response. */
void workbench_receive(struct workbench *workbench, struct job *response);

/* draw.c */
uint64_t screen_hash_add_text(uint64_t screen_hash, const char *text);
void workbench_draw(struct workbench *workbench, size_t rows, size_t cols);

#endif
