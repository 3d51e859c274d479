/*
 * The running workbench, shared by the files of src/tui/screen and the loop.
 * Screens change it and say what became stale; the loop asks, paints, waits.
 */
#ifndef KYBDESK_TUI_SCREEN_WORKBENCH_H
#define KYBDESK_TUI_SCREEN_WORKBENCH_H

#include "../term/tty.h"
#include "../jobs/delivery.h"
#include "../jobs/reader.h"
#include "dialogs.h"
#include "kybdesk/tui/decoder.h"
#include "kybdesk/tui/inbox_view.h"
#include "kybdesk/tui/keymap.h"
#include "kybdesk/tui/marks.h"
#include "kybdesk/tui/prompt.h"
#include "kybdesk/settings/themes.h"
#include "kybdesk/tui/visits.h"
#include "kybdesk/tui/workbench.h"

enum stale { STALE_COUNTS = 1, STALE_LIST = 2, STALE_CASE = 4, STALE_PREVIEW = 8, STALE_PAINT = 16 };
#define STALE_DATA (STALE_COUNTS | STALE_LIST | STALE_CASE | STALE_PREVIEW)

#define CASE_STACK_MAX 8
#define PREVIEW_REST_MS 150
#define SLOW_LIST_MS 300

struct case_screen {
	char id[UUID_TEXT_SIZE];
	char *name;
	struct case_model model;
	uint64_t ticket;
	int64_t opened_ms;  /* monotonic */
	bool reveal_next;   /* the next reading is the reveal that was asked for */
	bool revealed;	    /* by a dialog of it */
	bool found_by_next; /* claimed for the reviewer, who has not worked on it yet */
	char *problem;	    /* why it can't be read, NULL none */
};

#define DRAFTS_MAX 16
#define NOTE_DRAFT "note" /* among the dialogs whose words are kept */

/* ":" (palette.c): what is typed, and which of the actions that it finds is chosen. */
struct palette {
	bool open;
	struct editor editor;
	size_t cursor;
};

/* What the last key, an Esc, closed (stash.c). */
struct stash {
	int64_t until_ms; /* monotonic; 0: empty */
	struct dialog *dialog;
	struct prompt prompt;
	struct palette palette;
	struct case_screen *screen;
	struct viewer *viewer;
	struct page *page;
	char open_in[UUID_TEXT_SIZE]; /* the case that document or page was open in */
	size_t depth;		      /* of the screen */
	bool help;
	size_t help_top;
	char *filter; /* of the list; NULL: it was not cleared */
};

/*
 * A screen: one file, and one row of SCREENS. The uppermost that is on gets what is pressed and draws itself; NULL
 * where it has no such thing.
 */
struct screen_ops {
	bool (*on)(const struct workbench *workbench);
	unsigned (*places)(struct workbench *workbench); /* whose keys work on it: bits of enum place */
	/* Draws into what is above the status line, and says what its bar is about; one that has no bar takes all. */
	void (*draw)(struct workbench *workbench, struct surface *surface, struct box box);
	void (*bar)(struct workbench *workbench, struct bar_state *state);
	size_t (*page)(const struct workbench *workbench);    /* rows of one */
	void (*move)(struct workbench *workbench, long rows); /* by MOVE_ALL: to the end */
	void (*sideways)(struct workbench *workbench, bool right);
	void (*pane)(struct workbench *workbench, bool forward);    /* NULL: it has one */
	void (*choose)(struct workbench *workbench, size_t number); /* 1..9 */
	void (*open)(struct workbench *workbench);
	void (*back)(struct workbench *workbench);  /* Esc: what it closes can come back */
	void (*leave)(struct workbench *workbench); /* q */
	void (*click)(struct workbench *workbench, const struct zone *zone);
};
#define MOVE_ALL 1000000L
/* The uppermost first; the last is always on. */
#define SCREENS(X) X(help) X(list) X(viewer) X(page) X(case) X(inbox)
#define SCREEN_DECLARE(name) extern const struct screen_ops name##_screen;
SCREENS(SCREEN_DECLARE)
#undef SCREEN_DECLARE

struct workbench {
	struct workbench_options options;
	const struct world *world;
	struct frame frame;
	struct tty *tty;
	struct surface surface;
	struct reader *reader;
	const char *store_path; /* the desk's, which is the reader's */
	bool begun;		/* what the first frame need not wait for */
	struct delivery *_Atomic delivery;
	const struct reasons *reasons;
	const struct countries *own_countries; /* a sandbox's; NULL: those that ship */
	bool next_after_decision, single_keys;
	struct arena own_files;		      /* keys and theme of the user's */
	const char *key_names[COMMAND_COUNT]; /* of key_for() */
	const char **faults;		      /* in them, and in the views; there as long as it runs */
	size_t fault_count, fault_capacity;
	struct job *held; /* the counts before, with the cases held then; NULL none yet */
	struct status status;
	unsigned stale;
	uint64_t tickets;
	bool quit;

	/* Inbox. */
	struct queue queue;
	struct views views;
	uint64_t views_changed; /* how often: counts of before are not of these */
	struct inbox_view inbox;
	struct marks marks;
	char mark_from[UUID_TEXT_SIZE]; /* where a range begins: what was marked last */
	_Atomic size_t bulk_done;	/* of what the reader is doing to several cases */
	struct job *preview;
	char preview_id[UUID_TEXT_SIZE]; /* of the preview that is shown or asked for */
	int64_t preview_at_ms;		 /* monotonic; when the cursor will have rested, 0 no wish */
	int64_t list_requested_ms;
	char *list_problem;

	/* Cases: the last one is on the screen; none: the inbox is. */
	struct case_screen *cases[CASE_STACK_MAX];
	size_t case_count;
	int64_t follow_at_ms; /* monotonic; when its cursor will have rested, and the third pane follows; 0 no wish */
	int64_t touched_ms;
	struct job *releases; /* of cases that were left untouched, to be asked for */

	struct dialog *dialog;
	struct visits visits;		   /* of n and N */
	struct dialog *drafts[DRAFTS_MAX]; /* written into and left; the newest last (drafts.c) */
	size_t draft_count;
	struct kept_drafts kept; /* words of runs before, and of this one */
	const char *kept_path;	 /* NULL: nothing is kept */
	struct arena kept_arena;
	int64_t words_at_ms; /* monotonic; when whoever types will have rested, 0 nothing is typed */
	char *note;	     /* begun and left; NULL none */
	char note_of[UUID_TEXT_SIZE];
	struct prompt prompt;
	struct prompt_history history;
	struct palette palette;
	struct stash stash;
	char note_id[UUID_TEXT_SIZE];
	bool help;
	size_t help_top, help_rows, help_page;
	uint32_t pending; /* first character of a pair of keys */
	bool leading;	  /* Ctrl-X was pressed: the next character counts, where single keys are off */
};

struct case_screen *top_case(struct workbench *workbench);
uint64_t next_ticket(struct workbench *workbench);
int64_t workbench_now(const struct workbench *workbench);
int64_t workbench_monotonic(const struct workbench *workbench);
/* Asks for what became stale. */
void workbench_ask_stale(struct workbench *workbench);
/* The case that a key is about: the open one, or the one under the cursor. False: there is none. */
bool workbench_subject(struct workbench *workbench, const char **id, const char **name);
bool workbench_subject_or_report(struct workbench *workbench, const char **id, const char **name);
/* Writes its name and reference into a request about it, for what is announced afterwards. */
void name_case(struct workbench *workbench, struct job *job);

/* screens.c */
const struct screen_ops *top_screen(const struct workbench *workbench);
const struct screen_ops *screen_under_help(const struct workbench *workbench);

/* palette.c */
void palette_open(struct workbench *workbench);
void palette_close(struct workbench *workbench);
void palette_key(struct workbench *workbench, const struct key *key);
void palette_draw(struct workbench *workbench, struct surface *surface);

/* keys.c */
/* Does it, or says why it cannot be done. */
void run_order(struct workbench *workbench, const struct order *order);
unsigned present_places(struct workbench *workbench);
unsigned led_place(const struct workbench *workbench); /* PLACE_LED where single keys are off, else 0 */
/* Whether who works here may, by the desk's table. */
bool workbench_may(const struct workbench *workbench, enum verb verb);
/* The same; where not, the status line says who may, or that nothing can be changed. */
bool workbench_may_or_report(struct workbench *workbench, enum verb verb);
void workbench_key(struct workbench *workbench, const struct key *key);

/* inbox.c */
/* What its drawing is about. */
struct inbox_view *inbox_prepare(struct workbench *workbench);
/* A click on a row of the list; true: it was chosen already. */
size_t inbox_page(const struct workbench *workbench);
void inbox_move(struct workbench *workbench, long rows);
bool inbox_click_row(struct workbench *workbench, const struct zone *zone);
void inbox_ask(struct workbench *workbench, struct job *job); /* accepts NULL */
/* A list that was begun is read whole: once its first rows are painted, which nothing holds up then. False: none was. */
bool inbox_go_on(struct workbench *workbench);
void inbox_choose(struct workbench *workbench, size_t entry);
void inbox_rest(struct workbench *workbench); /* the cursor may have moved: the preview follows */
void inbox_apply_filter(struct workbench *workbench);
void inbox_filter(struct workbench *workbench, const struct order *order);
void inbox_sort(struct workbench *workbench, const struct order *order);

/* snooze.c: "" and "0" are no days; false: it is no number. */
bool when_days(const char *text, int64_t *days);
/* "3" or "3d" is days from now; otherwise a date or a time. */
bool when_until(const char *text, int64_t now, int64_t *until);

/* timers.c. Nothing is drawn on a timer but the minute of the clock, the seconds of an undo, and how far something is with
 * several cases. */
struct timers {
	int64_t minute, undo_seconds; /* as they were painted last */
};
void timers_begin(const struct workbench *workbench, struct timers *timers);
/* Milliseconds until something is due, 0 now; a minute at most. */
int timers_wait(const struct workbench *workbench);
void timers_due(struct workbench *workbench, struct timers *timers);
/* A reviewer at work keeps the claim: the desk writes at most once a minute, so it is asked no more often. */
void claim_keep(struct workbench *workbench);
/* The dialog that the terminal has yet to show, NULL none. */
struct dialog *dialog_unshown(const struct workbench *workbench);

/* bulk.c */
void mark_one(struct workbench *workbench, const struct order *order);
void mark_range(struct workbench *workbench, const struct order *order);
void mark_all(struct workbench *workbench, const struct order *order);
void unmark_all(struct workbench *workbench, const struct order *order);
void bulk_open(struct workbench *workbench, const struct order *order);
/* The dialog of several cases that follows another, with what was chosen in that. */
void bulk_take_over(struct dialog *dialog, const struct dialog *from);
void bulk_matching(struct workbench *workbench, const struct job *answer);

/* views.c */
void view_open(struct workbench *workbench, const struct order *order);
void view_keep(struct workbench *workbench, const struct order *order);
void view_forget(struct workbench *workbench, const struct order *order);
size_t view_names(const struct workbench *workbench, const char **words);
size_t own_view_names(const struct workbench *workbench, const char **words);
void views_ask_counts(struct workbench *workbench);
/* Reads those of the user's file; a mistake in it is a fault, and it stays as it is. */
void views_prepare(struct workbench *workbench);

/* own_files.c: what the user wrote. Before anything else is shown; the table of keys holds from then on. */
enum err own_files_read(struct workbench *workbench, struct theme_found *theme, struct error *error) KYB_MUST_USE;
void own_files_say(struct workbench *workbench); /* what is wrong with them, in the status line; the help has all */
void own_files_fault(struct workbench *workbench, const char *sentence);
void own_files_release(struct workbench *workbench);
/* For a sentence: the key that stands for it (keymap_text), as long as the workbench runs. */
const char *key_for(struct workbench *workbench, enum command command);

/* case.c */
bool case_is_revealed(const struct case_screen *screen); /* NULL: nothing is */
void case_accept(struct workbench *workbench, const struct order *order);
void case_reject(struct workbench *workbench, const struct order *order);
void case_reveal(struct workbench *workbench, const struct order *order);
/* Opens a case above what is there, or in place of every open one. */
void case_open(struct workbench *workbench, const char *id, const char *name, bool on_top);
void case_close(struct workbench *workbench);
void case_close_all(struct workbench *workbench);
/* Takes the uppermost case off the screen, lays it back, or lets go of it. */
struct case_screen *case_lift(struct workbench *workbench);
void case_lay_back(struct workbench *workbench, struct case_screen *screen);
void case_discard(struct workbench *workbench, struct case_screen *screen);
/* Until when (monotonic) what was on the screen before stays there for a case that is being read; 0: none is. */
int64_t case_awaited_until(struct workbench *workbench);
/* Releases a case that was claimed for the reviewer and not worked on, unless somebody else holds it by then. The
 * request waits for case_release_left(): the case that is gone on to is read before it. */
void case_release_later(struct workbench *workbench, const char *id);
bool case_release_left(
	struct workbench *workbench); /* asks for what case_discard() left to be done; false: nothing */
/* What it has beside it gets the click. */
void case_click(struct workbench *workbench, const struct zone *zone);
void case_pane(struct workbench *workbench, bool forward);
/* The same from what is open; where it stands alone there is nothing to go to. */
void open_pane(struct workbench *workbench, bool forward);
/* The screen has so many columns: whether something stands beside the open case. */
void case_stand_beside(struct workbench *workbench, size_t cols);
/* The cursor has rested: what is selected is shown beside the case. */
void case_follow(struct workbench *workbench);
/* As its screen draws it; an open document is drawn with its case. */
void case_paint(struct workbench *workbench, struct surface *surface, struct box box);
void case_bar(struct workbench *workbench, struct bar_state *state);
void case_touch(struct workbench *workbench); /* the reviewer works on it */
/* What Enter on such a row of the case does. */
void case_open_part(struct workbench *workbench, const struct grid_row *row);

/* drafts.c: what somebody wrote into a dialog and left with Esc comes back with the same dialog of the same case. */
void draft_keep(struct workbench *workbench,
		struct dialog *dialog); /* takes the dialog; one without words is freed */
/* The draft in the place of a new dialog, which it frees; that one when there is none. */
struct dialog *draft_take(struct workbench *workbench, struct dialog *dialog);
/* The same for the line of a note: its text, of note_id; an empty one is forgotten. */
/* outside.c: the folder of documents that another program shows; it goes with the workbench. */
void outside_prepare(struct workbench *workbench);
void outside_release(struct workbench *workbench);
void open_outside(struct workbench *workbench, const struct order *order);
/* Why no other program is started here; "" one may be. */
const char *outside_refusal(struct arena *arena, const struct frame *frame);
/* letter.c: the multiline field with the focus is written in the user's editor. True: its text is another one. */
bool letter_write(struct workbench *workbench);
void draft_keep_note(struct workbench *workbench, const char *id, const char *text); /* of the case */
void drafts_forget(struct workbench *workbench, const char *id);		     /* of a case; NULL: all */
/* Words that outlive this run, in the reviewer's file (settings/drafts.h): read at the start, */
void words_prepare(struct workbench *workbench, const char *store);
/* kept once whoever types rests for a moment, */
void words_rest(struct workbench *workbench);
void words_keep(struct workbench *workbench); /* those of the dialog or line that is open, now */
/* let go of when they were sent, and given back: to a dialog that opens, to the line of a note. */
void words_sent(struct workbench *workbench, const struct dialog *dialog); /* NULL: none was */
void words_note_sent(struct workbench *workbench, const char *id);
void words_into(struct workbench *workbench, struct dialog *dialog);
const char *words_of_note(struct workbench *workbench, const char *id); /* "" none */

/* next.c: through the queue and back. */
void walk_next(struct workbench *workbench);
void walk_back(struct workbench *workbench);
/* What is asked when the next case is looked for: within the filter, none that was seen before. */
void walk_query(struct workbench *workbench, struct job *job);
void walk_found(struct workbench *workbench, const struct job *job); /* it is opened */

/* document.c: the document that is open in the case on the screen */
struct viewer *top_viewer(struct workbench *workbench); /* NULL none */
void viewer_open(struct workbench *workbench, struct case_screen *screen, const struct grid_row *row);
void viewer_close(struct workbench *workbench);
void viewer_lay_back(struct workbench *workbench, struct viewer *viewer);
bool viewer_take(struct workbench *workbench, struct job *answer); /* true: it is kept */
void viewer_find(struct workbench *workbench);
/* Before a verdict: the cursor goes to the open document, which closes. False: it is none of the case any more. */
bool viewer_judged(struct workbench *workbench);
void viewer_search_for(struct workbench *workbench, const struct order *order);
void viewer_next_match(struct workbench *workbench, const struct order *order);
void viewer_match_before(struct workbench *workbench, const struct order *order);

/* page.c: the page that is open in the case on the screen */
struct page *top_page(struct workbench *workbench); /* NULL none */
/* Above the one that is open, which comes back. */
void page_open(struct workbench *workbench, const struct page_spec *spec, const char *ref);
struct page *page_lift(struct workbench *workbench); /* off the screen; the caller's */
void page_lay_back(struct workbench *workbench, struct page *page);
void page_details(struct workbench *workbench, const struct order *order);
void page_history(struct workbench *workbench, const struct order *order);

/* held.c */
void held_ask(const struct workbench *workbench, struct job *job); /* makes the counts look for held decisions */
void held_take(struct workbench *workbench, const struct job *answer);
void held_painted(struct workbench *workbench);
/* The status line was read; true: the key was Enter, and the held case is open. */
bool held_key(struct workbench *workbench, const struct key *key);

/* stash.c: Esc closes onto the stash; the next key clears it, or puts everything back. */
void stash_dialog(struct workbench *workbench);
void stash_prompt(struct workbench *workbench);
void stash_palette(struct workbench *workbench);
void stash_viewer(struct workbench *workbench);
void stash_page(struct workbench *workbench);
void stash_case(struct workbench *workbench);
void stash_help(struct workbench *workbench);
void stash_filter(struct workbench *workbench);
void stash_clear(struct workbench *workbench);
void stash_restore(struct workbench *workbench);

/* parties.c */
void party_add(struct workbench *workbench, const struct order *order);
void party_edit(struct workbench *workbench, const struct order *order);
void party_remove(struct workbench *workbench, const struct order *order);
void party_kyc(struct workbench *workbench, const struct order *order);
void party_link(struct workbench *workbench, const struct order *order);
void party_verify(struct workbench *workbench, const struct order *order);
/* Whether Enter on a check waives it; else its page opens, and where somebody else may, the status line says who. */
bool check_waives(struct workbench *workbench, const struct case_screen *screen, const struct grid_row *row);
bool parties_became_complete(const struct case_view *before, const struct case_view *now);

/* Says of a case that the reviewer holds that its last party was verified. */
void parties_tell_held(struct workbench *workbench, const struct job *before, const struct job *now);
void parties_tell(struct workbench *workbench, const char *name, const char *reference);

/* blockers.c */
struct blocker_lift {
	/* False: it opened nothing, and Enter goes to where the blocker is shown. NULL: no key lifts it. */
	bool (*open)(struct workbench *workbench, struct case_screen *screen, const struct checklist_item *item);
	const char *what; /* it does; or why none does */
};
extern const struct blocker_lift blocker_lifts[BLOCKER_CODE_COUNT];
/* Enter on a condition; true: what lifts it is open. */
bool blocker_opens(struct workbench *workbench, struct case_screen *screen, const struct checklist_item *item);

/* decide.c */
void decide_open(struct workbench *workbench, const struct dialog_spec *kind, const char *item,
		 const char *item_name);
/* The same with something of the item chosen: of a step a field, by its path below it. */
void decide_open_wishing(struct workbench *workbench, const struct dialog_spec *spec, const char *item,
			 const char *item_name, const char *wish);
/* The same about another session than the one on the screen: a party's. */
/* A dialog that was made already: a draft of it comes back in its place. */
void decide_show(struct workbench *workbench, struct dialog *dialog);
void decide_open_on(struct workbench *workbench, const struct dialog_spec *kind, const char *id, const char *name);
/* What comes after a dialog, about the same item; frees it. */
void decide_go_on(struct workbench *workbench, const struct dialog *from);
/* What else can be done; `code`: it is chosen already, "" nothing is. */
void decide_more(struct workbench *workbench, const char *code, const char *item, const char *item_name);
/* True: the dialog that asked for it shows the new link. */
bool decide_show_link(struct workbench *workbench, const struct job *job);
void decide_found(struct workbench *workbench, const struct job *answer);
void decide_key(struct workbench *workbench, const struct key *key);
void decide_click(struct workbench *workbench, const struct zone *zone);
bool decide_answer(struct workbench *workbench, struct job *answer); /* true: a dialog keeps it */
void decide_close(struct workbench *workbench);
/* Releases the case that the dialog claimed; what it did stays. */
void decide_cancelled(struct workbench *workbench, struct dialog *dialog);
#define UNDO_APPROVAL "approval"
#define UNDO_REJECTION "rejection"
#define UNDO_REQUEST "request"
void decide_undo(struct workbench *workbench);
void decide_undo_list(struct workbench *workbench);
/* Offers to undo what was done, where that is a verdict or a removal. */
void undo_offer(struct workbench *workbench, const struct job *job);
/* Deeds that more than one file asks for. */
extern const struct ui_action release_ui_action, undo_ui_action, review_undo_ui_action, document_accept_ui_action;
/* Announces what was done to a case; done and after as in struct announcement. */
void announce_done(struct workbench *workbench, const char *done, const char *name, const char *reference,
		   const char *after);
void decide_claim(struct workbench *workbench);
const char *decide_afterwards(struct workbench *workbench, struct arena *arena);

/* answers.c */
/* Says what a UI action came to, in its row's words, and closes the dialog that asked for it. */
void answer_notified(struct workbench *workbench, const struct job *job);
/* Says that a case is decided, offers to undo it as `what`, and goes on to the next one or back to the parent. */
void answer_decided(struct workbench *workbench, const struct job *job, const char *done, const char *what);
/* The dialog that sent the UI action, as long as it is there; NULL: another one that was opened since is none of its
 * business. */
struct dialog *answer_question(const struct workbench *workbench, const struct job *job);
/* Takes the answer: whoever it is for keeps it; when nobody is there for it any more, it is freed. */
void workbench_answer(struct workbench *workbench, struct job *answer);

/* help.c */
void help_toggle(struct workbench *workbench);

/* draw.c */
void workbench_draw(struct workbench *workbench, size_t rows, size_t cols);

#endif
